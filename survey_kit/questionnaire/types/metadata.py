"""What the phone notes about an interview: when, with which device, by whom."""

from survey_kit.questionnaire.question_type import QuestionType, Storage, Summary

START = QuestionType(
    name="start",
    storage=Storage.DATETIME,
    summary=Summary.NOTHING,
    xforms_type="dateTime",
    asked=False,
)

END = QuestionType(
    name="end",
    storage=Storage.DATETIME,
    summary=Summary.NOTHING,
    xforms_type="dateTime",
    asked=False,
)

TODAY = QuestionType(
    name="today",
    storage=Storage.DATE,
    summary=Summary.NOTHING,
    xforms_type="date",
    asked=False,
)

DEVICEID = QuestionType(
    name="deviceid",
    storage=Storage.TEXT,
    summary=Summary.NOTHING,
    xforms_type="string",
    asked=False,
    identifying=True,
)

SUBSCRIBERID = QuestionType(
    name="subscriberid",
    storage=Storage.TEXT,
    summary=Summary.NOTHING,
    xforms_type="string",
    asked=False,
    identifying=True,
)

SIMSERIAL = QuestionType(
    name="simserial",
    storage=Storage.TEXT,
    summary=Summary.NOTHING,
    xforms_type="string",
    asked=False,
    identifying=True,
)

PHONENUMBER = QuestionType(
    name="phonenumber",
    storage=Storage.TEXT,
    summary=Summary.NOTHING,
    xforms_type="string",
    asked=False,
    identifying=True,
)

USERNAME = QuestionType(
    name="username",
    storage=Storage.TEXT,
    summary=Summary.NOTHING,
    xforms_type="string",
    asked=False,
    identifying=True,
)

EMAIL = QuestionType(
    name="email",
    storage=Storage.TEXT,
    summary=Summary.NOTHING,
    xforms_type="string",
    asked=False,
    identifying=True,
)

AUDIT = QuestionType(
    name="audit",
    storage=Storage.FILE,
    summary=Summary.NOTHING,
    xforms_type="binary",
    asked=False,
    identifying=True,
)
"""A log of every screen, with places and changed answers where the form asks for them."""
