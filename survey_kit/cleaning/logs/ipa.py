"""The corrections sheet of IPA's high-frequency checks: replace, drop or okay.

date, id, enum, variable, label, value, newvalue, action, comments. The id is whatever the
survey calls it: the log is known by its other columns.
"""

from __future__ import annotations

from survey_kit.cleaning.correction import Action
from survey_kit.cleaning.log_format import INTERVIEW, LogFormat

IPA = LogFormat(
    name="ipa",
    title="a sheet of corrections of IPA's high-frequency checks",
    columns={
        "interview": ("key", "id", "hhid", "survey_id", "respondent_id", *INTERVIEW),
        "question": ("variable",),
        "old": ("value",),
        "new": ("newvalue", "new_value"),
        "action": ("action",),
        "row": ("row",),
        "why": ("comments", "comment"),
        "who": ("reviewer",),
        "when": ("date",),
    },
    needed=("interview", "question", "old", "new"),
    tells=("newvalue", "value", "variable"),
    beside=("enum", "enumerator", "label", "enum_id", "enumid"),
    actions={
        "replace": Action.CHANGE,
        "drop": Action.REMOVE,
        "okay": Action.KEEP,
        "ok": Action.KEEP,
    },
    words_for_nothing=frozenset({"."}),
)
