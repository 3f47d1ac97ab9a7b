"""How often do intervals hold the truth? Simulated surveys of a population that is known.

    python benchmarks/coverage.py [--simulations 2000] [--seed 1] [--only WORD]

Each line draws so many surveys, makes the interval at 95 % that survey_kit gives, and counts
how often it holds the true number; the Monte Carlo error stands beside it. An interval that
is not defined (nobody said yes) holds nothing. The surveys are
small and clustered: 612 people at 36 sites in 4 strata, weights that vary (lognormal, 0.6),
with and without an effect of the site. WORD limits it to lines that hold it, such as
"beta" or "rds". The respondent-driven samples walk on a made-up network.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from survey_kit.design.design import Design, Sampling
from survey_kit.design.replicate_making import bootstrap
from survey_kit.design.replicates import jackknife
from survey_kit.design.sample import Sample
from survey_kit.estimation.estimate import estimate
from survey_kit.estimation.proportions import shares
from survey_kit.estimation.quantile import quantile
from survey_kit.estimation.recruitment.estimators import volz_heckathorn
from survey_kit.estimation.recruitment.tree import Recruitment
from survey_kit.estimation.recruitment.tree_bootstrap import (
    percentile_interval,
    shares_by_weight,
    tree_bootstrap,
)
from survey_kit.estimation.statistics.mean import MEAN
from survey_kit.weighting.rake import rake

STRATA, SITES, PEOPLE = 4, 9, 17
SPREAD = 0.6
DESIGN = Design(Sampling.PROBABILITY, weight="weight", stratum="stratum", cluster="site")
ICC = 0.05
WOMEN_ASKED, OLD_ASKED, HALF = 0.35, 0.4, 0.5
REPLICATES = 200

Interval = tuple[float, float]
Drawn = Sample | tuple[Sample, Recruitment]


@dataclass(frozen=True)
class Case:
    """A survey that can be drawn again and again, what is true, and intervals for it."""

    name: str
    truth: float
    draw: Callable[[np.random.Generator], Drawn]
    intervals: Mapping[str, Callable[[Drawn], Interval]]
    share_of_simulations: float = 1.0


def people(draw: np.random.Generator, share: float, icc: float) -> pd.DataFrame:
    """612 people of whom a share says yes, more alike within a site the higher the icc."""
    site = np.repeat(np.arange(STRATA * SITES), PEOPLE)
    own = np.full(STRATA * SITES, share)
    if icc > 0:
        worth = (1 - icc) / icc
        own = draw.beta(share * worth, (1 - share) * worth, STRATA * SITES)
    return pd.DataFrame(
        {
            "yes": (draw.random(len(site)) < own[site]).astype(float),
            "site": site,
            "stratum": site // SITES,
            "weight": draw.lognormal(0, SPREAD, len(site)),
        }
    )


def survey(share: float, icc: float) -> Callable[[np.random.Generator], Drawn]:
    return lambda draw: Sample(people(draw, share, icc), DESIGN)


def small_group(share: float, icc: float) -> Callable[[np.random.Generator], Drawn]:
    """A fifth of the people, scattered over all sites."""

    def drawn(draw: np.random.Generator) -> Drawn:
        frame = people(draw, share, icc)
        return Sample(frame.assign(asked=draw.random(len(frame)) < 1 / 5), DESIGN)

    return drawn


def of_share(method: str) -> Callable[[Drawn], Interval]:
    """The interval of the share who say yes, of those asked."""

    def found(drawn: Drawn) -> Interval:
        sample = _sample(drawn)
        asked = sample.data["asked"].to_numpy(dtype=bool) if "asked" in sample.data else None
        low, high = estimate(MEAN, sample, ["yes"], where=asked).interval(method=method)  # type: ignore[arg-type]
        return float(low[0]), float(high[0])

    return found


METHODS = {name: of_share(name) for name in ("wald", "logit", "wilson", "likelihood", "beta")}


def shares_cases() -> Iterator[Case]:
    for icc in (0.0, ICC):
        for share in (0.01, 0.02, 0.03, 0.05, 0.1, 0.3, 0.5):
            words = f"share {share:g}, icc {icc:g}"
            yield Case(words, share, survey(share, icc), METHODS)
    for share in (0.03, 0.1, 0.5):
        yield Case(f"share {share:g} of a fifth, icc 0.05", share, small_group(share, ICC), METHODS)


def incomes(draw: np.random.Generator) -> Drawn:
    """Skewed incomes with an effect of the site; the median is e⁵ and the mean e^5.5."""
    frame = people(draw, 0.5, 0)
    site = draw.normal(0, math.sqrt(ICC), STRATA * SITES)[frame["site"]]
    own = draw.normal(0, math.sqrt(1 - ICC), len(frame))
    return Sample(frame.assign(income=np.exp(5 + site + own)), DESIGN)


def of_mean(drawn: Drawn) -> Interval:
    low, high = estimate(MEAN, _sample(drawn), ["income"]).interval()
    return float(low[0]), float(high[0])


def of_median(drawn: Drawn) -> Interval:
    found = quantile(_sample(drawn), ["income"], [0.5])
    return float(found.low[0]), float(found.high[0])


def of_top(drawn: Drawn) -> Interval:
    found = quantile(_sample(drawn), ["income"], [0.9])
    return float(found.low[0]), float(found.high[0])


def unbalanced(draw: np.random.Generator) -> Drawn:
    """Women, half of the people, are asked less often, and say yes more often: 60 against 30 %."""
    frame = people(draw, 0.5, 0)
    woman = draw.random(len(frame)) < WOMEN_ASKED
    shift = draw.normal(0, 0.1, STRATA * SITES)[frame["site"]]
    yes = draw.random(len(frame)) < np.clip(np.where(woman, 0.6, 0.3) + shift, 0, 1)
    old = draw.random(len(frame)) < OLD_ASKED
    return Sample(
        frame.assign(
            yes=yes.astype(float),
            sex=np.where(woman, "woman", "man"),
            age=np.where(old, "old", "young"),
        ),
        DESIGN,
    )


MARGINS = {"sex": {"woman": 0.5, "man": 0.5}, "age": {"old": 0.5, "young": 0.5}}


def of_raked(prepared: Callable[[Sample], Sample], method: str) -> Callable[[Drawn], Interval]:
    return lambda drawn: of_share(method)(rake(prepared(_sample(drawn)), MARGINS).sample)


def taken_as_known(drawn: Drawn) -> Interval:
    """Raked weights read as if they had come with the data."""
    raked = rake(_sample(drawn), MARGINS).sample
    return of_share("wald")(Sample(raked.data, raked.design))


def replicated(prepared: Callable[[Sample], Sample]) -> Callable[[Drawn], Interval]:
    return lambda drawn: of_share("wald")(prepared(_sample(drawn)))


def _bootstrapped(sample: Sample) -> Sample:
    seed = int(sample.weights[0] * 1e9) % 2**31
    return bootstrap(sample, REPLICATES, seed=seed)


def two_groups(draw: np.random.Generator) -> Drawn:
    """Two groups at the same sites, one 10 points above the other."""
    frame = people(draw, 0.5, 0)
    first = draw.random(len(frame)) < HALF
    site = draw.normal(0, 0.1, STRATA * SITES)[frame["site"]]
    yes = draw.random(len(frame)) < np.where(first, 0.45, 0.35) + site
    return Sample(frame.assign(yes=yes.astype(float), group=np.where(first, "a", "b")), DESIGN)


def of_difference(drawn: Drawn) -> Interval:
    found = estimate(MEAN, _sample(drawn), ["yes"], by=["group"])
    low, high = found.contrast(np.array([1.0, -1.0])).interval()
    return float(low[0]), float(high[0])


def other_cases() -> Iterator[Case]:
    yield Case("mean of skewed incomes", math.exp(5.5), incomes, {"wald": of_mean})
    yield Case("median of them", math.exp(5), incomes, {"woodruff": of_median})
    top = math.exp(5 + 1.2815515655446004)
    yield Case("nine tenths of them", top, incomes, {"woodruff": of_top})
    yield Case("difference of two groups", 0.1, two_groups, {"joint covariance": of_difference})
    raked = {
        "wald, residuals": of_raked(lambda each: each, "wald"),
        "beta, residuals": of_raked(lambda each: each, "beta"),
        "wald, weights as they are": taken_as_known,
    }
    yield Case("share after raking", 0.45, unbalanced, raked)
    drawn = {
        f"{REPLICATES} bootstraps, raked again": of_raked(_bootstrapped, "wald"),
        "jackknife, raked again": of_raked(jackknife, "wald"),
    }
    yield Case("share after raking", 0.45, unbalanced, drawn, 0.25)
    plain = {
        f"{REPLICATES} bootstraps": replicated(_bootstrapped),
        "jackknife": replicated(jackknife),
    }
    yield Case("share 0.1, icc 0.05", 0.1, survey(0.1, ICC), plain, 0.5)


@dataclass(frozen=True)
class Network:
    """People who know each other, some of whom have a trait, more among their own.

    homophily
        How many times as likely a tie is between people who are alike in the trait.
    popularity
        How many times as many ties those with the trait have.
    """

    people: int = 1500
    share: float = 0.3
    ties: float = 12.0
    homophily: float = 1.0
    popularity: float = 1.0
    seeds: int = 8
    sampled: int = 300
    coupons: int = 3

    def __call__(self, draw: np.random.Generator) -> Drawn:
        """Recruitment from seeds with coupons, nobody twice, until so many have come."""
        trait = np.arange(self.people) < self.share * self.people
        drive = np.where(trait, self.popularity, 1.0) * draw.gamma(4, 1 / 4, self.people)
        chance = np.outer(drive, drive) * np.where(
            trait[:, None] == trait[None, :], self.homophily, 1.0
        )
        chance *= self.ties * self.people / chance.sum()
        upper = np.triu(draw.random(chance.shape, dtype=np.float32) < chance, 1)
        ties = upper | upper.T
        degree = ties.sum(axis=1)
        able = np.flatnonzero(degree > 0)
        start = draw.choice(able, self.seeds, replace=False, p=degree[able] / degree.sum())
        came = list(start)
        by = [-1] * self.seeds
        taken = np.zeros(self.people, dtype=bool)
        taken[start] = True
        turn = 0
        while turn < len(came) and len(came) < self.sampled:
            free = np.flatnonzero(ties[came[turn]] & ~taken)
            wanted = int(draw.choice([0, 1, 2, 3], p=[0.2, 0.2, 0.3, 0.3]))
            wanted = min(wanted, self.coupons, len(free), self.sampled - len(came))
            for person in draw.choice(free, wanted, replace=False) if wanted else ():
                taken[person] = True
                came.append(int(person))
                by.append(turn)
            turn += 1
        rows = np.array(came)
        frame = pd.DataFrame({"yes": pd.Categorical(trait[rows], categories=[False, True])})
        tree = Recruitment(
            person=tuple(str(row) for row in rows),
            recruiter=np.array(by, dtype=np.intp),
            degree=degree[rows].astype(float),
            order=np.arange(len(rows), dtype=np.intp),
        )
        return Sample(frame, Design(Sampling.RDS)), tree


def of_trees(drawn: Drawn) -> Interval:
    sample, tree = _walked(drawn)
    weighted = volz_heckathorn(sample, tree)
    replicates = tree_bootstrap(weighted, tree, 500, seed=int(tree.degree.sum()))
    low, high = percentile_interval(replicates, shares_by_weight(replicates, "yes"))
    return float(low[1]), float(high[1])


def as_if_independent(drawn: Drawn) -> Interval:
    low, high = shares(volz_heckathorn(*_walked(drawn)), "yes").modelled.interval()
    return float(low[1]), float(high[1])


def unweighted(drawn: Drawn) -> Interval:
    low, high = shares(_walked(drawn)[0], "yes").modelled.interval()
    return float(low[1]), float(high[1])


WALKED = {
    "RDS-II, tree bootstrap": of_trees,
    "RDS-II as if independent": as_if_independent,
    "respondents as if independent": unweighted,
}


def rds_cases() -> Iterator[Case]:
    for homophily, popularity in ((1.0, 1.5), (2.0, 1.0), (2.0, 1.5), (5.0, 1.0)):
        walk = Network(homophily=homophily, popularity=popularity)
        words = f"rds, homophily {homophily:g}, popularity {popularity:g}"
        yield Case(words, walk.share, walk, WALKED, 0.25)


def _sample(drawn: Drawn) -> Sample:
    if isinstance(drawn, tuple):
        raise TypeError(drawn)
    return drawn


def _walked(drawn: Drawn) -> tuple[Sample, Recruitment]:
    if isinstance(drawn, Sample):
        raise TypeError(drawn)
    return drawn


def covered(case: Case, simulations: int, seed: int) -> Iterator[tuple[str, float, float, float]]:
    """For each interval: how often it holds the truth, the error of that, and its mean width."""
    number = max(round(simulations * case.share_of_simulations), 1)
    held = dict.fromkeys(case.intervals, 0)
    widths: dict[str, list[float]] = {name: [] for name in case.intervals}
    for one in range(number):
        drawn = case.draw(np.random.default_rng([seed, one]))
        for name, interval in case.intervals.items():
            low, high = interval(drawn)
            held[name] += low <= case.truth <= high
            widths[name].append(high - low)
    for name, count in held.items():
        rate = count / number
        yield name, rate, math.sqrt(rate * (1 - rate) / number), float(np.nanmean(widths[name]))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--simulations", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    asked = parser.parse_args()
    print("| case | interval | coverage % | error | mean width |")
    print("|---|---|---|---|---|")
    begun = time.process_time()
    for case in (*shares_cases(), *other_cases(), *rds_cases()):
        kept = {n: i for n, i in case.intervals.items() if asked.only in f"{case.name} {n}"}
        part = Case(case.name, case.truth, case.draw, kept, case.share_of_simulations)
        if not kept:
            continue
        for name, rate, error, width in covered(part, asked.simulations, asked.seed):
            print(
                f"| {case.name} | {name} | {100 * rate:.1f} | {100 * error:.1f} | {width:.3g} |",
                flush=True,
            )
    print(f"\n{time.process_time() - begun:.0f} s of one core")


if __name__ == "__main__":
    main()
