"""Outliers and stand-ins."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_kit.cleaning.checks.outlier import OUTLIER
from survey_kit.cleaning.checks.stand_in import STAND_IN
from survey_kit.cleaning.robust import far_from_the_rest
from survey_kit.errors import StudyError


def _amounts(seed: int = 3, n: int = 200) -> np.ndarray:
    return np.round(np.random.default_rng(seed).lognormal(6, 0.5, n))


def test_one_absurd_value_does_not_hide_another(survey, question):
    values = [*_amounts(), 1e12, 40_000.0]
    responses = survey([question("cost", "integer")], {"cost": values})

    found = OUTLIER.find(responses, OUTLIER.settings)

    assert list(found["interview"]) == ["i201", "i202"]
    assert found["suggestion"].iloc[1] == "Ask whether 400 was meant"


def test_no_number_is_suggested_that_the_form_would_refuse(survey, question):
    answers = [*range(3, 8)] * 20 + [70, 0.7]
    free = survey([question("days", "decimal")], {"days": answers})
    week = survey([question("days", "decimal", constraint=". < 7")], {"days": answers})

    suggested = OUTLIER.find(free, OUTLIER.settings)["suggestion"]
    allowed = OUTLIER.find(week, OUTLIER.settings)["suggestion"]

    assert list(suggested) == ["Ask whether 7 was meant", "Ask whether 7 was meant"]
    assert list(allowed) == ["Ask the enumerator", "Ask the enumerator"]


def test_skewed_amounts_are_judged_on_the_log_scale():
    values = _amounts(n=2000)

    far = far_from_the_rest(values, threshold=3.5, least=30).far

    assert values.max() > values.mean() + 3 * values.std()
    assert far.mean() < 0.005


def test_when_most_answers_are_the_same_a_tenfold_is_still_far():
    values = np.array([2.0] * 90 + [3.0] * 5 + [20.0, 200.0])

    far = far_from_the_rest(values, threshold=3.5, least=30).far

    assert list(values[far]) == [20, 200]


def test_a_stand_in_is_left_to_its_own_check(survey, question):
    ages = [*np.random.default_rng(1).integers(18, 60, 100), 999, 99]
    responses = survey([question("age", "integer")], {"age": ages})

    outliers = OUTLIER.find(responses, OUTLIER.settings)
    codes = STAND_IN.find(responses, STAND_IN.settings)

    assert outliers.empty
    assert list(codes["answer"]) == ["999", "99"]


def test_99_among_larger_amounts_is_an_amount(survey, question):
    values = [*range(50, 150), 99]
    responses = survey([question("cost", "integer")], {"cost": values})

    assert STAND_IN.find(responses, STAND_IN.settings).empty


def test_a_percentage_of_99_is_a_percentage_and_a_negative_code_is_one_among_any_amounts(
    survey, question
):
    shares = [*range(1, 93), 98, 99]
    incomes = [0, 500_000] * 46 + [-88, -66]
    responses = survey(
        [question("share", "integer"), question("income", "integer")],
        {"share": shares, "income": incomes},
    )

    found = STAND_IN.find(responses, STAND_IN.settings)

    assert list(found["answer"]) == ["-88", "-66"]


def test_a_small_child_among_people_of_all_ages_is_not_far():
    ages = np.array([*range(1, 91)] * 5, dtype=float)

    assert not far_from_the_rest(ages, threshold=3.5, least=30).far.any()


def test_counts_of_a_few_have_a_longer_tail_above_than_below():
    counts = np.random.default_rng(6).poisson(3, 5000).astype(float)

    assert not far_from_the_rest(counts, threshold=3.5, least=30).far.any()
    assert far_from_the_rest(np.append(counts, 300), threshold=3.5, least=30).far.sum() == 1


def test_who_has_some_where_most_have_none_is_held_against_those_who_have_some():
    incomes = np.concatenate([np.zeros(900), _amounts(), [1e9]])
    balances = np.concatenate(
        [np.zeros(900), np.random.default_rng(4).uniform(-100, 100, 200), [1e9]]
    )

    for values in (incomes, balances):
        spread = far_from_the_rest(values, threshold=3.5, least=30)

        assert list(values[spread.far]) == [1e9]


def test_one_negative_number_does_not_decide_how_amounts_are_judged():
    values = np.concatenate([_amounts(n=400), [60_000.0]])

    alone = far_from_the_rest(values, threshold=3.5, least=30)
    with_one = far_from_the_rest(np.append(values, -5.0), threshold=3.5, least=30)

    assert alone.far[400]
    assert list(with_one.far[:401]) == list(alone.far)
    assert with_one.median == alone.median


def test_amounts_are_compared_inside_their_currency(survey, question):
    dollars, taka = _amounts(1), _amounts(2) * 110
    questions = [question("cost", "integer"), question("currency", "select_one c")]
    answers = {
        "cost": [*dollars, *taka, 110 * 110 * 400],
        "currency": ["usd"] * 200 + ["bdt"] * 201,
    }
    responses = survey(questions, answers, lists={"c": ["usd", "bdt"]})

    found = OUTLIER.find(responses, {**OUTLIER.settings, "within": ("cost by currency",)})

    assert list(found["interview"]) == ["i401"]


def test_a_group_that_is_no_question_is_refused(survey, question):
    responses = survey([question("cost", "integer")], {"cost": _amounts()})

    with pytest.raises(StudyError) as caught:
        OUTLIER.find(responses, {**OUTLIER.settings, "within": ("coast by cost",)})

    assert str(caught.value) == (
        "checks: outlier: within: there is no question called 'coast'. Did you mean 'cost'?"
    )


def test_few_answers_are_not_judged_and_the_check_says_so(survey, question):
    few = survey([question("n", "integer")], {"n": [1, 2, 3]})

    reach = OUTLIER.reach(few, OUTLIER.settings)

    assert (reach.runs, reach.note) == (False, "no number question has 30 answers")


@given(scale=st.floats(1e-3, 1e6), seed=st.integers(0, 100))
def test_the_unit_of_an_amount_does_not_matter(scale, seed):
    values = _amounts(seed, 60)
    values[:2] = [1e9, 1e-4]

    here = far_from_the_rest(values, threshold=3.5, least=30)
    there = far_from_the_rest(values * scale, threshold=3.5, least=30)

    assert np.allclose(here.score, there.score)


def test_small_counts_near_the_median_are_not_far(survey, question):
    responses = survey([question("stops", "integer")], {"stops": [1] * 200 + [3, 40]})

    found = OUTLIER.find(responses, OUTLIER.settings)

    assert list(found["answer"]) == ["40"]


def test_the_code_of_an_enumerator_is_no_number_to_judge(survey, question):
    responses = survey([question("enumerator_num", "integer")], {"enumerator_num": [1] * 99 + [90]})

    assert not OUTLIER.reach(responses, OUTLIER.settings).runs
