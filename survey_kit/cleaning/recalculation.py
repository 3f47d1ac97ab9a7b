"""Calculations worked out anew where a correction changed what they rest on.

A form calculates while it is filled in and never again; whoever edits an export by hand
is left with sums of the old numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.cleaning.cells import row_names
from survey_kit.cleaning.correction_log import RECALCULATED, Effect
from survey_kit.errors import CannotEvaluate
from survey_kit.questionnaire.expression import Expression, Path, walk
from survey_kit.questionnaire.model import Item, Questionnaire
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.as_text import as_text
from survey_kit.responses.model import Responses
from survey_kit.responses.replay import Answered, begin, calculated


@dataclass(frozen=True, eq=False)
class Recalculated:
    """Responses with new results, and a row of the log for each."""

    responses: Responses
    rows: list[dict[str, str]]


def recalculate(before: Responses, after: Responses, corrected: Iterable[str]) -> Recalculated:
    """Work out again every calculation that rests on corrected questions.

    A stored result changes only where the calculation gives something else on the
    corrected answers than on those before, and never so that it moves from one row of a
    repeat to another: the answers beside it would stay behind. Calculations may rest on one
    another, so they are gone through until none changes.

    Parameters
    ----------
    before, after
        The touched interviews without and with the corrected answers.
    corrected
        Keys of the questions that were corrected.
    """
    form = after.questionnaire
    items = resting_on(form, set(corrected))
    first: dict[str, pd.Series[Any]] = {}
    left: dict[str, list[dict[str, str]]] = {}
    now, waiting = after, items
    was = _replay(before)
    for _ in items:
        changed: dict[str, pd.Series[Any]] = {}
        replay = _replay(now)
        for item in waiting:
            results = _results(was, (now, replay), item, first)
            if results is None:
                continue
            left[item.key] = list(_left(results, item))
            if results.new_here.any():
                changed[item.key] = results.stored.mask(results.new_here, results.new)
        for key, column in changed.items():
            now = _with(now, form.by_key[key], column)
        waiting = resting_on(form, set(changed))
    made = [row for item in items for row in _rows(after, now, item)]
    return Recalculated(now, [*made, *(row for rows in left.values() for row in rows)])


def _replay(responses: Responses) -> Answered:
    """One replay for all calculations; interviews of several versions of the form need their own."""
    return responses if responses.editions else begin(responses)


def resting_on(questionnaire: Questionnaire, corrected: set[str]) -> list[Item]:
    """The calculations that rest on some questions, be it through others, in the form's order."""
    known = {questionnaire.by_key[key].question.name for key in corrected}
    growing = True
    while growing:
        reached = {
            item.question.name
            for item in questionnaire.items
            if item.question.name not in known
            and any(_refers(rule, known) for rule in _rules(item))
        }
        known |= reached
        growing = bool(reached)
    return [
        item
        for item in questionnaire.items
        if item.question.calculation is not None
        and not item.question.type.asked
        and item.question.type.storage is not Storage.NOTHING
        and item.question.name in known
        and item.key not in corrected
    ]


def _rules(item: Item) -> Iterator[Expression]:
    yield from item.gates
    yield from filter(None, (item.question.relevant, item.question.calculation))


def _refers(rule: Expression, names: set[str]) -> bool:
    """Whether an expression refers to one of some questions; a path may lead anywhere."""
    return not names.isdisjoint(rule.answers) or any(isinstance(n, Path) for n in walk(rule.tree))


def _frame(responses: Responses, item: Item) -> pd.DataFrame:
    if not item.repeats:
        return responses.frame
    rows = responses.repeats.get(item.repeats[-1])
    return rows.frame if rows else pd.DataFrame()


def _text(answers: pd.Series[Any], item: Item) -> NDArray[np.object_]:
    """(n,) the answers as text, "" where empty."""
    return as_text(answers, item.question.type.storage).fillna("").to_numpy(dtype=object)


@dataclass(frozen=True, eq=False)
class Results:
    """What a calculation gives on the corrected answers.

    stored, new
        (n,) the column as it stands, and the results, both as answers.
    changed
        (n,) bool: the result is another than before and than what is stored.
    moves
        (n,) bool: it is to stay as it is, since results would change places among rows.
    """

    stored: pd.Series[Any]
    new: pd.Series[Any]
    changed: NDArray[np.bool_]
    moves: NDArray[np.bool_]

    @property
    def new_here(self) -> NDArray[np.bool_]:
        """(n,) bool: the result is to be stored."""
        return self.changed & ~self.moves


def _results(
    before: Answered,
    now: tuple[Responses, Answered],
    item: Item,
    first: dict[str, pd.Series[Any]],
) -> Results | None:
    """The results of a calculation; None where it cannot be worked out from answers.

    `first` keeps what it gave before the corrections; `now` are the answers, and their replay.
    """
    answers, replay = now
    frame = _frame(answers, item)
    if item.key not in frame.columns:
        return None
    try:
        if item.key not in first:
            first[item.key] = calculated(before, item.key)
        new = calculated(replay, item.key)
    except CannotEvaluate:
        return None
    stored = frame[item.key]
    result, there = _text(new, item), _text(stored, item)
    changed = (_text(first[item.key], item) != result) & (there != result)
    return Results(stored, new, changed, _moves(there, result, changed, stored.index))


def _left(results: Results, item: Item) -> Iterator[dict[str, str]]:
    """Rows of the log for results that stay as they were because they would change places."""
    kept = results.changed & results.moves
    index = results.stored.index[kept]
    texts = _text(results.stored[kept], item)
    places = zip(index.get_level_values(0), row_names(index), texts, strict=True)
    for interview, row, text in places:
        yield {
            "interview": str(interview),
            "row": row,
            "question": item.key,
            "old_found": str(text),
            "action": RECALCULATED,
            "effect": Effect.NOTHING.value,
            "note": "left as it was: results would change places among the rows of the repeat",
        }


def _moves(
    stored: NDArray[np.object_],
    result: NDArray[np.object_],
    changed: NDArray[np.bool_],
    index: pd.Index[Any],
) -> NDArray[np.bool_]:
    """(n,) bool. Rows of interviews in whose repeat a result would move from row to row.

    A row that was about the radio, with its answers, would then be about friends.
    """
    if index.nlevels == 1 or not changed.any():
        return np.zeros(len(index), dtype=np.bool_)
    interviews = index.get_level_values(0)
    there = pd.MultiIndex.from_arrays([interviews, stored])
    coming = pd.MultiIndex.from_arrays([interviews, result])
    moved = coming.isin(there) & changed & (result != "")
    return np.asarray(interviews.isin(interviews[moved]), dtype=np.bool_)


def _with(responses: Responses, item: Item, results: pd.Series[Any]) -> Responses:
    if not item.repeats:
        return replace(responses, frame=responses.frame.assign(**{item.key: results}))
    name = item.repeats[-1]
    rows = responses.repeats[name]
    changed = replace(rows, frame=rows.frame.assign(**{item.key: results}))
    return replace(responses, repeats=MappingProxyType({**responses.repeats, name: changed}))


def _rows(after: Responses, now: Responses, item: Item) -> Iterator[dict[str, str]]:
    frame = _frame(now, item)
    if item.key not in frame.columns:
        return
    old, new = _text(_frame(after, item)[item.key], item), _text(frame[item.key], item)
    changed = np.flatnonzero(old != new)
    index = frame.index[changed]
    places = zip(index.get_level_values(0), row_names(index), changed, strict=True)
    for interview, row, at in places:
        yield {
            "interview": str(interview),
            "row": row,
            "question": item.key,
            "old_found": str(old[at]),
            "new": str(new[at]),
            "action": RECALCULATED,
            "why": "the form's calculation gives this on the corrected answers",
            "effect": Effect.CHANGED.value,
        }
