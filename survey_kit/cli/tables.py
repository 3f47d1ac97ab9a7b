"""survey-kit tables STUDY: a crosstab book with the rows and banner that are asked for."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("tables")
@click.argument("study", type=click.Path(path_type=Path))
@click.option("--rows", multiple=True, help="A question to tabulate; may be given again. [all]")
@click.option(
    "--by", multiple=True, help="A question for the banner; may be given again. [the study's]"
)
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), required=True, help="The workbook, .xlsx."
)
def command(study: Path, rows: tuple[str, ...], by: tuple[str, ...], out: Path) -> None:
    """Write a workbook of protected tables."""
    from survey_kit.study.life import write_tables
    from survey_kit.study.settings import read_study

    number = write_tables(read_study(study), out, rows=rows, by=by)
    click.echo(f"{out}: {number} {'table' if number == 1 else 'tables'}")
