"""The log of utilityR: no column of actions, and rows of repeats by their ``loop_index``.

uuid, loop_index, variable, old.value, new.value, issue. An empty new value blanks the answer.
"""

from __future__ import annotations

from survey_kit.cleaning.correction import Action
from survey_kit.cleaning.log_format import INTERVIEW, LogFormat

UTILITY_R = LogFormat(
    name="utilityR",
    title="a log of utilityR",
    columns={
        "interview": INTERVIEW,
        "question": ("variable",),
        "old": ("old_value",),
        "new": ("new_value",),
        "row": ("loop_index",),
        "why": ("issue", "explanation"),
    },
    needed=("interview", "question", "old", "new", "row"),
    tells=("loop_index",),
    beside=("label", "base", "ref_type", "country"),
    empty_means=Action.BLANK,
)
