"""A file of corrections: CSV or a workbook, our own columns or another kit's, by a mapping.

A reviewed quality workbook is a file of corrections too: the rows of its sheet Findings
on which somebody decided. Column names nobody knows are refused, because a misspelt column
that is ignored looks exactly like one that was read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from survey_kit.cleaning.correction import ACTIONS, Action, Correction
from survey_kit.cleaning.log_lines import Line, LogTable, csv_lines, workbook_tables
from survey_kit.cleaning.masking import is_mask
from survey_kit.cleaning.spelling import did_you_mean
from survey_kit.errors import CorrectionError, Fault, FileProblem
from survey_kit.questionnaire.model import NOTHING, Place
from survey_kit.responses.matching import without_byte_order_mark

NEEDED = ("interview", "question", "old", "new", "action")
FIELDS: tuple[str, ...] = (*NEEDED, "row", "why", "who", "when")
IGNORE = "ignore"

MASKED = ("the new value stands masked here", "Give the log that was applied, or the new value")
"""A quality workbook travels, and shows the length of some answers in their place."""
FINDINGS, SETTLED = "Findings", "Settled"
ROUND, EARLIER = "round", "decided before"
"""Columns of the machine in a study that keeps rounds: for which round a row was written, and what had
been decided about its cell by then."""
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
            lines = list(csv_lines(path))
        case ".xlsx" | ".xlsm":
            lines, reviewed = _meant(workbook_tables(path))
            if reviewed:
                return corrections_of_findings(lines)
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


WORDS = "Write change, blank, remove or no action"


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
            what = f"there is no action {word!r}" if word else "the action is missing"
            near = did_you_mean(word, words, WORDS)
            remedy = near if near == WORDS else f"{near} {WORDS}"
            faults.append(Fault(f"{line.place}, action", what, remedy))
        if not values["interview"]:
            faults.append(
                Fault(str(line.place), "no interview is named", "Write the id of the interview")
            )
        if is_mask(values["new"]):
            faults.append(Fault(str(line.place), *MASKED))
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


def corrections_of_findings(lines: Sequence[Line]) -> tuple[Correction, ...]:
    """The findings of a quality workbook on which somebody decided.

    A new value without a decision is a fault. That a finding about no interview (about an
    enumerator, or a question) was looked at corrects nothing, and is left out.
    """
    header = [cell.strip().casefold() for cell in lines[0].cells]
    fields = tuple(REVIEWED.get(name, IGNORE) for name in header)
    interview = header.index("interview")
    touched = [
        line
        for line in lines[1:]
        if _filled(line, header)
        and (
            _at(line, interview)
            or ACTIONS.get(_at(line, header.index("decision")).casefold()) is not Action.KEEP
        )
    ]
    rounds, earlier = (
        header.index(name) if name in header else len(header) for name in (ROUND, EARLIER)
    )
    return tuple(
        replace(entry, round=_at(line, rounds), knew=bool(_at(line, earlier)))
        for entry, line in zip(_corrections(touched, fields, ACTIONS), touched, strict=True)
    )


def _meant(tables: Mapping[str, list[Line]]) -> tuple[list[Line], bool]:
    """The rows of the sheet that holds the corrections, and whether it is reviewed findings."""
    reviewed = reviewed_findings(tables)
    if reviewed:
        return reviewed, True
    sheet = "Corrections" if "Corrections" in tables else next(iter(tables), "")
    return tables.get(sheet, []), False


def reviewed_findings(tables: Mapping[str, list[Line]]) -> list[Line]:
    """The findings of a quality workbook, with their header; none where nobody decided anything.

    A sheet that was given another name, or saved alone as CSV, is known by its columns.
    """
    named = [name for name in tables if name.partition(" ")[0] in {FINDINGS, SETTLED}]
    found: list[Line] = []
    for name, lines in tables.items():
        if name in named or not named:
            found.extend(_under(found[:1], findings_from_header(lines)))
    header = [cell.strip().casefold() for cell in found[0].cells] if found else []
    return found if any(_filled(line, header) for line in found[1:]) else []


def _under(first: Sequence[Line], lines: Sequence[Line]) -> Sequence[Line]:
    """The rows of a further sheet in the order of the columns of the first; of the first, all as they are."""
    if not first or not lines or lines[0].cells == first[0].cells:
        return lines[len(first) :]
    names = [cell.strip().casefold() for cell in lines[0].cells]
    order = [
        names.index(name) if (name := cell.strip().casefold()) in names else len(names)
        for cell in first[0].cells
    ]
    return [replace(line, cells=tuple(_at(line, at) for at in order)) for line in lines[1:]]


def findings_from_header(lines: Sequence[Line]) -> Sequence[Line]:
    """The rows of a sheet of findings from its header on; none where it has no such header."""
    for at, line in enumerate(lines[:TOP]):
        names = {cell.strip().casefold() for cell in line.cells}
        if {"interview", "decision", "new value"} <= names:
            return lines[at:]
    return ()


def refuse_findings_without_decisions(table: LogTable) -> None:
    """Refuse the findings of a quality workbook whose column of decisions, or of new values, is gone.

    Raises
    ------
    FileProblem
        If it is the sheet Findings but for one of the columns in which a reviewer writes.
    """
    for line in table.lines[:TOP]:
        names = {cell.strip().casefold() for cell in line.cells}
        gone = [name for name in ("decision", "new value", "interview") if name not in names]
        if len(gone) == 1 and names >= {"check", "question", "answer", "comment", "reviewer"}:
            raise FileProblem(
                str(line.place),
                f"these are the findings of a quality workbook without the column {gone[0]!r}",
                "Put the column back, or review the workbook as it was written",
            )


def _filled(line: Line, header: Sequence[str]) -> bool:
    """Whether somebody wrote a decision or a new value there."""
    return any(_at(line, header.index(name)) for name in ("decision", "new value"))


def _at(line: Line, position: int) -> str:
    """A cell; empty where the row ends before it."""
    return line.cells[position].strip() if position < len(line.cells) else ""
