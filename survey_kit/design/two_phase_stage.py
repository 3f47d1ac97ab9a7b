"""What the clusters of phase 1 are after phase 2: which are left, and how many each stands for.

A cluster that is left stands for 1/κ of those that were screened, with κ the share of the
screened units like it that were interviewed: of its stratum of phase 2, or of its stratum of
phase 1 where phase 2 has none. That is R's `usu`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.design.design import Design
from survey_kit.design.sample import Sample
from survey_kit.design.stage import WHOLE, Floats, Integers, sums_by


@dataclass(frozen=True, eq=False)
class ScreenedStage:
    """One stage of phase 1, of which some clusters are left.

    cluster
        (n,) The cluster of each row interviewed, numbered from 0.
    stratum
        (clusters,) The stratum of each cluster that is left, numbered from 0.
    screened, population, inflation
        (strata,) How many clusters phase 1 drew, of how many, and what a variance found here
        counts for: see `Stage`.
    kept
        (clusters,) κ: the share of the clusters like it that are left.
    labels
        (strata,) Each stratum in words.
    """

    number: int
    cluster: Integers
    stratum: Integers
    screened: Floats
    population: Floats
    inflation: Floats
    kept: Floats
    labels: tuple[str, ...]

    @property
    def left(self) -> Integers:
        """(strata,) How many clusters of each are left."""
        return np.bincount(self.stratum, minlength=len(self.screened)).astype(np.intp)

    @property
    def undrawn(self) -> Floats:
        """(strata,) The share of the clusters of each that phase 1 did not draw."""
        return 1 - self.screened / self.population

    @property
    def lonely(self) -> NDArray[np.bool_]:
        """(strata,) bool. One cluster is left of several: its variance is unknown."""
        return (self.left == 1) & (self.undrawn >= WHOLE)

    @property
    def scale(self) -> Floats:
        """(strata,) What squares of centred sums count for."""
        several = np.where(self.left > 1, self.screened, 2)
        spread = np.where(self.left > 1, self.screened / (several - 1), 1)
        return np.maximum(self.undrawn * spread, 0) * self.inflation

    def total(self, values: Floats) -> Floats:
        """(n, k) -> (clusters, k). Sums over the rows of each cluster."""
        return _sums(self.cluster, values, len(self.stratum))

    def over_strata(self, sums: Floats) -> Floats:
        """(clusters, k) -> (strata, k). Sums over the clusters of each stratum."""
        return _sums(self.stratum, sums, len(self.screened))


def _sums(part: Integers, values: Floats, size: int) -> Floats:
    """(size, k) Sums of the columns over each part."""
    return np.column_stack([sums_by(part, column, size) for column in values.T])


def screened_stages(first: Sample, rows: Integers, kept: Floats) -> tuple[ScreenedStage, ...]:
    """The stages of phase 1, of which the rows interviewed are left.

    Parameters
    ----------
    rows
        (n,) Where in phase 1 each row interviewed stands.
    kept
        (n,) κ of each; of a cluster that of its first row by the index of the data, as R takes
        that of the first row.
    """
    made: list[ScreenedStage] = []
    order = _by_index(first.data.index[rows])
    for stage in first.stages:
        clusters, cluster = np.unique(stage.cluster[rows], return_inverse=True)
        strata, stratum = np.unique(stage.stratum[clusters], return_inverse=True)
        leading = np.unique(cluster[order], return_index=True)[1]
        made.append(
            ScreenedStage(
                stage.number,
                cluster.astype(np.intp),
                stratum.astype(np.intp),
                stage.drawn[strata].astype(np.float64),
                stage.population[strata],
                stage.inflation[strata],
                kept[order][leading],
                tuple(stage.labels[int(each)] for each in strata),
            )
        )
    return tuple(made)


def _by_index(index: pd.Index) -> Integers:
    """(n,) The rows by their label, so that the order in which they are given does not matter."""
    try:
        return np.argsort(index, kind="stable").astype(np.intp)
    except TypeError:
        return np.arange(len(index), dtype=np.intp)


def numbered(data: pd.DataFrame, names: tuple[str, ...]) -> Integers:
    """(n,) The combination of the columns that each row has; each row its own for no columns."""
    if not names:
        return np.arange(len(data), dtype=np.intp)
    code = np.zeros(len(data), dtype=np.intp)
    for name in names:
        each, _ = pd.factorize(data[name])
        _, code = np.unique(code * (int(each.max()) + 1) + each, return_inverse=True)
    return code.astype(np.intp)


def stratum_columns(design: Design) -> tuple[str, ...]:
    """The column of the strata, if there is one."""
    return () if design.stratum is None else (design.stratum,)


def shares_kept(frame: pd.DataFrame, rows: Integers, first: Design, second: Design) -> Floats:
    """(n,) κ: of the last-stage units of phase 1 like each row, the share interviewed."""
    own = stratum_columns(first) if first.nested else ()
    unit = numbered(frame, (*own, *first.clusters) if first.clusters else ())
    if second.stratum is not None:
        alike = numbered(frame, (second.stratum,))
    elif len(first.clusters) > 1:
        alike = numbered(frame, (*own, *first.clusters[:-1]))
    elif first.stratum is not None:
        alike = numbered(frame, (first.stratum,))
    else:
        alike = np.zeros(len(frame), dtype=np.intp)
    every = _units(alike, unit, int(alike.max()) + 1)
    left = _units(alike[rows], unit[rows], int(alike.max()) + 1)
    return left[alike[rows]] / every[alike[rows]]


def _units(group: Integers, unit: Integers, groups: int) -> Floats:
    """(groups,) How many different units each group has."""
    span = int(unit.max()) + 1
    met = np.unique(group * span + unit)
    return np.bincount(met // span, minlength=groups).astype(np.float64)


def screened_populations(frame: pd.DataFrame, second: Design) -> Floats:
    """(N, stages) What phase 2 was drawn from: the clusters of each stratum that were screened."""
    group = np.zeros(len(frame), dtype=np.intp)
    if second.stratum is not None:
        group = numbered(frame, (second.stratum,))
    found: list[Floats] = []
    for names in [(name,) for name in second.clusters] or [()]:
        unit = numbered(frame, names)
        found.append(_units(group, unit, int(group.max()) + 1)[group])
        span = int(unit.max()) + 1
        group = np.unique(group * span + unit, return_inverse=True)[1].astype(np.intp)
    return np.column_stack(found)
