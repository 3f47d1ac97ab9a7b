"""The tables of a file of answers, the interviews first: of each its columns, its repeat, and its file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath

from survey_kit.errors import FileProblem
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.responses.archive import open_archive
from survey_kit.responses.matching import ColumnUse, Role
from survey_kit.responses.read import ReadOptions, reader_of
from survey_kit.responses.readers.statistical import table_of_package
from survey_kit.responses.readers.table import understand, uses_of
from survey_kit.responses.readers.text_table import (
    TextTable,
    read_csv,
    read_csv_from,
    read_workbook,
)
from survey_kit.responses.readers.which_table import names_a_row_above, sorted_out
from survey_kit.responses.writer import path_of_repeat

NO_FORM = Questionnaire("", "", {}, {"default": ""}, ())
"""A questionnaire that asks nothing: with it, every column is what its name alone says."""

CSV, WORKBOOK, ARCHIVE, FOLDER = "csv", "xlsx", "zip", "folder"
PACKAGE, OTHER = "package", "other"
PACKAGES = frozenset({"sav", "dta"})


@dataclass(frozen=True, eq=False)
class RawTables:
    """The tables of a file, the interviews first; of each its repeat and the file it lies in."""

    shape: str
    found: tuple[tuple[TextTable, tuple[ColumnUse, ...], str | None, Path | None], ...]
    notes: tuple[str, ...] = ()


def raw_tables(
    path: Path, form: Questionnaire, options: ReadOptions, sheets: Sequence[str]
) -> RawTables:
    """The tables of a file that are meant; `sheets` names those of a workbook, all where it is empty.

    Raises
    ------
    FileProblem
        If the file is damaged, or of a kind whose cells cannot be told apart.
    """
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


def _of_csv(path: Path, form: Questionnaire, options: ReadOptions) -> RawTables:
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
    return RawTables(CSV, tuple(found), table.notes)


def _of_package(path: Path, form: Questionnaire, options: ReadOptions) -> RawTables:
    table = table_of_package(path, form)
    found: list[tuple[TextTable, tuple[ColumnUse, ...], str | None, Path | None]] = [
        (table, uses_of(table, form, options, None), None, path)
    ]
    for name in form.repeats:
        beside = path_of_repeat(path, name)
        if beside.is_file():
            rows = replace(table_of_package(beside, form, name), name=beside.name)
            found.append((rows, uses_of(rows, form, options, name), name, beside))
    return RawTables(PACKAGE, tuple(found), table.notes)


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
) -> RawTables:
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
    return RawTables(shape, tuple(several), tuple(notes))


def _has_answers(table: TextTable, form: Questionnaire, options: ReadOptions) -> bool:
    uses = uses_of(table, form, options, None)
    return any(use.role in {Role.QUESTION, Role.CHOICE, Role.PART} for use in uses)


def _sorted_by_name(
    tables: Sequence[TextTable], path: Path, options: ReadOptions, shape: str
) -> RawTables:
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
    return RawTables(shape, ((top, uses, None, None), *rest), notes)
