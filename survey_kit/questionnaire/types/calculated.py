"""What the form works out, carries along or looks up by itself.

A calculation may join a first name to a last one, so it is held to identify until its
question says otherwise.
"""

from survey_kit.questionnaire.question_type import QuestionType, Storage, Summary

CALCULATE = QuestionType(
    name="calculate",
    storage=Storage.TEXT,
    summary=Summary.NOTHING,
    xforms_type="string",
    asked=False,
    identifying=True,
)

HIDDEN = QuestionType(
    name="hidden",
    storage=Storage.TEXT,
    summary=Summary.NOTHING,
    xforms_type="string",
    asked=False,
    identifying=True,
)

CSV_EXTERNAL = QuestionType(
    name="csv-external",
    storage=Storage.NOTHING,
    summary=Summary.NOTHING,
    xforms_type="",
    asked=False,
)
"""A file of the same name with the suffix .csv, which expressions may look into."""

XML_EXTERNAL = QuestionType(
    name="xml-external",
    storage=Storage.NOTHING,
    summary=Summary.NOTHING,
    xforms_type="",
    asked=False,
)
"""A file of the same name with the suffix .xml, which expressions may look into."""
