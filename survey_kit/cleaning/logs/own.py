"""The log of corrections of survey_kit itself, as a person writes it."""

from __future__ import annotations

from survey_kit.cleaning.log_format import LogFormat

OWN = LogFormat(
    name="survey-kit",
    title="a file of corrections of survey-kit",
    columns={
        "interview": ("interview",),
        "question": ("question",),
        "old": ("old",),
        "new": ("new",),
        "action": ("action",),
        "row": ("row",),
        "why": ("why",),
        "who": ("who",),
        "when": ("when",),
    },
    needed=("interview", "question", "old", "new", "action"),
    tells=("interview", "old", "new"),
    words_for_nothing=frozenset(),
)
