"""What one column of a file turned out to be, how it was found, and why another is not carried on."""

from __future__ import annotations

from dataclasses import dataclass

from survey_kit.responses.spellings import Role

DECLARED, EXACT, NO_PATH, MANGLED = "declared", "exact", "without group path", "mangled"
RESPELT = "exact but for separators and marks"
CAPITALS = "but for capital letters"
BY_LABEL = "by the label of the choice"
BY_HEADING = "by the text of the question"
BY_NEIGHBOURS = "by the text of the question and its neighbours"
NO_SUCH_QUESTION = "not carried on: no such question"
LEFT_OUT_BY_STUDY = "left out, as the study says"
METADATA_LEFT_OUT = "metadata, not carried on"
OUTSIDE = "a choice that the list does not have"


@dataclass(frozen=True)
class ColumnUse:
    """What one column of a file is.

    `key` is that of the question, or the name of the metadata; `code` that of the choice,
    or the part of the location; `stage` how it was found; `what` is said of a column that
    is not carried on.
    """

    position: int
    column: str
    role: Role
    key: str = ""
    code: str = ""
    stage: str = ""
    what: str = ""
