"""survey-kit simulate QUESTIONNAIRE -n N --seed S --out FILE: interviews that its logic allows."""

from __future__ import annotations

from pathlib import Path
from textwrap import shorten

import click

from survey_kit.errors import UsageError

MOST_NOTES = 10
WIDEST = 200
"""How many notes of a writer are shown, and how many signs of each: the file shows the rest."""


@click.command("simulate")
@click.argument("questionnaire", type=click.Path(path_type=Path))
@click.option(
    "-n", "number", type=click.IntRange(min=1), required=True, help="How many interviews."
)
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
    help="Shares, means and associations to follow.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="A .zip of XML submissions, or .parquet, .csv, .sav, .dta.",
)
def command(
    questionnaire: Path, number: int, seed: int, calibration: Path | None, out: Path
) -> None:
    """Make interviews by walking the questionnaire's own logic. They are simulated: say so."""
    from survey_kit.forms.read import read_questionnaire
    from survey_kit.responses.simulate import read_calibration, simulate
    from survey_kit.responses.submissions import write_submissions
    from survey_kit.responses.writer import writers
    from survey_kit.study.place import check_file, writing

    by_suffix = {writer.suffix: writer for writer in writers().values()}
    suffix = out.suffix.lower()
    if suffix != ".zip" and suffix not in by_suffix:
        raise UsageError(
            str(out),
            f"interviews cannot be written as {suffix or 'a file without a suffix'}",
            f"Give --out one of the suffixes .zip, {', '.join(sorted(by_suffix))}",
        )
    check_file(out)
    asked = read_questionnaire(questionnaire)
    chosen = read_calibration(calibration, asked) if calibration else None
    made = simulate(asked, number, seed=seed, calibration=chosen)
    with writing(out) as unfinished:
        if suffix == ".zip":
            write_submissions(made, unfinished)
        else:
            notes = by_suffix[suffix].write(made, unfinished, asked.language)
            for note in notes[:MOST_NOTES]:
                click.echo(shorten(note, WIDEST, placeholder=" ..."), err=True)
            if len(notes) > MOST_NOTES:
                click.echo(f"and {len(notes) - MOST_NOTES} notes more", err=True)
    click.echo(out)
