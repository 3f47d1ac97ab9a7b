"""What a weighting did: margins before and after, and what the weights cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from survey_kit.design.stage import Floats, sums_by
from survey_kit.weighting.kish import design_effect_of_weights, effective_size, variation
from survey_kit.weighting.targets import Target


@dataclass(frozen=True, eq=False)
class WeightReport:
    """Diagnostics of weights.

    margins
        One row a category: variable, category, n, and the shares before, after and
        target.
    n, total
        Rows, and the sum of their weights.
    effective_size, design_effect, variation
        After Kish: what the rows are worth, what the weights cost, and the coefficient of
        variation of the weights.
    smallest, largest
        Of the weights, relative to their mean.
    iterations, gap
        Rounds it took, and the largest relative difference that is left between a margin
        and its target.
    """

    margins: pd.DataFrame
    n: int
    total: float
    effective_size: float
    design_effect: float
    variation: float
    smallest: float
    largest: float
    iterations: int
    gap: float

    @property
    def sentence(self) -> str:
        """What the weights cost, in a line."""
        return (
            f"{self.n:,} rows that weigh {self.total:,.6g}; effective size "
            f"{self.effective_size:,.1f}, design effect {self.design_effect:.3g}; weights "
            f"{self.smallest:.3g} to {self.largest:.3g} times their mean; largest gap {self.gap:.1g}"
        )

    def __repr__(self) -> str:
        table = self.margins.to_string(index=False, float_format="{:.3f}".format)
        return f"{table}\n\n{self.sentence}"

    def html(self) -> str:
        """The margins, and what the weights cost."""
        table = self.margins.to_html(index=False, float_format="{:.3f}".format)
        return f"{table}<p>{self.sentence}</p>"

    def _repr_html_(self) -> str:
        return self.html()


def report(
    before: Floats, after: Floats, targets: Sequence[Target], *, iterations: int, gap: float
) -> WeightReport:
    """Compare weights before and after with what they should add up to."""
    return WeightReport(
        margins=margins_table(targets, np.ones(len(before)), before, after),
        n=len(after),
        total=float(after.sum()),
        effective_size=effective_size(after),
        design_effect=design_effect_of_weights(after),
        variation=variation(after),
        smallest=float(after.min() / after.mean()),
        largest=float(after.max() / after.mean()),
        iterations=iterations,
        gap=gap,
    )


def margins_table(
    targets: Sequence[Target], people: Floats, before: Floats, after: Floats
) -> pd.DataFrame:
    """One row a category: how many, and the shares before, after and wanted.

    Parameters
    ----------
    people, before, after
        Of each entry that the targets have a code of: its rows and their weights.
    """
    columns = ["variable", "category", "n", "before", "after", "target"]
    if not targets:
        return pd.DataFrame(columns=columns)
    sizes = [len(target.categories) for target in targets]

    def sums(values: Floats) -> Floats:
        each = zip(targets, sizes, strict=True)
        return np.concatenate([sums_by(target.codes, values, size) for target, size in each])

    found = (
        np.repeat([target.variable for target in targets], sizes),
        [category for target in targets for category in target.categories],
        sums(people).astype(np.intp),
        sums(before) / before.sum(),
        sums(after) / after.sum(),
        np.concatenate([target.totals / target.totals.sum() for target in targets]),
    )
    return pd.DataFrame(dict(zip(columns, found, strict=True)))
