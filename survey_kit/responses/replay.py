"""The form gone through again on answers: who was asked what, and what does not fit.

Everything here follows from the questionnaire and the answers alone, for all interviews at
once. `logic/asking.py` says how.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.errors import CannotEvaluate, ExpressionError, Fault
from survey_kit.questionnaire.expression import Expression
from survey_kit.questionnaire.model import Item
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.absence import absence_of_cells
from survey_kit.responses.as_text import as_text
from survey_kit.responses.editions import (
    marks_by_version,
    marks_in_repeat_by_version,
    results_by_version,
)
from survey_kit.responses.evaluate import Answered, as_stored, written
from survey_kit.responses.logic.asking import Asking
from survey_kit.responses.logic.columns import Columns
from survey_kit.responses.logic.device import OnDeviceOnly, known_on_device_only
from survey_kit.responses.logic.keeping import as_kept
from survey_kit.responses.logic.scope import Scope
from survey_kit.responses.logic.value import Value, as_truths, is_blank

__all__ = [
    "Answered",
    "absence",
    "absence_in_repeat",
    "asked",
    "asked_in_repeat",
    "begin",
    "calculated",
    "calculated_together",
    "constraint_violations",
    "constraint_violations_in_repeat",
    "not_known",
    "not_known_in_repeat",
    "not_replayed",
    "required_blank",
    "required_blank_in_repeat",
]


def begin(answered: Answered) -> Asking:
    """A replay that works out one question after the other, each when it is asked for.

    What comes back is accepted wherever `Answered` is here, so that `asked`, `calculated` and
    the others may share one replay. The frames must not be changed meanwhile.
    """
    if isinstance(answered, Asking):
        return answered
    return Asking(Columns(answered.answered if isinstance(answered, Columns) else answered))


@marks_by_version
def asked(answered: Answered) -> pd.DataFrame:
    """(n, k) bool, a column for each of the frame: where the question was relevant.

    A column that belongs to no question is true throughout.
    """
    return _asked(begin(answered), answered.frame)


@marks_in_repeat_by_version
def asked_in_repeat(answered: Answered, name: str) -> pd.DataFrame:
    """(rows, k) bool, like `asked`, for the rows of a repeat."""
    return _asked(begin(answered), answered.repeats[name].frame)


def _asked(replay: Asking, frame: pd.DataFrame) -> pd.DataFrame:
    everywhere = np.ones(len(frame), dtype=np.bool_)
    known = replay.columns.questionnaire.by_key
    columns = {
        str(key): replay.question(str(key)) if key in known else everywhere for key in frame.columns
    }
    return pd.DataFrame(columns, index=frame.index)


@marks_by_version
def not_known(answered: Answered) -> pd.DataFrame:
    """(n, .) bool, a column for each question of which not every interview tells if it was asked.

    Its relevant, or that of a group around it, cannot be worked out, and no answer shows that it
    was asked.
    """
    return _not_known(begin(answered), answered.frame)


@marks_in_repeat_by_version
def not_known_in_repeat(answered: Answered, name: str) -> pd.DataFrame:
    """(rows, .) bool, like `not_known`, for the rows of a repeat."""
    return _not_known(begin(answered), answered.repeats[name].frame)


def _not_known(replay: Asking, frame: pd.DataFrame) -> pd.DataFrame:
    found: dict[str, NDArray[np.bool_]] = {}
    for item in _questions(replay, frame):
        unsure = replay.unsure(item.key)
        if unsure.any():
            found[item.key] = unsure & is_blank(replay.columns.value(item))
    return pd.DataFrame(found, index=frame.index)


def absence(answered: Answered, *, present_nodes: pd.DataFrame | None = None) -> pd.DataFrame:
    """(n, k) int8 of `Absence`, a column for each of the frame.

    NOT_ASKED where the question was not relevant and is empty, BLANK where it was relevant and
    is empty, NOT_KNOWN where that cannot be told (`not_known`) and it is empty, REFUSED and
    DONT_KNOW where the chosen code says so, else PRESENT. What only a reader knows (UNREADABLE,
    NOT_IN_VERSION) it lays over this.

    Parameters
    ----------
    present_nodes
        (n, .) bool, true where the XML of an interview holds the question. Phones send what was
        asked and left blank as an empty node, and nothing of what was not asked.
    """
    return absence_of_cells(
        answered.frame,
        asked(answered),
        answered.questionnaire,
        present_nodes,
        not_known(answered),
    )


def absence_in_repeat(
    answered: Answered, name: str, *, present_nodes: pd.DataFrame | None = None
) -> pd.DataFrame:
    """(rows, k) int8 of `Absence`, like `absence`, for the rows of a repeat."""
    frame = answered.repeats[name].frame
    return absence_of_cells(
        frame,
        asked_in_repeat(answered, name),
        answered.questionnaire,
        present_nodes,
        not_known_in_repeat(answered, name),
    )


@marks_by_version
def constraint_violations(answered: Answered) -> pd.DataFrame:
    """(n, k) bool: where a question was asked and answered, and its constraint does not hold.

    One column for each question of the frame that has a constraint. A constraint that cannot
    be worked out is left out; `not_replayed` says which.
    """
    return _violations(begin(answered), answered.frame)


@marks_in_repeat_by_version
def constraint_violations_in_repeat(answered: Answered, name: str) -> pd.DataFrame:
    """(rows, k) bool, like `constraint_violations`, for the rows of a repeat."""
    return _violations(begin(answered), answered.repeats[name].frame)


def _violations(replay: Asking, frame: pd.DataFrame) -> pd.DataFrame:
    found: dict[str, NDArray[np.bool_]] = {}
    for item in _questions(replay, frame):
        constraint = item.question.constraint
        if constraint is None:
            continue
        here = replay.question(item.key)
        answered = here & ~is_blank(replay.columns.value(item))
        try:
            holds = as_truths(_value(replay, constraint, item, "constraint"))
            unknown = _scope(replay, constraint, item, "constraint").unknown(constraint.tree)
            found[item.key] = answered & ~holds & ~unknown
        except CannotEvaluate:
            continue
    return pd.DataFrame(found, index=frame.index)


@marks_by_version
def required_blank(answered: Answered) -> pd.DataFrame:
    """(n, k) bool: where a question was asked and required, and holds no answer."""
    return _required_blank(begin(answered), answered.frame)


@marks_in_repeat_by_version
def required_blank_in_repeat(answered: Answered, name: str) -> pd.DataFrame:
    """(rows, k) bool, like `required_blank`, for the rows of a repeat."""
    return _required_blank(begin(answered), answered.repeats[name].frame)


def _required_blank(replay: Asking, frame: pd.DataFrame) -> pd.DataFrame:
    found: dict[str, NDArray[np.bool_]] = {}
    for item in _questions(replay, frame):
        required = item.question.required
        if required is None or not item.question.type.asked:
            continue
        here = replay.question(item.key) & ~replay.unsure(item.key)
        blank = here & is_blank(replay.columns.value(item))
        try:
            found[item.key] = blank & as_truths(_value(replay, required, item, "required"))
        except CannotEvaluate:
            continue
    return pd.DataFrame(found, index=frame.index)


@results_by_version
def calculated(answered: Answered, key: str) -> pd.Series:
    """(n,) What the calculation of a question gives now, as its column would hold it.

    NaN where the question is not relevant, or its calculation gives nothing. What rests on
    chance, the clock or the device is what came back.

    Raises
    ------
    ExpressionError
        If the question has no calculation, or it needs what only the device knew.
    """
    replay = begin(answered)
    item = replay.columns.questionnaire.by_key[key]
    if item.question.calculation is None:
        raise ExpressionError(
            f"question '{key}'", "it has no calculation", "Ask for the answer instead"
        )
    index = replay.columns.index(item.repeats[-1] if item.repeats else None)
    try:
        recorded = known_on_device_only(item.question)
        value = None if recorded else _value(replay, item.question.calculation, item, "calculation")
    except OnDeviceOnly:
        value = None
    if value is None:
        return _recorded(replay, item, index)
    return _as_column(replay, item, as_kept(value, item.question.type.storage))


def calculated_together(answered: Answered) -> Mapping[str, pd.Series]:
    """Key -> what every calculation of the form gives, none of them looked up in the answers.

    Each is worked out after those that it rests on, wherever they stand in the form. What only
    the device knew, and what cannot be worked out, is taken as it came back.
    """
    given = answered.answered if isinstance(answered, (Columns, Asking)) else answered
    replay = Asking(Columns(given), anew=True)
    found: dict[str, pd.Series] = {}
    for item in replay.whole.columns.questionnaire.items:
        if item.question.calculation is None or item.question.type.storage is Storage.NOTHING:
            continue
        if item.key in replay.columns.kept:
            found[item.key] = _as_column(replay, item, replay.columns.value(item))
    return found


def _as_column(replay: Asking, item: Item, value: Value) -> pd.Series:
    index = replay.columns.index(item.repeats[-1] if item.repeats else None)
    if item.question.type.storage in (Storage.INTEGER, Storage.DECIMAL):
        numbers = written(value, index)
        series = pd.to_numeric(numbers, errors="coerce").astype(np.float64)
    else:
        texts = np.broadcast_to(as_stored(value), (len(index),))
        series = pd.Series(texts, index=index, dtype="str")
    return series.where(pd.Series(replay.question(item.key), index=index))


def _recorded(replay: Asking, item: Item, index: pd.Index) -> pd.Series:
    """The result of a calculation as it came back, where nothing else can tell it."""
    frame = replay.frame if not item.repeats else replay.repeats[item.repeats[-1]].frame
    if item.key not in frame.columns or (len(frame) and bool(frame[item.key].isna().all())):
        calculation = item.question.calculation
        if calculation is not None and not item.question.extra.get("trigger"):
            _value(replay, calculation, item, "calculation")
        raise OnDeviceOnly(
            f"question '{item.key}', calculation",
            "what it gave was known on the device, and did not come back with the answers",
            "Export its column too",
        )
    if item.question.type.storage in (Storage.INTEGER, Storage.DECIMAL):
        return frame[item.key].astype(np.float64).set_axis(index)
    return as_text(frame[item.key], item.question.type.storage).set_axis(index)


def not_replayed(answered: Answered) -> tuple[Fault, ...]:
    """Every relevant and constraint that cannot be worked out on answers that came back.

    Where a relevant is among them, its question counts as asked where it was answered, and
    its group as shown.
    """
    replay = begin(answered)
    faults: list[Fault] = []
    for item in replay.columns.questionnaire.items:
        replay.question(item.key)
        for what, expression in (
            ("constraint", item.question.constraint),
            ("required", item.question.required),
        ):
            if expression is None:
                continue
            try:
                _value(replay, expression, item, what)
            except CannotEvaluate as fault:
                faults.append(fault.faults[0])
    return (*replay.assumed.values(), *faults)


def _questions(replay: Asking, frame: pd.DataFrame) -> tuple[Item, ...]:
    return tuple(item for item in replay.columns.questionnaire.items if item.key in frame.columns)


def _value(replay: Asking, expression: Expression, item: Item, what: str) -> Value:
    """What an expression of a question is worth, answers that were not asked counting as blank."""
    return _scope(replay, expression, item, what).value(expression.tree)


def _scope(replay: Asking, expression: Expression, item: Item, what: str) -> Scope:
    return Scope(
        replay.whole.columns,
        f"question '{item.key}', {what} '{expression.source}'",
        repeat=item.repeats[-1] if item.repeats else None,
        path=(*item.path, item.question.name),
        item=item,
    )
