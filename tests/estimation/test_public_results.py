"""Every public result shows itself: its numbers, its base, its design, and of whom they are.

`RESULTS` has one of each public function; that none is missing is a test, so that the next one
cannot be forgotten.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import survey_kit as sk

MARGINS = {"sex": {"f": 0.5, "m": 0.5}}
OPTIONS = ["boat", "bus"]


def _shares(s: sk.Sample) -> sk.Estimate:
    return sk.estimate(s, "shares", "why", by="region").modelled


def _model(s: sk.Sample) -> Any:
    return sk.regression(s, "boat ~ age + sex", family="binomial")


def _links() -> pd.DataFrame:
    ids = np.arange(60)
    came = [None, None, *((ids[2:] - 2) // 2)]
    answer = np.where(ids % 3 == 0, "yes", "no")
    return pd.DataFrame({"id": ids, "came": came, "knows": 3 + ids % 7, "papers": answer})


def _reading() -> Any:
    return sk.read_recruiters(_links(), person="id", recruiter="came", degree="knows")


def _imputed(s: sk.Sample) -> Any:
    return sk.impute(s, {"gap": "age"}, times=2, seed=1)


RESULTS: dict[str, Callable[[sk.Sample], Any]] = {
    "estimate": _shares,
    "quantile": lambda s: sk.quantile(s, "age", [0.25, 0.5], by="sex").modelled,
    "variances": lambda s: sk.variances(s, ["age", "spent"]).modelled,
    "rao_scott": lambda s: sk.rao_scott(s, "why", "sex"),
    "rao_scott_multiple": lambda s: sk.rao_scott_multiple(s, OPTIONS, "sex"),
    "goodness_of_fit": lambda s: sk.goodness_of_fit(s, "why", {"a": 1, "b": 1, "c": 1}),
    "t_test": lambda s: sk.t_test(s, "age", by="sex"),
    "rank_test": lambda s: sk.rank_test(s, "age", "sex"),
    "log_rank": lambda s: sk.log_rank(s, "months", "left", "sex"),
    "pairwise": lambda s: sk.pairwise(_shares(s)),
    "correlations": lambda s: sk.correlations(s, ["age", "spent"]),
    "overlapping_means": lambda s: sk.overlapping_means(s, "age", {"all": None}).modelled,
    "kappa": lambda s: sk.kappa(s, "why", "again").modelled,
    "cronbach_alpha": lambda s: sk.cronbach_alpha(s, ["age", "spent"]).modelled,
    "function_of": lambda s: sk.function_of(_shares(s), lambda v: v[0] / v[1], ["ratio"]),
    "leave_one_out": lambda s: sk.leave_one_out(s, "mean", "age", by="sex"),
    "leave_one_out_of_shares": lambda s: sk.leave_one_out_of_shares(s, "why"),
    "leave_one_out_of_cases": lambda s: sk.leave_one_out_of_cases(s, OPTIONS),
    "selection_effect": lambda s: sk.selection_effect(_shares(s), ("north", "a"), ("west", "a")),
    "selection_effect_against": lambda s: sk.selection_effect_against(
        _shares(s), ("north", "a"), 0.5
    ),
    "selection_effects": lambda s: sk.selection_effects(_shares(s)),
    "read_recruiters": lambda _: _reading(),
    "rds_shares": lambda _: sk.rds_shares(
        sk.sample(_links(), sampling="rds"), _reading().tree, "papers", seed=1, replicates=20
    ),
    "regression": _model,
    "wald_test": lambda s: sk.wald_test(_model(s), "age + sex"),
    "deviance_test": lambda s: sk.deviance_test(_model(s), "sex"),
    "pseudo_r_squared": lambda s: sk.pseudo_r_squared(_model(s)),
    "average_effects": lambda s: sk.average_effects(_model(s), ["age", "sex"]).modelled,
    "predicted_means": lambda s: sk.predicted_means(_model(s), "sex").modelled,
    "firth": lambda s: sk.firth(s, "boat ~ age"),
    "separation": lambda s: sk.separation(s, "boat ~ age"),
    "ordinal": lambda s: sk.ordinal(s, "trust ~ age"),
    "multinomial": lambda s: sk.multinomial(s, "why ~ age"),
    "survival": lambda s: sk.survival(s, "age", time="months", event="left"),
    "survival_curve": lambda s: (
        sk.survival_curve(s, time="months", event="left", at=[6, 12], by="sex").modelled
    ),
    "log_linear": lambda s: sk.log_linear(s, "why + sex"),
    "compare": lambda s: sk.compare(sk.log_linear(s, "why + sex"), sk.log_linear(s, "why * sex")),
    "dominance": lambda s: sk.dominance(s, "age ~ why + sex"),
    "impute": _imputed,
    "combine": lambda s: (
        _imputed(s).combine(lambda each: sk.estimate(each, "mean", "gap")).modelled
    ),
    "rake": lambda s: sk.rake(s, MARGINS),
    "poststratify": lambda s: sk.poststratify(s, MARGINS),
    "calibrate": lambda s: sk.calibrate(s, MARGINS),
    "trim": lambda s: sk.trim(s, upper=2.9),
    "standardise": lambda s: sk.standardise(s, "why", {"a": 1, "b": 1, "c": 1}, over="sex"),
    "weigh": lambda s: sk.weigh(s, [sk.Rake(MARGINS)]),
}
NOT_SHOWN = {
    "analysis_frame": "a frame",
    "assumptions": "words",
    "balanced_halves": "a sample",
    "calibrate_phase_two": "as `calibrate`",
    "two_phase": "a sample",
    "bootstrap": "a sample",
    "doubly_robust": "an estimate, of two samples",
    "jackknife": "a sample",
    "likelihood_interval": "two bounds, as `.interval()`",
    "read_coupons": "as `read_recruiters`",
    "read_margins": "margins",
    "read_questionnaire": "a questionnaire",
    "read_responses": "responses",
    "run_checks": "findings",
    "sample": "a sample",
    "source": "a source",
    "successive_differences": "a sample",
    "weighting_page": "a page",
    "with_replicates": "a sample",
}
OF_A_TREE = {"read_recruiters", "rds_shares"}


def test_every_public_function_has_its_result_shown_here():
    functions = {name for name in sk.PLACES if not isinstance(getattr(sk, name), type)}

    assert functions == set(RESULTS) | set(NOT_SHOWN)


@pytest.mark.parametrize("name", sorted(RESULTS))
def test_a_result_is_a_frame_a_text_and_a_page_with_base_and_design(name: str, surveyed: sk.Sample):
    result = RESULTS[name](surveyed)
    text, page = repr(result), result._repr_html_()

    assert isinstance(result.frame, pd.DataFrame)
    assert page.count("<tr>") > min(len(result.frame), 1)
    for dump in ("array(", "DataFrame", "Sampling.", "Sample(", "nan", "[1 rows"):
        assert dump not in text, text
    assert max(map(len, text.splitlines()[1:])) < 170, text
    heads = " ".join(text.splitlines()[:4])
    assert "n = " in text or " n " in f"{heads} ", text
    if name not in OF_A_TREE:
        assert "24 clusters (village) in 3 strata (region)" in text, text
        assert "24 clusters (village) in 3 strata (region)" in page


@pytest.mark.parametrize("name", sorted(set(RESULTS) - OF_A_TREE))
def test_a_result_of_respondents_says_that_it_is_of_respondents(name: str, people: pd.DataFrame):
    chosen = sk.sample(people, sampling="purposive", cluster="village")
    text = repr(RESULTS[name](chosen))

    assert "Purposive sample of 240" in text, text
    if " low " in text and not name.startswith("leave"):
        assert "assuming that respondents are like a random sample" in text, text
