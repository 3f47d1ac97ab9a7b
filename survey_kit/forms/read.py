"""A questionnaire from a file, whatever it is written in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from survey_kit.errors import FileProblem
from survey_kit.forms.or_other import with_others
from survey_kit.forms.tables import AttachedTables
from survey_kit.questionnaire.build import understood
from survey_kit.questionnaire.recordings import with_recordings
from survey_kit.questionnaire.yaml_file import yaml_as_written

if TYPE_CHECKING:
    from pathlib import Path

    from survey_kit.questionnaire.model import Questionnaire

WORKBOOKS = (".xlsx", ".xlsm", ".xls")
TEXTS = (".yaml", ".yml")
_ZIP = b"PK\x03\x04"
_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"


def read_questionnaire(path: Path) -> Questionnaire:
    """The questionnaire in a YAML file or an XLSForm.

    Raises
    ------
    FileProblem
        If the file is missing, empty, or not what its suffix says.
    DefinitionError
        If the questionnaire contradicts itself; all faults at once.
    """
    questionnaire = understood(read_as_written(path))
    return with_tables(with_recordings(questionnaire, path), path)


def read_for_answers(path: Path) -> Questionnaire:
    """The questionnaire of answers that have come back; a workbook as far as it is understood.

    A definition in YAML is one's own, and what is not understood in it can be mended: it is
    refused. A workbook was in the field as it is. `Questionnaire.not_understood` and
    `.only_elsewhere` name what is in it that no form could be made of; where that decides who
    was asked, an empty cell is `Absence.NOT_KNOWN`. What ``or_other`` adds to a form is spelt out.

    Raises
    ------
    FileProblem
        If the file is missing, empty, or not what its suffix says.
    DefinitionError
        If YAML contradicts itself, or a workbook says something that no format can keep.
    """
    if path.suffix.casefold() in WORKBOOKS:
        return with_others(read_as_far_as_understood(path))
    return with_others(read_questionnaire(path))


def read_as_written(path: Path) -> Questionnaire:
    """The questionnaire as its author wrote it, also where nothing here knows what it means.

    `Questionnaire.not_understood` names those parts. Nothing that lies beside the file is
    added to it, so that it can be written again in another format and still be the same.

    Raises
    ------
    FileProblem
        If the file is missing, empty, or not what its suffix says.
    DefinitionError
        If it says something that no format can keep; all faults at once.
    """
    if path.is_dir():
        raise FileProblem(
            path.name or str(path), "this is a folder", "Hand over the questionnaire in it"
        )
    suffix = path.suffix.casefold()
    if suffix not in (*WORKBOOKS, *TEXTS):
        ending = f"ending in '{path.suffix}'" if suffix else "without an ending"
        raise FileProblem(
            path.name,
            f"a questionnaire is not read from a file {ending}",
            "Hand over a .yaml file or an .xlsx file",
        )
    if path.exists() and not path.is_file():
        raise FileProblem(
            path.name, "this is no file that can be read twice", "Save it as a file first"
        )
    try:
        with path.open("rb") as file:
            head = file.read(4)
    except OSError as error:
        raise FileProblem(
            path.name, "there is no such file, or it cannot be read", "Check its name and folder"
        ) from error
    if not head:
        raise FileProblem(path.name, "the file is empty", "Save the questionnaire again")
    if suffix in WORKBOOKS:
        from survey_kit.forms.xlsform import xlsform_as_written

        return xlsform_as_written(path)
    if head in (_ZIP, _OLD_OR_LOCKED):
        raise FileProblem(
            path.name, "this is a workbook, not YAML", "Give it a name that ends in .xlsx"
        )
    return yaml_as_written(path)


def read_as_far_as_understood(path: Path) -> Questionnaire:
    """As `read_questionnaire`, but what is not understood is left standing as it is written.

    `Questionnaire.not_understood` names it. For those who look at a form, and work nothing out.

    Raises
    ------
    FileProblem
        If the file is missing, empty, or not what its suffix says.
    DefinitionError
        If it says something that no format can keep; all faults at once.
    """
    return with_tables(with_recordings(read_as_written(path), path), path)


def with_tables(questionnaire: Questionnaire, path: Path) -> Questionnaire:
    """The same, knowing the tables that stand in files beside it."""
    return replace(questionnaire, tables=AttachedTables(path))
