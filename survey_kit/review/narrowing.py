"""A condition followed like a logician would: what is left of each world when it holds.

`and` narrows what answers may be, `or` parts a world in two, `not` turns a part round. What is
not understood (a function, a path, another row of a repeat) leaves every world as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from survey_kit.questionnaire.expression import (
    Answer,
    Call,
    Number,
    Operation,
    Path,
    Text,
    This,
    walk,
)
from survey_kit.questionnaire.question_type import Storage
from survey_kit.review.possible_answers import answered_only, hull, typed
from survey_kit.review.possible_values import (
    MIRRORED,
    OPPOSITE,
    Constant,
    Numbers,
    Several,
    Span,
    Values,
    Words,
    holds,
)
from survey_kit.review.trees import (
    ARITHMETIC,
    COMPARISONS,
    constant,
    day_number,
    flat,
    is_condition,
    truth_in,
)
from survey_kit.review.worlds import World, add, together

if TYPE_CHECKING:
    from survey_kit.questionnaire.expression import Node as Part
    from survey_kit.review.reviewed import Located, Reviewed
    from survey_kit.review.worlds import Key, Worlds

DEEPEST_CALCULATION = 3
"""How many calculations that look at one another are followed."""

_NUMERIC = frozenset({"int", "round", "string-length", "floor", "ceiling", "abs", "number"})


@dataclass(frozen=True)
class Sense:
    """Where a condition stands, and whether it is to hold or to fail."""

    here: Located | None
    holding: bool

    @property
    def turned(self) -> Sense:
        """The opposite."""
        return Sense(self.here, not self.holding)

    def means(self, operator: str, other: str) -> bool:
        """Whether an operator, in this sense, says the same as another one."""
        return (operator if self.holding else OPPOSITE.get(operator)) == other


class Narrowing:
    """Follows conditions of one questionnaire; what a question may hold, it remembers."""

    def __init__(self, reviewed: Reviewed) -> None:
        self._reviewed = reviewed
        self._given: dict[str, Values | None] = {}
        self._depth = 0

    # conditions

    def narrowed(
        self, worlds: Worlds, part: Part, here: Located | None, *, holding: bool = True
    ) -> Worlds:
        """The worlds that are left when a condition holds (or does not)."""
        return self._narrowed(worlds, part, Sense(here, holding)) if worlds else ()

    def _narrowed(self, worlds: Worlds, part: Part, sense: Sense) -> Worlds:  # noqa: PLR0911 - a return for each kind
        match part:
            case Operation("and" | "or"):
                return self._chain(worlds, part, sense)
            case Operation(operator) if operator in COMPARISONS:
                return self._compared(worlds, part, sense)
            case Call("not", (inner,)):
                return self._narrowed(worlds, inner, sense.turned)
            case Call("boolean", (inner,)):
                return self._narrowed(worlds, inner, sense)
            case Call("if", (test, then, otherwise)):
                one = self.narrowed(worlds, test, sense.here)
                other = self.narrowed(worlds, test, sense.here, holding=False)
                found = together(
                    self._narrowed(one, then, sense), self._narrowed(other, otherwise, sense)
                )
                return worlds if found is None else found
            case Call("selected" | "is-selected", (term, code)):
                return self._selected(worlds, term, code, sense)
            case Answer() | This():
                return self._term(
                    worlds, part, sense.here, lambda each: each.true(holding=sense.holding)
                )
            case _:
                truth = truth_in(part)
                return worlds if truth is None or truth is sense.holding else ()

    def _chain(self, worlds: Worlds, part: Operation, sense: Sense) -> Worlds:
        parts = flat(part, part.operator)
        if (part.operator == "or") is not sense.holding:
            for each in parts:
                worlds = self._narrowed(worlds, each, sense)
            return worlds
        found: Worlds = ()
        for each in parts:
            more = together(found, self._narrowed(worlds, each, sense))
            if more is None:
                return worlds
            found = more
        return found

    def _compared(self, worlds: Worlds, part: Operation, sense: Sense) -> Worlds:
        operator, left, right = part.operator, part.left, part.right
        one, other = constant(left), constant(right)
        if one is not None and other is not None:
            return worlds if holds(one, operator, other) is sense.holding else ()
        if one is not None:
            return self._with_constant(worlds, right, MIRRORED[operator], one, sense)
        if other is not None:
            return self._with_constant(worlds, left, operator, other, sense)
        truth = truth_in(right)
        if truth is not None and operator in ("=", "!=") and is_condition(left):
            alike = (operator == "=") is sense.holding
            return self.narrowed(worlds, left, sense.here, holding=truth is alike)
        if operator not in ("=", "!=") and sense.holding:
            for side in (left, right):
                worlds = self._term(worlds, side, sense.here, answered_only)
        return worlds

    def _with_constant(
        self, worlds: Worlds, term: Part, operator: str, known: Constant, sense: Sense
    ) -> Worlds:
        """A term compared with what never changes."""
        narrow = _comparing(operator, known, sense)
        match term:
            case Call("selected-at", (inner, Number())):
                if isinstance(known, str) and known and sense.means(operator, "="):
                    return self._selected(worlds, inner, Text(known), Sense(sense.here, True))
                return worlds
            case Call("if", (_, _, _)):
                return self._if_compared(worlds, term, operator, known, sense)
            case Answer(name):
                worlds = self._worked_out(worlds, name, operator, known, sense)
                narrow = self._day(term, operator, known, sense) or narrow
            case Call("count-selected", (inner,)) if not isinstance(known, str):
                return self._term(worlds, inner, sense.here, _counting(operator, known, sense))
            case _:
                narrow = self._day(term, operator, known, sense) or narrow
        return self._term(worlds, term, sense.here, narrow)

    def _day(
        self, term: Part, operator: str, known: Constant, sense: Sense
    ) -> Callable[[Values], Values] | None:
        """How a day is compared with a quoted text; None where that is not the case.

        Alike they are as texts; which is the earlier differs between engines.
        """
        if not (isinstance(known, str) and known and self._is_day(term, sense.here)):
            return None
        if operator not in ("=", "!="):
            return answered_only if sense.holding else _as_it_is
        day = day_number(known)
        return _as_it_is if day is None else _comparing(operator, day, sense)

    def _if_compared(
        self, worlds: Worlds, term: Call, operator: str, known: Constant, sense: Sense
    ) -> Worlds:
        """A choice between two values compared with what never changes: either way is followed."""
        test, then, otherwise = term.arguments
        right = Text(known) if isinstance(known, str) else Number(known)
        one = self.narrowed(worlds, test, sense.here)
        other = self.narrowed(worlds, test, sense.here, holding=False)
        found = together(
            self._compared(one, Operation(operator, then, right), sense),
            self._compared(other, Operation(operator, otherwise, right), sense),
        )
        return worlds if found is None else found

    def _worked_out(
        self, worlds: Worlds, name: str, operator: str, known: Constant, sense: Sense
    ) -> Worlds:
        """What follows, for the answers behind a calculation, from what it comes to.

        It is followed only where the calculation cannot be blank for want of being asked.
        """
        located = self.in_scope(name, sense.here)
        question = located.question if located is not None else None
        if located is None or question is None or question.calculation is None:
            return worlds
        tree = question.calculation.tree
        if question.type.asked or not (isinstance(tree, Call) and tree.function == "if"):
            return worlds
        has_gates = any(each.node.relevant is not None for each in (*located.parents, located))
        if has_gates and not (known != "" and sense.means(operator, "=")):
            return worlds
        if self._depth >= DEEPEST_CALCULATION or typed(located, self._reviewed) is None:
            return worlds
        self._depth += 1
        found = self._if_compared(worlds, tree, operator, known, Sense(located, sense.holding))
        self._depth -= 1
        return found

    def _is_day(self, part: Part, here: Located | None) -> bool:
        located = self._located(part, here)
        question = located.question if located else None
        return question is not None and question.type.storage is Storage.DATE

    def _selected(self, worlds: Worlds, term: Part, code: Part, sense: Sense) -> Worlds:
        if isinstance(term, Text) and isinstance(code, Answer | This):
            return self._one_of(worlds, term.value, code, sense)
        known = constant(code)
        text = known if isinstance(known, str) else f"{known:g}" if known is not None else ""
        if len(text.split()) != 1:
            return worlds

        def narrow(values: Values) -> Values:
            if isinstance(values, Numbers):
                return answered_only(values) if sense.holding else values
            return values.chosen(text.strip(), holding=sense.holding)

        return self._term(worlds, term, sense.here, narrow)

    def _one_of(self, worlds: Worlds, listed: str, asked: Part, sense: Sense) -> Worlds:
        """An answer that is among written codes: ``selected('a b', ${x})``."""
        if not listed or listed != " ".join(listed.split()):
            return worlds

        def narrow(values: Values) -> Values:
            if not isinstance(values, Words) or values.but:
                return values
            return Words(
                frozenset(
                    word
                    for word in values.words
                    if (f" {word.strip()} " in f" {listed} ") is sense.holding
                )
            )

        return self._term(worlds, asked, sense.here, narrow)

    # terms

    def _term(
        self, worlds: Worlds, part: Part, here: Located | None, narrow: Callable[[Values], Values]
    ) -> Worlds:
        """Each world with what is known of one term narrowed; those where nothing is left go."""
        found = self._start(part, here)
        if found is None:
            return worlds
        key, start = found
        left: list[World] = []
        for world in worlds:
            values = narrow(world.get(key, start))
            if not values.empty:
                add(left, {**world, key: values})
        return tuple(left)

    def _start(self, part: Part, here: Located | None) -> tuple[Key, Values] | None:
        located = self._located(part, here)
        if located is not None:
            values = self.given(located.node.name, here)
            return None if values is None else (located.node.name, values)
        match part:
            case Call("number", (Answer() | This() as inner,)):
                found = self._start(inner, here)
                if found is not None and isinstance(found[1], Numbers):
                    return found
            case Answer() | This():
                return None
            case _:
                pass
        if not self._is_worked_out(part, here):
            return None
        own = here.node.name if here is not None else ""
        if isinstance(part, Call) and part.function == "string-length":
            return (part, own), Numbers((Span(low=0),), blank=False, whole=True, formal=True)
        return (part, own), Numbers(formal=True)

    def _is_worked_out(self, part: Part, here: Located | None) -> bool:
        """Whether something is a number that depends on answers in scope alone."""
        match part:
            case Operation(operator) if operator in ARITHMETIC:
                pass
            case Call(function) if function in _NUMERIC:
                pass
            case _:
                return False
        for each in walk(part):
            match each:
                case Answer() | This():
                    if self._located(each, here) is None:
                        return False
                case Call(function) if function not in _NUMERIC:
                    return False
                case Path():
                    return False
                case _:
                    pass
        return True

    def _located(self, part: Part, here: Located | None) -> Located | None:
        match part:
            case Answer(name):
                return self.in_scope(name, here)
            case This():
                return here if here is not None and here.question is not None else None
            case _:
                return None

    def in_scope(self, name: str, here: Located | None) -> Located | None:
        """The question of that name, unless it is one of several rows seen from outside."""
        found = self._reviewed.by_name.get(name)
        around = here.repeats if here is not None else ()
        if found is None or found.question is None:
            return None
        return found if found.repeats == around[: len(found.repeats)] else None

    # what a question takes

    def given(self, name: str, here: Located | None) -> Values | None:
        """What the answer to a question may be in a valid interview; None if nothing is known."""
        found = self.in_scope(name, here)
        if found is None:
            return None
        if name not in self._given:
            self._given[name] = typed(found, self._reviewed)
            self._given[name] = self._with_constraint(found)
        return self._given[name]

    def _with_constraint(self, located: Located) -> Values | None:
        values, question = typed(located, self._reviewed), located.question
        if values is None or question is None or question.constraint is None or question.default:
            return values
        if set(question.constraint.answers) - {question.name}:
            return values
        start: Worlds = ({question.name: answered_only(values)},)
        passed = self.narrowed(start, question.constraint.tree, located)
        return hull((world[question.name] for world in passed), values)


def _comparing(operator: str, known: Constant, sense: Sense) -> Callable[[Values], Values]:
    return lambda values: values.compared(operator, known, holding=sense.holding)


def _counting(operator: str, count: float, sense: Sense) -> Callable[[Values], Values]:
    def narrow(values: Values) -> Values:
        if isinstance(values, Several):
            return values.counted(operator, count, holding=sense.holding)
        return values

    return narrow


def _as_it_is(values: Values) -> Values:
    return values
