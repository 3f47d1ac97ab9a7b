"""A file of answers cell by cell: which cell holds which answer of which interview.

To read a file is to forget where things stood in it. Whoever changes one cell and leaves every
other as it is has to know: so here the tables are kept as text, in their own order, and of each
column it is known what it is, of each row whose it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from survey_kit.cleaning.raw_tables import (
    ARCHIVE,
    CSV,
    FOLDER,
    NO_FORM,
    OTHER,
    PACKAGE,
    PACKAGES,
    WORKBOOK,
    is_table,
    raw_tables,
)
from survey_kit.errors import FileProblem
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.responses.assemble import repeat_levels
from survey_kit.responses.interviews import interview_index
from survey_kit.responses.matching import ColumnUse, Role, mangle, without_byte_order_mark
from survey_kit.responses.read import ReadOptions, reader_of
from survey_kit.responses.readers.not_answers import words_for_nothing
from survey_kit.responses.readers.table import Understood, understand
from survey_kit.responses.readers.text_table import (
    TextTable,
)
from survey_kit.responses.readers.whose_rows import NOWHERE, Above, whose_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "ARCHIVE",
    "CSV",
    "FOLDER",
    "OTHER",
    "PACKAGE",
    "WORKBOOK",
    "RawFile",
    "Sheet",
    "has_cells",
    "is_of_a_package",
    "is_table",
    "open_raw",
]


@dataclass(frozen=True, eq=False)
class Sheet:
    """One table of a file.

    name
        Of the sheet, or of the file in an archive or folder; "" where there is but one.
    file
        Where it lies, if it is a file of its own.
    repeat
        The repeat whose rows it holds; None for the interviews.
    cells
        (n, k) text, rows and columns numbered from 0.
    interview, place
        (n,) text. Whose row it is, "" where it is nobody's; and its place in the repeat, "2/1".
    """

    name: str
    file: Path | None
    repeat: str | None
    header: tuple[str, ...]
    uses: tuple[ColumnUse, ...]
    cells: pd.DataFrame
    interview: NDArray[np.object_]
    place: NDArray[np.object_]

    @cached_property
    def rows(self) -> Mapping[tuple[str, str], int]:
        """(interview, place) -> row."""
        pairs = zip(self.interview, self.place, strict=True)
        return {
            (str(interview), str(place)): row
            for row, (interview, place) in enumerate(pairs)
            if interview
        }

    @cached_property
    def rows_by_interview(self) -> Mapping[str, tuple[int, ...]]:
        """Interview -> its rows."""
        found: dict[str, list[int]] = {}
        for row, interview in enumerate(self.interview):
            if interview:
                found.setdefault(str(interview), []).append(row)
        return {interview: tuple(rows) for interview, rows in found.items()}

    @cached_property
    def columns(self) -> Mapping[str, tuple[ColumnUse, ...]]:
        """Key of a question -> the columns that hold its answer or parts of it."""
        found: dict[str, tuple[ColumnUse, ...]] = {}
        for use in self.uses:
            if use.role in {Role.QUESTION, Role.CHOICE, Role.PART}:
                found[use.key] = (*found.get(use.key, ()), use)
        return MappingProxyType(found)

    def column_called(self, name: str) -> int | None:
        """The position of the column of that name, with a path before it, or as R made it."""
        plain = [without_byte_order_mark(each) for each in self.header]
        if name in plain:
            return plain.index(name)
        parts = [each.rpartition("/") for each in plain]
        ends = [at for at, each in enumerate(parts) if each[2] == name and each[0] not in plain]
        if len(ends) == 1:
            return ends[0]
        mangled = [mangle(each).casefold() for each in plain]
        wanted = mangle(without_byte_order_mark(name)).casefold()
        return mangled.index(wanted) if mangled.count(wanted) == 1 else None

    def text(self, row: int, column: int) -> str:
        """The text of a cell."""
        return str(self.cells[column].iloc[row])


@dataclass(frozen=True, eq=False)
class RawFile:
    """A file of answers, or several that belong together.

    shape
        One of the words above; `OTHER` where the cells cannot be told apart in the file.
    interviews
        The ids in the order of the file, unique; the second of one id is ``id#2``.
    encoding
        That a person says text files are in; "" where nobody does.
    laid_out
        Whether the tables were made of answers that came back without any (XML, JSON, Parquet).
    """

    path: Path
    shape: str
    sheets: tuple[Sheet, ...]
    interviews: tuple[str, ...]
    notes: tuple[str, ...] = ()
    form: Questionnaire | None = None
    encoding: str = ""
    laid_out: bool = False

    @property
    def top(self) -> Sheet:
        """The table of the interviews."""
        return self.sheets[0]

    @cached_property
    def sorted_ids(self) -> tuple[str, ...]:
        """The ids in the order of their letters."""
        return tuple(sorted(self.interviews))


def open_raw(
    path: Path,
    questionnaire: Questionnaire | None = None,
    options: ReadOptions | None = None,
    *,
    sheets: Sequence[str] = (),
) -> RawFile:
    """A CSV file, workbook, or zip or folder of CSV files, cell by cell.

    Parameters
    ----------
    questionnaire
        Without one, a column is known by its name only.
    sheets
        Those of a workbook that hold answers; all are looked at where none is named.

    Raises
    ------
    FileProblem
        If the file is damaged, has none of these sheets, or no column names the interviews.
    """
    given = options or ReadOptions()
    form = questionnaire or NO_FORM
    tables = raw_tables(path, form, given, sheets)
    words = words_for_nothing(((table.cells, uses) for table, uses, *_ in tables.found), form)
    table, uses, _, file = tables.found[0]
    main = understand(table, uses, form, given, words)
    if main.id_column is None:
        raise FileProblem(
            path.name, "no column names the interviews", "Name one with --interview COLUMN"
        )
    named = main.cells[main.id_column]
    labels = named.eq(without_byte_order_mark(table.header[main.id_column])).to_numpy(dtype=bool)
    if form is NO_FORM and labels.any():
        main = replace(main, cells=main.cells[~labels])
        named = named[~labels]
    index, notes = interview_index(list(named))
    top = _sheet(table, uses, None, file)
    ids = [str(each) for each in index]
    top = _of_rows(top, main.rows, ids, [""] * len(ids))
    everybody = np.arange(len(main.cells), dtype=np.int64)
    places = np.empty((len(main.cells), 0), dtype=np.int64)
    placed: dict[str, Above] = {"": Above(main, everybody, places)}
    every = [top]
    for each, its_uses, repeat, its_file in tables.found[1:]:
        name = repeat or each.name
        rows = understand(each, its_uses, form, given, words)
        above = _above(rows, name, form, placed, main)
        sheet = _sheet(each, its_uses, name, its_file)
        if above is not None:
            placed[name] = above
            labels = ["/".join(str(number) for number in row) for row in above.places]
            owners = np.append(np.asarray(ids, dtype=object), "")[above.interview]
            sheet = _of_rows(sheet, rows.rows, [str(owner) for owner in owners], labels)
        every.append(sheet)
    return RawFile(
        path=path,
        shape=tables.shape,
        sheets=tuple(every),
        interviews=tuple(ids),
        notes=(*tables.notes, *notes),
        form=questionnaire,
        encoding=given.encoding or "",
    )


def has_cells(path: Path) -> bool:
    """Whether a file is of tables whose cells can be kept as they are.

    Raises
    ------
    FileProblem
        If it is missing, damaged, or in no format that is read.
    """
    return reader_of(path).name in {"csv", "xlsx", "csv-tables", *PACKAGES}


def is_of_a_package(path: Path) -> bool:
    """Whether a file is of SPSS or Stata, whose answers can be written in another format too."""
    return reader_of(path).name in PACKAGES


def _sheet(
    table: TextTable, uses: tuple[ColumnUse, ...], repeat: str | None, file: Path | None
) -> Sheet:
    nobody = np.full(len(table.cells), "", dtype=object)
    return Sheet(table.name, file, repeat, table.header, uses, table.cells, nobody, nobody)


def _of_rows(
    sheet: Sheet, rows: NDArray[np.int64], interviews: Sequence[str], places: Sequence[str]
) -> Sheet:
    whose, where = sheet.interview.copy(), sheet.place.copy()
    whose[rows], where[rows] = interviews, places
    return replace(sheet, interview=whose, place=where)


def _above(
    rows: Understood,
    name: str,
    form: Questionnaire,
    placed: Mapping[str, Above],
    main: Understood,
) -> Above | None:
    """Whose rows the rows of a repeat are, and their places; None where it cannot be told."""
    if name in form.repeats:
        around = form.repeats[name][1]
        candidates = [around[-1] if around else ""]
        levels = repeat_levels(form, name)[1:]
    else:
        candidates, levels = list(placed), [name]
    best: Above | None = None
    most = 0
    for each in candidates:
        if each not in placed:
            continue
        above = placed[each]
        whose = whose_rows(rows, above, main, levels)
        there = 0 if whose is None else int((whose.above != NOWHERE).sum())
        if whose is None or there <= most:
            continue
        most = there
        interview = np.append(above.interview, NOWHERE)[whose.above]
        outer = np.vstack([above.places, np.zeros((1, above.places.shape[1]), dtype=np.int64)])
        places = np.column_stack([outer[whose.above], whose.places]).astype(np.int64)
        best = Above(rows, interview.astype(np.int64), places)
    return best
