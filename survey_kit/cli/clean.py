"""survey-kit clean: a raw file and its logs made into the cleaned one, and the proof that it is so."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from survey_kit.errors import FileProblem, UsageError

if TYPE_CHECKING:
    from survey_kit.cleaning.clean_file import Cleaned
    from survey_kit.cleaning.log_reading import Logs
    from survey_kit.cleaning.raw_file import RawFile
    from survey_kit.questionnaire.model import Questionnaire
    from survey_kit.responses.model import Responses
    from survey_kit.responses.read import ReadOptions
    from survey_kit.study.settings import StudySettings

PATH = click.Path(path_type=Path)
F = TypeVar("F", bound=Callable[..., Any])
WRITERS = {
    ".csv": "csv",
    ".xlsx": "kobo-xlsx",
    ".zip": "central",
    ".parquet": "parquet",
    ".sav": "sav",
    ".dta": "dta",
}
"""How the answers of a raw file without cells of its own are written, by the suffix of OUT."""


@dataclass(frozen=True)
class Asked:
    """What the person at the command line said."""

    raw: Path | None
    logs: tuple[Path, ...]
    deletions: tuple[Path, ...] = ()
    questionnaire: Path | None = None
    study: Path | None = None
    interview: str | None = None
    encoding: str | None = None
    columns: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    column_rules: bool = False
    settings: StudySettings | None = field(default=None, compare=False)


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
                "--interview", help="The column of the raw file that names the interview."
            ),
            click.option("--encoding", help="Of the raw file, such as cp1256."),
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
    if said["raw"] is None or not said["logs"] + said["deletions"] or out is None:
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
    asked = _with_study(Asked(study=study, **said))
    name = asked.settings.name if asked.settings else study.name
    target = out or Path("build") / name / "cleaned" / (asked.raw or study).name
    return _clean(asked, target, as_json=as_json)


@command.command("verify")
@click.argument("study", type=PATH, required=False)
@_of_logs
@click.option("--clean", "clean", type=PATH, required=True, help="The cleaned file.")
@click.option("--report", type=PATH, help="Write everything that differs to this workbook.")
@click.option("--strict", is_flag=True, help="Fail at what is explained, too.")
def verify(
    study: Path | None,
    clean: Path,
    report: Path | None,
    strict: bool,
    as_json: bool,
    **said: Any,
) -> int:
    """Prove that a cleaned file is what its log makes of the raw one: clean == replay(raw, log).

    Exit code 0 where the log explains every difference, 1 where it does not. What only looks like
    a difference (2.0 and 2, TRUE and 1, dates written otherwise) is counted apart, and so is what
    follows from the log by the form and was not drawn; --strict fails at that, too.
    """
    from survey_kit.cleaning.clean_report import proof_data, proof_summary, write_proof
    from survey_kit.cleaning.raw_file import open_raw
    from survey_kit.cleaning.verify_clean import verify_clean
    from survey_kit.study.place import check_not_read, writing

    asked = Asked(study=study, **said)
    asked = asked if study is None else _with_study(asked)
    if asked.raw is None or not asked.logs + asked.deletions:
        raise UsageError(
            "clean verify",
            "there is no raw file or log",
            "Name them: --raw FILE --log FILE --clean FILE, or name a study",
        )
    if report is not None:
        check_not_read(report, asked.raw, clean, *asked.logs)
    cleaned, logs = _cleaned(asked)
    if not cleaned.raw.sheets:
        raise FileProblem(
            asked.raw.name, "this file has no cells to compare", "Export it as CSV or XLSX"
        )
    options = _options(asked)
    proof = verify_clean(
        cleaned, open_raw(clean, cleaned.raw.form, options), broken=_broken(logs, asked.raw)
    )
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
    from survey_kit.cleaning.clean_report import cleaning_data, cleaning_summary, stopping_lines
    from survey_kit.cleaning.raw_writing import check_same_shape
    from survey_kit.study.place import check_not_read

    if asked.raw is None:
        raise UsageError("clean", "there is no raw file", "Name it with --raw")
    check_not_read(out, asked.raw, *asked.logs, *asked.deletions)
    cleaned, logs = _cleaned(asked)
    check_same_shape(cleaned.raw.shape, asked.raw, out)
    summary = list(cleaning_summary(cleaned, logs))
    stopping = [*stopping_lines(cleaned), *_broken(logs, asked.raw)]
    data = cleaning_data(cleaned, logs)
    if not stopping:
        written = _write(cleaned, out, summary, data)
        summary += ["written:", *(f"  {each}" for each in written)]
        data["written"] = [str(each) for each in written]
    else:
        summary += [*stopping, f"nothing was written: {len(stopping)} entries stand against it"]
    if as_json:
        click.echo(json.dumps(data, indent=2, ensure_ascii=False))
    else:
        for line in summary:
            click.echo(line)
    return 1 if stopping else 0


def _write(
    cleaned: Cleaned, out: Path, summary: Sequence[str], data: dict[str, object]
) -> list[Path]:
    """The cleaned file, its report and its chained log; all of them or none."""
    from survey_kit.cleaning.clean_report import write_clean_report
    from survey_kit.cleaning.raw_file import FOLDER
    from survey_kit.cleaning.raw_writing import write_cleaned
    from survey_kit.study.place import writing

    report, facts, log = (
        out.with_name(f"{out.stem}{suffix}")
        for suffix in (".report.xlsx", ".report.json", ".log.csv")
    )
    if cleaned.raw.shape == FOLDER:
        if out.exists():
            raise UsageError(str(out), "this folder is there already", "Name another with --out")
        write_cleaned(cleaned, out)
    else:
        with writing(out) as unfinished:
            if cleaned.raw.sheets:
                write_cleaned(cleaned, unfinished)
            else:
                _write_answers(cleaned, unfinished)
    with writing(report) as unfinished:
        write_clean_report(cleaned, summary, unfinished)
    with writing(facts) as unfinished:
        unfinished.write_text(json.dumps(data, indent=2, ensure_ascii=False), encoding="utf-8")
    with writing(log) as unfinished:
        cleaned.log.to_csv(unfinished, index=False, encoding="utf-8", lineterminator="\n")
    return [out, report, facts, log]


def _write_answers(cleaned: Cleaned, out: Path) -> None:
    from survey_kit.responses.writer import writers

    name = WRITERS.get(out.suffix.lower())
    if name is None or cleaned.corrected is None:
        raise UsageError(
            str(out),
            f"answers are not written as {out.suffix or 'a file without a suffix'}",
            f"Give it one of the suffixes {', '.join(WRITERS)}",
        )
    responses = cleaned.corrected.responses
    for note in writers()[name].write(responses, out, responses.questionnaire.language):
        click.echo(note, err=True)


def _with_study(asked: Asked) -> Asked:
    """What was asked for, with what the study says."""
    from dataclasses import replace

    from survey_kit.study.settings import read_study

    settings = read_study(asked.study or Path())
    log = settings.corrections
    if log is None and not asked.logs:
        raise UsageError(
            str(settings.file), "the study has no log of corrections", "Name one with --log"
        )
    own = log is not None and not asked.logs
    return replace(
        asked,
        settings=settings,
        raw=asked.raw or settings.answers.file,
        questionnaire=asked.questionnaire or settings.questionnaire,
        logs=(log.file,) if log is not None and own else asked.logs,
        interview=asked.interview or settings.answers.interview,
        encoding=asked.encoding or settings.answers.encoding,
        columns=(*_pairs_as_text(log.columns if log and own else {}), *asked.columns),
        actions=(*_pairs_as_text(log.actions if log and own else {}), *asked.actions),
    )


def _pairs_as_text(pairs: Any) -> tuple[str, ...]:
    return tuple(f"{name}={value}" for name, value in pairs.items())


def _options(asked: Asked) -> ReadOptions:
    from survey_kit.responses.read import ReadOptions

    answers = asked.settings.answers if asked.settings else None
    return ReadOptions(
        interview=asked.interview,
        ignore=answers.ignore if answers else (),
        columns=answers.columns if answers else {},
        encoding=asked.encoding,
    )


def _cleaned(asked: Asked) -> tuple[Cleaned, Logs]:
    """The logs held against the raw file."""
    from survey_kit.cleaning.clean_file import clean_file
    from survey_kit.cleaning.log_reading import LogOptions, read_logs
    from survey_kit.forms.read import read_as_far_as_understood
    from survey_kit.study.manifest import hash_of_path

    if asked.raw is None:
        raise UsageError("clean", "there is no raw file", "Name it with --raw")
    options = LogOptions(
        columns=_pairs("--column", asked.columns),
        actions=_pairs("--action", asked.actions),
        interview=asked.interview,
    )
    logs = read_logs(asked.logs, deletions=asked.deletions, options=options)
    form = read_as_far_as_understood(asked.questionnaire) if asked.questionnaire else None
    raw, responses = _opened(asked.raw, form, asked)
    cleaned = clean_file(
        raw,
        responses,
        logs.entries,
        source=hash_of_path(asked.raw),
        column_rules=asked.column_rules,
    )
    return cleaned, logs


def _opened(
    path: Path, form: Questionnaire | None, asked: Asked
) -> tuple[RawFile, Responses | None]:
    from survey_kit.cleaning.raw_file import OTHER, RawFile, has_cells, open_raw
    from survey_kit.responses.pool import read_versions
    from survey_kit.responses.read import read_responses
    from survey_kit.study.versions import older_forms

    options = _options(asked)
    responses: Responses | None = None
    if form is not None and asked.settings is not None:
        older = asked.settings.older
        responses = read_versions(
            path, form, older_forms(older), options=options, rules=older.rules
        )
    elif form is not None:
        responses = read_responses(path, form, options=options)
    if has_cells(path):
        return open_raw(path, form, options), responses
    if responses is None:
        raise UsageError(
            path.name,
            "without a form only tables are cleaned: CSV and XLSX",
            "Give the form with --questionnaire",
        )
    ids = tuple(str(each) for each in responses.frame.index)
    return RawFile(path, OTHER, (), ids, form=form), responses


def _pairs(option: str, texts: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.rpartition("=")
        if not equals:
            raise UsageError(option, f"there is no = in {text!r}", "Write NAME=VALUE")
        found[name] = value
    return found


def _broken(logs: Logs, raw: Path) -> list[str]:
    """What is wrong with the chains of chained logs."""
    from survey_kit.cleaning.correction_log import seal
    from survey_kit.study.manifest import hash_of_path

    found = [f"{each.place}: row {each.broken} is not as it was sealed" for each in logs.broken]
    own = seal(hash_of_path(raw))
    found += [
        f"{each.place}: it was sealed to another raw file"
        for each in logs.read
        if each.sealed_to and each.sealed_to != own and not each.broken
    ]
    return found
