"""Reference cases of comparison: tests of tables and means, contrasts, every pair of groups."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from parity_cases import COMMON, Case, check_words
from parity_design import Asked
from parity_expression import Unsupported, evaluate

from survey_kit.estimation.agreement import cronbach_alpha, kappa
from survey_kit.estimation.estimate import estimate
from survey_kit.estimation.goodness_of_fit import goodness_of_fit
from survey_kit.estimation.pairwise import pairwise
from survey_kit.estimation.rank_test import RankScores, rank_test
from survey_kit.estimation.rao_scott import Version, rao_scott
from survey_kit.estimation.statistics.mean import MEAN
from survey_kit.estimation.t_test import t_test

VERSIONS: dict[str, Version] = {
    "F": "F",
    "Chisq": "chi-squared",
    "lincom": "saddlepoint",
    "saddlepoint": "saddlepoint",
    "Wald": "Wald",
    "adjWald": "adjusted Wald",
}


def association(case: Case, asked: Asked) -> Any:
    """svychisq."""
    check_words(case, {"rows", "cols", "statistic", "na_rm"}, {"statistic"})
    op = case["op"]
    said = op.get("statistic") or "F"
    if said not in VERSIONS:
        raise Unsupported(f"svychisq statistic {said}")
    version = VERSIONS[said]
    if said == "lincom" and not any(
        "using saddlepoint" in warning for warning in case["r"].get("warnings") or []
    ):
        raise Unsupported("lincom by integration")
    sample = asked.sample
    # R's saddlepoint of replicates takes no degrees of freedom
    df = np.inf if version == "saddlepoint" and sample.replicates is not None else None
    found = rao_scott(sample, op["rows"], op["cols"], where=asked.where, version=version, df=df)
    # R multiplies X² by all rows, also those without an answer; p is the same
    rows = np.ones(len(sample), dtype=bool) if asked.where is None else asked.where
    held = rows & sample.data[[op["rows"], op["cols"]]].notna().all(axis=1).to_numpy()
    statistic = found.statistic * rows.sum() / held.sum()
    if version == "saddlepoint":
        return {"statistic": {"X-squared": statistic}, "p_value": found.p}
    if version == "chi-squared":
        return {
            "statistic": {"X-squared": statistic},
            "parameter": {"df": found.numerator_df},
            "p_value": found.p,
        }
    return {
        "statistic": {"F": found.statistic},
        "parameter": {"ndf": found.numerator_df, "ddf": found.denominator_df},
        "p_value": found.p,
    }


def fit(case: Case, asked: Asked) -> Any:
    """svygofchisq."""
    check_words(case, {"y", "p", "na_rm"}, {"p"})
    column = case["op"]["y"]
    sample = asked.sample
    if not isinstance(column, str) or column not in sample.data.columns:
        raise Unsupported("goodness of fit of an expression")
    if sample.data[column].isna().any():
        raise Unsupported("goodness of fit with missing values")
    names = sample.levels(column).names
    given = dict(zip(names, [float(share) for share in case["op"]["p"]], strict=True))
    found = goodness_of_fit(sample, column, given, where=asked.where)
    return {
        "statistic": {"X-squared": found.statistic},
        "parameter": {"scale": found.scale, "df": found.df},
        "p_value": found.p,
    }


def means_test(case: Case, asked: Asked) -> Any:
    """svyttest."""
    check_words(case, {"y", "group", "mu", "level"}, {"level"})  # svyttest ignores its level
    op = case["op"]
    data = asked.sample.data.assign(**{"tested value": evaluate(op["y"], asked.sample.data)})
    group = op.get("group")
    if group is not None and group not in data.columns:
        data, group = data.assign(**{"tested group": evaluate(group, data)}), "tested group"
    sample = replace(asked.sample, data=data)
    if op.get("group") is None and data["tested value"].isna().any():
        raise Unsupported("missing values without na.rm: R has no answer, survey_kit has")
    found = t_test(
        sample,
        "tested value",
        by=group,
        against=float(op.get("mu") or 0),
        where=asked.where,
    )
    return {
        "statistic": [found.statistic],
        "parameter": [found.df],
        "p_value": found.p,
        "estimate": [found.difference],
        "ci95": [found.low, found.high],
    }


RANKS: dict[str, RankScores] = {
    "wilcoxon": "wilcoxon",
    "KruskalWallis": "wilcoxon",
    "vanderWaerden": "van der waerden",
    "median": "median",
}


def ranks(case: Case, asked: Asked) -> Any:
    """svyranktest."""
    check_words(case, {"y", "group", "test"}, {"test"})
    op = case["op"]
    test = op.get("test") or "wilcoxon"
    if test not in RANKS:
        raise Unsupported(f"rank test {test}")
    if asked.sample.replicates is not None:
        raise Unsupported("R has no rank test of replicates")
    data = asked.sample.data.assign(**{"ranked value": evaluate(op["y"], asked.sample.data)})
    group = op["group"]
    if group not in data.columns:
        data, group = data.assign(**{"ranked group": evaluate(group, data)}), "ranked group"
    found = rank_test(
        replace(asked.sample, data=data),
        "ranked value",
        group,
        scores=RANKS[test],
        where=asked.where,
    )
    if found.numerator_df > 1:
        return {
            "statistic": {"Chisq": found.statistic},
            "parameter": {"df": found.numerator_df},
            "p_value": found.p,
        }
    return {
        "statistic": [found.statistic],
        "parameter": [found.denominator_df],
        "p_value": found.p,
        "estimate": [found.difference],
    }


def agreement(case: Case, asked: Asked) -> Any:
    """svykappa."""
    check_words(case, {"vars", "na_rm"}, set())
    first, second = case["op"]["vars"]
    data = asked.sample.data.copy()
    one, other = (asked.sample.levels(name).names for name in (first, second))
    if one != other and len(one) == len(other):
        # R lays the categories of both side by side as they come; ours by what they are called
        places = pd.Categorical.from_codes(asked.sample.levels(second).codes, categories=one)
        data[second] = pd.Series(places, index=data.index)
    found = kappa(replace(asked.sample, data=data), first, second, where=asked.where)
    return {
        "coef": {"kappa": found.value[0]},
        "se": found.standard_error.tolist(),
        "vcov": found.covariance.tolist(),
        "degf": found.df,
    }


def reliability(case: Case, asked: Asked) -> Any:
    """svycralpha."""
    check_words(case, {"y", "na_rm"}, set())
    return {"alpha": cronbach_alpha(asked.sample, case["op"]["y"], where=asked.where).value[0]}


def pairs(case: Case, asked: Asked) -> Any:
    """Every pair of groups, with R's p.adjust."""
    if set(case["op"]) - {"y", "by"} - COMMON:
        raise Unsupported("a comparison of another kind")
    found = estimate(
        MEAN, asked.sample, case["op"]["y"], by=list(case["op"]["by"]), where=asked.where
    )
    named = {".".join(name[:-1]) for name in found.names}
    wanted: list[str] = []
    for pair in case["result"]["value"]["pair"]:
        wanted += [group for group in pair.split(" - ") if group not in wanted]
    if not set(wanted) <= named or any(len(name) > 2 for name in found.names):  # noqa: PLR2004
        raise Unsupported("groups of another kind")
    upper = np.triu_indices(len(wanted), 1)
    plain = pairwise(found, wanted, adjust="none")
    adjustments = {
        "holm": "holm",
        "bonferroni": "bonferroni",
        "BH": "benjamini-hochberg",
        "fdr": "benjamini-hochberg",
        "BY": "benjamini-yekutieli",
        "hochberg": "hochberg",
        "hommel": "hommel",
    }
    value: dict[str, Any] = {
        "pair": case["result"]["value"]["pair"],
        "diff": plain.difference[0][upper].tolist(),
        "se": plain.standard_error[0][upper].tolist(),
        "t": (plain.difference / plain.standard_error)[0][upper].tolist(),
        "p_raw": plain.p[0][upper].tolist(),
    }
    for name, adjust in adjustments.items():
        adjusted = pairwise(found, wanted, adjust=adjust).adjusted
        value[f"p_{name}"] = adjusted[0][upper].tolist()
    return {"value": value}


HANDLERS: dict[str, Callable[[Case, Asked], Any]] = {
    "svykappa": agreement,
    "svycralpha": reliability,
    "svychisq": association,
    "svygofchisq": fit,
    "svyttest": means_test,
    "svyranktest": ranks,
    "pairwise": pairs,
}
