r"""Direct standardisation: groups compared as if they were of one age, or one sex, or both.

In every group the categories of a column get the shares of a standard population; the
group's own total stays. It is poststratification to group x category, so variances leave
out what was made equal (Korn and Graubard 1999, "Analysis of Health Surveys", chapter
4.2; R's `svystandardize`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.design.asked import Where, asked_rows, columns_named
from survey_kit.design.calibration import Calibration
from survey_kit.design.described import design_line
from survey_kit.design.sample import Sample
from survey_kit.design.shown import Shown, Table, of_frame
from survey_kit.design.stage import Floats, Integers, sums_by
from survey_kit.errors import WeightingError
from survey_kit.weighting.step import Change, Ready, alone
from survey_kit.weighting.targets import listed


@dataclass(frozen=True, eq=False, repr=False)
class Standardised(Shown):
    """A sample with standardised weights.

    among
        (n,) bool. The rows that were standardised; estimates are made `where` these are.
        The others keep the weights that they had.
    frame
        One row for each category of each group: n, and its share before and after.
    title
        What was done, in a line.
    """

    sample: Sample
    among: NDArray[np.bool_]
    frame: pd.DataFrame
    title: str

    def shown(self) -> Table:
        """Every category of every group, and what to do next."""
        groups = self.frame["group"].eq("").all()
        return of_frame(
            self.frame.drop(columns=["group"]) if groups else self.frame,
            title=self.title,
            under=[
                f"n = {int(self.among.sum()):,}; next: sk.estimate(it.sample, ..., where=it.among)",
                design_line(self.sample),
            ],
        )


def standardise(
    sample: Sample,
    column: str,
    population: Mapping[str, float],
    *,
    over: str | Sequence[str] = (),
    where: Where = None,
    weight: str = "standardised weight",
) -> Standardised:
    """Give every group the make-up of a standard population.

    Parameters
    ----------
    column
        What differs between the groups and shall not: age groups, for instance.
    population
        Its categories, each with its number or share in the standard population.
    over
        The columns that make the groups. None: the sample as a whole.
    where
        Of whom: those with an answer; see `asked_rows`. Rows in which the column or
        a group is missing are left out besides.

    Raises
    ------
    WeightingError
        If the population does not name the categories of the column, or a group lacks one.
    """
    step = Standardise(column, population, columns_named(over), asked_rows(sample, where))
    made, _, _ = alone(sample, step, weight)
    cells = step.cells(sample)
    return Standardised(made, cells.among, cells.compared(sample.weights, made.weights), step.title)


@dataclass(frozen=True, eq=False)
class _Cells:
    """(n,) group x category of every row, `outside` where it is none of them, and their names."""

    cell: Integers
    among: NDArray[np.bool_]
    groups: Sequence[str]
    categories: Sequence[str]
    outside: int

    def compared(self, before: Floats, after: Floats) -> pd.DataFrame:
        """One row for each category of each group: n, and its share before and after."""

        def shares(weights: Floats) -> Floats:
            sums = sums_by(self.cell, weights, self.outside + 1)[:-1]
            sums = sums.reshape(-1, len(self.categories))
            whole = sums.sum(axis=1, keepdims=True)
            return np.divide(sums, whole, out=np.full_like(sums, np.nan), where=whole > 0).ravel()

        people = sums_by(self.cell, np.ones(len(self.cell)), self.outside + 1)[:-1]
        return pd.DataFrame(
            {
                "group": np.repeat(list(self.groups), len(self.categories)),
                "category": list(self.categories) * len(self.groups),
                "n": people.astype(np.intp),
                "before": shares(before),
                "after": shares(after),
            }
        )


@dataclass(frozen=True, eq=False)
class Standardise:
    """Standardisation as a step; see `standardise` for what its figures mean."""

    column: str
    population: Mapping[str, float]
    over: tuple[str, ...] = ()
    where: NDArray[np.bool_] | None = None

    @property
    def title(self) -> str:
        """What it does, in a line."""
        within = f" within {listed(self.over)}" if self.over else ""
        return f"Standardisation by {self.column}{within}"

    def ready(self, sample: Sample) -> Ready:
        """The step for the rows of this sample."""
        found = self.cells(sample)
        shares = _shares(self.column, found.categories, self.population)
        size = found.outside + 1

        def change(weights: Floats, _copies: Floats) -> Change:
            held = sums_by(found.cell, weights, size)[:-1].reshape(-1, len(shares))
            _check_held(held, shares, found.groups, found.categories, column=self.column)
            wished = held.sum(axis=1)[:, None] * shares
            factor = np.divide(wished, held, out=np.ones_like(held), where=held > 0)
            return Change(weights * np.append(factor, 1.0)[found.cell])

        def calibration(before: Floats) -> Calibration:
            return Calibration(margins=((found.cell, size),), projection=before)

        return Ready(change, calibration=calibration)

    def cells(self, sample: Sample) -> _Cells:
        """The groups and categories of every row."""
        levels = sample.levels(self.column)
        group = np.zeros(len(sample), dtype=np.intp)
        names: list[str] = [""]
        for each in self.over:
            found = sample.levels(each)
            group = np.where(
                (group < 0) | (found.codes < 0), -1, group * len(found.names) + found.codes
            )
            names = [
                " ".join([name, f"{each} {code}"]).strip() for name in names for code in found.names
            ]
        among = (group >= 0) & (levels.codes >= 0)
        if self.where is not None:
            among &= self.where
        outside = len(names) * len(levels.names)
        cell = np.where(among, group * len(levels.names) + levels.codes, outside)
        return _Cells(cell.astype(np.intp), among, names, levels.names, outside)


def _shares(column: str, categories: Sequence[str], population: Mapping[str, float]) -> Floats:
    """(categories,) The make-up of the standard population."""
    unknown = [name for name in population if name not in categories]
    missing = [name for name in categories if name not in population]
    if unknown or missing:
        what = (
            f"'{unknown[0]}' is no category of it" if unknown else f"'{missing[0]}' has no number"
        )
        raise WeightingError(
            f"standard population of '{column}'", what, "Name each of its categories once."
        )
    numbers = np.array([population[name] for name in categories], dtype=np.float64)
    if not (np.isfinite(numbers) & (numbers >= 0)).all() or not numbers.sum() > 0:
        raise WeightingError(
            f"standard population of '{column}'",
            "a number is negative or infinite, or all are 0",
            "Give the numbers or shares of the standard population.",
        )
    return numbers / numbers.sum()


def _check_held(
    held: Floats,
    shares: Floats,
    groups: Sequence[str],
    categories: Sequence[str],
    *,
    column: str,
) -> None:
    """Refuse a group without one of the categories, and people in one that the standard has not."""
    lacking = (held == 0) & (shares > 0) & (held.sum(axis=1) > 0)[:, None]
    if lacking.any():
        where, what = (int(each[0]) for each in np.nonzero(lacking))
        raise WeightingError(
            f"standardisation over {groups[where] or 'the sample'}",
            f"nobody is in '{categories[what]}' of '{column}'",
            "Merge categories, or groups, until each group has all of them.",
        )
    if (held[:, shares == 0] > 0).any():
        raise WeightingError(
            f"standard population of '{column}'",
            "it has nobody in a category that the sample has people in",
            "Leave those rows out with `where`, or merge the category.",
        )
