"""``instance('towns')/root/item[district = ${district}]/name``, for every row at once.

What brackets ask of a row of a table depends on few answers (the district, not the person). So
the parts of the brackets that do not look at the table are worked out first, for all rows; the
table is then searched once for each different combination of these.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from survey_kit.questionnaire.expression import (
    Call,
    Negative,
    Node,
    Number,
    Operation,
    Path,
    Text,
    This,
    walk,
)
from survey_kit.responses.logic.gathering import counted, truths_only
from survey_kit.responses.logic.nodes import Nodes
from survey_kit.responses.logic.standing import Standing
from survey_kit.responses.logic.value import BLANK, Codes, Kind, Texts, Value, of_texts

if TYPE_CHECKING:
    from survey_kit.responses.logic.lookup import Lookup
    from survey_kit.responses.logic.references import Level
    from survey_kit.responses.logic.scope import Scope

PAIRS_AT_ONCE = 2_000_000
"""How many pairs of a combination and a row of a table are looked at together."""


@dataclass(frozen=True, eq=False)
class _Asked:
    """What a scope asks of a table: the brackets, and what their other parts are worth.

    given
        id() of a part -> its value for each of the different combinations.
    combination
        (rows,) int: which combination each row of the scope has.
    """

    scope: Scope
    brackets: Sequence[Node]
    given: Mapping[int, Value]
    combination: Codes
    combinations: int


def look_up(scope: Scope, lookup: Lookup, levels: Sequence[Level]) -> Nodes:
    """The rows of a table, or the cells of one of their columns, that each row of a scope sees."""
    brackets = [each for level in levels[:2] for each in level.brackets]
    asked = _asked(scope, brackets)
    share, rows = _found(asked, lookup)
    column = lookup.column(levels[2].name) if len(levels) > 2 else None  # noqa: PLR2004 - root, item, column
    if len(levels) > 2:  # noqa: PLR2004
        there = lookup.there(levels[2].name)[rows]
        share, rows = share[there], rows[there]
    value = of_texts(column).take(rows) if column is not None else BLANK
    everything = np.ones(len(rows), dtype=np.bool_)
    nodes = Nodes(
        value, share, asked.combinations, asked.combination, everything, column is None, rows
    )
    for bracket in levels[2].brackets if len(levels) > 2 else ():  # noqa: PLR2004
        nodes = _only(nodes, _holds(asked, lookup, share, rows, bracket, this=column))
    return nodes


def _only(nodes: Nodes, kept: Codes) -> Nodes:
    return replace(
        nodes,
        value=nodes.value.take(kept),
        share=nodes.share[kept],
        present=nodes.present[kept],
        rows=nodes.rows[kept],
    )


def _asked(scope: Scope, brackets: Sequence[Node]) -> _Asked:
    parts = [part for bracket in brackets for part in _parts(bracket)]
    seen = scope.from_question()
    values = {id(part): seen.value(part) for part in parts}
    keys = [key for value in values.values() for key in _keys(value)]
    combination, first = combined(keys, scope.rows)
    given = {name: value.take(first) for name, value in values.items()}
    return _Asked(scope, brackets, given, combination, len(first))


def combined(keys: Sequence[Codes], rows: int) -> tuple[Codes, Codes]:
    """The different combinations of some keys: (which of them a row has, a row of each)."""
    combination = np.zeros(rows, dtype=np.int64)
    first = np.zeros(min(rows, 1), dtype=np.int64)
    for key in keys:
        if len(key) == 1:
            continue
        together = combination * (int(key.max(initial=0)) + 1) + key
        _, first, combination = np.unique(together, return_index=True, return_inverse=True)
        combination = combination.reshape(-1)
    return combination, first


def _keys(value: Value) -> Iterator[Codes]:
    """Whole numbers that differ where values do."""
    if len(value.present) > 1:
        yield value.kinds.astype(np.int64)
    for kind in value.present:
        match kind:
            case Kind.TEXT:
                number = {
                    word: place for place, word in enumerate(dict.fromkeys(value.texts.words))
                }
                same = np.array([number[word] for word in value.texts.words], dtype=np.int64)
                yield same[value.texts.codes]
            case Kind.NUMBER:
                yield np.unique(value.numbers, return_inverse=True)[1].reshape(-1)
            case Kind.TRUTH:
                yield value.truths.astype(np.int64)
            case Kind.MOMENT:
                yield np.unique(value.moments, return_inverse=True)[1].reshape(-1)


def _found(asked: _Asked, lookup: Lookup) -> tuple[Codes, Codes]:
    """Pairs (combination, row of the table) for which all brackets hold, in order."""
    shares: list[Codes] = [np.zeros(0, dtype=np.int64)]
    rows: list[Codes] = [np.zeros(0, dtype=np.int64)]
    for share, candidates in _candidates(asked, lookup):
        for bracket in asked.brackets:
            kept = _holds(asked, lookup, share, candidates, bracket)
            share, candidates = share[kept], candidates[kept]  # noqa: PLW2901
        shares.append(share)
        rows.append(candidates)
    return np.concatenate(shares), np.concatenate(rows)


def _candidates(asked: _Asked, lookup: Lookup) -> Iterator[tuple[Codes, Codes]]:
    """Pairs to look at, block by block: all, or only those that a first ``column = ...`` leaves."""
    few = _equal_text(asked, lookup) if asked.brackets else None
    if few is not None:
        lengths = np.array([len(each) for each in few], dtype=np.int64)
        yield np.repeat(np.arange(len(few), dtype=np.int64), lengths), np.concatenate(few)
        return
    every = np.arange(len(lookup), dtype=np.int64)
    block = max(1, PAIRS_AT_ONCE // max(1, len(every)))
    for begin in range(0, asked.combinations, block):
        some = np.arange(begin, min(begin + block, asked.combinations), dtype=np.int64)
        yield np.repeat(some, len(every)), np.tile(every, len(some))


def _equal_text(asked: _Asked, lookup: Lookup) -> list[Codes] | None:
    """Of each combination the rows whose column holds a text that the first brackets want."""
    if any(isinstance(n, Call) and n.function == "position" for n in walk(asked.brackets[0])):
        return None
    for node in _all_of(asked.brackets[0]):
        if not isinstance(node, Operation) or node.operator != "=":
            continue
        for column, wanted in ((node.left, node.right), (node.right, node.left)):
            if not (isinstance(column, Path) and _bare(column)):
                continue
            value = of_texts(_constant(wanted)) if isinstance(wanted, Text) else None
            value = value or asked.given.get(id(wanted))
            if value is None or value.present != frozenset({Kind.TEXT}) or not asked.combinations:
                continue
            with_word = lookup.rows_with(column.text)
            none = np.zeros(0, dtype=np.int64)
            words = [with_word.get(str(word), none) for word in value.texts.words]
            codes = np.broadcast_to(value.texts.codes, (asked.combinations,))
            return [words[code] for code in codes]
    return None


def _constant(node: Text) -> Texts:
    return Texts(np.zeros(1, dtype=np.int64), np.array([node.value], dtype=object))


def _all_of(node: Node) -> Iterator[Node]:
    """What must all hold: the parts that ``and`` joins."""
    waiting = [node]
    while waiting:
        match waiting.pop():
            case Operation("and", left, right):
                waiting.extend((right, left))
            case other:
                yield other


def _bare(path: Path) -> bool:
    """Whether a location is the name of a column and nothing else."""
    return (
        path.head is None
        and not path.absolute
        and len(path.steps) == 1
        and path.steps[0].axis == "child"
        and not path.inside
    )


def _holds(
    asked: _Asked,
    lookup: Lookup,
    share: Codes,
    rows: Codes,
    bracket: Node,
    *,
    this: Texts | None = None,
) -> Codes:
    """(kept,) The places of the pairs for which brackets hold."""
    names = {name for node in walk(bracket) if isinstance(node, Path) for name in _names(node)}
    table = {name: Texts(texts.codes[rows], texts.words) for name, texts in _columns(lookup, names)}
    if this is not None:
        table["."] = Texts(this.codes[rows], this.words)
    standing = Standing(
        {},
        np.zeros(len(rows), dtype=np.int64),
        counted(share),
        table,
        {name: value.take(share) for name, value in asked.given.items()},
    )
    kept = truths_only(asked.scope.among((), standing).value(bracket), len(rows))
    return np.flatnonzero(kept)


def _names(path: Path) -> Iterator[str]:
    yield from (step.name for step in path.steps if step.axis == "child")


def _columns(lookup: Lookup, names: set[str]) -> Iterator[tuple[str, Texts]]:
    for name in names:
        texts = lookup.column(name)
        if texts is not None:
            yield name, texts


def _parts(node: Node) -> Iterator[Node]:
    """The largest parts of brackets that look at the form and not at the candidate."""
    if isinstance(node, (Text, Number)):
        return
    if not _leans(node):
        yield node
        return
    match node:
        case Call(_, arguments):
            for each in arguments:
                yield from _parts(each)
        case Operation():
            operands = [node.right]
            left = node.left
            while isinstance(left, Operation) and _leans(left):
                operands.append(left.right)
                left = left.left
            for each in (left, *reversed(operands)):
                yield from _parts(each)
        case Negative(operand):
            yield from _parts(operand)
        case _:
            return


def _leans(node: Node) -> bool:
    """Whether a part of brackets looks at the candidate: a bare name, a full stop, position()."""
    waiting = [node]
    while waiting:
        match waiting.pop():
            case This():
                return True
            case Path() as path if not path.absolute and (
                path.head is None or isinstance(path.head, This)
            ):
                return True
            case Call("position" | "string-length" | "normalize-space", ()):
                return True
            case Call(_, arguments):
                waiting.extend(arguments)
            case Operation(_, left, right):
                waiting.extend((left, right))
            case Negative(operand):
                waiting.append(operand)
            case _:
                pass
    return False
