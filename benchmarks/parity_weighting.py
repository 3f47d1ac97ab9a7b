"""Reference cases of weighting: rake, postStratify, calibrate, Kish's design effect."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from parity_cases import Case, check_words, described, formula_columns
from parity_design import Asked
from parity_expression import Unsupported, evaluate

from survey_kit.design.sample import Sample
from survey_kit.estimation.estimate import estimate
from survey_kit.estimation.statistics.mean import MEAN
from survey_kit.estimation.statistics.total import TOTAL
from survey_kit.weighting.calibrate import calibrate, poststratify
from survey_kit.weighting.kish import design_effect_of_weights, effective_size, variation
from survey_kit.weighting.rake import rake
from survey_kit.weighting.standardise import standardise
from survey_kit.weighting.trim import trim

TIGHT = 1e-6
"""R's raking agrees with a converged one only where its tolerance is at most this."""


def raking(case: Case, asked: Asked) -> Any:
    """rake."""
    _everybody(asked)
    check_words(
        case,
        {"margins", "epsilon"},
        {"control", "maxit", "epsilon", "Freq", *case["op"]["margins"]},
    )
    call = case.get("r", {}).get("call") or ""
    found = re.search(r"epsilon\s*=\s*([-\d.e]+)", call)
    epsilon = case["op"].get("epsilon", float(found.group(1)) if found else 1.0)
    if epsilon > TIGHT:
        raise Unsupported("R's loose default convergence")
    if any("not converge" in warning for warning in case.get("r", {}).get("warnings") or []):
        raise Unsupported("R did not converge")
    return _weighted(case, rake(asked.sample, case["op"]["margins"]).sample)


def poststratification(case: Case, asked: Asked) -> Any:
    """postStratify."""
    _everybody(asked)
    cells = case["op"]["cells"]
    names = re.findall(r"[A-Za-z][\w.]*", cells) if isinstance(cells, str) else list(cells)
    check_words(case, {"cells", "N"}, {"Freq", *names})
    data = asked.sample.data
    for name in names:
        if name not in data.columns:
            raise Unsupported(f"cells of {name}")
    crossed = data[names[0]].astype(object).astype(str)
    for name in names[1:]:
        crossed = crossed + "." + data[name].astype(object).astype(str)
    sample = replace(asked.sample, data=data.assign(**{"crossed cells": crossed}))
    return _weighted(case, poststratify(sample, {"crossed cells": case["op"]["N"]}).sample)


def calibration(case: Case, asked: Asked) -> Any:
    """calibrate: a column for each total of R's model matrix, by its name."""
    _everybody(asked)
    known = {"calfun", "bounds", "epsilon", "maxit"} | STAGE | ON_WEIGHT
    check_words(case, known | {"formula", "population"}, known | _population_words(case))
    op = case["op"]
    data = asked.sample.data
    columns = {f"column {name}": _column(name, data) for name in op["population"]}
    sample = replace(asked.sample, data=data.assign(**columns))
    bounds = op.get("bounds")
    stage = next((int(op[name]) for name in STAGE if op.get(name)), 0)
    clusters = sample.design.clusters
    if stage > len(clusters):
        raise Unsupported(f"aggregation over stage {stage}")
    result = calibrate(
        sample,
        {},
        {f"column {name}": total for name, total in op["population"].items()},
        distance=op.get("calfun", "linear"),
        bounds=tuple(bounds) if bounds else None,
        bounds_on="weight" if any(op.get(name) for name in ON_WEIGHT) else "factor",
        together=clusters[stage - 1] if stage else None,
    )
    return _weighted(case, result.sample)


STAGE = {"aggregate.stage", "aggregate_stage"}
ON_WEIGHT = {"bounds.const", "bounds_const"}


def _column(name: str, data: pd.DataFrame) -> pd.Series:
    """A column of R's model matrix: a product of numbers and of indicators of a level."""
    product = pd.Series(1.0, index=data.index)
    for part in [] if name == "(Intercept)" else name.split(":"):
        if part in data.columns and pd.api.types.is_numeric_dtype(data[part]):
            product = product * data[part]
            continue
        factors = [
            (variable, part[len(variable) :])
            for variable in map(str, data.columns)
            if part.startswith(variable) and not pd.api.types.is_numeric_dtype(data[variable])
        ]
        held = [pair for pair in factors if (data[pair[0]].astype(str) == pair[1]).any()]
        if held:
            variable, level = max(held, key=lambda pair: len(pair[0]))
            product = product * (data[variable].astype(str) == level)
        else:
            product = product * evaluate(part, data)
    return product.astype(float)


def _population_words(case: Case) -> set[str]:
    return {re.sub(r"[`()]", "", name) for name in case["op"]["population"]} | {"Intercept"}


def trimming(case: Case, asked: Asked) -> Any:
    """trimWeights."""
    _everybody(asked)
    check_words(case, {"upper", "lower", "strict"}, {"upper", "lower", "strict"})
    if asked.sample.replicates is not None:
        raise Unsupported("trimming of replicates")
    op = case["op"]
    upper, lower = op.get("upper"), op.get("lower")
    found = trim(
        asked.sample,
        lower=0.0 if lower in {None, "-Inf"} else max(float(lower), 0.0),
        upper=np.inf if upper is None else float(upper),
        strict=bool(op.get("strict")),
    )
    return _weighted(case, found.sample)


def kish(case: Case, asked: Asked) -> Any:
    """Kish's design effect of weights, effective size and variation."""
    check_words(case, {"weights"}, set(case["result"]["value"]))
    weights = evaluate(case["op"]["weights"], asked.sample.data).to_numpy(dtype=float)
    return {
        "value": {
            "deff_kish": design_effect_of_weights(weights),
            "ess": effective_size(weights),
            "cv": variation(weights),
        }
    }


def standardisation(case: Case, asked: Asked) -> Any:
    """Means by groups after svystandardize; R's call names the column."""
    op = case["op"]
    check_words(
        case,
        {"y", "by", "standard"},
        {"by", "over", "population", "excluding.missing"},
    )
    call = re.search(r"svystandardize\(d,\s*by\s*=\s*~(\w+)", case["r"]["call"])
    if call is None or len(op["y"]) != 1:
        raise Unsupported("a standardisation of another kind")
    (y,), by = op["y"], list(op["by"])
    known = asked.sample.data[y].notna().to_numpy()
    where = known if asked.where is None else asked.where & known
    made = standardise(asked.sample, call[1], op["standard"], over=by, where=where)
    found = estimate(MEAN, made.sample, [y], by=by, where=made.among)
    names = [".".join(name[:-1]) for name in found.names]
    result = described(found, names, case["result"], case)
    return result | {"by": case["result"]["by"], "n_groups": len(case["result"]["coef"])}


def _everybody(asked: Asked) -> None:
    if asked.where is not None:
        raise Unsupported("weighting of a subset")


def _variables(names: list[str], sample: Sample) -> list[str]:
    """The variables that were asked for: stypeE and stypeH are levels of stype."""
    found: list[str] = []
    for name in names:
        whole = name in sample.data.columns
        held = [str(column) for column in sample.data.columns if name.startswith(str(column))]
        variable = name if whole or not held else max(held, key=len)
        if variable not in found:
            found.append(variable)
    return found


def _weighted(case: Case, sample: Sample) -> Any:
    """Weights and what they give, in the shape of the reference."""
    weights = sample.weights
    wanted = case["result"]
    quantiles = np.quantile(weights, [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99])
    names = ("p1", "p5", "p25", "p50", "p75", "p95", "p99")
    result: dict[str, Any] = {
        "weights_summary": {
            "n": len(weights),
            "sum": float(weights.sum()),
            "sum_sq": float(weights @ weights),
            "min": float(weights.min()),
            "max": float(weights.max()),
            "quantiles": dict(zip(names, quantiles, strict=True)),
        },
        "weights": weights.tolist(),
        "weights_first25": weights[:25].tolist(),
    }
    for key, statistic in (("after", MEAN), ("after_total", TOTAL), ("mean", MEAN)):
        if wanted.get(key) is None:
            continue
        # the reference names the variables only by what came out
        variables = _variables(list(wanted[key]["coef"]), sample)
        if any(name not in sample.data.columns for name in variables):
            raise Unsupported(f"variables {', '.join(variables)}")
        given = formula_columns(Asked(sample, None), variables, case)
        found = estimate(statistic, given.asked.sample, given.columns)
        result[key] = described(found, given.names, wanted[key], case)
    return result


HANDLERS: dict[str, Callable[[Case, Asked], Any]] = {
    "svystandardize": standardisation,
    "rake": raking,
    "postStratify": poststratification,
    "calibrate": calibration,
    "kish_deff": kish,
    "trimWeights": trimming,
}
