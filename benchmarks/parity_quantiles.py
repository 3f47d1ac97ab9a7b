"""Reference cases of how answers are spread: svyquantile, svyvar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from parity_cases import Case, check_words, formula_columns
from parity_design import Asked
from parity_expression import Unsupported
from parity_score import score_ends
from scipy import stats

from survey_kit.estimation.correlation import correlations
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
    if interval == "score":
        found = _scored_as_r(given.asked, found, rule, op.get("alpha", 0.05))
    table = np.column_stack([found.value, found.low, found.high, found.standard_error])
    parts = np.split(table, len(given.columns))
    return {
        "quantiles": {name: part.tolist() for name, part in zip(given.names, parts, strict=True)},
        "degf": asked.sample.degrees_of_freedom(asked.where),
    }


def by_groups(case: Case, asked: Asked, by: list[str]) -> Any:
    """Quantiles of one column; the degrees of freedom are those of the group, as in R."""
    op = case["op"]
    given = formula_columns(asked, op["y"], case)
    if len(given.columns) != 1:
        raise Unsupported("svyby of quantiles of several columns")
    at = op.get("quantiles", 0.5)
    shares = [at] if isinstance(at, float | int) else list(at)
    rule: Rule = op.get("qrule") or "math"
    interval: QuantileInterval = op.get("interval_type") or "mean"
    found = quantile(
        given.asked.sample,
        given.columns,
        shares,
        by=by,
        where=given.asked.where,
        rule=rule,
        interval=interval,
    )
    for level in range(0, len(found.names), len(shares)):
        inside = np.ones(len(given.asked.sample), dtype=bool)
        for column, name in zip(by, found.names[level], strict=False):
            inside &= (given.asked.sample.data[column].astype(str) == name).to_numpy()
        if given.asked.where is not None:
            inside &= given.asked.where
        part = _part(found, slice(level, level + len(shares)))
        if inside.any():
            here = Asked(given.asked.sample, inside)
            _refuse_luck(here, given.columns, part, rule, interval)
    groups = [".".join(name[:-1]) for name in found.names[:: len(shares)]]
    wanted = case["result"]["by"]
    rows = (
        wanted
        if isinstance(wanted, list)
        else list(map(".".join, zip(*wanted.values(), strict=True)))
    )
    order = [groups.index(str(group)) for group in rows]

    def shaped(values: Any) -> Any:
        table = values.reshape(len(groups), len(shares))[order]
        return table.T.ravel().tolist() if flat else table.tolist()

    flat = len(shares) == 1 or len(case["result"].get("coef") or []) == found.value.size
    as_table = isinstance(case["result"].get("value"), dict)
    parts = np.column_stack(
        [found.value.reshape(len(groups), -1)[order]]
        + ([found.standard_error.reshape(len(groups), -1)[order]] if as_table else [])
    )
    return {
        "by": wanted,
        "n_groups": len(rows),
        "coef": shaped(found.value),
        "value": parts.tolist(),
        "se": shaped(found.standard_error),
        "lower": shaped(found.low),
        "upper": shaped(found.high),
    }


def _scored_as_r(asked: Asked, found: Quantiles, rule: Rule, alpha: float) -> Quantiles:
    """Score intervals looked up as R does; see `parity_score`."""
    columns = list(dict.fromkeys(name[-1] for name in found.names))
    answered = asked.sample.data[columns].notna().all(axis=1).to_numpy()
    asked = replace(asked, where=answered if asked.where is None else answered & asked.where)
    low, high, error = found.low.copy(), found.high.copy(), found.standard_error.copy()
    for place, (name, at) in enumerate(zip(found.names, found.at, strict=True)):
        df = float(found.df[place])
        ends = score_ends(asked, name[-1], float(at), rule=rule, alpha=alpha, df=df)
        low[place], high[place] = ends
        error[place] = (ends[1] - ends[0]) / (2 * float(stats.t.isf(alpha / 2, df)))
    return replace(found, low=low, high=high, standard_error=error)


def _part(found: Quantiles, places: slice) -> Quantiles:
    """Some of the quantiles, as far as `_refuse_luck` looks at them."""
    return replace(
        found,
        names=found.names[places],
        at=np.array(found.at)[places],
        value=found.value[places],
        low=found.low[places],
        high=found.high[places],
    )


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
        if (
            len(set(values)) > 1
            and values[order][1] > values[order][0]
            and np.any(
                [value == values[order][0] for value in (found.value[place], found.low[place])]
            )
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
    check_words(case, {"y", "na_rm", "correlation"}, set())
    y = case["op"]["y"]
    given = formula_columns(asked, [y] if isinstance(y, str) else y, case)
    rows = slice(None) if asked.where is None else asked.where
    found = variances(given.asked.sample, given.columns, where=given.asked.where)
    # R's n/(n - 1) counts rows without an answer too
    asked_rows, n = len(given.asked.sample.data.loc[rows]), float(found.n[0])
    factor = (asked_rows / (asked_rows - 1)) / (n / (n - 1))
    k = len(given.columns)
    if case["op"].get("correlation"):
        made = correlations(given.asked.sample, given.columns, where=given.asked.where)
        matrix = np.eye(k)
        matrix[np.triu_indices(k, 1)] = made.estimate.value
        return {"value": (matrix + np.triu(matrix, 1).T).tolist()}
    return {
        "var": (factor * found.value).reshape(k, k).tolist(),
        "se": (factor * found.standard_error).tolist(),
    }


HANDLERS: dict[str, Callable[[Case, Asked], Any]] = {"svyquantile": quantiles, "svyvar": spread}
