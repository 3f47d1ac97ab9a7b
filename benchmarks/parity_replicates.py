"""Reference cases on replicate weights: from a `design` of that type to a Sample."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, get_args

import numpy as np
import pandas as pd
from parity_cases import Case, check_words, described, formula_columns
from parity_design import Asked
from parity_expression import Unsupported

from survey_kit.design.replicate_making import balanced_halves
from survey_kit.design.replicates import Centre, Kind, jackknife, with_replicates
from survey_kit.design.sample import Sample
from survey_kit.estimation.estimate import estimate
from survey_kit.estimation.statistics.mean import MEAN
from survey_kit.estimation.statistics.total import TOTAL

KNOWN_ARGUMENTS = {
    *("id", "ids", "strata", "weights", "prob", "fpc", "nest", "data", "type", "compress", "mse"),
    *("repweights", "combined.weights", "scale", "rscales", "rho", "rep"),
    *("fay.rho", "bootstrap.average", "fpc", "fpctype"),
}
MATRIX = re.compile(r"^\s*(\w+)\s*<-\s*(?:([\d.]+)\s*\*\s*)?cbind\((c\(.*\))\)\s*$")
MADE = {"JK1", "JKn"}


def is_matrix(statement: str) -> bool:
    """Whether a statement of R writes replicate weights down."""
    return bool(MATRIX.match(statement))


def replicated_sample(case: Case, sample: Sample) -> Sample:
    """The sample with the replicates that the design describes."""
    design = case["design"]
    _check_arguments(case)
    centre: Centre = "estimate" if design.get("mse") else "mean of replicates"
    method = str(design["method"])
    rho = design.get("rho") or design.get("fay_rho") or _argument(case, "fay.rho") or 0.0
    if method in MADE:
        made = jackknife(sample, centre=centre)
        if made.replicates is None or made.replicates.kind != method:
            raise Unsupported(f"a {method} of this design")
        return made
    if method in {"BRR", "Fay"}:
        return balanced_halves(sample, rho=float(rho), centre=centre)
    kind = method.removesuffix("_given")
    if not method.endswith("_given") or kind not in get_args(Kind):
        raise Unsupported(f"replicates by {method}")
    weights = _given(case, sample.data)
    names = [f"replicate {number}" for number in range(weights.shape[1])]
    data = pd.concat(
        [sample.data, pd.DataFrame(weights, columns=names, index=sample.data.index)], axis=1
    )
    combined = design.get("combined_weights")
    return with_replicates(
        Sample(data, sample.design),
        names,
        kind,
        scale=_scale(case, len(names)),
        rscales=_rscales(case, len(names)),
        centre=centre,
        combined=True if combined is None else bool(combined),
        rho=design.get("rho"),
    )


def _argument(case: Case, name: str) -> float | None:
    """A number that only the R call says."""
    recorded = case["r"].get("setup") or []
    words = " ".join([recorded] if isinstance(recorded, str) else recorded)
    found = re.search(rf"(?<![\w.]){re.escape(name)}\s*=\s*([\d.]+)", words)
    return float(found[1]) if found else None


def _scale(case: Case, number: int) -> float | None:
    """The scale; averaged bootstraps scatter less, by as many as were averaged."""
    design = case["design"]
    averaged = design.get("bootstrap_average") or design.get("bootstrap.average")
    averaged = averaged or _argument(case, "bootstrap.average")
    if averaged and design.get("scale") is None:
        return float(averaged) / (number - 1)
    return design.get("scale")


def _rscales(case: Case, number: int) -> Any:
    """What each replicate counts for, less the share that was drawn."""
    design = case["design"]
    given = design.get("rscales")
    if design.get("fpctype") is None:
        return given
    drawn = np.asarray(design["fpc"], dtype=float)
    kept = drawn if design["fpctype"] == "correction" else 1 - drawn
    return np.broadcast_to(np.asarray(1.0 if given is None else given) * kept, (number,)).tolist()


def _check_arguments(case: Case) -> None:
    """Refuse what the R call says and the design does not tell."""
    recorded = case["r"].get("setup") or []
    statements = [recorded] if isinstance(recorded, str) else recorded
    calls = " ".join(each for each in statements if "svrepdesign(" in each)
    calls = re.sub(r"\b(?:seq|rep)\([^()]*\)", "", calls)
    named = set(re.findall(r"([A-Za-z.][\w.]*)\s*=(?!=)", calls))
    filtered = {"FUN"} if case["design"].get("row_filter") else set()
    unknown = sorted(named - KNOWN_ARGUMENTS - filtered)
    if unknown:
        raise Unsupported(f"argument {unknown[0]}= of the replicate design")


def _given(case: Case, data: pd.DataFrame) -> Any:
    """(n, R) The replicate weights: columns of the data, or written down in the case."""
    design = case["design"]
    if design.get("repweights_prefix"):
        prefix = re.escape(design["repweights_prefix"])
        columns = [name for name in data.columns if re.fullmatch(prefix + r"\d+", str(name))]
        columns.sort(key=lambda name: int(re.sub(r"\D", "", name.removeprefix(prefix))))
        if len(columns) != design.get("n_replicates", len(columns)) or not columns:
            raise Unsupported("the columns of replicate weights")
        return data[columns].to_numpy(dtype=float)
    if design.get("repweights_inline"):
        return np.array(design["repweights_inline"], dtype=float).T
    recorded = case["r"].get("setup") or []
    for statement in [recorded] if isinstance(recorded, str) else recorded:
        written = MATRIX.match(statement)
        if written:
            columns = re.findall(r"c\(([^()]*)\)", written.group(3))
            numbers = [[float(number) for number in column.split(",")] for column in columns]
            return float(written.group(2) or 1) * np.array(numbers).T
    raise Unsupported("replicate weights that the case does not hold")


def described_replicates(case: Case, asked: Asked) -> Any:
    """as.svrepdesign: the replicates themselves, a mean and a total."""
    check_words(case, {"y"}, set())
    replicates = asked.sample.replicates
    if replicates is None:
        raise Unsupported("a design without replicates")
    given = formula_columns(asked, case["op"]["y"], case)
    weights = np.column_stack([replicates.weights(r) for r in range(len(replicates))])
    result: dict[str, Any] = {
        "n_replicates": len(replicates),
        "mse": replicates.centre == "estimate",
        "scale": replicates.scale,
        "rscales_unique": np.unique(np.round(replicates.rscales, 14)).tolist(),
        "combined_weights_rowsum_first10": weights.sum(axis=1)[:10].tolist(),
    }
    for name, statistic in (("mean", MEAN), ("total", TOTAL)):
        found = estimate(statistic, given.asked.sample, given.columns)
        result[name] = described(found, given.names, case["result"][name], case)
    return result


HANDLERS: dict[str, Callable[[Case, Asked], Any]] = {"as.svrepdesign": described_replicates}
