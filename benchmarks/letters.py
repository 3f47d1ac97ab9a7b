"""How often does chance give a letter? Surveys without any difference between two columns.

    python benchmarks/letters.py [--surveys 300] [--seed 1]

612 people at 36 places in two strata, ten answers, one small column of people at random (or of
those at few places) against everybody else. Each line says how many of the pairs have p < 0.05,
unadjusted: by t on the design's degrees of freedom for every pair ("all"), and as the letters
of a table are given, with the rule of `tables/pairs.py` and the degrees of freedom of the column
that has fewer ("letters"); and how many pairs are compared at all. Below: how often a true
difference is found. Means are of answers that are skewed to the right (lognormal).
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri

from survey_kit.design.design import Design, Sampling
from survey_kit.design.sample import Sample
from survey_kit.estimation.estimate import estimate
from survey_kit.estimation.pairwise import pairwise
from survey_kit.estimation.proportions import shares_of_cases
from survey_kit.estimation.statistics.mean import MEAN
from survey_kit.tables.letters import of_groups
from survey_kit.tables.table import Unit

PEOPLE, PLACES, ANSWERS = 612, 36, 10
DESIGN = Design(Sampling.PROBABILITY, weight="w", stratum="s", cluster="c")
ROWS = [f"y{k}" for k in range(ANSWERS)]
ICC = 0.1
LEVEL = 0.05
AT_A_PLACE = 8


@dataclass(frozen=True)
class Case:
    """A column of so many people, whose answers have a share, or None for means."""

    size: int
    share: float | None
    small: float | None = None
    """The share in the small column, where there is a difference."""
    clustered: bool = True
    few_places: bool = False
    spread: float = 0.35
    """Of the weights, lognormal: 0.35 is a design effect of 1.13, and 1 one of 2.7."""


def draw(case: Case, random: np.random.Generator) -> Sample:
    """One survey."""
    place = np.arange(PEOPLE) % PLACES
    at_place = random.normal(size=(PLACES, ANSWERS))[place] * np.sqrt(ICC)
    z = random.normal(size=(PEOPLE, ANSWERS))
    if case.clustered:
        z = at_place + z * np.sqrt(1 - ICC)
    candidates = np.arange(PEOPLE)
    if case.few_places:
        kept = random.permutation(PLACES)[: max(case.size // AT_A_PLACE, 3)]
        candidates = np.flatnonzero(np.isin(place, kept))
    small = np.zeros(PEOPLE, dtype=bool)
    small[random.permutation(candidates)[: case.size]] = True
    if case.share is None:
        y = np.exp(z)
    else:
        mine = case.share if case.small is None else case.small
        y = (z < ndtri(np.where(small, mine, case.share))[:, None]) * 1.0
    cluster = place if case.clustered else np.arange(PEOPLE)
    data = pd.DataFrame(y, columns=ROWS).assign(
        w=np.exp(random.normal(0, case.spread, PEOPLE)),
        c=cluster,
        s=cluster % 2,
        group=np.where(small, "small", "rest"),
    )
    return Sample(data, DESIGN)


def measured(case: Case, surveys: int, random: np.random.Generator) -> tuple[float, float, float]:
    """Shares of pairs: p below the level, with a letter, and compared."""
    found = np.zeros(3)
    for _ in range(surveys):
        sample = draw(case, random)
        if case.share is None:
            means = [estimate(MEAN, sample, [row], by=["group"]) for row in ROWS]
            unit, estimates = Unit.MEAN, means
        else:
            unit, estimates = Unit.SHARE, [shares_of_cases(sample, ROWS, by="group")]
        for each in estimates:
            letters = of_groups(each, ("small", "rest"), 1 - LEVEL, unit)
            found[0] += (pairwise(each).p[:, 0, 1] < LEVEL).sum()
            found[1] += sum(row.higher.any() for row in letters.values())
            found[2] += sum(not row.too_few[0, 1] for row in letters.values())
    return tuple((100 * found / surveys / ANSWERS).tolist())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--surveys", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    random = np.random.default_rng(asked.seed)
    sizes = (15, 30, 60, 200)
    cases: dict[str, list[Case]] = {}
    for share in (0.02, 0.05, 0.1, 0.2, 0.4, None):
        name = "mean" if share is None else f"{100 * share:g} %"
        cases[f"{name}, not clustered"] = [Case(size, share, clustered=False) for size in sizes]
        cases[f"{name}, clustered"] = [Case(size, share) for size in sizes]
    for share in (0.1, 0.2, 0.4):
        name = f"{100 * share:g} %"
        cases[f"{name}, at few places"] = [Case(size, share, few_places=True) for size in sizes]
        cases[f"{name}, weights worth 2.7"] = [Case(size, share, spread=1) for size in sizes]
    for share, small in ((0.05, 0.4), (0.02, 0.2), (0.1, 0.3), (0.2, 0.02), (0.4, 0.2)):
        name = f"truly {100 * small:g} % against {100 * share:g} %, clustered"
        cases[name] = [Case(size, share, small) for size in sizes]
    print("all / letters / compared, in % of pairs; columns of", *sizes)
    for name, each in cases.items():
        told = [measured(case, asked.surveys, random) for case in each]
        print(
            f"{name:45}", " | ".join(f"{a:5.1f} {b:5.1f} {c:4.0f}" for a, b, c in told), flush=True
        )


if __name__ == "__main__":
    main()
