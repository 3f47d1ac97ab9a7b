"""Parquet: what survey_kit writes comes back whole, what others write as any other table.

Beside a column ``q`` survey_kit writes ``q__absence``, why its cells are empty, and that is taken as
it stands. A file of others has columns of answers only; why a cell is empty is then found as in a
CSV file. Values are spelt as a form would spell them before they are read, so that a code held as a
number is the code, and one held as text stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

import numpy as np
import pandas as pd

from survey_kit.errors import FileProblem
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.as_text import as_text
from survey_kit.responses.assemble import repeat_levels
from survey_kit.responses.model import Absence, Responses, Rows
from survey_kit.responses.read import Reader, ReadOptions
from survey_kit.responses.readers.related import Export, OfRepeat, read_export
from survey_kit.responses.readers.table import uses_of
from survey_kit.responses.readers.text_table import TextTable
from survey_kit.responses.writer import path_of_repeat
from survey_kit.responses.writers.parquet import ABSENCE, META

SUFFIXES = frozenset({".parquet", ".pq"})
MAGIC = b"PAR1"
ABOUT = {"version": "__version__", "submitted": "_submission_time"}


def _is_parquet(path: Path) -> bool | str:
    if path.suffix.lower() not in SUFFIXES or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC or "its suffix says Parquet, but it is no such file"


def _read(path: Path, questionnaire: Questionnaire, options: ReadOptions) -> Responses:
    table, why = _table(path, "", ["interview"])
    rows_of: dict[str, OfRepeat] = {}
    inside: dict[str, pd.DataFrame] = {}
    for name in questionnaire.repeats:
        beside = path_of_repeat(path, name)
        if beside.is_file():
            levels = repeat_levels(questionnaire, name)
            rows, inside[name] = _table(beside, beside.name, levels)
            rows_of[name] = OfRepeat(rows, uses_of(rows, questionnaire, options, name))
    uses = uses_of(table, questionnaire, options, None)
    read = read_export(Export(path.name, "parquet", table, uses, rows_of), questionnaire, options)
    return _with_absence(read, why, inside)


def _table(path: Path, name: str, levels: Sequence[str]) -> tuple[TextTable, pd.DataFrame]:
    """A file as a table of text, and why its cells are empty: a column for each that says so.

    What it says is indexed by `levels`, the columns that name a row; nothing is there where the
    file lacks them, or names two rows alike.
    """
    # pyarrow has no type stubs.
    pa: Any = import_module("pyarrow")
    parquet: Any = import_module("pyarrow.parquet")
    try:
        whole = cast("pd.DataFrame", parquet.read_table(path).to_pandas())
    except (pa.ArrowException, OSError) as error:
        raise FileProblem(
            path.name, "it is damaged, or cut short", "Copy or export it again"
        ) from error
    if not len(whole.columns) or (not len(whole) and not name):
        raise FileProblem(path.name, "it has no rows", "Export it again")
    whole = whole.reset_index() if whole.index.names != [None] else whole
    named = set(map(str, whole.columns))
    saying = {
        column
        for column in named
        if column.endswith(ABSENCE) and column.removesuffix(ABSENCE) in named
    }
    cells: dict[int, pd.Series] = {}
    header: list[str] = []
    for column in map(str, whole.columns):
        if column not in saying:
            cells[len(header)] = _spelt(whole[column], path.name, column)
            header.append(column)
    notes = (f"columns that say why cells are empty, taken as they are: {len(saying)}",)
    spelt = tuple(_own(column) for column in header)
    table = TextTable(name, tuple(header), pd.DataFrame(cells), notes if saying else (), spelt)
    if not saying or not named.issuperset(levels) or bool(whole.duplicated(list(levels)).any()):
        return table, pd.DataFrame()
    why = pd.DataFrame(
        {column.removesuffix(ABSENCE): _reasons(whole[column], path.name) for column in saying}
    )
    return table, why.set_index([whole[level].to_numpy() for level in levels])


def _own(column: str) -> str:
    """What survey_kit calls `meta__version`, as other exports would spell it."""
    if not column.startswith(META):
        return column
    name = column.removeprefix(META)
    return ABOUT.get(name, f"_{name}")


def _reasons(series: pd.Series, file: str) -> pd.Series:
    known = [each.value for each in Absence]
    if not bool(series.isin(known).all()):
        raise FileProblem(
            f"{file}, column {series.name}",
            f"it holds other numbers than {known[0]} to {known[-1]}",
            "Write the file again, or take the column out",
        )
    return series.astype("int8").reset_index(drop=True)


def _spelt(series: pd.Series, file: str, column: str) -> pd.Series:
    """A column as text, "" where a cell is empty."""
    series = series.reset_index(drop=True)
    kind = series.dtype
    if pd.api.types.is_bool_dtype(kind):
        words = pd.Series(np.where(series, "TRUE", "FALSE"), dtype="str")
    elif pd.api.types.is_numeric_dtype(kind):
        words = as_text(series.astype("float64"), Storage.DECIMAL)
        if pd.api.types.is_integer_dtype(kind):
            words = series.astype("str").mask(series.isna())
    elif isinstance(kind, pd.DatetimeTZDtype) or pd.api.types.is_datetime64_any_dtype(kind):
        if isinstance(kind, pd.DatetimeTZDtype):
            series = series.dt.tz_localize(None)
        words = as_text(series, Storage.DATETIME)
    else:
        words = pd.Series([_cell(cell, file, column) for cell in series], dtype="str")
    return words.fillna("").astype("str")


def _cell(cell: object, file: str, column: str) -> str:
    match cell:
        case str():
            return cell
        case None:
            return ""
        case float() if np.isnan(cell):
            return ""
        case list() | tuple() | np.ndarray():
            return " ".join(map(str, cast("Sequence[object]", cell)))
        case bytes() | dict():
            raise FileProblem(
                f"{file}, column {column}",
                "its cells are neither text nor numbers nor dates nor lists of them",
                "Write the column as text, or take it out",
            )
        case _:
            return "" if cell is pd.NaT or cell is pd.NA else str(cell)


def _with_absence(
    read: Responses, why: pd.DataFrame, inside: Mapping[str, pd.DataFrame]
) -> Responses:
    """What the files say of empty cells, in the place of what was found by going through the form."""
    repeats = {
        name: replace(rows, absence=_over(rows, inside[name])) if name in inside else rows
        for name, rows in read.repeats.items()
    }
    absence = _over(Rows(read.frame, read.absence), why)
    return replace(read, absence=absence, repeats=MappingProxyType(repeats))


def _over(rows: Rows, said: pd.DataFrame) -> pd.DataFrame:
    """Why cells are empty, as the file has it; an empty cell that it calls an answer stays empty."""
    if said.empty:
        return rows.absence
    there = said.index.get_indexer(rows.absence.index)
    changed: dict[str, pd.Series] = {}
    for key in map(str, said.columns):
        if key in rows.absence.columns:
            reasons = np.append(said[key].to_numpy(dtype=np.int8), np.int8(0))[there]
            empty = rows.frame[key].isna().to_numpy()
            fits = (there >= 0) & ((reasons != Absence.PRESENT.value) | ~empty)
            own = rows.absence[key].to_numpy(dtype=np.int8)
            changed[key] = pd.Series(np.where(fits, reasons, own), index=rows.absence.index)
    return rows.absence.assign(**changed) if changed else rows.absence


PARQUET = Reader(
    name="parquet",
    title="a .parquet file",
    recognises=_is_parquet,
    read=_read,
)
