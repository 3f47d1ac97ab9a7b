"""A deletion log: the interviews that are to go, one a row, without any answer.

It is known by its columns, an interview and nothing to change, and by what it is called:
somebody has to have said that these interviews go.
"""

from __future__ import annotations

from survey_kit.cleaning.correction import Action
from survey_kit.cleaning.log_format import INTERVIEW, LogFormat

DELETIONS = LogFormat(
    name="deletions",
    title="a deletion log",
    columns={
        "interview": (*INTERVIEW, "id", "idvalue"),
        "why": ("reason", "issue", "comment", "comments", "notes", "why"),
        "who": ("reviewer", "initials", "who"),
        "when": ("date", "date_deletion", "all_dates", "when"),
    },
    needed=("interview",),
    beside=("n_obs", "enumerator", "enumerator_id", "col_enum", "base", "country"),
    without=Action.REMOVE,
)
