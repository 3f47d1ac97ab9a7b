"""A variable: one thing that can stand in the rows or in the banner of a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType

from survey_kit.questionnaire.model import Privacy


class Kind(Enum):
    """How a variable is tabulated."""

    ONE = "the share of each code"
    MANY = "the share of people who chose each code"
    NUMBER = "the mean"


@dataclass(frozen=True)
class Variable:
    """One thing that can stand in the rows or the banner of a table.

    label, question_text
        The short name in tables, and the question as it was read out.
    base_text
        Who was asked, in words.
    codes, labels
        The codes in the order of the questionnaire, and their labels; empty for numbers.
    columns
        Its columns in the frame of the analysis: one, or one a code.
    left
        How many people who were asked are not in the base, by why: "refused", "did not
        know", "gave no answer", "answer not in the list", "not in this version".
    """

    name: str
    kind: Kind
    label: str
    question_text: str
    base_text: str
    codes: tuple[str, ...]
    labels: Mapping[str, str]
    columns: tuple[str, ...]
    privacy: Privacy
    left: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
