"""Near copies: within one enumerator, on what both answered, beside what is usual."""

from __future__ import annotations

import numpy as np

from survey_kit.cleaning.checks.near_copy import NEAR_COPY

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
    assert set(found["what"]) == {f"{what} of the same enumerator; about 5 is usual"}


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


def test_a_form_to_which_everybody_says_the_same_makes_no_copies(survey, question):
    random = np.random.default_rng(4)
    table = (random.random((60, 60)) < 0.05).astype(int)
    answers = {f"q{n}": [str(v) for v in table[:, n]] for n in range(60)}
    answers["enumerator"] = ["E1"] * 60
    questions = [question("enumerator"), *(question(f"q{n}") for n in range(60))]

    found = NEAR_COPY.find(survey(questions, answers), DEFAULTS)

    shares = [(a == b).mean() for i, a in enumerate(table) for b in table[:i]]
    assert np.mean(np.array(shares) >= 0.85) > 0.8
    assert found.empty


def test_a_skipped_module_makes_nobody_alike(survey, question):
    random = np.random.default_rng(5)
    common, module = random.integers(0, 6, (40, 25)), random.integers(0, 6, (40, 60))
    answers = {f"q{n}": [str(v) for v in common[:, n]] for n in range(25)}
    for n in range(60):
        answers[f"m{n}"] = [None if i < 30 else str(v) for i, v in enumerate(module[:, n])]
    answers["enumerator"] = ["E1"] * 40
    questions = [question(name) for name in answers]

    found = NEAR_COPY.find(survey(questions, answers), DEFAULTS)

    assert found.empty


def test_what_one_of_the_two_left_out_does_not_make_them_differ(survey, question):
    table = _answers(6, 30, 40)
    table[9] = table[8]
    answers = {f"q{n}": [str(v) for v in table[:, n]] for n in range(40)}
    answers["q7"][9] = None
    answers["enumerator"] = ["E1"] * 30
    questions = [question("enumerator"), *(question(f"q{n}") for n in range(40))]

    found = NEAR_COPY.find(survey(questions, answers), DEFAULTS)

    assert list(found["interview"]) == ["i9", "i10"]
    assert found["what"].iloc[0].startswith("39 of the 39 questions answered in both")
