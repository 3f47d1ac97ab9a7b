"""Tests as they are printed: what was compared, the numbers, of how many, drawn how, and what p assumes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import survey_kit as sk

NUMBER = np.arange(240)
PEOPLE = pd.DataFrame(
    {
        "region": np.array(["north", "west"])[NUMBER // 120],
        "village": NUMBER // 10,
        "w": 1 + (NUMBER * 7) % 5 / 2,
        "sex": np.array(["f", "m"])[(NUMBER * 13) % 17 % 2],
        "why": np.array(["a", "b", "c"])[(NUMBER * 5) % 11 % 3],
        "age": 20.0 + (NUMBER * 29) % 31,
        "months": 1.0 + (NUMBER * 7) % 13,
        "left": (NUMBER % 3 > 0) * 1.0,
        "boat": ((NUMBER * 5) % 11 < 6) * 1.0,
        "bus": ((NUMBER * 3) % 7 < 2) * 1.0,
    }
)
DRAWN = sk.sample(PEOPLE, sampling="probability", weight="w", stratum="region", cluster="village")
CHOSEN = sk.sample(PEOPLE, sampling="purposive", cluster="village")
EVERYBODY = sk.sample(PEOPLE, sampling="census")
LINE = "Probability sample of 240; 24 clusters (village) in 2 strata (region); weights: w"
TESTS = {
    "rao_scott": lambda s: sk.rao_scott(s, "why", "sex"),
    "rao_scott_multiple": lambda s: sk.rao_scott_multiple(s, ["boat", "bus"], "sex"),
    "goodness_of_fit": lambda s: sk.goodness_of_fit(s, "why", {"a": 4, "b": 4, "c": 3}),
    "t_test": lambda s: sk.t_test(s, "age", by="sex"),
    "rank_test": lambda s: sk.rank_test(s, "age", "sex"),
    "log_rank": lambda s: sk.log_rank(s, "months", "left", "sex"),
    "pairwise": lambda s: sk.pairwise(sk.estimate(s, "shares", "why", by="sex")),
}
every_test = pytest.mark.parametrize("name", TESTS)
WORDS = {
    "rao_scott": f"""Rao-Scott F: 'why' by 'sex'

statistic     df  denominator df       p
   0.0851  1.959           43.09  0.9153

n = 240
{LINE}""",
    "rao_scott_multiple": f"""Rao-Scott F: 'boat', 'bus' by 'sex'

statistic    df  denominator df       p
   0.1251  1.34           29.47  0.7983

n = 240
{LINE}""",
    "goodness_of_fit": f"""Goodness of fit, Rao-Scott, second order: shares of 'why' against those given

X² over scale     df       p
       0.2317  1.995  0.8899

n = 240
{LINE}""",
    "t_test": f"""t test: 'age' by 'sex', m less f

difference     low   high        t  df       p
   -0.6193  -4.159  2.921  -0.3638  21  0.7196

low, high: 95% CI (design-based)
n = 240
{LINE}""",
    "rank_test": f"""Rank test (Wilcoxon): 'age' by 'sex'

      t  df       p
-0.3643  21  0.7193

n = 240
{LINE}""",
    "log_rank": f"""Log-rank test: 'months' until 'left', by 'sex'

chi-squared  df  denominator df       p  events
     0.1227   1              22  0.7294     160

n = 240
{LINE}""",
    "pairwise": f"""Differences between groups, t tests: first less second

name  first  second  difference  standard error         t  df       p  adjusted
a     f      m         -0.01859          0.0594   -0.3129  22  0.7573    0.7573
b     f      m        -0.005052         0.06744  -0.07491  22  0.9410    0.9410
c     f      m          0.02364         0.06125    0.3859  22  0.7032    0.7032

n = 127 (f), 113 (m); p adjusted by Holm, over the pairs of a row
{LINE}""",
}


@every_test
def test_a_test_says_in_these_words_what_it_is_of(name):
    assert repr(TESTS[name](DRAWN)) == WORDS[name]


@every_test
def test_a_page_holds_what_the_text_holds(name):
    found = TESTS[name](DRAWN)
    page = found._repr_html_()

    assert LINE in page
    assert "n = " in page
    for word in found.shown().heads:
        assert f"<th>{word}</th>" in page
    assert "<script" not in page


@every_test
def test_of_people_who_were_not_drawn_p_is_exploratory_and_of_a_census_it_says_nothing(name):
    chosen, everybody = TESTS[name](CHOSEN), TESTS[name](EVERYBODY)

    assert repr(chosen).splitlines()[-1] == (
        "Exploratory: of respondents, and p is modelled, assuming that respondents are like a "
        "random sample of clusters, given the weights; not a margin of sampling error."
    )
    assert repr(everybody).splitlines()[-2:] == [
        "Census of 240; no weights",
        "A census has no sampling error: p says nothing of it.",
    ]


@every_test
def test_a_test_is_a_frame_too(name):
    frame = TESTS[name](DRAWN).frame

    assert "p" in frame
    assert len(frame) == (3 if name == "pairwise" else 1)


def test_only_those_asked_about_are_in_the_base():
    asked = {"region": "north"}

    assert sk.rao_scott(DRAWN, "why", "sex", where=asked).n == 120
    assert sk.rao_scott_multiple(DRAWN, ["boat", "bus"], "sex", where=asked).n == 120
    shares = {"a": 1, "b": 1, "c": 1}
    assert sk.goodness_of_fit(DRAWN, "why", shares, where=asked).n == 120
    assert sk.t_test(DRAWN, "age", where=asked).n == 120
    assert sk.rank_test(DRAWN, "age", "sex", where=asked).n == 120
    assert sk.log_rank(DRAWN, "months", "left", "sex", where=asked).n == 120
    found = sk.pairwise(sk.estimate(DRAWN, "shares", "why", by="sex", where=asked))
    assert found.n.sum() == 120


def test_who_did_not_answer_is_not_in_the_base():
    some = PEOPLE.assign(
        why=PEOPLE["why"].where(NUMBER % 4 > 0), age=PEOPLE["age"].where(NUMBER % 5 > 0)
    )
    sample = replace(DRAWN, data=some)

    assert sk.rao_scott(sample, "why", "sex").n == 180
    assert sk.goodness_of_fit(sample, "why", {"a": 1, "b": 1, "c": 1}).n == 180
    assert sk.t_test(sample, "age", by="sex").n == 192
    assert sk.t_test(sample, "age", against=30).n == 192
    assert sk.rank_test(sample, "age", "sex").n == 192


def test_a_mean_against_a_number_and_a_level_are_named():
    text = repr(sk.t_test(DRAWN, "age", against=30, level=0.9)).splitlines()

    assert text[0] == "t test: 'age' against 30"
    assert "low, high: 90% CI (design-based)" in text


def test_three_groups_and_other_scores_are_named():
    found = sk.rank_test(DRAWN, "age", "why", scores="van der waerden")

    assert repr(found).splitlines()[0] == "Rank test (van der Waerden): 'age' by 'why'"
    assert found.shown().heads == ["chi-squared", "df", "denominator df", "p"]
    first = repr(sk.rank_test(DRAWN, "age", "why")).splitlines()[0]
    assert first == "Rank test (Kruskal and Wallis): 'age' by 'why'"


def test_of_many_options_three_are_named():
    five = PEOPLE.assign(train=PEOPLE["bus"], foot=1 - PEOPLE["boat"], car=1 - PEOPLE["bus"])
    found = sk.rao_scott_multiple(
        replace(DRAWN, data=five), ["boat", "bus", "train", "foot", "car"], "sex"
    )

    assert found.compared == "'boat', 'bus', 'train' and 2 more by 'sex'"


def test_what_there_is_nothing_to_compare_in_still_says_of_whom_it_was():
    found = sk.rao_scott(DRAWN, "why", "sex", where={"sex": "f"})

    assert np.isnan(found.p)
    assert "–" in repr(found)
    assert LINE in repr(found)


def test_a_test_of_a_model_says_its_base_and_design():
    found = sk.wald_test(sk.regression(DRAWN, "age ~ why + sex"), "why")

    assert "n = 240; age ~ why + sex" in repr(found)
    assert LINE in repr(found)
    assert "Exploratory" in repr(sk.wald_test(sk.regression(CHOSEN, "age ~ why"), "why"))
