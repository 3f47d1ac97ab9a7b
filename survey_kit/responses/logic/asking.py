"""Where each question was asked, by going through the form's relevants again.

A question was asked where its own relevant and those of all groups and repeats around it
hold. An answer to a question that was not asked counts as blank for everything that refers to
it, as on the phone. So each place is worked out after those it refers to; where none refers
ahead, that is the order of the interview.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

import numpy as np
import pandas as pd

from survey_kit.errors import CannotEvaluate, Fault
from survey_kit.questionnaire.expression import Expression
from survey_kit.questionnaire.model import Item, Questionnaire, Repeat
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.logic.columns import Answered, Columns, within
from survey_kit.responses.logic.device import known_on_device_only
from survey_kit.responses.logic.keeping import as_kept
from survey_kit.responses.logic.places import Enclosure
from survey_kit.responses.logic.references import targets
from survey_kit.responses.logic.scope import Scope
from survey_kit.responses.logic.value import Truths, as_truths, choose, is_blank
from survey_kit.responses.model import Rows

Place: TypeAlias = tuple[str, ...]

_RESULT = "="
"""Before a place: what its calculation gives. No question can have this name."""


@dataclass(frozen=True, eq=False)
class Asking:
    """One replay of a form on answers; what is found out is kept.

    An answer is looked at when it is first needed, so a simulator may fill in a frame while
    it asks. `assumed` holds, by place, what could not be worked out (a relevant that reads a
    file of the device, a circle): such a question counts as asked where it was answered, such
    a group as shown; `unsure` says where nothing tells. The first goes for interviews whose version of the form lacked what a
    relevant refers to. With `anew`, calculations are worked out and not looked up, but where
    people may write over one, and something came back.
    """

    columns: Columns
    anew: bool = False
    assumed: dict[Place, Fault] = field(default_factory=dict[Place, Fault])
    _asked: dict[Place, Truths] = field(default_factory=dict[Place, Truths])
    _unsure: dict[Place, Truths] = field(default_factory=dict[Place, Truths])
    _needed: dict[Place, tuple[Place, ...]] = field(default_factory=dict[Place, tuple[Place, ...]])

    @property
    def answered(self) -> Answered:
        """The answers that are gone through."""
        return self.columns.answered

    @property
    def questionnaire(self) -> Questionnaire:
        """What was asked."""
        return self.columns.questionnaire

    @property
    def frame(self) -> pd.DataFrame:
        """The interviews."""
        return self.columns.frame

    @property
    def repeats(self) -> Mapping[str, Rows]:
        """The rows of each repeat."""
        return self.columns.repeats

    def question(self, key: str) -> Truths:
        """(rows,) bool. Where a question was asked."""
        item = self.columns.questionnaire.by_key[key]
        return self._at((*item.path, item.question.name))

    def repeat(self, name: str) -> Truths:
        """(rows,) bool. Where a row of a repeat was shown."""
        return self._at(self.columns.places.path_of_repeat(name))

    def unsure(self, key: str) -> Truths:
        """(rows,) bool. Where nothing tells whether a question was asked, an answer to it apart."""
        item = self.columns.questionnaire.by_key[key]
        place = (*item.path, item.question.name)
        return self._unsure.get(place, np.zeros(len(self._at(place)), dtype=np.bool_))

    @cached_property
    def whole(self) -> Asking:
        """The same, gone through to its end."""
        for key, item in self.columns.questionnaire.by_key.items():
            self.question(key)
            if self._is_worked_out(item):
                self._at((_RESULT, *item.path, item.question.name))
        return self

    def _at(self, wanted: Place) -> Truths:
        """Works out first what a place depends on, however long the chain."""
        waiting, begun = [wanted], set[Place]()
        while waiting:
            place = waiting[-1]
            if place in self._asked:
                waiting.pop()
                continue
            missing = [each for each in self._needs(place) if each not in self._asked]
            if not missing or place in begun:
                self._asked[place] = self._work_out(place, missing)
                continue
            begun.add(place)
            waiting.extend(missing)
        return self._asked[wanted]

    def _work_out(self, place: Place, missing: list[Place]) -> Truths:
        if place[0] == _RESULT:
            return self._calculate(self.columns.places.items[place[1:]], missing)
        item = self.columns.places.items.get(place)
        around = asked = self._around(place, item, self._asked)
        unsure = self._around(place, item, self._unsure)
        expression = self._relevant(place)
        if expression is not None:
            try:
                if missing:
                    raise _circle(place, missing)
                holds = self._holds(expression, place, item)
                asked, unsure = asked & holds, unsure & holds
            except CannotEvaluate as fault:
                self.assumed[place] = fault.faults[0]
                unsure = around & ~self._is_seen(place, item)
                if item is not None:
                    asked = around & ~is_blank(self.columns.value(item))
        if unsure.any():
            self._unsure[place] = unsure
        key = item.key if item is not None else within(place)
        self.columns.relevant[key] = asked
        self.columns.forget(key)
        return asked

    def _calculate(self, item: Item, missing: list[Place]) -> Truths:
        """Work a calculation out, and keep it as the answer; where, (rows,), it was asked."""
        place = (*item.path, item.question.name)
        calculation = item.question.calculation
        try:
            if missing or calculation is None:
                raise _circle(place, missing)
            repeat = item.repeats[-1] if item.repeats else None
            where = f"question '{item.key}', calculation '{calculation.source}'"
            scope = Scope(self.columns, where, repeat=repeat, path=place, item=item)
            value = as_kept(scope.value(calculation.tree), item.question.type.storage)
            if item.question.type.asked and not item.question.read_only:
                written = self.columns.value(item)
                value = choose(is_blank(written), value, written)
            self.columns.kept[item.key] = value
            self.columns.forget(item.key)
        except CannotEvaluate as fault:
            self.assumed[_RESULT, *place] = fault.faults[0]
        return self._asked[place]

    def _is_worked_out(self, item: Item) -> bool:
        question = item.question
        return (
            self.anew
            and question.calculation is not None
            and question.type.storage is not Storage.NOTHING
            and not known_on_device_only(question)
        )

    def _is_seen(self, place: Place, item: Item | None) -> Truths:
        """(rows,) Where an answer shows that a question, or a group with it, was there."""
        if item is not None:
            return ~is_blank(self.columns.value(item))
        enclosure = self._enclosure(place)
        repeats, rows = enclosure.repeats, self._repeat_of(place, None)
        if isinstance(enclosure.node, Repeat):  # each row shows it
            return np.ones(self.columns.number_of_rows(rows), dtype=np.bool_)
        seen = np.zeros(self.columns.number_of_rows(rows), dtype=np.bool_)
        for path, inside in self.columns.places.items.items():
            if path[: len(place)] == place and inside.repeats == repeats:
                seen |= ~is_blank(self.columns.value(inside))
        return seen

    def _around(self, place: Place, item: Item | None, of: Mapping[Place, Truths]) -> Truths:
        """(rows,) What is known of the group or repeat around a place: shown, or unsure."""
        rows = self._repeat_of(place, item)
        every = np.ones if of is self._asked else np.zeros
        if len(place) == 1:
            return every(self.columns.number_of_rows(rows), dtype=np.bool_)
        outer = self._enclosure(place[:-1])
        around = outer.repeats[-1] if outer.repeats else None
        owners = self.columns.owners(rows, around)
        shown = of.get(outer.path)
        if shown is None:
            return every(len(owners), dtype=np.bool_)
        return (owners >= 0) & shown[np.maximum(owners, 0)] if len(shown) else owners >= 0

    def _holds(self, expression: Expression, place: Place, item: Item | None) -> Truths:
        what = "question" if item is not None else "group"
        scope = Scope(
            self.columns,
            f"{what} '{place[-1]}', relevant '{expression.source}'",
            repeat=self._repeat_of(place, item),
            path=place,
            item=item,
        )
        holds = np.broadcast_to(as_truths(scope.value(expression.tree)), (scope.rows,))
        unknown = scope.unknown(expression.tree)
        if not unknown.any():
            return holds
        answered = ~is_blank(self.columns.value(item)) if item is not None else True
        return np.where(unknown, answered, holds)

    def _repeat_of(self, place: Place, item: Item | None) -> str | None:
        repeats = item.repeats if item is not None else self._enclosure(place).repeats
        return repeats[-1] if repeats else None

    def _relevant(self, place: Place) -> Expression | None:
        item = self.columns.places.items.get(place)
        return item.question.relevant if item is not None else self._enclosure(place).relevant

    def _enclosure(self, place: Place) -> Enclosure:
        return self.columns.places.enclosures[place]

    def _needs(self, place: Place) -> tuple[Place, ...]:
        """The group around a place, and what its relevant refers to."""
        if place not in self._needed:
            around = (place[:-1],) if len(place) > 1 and place[0] != _RESULT else ()
            self._needed[place] = (*around, *dict.fromkeys(self._references(place)))
        return self._needed[place]

    def _references(self, place: Place) -> Iterable[Place]:
        if place[0] == _RESULT:
            place = place[1:]
            yield place
            expression = self.columns.places.items[place].question.calculation
        else:
            expression = self._relevant(place)
        if expression is None:
            return
        for target in targets(expression.tree, place, self.columns.places):
            if target.item is not None:
                there = (*target.item.path, target.item.question.name)
                if there != place:
                    yield there
                if self._is_worked_out(target.item) and there != place:
                    yield (_RESULT, *there)
            elif target.path and target.path != place[: len(target.path)]:
                yield target.path


def _circle(place: Place, missing: list[Place]) -> CannotEvaluate:
    names = " and ".join(f"'{each}'" for each in sorted({each[-1] for each in (place, *missing)}))
    return CannotEvaluate(
        f"'{place[-1]}'",
        "whether it is asked depends, in a circle, on whether it is asked",
        f"Take the circle out of the relevants of {names}",
    )
