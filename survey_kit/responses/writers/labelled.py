"""Answers as statistical packages hold them: numbers with labels, and missing values by kind.

A package knows no codes, only numbers. A list whose codes are all whole numbers keeps them;
any other list is numbered from 1 in its own order, and the notes say which number is which
code. A question of several choices becomes one column of 0 and 1 for each choice, none of
them hidden; what was answered beyond the list stands as text in a column of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.questionnaire.model import Missing, Questionnaire
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.absence_in_words import IN_PACKAGES, in_words
from survey_kit.responses.assemble import listed
from survey_kit.responses.model import Absence, Responses
from survey_kit.responses.writer import path_of_repeat

WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,8})")
MOST_CODES_IN_A_NOTE = 20
REASONS: Mapping[Absence, str] = {
    Absence.NOT_ASKED: "Not asked",
    Absence.BLANK: "Left blank",
    Absence.REFUSED: "Refused",
    Absence.DONT_KNOW: "Does not know",
    Absence.NOT_IN_VERSION: "Not in this version of the form",
    Absence.UNREADABLE: "Could not be read",
    Absence.WITHDRAWN: "Consent withdrawn",
    Absence.NOT_KNOWN: "Not known whether asked",
}


ABSENT = "Why answers of text and dates are absent, where the form does not tell"

Choices: TypeAlias = Mapping[str, tuple[str, Missing | None]]
"""Code -> its label, and what it means where it is no answer to the question."""


class Kind(Enum):
    """What a column of a statistical package is."""

    NUMBER = "number"
    TEXT = "text"
    DAY = "day"
    MOMENT = "moment"


@dataclass(frozen=True, eq=False)
class Column:
    """One column of a statistical package, before the package's own limits.

    name
        As it should be; the package may make it shorter.
    answers
        (n,) numbers, text or datetime64; empty where absent.
    absence
        (n,) int8 of `Absence`: why a number is missing. Text and dates cannot carry it.
    labels
        Number -> what it means.
    nominal
        Whether the numbers are names of categories.
    of_choice
        Whether it is one choice of a question; such a column gives way to a question of its name.
    ending
        The end of the label that stays where the label is cut: which choice it is.
    key
        Of the question that it holds, wholly or one choice of it; "" for what is no answer.
    set_of
        Key of the question, where 1 means that this choice of several was made; "" for a refusal.
    """

    name: str
    label: str
    kind: Kind
    answers: pd.Series
    absence: NDArray[np.int8]
    labels: Mapping[int, str] = field(default_factory=dict[int, str])
    nominal: bool = False
    of_choice: bool = False
    ending: str = ""
    key: str = ""
    set_of: str = ""


@dataclass(frozen=True, eq=False)
class Table:
    """One frame that is to become one file: the interviews, or the rows of a repeat.

    `said_before` goes before each note on it.
    """

    path: Path
    frame: pd.DataFrame
    absence: pd.DataFrame
    meta: pd.DataFrame
    questionnaire: Questionnaire
    language: str
    said_before: str = ""


@dataclass(frozen=True)
class Limits:
    """What a package can hold: bytes of a name, and of labels in bytes or signs."""

    name: int
    variable_label: int
    value_label: int
    in_bytes: bool
    reserved: frozenset[str] = frozenset()


def tables(responses: Responses, path: Path, language: str) -> Iterator[Table]:
    """The interviews, to be written to the path, and each repeat beside it."""
    about = (responses.questionnaire, language)
    yield Table(path, responses.frame, responses.absence, responses.meta, *about)
    for name, rows in responses.repeats.items():
        beside, nothing = path_of_repeat(path, name), pd.DataFrame(index=rows.frame.index)
        yield Table(beside, rows.frame, rows.absence, nothing, *about, f"{beside.name}: ")


def columns(table: Table) -> tuple[tuple[Column, ...], tuple[str, ...]]:
    """The columns of a table in the order of the interview, and what has to be said of them.

    The columns of the index come first (the interview, and its place in repeats), and those of
    `meta` last.
    """
    found = list(_of_index(table.frame.index))
    notes: list[str] = []
    texts = dates = 0
    for key in map(str, table.frame.columns):
        why = table.absence[key].to_numpy(dtype=np.int8)
        made = list(_of_question(table, key, why, notes))
        empty = bool((why != Absence.PRESENT).any())
        texts += empty and made[0].kind is Kind.TEXT
        dates += empty and made[0].kind in {Kind.DAY, Kind.MOMENT}
        found += made
    found += [_of_meta(table.meta[name], str(name)) for name in table.meta.columns]
    bare = {column.key for column in found if column.key and column.kind is not Kind.NUMBER}
    absent = in_words(table.absence[[key for key in table.absence.columns if key in bare]])
    if absent is not None:
        found.append(replace(_of_meta(absent, IN_PACKAGES), label=ABSENT))
    if texts or dates:
        notes.append(
            "why an answer is absent is kept for numbers and choices only: "
            f"{texts} columns of text and {dates} of dates are just empty"
            + ("" if absent is None else f"; what the form does not tell is in {IN_PACKAGES}")
        )
    return tuple(found), tuple(notes)


def names_within(made: Sequence[Column], limits: Limits) -> tuple[dict[int, str], tuple[str, ...]]:
    """A legal and unique name for each column, by its position, and which were changed.

    A name is letters, digits and underscores, does not begin with a digit, and differs from
    all others in more than capitals.
    """
    given: dict[int, str] = {}
    used = {word.casefold() for word in limits.reserved}
    changed: list[str] = []
    for position, column in sorted(enumerate(made), key=lambda each: each[1].of_choice):
        plain = re.sub(r"[^0-9A-Za-z_]", "_", column.name)
        plain = plain if re.match(r"[A-Za-z]", plain) else f"v{plain}"
        name, number = plain[: limits.name], 1
        while name.casefold() in used:
            number += 1
            name = f"{plain[: limits.name - len(str(number)) - 1]}_{number}"
        used.add(name.casefold())
        given[position] = name
        if len(plain) > limits.name or number > 1:
            changed.append(f"{column.name} -> {name}")
    notes = [f"columns renamed to fit: {'; '.join(changed)}"] if changed else []
    return given, tuple(notes)


def cut(text: str, longest: int, *, in_bytes: bool) -> str:
    """A label that fits, ending in … where it had to be shortened."""
    text = " ".join(text.split())
    if not in_bytes:
        return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
    if len(text.encode()) <= longest:
        return text
    kept = text.encode()[: longest - len("…".encode())].decode(errors="ignore")
    return kept.rstrip() + "…"


def labels_within(
    made: Sequence[Column], given: Mapping[int, str], limits: Limits
) -> tuple[dict[str, str], dict[str, dict[int, str]], tuple[str, ...]]:
    """Labels of columns and of values that fit, by the name of the column, and what was cut."""
    of_columns: dict[str, str] = {}
    of_values: dict[str, dict[int, str]] = {}
    cut_columns: list[str] = []
    cut_values: list[str] = []
    for position, column in enumerate(made):
        name = given[position]
        of_columns[name] = _label_within(column, limits)
        if of_columns[name] != " ".join(column.label.split()):
            cut_columns.append(name)
        for number, text in column.labels.items():
            short = cut(text, limits.value_label, in_bytes=limits.in_bytes)
            of_values.setdefault(name, {})[number] = short
            if short != " ".join(text.split()):
                cut_values.append(name)
    unit = "bytes" if limits.in_bytes else "signs"
    notes: list[str] = []
    if cut_columns:
        notes.append(
            f"labels of columns cut at {limits.variable_label} {unit}: {len(cut_columns)} "
            f"({listed(cut_columns)})"
        )
    if cut_values:
        notes.append(
            f"labels of values cut at {limits.value_label} {unit}: {len(cut_values)} "
            f"({listed(list(dict.fromkeys(cut_values)))})"
        )
    return of_columns, of_values, tuple(notes)


def _label_within(column: Column, limits: Limits) -> str:
    """The label of a column; of one choice, the question gives way before the choice does."""
    size = len(column.ending.encode()) if limits.in_bytes else len(column.ending)
    if not column.ending or size > limits.variable_label // 2:
        return cut(column.label, limits.variable_label, in_bytes=limits.in_bytes)
    before = column.label.removesuffix(column.ending)
    ending = " ".join(column.ending.split())
    return cut(before, limits.variable_label - size, in_bytes=limits.in_bytes) + ending


def numbers_of(codes: Sequence[str]) -> dict[str, int]:
    """The number of each code: itself where all are whole numbers, else 1, 2, 3 ... in order."""
    if codes and all(WHOLE.fullmatch(code) for code in codes):
        return {code: int(code) for code in codes}
    return {code: number for number, code in enumerate(codes, start=1)}


def _of_index(index: pd.Index) -> Iterator[Column]:
    for level, name in enumerate(map(str, index.names)):
        values = pd.Series(index.get_level_values(level))
        kind = Kind.TEXT if level == 0 else Kind.NUMBER
        values = values.astype("str") if level == 0 else values.astype("float64")
        called = name if level == 0 else f"{name}_position"
        yield Column(called, f"{name.capitalize()}", kind, values, _none(len(values)))


def _of_meta(series: pd.Series, name: str) -> Column:
    values = series.reset_index(drop=True)
    if pd.api.types.is_datetime64_any_dtype(values):
        kind = Kind.MOMENT
    elif pd.api.types.is_numeric_dtype(values):
        kind, values = Kind.NUMBER, values.astype("float64")
    else:
        kind, values = Kind.TEXT, values.astype("str")
    return Column(name, name.capitalize(), kind, values, _none(len(values)))


def _none(n: int) -> NDArray[np.int8]:
    return np.zeros(n, dtype=np.int8)


def _of_question(
    table: Table, key: str, absence: NDArray[np.int8], notes: list[str]
) -> Iterator[Column]:
    questionnaire = table.questionnaire
    question = questionnaire.by_key[key].question
    label = questionnaire.text(question.label, table.language, fallback=key)
    choices = {
        choice.code: (
            questionnaire.text(choice.label, table.language, fallback=choice.code),
            choice.missing,
        )
        for choice in questionnaire.choices(question)
    }
    values = table.frame[key].reset_index(drop=True)
    whole = Column(key, label, Kind.TEXT, values, absence, key=key)
    match question.type.storage:
        case Storage.CODE:
            yield _one(whole, choices, notes)
        case Storage.CODES:
            ranked = question.type.name == "rank"
            yield from _several(whole, choices, ranked=ranked, notes=notes)
        case Storage.INTEGER | Storage.DECIMAL:
            yield replace(whole, kind=Kind.NUMBER, answers=values.astype("float64"))
        case Storage.DATE:
            yield replace(whole, kind=Kind.DAY)
        case Storage.DATETIME:
            yield replace(whole, kind=Kind.MOMENT)
        case _:
            yield replace(whole, answers=values.astype("str"))


def _one(whole: Column, choices: Choices, notes: list[str]) -> Column:
    key = whole.name
    rows, distinct = pd.factorize(whole.answers)
    foreign = sorted({str(code) for code in distinct} - set(choices))
    if foreign:
        notes.append(
            f"{key}: answers that are not in its list, labelled with their code: {len(foreign)}"
        )
    numbers = _with_foreign(numbers_of(list(choices)), foreign)
    if choices and any(str(number) != code for code, number in numbers.items()):
        notes.append(f"{key}: {_said(numbers)}")
    labels = {numbers[code]: text for code, (text, _) in choices.items()}
    labels |= {numbers[code]: code for code in foreign}
    # What refuses an answer is a missing value of the package, not a category.
    present = whole.absence == Absence.PRESENT
    found = np.array([*(numbers[str(code)] for code in distinct), np.nan], dtype=np.float64)
    numbered = pd.Series(np.where(present, found[rows], np.nan), index=whole.answers.index)
    for code, (_, missing) in choices.items():
        if missing is not None and not numbered.eq(numbers[code]).any():
            labels.pop(numbers[code], None)
    return replace(whole, kind=Kind.NUMBER, answers=numbered, labels=labels, nominal=True)


def _with_foreign(numbers: dict[str, int], foreign: Sequence[str]) -> dict[str, int]:
    """Codes beyond the list: their own number where the list keeps its own, else after it."""
    keeps = bool(numbers) and all(str(number) == code for code, number in numbers.items())
    own = {code: int(code) for code in foreign if keeps and WHOLE.fullmatch(code)}
    beyond = max([0, *numbers.values(), *own.values()])
    others = [code for code in foreign if code not in own]
    return numbers | own | {code: beyond + place for place, code in enumerate(others, start=1)}


def _said(numbers: Mapping[str, int]) -> str:
    shown = list(numbers.items())[:MOST_CODES_IN_A_NOTE]
    more = len(numbers) - len(shown)
    listed = ", ".join(f"{number} = {code}" for code, number in shown)
    return f"{listed}, and {more} more in the order of the list" if more else listed


def _several(
    whole: Column, choices: Choices, *, ranked: bool, notes: list[str]
) -> Iterator[Column]:
    """One column for each choice: 0 or 1, or the place from 1 where choices are ranked."""
    key, absence = whole.name, whole.absence
    rows, distinct = pd.factorize(whole.answers)
    lists = [str(cell).split() for cell in distinct]
    for code, (text, missing) in choices.items():
        places = [_place(code, cell, ranked=ranked) for cell in lists]
        made = pd.Series(np.array([*places, np.nan])[rows], dtype="float64")
        present = absence == Absence.PRESENT
        if missing is not None:
            # Whoever chose "prefer not to say" did choose it: that column stays an answer.
            present |= absence == Absence[missing.name]
        yield Column(
            f"{key}_{code}",
            f"{whole.label}: {text}",
            Kind.NUMBER,
            made.where(present),
            np.where(present, Absence.PRESENT, absence).astype(np.int8),
            {} if ranked else {0: "Not chosen", 1: "Chosen"},
            nominal=not ranked,
            of_choice=True,
            ending=f": {text}",
            key=key,
            set_of="" if ranked or missing is not None else key,
        )
    foreign = [" ".join(code for code in cell if code not in choices) for cell in lists]
    if any(foreign) or not choices:
        words = np.array([*foreign, ""], dtype=object)[rows]
        notes.append(f"{key}: answers that are not in its list are in {key}_not_in_list, as text")
        yield Column(
            f"{key}_not_in_list",
            f"{whole.label}: not in the list",
            Kind.TEXT,
            pd.Series(words, dtype="str"),
            absence,
            key=key,
        )


def _place(code: str, cell: Sequence[str], *, ranked: bool) -> float:
    if code not in cell:
        return np.nan if ranked else 0.0
    return float(cell.index(code) + 1) if ranked else 1.0
