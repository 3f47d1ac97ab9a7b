"""Points, lines and areas on the ground. Each of them leads to somebody's door."""

from survey_kit.questionnaire.question_type import QuestionType, Storage, Summary

GEOPOINT = QuestionType(
    name="geopoint",
    storage=Storage.LOCATION,
    summary=Summary.NOTHING,
    xforms_type="geopoint",
    identifying=True,
)

GEOTRACE = QuestionType(
    name="geotrace",
    storage=Storage.LOCATION,
    summary=Summary.NOTHING,
    xforms_type="geotrace",
    identifying=True,
)

GEOSHAPE = QuestionType(
    name="geoshape",
    storage=Storage.LOCATION,
    summary=Summary.NOTHING,
    xforms_type="geoshape",
    identifying=True,
)

BACKGROUND_GEOPOINT = QuestionType(
    name="background-geopoint",
    storage=Storage.LOCATION,
    summary=Summary.NOTHING,
    xforms_type="geopoint",
    asked=False,
    identifying=True,
)
"""Where another question was answered; the phone takes it by itself."""

START_GEOPOINT = QuestionType(
    name="start-geopoint",
    storage=Storage.LOCATION,
    summary=Summary.NOTHING,
    xforms_type="geopoint",
    asked=False,
    identifying=True,
)
"""Where the interview was opened; the phone takes it by itself."""
