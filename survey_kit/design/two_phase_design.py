"""The design of a sample in two phases, as whoever shows a number sees it.

To those who ask how people were chosen, or by what they weigh, it is a design like any other:
that of those interviewed. A variance cannot be had from it alone, so no sample of one phase can
be made of it: see `two_phase`.
"""

from __future__ import annotations

from dataclasses import dataclass

from survey_kit.design.design import Design, Sampling
from survey_kit.errors import DesignError


@dataclass(frozen=True)
class TwoPhaseDesign(Design):
    """How people were chosen in both phases together.

    line
        The two phases in one line, to stand under numbers.
    """

    line: str = ""


def check_one_phase(design: Design) -> None:
    """Refuse to make a sample of one phase of a design that has two.

    Raises
    ------
    DesignError
        If it is of two phases.
    """
    if isinstance(design, TwoPhaseDesign):
        raise DesignError(
            "two-phase sample",
            "this takes a sample of one phase, and would leave the spread of the other out",
            "Ask for estimates, tests and models by `sk.estimate`, `sk.regression` and the like; "
            "to fit phase 2 to phase 1, `sk.calibrate_phase_two`.",
        )


def chosen(first: Sampling, second: Sampling) -> Sampling:
    """How people came into a sample by two phases: by chance only if neither was otherwise.

    A census followed by a draw is a draw, and a draw of which all are interviewed too.
    """
    for each in (first, second):
        if each not in {Sampling.PROBABILITY, Sampling.CENSUS}:
            return each
    both = {first, second}
    return Sampling.CENSUS if both == {Sampling.CENSUS} else Sampling.PROBABILITY
