"""A number far from the other answers to its question."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.cleaning.by_chance import threshold_of
from survey_kit.cleaning.cells import Cells, every_question
from survey_kit.cleaning.check import Check, Reach, Settings, as_findings, number, texts, together
from survey_kit.cleaning.interview_parts import ENUMERATOR_NAMES
from survey_kit.cleaning.robust import Spread, far_from_the_rest
from survey_kit.cleaning.spelling import did_you_mean
from survey_kit.errors import CannotEvaluate, StudyError
from survey_kit.questionnaire.model import Item
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.evaluate import truth
from survey_kit.responses.model import Responses

STAND_INS = (
    *("77", "88", "98", "99", "777", "888", "998", "999"),
    *("7777", "8888", "9998", "9999", "99999", "999999", "-1", "-66"),
)
"""Numbers that forms use for "does not know" or "would not say"; -99 too, but only -1 and -66, not 1 and 66."""

POWERS = (1, -1, 2, -2, 3, -3)


def is_number(item: Item) -> bool:
    """Whether a question asks a person for a number."""
    kind = item.question.type
    is_enumerator = item.key in ENUMERATOR_NAMES
    return kind.asked and not is_enumerator and kind.storage in (Storage.INTEGER, Storage.DECIMAL)


def stands_in(values: NDArray[np.float64], settings: Settings) -> NDArray[np.bool_]:
    """Which values are, by their looks, a code and no number."""
    codes = [float(code) for code in texts(settings, "ignore")]
    either = np.isin(np.abs(values), [code for code in codes if code >= 0])
    return either | np.isin(values, [code for code in codes if code < 0])


def _reach(responses: Responses, settings: Settings) -> Reach:
    least = number(settings, "least")
    sizes = [int(cells.given.sum()) for cells in every_question(responses, is_number)]
    enough = sum(size >= least for size in sizes)
    if not enough:
        return Reach(runs=False, note=f"no number question has {least:g} answers")
    few = len(sizes) - enough
    rest = f"; {few} with fewer than {least:g} answers were left out" if few else ""
    return Reach(note=f"{enough} number questions{rest}")


def _find(responses: Responses, settings: Settings) -> pd.DataFrame:
    groups = _groups(responses, settings)
    judged = sum(int(cells.given.sum()) for cells in every_question(responses, is_number))
    settings = {**settings, "threshold": threshold_of(number(settings, "threshold"), judged)}
    return together(
        _far(responses, cells, settings, group)
        for cells in every_question(responses, is_number)
        for group in _each_group(responses, cells, groups.get(cells.key))
    )


def _groups(responses: Responses, settings: Settings) -> dict[str, str]:
    """Number question -> the question within whose answers it is compared."""
    found: dict[str, str] = {}
    for pair in texts(settings, "within"):
        key, _, group = (word.strip() for word in pair.partition(" by "))
        for name in (key, group):
            if name not in responses.questionnaire.by_key:
                raise StudyError(
                    "checks: outlier: within",
                    f"there is no question called {name!r}",
                    did_you_mean(name, responses.questionnaire.by_key, "Write: cost by currency"),
                )
        found[key] = group
    return found


def _each_group(
    responses: Responses, cells: Cells, group: str | None
) -> Iterator[NDArray[np.bool_]]:
    """(n,) bool for each group of answers that are compared with one another."""
    if group is None:
        yield np.ones(len(cells.answers), dtype=np.bool_)
        return
    inside = cells.answers.index.nlevels > 1
    frame = responses.frame
    if inside and group not in frame.columns:
        frame = responses.repeats[cells.item.repeats[-1]].frame
        codes, distinct = pd.factorize(frame[group])
    else:
        codes, distinct = pd.factorize(frame[group].reindex(cells.interviews))
    for number_of in range(len(distinct)):
        yield codes == number_of


def _far(
    responses: Responses, cells: Cells, settings: Settings, group: NDArray[np.bool_]
) -> pd.DataFrame:
    values = cells.answers.to_numpy(dtype=np.float64)
    values = np.where(stands_in(values, settings) | ~group, np.nan, values)
    spread = far_from_the_rest(
        values, threshold=number(settings, "threshold"), least=int(number(settings, "least"))
    )
    far = spread.far
    if cells.storage is Storage.INTEGER:
        far = far & (np.abs(values - spread.median) > number(settings, "nearest"))
    positions = np.flatnonzero(far)
    if not len(positions):
        return as_findings(())
    meant = np.full(len(values), np.nan)
    meant[positions] = [_meant(values[position], spread) for position in positions]
    meant = np.where(_taken(responses, cells, meant), meant, np.nan)
    return cells.marked(
        far,
        [_what(spread, position) for position in positions],
        [
            "Ask the enumerator" if np.isnan(number) else f"Ask whether {number:.10g} was meant"
            for number in meant[positions]
        ],
    )


def _taken(responses: Responses, cells: Cells, meant: NDArray[np.float64]) -> NDArray[np.bool_]:
    """(n,) bool. Where the form would take a number, given the other answers of the interview."""
    constraint = cells.item.question.constraint
    instead = {cells.key: pd.Series(meant, index=cells.answers.index)}
    repeats = dict(responses.repeats)
    frame = responses.frame
    if constraint is None or np.isnan(meant).all():
        return np.ones(len(meant), dtype=np.bool_)
    if cells.item.repeats:
        rows = repeats[cells.item.repeats[-1]]
        repeats[cells.item.repeats[-1]] = replace(rows, frame=rows.frame.assign(**instead))
    else:
        frame = frame.assign(**instead)
    asked = replace(responses, frame=frame, repeats=MappingProxyType(repeats))
    try:
        return truth(constraint, asked, this=cells.key)
    except CannotEvaluate:
        return np.ones(len(meant), dtype=np.bool_)


def _what(spread: Spread, position: np.intp) -> str:
    side = "above" if spread.score[position] > 0 else "below"
    return (
        f"{abs(spread.score[position]):.1f} robust standard deviations {side} the median of "
        f"{spread.median:g} (n = {spread.n})"
    )


def _meant(value: float, spread: Spread) -> float:
    """The same digits with a zero more or less, where that would be an ordinary answer, or NaN."""
    for power in POWERS:
        other = value * 10.0**power
        if spread.is_ordinary(other) and (power > 0 or other == round(other)):
            return float(other)
    return np.nan


OUTLIER = Check(
    name="outlier",
    title="Far from the other answers",
    why=(
        "A number is at most `threshold` robust standard deviations from the median of its "
        "question. They come from the median absolute deviation or the middle 80 % of the "
        "answers, whichever is larger, and are those of the logarithm where answers are skewed "
        "to the right, unless fewer are far without it; zeros count only where most answers are others. "
        "After Iglewicz and Hoaglin 1993, who advise 3.5. The threshold grows with the "
        "number of answers, so that of normal ones about 50 in all are beyond it by chance (4.0 at "
        "800,000 answers, 4.5 at seven million). Questions with fewer than "
        "`least` answers are not judged, and whole numbers at most `nearest` from the median are "
        "not far. Stand-ins such as 999 (`ignore`) are neither counted "
        "nor flagged here; the check stand_in lists them. `within` compares inside groups: "
        "['cost by currency']."
    ),
    find=_find,
    reach=_reach,
    settings=MappingProxyType(
        {"threshold": 3.5, "least": 30, "nearest": 3, "ignore": STAND_INS, "within": ()}
    ),
)
