"""Reference cases of intervals of shares: svyciprop, by itself or by groups."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from parity_cases import Case, Columns, check_words, formula_columns
from parity_design import Asked
from parity_expression import Unsupported
from parity_profile import read_as_r
from scipy import special

from survey_kit.estimation.estimate import Estimate, estimate
from survey_kit.estimation.intervals import Method
from survey_kit.estimation.models.family import BINOMIAL
from survey_kit.estimation.models.regression import Regression, regression
from survey_kit.estimation.statistics.mean import MEAN

METHODS: dict[str, Method] = {
    "mean": "wald",
    "beta": "beta",
    "logit": "logit",
    "xlogit": "xlogit",
    "asin": "asin",
}
NEAR = 0.02
"""How far R's reading of its profile may be from ours."""


def by_groups(case: Case, asked: Asked, by: list[str]) -> Any:
    op = case["op"]
    given = formula_columns(asked, op["y"], case)
    found = estimate(MEAN, given.asked.sample, given.columns, by=by, where=given.asked.where)
    groups = [".".join(name[:-1]) for name in found.names]
    order = [groups.index(str(group)) for group in case["result"]["by"]]
    low, high = _ciprop_interval(case, found, given)
    return {
        "by": case["result"]["by"],
        "coef": found.value[order].tolist(),
        "lower": low[order].tolist(),
        "upper": high[order].tolist(),
    }


def _ciprop_interval(case: Case, found: Estimate, given: Columns) -> tuple[Any, Any]:
    op = case["op"]
    said = op.get("method") or "logit"
    if said == "likelihood":
        return _profiled(case, found, given)
    if said not in METHODS:
        raise Unsupported(f"interval of method {said}")
    method = METHODS[said]
    if method == "logit" and given.asked.sample.replicates is not None:
        return _of_regression(case, found, given)
    if method == "beta":
        found = replace(found, n=_rows_by_group(found, given, case))
    df = op.get("df")
    if df is None or method == "beta":
        # R's beta interval takes the design's own degrees of freedom whatever it is given
        freedom: Any = None if method != "wald" else found.own_df
        found = replace(found, df=freedom) if method == "wald" else found
        return found.interval(op.get("level", 0.95), method)
    return found.interval(op.get("level", 0.95), method, df=float(df))


def _profiled(case: Case, found: Estimate, given: Columns) -> tuple[Any, Any]:
    """R's likelihood interval, read as R reads it; ours is held against it as well."""
    op = case["op"]
    df = float(op["df"]) if op.get("df") is not None else None
    level = op.get("level", 0.95)
    low, high = found.interval(level, "likelihood", df=df)
    models = [_share_model(found, given, place, case) for place in range(len(found.value))]
    read = [
        read_as_r(model, own if df is None else df, level)
        for model, own in zip(models, found.own_df, strict=True)
    ]
    for ours, theirs in zip(zip(low, high, strict=True), read, strict=True):
        if not np.allclose(ours, theirs, rtol=NEAR, atol=NEAR):
            raise Unsupported("a spline of R's that leaves the profile")
    lows, highs = (np.array(each) for each in zip(*read, strict=True))
    return lows, highs


def _of_regression(case: Case, found: Estimate, given: Columns) -> tuple[Any, Any]:
    """R's logit interval: that of the intercept of a regression, which replicates move."""
    op = case["op"]
    df = op.get("df")
    ends = []
    for place, own in enumerate(found.own_df):
        share = _share_model(found, given, place, case).coefficients
        freedom = float(own if df is None else df)
        low, high = share.interval(op.get("level", 0.95), df=freedom)
        ends.append((special.expit(low[0]), special.expit(high[0])))
    lows, highs = (np.array(each) for each in zip(*ends, strict=True))
    return lows, highs


def _share_model(found: Estimate, given: Columns, place: int, case: Case) -> Regression:
    """The share of one group as a regression with nothing but an intercept."""
    if len(given.columns) != 1:
        raise Unsupported("intervals of several columns")
    inside = _group_rows(found, given, place, case)
    formula = f"`{given.columns[0]}` ~ 1"
    return regression(formula, given.asked.sample, family=BINOMIAL, where=inside)


def _group_rows(found: Estimate, given: Columns, place: int, case: Case) -> Any:
    """(n,) bool. The rows of one group, also those without an answer."""
    data = given.asked.sample.data
    inside = np.ones(len(data), dtype=bool)
    if given.asked.where is not None:
        inside &= given.asked.where
    by = case["op"].get("by") or []
    for column, level in zip([by] if isinstance(by, str) else by, found.names[place], strict=False):
        inside &= (data[column].astype(str) == level).to_numpy()
    return inside


def _rows_by_group(found: Estimate, given: Columns, case: Case) -> Any:
    """(k,) Rows of each group: R's beta interval counts also those without an answer."""
    return np.array([_group_rows(found, given, at, case).sum() for at in range(len(found.value))])


def proportion(case: Case, asked: Asked) -> Any:
    """svyciprop."""
    check_words(case, {"y", "method", "level", "df", "na_rm"}, {"method", "level", "df"})
    y = case["op"]["y"]
    given = formula_columns(asked, [y] if isinstance(y, str) else y, case)
    if len(given.columns) != 1:
        raise Unsupported("a proportion of categories")
    found = estimate(MEAN, given.asked.sample, given.columns, where=given.asked.where)
    low, high = _ciprop_interval(case, found, given)
    return {
        "coef": float(found.value[0]),
        "se": float(found.standard_error[0]),
        "degf": found.df,
        "ci95": {"lower": float(low[0]), "upper": float(high[0])},
    }


HANDLERS: dict[str, Callable[[Case, Asked], Any]] = {"svyciprop": proportion}
