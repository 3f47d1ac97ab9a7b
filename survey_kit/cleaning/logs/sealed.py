"""The chained log that survey_kit writes: every row sealed to the one before it.

Its first lines are the corrections, and can be applied again; those that followed from them
follow again.
"""

from __future__ import annotations

from survey_kit.cleaning.log_format import LogFormat

SEALED = LogFormat(
    name="sealed",
    title="a chained log of survey-kit",
    columns={
        "interview": ("interview",),
        "question": ("question",),
        "choice": ("choice",),
        "old": ("old_stated",),
        "new": ("new",),
        "action": ("action",),
        "row": ("row",),
        "why": ("why",),
        "who": ("who",),
        "when": ("when",),
    },
    needed=("interview", "question", "old", "new", "action"),
    tells=("number", "old_found", "old_stated", "match", "effect", "previous", "hash"),
    beside=("note", "place"),
    words_for_nothing=frozenset(),
)
