"""The reader of XLSForms: a workbook in, a questionnaire out, nothing lost on the way.

What has a meaning here gets it, whatever its column is called; every other column, sheet
and setting is kept as it is, and comes back when the questionnaire is written again.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from survey_kit.errors import FileProblem
from survey_kit.forms.columns import EXTRA, Column
from survey_kit.forms.languages import language_of
from survey_kit.forms.own_sheets import AnalysisSheet, is_ours, read_tests
from survey_kit.forms.rows import Row, nest
from survey_kit.forms.sheets import KINDS, NO_DEFAULT, sheets
from survey_kit.forms.translations.own_sheet import is_translations, read_translations_sheet
from survey_kit.forms.workbook import SheetOfTexts, read_workbook
from survey_kit.questionnaire.build import NO_LANGUAGE, build
from survey_kit.questionnaire.faults import Faults
from survey_kit.questionnaire.model import Place, Questionnaire
from survey_kit.questionnaire.raw import RawChoice, RawList, RawQuestionnaire
from survey_kit.questionnaire.words import listed, meant

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_COMPULSORY = {"survey": ("type", "name"), "choices": ("list_name", "name"), "settings": ()}


def read_xlsform(path: Path) -> Questionnaire:
    """The questionnaire in an XLSForm (.xlsx or .xlsm).

    Raises
    ------
    FileProblem
        If the file is no workbook, or none with a survey sheet.
    DefinitionError
        If the form contradicts itself; each fault names sheet and row.
    """
    book = read_workbook(path)
    by_name = {sheet.name.casefold(): sheet for sheet in book}
    if "survey" not in by_name:
        names = listed(sheet.name for sheet in book) if book else "none"
        raise FileProblem(
            path.name,
            f"there is no sheet called survey; the sheets are {names}",
            meant("survey", by_name, otherwise="Is it an XLSForm?"),
        )
    if not by_name["survey"].rows:
        raise FileProblem(path.name, "the sheet survey is empty", "Is it the right file?")
    questionnaire = build(_Reader(path, book).whole())
    return _with_headers(questionnaire, by_name)


def _with_headers(
    questionnaire: Questionnaire, by_name: Mapping[str, SheetOfTexts]
) -> Questionnaire:
    """Remember the headers of a sheet where they are not those that would be written anyway."""
    usual = {sheet.name: sheet.headers for sheet in sheets(questionnaire)}
    found = {
        name: tuple(header for header in _headers(by_name[name]) if header)
        for name in KINDS
        if name in by_name and by_name[name].rows
    }
    with_found = replace(
        questionnaire,
        sheets=MappingProxyType(
            {**{name: (headers,) for name, headers in found.items()}, **questionnaire.sheets}
        ),
    )
    remembered = {
        sheet.name: (sheet.headers,)
        for sheet in sheets(with_found)
        if sheet.name in found and sheet.headers != usual[sheet.name]
    }
    return replace(questionnaire, sheets=MappingProxyType({**remembered, **questionnaire.sheets}))


def _headers(sheet: SheetOfTexts) -> list[str]:
    """The headers of a sheet; a column without one is named by its letter if it holds anything."""
    width = max(len(row) for row in sheet.rows)
    headers = [*sheet.rows[0], *[""] * (width - len(sheet.rows[0]))]
    for position, header in enumerate(headers):
        if not header and any(len(row) > position and row[position] for row in sheet.rows[1:]):
            headers[position] = f"column_{_letters(position)}"
    return headers


def _letters(position: int) -> str:
    """The letters of a column: 0 is A, 26 is AA."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


class _Reader:
    def __init__(self, path: Path, book: Sequence[SheetOfTexts]) -> None:
        self._path = path
        self._book = book
        self._faults = Faults()
        self._languages: dict[str, str] = {}
        self._plain = False

    def whole(self) -> RawQuestionnaire:
        rows = {name: self._rows(name) for name in KINDS}
        settings = self._settings(rows["settings"])
        analysis = next(
            (
                AnalysisSheet(sheet, self._path.name, self._faults)
                for sheet in self._book
                if sheet.name == "analysis" and is_ours(sheet)
            ),
            None,
        )
        languages = self._in_order(settings.get("default_language", ""))
        first = next(iter(languages))
        title = settings.pop("form_title", "")
        _forget_the_obvious(settings, languages)
        return RawQuestionnaire(
            name=settings.pop("form_id", "") or "_".join(self._path.stem.split()),
            place=Place(self._path.name),
            version=settings.pop("version", ""),
            title=(analysis.title if analysis else {}) or ({first: title} if title else {}),
            languages=languages,
            nodes=nest(rows["survey"], self._faults),
            lists=self._lists(rows["choices"]),
            weight_margins=tuple(analysis.weight_margins) if analysis else (),
            derived=analysis.derived if analysis else (),
            tests=tuple(
                test
                for sheet in self._book
                if sheet.name == "tests" and is_ours(sheet)
                for test in read_tests(sheet, self._path.name, self._faults)
            ),
            translations=tuple(
                each
                for sheet in self._book
                if is_translations(sheet)
                for each in read_translations_sheet(sheet, self._path.name)
            ),
            settings=settings,
            sheets={
                sheet.name: sheet.rows
                for sheet in self._book
                if sheet.name.casefold() not in KINDS
                and not is_ours(sheet)
                and not is_translations(sheet)
            },
            faults=self._faults.all,
        )

    def _rows(self, name: str) -> list[Row]:
        """The rows of a sheet that hold anything, by what their columns mean."""
        found = next((each for each in self._book if each.name.casefold() == name), None)
        if found is None or not found.rows:
            return []
        headers = _headers(found)
        columns = KINDS[name].columns(headers)
        self._check_columns(found.name, name, headers, columns)
        for header, column in zip(headers, columns, strict=True):
            if header and column.field != EXTRA:
                self._note_language(column, found.name)
        pairs = [(at, column) for at, column in enumerate(columns) if headers[at]]
        rows: list[Row] = []
        for number, texts in enumerate(found.rows[1:], start=2):
            cells = {column: texts[at] for at, column in pairs if at < len(texts) and texts[at]}
            if cells:
                rows.append(Row(cells, Place(self._path.name, found.name, number)))
        return rows

    def _check_columns(
        self, sheet: str, name: str, headers: Sequence[str], columns: Sequence[Column]
    ) -> None:
        place = Place(self._path.name, sheet, 1)
        first: dict[Column, str] = {}
        for header, column in zip(headers, columns, strict=True):
            if not header:
                continue
            if column in first:
                self._faults.add(
                    place,
                    "",
                    f"the columns '{first[column]}' and '{header}' mean the same",
                    "Remove one of the two",
                )
            first[column] = header
        for field in _COMPULSORY[name]:
            if Column(field) not in first:
                self._faults.add(
                    place,
                    "",
                    f"there is no column '{field}'",
                    meant(field, [h for h in headers if h], otherwise="Add the column"),
                )

    def _note_language(self, column: Column, sheet: str) -> None:
        if column.field not in ("label", "hint", "media") and not column.field.endswith("_message"):
            return
        if column.language is None:
            self._plain = True
            return
        code, name = language_of(column.language)
        if self._languages.setdefault(code, name) != name:
            self._faults.add(
                Place(self._path.name, sheet, 1),
                f"column '{column.header}'",
                f"the code '{code}' stands for '{self._languages[code]}' and for '{name}'",
                "Give every language its own code",
            )

    def _in_order(self, default: str) -> dict[str, str]:
        """The languages, the default one first; without a language where columns have none."""
        found = dict(self._languages)
        if self._plain or not found:
            found = {NO_LANGUAGE: NO_LANGUAGE, **found}
        code, _ = language_of(default or None)
        return {code: found[code], **found} if code in found else found

    def _settings(self, rows: Sequence[Row]) -> dict[str, str]:
        for row in rows[1:]:
            self._faults.add(
                row.place, "", "settings have one row, and this is another", "Remove it"
            )
        return {column.header: text for row in rows[:1] for column, text in row.cells.items()}

    def _lists(self, rows: Sequence[Row]) -> tuple[RawList, ...]:
        lists: dict[str, tuple[Place, list[RawChoice]]] = {}
        for row in rows:
            name = row.text("list_name")
            if not name:
                self._faults.add(
                    row.place, "", "the choice belongs to no list", "Fill in list_name"
                )
                continue
            lists.setdefault(name, (row.place, []))[1].append(_choice(row))
        return tuple(RawList(name, place, tuple(found)) for name, (place, found) in lists.items())


def _choice(row: Row) -> RawChoice:
    label: dict[str, str] = {}
    media: dict[str, dict[str, str]] = {}
    columns: dict[str, str] = {}
    for column, text in row.cells.items():
        code, _ = language_of(column.language)
        match column.field:
            case "label":
                label[code] = text
            case "media":
                media.setdefault(column.part or "", {})[code] = text
            case "extra":
                columns[column.header] = text
            case _:
                pass
    return RawChoice(
        code=row.text("name"),
        place=row.place,
        label=label,
        missing=row.text("missing"),
        media=media,
        columns=columns,
    )


def _forget_the_obvious(settings: dict[str, str], languages: Mapping[str, str]) -> None:
    """Keep default_language only where it says more than that the first language is the first."""
    first, name = next(iter(languages.items()))
    said = settings.pop("default_language", "")
    if first == NO_LANGUAGE:
        if said:
            settings["default_language"] = said
        return
    obvious = name if name == first else f"{name} ({first})"
    if said != obvious:
        settings["default_language"] = said or NO_DEFAULT
