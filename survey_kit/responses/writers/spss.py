"""SPSS .sav: numbers with labels, and why an answer is absent as declared missing values.

Missing values are -1001 (not asked) to -1006 (could not be read), moved out of the way
where a column holds such numbers itself. SPSS leaves them out of every percentage unless
told otherwise, and shows their labels.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from survey_kit.responses.model import Absence, Responses
from survey_kit.responses.writer import Writer
from survey_kit.responses.writers.labelled import (
    REASONS,
    Column,
    Kind,
    Limits,
    Table,
    columns,
    labels_within,
    names_within,
    tables,
)

LIMITS = Limits(
    name=64,
    variable_label=256,
    value_label=120,
    in_bytes=True,
    reserved=frozenset(
        {"ALL", "AND", "BY", "EQ", "GE", "GT", "LE", "LT", "NE", "NOT", "OR", "TO", "WITH"}
    ),
)
LONGEST_NOTE = 80
SHIFTS = (-1_000, -10_000, -1_000_000, -1_000_000_000)


def _write(responses: Responses, path: Path, language: str) -> tuple[str, ...]:
    return tuple(
        f"{table.said_before}{note}"
        for table in tables(responses, path, language)
        for note in _write_table(table)
    )


def _write_table(table: Table) -> tuple[str, ...]:
    # pyreadstat's own annotations do not know pandas.
    pyreadstat: Any = import_module("pyreadstat")

    made, said = columns(table)
    given, renamed = names_within(made, LIMITS)
    labels, values, cut = labels_within(made, given, LIMITS)
    data: dict[str, pd.Series] = {}
    ranges: dict[str, list[dict[str, float]]] = {}
    for position, column in enumerate(made):
        name = given[position]
        shift = _shift(column)
        data[name] = _values(column, shift)
        missing = sorted(set(column.absence.tolist()) - {Absence.PRESENT.value})
        if column.kind is Kind.NUMBER and missing:
            ranges[name] = [{"lo": shift - max(Absence), "hi": shift - Absence.NOT_ASKED}]
            named = {shift - why: REASONS[Absence(why)] for why in missing}
            values[name] = {**values.get(name, {}), **named}
    pyreadstat.write_sav(
        pd.DataFrame(data),
        table.path,
        file_label=cut_to(table.questionnaire.text(table.questionnaire.title, table.language), 64),
        column_labels=labels,
        variable_value_labels={name: _floats(each) for name, each in values.items()},
        missing_ranges=ranges,
        variable_measure={
            given[position]: "nominal" if column.nominal or column.kind is Kind.TEXT else "scale"
            for position, column in enumerate(made)
        },
        variable_format={
            given[position]: _format(column)
            for position, column in enumerate(made)
            if column.kind is Kind.NUMBER
        },
        note=_lines(said),
    )
    return (*said, *renamed, *cut)


def _shift(column: Column) -> int:
    """Where the block of missing values begins: where the column has no number of its own."""
    if column.kind is not Kind.NUMBER:
        return SHIFTS[0]
    held = column.answers.to_numpy(dtype=np.float64)
    for shift in SHIFTS:
        inside = (held >= shift - max(Absence)) & (held <= shift - 1)
        named = any(shift - max(Absence) <= number <= shift - 1 for number in column.labels)
        if not inside.any() and not named:
            return shift
    return SHIFTS[-1]


def _values(column: Column, shift: int) -> pd.Series:
    match column.kind:
        case Kind.NUMBER:
            gone = column.absence != Absence.PRESENT
            answers = column.answers.to_numpy(dtype=np.float64)
            return pd.Series(np.where(gone, shift - column.absence.astype(np.float64), answers))
        case Kind.TEXT:
            return column.answers.fillna("").astype(object)
        case Kind.DAY:
            return column.answers.dt.date.astype(object).where(column.answers.notna(), None)
        case Kind.MOMENT:
            return column.answers


def _format(column: Column) -> str:
    held = column.answers.dropna().to_numpy(dtype=np.float64)
    return "F12.0" if not bool(np.mod(held, 1).any()) else "F16.6"


def _floats(labels: dict[int, str]) -> dict[float, str]:
    return {float(number): text for number, text in labels.items()}


def _lines(notes: Sequence[str]) -> list[str]:
    """Notes as the documents of a .sav hold them: lines of at most 80 bytes."""
    lines: list[str] = []
    for note in notes:
        line = ""
        for word in note.split():
            longer = f"{line} {word}".strip()
            if len(longer.encode()) > LONGEST_NOTE and line:
                lines.append(line)
                longer = word
            line = cut_to(longer, LONGEST_NOTE)
        lines.append(line)
    return lines


def cut_to(text: str, most: int) -> str:
    """A text of at most so many bytes."""
    return text.encode()[:most].decode(errors="ignore")


SPSS = Writer(name="sav", suffix=".sav", write=_write)
