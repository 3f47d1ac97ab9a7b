"""All forms of a questionnaire, as files in a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from survey_kit.forms.xform import xform
from survey_kit.forms.xlsform_writer import xlsform_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from survey_kit.questionnaire.model import Questionnaire


def build_forms(questionnaire: Questionnaire, folder: Path) -> tuple[Path, ...]:
    """Write ``<name>.xlsx`` (XLSForm) and ``<name>.xml`` (XForm); the paths of both.

    Both are made before either is written, and each is complete or not there at all.

    Raises
    ------
    DefinitionError
        If one of the forms cannot say what the questionnaire says.
    MissingExtra
        If pyxform is not installed.
    """
    made = {
        folder / f"{questionnaire.name}.xlsx": xlsform_bytes(questionnaire),
        folder / f"{questionnaire.name}.xml": xform(questionnaire).xml.encode(),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for path, content in made.items():
        unfinished = path.with_name(f".{path.name}.part")
        unfinished.write_bytes(content)
        unfinished.replace(path)
    return tuple(made)
