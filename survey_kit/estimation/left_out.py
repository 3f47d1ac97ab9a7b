"""Numbers, and what each would be without each of many units: their range, and what moves them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.design.design import Sampling
from survey_kit.design.shown import Shown, Table, of_frame
from survey_kit.design.stage import Integers
from survey_kit.design.wording import wording
from survey_kit.errors import EstimationError
from survey_kit.estimation.statistic import Floats


@dataclass(frozen=True, eq=False, repr=False)
class LeaveOneOut(Shown):
    """k numbers, and what each would be without each of m units.

    names
        As those of an `Estimate`: the groups each number belongs to, then its code or column.
    value
        (k,) With everybody; NaN for a group that nobody is in.
    unit
        What was left out, one at a time: the name of a column.
    left_out
        (m,) The units.
    without
        (m, k) The numbers without each unit; NaN where it was all there is.
    held
        (m, k) How many rows of the base the unit holds.
    sampling, design
        How people were chosen, which decides what may be said, and one line that says so.
    """

    names: tuple[tuple[str, ...], ...]
    value: Floats
    unit: str
    left_out: tuple[str, ...]
    without: Floats
    held: Integers
    sampling: Sampling
    design: str = ""

    @cached_property
    def change(self) -> Floats:
        """(m, k) By how much each number changes when a unit is left out."""
        return self.without - self.value

    @cached_property
    def range(self) -> tuple[Floats, Floats]:
        """(k,) each: the smallest and the largest that a number becomes; NaN where it is none."""
        known = ~np.isnan(self.without)
        low = np.where(known, self.without, np.inf).min(axis=0, initial=np.inf)
        high = np.where(known, self.without, -np.inf).max(axis=0, initial=-np.inf)
        some = known.any(axis=0)
        return np.where(some, low, np.nan), np.where(some, high, np.nan)

    def contrast(self, weights: NDArray[np.floating], names: Sequence[str] = ()) -> LeaveOneOut:
        """Sums of the numbers, each times a weight, without each unit: a difference, an average.

        Parameters
        ----------
        weights
            (k,) or (c, k).
        """
        rows = np.atleast_2d(np.asarray(weights, dtype=np.float64))
        if rows.shape[1] != len(self.value):
            raise EstimationError(
                "contrast",
                f"there are {rows.shape[1]} weights for {len(self.value)} numbers",
                "Give one weight for each number, 0 for those that play no part.",
            )
        used = (rows != 0).T
        labels = tuple(names) or tuple(str(number + 1) for number in range(len(rows)))

        def added(numbers: Floats) -> Floats:
            lacking = np.isnan(numbers).astype(np.float64) @ used > 0
            return np.where(lacking, np.nan, np.nan_to_num(numbers) @ rows.T)

        return LeaveOneOut(
            names=tuple(("", label) for label in labels),
            value=added(self.value[None])[0],
            unit=self.unit,
            left_out=self.left_out,
            without=added(self.without),
            held=(self.held @ used.astype(np.intp)).astype(np.intp),
            sampling=self.sampling,
            design=self.design,
        )

    def difference(self, first: tuple[str, ...], second: tuple[str, ...]) -> LeaveOneOut:
        """The number of one name less that of another, without each unit."""
        weights = np.zeros(len(self.value))
        for name, sign in ((first, 1.0), (second, -1.0)):
            if name not in self.names:
                raise EstimationError(
                    "difference",
                    f"there is no number called {_words(name)}",
                    f"They are: {', '.join(_words(each) for each in self.names)}.",
                )
            weights[self.names.index(name)] += sign
        label = f"{_words(first)} - {_words(second)}"
        return self.contrast(weights, [label])

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row for each number: value, range, and what was left out at either end."""
        low, high = self.range
        return pd.DataFrame(
            {
                **_labels(self.names),
                "value": self.value,
                "low": low,
                "high": high,
                "low_without": self._at(low),
                "high_without": self._at(high),
            }
        )

    def most_influential(self, number: int = 5) -> pd.DataFrame:
        """The units that move each number most, the furthest first; equal ones in their order.

        Returns
        -------
        DataFrame
            names, "without" (the unit), "n" (its rows in the base), "value" (of the number
            without it) and "change". A unit without which there is no number comes first.
        """
        parts: list[pd.DataFrame] = []
        for place, name in enumerate(self.names):
            held = np.flatnonzero(self.held[:, place] > 0)
            reach = np.abs(self.change[held, place])
            reach = np.where(np.isnan(reach), np.inf, reach)
            chosen = held[np.argsort(-reach, kind="stable")[:number]]
            parts.append(
                pd.DataFrame(
                    {
                        **_labels([name] * len(chosen)),
                        "without": [self.left_out[unit] for unit in chosen],
                        "n": self.held[chosen, place],
                        "value": self.without[chosen, place],
                        "change": self.change[chosen, place],
                    }
                )
            )
        return pd.concat(parts, ignore_index=True)

    def _at(self, end: Floats) -> list[str]:
        """Without which unit each number comes to this end of its range."""
        found: list[str] = []
        for place, value in enumerate(end):
            met = np.flatnonzero(self.without[:, place] == value)
            found.append(self.left_out[int(met[0])] if len(met) else "")
        return found

    def shown(self) -> Table:
        """Every number with its range, and without what it comes to either end."""
        table = self.frame
        if not any(part for name in self.names for part in name[:-1]):
            table = table.drop(columns=[each for each in table if str(each).startswith("group")])
        table = table.assign(n=self.held.sum(axis=0))
        said = wording(self.sampling, 0, "")
        of_whom = [] if said.may_generalise else [f"Numbers are {said.share}, not of all people."]
        return of_frame(
            table,
            under=[
                f"low, high: range as each {self.unit} is left out, {len(self.left_out):,} in turn",
                *([self.design] if self.design else []),
                *of_whom,
            ],
        )


def _labels(names: Sequence[tuple[str, ...]]) -> dict[str, list[str]]:
    """Columns of names: the groups, then the number."""
    groups = len(names[0]) - 1 if names else 0
    found = {
        f"group {part + 1}" if part else "group": [name[part] for name in names]
        for part in range(groups)
    }
    return {**found, "name": [name[-1] for name in names]}


def _words(name: tuple[str, ...]) -> str:
    return " × ".join(part for part in name if part)
