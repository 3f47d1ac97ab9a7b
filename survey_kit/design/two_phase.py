r"""A sample in two phases: many are screened, and some of those are interviewed in depth.

    two_phase(frame, first={"sampling": "probability", "weight": "w"},
              second={"sampling": "probability", "stratum": "screened as"}, subset="interviewed")

Phase 1 is a `Sample` of everybody who was screened, phase 2 one of those interviewed, with
phase 1 as its population. An interview weighs what it weighs in the one times what it weighs
in the other. Whatever is estimated has the influences it has in any sample; only the variance of
their sum differs, and it is in `estimation.two_phase`. Särndal, Swensson and Wretman 1992,
"Model Assisted Survey Sampling", chapter 9. As R's `twophase()`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.design import faults
from survey_kit.design.described import described, design_line
from survey_kit.design.described import sample as in_memory
from survey_kit.design.design import Design, LonelyDomain, Sampling
from survey_kit.design.sample import Sample
from survey_kit.design.stage import Floats, Integers, Stage
from survey_kit.design.two_phase_design import TwoPhaseDesign, check_one_phase, chosen
from survey_kit.design.two_phase_stage import (
    ScreenedStage,
    numbered,
    screened_populations,
    screened_stages,
    shares_kept,
)
from survey_kit.errors import DesignError

WEIGHT = "two-phase weight"
"""The column of the product of the weights of both phases."""
COUNTED = "screened, stage"
"""The columns of what phase 2 was drawn from, by stage, where it was counted in phase 1."""


class Phases(Enum):
    """How the variance of two phases is had.

    APPROX
        From the spread between the clusters of each phase. Exact where phase 1 drew people one
        by one from many; the usual choice. R's "approx", which is its "simple" too.
    FULL
        From the chance of every two to be interviewed. For phases that draw clusters across each
        other. It may come out negative: then there is no standard error.
    """

    APPROX = "approx"
    FULL = "full"


@dataclass(frozen=True, eq=False, repr=False)
class TwoPhase(Sample):
    """Those who were interviewed, and the phases that led to them.

    data, design
        Of those interviewed; the weights are those of both phases.
    first
        Everybody who was screened.
    second
        Those interviewed, as a sample of those screened; perhaps calibrated to them.
    rows
        (n,) Where in the data of phase 1 each of them stands.
    kept
        (n,) κ of `two_phase_stage`.
    method
        How the variance is had.
    """

    first: Sample = field(kw_only=True)
    second: Sample = field(kw_only=True)
    rows: Integers = field(kw_only=True)
    kept: Floats = field(kw_only=True)
    method: Phases = field(kw_only=True)

    def __post_init__(self) -> None:
        """Both phases were checked; what would make another sample of them is refused."""
        whole = isinstance(self.design, TwoPhaseDesign) and self.design.weight == WEIGHT
        if self.calibration is not None or self.replicates is not None or self.joint is not None:
            whole = False
        if not whole or len(self.data) != len(self.rows):
            check_one_phase(TwoPhaseDesign(self.design.sampling))

    @cached_property
    def stages(self) -> tuple[Stage, ...]:  # pyright: ignore[reportIncompatibleVariableOverride]
        """Every row by itself: what they are clustered by differs between the phases."""
        n = len(self.data)
        everybody = np.zeros(n, dtype=np.intp)
        infinite = np.full(1, np.inf)
        return (
            Stage(1, np.arange(n, dtype=np.intp), everybody, infinite, np.ones(1), ("the sample",)),
        )

    @cached_property
    def strata(self) -> Integers:  # pyright: ignore[reportIncompatibleVariableOverride]
        """(n,) int. The stratum of phase 2 of each row, numbered from 0."""
        return self.second.strata

    @property
    def of_elements(self) -> bool:
        """Not so: the spread of one stage is not their variance."""
        return False

    def degrees_of_freedom(self, where: NDArray[np.bool_] | None = None) -> float:
        """Clusters less strata of phase 2, counting those that hold any of the rows asked about."""
        return self.second.degrees_of_freedom(where)

    @cached_property
    def screened(self) -> tuple[ScreenedStage, ...]:
        """The stages of phase 1, of which those interviewed are left."""
        return screened_stages(self.first, self.rows, self.kept)

    @cached_property
    def asks_for_domains(self) -> bool:
        """Whether the variance needs to know which clusters hold any of a domain."""
        stages = (*self.screened, *self.second.stages)
        return any(bool(stage.lonely.any()) for stage in stages)

    @cached_property
    def within_clusters(self) -> bool:
        """Whether phase 2 drew several units of one cluster of phase 1."""
        first, second = self.first.design, self.second.design
        if not first.clusters:
            return False
        own = (first.stratum,) if first.nested and first.stratum else ()
        of_cluster = numbered(self.data, (*own, *first.clusters))
        drawn = numbered(self.data, second.clusters[:1])
        _, one = np.unique(drawn, return_index=True)
        return len(np.unique(of_cluster[one])) < len(one)


def two_phase(
    data: Any,
    *,
    first: Design | Mapping[str, Any],
    second: Design | Mapping[str, Any],
    subset: str,
    method: Phases | str = Phases.APPROX,
) -> TwoPhase:
    """Everybody who was screened, how they were chosen, and how some of them were chosen again.

    Parameters
    ----------
    data
        A frame of pandas, Polars or Arrow: one row for each person screened. What only interviews
        ask is missing for the others.
    first
        The design of phase 1: a `Design`, or its parts in words as for `sample`.
    second
        The design of phase 2. Its strata and clusters are known of everybody screened, and so
        its chances are counted; `weight` only where they were others than the counted ones.
    subset
        Column that is true, or 1, for those interviewed.
    method
        "approx" (also called "simple") or "full": see `Phases`.

    Returns
    -------
    TwoPhase
        A `Sample` of those interviewed, for estimates, tests and models.

    Raises
    ------
    DesignError
        As `Sample`, for either phase; if nobody of a stratum of phase 2 was interviewed; if the
        designs are of a kind that two phases cannot have.
    """
    of_first, of_second = _design(first, "first"), _design(second, "second")
    way = _way(method)
    plain = in_memory(data, sampling=of_first.sampling).data
    frame, of_first = _census(plain, of_first)
    there = _interviewed(frame, subset)
    screened = Sample(frame, of_first)
    rows = np.flatnonzero(there).astype(np.intp)
    again = _second(frame, there, of_second, way)
    sample = assembled(
        screened, again, rows, kept=shares_kept(frame, rows, of_first, of_second), method=way
    )
    _check_chances(sample)
    return sample


def assembled(
    first: Sample, second: Sample, rows: Integers, *, kept: Floats, method: Phases
) -> TwoPhase:
    """The phases put together."""
    weights = first.weights[rows] * second.weights
    design = TwoPhaseDesign(
        chosen(first.design.sampling, second.design.sampling),
        weight=WEIGHT,
        cluster=first.design.cluster,
        lonely=second.design.lonely,
        line=_line(first, second, method),
    )
    data = second.data.assign(**{WEIGHT: weights})
    return TwoPhase(data, design, first=first, second=second, rows=rows, kept=kept, method=method)


def _line(first: Sample, second: Sample, method: Phases) -> str:
    """One line that says how numbers came about: both phases, the variance, and its freedom."""
    freedom = second.degrees_of_freedom()
    return (
        f"Two phases; phase 1, {_lowered(design_line(first))}; phase 2, "
        f"{_of_second(second)}; variance: {method.value}, on {freedom:,.0f} degrees of freedom of "
        "phase 2"
    )


def _of_second(second: Sample) -> str:
    """Phase 2 in words, less what it owes to phase 1: populations that were counted there."""
    line = _lowered(design_line(second))
    counted = [name for name in second.design.populations if name.startswith(COUNTED)]
    if not counted:
        return line
    without = {f"finite populations ({', '.join(counted)})"}
    if second.design.weight is None:
        without.add("no weights")
    return "; ".join(part for part in line.split("; ") if part not in without)


def _lowered(line: str) -> str:
    return f"{line[0].lower()}{line[1:]}"


def _way(method: Phases | str) -> Phases:
    if isinstance(method, Phases):
        return method
    known = {"approx": Phases.APPROX, "simple": Phases.APPROX, "full": Phases.FULL}
    if method not in known:
        raise DesignError(
            "two-phase method", f"there is no {method!r}", f"Write one of: {', '.join(known)}."
        )
    return known[method]


def _design(given: Design | Mapping[str, Any], phase: str) -> Design:
    """The design of a phase, refused where it is none or not one that a phase can have."""
    if isinstance(given, Design):
        design = given
    elif isinstance(given, Mapping) and "sampling" in given:  # pyright: ignore[reportUnnecessaryIsInstance]
        design = described(**given)
    else:
        raise DesignError(
            f"two-phase, {phase}",
            "it does not say how people were chosen",
            "Give a Design, or its parts, such as {'sampling': 'probability', 'stratum': 'age'}.",
        )
    if design.unequal is not None:
        raise DesignError(
            f"two-phase, {phase}",
            "unequal chances without replacement are not known of two phases",
            "Leave out `unequal` and `population`, and give the weights: clusters then count as "
            "drawn with replacement.",
        )
    if design.lonely_domain is not LonelyDomain.CENTRED:
        raise DesignError(
            f"two-phase, {phase}",
            "a domain that met a single cluster cannot be treated as lonely in two phases",
            "Leave out `lonely_domain`.",
        )
    return design


def _census(frame: pd.DataFrame, first: Design) -> tuple[pd.DataFrame, Design]:
    """Phase 1, with all of its population drawn if it is a census."""
    if first.sampling is not Sampling.CENSUS or first.population is not None:
        return frame, first
    stages = max(1, len(first.clusters))
    names = tuple(f"screened of all {stage}" for stage in range(1, stages + 1))
    return frame.assign(**dict.fromkeys(names, 1.0)), replace(first, population=names)


def _interviewed(frame: pd.DataFrame, subset: str) -> NDArray[np.bool_]:
    """(N,) bool. Who of those screened was interviewed."""
    faults.check_column(frame, subset)
    faults.check_once(frame, subset)
    column = frame[subset]
    kind = column.dtype
    plain = pd.api.types.is_bool_dtype(kind) or pd.api.types.is_numeric_dtype(kind)
    if not plain or column.isna().any() or not column.isin((0, 1)).all():
        raise DesignError(
            f"subset '{subset}'",
            "it is missing, or something other than true and false, for some who were screened",
            "Give a column that is true, or 1, for those who were interviewed.",
        )
    there = column.to_numpy(dtype=np.bool_)
    if not there.any():
        raise DesignError(
            f"subset '{subset}'", "nobody was interviewed", "Check which value means an interview."
        )
    return there


def _second(
    frame: pd.DataFrame, there: NDArray[np.bool_], second: Design, method: Phases
) -> Sample:
    """Those interviewed as a sample of those screened."""
    if method is Phases.FULL and second.weight is not None:
        raise DesignError(
            "two-phase, second",
            "the full variance needs the chances of phase 2, and a column of weights was given",
            "Leave out `weight`: the chances are counted. Or ask for the method approx.",
        )
    plain = replace(second, weight=None, population=None)
    faults.check_columns(frame, plain)
    faults.check_complete(frame, plain)
    faults.check_nesting(frame, plain)
    _check_strata(frame, there, second)
    _check_whole(frame, there, second)
    data = frame[there]
    if second.population is None:
        counts = screened_populations(frame, second)[there]
        names = tuple(f"{COUNTED} {stage}" for stage in range(1, counts.shape[1] + 1))
        data = data.assign(**dict(zip(names, counts.T, strict=True)))
        second = replace(second, population=names)
    return Sample(data, second)


def _check_strata(frame: pd.DataFrame, there: NDArray[np.bool_], second: Design) -> None:
    """Refuse a stratum of phase 2 of which nobody was interviewed."""
    if second.stratum is None:
        return
    strata = frame[second.stratum]
    empty = sorted(set(strata.unique()) - set(strata[there].unique()), key=str)
    if empty:
        raise DesignError(
            f"two-phase, second, {second.stratum} {empty[0]}",
            "nobody of this stratum was interviewed, so nobody stands for it",
            "Merge it with the stratum it most resembles, or leave it out of phase 1 and say so.",
        )


def _check_whole(frame: pd.DataFrame, there: NDArray[np.bool_], second: Design) -> None:
    """Refuse clusters of which some were interviewed and some not, where nothing says why."""
    if not second.clusters or second.weight is not None or second.population is not None:
        return
    own = (second.stratum,) if second.nested and second.stratum else ()
    cluster = numbered(frame, (*own, *second.clusters))
    torn = np.isin(cluster[~there], cluster[there])
    if torn.any():
        wrong = np.zeros(len(frame), dtype=np.bool_)
        wrong[np.flatnonzero(~there)[torn]] = True
        raise DesignError(
            f"two-phase, second, cluster '{second.clusters[-1]}'",
            f"others of the same cluster were interviewed, and {faults.rows(frame, wrong)} not, so "
            "the weight of a cluster would not count them",
            "Name what was drawn within it as a further cluster, or give `weight`.",
        )


def _check_chances(sample: TwoPhase) -> None:
    """Refuse weights of phase 1 that are no chances, where the variance needs chances."""
    small = sample.first.weights[sample.rows] < 1 - faults.ROUNDING
    if sample.method is Phases.APPROX and sample.within_clusters and small.any():
        raise DesignError(
            f"two-phase, first, weight '{sample.first.design.weight}'",
            f"it is below 1 in {faults.rows(sample.data, small)}, and phase 2 was drawn within "
            "the clusters of phase 1: the variance then needs 1 over the chance of each",
            "Give weights that were not rescaled, or ask for the method full.",
        )
