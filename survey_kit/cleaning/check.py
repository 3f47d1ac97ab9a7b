"""A check: a function from responses to findings.

A finding is a row, never an exception, and says "to review", never "fabricated":
interviews can be odd for good reasons, and enumerators are often refugees themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

import pandas as pd

from survey_kit.responses.model import Responses

COLUMNS = ("check", "interview", "row", "question", "answer", "what", "suggestion")
"""Columns of every table of findings. `row` is the position in a repeat, "" outside one."""

Setting: TypeAlias = float | int | str | bool | tuple[str, ...]
Settings: TypeAlias = Mapping[str, Setting]


@dataclass(frozen=True)
class Check:
    """One check: its name, what it looks for and how, and its settings with their defaults.

    `find` returns a frame with the columns `COLUMNS`; it may leave out "check".
    """

    name: str
    title: str
    why: str
    find: Callable[[Responses, Settings], pd.DataFrame]
    settings: Settings = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Finding:
    """One thing to review. `answer` is what stands there now, as text."""

    interview: str
    question: str
    answer: str
    what: str
    suggestion: str
    row: str = ""


def as_findings(found: Iterable[Finding]) -> pd.DataFrame:
    """Findings as a frame with the columns of `COLUMNS` but "check"."""
    rows = [(f.interview, f.row, f.question, f.answer, f.what, f.suggestion) for f in found]
    return pd.DataFrame(rows, columns=list(COLUMNS[1:]), dtype="str")
