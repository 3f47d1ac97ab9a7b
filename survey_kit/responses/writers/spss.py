"""SPSS .sav: numbers with labels, and why an answer is absent as declared missing values.

Missing values are -1001 (not asked) to -1006 (could not be read), moved out of the way
where a column holds such numbers itself. SPSS leaves them out of every percentage unless
told otherwise, and shows their labels.

A question of several choices is a column for each choice, and a set of them, ``$water``, that SPSS
tabulates as one question. The choices that refuse an answer stay out of the set, so that its base
is the people who answered.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
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


def _write_table(table: Table) -> tuple[str, ...]:
    # pyreadstat's own annotations do not know pandas.
    pyreadstat: Any = import_module("pyreadstat")

    made, said = columns(table)
    given, renamed = names_within(made, LIMITS)
    labels, values, shortened = labels_within(made, given, LIMITS)
    texts, too_long = _texts_within(made)
    sets = response_sets(table, made, given)
    data: dict[str, pd.Series] = {}
    ranges: dict[str, list[dict[str, float]]] = {}
    for position, column in enumerate(made):
        name = given[position]
        shift = _shift(column)
        data[name] = texts.get(position, _values(column, shift))
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
        row_compress=True,
    )
    add_response_sets(table.path, sets)
    return (*said, *renamed, *shortened, *too_long)


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


def _texts_within(made: Sequence[Column]) -> tuple[dict[int, pd.Series], tuple[str, ...]]:
    """Columns of text that are longer than SPSS takes, cut, and what is said of them."""
    found: dict[int, pd.Series] = {}
    notes: list[str] = []
    for position, column in enumerate(made):
        if column.kind is not Kind.TEXT:
            continue
        texts = column.answers.fillna("").astype(object)
        long = np.array([len(str(text).encode()) > LONGEST_TEXT for text in texts], dtype=np.bool_)
        if long.any():
            shorter = [cut_to(str(text), LONGEST_TEXT) for text in texts]
            found[position] = pd.Series(shorter, dtype=object)
            notes.append(
                f"{column.name}: texts longer than the {LONGEST_TEXT} bytes that SPSS takes, cut: "
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
