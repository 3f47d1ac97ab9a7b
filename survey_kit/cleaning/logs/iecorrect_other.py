"""The sheet "other" of iecorrect, which recodes a text for everybody: known, and not applied.

strvar, strvaluecurrent, strvalue, catvar, catvalue. Such a line names no interview, and changes one
question where another holds a text.
"""

from __future__ import annotations

from survey_kit.cleaning.log_format import LogFormat

IECORRECT_OTHER = LogFormat(
    name="iecorrect other",
    title="rules of the World Bank's iecorrect",
    columns={
        "interview": (),
        "question": ("strvar",),
        "old": ("strvaluecurrent",),
        "new": ("strvalue",),
        "choice": ("catvar",),
        "why": ("notes", "catvalue"),
        "who": ("initials",),
    },
    needed=("question", "choice"),
    tells=("strvar", "catvar", "catvalue"),
    refused=(
        "rules that recode a text for everybody are not applied",
        "Write a line for each interview, with the action recode other",
    ),
)
