"""survey-kit build QUESTIONNAIRE --out DIR: all forms of a questionnaire, in all languages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from survey_kit.errors import Fault
    from survey_kit.forms.build import Built


@click.command("build")
@click.argument("questionnaire", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder for the forms.")
@click.option(
    "--only",
    default="",
    help="Some kinds of form, with commas between: xlsform, xform, paper, codebook.",
)
@click.option(
    "--language",
    "languages",
    multiple=True,
    help="Paper in this language only (its code, such as bn); may be given again.",
)
@click.option("--json", "as_json", is_flag=True, help="The list for programs.")
def command(
    questionnaire: Path, out: Path, only: str, languages: tuple[str, ...], as_json: bool
) -> int:
    """Write every form: XLSForm, XForm, paper in Word and PDF, codebook; and say what lacks.

    QUESTIONNAIRE is a .yaml or .xlsx file, or the folder of a study.
    The XForm is judged by ODK Validate where Java is installed. Leaves with 1 if a form
    could not be made or is refused, or if a file that the form needs is missing.
    """
    from survey_kit.errors import UsageError
    from survey_kit.forms.build import build, judge
    from survey_kit.forms.read import read_questionnaire
    from survey_kit.study.place import check_folder
    from survey_kit.study.settings import definition_at

    check_folder(out)
    questionnaire = definition_at(questionnaire)
    kinds = [each.strip() for each in only.split(",") if each.strip()]
    definition = read_questionnaire(questionnaire)
    built = build(definition, out, definition=questionnaire, only=kinds, languages=languages)
    try:
        faults, unjudged = judge(built), ""
    except UsageError as error:  # the forms are written; Java alone gave up
        faults, unjudged = None, str(error)
    missing = [each for each in built.beside if each.found is None]
    if as_json:
        click.echo(json.dumps(_as_json(built, faults, unjudged), indent=2, ensure_ascii=False))
    else:
        for line in _summary(built, faults, unjudged):
            click.echo(line)
    return 1 if built.not_made or faults or missing or unjudged else 0


def _summary(built: Built, faults: tuple[Fault, ...] | None, unjudged: str) -> Iterator[str]:
    for each in built.files:
        yield f"{each.path}  ({each.what})"
        if each.path.suffix == ".xml" and faults is None:
            why = f": {unjudged}" if unjudged else ", for Java is not installed"
            yield f"  note: not judged by ODK Validate{why}"
        elif each.path.suffix == ".xml" and not faults:
            yield "  valid, says ODK Validate"
        for note in each.notes:
            yield f"  note: {note}"
    for fault in faults or ():
        yield f"refused by ODK Validate: {fault}"
    for lacking in built.not_made:
        yield f"not made: {lacking.name}: {lacking.why}"
    for beside in built.beside:
        name, place = beside.attachment.name, beside.attachment.needed_by
        if beside.found is not None:
            yield f"upload with the form: {name}  ({beside.found})"
        else:
            yield (
                f"missing: {name}, which {place} needs. Put it beside the definition or into its "
                "folder media"
            )


def _as_json(built: Built, faults: tuple[Fault, ...] | None, unjudged: str) -> dict[str, object]:
    return {
        "files": [
            {"path": str(each.path), "what": each.what, "notes": list(each.notes)}
            for each in built.files
        ],
        "not_made": [{"name": each.name, "why": each.why} for each in built.not_made],
        "odk_validate": None if faults is None else [str(fault) for fault in faults],
        "not_judged": unjudged or None,
        "attachments": [
            {
                "name": each.attachment.name,
                "kind": each.attachment.kind.value,
                "needed_by": str(each.attachment.needed_by),
                "found": str(each.found) if each.found is not None else None,
            }
            for each in built.beside
        ],
    }
