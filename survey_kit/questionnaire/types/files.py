"""Pictures, voices and other files that come with an interview."""

from survey_kit.questionnaire.question_type import QuestionType, Storage, Summary

IMAGE = QuestionType(
    name="image",
    storage=Storage.FILE,
    summary=Summary.NOTHING,
    xforms_type="binary",
    identifying=True,
)

AUDIO = QuestionType(
    name="audio",
    storage=Storage.FILE,
    summary=Summary.NOTHING,
    xforms_type="binary",
    identifying=True,
)

VIDEO = QuestionType(
    name="video",
    storage=Storage.FILE,
    summary=Summary.NOTHING,
    xforms_type="binary",
    identifying=True,
)

FILE = QuestionType(
    name="file",
    storage=Storage.FILE,
    summary=Summary.NOTHING,
    xforms_type="binary",
    identifying=True,
)

OSM = QuestionType(
    name="osm",
    storage=Storage.FILE,
    summary=Summary.NOTHING,
    xforms_type="binary",
    identifying=True,
)
"""Buildings and roads of OpenStreetMap, edited in another program."""

BACKGROUND_AUDIO = QuestionType(
    name="background-audio",
    storage=Storage.FILE,
    summary=Summary.NOTHING,
    xforms_type="binary",
    asked=False,
    identifying=True,
)
"""The whole interview, recorded while it goes on."""
