"""The answers of a survey as values, column by column, each made ready once.

Rows of the interviews and rows of each repeat stand in frames of their own; `Columns` knows
which row of one belongs to which row of another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.questionnaire.model import Item, Questionnaire
from survey_kit.questionnaire.question_type import Storage
from survey_kit.questionnaire.table import table_of_list
from survey_kit.responses.logic.descent import Descent
from survey_kit.responses.logic.kinds import Kinds
from survey_kit.responses.logic.lookup import Lookup
from survey_kit.responses.logic.places import Places, Target
from survey_kit.responses.logic.value import (
    BLANK,
    MILLISECONDS_A_DAY,
    Codes,
    Floats,
    Kind,
    Texts,
    Truths,
    Value,
    as_texts,
    choose,
    measured,
    of_moments,
    of_numbers,
    of_texts,
    of_truths,
    where_blank,
)
from survey_kit.responses.logic.writing import (
    location_as_text,
    text_as_moment,
    text_as_number,
    time_as_milliseconds,
)
from survey_kit.responses.model import Absence, Responses, Rows


class Answered(Protocol):
    """Answers to a questionnaire: a `Responses`, or one that is still being made."""

    @property
    def questionnaire(self) -> Questionnaire:
        """What was asked."""
        ...

    @property
    def frame(self) -> pd.DataFrame:
        """(n, k): one row an interview."""
        ...

    @property
    def repeats(self) -> Mapping[str, Rows]:
        """The rows of each repeat, by its name."""
        ...


@dataclass(eq=False)
class Columns:
    """The answers of `answered`, read as values when they are first asked for.

    `relevant` holds, by key, where a question was relevant; an answer elsewhere is blank.
    A key that is missing there was relevant everywhere. `chance` is where a simulation gets
    what a phone makes by chance: ``random()``, ``uuid()``. `kept` holds, by key, calculations
    that have been worked out and stand for the answers in the frame.
    """

    answered: Answered
    relevant: dict[str, Truths] = field(default_factory=dict[str, Truths])
    _values: dict[str, Value] = field(default_factory=dict[str, Value])
    _rows: dict[tuple[str | None, str | None], Codes] = field(
        default_factory=dict[tuple[str | None, str | None], Codes]
    )
    _descents: dict[tuple[str, str | None], Descent] = field(
        default_factory=dict[tuple[str, "str | None"], Descent]
    )
    _orders: dict[str, Codes | None] = field(default_factory=dict[str, "Codes | None"])
    _lookups: dict[str, Lookup] = field(default_factory=dict[str, Lookup])
    chance: np.random.Generator | None = None
    kept: dict[str, Value] = field(default_factory=dict[str, Value])

    @cached_property
    def places(self) -> Places:
        """Where each question, group and repeat stands."""
        return Places(self.questionnaire, tuple(map(str, self.answered.frame.columns)))

    @cached_property
    def _kinds(self) -> Kinds:
        return Kinds(self.answered.questionnaire)

    @property
    def questionnaire(self) -> Questionnaire:
        """What was asked."""
        return self.answered.questionnaire

    @property
    def frame(self) -> pd.DataFrame:
        """The interviews."""
        return self.answered.frame

    @property
    def repeats(self) -> Mapping[str, Rows]:
        """The rows of each repeat."""
        return self.answered.repeats

    @cached_property
    def _unseen(self) -> frozenset[str]:
        """Keys of questions for which no interview had a place, and repeats whose rows are not here."""
        if not isinstance(self.answered, Responses) or not len(self.answered):
            return frozenset()
        absence = self.answered.absence
        if len(absence) != len(self.frame):
            return (
                frozenset()
            )  # responses in the making: why a cell is empty is yet to be found out
        gone = (
            str(key)
            for key, first in zip(absence.columns, absence.iloc[0].tolist(), strict=True)
            if first == Absence.NOT_IN_VERSION
            and bool((absence[str(key)].to_numpy() == Absence.NOT_IN_VERSION).all())
        )
        return frozenset((*gone, *self.answered.report.rows_elsewhere))

    def unknown(self, target: Target) -> bool:
        """Whether what a reference points at was asked, and nothing tells what was answered.

        A column that a file leaves out is no blank: the form saw an answer there. Only where the
        replay finds that nobody was asked is it known to be blank.
        """
        if target.repeat is not None:
            return target.repeat in self._unseen
        if target.item is None:
            return False
        if not self._unseen.isdisjoint(target.item.repeats):
            return True
        relevant = self.relevant.get(target.item.key)
        return relevant is not None and bool(relevant.any()) and target.item.key in self._unseen

    def not_in_version(self, key: str) -> Truths | None:
        """(n,) Interviews whose version of the form did not have a question; None where none."""
        if not isinstance(self.answered, Responses) or key not in self.answered.absence.columns:
            return None
        absence = self.answered.absence
        if len(absence) != len(self.frame):
            return None  # responses in the making: why a cell is empty is yet to be found out
        missing = absence[key].to_numpy() == Absence.NOT_IN_VERSION
        relevant = self.relevant.get(key)
        missing = missing if relevant is None else missing & relevant
        return missing if bool(missing.any()) else None

    def chain(self, repeat: str | None) -> tuple[str, ...]:
        """A repeat and those around it, outermost first; empty for the interviews."""
        if repeat is None:
            return ()
        _, around, _ = self.questionnaire.repeats[repeat]
        return (*around, repeat)

    def index(self, repeat: str | None) -> pd.Index:
        """The rows of the interviews, or of a repeat."""
        if repeat is None:
            return self.answered.frame.index
        rows = self.answered.repeats.get(repeat)
        if rows is not None:
            return rows.frame.index
        levels = ["interview", *self.chain(repeat)]
        return pd.MultiIndex.from_arrays([[] for _ in levels], names=levels)

    def number_of_rows(self, repeat: str | None) -> int:
        """How many rows there are."""
        return len(self.index(repeat))

    def owners(self, inner: str | None, outer: str | None) -> Codes:
        """Of each row of `inner`, the row of `outer` (a repeat around it) it belongs to, or -1."""
        known = self._rows.get((inner, outer))
        if known is None:
            known = self._rows[inner, outer] = self._owners(inner, outer)
        return known

    def _owners(self, inner: str | None, outer: str | None) -> Codes:
        index = self.index(inner)
        if inner == outer:
            return np.arange(len(index), dtype=np.int64)
        kept = 1 + len(self.chain(outer))
        if kept == 1:
            return self.index(None).get_indexer(index.get_level_values(0)).astype(np.int64)
        inside = pd.MultiIndex.from_arrays([index.get_level_values(k) for k in range(kept)])
        return self.index(outer).get_indexer(inside).astype(np.int64)

    def names(self) -> Value:
        """(n,) What each interview is called, its instanceID."""
        return of_texts(_factorized(pd.Series(self.answered.frame.index.astype("str"))))

    def positions(self, repeat: str) -> Codes:
        """(rows,) The position of each row of a repeat within the row around it, from 1."""
        return self.index(repeat).get_level_values(-1).to_numpy(dtype=np.int64)

    def descent(self, repeat: str, outer: str | None) -> Descent:
        """Which rows of a repeat stand within which row of the repeat (or interview) around it."""
        known = self._descents.get((repeat, outer))
        if known is None:
            share, owners = self.owners(repeat, outer), self.number_of_rows(outer)
            known = Descent.of(share, owners, self.positions(repeat))
            self._descents[repeat, outer] = known
        return known

    def order(self, repeat: str | None) -> Codes | None:
        """The rows of a repeat in the order of the interview, None where they stand so already."""
        if repeat is None:
            return None
        if repeat not in self._orders:
            index = self.index(repeat)
            keys = [self.owners(repeat, None)]
            keys += [
                index.get_level_values(level).to_numpy(dtype=np.int64)
                for level in range(1, index.nlevels)
            ]
            order = np.lexsort(keys[::-1]).astype(np.int64)
            sorted_already = bool((order == np.arange(len(order))).all())
            self._orders[repeat] = None if sorted_already else order
        return self._orders[repeat]

    def value(self, item: Item) -> Value:
        """The answers to a question, a row for each row of its frame."""
        known = self._values.get(item.key)
        if known is None:
            relevant = self.relevant.get(item.key)
            known = self.kept[item.key] if item.key in self.kept else self._read(item)
            if relevant is not None:
                known = where_blank(known, ~relevant)
            self._values[item.key] = known
        return known

    def present(self, target: Target, rows: int) -> Truths:
        """(rows,) Where what a reference points at was relevant."""
        key = target.item.key if target.item is not None else within(target.path)
        if key in self.relevant:
            return self.relevant[key]
        if target.item is not None and isinstance(self.answered, Responses):
            absence = self._absence(self.answered, target.item)
            if absence is not None:
                return absence != Absence.NOT_ASKED
        return np.ones(rows, dtype=np.bool_)

    def _absence(self, responses: Responses, item: Item) -> NDArray[np.int8] | None:
        inner = responses.repeats.get(item.repeats[-1]) if item.repeats else None
        absence = inner.absence if inner is not None else responses.absence
        return absence[item.key].to_numpy() if item.key in absence.columns else None

    def lookup(self, name: str) -> Lookup | None:
        """A list of choices or an attached table, None where there is none of that name."""
        if name not in self._lookups:
            questionnaire = self.questionnaire
            if name in questionnaire.lists:
                table = table_of_list(questionnaire.lists[name], questionnaire)
            elif name in questionnaire.tables:
                table = questionnaire.tables[name]
            else:
                return None
            self._lookups[name] = Lookup(table)
        return self._lookups[name]

    def interview_moments(self, *, day: bool) -> Floats | None:
        """(n,) When each interview was held, in milliseconds since 1970; None if nothing tells.

        The day is that of a question of type today, else start, else end; the moment that of
        end, else start; else when the interview was submitted.
        """
        wanted = ("today", "start", "end") if day else ("end", "start")
        found: Floats | None = None
        for kind in wanted:
            for item in self.questionnaire.items:
                if item.question.type.name == kind and item.key in self.answered.frame.columns:
                    found = _filled(found, _milliseconds(self.answered.frame[item.key]))
        meta: pd.DataFrame | None = getattr(self.answered, "meta", None)
        if meta is not None and "submitted" in meta.columns:
            found = _filled(found, _milliseconds(meta["submitted"]))
        if found is not None and day:
            return np.floor(found / MILLISECONDS_A_DAY) * MILLISECONDS_A_DAY
        return found

    def forget(self, key: str) -> None:
        """Read a question anew, because where it was relevant has become known."""
        self._values.pop(key, None)

    def _read(self, item: Item) -> Value:
        if item.repeats:
            rows = self.answered.repeats.get(item.repeats[-1])
            frame = rows.frame if rows is not None else None
        else:
            frame = self.answered.frame
        if frame is None or item.key not in frame.columns:
            return BLANK
        return read_series(frame[item.key], item.question.type.storage, self._kinds.of(item))


def within(path: tuple[str, ...]) -> str:
    """Under what name `Columns.relevant` holds a group or repeat: its path, from a slash on."""
    return "/" + "/".join(path)


_STORED_AS_TEXT = (
    Storage.CODE,
    Storage.CODES,
    Storage.TEXT,
    Storage.LOCATION,
    Storage.FILE,
    Storage.NOTHING,
)


def read_series(  # noqa: PLR0911 - one return for each way of storing
    series: pd.Series, storage: Storage | None = None, kinds: frozenset[Kind] = frozenset()
) -> Value:
    """A column of a frame as a value.

    `kinds` are what the result of a calculation can be; its text is read back as that.
    Without a storage, the dtype of the column decides.
    """
    if isinstance(series.dtype, np.dtype) and series.dtype.kind == "M":
        return of_moments(_milliseconds(series))
    if pd.api.types.is_bool_dtype(series.dtype):
        return of_truths(series.to_numpy(dtype=np.bool_))
    if pd.api.types.is_numeric_dtype(series.dtype):
        return _numeric(series, storage)
    texts = _factorized(series)
    if storage is Storage.TIME:
        return of_moments(measured(time_as_milliseconds, texts))
    if storage in (Storage.DATE, Storage.DATETIME):
        return of_moments(measured(text_as_moment, texts))
    if storage in (Storage.INTEGER, Storage.DECIMAL):
        numbers = measured(text_as_number, texts)
        return where_blank(of_numbers(numbers), np.isnan(numbers))
    if storage is Storage.LOCATION:
        words = [location_as_text(str(word)) for word in texts.words]
        return of_texts(Texts(texts.codes, np.array(words, dtype=object)))
    return of_texts(texts) if kinds <= {Kind.TEXT} else _as_calculated(texts, kinds)


def _filled(found: Floats | None, also: Floats) -> Floats:
    return also if found is None else np.where(np.isnan(found), also, found)


def _milliseconds(series: pd.Series) -> Floats:
    moments = series.to_numpy().astype("datetime64[ms]")
    numbers = moments.astype(np.int64).astype(np.float64)
    return np.where(np.isnat(moments), np.nan, numbers)


def _numeric(series: pd.Series, storage: Storage | None) -> Value:
    numbers = series.to_numpy(dtype=np.float64, na_value=np.nan)
    value = of_numbers(numbers)
    if storage in _STORED_AS_TEXT:
        value = of_texts(as_texts(value))
    return where_blank(value, np.isnan(numbers))


def _factorized(series: pd.Series) -> Texts:
    codes, words = pd.factorize(series, use_na_sentinel=True)
    return Texts(
        codes.astype(np.int64) + 1,
        np.array(["", *map(str, np.asarray(words, dtype=object))], dtype=object),
    )


def _as_calculated(texts: Texts, kinds: frozenset[Kind]) -> Value:
    """The text of a calculation as what it was on the phone."""
    value = of_texts(texts)
    if Kind.NUMBER in kinds:
        numbers = measured(_written_number, texts)
        value = choose(np.isnan(numbers), value, of_numbers(numbers))
    elif Kind.TRUTH in kinds:
        truth = texts.where(np.isin(texts.words, ["1", "true"]))
        told = truth | texts.where(np.isin(texts.words, ["0", "false"]))
        value = choose(told, of_truths(truth), value)
    if Kind.MOMENT in kinds:
        moments = measured(text_as_moment, texts)
        value = choose(np.isnan(moments), value, of_moments(np.nan_to_num(moments)))
    return value


def _written_number(text: str) -> float:
    """A number as a form writes one, which may have an exponent; else NaN."""
    mantissa, _, exponent = text.partition("E")
    number = text_as_number(mantissa)
    if exponent:
        return number * 10.0 ** text_as_number(exponent)
    return number
