"""SPSS and Stata: numbers with labels, and values that the file declares missing.

Names are those that survey_kit gives to a questionnaire's columns within the limits of the package, or
whatever else is matched as in any table. The rows of repeats are read from the files beside it that
survey_kit writes: ``responses.person.sav`` beside ``responses.sav``.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.errors import FileProblem
from survey_kit.questionnaire.model import Item, Questionnaire
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.absence_in_words import COLUMN, IN_PACKAGES
from survey_kit.responses.as_text import as_text
from survey_kit.responses.assemble import repeat_levels
from survey_kit.responses.matching import holds_answers
from survey_kit.responses.model import Responses
from survey_kit.responses.read import Reader, ReadOptions
from survey_kit.responses.readers.related import Export, OfRepeat, read_export
from survey_kit.responses.readers.table import uses_of
from survey_kit.responses.readers.text_table import TextTable
from survey_kit.responses.readers.value_labels import (
    EMPTY,
    MEANINGS,
    Labels,
    Spelt,
    code_of,
    plain_number,
    reasons_of,
)
from survey_kit.responses.writer import path_of_repeat
from survey_kit.responses.writers.labelled import Column, Kind, Limits, cut, names_within
from survey_kit.responses.writers.spss import LIMITS as SPSS_LIMITS
from survey_kit.responses.writers.stata import LIMITS as STATA_LIMITS

OF_SPSS = (b"$FL2", b"$FL3")
OF_STATA = b"<stata_dta>"
OLD_STATA = frozenset(range(104, 116))
"""The first byte of Stata files of versions 4 to 12."""
ABOUT = {
    "version": "__version__",
    "submitted": "_submission_time",
    IN_PACKAGES: COLUMN,
}
FINEST = "10us"
RANK = "rank"
NOT_IN_LIST = "not in the list"
BEYOND = "_not_in_list"

Meant: TypeAlias = "tuple[str, str]"
"""Key of a question, and "" or the code of a choice, or `NOT_IN_LIST`."""


@dataclass(frozen=True, eq=False)
class _Data:
    """A data file: its columns and what it says of them."""

    columns: Mapping[str, pd.Series]
    about: Mapping[str, Labels]


@dataclass(frozen=True)
class _Package:
    """A statistical package: how its files are read, and what it can hold."""

    name: str
    read: str
    limits: Limits


SPSS = _Package("sav", "read_sav", SPSS_LIMITS)
STATA = _Package("dta", "read_dta", STATA_LIMITS)


def _is_sav(path: Path) -> bool | str:
    if path.suffix.lower() not in {".sav", ".zsav"} or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) in OF_SPSS or "its suffix says SPSS, but it is no such file"


def _is_dta(path: Path) -> bool | str:
    if path.suffix.lower() != ".dta" or not path.is_file():
        return False
    with path.open("rb") as file:
        start = file.read(len(OF_STATA))
    known = start == OF_STATA or (start[:1] and start[0] in OLD_STATA)
    return bool(known) or "its suffix says Stata, but it is no such file"


def _read(
    package: _Package, path: Path, questionnaire: Questionnaire, options: ReadOptions
) -> Responses:
    top, said = _table(package, path, questionnaire, None)
    rows_of: dict[str, OfRepeat] = {}
    for name in questionnaire.repeats:
        beside = path_of_repeat(path, name)
        if beside.is_file():
            table, why = _table(package, beside, questionnaire, name)
            table = replace(table, name=beside.name)
            uses = uses_of(table, questionnaire, options, name)
            rows_of[name] = OfRepeat(table, uses, said=why)
    uses = uses_of(top, questionnaire, options, None)
    export = Export(path.name, package.name, top, uses, rows_of, said=said)
    return read_export(export, questionnaire, options)


def table_of_package(
    path: Path, questionnaire: Questionnaire, repeat: str | None = None
) -> TextTable:
    """A file of SPSS or Stata as the table of text from which its answers are read.

    Columns stand in the order of the file; those that only join others come after them.
    """
    package = STATA if path.suffix.lower() == ".dta" else SPSS
    return _table(package, path, questionnaire, repeat)[0]


def _table(
    package: _Package, path: Path, questionnaire: Questionnaire, repeat: str | None
) -> tuple[TextTable, pd.DataFrame]:
    """A data file as a table of text, its numbers spelt as the codes of the form.

    With it why cells are empty: question -> (n,) int8 of `Absence`, where a value says it.
    """
    data = _data(package, path, repeat)
    meant = _meant(tuple(data.columns), questionnaire, repeat, package.limits)
    said = Spelt()
    spell = _Spelling(questionnaire, package.limits, said)
    texts: dict[str, pd.Series] = {}
    spelt: dict[str, str] = {}
    why: dict[str, NDArray[np.int8]] = {}
    for name, column in data.columns.items():
        key, code = meant.get(name, ("", ""))
        item = questionnaire.by_key.get(key) or _of_name(name, questionnaire, repeat)
        spelt[name] = f"{key}/{code}" if code else key or ABOUT.get(name, name)
        texts[name] = spell.text(column, data.about[name], item, of_choice=bool(code))
        if item is not None and not data.about[name].of_text:
            reasons = reasons_of(column, data.about[name])
            why[item.key] = np.maximum(reasons, why.get(item.key, reasons))
    for key in {key for key, code in meant.values() if code}:
        _join(key, meant, questionnaire.by_key[key], texts, spelt)
    notes: list[str] = []
    if said.contradicting:
        notes.append(
            "values that are a code of their list and bear the label of another, the value being "
            f"kept: {said.contradicting}"
        )
    if said.ambiguous:
        notes.append(
            f"missing values that could be one of several codes, left empty: {said.ambiguous}"
        )
    frame = pd.DataFrame(dict(enumerate(texts.values())))
    header = tuple(spelt[name] for name in texts)
    said_why = pd.DataFrame(why, index=frame.index)
    return TextTable("", tuple(texts), frame, tuple(notes), header), said_why


def _data(package: _Package, path: Path, repeat: str | None) -> _Data:
    # A repeat of which nobody was asked a row has none.
    # pyreadstat's own annotations do not know pandas.
    pyreadstat: Any = import_module("pyreadstat")

    try:
        frame, about = getattr(pyreadstat, package.read)(str(path), user_missing=True)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, UnicodeDecodeError) as error:
        raise FileProblem(
            path.name, "it is damaged, or cut short", "Copy or export it again"
        ) from error
    if not len(frame.columns) or (not len(frame) and repeat is None):
        raise FileProblem(path.name, "it has no rows", "Export it again")
    labels: dict[str, Labels] = {}
    for name in frame.columns:
        given = about.variable_value_labels.get(name, {})
        ranges = about.missing_ranges.get(name, [])
        labels[name] = Labels(
            {_value(value): str(label) for value, label in given.items()},
            _declared(ranges),
            of_text=about.readstat_variable_types.get(name) == "string",
        )
    return _Data({str(name): frame[name] for name in frame.columns}, labels)


def _value(value: object) -> float | str:
    return float(value) if isinstance(value, (int, float)) else str(value)


def _declared(ranges: Sequence[Mapping[str, object]]) -> Callable[[float | str], bool]:
    """Whether a value is missing: a letter of Stata, or a number in a range of SPSS."""
    bounds = [(_value(each["lo"]), _value(each["hi"])) for each in ranges]

    def missing(value: float | str) -> bool:
        if isinstance(value, str):
            return True
        return any(
            isinstance(low, float) and isinstance(high, float) and low <= value <= high
            for low, high in bounds
        )

    return missing


def _meant(
    names: Sequence[str], questionnaire: Questionnaire, repeat: str | None, limits: Limits
) -> dict[str, Meant]:
    """Name that survey_kit gives a column of this package -> what it holds.

    A column for what is not in a list is there only where somebody gave such an answer, and
    takes its name before those of single choices do.
    """
    usual = _expected(questionnaire, repeat, limits, frozenset())
    others = {name for name in names if name not in usual}
    beyond = frozenset(
        key
        for key, item in questionnaire.by_key.items()
        if item.question.type.storage is Storage.CODES
        and holds_answers(item, repeat)
        and any(_like(name, f"{key}{BEYOND}", limits) for name in others)
    )
    return _expected(questionnaire, repeat, limits, beyond) if beyond else usual


def _like(name: str, wanted: str, limits: Limits) -> bool:
    plain = re.sub(r"\W", "_", wanted)[: limits.name]
    return name == plain or re.sub(r"_[0-9]+$", "", name) == plain


def _expected(
    questionnaire: Questionnaire, repeat: str | None, limits: Limits, beyond: frozenset[str]
) -> dict[str, Meant]:
    nothing = pd.Series([], dtype="str")
    levels = repeat_levels(questionnaire, repeat)[1:] if repeat else []
    named: list[tuple[str, bool, Meant]] = [
        (name, False, ("", "")) for name in ("interview", *(f"{each}_position" for each in levels))
    ]
    for item in questionnaire.items:
        if holds_answers(item, repeat):
            named += _columns_of(item, questionnaire)
            if item.key in beyond:
                named.append((f"{item.key}{BEYOND}", False, (item.key, NOT_IN_LIST)))
    made = [
        Column(name, "", Kind.TEXT, nothing, np.array([], dtype=np.int8), of_choice=of_choice)
        for name, of_choice, _ in named
    ]
    given, _ = names_within(made, limits)
    return {given[place]: meant for place, (_, _, meant) in enumerate(named) if meant[0]}


def _columns_of(item: Item, questionnaire: Questionnaire) -> Iterator[tuple[str, bool, Meant]]:
    if item.question.type.storage is not Storage.CODES:
        yield item.key, False, (item.key, "")
        return
    for choice in questionnaire.choices(item.question):
        yield f"{item.key}_{choice.code}", True, (item.key, choice.code)


def _of_name(name: str, questionnaire: Questionnaire, repeat: str | None) -> Item | None:
    """The question that a column is, where its name is that of the question but for capitals."""
    found = [
        item
        for item in questionnaire.items
        if holds_answers(item, repeat) and item.question.name.casefold() == name.casefold()
    ]
    return found[0] if len(found) == 1 else None


@dataclass(frozen=True)
class _Spelling:
    """How the values of a package are spelt for a questionnaire, counting what has to be said."""

    questionnaire: Questionnaire
    limits: Limits
    said: Spelt

    def text(
        self, column: pd.Series, about: Labels, item: Item | None, *, of_choice: bool
    ) -> pd.Series:
        """A column as text, "" where there is no answer."""
        if pd.api.types.is_datetime64_any_dtype(column):
            # SPSS counts seconds since 1582 in a float: what is finer than this it made up.
            moments = column.dt.round(FINEST)
            return as_text(moments, Storage.DATETIME).fillna("").reset_index(drop=True)
        if about.of_text:
            return column.fillna("").astype("str").reset_index(drop=True)
        find = partial(_number, about, of_choice)
        choices = self.questionnaire.choices(item.question) if item else ()
        if choices and not of_choice:
            find = code_of(choices, about, self._shorten, self.said)
        numbers, distinct = pd.factorize(column)
        words = [_spelt(value, find) for value in distinct]
        return pd.Series(np.array([*words, ""], dtype=object)[numbers], dtype="str")

    def _shorten(self, label: str) -> str:
        return cut(label, self.limits.value_label, in_bytes=self.limits.in_bytes)


def _spelt(value: object, find: Callable[[float | str], str]) -> str:
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    return find(_value(value))


def _number(about: Labels, of_choice: bool, value: float | str) -> str:
    """A number as it is; what is declared missing as its label, so that it is read as no number."""
    if not about.missing(value):
        return plain_number(value)
    label = about.labels.get(value, "")
    if of_choice or label in EMPTY or label in MEANINGS:
        return ""
    return label or f"missing {plain_number(value)}"


def _join(
    key: str,
    meant: Mapping[str, Meant],
    item: Item,
    texts: dict[str, pd.Series],
    spelt: dict[str, str],
) -> None:
    """Several choices as joined codes, where columns of single choices cannot say everything.

    They cannot say in which order choices were ranked, nor what was chosen beyond the list.
    """
    columns = {code: name for name, (of, code) in meant.items() if of == key and name in texts}
    beyond = columns.pop(NOT_IN_LIST, "")
    ranked = item.question.type.name == RANK
    whole = beyond or (next(iter(columns.values()), "") if ranked else "")
    if not whole:
        return
    places = {code: texts[name] for code, name in columns.items()}
    rows = zip(*(text.tolist() for text in places.values()), strict=True) if places else ()
    joined = [_chosen(dict(zip(places, row, strict=True)), ranked=ranked) for row in rows]
    if beyond:
        foreign = texts[beyond].str.strip().tolist()
        before = joined or [""] * len(foreign)
        joined = [f"{own} {more}".strip() for own, more in zip(before, foreign, strict=True)]
    if ranked:
        for name in columns.values():
            texts[name] = texts[name].where(texts[name].isin(["", "0"]), "1")
    texts[whole] = pd.Series(joined, dtype="str")
    spelt[whole] = key


def _chosen(places: Mapping[str, str], *, ranked: bool) -> str:
    if not ranked:
        return " ".join(code for code, cell in places.items() if cell == "1")
    ordered = sorted((int(cell), code) for code, cell in places.items() if cell.isdigit())
    return " ".join(code for _, code in ordered)


SAV = Reader(
    name="sav",
    title="an SPSS .sav file",
    recognises=_is_sav,
    read=partial(_read, SPSS),
)

DTA = Reader(
    name="dta",
    title="a Stata .dta file",
    recognises=_is_dta,
    read=partial(_read, STATA),
)
