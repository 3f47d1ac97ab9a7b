"""The same answer all the way down a list of questions, where few others answer so."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.cleaning.batteries import Battery, batteries
from survey_kit.cleaning.by_chance import chance_of
from survey_kit.cleaning.cells import Cells
from survey_kit.cleaning.check import Check, Reach, Settings, number, together
from survey_kit.responses.model import Absence, Responses

FEWEST = 30
"""With fewer people at a battery nobody can tell what is usual there."""


@dataclass(frozen=True, eq=False)
class _Lines:
    """Who answered a battery in a straight line.

    cells
        The first question of the battery.
    straight, judged
        (n,) bool. Rows of the battery with one answer throughout; rows with enough answers.
    chance
        (n,) of a straight row, the share of judged rows with the same straight line; else 1.
    answered
        (n,) how many of its questions have an answer.
    """

    cells: Cells
    straight: NDArray[np.bool_]
    judged: NDArray[np.bool_]
    chance: NDArray[np.float64]
    answered: NDArray[np.int64]


def _lines(responses: Responses, battery: Battery, least: int) -> _Lines | None:
    if battery.repeat and battery.repeat not in responses.repeats:
        return None
    rows = responses.repeats[battery.repeat] if battery.repeat else responses
    keys = [key for key in battery.keys if key in rows.frame.columns]
    if len(keys) < least:
        return None
    given = (rows.absence[keys] == Absence.PRESENT).to_numpy()
    codes = pd.factorize(rows.frame[keys].to_numpy(dtype=object).ravel())[0].reshape(given.shape)
    answered = given.sum(axis=1)
    judged = answered >= least
    low = np.where(given, codes, np.iinfo(np.int64).max).min(axis=1)
    high = np.where(given, codes, -1).max(axis=1)
    straight = judged & (low == high)
    counts = np.bincount(high[straight]) if straight.any() else np.zeros(1)
    chance = np.ones(len(judged))
    chance[straight] = counts[high[straight]] / judged.sum()
    item = responses.questionnaire.by_key[keys[0]]
    cells = Cells(item, rows.frame[keys[0]], rows.absence[keys[0]])
    return _Lines(cells, straight, judged, chance, answered) if judged.sum() >= FEWEST else None


def _reach(responses: Responses, settings: Settings) -> Reach:
    least = int(number(settings, "least"))
    known = batteries(responses.questionnaire, least)
    if not known:
        return Reach(
            runs=False,
            note=f"no {least} questions follow one another with the same list of choices",
        )
    judged = sum(_lines(responses, battery, least) is not None for battery in known)
    if not judged:
        return Reach(runs=False, note=f"no battery was answered by {FEWEST} people")
    return Reach(note=f"{judged} batteries of at least {least} questions")


def _find(responses: Responses, settings: Settings) -> pd.DataFrame:
    least, chance = int(number(settings, "least")), number(settings, "chance")
    lines = [
        found
        for battery in batteries(responses.questionnaire, least)
        if (found := _lines(responses, battery, least)) is not None
    ]
    together_rare = pd.Series(1.0, index=responses.frame.index)
    for each in lines:
        own = pd.Series(each.chance).groupby(each.cells.interviews).min()
        together_rare = together_rare * own.reindex(together_rare.index).fillna(1.0)
    rare = together_rare * len(lines) <= chance_of(chance, len(responses))
    return together(_told(each, rare) for each in lines)


def _told(lines: _Lines, rare: pd.Series[bool]) -> pd.DataFrame:
    mark = lines.straight & rare.reindex(lines.cells.interviews).to_numpy(dtype=np.bool_)
    what = [
        f"the same answer to all {answered} questions of the list that begins here, as "
        f"{share:.1%} of those asked gave"
        for answered, share in zip(lines.answered[mark], lines.chance[mark], strict=True)
    ]
    return lines.cells.marked(mark, what, "Ask how the list was read out")


STRAIGHT_LINING = Check(
    name="straight_lining",
    title="One answer down a whole list",
    why=(
        "Questions that follow one another with the same choices (a battery, at least `least` of "
        "them answered) get different answers, unless many people answer them alike: listed are "
        "interviews whose straight lines, each with the share of people who drew the same, have "
        "together, times the number of batteries, a chance of `chance` or less; above 5,000 interviews "
        "of 50 in all. All 'no difficulty' is ordinary, all 'agree' to "
        "items worded both ways is not. Somebody may really think so."
    ),
    find=_find,
    reach=_reach,
    settings=MappingProxyType({"least": 5, "chance": 0.01}),
)
