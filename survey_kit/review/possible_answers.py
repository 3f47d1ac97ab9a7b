"""What somebody may answer to a question at all: by its type, its list, its calculation."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from survey_kit.questionnaire.expression import Call, Number, Text
from survey_kit.questionnaire.question_type import Storage
from survey_kit.review.possible_values import (
    Numbers,
    Several,
    Span,
    Values,
    Words,
    joined,
    number_in,
)
from survey_kit.review.reviewed import trigger_of

if TYPE_CHECKING:
    from survey_kit.questionnaire.expression import Node as Part
    from survey_kit.questionnaire.model import Question
    from survey_kit.review.reviewed import Located, Reviewed


def typed(located: Located, reviewed: Reviewed) -> Values | None:
    """What the type of a question and its list let somebody answer, or leave blank."""
    question = located.question
    if question is None or _is_set_elsewhere(question):
        return None
    if question.calculation is not None:
        return None if question.type.asked else constants_of(question.calculation.tree)
    return _of_type(question, reviewed)


def _is_set_elsewhere(question: Question) -> bool:
    """Whether something but the person gives the answer, in a way that is not followed here."""
    default = question.default or ""
    return (
        bool(trigger_of(question))
        or any(column.startswith(("bind::", "instance::")) for column in question.extra)
        or "${" in default
        or "(" in default
    )


def _of_type(question: Question, reviewed: Reviewed) -> Values | None:  # noqa: PLR0911 - one for each
    default, codes = question.default or "", reviewed.codes(question)
    match question.type.storage:
        case Storage.CODE:
            return None if codes is None else Words(frozenset({"", default, *codes}))
        case Storage.CODES if question.type.name == "select_multiple":
            some = None if codes is None else frozenset({*codes, *default.split()})
            return Several(some)
        case Storage.INTEGER:
            return Numbers(whole=True)
        case Storage.DECIMAL if question.type.name != "range" or not default:
            return Numbers(_range(question))
        case Storage.DATE if not default:
            return Numbers(whole=True)
        case Storage.TEXT if question.type.name in ("text", "barcode"):
            return Words(frozenset(), but=True)
        case _:
            return None


def constants_of(tree: Part) -> Values | None:
    """What a calculation can come to, where all it can come to is written in it."""
    leaves: list[Part] = []
    waiting = [tree]
    while waiting:
        match waiting.pop():
            case Call("if", (_, then, otherwise)):
                waiting += [then, otherwise]
            case leaf:
                leaves.append(leaf)
    texts = {leaf.value for leaf in leaves if isinstance(leaf, Text)}
    numbers = {leaf.value for leaf in leaves if isinstance(leaf, Number)}
    if leaves and all(isinstance(leaf, Text) for leaf in leaves):
        return Words(frozenset({"", *texts}))
    if leaves and all(isinstance(leaf, Number) for leaf in leaves):
        return Numbers(tuple(Span(each, False, each, False) for each in sorted(numbers)))
    return None


def answered_only(values: Values) -> Values:
    """The same, without the blank."""
    match values:
        case Words():
            return values.compared("!=", "", holding=True)
        case Numbers():
            return replace(values, blank=False)
        case Several():
            return values.counted(">", 0)


def _range(question: Question) -> tuple[Span, ...]:
    if question.type.name != "range":
        return (Span(),)
    said = dict(
        pair.split("=", 1) for pair in (question.parameters or "").split() if pair.count("=") == 1
    )
    low, high = number_in(said.get("start", "1")), number_in(said.get("end", "10"))
    if math.isnan(low) or math.isnan(high) or low > high:
        return (Span(),)
    return (Span(low, False, high, False),)


def hull(several: Iterable[Values], whole: Values) -> Values:
    """All that may be in any of them, and a blank."""
    found: Values | None = None
    for each in several:
        match found, each:
            case (Several(), Several()):
                found = replace(
                    found,
                    must=found.must & each.must,
                    never=found.never & each.never,
                    fewest=min(found.fewest, each.fewest),
                    most=max(found.most, each.most),
                )
            case (None, _):
                found = each
            case _:
                found = joined(found, each) or whole
    match found:
        case None:
            return answered_never(whole)
        case Words():
            return found.join(Words(frozenset({""})))
        case Numbers():
            return replace(found, blank=True)
        case Several():
            return replace(found, must=frozenset[str](), fewest=0)


def answered_never(values: Values) -> Values:
    """The blank alone."""
    match values:
        case Words():
            return Words(frozenset({""}))
        case Numbers():
            return replace(values, spans=(), blank=True)
        case Several():
            return replace(values, must=frozenset[str](), fewest=0, most=0)
