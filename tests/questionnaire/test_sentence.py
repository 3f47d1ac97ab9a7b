"""Sentences: a table of expression -> sentence, with the labels of one small questionnaire."""

from __future__ import annotations

import pytest

from survey_kit.questionnaire.model import Choice, ChoiceList, Question, Questionnaire, Repeat
from survey_kit.questionnaire.parser import parse
from survey_kit.questionnaire.question_type import question_types
from survey_kit.questionnaire.sentence import (
    Naming,
    constraint_sentence,
    sentence,
    value_in_words,
)

TYPES = question_types()


def question(name: str, kind: str, label: str = "", choices: str | None = None) -> Question:
    labels = {"en": label, "bn": "বয়স"} if name == "age" else {"en": label}
    return Question(name, TYPES[kind], label=labels, choices=choices)


QUESTIONNAIRE = Questionnaire(
    name="leaving",
    version="1",
    title={"en": "Leaving"},
    languages={"en": "English", "bn": "বাংলা"},
    nodes=(
        question("age", "integer", "Age"),
        question("consent", "select_one", "Do you **agree** to take part?", "yes_no"),
        question("status", "select_one", "Status", "statuses"),
        question("why", "select_multiple", "Reasons for leaving", "reasons"),
        question("left", "date", "Day of leaving"),
        question("back", "date", "Day of return"),
        question("flag", "calculate"),
        question("day", "today"),
        question("long", "integer", "In the last " + "seven days " * 12 + "how many?"),
        Repeat("journey", (question("hours", "integer", "Hours"),), label={"en": "Journeys"}),
    ),
    lists={
        "yes_no": ChoiceList("yes_no", (Choice("yes", {"en": "Yes"}), Choice("no", {"en": "No"}))),
        "statuses": ChoiceList(
            "statuses", tuple(Choice(code, {"en": code.title()}) for code in "abc")
        ),
        "reasons": ChoiceList(
            "reasons",
            (
                Choice("war", {"en": "War"}),
                Choice("work", {"en": "Work", "bn": "কাজ"}),
                Choice("flood", {"en": "Floods"}),
                Choice("refused", {"en": "Prefer not to say"}),
            ),
        ),
    },
)

SAID = {
    "${age} >= 18": "Age is at least 18",
    "${age} < 18": "Age is less than 18",
    "${age} > 18": "Age is more than 18",
    "${age} <= 18": "Age is at most 18",
    "18 <= ${age}": "Age is at least 18",
    "${age} = 18": "Age is 18",
    "${age} != 18": "Age is not 18",
    "not(${age} > 18)": "Age is not more than 18",
    "${age} >= 18 and ${age} < 25": "Age is at least 18 and less than 25",
    "${age} != ''": "Age was answered",
    "${age} = ''": "Age was not answered",
    "not(${age} = '')": "Age was answered",
    "${age} > -1.5": "Age is more than -1.5",
    "${consent} = 'yes'": "“Do you agree to take part?” is Yes",
    "${status} = 'a' or ${status} = 'b'": "Status is A or B",
    "${status} != 'a' and ${status} != 'b'": "Status is neither A nor B",
    "not(${status} = 'a' or ${status} = 'b' or ${status} = 'c')": "Status is none of A, B and C",
    "${status} = 'zz'": "Status is zz",
    "selected('a b', ${status})": "Status is A or B",
    "not(selected('a b', ${status}))": "Status is neither A nor B",
    "selected(${status}, 'a')": "Status is A",
    "selected(${why}, 'war')": "Reasons for leaving includes War",
    "selected(${why}, 'war') or selected(${why}, 'work')": (
        "Reasons for leaving includes War or Work"
    ),
    "selected(${why}, 'war') and selected(${why}, 'work')": (
        "Reasons for leaving includes War and Work"
    ),
    "not(selected(${why}, 'war'))": "Reasons for leaving does not include War",
    "not(selected(${why}, 'war') or selected(${why}, 'work'))": (
        "Reasons for leaving includes neither War nor Work"
    ),
    "not(selected(${why}, 'war') and selected(${why}, 'work'))": (
        "Reasons for leaving does not include War, or Reasons for leaving does not include Work"
    ),
    "${why} != '' and not(selected(${why}, 'refused'))": (
        "Reasons for leaving was answered, and "
        "Reasons for leaving does not include Prefer not to say"
    ),
    "selected(${why}, 'work') and ${age} >= 18": (
        "Reasons for leaving includes Work, and Age is at least 18"
    ),
    "${age} >= 18 and (${status} = 'a' or selected(${why}, 'work'))": (
        "Age is at least 18, and either Status is A or Reasons for leaving includes Work"
    ),
    "${age} >= 18 and ${status} = 'a' or selected(${why}, 'work')": (
        "Age is at least 18 and Status is A, or Reasons for leaving includes Work"
    ),
    "count-selected(${why}) >= 2": "Reasons for leaving has at least 2 answers",
    "count-selected(${why}) = 1": "Reasons for leaving has exactly 1 answer",
    "not(count-selected(${why}) > 3)": "Reasons for leaving does not have more than 3 answers",
    "count(${journey}) > 0": "Journeys has at least 1 entry",
    "count-selected(${why}) > 0": "Reasons for leaving was answered",
    "string-length(${why}) = 0": "Reasons for leaving was not answered",
    "count-selected(${why}) >= 1 and count-selected(${why}) <= 3": (
        "Reasons for leaving has between 1 and 3 answers"
    ),
    "count-selected(${why}) = ${age}": "Age is the number of answers to Reasons for leaving",
    "string-length(.) = 6": "The answer has exactly 6 letters",
    ". >= 18 and . <= 99": "The answer is between 18 and 99",
    ". <= 99 and . >= 18": "The answer is between 18 and 99",
    ". > 18 and . <= 99": "The answer is more than 18 and at most 99",
    "${left} >= ${back} and ${left} <= today()": (
        "Day of leaving is between Day of return and the day of the interview"
    ),
    "regex(., '[A-Z]+')": "The answer fits the pattern ‘[A-Z]+’",
    "${left} <= today()": "Day of leaving is on or before the day of the interview",
    "${left} <= ${day}": "Day of leaving is on or before the day of the interview",
    "${left} < ${back}": "Day of leaving is before Day of return",
    ". <= ${back}": "The answer is on or before Day of return",
    "${left} > date('2024-01-31')": "Day of leaving is after 2024-01-31",
    "${flag} = 'yes'": "Flag is yes",
    "true()": "Always",
    "0": "Never",
    "not(0)": "Always",
    "not(true())": "Never",
    "${age} * 2 > 30": "Age times 2 is more than 30",
    "not(${age}*2 > 30) and ${age} > 3": "Age times 2 is not more than 30, and Age is more than 3",
    "(${age} + 1) * 2 - 3 div 4 > 30": "((Age plus 1) times 2) minus (3 divided by 4) is more than 30",
    "${age} mod 2 = 0": "The remainder of Age divided by 2 is 0",
    "${left} >= today() - 30": "Day of leaving is on or after 30 days before the day of the interview",
    "today() - ${left} > 365": (
        "The days from Day of leaving to the day of the interview is more than 365"
    ),
    "${left} < date('2024-01-31') + 7": "Day of leaving is before 7 days after 2024-01-31",
    "coalesce(${age}, 0) > 3": "Age or, where it is blank, 0 is more than 3",
    "if(${age} > 3, 1, 2) = 2": "1 if Age is more than 3, otherwise 2 is 2",
    "if(${age} > 3, true(), false())": "Age is more than 3",
    "if(${age} > 3, false(), true())": "Age is not more than 3",
    "if(${age} > 3, ${status} = 'a', ${status} = 'b')": (
        "If Age is more than 3, Status is A; otherwise Status is B"
    ),
    "position(..) > 1": "The number of this entry is more than 1",
    "sum(${hours}) > 24": "The sum of Hours is more than 24",
    "max(${age}, 3) > 4": "The largest of Age and 3 is more than 4",
    "jr:choice-name(${status}, '${status}') = 'x'": "Status is x",
    "selected-at(${why}, 0) = 'war'": "Answer no. 1 of Reasons for leaving is war",
    "indexed-repeat(${hours}, ${journey}, 2) > 3": "Hours of entry no. 2 is more than 3",
    "pulldata('villages', 'people', 'code', ${status}) > 100": (
        "‘people’ looked up for Status in the list ‘villages’ is more than 100"
    ),
    "selected(${why}, ${status})": "Reasons for leaving includes Status",
    "contains(${status}, 'x') and not(starts-with(${status}, 'y'))": (
        "Status contains ‘x’, and Status does not start with ‘y’"
    ),
    "../age > 18": "Age is more than 18",
    "/data/leaving/age > 18": "Age is more than 18",
    "true() = selected(${why}, 'war')": "Reasons for leaving includes War",
    "selected(${why}, 'war') = false()": "Reasons for leaving does not include War",
    "regex(., '^[0-9]{10}$')": "The answer has exactly 10 digits",
    "regex(., '^[0-9]{8,10}$')": "The answer has 8 to 10 digits",
    "random() > 0.5": "‘random() > 0.5’ holds",
    "region = ${status} or region = 'any'": "Its ‘region’ is Status or any",
    "selected(${why}, name) or name = 'refused'": (
        "It was chosen in Reasons for leaving, or it is refused"
    ),
    "(${age} > 1 and (${age} > 2 or (${status} = 'a' and ${why} = 'war'))) or ${consent} = 'yes'": (
        "(Age is more than 1 and (Age is more than 2 or (Status is A and Reasons for leaving is "
        "War))), or “Do you agree to take part?” is Yes"
    ),
    "${flag}": "‘${flag}’ holds",
    "${nobody} = 1": "Nobody is 1",
    "${long} = 1": ("“In the last seven days seven days seven days seven days seven days…” is 1"),
}


DEMANDED = {
    ". >= 18 and . <= 99": "Between 18 and 99",
    ". <= today()": "On or before the day of the interview",
    "count-selected(.) <= 3": "At most 3 answers",
    "regex(., '[A-Z]+')": "The answer fits the pattern ‘[A-Z]+’",
    "not(selected(., 'refused') and count-selected(.) > 1)": (
        "No other answer together with Prefer not to say"
    ),
    "not(count-selected(.) >= 2 and (selected(., 'refused') or selected(., 'war')))": (
        "No other answer together with Prefer not to say or War"
    ),
    "if(selected(., 'refused'), count-selected(.) = 1, true())": (
        "No other answer together with Prefer not to say"
    ),
    "(selected(., 'war') and count-selected(.) = 1) or not(selected(., 'war'))": (
        "No other answer together with War"
    ),
    "not(selected(., 'war') and count-selected(.)>1) and not(selected(${why}, 'work') and "
    "count-selected(${why}) > 1)": "No other answer together with War or Work",
    "not(selected(., 'war') and count-selected(.) > 2)": (
        "The answer does not include War, or the answer does not have more than 2 answers"
    ),
}


@pytest.mark.parametrize("source", DEMANDED)
def test_a_constraint_is_said_as_what_it_demands(source: str) -> None:
    own = QUESTIONNAIRE.by_key["why"].question

    assert constraint_sentence(parse(source, "here"), QUESTIONNAIRE, own=own) == DEMANDED[source]


def test_a_sentence_calls_questions_and_choices_as_it_is_told() -> None:
    expression = parse("selected(${why}, 'work') and ${age} > 3", "here")
    naming = Naming(called={"why": "Q7"}, choice="“{label}”")

    assert sentence(expression, QUESTIONNAIRE, naming=naming) == (
        "Q7 includes “Work”, and Age is more than 3"
    )


def test_a_calculation_is_said_as_a_value() -> None:
    said = value_in_words(parse("if(${age} >= 18, 'adult', 'child')", "here"), QUESTIONNAIRE)

    assert said == "adult if Age is at least 18, otherwise child"


def test_what_cannot_be_said_as_a_value_is_quoted() -> None:
    assert value_in_words(parse("uuid()", "here"), QUESTIONNAIRE) == "‘uuid()’"


def test_a_chain_of_a_thousand_sums_is_said_without_running_out_of_stack() -> None:
    source = " + ".join(["${age}"] * 2_000) + " > 3"

    assert sentence(parse(source, "here"), QUESTIONNAIRE).endswith("plus Age is more than 3")


@pytest.mark.parametrize("source", SAID)
def test_an_expression_is_said_plainly(source: str) -> None:
    assert sentence(parse(source, "here"), QUESTIONNAIRE) == SAID[source]


def test_a_sentence_uses_the_labels_of_a_language_where_they_are_translated() -> None:
    expression = parse("${age} > 18 and selected(${why}, 'work')", "here")

    assert sentence(expression, QUESTIONNAIRE, "bn") == (
        "বয়স is more than 18, and Reasons for leaving includes কাজ"
    )


def test_a_long_chain_is_said_without_running_out_of_stack() -> None:
    source = " or ".join(f"${{age}} = {number}" for number in range(3_000))

    assert sentence(parse(source, "here"), QUESTIONNAIRE).endswith("2998 or 2999")
