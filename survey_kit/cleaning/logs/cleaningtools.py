"""The log of impact-initiatives' cleaningtools, with or without a column of actions.

uuid, old_value, question, issue, check_id, check_binding, change_type, new_value. The names of
the columns are arguments there, so teams write ``X_uuid`` and ``questions`` too. REACH's older clog
is the same with question.name, old.value, new.value and the actions c, d and f; what became of a line
that was only flagged a person has to say.
"""

from __future__ import annotations

from survey_kit.cleaning.correction import Action
from survey_kit.cleaning.log_format import INTERVIEW, LogFormat

CLEANINGTOOLS = LogFormat(
    name="cleaningtools",
    title="a log of impact-initiatives' cleaningtools",
    columns={
        "interview": INTERVIEW,
        "question": (
            "question",
            "questions",
            "question_name",
            "variable",
            "column",
            "column_name",
            "field",
        ),
        "old": ("old_value", "current_value", "original_value", "raw_value"),
        "new": ("new_value", "corrected_value"),
        "action": ("change_type", "action"),
        "row": ("row",),
        "why": (
            "issue",
            "reason",
            "explanation",
            "feedback",
            "comment",
            "comments",
            "comments_for_field_officer",
            "field_officer_s_response",
        ),
        "who": ("reviewer", "checked_by", "identified_by"),
        "when": ("reported_date", "date"),
    },
    needed=("interview", "question", "new"),
    tells=("change_type", "check_id", "check_binding"),
    beside=("enumerator", "enumerator_num", "enumerator_id", "index", "survey"),
    actions={
        "change_response": Action.CHANGE,
        "blank_response": Action.BLANK,
        "remove_survey": Action.REMOVE,
        "no_action": Action.KEEP,
        "no_change": Action.KEEP,
        "c": Action.CHANGE,
        "d": Action.REMOVE,
        "deletion": Action.REMOVE,
    },
)
