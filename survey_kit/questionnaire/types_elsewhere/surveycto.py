"""What SurveyCTO notes by itself, and one way of calculating that it alone has.

The types of the field list at docs.surveycto.com that ODK does not have. All of them are
hidden: the form or the phone fills them in.
"""

from survey_kit.questionnaire.question_type import QuestionType, Storage, Summary

CASEID = QuestionType(
    name="caseid",
    storage=Storage.TEXT,
    summary=Summary.NOTHING,
    xforms_type="string",
    asked=False,
    identifying=True,
    platform="SurveyCTO",
)
"""Which of the cases given out for interview this one is."""

ENUMERATOR = QuestionType(
    name="enumerator",
    storage=Storage.TEXT,
    summary=Summary.NOTHING,
    xforms_type="string",
    asked=False,
    identifying=True,
    platform="SurveyCTO",
)
"""Who holds the interview, chosen from the list of enumerators of the server."""

COMMENTS = QuestionType(
    name="comments",
    storage=Storage.FILE,
    summary=Summary.NOTHING,
    xforms_type="string",
    asked=False,
    identifying=True,
    platform="SurveyCTO",
)
"""The file of remarks on single questions."""

TEXT_AUDIT = QuestionType(
    name="text audit",
    storage=Storage.FILE,
    summary=Summary.NOTHING,
    xforms_type="string",
    asked=False,
    identifying=True,
    platform="SurveyCTO",
)
"""The file of how long each question was looked at."""

AUDIO_AUDIT = QuestionType(
    name="audio audit",
    storage=Storage.FILE,
    summary=Summary.NOTHING,
    xforms_type="string",
    asked=False,
    identifying=True,
    platform="SurveyCTO",
)
"""A recording of part of the interview."""

SPEED_COUNT = QuestionType(
    name="speed violations count",
    storage=Storage.INTEGER,
    summary=Summary.NOTHING,
    xforms_type="string",
    asked=False,
    platform="SurveyCTO",
)
"""How many questions were answered faster than they can be read."""

SPEED_LIST = QuestionType(
    name="speed violations list",
    storage=Storage.TEXT,
    summary=Summary.NOTHING,
    xforms_type="string",
    asked=False,
    platform="SurveyCTO",
)
"""Their names, with commas between."""

SPEED_AUDIT = QuestionType(
    name="speed violations audit",
    storage=Storage.FILE,
    summary=Summary.NOTHING,
    xforms_type="string",
    asked=False,
    identifying=True,
    platform="SurveyCTO",
)
"""A recording that they set off."""

SENSOR_STATISTIC = QuestionType(
    name="sensor_statistic",
    storage=Storage.DECIMAL,
    summary=Summary.NOTHING,
    xforms_type="string",
    asked=False,
    platform="SurveyCTO",
    followed=True,
)
"""A figure that the sensors of the phone gave, such as the mean level of sound."""

SENSOR_STREAM = QuestionType(
    name="sensor_stream",
    storage=Storage.FILE,
    summary=Summary.NOTHING,
    xforms_type="string",
    asked=False,
    identifying=True,
    platform="SurveyCTO",
    followed=True,
)
"""The file of what a sensor measured, second by second."""

CALCULATE_HERE = QuestionType(
    name="calculate_here",
    storage=Storage.TEXT,
    summary=Summary.NOTHING,
    xforms_type="string",
    asked=False,
    identifying=True,
    platform="SurveyCTO",
)
"""A calculation that is worked out once the interview arrives there, and not again."""
