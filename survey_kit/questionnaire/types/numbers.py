"""Numbers: whole, with decimals, or picked from a scale."""

from survey_kit.questionnaire.question_type import QuestionType, Storage, Summary

INTEGER = QuestionType(
    name="integer", storage=Storage.INTEGER, summary=Summary.MEAN, xforms_type="int"
)

DECIMAL = QuestionType(
    name="decimal", storage=Storage.DECIMAL, summary=Summary.MEAN, xforms_type="decimal"
)

RANGE = QuestionType(
    name="range", storage=Storage.DECIMAL, summary=Summary.MEAN, xforms_type="decimal"
)
"""A number between two ends, by steps; ends and step stand in `parameters`."""
