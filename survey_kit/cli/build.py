"""survey-kit build QUESTIONNAIRE --out DIR: the forms of a questionnaire."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("build")
@click.argument("questionnaire", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder for the forms.")
def command(questionnaire: Path, out: Path) -> None:
    """Write the XLSForm (for Kobo, Central, SurveyCTO) and the XForm (for ODK Collect)."""
    from survey_kit.forms.build import build_forms
    from survey_kit.forms.read import read_questionnaire
    from survey_kit.study.place import check_folder

    check_folder(out)
    for path in build_forms(read_questionnaire(questionnaire), out):
        click.echo(path)
