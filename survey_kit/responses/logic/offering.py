"""Which choices a question offers in each row, wherever they come from, in the order shown.

From a list, a file beside the form, or the answers of a repeat (``select_one ${name}``); chosen
by its filter, and shuffled where its parameters give a seed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from survey_kit.questionnaire.expression import (
    Answer,
    Call,
    Negative,
    Node,
    Operation,
    Path,
    Step,
    Text,
)
from survey_kit.questionnaire.model import Question
from survey_kit.questionnaire.parser import parse
from survey_kit.responses.logic.gathering import gather
from survey_kit.responses.logic.looking_up import look_up
from survey_kit.responses.logic.nodes import Nodes
from survey_kit.responses.logic.randomizing import numeric_seeds, shuffled
from survey_kit.responses.logic.references import Level, Names
from survey_kit.responses.logic.value import Codes, as_texts

if TYPE_CHECKING:
    from survey_kit.responses.logic.scope import Scope

_PARAMETER = re.compile(r"([\w-]+)\s*=\s*(\$\{[^}]*\}|[^\s,;]+)")


@dataclass(frozen=True, eq=False)
class Offer:
    """The codes on offer: `codes[group[row]]` are those of a row, in the order shown."""

    codes: tuple[tuple[str, ...], ...]
    group: Codes

    def of(self, row: int) -> tuple[str, ...]:
        """The codes that one row was offered."""
        return self.codes[int(self.group[row])]


def offer(scope: Scope, question: Question) -> Offer:
    """What a question offers; `scope` is its own.

    Raises
    ------
    CannotEvaluate
        If its choices are in a file that is not here, or in one that only Collect searches.
    """
    nodes = _shuffled(scope, question, offered_nodes(scope, question))
    texts = as_texts(nodes.value)
    codes = np.broadcast_to(texts.codes, nodes.share.shape)
    found: list[list[str]] = [[] for _ in range(nodes.groups)]
    for place in np.flatnonzero(nodes.present & (nodes.share >= 0)):
        found[int(nodes.share[place])].append(str(texts.words[codes[place]]))
    if not len(nodes.group) or nodes.group.min() >= 0:
        return Offer(tuple(map(tuple, found)), nodes.group)
    return Offer(((), *map(tuple, found)), nodes.group + 1)


def offered_nodes(scope: Scope, question: Question) -> Nodes:
    """The codes on offer as nodes, in the order of their list."""
    if question.searches:
        raise scope.fault(
            f"the choices of '{question.name}' are those that search() finds in a file",
            "Take what rests on them as not checked",
        )
    tree = question.choice_filter.tree if question.choice_filter is not None else None
    if question.choices_from is not None:
        return _from_answers(scope, question.choices_from, tree)
    name, column = question.choices, "name"
    if question.file is not None:
        name = question.file.rpartition(".")[0]
        geojson = question.file.endswith(".geojson")
        column = parameters(question).get("value", "id" if geojson else "name")
    lookup = scope.columns.lookup(name) if name is not None else None
    if lookup is None:
        raise scope.fault(
            f"the choices of '{question.name}' are in no list and no file that was read",
            "Put the file beside the questionnaire",
        )
    brackets = () if tree is None else (tree,)
    item = Level("item", own=False, brackets=brackets)
    return look_up(scope, lookup, (Level("root", own=False), item, Level(column, own=False)))


def parameters(question: Question) -> Mapping[str, str]:
    """The parameters of a question: ``randomize=true, seed=${x}``."""
    return MappingProxyType(dict(_PARAMETER.findall(question.parameters or "")))


def _shuffled(scope: Scope, question: Question, nodes: Nodes) -> Nodes:
    given = parameters(question)
    if given.get("randomize") != "true" or "seed" not in given:
        return nodes
    seed = parse(given["seed"], f"{scope.where}, parameters").tree
    return shuffled(nodes, numeric_seeds(scope.value(seed)))


def _from_answers(scope: Scope, name: str, tree: Node | None) -> Nodes:
    """The answers to a question of a repeat, as choices (question.py, _build_itemset_reference)."""
    places = scope.columns.places
    path = places.path_named(name, scope.path)
    target = places.at(path) if path is not None else None
    if path is None or target is None:
        raise scope.fault(f"there is no question called '{name}'", "Check its spelling")
    candidate = path[:-1]
    if tree is None:
        bracket: Node = Operation("!=", _below(path[-1:]), Text(""))
    else:
        bracket = _from_candidate(tree, candidate, scope)
    levels = [Level(each, own) for each, own in zip(path, _own(scope, path), strict=True)]
    levels[-2] = Level(levels[-2].name, own=False, brackets=(bracket,))
    return gather(scope.from_question(), levels, target)


def _own(scope: Scope, path: Names) -> Iterator[bool]:
    """Whether each level is the one around the question; the repeat of the choices never is."""
    places, agrees = scope.columns.places, True
    innermost = max(
        (depth for depth in range(1, len(path)) if places.is_repeat(path[:depth])), default=0
    )
    for depth, name in enumerate(path):
        agrees = agrees and depth < len(scope.path) - 1 and scope.path[depth] == name
        yield agrees and depth + 1 < innermost


def _below(names: Names) -> Path:
    text = "./" + "/".join(names)
    return Path(text, steps=(Step("self", ""), *(Step("child", name) for name in names)))


def _from_candidate(node: Node, candidate: Names, scope: Scope) -> Node:
    """A filter whose ``${name}`` of the candidate's own row are looked at from the candidate."""
    match node:
        case Answer(name):
            path = scope.columns.places.path_named(name, scope.path)
            inner = path is not None and len(path) > len(candidate)
            if path is not None and inner and path[: len(candidate)] == candidate:
                return _below(path[len(candidate) :])
            return node
        case Call(function, arguments):
            inside = tuple(_from_candidate(each, candidate, scope) for each in arguments)
            return Call(function, inside)
        case Operation(operator, left, right):
            return Operation(
                operator,
                _from_candidate(left, candidate, scope),
                _from_candidate(right, candidate, scope),
            )
        case Negative(operand):
            return Negative(_from_candidate(operand, candidate, scope))
        case _:
            return node
