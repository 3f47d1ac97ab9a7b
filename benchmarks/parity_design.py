"""From the `design` of a reference case to a Sample, or why not."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from parity_expression import Unsupported, evaluate, number

from survey_kit.design.design import Design, Lonely, LonelyDomain, Pairs, Sampling, Unequal
from survey_kit.design.sample import Sample

KNOWN = {
    "name",
    "dataset",
    "type",
    "ids",
    "strata",
    "weights",
    "fpc",
    "nest",
    "pps",
    "variance",
    "joint",
    "prob",
    "lonely_psu",
    "row_filter",
    "note",
}
REPLICATES = {
    "method",
    "repweights_prefix",
    "repweights_inline",
    "n_replicates",
    "scale",
    "rscales",
    "mse",
    "combined_weights",
    "rho",
    "fay_rho",
    "fay.rho",
    "bootstrap_average",
    "bootstrap.average",
    "fpctype",
}
IGNORED_STATEMENT = re.compile(
    r"^\s*(d\s*<-\s*(as\.svrep|svrep|svy)design\(|\w[\w.]*\s*<-\s*(data\.frame|[\d.]*\s*\*?\s*cbind)\()"
)
HARTLEY_RAO = re.compile(r"HR\(((?:[^()]|\([^()]*\))*)\)")
UNEQUAL = {
    "brewer": Unequal.BREWER,
    "overton": Unequal.OVERTON,
    "HR": Unequal.HARTLEY_RAO,
    "ppsmat": Unequal.JOINT,
}
COUNTED = re.compile(
    r"subset\(\w+,\s*ave\((\w+),\s*(\w+),\s*FUN\s*=\s*function\((\w)\)\s*"
    r"length\(unique\(\3\)\)\)\s*==\s*(\d+)\)"
)
SUBSET = re.compile(r"^\s*d\s*<-\s*subset\(d,")
UPDATE = re.compile(r"^\s*d\s*<-\s*update\(d,\s*([A-Za-z.][\w.]*)\s*=\s*(.*)\)\s*$")


@dataclass(frozen=True, eq=False)
class Asked:
    """A case as it reaches the estimators: the sample, and the rows asked about."""

    sample: Sample
    where: NDArray[np.bool_] | None
    library: Library | None = None


class Library:
    """The data sets of a reference folder, read once each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.about = json.loads((folder / "datasets.json").read_text(encoding="utf-8"))
        self.read: dict[str, pd.DataFrame] = {}

    def data(self, name: str) -> pd.DataFrame:
        if name not in self.about:
            raise Unsupported(f"no data set {name}")
        if name not in self.read:
            about = self.about[name]
            factors: dict[str, list[str]] = about.get("factor_levels") or {}
            data = pd.read_csv(
                self.folder / about["file"],
                dtype=dict.fromkeys(factors, str),
                keep_default_na=False,
                na_values=[""],
            )
            kinds = {name: pd.CategoricalDtype(levels) for name, levels in factors.items()}
            self.read[name] = _yes_and_no(data.astype(kinds))
        return self.read[name]


def _yes_and_no(data: pd.DataFrame) -> pd.DataFrame:
    """Columns of TRUE and FALSE as the two categories that R makes of them."""
    for name in data.columns:
        known = data[name].dropna()
        if len(known) and known.map(type).isin((bool, np.bool_)).all():
            words = data[name].map({True: "TRUE", False: "FALSE"})
            data[name] = words.astype(pd.CategoricalDtype(["FALSE", "TRUE"]))
    return data


def asked(case: dict[str, Any], library: Library) -> Asked:
    """The sample of a case.

    Raises
    ------
    Unsupported
        If its design, its options or its preparation are beyond survey_kit.
    """
    design, op = case["design"], case["op"]
    _refuse(design)
    data = _filtered(case, library.data(design["dataset"])).copy()
    _prepare(case, data)
    described = _design(design, data) | _unequal(case, data)
    lonely = op.get("lonely_psu") or design.get("lonely_psu") or "fail"
    domain = LonelyDomain.AS_LONELY if op.get("adjust_domain_lonely") else LonelyDomain.CENTRED
    _check_options(case, lonely, domain)
    where = None
    if op.get("subset") is not None:
        where = (number(evaluate(op["subset"], data)) == 1).to_numpy(dtype=bool)
    return Asked(
        Sample(
            data,
            Design(Sampling.PROBABILITY, lonely=Lonely(lonely), lonely_domain=domain, **described),
            joint=_joint(case, library),
        ),
        where,
        library,
    )


def _filtered(case: dict[str, Any], data: pd.DataFrame) -> pd.DataFrame:
    """The rows that a row filter keeps: strata of so many clusters, as R's set-up says it."""
    if not case["design"].get("row_filter"):
        return data
    recorded = case["r"].get("setup") or []
    for statement in [recorded] if isinstance(recorded, str) else recorded:
        found = COUNTED.search(statement)
        if found:
            kept = data.groupby(found[2])[found[1]].transform("nunique") == int(found[4])
            return data[kept].reset_index(drop=True)
    raise Unsupported("a row filter in words")


def _refuse(design: dict[str, Any]) -> None:
    if design.get("type") not in {"taylor", "replicate"}:
        raise Unsupported(f"{design.get('type')} design ({design.get('method', '')})")
    known = KNOWN | REPLICATES if design["type"] == "replicate" else KNOWN
    unknown = sorted(key for key in design if key not in known)
    if unknown:
        raise Unsupported(f"design option {unknown[0]}")


def _design(design: dict[str, Any], data: pd.DataFrame) -> dict[str, Any]:
    """Arguments of Design; expressions become columns."""

    def column(source: str, role: str) -> str:
        if source in data.columns:
            return source
        data[f"{role} {source}"] = evaluate(source, data).astype(float)
        return f"{role} {source}"

    def names(key: str) -> list[str]:
        given = design.get(key)
        if given is None:
            return []
        return [given] if isinstance(given, str) else list(given)

    ids = names("ids")
    if ids == ["1"]:
        ids = []
    strata = names("strata")
    if len(strata) > 1:
        raise Unsupported("strata at several stages")
    for name in (*ids, *strata):
        if name not in data.columns:
            raise Unsupported(f"design variable {name}")
    weight = design.get("weights")
    if weight is None and design.get("prob") is not None:
        data["1 / prob"] = 1 / evaluate(str(design["prob"]), data).astype(float)
        weight = "1 / prob"
    given = design.get("repweights_prefix") or design.get("repweights_inline")
    populations = [] if given else [column(name, "population") for name in names("fpc")]
    return {
        "weight": None if weight in (None, "1") else column(str(weight), "weight"),
        "stratum": strata[0] if strata else None,
        "cluster": tuple(ids) or None,
        "population": tuple(populations) or None,
        "nested": bool(design.get("nest")),
    }


def _unequal(case: dict[str, Any], data: pd.DataFrame) -> dict[str, Any]:
    """Arguments of Design for unequal chances without replacement."""
    pps = case["design"].get("pps")
    if pps in (None, False):
        return {}
    recorded = case["r"].get("setup") or []
    words = " ".join([recorded] if isinstance(recorded, str) else recorded)
    kind = next((kind for word, kind in UNEQUAL.items() if str(pps).startswith(word)), None)
    if kind is None:
        raise Unsupported(f"unequal probabilities without replacement ({pps})")
    known: dict[str, Any] = {"unequal": kind}
    variance = case["design"].get("variance") or "HT"
    given = re.search(r"variance\s*=\s*['\"](\w+)", words)
    if given and given[1] != variance:
        raise Unsupported(f"variance {given[1]} that the design does not name")
    known["pairs"] = Pairs.YATES_GRUNDY if variance == "YG" else Pairs.HORVITZ_THOMPSON
    if variance == "YG" and case["op"].get("subset") is not None:
        raise Unsupported("R leaves the pairs with the others out of Yates and Grundy's subset")
    if kind is Unequal.HARTLEY_RAO:
        found = HARTLEY_RAO.search(words) or HARTLEY_RAO.search(str(pps))
        if found and found[1].strip():
            data["squared chances"] = _squared(found[1], data)
            known["squared_chances"] = "squared chances"
    return known


def _squared(words: str, data: pd.DataFrame) -> float:
    """`sum(election_pps$p^2)/40` as a number."""
    plain = re.sub(r"\b\w+\$", "", words)
    over = re.fullmatch(r"\s*sum\((.+)\)\s*/\s*([\d.]+)\s*", plain)
    if over:
        return float(evaluate(over[1], data).sum()) / float(over[2])
    return float(evaluate(plain, data).iloc[0])


def _joint(case: dict[str, Any], library: Library) -> NDArray[np.float64] | None:
    """The matrix of joint chances, a data set of its own."""
    if not str(case["design"].get("pps") or "").startswith("ppsmat"):
        return None
    recorded = case["r"].get("setup") or []
    words = " ".join([recorded] if isinstance(recorded, str) else recorded)
    found = re.search(r"ppsmat\(\s*(?:as\.matrix\(\s*)?(\w+)", words)
    name = case["design"].get("joint") or (found[1] if found else "")
    return library.data(name).to_numpy(dtype=float)


def _prepare(case: dict[str, Any], data: pd.DataFrame) -> None:
    """Carry out what the R set-up does besides describing the design."""
    recorded = case.get("r", {}).get("setup") or []
    for statements in [recorded] if isinstance(recorded, str) else recorded:
        for statement in re.split(r";\s*(?=\w)", statements):
            if IGNORED_STATEMENT.match(statement):
                continue
            if SUBSET.match(statement):
                if case["op"].get("subset") is None:
                    raise Unsupported("a subset that op does not name")
                continue
            update = UPDATE.match(statement)
            if update is None:
                raise Unsupported(f"set-up: {statement.strip()[:60]}")
            data[update.group(1)] = evaluate(update.group(2), data)


def _check_options(case: dict[str, Any], lonely: str, domain: LonelyDomain) -> None:
    """The options R ran under must be those that design and op tell of."""
    options = case.get("r", {}).get("options") or {}
    for name, value in options.items():
        match name:
            case "survey.lonely.psu":
                same = value == lonely
            case "survey.adjust.domain.lonely":
                same = bool(value) == (domain is LonelyDomain.AS_LONELY)
            case _:
                same = False
        if not same:
            raise Unsupported(f"R option {name}={value}")
