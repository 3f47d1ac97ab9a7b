"""Free text. Whoever may write anything may write a name."""

from survey_kit.questionnaire.question_type import QuestionType, Storage, Summary

TEXT = QuestionType(
    name="text",
    storage=Storage.TEXT,
    summary=Summary.NOTHING,
    xforms_type="string",
    identifying=True,
)

BARCODE = QuestionType(
    name="barcode",
    storage=Storage.TEXT,
    summary=Summary.NOTHING,
    xforms_type="barcode",
    identifying=True,
)
"""What stands on a card, a tent or a parcel points at one household."""
