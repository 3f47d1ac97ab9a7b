"""The log of kobold and supporteR (REACH in Uganda, Ethiopia): choices are added and taken away.

uuid, type, name, current_value, value, issue_id, issue, sheet, index, adjust_log, reviewed. An
option that is added or removed is one choice of the question, and ``index`` is the number of a row
in its sheet. A line with adjust_log "delete_log" is one that the reviewer threw out.
"""

from __future__ import annotations

from survey_kit.cleaning.correction import Action
from survey_kit.cleaning.log_format import INTERVIEW, LogFormat

KOBOLD = LogFormat(
    name="kobold",
    title="a log of kobold or supporteR",
    columns={
        "interview": INTERVIEW,
        "question": ("name",),
        "old": ("current_value", "old_value"),
        "new": ("value",),
        "action": ("type",),
        "row": ("index",),
        "overruled": ("adjust_log",),
        "reviewed": ("reviewed",),
        "why": ("issue", "comment", "other_text"),
        "who": ("checked_by",),
        "when": ("checked_date", "start_date"),
    },
    needed=("interview", "question", "new", "action"),
    tells=("type", "name", "value", "issue_id", "adjust_log"),
    beside=(
        "sheet",
        "relevant",
        "enumerator_id",
        "point_number",
        "so_sm_choices",
        "text",
        "label",
        "choice_label",
        "uuid_cl",
    ),
    actions={
        "change_response": Action.CHANGE,
        "blank_response": Action.BLANK,
        "remove_survey": Action.REMOVE,
        "add_option": Action.CHANGE,
        "remove_option": Action.CHANGE,
    },
    of_a_choice={"add_option": "1", "remove_option": "0"},
    overrules=frozenset({"delete_log"}),
    rows_by_index=True,
)
