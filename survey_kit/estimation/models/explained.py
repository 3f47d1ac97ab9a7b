r"""How much a model explains: pseudo-R² of Cox and Snell, and of Nagelkerke.

.. math:: R^2_{CS} = 1 - e^{(D_1 - D_0)/N}, \qquad R^2_N = R^2_{CS} / (1 - e^{-D_0/N})

with the deviances of the model and of the empty one for weights that average 1 (Lumley 2017,
Biometrika 104:1-10, for what they estimate in a population).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from survey_kit.design.shown import Shown, Table, of_frame
from survey_kit.errors import EstimationError
from survey_kit.estimation.models.regression import Regression


@dataclass(frozen=True, repr=False)
class PseudoRSquared(Shown):
    """Between 0 and 1; `nagelkerke` can reach 1 where `cox_snell` cannot.

    formula, n, design
        The model, the rows it rests on, and how they came about.
    """

    cox_snell: float
    nagelkerke: float
    formula: str = ""
    n: int = 0
    design: str = ""

    @property
    def frame(self) -> pd.DataFrame:
        """One row for each of the two."""
        return pd.DataFrame(
            {"name": ["Cox and Snell", "Nagelkerke"], "value": [self.cox_snell, self.nagelkerke]}
        )

    def shown(self) -> Table:
        """Both, with their base."""
        under = [f"n = {self.n:,}; no interval is known for either", self.design]
        return of_frame(self.frame, title=f"Pseudo-R² of {self.formula}", under=under)


def pseudo_r_squared(model: Regression) -> PseudoRSquared:
    """Of a model of shares or counts.

    Raises
    ------
    EstimationError
        If the outcome is neither.
    """
    if not model.family.counts:
        raise EstimationError(
            f"pseudo-R² of {model.formula}",
            f"it is for shares and counts, and the family is {model.family.name}",
            "For a mean, compare the dispersion with the variance of the outcome.",
        )
    asked = model.sample.weights if model.where is None else model.sample.weights[model.where]
    n = float(model.sample.weights[model.used].sum() / asked.mean())
    cox_snell = 1 - math.exp((model.deviance - model.null_deviance) / n)
    return PseudoRSquared(
        cox_snell,
        cox_snell / (1 - math.exp(-model.null_deviance / n)),
        formula=model.formula,
        n=int(model.used.sum()),
        design=model.coefficients.design,
    )
