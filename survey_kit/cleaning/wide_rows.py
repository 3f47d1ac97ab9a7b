"""Rows of repeats that stand side by side in their interview: found like any table, written where they are.

While a log is held against a file, such rows are tables of their own; the cells that change are
then those of the interview's row, ``years_2`` for the second person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from survey_kit.cleaning.carried_over import Carried, Edit
from survey_kit.cleaning.correction import Correction
from survey_kit.cleaning.log_on_columns import CellAt
from survey_kit.cleaning.raw_file import RawFile, Sheet
from survey_kit.errors import CorrectionError, Fault
from survey_kit.responses.read import ReadOptions
from survey_kit.responses.readers.text_table import TextTable
from survey_kit.responses.readers.wide import side_by_side, unfolded


@dataclass(frozen=True, eq=False)
class WideRows:
    """The rows of a repeat that stand side by side in the rows of their interviews, as a table.

    sheet
        The table.
    cells
        (row, column) of it -> (row, column) of the table of the interviews; none where there is
        no such column.
    columns
        Column of the table of the interviews -> the question or choice, and the place in the repeat.
    """

    sheet: Sheet
    cells: Mapping[tuple[int, int], tuple[int, int]]
    columns: Mapping[str, tuple[str, str]]


def wide_rows(raw: RawFile) -> tuple[WideRows, ...]:
    """The repeats whose rows stand side by side, but for those that have a table of their own."""
    return tuple(_wide_rows(raw)) if raw.sheets and raw.form is not None else ()


def _wide_rows(raw: RawFile) -> Iterator[WideRows]:
    form, top = raw.form, raw.top
    if form is None:
        return
    table = TextTable(top.name, top.header, top.cells)
    known = {
        (repeat, column, places): position
        for position, repeat, column, places in side_by_side(table, form)
    }
    placed: dict[str, list[tuple[int, tuple[int, ...]]]] = {}
    own = {sheet.repeat for sheet in raw.sheets}
    for name, of in unfolded(table, form, ReadOptions()).rows_of.items() if known else ():
        if of.above is None or of.places is None:
            continue
        outer = (form.repeats[name][1] or ("",))[-1]
        rows: list[tuple[int, tuple[int, ...]]] = []
        for above, place in zip(of.above, of.places, strict=True):
            row, around = placed[outer][int(above)] if outer else (int(above), ())
            rows.append((row, (*around, int(place))))
        placed[name] = rows
        if name in own:
            continue
        whose = np.array([top.interview[row] for row, _ in rows], dtype=object)
        where = np.array([_place(places) for _, places in rows], dtype=object)
        header = of.table.header
        yield WideRows(
            Sheet(top.name, None, name, header, of.uses, of.table.cells, whose, where),
            {
                (number, at): (row, known[name, column, places])
                for number, (row, places) in enumerate(rows)
                for at, column in enumerate(header)
                if (name, column, places) in known
            },
            {
                top.header[position]: (column, _place(places))
                for (repeat, column, places), position in known.items()
                if repeat == name
            },
        )


def _place(places: tuple[int, ...]) -> str:
    return "/".join(str(each) for each in places)


def with_wide_rows(raw: RawFile, wide: Sequence[WideRows]) -> RawFile:
    """The file with a table for each repeat whose rows stand side by side."""
    return replace(raw, sheets=(*raw.sheets, *(each.sheet for each in wide)))


def by_question_and_row(
    wide: Sequence[WideRows], entries: Iterable[Correction]
) -> tuple[Correction, ...]:
    """The entries that name such a column, by the question and the row that it holds."""
    known = {name: meant for each in wide for name, meant in each.columns.items()}
    return tuple(
        replace(each, question=known[each.question][0], row=known[each.question][1])
        if each.question in known and not each.row
        else each
        for each in entries
    )


def onto_interviews(raw: RawFile, wide: Sequence[WideRows], carried: Carried) -> Carried:
    """What changes, in cells of the tables that the file has.

    Raises
    ------
    CorrectionError
        If a row has to hold something for which the file has no column.
    """
    remedy = "Add the column to the raw file, or clean an export with a table for each repeat"
    faults = [
        Fault(raw.path.name, f"it has no column for {each.name!r} of these rows", remedy)
        for each in carried.new_columns
        if each.sheet >= len(raw.sheets)
    ]
    edits: list[Edit] = []
    for edit in carried.edits:
        cell = _onto(raw, wide, edit.cell)
        if cell is None:
            what = f"it has no column for {edit.column!r} of row {edit.place}"
            faults.append(Fault(raw.path.name, what, remedy))
        elif cell == edit.cell:
            edits.append(edit)
        else:
            edits.append(replace(edit, cell=cell, column=raw.top.header[cell.column]))
    if faults:
        raise CorrectionError.from_faults(faults)
    placed = {cell: _onto(raw, wide, cell) for cell in carried.stated}
    stated = {at: text for cell, text in carried.stated.items() if (at := placed[cell]) is not None}
    edits.sort(key=lambda edit: (edit.cell.sheet, edit.cell.row, edit.cell.column))
    return replace(carried, edits=tuple(edits), stated=stated)


def _onto(raw: RawFile, wide: Sequence[WideRows], cell: CellAt) -> CellAt | None:
    if cell.sheet < len(raw.sheets):
        return cell
    at = wide[cell.sheet - len(raw.sheets)].cells.get((cell.row, cell.column))
    return None if at is None else CellAt(0, *at)
