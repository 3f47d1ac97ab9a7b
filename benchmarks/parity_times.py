"""Reference cases of times until something happens: svylogrank."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
from parity_cases import Case, check_words
from parity_design import Asked
from parity_expression import Unsupported

from survey_kit.estimation.log_rank import log_rank

FORMULA = re.compile(
    r"^\s*Surv\(\s*([\w.]+)\s*,\s*([\w.]+)\s*\)\s*~\s*(?:factor\()?([\w.]+)\)?\s*$"
)


def log_ranks(case: Case, asked: Asked) -> Any:
    """svylogrank, the small and the large method alike: they differ in memory only."""
    known = {"formula", "rho", "gamma", "method", "time", "event", "status", "group"}
    check_words(case, known, {"formula", "rho", "gamma", "method"})
    op = case["op"]
    words = re.search(r"svylogrank\((?:formula\s*=\s*)?(Surv\(.*?\)\s*~[^,]*)", case["r"]["call"])
    formula = FORMULA.match(op.get("formula") or (words[1] if words else ""))
    if formula is None or op.get("method") == "score":
        raise Unsupported("a log-rank test of another kind")
    found = log_rank(
        asked.sample,
        formula[1],
        formula[2],
        formula[3],
        rho=float(op.get("rho") or 0),
        gamma=float(op.get("gamma") or 0),
        reference="chi-squared",
        where=asked.where,
    )
    tails = [2 * normal_tail(z) for z in found.z]
    table = np.column_stack([found.score, found.standard_error, found.z, tails])
    test = {"Chisq": found.statistic, "p": found.p}
    named = dict(zip(("score", "se", "z", "p"), table.T.tolist(), strict=True))
    return {
        "score": _shaped(table, case["result"].get("score")),
        "chisq": test,
        "statistic": {"Chisq": found.statistic} | {"z": float(found.z[0])},
        "p_value": found.p,
        "parameter": {"df": found.numerator_df},
        **{name: values for name, values in named.items() if name in {"se", "z", "p"}},
    }


def _shaped(table: np.ndarray, wanted: Any) -> Any:
    """As R has it: a matrix by rows, a row, or columns by name."""
    if isinstance(wanted, dict) and "data" not in wanted:
        return {name: table[:, at].tolist() for at, name in enumerate(wanted)}
    return table.tolist() if isinstance(wanted, dict) else table[0].tolist()


def normal_tail(z: float) -> float:
    from scipy import special

    return float(special.ndtr(-abs(z)))


HANDLERS: dict[str, Callable[[Case, Asked], Any]] = {"svylogrank": log_ranks}
