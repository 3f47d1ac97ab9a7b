"""Checks that compare enumerators: texts, last digits, answers, rates."""

from __future__ import annotations

import numpy as np
import pytest

from survey_kit.cleaning.about_enumerators import about_enumerator, enumerator_told
from survey_kit.cleaning.check import as_findings
from survey_kit.cleaning.checks.enumerator_effect import ENUMERATOR_EFFECT
from survey_kit.cleaning.checks.enumerator_rates import ENUMERATOR_RATES
from survey_kit.cleaning.checks.heaping import HEAPING
from survey_kit.cleaning.checks.repeated_text import REPEATED_TEXT
from survey_kit.errors import StudyError

EVERY = (REPEATED_TEXT, HEAPING, ENUMERATOR_EFFECT, ENUMERATOR_RATES)
WHO = [f"e{n % 6}" for n in range(240)]


@pytest.mark.parametrize("check", EVERY, ids=lambda check: check.name)
def test_without_enumerators_each_says_why_it_did_not_run(survey, question, check):
    responses = survey([question("q"), question("n", "integer")], {"q": ["x"] * 40, "n": [31] * 40})

    reach = check.reach(responses, check.settings)

    assert not reach.runs
    assert (
        reach.note == "no question holds the enumerator's code; name it in the setting enumerator"
    )


@pytest.mark.parametrize("check", EVERY, ids=lambda check: check.name)
def test_no_interviews_is_no_finding(survey, question, check):
    responses = survey(
        [question("enumerator"), question("n", "integer")], {"enumerator": [], "n": []}
    )

    reach = check.reach(responses, check.settings)

    assert not reach.runs or check.find(responses, check.settings).empty


def test_a_phrase_that_one_enumerator_has_and_hardly_anybody_else_is_listed(survey, question):
    texts = [f"they told us number {n} on the way" for n in range(240)]
    for n in (0, 6, 12, 18):
        texts[n] = "There was no work in our Village!" if n else "there was no work in our village"
    for n in range(1, 60):
        texts[n + 100] = "because of the war in the country"
    responses = survey([question("enumerator"), question("why")], {"enumerator": WHO, "why": texts})

    found = REPEATED_TEXT.find(responses, REPEATED_TEXT.settings)

    assert found["interview"].tolist() == ["i1", "i7", "i13", "i19"]
    assert set(found["what"]) == {
        "enumerator e0 has this text 4 times in 40 answers; it came from nobody else"
    }


def test_short_texts_count_only_in_questions_that_are_named(survey, question):
    places = [f"p{n}" for n in range(240)]
    places[0] = places[6] = places[12] = "Ukhia"
    responses = survey(
        [question("enumerator"), question("town")], {"enumerator": WHO, "town": places}
    )

    assert REPEATED_TEXT.find(responses, REPEATED_TEXT.settings).empty
    named = {**REPEATED_TEXT.settings, "questions": ("town",)}
    assert REPEATED_TEXT.find(responses, named)["interview"].tolist() == ["i1", "i7", "i13"]


@pytest.mark.parametrize(
    ("check", "key"),
    [(REPEATED_TEXT, "questions"), (HEAPING, "even"), (ENUMERATOR_EFFECT, "ignore")],
)
def test_a_question_that_is_not_there_is_refused_by_name(survey, question, check, key):
    responses = survey(
        [question("enumerator"), question("age", "integer")], {"enumerator": ["a"], "age": [30]}
    )

    with pytest.raises(StudyError) as caught:
        check.reach(responses, {**check.settings, key: ("agee",)})

    assert str(caught.value) == (
        f"checks: {check.name}: {key}: there is no question called 'agee'. Did you mean 'age'?"
    )


def test_an_enumerator_who_rounds_is_named_and_one_with_few_interviews_is_not(survey, question):
    ages = np.random.default_rng(5).integers(18, 80, 240)
    who = np.array(WHO)
    who[:6] = "e9"
    ages[np.isin(who, ["e2", "e9"])] = 40
    responses = survey(
        [question("enumerator"), question("age", "integer")],
        {"enumerator": list(who), "age": list(ages)},
    )

    found = HEAPING.find(responses, HEAPING.settings)

    assert found["question"].tolist() == ["age"]
    assert (
        found["what"]
        .iloc[0]
        .startswith("enumerator e2: 39 of 39 numbers in 'age' end in 0 or 5 (100%; ")
    )


def test_an_age_that_everybody_rounds_is_told_where_last_digits_should_be_even(survey, question):
    ages = [30, 35, 40, 41] * 60
    responses = survey([question("age", "integer")], {"age": ages})

    found = HEAPING.find(responses, {**HEAPING.settings, "even": ("age",)})

    assert found["what"].tolist() == [
        "180 of 240 numbers in 'age' end in 0 or 5, 75%; 20% would if no digit were preferred"
    ]


def _choices(survey, question, answers, who=WHO, **more):
    questions = [
        question("enumerator"),
        question("q", "select_one list"),
        *(question(k) for k in more),
    ]
    columns = {"enumerator": who, "q": answers, **more}
    return survey(questions, columns, lists={"list": ["yes", "no", "maybe"]})


def test_a_question_whose_answers_depend_on_who_asked_is_told_in_plain_words(survey, question):
    random = np.random.default_rng(2)
    yes = random.random(240) < np.where(np.array(WHO) == "e4", 0.95, 0.4)

    found = ENUMERATOR_EFFECT.find(
        _choices(survey, question, np.where(yes, "yes", "no")), ENUMERATOR_EFFECT.settings
    )

    assert found["question"].tolist() == ["q"]
    what = found["what"].iloc[0]
    assert what.startswith(
        "answers depend on who asked, most of all the choice 'yes': intraclass correlation 0.1"
    )
    assert "furthest from the others is enumerator e4: " in what
    assert (
        "Look first whether enumerators worked in different places." in found["suggestion"].iloc[0]
    )


def test_where_most_questions_depend_on_who_asked_one_line_tells_and_the_largest_are_listed(
    survey, question
):
    who = np.repeat(["a", "b", "c", "d"], 40)
    random = np.random.default_rng(4)
    yes = {
        f"q{n}": np.where(random.random(160) < np.where(who == "c", 0.95, 0.2), "yes", "no")
        for n in range(6)
    }
    questions = [question("enumerator"), *(question(key, "select_one yn") for key in yes)]
    responses = survey(questions, {"enumerator": who, **yes}, lists={"yn": ["yes", "no"]})

    found = ENUMERATOR_EFFECT.find(responses, {**ENUMERATOR_EFFECT.settings, "most": 2})
    every = ENUMERATOR_EFFECT.find(responses, {**ENUMERATOR_EFFECT.settings, "most": 6})

    assert len(every) == 6
    assert len(found) == 3
    assert found["what"].iloc[0].startswith("answers to 6 of 6 questions depend on who asked")
    assert found["what"].iloc[0].endswith("furthest from the others are the enumerators c (6)")
    assert set(found["question"].iloc[1:]) < set(every["question"])


def test_places_that_differ_are_not_held_against_those_who_work_there(survey, question):
    random = np.random.default_rng(4)
    who = [f"e{n // 60 * 2 + n % 2}" for n in range(240)]
    village = [f"v{n // 60}" for n in range(240)]
    yes = random.random(240) < np.repeat([0.1, 0.9, 0.5, 0.3], 60)
    alone = _choices(survey, question, np.where(yes, "yes", "no"), who)
    placed = _choices(survey, question, np.where(yes, "yes", "no"), who, village=village)

    settings = ENUMERATOR_EFFECT.settings

    assert len(ENUMERATOR_EFFECT.find(alone, settings)) == 1
    assert ENUMERATOR_EFFECT.find(placed, settings).empty
    assert ENUMERATOR_EFFECT.reach(placed, settings).note == (
        "enumerators by enumerator (by its name), compared within village (by its name)"
    )


def test_of_questions_that_nobody_influences_hardly_any_is_listed(survey, question):
    random = np.random.default_rng(8)
    questions = [question("enumerator"), *(question(f"q{n}", "select_one list") for n in range(60))]
    answers = {
        f"q{n}": random.choice(["yes", "no", "maybe"], 240, p=[0.15, 0.8, 0.05]) for n in range(60)
    }

    found = ENUMERATOR_EFFECT.find(
        survey(questions, {"enumerator": WHO, **answers}, lists={"list": ["yes", "no", "maybe"]}),
        ENUMERATOR_EFFECT.settings,
    )

    assert found.empty


def test_an_enumerator_who_records_many_refusals_is_named_with_limits(survey, question, choice):
    random = np.random.default_rng(6)
    questions = [question("enumerator"), *(question(f"q{n}", "select_one list") for n in range(20))]
    often = np.where(np.array(WHO) == "e1", 0.2, 0.03)
    answers = {f"q{n}": np.where(random.random(240) < often, "rf", "yes") for n in range(20)}
    lists = {"list": ["yes", choice("rf", missing="refused")]}

    found = ENUMERATOR_RATES.find(
        survey(questions, {"enumerator": WHO, **answers}, lists=lists), ENUMERATOR_RATES.settings
    )

    # binom.test(163, 800)$conf.int in R: 0.1764 to 0.2334
    (what,) = found["what"]
    assert what == (
        "enumerator e1: 163 of 800 answers refused (20.4%, 95 % interval 17.6% to 23.3%; "
        "3.2% by the others' rates), in 40 interviews"
    )


def test_one_person_who_refuses_everything_does_not_name_the_enumerator(survey, question, choice):
    questions = [question("enumerator"), *(question(f"q{n}", "select_one list") for n in range(20))]
    refused = np.isin(np.arange(240), [3, 50, 100, 163, 200])
    answers = {f"q{n}": np.where(refused, "rf", "yes") for n in range(20)}
    lists = {"list": ["yes", choice("rf", missing="refused")]}

    found = ENUMERATOR_RATES.find(
        survey(questions, {"enumerator": WHO, **answers}, lists=lists), ENUMERATOR_RATES.settings
    )

    assert found.empty


def test_an_enumerator_with_five_interviews_is_not_named(survey, question, choice):
    who = ["new"] * 5 + WHO[5:]
    questions = [question("enumerator"), *(question(f"q{n}", "select_one list") for n in range(20))]
    answers = {f"q{n}": ["rf"] * 5 + ["yes"] * 235 for n in range(20)}
    lists = {"list": ["yes", choice("rf", missing="refused")]}
    responses = survey(questions, {"enumerator": who, **answers}, lists=lists)

    assert ENUMERATOR_RATES.find(responses, ENUMERATOR_RATES.settings).empty
    assert ENUMERATOR_RATES.reach(responses, ENUMERATOR_RATES.settings).note == (
        "7 enumerators; enumerators by enumerator (by its name); "
        "1 with fewer than 10 interviews are not named"
    )


def test_short_interviews_of_one_enumerator_are_told(survey, question):
    random = np.random.default_rng(1)
    minutes = random.lognormal(np.log(np.where(np.array(WHO) == "e5", 15, 40)), 0.2)
    start = np.datetime64("2026-01-01T08:00") + np.arange(240) * np.timedelta64(1, "h")
    end = start + (minutes * 60).astype("timedelta64[s]")
    responses = survey(
        [question("start", "start"), question("end", "end"), question("enumerator")],
        {"start": list(start.astype(str)), "end": list(end.astype(str)), "enumerator": WHO},
    )

    found = ENUMERATOR_RATES.find(responses, ENUMERATOR_RATES.settings)

    assert len(found) == 1
    assert found["what"].iloc[0].startswith("enumerator e5: 14.5 ")
    assert "minutes an interview (geometric mean, 95 % interval " in found["what"].iloc[0]


def test_what_is_said_of_an_enumerator_is_found_again_whatever_the_code():
    codes = ["e1", "e1: x", "e10", "no. 3"]

    findings = as_findings(about_enumerator(code, "9 of 10") for code in codes)

    assert enumerator_told(findings["what"], codes).tolist() == codes
