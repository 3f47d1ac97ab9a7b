"""The query that sums rows over cells: one text, in ANSI SQL, for every engine.

Names stand in double quotes, and nothing is used that one engine has and another lacks.
Missing is NULL, and NaN is missing too: `NULLIF(x, NaN)`, as in SQL NaN equals itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd

from survey_kit.design.engines.places import Axis
from survey_kit.design.engines.whole_numbers import LARGEST_KEY, Range, apart, whole_numbers
from survey_kit.design.sample import floats_of
from survey_kit.design.stage import Floats
from survey_kit.design.wanted import CellSums, Classes, Patterns, Wanted

PATTERNS = "survey_kit_patterns"
"""What the table of patterns is called while a query runs."""

KEY = "pattern key"
CELL = "cell key"
NAN = "CAST('NaN' AS DOUBLE)"


def quoted(name: str) -> str:
    """A name as SQL has it."""
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def literal(value: object) -> str:
    """A category as SQL has it."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return f"CAST({value!r} AS DOUBLE)"
    doubled = str(value).replace("'", "''")
    return f"'{doubled}'"


def column(name: str, floats: Collection[str]) -> str:
    """A column, its NaN missing."""
    return f"NULLIF(CAST({quoted(name)} AS DOUBLE), {NAN})" if name in floats else quoted(name)


def number(name: str) -> str:
    """A column as a double, its NaN missing."""
    return f"NULLIF({_double(name)}, {NAN})"


def _double(name: str) -> str:
    return f"CAST({quoted(name)} AS DOUBLE)"


def class_of(classes: Classes) -> str:
    """How many cuts lie below a number."""
    y = number(classes.column)
    cases = "".join(
        f" WHEN {y} <= CAST({cut!r} AS DOUBLE) THEN {place}"
        for place, cut in enumerate(classes.cuts)
    )
    return f"CASE WHEN {y} IS NULL THEN NULL{cases} ELSE {len(classes.cuts)} END"


def weight(wanted: Wanted) -> str:
    """The weight of a row, as it was or raked."""
    return _raked("CAST(1 AS DOUBLE)" if wanted.weight is None else number(wanted.weight), wanted)


def _raked(text: str, wanted: Wanted) -> str:
    """A weight times its factors."""
    for name, factors in wanted.factors:
        cases = " ".join(
            f"WHEN {literal(value)} THEN CAST({factor!r} AS DOUBLE)" for value, factor in factors
        )
        text = f"{text} * CASE {quoted(name)} {cases} END"
    return text


def query(origin: str, wanted: Wanted, floats: Collection[str]) -> str:
    """SELECT sums over cells FROM rows.

    Parameters
    ----------
    origin
        What follows FROM: a table, or a function that reads files.
    floats
        Columns that may hold NaN.
    """
    plain, classes = _plain(wanted), dict(wanted.classes)
    cells = list(plain)
    inner = [
        f"{class_of(classes[name]) if name in classes else column(name, floats)} AS {alias}"
        for alias, name in plain.items()
    ]
    if wanted.whole:
        inner.append(f"CAST({_key(wanted.whole, '')} AS INTEGER) AS {quoted(CELL)}")
        cells.append(quoted(CELL))
    inner.append(f"{weight(wanted)} AS w")
    outer = [*cells] if wanted.lean and wanted.weight is not None else [*cells, "COUNT(*) AS n"]
    if wanted.patterns is not None:
        return _of_patterns(origin, wanted, wanted.patterns, inner, outer)
    if wanted.weight is not None:
        outer.append("SUM(w) AS w1")
        if not wanted.lean:
            outer += ["SUM(w * w) AS w2", "MIN(COALESCE(w, 0)) AS lowest"]
        if wanted.highest:
            outer.append("MAX(w) AS highest")
    shifted, summed = _numbers(wanted)
    inner += shifted
    outer += summed
    if wanted.numbers and not wanted.lean:
        missing = " OR ".join(f"{number(name)} IS NULL" for name in wanted.numbers)
        inner.append(f"CASE WHEN {missing} THEN 0 ELSE 1 END AS answered")
        cells.append("answered")
        outer.append("answered")
    if wanted.complete:
        missing = " OR ".join(f"{column(name, floats)} IS NULL" for name in wanted.complete)
        inner.append(f"CASE WHEN {missing} THEN 1 ELSE 0 END AS gap")
        outer.append("SUM(gap) AS gaps")
    return _select(inner, outer, origin, cells)


def placed(origin: str, wanted: Wanted, *axes: Sequence[Axis]) -> str:
    """SELECT places, weight and numbers of every row, to be summed by whoever asks.

    Parameters
    ----------
    axes
        Of each table, what its places are combinations of.
    """
    inner = [f"{_place(each)} AS k{number}" for number, each in enumerate(axes)]
    if wanted.weight is not None:
        inner.append(f"{_raked(_double(wanted.weight), wanted)} AS w")
    for place, (name, shift) in enumerate(zip(wanted.numbers, wanted.shift, strict=True)):
        inner.append(f"{_double(name)} - CAST({shift!r} AS DOUBLE) AS y{place}")
    return f"SELECT {', '.join(inner)} FROM {origin}"  # noqa: S608 - names are quoted


def _place(axes: Sequence[Axis]) -> str:
    """The place of a row; missing where one of its numbers is outside its range."""
    key, inside = "0", list[str]()
    for axis in axes:
        own = quoted(axis.column)
        there = f"{own} BETWEEN {axis.lowest} AND {axis.last - 1}"
        kind = "INTEGER" if axis.lowest >= -LARGEST_KEY and axis.last < LARGEST_KEY else "BIGINT"
        part = f"CAST(CAST({own} AS {kind}) - {axis.lowest} AS INTEGER)"
        if axis.gaps:
            there, part = f"({own} IS NULL OR {there})", f"COALESCE({part}, {axis.span})"
        key = f"({key} * {axis.size} + ({part}))"
        inside.append(there)
    return f"CASE WHEN {' AND '.join(inside)} THEN {key} END" if inside else key


def _numbers(wanted: Wanted) -> tuple[list[str], list[str]]:
    """The numbers of a row, and the sums of them that are wanted."""
    inner: list[str] = []
    outer: list[str] = []
    for place, (name, shift) in enumerate(zip(wanted.numbers, wanted.shift, strict=True)):
        inner.append(f"{number(name)} - CAST({shift!r} AS DOUBLE) AS y{place}")
        outer.append(f"SUM(w * y{place}) AS f{place}")
        if wanted.plain:
            outer.append(f"SUM(y{place}) AS p{place}")
        if wanted.squared:
            outer.append(f"SUM(w * w * y{place}) AS q{place}")
    for place, (i, j) in enumerate(wanted.pairs):
        outer.append(f"SUM(w * y{i} * y{j}) AS s{place}")
        if wanted.squared:
            outer.append(f"SUM(w * w * y{i} * y{j}) AS d{place}")
    return inner, outer


def _of_patterns(
    origin: str, wanted: Wanted, patterns: Patterns, inner: list[str], outer: list[str]
) -> str:
    """SELECT sums of the numbers of patterns."""
    ranges = _ranges(patterns)
    whole = {name for name, _, _ in ranges}
    pairs = [
        f"o.{quoted(name)} = p.{quoted(f'pattern {place}')}"
        for place, name in enumerate(patterns.columns)
        if name not in whole
    ]
    if whole:
        pairs.append(f"{_key(ranges, 'o.')} = p.{quoted(KEY)}")
    cells = outer[: len(_plain(wanted)) + bool(wanted.whole)]
    for place, name in enumerate(wanted.numbers):
        inner.append(f"COALESCE({quoted(name)}, 0) AS y{place}")
        outer.append(f"SUM(w * y{place}) AS f{place}")
    joined = f"{origin} AS o LEFT JOIN {quoted(PATTERNS)} AS p ON {' AND '.join(pairs)}"
    return _select(inner, outer, joined, cells)


def _select(inner: Sequence[str], outer: Sequence[str], origin: str, cells: Sequence[str]) -> str:
    grouped = f" GROUP BY {', '.join(cells)}" if cells else ""
    rows = f"SELECT {', '.join(inner)} FROM {origin}"  # noqa: S608 - names are quoted
    return f"SELECT {', '.join(outer)} FROM ({rows}) AS t{grouped}"  # noqa: S608 - as above


def pattern_table(patterns: Patterns) -> pd.DataFrame:
    """The table of patterns, under names that no column of the data has."""
    names = {name: f"pattern {place}" for place, name in enumerate(patterns.columns)}
    table, ranges = patterns.table.rename(columns=names), _ranges(patterns)
    if not ranges:
        return table
    key = np.zeros(len(table), dtype=np.int64)
    for name, lowest, span in ranges:
        key = key * span + patterns.table[name].to_numpy(dtype=np.int64) - lowest
    return table.drop(columns=[names[name] for name, _, _ in ranges]).assign(**{KEY: key})


def _ranges(patterns: Patterns) -> tuple[Range, ...]:
    """Of the columns of whole numbers that are joined by as one number, which is quicker."""
    return whole_numbers(patterns.table[name] for name in patterns.columns)


def _key(ranges: Sequence[Range], of: str) -> str:
    """The one number that stands for several; missing where one is outside its range."""
    key, inside = "0", list[str]()
    for name, lowest, span in ranges:
        own = f"{of}{quoted(name)}"
        key = f"({key} * {span} + CAST({own} AS BIGINT) - {lowest})"
        inside.append(f"{own} BETWEEN {lowest} AND {lowest + span - 1}")
    return f"CASE WHEN {' AND '.join(inside)} THEN {key} END"


def _plain(wanted: Wanted) -> dict[str, str]:
    """The cells that are summed over as they are, by what they are called in a query."""
    whole = {name for name, _, _ in wanted.whole}
    every = enumerate(wanted.cells)
    return {f"c{place}": name for place, name in every if name not in whole}


def weights(origin: str, wanted: Wanted, name: str) -> str:
    """SELECT columns and the weight of every row FROM rows."""
    columns = [quoted(column) for column in wanted.cells]
    columns.append(f"{weight(wanted)} AS {quoted(name)}")
    return f"SELECT {', '.join(columns)} FROM {origin}"  # noqa: S608 - names are quoted


def answer(
    frame: pd.DataFrame, wanted: Wanted, cells: Mapping[str, pd.Series] | None = None
) -> CellSums:
    """What came back, under its own names.

    Parameters
    ----------
    cells
        The cells, where they are not in the frame.
    """
    m, q = len(frame), len(wanted.numbers)
    if cells is None:
        plain = _plain(wanted)
        data = frame[list(plain)].set_axis(list(plain.values()), axis=1)
        if wanted.whole:
            data = data.assign(**apart(frame[CELL], wanted.whole))[list(wanted.cells)]
    else:
        data = pd.DataFrame(dict(cells), index=frame.index)
    weighed = wanted.weight is not None and wanted.patterns is None
    unknown, one = np.broadcast_to(np.nan, (m,)), np.broadcast_to(1.0, (m,))
    people = floats_of(frame["n"]) if "n" in frame else unknown

    def several(letter: str, size: int, *, there: bool = True) -> Floats:
        if not size or not there:
            return np.zeros((m, size))
        return np.column_stack([floats_of(frame[f"{letter}{place}"]) for place in range(size)])

    return CellSums(
        data=data,
        people=people,
        weighed=floats_of(frame["w1"]) if weighed else people,
        squares=(unknown if wanted.lean else floats_of(frame["w2"])) if weighed else people,
        lowest=(unknown if wanted.lean else floats_of(frame["lowest"])) if weighed else one,
        highest=floats_of(frame["highest"]) if weighed and wanted.highest else np.ones(m),
        incomplete=int(floats_of(frame["gaps"]).sum()) if "gaps" in frame else 0,
        answered=(
            frame["answered"].to_numpy() == 1 if "answered" in frame else np.ones(m, dtype=bool)
        ),
        plain=several("p", q, there=wanted.plain),
        first=several("f", q),
        squared=several("q", q, there=wanted.squared),
        second=several("s", len(wanted.pairs)),
        spread=several("d", len(wanted.pairs), there=wanted.squared),
    )


def select(origin: str, columns: Sequence[str], limit: int | None = None) -> str:
    """SELECT columns FROM rows, the first so many."""
    names = ", ".join(quoted(name) for name in columns) if columns else "*"
    return f"SELECT {names} FROM {origin}{'' if limit is None else f' LIMIT {limit}'}"  # noqa: S608 - names are quoted
