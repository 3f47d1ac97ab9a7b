"""Which answers would make an expression true, read off its tree.

Chance rarely finds its way to a question behind five gates. A gate says itself what it waits
for: `${plan} = 'leave'` waits for the answer leave. So a gate is taken apart into
alternatives, each a wish for some answers; what a calculation gives is traced back to the
answers it is worked out from. What cannot be read is left to chance, and the form's own logic
judges every interview: a wish makes no interview that the form would refuse.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from survey_kit.questionnaire.expression import (
    Answer,
    Call,
    Node,
    Number,
    Operation,
    Path,
    Text,
    walk,
)
from survey_kit.questionnaire.question_type import Storage
from survey_kit.rehearsal.because import gates_of
from survey_kit.rehearsal.wish import (
    ANYTHING,
    Wish,
    Wishes,
    constant,
    first,
    holds,
    merged,
    number_for,
)

if TYPE_CHECKING:
    from survey_kit.questionnaire.model import Item, Questionnaire

DEEPEST = 12
SMALL, LARGE = "1", "60"
"""Numbers that are given where one has to be smaller than another."""
_WIDE = (Storage.INTEGER, Storage.DECIMAL, Storage.DATE, Storage.DATETIME, Storage.TIME)
_DENIED = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_MIRRORED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_THE_SAME = frozenset({"number", "string", "int", "round", "boolean", "once", "date", "coalesce"})
"""Functions whose worth is, nearly enough, that of their first argument."""


@dataclass(frozen=True)
class Wishing:
    """Reads expressions of one questionnaire."""

    questionnaire: Questionnaire

    def to_ask(self, item: Item) -> list[Wishes]:
        """Alternatives, each of which should get a question asked; none where nothing can."""
        return self._reachable([*self._rows(item), *(gate.tree for gate in gates_of(item))])

    def wild(self, item: Item) -> list[Wishes]:
        """The same with any numbers and days, where a gate works something out from them."""
        trees = [*self._rows(item), *(gate.tree for gate in gates_of(item))]
        wild = {key: (Wish("anything"),) for key in self._sources(trees)}
        if not wild:
            return []
        found = self._all([self.of(tree) for tree in trees])
        return first([both for each in found for both in self._with_gates({**wild, **each})])

    def waits_for(self, item: Item) -> set[str]:
        """Every question that has to do with whether a question is asked, gates of gates too."""
        found: set[str] = set()
        waiting = [item]
        while waiting:
            trees = [gate.tree for gate in gates_of(waiting.pop())]
            new = set(self._answers(trees)) - found
            found |= new
            waiting += [self.questionnaire.by_key[key] for key in new]
        return found

    def _sources(self, trees: Sequence[Node]) -> list[str]:
        """Questions with numbers, days or times from which trees are worked out."""
        return [
            name
            for name in self._answers(trees)
            if self.questionnaire.by_key[name].question.type.storage in _WIDE
        ]

    def _answers(self, trees: Sequence[Node]) -> list[str]:
        """Questions from whose answers trees are worked out, through calculations too."""
        found: dict[str, None] = {}
        waiting = list(trees)
        known: set[str] = set()
        while waiting:
            names = [node.name for node in walk(waiting.pop()) if isinstance(node, Answer)]
            for name in names:
                item = self.questionnaire.by_key.get(name)
                if item is None or name in known:
                    continue
                known.add(name)
                if item.question.calculation is not None:
                    waiting.append(item.question.calculation.tree)
                else:
                    found[name] = None
        return list(found)

    def to_hold(self, item: Item, tree: Node) -> list[Wishes]:
        """Alternatives in which a question is asked and an expression of it is true."""
        gates = [gate.tree for gate in gates_of(item)]
        return self._reachable([*self._rows(item), *gates, tree])

    def to_choose(self, item: Item, code: str) -> list[Wishes]:
        """Alternatives in which a question is asked and a code chosen."""
        several = item.question.type.storage is Storage.CODES
        wish: Wishes = {item.key: (Wish("has" if several else "is", code),)}
        return self._all([self.to_ask(item), [wish]])

    def _rows(self, item: Item) -> list[Node]:
        """That the repeats around a question have rows, where the form says how many."""
        counts = [self.questionnaire.repeats[name][0].count for name in item.repeats]
        return [Operation(">", each.tree, Number(0.0)) for each in counts if each is not None]

    def _reachable(self, trees: Sequence[Node]) -> list[Wishes]:
        """All of the trees, and the gates of whatever they wait for."""
        found = self._all([self.of(tree) for tree in trees])
        ready: list[Wishes] = []
        for each in found:
            ready += self._with_gates(each)
        return first(ready)

    def _with_gates(self, wishes: Wishes) -> list[Wishes]:
        alternatives: list[Wishes] = [wishes]
        known: set[str] = set()
        for _ in range(DEEPEST):
            new = {key for one in alternatives for key in one} - known
            if not new:
                break
            known |= new
            gates = [
                self.of(gate.tree)
                for key in sorted(new)
                for gate in gates_of(self.questionnaire.by_key[key])
            ]
            alternatives = self._all([alternatives, *gates])
        return alternatives

    def of(  # noqa: C901, PLR0911, PLR0912 - a case a kind of node
        self, tree: Node, *, want: bool = True, depth: int = 0
    ) -> list[Wishes]:
        """Alternatives that make a tree true, or false where that is wanted; none: impossible."""
        if depth > DEEPEST:
            return [ANYTHING]
        match tree:
            case Operation("and" | "or" as word):
                parts = [self.of(part, want=want, depth=depth + 1) for part in _chain(tree)]
                return self._all(parts) if (word == "and") == want else _any(parts)
            case Operation(operator, left, right) if operator in _DENIED:
                if constant(left) is None and constant(right) is None:
                    return self._related(operator if want else _DENIED[operator], left, right)
                return self._compared(operator if want else _DENIED[operator], left, right, depth)
            case Call("not", (inner,)):
                return self.of(inner, want=not want, depth=depth + 1)
            case Call("true" | "false" as word, ()):
                return [ANYTHING] if (word == "true") == want else []
            case Call("selected" | "is-selected", (left, right)):
                return self._selected(left, right, want=want, depth=depth)
            case Call("if", (condition, yes, no)):
                return self._if(condition, [(yes, want), (no, want)], depth)
            case Call(function, (inner, *_)) if function in _THE_SAME:
                return self.of(inner, want=want, depth=depth + 1)
            case Answer(name):
                calculation = self._calculation(name)
                if calculation is not None:
                    return self.of(calculation, want=want, depth=depth + 1)
                return self._wish(name, Wish("some" if want else "blank"))
            case Number(value):
                return [ANYTHING] if bool(value) == want else []
            case _:
                return [ANYTHING]

    def _if(self, condition: Node, ways: Sequence[tuple[Node, bool]], depth: int) -> list[Wishes]:
        (yes, want), (no, _) = ways
        return _any(
            [
                self._all(
                    [
                        self.of(condition, want=holds, depth=depth + 1),
                        self.of(branch, want=want, depth=depth + 1),
                    ]
                )
                for branch, holds in ((yes, True), (no, False))
            ]
        )

    def _compared(  # noqa: C901, PLR0911 - one return for each thing that is compared
        self, operator: str, left: Node, right: Node, depth: int
    ) -> list[Wishes]:
        if depth > DEEPEST:
            return [ANYTHING]
        wanted = constant(right)
        if wanted is None:
            if constant(left) is None:
                return [ANYTHING]
            return self._compared(_MIRRORED[operator], right, left, depth)
        known = constant(left)
        if known is not None:
            return [ANYTHING] if holds(operator, known, wanted) else []
        match left:
            case Answer(name):
                calculation = self._calculation(name)
                if calculation is not None:
                    return self._compared(operator, calculation, right, depth + 1)
                return self._answered(name, operator, wanted)
            case Call("count-selected", (Answer(name),)):
                return self._wish(name, Wish("many", str(number_for(operator, wanted))))
            case Call("if", (condition, yes, no)):
                return _any(
                    [
                        self._all(
                            [
                                self.of(condition, want=holds, depth=depth + 1),
                                self._compared(operator, branch, right, depth + 1),
                            ]
                        )
                        for branch, holds in ((yes, True), (no, False))
                    ]
                )
            case Call(function, (inner, *_)) if function in _THE_SAME:
                return self._compared(operator, inner, right, depth + 1)
            case Operation(word) if word in _DENIED or word in ("and", "or"):
                truth = wanted in ("true", "1") if operator == "=" else wanted in ("false", "0")
                return self.of(left, want=truth, depth=depth + 1)
            case _:
                return [ANYTHING]

    def _related(self, operator: str, left: Node, right: Node) -> list[Wishes]:
        """Answers compared with answers: small ones here and large ones there, or the same."""
        here, there = self._numbers(left), self._numbers(right)
        if not here or not there or set(here) & set(there):
            return [ANYTHING]
        low, high = (SMALL, LARGE) if operator in ("<", "<=", "!=") else (LARGE, SMALL)
        if operator == "=":
            low = high = SMALL
        wishes = {name: (Wish("is", low),) for name in here}
        return [wishes | {name: (Wish("is", high),) for name in there}, ANYTHING]

    def _numbers(self, tree: Node) -> list[str]:
        """Questions with numbers that are added up in a tree; none if there is more in it."""
        match tree:
            case Answer(name):
                item = self.questionnaire.by_key.get(name)
                if item is None:
                    return []
                if item.question.calculation is not None:
                    return self._numbers(item.question.calculation.tree)
                storage = item.question.type.storage
                return [name] if storage in (Storage.INTEGER, Storage.DECIMAL) else []
            case Operation("+", left, right):
                both = [self._numbers(left), self._numbers(right)]
                return [*both[0], *both[1]] if all(both) else []
            case Call(function, (inner, *_)) if function in _THE_SAME:
                return self._numbers(inner)
            case _:
                return []

    def _answered(self, name: str, operator: str, wanted: str) -> list[Wishes]:
        item = self.questionnaire.by_key.get(name)
        if item is None:
            return [ANYTHING]
        if not wanted:
            return self._wish(name, Wish("some" if operator == "!=" else "blank"))
        if operator in ("=", "!="):
            if operator == "=" and not self._may_be(item, wanted):
                return []
            return self._wish(name, Wish("is" if operator == "=" else "not", wanted))
        how = "least" if operator in (">", ">=") else "most"
        return self._wish(name, Wish(how, number_for(operator, wanted)))

    def _may_be(self, item: Item, answer: str) -> bool:
        """Whether the codes of an answer are in the list of its question, as far as it is known."""
        codes = {choice.code for choice in self.questionnaire.choices(item.question)}
        open_ended = item.question.or_other or item.question.default is not None
        return not codes or open_ended or set(answer.split()) <= codes

    def _selected(self, left: Node, right: Node, *, want: bool, depth: int) -> list[Wishes]:
        match left, right:
            case Answer(name), Text(code):
                calculation = self._calculation(name)
                if calculation is not None:
                    operator = "=" if want else "!="
                    return self._compared(operator, calculation, right, depth + 1)
                item = self.questionnaire.by_key.get(name)
                if item is None or item.question.type.storage is not Storage.CODES:
                    return self._compared("=" if want else "!=", left, right, depth)
                if want and not self._may_be(item, code):
                    return []
                return self._wish(name, Wish("has" if want else "lacks", code))
            case Text(codes), _:
                operator, together = ("=", _any) if want else ("!=", self._all)
                return together(
                    [self._compared(operator, right, Text(code), depth) for code in codes.split()]
                )
            case _:
                return [ANYTHING]

    def _calculation(self, name: str) -> Node | None:
        item = self.questionnaire.by_key.get(name)
        if item is None or item.question.calculation is None:
            return None
        return item.question.calculation.tree

    def _wish(self, name: str, wish: Wish) -> list[Wishes]:
        return [{name: (wish,)}] if name in self.questionnaire.by_key else [ANYTHING]

    def _all(self, parts: Sequence[list[Wishes]]) -> list[Wishes]:
        """Every way of making all parts come true; the first ones where there are many."""
        found: list[Wishes] = [ANYTHING]
        for part in parts:
            both = (merged(one, other) for one, other in product(found, part))
            found = first([each for each in both if each is not None])
        return found


def with_columns(tree: Node, columns: Mapping[str, str]) -> Node:
    """A choice filter as it stands for one choice: its bare names are the choice's columns."""
    match tree:
        case Path(text, _) if text in columns:
            return Text(columns[text])
        case Operation(operator, left, right):
            return Operation(operator, with_columns(left, columns), with_columns(right, columns))
        case Call(function, arguments):
            return Call(function, tuple(with_columns(each, columns) for each in arguments))
        case _:
            return tree


def _chain(node: Operation) -> Iterator[Node]:
    """What is joined by one operator, however often: a or b or c."""
    waiting: list[Node] = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Operation) and part.operator == node.operator:
            waiting += (part.right, part.left)
        else:
            yield part


def _any(parts: Sequence[list[Wishes]]) -> list[Wishes]:
    return first([each for part in parts for each in part])
