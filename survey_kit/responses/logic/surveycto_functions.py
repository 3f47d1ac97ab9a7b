"""The functions of SurveyCTO that can be replayed, each as its reference says what it gives.

JavaRosa knows none of them, so no engine here is their judge. Those of which the reference leaves
something open (an empty list, ranks that are alike) are not here: `functions_elsewhere.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from survey_kit.questionnaire.expression import Answer, Node, Path
from survey_kit.responses.logic.labels import label_of
from survey_kit.responses.logic.place_functions import PlaceFunction, nodes_of
from survey_kit.responses.logic.value import (
    BLANK,
    Truths,
    Value,
    as_numbers,
    as_texts,
    as_truths,
    choose,
    is_blank,
    of_numbers,
    of_text,
    of_texts,
    of_truths,
    over_texts,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from survey_kit.responses.logic.nodes import Nodes
    from survey_kit.responses.logic.places import Target
    from survey_kit.responses.logic.scope import Scope


def _index(scope: Scope, arguments: tuple[Node, ...]) -> Value:
    """The place of the row in the innermost repeat around."""
    del arguments
    if scope.repeat is None or scope.standing is not None:
        raise scope.fault(
            "index() is the number of a row, and no repeat is around it",
            "Write it inside a repeat, and not in brackets",
        )
    return of_numbers(scope.columns.positions(scope.repeat).astype(np.float64))


def _where(scope: Scope, location: Node, condition: Node) -> tuple[Nodes, Truths]:
    """The answers at a place in a repeat, and (m,) bool: those of rows in which it holds."""
    if not isinstance(location, (Answer, Path)) or scope.standing is not None:
        raise scope.fault(
            "it looks at the rows of a repeat, and none is named", "Name a repeat, or its question"
        )
    target = scope.target(scope.reference(location), location)
    repeat = _repeat_of(target)
    if repeat is None:
        raise scope.fault(
            "it looks at the rows of a repeat, and this stands in none",
            "Name a repeat, or its question",
        )
    path = (*scope.columns.places.path_of_repeat(repeat), "")
    inside = replace(scope, repeat=repeat, path=path, item=None, candidate=None)
    holds = np.broadcast_to(as_truths(inside.value(condition)), (inside.rows,))
    nodes = scope.nodes(location)
    return nodes, holds[nodes.rows] if len(nodes.rows) else np.zeros(0, dtype=np.bool_)


def _repeat_of(target: Target | None) -> str | None:
    """The innermost repeat of what a location points at, itself where it is one."""
    if target is None:
        return None
    if target.item is not None:
        return target.item.repeats[-1] if target.item.repeats else None
    return target.repeat


def _count_if(scope: Scope, arguments: tuple[Node, ...]) -> Value:
    nodes, holds = _where(scope, *arguments)
    return of_numbers(nodes.counted(holds))


def _sum_if(scope: Scope, arguments: tuple[Node, ...]) -> Value:
    nodes, holds = _where(scope, *arguments)
    return of_numbers(nodes.total(holds & ~np.isnan(as_numbers(nodes.value))))


def _join_if(scope: Scope, arguments: tuple[Node, ...]) -> Value:
    separator = as_texts(scope.value(arguments[0]))
    if len(separator.words) != 1:
        raise scope.fault(
            "the separator of join-if() is not the same for everybody", "Write it in quotes"
        )
    nodes, holds = _where(scope, *arguments[1:])
    kept = replace(nodes, present=nodes.present & holds)
    return of_texts(kept.joined(str(separator.words[0])))


def _choice_label(scope: Scope, arguments: tuple[Node, ...]) -> Value:
    question, answer = arguments
    if not isinstance(question, (Answer, Path)):
        raise scope.fault(
            "the first part of choice-label() is no question", "Write choice-label(${x}, ${x})"
        )
    return label_of(scope, scope.value(answer), question)


def _empty(scope: Scope, arguments: tuple[Node, ...]) -> Value:
    return of_truths(is_blank(scope.value(arguments[0])))


def _relevant(scope: Scope, arguments: tuple[Node, ...]) -> Value:
    nodes = nodes_of(scope, arguments[0])
    if nodes is None:
        raise scope.fault("relevant() takes a question", "Name it as ${name}")
    return of_truths(nodes.counted() > 0)


def _coalesce(scope: Scope, arguments: tuple[Node, ...]) -> Value | None:
    """The first that is not blank; JavaRosa's own, of two, also passes by what is no number."""
    if len(arguments) == 2:  # noqa: PLR2004 - that of JavaRosa
        return None
    found = BLANK
    for argument in reversed(arguments):
        value = scope.value(argument)
        found = choose(is_blank(value), found, value)
    return found


def _linebreak(scope: Scope, arguments: tuple[Node, ...]) -> Value:
    del scope, arguments
    return of_text("\n")


def _text(work: Callable[[str], str]) -> PlaceFunction:
    def worked_out(scope: Scope, arguments: tuple[Node, ...]) -> Value:
        return of_texts(over_texts(work, as_texts(scope.value(arguments[0]))))

    return worked_out


SURVEYCTO_FUNCTIONS: Mapping[str, PlaceFunction] = MappingProxyType(
    {
        "index": _index,
        "count-if": _count_if,
        "sum-if": _sum_if,
        "join-if": _join_if,
        "choice-label": _choice_label,
        "empty": _empty,
        "relevant": _relevant,
        "coalesce": _coalesce,
        "linebreak": _linebreak,
        "lower": _text(str.lower),
        "upper": _text(str.upper),
    }
)
"""Name -> what it does with a scope and its arguments."""
