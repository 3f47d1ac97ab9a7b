"""Missing answers, imputed several times by models that know how people were drawn.

An imputation that forgets strata, clusters and weights draws everybody towards the average of
the sample, and estimates made of it are biased in just the domains that the design was made
for (Reiter, Raghunathan and Kinney 2006, Survey Methodology 32:143-149). So whatever
predictors are named, those three are added to them: the strata, an effect of each cluster,
and the logarithm of the weight. Several variables are imputed in turn, each given the others,
in cycles (van Buuren 2018, "Flexible Imputation of Missing Data", section 4.5).

    several = impute(sample, {"cost": "debt + months", "school": "sex + age"}, times=20, seed=1)
    several.combine(lambda each: estimate(MEAN, each, ["cost"]))

It takes what is missing to be missing at random: given the predictors, whoever did not answer
would have answered as those who did.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.design.described import design_line
from survey_kit.design.sample import Sample, floats_of
from survey_kit.design.shown import Shown, Table, of_frame
from survey_kit.design.stage import Integers
from survey_kit.errors import EstimationError
from survey_kit.estimation.asked import Where, asked_rows
from survey_kit.estimation.estimate import Estimate
from survey_kit.estimation.imputation_draws import (
    Regressors,
    drawn_codes,
    independent,
    matched,
)
from survey_kit.estimation.imputations import Combined, combine
from survey_kit.estimation.models import formula as formulas
from survey_kit.estimation.statistic import Floats

FEWEST_KNOWN = 10
"""From fewer answers nothing can be learned about the others."""


@dataclass(frozen=True, eq=False, repr=False)
class Imputed(Shown):
    """A sample, several times over, with what was missing filled in each time anew.

    samples
        All of the design of the sample, and its replicates and calibration if it had any.
    missing
        For each variable, how many answers were imputed.
    asked
        Of how many people.
    """

    samples: tuple[Sample, ...]
    missing: dict[str, int]
    seed: int
    asked: int = 0

    @property
    def frame(self) -> pd.DataFrame:
        """One row for each variable: how many answers were imputed, of how many people."""
        counts = list(self.missing.values())
        return pd.DataFrame(
            {
                "name": list(self.missing),
                "imputed": counts,
                "n": self.asked,
                "share": [count / max(self.asked, 1) for count in counts],
            }
        )

    def shown(self) -> Table:
        """What was imputed, how often, and what that takes for granted."""
        return of_frame(
            self.frame,
            under=[
                f"{len(self.samples)} imputations, seed {self.seed}; next: .combine(lambda each: ...)",
                "Taken for granted: given the predictors, who did not answer would answer as others.",
                design_line(self.samples[0]),
            ],
        )

    def combine(
        self, of: Callable[[Sample], Estimate], *, complete_df: float | None = None
    ) -> Combined:
        """An estimate from all of them together, by Rubin's rules: see `combine`."""
        return combine([of(sample) for sample in self.samples], complete_df=complete_df)


def impute(
    sample: Sample,
    predictors: Mapping[str, str],
    *,
    times: int,
    seed: int,
    cycles: int = 10,
    where: Where = None,
) -> Imputed:
    """Impute missing answers.

    Parameters
    ----------
    predictors
        For each variable to be imputed, the right side of a formula of what goes with it:
        what its estimates will be broken down by, and what goes with being missing. Strata,
        clusters and weights need not be named. Numbers are matched; numbers of only 0 and
        1, and categories, are drawn.
    times
        How many imputations. Twenty are usual; five are few.
    cycles
        How often all variables are gone through; one is enough for a single variable.
    where
        Who was asked: see `asked_rows`. The others stay missing, and lend no answers.

    Raises
    ------
    EstimationError
        If a predictor is missing somewhere and not imputed itself, fewer than ten answered,
        or there are fewer than two imputations.
    """
    if times < 2 or cycles < 1:  # noqa: PLR2004 - what guessing adds is seen between two
        raise EstimationError(
            "imputation",
            f"it is to be done {times} times in {cycles} cycles",
            "Ask for two or more times, best twenty, and one cycle or more.",
        )
    flags = asked_rows(sample, where)
    asked = np.ones(len(sample), dtype=np.bool_) if flags is None else flags
    gaps = [_gap(sample, name, right, asked) for name, right in predictors.items()]
    for name, right in predictors.items():
        _check_predictors(sample, name, right, set(predictors), asked)
    order = sorted((gap for gap in gaps if len(gap.missing)), key=lambda gap: len(gap.missing))
    design = _of_design(sample)
    made: list[Sample] = []
    for stream in np.random.SeedSequence(seed).spawn(times):
        data = sample.data
        rng = np.random.default_rng(stream)
        for gap in order:
            data = gap.started(data, rng)
        for _ in range(cycles if len(order) > 1 else 1):
            for gap in order:
                data = gap.drawn(data, design, rng)
        made.append(replace(sample, data=data))
    return Imputed(
        tuple(made), {gap.name: len(gap.missing) for gap in gaps}, seed, int(asked.sum())
    )


def _gap(sample: Sample, name: str, right: str, asked: NDArray[np.bool_]) -> _Gap:
    """Which answers are missing among those asked."""
    if name not in sample.data.columns:
        raise EstimationError(f"imputing '{name}'", "there is no such column", "Check its name.")
    known = sample.data[name].notna().to_numpy(dtype=np.bool_) & asked
    if known.sum() < FEWEST_KNOWN:
        raise EstimationError(
            f"imputing '{name}'",
            f"{int(known.sum())} people answered, which is too few to learn from",
            f"Impute only what {FEWEST_KNOWN} or more answered.",
        )
    return _Gap(name, right, np.flatnonzero(known), np.flatnonzero(asked & ~known))


def _check_predictors(
    sample: Sample, name: str, right: str, imputed: set[str], asked: NDArray[np.bool_]
) -> None:
    needed = formulas.columns_of(right, sample)
    if name in needed:
        raise EstimationError(
            f"imputing '{name}'", "it stands among its own predictors", "Leave it out there."
        )
    for column in {*needed, name}:
        values = sample.data[column]
        if pd.api.types.is_numeric_dtype(values) and np.isinf(floats_of(values)).any():
            raise EstimationError(
                f"imputing '{name}'",
                f"'{column}' is infinite for somebody",
                "Write what is not known as missing; look for a division by 0.",
            )
    for column in needed:
        missing = sample.data[column].isna().to_numpy(dtype=np.bool_) & asked
        if column not in imputed and missing.any():
            raise EstimationError(
                f"imputing '{name}'",
                f"its predictor '{column}' is missing for {_people(int(missing.sum()))}",
                "Name predictors for that one too, or leave it out.",
            )


def _people(number: int) -> str:
    return f"{number:,} people" if number != 1 else "1 person"


def _of_design(sample: Sample) -> Regressors:
    """The part of every model that the design prescribes."""
    columns: list[Floats] = [np.ones(len(sample), dtype=np.float64)]
    strata = sample.strata
    columns += [(strata == number).astype(np.float64) for number in range(1, int(strata.max()) + 1)]
    weight = np.log(sample.weights)
    if float(np.ptp(weight)) > 0:
        columns.append(weight - weight.mean())
    first = sample.stages[0]
    clusters = 0 if first.by_row else first.clusters
    return Regressors(np.column_stack(columns), sample.clusters_, clusters)


@dataclass(frozen=True, eq=False)
class _Gap:
    """A variable to be imputed: from which rows, and in which."""

    name: str
    right: str
    known: Integers
    missing: Integers

    def filled(self, data: pd.DataFrame, donors: Integers) -> pd.DataFrame:
        """With the answers of the donors where they are missing."""
        column = data[self.name].copy()
        column.iloc[self.missing] = data[self.name].iloc[donors].array
        return data.assign(**{self.name: column})

    def started(self, data: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
        """With the answers of people chosen at random: where a chain begins."""
        return self.filled(data, rng.choice(self.known, len(self.missing)))

    def drawn(
        self, data: pd.DataFrame, design: Regressors, rng: np.random.Generator
    ) -> pd.DataFrame:
        """With the variable drawn anew, given what the others are at the moment."""
        asked = np.sort(np.concatenate([self.known, self.missing]))
        x = design.x
        if self.right.strip() not in {"1", ""}:
            own = formulas.matrix(self.right, data.iloc[asked])
            whole = np.zeros((len(data), own.shape[1]))
            whole[asked] = own - own.mean(axis=0)
            x = independent(np.hstack([x, whole]))
        given = Regressors(x, design.cluster, design.clusters)
        values = data[self.name]
        answers, codes = np.unique(
            values.iloc[self.known].astype(object), return_index=False, return_inverse=True
        )
        if pd.api.types.is_numeric_dtype(values) and not set(answers) <= {0, 1}:
            numbers: Floats = values.to_numpy(dtype=np.float64)
            return self.filled(data, matched(numbers, self.known, self.missing, given, rng))
        every = np.zeros(len(data), dtype=np.intp)
        every[self.known] = codes
        chosen = drawn_codes(every, self.known, self.missing, given, rng)
        first = np.array([self.known[codes == code][0] for code in range(len(answers))])
        return self.filled(data, first[chosen])
