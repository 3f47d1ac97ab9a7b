"""What is shown to be read, and what is shown to be confirmed."""

from survey_kit.questionnaire.question_type import QuestionType, Storage, Summary

NOTE = QuestionType(
    name="note", storage=Storage.NOTHING, summary=Summary.NOTHING, xforms_type="string"
)

ACKNOWLEDGE = QuestionType(
    name="acknowledge", storage=Storage.TEXT, summary=Summary.NOTHING, xforms_type="string"
)
"""A text with a box to tick; the answer is OK or nothing."""
