"""What would overturn a difference: the numbers, and the sentence that stands beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from survey_kit.design.design import Sampling
from survey_kit.design.shown import Shown, Table, of_frame
from survey_kit.design.wording import wording


@dataclass(frozen=True, repr=False)
class SelectionEffect(Shown):
    """A difference, and what would overturn it.

    what
        The numbers that are compared, in words.
    difference
        The first share less the second, or less the threshold.
    vanishes
        How many times as likely to be in the sample people who say so must be, in one group,
        for the difference to be nothing; at least 1, infinite where no effect would do.
    vanishes_in_both
        The same where it acts in both groups, for in one and against in the other; NaN for a
        threshold.
    interval_holds_none
        The same, in whichever group takes less, for the interval of the difference to hold 0;
        1 if it does already. NaN where there is no interval: see `Estimate.modelled`.
    detectable
        The smallest difference that a sample with this standard error, drawn by chance, would
        find with the power asked for.
    level, power
        Of the interval, and of `detectable`.
    tag
        "exploratory" where people were not drawn by chance, otherwise "".
    sampling, n, design
        How people were chosen, which decides what may be said; the smaller of the bases; and one
        line that says how the numbers came about.
    """

    what: str
    difference: float
    vanishes: float
    vanishes_in_both: float
    interval_holds_none: float
    detectable: float
    level: float
    power: float
    tag: str
    sampling: Sampling
    n: int = 0
    design: str = ""

    @property
    def frame(self) -> pd.DataFrame:
        """One row: the difference, and each effect that would overturn it."""
        return _frame([self])

    def shown(self) -> Table:
        """What would overturn the difference, and the sentence that says so."""
        kept = self.frame.drop(columns=["tag"]).dropna(axis=1)
        return of_frame(kept, title=self.sentence, under=_under(self))

    @property
    def sentence(self) -> str:
        """The line that stands beside the difference."""
        said = f"{self.what}: {100 * self.difference:+.1f} points"
        tag = f" ({self.tag})" if self.tag else ""
        if self.difference == 0:
            return f"{said}{tag}."
        if np.isinf(self.vanishes):
            told = "no effect of selection within one group would undo the difference"
        else:
            told = (
                "it would be nothing if in one group saying so changed the chance of being in the "
                f"sample {self.vanishes:.1f}-fold"
            )
        held = self.interval_holds_none
        often = (
            "" if np.isnan(held) or np.isinf(held) else f" (within its interval {held:.1f}-fold)"
        )
        return f"{said}{tag}; {told}{often}{self._reach()}."

    def _reach(self) -> str:
        """What such a sample finds, in words."""
        if np.isnan(self.detectable):
            return ""
        if self.detectable > 1:
            return "; such a sample, drawn by chance, finds no difference reliably"
        return (
            f"; such a sample, drawn by chance, finds {100 * self.detectable:.1f} points or more "
            f"{100 * self.power:g} times of 100"
        )


@dataclass(frozen=True, eq=False, repr=False)
class SelectionEffects(Shown):
    """What would overturn every difference of a table.

    frame
        See `selection_effects`. A column of it may be asked of this itself.
    """

    frame: pd.DataFrame
    each: tuple[SelectionEffect, ...]

    def __getitem__(self, column: str) -> pd.Series:
        return self.frame[column]

    def __len__(self) -> int:
        return len(self.frame)

    def shown(self) -> Table:
        """Every difference."""
        table = self.frame.drop(columns=["tag"], errors="ignore")
        return of_frame(table, under=_under(self.each[0]) if self.each else ())


def _frame(effects: Sequence[SelectionEffect]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "what": [each.what for each in effects],
            "difference": [each.difference for each in effects],
            "vanishes": [each.vanishes for each in effects],
            "vanishes_in_both": [each.vanishes_in_both for each in effects],
            "interval_holds_none": [each.interval_holds_none for each in effects],
            "detectable": [each.detectable for each in effects],
            "tag": [each.tag for each in effects],
        }
    )


def _under(effect: SelectionEffect) -> list[str]:
    """The lines that say what the columns are, and of whom the numbers are."""
    said = wording(effect.sampling, 0, "")
    of_whom = [] if said.may_generalise else [f"{effect.tag.capitalize()}: {said.share}."]
    base = [f"smallest base n = {effect.n:,}"] if effect.n else []
    return [
        "vanishes: how many times as likely to be met those who say so must be, in one group",
        *base,
        *([effect.design] if effect.design else []),
        *of_whom,
    ]


def words_of(name: tuple[str, ...]) -> str:
    """A name of an estimate, in words."""
    return " × ".join(part for part in name if part)
