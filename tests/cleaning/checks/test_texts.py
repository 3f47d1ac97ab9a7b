"""Free texts that could reach somebody, and cells that cannot be read."""

from __future__ import annotations

import pandas as pd
import pytest

from survey_kit.cleaning.checks.free_text_personal import FREE_TEXT_PERSONAL
from survey_kit.cleaning.checks.unreadable import UNREADABLE
from survey_kit.cleaning.personal_data import kinds_of_personal_data

HOLDS = {
    "call me on 01711 234567": "a telephone or other long number",
    "আমার নম্বর ০১৭১১-২৩৪৫৬৭": "a telephone or other long number",
    "٠٧٧٠١٢٣٤٥٦٧": "a telephone or other long number",
    "ဖုန်း ၀၉၄၂၀၁၂၃၄၅၆": "a telephone or other long number",
    "+60 12-345 6789": "a telephone or other long number",
    "someone@example.org": "an e-mail address",
    "see www.example.org/me": "a web address",
    "at 21.4339, 92.1234": "coordinates",
    "passport EA1234567": "a document number",
    "case 123-45C01234": "a document number",
}
HOLDS_NOTHING = [
    "we paid 5,000,000 rupiah",
    "25000000",
    "on 2026-11-21",
    "from 21/11/2026",
    "a family of 7, 3 of them under 5",
    "",
    "2 or 3 times a week, 10 to 12 hours",
]


@pytest.mark.parametrize(("answer", "kind"), HOLDS.items())
def test_what_could_reach_a_person_is_seen_in_any_script(answer, kind):
    assert list(kinds_of_personal_data(pd.Series([answer]))) == [kind]


@pytest.mark.parametrize("answer", HOLDS_NOTHING)
def test_amounts_and_days_are_no_telephone_numbers(answer):
    assert list(kinds_of_personal_data(pd.Series([answer]))) == [""]


def test_the_text_itself_is_never_in_the_finding(survey, question):
    responses = survey([question("story")], {"story": ["call 01711234567", "nothing", None]})

    found = FREE_TEXT_PERSONAL.find(responses, FREE_TEXT_PERSONAL.settings)

    assert list(found["answer"]) == ["(text, 16 characters)"]
    assert not found.astype("str").apply(lambda column: column.str.contains("01711")).any(axis=None)


def test_what_could_not_be_read_is_a_finding_that_says_what_the_question_takes(survey, question):
    responses = survey(
        [question("age", "integer")], {"age": [None]}, unreadable=[("i1", "", "age", "about 30")]
    )

    found = UNREADABLE.find(responses, {})

    assert list(found["answer"]) == ["about 30"]
    assert list(found["what"]) == ["this cannot be read: the question takes a whole number"]
