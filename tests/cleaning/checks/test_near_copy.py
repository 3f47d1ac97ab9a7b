"""Near copies: within one enumerator, on what both answered, in a time that grows linearly."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from survey_kit.cleaning.checks.near_copy import NEAR_COPY, nearest

DEFAULTS = NEAR_COPY.settings


def _answers(seed: int, people: int, questions: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 8, (people, questions))


def test_a_copy_with_two_answers_changed_is_found_and_names_its_twin(survey, question):
    table = _answers(1, 30, 40)
    table[17] = table[4]
    table[17, [3, 9]] += 10
    answers = {f"q{n}": [str(v) for v in table[:, n]] for n in range(40)}
    answers["enumerator"] = ["E1"] * 15 + ["E2"] * 15
    answers["enumerator"][17] = "E1"
    questions = [question("enumerator"), *(question(f"q{n}") for n in range(40))]

    found = NEAR_COPY.find(survey(questions, answers), DEFAULTS)

    assert list(found["interview"]) == ["i5", "i18"]
    assert list(found["suggestion"]) == ["Compare with i18", "Compare with i5"]
    what = "38 of the 40 questions answered in both have the same answer as in another interview"
    assert set(found["what"]) == {f"{what} of the same enumerator"}


def test_other_enumerators_are_not_compared(survey, question):
    table = _answers(2, 2, 30)
    table[1] = table[0]
    table[1, 0] += 10
    answers = {f"q{n}": [str(v) for v in table[:, n]] for n in range(30)}
    answers["enumerator"] = ["E1", "E2"]
    questions = [question("enumerator"), *(question(f"q{n}") for n in range(30))]

    found = NEAR_COPY.find(survey(questions, answers), DEFAULTS)

    assert found.empty


def test_without_an_enumerator_the_check_says_why_it_did_not_run(survey, question):
    reach = NEAR_COPY.reach(survey([question("q")], {"q": ["x"]}), DEFAULTS)

    assert not reach.runs
    assert (
        reach.note == "no question holds the enumerator's code; name it in the setting enumerator"
    )


@given(
    seed=st.integers(0, 10_000),
    people=st.integers(2, 25),
    questions=st.integers(1, 8),
    window=st.integers(1, 30),
)
def test_nearest_agrees_with_looking_at_every_pair(seed, people, questions, window):
    random = np.random.default_rng(seed)
    answers = random.integers(-1, 3, (questions, people)).astype(np.int32)
    block = np.sort(random.integers(0, 3, people))

    found = nearest(answers, block, window, 1)

    shares = pd.Series(0.0, index=range(people))
    for i in range(people):
        for j in range(people):
            if i == j or block[i] != block[j] or abs(i - j) > window:
                continue
            both = (answers[:, i] >= 0) & (answers[:, j] >= 0)
            same = both & (answers[:, i] == answers[:, j])
            if both.sum() >= 1:
                shares[i] = max(shares[i], same.sum() / both.sum())
    assert np.allclose(found.share, shares)
