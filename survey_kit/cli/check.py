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
    """Read a questionnaire or a study and say everything that is wrong with it.

    A fault has to be mended. A remark is about what is allowed and hardly meant: a code that
    is in no list, a misspelt column, a missing translation.
    """
    from survey_kit.forms.read import read_questionnaire
    from survey_kit.questionnaire.remarks import remarks
    from survey_kit.study.names import check_names
    from survey_kit.study.settings import read_study

    faults: tuple[Fault, ...] = ()
    noticed: tuple[Fault, ...] = ()
    what = ""
    try:
        settings = read_study(path) if path.is_dir() or path.name == "study.yaml" else None
        questionnaire = read_questionnaire(settings.questionnaire if settings else path)
        if settings:
            check_names(settings, questionnaire)
        noticed = remarks(questionnaire)
        what = ", ".join(
            (
                counted(len(questionnaire.items), "question"),
                counted(len(questionnaire.lists), "list"),
                counted(len(questionnaire.languages), "language"),
            )
        )
    except (DefinitionError, StudyError) as error:
        faults = error.faults
    if as_json:
        rows = [
            {"kind": kind, "where": each.where, "what": each.what, "remedy": each.remedy}
            for kind, found in (("fault", faults), ("remark", noticed))
            for each in found
        ]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return 1 if faults else 0
    for each in faults:
        click.echo(str(each))
    for each in noticed:
        click.echo(f"remark: {each}")
    if faults:
        click.echo(counted(len(faults), "fault"))
        return 1
    also = f", {counted(len(noticed), 'remark')}" if noticed else ""
    click.echo(f"{path.name or path.resolve().name}: no faults{also}; {what}")
    return 0


def counted(number: int, thing: str) -> str:
    """1 fault, 2 faults."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
