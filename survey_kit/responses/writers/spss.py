"""SPSS .sav: numbers with labels, and why an answer is absent as declared missing values.

Missing values are -1001 (not asked) to -1006 (could not be read) and -1007 (consent withdrawn), moved out of the way
where a column holds such numbers itself. SPSS leaves them out of every percentage unless
told otherwise, and shows their labels.

A question of several choices is a column for each choice, and a set of them, ``$water``, that SPSS
tabulates as one question. The choices that refuse an answer stay out of the set, so that its base
is the people who answered.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
    cut,
    labels_within,
    names_within,
    tables,
)
from survey_kit.responses.writers.response_sets import ResponseSet, add_response_sets

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
LONGEST_TEXT = 32_767
SHIFTS = (-1_000, -10_000, -1_000_000, -1_000_000_000)


def _write(responses: Responses, path: Path, language: str) -> tuple[str, ...]:
    return tuple(
        f"{table.said_before}{note}"
        for table in tables(responses, path, language)
        for note in _write_table(table)
    )


@dataclass(frozen=True, eq=False)
class Layout:
    """One table as SPSS is to hold it.

    made
        Its columns, and in `names` what each is called there, in the same order.
    labels, value_labels
        By the name there: the label of a column, and number -> what it means.
    shifts
        By the name there: the number before the block of missing values, where it has one.
    sets
        The questions of several choices.
    notes
        What was renamed, shortened or cannot be held.
    """

    made: tuple[Column, ...]
    names: tuple[str, ...]
    labels: dict[str, str]
    value_labels: dict[str, dict[int, str]]
    shifts: dict[str, int]
    sets: tuple[ResponseSet, ...]
    said: tuple[str, ...]
    notes: tuple[str, ...]


def laid_out(table: Table) -> Layout:
    """A table as SPSS is to hold it: names, labels and missing values within its limits."""
    made, said = columns(table)
    given, renamed = names_within(made, LIMITS)
    labels, values, shortened = labels_within(made, given, LIMITS)
    shifts: dict[str, int] = {}
    for position, column in enumerate(made):
        missing = sorted(set(column.absence.tolist()) - {Absence.PRESENT.value})
        if column.kind is Kind.NUMBER and missing:
            name = given[position]
            shifts[name] = _shift(column)
            named = {shifts[name] - why: REASONS[Absence(why)] for why in missing}
            values[name] = {**values.get(name, {}), **named}
    names = tuple(given[position] for position in range(len(made)))
    sets = tuple(response_sets(table, made, given))
    return Layout(made, names, labels, values, shifts, sets, said, (*said, *renamed, *shortened))


def _write_table(table: Table) -> tuple[str, ...]:
    # pyreadstat's own annotations do not know pandas.
    pyreadstat: Any = import_module("pyreadstat")

    layout = laid_out(table)
    named = dict(zip(layout.names, layout.made, strict=True))
    texts, too_long = _texts_within(named)
    pyreadstat.write_sav(
        pd.DataFrame(
            {
                name: texts.get(name, _values(column, layout.shifts.get(name, 0)))
                for name, column in named.items()
            }
        ),
        table.path,
        file_label=cut_to(table.questionnaire.text(table.questionnaire.title, table.language), 64),
        column_labels=layout.labels,
        variable_value_labels={name: _floats(each) for name, each in layout.value_labels.items()},
        missing_ranges={
            name: [{"lo": shift - max(Absence), "hi": shift - Absence.NOT_ASKED}]
            for name, shift in layout.shifts.items()
        },
        variable_measure={name: measure(column) for name, column in named.items()},
        variable_format={
            name: _format(column) for name, column in named.items() if column.kind is Kind.NUMBER
        },
        note=_lines(layout.said),
        row_compress=True,
    )
    add_response_sets(table.path, layout.sets)
    return (*layout.notes, *too_long)


def measure(column: Column) -> str:
    """What SPSS calls the measure of a column."""
    return "nominal" if column.nominal or column.kind is Kind.TEXT else "scale"


def response_sets(
    table: Table, made: Sequence[Column], given: Mapping[int, str]
) -> list[ResponseSet]:
    """A set for each question of several choices, with the names that its columns were given."""
    members: dict[str, list[str]] = {}
    for position, column in enumerate(made):
        if column.set_of:
            members.setdefault(column.set_of, []).append(given[position])
    questionnaire, used = table.questionnaire, set[str]()
    sets: list[ResponseSet] = []
    for key, names in members.items():
        plain = re.sub(r"[^0-9A-Za-z_]", "_", key)
        name, number = plain[: LIMITS.name - 1], 1
        while name.casefold() in used:
            number += 1
            name = f"{plain[: LIMITS.name - 2 - len(str(number))]}_{number}"
        used.add(name.casefold())
        question = questionnaire.by_key[key].question
        label = questionnaire.text(question.label, table.language, fallback=key)
        label = cut(label, LIMITS.variable_label - 1, in_bytes=True)
        sets.append(ResponseSet(f"${name}", label, tuple(names)))
    return sets


def _texts_within(named: Mapping[str, Column]) -> tuple[dict[str, pd.Series], tuple[str, ...]]:
    """Columns of text that are longer than SPSS takes, cut, and what is said of them."""
    found: dict[str, pd.Series] = {}
    notes: list[str] = []
    for name, column in named.items():
        if column.kind is not Kind.TEXT:
            continue
        texts = column.answers.fillna("").astype(object)
        long = np.array([len(str(text).encode()) > LONGEST_TEXT for text in texts], dtype=np.bool_)
        if long.any():
            shorter = [cut_to(str(text), LONGEST_TEXT) for text in texts]
            found[name] = pd.Series(shorter, dtype=object)
            notes.append(
                f"{name}: texts longer than the {LONGEST_TEXT} bytes that SPSS takes, cut: "
                f"{int(long.sum())}"
            )
    return found, tuple(notes)


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
