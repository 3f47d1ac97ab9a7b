"""survey-kit check QUESTIONNAIRE|STUDY: every fault, with place and remedy."""

from __future__ import annotations

import json
from pathlib import Path

import click

from survey_kit.errors import DefinitionError, Fault, StudyError


@click.command("check")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the faults as JSON.")
def command(path: Path, as_json: bool) -> int:
    """Read a questionnaire or a study and say everything that is wrong with it."""
    from survey_kit.forms.read import read_questionnaire
    from survey_kit.study.settings import read_study

    faults: tuple[Fault, ...] = ()
    what = ""
    try:
        if path.is_dir() or path.name == "study.yaml":
            settings = read_study(path)
            path = settings.questionnaire
        questionnaire = read_questionnaire(path)
        what = f"{len(questionnaire.items)} questions, {len(questionnaire.lists)} lists, {len(questionnaire.languages)} languages"
    except (DefinitionError, StudyError) as error:
        faults = error.faults
    if as_json:
        rows = [{"where": f.where, "what": f.what, "remedy": f.remedy} for f in faults]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
    else:
        for fault in faults:
            click.echo(str(fault))
        click.echo(f"{len(faults)} faults" if faults else f"{path.name}: no faults; {what}")
    return 1 if faults else 0
