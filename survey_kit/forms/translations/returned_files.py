"""Translations as they come back: a workbook that was handed out, or a PO file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from survey_kit.errors import FileProblem
from survey_kit.forms.languages import language_of
from survey_kit.forms.translations.returned import Returned
from survey_kit.forms.translations.workbook_writer import (
    COMMENT,
    GIVEN,
    HEADERS,
    PLACE,
    READ_ME,
    SOURCE,
    STATUS,
    TRANSLATION,
)
from survey_kit.questionnaire.language_files import language_in_head, read_entries
from survey_kit.questionnaire.model import Place
from survey_kit.questionnaire.words import listed, meant

if TYPE_CHECKING:
    from pathlib import Path

    from survey_kit.forms.workbook import SheetOfTexts
    from survey_kit.questionnaire.model import Questionnaire

_AT = {header: HEADERS.index(header) for header in HEADERS}
_REVIEWED = {"reviewed": True, "draft": False}


def read_returned(
    path: Path, questionnaire: Questionnaire, language: str | None = None
) -> tuple[Returned, ...]:
    """Every text in a file that came back; `language` says which one a PO file is in.

    Raises
    ------
    FileProblem
        If the file cannot be read, is neither of the two, or names no language of the
        questionnaire.
    """
    match path.suffix.casefold():
        case ".xlsx":
            found = _workbook(path)
        case ".po":
            found = _po(path, _language_of(path, questionnaire, language))
        case suffix:
            raise FileProblem(
                path.name,
                f"translations do not come back in a file ending in '{suffix}'",
                "Hand over the workbook (.xlsx) or the PO file (.po)",
            )
    for code in dict.fromkeys(each.language for each in found):
        if code not in questionnaire.languages or code == questionnaire.language:
            others = [each for each in questionnaire.languages if each != questionnaire.language]
            there = f"Translations are into {listed(others)}" if others else "Declare it first"
            raise FileProblem(
                path.name,
                f"it is in the language '{code}', which nobody translates into",
                meant(code, others, otherwise=there),
            )
    return found


def _language_of(path: Path, questionnaire: Questionnaire, named: str | None) -> str:
    """The language of a PO file: as somebody named it, by its name (bn.po), or by its head.

    Raises
    ------
    FileProblem
        If nothing says it, or if its head names another language of the questionnaire.
    """
    known = questionnaire.languages
    said = language_in_head(path, path.name)
    in_head = next(
        (code for code in known if code.casefold() == said.casefold()),
        next((code for code in known if _first_part(code) == _first_part(said)), None),
    )
    parts = (path.stem, path.stem.rpartition(".")[2], path.stem.rpartition("_")[2])
    language = named or next((part for part in parts if part in known), in_head)
    if language is None:
        raise FileProblem(
            path.name,
            "neither its name nor its head says which language it is in",
            "Name it with --language",
        )
    if in_head is not None and in_head != language and _first_part(said) != _first_part(language):
        raise FileProblem(
            path.name,
            f"it is taken for {known.get(language, language)}, and its head says '{said}'",
            "Correct the line Language: in its head, its name, or --language",
        )
    return language


def _first_part(code: str) -> str:
    return code.casefold().replace("_", "-").partition("-")[0]


def _po(path: Path, language: str) -> tuple[Returned, ...]:
    entries = read_entries(path, path.name)
    for each in entries:
        if each.text and not each.spot and not each.obsolete:
            raise FileProblem(
                f"{path.name}, line {each.line}",
                "this entry has no msgctxt, so nobody can tell where its text stands",
                "Translate in the file that was handed out",
            )
    return tuple(
        Returned(
            language=language,
            spot=each.spot,
            source=each.source,
            text=each.text,
            place=Place(path.name, row=each.line),
            reviewed=True if each.text and not each.fuzzy else None,
            comment=each.comment if each.text else None,
        )
        for each in entries
        if not each.obsolete and each.spot
    )


def _workbook(path: Path) -> tuple[Returned, ...]:
    from survey_kit.forms.workbook import read_workbook

    book = read_workbook(path)
    sheets = [sheet for sheet in book if _is_ours(sheet)]
    if not sheets:
        raise FileProblem(
            path.name,
            "no sheet in it was handed out for translation",
            f"Its first row must hold {listed(HEADERS)}",
        )
    odd = [sheet.name for sheet in book if not _is_ours(sheet) and sheet.name != READ_ME]
    if odd:
        raise FileProblem(
            f"{path.name}, sheet {odd[0]}",
            "its first row is not the one that was handed out",
            "Put the headers back, or take the sheet out",
        )
    return tuple(each for sheet in sheets for each in _rows(sheet, path.name))


def _is_ours(sheet: SheetOfTexts) -> bool:
    """Whether the headers are those handed out; two of them name languages."""
    if not sheet.rows or len(sheet.rows[0]) != len(HEADERS):
        return False
    named = {_AT[SOURCE], _AT[TRANSLATION]}
    return all(
        at in named or text == header
        for at, (text, header) in enumerate(zip(sheet.rows[0], HEADERS, strict=True))
    )


def _rows(sheet: SheetOfTexts, file: str) -> tuple[Returned, ...]:
    code, _ = language_of(sheet.rows[0][_AT[TRANSLATION]])
    found: list[Returned] = []
    for number, row in enumerate(sheet.rows[1:], start=2):
        cells = (*row, *[""] * len(HEADERS))
        if not cells[_AT[PLACE]]:
            continue
        found.append(
            Returned(
                language=code,
                spot=cells[_AT[PLACE]],
                source=cells[_AT[SOURCE]],
                text=cells[_AT[TRANSLATION]],
                place=Place(file, sheet.name, number),
                given=cells[_AT[GIVEN]],
                reviewed=_REVIEWED.get(cells[_AT[STATUS]].casefold()),
                comment=cells[_AT[COMMENT]],
            )
        )
    return tuple(found)
