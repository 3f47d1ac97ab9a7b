"""What tells a change from a trip through R or Excel."""

from __future__ import annotations

import pytest

from survey_kit.cleaning.same_value import Same, Takes, same
from survey_kit.questionnaire.question_type import Storage

NUMBER, TEXT, DATE = Takes(Storage.INTEGER), Takes(Storage.TEXT), Takes(Storage.DATE)
CODE = Takes(Storage.CODE, codes=frozenset({"001", "1", "0.75"}))
WELL = Takes(choice=frozenset({"well", "A well"}))
SEVERAL = Takes(
    Storage.CODES,
    codes=frozenset({"a", "b"}),
    languages=({"The first": "a", "The second": "b"},),
    several=True,
)


@pytest.mark.parametrize(
    ("one", "other", "takes", "how"),
    [
        ("2.0", "2", NUMBER, Same.NUMBER),
        ("1e+05", "100000", NUMBER, Same.NUMBER),
        ("007", "7", NUMBER, Same.NUMBER),
        ("2.0", "2", TEXT, Same.NUMBER),
        ("0", "FALSE", NUMBER, Same.TRUTH),
        ("TRUE", "1", Takes(), Same.TRUTH),
        ("a  b\r\nc", "a b\nc ", TEXT, Same.BLANKS),
        ("e\u0301", "\u00e9", TEXT, Same.BLANKS),
        ("", "NA", TEXT, Same.NOTHING),
        ("NaN", "NULL", NUMBER, Same.NOTHING),
        ("2021-07-08", "08/07/2021", DATE, Same.DATE),
        ("2021-07-08", "2021-07-08T00:00:00", DATE, Same.DATE),
        ("2021-07-08", "44385", DATE, Same.DATE),
        ("2021-07-06T09:08:33.204+03:00", "2021-07-06 09:08:33", Takes(), Same.DATE),
        ("b a", "a b", SEVERAL, Same.ORDER),
        ("The first The second", "b a", SEVERAL, Same.LABEL),
        ("123456789012345678", "123456789012346000", Takes(), Same.DIGITS),
        ("A well", "1", WELL, Same.TRUTH),
        ("", "0", WELL, Same.NOT_CHOSEN),
    ],
)
def test_two_spellings_of_one_answer_are_told_by_name(
    one: str, other: str, takes: Takes, how: Same
):
    assert same(one, other, takes) is how
    assert same(other, one, takes) is how


@pytest.mark.parametrize(
    ("one", "other", "takes"),
    [
        ("001", "1", CODE),
        ("001", "1", TEXT),
        ("001", "1", Takes()),
        ("1e5", "100000", TEXT),
        ("08/07/2021", "07/08/2021", DATE),
        ("2", "3", NUMBER),
        ("none", "", TEXT),
        ("NA", "", Takes(Storage.CODE, codes=frozenset({"NA"}))),
        ("a", "a b", SEVERAL),
        ("1", "0", WELL),
        ("Yes", "yes", TEXT),
        ("2021-07-08", "2021-07-08T10:00:00", DATE),
    ],
)
def test_what_could_be_another_answer_is_never_passed_over(one: str, other: str, takes: Takes):
    assert same(one, other, takes) is None
    assert same(other, one, takes) is None
