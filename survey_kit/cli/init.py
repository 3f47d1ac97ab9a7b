"""survey-kit init DIR: a small study that runs at once."""

from __future__ import annotations

import shlex
from pathlib import Path

import click


@click.command("init")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--name", help="What the study is called [the name of DIR].")
def command(folder: Path, name: str | None) -> None:
    """Write a small study into DIR, which must be empty or not be there yet.

    It has a questionnaire in two languages with tests, a study with one theme, and simulated
    answers; check, test, run, diff and explore work on it as it is.
    """
    from survey_kit.study.new_study import new_study

    for each in new_study(folder, name=name):
        click.echo(folder / each)
    click.echo(
        "\nThe answers are simulated: nobody gave them. Next:"
        f"  survey-kit run {shlex.quote(str(folder))}",
        err=True,
    )
