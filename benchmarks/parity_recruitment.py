"""Reference cases of respondent-driven samples: closed forms, worked out in R.

The results go by several names there; what has a name that is not known here makes the case
unsupported.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from parity_cases import Case, check_words
from parity_design import Asked
from parity_expression import Unsupported, evaluate

from survey_kit.design.design import Design, Sampling
from survey_kit.design.sample import Sample
from survey_kit.estimation.estimate import estimate
from survey_kit.estimation.recruitment.estimators import rds_ii
from survey_kit.estimation.statistics.mean import MEAN
from survey_kit.weighting.kish import design_effect_of_weights, effective_size

ESTIMATE = ("est", "estimate", "coef", "mean", "p", "prop", "proportion", "rds_ii", "rdsii", "rds2")
PLAIN = ("naive", "raw", "sample", "sample_mean", "unweighted")
DEGREE = ("degree", "degrees", "d", "deg")


def volz_heckathorn(case: Case, asked: Asked) -> Any:
    """Σ y/d / Σ 1/d, by whatever names the case gives it."""
    op, wanted = case["op"], case["result"]
    value = wanted.get("value", wanted)
    names = set(value) if isinstance(value, dict) else set()
    check_words(case, {"y", "na_rm", *DEGREE}, {*names, *ESTIMATE, *PLAIN})
    degree = next((op[name] for name in DEGREE if op.get(name)), None)
    if degree is None or not op.get("y"):
        raise Unsupported("no degree, or nothing to estimate")
    variables = op["y"] if isinstance(op["y"], list) else [op["y"]]
    data = asked.sample.data if asked.where is None else asked.sample.data[asked.where]
    known = evaluate(_one(degree), data).to_numpy(dtype=float)
    found = {name: _of(evaluate(name, data).to_numpy(dtype=float), known) for name in variables}
    named = (
        found[variables[0]]
        if len(variables) == 1
        else {
            word: {name: each[word] for name, each in found.items()} for word in found[variables[0]]
        }
    )
    if not isinstance(value, dict):
        named = named["est"]
    elif len(variables) == 1:
        named = {
            key: {variables[0]: each} if isinstance(value.get(key), dict) else each
            for key, each in named.items()
        }
    return {"value": named} if "value" in wanted else named


def _of(y: Any, degree: Any) -> dict[str, float]:
    """Everything that a closed form may be asked for."""
    there = ~np.isnan(y)
    y, degree = y[there], degree[there]
    weights = 1 / degree
    frame = pd.DataFrame({"y": y, "weight": weights})
    linear = estimate(MEAN, Sample(frame, Design(Sampling.RDS, weight="weight")), ["y"])
    return {
        **dict.fromkeys(ESTIMATE, rds_ii(y, degree)),
        **dict.fromkeys(PLAIN, float(y.mean())),
        "se": float(linear.standard_error[0]),
        "n": float(len(y)),
        "mean_degree": float(degree.mean()),
        "harmonic_mean_degree": len(degree) / float(weights.sum()),
        "deff_kish": design_effect_of_weights(weights),
        "ess": effective_size(weights),
    }


def _one(name: Any) -> str:
    return str(name[0] if isinstance(name, list) else name)


HANDLERS: dict[str, Callable[[Case, Asked], Any]] = {"rds_ii": volz_heckathorn}
