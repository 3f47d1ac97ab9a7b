r"""Replicate weights: the sample as it might have come out, many times over.

Each replicate is a column of weights. Anything is computed under every one of them, and how
the answers scatter is its variance,

.. math:: v = a \sum_r b_r (\hat\theta_r - c)(\hat\theta_r - c)'

with c their mean or the estimate itself. Statistical offices give out such weights in place
of strata and clusters; `jackknife` makes them. See docs/decisions/0004.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from survey_kit.design.design import Lonely
from survey_kit.design.stage import Floats, Integers
from survey_kit.errors import DesignError, LonelyUnit

if TYPE_CHECKING:
    from survey_kit.design.sample import Sample

Kind: TypeAlias = Literal[
    "JK1", "JKn", "JK2", "BRR", "Fay", "bootstrap", "ACS", "successive-difference", "other"
]
Centre: TypeAlias = Literal["mean of replicates", "estimate"]

MOST_CLUSTERS = 10_000
"""A jackknife of more would not fit into memory."""

RANK_TOLERANCE = 1e-7
"""A direction that holds less than this share of the largest one is rounding."""


@dataclass(frozen=True, eq=False)
class Replicates:
    """Replicate weights, and what their scatter counts for.

    kind
        How they were made.
    factors, row, base
        (m, R), (n,) and (n,): row i has the weight factors[row[i], r] x base[i] in
        replicate r. Rows of one cluster share their factors.
    scale, rscales
        a, and (R,) b, above.
    centre
        c, above.
    calibrated
        Whether every replicate was raked, as the sample was.
    """

    kind: Kind
    factors: Floats
    row: Integers
    base: Floats
    scale: float
    rscales: Floats
    centre: Centre = "mean of replicates"
    calibrated: bool = False

    def __len__(self) -> int:
        return self.factors.shape[1]

    def weights(self, number: int) -> Floats:
        """(n,) The weights of one replicate."""
        return self.factors[self.row, number] * self.base

    def degrees_of_freedom(self, where: NDArray[np.bool_] | None = None) -> float:
        """The rank of the replicate weights of the rows asked about, less 1."""
        if where is None:
            return self._df
        held = self.row[where & (self.base > 0)]
        return _rank(self.factors[np.unique(held)]) - 1.0

    @cached_property
    def _df(self) -> float:
        return _rank(self.factors) - 1.0

    def covariance(self, replicated: Floats, value: Floats) -> Floats:
        """(k, k) From the (R, k) numbers of the replicates and the (k,) of the sample.

        NaN for a number that any replicate has none for.
        """
        counted = self.rscales > 0
        centre = value if self.centre == "estimate" else replicated[counted].mean(axis=0)
        away = (replicated - centre)[counted] * np.sqrt(self.rscales[counted])[:, None]
        return self.scale * (away.T @ away)


def _rank(factors: Floats) -> int:
    size = np.linalg.norm(factors, axis=1)
    kept = factors[size > 0] / size[size > 0][:, None]
    if not len(kept):
        return 1
    return int(np.linalg.matrix_rank(kept, tol=RANK_TOLERANCE * np.sqrt(len(kept))))


def jackknife(sample: Sample, *, centre: Centre = "mean of replicates") -> Sample:
    r"""The sample with a replicate for every cluster, in which that cluster is left out.

    The others of its stratum weigh :math:`n_h/(n_h - 1)` times as much, and the replicate
    counts for :math:`(1 - f_h)(n_h - 1)/n_h`. Without strata that is JK1, with strata JKn
    (Wolter 2007, "Introduction to Variance Estimation", chapter 4). Populations of later
    stages play no part. It takes as many numbers as there are clusters, squared.

    Raises
    ------
    DesignError
        If the sample has replicates, or was calibrated (its weights would not be), or has
        too many clusters.
    LonelyUnit
        If a stratum holds one cluster, unless `Lonely` says to leave it out.
    """
    if sample.replicates is not None or sample.calibration is not None:
        raise DesignError(
            "jackknife",
            "this sample already has replicates, or was calibrated",
            "Make the replicates of the sample as it was drawn, and rake it afterwards.",
        )
    stage = sample.stages[0]
    if stage.clusters > MOST_CLUSTERS:
        raise DesignError(
            "jackknife",
            f"it would take {stage.clusters:,} replicates of as many clusters",
            f"Use the linearised variance; a jackknife is for at most {MOST_CLUSTERS:,}.",
        )
    lonely = np.flatnonzero(stage.lonely)
    if len(lonely) and sample.design.lonely not in {Lonely.REMOVE, Lonely.CERTAINTY}:
        raise LonelyUnit(
            stage.labels[int(lonely[0])],
            "only one cluster was drawn, so it cannot be left out",
            "Merge the stratum with the one it most resembles.",
        )
    several = stage.drawn > 1
    drawn = stage.drawn.astype(np.float64)
    left_out = np.flatnonzero(several[stage.stratum])
    stratum = stage.stratum[left_out]
    same = stage.stratum[:, None] == stratum[None, :]
    factors = np.where(same, (drawn / np.where(several, drawn - 1, 1))[stratum][None, :], 1.0)
    factors[left_out, np.arange(len(left_out))] = 0.0
    counts = (np.maximum(stage.undrawn, 0) * (drawn - 1) / drawn)[stratum]
    alone = len(stage.population) == 1
    return replace(
        sample,
        replicates=Replicates(
            kind="JK1" if alone else "JKn",
            factors=factors,
            row=stage.cluster,
            base=sample.weights,
            scale=float(counts[0]) if alone and len(counts) else 1.0,
            rscales=np.ones(len(left_out)) if alone else counts,
            centre=centre,
        ),
    )


def with_replicates(
    sample: Sample,
    columns: Sequence[str],
    kind: Kind,
    *,
    scale: float | None = None,
    rscales: Sequence[float] | float | None = None,
    centre: Centre = "mean of replicates",
    combined: bool = True,
    rho: float | None = None,
) -> Sample:
    """The sample with replicate weights that came with the data.

    Parameters
    ----------
    columns
        A column of weights for each replicate.
    kind
        How they were made. It decides the scale where none is given: 1/R for BRR,
        1/(R (1 - rho)²) for Fay, 1/(R - 1) for the bootstrap, (R - 1)/R for JK1, 4/R for ACS
        and successive-difference, 1 for the rest.
    scale, rscales
        What the documentation of the data says: one number, and one for each replicate.
    combined
        Whether a column is the weight itself, or a factor to the weight.
    rho
        Fay's: how much of its weight the half that is left out keeps.

    Raises
    ------
    DesignError
        If a column is not there or holds no numbers, a weight is missing, negative or
        infinite, or a scale is wanting or does not match.
    """
    if sample.calibration is not None:
        raise DesignError(
            "replicates",
            "the sample was calibrated, and these weights were not",
            "Add the replicates to the sample as it came, and rake it afterwards.",
        )
    if not all(isinstance(each, str) for each in list[object](columns)):
        raise DesignError(
            "replicates",
            "the weights themselves were given",
            "Put them in columns of the data, and name the columns.",
        )
    values = sample.numbers(columns)
    if not len(columns) or not (np.isfinite(values) & (values >= 0)).all():
        raise DesignError(
            "replicates",
            "there are none, or a weight is missing, negative or infinite",
            "Name the columns of replicate weights; every row needs one of 0 or more in each.",
        )
    if kind not in get_args(Kind):
        raise DesignError(
            f"replicates '{kind}'",
            "there is no such kind",
            f"Write how they were made: one of {', '.join(get_args(Kind))}.",
        )
    size = len(columns)
    if size == 1:
        raise DesignError(
            "replicates",
            "there is one, and one does not scatter",
            "Name the columns of all of them.",
        )
    each = np.ones(size) if rscales is None else np.asarray(rscales, dtype=np.float64)
    if each.shape not in {(), (size,)}:
        raise DesignError(
            "rscales",
            f"there are {each.size} for {size} replicates",
            "Give one number, or one for each replicate.",
        )
    if kind == "JKn" and rscales is None:
        raise DesignError(
            "rscales",
            "the replicates of a stratified jackknife do not tell what they count for",
            "Give one for each replicate: (n - 1)/n of the stratum it leaves a cluster out of.",
        )
    return replace(
        sample,
        replicates=Replicates(
            kind=kind,
            factors=values,
            row=np.arange(len(sample), dtype=np.intp),
            base=np.ones(len(sample)) if combined else sample.weights,
            scale=_scale(kind, size, scale, rho),
            rscales=np.broadcast_to(each, (size,)).astype(np.float64),
            centre=centre,
        ),
    )


def _scale(kind: Kind, size: int, scale: float | None, rho: float | None) -> float:
    """What a kind settles by itself, or else what was given, or else what is usual."""
    if kind == "Fay" and (rho is None or not 0 <= rho < 1):
        raise DesignError("rho", "it is not given, or not from 0 to 1", "Give Fay's, such as 0.5.")
    match kind:
        case "BRR":
            return 1 / size
        case "Fay":
            return 1 / (size * (1 - (rho or 0)) ** 2)
        case "ACS" | "successive-difference":
            return 4 / size
        case "JK2":
            return 1.0
        case "bootstrap":
            usual = 1 / (size - 1)
        case "JK1":
            usual = (size - 1) / size
        case "JKn" | "other":
            usual = 1.0
    return usual if scale is None else scale
