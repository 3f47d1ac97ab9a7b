"""Two interviews of one enumerator that are alike in almost every answer."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.cleaning.check import Check, Reach, Settings, as_findings, number, text, texts
from survey_kit.cleaning.interview_parts import (
    enumerator_column,
    enumerators,
    moment_column,
    moments,
)
from survey_kit.cleaning.substance import substance
from survey_kit.cleaning.whole_interview import WholeInterview
from survey_kit.responses.model import Responses

NOBODY = -1


@dataclass(frozen=True, eq=False)
class Nearest:
    """Of each interview, the most alike of those it was compared with.

    share
        (n,) the share of identical answers, 0 where there was nothing to compare.
    both
        (n,) how many questions were answered in both.
    other
        (n,) the position of the other interview, `NOBODY` where there is none.
    """

    share: NDArray[np.float64]
    both: NDArray[np.int64]
    other: NDArray[np.int64]


def _reach(responses: Responses, settings: Settings) -> Reach:
    column = _enumerator(responses, settings)
    if column is None:
        return Reach(
            runs=False,
            note="no question holds the enumerator's code; name it in the setting enumerator",
        )
    largest = int(enumerators(responses, column).value_counts().max()) if len(responses) else 0
    window = int(number(settings, "window"))
    if largest <= window + 1:
        return Reach(note=f"enumerators by {column}")
    return Reach(
        note=f"enumerators by {column}; where one has more than {window + 1} interviews, each "
        f"was compared with the {window} before it"
    )


def _enumerator(responses: Responses, settings: Settings) -> str | None:
    where = "checks: near_copy: enumerator"
    return enumerator_column(responses, text(settings, "enumerator"), where)


def _order(responses: Responses, who: pd.Series[Any]) -> NDArray[np.int64]:
    """Positions of the interviews, enumerator by enumerator and then by their start."""
    start = moment_column(responses, "start", "", "")
    when = moments(responses, start) if start else pd.Series(0, index=who.index)
    return np.lexsort((when.to_numpy(), pd.factorize(who)[0]))


def _as_numbers(answers: pd.DataFrame) -> NDArray[np.int32]:
    """(k, n) the answers as numbers from 0, -1 where empty: one row for each question."""
    table = np.empty((answers.shape[1], len(answers)), dtype=np.int32)
    for row, (_, column) in zip(table, answers.items(), strict=True):
        row[:] = pd.factorize(column)[0]
    return table


def nearest(
    answers: NDArray[np.int32], block: NDArray[np.int64], window: int, least: int
) -> Nearest:
    """The most alike interview inside a block, among the `window` before and after.

    Every pair at most `window` apart is looked at once, all pairs of one distance at a
    time, so the work is n x window x k.

    Parameters
    ----------
    answers
        (k, n) one row for each question, -1 where it was not answered.
    block
        (n,) which enumerator, from 0; sorted, so that a block lies together. -1: unknown.
    window
        How far apart two interviews of a block may lie.
    least
        How many questions both have to have answered.
    """
    n = len(block)
    best = Nearest(
        share=np.zeros(n),
        both=np.zeros(n, dtype=np.int64),
        other=np.full(n, NOBODY, dtype=np.int64),
    )
    given = answers >= 0
    theirs = np.where(given, answers, -2)  # so that two empty cells are not alike
    counter = np.uint8 if len(answers) < np.iinfo(np.uint8).max else np.uint16
    for lag in range(1, min(window, n - 1) + 1):
        together = np.flatnonzero((block[lag:] == block[:-lag]) & (block[lag:] >= 0))
        if not len(together):
            break
        whole = len(together) > (n - lag) // 2
        later = slice(lag, None) if whole else together + lag
        earlier = slice(None, n - lag) if whole else together
        width = n - lag if whole else len(together)
        both = np.zeros(width, dtype=counter)
        same = np.zeros(width, dtype=counter)
        for mine, other, answered in zip(answers, theirs, given, strict=True):
            both += (answered[earlier] & answered[later]).view(np.uint8)
            same += (mine[earlier] == other[later]).view(np.uint8)
        if whole:
            both, same = both[together], same[together]
        share = np.where(both >= least, same / np.maximum(both, 1), 0.0)
        for here, there in ((together, together + lag), (together + lag, together)):
            better = share > best.share[here]
            best.share[here[better]] = share[better]
            best.both[here[better]] = both[better]
            best.other[here[better]] = there[better]
    return best


def _find(responses: Responses, settings: Settings) -> pd.DataFrame:
    column = _enumerator(responses, settings)
    if column is None or not len(responses):
        return as_findings(())
    who = enumerators(responses, column)
    order = _order(responses, who)
    answers = substance(responses, (*texts(settings, "ignore"), column))
    found = nearest(
        np.take(_as_numbers(answers), order, axis=1),
        pd.factorize(who)[0][order],
        int(number(settings, "window")),
        int(number(settings, "least")),
    )
    alike = (found.share >= number(settings, "share")) & (found.share < 1)
    mark = np.zeros(len(responses), dtype=np.bool_)
    mark[order[alike]] = True
    back = np.argsort(order)[mark]
    ids = responses.frame.index.to_numpy(dtype=object)
    what = [
        f"{round(share * both)} of the {both} questions answered in both have the same answer "
        "as in another interview of the same enumerator"
        for share, both in zip(found.share[back], found.both[back], strict=True)
    ]
    return WholeInterview(responses).marked(
        mark,
        what,
        [f"Compare with {ids[order[other]]}" for other in found.other[back]],
    )


NEAR_COPY = Check(
    name="near_copy",
    title="Almost the same as another interview",
    why=(
        "Two interviews of one enumerator agree in at least the share `share` of the questions "
        "answered in both, of which there are at least `least`; questions in `ignore` do not "
        "count, and each interview is compared with at most `window` before it. Identical ones are left to "
        "duplicate_interview. 85 % is the threshold of Kuriakose and Robbins (Statistical "
        "Journal of the IAOS 32, 2016); it is contested, since interviews are alike for good "
        "reasons too where questions have few answers or a community much in common, so a "
        "finding is a reason to look and nothing more."
    ),
    find=_find,
    reach=_reach,
    settings=MappingProxyType(
        {"share": 0.85, "least": 20, "window": 200, "enumerator": "", "ignore": ()}
    ),
)
