"""The tree bootstrap: how else recruitment might have gone, from the trees it took.

Seeds are drawn with replacement from the seeds; for each of them as many recruits as it had,
with replacement from its recruits; for each of those likewise, down to the last wave (Baraff,
McCormick and Raftery 2016, "Estimating uncertainty in respondent-driven sampling using a tree
bootstrap method", PNAS 113:14668-14673). A person stands in a replicate as often as they
were drawn. So it is a set of replicates like any other: shares, means, quantiles, groups and
differences all have their variance from it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from survey_kit.design.replicates import Replicates
from survey_kit.design.sample import Sample
from survey_kit.design.shown import Shown, Table, of_frame
from survey_kit.design.stage import sums_by
from survey_kit.errors import EstimationError
from survey_kit.estimation.estimate import Estimate
from survey_kit.estimation.proportions import shares
from survey_kit.estimation.recruitment.estimators import check_sample, volz_heckathorn
from survey_kit.estimation.recruitment.tree import Recruitment
from survey_kit.estimation.replicated import replicated
from survey_kit.estimation.statistic import Floats

FEWEST = 2


def tree_bootstrap(sample: Sample, tree: Recruitment, number: int, *, seed: int) -> Sample:
    """The sample with replicates of the tree bootstrap.

    Parameters
    ----------
    sample
        Usually that of `volz_heckathorn`.
    number
        How many replicates; the error of a standard error is about 1/√(2 number) of it. For
        the ends of an interval take a thousand.
    seed
        The same seed always gives the same replicates.

    Raises
    ------
    EstimationError
        If the sample is not respondent-driven, or not that of the tree; if it has replicates or
        was calibrated; if fewer than two are asked for.
    """
    check_sample(sample, tree)
    if sample.replicates is not None or sample.calibration is not None:
        raise EstimationError(
            "tree bootstrap",
            "this sample already has replicates, or was calibrated",
            "Draw from the sample as it was recruited.",
        )
    if number < FEWEST:
        raise EstimationError(
            "tree bootstrap", f"{number} replicates were asked for", "Ask for some hundreds."
        )
    return replace(
        sample,
        replicates=Replicates(
            kind="bootstrap",
            factors=times_drawn(tree, number, np.random.default_rng(seed)),
            row=np.arange(len(sample), dtype=np.intp),
            base=sample.weights,
            scale=1 / (number - 1),
            rscales=np.ones(number),
        ),
    )


def times_drawn(tree: Recruitment, number: int, draw: np.random.Generator) -> Floats:
    """(n, number) How often each person stands in each replicate."""
    n = len(tree)
    by_recruiter = np.argsort(tree.recruiter, kind="stable")
    starts = np.searchsorted(tree.recruiter[by_recruiter], np.arange(n))
    seeds = tree.seeds
    drawn = seeds[draw.integers(0, len(seeds), number * len(seeds))]
    replicate = np.repeat(np.arange(number), len(seeds))
    times = np.zeros(n * number)
    while len(drawn):
        times += np.bincount(drawn * number + replicate, minlength=n * number)
        recruits = tree.recruits[drawn]
        recruiter = np.repeat(drawn, recruits)
        replicate = np.repeat(replicate, recruits)
        which = (draw.random(len(recruiter)) * np.repeat(recruits, recruits)).astype(np.intp)
        drawn = by_recruiter[starts[recruiter] + which]
    return times.reshape(n, number)


def percentile_interval(
    sample: Sample, numbers: Callable[[Floats], Floats], *, level: float = 0.95
) -> tuple[Floats, Floats]:
    """Between which the middle part of the replicates lies: the interval of Baraff and others.

    Parameters
    ----------
    sample
        With replicates.
    numbers
        From (n,) weights to k numbers, such as `shares_by_weight`.

    Returns
    -------
    (k,), (k,)
        Of the replicates that have a number.
    """
    if sample.replicates is None:
        raise EstimationError(
            "percentile interval", "the sample has no replicates", "Make them by `tree_bootstrap`."
        )
    if not 0 < level < 1:
        raise EstimationError(
            "interval", f"its level is {level:g}", "Give one between 0 and 1, such as 0.95."
        )
    found = replicated(sample.replicates, numbers)
    tail = (1 - level) / 2
    known = [column[~np.isnan(column)] for column in found.T]
    ends = [np.quantile(each, [tail, 1 - tail]) if len(each) else [np.nan] * 2 for each in known]
    low, high = np.array(ends, dtype=np.float64).T
    return low, high


def shares_by_weight(sample: Sample, column: str) -> Callable[[Floats], Floats]:
    """From (n,) weights to the share of each category of a column, for `percentile_interval`."""
    answers = sample.levels(column)
    there = answers.codes >= 0
    codes, size = answers.codes[there], len(answers.names)

    def numbers(weights: Floats) -> Floats:
        chosen = sums_by(codes, weights[there], size)
        return chosen / chosen.sum()

    return numbers


@dataclass(frozen=True, eq=False, repr=False)
class RecruitedShares(Shown):
    """RDS-II shares with intervals of the tree bootstrap.

    frame
        See `rds_shares`. A column of it may be asked of this itself.
    estimate
        The shares with the joint covariance of the tree bootstrap.
    tree
        Who recruited whom.
    """

    frame: pd.DataFrame
    estimate: Estimate
    level: float
    tree: Recruitment

    def __getitem__(self, column: str) -> pd.Series:
        return self.frame[column]

    def __len__(self) -> int:
        return len(self.frame)

    def shown(self) -> Table:
        """Every share, and how people came into the sample."""
        seeds, last = len(self.tree.seeds), int(self.tree.wave.max(initial=0))
        return of_frame(
            self.frame,
            title="Shares after Volz and Heckathorn (RDS-II)",
            under=[
                (
                    f"modelled low, high: {100 * self.level:g}% of the replicates of the tree bootstrap, "
                    "which takes it that people recruit at random among those they know"
                ),
                f"n = {int(self.estimate.n.max(initial=0)):,}; {seeds:,} seeds, {last} waves",
                self.estimate.design,
            ],
        )


def rds_shares(
    sample: Sample,
    tree: Recruitment,
    column: str,
    *,
    seed: int,
    replicates: int = 1000,
    level: float = 0.95,
) -> RecruitedShares:
    """RDS-II shares of a column with intervals of the tree bootstrap: the whole of it in one call.

    Returns
    -------
    RecruitedShares
        Its `.frame` has name, share, its standard error, low and high (percentiles), n who said
        so, the design effect, and the number of people chosen at random that the sample is worth.
    """
    drawn = tree_bootstrap(volz_heckathorn(sample, tree), tree, replicates, seed=seed)
    found = shares(drawn, column)
    low, high = percentile_interval(drawn, shares_by_weight(drawn, column), level=level)
    effect = found.design_effect()
    table = pd.DataFrame(
        {
            "name": [name[-1] for name in found.names],
            "share": found.value,
            "standard_error": found.standard_error,
            "modelled_low": low,
            "modelled_high": high,
            "n": found.count,
            "design_effect": effect,
            "effective": found.n / effect,
        }
    )
    return RecruitedShares(table, found, level, tree)
