"""As many simulated people as are wanted, all of whom got through the form.

Some answers lead into dead ends: a region whose list of districts is empty, a household of nobody
whose head is asked for. A person with a phone would have to turn back; here that interview is
given up and another one is held in its place, until everybody got through. A form in which
hardly anybody does is refused, and the question at which they stop is named.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from survey_kit.errors import CannotEvaluate, DefinitionError, Fault
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.evaluate import offered
from survey_kit.responses.replay import (
    asked,
    asked_in_repeat,
    constraint_violations,
    constraint_violations_in_repeat,
    not_known,
    not_known_in_repeat,
    required_blank,
    required_blank_in_repeat,
)
from survey_kit.responses.simulation.ahead import looks_ahead
from survey_kit.responses.simulation.fieldwork import Moments
from survey_kit.responses.simulation.walk import Walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from numpy.typing import NDArray

    from survey_kit.questionnaire.model import Item, Questionnaire
    from survey_kit.responses.simulation.calibration import Calibration
    from survey_kit.responses.simulation.scope import Scope, Unfinished

    Positions = NDArray[np.int64]
    Truths = NDArray[np.bool_]

ROUNDS = 12
"""How often others are sent in the place of those who are stuck."""
FEWEST = 256
"""How many are sent in a round at least, so that a way that few find is found."""
ROUNDS_FOR_NOTHING = 3
"""After so many rounds in which nobody gets through, nobody will."""


@dataclass(frozen=True, eq=False)
class Filled:
    """The rows of the interviews or of a repeat.

    frame
        (m, k) answers.
    relevant
        key -> (m,) bool: who was asked.
    interviews
        (m,) int. The position of the interview of each row.
    """

    frame: pd.DataFrame
    relevant: Mapping[str, Truths]
    interviews: Positions


@dataclass(frozen=True, eq=False)
class People:
    """Everybody who got through.

    asked
        (n,) int. How many questions were asked.
    enumerators, days
        (n,) number of the enumerator, -1 where nobody is named; day of the interview.
    moments
        When the interviews took place, where their form looked at the clock.
    notes
        Calculations that could not be worked out, and are left blank.
    """

    whole: Filled
    repeats: Mapping[str, Filled]
    asked: Positions
    enumerators: Positions
    days: NDArray[np.datetime64]
    moments: Moments | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class _Part:
    """Those of one walk who got through, and the places, (k,) int, that they take."""

    walk: Walk
    kept: Positions
    places: Positions


def people(
    questionnaire: Questionnaire,
    interviews: pd.Index,
    calibration: Calibration,
    rng: np.random.Generator,
) -> People:
    """A person for each interview.

    Raises
    ------
    DefinitionError
        If too few get through the form.
    """
    ahead = looks_ahead(questionnaire)
    walk, stuck = _sent(questionnaire, interviews, calibration, rng, ahead=ahead)
    everyone = np.arange(len(interviews))
    if not stuck.any():
        return _together([_Part(walk, everyone, everyone)], interviews)
    parts = [_Part(walk, np.flatnonzero(~stuck), np.flatnonzero(~stuck))]
    waiting = np.flatnonzero(stuck)
    for_nothing = 0
    for number in range(ROUNDS):
        many = max(FEWEST, 2 * len(waiting))
        others = pd.Index([f"{number}/{each}" for each in range(many)], name="interview")
        walk, stuck = _sent(questionnaire, others, calibration, rng, ahead=ahead)
        through = np.flatnonzero(~stuck)[: len(waiting)]
        for_nothing = 0 if len(through) else for_nothing + 1
        if len(through):
            parts.append(_Part(walk, through, waiting[: len(through)]))
        waiting = waiting[len(through) :]
        if not len(waiting):
            return _together(parts, interviews)
        if for_nothing == ROUNDS_FOR_NOTHING:
            break
    fault = next(iter(walk.faults.values()))
    raise DefinitionError(fault.where, fault.what, fault.remedy)


def _sent(
    questionnaire: Questionnaire,
    interviews: pd.Index,
    calibration: Calibration,
    rng: np.random.Generator,
    *,
    ahead: bool,
) -> tuple[Walk, Truths]:
    """A walk, and who, (n,) bool, did not get through."""
    walk = Walk(questionnaire, interviews, calibration, rng)
    walk.go()
    stuck = walk.stuck
    if ahead and len(interviews):
        odd = _broken_rules(walk)
        if odd.any():
            where = f"{questionnaire.source or questionnaire.name}"
            walk.faults.setdefault(
                where,
                Fault(
                    where,
                    "its rules depend on answers that come later, and no interview keeps them all",
                    "Ask first what a relevant, constraint or choice_filter refers to",
                ),
            )
        stuck = stuck | odd
    return walk, stuck


def _broken_rules(walk: Walk) -> Truths:
    """(n,) bool. Interviews in which a later answer changed what had been asked or taken before."""
    answers = walk.whole.everything.unfinished
    odd = np.zeros(len(walk.whole), dtype=np.bool_)
    for scope, broken in _replayed(walk, answers):
        rows = np.logical_or.reduce(broken, axis=0) if broken else np.zeros(len(scope), np.bool_)
        odd[scope.interviews[rows]] = True
    return odd


def _replayed(walk: Walk, answers: Unfinished) -> Iterator[tuple[Scope, list[Truths]]]:
    whole = [
        *_differs(walk.whole, asked(answers), not_known(answers)),
        *_columns(constraint_violations(answers)),
        *_columns(required_blank(answers)),
    ]
    yield walk.whole, [*whole, *_not_offered(walk.whole, answers)]
    for name, scope in walk.scopes.items():
        if len(scope):
            inside = [
                *_differs(
                    scope, asked_in_repeat(answers, name), not_known_in_repeat(answers, name)
                ),
                *_columns(constraint_violations_in_repeat(answers, name)),
                *_columns(required_blank_in_repeat(answers, name)),
            ]
            yield scope, [*inside, *_not_offered(scope, answers)]


def _differs(scope: Scope, again: pd.DataFrame, unsure: pd.DataFrame) -> list[Truths]:
    """Where another question is asked, seen from the end; not where nothing tells."""
    return [
        relevant != again[key].to_numpy()
        if key not in unsure
        else (relevant != again[key].to_numpy()) & ~unsure[key].to_numpy(dtype=np.bool_)
        for key, relevant in scope.relevant.items()
        if key in again.columns
    ]


def _columns(frame: pd.DataFrame) -> list[Truths]:
    return [frame[name].to_numpy(dtype=np.bool_) for name in frame.columns]


def _not_offered(scope: Scope, answers: Unfinished) -> Iterator[Truths]:
    """Rows in which something was chosen that the choice filter, seen from the end, does not offer."""
    for key in scope.frame.columns:
        item = answers.questionnaire.by_key[str(key)]
        if item.question.choice_filter is not None and _chooses(item):
            codes = [choice.code for choice in answers.questionnaire.choices(item.question)]
            try:
                open_ = offered(item.question.choice_filter, answers, item.key)
            except CannotEvaluate:
                open_ = scope.offered(item)
            chosen = scope.frame[key].fillna("").str.split()
            made = np.array([[code in each for code in codes] for each in chosen], dtype=np.bool_)
            if made.size:
                yield np.logical_or.reduce(made & ~open_, axis=1)


def _chooses(item: Item) -> bool:
    return item.question.type.storage in (Storage.CODE, Storage.CODES)


def _together(parts: list[_Part], interviews: pd.Index) -> People:
    order = np.argsort(np.concatenate([part.places for part in parts]), kind="stable")

    def each(column: Callable[[Walk], NDArray[Any]]) -> NDArray[Any]:
        return np.concatenate([column(part.walk)[part.kept] for part in parts])[order]

    moments: Moments | None = None
    if all(part.walk.moments is not None for part in parts):
        start, end, sent = (
            each(lambda walk, name=name: getattr(walk.moments, name))
            for name in ("start", "end", "sent")
        )
        moments = Moments(start, end, sent)
    return People(
        whole=_rows(parts, interviews, None),
        repeats={name: _rows(parts, interviews, name) for name in parts[0].walk.scopes},
        asked=each(lambda walk: walk.asked),
        enumerators=each(lambda walk: walk.enumerators),
        days=each(lambda walk: walk.days),
        moments=moments,
        notes=tuple(parts[0].walk.notes.values()),
    )


def _rows(parts: list[_Part], interviews: pd.Index, repeat: str | None) -> Filled:
    """The rows of all who got through, in the order of their interviews, under their ids."""
    if len(parts) == 1:
        scope = _scope(parts[0].walk, repeat)
        return Filled(scope.frame, scope.relevant, scope.interviews)
    frames: list[pd.DataFrame] = []
    relevant: dict[str, list[Truths]] = {}
    places: list[Positions] = []
    for part in parts:
        scope = _scope(part.walk, repeat)
        place = np.full(len(part.walk.whole), -1, dtype=np.int64)
        place[part.kept] = part.places
        own = place[scope.interviews]
        frames.append(scope.frame[own >= 0])
        places.append(own[own >= 0])
        for key, truths in scope.relevant.items():
            relevant.setdefault(key, []).append(truths[own >= 0])
    where = np.concatenate(places)
    order = np.argsort(where, kind="stable")
    where = where[order]
    frame = pd.concat(frames).iloc[order]
    ids = interviews[where]
    if repeat is None:
        index: pd.Index = ids.rename("interview")
    else:
        levels = [frame.index.get_level_values(level) for level in range(1, frame.index.nlevels)]
        index = pd.MultiIndex.from_arrays([ids, *levels], names=frame.index.names)
    asked_of = {key: np.concatenate(each)[order] for key, each in relevant.items()}
    return Filled(frame.set_axis(index), asked_of, where)


def _scope(walk: Walk, repeat: str | None) -> Scope:
    return walk.whole if repeat is None else walk.scopes[repeat]
