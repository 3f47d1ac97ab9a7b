"""Computes reference cases through the public functions of survey_kit.

Each function of R that is covered has one function here, found by the case's `fn`. What a
case asks for and is not known here makes it unsupported: never ignored, never guessed.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

import numpy as np
import pandas as pd
from parity_design import Asked
from parity_expression import Unsupported, evaluate

from survey_kit.design.design import Lonely, LonelyDomain
from survey_kit.estimation.estimate import Estimate, estimate
from survey_kit.estimation.linearised import asks_for_domains
from survey_kit.estimation.statistics.count import COUNT
from survey_kit.estimation.statistics.mean import MEAN
from survey_kit.estimation.statistics.ratio import RATIO
from survey_kit.estimation.statistics.total import TOTAL
from survey_kit.estimation.variances import variances

Case = dict[str, Any]
ELSEWHERE = {"ciprop": "parity_proportions", "quantile": "parity_quantiles"}
"""Statistics by groups that another module computes."""
STATISTICS = {"mean": MEAN, "total": TOTAL, "ratio": RATIO}
COMMON = {"note", "subset", "lonely_psu", "adjust_domain_lonely"}

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
    unknown = sorted(named - call - {"design", "deff", "na.rm", "drop"})
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
        if logical(variable, case) and pd.api.types.is_numeric_dtype(values):
            for word, column in (("FALSE", 1 - values), ("TRUE", values)):
                data[f"{word} {variable}"] = column
                columns.append(f"{word} {variable}")
                names.append(f"{variable}{word}")
            continue
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


def bare(name: str) -> str:
    """A name of R's as whoever wrote `op` may have put it: without I() and blanks."""
    plain = re.sub(r"[\s`]", "", name)
    whole = re.match(r"^I\((.*)\)(TRUE|FALSE)?$", plain)
    return whole[1] + (whole[2] or "") if whole else plain


def logical(variable: str, case: Case) -> bool:
    """Whether R makes two shares of a variable: those for whom it holds not, and holds."""
    coefficients = case["result"].get("coef")
    if not isinstance(coefficients, dict):
        return False
    wanted = {bare(name.split(":")[-1]) for name in coefficients}
    return {bare(variable) + "TRUE", bare(variable) + "FALSE"} <= wanted


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
        plain = [_bare_last(name) for name in names]
        missing = [name for name in wanted["coef"] if _bare_last(name) not in plain]
        if missing:
            raise Unsupported(f"name {missing[0]!r}")
        order = [plain.index(_bare_last(name)) for name in wanted["coef"]]
    else:
        order = list(range(len(names)))
    if (np.isnan(found.standard_error) & ~np.isnan(found.value)).any():
        raise Unsupported("R drops the replicates in which nobody is left")
    left = sorted(set(range(len(names))) - set(order))
    if found.n[left].any():
        raise Unsupported(f"R has no {names[left[0]]!r}")
    kept = list(wanted["coef"]) if isinstance(wanted.get("coef"), dict) else list(names)
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
        if "Inf" in str(wanted["deff"]):
            raise Unsupported("R divides by the error of asking everybody, which is none")
    return result


def _bare_last(name: str) -> str:
    """group:variable, the variable bare."""
    group, colon, variable = name.rpartition(":")
    return group + colon + bare(variable)


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
    known |= {"quantiles", "qrule", "interval_type", "df", "vartype", "keep_var"}
    named = {
        "covmat",
        "denominator",
        "vartype",
        "method",
        "level",
        "quantiles",
        "qrule",
        "ci",
        "se",
    }
    check_words(case, known, named | {"interval.type", "keep.var", "keep.names"})
    by = [op["by"]] if isinstance(op["by"], str) else list(op["by"])
    for column in by:
        if column not in asked.sample.data.columns:
            asked.sample.data[column] = evaluate(column, asked.sample.data)
    design = asked.sample.design
    varied = design.lonely is Lonely.AVERAGE or design.lonely_domain is LonelyDomain.AS_LONELY
    if op.get("covmat") and varied and asks_for_domains(asked.sample):
        raise Unsupported("R's covariances leave out what its standard errors do to lonely strata")
    if op["stat"] in ELSEWHERE:
        return import_module(ELSEWHERE[op["stat"]]).by_groups(case, asked, by)
    if op["stat"] == "count":
        return _by_count(case, asked, by)
    if op["stat"] not in {*STATISTICS, "var"}:
        raise Unsupported(f"svyby of {op['stat']}")
    found, labels = _by_statistic(case, asked, by)
    groups = [".".join(name[:-1]) for name in found.names]
    if re.search(r"keep\.names\s*=\s*F", case["r"]["call"]):
        listed = [".".join(row) for row in zip(*case["result"]["by"].values(), strict=True)]
        places = {group: str(at) for at, group in enumerate(listed, start=1)}
        groups = [places.get(group, group) for group in groups]
    several = len(labels) > 1
    names = [
        f"{group}:{labels[place % len(labels)]}" if several else group
        for place, group in enumerate(groups)
    ]
    result = described(found, names, case["result"], case)
    result["n_groups"] = len({name.split(":")[0] for name in case["result"]["coef"]})
    return result | {"by": case["result"].get("by")}


def _by_statistic(case: Case, asked: Asked, by: list[str]) -> tuple[Estimate, list[str]]:
    """A statistic by groups, and R's names of its columns."""
    op = case["op"]
    if op["stat"] == "ratio":
        return _ratios(case, asked, by)
    given = formula_columns(asked, op["y"], case)
    sample, where = given.asked.sample, given.asked.where
    if op["stat"] == "var":
        if len(given.columns) > 1:
            raise Unsupported("svyby of a matrix of variances")
        return variances(sample, given.columns, by=by, where=where), list(given.names)
    statistic = STATISTICS[op["stat"]]
    return estimate(statistic, sample, given.columns, by=by, where=where), list(given.names)


def _by_count(case: Case, asked: Asked, by: list[str]) -> Any:
    """unwtd.count: the rows of each group."""
    data = asked.sample.data.assign(**{"every row": 1.0})
    sample = replace(asked.sample, data=data)
    found = estimate(COUNT, sample, ["every row"], by=by, where=asked.where)
    groups = [".".join(name[:-1]) for name in found.names]
    wanted = case["result"]["by"]
    rows = (
        wanted
        if isinstance(wanted, list)
        else list(map(".".join, zip(*wanted.values(), strict=True)))
    )
    counts = [float(found.n[groups.index(str(group))]) for group in rows]
    return (
        {"by": wanted, "n_groups": len(rows)}
        | dict.fromkeys(("counts", "coef"), counts)
        | {"se": [0.0] * len(rows)}
    )


def table(case: Case, asked: Asked) -> Any:
    """svytable."""
    check_words(case, {"rows", "cols", "Ntotal", "vars", "y", "round"}, {"Ntotal", "round"})
    op = case["op"]
    scale = op.get("Ntotal")
    if isinstance(scale, list):
        raise Unsupported("a total for each stratum")
    listed = op.get("vars") or op.get("y") or [op[key] for key in ("rows", "cols") if op.get(key)]
    by = [listed] if isinstance(listed, str) else list(listed)
    data = asked.sample.data.assign(**{"every row": 1.0})
    found = estimate(
        COUNT, replace(asked.sample, data=data), ["every row"], by=by, where=asked.where
    )
    names = {name[:-1]: place for place, name in enumerate(found.names)}
    levels = [[str(level) for level in case["result"]["dimnames"][name]] for name in by]
    # the first varies fastest
    order = [each[::-1] for each in itertools.product(*levels[::-1])]
    cells = np.nan_to_num(np.array([found.value[names[cell]] for cell in order]))
    if scale is not None:
        cells = cells * (float(scale) / cells.sum())
    if op.get("round"):
        cells = np.round(cells)
    return {"dimnames": case["result"]["dimnames"], "counts": cells.tolist()}


HANDLERS: dict[str, Callable[[Case, Asked], Any]] = {
    "svymean": estimates,
    "svytotal": estimates,
    "svyratio": ratios,
    "svyby": by_groups,
    "svytable": table,
}
