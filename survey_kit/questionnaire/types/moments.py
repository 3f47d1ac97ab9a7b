"""Days and hours that a person tells."""

from survey_kit.questionnaire.question_type import QuestionType, Storage, Summary

DATE = QuestionType(name="date", storage=Storage.DATE, summary=Summary.NOTHING, xforms_type="date")

TIME = QuestionType(name="time", storage=Storage.TIME, summary=Summary.NOTHING, xforms_type="time")

DATETIME = QuestionType(
    name="dateTime", storage=Storage.DATETIME, summary=Summary.NOTHING, xforms_type="dateTime"
)
