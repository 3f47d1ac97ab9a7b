"""A correction: one decision of a reviewer about one answer, or about a whole interview."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from survey_kit.questionnaire.model import Place


class Action(Enum):
    """What is to be done."""

    CHANGE = "change"
    BLANK = "blank"
    REMOVE = "remove"
    """The whole interview goes."""
    RECODE = "recode other"
    """What a text after "other" says becomes the code that is the new value."""
    KEEP = "no action"
    """It was looked at, and is right as it is."""


ACTIONS: Mapping[str, Action] = MappingProxyType(
    {action.value: action for action in Action}
    | {
        "change_response": Action.CHANGE,
        "blank_response": Action.BLANK,
        "remove_survey": Action.REMOVE,
        "no_action": Action.KEEP,
        "keep": Action.KEEP,
        "remove interview": Action.REMOVE,
    }
)
"""What logs call an action: our own words, and those of impact-initiatives' cleaningtools."""


@dataclass(frozen=True)
class Correction:
    """One line of a file of corrections.

    `old` is what the reviewer saw, "" where the log does not say; it is verified before
    anything changes. `question` may be one choice of a question that takes several, as
    exports call it: ``water_sources/borehole``, old 0, new 1. `row` is the position in a
    repeat, "2" or "2/1". `place` is where it stands, for messages. Of a reviewed workbook `round` is
    the one for which it was written, and `knew` whether what had been decided before stood beside it.
    """

    interview: str
    question: str
    old: str
    new: str
    action: Action
    why: str
    who: str
    when: str
    place: Place
    row: str = ""
    round: str = ""
    knew: bool = False

    @property
    def where(self) -> str:
        """The place, the interview and the question, for a message."""
        parts = [str(self.place), f"interview {self.interview!r}"]
        if self.question:
            parts.append(f"question {self.question!r}")
        return ", ".join(parts)
