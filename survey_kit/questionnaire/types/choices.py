"""Questions answered from a list of choices."""

from survey_kit.questionnaire.question_type import QuestionType, Storage, Summary

SELECT_ONE = QuestionType(
    name="select_one",
    storage=Storage.CODE,
    summary=Summary.SHARES,
    xforms_type="string",
    takes_choices=True,
)

SELECT_MULTIPLE = QuestionType(
    name="select_multiple",
    storage=Storage.CODES,
    summary=Summary.SHARES_OF_CASES,
    xforms_type="string",
    takes_choices=True,
)

RANK = QuestionType(
    name="rank",
    storage=Storage.CODES,
    summary=Summary.NOTHING,
    xforms_type="odk:rank",
    takes_choices=True,
)
"""All codes of the list, the most important first. A share of people would say nothing."""
