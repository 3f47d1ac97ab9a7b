"""DuckDB: Parquet and CSV, also larger than memory, on one machine.

>>> parquet = duckdb_source("rows.parquet", design)  # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import numpy as np
import pandas as pd

from survey_kit.design.design import Design
from survey_kit.design.engines import sql
from survey_kit.design.engines.whole_numbers import combinations
from survey_kit.design.source import CellSums, Source, Wanted
from survey_kit.errors import FileProblem, MissingExtra

READERS = {".parquet": "read_parquet", ".csv": "read_csv", ".gz": "read_csv", ".tsv": "read_csv"}
CELL_BITS = 20
"""Cells of small whole numbers are found by their place, without hashing, up to 2 to this."""
MANY = 1_000_000
"""Of fewer rows such places take longer to make than hashing does."""
MOST_PLACES = 40_000_000
"""How many sums are held at once, each in its place."""
BATCH = 100_000
"""How many rows are added to them at once."""
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
    """

    origin: str
    connection: Any
    head: pd.DataFrame
    floats: frozenset[str]

    @classmethod
    def over(cls, origin: str, connection: Any) -> DuckDB:
        """After a look at the first rows."""
        head = connection.execute(sql.select(origin, (), HEAD)).df()
        types = connection.execute(f"DESCRIBE {sql.select(origin, ())}").fetchall()
        floats = frozenset(str(row[0]) for row in types if row[1] in {"FLOAT", "DOUBLE"})
        return cls(origin, connection, head, floats)

    def sums(self, wanted: Wanted) -> CellSums:
        """Sums over the cells."""
        tables: dict[str, pd.DataFrame] = {}
        if wanted.patterns is not None:
            tables[sql.PATTERNS] = sql.pattern_table(wanted.patterns)
        placed = self._placed(wanted) if _has_places(wanted) else None
        if placed is not None:
            return sql.answer(placed, wanted)
        found = self.frame(sql.query(self.origin, wanted, self.floats), tables)
        return sql.answer(found, wanted)

    def _placed(self, wanted: Wanted) -> pd.DataFrame | None:
        """Sums of rows, each added to the place of its cell as it is read; None if one has none.

        For as many cells as half the rows this is twice as quick as grouping them, in half
        the memory; and the same to the last digit at every run.
        """
        letters = ["w1", *(f"f{place}" for place in range(len(wanted.numbers)))]
        sums = np.zeros((len(letters), combinations(wanted.whole)))
        query, outside = self.connection.sql(sql.placed(self.origin, wanted)), 0
        for batch in query.to_arrow_reader(BATCH):
            place = batch.column(0)
            outside += place.null_count
            if outside:
                continue  # to the end, as the connection is of no use before
            for number, total in enumerate(sums, start=1):
                np.add.at(total, place.to_numpy(), batch.column(number).to_numpy())
        if outside:
            return None
        held = np.flatnonzero(sums[0])
        columns = {letter: total[held] for letter, total in zip(letters, sums, strict=True)}
        return pd.DataFrame({sql.CELL: held.astype(np.int32), **columns})

    def rows(self, columns: Sequence[str]) -> pd.DataFrame:
        """All rows, of a few columns, in their order."""
        return self.frame(sql.select(self.origin, columns))

    def write(self, wanted: Wanted, weight: str, path: Path) -> None:
        """The columns of all rows in their order, and their weight, as Parquet."""
        query = sql.weights(self.origin, wanted, weight)
        self.connection.execute(
            f"COPY ({query}) TO {sql.literal(str(path))} (FORMAT parquet, PARQUET_VERSION v2)"
        )

    def frame(self, query: str, tables: Mapping[str, pd.DataFrame] | None = None) -> pd.DataFrame:
        """What a query finds, given tables it joins by name."""
        for name, table in (tables or {}).items():
            self.connection.register(name, table)
        try:
            return self.connection.execute(query).df()
        finally:
            for name in tables or {}:
                self.connection.unregister(name)


def _has_places(wanted: Wanted) -> bool:
    """Whether every cell has a place of its own in a table of sums."""
    size = combinations(wanted.whole) * (1 + len(wanted.numbers))
    return (
        bool(wanted.whole)
        and len(wanted.whole) == len(wanted.cells)
        and wanted.lean
        and wanted.weight is not None
        and size <= MOST_PLACES
    )


def duckdb_source(
    path: Path | str,
    design: Design,
    *,
    categories: Mapping[str, Sequence[str]] | None = None,
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
    memory, threads
        The most memory to use, such as "2GB", and threads; None for DuckDB's own choice. What does
        not fit goes to temporary files.

    Raises
    ------
    MissingExtra
        If duckdb is not installed.
    FileProblem
        If the file is missing, or cannot be read.
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
    origin = f"{reader}({sql.literal(str(place))})"
    try:
        engine = DuckDB.over(origin, connection)
        if reader == "read_parquet":  # whose metadata count rows, and tell which numbers are small
            counted = connection.execute(f"SELECT COUNT(*) FROM {origin}").fetchall()  # noqa: S608
            if counted[0][0] >= MANY:
                connection.execute(f"SET perfect_ht_threshold = {CELL_BITS}")
    except duckdb.Error as error:
        missing = isinstance(error, duckdb.IOException) and not place.exists()
        what = "there is no such file" if missing else "it cannot be read as what its suffix says"
        raise FileProblem(place.name, what, "Check the path and the export.") from error
    return Source(engine, design, categories or {})
