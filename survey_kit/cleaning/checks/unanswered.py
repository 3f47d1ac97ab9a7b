"""An interview in which much of what was asked has no answer."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.cleaning.asked_and_answered import asked_and_answered
from survey_kit.cleaning.check import Check, Reach, Settings, number, together
from survey_kit.cleaning.whole_interview import WholeInterview
from survey_kit.responses.model import Responses

REVIEW = "Ask how the interview went, and whether it counts"


def _reach(responses: Responses, settings: Settings) -> Reach:
    counts = asked_and_answered(responses)
    enough = counts["asked"] >= number(settings, "least")
    if not enough.any():
        least = number(settings, "least")
        return Reach(runs=False, note=f"no interview was asked {least:g} questions or more")
    middle = counts[enough].median()
    without = 1 - (counts["answered"] / counts["asked"])[enough].median()
    return Reach(
        note=f"the median interview was asked {middle['asked']:.0f} questions and left "
        f"{without:.0%} of them without an answer"
    )


def _find(responses: Responses, settings: Settings) -> pd.DataFrame:
    counts = asked_and_answered(responses)
    of = counts["asked"].to_numpy(dtype=np.float64)
    enough = of >= number(settings, "least")
    without = np.divide(of - counts["answered"].to_numpy(), of, out=np.zeros(len(of)), where=of > 0)
    usual = float(np.median(without[enough])) if enough.any() else 0.0
    much = enough & (without > usual + number(settings, "above"))
    refused: NDArray[np.bool_] = (counts["refused"] > number(settings, "refused")).to_numpy()
    few = (counts["answered"] < number(settings, "answered")).to_numpy()
    interviews = WholeInterview(responses)
    table = counts[["asked", "answered", "blank", "refused", "dont_know"]].to_numpy()
    return together(
        [
            interviews.marked(
                much,
                [
                    f"{asked - answered} of {asked} questions asked have no answer "
                    f"({blank} blank, {no} refused, {unknown} not known); {usual:.0%} is usual"
                    for asked, answered, blank, no, unknown in table[much].tolist()
                ],
                REVIEW,
            ),
            interviews.marked(
                refused & ~much,
                [
                    f"{row[3]} of {row[0]} questions asked were refused"
                    for row in table[refused & ~much].tolist()
                ],
                REVIEW,
            ),
            interviews.marked(
                few,
                [f"{row[1]} questions have an answer" for row in table[few].tolist()],
                "Look whether it ended early",
            ),
        ]
    )


UNANSWERED = Check(
    name="unanswered",
    title="Much asked, little answered",
    why=(
        "Of the questions that were asked (at least `least`), the share without an answer, blank, "
        "refused or not known, is not more than `above` over that of the median interview, and no "
        "more than `refused` were refused, as in the Mixed Migration Centre's cleaning kit (6). "
        "With `answered`, interviews with fewer answers are listed too; that kit asks for 100, but "
        "short forms have fewer, so it is off. People may refuse, and should."
    ),
    find=_find,
    reach=_reach,
    settings=MappingProxyType({"least": 20, "above": 0.25, "refused": 6, "answered": 0}),
)
