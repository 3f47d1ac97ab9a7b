"""One walk through the questionnaire, for all simulated people at once.

Question after question in the order of the interview: who is asked (the form's own
relevants), what is offered (its choice filter), an answer, and whether the form takes
it (its constraint). An answer that is refused is drawn again. So what comes out breaks no
rule of the form, however odd the calibration is. Where no answer fits, the person is stuck, as
somebody with a phone would be: a walk says who is, and `people.py` sends others in their place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.errors import CannotEvaluate, Fault
from survey_kit.questionnaire.model import Group, Item, Question, Questionnaire, Repeat
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.model import Rows
from survey_kit.responses.simulation import noted_by_phone
from survey_kit.responses.simulation.ahead import reads_the_clock, sizes_of_repeats
from survey_kit.responses.simulation.calculated import worked_out
from survey_kit.responses.simulation.drawing import Asked, drawing
from survey_kit.responses.simulation.fieldwork import Moments, days_of, moments_of
from survey_kit.responses.simulation.likely import cases_that_hold, figure
from survey_kit.responses.simulation.numbers import Numbers
from survey_kit.responses.simulation.scope import (
    Column,
    Scope,
    SoFar,
    Unfinished,
    as_text,
    blank,
    empty_frame,
    only,
)

if TYPE_CHECKING:
    from survey_kit.questionnaire.expression import Expression
    from survey_kit.questionnaire.model import Node
    from survey_kit.responses.simulation.calibration import Calibration

Truths: TypeAlias = NDArray[np.bool_]
Positions: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]

TRIES = 60
ANSWERED, ANSWERED_IN_WORDS = 0.97, 0.3
"""Share of people who answer a question that is not required: with a choice or a number; in words."""
USUAL_ROWS = 1.5
"""Mean number of rows of a repeat of which nothing is said."""
MOST_ROWS = 300
"""A repeat with more rows than this in one interview is a number that nobody meant."""
MOST_ROWS_INSIDE = 3_000
"""The same, of a repeat in repeats: over all rows around it in one interview."""
AT_ONCE = frozenset({"start", "end", "today"})
"""What the phone notes by itself and the simulator knows."""


class Walk:
    """The interviews while they go on. `go` fills `whole` and `scopes`."""

    def __init__(
        self,
        questionnaire: Questionnaire,
        interviews: pd.Index,
        calibration: Calibration,
        rng: np.random.Generator,
    ) -> None:
        self._questionnaire = questionnaire
        self._calibration = calibration
        self._rng = rng
        self._by_node = {(item.path, item.question.name): item for item in questionnaire.items}
        inside = {name: self._items_of(name) for name in questionnaire.repeats}
        self._repeats = {
            name: _no_rows(interviews, items, self._around(name)) for name, items in inside.items()
        }
        frame = empty_frame(
            tuple(item for item in questionnaire.items if not item.repeats), interviews
        )
        meta = pd.DataFrame({"submitted": pd.NaT}, index=interviews, dtype="datetime64[us]")
        everything = SoFar(Unfinished(questionnaire, frame, self._repeats, meta), rng.spawn(1)[0])
        self._meta = meta
        self._clock = reads_the_clock(questionnaire)
        self._few = sizes_of_repeats(questionnaire)
        self.whole = Scope(None, frame, np.arange(len(interviews)), everything)
        self.scopes: dict[str, Scope] = {}
        self.asked = np.zeros(len(interviews), dtype=np.int64)
        self.enumerators = np.full(len(interviews), -1, dtype=np.int64)
        self.days = np.full(len(interviews), np.datetime64("NaT", "D"))
        self.moments: Moments | None = None
        self.stuck = np.zeros(len(interviews), dtype=np.bool_)
        self.faults: dict[str, Fault] = {}
        self.notes: dict[str, str] = {}
        self._places = np.full(len(interviews), -1, dtype=np.int64)

    def go(self) -> None:
        """Ask everybody everything that the form asks them."""
        if self._calibration.fieldwork.enumerator is None:
            self._set_days()
        everybody = np.ones(len(self.whole), dtype=np.bool_)
        self._ask(self._questionnaire.nodes, (), self.whole, everybody)
        self._work_out_again()

    def _ask(
        self, nodes: tuple[Node, ...], path: tuple[str, ...], scope: Scope, gate: Truths
    ) -> None:
        for node in nodes:
            match node:
                case Question():
                    item = self._by_node[path, node.name]
                    self._ask_one(item, scope, gate & self._relevant(node, path, scope))
                case Group():
                    inside = gate & self._relevant(node, path, scope)
                    self._ask(node.nodes, (*path, node.name), scope, inside)
                case Repeat():
                    inside = gate & self._relevant(node, path, scope)
                    rows = self._begin(node, scope, inside)
                    everyone = np.ones(len(rows), dtype=np.bool_)
                    self._ask(node.nodes, (*path, node.name), rows, everyone)

    def _relevant(
        self, node: Question | Group | Repeat, path: tuple[str, ...], scope: Scope
    ) -> Truths:
        if node.relevant is None:
            return np.ones(len(scope), dtype=np.bool_)
        try:
            return scope.holds(node.relevant, place=(*path, node.name))
        except CannotEvaluate as error:
            fault = error.faults[0]
            if self._is_of_others:
                self.notes[f"{node.name} relevant"] = f"'{node.name}' is never asked: {fault}"
                return np.zeros(len(scope), dtype=np.bool_)
            where = f"{node.source or self._questionnaire.name}, '{node.name}', relevant"
            raise CannotEvaluate(where, fault.what, fault.remedy) from error

    def _ask_one(self, item: Item, scope: Scope, relevant: Truths) -> None:
        question = item.question
        if question.type.storage is Storage.NOTHING:
            return
        scope.was_asked(item.key, relevant)
        if question.type.name in AT_ONCE:
            self._note_the_day(item)
        elif question.calculation is not None:
            self._work_out(item, scope, relevant)
        elif question.read_only or not question.type.asked:
            self._fill_in(item, scope, relevant)
        else:
            np.add.at(self.asked, scope.interviews, relevant)
            self._draw(item, scope, relevant)
        fieldwork = self._calibration.fieldwork
        if item.key == fieldwork.enumerator:
            self.enumerators = _numbered(scope.frame[item.key])
            self._set_days()
        if item.key == fieldwork.place:
            self._places = _numbered(scope.frame[item.key])

    def _work_out(self, item: Item, scope: Scope, relevant: Truths) -> None:
        """Fill in a calculation; one that cannot be worked out stays blank, and is noted."""
        try:
            scope.write(item.key, worked_out(item, scope, relevant))
        except CannotEvaluate as fault:
            self.notes[item.key] = f"'{item.key}' is left blank: {fault}"

    def _fill_in(self, item: Item, scope: Scope, relevant: Truths) -> None:
        """What the form or the phone writes down by itself."""
        question = item.question
        if _dtype(question.type.storage) != "object":
            return
        if question.default is not None:
            given = np.full(len(scope), question.default, dtype=object)
            scope.write(item.key, as_text(only(given, relevant)))
        elif question.type.name in noted_by_phone.KINDS:
            noted = noted_by_phone.words(question.type.name, self.enumerators, len(self.whole))
            scope.write(item.key, as_text(only(noted[scope.interviews], relevant)))

    def _set_days(self) -> None:
        self.days = days_of(self.enumerators, self._calibration.fieldwork, self._rng)
        if self._clock:
            self._set_moments()
        for item in self._questionnaire.items:
            if item.question.type.name == "today" and not item.repeats:
                self.whole.write(item.key, self.days.astype("datetime64[us]"))

    def _set_moments(self) -> None:
        """Fix beforehand when each interview takes place, because its form looks at the clock."""
        usual = np.full(len(self.whole), len(self._questionnaire.items) // 2)
        fieldwork = self._calibration.fieldwork
        self.moments = moments_of(usual, self.enumerators, self.days, fieldwork, self._rng)
        for item in self._questionnaire.items:
            if item.question.type.name in ("start", "end") and not item.repeats:
                self.whole.write(item.key, self.moments.of(item.question.type.name))
        self._meta["submitted"] = self.moments.sent

    def _note_the_day(self, item: Item) -> None:
        if item.question.type.name == "today" and not np.isnat(self.days).all():
            self.whole.write(item.key, self.days.astype("datetime64[us]"))

    def _draw(self, item: Item, scope: Scope, relevant: Truths) -> None:
        """Draw until the form takes every answer; leave blank what it never takes, if it may be."""
        required = self._required(item, scope)
        open_rows = relevant & (required | self._answers(item, scope))
        storage = item.question.type.storage
        answers = np.asarray(blank(storage, len(scope)), dtype=_dtype(storage))
        days = self.days[scope.interviews]
        drawn = drawing(
            Asked(
                item,
                scope,
                self._calibration,
                self._site(item, scope),
                days,
                few=item.question.name in self._few,
            )
        )
        constraint = item.question.constraint
        for attempt in range(TRIES):
            rows = np.flatnonzero(open_rows)
            if not len(rows):
                break
            answers[rows] = drawn.draw(rows, attempt, self._rng)
            scope.write(item.key, _held(answers, storage))
            filled = ~pd.isna(answers)
            fits = filled if constraint is None else filled & self._fits(constraint, item, scope)
            open_rows &= ~fits
        answers[open_rows] = np.datetime64("NaT") if answers.dtype.kind == "M" else None
        scope.write(item.key, _held(answers, storage))
        if (open_rows & required).any():
            self._stop(
                scope.interviews[open_rows & required], _no_answer(item, self._questionnaire)
            )

    def _fits(self, constraint: Expression, item: Item, scope: Scope) -> Truths:
        """Where the form takes the answers."""
        try:
            return scope.holds(constraint, this=item.key)
        except CannotEvaluate as fault:
            if not self._is_of_others:
                raise
            self.notes[f"{item.key} constraint"] = f"'{item.key}' takes every answer: {fault}"
            return np.ones(len(scope), dtype=np.bool_)

    @property
    def _is_of_others(self) -> bool:
        """Whether it is a form that is read although not all of it is understood, or ODK's."""
        return bool(self._questionnaire.not_understood or self._questionnaire.only_elsewhere)

    def _stop(self, interviews: Positions, fault: Fault) -> None:
        self.stuck[interviews] = True
        self.faults.setdefault(fault.where, fault)

    def _required(self, item: Item, scope: Scope) -> Truths:
        if item.question.required is None:
            return np.zeros(len(scope), dtype=np.bool_)
        try:
            return scope.holds(item.question.required)
        except CannotEvaluate as fault:
            self.notes[f"{item.key} required"] = f"'{item.key}' is always answered: {fault}"
            return np.ones(len(scope), dtype=np.bool_)

    def _answers(self, item: Item, scope: Scope) -> Truths:
        plan = self._calibration.plan(item.key)
        words = item.question.type.storage in (Storage.TEXT, Storage.FILE, Storage.LOCATION)
        usual = ANSWERED_IN_WORDS if words else ANSWERED
        said = figure(plan, "answered", cases_that_hold(plan, scope), len(scope))
        return self._rng.random(len(scope)) < np.where(np.isnan(said), usual, said)

    def _site(self, item: Item, scope: Scope) -> Floats:
        """(m, choices) What the place of the interview adds to the log odds of each code."""
        choices = len(self._questionnaire.choices(item.question))
        said = self._calibration.plan(item.key).likely.site
        spread = self._calibration.fieldwork.site_effect if said is None else said
        number = int(self._places.max(initial=-1)) + 1
        if not spread or not number:
            return np.zeros((len(scope), choices))
        effects = np.vstack([self._rng.normal(0.0, spread, (number, choices)), np.zeros(choices)])
        return effects[self._places[scope.interviews]]

    def _begin(self, node: Repeat, scope: Scope, gate: Truths) -> Scope:
        """The rows of a repeat: as many as its count says, or as the calibration makes likely."""
        if node.count is not None:
            numbers = pd.to_numeric(scope.works_out(node.count), errors="coerce").to_numpy()
            counts = np.nan_to_num(numbers.astype(np.float64))
        else:
            plan = self._calibration.repeats.get(node.name)
            if plan is None:
                counts = self._rng.poisson(USUAL_ROWS, len(scope)).astype(np.float64)
            else:
                everyone = np.arange(len(scope))
                counts = Numbers.of_rows(plan, scope).draw(everyone, 0, self._rng)
        counts = np.where(gate, np.maximum(counts, 0), 0)
        together = np.bincount(scope.interviews, counts, minlength=len(self.stuck))
        beyond = (counts > MOST_ROWS) | (together > MOST_ROWS_INSIDE)[scope.interviews]
        if node.count is None and node.name not in self._calibration.repeats:
            counts, beyond = np.where(beyond, np.minimum(counts, 1), counts), counts < 0
        if beyond.any():
            most = MOST_ROWS if (counts > MOST_ROWS).any() else MOST_ROWS_INSIDE
            self._stop(scope.interviews[beyond], _too_many(node, most, self._questionnaire))
        counts = np.where(beyond, 0, counts).astype(np.int64)
        parents = np.repeat(np.arange(len(scope)), counts)
        first = np.repeat(counts.cumsum() - counts, counts)
        position = np.arange(len(parents)) - first + 1
        outer = scope.frame.index[parents]
        arrays = [outer.get_level_values(level) for level in range(outer.nlevels)]
        index = pd.MultiIndex.from_arrays(
            [*arrays, position], names=["interview", *self._around(node.name), node.name]
        )
        frame = empty_frame(self._items_of(node.name), index)
        self._repeats[node.name] = Rows(frame, frame)
        self.whole.everything.began()
        rows = Scope(node.name, frame, scope.interviews[parents], self.whole.everything)
        self.scopes[node.name] = rows
        return rows

    def _work_out_again(self) -> None:
        """Work out once more what refers to questions that come later in the interview."""
        order = {
            item.question.name: position for position, item in enumerate(self._questionnaire.items)
        }
        for position, item in enumerate(self._questionnaire.items):
            calculation = item.question.calculation
            if calculation is None or item.question.type.storage is Storage.NOTHING:
                continue
            if any(order.get(name, -1) > position for name in calculation.answers):
                scope = self.scopes[item.repeats[-1]] if item.repeats else self.whole
                self._work_out(item, scope, scope.relevant[item.key])

    def _items_of(self, repeat: str) -> tuple[Item, ...]:
        return tuple(
            item
            for item in self._questionnaire.items
            if item.repeats and item.repeats[-1] == repeat
        )

    def _around(self, repeat: str) -> tuple[str, ...]:
        return self._questionnaire.repeats[repeat][1]


def _no_answer(item: Item, questionnaire: Questionnaire) -> Fault:
    return Fault(
        f"{item.question.source or questionnaire.name}, question '{item.key}'",
        f"no answer that the form takes was found in {TRIES} tries",
        "Check its constraint and choice_filter against each other, or say in the "
        "simulation file what its answers are like",
    )


def _too_many(node: Repeat, most: int, questionnaire: Questionnaire) -> Fault:
    return Fault(
        f"{node.source or questionnaire.name}, repeat '{node.name}'",
        f"it would have more than {most:,} rows",
        "Give the question that says how many a constraint, or say in the simulation file "
        "what its answers are like",
    )


def _no_rows(interviews: pd.Index, items: tuple[Item, ...], around: tuple[str, ...]) -> Rows:
    index = pd.MultiIndex.from_arrays(
        [interviews[:0], *(np.zeros(0, dtype=np.int64) for _ in range(len(around) + 1))]
    )
    frame = empty_frame(items, index)
    return Rows(frame, frame)


def _numbered(answers: pd.Series) -> Positions:
    """(n,) int. Each different answer numbered in order; -1 where there is none."""
    codes, _ = pd.factorize(answers, sort=True)
    return codes.astype(np.int64)


def _dtype(storage: Storage) -> str:
    match storage:
        case Storage.INTEGER | Storage.DECIMAL:
            return "float64"
        case Storage.DATE | Storage.DATETIME:
            return "datetime64[us]"
        case _:
            return "object"


def _held(answers: NDArray[Any], storage: Storage) -> Column:
    """A copy of the answers as a frame holds them."""
    return as_text(answers) if _dtype(storage) == "object" else answers.copy()
