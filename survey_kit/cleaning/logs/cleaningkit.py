"""The log of the Mixed Migration Centre's cleaningkit for 4Mi interviews.

Date, Survey UUID, Survey Registration Date, Enumerator, Section, Question number, Question text,
Issue, Old value, Action taken, New value, Identified by, Comments, PO feedback. Its action
"other" says of no answer what becomes of it, so it has to be translated by a person.
"""

from __future__ import annotations

from survey_kit.cleaning.correction import Action
from survey_kit.cleaning.log_format import LogFormat

CLEANINGKIT = LogFormat(
    name="cleaningkit",
    title="a log of MMC's cleaningkit (4Mi)",
    columns={
        "interview": ("survey_uuid", "uuid"),
        "question": ("question_number", "question"),
        "old": ("old_value",),
        "new": ("new_value",),
        "action": ("action_taken",),
        "row": ("row",),
        "why": ("issue", "comments", "po_feedback"),
        "who": ("identified_by",),
        "when": ("date",),
    },
    needed=("interview", "question", "old", "new", "action"),
    tells=("survey_uuid", "action_taken", "question_number", "po_feedback"),
    beside=(
        "survey_registration_date",
        "enumerator",
        "section",
        "question_text",
        "check_binding",
    ),
    actions={
        "recoded": Action.CHANGE,
        "recode": Action.CHANGE,
        "addition": Action.CHANGE,
        "delete_data_point": Action.BLANK,
        "delete data point": Action.BLANK,
        "discard": Action.REMOVE,
        "no_action": Action.KEEP,
        "no action": Action.KEEP,
    },
)
