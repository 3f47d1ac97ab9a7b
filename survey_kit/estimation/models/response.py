"""How likely people are to answer, by logistic regression: for `weighting.nonresponse.Propensity`.

The model is fitted with the weights that people have so far, and fitted again in each
replicate, so that a variance knows that propensities were estimated.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from survey_kit.design.faults import rows
from survey_kit.design.sample import Sample
from survey_kit.errors import EstimationError, WeightingError
from survey_kit.estimation.models import formula as formulas
from survey_kit.estimation.models.family import BINOMIAL
from survey_kit.estimation.models.reweighted import Task
from survey_kit.estimation.statistic import Floats


@dataclass(frozen=True)
class LogisticResponse:
    """A logistic model of who answered.

    predictors
        The right-hand side of a formula, of columns known of everybody: "camp + age".
    """

    predictors: str

    @property
    def title(self) -> str:
        """In a few words."""
        return f"logistic model of {self.predictors}"

    def fitted(self, sample: Sample, answered: NDArray[np.bool_]) -> Callable[[Floats], Floats]:
        """(n,) weights, 0 for rows a replicate left out -> (n,) propensities.

        Raises
        ------
        EstimationError
            If the formula cannot be read, or a predictor follows from others.
        WeightingError
            If a predictor is missing anywhere; when fitted, if the model does not settle.
        """
        used = formulas.rows_used(sample, [self.predictors], None)
        if not used.all():
            raise WeightingError(
                f"response model '{self.predictors}'",
                f"a predictor is missing in {rows(sample.data, ~used)}",
                "Use what is known of everybody who was drawn.",
            )
        x = formulas.predictors(self.predictors, sample, used).matrix
        kind = BINOMIAL.with_link(None)
        y = answered.astype(np.float64)
        task = Task(f"answered ~ {self.predictors}", x, y, np.zeros(len(y)), BINOMIAL, kind)

        def propensities(weights: Floats) -> Floats:
            there = weights > 0
            held = replace(task, x=x[there], y=y[there], shift=np.zeros(int(there.sum())))
            try:
                found = held.fit(weights[there] / weights[there].mean())
            except EstimationError as error:
                fault = error.faults[0]
                raise WeightingError(
                    f"response model '{self.predictors}'", fault.what, fault.remedy
                ) from error
            return np.asarray(kind.link.inverse(x @ found.beta), dtype=np.float64)

        return propensities
