"""Reference cases of models: regressions, tests of their terms, predicted means, pseudo-R²."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from parity_cases import Case, check_words
from parity_design import Asked
from parity_expression import Unsupported, evaluate
from parity_formula import Terms, coded_as_r, plain, r_terms, with_columns
from scipy import special

from survey_kit.errors import EstimationError
from survey_kit.estimation.intervals import t_quantile
from survey_kit.estimation.models import formula as formulas
from survey_kit.estimation.models.explained import pseudo_r_squared
from survey_kit.estimation.models.family import FAMILIES, Family, Link
from survey_kit.estimation.models.log_linear import compare, log_linear
from survey_kit.estimation.models.margins import predicted_means
from survey_kit.estimation.models.ordinal import ordinal
from survey_kit.estimation.models.profile import where_deviance_rises
from survey_kit.estimation.models.regression import Regression, regression, relative_weights
from survey_kit.estimation.models.term_test import deviance_test, wald_test, working_wald_test

OFFSET = re.compile(r"\s*\+?\s*offset\((?P<of>(?:[^()]|\([^()]*\))*)\)")
FAMILY = re.compile(r"family\s*=\s*(?:stats::)?(\w+)(?:\((?:link\s*=\s*)?[\"']?([\w/^]*)[\"']?\))?")
KINDS = {
    "gaussian": "gaussian",
    "quasi": "gaussian",
    "quasibinomial": "binomial",
    "binomial": "binomial",
    "quasipoisson": "poisson",
    "poisson": "poisson",
    "Gamma": "gamma",
    "inverse.gaussian": "inverse gaussian",
}
SHORT = 1e-4
"""A deviance larger than another of the same model by this share is no minimum."""
LINKS = {"1/mu^2": "inverse squared"}
WORDS = {"family", "link", "offset", "raw", "degree", "df", "knots", "ref", "breaks"}


@dataclass(frozen=True, eq=False)
class Model:
    """A model of ours, with what R calls its columns and which terms they belong to."""

    made: Regression
    names: list[str]
    terms: dict[str, list[int]]


def family_of(words: str) -> tuple[Family, Link | None]:
    """The family in R's words, with its link if that is not the usual one."""
    found = re.fullmatch(r"([\w.]+)(?:\((?:link\s*=\s*)?[\"']?([\w/^]*)[\"']?\))?", words.strip())
    if found is None or found[1] not in KINDS:
        raise Unsupported(f"family {words}")
    link: Any = LINKS.get(found[2], found[2]) or None
    return FAMILIES[KINDS[found[1]]], link


def python_formula(words: str) -> tuple[str, str | None]:
    """R's formula as formulaic reads it, and its offset."""
    offset = OFFSET.search(words)
    plain_words = OFFSET.sub("", words).replace("^", "**")
    plain_words = re.sub(r"(?<![\w.])factor\(", "C(", plain_words)
    plain_words = re.sub(r"([A-Za-z]\w*(?:\.\w+)+)", r"`\1`", plain_words)
    return plain_words, offset["of"] if offset else None


def r_name(name: str) -> str:
    """A column as R calls it: educ[T.primary] is educprimary."""
    without = name.replace("`", "").replace("**", "^")
    without = re.sub(r"C\(([^()]*)\)", r"factor(\1)", without)
    return re.sub(r"\[(?:T\.)?([^\]]*)\]", r"\1", without)


@dataclass(frozen=True, eq=False)
class Written:
    """A formula of R as survey_kit takes it, on data that hold what it needs."""

    outcome: str
    right: str
    offset: str | None
    terms: Terms
    atoms: dict[str, str]
    asked: Asked


def written(words: str, asked: Asked) -> Written:
    """Both sides of a formula of R."""
    left, _, right = words.partition("~")
    data = asked.sample.data.copy()
    terms = r_terms(right)
    atoms = with_columns(terms, data)
    offset, outcome = None, left.strip()
    if outcome.startswith("cbind("):
        raise Unsupported("an outcome of two columns: one row is one answer here")
    if terms.offset is not None:
        data["the offset"] = evaluate(terms.offset, data).astype(float)
        offset = "`the offset`"
    if outcome and outcome not in data.columns:
        data[plain(outcome)] = evaluate(outcome, data)
        outcome = plain(outcome)
    body = " + ".join(":".join(atoms[atom] for atom in term) for term in terms.terms)
    start = "1" if terms.intercept else "0"
    return Written(
        f"`{outcome}`",
        f"{start} + {body}" if body else start,
        offset,
        terms,
        atoms,
        replace(asked, sample=replace(asked.sample, data=data)),
    )


def fitted(
    words: str, kind: str, asked: Asked, order: Sequence[str] = (), *, plainly: bool = False
) -> Model:
    """The model; coded as R codes it, where our names are not those of R.

    Unless `plainly`: what it predicts does not depend on how it is coded.
    """
    given = written(words, asked)
    family, link = family_of(kind)
    options: dict[str, Any] = {"family": family, "link": link, "offset": given.offset}
    options["where"] = given.asked.where
    try:
        made = regression(f"{given.outcome} ~ {given.right}", given.asked.sample, **options)
    except EstimationError as refusal:
        if plainly or "follows from" not in str(refusal):
            raise
        return _coded(given, options)
    names = [plain(r_name(name)) for name in made.predictors.names]
    if order and sorted(names) != sorted(plain(name) for name in order):
        return _coded(given, options)
    terms = {plain(str(term)): list(at) for term, at in made.predictors.terms.items()}
    return Model(made, names, terms)


def _coded(given: Written, options: dict[str, Any]) -> Model:
    """The model with every column of R's as a column of the data."""
    sample, where = given.asked.sample, given.asked.where
    needed = [given.outcome, given.right, *([given.offset] if given.offset else [])]
    used = formulas.rows_used(sample, needed, where)
    coded = coded_as_r(given.terms, given.atoms, sample, used)
    data = sample.data.copy()
    columns = [f"column {number} of R" for number in range(len(coded.names))]
    for column, values in zip(columns, coded.matrix.T, strict=True):
        whole = np.full(len(data), np.nan)
        whole[used] = values
        data[column] = whole
    start = ["1"] if given.terms.intercept else ["0"]
    right = " + ".join([*start, *(f"`{column}`" for column in columns)])
    made = regression(f"{given.outcome} ~ {right}", replace(sample, data=data), **options)
    shift = int(given.terms.intercept)
    terms = {
        plain(":".join(term)): [at + shift for at, of in enumerate(coded.terms) if of == number]
        for number, term in enumerate(given.terms.terms)
    }
    return Model(made, ["(Intercept)"] * shift + coded.names, terms)


def glm(case: Case, asked: Asked) -> Any:
    """svyglm."""
    # rescale and influence change nothing but what R keeps; `subset=` is that of `op`
    quiet = {"rescale", "influence", "subset", "data"}
    known = {"formula", "family", "note", "subset", "offset", "level", "ci_method", "rescale"}
    check_words(case, known, WORDS | quiet)
    op = case["op"]
    words = op["formula"] + (f"+offset({op['offset']})" if op.get("offset") else "")
    order = list(case["result"]["coef"])
    model = fitted(words, op.get("family", "gaussian"), asked, order)
    made, names = model.made, [plain(name) for name in model.names]
    if sorted(names) != sorted(plain(name) for name in order):
        raise Unsupported(f"R calls its coefficients {order}, we {model.names}")
    at = [names.index(plain(name)) for name in order]
    value, error = made.coefficients.value, made.coefficients.standard_error
    level = float(op.get("level") or 0.95)
    bounds = np.column_stack(made.coefficients.interval(level))
    if op.get("ci_method") == "likelihood":
        # R divides the rise in deviance by the dispersion, which its variance holds already
        reach = t_quantile(level, np.full(len(value), made.df))
        inflation = made.coefficients.variance / np.diag(made.naive)
        bounds = np.column_stack(where_deviance_rises(made, inflation * reach**2 * made.dispersion))
    raw = re.search(r"rescale\s*=\s*F", case["r"]["call"]) is not None
    unit = float(made.sample.weights[made.where].mean()) if raw else 1.0
    return {
        "coef": dict(zip(order, value[at], strict=True)),
        "se": dict(zip(order, error[at], strict=True)),
        "vcov": made.coefficients.covariance[np.ix_(at, at)].tolist(),
        "t": dict(zip(order, made.t[at], strict=True)),
        "p": dict(zip(order, made.p[at], strict=True)),
        "df_residual": made.df,
        "dispersion": dispersion(made) * unit,
        "deviance": made.deviance * unit,
        "null_deviance": made.null_deviance * unit,
        f"ci{round(100 * level)}": bounds[at].tolist(),
        "n": int(made.used.sum()),
    }


def dispersion(model: Regression) -> float:
    """R's; with replicates its sum of squares, uncentred (it divides by weights twice)."""
    if model.sample.replicates is None:
        return model.dispersion
    left, _ = formulas.sides(model.formula)
    y = formulas.outcome(left, model.sample, model.used, shares=model.family.shares)
    w = relative_weights(model.sample, model.used, model.where)
    variance = model.family.with_link(model.link).variance(model.fitted)
    return float(w @ ((y - model.fitted) ** 2 / np.asarray(variance)))


def model_in(case: Case, asked: Asked) -> Model:
    """The model that a case is about, as its call says it."""
    arguments = arguments_of(case["r"]["call"], "svyglm")
    named = {key: value for key, value in arguments[1].items() if key not in {"design", "formula"}}
    known = {"family", "offset"}
    if set(named) - known:
        raise Unsupported(f"svyglm with {min(set(named) - known)}")
    formula = arguments[1].get("formula") or arguments[0][0]
    words = formula + (f"+offset({named['offset']})" if "offset" in named else "")
    kind = FAMILY.search(f"family={named['family']}") if "family" in named else None
    family = "gaussian" if kind is None else kind[1] + (f"({kind[2]})" if kind[2] else "")
    return fitted(words, family, asked)


def arguments_of(call: str, function: str) -> tuple[list[str], dict[str, str]]:
    """The arguments of the first call of a function in R's source, by place and by name."""
    start = re.search(rf"\b{function}\(", call)
    if start is None:
        raise Unsupported(f"a call without {function}()")
    depth, pieces = 1, [""]
    for letter in call[start.end() :]:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if depth == 0:
            break
        if letter == "," and depth == 1:
            pieces.append("")
        else:
            pieces[-1] += letter
    placed: list[str] = []
    named: dict[str, str] = {}
    for piece in (each.strip() for each in pieces):
        key = re.match(r"([A-Za-z.][\w.]*)\s*=(?!=)\s*", piece)
        if key:
            named[key[1]] = piece[key.end() :]
        else:
            placed.append(piece)
    return placed, named


def term(case: Case, asked: Asked) -> Any:
    """regTermTest."""
    check_words(
        case,
        {"term", "method", "df", "subset", "formula", "family", "lrt.approximation", "null"},
        WORDS | {"method", "lrt.approximation", "null"},
    )
    op = case["op"]
    tests = {"Wald": wald_test, "LRT": deviance_test, "WorkingWald": working_wald_test}
    if op.get("method", "Wald") not in tests:
        raise Unsupported(f"regTermTest of method {op['method']}")
    wanted = op.get("df")
    df = None if wanted in (None, "NULL") else float(str(wanted).replace("Inf", "inf"))
    model = model_in(case, asked)
    name = op["term"].lstrip("~ ").strip("'\"")
    columns = [at for each in r_terms(name).terms for at in columns_of(model, ":".join(each))]
    joined = " + ".join(_own_terms(model.made, columns))
    null = op.get("null")
    if null is not None:
        if op.get("method", "Wald") != "Wald":
            raise Unsupported("a null hypothesis of another test than Wald's")
        values = [float(each) for each in re.findall(r"-?\d+\.?\d*(?:e-?\d+)?", str(null))]
        found = wald_test(model.made, joined, df=df, null=values)
    else:
        found = tests[op.get("method", "Wald")](model.made, joined, df=df)
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


def columns_of(model: Model, term: str) -> list[int]:
    """The columns of a term, whichever way round it is put."""
    factors = sorted(plain(term).split(":"))
    for name, at in model.terms.items():
        if sorted(name.split(":")) == factors:
            return at
    raise Unsupported(f"no term {term} among {list(model.terms)}")


def _own_terms(made: Regression, columns: Sequence[int]) -> list[str]:
    return [name for name, at in made.predictors.terms.items() if set(at) <= set(columns) and at]


def means(case: Case, asked: Asked) -> Any:
    """svypredmeans."""
    check_words(case, {"adjust", "margin", "family", "subset"}, WORDS)
    op = case["op"]
    _, named = arguments_of(case["r"]["call"], "svyglm")
    words = named.get("family") or op.get("family") or "gaussian"
    model = fitted(f"{op['adjust']} + {op['margin']}", words.replace("()", ""), asked, plainly=True)
    made = predicted_means(model.made, plain(op["margin"]))
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
    found = pseudo_r_squared(model_in(case, asked).made)
    both = {"CoxSnell": found.cox_snell, "Nagelkerke": found.nagelkerke}
    wanted = case["result"]["value"]
    if not isinstance(wanted, dict):
        method = str(case["op"].get("method") or "")
        return {"value": both["Nagelkerke" if method.startswith("N") else "CoxSnell"]}
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
    if model.deviance < float(case["result"].get("deviance") or 0.0) * (1 - SHORT):
        raise Unsupported("R stops short of the maximum: its deviance is the larger")
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


def cells(case: Case, asked: Asked) -> Any:
    """svyloglin, and anova of two of them."""
    known = {"vars", "subset", "formula", "larger", "smaller"}
    check_words(case, known, {"formula", "larger", "smaller"})
    op, call = case["op"], re.sub(r"\s", "", case["r"]["call"])
    if "anova(" not in call:
        right = op.get("formula") or arguments_of(call, "svyloglin")[0][0]
        return _log_linear_effects(right.lstrip("~ "), case, asked)
    names = " + ".join(op["vars"]) if "vars" in op else op["smaller"].lstrip("~ ")
    if "larger" in op:
        names, larger = op["smaller"].lstrip("~ "), op["larger"].lstrip("~ ").replace("^", "**")
    elif "~.^2" in call:
        larger = f"({names})**2"
    else:
        raise Unsupported("log-linear models of another kind")
    small = log_linear(names.replace("^", "**"), asked.sample, where=asked.where)
    found = compare(small, log_linear(larger, asked.sample, where=asked.where))
    # R sums the squares of Δ's elements where the trace of Δ² is meant, so that its p
    # depends on how categories are coded; ours is R's with the trace in that place
    trace = float(np.trace(found.delta))
    first = trace**2 / float((found.delta**2).sum())
    second = small.cells.df * first
    return {
        "deviance": found.deviance,
        "p_deviance": float(special.fdtrc(first, second, found.deviance / trace)),
        "score": found.score,
        "p_score": float(special.fdtrc(first, second, found.score / trace)),
    }


def _log_linear_effects(right: str, case: Case, asked: Asked) -> Any:
    """The effects under R's names: the number of the category behind its variable."""
    model = log_linear(right.replace("^", "**"), asked.sample, where=asked.where)

    def numbered(name: str) -> str:
        column, _, category = name.rstrip("]").partition("[")
        return column + str(asked.sample.levels(column).names.index(category) + 1)

    made = model.coefficients
    names = [":".join(numbered(part) for part in name[-1].split(":")) for name in made.names]
    order = list(case["result"]["coef"])
    at = [names.index(name) for name in order]
    return {
        "coef": dict(zip(order, made.value[at], strict=True)),
        "se": made.standard_error[at].tolist(),
        "vcov": made.covariance[np.ix_(at, at)].tolist(),
        "deviance": model.deviance,
    }


HANDLERS: dict[str, Callable[[Case, Asked], Any]] = {
    "svyglm": glm,
    "regTermTest": term,
    "svypredmeans": means,
    "psrsq": explained,
    "svyolr": ordered,
    "svyloglin": cells,
}
