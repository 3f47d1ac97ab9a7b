"""Soft duplicates: across enumerators, in a time and a memory that do not grow with the pairs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_kit.cleaning.alike_pairs import alike
from survey_kit.cleaning.checks.soft_duplicate import SOFT_DUPLICATE
from survey_kit.cleaning.likeness import compared, random_pairs, reference, usual_agreement
from survey_kit.errors import StudyError

DEFAULTS = SOFT_DUPLICATE.settings


def _survey(survey, question, who):
    table = np.random.default_rng(1).integers(0, 8, (30, 40))
    table[17] = table[4]
    table[17, [3, 9]] += 10
    answers = {f"q{n}": [str(v) for v in table[:, n]] for n in range(40)}
    return survey([question(name) for name in (*answers, *who)], {**answers, **who})


def test_the_same_answers_with_another_enumerator_are_found(survey, question):
    who = {"enumerator": ["E1"] * 15 + ["E2"] * 15}

    found = SOFT_DUPLICATE.find(_survey(survey, question, who), DEFAULTS)

    assert list(found["interview"]) == ["i5", "i18"]
    assert list(found["suggestion"]) == ["Compare with i18", "Compare with i5"]
    what = "38 of the 40 questions answered in both have the same answer as in an interview of"
    assert set(found["what"]) == {f"{what} another enumerator; about 5 is usual"}


def test_pairs_of_one_enumerator_are_left_to_near_copy(survey, question):
    found = SOFT_DUPLICATE.find(_survey(survey, question, {"enumerator": ["E1"] * 30}), DEFAULTS)

    assert found.empty


def test_without_enumerators_all_pairs_are_compared(survey, question):
    responses = _survey(survey, question, {})

    assert len(SOFT_DUPLICATE.find(responses, DEFAULTS)) == 2
    assert SOFT_DUPLICATE.reach(responses, DEFAULTS).note == (
        "no question holds the enumerator's code, so all pairs were compared"
    )


def test_an_enumerator_column_that_is_not_there_is_refused(survey, question):
    responses = _survey(survey, question, {"enumerator": ["E1"] * 30})

    with pytest.raises(StudyError) as caught:
        SOFT_DUPLICATE.reach(responses, {**DEFAULTS, "enumerator": "enumerater"})

    assert str(caught.value) == (
        "checks: soft_duplicate: enumerator: the responses have no column 'enumerater'. "
        "Did you mean 'enumerator'?"
    )


def test_the_same_interview_under_an_enumerator_that_only_a_setting_knows_is_found(
    survey, question
):
    table = np.random.default_rng(1).integers(0, 8, (30, 40))
    table[17] = table[4]
    answers = {f"q{n}": [str(v) for v in table[:, n]] for n in range(40)}
    answers["who_asks"] = ["E1"] * 15 + ["E2"] * 15
    responses = survey([question(name) for name in answers], answers)

    found = SOFT_DUPLICATE.find(responses, {**DEFAULTS, "enumerator": "who_asks"})

    assert list(found["interview"]) == ["i5", "i18"]


@given(
    seed=st.integers(0, 10_000),
    people=st.integers(2, 25),
    questions=st.integers(1, 8),
    share=st.sampled_from([0.5, 0.75, 0.85, 1.0]),
)
def test_the_pairs_are_those_that_looking_at_every_pair_gives(seed, people, questions, share):
    random = np.random.default_rng(seed)
    codes = random.integers(0, 4, (questions, people)).astype(np.uint8)
    groups = random.integers(-1, 3, people)

    found = alike(codes, groups, share=share, least=1, random=random)

    expected = set()
    for i in range(people):
        for j in range(i):
            both = (codes[:, i] > 0) & (codes[:, j] > 0)
            same = both & (codes[:, i] == codes[:, j])
            near = both.any() and same.sum() >= share * both.sum()
            if near and groups[i] == groups[j] >= 0:
                expected.add((j, i))
    assert set(zip(found.first.tolist(), found.second.tolist(), strict=True)) == expected


@pytest.mark.parametrize(("kept", "recall"), [(0.98, 0.99), (0.92, 0.97), (0.88, 0.93)])
def test_what_sorting_by_drawn_questions_finds_of_planted_copies(kept, recall, monkeypatch):
    monkeypatch.setattr("survey_kit.cleaning.alike_pairs.EXACT", 0)
    random = np.random.default_rng(9)
    shares = random.dirichlet(np.full(5, 0.7), 120)
    codes = np.array([random.choice(5, 4000, p=p) + 1 for p in shares], dtype=np.uint8)
    codes[60:, random.random(4000) < 0.3] = 0
    source, copy = random.permutation(4000)[:600].reshape(2, 300)
    for one, other in zip(source, copy, strict=True):
        keep = random.random(120) < kept
        codes[keep, other] = codes[keep, one]
    usual, people = usual_agreement(codes), np.ascontiguousarray(codes.T)
    planted = compared(people, usual, source, copy)
    near = (planted.share >= 0.85) & (planted.both >= 20)

    found = alike(codes, np.zeros(4000, dtype=int), share=0.85, least=20, random=random)

    got = set(zip(found.first.tolist(), found.second.tolist(), strict=True))
    wanted = zip(source[near].tolist(), copy[near].tolist(), strict=True)
    hits = [tuple(sorted(pair)) in got for pair in wanted]
    assert len(hits) > 200
    assert np.mean(hits) >= recall


def test_few_random_pairs_make_no_reference_and_many_a_wide_one_where_questions_go_together():
    random = np.random.default_rng(2)
    kind = random.integers(1, 3, 400)
    together = np.where(random.random((50, 400)) < 0.9, kind, 3 - kind).astype(np.uint8)
    apart = random.integers(1, 3, (50, 400)).astype(np.uint8)
    pairs = random_pairs(np.zeros(400, dtype=int), random)

    held = [
        reference(compared(codes.T.copy(), usual_agreement(codes), *pairs), 20)
        for codes in (together, apart)
    ]

    few = compared(apart[:, :5].T.copy(), usual_agreement(apart), np.arange(4), np.arange(1, 5))
    assert reference(few, 20) is None
    assert held[0].spread > 2 > held[1].spread
    assert held[0].beyond(0.05, 1e5) > held[1].beyond(0.05, 1e5) > 4
