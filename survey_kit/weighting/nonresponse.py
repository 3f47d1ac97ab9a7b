r"""Weights that make up for people who were drawn and did not answer.

Those who answered take over the weight of those who did not: in cells of people who are
alike, by :math:`\sum w / \sum_{\text{answered}} w` (weighting classes: Oh and Scheuren
1983, in "Incomplete Data in Sample Surveys", volume 2), or by 1 over the propensity to
answer, itself or averaged in classes (Little 1986, International Statistical Review
54:139-157). Who did not answer then leaves the sample.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.design.asked import columns_named
from survey_kit.design.faults import rows
from survey_kit.design.sample import Sample
from survey_kit.design.stage import Floats, Integers, sums_by
from survey_kit.errors import Fault, WeightingError
from survey_kit.weighting.step import Change, Ready
from survey_kit.weighting.targets import listed


class PropensityModel(Protocol):
    """How likely each person is to answer."""

    @property
    def title(self) -> str:
        """In a few words: "logistic model of sex + age"."""
        ...

    def fitted(self, sample: Sample, answered: NDArray[np.bool_]) -> Callable[[Floats], Floats]:
        """(n,) weights, 0 for rows a replicate left out -> (n,) propensities."""
        ...


@dataclass(frozen=True)
class KnownPropensity:
    """Propensities that were worked out elsewhere, in a column. Replicates take them as they are."""

    column: str

    @property
    def title(self) -> str:
        """In a few words."""
        return f"'{self.column}'"

    def fitted(self, sample: Sample, answered: NDArray[np.bool_]) -> Callable[[Floats], Floats]:
        """The column, whatever the weights."""
        known = sample.numbers([self.column])[:, 0]
        wrong = answered & ~((known > 0) & (known <= 1))
        if wrong.any():
            raise WeightingError(
                f"propensity '{self.column}'",
                f"it is missing, or not above 0 and at most 1, in {rows(sample.data, wrong)}",
                "Give one for everybody who answered.",
            )
        return lambda _weights: known


@dataclass(frozen=True)
class Keep:
    """Leaves out rows with their weight: people who turned out not to belong to the population.

    column
        True or 1 for those who stay.
    """

    column: str

    @property
    def title(self) -> str:
        """What it does, in a line."""
        return f"Only rows with '{self.column}'"

    def ready(self, sample: Sample) -> Ready:
        """The step for the rows of this sample."""
        stay = _yes(sample, self.column)
        return Ready(lambda weights, _copies: Change(np.where(stay, weights, 0.0)), kept=stay)


@dataclass(frozen=True)
class NonResponse:
    """Those who answered take over the weight of those who did not, cell by cell.

    answered
        Column that is true or 1 for those who answered.
    cells
        A column, or several, that are known of everybody, and whose combinations are the cells.
    """

    answered: str
    cells: str | tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What it does, in a line."""
        where = f" within {listed(columns_named(self.cells))}" if self.cells else ""
        return f"Non-response adjustment by '{self.answered}'{where}"

    def ready(self, sample: Sample) -> Ready:
        """The step for the rows of this sample."""
        answered = _yes(sample, self.answered)
        cell, names = _cells(sample, columns_named(self.cells))
        return Ready(
            lambda weights, _copies: _taken_over(weights, answered, cell, names), kept=answered
        )


@dataclass(frozen=True)
class Propensity:
    """Those who answered weigh more, the less likely they were to answer.

    answered
        Column that is true or 1 for those who answered.
    model
        How likely everybody was to answer; fitted again in each replicate.
    classes
        Into how many classes of equally many people, from unlikely to likely, to put people;
        those who answered take over the weight of the others in their class. None: a weight
        is divided by the propensity itself.
    """

    answered: str
    model: PropensityModel
    classes: int | None = None

    @property
    def title(self) -> str:
        """What it does, in a line."""
        how = "" if self.classes is None else f", in {self.classes} classes"
        return f"Non-response adjustment by propensity ({self.model.title}){how}"

    def ready(self, sample: Sample) -> Ready:
        """The step for the rows of this sample."""
        answered = _yes(sample, self.answered)
        propensity = self.model.fitted(sample, answered)
        if self.classes is not None and self.classes < 1:
            raise WeightingError("propensity", f"{self.classes} classes", "Ask for 5, or for None.")

        def change(weights: Floats, copies: Floats) -> Change:
            chance = propensity(weights)
            if self.classes is not None:
                cell = classes(chance, copies * (weights > 0), self.classes)
                names = [f"propensity class {number + 1}" for number in range(self.classes)]
                return _taken_over(weights, answered, cell, names)
            return Change(np.where(answered, weights / np.where(answered, chance, 1), 0.0))

        return Ready(change, kept=answered)


def classes(values: Floats, copies: Floats, number: int) -> Integers:
    """(n,) Which of so many classes of equally many people each value is in; ties stay together.

    >>> classes(np.array([0.9, 0.1, 0.2, 0.8]), np.ones(4), 2).tolist()
    [1, 0, 0, 1]
    """
    found, place = np.unique(values, return_inverse=True)
    sizes = sums_by(place.astype(np.intp), copies, len(found))
    # a value belongs where the middle of those who share it lies
    middle = (np.cumsum(sizes) - sizes / 2) / sizes.sum()
    return np.minimum((middle * number).astype(np.intp), number - 1)[place]


def _taken_over(
    weights: Floats, answered: NDArray[np.bool_], cell: Integers, names: list[str]
) -> Change:
    size = len(names)
    whole = sums_by(cell, weights, size)
    held = sums_by(cell, np.where(answered, weights, 0.0), size)
    silent = np.flatnonzero((whole > 0) & (held <= 0))
    if len(silent):
        raise WeightingError.from_faults(
            Fault(
                f"non-response, {names[number]}",
                "nobody in it answered",
                "Merge it with the cell most like it.",
            )
            for number in silent
        )
    factor = np.divide(whole, held, out=np.ones(size), where=held > 0)
    there = weights > 0
    shown = pd.DataFrame(
        {
            "cell": names,
            "n": np.bincount(cell[there], minlength=size),
            "responded": np.bincount(cell[there & answered], minlength=size),
            "rate": np.divide(held, whole, out=np.full(size, np.nan), where=whole > 0),
            "factor": factor,
        }
    )
    after = np.where(answered, weights * factor[cell], 0.0)
    return Change(after, cells=shown[shown["n"] > 0].reset_index(drop=True))


def _cells(sample: Sample, columns: tuple[str, ...]) -> tuple[Integers, list[str]]:
    """(n,) The cell of each row, and what the cells that people are in are called."""
    cell = np.zeros(len(sample), dtype=np.intp)
    names = [""]
    for column in columns:
        levels = sample.levels(column)
        missing = levels.codes < 0
        if missing.any():
            raise WeightingError(
                f"cells by '{column}'",
                f"it is missing in {rows(sample.data, missing)}",
                "Use what is known of everybody who was drawn.",
            )
        found, place = np.unique(cell * len(levels.names) + levels.codes, return_inverse=True)
        cell = place.astype(np.intp)
        names = [
            ", ".join(
                part
                for part in (
                    names[int(code) // len(levels.names)],
                    f"{column} {levels.names[int(code) % len(levels.names)]}",
                )
                if part
            )
            for code in found
        ]
    return cell, [name or "the whole sample" for name in names]


def _yes(sample: Sample, column: str) -> NDArray[np.bool_]:
    """(n,) bool. Where a column of true and false, or 1 and 0, says yes."""
    values = sample.numbers([column])[:, 0]
    wrong = (values != 0) & (values != 1)
    if wrong.any():
        raise WeightingError(
            f"column '{column}'",
            f"it is neither true nor false in {rows(sample.data, wrong)}",
            "Write true or false, or 1 or 0, for every row.",
        )
    found = values == 1
    if not found.any():
        raise WeightingError(
            f"column '{column}'", "it is true of nobody", "Check what was counted as an answer."
        )
    return found
