"""A file of corrections: CSV or a workbook, our own columns or another kit's, by a mapping.

A reviewed quality workbook is a file of corrections too: the rows of its sheet Findings
on which somebody decided. Column names nobody knows are refused, because a misspelt column
that is ignored looks exactly like one that was read.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from types import MappingProxyType
from zipfile import is_zipfile

from openpyxl import Workbook, load_workbook

from survey_kit.cleaning.correction import ACTIONS, Action, Correction
from survey_kit.cleaning.masking import is_mask
from survey_kit.cleaning.spelling import did_you_mean
from survey_kit.errors import CorrectionError, Fault, FileProblem
from survey_kit.forms.workbook import guarded, refuse_formulas_without_values
from survey_kit.questionnaire.model import NOTHING, Place
from survey_kit.responses.matching import without_byte_order_mark

NEEDED = ("interview", "question", "old", "new", "action")
FIELDS: tuple[str, ...] = (*NEEDED, "row", "why", "who", "when")
IGNORE = "ignore"

FINDINGS = "Findings"
REVIEWED: Mapping[str, str] = MappingProxyType(
    {
        "interview": "interview",
        "row": "row",
        "question": "question",
        "answer": "old",
        "new value": "new",
        "decision": "action",
        "comment": "why",
        "reviewer": "who",
    }
)
"""Columns of the sheet Findings of a quality workbook -> ours; its others are for reading."""

TOP = 20
"""Within how many rows the header of a reviewed workbook is looked for."""


@dataclass(frozen=True)
class Line:
    """One row of a file as text, and where it stands."""

    cells: tuple[str, ...]
    place: Place


def read_corrections(
    path: Path,
    *,
    columns: Mapping[str, str] = NOTHING,
    actions: Mapping[str, str] = NOTHING,
) -> tuple[Correction, ...]:
    """The corrections of a file, in its order.

    Parameters
    ----------
    path
        A .csv (comma, semicolon or tab; UTF-8 or UTF-16) or .xlsx. Of a workbook the sheet
        Findings is read where somebody decided something in it, else Corrections, else the
        first.
    columns
        Column of the file -> ours: interview, question, old, new, action, row, why, who,
        when, or ignore. Several columns may be "why"; they are joined.
    actions
        Word of the file -> change, blank, remove or no action. Known without it are these words
        and cleaningtools' change_response, blank_response, remove_survey and no_action.

    Raises
    ------
    FileProblem
        If the file is missing, empty, or not what its suffix says.
    CorrectionError
        For every unknown or missing column, unknown action, and row without an interview.
    """
    if not path.is_file():
        raise FileProblem(path.name, "there is no such file", "Correct the path of the corrections")
    match path.suffix.lower():
        case ".csv" | ".tsv" | ".txt":
            lines = list(_csv_lines(path))
        case ".xlsx" | ".xlsm":
            lines, reviewed = _workbook_lines(path)
            if reviewed:
                return _reviewed(lines)
        case suffix:
            raise FileProblem(
                path.name, f"corrections are not read from {suffix or 'this'}", "Save it as .csv"
            )
    if not lines:
        raise FileProblem(path.name, "the file is empty", _header_remedy())
    words = _actions(actions, path.name)
    fields = _fields(lines[0], columns)
    return _corrections(lines[1:], fields, words)


def _header_remedy() -> str:
    return f"Its first row names the columns {', '.join(FIELDS)}"


def _actions(stated: Mapping[str, str], file: str) -> Mapping[str, Action]:
    known = ACTIONS
    faults = [
        Fault(f"{file}, actions", f"there is no action {ours!r}", did_you_mean(ours, known))
        for ours in stated.values()
        if ours not in known
    ]
    if faults:
        raise CorrectionError.from_faults(faults)
    return {**ACTIONS, **{theirs.strip().casefold(): known[o] for theirs, o in stated.items()}}


def _fields(header: Line, columns: Mapping[str, str]) -> tuple[str, ...]:
    """Of each column of the file, which of ours it is."""
    faults: list[Fault] = []
    where = str(header.place)
    names = [without_byte_order_mark(cell) for cell in header.cells]
    stated = {without_byte_order_mark(theirs): ours for theirs, ours in columns.items()}
    for theirs, ours in stated.items():
        if ours not in (*FIELDS, IGNORE):
            remedy = did_you_mean(ours, (*FIELDS, IGNORE))
            faults.append(Fault("corrections: columns", f"there is no column {ours!r}", remedy))
        if theirs not in names:
            remedy = did_you_mean(theirs, names, "Take it out of the mapping")
            faults.append(Fault(where, f"the file has no column {theirs!r}", remedy))
    fields = tuple(
        stated.get(name) or (name.casefold() if name.casefold() in FIELDS else "")
        if name
        else IGNORE
        for name in names
    )
    for name, ours in zip(names, fields, strict=True):
        if not ours:
            free = [field for field in FIELDS if field not in fields]
            otherwise = "Map it to a known column, or to 'ignore', under corrections: columns"
            remedy = did_you_mean(name, free, otherwise)
            faults.append(Fault(where, f"nobody knows the column {name!r}", remedy))
    faults.extend(
        Fault(where, f"the column {needed!r} is missing", _header_remedy())
        for needed in NEEDED
        if needed not in fields
    )
    faults.extend(
        Fault(where, f"two columns are {ours!r}", "Map one of them to 'ignore'")
        for ours in dict.fromkeys(fields)
        if ours not in ("", "why", IGNORE) and fields.count(ours) > 1
    )
    if faults:
        raise CorrectionError.from_faults(faults)
    return fields


def _corrections(
    lines: Sequence[Line], fields: Sequence[str], words: Mapping[str, Action]
) -> tuple[Correction, ...]:
    found: list[Correction] = []
    faults: list[Fault] = []
    for line in lines:
        if not any(cell.strip() for cell in line.cells):
            continue
        values = _values(line, fields, faults)
        word = values["action"]
        action = words.get(word.casefold())
        if action is None:
            what = "there is no such action" if word else "the action is missing"
            remedy = did_you_mean(word, words, "Write change, blank, remove or no action")
            faults.append(Fault(f"{line.place}, action", what, remedy))
        if not values["interview"]:
            faults.append(
                Fault(str(line.place), "no interview is named", "Write the id of the interview")
            )
        if action is not None:
            found.append(_correction(values, action, line.place))
    if faults:
        raise CorrectionError.from_faults(faults)
    return tuple(found)


def _values(line: Line, fields: Sequence[str], faults: list[Fault]) -> dict[str, str]:
    """Our columns -> text. Several columns of reasons become one."""
    if any(cell.strip() for cell in line.cells[len(fields) :]):
        faults.append(
            Fault(
                str(line.place),
                "the row has more cells than the header",
                "Put a text that holds the separator in quotes",
            )
        )
    values = dict.fromkeys(FIELDS, "")
    for field, cell in zip(fields, line.cells, strict=False):
        if field == "why" and values["why"] and cell.strip():
            values["why"] += f"; {cell.strip()}"
        elif field != IGNORE and cell.strip():
            values[field] = cell.strip()
    return values


def _correction(values: Mapping[str, str], action: Action, place: Place) -> Correction:
    return Correction(
        interview=values["interview"].removeprefix("uuid:"),
        question=values["question"],
        old="" if is_mask(values["old"]) else values["old"],
        new=values["new"],
        action=action,
        why=values["why"],
        who=values["who"],
        when=values["when"],
        row=values["row"],
        place=place,
    )


def _reviewed(lines: Sequence[Line]) -> tuple[Correction, ...]:
    """The findings of a quality workbook on which somebody decided."""
    header = [cell.strip().casefold() for cell in lines[0].cells]
    fields = tuple(REVIEWED.get(name, IGNORE) for name in header)
    position = header.index("decision")
    decided = [line for line in lines[1:] if line.cells[position].strip()]
    return _corrections(decided, fields, ACTIONS)


def _csv_lines(path: Path) -> Iterator[Line]:
    content = path.read_bytes()
    if not content.strip():
        return
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise FileProblem(
            path.name, "the letters of this file are not UTF-8", "Save it as 'CSV UTF-8'"
        ) from None
    if "\0" in text:
        raise FileProblem(path.name, "this is not text", "Save the corrections as 'CSV UTF-8'")
    first = text.lstrip().partition("\n")[0]
    separator = max(",;\t", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    line = 1
    try:
        for row in rows:
            if row or line > 1:
                yield Line(tuple(row), Place(path.name, row=line))
            line = rows.line_num + 1
    except csv.Error as error:
        raise FileProblem(
            f"{path.name}, line {line}",
            "this line is longer than any correction",
            "Check its quotes: one that is opened has to be closed",
        ) from error


def _workbook_lines(path: Path) -> tuple[list[Line], bool]:
    """The rows of the sheet that holds the corrections, and whether it is reviewed findings."""
    if not is_zipfile(path):
        raise FileProblem(
            path.name, "this is not a workbook, whatever its name says", "Save it as .xlsx again"
        )
    with guarded(path):
        refuse_formulas_without_values(path)
        book = load_workbook(path, read_only=True, data_only=True)
        try:
            return _lines_of_book(book, path.name)
        finally:
            book.close()


def _lines_of_book(book: Workbook, file: str) -> tuple[list[Line], bool]:
    found: list[Line] = []
    for name in book.sheetnames:
        if name.partition(" ")[0] == FINDINGS:
            lines = _sheet_lines(book[name].iter_rows(values_only=True), file, name)
            found.extend(_from_header(lines)[1 if found else 0 :])
    if found and _any_decision(found):
        return found, True
    sheet = "Corrections" if "Corrections" in book.sheetnames else book.sheetnames[0]
    return _sheet_lines(book[sheet].iter_rows(values_only=True), file, sheet), False


def _from_header(lines: Sequence[Line]) -> Sequence[Line]:
    """The rows of a sheet of findings from its header on; none where it has no such header."""
    for at, line in enumerate(lines[:TOP]):
        if {"interview", "decision", "new value"} <= {cell.casefold() for cell in line.cells}:
            return lines[at:]
    return ()


def _any_decision(lines: Sequence[Line]) -> bool:
    position = [cell.casefold() for cell in lines[0].cells].index("decision")
    return any(line.cells[position].strip() for line in lines[1:])


def _sheet_lines(rows: Iterator[tuple[object, ...]], file: str, sheet: str) -> list[Line]:
    lines = [
        Line(tuple(_cell(value) for value in row), Place(file, sheet, number))
        for number, row in enumerate(rows, start=1)
    ]
    filled = [at for at, line in enumerate(lines) if any(line.cells)]
    return lines[filled[0] : filled[-1] + 1] if filled else []


def _cell(value: object) -> str:
    """A cell of a workbook as the text that a form would hold."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            return str(int(value)) if value.is_integer() else repr(value)
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat()
        case date() | time():
            return value.isoformat()
        case _:
            return str(value)
