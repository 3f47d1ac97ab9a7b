"""survey-kit simulate QUESTIONNAIRE -n N --seed S --out FILE: interviews that its logic allows."""

from __future__ import annotations

from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING

import click

from survey_kit.errors import UsageError

if TYPE_CHECKING:
    from survey_kit.questionnaire.model import Questionnaire
    from survey_kit.responses.model import Responses
    from survey_kit.responses.simulation.calibration import Calibration

MOST_NOTES = 10
WIDEST = 200
"""How many notes of a writer are shown, and how many signs of each: the file shows the rest."""
KINDS = {
    "xml": (".zip", ""),
    "kobo-csv": (".csv",),
    "kobo-xlsx": (".xlsx",),
    "central": (".zip",),
    "csv": (".csv",),
    "parquet": (".parquet",),
    "sav": (".sav",),
    "dta": (".dta",),
}
"""Kind of output -> the suffixes of its file, "" being a folder."""
USUAL = {
    ".zip": "xml",
    "": "xml",
    ".csv": "csv",
    ".xlsx": "kobo-xlsx",
    ".parquet": "parquet",
    ".sav": "sav",
    ".dta": "dta",
}
SAYS_SO_ITSELF = frozenset({"xml", "central"})


@click.command("simulate")
@click.argument("questionnaire", type=click.Path(path_type=Path))
@click.option("-n", "number", type=click.IntRange(min=0), help="How many interviews.")
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    help="The same seed gives the same file.",
)
@click.option(
    "--calibration",
    type=click.Path(path_type=Path),
    help="Shares, means, associations and faults to follow.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="A .zip or a folder of XML submissions, or .xlsx, .csv, .parquet, .sav, .dta.",
)
@click.option(
    "--as",
    "kind",
    type=click.Choice(list(KINDS)),
    help="What is written, where the suffix does not say it.",
)
@click.option(
    "--headers",
    type=click.Choice(["path", "name"]),
    default="path",
    show_default=True,
    help="Of Kobo's exports: group/question, or the question alone.",
)
@click.option(
    "--write-calibration",
    "start",
    type=click.Path(path_type=Path),
    help="Write a calibration to start from, and simulate nothing.",
)
def command(  # noqa: PLR0917 - click hands over each option
    questionnaire: Path,
    number: int | None,
    seed: int,
    calibration: Path | None,
    out: Path | None,
    kind: str | None,
    headers: str,
    start: Path | None,
) -> None:
    """Make interviews by walking the questionnaire's own logic. They are simulated: say so."""
    from survey_kit.forms.read import read_for_answers
    from survey_kit.study.place import check_not_read
    from survey_kit.study.settings import definition_at

    questionnaire = definition_at(questionnaire)
    if start is not None:
        _start_calibration(read_for_answers(questionnaire), questionnaire, start)
        return
    if number is None or out is None:
        raise UsageError(
            "simulate",
            "it does not say how many interviews, or where to write them",
            "Give -n 100 --out interviews.zip, or --write-calibration FILE",
        )
    chosen = _kind(out, kind)
    _check_place(out, chosen)
    check_not_read(out, questionnaire, *([calibration] if calibration else []))
    asked = read_for_answers(questionnaire)
    for fault in asked.not_understood:
        click.echo(f"not understood: {fault}", err=True)
    _make(asked, number, out, seed=seed, calibration=calibration, kind=chosen, headers=headers)
    click.echo(out)


def _make(
    asked: Questionnaire,
    number: int,
    out: Path,
    *,
    seed: int,
    calibration: Path | None,
    kind: str,
    headers: str,
) -> None:
    from survey_kit.responses.simulate import read_calibration, simulate
    from survey_kit.responses.simulation.planting import plant, write_ledger
    from survey_kit.study.place import writing

    said = read_calibration(calibration, asked) if calibration else None
    made = simulate(asked, number, seed=seed, calibration=said)
    ledger = None
    if said is not None and said.faults:
        planted = plant(made, said.faults, seed=seed, fieldwork=said.fieldwork)
        made, ledger = planted.responses, planted.ledger
    about = _about(asked, number, seed, said)
    with writing(out) as unfinished:
        written = _write(made, unfinished, kind, headers, about)
        for note in _notes((*made.report.notes[1:], *written)):
            click.echo(note, err=True)
        beside = unfinished.parent / out.name
        if kind not in SAYS_SO_ITSELF:
            readme = beside.with_name(f"{out.name}.README.txt")
            readme.write_text(about, encoding="utf-8", newline="\n")
        if ledger is not None:
            write_ledger(beside.with_name(f"{out.name}.faults.csv"), ledger)


def _write(made: Responses, path: Path, kind: str, headers: str, about: str) -> tuple[str, ...]:
    from survey_kit.responses.submissions import write_submission_folder, write_submissions
    from survey_kit.responses.writer import writers
    from survey_kit.responses.writers.central import write_central
    from survey_kit.responses.writers.kobo import Headers, write_kobo_csv, write_kobo_workbook

    spelt = Headers.PATH if headers == "path" else Headers.NAME
    match kind:
        case "xml" if path.suffix.lower() == ".zip":
            return write_submissions(made, path, about=about)
        case "xml":
            return write_submission_folder(made, path, about=about)
        case "central":
            return write_central(made, path, about=about)
        case "kobo-csv":
            return write_kobo_csv(made, path, headers=spelt)
        case "kobo-xlsx":
            return write_kobo_workbook(made, path, headers=spelt)
        case _:
            return writers()[kind].write(made, path, made.questionnaire.language)


def _kind(out: Path, kind: str | None) -> str:
    suffix = out.suffix.lower()
    if kind is None and suffix not in USUAL:
        raise UsageError(
            str(out),
            f"interviews cannot be written as {suffix}",
            f"Give --out one of the suffixes {', '.join(sorted(each for each in USUAL if each))}, "
            "or a folder",
        )
    chosen = kind or USUAL[suffix]
    if suffix not in KINDS[chosen]:
        suffixes = " or ".join(each or "no suffix" for each in KINDS[chosen])
        raise UsageError(
            str(out),
            f"{chosen} is not written to a file ending in '{suffix}'",
            f"Give --out a name with {suffixes}",
        )
    return chosen


def _check_place(out: Path, kind: str) -> None:
    from survey_kit.study.place import check_file

    if kind == "xml" and not out.suffix:
        if out.exists():
            raise UsageError(
                str(out),
                "this is there already",
                "Name another folder with --out, or move this one away",
            )
        return
    check_file(out)


def _about(asked: Questionnaire, number: int, seed: int, calibration: Calibration | None) -> str:
    faults = "with planted faults" if calibration and calibration.faults else "without faults"
    return (
        "SIMULATED DATA. Nobody gave these answers.\n\n"
        f"{number} interviews made by survey-kit simulate from the questionnaire '{asked.name}' "
        f"(version '{asked.version}'),\nseed {seed}, "
        f"{'with' if calibration else 'without'} a calibration, {faults}. No table, chart or "
        "sentence made from them\nsays anything about real people. Whoever shows one must say so.\n"
    )


def _notes(notes: tuple[str, ...]) -> list[str]:
    shown = [shorten(note, WIDEST, placeholder=" ...") for note in notes[:MOST_NOTES]]
    more = len(notes) - MOST_NOTES
    return [*shown, f"and {more} notes more"] if more > 0 else shown


def _start_calibration(asked: Questionnaire, questionnaire: Path, path: Path) -> None:
    from survey_kit.responses.simulation.template import template
    from survey_kit.study.place import writing

    if path.exists():
        raise UsageError(
            str(path), "this file is there already", "Name another one, or move this one away"
        )
    with writing(path) as unfinished:
        unfinished.write_text(template(asked, questionnaire.name), encoding="utf-8", newline="\n")
    click.echo(path)
