"""Reference cases of svycontrast: R's call says of what, and which contrasts."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from parity_cases import Case, bare, formula_columns
from parity_design import Asked
from parity_expression import Unsupported, evaluate
from parity_models import model_in

from survey_kit.estimation.estimate import Estimate, estimate
from survey_kit.estimation.nonlinear import function_of
from survey_kit.estimation.statistics.mean import MEAN
from survey_kit.estimation.statistics.total import TOTAL

STATISTICS = {"svymean": MEAN, "svytotal": TOTAL}
CALL = re.compile(r"^\s*svycontrast\((.*)\)\s*$", re.DOTALL)


def contrasts(case: Case, asked: Asked) -> Any:
    """svycontrast of means, totals, either by groups, or coefficients of a regression."""
    whole = CALL.match(case["r"]["call"])
    if whole is None:
        raise Unsupported("a contrast put in another way")
    of, *rest = arguments(whole[1])
    wanted = [each for each in rest if not re.match(r"add\s*=", each)]
    if len(wanted) != 1 or len(wanted) != len(rest):
        raise Unsupported("a contrast put in another way")
    found, names = _estimated(case, asked, of)
    asked_for = _asked_for(wanted[0])
    labels = [label for label, _ in asked_for]
    if all(source.startswith("quote(") for _, source in asked_for):
        result = function_of(found, _function([source for _, source in asked_for], names), labels)
    else:
        rows = [_weights(source, names) for _, source in asked_for]
        result = found.contrast(np.array(rows), labels)
    return {
        "coef": dict(zip(labels, result.value, strict=True)),
        "se": result.standard_error.tolist(),
        "vcov": result.covariance.tolist(),
        "degf": asked.sample.degrees_of_freedom(asked.where),
    }


def _estimated(case: Case, asked: Asked, of: str) -> tuple[Estimate, list[str]]:
    """What is contrasted, and R's names of its numbers."""
    whole = re.match(r"^(svy\w+)\((.*)\)$", of.strip(), re.DOTALL)
    if whole is None:
        raise Unsupported("a contrast of something else")
    function, given = whole[1], arguments(whole[2])
    if function == "svyglm":
        model = model_in(case, asked)
        return model.made.coefficients, [bare(name) for name in model.names]
    variables = [term.strip() for term in given[0].strip().removeprefix("~").split("+")]
    columns = formula_columns(asked, variables, case)
    sample, where = columns.asked.sample, columns.asked.where
    if function in STATISTICS:
        found = estimate(STATISTICS[function], sample, columns.columns, where=where)
        return found, [bare(name) for name in columns.names]
    words = {each.strip() for each in given[1:]}
    statistic = next((STATISTICS[word] for word in words if word in STATISTICS), None)
    if function != "svyby" or statistic is None or len(columns.columns) != 1:
        raise Unsupported(f"a contrast of {function}")
    by = [term.strip() for term in given[1].strip().removeprefix("~").split("+")]
    found = estimate(statistic, sample, columns.columns, by=by, where=where)
    return found, [".".join(name[:-1]) for name in found.names]


def _asked_for(source: str) -> list[tuple[str, str]]:
    """Each contrast with its name; R calls a single one `contrast`."""
    listed = re.match(r"^\s*list\((.*)\)\s*$", source, re.DOTALL)
    if listed is None:
        return [("contrast", source.strip())]
    return [_named(each) for each in arguments(listed[1])]


def _named(each: str) -> tuple[str, str]:
    name, _, value = each.partition("=")
    return name.strip().strip("`'\""), value.strip()


def _weights(source: str, names: list[str]) -> list[float]:
    """A weight for each number, from `c(a=1, b=-1)` or `c(1, -1)`."""
    inside = re.match(r"^c\((.*)\)$", source, re.DOTALL)
    if inside is None:
        raise Unsupported(f"contrast {source}")
    terms = arguments(inside[1])
    empty = pd.DataFrame(index=[0])
    weights = np.zeros(len(names))
    for place, term in enumerate(terms):
        name, _, value = term.rpartition("=")
        at = place
        if name:
            wanted = bare(name.strip().strip("`'\""))
            if wanted not in names:
                raise Unsupported(f"contrast of {name}")
            at = names.index(wanted)
        elif len(terms) != len(names):
            raise Unsupported("a contrast of another length")
        weights[at] = float(evaluate(value, empty).iloc[0])
    return weights.tolist()


def _function(sources: list[str], names: list[str]) -> Callable[[np.ndarray], np.ndarray]:
    """From the values to the expressions of them."""
    letters = [f"value{place}" for place in range(len(names))]
    plain: list[str] = []
    for source in sources:
        words = source.strip().removeprefix("quote(")[:-1]
        words = re.sub(r"`([^`]*)`", lambda found: _letter(found[1], names), words)
        words = re.sub(
            r"(?<![\w.])[A-Za-z][\w.]*(?!\w*\()",
            lambda found: _letter(found[0], names) if bare(found[0]) in names else found[0],
            words,
        )
        plain.append(words)

    def of(values: np.ndarray) -> np.ndarray:
        frame = pd.DataFrame([values], columns=letters)
        return np.array([float(evaluate(each, frame).iloc[0]) for each in plain])

    return of


def _letter(name: str, names: list[str]) -> str:
    if bare(name) not in names:
        raise Unsupported(f"contrast of {name}")
    return f"value{names.index(bare(name))}"


def arguments(source: str) -> list[str]:
    """The arguments of a call, split at its own commas."""
    found, depth, start, quoted = [], 0, 0, ""
    for place, letter in enumerate(source):
        if quoted:
            quoted = "" if letter == quoted else quoted
        elif letter in "'\"`":
            quoted = letter
        elif letter in "([{":
            depth += 1
        elif letter in ")]}":
            depth -= 1
        elif letter == "," and depth == 0:
            found.append(source[start:place])
            start = place + 1
    return [*found, source[start:]]


HANDLERS: dict[str, Callable[[Case, Asked], Any]] = {"svycontrast": contrasts}
