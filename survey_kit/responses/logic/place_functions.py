"""The functions of an expression that look at places, at the interview or at the form.

Each gets the scope and the arguments as they are written, since ``count(${age})`` counts all
answers that ``${age}`` means and is not worked out from one. It gives None where its
arguments are plain values after all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from survey_kit.errors import ExpressionError
from survey_kit.questionnaire.expression import Answer, Call, Node, Path, Text
from survey_kit.questionnaire.parser import parse
from survey_kit.responses.logic.gathering import gather
from survey_kit.responses.logic.geo_functions import GEO_FUNCTIONS
from survey_kit.responses.logic.labels import label_of, text_of
from survey_kit.responses.logic.nodes import NODE_FUNCTIONS, Nodes
from survey_kit.responses.logic.number_functions import whole
from survey_kit.responses.logic.randomizing import numeric_seeds, shuffled
from survey_kit.responses.logic.references import Level, within_indexed_repeat
from survey_kit.responses.logic.value import (
    BLANK,
    Floats,
    Value,
    as_numbers,
    as_texts,
    as_truths,
    choose,
    constant,
    from_words,
    is_blank,
    of_moments,
    of_number,
    of_numbers,
    of_text,
    of_texts,
    of_truths,
    over_texts,
    where_blank,
)

if TYPE_CHECKING:
    from survey_kit.responses.logic.scope import Scope

PlaceFunction: TypeAlias = "Callable[[Scope, tuple[Node, ...]], Value | None]"


def nodes_of(scope: Scope, node: Node) -> Nodes | None:
    """All answers that a node means for each row; None if it is a single value."""
    match node:
        case Answer() | Path():
            return scope.nodes(node)
        case Call("indexed-repeat", (location, *pairs)):
            return _indexed(scope, location, pairs)
        case Call("randomize", (inner, *seed)):
            return _randomized(scope, inner, seed)
        case _:
            return None


def _over_nodes(function: str) -> PlaceFunction:
    def work(scope: Scope, arguments: tuple[Node, ...]) -> Value | None:
        nodes = nodes_of(scope, arguments[0]) if len(arguments) == 1 else None
        if nodes is None and function in ("count", "count-non-empty", "sum"):
            raise scope.fault(
                f"{function}() takes the answers at a place, not one value",
                "Name a question or a repeat in its brackets",
            )
        return NODE_FUNCTIONS[function](nodes) if nodes is not None else None

    return work


def _join(scope: Scope, arguments: tuple[Node, ...]) -> Value | None:
    if len(arguments) != 2:  # noqa: PLR2004 - join(separator, place)
        return None
    nodes = nodes_of(scope, arguments[1])
    if nodes is None:
        return None
    separator = as_texts(scope.value(arguments[0]))
    if len(separator.words) == 1:
        return of_texts(nodes.joined(str(separator.words[0])))
    found = from_words([""])
    for code, word in enumerate(separator.words):
        joined = nodes.joined(str(word))
        value = choose(separator.codes == code, of_texts(joined), of_texts(found))
        found = value.texts
    return of_texts(found)


def _checklist(scope: Scope, arguments: tuple[Node, ...]) -> Value | None:
    if len(arguments) != 3:  # noqa: PLR2004 - checklist(least, most, place)
        return None
    nodes = nodes_of(scope, arguments[2])
    if nodes is None:
        return None
    fewest, most = (np.trunc(np.nan_to_num(as_numbers(scope.value(a)))) for a in arguments[:2])
    count = nodes.counted(np.broadcast_to(as_truths(nodes.value), nodes.share.shape))
    return of_truths(((fewest < 0) | (count >= fewest)) & ((most < 0) | (count <= most)))


def _weighted_checklist(scope: Scope, arguments: tuple[Node, ...]) -> Value | None:
    if len(arguments) != 4:  # noqa: PLR2004 - weighted-checklist(least, most, places, weights)
        return None
    flags, weights = (nodes_of(scope, each) for each in arguments[2:])
    if flags is None or weights is None or len(flags.share) != len(weights.share):
        return None
    fewest, most = (as_numbers(scope.value(each)) for each in arguments[:2])
    total = weights.total(np.broadcast_to(as_truths(flags.value), flags.share.shape))
    return of_truths((total >= fewest) & (total <= most))


def _position(scope: Scope, arguments: tuple[Node, ...]) -> Value:
    """The place of a row in its repeat, from 1; 1 of anything that is not repeated."""
    if not arguments:
        return of_numbers(scope.standing.place) if scope.standing is not None else of_number(1)
    location = arguments[0]
    if not isinstance(location, (Answer, Path)):
        raise scope.fault("position() takes a place, not a value", "Write position(..)")
    nodes = scope.nodes(location)
    reference = scope.reference(location)
    target = scope.columns.places.at(reference.path) if reference.table is None else None
    first = nodes.first()
    if target is None or target.repeat is None:
        return of_numbers((first >= 0).astype(np.float64))
    places = scope.columns.positions(target.repeat)[nodes.rows].astype(np.float64)
    if not len(places):
        return of_number(0)
    return of_numbers(np.where(first >= 0, places[np.maximum(first, 0)], 0.0))


def _indexed_repeat(scope: Scope, arguments: tuple[Node, ...]) -> Value:
    nodes = _indexed(scope, arguments[0], arguments[1:])
    if (nodes.counted() > 1).any():
        raise scope.fault(
            "indexed-repeat() does not say which row of every repeat it means",
            "Add the other repeat around the question, and the number of its row",
        )
    first = nodes.first()
    if not len(nodes.share):
        return BLANK
    return where_blank(nodes.value.take(np.maximum(first, 0)), first < 0)


def _indexed(scope: Scope, location: Node, pairs: Sequence[Node]) -> Nodes:
    reference = (
        scope.reference(location, whole=True) if isinstance(location, (Answer, Path)) else None
    )
    target = scope.target(reference, location) if reference and reference.table is None else None
    if reference is None or target is None or target.item is None or not target.item.repeats:
        raise scope.fault(
            "the first part of indexed-repeat() is not a question of a repeat",
            "Name a question inside the repeat",
        )
    given: dict[str, Floats] = {}
    for number, (place, row) in enumerate(zip(pairs[::2], pairs[1::2], strict=True)):
        around = (
            scope.reference(place, whole=within_indexed_repeat(2 * number + 1))
            if isinstance(place, (Answer, Path))
            else None
        )
        found = scope.columns.places.at(around.path) if around else None
        if found is None or found.repeat is None or found.repeat not in target.item.repeats:
            raise scope.fault(
                "a part of indexed-repeat() is not a repeat around its question",
                "Name the repeat, then the number of the row",
            )
        rows = np.nan_to_num(whole(as_numbers(scope.value(row))), nan=0.0)
        given[found.repeat] = np.broadcast_to(np.maximum(rows, 1.0), (scope.rows,))
    levels = tuple(Level(level.name, level.own) for level in reference.levels)
    return gather(scope, levels, target, given)


def _randomized(scope: Scope, inner: Node, seed: Sequence[Node]) -> Nodes:
    nodes = nodes_of(scope, inner)
    if nodes is None:
        raise scope.fault("randomize() takes the answers at a place", "Name a question or a list")
    if not seed:
        if scope.columns.chance is None:
            raise scope.fault(
                "randomize() cannot be worked out after the interview: it was another order each "
                "time",
                "Give it a seed: randomize(..., ${number})",
            )
        return shuffled(nodes, scope.columns.chance.integers(1, 2**31 - 1, scope.rows))
    return shuffled(nodes, numeric_seeds(scope.value(seed[0])))


def _along(function: str) -> PlaceFunction:
    """Of the geopoints of a repeat, as of one geotrace."""

    def work(scope: Scope, arguments: tuple[Node, ...]) -> Value | None:
        nodes = nodes_of(scope, arguments[-1])
        if nodes is None or len(arguments) > 1 + (function == "geofence"):
            return None
        # a geopoint that is blank is the place 0 0, wherever it stands
        filled = choose(is_blank(nodes.value), of_text("0 0"), nodes.value)
        nodes = replace(nodes, value=filled)
        before = [scope.value(each) for each in arguments[:-1]]
        return GEO_FUNCTIONS[function]([*before, of_texts(nodes.joined(";"))])

    return work


def _interview_moment(function: str) -> PlaceFunction:
    def work(scope: Scope, arguments: tuple[Node, ...]) -> Value:
        """When the interview was held: what ``today()`` or ``now()`` was on the phone."""
        del arguments
        moments = scope.columns.interview_moments(day=function == "today")
        if moments is None:
            raise scope.fault(
                f"{function}() was the moment of the interview, and nothing tells when it was",
                "Add a question of type today or start to the form",
            )
        rows = scope.rows_in(None)
        return where_blank(of_moments(moments).take(np.maximum(rows, 0)), rows < 0)

    return work


def _version(scope: Scope, arguments: tuple[Node, ...]) -> Value:
    del arguments
    return of_text(scope.columns.questionnaire.version)


def _once(scope: Scope, arguments: tuple[Node, ...]) -> Value:
    now = scope.this()
    blank = is_blank(now)
    return choose(blank, scope.value(arguments[0]), now) if blank.any() else now


def _choice_name(scope: Scope, arguments: tuple[Node, ...]) -> Value:
    answer, question = arguments
    if not isinstance(question, Text):
        raise scope.fault(
            "the second part of jr:choice-name() is not a question in quotes",
            "Write jr:choice-name(${answer}, '${answer}')",
        )
    try:
        node = parse(question.value, scope.where).tree
    except ExpressionError:
        node = None
    if not isinstance(node, (Answer, Path)):
        raise scope.fault(f"{question.value} is no question with choices", "Check its spelling")
    return label_of(scope, scope.value(answer), node)


def _itext(scope: Scope, arguments: tuple[Node, ...]) -> Value:
    def text(key: str) -> str:
        return text_of(scope.columns, key)

    return of_texts(over_texts(text, as_texts(scope.value(arguments[0]))))


def _pulldata(scope: Scope, arguments: tuple[Node, ...]) -> Value:
    names: list[str] = []
    for each in arguments[:3]:
        texts = as_texts(scope.value(each))
        if len(texts.words) != 1:
            raise scope.fault(
                "the table and the columns of pulldata() are not the same for everybody",
                "Write their names in quotes",
            )
        names.append(str(texts.words[0]))
    table, wanted, key = names
    lookup = scope.columns.lookup(table.removesuffix(".csv"))
    if lookup is None:
        raise scope.fault(
            f"the file '{table.removesuffix('.csv')}.csv' does not stand beside the questionnaire",
            "Put it into the same folder, or into media/",
        )
    for column in (wanted, key):
        if lookup.column(column) is None:
            raise scope.fault(
                f"the table '{table}' has no column '{column}'", "Check the header of the file"
            )
    column, rows = lookup.column(wanted), lookup.rows_with(key)

    def cell(word: str) -> str:
        found = rows.get(word)
        if found is None or column is None or not len(found):
            return ""
        return str(column.words[column.codes[found[0]]])

    return of_texts(over_texts(cell, as_texts(scope.value(arguments[3]))))


def _random(scope: Scope, arguments: tuple[Node, ...]) -> Value | None:
    del arguments
    chance = scope.columns.chance
    return of_numbers(chance.random(scope.rows)) if chance is not None else None


def _uuid(scope: Scope, arguments: tuple[Node, ...]) -> Value | None:
    chance = scope.columns.chance
    if chance is None:
        return None
    if not arguments:
        digits = [each.hex() for each in _bytes(chance, scope.rows)]
        return of_texts(from_words([_as_uuid(each) for each in digits]))
    lengths = np.broadcast_to(np.nan_to_num(as_numbers(scope.value(arguments[0]))), (scope.rows,))
    letters = np.array(list("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    words = ["".join(chance.choice(letters, max(0, int(length)))) for length in lengths]
    return of_texts(from_words(words) if words else constant(""))


def _bytes(chance: np.random.Generator, rows: int) -> list[bytes]:
    drawn = chance.bytes(16 * rows)
    return [drawn[16 * row : 16 * row + 16] for row in range(rows)]


def _as_uuid(digits: str) -> str:
    """As of version 4."""
    variant = "89ab"[int(digits[16], 16) % 4]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"


PLACE_FUNCTIONS: Mapping[str, PlaceFunction] = MappingProxyType(
    {
        **{name: _over_nodes(name) for name in NODE_FUNCTIONS},
        **{name: _along(name) for name in GEO_FUNCTIONS},
        "join": _join,
        "checklist": _checklist,
        "weighted-checklist": _weighted_checklist,
        "position": _position,
        "indexed-repeat": _indexed_repeat,
        "today": _interview_moment("today"),
        "now": _interview_moment("now"),
        "version": _version,
        "once": _once,
        "jr:choice-name": _choice_name,
        "jr:itext": _itext,
        "pulldata": _pulldata,
        "random": _random,
        "uuid": _uuid,
    }
)
"""Name -> what it does with a scope and its arguments."""
