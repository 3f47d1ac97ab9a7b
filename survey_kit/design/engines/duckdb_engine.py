"""DuckDB: Parquet and CSV, also larger than memory, on one machine.

>>> parquet = duckdb_source("rows.parquet", design)  # doctest: +SKIP
"""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import pandas as pd

from survey_kit.design.design import Design
from survey_kit.design.engines import sql
from survey_kit.design.engines.places import (
    FEW,
    Axis,
    CrossTables,
    Table,
    fitting,
    floats,
    letters,
    places,
)
from survey_kit.design.source import Source
from survey_kit.design.wanted import CellSums, Crossed, Wanted
from survey_kit.errors import FileProblem, MissingExtra

READERS = {".parquet": "read_parquet", ".csv": "read_csv", ".gz": "read_csv", ".tsv": "read_csv"}
MOST_PLACES = 40_000_000
"""How many sums are held at once, each in its place."""
BATCH = 200_000
"""How many rows are added to them at once."""
WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT")
"""Types of whole numbers."""
MANY_SUMS = 12
"""More sums than these are added up as quickly by DuckDB, which does several at once."""
LINE = re.compile(r"CSV Error on Line: (\d+)")
CONVERTED = re.compile(r'Error when converting column "(.+?)".*? to \'(\w+)\'', re.DOTALL)
KINDS = {"BIGINT": "whole number", "DOUBLE": "number", "BOOLEAN": "true or false", "DATE": "date"}
SPARSE = 40
"""How many places with a sum of weights there may be for a row."""
UNKNOWN = 1_000_000
"""How many rows a file is taken to have that does not say."""
HEAD = 1000
"""How many rows are looked at to see about where numbers are."""


@dataclass(frozen=True, eq=False)
class DuckDB:
    """Rows that DuckDB reads.

    origin
        What follows FROM: ``read_parquet('rows.parquet')``, or a table or view.
    connection
        An open connection of the package duckdb.
    head
        The first rows, with all columns.
    floats
        The columns that may hold NaN.
    whole
        The columns known to hold a few whole numbers, from the statistics of the file.
    counted
        How many rows there are, as far as it is known without reading them.
    name
        What to call it where it cannot be read.
    """

    origin: str
    connection: Any
    head: pd.DataFrame
    floats: frozenset[str]
    whole: Mapping[str, Axis] = field(default_factory=dict[str, Axis])
    counted: int = UNKNOWN
    name: str = "data"

    @classmethod
    def over(
        cls, origin: str, connection: Any, *, parquet: str | None = None, name: str = "data"
    ) -> DuckDB:
        """After a look at the first rows, and at the statistics of Parquet files."""
        head = connection.execute(sql.select(origin, (), HEAD)).df()
        types = connection.execute(f"DESCRIBE {sql.select(origin, ())}").fetchall()
        floats = frozenset(str(row[0]) for row in types if row[1] in {"FLOAT", "DOUBLE"})
        if parquet is None:
            return cls(origin, connection, head, floats, name=name)
        names = [str(row[0]) for row in types if row[1] in WHOLE]
        whole, counted = _statistics(connection, parquet, names)
        return cls(origin, connection, head, floats, whole, counted, name)

    def sums(self, wanted: Wanted) -> CellSums:
        """Sums over the cells."""
        axes = self._axes(wanted, wanted.cells)
        if axes is not None:
            table = Table(wanted, axes)
            if self._added(wanted, table):
                return sql.answer(table.frame(), wanted, table.cells())
        tables: dict[str, pd.DataFrame] = {}
        if wanted.patterns is not None:
            tables[sql.PATTERNS] = sql.pattern_table(wanted.patterns)
        found = self.frame(sql.query(self.origin, wanted, self.floats), tables)
        return sql.answer(found, wanted)

    def crossed(self, wanted: Wanted, outer: Sequence[str]) -> Crossed | None:
        """Sums over the cells, and with them over further columns: see `Engine`."""
        inner = self._axes(wanted, wanted.cells, several=MOST_PLACES)
        across = self._axes(wanted, outer, several=MOST_PLACES)
        if inner is None or across is None or wanted.weight is None:
            return None
        q = len(wanted.numbers)
        size = places(inner) * places(across)
        if size * (1 + q) > MOST_PLACES or size > max(FEW, SPARSE * self.counted):
            return None
        table, both = Table(wanted, inner), CrossTables(inner, across, q)
        if not self._added(wanted, table, both):
            return None
        sums = sql.answer(table.frame(), wanted, table.cells())
        return Crossed(sums, table.column, both.rows(), both.weighed, both.answered, both.first)

    def _added(self, wanted: Wanted, table: Table, both: CrossTables | None = None) -> bool:
        """Add every row to the place of its cell as it is read; whether each has one."""
        across = () if both is None else (both.across,)
        query = self.connection.sql(sql.placed(self.origin, wanted, table.axes, *across))
        inside = True
        for batch in self._batches(query):
            keys = [batch.column(number) for number in range(1 + len(across))]
            inside = inside and not any(key.null_count for key in keys)
            if not inside:
                continue  # to the end, as the connection is of no use before
            place, *outer = (key.to_numpy() for key in keys)
            values = [floats(column) for column in batch.columns[len(keys) :]]
            w = values.pop(0) if wanted.weight is not None else None
            table.add(place, w, values)
            if both is not None and w is not None:
                both.add(outer[0], place, w, values)
        return inside

    def _batches(self, query: Any) -> Generator[Any]:
        """What a query finds, some rows at a time."""
        with legible(self.name):
            yield from query.to_arrow_reader(BATCH)

    def _axes(
        self, wanted: Wanted, columns: Sequence[str], *, several: int = MANY_SUMS
    ) -> tuple[Axis, ...] | None:
        """What places for combinations of columns are made of; None if rows have none."""
        known = {**self.whole, **{each[0]: Axis(*each) for each in wanted.whole}}
        gapless = all(name in known and not known[name].gaps for name in wanted.complete)
        sums = len(letters(wanted))
        if wanted.patterns is not None or wanted.classes or not gapless or sums > several:
            return None
        return fitting(columns, known, rows=self.counted, tables=2 * sums, most=MOST_PLACES)

    def rows(self, columns: Sequence[str]) -> pd.DataFrame:
        """All rows, of a few columns, in their order."""
        return self.frame(sql.select(self.origin, columns))

    def write(self, wanted: Wanted, weight: str, path: Path) -> None:
        """The columns of all rows in their order, and their weight, as Parquet."""
        query = sql.weights(self.origin, wanted, weight)
        with legible(self.name):
            self.connection.execute(
                f"COPY ({query}) TO {sql.literal(str(path))} (FORMAT parquet, PARQUET_VERSION v2)"
            )

    def frame(self, query: str, tables: Mapping[str, pd.DataFrame] | None = None) -> pd.DataFrame:
        """What a query finds, given tables it joins by name."""
        for name, table in (tables or {}).items():
            self.connection.register(name, table)
        try:
            with legible(self.name):
                return self.connection.execute(query).df()
        finally:
            for name in tables or {}:
                self.connection.unregister(name)


def duckdb_source(
    path: Path | str,
    design: Design,
    *,
    categories: Mapping[str, Sequence[str]] | None = None,
    text: Sequence[str] = (),
    memory: str | None = None,
    threads: int | None = None,
) -> Source:
    """Rows in Parquet or CSV files.

    Parameters
    ----------
    path
        A file, or a pattern such as ``rounds/*.parquet`` for several that have the same
        columns.
    categories
        See `Source`.
    text
        Columns of CSV files that are text also where they look like numbers: what the others
        hold is concluded from the first rows.
    memory, threads
        The most memory to use, such as "2GB", and threads; None for DuckDB's own choice. What does
        not fit goes to temporary files.

    Raises
    ------
    MissingExtra
        If duckdb is not installed.
    FileProblem
        If the file is missing, or cannot be read; where a line is at fault, when it is reached.
    DesignError
        See `Source`.
    """
    try:
        duckdb: Any = import_module("duckdb")
    except ModuleNotFoundError as error:
        raise MissingExtra("files larger than memory", "duckdb", "scale") from error
    place = Path(path)
    reader = READERS.get(place.suffix.lower())
    if reader is None:
        raise FileProblem(place.name, "it is neither Parquet nor CSV", "Export it as one of them.")
    settings: dict[str, Any] = {"temp_directory": str(Path(gettempdir()) / "survey-kit-duckdb")}
    if memory is not None:
        settings["memory_limit"] = memory
    if threads is not None:
        settings["threads"] = threads
    connection = duckdb.connect(config=settings)
    connection.execute("SET enable_progress_bar = false")
    types = ", ".join(f"{sql.literal(name)}: 'VARCHAR'" for name in text)
    given = f", types={{{types}}}" if types and reader == "read_csv" else ""
    origin = f"{reader}({sql.literal(str(place))}{given})"
    try:
        parquet = sql.literal(str(place)) if reader == "read_parquet" else None
        engine = DuckDB.over(origin, connection, parquet=parquet, name=place.name)
    except duckdb.Error as error:
        missing = isinstance(error, duckdb.IOException) and not place.exists()
        what = "there is no such file" if missing else "it cannot be read as what its suffix says"
        raise FileProblem(place.name, what, "Check the path and the export.") from error
    return Source(engine, design, categories or {})


def _statistics(connection: Any, files: str, names: Sequence[str]) -> tuple[dict[str, Axis], int]:
    """Columns of whole numbers with their ranges, of those that every part of the files tells."""
    query = (
        "SELECT path_in_schema, COUNT(*), COUNT(stats_null_count), SUM(stats_null_count), "  # noqa: S608 - a quoted path
        "SUM(num_values), "
        "COUNT(TRY_CAST(stats_min_value AS BIGINT)), COUNT(TRY_CAST(stats_max_value AS BIGINT)), "
        "MIN(TRY_CAST(stats_min_value AS BIGINT)), MAX(TRY_CAST(stats_max_value AS BIGINT)) "
        f"FROM parquet_metadata({files}) GROUP BY path_in_schema"
    )
    rows = connection.execute(query).fetchall()
    counted = max((int(row[4]) for row in rows), default=0)
    whole: dict[str, Axis] = {}
    for name, parts, told, gaps, values, lows, highs, lowest, highest in rows:
        if name in names and told == lows == highs == parts and values == counted:
            span = int(highest) - int(lowest) + 1
            if span <= MOST_PLACES:
                whole[str(name)] = Axis(str(name), int(lowest), span, bool(gaps))
    return whole, counted


@contextmanager
def legible(name: str) -> Generator[None]:
    """Refuse a line of a CSV file that cannot be read, by its number and without what it says."""
    duckdb: Any = import_module("duckdb")
    try:
        yield
    except duckdb.Error as error:
        line = LINE.search(str(error))
        if line is None:
            raise
        column = CONVERTED.search(str(error))
        if column is None:
            what = "it has more or fewer values than the others, or a quote that is not closed"
            raise FileProblem(f"{name}, line {line[1]}", what, "Correct it.") from None
        raise FileProblem(
            f"{name}, line {line[1]}, column '{column[1]}'",
            f"a value is no {KINDS.get(column[2], 'value of the type')} as those before it",
            f"Correct it, or read the column as text: text=['{column[1]}'].",
        ) from None
