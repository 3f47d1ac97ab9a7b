"""What an expression or a header names, and what is not there: words without ${ }, bad patterns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING

from survey_kit.questionnaire.expression import Call, Path, Text, walk
from survey_kit.questionnaire.words import is_name
from survey_kit.questionnaire.yaml_keys import CHOICE, QUESTION
from survey_kit.review.patterns import explodes
from survey_kit.review.rule import Notice, Rule, Severity, Spot

if TYPE_CHECKING:
    from survey_kit.questionnaire.expression import Expression
    from survey_kit.review.reviewed import Reviewed, Written

_NEAR = 0.8
_COLUMNS = tuple(
    sorted({*QUESTION, "label", "repeat_count"} - {"extra", "name", "type", "default"})
)


def _leads_nowhere(reviewed: Reviewed) -> Iterator[Notice]:
    for written in reviewed.written:
        if written.key != "choice_filter":
            yield from _bare_names(written)


def _bare_names(written: Written) -> Iterator[Notice]:
    tree = written.expression.tree
    inside = {id(each) for each in _in_brackets(written.expression)}
    for part in walk(tree):
        if isinstance(part, Path) and is_name(part.text) and id(part) not in inside:
            remedy = f"Write ${{{part.text}}} for the answer to it, or '{part.text}' for the word"
            if part is tree:
                remedy = "Write yes or no, or an expression"
            yield Notice(written.spot, f"'{part.text}' leads to nothing", remedy)


def _in_brackets(expression: Expression) -> Iterator[object]:
    for part in walk(expression.tree):
        if isinstance(part, Path):
            for within in part.inside:
                yield from walk(within)


def _patterns(reviewed: Reviewed) -> Iterator[tuple[Spot, str]]:
    for written in reviewed.written:
        for part in walk(written.expression.tree):
            match part:
                case Call("regex", (_, Text(pattern))):
                    yield written.spot, pattern
                case _:
                    pass


def _unreadable(reviewed: Reviewed) -> Iterator[Notice]:
    for spot, pattern in _patterns(reviewed):
        if not _is_readable(pattern):
            yield Notice(spot, "the pattern of regex() cannot be read")


def _is_readable(pattern: str) -> bool:
    try:
        re.compile(re.sub(r"\\p\{\w+\}|\\[pP]\w", "x", pattern))
    except (re.error, OverflowError, RecursionError):
        return False
    return True


def _exploding(reviewed: Reviewed) -> Iterator[Notice]:
    for spot, pattern in _patterns(reviewed):
        if _is_readable(pattern) and explodes(pattern):
            yield Notice(
                spot, "the pattern repeats what is repeated already, so some answers take for ever"
            )


def _misspelt_columns(reviewed: Reviewed) -> Iterator[Notice]:
    """Columns of another name, once each, where they first hold anything."""
    seen: set[str] = set()
    columns = [
        (Spot(located.spot.place, "", located.spot.name), column, _COLUMNS)
        for located in reviewed.nodes
        for column in located.node.extra
    ] + [
        (reviewed.choice_spot(name, choice), column, CHOICE)
        for name, choice in reviewed.choices
        for column in choice.columns
    ]
    for spot, column, known in columns:
        if column in seen:
            continue
        seen.add(column)
        word = column.partition(":")[0].strip().casefold().replace(" ", "_")
        near = get_close_matches(word, known, n=1, cutoff=_NEAR)
        if near and word not in known:
            yield Notice(
                spot, f"nothing is done with the column '{column}'", f"Did you mean '{near[0]}'?"
            )


NOWHERE = Rule(
    code="Q305",
    name="leads-nowhere",
    severity=Severity.ERROR,
    summary="A name in an expression without ${ } around it",
    why="Phones take it for a place in the form that is not there, so it is always blank.",
    remedy="Write ${name} for an answer, or quote it for a word",
    check=_leads_nowhere,
)

UNREADABLE = Rule(
    code="Q306",
    name="unreadable-pattern",
    severity=Severity.ERROR,
    summary="A pattern of regex() that cannot be read",
    why="The form stops with an error message when the question is answered.",
    remedy="Check its brackets",
    check=_unreadable,
)

EXPLODING = Rule(
    code="Q307",
    name="exploding-pattern",
    severity=Severity.WARNING,
    summary="A pattern that takes for ever on some answers",
    why="One repetition inside another, such as (a+)+, tries every way to part the answer.",
    remedy="Repeat once: write [a-z]+ and not ([a-z]+)+",
    check=_exploding,
)

MISSPELT = Rule(
    code="Q406",
    name="misspelt-column",
    severity=Severity.WARNING,
    summary="A column whose header is nearly one that means something",
    why="Nothing is done with it, and nobody is told.",
    remedy="Correct the header",
    check=_misspelt_columns,
)
