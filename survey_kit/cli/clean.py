"""survey-kit clean: a raw file and its logs made into the cleaned one, and the proof that it is so."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from survey_kit.cli.cleaning_files import (
    Asked,
    CleanedAs,
    broken,
    check_same_interviews,
    cleaned,
    open_cleaned,
    with_study,
    write_answers,
)
from survey_kit.errors import UsageError

if TYPE_CHECKING:
    from survey_kit.cleaning.clean_file import Cleaned

PATH = click.Path(path_type=Path)
F = TypeVar("F", bound=Callable[..., Any])


class StudyOrVerify(click.Group):
    """``clean verify ...`` proves; ``clean STUDY`` cleans the answers of a study."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """What is no command is a study."""
        if args and args[0] not in self.commands:
            return "STUDY", of_study, args
        return super().resolve_command(ctx, args)


def _of_logs(command: F) -> F:
    """The options by which logs and answers are read."""
    for option in reversed(
        (
            click.option(
                "--questionnaire", type=PATH, help="The form; without it nothing follows."
            ),
            click.option("--raw", type=PATH, help="The file as it came back."),
            click.option(
                "--log",
                "logs",
                type=PATH,
                multiple=True,
                help="A log, or a folder of logs; several.",
            ),
            click.option(
                "--deletion-log",
                "deletions",
                type=PATH,
                multiple=True,
                help="A list of interviews that are to go.",
            ),
            click.option(
                "--withdrawn",
                type=PATH,
                multiple=True,
                help="A list of interviews whose consent was withdrawn: they go, without a trace.",
            ),
            click.option(
                "--interview", help="The column of the raw file that names the interview."
            ),
            click.option("--encoding", help="Of the raw file, such as cp1256."),
            click.option("--log-encoding", help="Of logs that are text, such as cp1256."),
            click.option(
                "--log-sheet",
                "log_sheets",
                multiple=True,
                help="The sheet of a workbook that is the log, hidden or not; several.",
            ),
            click.option(
                "--column",
                "columns",
                multiple=True,
                metavar="NAME=FIELD",
                help="What a column of the log is: interview, question, old, new, action, row, why, "
                "who, when, ignore.",
            ),
            click.option(
                "--action",
                "actions",
                multiple=True,
                metavar="WORD=ACTION",
                help="What a word of the log is: change, blank, remove, no action.",
            ),
            click.option(
                "--column-rules",
                is_flag=True,
                help="Follow lines that change a column for every interview (all_data).",
            ),
            click.option("--json", "as_json", is_flag=True, help="Print everything as JSON."),
        )
    ):
        command = option(command)
    return command


@click.group(
    "clean",
    cls=StudyOrVerify,
    invoke_without_command=True,
    subcommand_metavar="[STUDY | verify]",
)
@_of_logs
@click.option("--out", type=PATH, help="The cleaned file.")
@click.pass_context
def command(context: click.Context, as_json: bool, out: Path | None, **said: Any) -> int:
    """Apply cleaning logs to a raw file, or to the answers of a STUDY.

    The cleaned file keeps the columns, their order, and the spelling of every value that is not
    changed. A log in conflict with the data stops everything: exit code 1, nothing written.
    Beside OUT go a report (.report.xlsx, .report.json) and the chained log (.log.csv).

    survey-kit clean verify proves that a cleaned file is what its log makes of the raw one.
    """
    if context.invoked_subcommand is not None:
        return 0
    if said["raw"] is None or not _any_log(said) or out is None:
        raise UsageError(
            "clean",
            "there is no raw file, log or place for the result",
            "Name them: --raw FILE --log FILE --out FILE, or name a study",
        )
    return _clean(Asked(**said), out, as_json=as_json)


@click.command("STUDY")
@click.argument("study", type=PATH)
@_of_logs
@click.option("--out", type=PATH, help="The cleaned file [build/NAME/cleaned/...].")
def of_study(study: Path, as_json: bool, out: Path | None, **said: Any) -> int:
    """Apply the log of corrections of a study to its answers."""
    asked = with_study(Asked(study=study, **said))
    name = asked.settings.name if asked.settings else study.name
    target = out or Path("build") / name / "cleaned" / _named_like(asked.raw or study)
    return _clean(asked, target, as_json=as_json)


def _any_log(said: Mapping[str, Any]) -> bool:
    return bool(said["logs"] or said["deletions"] or said["withdrawn"])


def _named_like(raw: Path) -> str:
    from survey_kit.cleaning.raw_file import has_cells

    return raw.name if has_cells(raw) else f"{raw.stem}.xlsx"


@command.command("verify")
@click.argument("study", type=PATH, required=False)
@_of_logs
@click.option("--clean", "clean", type=PATH, required=True, help="The cleaned file.")
@click.option("--cleaned-id", help="The column of the cleaned file that names the interview.")
@click.option(
    "--cleaned-sheet",
    "cleaned_sheets",
    multiple=True,
    help="A sheet of the cleaned workbook that holds answers; several.",
)
@click.option("--seal", help="The seal that clean printed: the chained log has to end in it.")
@click.option("--cleaned-encoding", help="Of the cleaned file, such as cp1256.")
@click.option("--report", type=PATH, help="Write everything that differs to this workbook.")
@click.option("--strict", is_flag=True, help="Fail at what is explained, too.")
def verify(  # noqa: PLR0917 - one for each option
    study: Path | None,
    clean: Path,
    report: Path | None,
    strict: bool,
    as_json: bool,
    cleaned_id: str | None,
    cleaned_sheets: tuple[str, ...],
    cleaned_encoding: str | None,
    seal: str | None,
    **said: Any,
) -> int:
    """Prove that a cleaned file is what its log makes of the raw one: clean == replay(raw, log).

    Exit code 0 where the log explains every difference, 1 where it does not. What only looks like
    a difference (2.0 and 2, TRUE and 1, dates written otherwise) is counted apart, and so is what
    follows from the log by the form and was not drawn; --strict fails at that, too.
    """
    from survey_kit.cleaning.clean_report import proof_data, proof_summary, write_proof
    from survey_kit.cleaning.verify_clean import verify_clean
    from survey_kit.study.place import check_not_read, writing

    asked = Asked(study=study, **said)
    asked = asked if study is None else with_study(asked)
    if asked.raw is None or not asked.logs + asked.deletions + asked.withdrawn:
        raise UsageError(
            "clean verify",
            "there is no raw file or log",
            "Name them: --raw FILE --log FILE --clean FILE, or name a study",
        )
    if report is not None:
        check_not_read(report, asked.raw, clean, *asked.logs)
    made, logs = cleaned(asked, to_compare=True)
    theirs = CleanedAs(cleaned_id, cleaned_sheets, cleaned_encoding)
    opened = open_cleaned(clean, asked, made.raw.form, theirs)
    check_same_interviews(made.raw, opened)
    proof = verify_clean(made, opened, broken=broken(logs, asked.raw, seal))
    summary = list(proof_summary(proof))
    if report is not None:
        with writing(report) as unfinished:
            write_proof(proof, summary, unfinished)
    if as_json:
        click.echo(json.dumps(proof_data(proof), indent=2, ensure_ascii=False))
    else:
        for line in (*map(str, logs.read), *(f"note: {note}" for note in logs.notes), *summary):
            click.echo(line)
    return 0 if (proof.exact if strict else proof.proved) else 1


def _clean(asked: Asked, out: Path, *, as_json: bool) -> int:
    from survey_kit.cleaning.clean_report import cleaning_data, cleaning_summary
    from survey_kit.cleaning.raw_writing import check_same_shape
    from survey_kit.study.place import check_not_read

    if asked.raw is None:
        raise UsageError("clean", "there is no raw file", "Name it with --raw")
    check_not_read(out, asked.raw, *asked.logs, *asked.deletions, *asked.withdrawn)
    anew = out.suffix.casefold() != asked.raw.suffix.casefold()
    made, logs = cleaned(replace(asked, anew=anew))
    check_same_shape(made.raw.shape, asked.raw, out)
    summary = list(cleaning_summary(made, logs))
    stopping = [*made.faults, *broken(logs, asked.raw)]
    data = cleaning_data(made, logs)
    if not stopping:
        written, notes = _write(made, out, summary, data)
        summary += [f"note: {note}" for note in notes]
        summary.append(f"seal of the log: {made.seal}")
        summary += ["written:", *(f"  {each}" for each in written)]
        data["written"] = [str(each) for each in written]
    else:
        against = "1 entry stands" if len(stopping) == 1 else f"{len(stopping)} entries stand"
        summary += [*stopping, f"nothing was written: {against} against it"]
    if as_json:
        click.echo(json.dumps(data, indent=2, ensure_ascii=False))
    else:
        for line in summary:
            click.echo(line)
    return 1 if stopping else 0


def _write(
    made: Cleaned, out: Path, summary: Sequence[str], data: dict[str, object]
) -> tuple[list[Path], tuple[str, ...]]:
    """The cleaned file, its report and its chained log, all of them or none; and what is not kept."""
    from survey_kit.cleaning.clean_report import write_clean_report
    from survey_kit.cleaning.raw_file import FOLDER
    from survey_kit.cleaning.raw_writing import write_cleaned
    from survey_kit.study.place import writing

    report, facts, log = (
        out.with_name(f"{out.stem}{suffix}")
        for suffix in (".report.xlsx", ".report.json", ".log.csv")
    )
    if made.raw.shape == FOLDER:
        if out.exists():
            raise UsageError(str(out), "this folder is there already", "Name another with --out")
        notes = write_cleaned(made, out)
    else:
        with writing(out) as unfinished:
            notes = write_cleaned(made, unfinished) if made.raw.sheets else ()
            if not made.raw.sheets:
                write_answers(made, unfinished)
    data["not_kept"] = list(notes)
    with writing(report) as unfinished:
        write_clean_report(made, summary, unfinished)
    with writing(facts) as unfinished:
        unfinished.write_text(json.dumps(data, indent=2, ensure_ascii=False), encoding="utf-8")
    with writing(log) as unfinished:
        made.log.to_csv(unfinished, index=False, encoding="utf-8", lineterminator="\n")
    return [out, report, facts, log], notes
