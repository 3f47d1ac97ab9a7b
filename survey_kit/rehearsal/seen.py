"""What an engine made of an interview: the same shape, whichever engine it was.

Ours and JavaRosa answer the same questions about every node, so that a test can be held
against either, and the two against each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from survey_kit.errors import CannotEvaluate
from survey_kit.questionnaire.in_row import InRow
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.as_text import as_text
from survey_kit.responses.evaluate import offered, scope_of
from survey_kit.responses.logic.value import as_truths, is_blank
from survey_kit.responses.replay import begin, calculated_together

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from survey_kit.questionnaire.expression import Expression
    from survey_kit.questionnaire.model import Item, Question
    from survey_kit.rehearsal.told import Told
    from survey_kit.responses.logic.asking import Asking

OURS = "ours"
JAVAROSA = "JavaRosa"

CONSTRAINT = "its constraint does not allow it"
NOT_OFFERED = "it is not among the choices on offer"
UNREADABLE = "it is not what the question takes"


@dataclass(frozen=True)
class Seen:
    """One interview through the eyes of an engine.

    asked
        Whether each question was asked, in every row.
    values
        The answer or calculated value of each question that was asked; "" where blank.
    refused
        Answers that an enumerator could not have given, and why.
    missing
        Questions that were asked, must be answered, and are blank.
    holds
        Whether the constraint of each answered question holds.
    offered
        The codes on offer where a choice filter decides.
    """

    engine: str
    asked: Mapping[InRow, bool]
    values: Mapping[InRow, str]
    refused: Mapping[InRow, str]
    missing: tuple[InRow, ...]
    holds: Mapping[InRow, bool] = field(default_factory=lambda: MappingProxyType({}))
    offered: Mapping[InRow, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def ends(self) -> bool:
        """Whether the interview can be finished."""
        return not self.refused and not self.missing


@dataclass
class _Notes:
    asked: dict[InRow, bool] = field(default_factory=dict[InRow, bool])
    held: dict[InRow, str] = field(default_factory=dict[InRow, str])
    refused: dict[InRow, str] = field(default_factory=dict[InRow, str])
    missing: list[InRow] = field(default_factory=list[InRow])
    holds: dict[InRow, bool] = field(default_factory=dict[InRow, bool])
    offered: dict[InRow, tuple[str, ...]] = field(default_factory=dict[InRow, tuple[str, ...]])


def seen_by_us(interviews: Told) -> list[Seen]:
    """What our engine makes of each interview."""
    notes = [_Notes() for _ in range(len(interviews.frame))]
    replay = begin(interviews).whole
    for item in interviews.questionnaire.items:
        if len(interviews.frame_of(item)):
            _note(item, interviews, replay, notes)
    return [
        Seen(
            OURS,
            each.asked,
            each.held,
            each.refused,
            tuple(each.missing),
            each.holds,
            each.offered,
        )
        for each in notes
    ]


def _note(item: Item, interviews: Told, replay: Asking, notes: list[_Notes]) -> None:
    """Note one question in all interviews and rows."""
    series = interviews.frame_of(item)[item.key]
    places = list(_places(item, series))
    here = replay.question(item.key)
    texts = as_text(series, item.question.type.storage).fillna("").tolist()
    for (which, place), asked, text in zip(places, here.tolist(), texts, strict=True):
        notes[which].asked[place] = asked
        if asked:
            notes[which].held[place] = text
    answered = here & ~is_blank(replay.columns.value(item))
    holds = _truths(item, item.question.constraint, replay)
    if holds is not None:
        for row in np.flatnonzero(answered).tolist():
            which, place = places[row]
            notes[which].holds[place] = bool(holds[row])
            if not holds[row]:
                notes[which].refused[place] = CONSTRAINT
    required = _truths(item, item.question.required, replay)
    if required is not None and item.question.type.asked and _is_shown(item.question):
        for row in np.flatnonzero(here & required & ~answered).tolist():
            which, place = places[row]
            notes[which].missing.append(place)
    _note_choices(item, replay, places, texts, here, notes)


def _is_shown(question: Question) -> bool:
    """Whether phones show it: what is worked out is, where it has a text or a picture."""
    said = question.label or question.hint or question.media
    return question.calculation is None or bool(said)


def _note_choices(  # noqa: PLR0917 - what is known of the question, and where it goes
    item: Item,
    replay: Asking,
    places: list[tuple[int, InRow]],
    texts: list[str],
    here: NDArray[np.bool_],
    notes: list[_Notes],
) -> None:
    """Note which choices are on offer, and answers that are not among them."""
    storage = item.question.type.storage
    codes = [each.code for each in replay.columns.questionnaire.choices(item.question)]
    if storage not in (Storage.CODE, Storage.CODES) or not codes:
        return
    among: NDArray[np.bool_] | None = None
    if item.question.choice_filter is not None:
        try:
            among = offered(item.question.choice_filter, replay.columns, item.key)
        except CannotEvaluate:
            return
    for row in np.flatnonzero(here).tolist():
        which, place = places[row]
        shown = codes if among is None else [codes[at] for at in np.flatnonzero(among[row])]
        if among is not None:
            notes[which].offered[place] = tuple(shown)
        chosen = texts[row].split() if storage is Storage.CODES else [texts[row]]
        if texts[row] and not set(chosen) <= set(shown):
            notes[which].refused[place] = NOT_OFFERED


def _places(item: Item, series: pd.Series) -> Iterator[tuple[int, InRow]]:
    for each in series.index.tolist():
        if item.repeats:
            yield int(each[0]), InRow(item.key, tuple(each[1:]))
        else:
            yield int(each), InRow(item.key, ())


def _truths(item: Item, expression: Expression | None, replay: Asking) -> NDArray[np.bool_] | None:
    """(rows,) Where an expression of a question holds; None without one, or if it is not known."""
    if expression is None:
        return None
    try:
        scope = scope_of(replay.columns, item.key, None, expression.source)
        return np.broadcast_to(as_truths(scope.value(expression.tree)), (scope.rows,))
    except CannotEvaluate:
        return None


def worked_out_by_us(interviews: Told) -> list[dict[InRow, str]]:
    """Of each interview: what our engine makes of every calculation that was asked, as text.

    None of them is looked up in the frames, but for what only the phone knew.
    """
    found: list[dict[InRow, str]] = [{} for _ in range(len(interviews.frame))]
    for key, series in calculated_together(interviews).items():
        item = interviews.questionnaire.by_key[key]
        texts = as_text(series, item.question.type.storage).fillna("").tolist()
        for (which, place), text in zip(_places(item, series), texts, strict=True):
            found[which][place] = text
    return found
