"""A test as it is shown: what was compared, its numbers, of how many people, drawn how.

p alone says nothing. Whoever prints a test, or shows it in a notebook, sees of what and of whom
it is, the line of the design that stands under every estimate, and, where nobody was drawn by
chance, what p then assumes.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from survey_kit.design.design import Sampling
from survey_kit.estimation.shown import Shown, Table, of_frame, said_of_tests


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Tested(Shown):
    """What every test knows of itself.

    compared
        In words, such as "'litres' by 'region'".
    n
        How many people it is of, unweighted.
    design
        One line that says how they were drawn; see `design_line`.
    sampling
        How people were chosen, which decides what may be said: see `survey_kit.design.wording`.
    """

    compared: str = ""
    n: int = 0
    design: str = ""
    sampling: Sampling | None = None

    @property
    @abstractmethod
    def title(self) -> str:
        """What the test is called."""

    @property
    @abstractmethod
    def numbers(self) -> dict[str, float]:
        """Statistic, degrees of freedom and p, by their names; infinite ones are not shown."""

    @property
    def frame(self) -> pd.DataFrame:
        """One row: statistic, degrees of freedom, p and base."""
        return pd.DataFrame([{**self.numbers, "n": self.n}])

    def shown(self) -> Table:
        """The numbers; what was compared stands above them, base and design below."""
        title = f"{self.title}: {self.compared}" if self.compared else self.title
        shown = {name: each for name, each in self.numbers.items() if not np.isinf(each)}
        base = [*self.lines, f"n = {self.n:,}"]
        return of_frame(
            pd.DataFrame([shown]),
            title=title,
            under=under_a_test(base, self.design, self.sampling),
        )

    @property
    def lines(self) -> tuple[str, ...]:
        """What else stands under it."""
        return ()


def under_a_test(base: Sequence[str], design: str, sampling: Sampling | None) -> list[str]:
    """The lines under a test: of how many, drawn how, and what p assumes."""
    return [*base, *([design] if design else []), *said_of_tests(sampling)]
