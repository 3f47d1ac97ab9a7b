"""Reference cases of several imputations: MIcombine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from parity_cases import Case, check_words, formula_columns
from parity_design import Asked
from parity_expression import Unsupported
from parity_formula import plain
from parity_models import WORDS, arguments_of, fitted

from survey_kit.design.sample import Sample
from survey_kit.estimation.estimate import Estimate, estimate
from survey_kit.estimation.imputations import combine
from survey_kit.estimation.statistics.mean import MEAN
from survey_kit.estimation.statistics.ratio import RATIO
from survey_kit.estimation.statistics.total import TOTAL


def imputed(case: Case, asked: Asked) -> Any:
    """MIcombine of means, totals, ratios, groups and regressions."""
    known = {"y", "dataset", "stat", "num", "den", "by", "formula", "family", "df_complete"}
    call_words = {"id", "ids", "strata", "weights", "fpc", "data", "nest", "df.complete"}
    check_words(case, known | {"df.complete"}, WORDS | call_words)
    call, op = case["r"]["call"], case["op"]
    if asked.library is None:
        raise Unsupported("imputations without their data")
    every = asked.library.data(op["dataset"])
    parts = [part.reset_index(drop=True) for _, part in every.groupby("imp")]
    complete = op.get("df_complete", op.get("df.complete"))
    if complete is None and "df.complete" in call:
        raise Unsupported("df.complete that op does not name")
    samples = [replace(asked, sample=Sample(part, asked.sample.design)) for part in parts]
    made = [_of_imputation(case, each) for each in samples]
    found = combine(
        [each for each, _ in made],
        complete_df=np.inf if complete in {None, "Inf"} else float(complete),
    )
    names = made[0][1]
    df, missing = found.estimate.own_df, found.missing
    if complete not in {None, "Inf"}:
        # R 2.4 leaves out the factor 1 + 1/M where Barnard and Rubin have it
        m, values = len(made), np.array([each.value for each, _ in made])
        within = np.mean([each.variance for each, _ in made], axis=0)
        between = values.var(axis=0, ddof=1)
        r, nu = (1 + 1 / m) * between / within, float(complete)
        observed = (nu + 1) / (nu + 3) * nu * within / (within + between)
        df = 1 / (1 / observed + 1 / ((m - 1) * (1 + 1 / r) ** 2))
        missing = (r + 2 / (df + 3)) / (r + 1)
    order = list(case["result"]["coef"])
    plainly = [plain(name) for name in names]
    at = [plainly.index(plain(name)) for name in order]
    return {
        "coef": dict(zip(order, found.estimate.value[at], strict=True)),
        "vcov": found.estimate.covariance[np.ix_(at, at)].tolist(),
        "se": dict(zip(order, found.estimate.standard_error[at], strict=True)),
        "df": df[at].tolist(),
        "missinfo": missing[at].tolist(),
        "nimp": found.imputations,
    }


def _of_imputation(case: Case, asked: Asked) -> tuple[Estimate, list[str]]:
    """What was computed from each imputed data set, and what R calls it."""
    call, op = case["r"]["call"], case["op"]
    if "svyglm(" in call:
        placed, named = arguments_of(call, "svyglm")
        model = fitted(placed[0], named.get("family", "gaussian").replace("()", ""), asked)
        return model.made.coefficients, model.names
    if "svyratio(" in call and "svyby(" not in call:
        pairs = [(a, b) for b in op["den"] for a in op["num"]]
        columns = [name for pair in pairs for name in pair]
        return estimate(RATIO, asked.sample, columns), [f"{a}/{b}" for a, b in pairs]
    statistic = TOTAL if "svytotal" in call or op.get("stat") == "total" else MEAN
    if "svyby(" not in call and not any(f"{each}(" in call for each in ("svymean", "svytotal")):
        raise Unsupported("MIcombine of something else")
    given = formula_columns(asked, op["y"], case)
    if "svyby(" not in call:
        return estimate(statistic, given.asked.sample, given.columns), list(given.names)
    by = [op["by"]] if isinstance(op["by"], str) else list(op["by"])
    found = estimate(statistic, given.asked.sample, given.columns, by=by)
    labels = given.names
    names = [
        ".".join(name[:-1]) + (f":{labels[at % len(labels)]}" if len(labels) > 1 else "")
        for at, name in enumerate(found.names)
    ]
    return found, names


HANDLERS: dict[str, Callable[[Case, Asked], Any]] = {"MIcombine": imputed}
