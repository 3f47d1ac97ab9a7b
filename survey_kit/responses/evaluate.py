"""What an expression is worth for each interview, as the form would have worked it out.

The field's own engine, JavaRosa, is the judge: where the two differ, this one is wrong
(`tests/responses/test_evaluate_javarosa.py` runs both; docs/decisions/0006 says what follows
for blank answers). `responses/logic/` holds the semantics, piece by piece.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.errors import CannotEvaluate
from survey_kit.questionnaire.expression import Expression
from survey_kit.responses.logic.columns import Answered, Columns
from survey_kit.responses.logic.looking_up import look_up
from survey_kit.responses.logic.offering import Offer
from survey_kit.responses.logic.offering import offer as offered_by
from survey_kit.responses.logic.references import Level
from survey_kit.responses.logic.scope import Scope
from survey_kit.responses.logic.value import (
    Kind,
    Value,
    as_texts,
    as_truths,
    is_blank,
)
from survey_kit.responses.logic.value import written as texts_of
from survey_kit.responses.logic.writing import as_datetime, number_as_stored

__all__ = [
    "Answered",
    "Offer",
    "offer",
    "offered",
    "prepare",
    "scope_of",
    "truth",
    "values",
    "written",
]


def prepare(answered: Answered, *, chance: np.random.Generator | None = None) -> Columns:
    """The same answers, made ready once for many expressions.

    What comes back is accepted wherever `Answered` is, and remembers each column that an
    expression has used. The frames must not be changed meanwhile.

    Parameters
    ----------
    chance
        Where a simulation gets ``random()`` and ``uuid()``, which cannot be worked out otherwise.
    """
    if isinstance(answered, Columns) and chance is None:
        return answered
    return Columns(answered, chance=chance)


def scope_of(
    answered: Answered,
    this: str | None,
    repeat: str | None,
    source: str,
    place: tuple[str, ...] | None = None,
) -> Scope:
    """Where an expression stands: at a question, a group, or in a repeat, or in the interview."""
    columns = prepare(answered)
    where = f"expression '{source}'"
    if this is None:
        path = columns.places.path_of_repeat(repeat) if repeat is not None else ()
        return Scope(columns, where, repeat=repeat, path=place or (*path, ""))
    item = columns.questionnaire.by_key.get(this)
    if item is None:
        raise CannotEvaluate(where, f"there is no question called '{this}'", "Check its spelling")
    inner = item.repeats[-1] if item.repeats else repeat
    path = (*item.path, item.question.name)
    return Scope(columns, f"question '{this}', {where}", repeat=inner, path=path, item=item)


def truth(
    expression: Expression,
    responses: Answered,
    *,
    this: str | None = None,
    repeat: str | None = None,
    place: tuple[str, ...] | None = None,
) -> NDArray[np.bool_]:
    """(n,) bool. Where the expression holds, a row for each interview or for each row of a repeat.

    Parameters
    ----------
    this
        The key of the question that a full stop in the expression means. Its repeat, where it
        has one, is the repeat of the expression.
    repeat
        The name of the repeat whose rows are meant.
    place
        The names of the groups and repeats down to the one whose expression it is; a path in it
        that leads nowhere is then blank, as on the phone.

    Raises
    ------
    CannotEvaluate
        If the expression needs what is known on the device only, or refers to a question that
        was answered several times.
    """
    scope = scope_of(responses, this, repeat, expression.source, place)
    return np.array(np.broadcast_to(as_truths(scope.value(expression.tree)), (scope.rows,)))


def values(
    expression: Expression,
    responses: Answered,
    *,
    this: str | None = None,
    repeat: str | None = None,
) -> pd.Series:
    """What the expression is worth: float where it is a number in every row, else text.

    A blank, and what is not a number, is NaN. Truths are "1" and "0", and days and moments
    2024-01-31 and 2024-01-31T08:30:00.000, as a form writes them. The index is that of the
    frame or of the repeat's rows.
    """
    scope = scope_of(responses, this, repeat, expression.source)
    value = scope.value(expression.tree)
    return written(value, scope.columns.index(scope.repeat))


def offered(expression: Expression, responses: Answered, question_key: str) -> NDArray[np.bool_]:
    """(n, choices) bool. Which choices a choice filter offers in each row.

    A bare name in the filter is a column of the choices sheet; ``name`` is the code.
    """
    scope = scope_of(responses, question_key, None, expression.source)
    name = scope.columns.questionnaire.by_key[question_key].question.choices
    lookup = scope.columns.lookup(name) if name is not None else None
    if lookup is None:
        return np.zeros((scope.rows, 0), dtype=np.bool_)
    levels = (Level("root", own=False), Level("item", own=False, brackets=(expression.tree,)))
    nodes = look_up(scope, lookup, levels)
    found = np.zeros((nodes.groups, len(lookup)), dtype=np.bool_)
    found[nodes.share, nodes.rows] = True
    return found[nodes.group][:, : len(scope.columns.questionnaire.lists[name or ""].choices)]


def offer(responses: Answered, question_key: str) -> Offer:
    """The codes that a question offers in each row, in the order in which they are shown.

    The choices may come from a list, a file beside the form or the answers of a repeat.

    Raises
    ------
    CannotEvaluate
        If they cannot be known: a file is missing, or the filter needs what the device knew.
    """
    scope = scope_of(responses, question_key, None, question_key)
    return offered_by(scope, scope.columns.questionnaire.by_key[question_key].question)


def written(value: Value, index: pd.Index) -> pd.Series:
    """A value as a column: float where it is a number in every row, else text; NaN where blank."""
    size = (len(index),)
    number = value.kinds == Kind.NUMBER
    if (number | is_blank(value)).all() and number.any():
        numbers = np.where(number, value.numbers, np.nan)
        return pd.Series(np.broadcast_to(numbers, size).copy(), index=index)
    return pd.Series(np.broadcast_to(as_stored(value), size), index=index, dtype="str")


def as_stored(value: Value) -> NDArray[np.object_]:
    """(n,) or (1,) text, or NaN where blank: what stands in the XML of the interview."""
    texts = as_texts(value)
    found = texts.words[texts.codes]
    for kind in value.present:
        match kind:
            case Kind.TRUTH:
                found = np.where(
                    value.kinds == kind, np.where(value.truths, "1", "0").astype(object), found
                )
            case Kind.MOMENT:
                moments = np.array([_moment(float(each)) for each in value.moments], dtype=object)
                found = np.where(value.kinds == kind, moments, found)
            case Kind.NUMBER:
                numbers = texts_of(value.numbers, number_as_stored)
                found = np.where(value.kinds == kind, numbers.words[numbers.codes], found)
            case Kind.TEXT:
                continue
    return np.where(found == "", np.nan, found)


def _moment(moment: float) -> str:
    return "" if np.isnan(moment) else as_datetime(moment).strftime("%Y-%m-%dT%H:%M:%S.000")
