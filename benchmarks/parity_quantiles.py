"""Reference cases of how answers are spread: svyquantile, svyvar."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from parity_cases import Case, check_words, formula_columns
from parity_design import Asked
from parity_expression import Unsupported

from survey_kit.estimation.quantile import QuantileInterval, Quantiles, quantile
from survey_kit.estimation.quantile_rules import ROUNDING, Rule
from survey_kit.estimation.variances import variances

STEPWISE = {"math", "school", "hf1", "hf2", "hf3", "hf4"}
"""Rules for which it matters whether a step ends at p exactly."""

Numbers = NDArray[np.float64]


def quantiles(case: Case, asked: Asked) -> Any:
    """svyquantile."""
    known = {"y", "quantiles", "interval_type", "qrule", "na_rm", "alpha", "df"}
    check_words(case, known, {"quantiles", "ci", "se", "interval.type", "qrule", "alpha", "df"})
    op = case["op"]
    rule: Rule = op.get("qrule") or "math"
    interval: QuantileInterval = op.get("interval_type") or "mean"
    if interval == "quantile":
        interval = "replicates"
    elif asked.sample.replicates is not None and interval != "mean":
        raise Unsupported("R's quantiles of replicates take the interval of the mean all the same")
    if rule not in get_args(Rule) or interval not in get_args(QuantileInterval):
        raise Unsupported(f"quantiles by {rule} with the interval {interval}")
    df = op.get("df")
    if df is not None and interval == "beta":
        raise Unsupported("R's beta interval takes the design's degrees of freedom all the same")
    at = [op["quantiles"]] if isinstance(op["quantiles"], float | int) else op["quantiles"]
    given = formula_columns(asked, [op["y"]] if isinstance(op["y"], str) else op["y"], case)
    found = quantile(
        given.asked.sample,
        given.columns,
        at,
        where=given.asked.where,
        rule=rule,
        interval=interval,
        level=1 - op.get("alpha", 0.05),
        df=None if df is None else float(df),
    )
    _refuse_luck(given.asked, given.columns, found, rule, interval)
    table = np.column_stack([found.value, found.low, found.high, found.standard_error])
    parts = np.split(table, len(given.columns))
    return {
        "quantiles": {name: part.tolist() for name, part in zip(given.names, parts, strict=True)},
        "degf": asked.sample.degrees_of_freedom(asked.where),
    }


def _refuse_luck(
    asked: Asked, columns: tuple[str, ...], found: Quantiles, rule: str, interval: str
) -> None:
    """Refuse cases in which R's answer is an accident of rounding, or of its search.

    R compares sums of weights with p without allowing for rounding, and below the share of
    the smallest value it answers with the second smallest.
    """
    data = asked.sample.data[list(columns)]
    rows = data.notna().all(axis=1).to_numpy(dtype=bool)
    if asked.where is not None:
        rows = rows & asked.where
    weights = asked.sample.weights[rows]
    if interval == "score" and (weights != weights[0]).any():
        raise Unsupported("R looks an unweighted share up among weighted values")
    certain = (found.low == found.value) & (found.high == found.value)
    if certain.any() and rule not in {"math", "hf1", "hf3", "shahvaish"}:
        raise Unsupported("R has an interval where the share has no error")
    if rule not in STEPWISE:
        return
    for place, (name, at) in enumerate(zip(found.names, found.at, strict=True)):
        values = pd.Series(data.loc[rows, name[-1]]).to_numpy(dtype=float)
        order = np.argsort(values, kind="stable")
        shares = [at]
        if interval == "score":
            ends = np.array([found.low[place], found.high[place]])
            shares += [float((values <= end).mean()) for end in ends]
        for p in shares:
            if _by_luck(weights[order], weights, float(p)):
                raise Unsupported("rounding decides in R whether a step ends at the share")
        if values[order][1] > values[order][0] and np.any(
            [value == values[order][0] for value in (found.value[place], found.low[place])]
        ):
            raise Unsupported("R has the second smallest value where the smallest is meant")


def _by_luck(ordered: Numbers, weights: Numbers, p: float) -> bool:
    """Whether a step ends at p, but not in R's arithmetic: 80 bits, rounded to 64."""
    upto = np.cumsum(ordered, dtype=np.longdouble).astype(np.float64)
    whole = np.float64(weights.sum(dtype=np.longdouble))
    step = int(np.argmin(np.abs(upto / whole - p)))
    if abs(upto[step] / whole - p) > ROUNDING:
        return False
    return not (upto[step] <= p * whole and p - upto[step] / whole == 0)


def spread(case: Case, asked: Asked) -> Any:
    """svyvar."""
    check_words(case, {"y", "na_rm"}, set())
    y = case["op"]["y"]
    given = formula_columns(asked, [y] if isinstance(y, str) else y, case)
    rows = slice(None) if asked.where is None else asked.where
    if given.asked.sample.data.loc[rows, list(given.columns)].isna().to_numpy().any():
        raise Unsupported("variance with missing values: R counts their rows as answered")
    found = variances(given.asked.sample, given.columns, where=given.asked.where)
    k = len(given.columns)
    return {
        "var": found.value.reshape(k, k).tolist(),
        "se": found.standard_error.tolist(),
    }


HANDLERS: dict[str, Callable[[Case, Asked], Any]] = {"svyquantile": quantiles, "svyvar": spread}
