"""The template of the World Bank's iecorrect: the sheets string, numeric and drop.

varname, an id, valuecurrent, value, initials, notes. The id is whatever the survey calls it. A
``*`` in its place means everybody who has the current value, one in the place of the value any value.
"""

from __future__ import annotations

from survey_kit.cleaning.log_format import INTERVIEW, LogFormat

IECORRECT = LogFormat(
    name="iecorrect",
    title="a template of the World Bank's iecorrect",
    columns={
        "interview": ("idvalue", "id", "key", "hhid", "survey_id", *INTERVIEW),
        "question": ("varname",),
        "old": ("valuecurrent",),
        "new": ("value",),
        "why": ("notes",),
        "who": ("initials",),
        "when": ("date_last_changed",),
    },
    needed=("interview", "question", "old", "new"),
    tells=("varname", "valuecurrent", "value"),
    beside=("n_changes", "n_obs"),
    words_for_nothing=frozenset({"", "*", "."}),
    everybody=frozenset({"*"}),
    only_known=True,
)
