"""Reference cases of how long until something happens: svycoxph, svykm."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from parity_cases import Case, check_words
from parity_design import Asked
from parity_expression import Unsupported, evaluate, number
from parity_formula import plain
from parity_models import r_name, written

from survey_kit.estimation.models.survival import survival
from survey_kit.estimation.models.survival_curve import SurvivalCurve, survival_curve

SURV = re.compile(r"\s*Surv\((?P<times>(?:[^()]|\([^()]*\))*)\)\s*~\s*(?P<right>.*)", re.DOTALL)
BESIDE = re.compile(r"(?<![\w.])(strata|cluster)\(([^()]*)\)")
FORMULA = re.compile(r"(?:svycoxph|svykm)\(\s*(?:formula\s*=\s*)?(Surv\(.*?\)\s*~[^,]*)")


def _of_surv(case: Case, asked: Asked) -> tuple[Asked, list[str], str]:
    """The data with columns for the times and the event, these, and the right side."""
    said = FORMULA.search(case["r"]["call"])
    found = SURV.fullmatch(case["op"].get("formula") or (said[1] if said else ""))
    if found is None:
        raise Unsupported("a hazard put in another way")
    times = [each.strip() for each in found["times"].split(",")]
    if len(times) not in {2, 3}:
        raise Unsupported("a time of another kind")
    data = asked.sample.data.copy()
    for name in times:
        data[f"of {plain(name)}"] = number(evaluate(name, data))
    event = f"of {plain(times[-1])}"
    if data[event].max() == 2 and data[event].min() >= 1:  # noqa: PLR2004 - R's 1 and 2
        data[event] -= 1
    return (
        replace(asked, sample=replace(asked.sample, data=data)),
        [f"of {plain(name)}" for name in times],
        found["right"],
    )


def hazards(case: Case, asked: Asked) -> Any:
    """svycoxph. `cluster()` and `rescale` change nothing there: the design's covariance stands."""
    known = {"formula", "ties", "method", "subset", "strata", "cluster", "offset", "rescale"}
    check_words(case, known, {"ties", "method", "rescale"})
    asked, times, right = _of_surv(case, asked)
    strata = [name.strip() for kind, of in BESIDE.findall(right) if kind == "strata"
              for name in of.split(",")]  # fmt: skip
    right = re.sub(r"^\s*\+|\+\s*(?=\+|$)", "", BESIDE.sub("", right)).strip()
    given = written(f"~ {right}", asked)
    op = case["op"]
    model = survival(
        given.right,
        given.asked.sample,
        time=times[-2],
        event=times[-1],
        entry=times[0] if len(times) == 3 else None,  # noqa: PLR2004 - from, until, what
        strata=strata,
        offset=given.offset,
        ties=op.get("ties") or op.get("method") or "efron",
        where=asked.where,
    )
    names = [plain(r_name(name[-1])) for name in model.coefficients.names]
    order = list(case["result"]["coef"])
    at = [names.index(plain(name)) for name in order]
    return {
        "coef": dict(zip(order, model.coefficients.value[at], strict=True)),
        "vcov": model.coefficients.covariance[np.ix_(at, at)].tolist(),
        "se": dict(zip(order, model.coefficients.standard_error[at], strict=True)),
        "df_residual": model.df,
    }


def curves(case: Case, asked: Asked) -> Any:
    """svykm of everybody: Kaplan and Meier's curve, or with errors Nelson and Aalen's."""
    check_words(
        case, {"formula", "se", "subset", "probs", "parm", "times", "level"}, {"se", "formula"}
    )
    asked, times, right = _of_surv(case, asked)
    if right.strip() != "1" or len(times) != 2:  # noqa: PLR2004 - until, what
        raise Unsupported("a survival curve for every group")
    errors = bool(case["op"].get("se"))
    wanted = case["result"]

    def curve(at: list[float] | None) -> SurvivalCurve:
        return survival_curve(
            asked.sample,
            time=times[0],
            event=times[1],
            at=at,
            curve="Nelson-Aalen" if errors else "Kaplan-Meier",
            where=asked.where,
        )

    found: dict[str, Any] = {}
    if "time" in wanted:
        made = curve(wanted["time"])
        found |= {"time": made.times.tolist(), "surv": made.value.tolist()}
        found["varlog"] = made.logarithm.variance.tolist()
    if "q" in wanted:
        whole = curve(None)
        found["q"] = {name: float(whole.quantile(float(name))["time"][0]) for name in wanted["q"]}
    if "ci" in wanted:
        made = curve([float(name) for name in wanted["ci"]["rownames"]])
        level = float(case["op"].get("level") or 0.95)
        found["ci"] = np.column_stack(made.interval(level, df=np.inf)).tolist()
    return found


HANDLERS: dict[str, Callable[[Case, Asked], Any]] = {"svycoxph": hazards, "svykm": curves}
