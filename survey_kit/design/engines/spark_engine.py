"""Apache Spark: tables and files on a cluster, summed by the same SQL as elsewhere."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from survey_kit.design.design import Design
from survey_kit.design.engines import sql
from survey_kit.design.source import Source
from survey_kit.design.wanted import CellSums, Wanted

HEAD = 1000
ANSI = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.ansi.doubleQuotedIdentifiers": "true",
}


@dataclass(frozen=True, eq=False)
class Spark:
    """Rows that Spark reads.

    origin
        What follows FROM: the name of a table or view.
    session
        A SparkSession. While a query runs it speaks ANSI SQL, then what it spoke before.
    head
        The first rows, with all columns.
    floats
        The columns that may hold NaN.
    """

    origin: str
    session: Any
    head: pd.DataFrame
    floats: frozenset[str]

    def sums(self, wanted: Wanted) -> CellSums:
        """Sums over the cells."""
        query = sql.query(self.origin, wanted, self.floats)
        if wanted.patterns is None:
            return sql.answer(self.frame(query), wanted)
        table = sql.pattern_table(wanted.patterns)
        rows = [tuple(row) for row in table.astype(object).itertuples(index=False)]
        joined = self.session.createDataFrame(rows, list(table.columns))
        joined.createOrReplaceTempView(sql.PATTERNS)
        try:
            return sql.answer(self.frame(query), wanted)
        finally:
            self.session.catalog.dropTempView(sql.PATTERNS)

    def crossed(self, wanted: Wanted, outer: Sequence[str]) -> None:
        """Nothing: it would be no quicker than two readings."""

    def rows(self, columns: Sequence[str]) -> pd.DataFrame:
        """All rows, of a few columns, in the order in which Spark reads them."""
        return self.frame(sql.select(self.origin, columns))

    def write(self, wanted: Wanted, weight: str, path: Path) -> None:
        """The columns of all rows and their weight, as a folder of Parquet files."""
        with _ansi(self.session):
            self.session.sql(sql.weights(self.origin, wanted, weight)).write.parquet(str(path))

    def frame(self, query: str) -> pd.DataFrame:
        """What a query finds."""
        with _ansi(self.session):
            return _collected(self.session.sql(query))


def spark_source(
    session: object,
    table: str,
    design: Design,
    *,
    categories: Mapping[str, Sequence[str]] | None = None,
) -> Source:
    """Rows of a table or view of a SparkSession.

    Raises
    ------
    DesignError
        See `Source`.
    """
    spark: Any = session
    origin = ".".join(sql.quoted(part) for part in table.split("."))
    with _ansi(spark):
        rows = spark.sql(sql.select(origin, ()))
        floats = frozenset(str(name) for name, kind in rows.dtypes if kind in {"float", "double"})
        head = _collected(rows.limit(HEAD))
    return Source(Spark(origin, spark, head, floats), design, categories or {})


@contextmanager
def _ansi(session: Any) -> Generator[None]:
    """While a query runs, names stand in double quotes and arithmetic does not wrap around."""
    before = {name: session.conf.get(name, None) for name in ANSI}
    for name, value in ANSI.items():
        session.conf.set(name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                session.conf.unset(name)
            else:
                session.conf.set(name, value)


def _collected(rows: Any) -> pd.DataFrame:
    """Rows as a frame of pandas: a column for each, its missing values None or NaN."""
    found = rows.collect()
    columns: dict[str, Any] = {}
    for place, (name, kind) in enumerate(rows.dtypes):
        values = [row[place] for row in found]
        number = kind in {"double", "float", "bigint", "int", "smallint", "tinyint"}
        gaps = any(value is None for value in values)
        columns[name] = (
            pd.Series(values, dtype=("float64" if gaps or kind in {"double", "float"} else "int64"))
            if number
            else pd.Series(values, dtype=object)
        )
    return pd.DataFrame(columns)
