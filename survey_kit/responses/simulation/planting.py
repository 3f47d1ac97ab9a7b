"""Faults planted in simulated interviews on purpose, and a ledger of every one of them.

Whoever wants to know whether checks find what fieldwork leaves behind needs interviews in which
it is known what is wrong. A kind of fault is one file in `planted/`; a calibration orders some of
each (``faults:``). No interview is used for two things, and the ledger says what stood there before,
what stands there now, and which check should find it.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass, fields, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from survey_kit.collect import collect
from survey_kit.errors import StudyError
from survey_kit.questionnaire.expression import Expression
from survey_kit.responses.as_text import as_text
from survey_kit.responses.evaluate import truth
from survey_kit.responses.from_text import from_text
from survey_kit.responses.model import Absence, Responses, Rows
from survey_kit.responses.replay import absence, absence_in_repeat, calculated

if TYPE_CHECKING:
    from pathlib import Path

    from survey_kit.questionnaire.model import Item
    from survey_kit.responses.simulation.calibration import Fieldwork


@dataclass(frozen=True)
class Blemish:
    """Something planted: a line of the ledger. `question` is empty where it is about an interview.

    `check` finds it, at the question `found_at`: a wrong amount shows where it was worked out.
    It is empty where no check of survey_kit looks for this.
    """

    kind: str
    interview: str
    question: str
    before: str
    planted: str
    check: str
    found_at: str


@dataclass(frozen=True)
class Order:
    """So many faults of one kind, as a calibration asks for them.

    number, share
        How many interviews, or which share of them.
    question, questions
        Where it is planted.
    given
        What is planted, as the form spells it, in turn.
    times
        What a number is multiplied by.
    minutes
        How long an interview takes.
    when
        Of which interviews; None: any that is able.
    where
        Where the order was written, for messages.
    """

    fault: str
    number: int | None = None
    share: float | None = None
    question: str | None = None
    questions: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    times: float | None = None
    minutes: float | None = None
    when: Expression | None = None
    where: str = "faults"


@dataclass(frozen=True)
class PlantedFault:
    """A kind of fault: its name, what it is, what an order for it must and may say, how it is planted."""

    name: str
    summary: str
    plant: Callable[[Planting, Order], None]
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Planted:
    """Interviews with faults, and the ledger of them."""

    responses: Responses
    ledger: tuple[Blemish, ...]


def planted_faults() -> dict[str, PlantedFault]:
    """Every kind of fault by its name."""
    return collect("survey_kit.responses.simulation.planted", PlantedFault)


def plant(
    clean: Responses, orders: Sequence[Order], *, seed: int, fieldwork: Fieldwork | None = None
) -> Planted:
    """Plant what was ordered, in the order in which it was.

    Raises
    ------
    StudyError
        If fewer interviews are able to take a fault than were ordered.
    """
    known = planted_faults()
    planting = Planting(clean, np.random.default_rng([seed, len(clean)]), fieldwork=fieldwork)
    for order in orders:
        known[order.fault].plant(planting, order)
    return Planted(planting.done(), tuple(planting.blemishes))


def write_ledger(path: Path, ledger: Sequence[Blemish]) -> None:
    """The ledger as CSV, a line for each blemish under the names of its fields."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([field.name for field in fields(Blemish)])
        writer.writerows(astuple(line) for line in ledger)


class Planting:
    """The interviews while faults are planted. No interview is used for two things."""

    def __init__(
        self,
        clean: Responses,
        random: np.random.Generator,
        *,
        able: pd.Series | None = None,
        fieldwork: Fieldwork | None = None,
    ) -> None:
        self.clean = clean
        self.frame = clean.frame.copy()
        self.repeats = {name: rows.frame.copy() for name, rows in clean.repeats.items()}
        self.meta = clean.meta.copy()
        self.blemishes: list[Blemish] = []
        self.random = random
        self.fieldwork = fieldwork
        self._lacking: list[tuple[str, str]] = []
        self._free = (
            np.ones(len(clean), dtype=np.bool_) if able is None else np.array(able, dtype=np.bool_)
        )

    def pick(self, where: pd.Series, number: int, *, what: str = "") -> list[str]:
        """Interviews that nothing was planted in yet, by chance, in the order of fieldwork."""
        holds = where.fillna(value=False).to_numpy(dtype=np.bool_)
        able = np.flatnonzero(self._free & holds[: len(self._free)])
        if len(able) < number:
            raise StudyError(
                what or "faults",
                f"{len(able)} interviews are able to take it, and {number} are wanted",
                "Simulate more interviews, order fewer faults, or widen when",
            )
        chosen = np.sort(self.random.permutation(able)[:number])
        self._free[chosen] = False
        return [str(interview) for interview in self.frame.index[chosen]]

    def picked(self, order: Order, able: pd.Series | None = None) -> list[str]:
        """The interviews of an order: able, free, and as many as it says."""
        where = pd.Series(data=True, index=self.frame.index)
        if order.when is not None:
            now = replace(self.clean, frame=self.frame)
            where &= truth(order.when, now)
        if able is not None:
            where &= able.fillna(value=False).astype(bool)
        wanted = order.number
        if wanted is None:
            wanted = round((order.share or 0.0) * len(self.clean))
        return self.pick(where, wanted, what=f"{order.where}, {order.fault}")

    def cell(self, interview: str, question: str) -> Any:
        """What stands in a cell now, as its column holds it."""
        return cast("Any", self.frame.loc)[interview, question]

    def put(self, interview: str, question: str, value: Any) -> None:
        """Put an answer into a cell without noting it."""
        cast("Any", self.frame.loc)[interview, question] = value

    def sent_later(self, interview: str, later: pd.Timedelta) -> None:
        """Let an interview arrive later than it did."""
        cast("Any", self.meta.loc)[interview, "submitted"] += later

    def held_with(self, interview: str, version: str) -> None:
        """Let an interview be held with another version of the form."""
        cast("Any", self.meta.loc)[interview, "version"] = version

    def text(self, interview: str, question: str) -> str:
        """What stands in a cell now, as the form spells it; empty where nothing does."""
        storage = self.clean.questionnaire.by_key[question].question.type.storage
        cell = as_text(self.frame.loc[[interview], question], storage).iloc[0]
        return "" if pd.isna(cell) else str(cell)

    def read(self, question: str, text: str) -> object:
        """A text as the column of a question holds it; None where it is empty or cannot be read."""
        storage = self.clean.questionnaire.by_key[question].question.type.storage
        read = from_text(pd.Series([text], dtype="str"), storage).answers.iloc[0]
        return None if pd.isna(read) else read

    def plant(
        self,
        kind: str,
        interview: str,
        question: str,
        value: object,
        *,
        check: str,
        found_at: str | None = None,
    ) -> str:
        """Put another answer into a cell, and note it. Returns what stood there before."""
        before = self.text(interview, question)
        self.put(interview, question, value)
        planted = self.text(interview, question)
        found_at = question if found_at is None else found_at
        self.blemishes.append(Blemish(kind, interview, question, before, planted, check, found_at))
        return before

    def note(self, kind: str, interview: str, before: str, planted: str, check: str) -> None:
        """Note what is about a whole interview."""
        self.blemishes.append(Blemish(kind, interview, "", before, planted, check, ""))

    def work_out(self, interview: str, questions: Sequence[str]) -> None:
        """Fill in calculations again for one interview, as the phone would have."""
        for question in questions:
            now = replace(self.clean, frame=self.frame)
            self.frame[question] = self.frame[question].where(
                self.frame.index != interview, calculated(now, question)
            )

    def follow(self, question: str) -> tuple[str, ...]:
        """The calculations outside repeats that rest on a question, in the order of the form."""
        found: list[str] = []
        resting = {self.clean.questionnaire.by_key[question].question.name}
        for item in self.clean.questionnaire.items:
            calculation = item.question.calculation
            if calculation is None or item.repeats or item.key not in self.frame.columns:
                continue
            if not resting.isdisjoint(calculation.answers):
                resting.add(item.question.name)
                found.append(item.key)
        return tuple(found)

    def first_of_type(self, name: str) -> str | None:
        """The key of the first question of a type outside repeats."""
        items: Sequence[Item] = self.clean.questionnaire.items
        found = (each.key for each in items if each.question.type.name == name and not each.repeats)
        return next(found, None)

    def lacks(self, interview: str, question: str) -> None:
        """The version of the form with which an interview was held did not have a question."""
        self.put(interview, question, None)
        self._lacking.append((interview, question))

    def add_interview(self, source: str, interview: str) -> None:
        """Another interview with the same answers, at the end."""
        row = self.frame.loc[[source]].set_axis([interview]).rename_axis("interview")
        self.frame = pd.concat([self.frame, row])
        meta = self.meta.loc[[source]].set_axis([interview]).rename_axis("interview")
        self.meta = pd.concat([self.meta, meta])
        for name, rows in self.repeats.items():
            self.repeats[name] = pd.concat([rows, under(rows, source, interview)])

    def take_rows(self, source: str, interview: str) -> None:
        """Give an interview the rows of another in place of its own."""
        for name, rows in self.repeats.items():
            kept = rows.drop(index=interview, level=0, errors="ignore")
            self.repeats[name] = pd.concat([kept, under(rows, source, interview)])

    def done(self) -> Responses:
        """The responses as they came in."""
        now = replace(
            self.clean,
            frame=self.frame,
            meta=self.meta,
            repeats=MappingProxyType(
                {name: Rows(frame, frame) for name, frame in self.repeats.items()}
            ),
        )
        repeats = {
            name: Rows(frame, absence_in_repeat(now, name)) for name, frame in self.repeats.items()
        }
        why = absence(now)
        for interview, question in self._lacking:
            cast("Any", why.loc)[interview, question] = Absence.NOT_IN_VERSION.value
        return replace(now, absence=why, repeats=MappingProxyType(repeats))


def under(rows: pd.DataFrame, source: str, interview: str) -> pd.DataFrame:
    """The rows of one interview, as rows of another."""
    taken = rows[rows.index.get_level_values(0) == source]
    arrays = [
        np.full(len(taken), interview, dtype=object),
        *(taken.index.get_level_values(level) for level in range(1, taken.index.nlevels)),
    ]
    return taken.set_axis(pd.MultiIndex.from_arrays(arrays, names=taken.index.names))
