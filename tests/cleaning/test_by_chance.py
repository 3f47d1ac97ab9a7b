"""Limits that have a chance grow with the number of answers, so that chance lists about fifty."""

from __future__ import annotations

import numpy as np
import pytest

from survey_kit.cleaning import by_chance
from survey_kit.cleaning.by_chance import BY_CHANCE, chance_of, threshold_of
from survey_kit.cleaning.checks.outlier import OUTLIER
from survey_kit.cleaning.checks.straight_lining import STRAIGHT_LINING


@pytest.mark.parametrize("judged", [100, 10_000, 300_000])
def test_of_normal_answers_about_fifty_are_beyond_the_threshold(judged):
    answers = np.random.default_rng(1).normal(size=judged)

    beyond = int((np.abs(answers) > threshold_of(3.5, judged)).sum())

    assert beyond <= BY_CHANCE + 3 * np.sqrt(BY_CHANCE)
    assert threshold_of(3.5, judged) == 3.5 or judged > BY_CHANCE / 0.0005


def test_a_chance_is_never_larger_than_what_was_asked_for():
    assert chance_of(0.01, 0) == chance_of(0.01, 5_000) == 0.01
    assert chance_of(0.01, 200_000) == 0.00025
    assert threshold_of(6.0, 200_000) == 6.0


def test_a_far_answer_is_listed_where_few_are_judged_and_not_among_very_many(
    survey, question, monkeypatch
):
    usual = np.random.default_rng(2).normal(50, 10, 400).round(1)
    usual[:2] = 50 + 10 * 3.9, 50 + 10 * 8
    responses = survey([question("litres", "decimal")], {"litres": usual})

    def found():
        return OUTLIER.find(responses, OUTLIER.settings)["answer"].tolist()

    assert found() == ["89", "130"]
    monkeypatch.setattr(by_chance, "BY_CHANCE", BY_CHANCE * 400 / 1_000_000)
    assert found() == ["130"]


def test_a_straight_line_is_rarer_to_be_listed_among_more_interviews(survey, question):
    names = [f"q{n}" for n in range(5)]

    def found(times):
        lines = np.array([list("aaaaa"), *[list("aabba"), list("ababb"), list("bbaab")] * 60])
        rows = np.tile(lines, (times, 1))
        return len(
            STRAIGHT_LINING.find(
                survey(
                    [question(name, "select_one ab") for name in names],
                    {name: rows[:, n] for n, name in enumerate(names)},
                    lists={"ab": ["a", "b"]},
                ),
                STRAIGHT_LINING.settings,
            )
        )

    assert found(1) == 1
    assert found(300) == 0
