"""A statistic: a number computed from a weighted sample.

    θ̂(w) = the value, for weights w
    z_i  = ∂θ̂ / ∂w_i, the influence of row i

The variance of any smooth statistic is, to first order, the variance of the *total*
Σ w_i z_i (Demnati and Rao 2004, "Linearization variance estimators for survey data",
Survey Methodology 30:17-26). So a statistic is two short functions, and a method of
variance estimation needs to know only how to treat a total. With k statistics and m
methods there are k + m things to write, not k × m.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]


class Over(Enum):
    """What Σ w y is divided by, where a statistic is no more than that."""

    NOTHING = "nothing"
    WEIGHTS = "weights"
    SECOND = "the sum of the second column"


@dataclass(frozen=True)
class Statistic:
    """A number computed from one row of values for each respondent.

    value
        (n, columns) data, (n,) weights -> the number.
    influence
        (n, columns) data, (n,) weights -> (n,) its derivative by each weight.
    over
        Where it is Σ w y over something: what. It can then be had from sums alone.
    total
        Whether it counts the population: grows with the weights. Refused of samples that stand
        for nobody but their respondents.
    """

    name: str
    columns: int
    value: Callable[[Floats, Floats], float]
    influence: Callable[[Floats, Floats], Floats]
    over: Over | None = None
    total: bool = False
