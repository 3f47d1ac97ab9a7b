"""Interviews that were told, not held: what was answered, as the frames that ours reads.

An engine is given answers and works out the rest. So every calculation is filled in here, and
every repeat gets the rows that its count says, over and over until nothing changes any more,
since a calculation may refer to a later one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

import pandas as pd

from survey_kit.errors import CannotEvaluate, ExpressionError
from survey_kit.questionnaire.in_row import InRow
from survey_kit.questionnaire.parser import parse
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.as_text import as_text
from survey_kit.responses.evaluate import values
from survey_kit.responses.from_text import from_text
from survey_kit.responses.model import Rows
from survey_kit.responses.replay import begin, calculated_together

if TYPE_CHECKING:
    from survey_kit.questionnaire.model import Item, Questionnaire

Answers: TypeAlias = Mapping[InRow, str]
"""Answers of one interview, as the form holds them."""

RowsOfOne: TypeAlias = Mapping[str, Collection[tuple[int, ...]]]
"""Of one interview: the positions of the rows of each repeat, those around it first."""

ROUNDS = 8
"""How often calculations and counts are worked out again before what is there is taken."""
MOST_ROWS = 500


@dataclass(frozen=True, eq=False)
class Told:
    """Interviews in the making, in the shape that `responses.evaluate` reads.

    frame
        (n, .) A row an interview, numbered from 0; `repeats` likewise.
    meta
        (n, 1) "submitted": the moment of the interview, for `today()` and `now()`.
    """

    questionnaire: Questionnaire
    frame: pd.DataFrame
    repeats: Mapping[str, Rows]
    meta: pd.DataFrame

    def frame_of(self, item: Item) -> pd.DataFrame:
        """The frame in which a question has its column."""
        return self.repeats[item.repeats[-1]].frame if item.repeats else self.frame


def told(
    questionnaire: Questionnaire,
    answers: Sequence[Answers],
    rows: Sequence[RowsOfOne],
    moments: Sequence[datetime],
    defaults: Mapping[str, str] = MappingProxyType({}),
) -> Told:
    """Interviews with these answers and these rows, and nothing worked out yet.

    `defaults` are answers, by question, of whoever gave none.
    """
    number = len(answers)
    index = pd.Index([str(each) for each in range(number)], name="interview", dtype="str")
    outer = [InRow("", ())] * number
    frame = _frame(questionnaire, None, answers, list(range(number)), outer, index, defaults)
    repeats: dict[str, Rows] = {}
    for name, (_, around, _) in questionnaire.repeats.items():
        places = [
            (which, each)
            for which, held in enumerate(rows)
            for each in sorted(set(held.get(name, ())))
        ]
        arrays = [
            [str(which) for which, _ in places],
            *([each[level] for _, each in places] for level in range(len(around) + 1)),
        ]
        within = pd.MultiIndex.from_arrays(arrays, names=["interview", *around, name])
        spots = [InRow("", each) for _, each in places]
        whose = [which for which, _ in places]
        inner = _frame(questionnaire, name, answers, whose, spots, within, defaults)
        repeats[name] = Rows(inner, inner)
    submitted = pd.to_datetime(pd.Series(moments, index=index)).astype("datetime64[us]")
    meta = pd.DataFrame({"submitted": submitted}, index=index)
    return Told(questionnaire, frame, MappingProxyType(repeats), meta)


def _frame(  # noqa: PLR0917 - what is told, of whom, and of which rows
    questionnaire: Questionnaire,
    repeat: str | None,
    answers: Sequence[Answers],
    interviews: Sequence[int],
    spots: Sequence[InRow],
    index: pd.Index,
    defaults: Mapping[str, str],
) -> pd.DataFrame:
    columns: dict[str, pd.Series] = {}
    for item in questionnaire.items:
        if (item.repeats[-1] if item.repeats else None) != repeat:
            continue
        usual = defaults.get(item.key)
        texts = [
            answers[which].get(InRow(item.key, spot.rows), usual)
            for which, spot in zip(interviews, spots, strict=True)
        ]
        text = pd.Series(texts, index=index, dtype="str")
        columns[item.key] = from_text(text, item.question.type.storage).answers
    return pd.DataFrame(columns, index=index)


def rows_of(questionnaire: Questionnaire, answers: Answers) -> dict[str, set[tuple[int, ...]]]:
    """The rows that answers need: those they name, all before them, and all around them.

    A repeat whose number the enumerator decides has one row from the start, as in the form.
    """
    found: dict[str, set[tuple[int, ...]]] = {name: set() for name in questionnaire.repeats}
    for place in answers:
        item = questionnaire.by_key.get(place.key)
        for depth, repeat in enumerate(item.repeats if item is not None else (), start=1):
            around, last = place.rows[: depth - 1], place.rows[depth - 1]
            found[repeat].update((*around, row) for row in range(1, last + 1))
    return _with_first_rows(questionnaire, found)


def _with_first_rows(
    questionnaire: Questionnaire, found: dict[str, set[tuple[int, ...]]]
) -> dict[str, set[tuple[int, ...]]]:
    for name, (repeat, around, _) in questionnaire.repeats.items():
        outer = found[around[-1]] if around else {()}
        if repeat.count is None:
            found[name].update((*each, 1) for each in outer)
    return found


def complete(
    questionnaire: Questionnaire,
    answers: Sequence[Answers],
    rows: Sequence[Mapping[str, set[tuple[int, ...]]]],
    moments: Sequence[datetime],
) -> Told:
    """The same interviews with every calculation, and the rows that counts say."""
    needed = [{name: set(each) for name, each in one.items()} for one in rows]
    defaults = defaults_of(questionnaire, moments[0]) if moments else {}
    now = told(questionnaire, answers, needed, moments, defaults)
    for _ in range(ROUNDS):
        changed = _worked_out(now)
        more = _counted(now, needed)
        if more:
            filled = now
            now = told(questionnaire, answers, needed, moments, defaults)
            _keep_calculations(filled, now)
        elif not changed:
            break
    return now


def defaults_of(questionnaire: Questionnaire, moment: datetime) -> dict[str, str]:
    """What stands in each question before anybody answers; expressions are worked out then."""
    found: dict[str, str] = {}
    blank: Told | None = None
    for item in questionnaire.items:
        default = item.question.default
        if default is None or item.question.type.storage in (Storage.NOTHING, Storage.FILE):
            continue
        if "(" not in default and "${" not in default:
            found[item.key] = default
            continue
        blank = blank or told(questionnaire, [{}], [{}], [moment])
        try:
            expression = parse(default, f"question '{item.key}', default")
            series = values(expression, blank, this=item.key if not item.repeats else None)
        except ExpressionError:
            continue
        text = from_text(series.astype("str"), item.question.type.storage).answers
        spelt = as_text(text, item.question.type.storage).fillna("").tolist()
        if spelt and spelt[0]:
            found[item.key] = spelt[0]
    return found


def _worked_out(now: Told) -> bool:
    """Fill in every calculation; whether one has changed."""
    changed = False
    for key, series in calculated_together(now).items():
        item = now.questionnaire.by_key[key]
        frame = now.frame_of(item)
        text = as_text(series, item.question.type.storage)
        column = from_text(text, item.question.type.storage).answers
        if len(frame) and not frame[key].equals(column):
            changed = True
            frame[key] = column
    return changed


def _counted(now: Told, rows: Sequence[dict[str, set[tuple[int, ...]]]]) -> bool:
    """Add the rows that counts say; whether there were any."""
    replay = begin(now).whole
    added = False
    for name, (repeat, around, _) in now.questionnaire.repeats.items():
        outer = around[-1] if around else None
        if repeat.count is None:
            continue
        index = now.repeats[outer].frame.index if outer else now.frame.index
        if not len(index):
            continue
        try:
            said = values(repeat.count, replay.columns, repeat=outer)
        except CannotEvaluate:
            continue
        numbers = pd.to_numeric(said, errors="coerce").fillna(0).clip(0, MOST_ROWS).astype(int)
        for place, number in zip(index.tolist(), numbers.tolist(), strict=True):
            which, inside = (place[0], tuple(place[1:])) if outer else (place, ())
            wanted = {(*inside, row) for row in range(1, number + 1)}
            held = rows[int(which)][name]
            if not wanted <= held:
                held |= wanted
                added = True
    if added:
        for one in rows:
            _with_first_rows(now.questionnaire, one)
    return added


def _keep_calculations(filled: Told, now: Told) -> None:
    for item in now.questionnaire.items:
        if item.question.calculation is not None:
            frame = now.frame_of(item)
            before = filled.frame_of(item)[item.key].reindex(frame.index)
            frame[item.key] = before.astype(frame[item.key].dtype)
