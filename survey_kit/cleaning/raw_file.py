"""A file of answers cell by cell: which cell holds which answer of which interview.

To read a file is to forget where things stood in it. Whoever changes one cell and leaves every
other as it is has to know: so here the tables are kept as text, in their own order, and of each
column it is known what it is, of each row whose it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from survey_kit.errors import FileProblem
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.responses.archive import open_archive
from survey_kit.responses.assemble import repeat_levels
from survey_kit.responses.interviews import interview_index
from survey_kit.responses.matching import ColumnUse, Role, mangle, without_byte_order_mark
from survey_kit.responses.read import ReadOptions, reader_of
from survey_kit.responses.readers.not_answers import words_for_nothing
from survey_kit.responses.readers.statistical import table_of_package
from survey_kit.responses.readers.table import Understood, understand, uses_of
from survey_kit.responses.readers.text_table import (
    TextTable,
    read_csv,
    read_csv_from,
    read_workbook,
)
from survey_kit.responses.readers.which_table import names_a_row_above, sorted_out
from survey_kit.responses.readers.whose_rows import NOWHERE, Above, whose_rows
from survey_kit.responses.writer import path_of_repeat

if TYPE_CHECKING:
    from numpy.typing import NDArray

NO_FORM = Questionnaire("", "", {}, {"default": ""}, ())
"""A questionnaire that asks nothing: with it, every column is what its name alone says."""

CSV, WORKBOOK, ARCHIVE, FOLDER = "csv", "xlsx", "zip", "folder"
PACKAGE, OTHER = "package", "other"
PACKAGES = frozenset({"sav", "dta"})


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
    """

    path: Path
    shape: str
    sheets: tuple[Sheet, ...]
    interviews: tuple[str, ...]
    notes: tuple[str, ...] = ()
    form: Questionnaire | None = None
    encoding: str = ""

    @property
    def top(self) -> Sheet:
        """The table of the interviews."""
        return self.sheets[0]

    @cached_property
    def sorted_ids(self) -> tuple[str, ...]:
        """The ids in the order of their letters."""
        return tuple(sorted(self.interviews))


@dataclass(frozen=True, eq=False)
class _Tables:
    """The tables of a file, the interviews first; of each its repeat and the file it lies in."""

    shape: str
    found: tuple[tuple[TextTable, tuple[ColumnUse, ...], str | None, Path | None], ...]
    notes: tuple[str, ...] = ()


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
    tables = _tables(path, form, given, sheets)
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


def _tables(
    path: Path, form: Questionnaire, options: ReadOptions, sheets: Sequence[str]
) -> _Tables:
    match reader_of(path).name:
        case "csv":
            return _of_csv(path, form, options)
        case "sav" | "dta":
            return _of_package(path, form, options)
        case "xlsx":
            return _sorted(_named_sheets(path, sheets), path, form, options, WORKBOOK)
        case "csv-tables":
            shape = FOLDER if path.is_dir() else ARCHIVE
            return _sorted(
                tuple(_members(path, form, options.encoding or "")), path, form, options, shape
            )
        case other:
            raise FileProblem(
                path.name,
                f"a file of the kind {other} has no cells that could be kept as they are",
                "Export it as CSV or XLSX",
            )


def _named_sheets(path: Path, sheets: Sequence[str]) -> Sequence[TextTable]:
    tables = read_workbook(path)
    meant = [table for table in tables if not sheets or table.name in sheets]
    if not meant:
        there = ", ".join(repr(table.name) for table in tables)
        raise FileProblem(
            path.name, "it has none of the sheets that are named", f"Name one of {there}"
        )
    return meant


def _of_csv(path: Path, form: Questionnaire, options: ReadOptions) -> _Tables:
    said = options.encoding or ""
    table = read_csv(path, encoding=said, form=form)
    found: list[tuple[TextTable, tuple[ColumnUse, ...], str | None, Path | None]] = [
        (table, uses_of(table, form, options, None), None, path)
    ]
    for name in form.repeats:
        beside = path_of_repeat(path, name)
        if beside.is_file():
            rows = replace(read_csv(beside, encoding=said, form=form), name=beside.name)
            found.append((rows, uses_of(rows, form, options, name), name, beside))
    return _Tables(CSV, tuple(found), table.notes)


def _of_package(path: Path, form: Questionnaire, options: ReadOptions) -> _Tables:
    table = table_of_package(path, form)
    found: list[tuple[TextTable, tuple[ColumnUse, ...], str | None, Path | None]] = [
        (table, uses_of(table, form, options, None), None, path)
    ]
    for name in form.repeats:
        beside = path_of_repeat(path, name)
        if beside.is_file():
            rows = replace(table_of_package(beside, form, name), name=beside.name)
            found.append((rows, uses_of(rows, form, options, name), name, beside))
    return _Tables(PACKAGE, tuple(found), table.notes)


def _members(path: Path, form: Questionnaire, encoding: str) -> Iterator[TextTable]:
    if path.is_dir():
        for file in sorted(path.iterdir()):
            if file.suffix.lower() == ".csv" and not file.name.startswith(("~$", ".")):
                table = read_csv(file, encoding=encoding, form=form)
                yield replace(table, name=file.name)
        return
    with open_archive(path) as archive:
        for entry in archive.infolist():
            name = PurePosixPath(entry.filename)
            if is_table(entry.filename):
                opened = partial(archive.open, entry)
                where = f"{path.name}, {name.name}"
                table = read_csv_from(opened, where, encoding=encoding, form=form)
                yield replace(table, name=name.name)


def is_table(name: str) -> bool:
    """Whether an entry of an archive is a table, and not what a phone or a Mac sent along."""
    path = PurePosixPath(name)
    beside = "media" in path.parts[:-1] or path.parts[:1] == ("__MACOSX",)
    hidden = path.name.startswith((".", "~$")) or path.name.casefold() == "audit.csv"
    return path.suffix.lower() == ".csv" and not beside and not hidden


def _sorted(
    tables: Sequence[TextTable],
    path: Path,
    form: Questionnaire,
    options: ReadOptions,
    shape: str,
) -> _Tables:
    if form is NO_FORM:
        return _sorted_by_name(tables, path, options, shape)
    found = sorted_out(tables, form, options, path.name, first_is_meant=shape == WORKBOOK)
    top, uses = found.interviews
    several = [(top, uses, None, None)]
    several += [
        (*found.repeats[name], name, None) for name in form.repeats if name in found.repeats
    ]
    names = {table.name: table for table in tables}
    notes = [
        f"'{name}' was left as it is: "
        + (
            "another sheet holds the interviews"
            if _has_answers(names[name], form, options)
            else "it holds no answers"
        )
        for name in found.left
    ]
    return _Tables(shape, tuple(several), tuple(notes))


def _has_answers(table: TextTable, form: Questionnaire, options: ReadOptions) -> bool:
    uses = uses_of(table, form, options, None)
    return any(use.role in {Role.QUESTION, Role.CHOICE, Role.PART} for use in uses)


def _sorted_by_name(
    tables: Sequence[TextTable], path: Path, options: ReadOptions, shape: str
) -> _Tables:
    """Without a form: the first table that names interviews and no row above, and those below."""
    known = [(table, uses_of(table, NO_FORM, options, None)) for table in tables]
    below = [each for each in known if names_a_row_above(each[0], NO_FORM)]
    tops = [each for each in known if all(each is not other for other in below)]
    named = [
        each
        for each in tops
        if understand(*each, NO_FORM, options, frozenset()).id_column is not None
    ]
    if not named:
        raise FileProblem(
            path.name, "no column names the interviews", "Name one with --interview COLUMN"
        )
    if len(named) > 1 and shape != WORKBOOK:
        names = ", ".join(table.name for table, _ in named)
        raise FileProblem(
            path.name,
            f"several of its tables hold interviews: {names}",
            "Name the form with --questionnaire, or give each a folder of its own",
        )
    top, uses = named[0]
    rest = [(table, its, table.name, None) for table, its in below]
    others = [table.name for table, _ in tops if table is not top]
    notes = tuple(f"'{name}' was left as it is" for name in others)
    return _Tables(shape, ((top, uses, None, None), *rest), notes)
