"""Reference cases of models: regressions, tests of their terms, predicted means, pseudo-R²."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
from parity_cases import Case, check_words
from parity_design import Asked
from parity_expression import Unsupported

from survey_kit.estimation.models.explained import pseudo_r_squared
from survey_kit.estimation.models.family import FAMILIES, Family, Link
from survey_kit.estimation.models.margins import predicted_means
from survey_kit.estimation.models.regression import Regression, regression
from survey_kit.estimation.models.term_test import deviance_test, wald_test, working_wald_test

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


HANDLERS: dict[str, Callable[[Case, Asked], Any]] = {
    "svyglm": glm,
    "regTermTest": term,
    "svypredmeans": means,
    "psrsq": explained,
}
