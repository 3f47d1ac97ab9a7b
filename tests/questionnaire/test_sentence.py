"""Sentences: a table of expression -> sentence, with the labels of one small questionnaire."""

from __future__ import annotations

import pytest

from survey_kit.questionnaire.model import Choice, ChoiceList, Question, Questionnaire, Repeat
from survey_kit.questionnaire.parser import parse
from survey_kit.questionnaire.question_type import question_types
from survey_kit.questionnaire.sentence import sentence

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
    "count(${journey}) > 0": "Journeys has more than 0 entries",
    "string-length(.) = 6": "The answer has exactly 6 letters",
    ". >= 18 and . <= 99": "The answer is at least 18 and at most 99",
    "regex(., '[A-Z]+')": "The answer fits the pattern ‘[A-Z]+’",
    "${left} <= today()": "Day of leaving is on or before the day of the interview",
    "${left} < ${back}": "Day of leaving is before Day of return",
    ". <= ${back}": "The answer is on or before Day of return",
    "${left} > date('2024-01-31')": "Day of leaving is after 2024-01-31",
    "${flag} = 'yes'": "Flag is yes",
    "true()": "Always",
    "not(true())": "Never",
    "${age} * 2 > 30": "‘${age} * 2 > 30’ holds",
    "not(${age}*2 > 30) and ${age} > 3": "‘${age} * 2 > 30’ does not hold, and Age is more than 3",
    "${flag}": "‘${flag}’ holds",
    "${nobody} = 1": "Nobody is 1",
    "${long} = 1": ("“In the last seven days seven days seven days seven days seven days…” is 1"),
}


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
