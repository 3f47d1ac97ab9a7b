"""Computes reference cases through the public functions of survey_kit.

Each function of R that is covered has one function here, found by the case's `fn`. What a
case asks for and is not known here makes it unsupported: never ignored, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from parity_design import Asked
from parity_expression import Unsupported, evaluate
from parity_profile import read_as_r

from survey_kit.design.design import Lonely, LonelyDomain
from survey_kit.estimation.estimate import Estimate, estimate
from survey_kit.estimation.intervals import Method
from survey_kit.estimation.linearised import asks_for_domains
from survey_kit.estimation.models.family import BINOMIAL
from survey_kit.estimation.models.regression import regression
from survey_kit.estimation.statistic import Statistic
from survey_kit.estimation.statistics.count import COUNT
from survey_kit.estimation.statistics.mean import MEAN
from survey_kit.estimation.statistics.ratio import RATIO
from survey_kit.estimation.statistics.total import TOTAL

Case = dict[str, Any]
STATISTICS = {"mean": MEAN, "total": TOTAL, "ratio": RATIO}
METHODS: dict[str, Method] = {
    "mean": "wald",
    "beta": "beta",
    "logit": "logit",
    "xlogit": "xlogit",
    "asin": "asin",
}
COMMON = {"note", "subset", "lonely_psu", "adjust_domain_lonely"}

NEAR = 0.02
FILLED = re.compile(r"([A-Za-z.][\w.]*) with NA as 0")


@dataclass(frozen=True, eq=False)
class Columns:
    """The variables of a formula as columns of numbers, with R's names for them."""

    asked: Asked
    columns: tuple[str, ...]
    names: tuple[str, ...]


def check_words(case: Case, op: set[str], call: set[str]) -> None:
    """Refuse a case that asks for anything not known.

    Parameters
    ----------
    op
        The keys of `op` that its function understands.
    call
        The named arguments of the R call that it understands.
    """
    unknown = sorted(set(case["op"]) - op - COMMON)
    if unknown:
        raise Unsupported(f"option {unknown[0]}")
    source = re.sub(r"'[^']*'|\"[^\"]*\"", "''", case.get("r", {}).get("call") or "")
    named = set(re.findall(r"(?<![=<>!\w.])([A-Za-z.][\w.]*)\s*=(?!=)", source))
    unknown = sorted(named - call - {"design", "deff", "na.rm"})
    if unknown:
        raise Unsupported(f"argument {unknown[0]}=")


def formula_columns(asked: Asked, variables: Sequence[str], case: Case) -> Columns:
    """Numbers as they are; a factor as one 0/1 column for each of its levels.

    A row that lacks any of them is left out, as na.rm does; without na.rm R has no answer.
    """
    data = asked.sample.data.copy()
    columns: list[str] = []
    names: list[str] = []
    for variable in variables:
        values = data[variable] if variable in data.columns else evaluate(variable, data)
        if pd.api.types.is_numeric_dtype(values):
            data[f"number {variable}"] = values.astype(float)
            columns.append(f"number {variable}")
            names.append(variable)
            continue
        kind = (
            values if isinstance(values.dtype, pd.CategoricalDtype) else values.astype("category")
        )
        for level in kind.cat.categories:
            column = (kind == level).astype(float).where(kind.notna())
            data[f"level {variable} {level}"] = column
            columns.append(f"level {variable} {level}")
            names.append(f"{variable}{level}")
    inside = np.ones(len(data), dtype=bool) if asked.where is None else asked.where
    if data.loc[inside, columns].isna().to_numpy().any() and not _na_rm(case):
        raise Unsupported("missing values without na.rm: R has no answer, survey_kit has")
    sample = replace(asked.sample, data=data)
    return Columns(Asked(sample, asked.where), tuple(columns), tuple(names))


def _na_rm(case: Case) -> bool:
    if case["op"].get("na_rm"):
        return True
    return bool(re.search(r"na\.rm\s*=\s*T", case.get("r", {}).get("call") or ""))


def _deff(case: Case) -> str:
    """How R was asked for design effects: "", "without replacement", "with replacement"."""
    asked = case["op"].get("deff")
    call = case.get("r", {}).get("call") or ""
    if asked == "replace" or re.search(r"deff\s*=\s*['\"]replace", call):
        return "with replacement"
    if asked or re.search(r"deff\s*=\s*T", call):
        return "without replacement"
    return ""


def described(found: Estimate, names: Sequence[str], wanted: dict[str, Any], case: Case) -> Any:
    """An estimate in the shape of the reference, in the order of its names."""
    if isinstance(wanted.get("coef"), dict):
        missing = [name for name in wanted["coef"] if name not in names]
        if missing:
            raise Unsupported(f"name {missing[0]!r}")
        order = [names.index(name) for name in wanted["coef"]]
    else:
        order = list(range(len(names)))
    if (np.isnan(found.standard_error) & ~np.isnan(found.value)).any():
        raise Unsupported("R drops the replicates in which nobody is left")
    left = sorted(set(range(len(names))) - set(order))
    if found.n[left].any():
        raise Unsupported(f"R has no {names[left[0]]!r}")
    kept = [names[place] for place in order]
    low, high = found.interval()
    normal_low, normal_high = found.interval(df=np.inf)
    result: dict[str, Any] = {
        "coef": dict(zip(kept, found.value[order], strict=True)),
        "se": dict(zip(kept, found.standard_error[order], strict=True)),
        "degf": found.df,
        "ci95_t": np.column_stack([low, high])[order].tolist(),
        "ci95_normal": np.column_stack([normal_low, normal_high])[order].tolist(),
    }
    if wanted.get("vcov") is not None:
        result["vcov"] = found.covariance[np.ix_(order, order)].tolist()
    kind = _deff(case)
    if kind and wanted.get("deff") is not None:
        result["deff"] = dict(zip(kept, found.design_effect(kind)[order], strict=True))
    return result


def estimates(case: Case, asked: Asked) -> Any:
    """svymean, svytotal."""
    check_words(case, {"y", "deff", "na_rm"}, set())
    variables = [case["op"]["y"]] if isinstance(case["op"]["y"], str) else case["op"]["y"]
    variables = [filled(variable, asked) for variable in variables]
    given = formula_columns(asked, variables, case)
    statistic = MEAN if case["fn"] == "svymean" else TOTAL
    found = estimate(statistic, given.asked.sample, given.columns, where=given.asked.where)
    return described(found, given.names, case["result"], case)


def filled(variable: str, asked: Asked) -> str:
    """`x with NA as 0` as R puts it, which is the name of its result."""
    found = FILLED.fullmatch(variable)
    if found is None:
        return variable
    name = f"I(ifelse(is.na({found[1]}), 0, {found[1]}))"
    asked.sample.data[name] = asked.sample.data[found[1]].fillna(0.0)
    return name


def ratios(case: Case, asked: Asked) -> Any:
    """svyratio."""
    check_words(case, {"num", "den", "deff", "na_rm"}, set())
    found, names = _ratios(case, asked, ())
    return described(found, names, case["result"], case)


def _ratios(case: Case, asked: Asked, by: Sequence[str]) -> tuple[Estimate, list[str]]:
    numerators, denominators = case["op"]["num"], case["op"]["den"]
    given = formula_columns(asked, [*numerators, *denominators], case)
    if len(given.columns) != len(numerators) + len(denominators):
        raise Unsupported("a ratio of categories")
    above, below = given.columns[: len(numerators)], given.columns[len(numerators) :]
    pairs = [(a, b) for b in below for a in above]
    found = estimate(
        RATIO,
        given.asked.sample,
        [column for pair in pairs for column in pair],
        by=by,
        where=given.asked.where,
    )
    names = [f"{a}/{b}" for b in denominators for a in numerators]
    return found, names


def by_groups(case: Case, asked: Asked) -> Any:
    """svyby."""
    op = case["op"]
    known = {"y", "by", "stat", "deff", "na_rm", "covmat", "method", "num", "den", "level"}
    check_words(case, known, {"covmat", "denominator", "vartype", "method", "level"})
    by = [op["by"]] if isinstance(op["by"], str) else list(op["by"])
    for column in by:
        if column not in asked.sample.data.columns:
            raise Unsupported(f"groups by {column}")
    design = asked.sample.design
    varied = design.lonely is Lonely.AVERAGE or design.lonely_domain is LonelyDomain.AS_LONELY
    if op.get("covmat") and varied and asks_for_domains(asked.sample):
        raise Unsupported("R's covariances leave out what its standard errors do to lonely strata")
    if op["stat"] == "ciprop":
        return _by_ciprop(case, asked, by)
    if op["stat"] not in STATISTICS:
        raise Unsupported(f"svyby of {op['stat']}")
    if op["stat"] == "ratio":
        found, labels = _ratios(case, asked, by)
    else:
        given = formula_columns(asked, op["y"], case)
        statistic: Statistic = STATISTICS[op["stat"]]
        found = estimate(
            statistic, given.asked.sample, given.columns, by=by, where=given.asked.where
        )
        labels = list(given.names)
    groups = [".".join(name[:-1]) for name in found.names]
    several = len(labels) > 1
    names = [
        f"{group}:{labels[place % len(labels)]}" if several else group
        for place, group in enumerate(groups)
    ]
    result = described(found, names, case["result"], case)
    result["n_groups"] = len({name.split(":")[0] for name in case["result"]["coef"]})
    return result | {"by": case["result"].get("by")}


def _by_ciprop(case: Case, asked: Asked, by: list[str]) -> Any:
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
    if op["method"] == "likelihood":
        return _profiled(case, found, given)
    if op["method"] not in METHODS:
        raise Unsupported(f"interval of method {op['method']}")
    method = METHODS[op["method"]]
    if method == "logit" and given.asked.sample.replicates is not None:
        raise Unsupported("R's logit interval of replicates is that of a regression")
    if method == "beta" and given.asked.sample.data[list(given.columns)].isna().to_numpy().any():
        raise Unsupported("beta interval with missing values: R counts their rows as asked")
    df = op.get("df")
    if df is None or method == "beta":
        # R's beta interval takes the design's own degrees of freedom whatever it is given
        freedom: Any = None if method != "wald" else found.own_df
        found = replace(found, df=freedom) if method == "wald" else found
        return found.interval(op.get("level", 0.95), method)
    return found.interval(op.get("level", 0.95), method, df=float(df))


def _profiled(case: Case, found: Estimate, given: Columns) -> tuple[Any, Any]:
    """R's likelihood interval, read as R reads it; ours is held against it as well."""
    sample, op = given.asked.sample, case["op"]
    if sample.replicates is not None or sample.data[list(given.columns)].isna().to_numpy().any():
        raise Unsupported("likelihood interval with replicates or missing values")
    df = float(op["df"]) if op.get("df") is not None else None
    level = op.get("level", 0.95)
    low, high = found.interval(level, "likelihood", df=df)
    if len(given.columns) != 1 or len(found.value) != 1:
        raise Unsupported("likelihood intervals of several shares")
    column = given.columns[0]
    model = regression(f"`{column}` ~ 1", sample, family=BINOMIAL, where=given.asked.where)
    read = [read_as_r(model, found.own_df[0] if df is None else df, level)]
    for ours, theirs in zip(zip(low, high, strict=True), read, strict=True):
        if not np.allclose(ours, theirs, rtol=NEAR, atol=NEAR):
            raise Unsupported("a spline of R's that leaves the profile")
    lows, highs = (np.array(each) for each in zip(*read, strict=True))
    return lows, highs


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


def table(case: Case, asked: Asked) -> Any:
    """svytable."""
    check_words(case, {"rows", "cols", "Ntotal"}, {"Ntotal"})
    op = case["op"]
    scale = op.get("Ntotal")
    if isinstance(scale, list):
        raise Unsupported("a total for each stratum")
    by = [op["rows"], op["cols"]]
    data = asked.sample.data.assign(**{"every row": 1.0})
    found = estimate(
        COUNT, replace(asked.sample, data=data), ["every row"], by=by, where=asked.where
    )
    names = {name[:-1]: place for place, name in enumerate(found.names)}
    rows, columns = (case["result"]["dimnames"][name] for name in by)
    cells = np.nan_to_num(
        np.array([found.value[names[row, column]] for column in columns for row in rows])
    )
    if scale is not None:
        cells = cells * (float(scale) / cells.sum())
    return {"dimnames": case["result"]["dimnames"], "counts": cells.tolist()}


HANDLERS: dict[str, Callable[[Case, Asked], Any]] = {
    "svymean": estimates,
    "svytotal": estimates,
    "svyratio": ratios,
    "svyby": by_groups,
    "svyciprop": proportion,
    "svytable": table,
}
