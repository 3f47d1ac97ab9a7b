"""The reader of XLSForms: a workbook in, a questionnaire out, nothing lost on the way.

What has a meaning here gets it, whatever its column is called; every other column, sheet
and setting is kept as it is, and comes back when the questionnaire is written again.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from survey_kit.errors import FileProblem
from survey_kit.forms.columns import Column, letters
from survey_kit.forms.kobo_groups import spelt_out
from survey_kit.forms.languages import languages_of, usual_suffix
from survey_kit.forms.layout import Layout, headers_of, rows_of
from survey_kit.forms.own_sheets import AnalysisSheet, is_ours, read_tests
from survey_kit.forms.rows import Interview, Row
from survey_kit.forms.sheets import (
    FILE_NAME,
    KINDS,
    NO_DEFAULT,
    name_of_file,
    spoken_in,
    usual_headers,
)
from survey_kit.forms.translations.own_sheet import is_translations, read_translations_sheet
from survey_kit.forms.workbook import SheetOfTexts, read_workbook
from survey_kit.questionnaire.build import NO_LANGUAGE, build_as_written, understood
from survey_kit.questionnaire.faults import Faults
from survey_kit.questionnaire.model import Place, Questionnaire
from survey_kit.questionnaire.raw import RawChoice, RawList, RawQuestionnaire
from survey_kit.questionnaire.words import listed, meant

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_COMPULSORY = {"survey": ("type", "name"), "choices": ("list_name", "name"), "settings": ()}
_TABLE_LIST = "table-list"
"""With this appearance pyxform makes names of the numbers of rows, so that empty ones count."""
_FIRST_ROW = 2


def read_xlsform(path: Path) -> Questionnaire:
    """The questionnaire in an XLSForm (.xlsx or .xlsm).

    Raises
    ------
    FileProblem
        If the file is no workbook, or none with a survey sheet.
    DefinitionError
        If the form contradicts itself; each fault names sheet and row.
    """
    return understood(xlsform_as_written(path))


def xlsform_as_written(path: Path) -> Questionnaire:
    """As `read_xlsform`, but what can be kept without being understood is kept.

    Raises
    ------
    FileProblem
        If the file is no workbook, or none with a survey sheet.
    DefinitionError
        If the form says something that no format can keep.
    """
    book = read_workbook(path)
    if len(book) == 1:
        book = (replace(book[0], name="survey"),)  # the one sheet is the survey, as in pyxform
    by_name = {sheet.name.lower(): sheet for sheet in book}
    if "survey" not in by_name:
        names = listed(sheet.name for sheet in book) if book else "none"
        raise FileProblem(
            path.name,
            f"there is no sheet called survey; the sheets are {names}",
            meant("survey", by_name, otherwise="Is it an XLSForm?"),
        )
    if not by_name["survey"].rows:
        raise FileProblem(path.name, "the sheet survey is empty", "Is it the right file?")
    return build_as_written(_Reader(path, book).whole())


@dataclass(frozen=True)
class _Rows:
    """One of the sheets of a form: what its columns mean, its rows, and how it was laid out."""

    columns: tuple[Column, ...] = ()
    rows: tuple[Row, ...] = ()
    layout: Layout = field(default_factory=Layout)


class _Reader:
    def __init__(self, path: Path, book: Sequence[SheetOfTexts]) -> None:
        self._path = path
        self._book = book
        self._faults = Faults()
        self._languages: dict[str, str] = {}
        self._suffixes: dict[str, str | None] = {}

    def whole(self) -> RawQuestionnaire:
        found = {name: self._rows(name) for name in KINDS}
        self._name_languages(spoken_in(each.columns for each in found.values()))
        settings = {
            column.header: text
            for row in found["settings"].rows
            for column, text in row.cells.items()
        }
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
        suffix = self._suffixes.get(first)
        _forget_the_obvious(settings, suffix)
        name = settings.pop("form_id", "")
        if not name:
            name = name_of_file(self._path)
            settings["form_id"] = FILE_NAME
        codes = {suffix: code for code, suffix in self._suffixes.items()}
        return RawQuestionnaire(
            name=name,
            place=Place(self._path.name),
            version=settings.pop("version", ""),
            title=(analysis.title if analysis else {}) or ({first: title} if title else {}),
            languages=languages,
            nodes=Interview(codes, self._faults).nest(
                spelt_out(found["survey"].rows, found["choices"].rows, self._faults)
            ),
            lists=self._lists(found["choices"].rows, codes),
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
                **self._laid_out(found, languages),
                **{
                    sheet.name: sheet.rows
                    for sheet in self._book
                    if sheet.name.lower() not in KINDS
                    and not is_ours(sheet)
                    and not is_translations(sheet)
                },
            },
            faults=self._faults.hard,
            doubts=self._faults.all,
            only_elsewhere=self._faults.known_elsewhere,
        )

    def _rows(self, name: str) -> _Rows:
        """The rows of a sheet that hold anything, by what their columns mean."""
        sheet = next((each for each in self._book if each.name.lower() == name), None)
        if sheet is None or not sheet.rows:
            return _Rows()
        headers = headers_of(sheet.rows)
        columns = KINDS[name].columns(headers)
        self._check_columns(sheet, name, headers)
        numbered = rows_of(sheet.rows, headers)
        empty_ones_count = name == "survey" and any(
            _TABLE_LIST in text for _, texts in numbered for text in texts
        )
        rows: list[Row] = []
        kept: list[tuple[int, tuple[str, ...]]] = []
        for number, texts in numbered:
            cells = {column: text for column, text in zip(columns, texts, strict=False) if text}
            row = Row(cells, Place(self._path.name, sheet.name, number))
            if cells and _belongs(row, name):
                rows.append(row)
            elif cells or empty_ones_count:
                kept.append((len(rows) + len(kept) + 2, texts if cells else ()))
        return _Rows(columns, tuple(rows), Layout(headers, tuple(kept)))

    def _check_columns(self, sheet: SheetOfTexts, name: str, headers: Sequence[str]) -> None:
        place = Place(self._path.name, sheet.name, 1)
        for position in sheet.numbers_in_first_row:
            if position < len(headers):
                self._faults.add(
                    place,
                    f"column {letters(position)}",
                    "its header is a number or a date, not a text",
                    "Write the header as text",
                )
        first: dict[Column, str] = {}
        double = any("::" in header for header in headers)
        for header in headers:
            if not header:
                continue
            column = KINDS[name].column(header, double_colons=double)
            if column in first:
                note = self._faults.add if first[column] == header else self._faults.doubt
                note(
                    place,
                    "",
                    f"the columns '{first[column]}' and '{header}' mean the same",
                    "Remove one of the two",
                )
            first.setdefault(column, header)
        for needed in _COMPULSORY[name]:
            if Column(needed) not in first:
                self._faults.doubt(
                    place,
                    "",
                    f"there is no column '{needed}'",
                    meant(needed, [h for h in headers if h], otherwise="Add the column"),
                )

    def _name_languages(self, spoken: Sequence[str | None]) -> None:
        found = languages_of(spoken)
        self._suffixes = {code: suffix for suffix, (code, _) in found.items()}
        self._languages = {code: name for code, name in found.values() if code != NO_LANGUAGE}
        if None in found or not found:
            self._languages = {NO_LANGUAGE: NO_LANGUAGE, **self._languages}
            self._suffixes.setdefault(NO_LANGUAGE, None)

    def _in_order(self, default: str) -> dict[str, str]:
        """The languages, the default one first; without a language where columns have none."""
        found = self._languages
        code = next((code for code, suffix in self._suffixes.items() if suffix == default), None)
        return {code: found[code], **found} if code else dict(found)

    def _laid_out(
        self, found: Mapping[str, _Rows], languages: Mapping[str, str]
    ) -> dict[str, tuple[tuple[str, ...], ...]]:
        """How each sheet was laid out, where it is not what would be written anyway."""
        spoken = [self._suffixes[code] for code in languages]
        usual_languages = all(
            suffix == usual_suffix(code, self._languages[code])
            for code, suffix in self._suffixes.items()
        )
        laid_out: dict[str, tuple[tuple[str, ...], ...]] = {}
        for name, each in found.items():
            used = [column for row in each.rows for column in row.cells]
            headers = [column.header for column in usual_headers(name, used, spoken)]
            twice = any(
                KINDS[name].column(column.header, double_colons=True) != column
                for column in each.columns
            )
            spelt = name != "settings" and not usual_languages
            if each.layout.headers and (
                each.layout.kept or list(each.layout.headers) != headers or twice or spelt
            ):
                laid_out[name] = each.layout.rows
        return laid_out

    @staticmethod
    def _lists(rows: Sequence[Row], codes: Mapping[str | None, str]) -> tuple[RawList, ...]:
        lists: dict[str, tuple[Place, list[RawChoice]]] = {}
        for row in rows:
            name = row.text("list_name")
            lists.setdefault(name, (row.place, []))[1].append(_choice(row, codes))
        return tuple(RawList(name, place, tuple(found)) for name, (place, found) in lists.items())


def _belongs(row: Row, name: str) -> bool:
    """Whether a row is more than a remark in its sheet; of settings, the first row is all."""
    if name == "survey":
        return not row.asks_nothing
    if name == "choices":
        return Column("list_name") in row.cells
    return row.place.row == _FIRST_ROW


def _choice(row: Row, codes: Mapping[str | None, str]) -> RawChoice:
    label: dict[str, str] = {}
    media: dict[str, dict[str, str]] = {}
    columns: dict[str, str] = {}
    for column, text in row.cells.items():
        match column.field:
            case "label":
                label[codes[column.language]] = text
            case "media":
                media.setdefault(column.part or "", {})[codes[column.language]] = text
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


def _forget_the_obvious(settings: dict[str, str], suffix: str | None) -> None:
    """Keep default_language only where it says more than that the first language is the first."""
    said = settings.pop("default_language", "")
    if suffix is None:
        if said:
            settings["default_language"] = said
    elif said != suffix:
        settings["default_language"] = said or NO_DEFAULT
