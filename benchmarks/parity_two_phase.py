"""From the `design` of a reference case in two phases to a sample of them, or why not.

Of `ids`, `strata`, `weights`, `probs` and `fpc` the design has one entry for each phase, or `phase1` and
`phase2` have one each; `subset` says who is in phase 2; `calibrate` what phase 2 was fitted to. See
`parity_two_phase.R`.
"""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
from parity_design import Asked, Library
from parity_expression import Unsupported, evaluate

from survey_kit.design.described import described
from survey_kit.design.design import Sampling
from survey_kit.design.two_phase import TwoPhase, two_phase
from survey_kit.weighting.two_phase import calibrate_phase_two

TYPES = {"twophase", "two-phase", "two_phase", "two phase"}
KNOWN = {
    *("name", "dataset", "type", "ids", "strata", "weights", "probs", "fpc", "subset", "method"),
    *("calibrate", "note", "lonely_psu", "nest", "phase1", "phase2"),
}
IGNORED = re.compile(r"^\s*d\s*<-\s*(twophase|calibrate)\(")
SUBSET = re.compile(r"^\s*d\s*<-\s*subset\(d,")
UPDATE = re.compile(r"^\s*d\s*<-\s*update\(d,\s*([A-Za-z.][\w.]*)\s*=\s*(.*)\)\s*$")


def in_two_phases(case: dict[str, Any]) -> bool:
    """Whether the case is of a two-phase design."""
    return case["design"].get("type") in TYPES


def asked_in_two_phases(case: dict[str, Any], library: Library) -> Asked:
    """The sample of a case.

    Raises
    ------
    Unsupported
        If its design is beyond survey_kit, or R's number for it is an accident.
    """
    design, op = case["design"], case["op"]
    unknown = sorted(set(design) - KNOWN)
    if unknown:
        raise Unsupported(f"two-phase design option {unknown[0]}")
    data = library.data(design["dataset"]).copy()
    _prepare(case, data)
    lonely = op.get("lonely_psu") or design.get("lonely_psu") or "fail"
    first, second = (_phase(design, data, number, lonely) for number in (0, 1))
    there = evaluate(str(design["subset"]).lstrip("~ "), data)
    data["in phase 2"] = (there.notna() & (there != 0)).to_numpy(dtype=bool)
    method = design.get("method") or "full"
    sample = two_phase(data, first=first, second=second, subset="in phase 2", method=method)
    if design.get("calibrate"):
        sample = _calibrated(sample, design["calibrate"])
    _refuse_accidents(case, sample)
    where = None
    if op.get("subset") is not None:
        where = (evaluate(op["subset"], sample.data) == 1).to_numpy(dtype=bool)
    return Asked(sample, where, library)


def _prepare(case: dict[str, Any], data: pd.DataFrame) -> None:
    """What the R set-up does besides describing the design."""
    recorded = case.get("r", {}).get("setup") or []
    for statement in [recorded] if isinstance(recorded, str) else recorded:
        if IGNORED.match(statement):
            continue
        if SUBSET.match(statement) and case["op"].get("subset") is not None:
            continue
        update = UPDATE.match(statement)
        if update is None:
            raise Unsupported(f"set-up: {statement.strip()[:60]}")
        data[update.group(1)] = evaluate(update.group(2), data)


def _phase(design: dict[str, Any], data: pd.DataFrame, number: int, lonely: str) -> Any:
    """The design of one phase."""

    def given(key: str) -> list[str]:
        own = design.get(f"phase{number + 1}")
        value = own.get(key) if own else (design.get(key) or [None, None])[number]
        names = [] if value is None else [value] if isinstance(value, str) else list(value)
        parts = [part.strip() for name in names for part in name.lstrip("~ ").split("+")]
        return [part for part in parts if part not in {"1", "0"}]

    def column(words: str, role: str) -> str:
        if words in data.columns:
            return words
        data[f"{role} {number + 1}"] = evaluate(words, data).astype(float)
        return f"{role} {number + 1}"

    weights = [column(words, "weight") for words in given("weights")]
    for words in given("probs"):
        data[f"1 / prob {number + 1}"] = 1 / evaluate(words, data).astype(float)
        weights = [f"1 / prob {number + 1}"]
    strata = given("strata")
    if len(strata) > 1 or len(weights) > 1:
        raise Unsupported("strata or weights of several stages of one phase")
    return described(
        Sampling.PROBABILITY,
        weight=weights[0] if weights else None,
        stratum=strata[0] if strata else None,
        cluster=given("ids") or None,
        population=[column(words, "population") for words in given("fpc")] or None,
        nested=bool(design.get("nest")),
        lonely=lonely,
    )


def _calibrated(sample: TwoPhase, words: dict[str, Any]) -> TwoPhase:
    """Phase 2 fitted to phase 1, by the terms of a formula with a constant."""
    if words.get("phase") not in {None, 2} or set(words) - {"phase", "formula", "calfun"}:
        raise Unsupported("a calibration of phase 1, or with options")
    terms = [term.strip() for term in str(words["formula"]).lstrip("~ ").split("+")]
    columns = [term for term in terms if term != "1"]
    if not set(columns) <= set(sample.data.columns):
        raise Unsupported(f"two-phase calibration to {words['formula']}")
    numbers = [name for name in columns if pd.api.types.is_numeric_dtype(sample.data[name])]
    made = calibrate_phase_two(
        sample,
        [name for name in columns if name not in numbers],
        totals=numbers,
        distance=words.get("calfun", "linear"),
    ).sample
    assert isinstance(made, TwoPhase)  # noqa: S101
    return made


def _refuse_accidents(case: dict[str, Any], sample: TwoPhase) -> None:
    """Refuse what R computes in two ways, or wrongly: see docs/methods.md, two phases."""
    op = case["op"]
    full = sample.method.value == "full"
    calibrated = sample.second.calibration is not None
    first = sample.first
    if full and first.design.stratum is not None:
        sizes = first.stages[0].drawn
        if len(set(sizes.tolist())) > 1:
            raise Unsupported("R's full variance mixes up the strata of phase 1")
    part = bool(op.get("subset") or op.get("by"))
    if part and calibrated and full:
        raise Unsupported("R's subset of a calibrated full design leaves residuals out")
    if part and not calibrated and not full:
        centred = case["fn"] != "svytotal" and first.design.stratum is None
        if not centred or len(first.stages) > 1:
            raise Unsupported("R's subset counts those outside as one unit screened each")
