"""Reference cases of models: regressions, tests of their terms, predicted means, pseudo-R²."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from parity_cases import Case, check_words
from parity_design import Asked
from parity_expression import Unsupported, evaluate
from scipy import special

from survey_kit.design.sample import Sample
from survey_kit.estimation.estimate import estimate
from survey_kit.estimation.imputations import combine
from survey_kit.estimation.models.explained import pseudo_r_squared
from survey_kit.estimation.models.family import FAMILIES, Family, Link
from survey_kit.estimation.models.log_linear import compare, log_linear
from survey_kit.estimation.models.margins import predicted_means
from survey_kit.estimation.models.ordinal import ordinal
from survey_kit.estimation.models.regression import Regression, regression
from survey_kit.estimation.models.survival import survival
from survey_kit.estimation.models.term_test import deviance_test, wald_test, working_wald_test
from survey_kit.estimation.statistics.mean import MEAN

MODEL = re.compile(
    r"svyglm\((?P<formula>[^,]+?)\s*,\s*(?:design\s*=\s*)?d\b(?P<rest>[^()]*(?:\([^()]*\)[^()]*)*)\)"
)
FAMILY = re.compile(r"family\s*=\s*(?:stats::)?(\w+)(?:\((?:link\s*=\s*)?[\"']?(\w*)[\"']?\))?")
OFFSET = re.compile(r"\s*\+?\s*offset\((?P<of>(?:[^()]|\([^()]*\))*)\)")
KINDS = {
    "gaussian": "gaussian",
    "quasibinomial": "binomial",
    "binomial": "binomial",
    "quasipoisson": "poisson",
    "poisson": "poisson",
    "Gamma": "gamma",
}


def family_of(words: str) -> tuple[Family, Link | None]:
    """The family in R's words, with its link if that is not the usual one."""
    found = re.fullmatch(r"(\w+)(?:\((?:link\s*=\s*)?[\"']?(\w*)[\"']?\))?", words.strip())
    if found is None or found[1] not in KINDS:
        raise Unsupported(f"family {words}")
    link: Any = found[2] or None
    return FAMILIES[KINDS[found[1]]], link


def python_formula(words: str) -> tuple[str, str | None]:
    """R's formula as formulaic reads it, and its offset."""
    offset = OFFSET.search(words)
    plain = OFFSET.sub("", words).replace("^", "**")
    plain = re.sub(r"(?<![\w.])factor\(", "C(", plain)
    plain = re.sub(r"([A-Za-z]\w*(?:\.\w+)+)", r"`\1`", plain)
    return plain, offset["of"] if offset else None


def r_name(name: str) -> str:
    """A column as R calls it: educ[T.primary] is educprimary."""
    plain = name.replace("`", "").replace("**", "^")
    plain = re.sub(r"C\(([^()]*)\)", r"factor(\1)", plain)
    return re.sub(r"\[(?:T\.)?([^\]]*)\]", r"\1", plain)


def fitted(words: str, kind: str, asked: Asked) -> Regression:
    formula, offset = python_formula(words)
    family, link = family_of(kind)
    return regression(
        formula, asked.sample, family=family, link=link, offset=offset, where=asked.where
    )


def glm(case: Case, asked: Asked) -> Any:
    """svyglm."""
    check_words(case, {"formula", "family", "note", "subset"}, {"formula", "family"})
    op = case["op"]
    model = fitted(op["formula"], op.get("family", "gaussian"), asked)
    names = [r_name(name) for name in model.predictors.names]
    order = list(case["result"]["coef"])
    if sorted(names) != sorted(order):
        raise Unsupported(f"R calls its coefficients {order}, we {names}")
    at = [names.index(name) for name in order]
    low, high = model.coefficients.interval()
    value, error = model.coefficients.value, model.coefficients.standard_error
    return {
        "coef": dict(zip(order, value[at], strict=True)),
        "se": dict(zip(order, error[at], strict=True)),
        "vcov": model.coefficients.covariance[np.ix_(at, at)].tolist(),
        "t": dict(zip(order, model.t[at], strict=True)),
        "p": dict(zip(order, model.p[at], strict=True)),
        "df_residual": model.df,
        "dispersion": model.dispersion * rows(model),
        "deviance": model.deviance,
        "null_deviance": model.null_deviance,
        "ci95": np.column_stack([low, high])[at].tolist(),
        "n": int(model.used.sum()),
    }


def rows(model: Regression) -> int:
    """1; with replicates, what R's dispersion is too large by (it divides by weights twice)."""
    return 1 if model.sample.replicates is None else int(model.used.sum()) - 1


def model_in(case: Case, asked: Asked) -> Regression:
    """The model that a case is about, as its call says it."""
    found = MODEL.search(case["r"]["call"])
    if found is None:
        raise Unsupported("a model put in another way")
    kind = FAMILY.search(found["rest"])
    words = "gaussian" if kind is None else kind[1] + (f"({kind[2]})" if kind[2] else "")
    if re.sub(FAMILY, "", found["rest"]).strip(" ,"):
        raise Unsupported(f"svyglm with {found['rest'].strip(' ,')}")
    return fitted(found["formula"], words, asked)


def term(case: Case, asked: Asked) -> Any:
    """regTermTest."""
    check_words(case, {"term", "method", "df", "subset"}, {"term", "method", "df", "family"})
    op = case["op"]
    tests = {"Wald": wald_test, "LRT": deviance_test, "WorkingWald": working_wald_test}
    if op.get("method", "Wald") not in tests:
        raise Unsupported(f"regTermTest of method {op['method']}")
    wanted = op.get("df")
    df = None if wanted is None else float(str(wanted).replace("Inf", "inf"))
    found = tests[op.get("method", "Wald")](model_in(case, asked), op["term"].lstrip("~ "), df=df)
    wald = op.get("method", "Wald") == "Wald"
    return {
        "statistic": found.statistic
        * (1 if not np.isinf(found.denominator_df) or not wald else found.numerator_df),
        "kind": case["result"].get("kind"),
        "df": found.numerator_df,
        "ddf": found.denominator_df,
        "p_value": found.p,
        "lambda": None if wald else found.eigenvalues.tolist(),
    }


def means(case: Case, asked: Asked) -> Any:
    """svypredmeans."""
    check_words(case, {"adjust", "margin", "family", "subset"}, {"family"})
    op = case["op"]
    found = MODEL.search(case["r"]["call"])
    kind = FAMILY.search(found["rest"]) if found else None
    words = op.get("family") or (kind[1] if kind else "gaussian")
    model = fitted(f"{op['adjust']} + {op['margin']}", words, asked)
    made = predicted_means(model, op["margin"])
    order = list(case["result"]["coef"])
    at = [[name[-1] for name in made.names].index(each) for each in order]
    return {
        "coef": dict(zip(order, made.value[at], strict=True)),
        "se": made.standard_error[at].tolist(),
        "vcov": made.covariance[np.ix_(at, at)].tolist(),
        "degf": made.df,
    }


def explained(case: Case, asked: Asked) -> Any:
    """psrsq."""
    check_words(
        case,
        {"formula", "family", "subset", "method"},
        {"method", "family", "CoxSnell", "Nagelkerke"},
    )
    found = pseudo_r_squared(model_in(case, asked))
    both = {"CoxSnell": found.cox_snell, "Nagelkerke": found.nagelkerke}
    wanted = case["result"]["value"]
    return {"value": {name: both[name] for name in wanted}}


def ordered(case: Case, asked: Asked) -> Any:
    """svyolr."""
    check_words(case, {"formula", "method", "subset"}, {"method"})
    curves: dict[str, Any] = {
        "logistic": "logit",
        "probit": "probit",
        "cloglog": "cloglog",
        "cauchit": "cauchit",
    }
    formula, offset = python_formula(case["op"]["formula"])
    if offset:
        raise Unsupported("svyolr with an offset")
    curve = curves[case["op"].get("method", "logistic")]
    model = ordinal(formula, asked.sample, curve=curve, where=asked.where)
    names = [r_name(name[-1]) for name in model.coefficients.names]
    value, k = model.coefficients.value, model.effects
    order = [*case["result"]["coef"], *case["result"]["zeta"]]
    at = [names.index(name) for name in order]
    return {
        "coef": dict(zip(names[:k], value[:k], strict=True)),
        "zeta": dict(zip(names[k:], value[k:], strict=True)),
        "vcov": model.coefficients.covariance[np.ix_(at, at)].tolist(),
        "se": dict(zip(names, model.coefficients.standard_error, strict=True)),
        "deviance": model.deviance,
        "df_residual": model.df,
    }


def hazards(case: Case, asked: Asked) -> Any:
    """svycoxph."""
    check_words(case, {"formula", "ties", "subset"}, {"ties", "method"})
    found = re.fullmatch(r"Surv\(([^()]*)\)\s*~\s*(.*)", case["op"]["formula"].strip())
    if found is None:
        raise Unsupported("a hazard put in another way")
    times = [name.strip() for name in found[1].split(",")]
    formula, offset = python_formula(found[2])
    if offset or "strata(" in formula or len(times) not in {2, 3}:
        raise Unsupported("svycoxph with strata, offset or another time")
    data = asked.sample.data.copy()
    for name in times:
        if name not in data.columns:
            data[name] = evaluate(name, data)
    event = times[-1]
    data[event] = data[event].astype(float)
    model = survival(
        formula,
        replace(asked.sample, data=data),
        time=times[-2],
        event=event,
        entry=times[0] if len(times) == 3 else None,  # noqa: PLR2004 - from, until, what
        ties=case["op"].get("ties", "efron"),
        where=asked.where,
    )
    names = [r_name(name[-1]) for name in model.coefficients.names]
    order = list(case["result"]["coef"])
    at = [names.index(name) for name in order]
    return {
        "coef": dict(zip(names, model.coefficients.value, strict=True)),
        "vcov": model.coefficients.covariance[np.ix_(at, at)].tolist(),
        "se": dict(zip(names, model.coefficients.standard_error, strict=True)),
    }


def cells(case: Case, asked: Asked) -> Any:
    """anova of svyloglin: independence against all pairs."""
    check_words(case, {"vars", "subset"}, set())
    names = " + ".join(case["op"]["vars"])
    if "~.^2" not in case["r"]["call"].replace(" ", ""):
        raise Unsupported("log-linear models of another kind")
    smaller = log_linear(names, asked.sample, where=asked.where)
    larger = log_linear(f"({names})**2", asked.sample, where=asked.where)
    found = compare(smaller, larger)
    # R sums the squares of Δ's elements where the trace of Δ² is meant, so that its p
    # depends on how categories are coded; ours is R's with the trace in that place
    trace = float(np.trace(found.delta))
    first = trace**2 / float((found.delta**2).sum())
    second = smaller.cells.df * first
    return {
        "deviance": found.deviance,
        "p_deviance": float(special.fdtrc(first, second, found.deviance / trace)),
        "score": found.score,
        "p_score": float(special.fdtrc(first, second, found.score / trace)),
    }


def imputed(case: Case, asked: Asked) -> Any:
    """MIcombine of means."""
    check_words(case, {"y", "dataset"}, {"id", "ids", "strata", "weights", "fpc", "data", "nest"})
    call = case["r"]["call"]
    if "svymean(" not in call or "df.complete" in call or asked.library is None:
        raise Unsupported("MIcombine of something else")
    every = asked.library.data(case["op"]["dataset"])
    parts = [part.reset_index(drop=True) for _, part in every.groupby("imp")]
    found = combine(
        [estimate(MEAN, Sample(part, asked.sample.design), case["op"]["y"]) for part in parts],
        complete_df=np.inf,
    )
    names = [name[-1] for name in found.estimate.names]
    return {
        "coef": dict(zip(names, found.estimate.value, strict=True)),
        "vcov": found.estimate.covariance.tolist(),
        "se": dict(zip(names, found.estimate.standard_error, strict=True)),
        "df": found.estimate.own_df.tolist(),
        "missinfo": found.missing.tolist(),
        "nimp": found.imputations,
    }


HANDLERS: dict[str, Callable[[Case, Asked], Any]] = {
    "svyglm": glm,
    "regTermTest": term,
    "svypredmeans": means,
    "psrsq": explained,
    "svyolr": ordered,
    "svycoxph": hazards,
    "svyloglin": cells,
    "MIcombine": imputed,
}
