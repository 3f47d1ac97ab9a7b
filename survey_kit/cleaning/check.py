"""A check: a function from responses to findings.

A finding is a row, never an exception, and says "to review", never "fabricated":
interviews can be odd for good reasons, and enumerators are often refugees themselves.
A check that cannot run on a form says so too: silence would look like a clean bill.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

import pandas as pd

from survey_kit.responses.model import Responses

COLUMNS = ("check", "interview", "row", "question", "answer", "what", "suggestion")
"""Columns of every table of findings. `row` is the position in a repeat, "" outside one."""

Setting: TypeAlias = float | int | str | bool | tuple[str, ...] | Path
"""One setting. A default of `NO_FILE` asks for a file, named from the folder of the study."""

NO_FILE = Path()
"""No file is stated."""

Settings: TypeAlias = Mapping[str, Setting]


@dataclass(frozen=True)
class Reach:
    """How far a check gets with these responses: whether it runs, and on what, or why not."""

    runs: bool = True
    note: str = ""


def _everywhere(responses: Responses, settings: Settings) -> Reach:
    del responses, settings
    return Reach()


@dataclass(frozen=True)
class Check:
    """One check: its name, what it looks for and how, and its settings with their defaults.

    `find` returns a frame with the columns `COLUMNS`; it may leave out "check". It is
    called only where `reach` says that the check runs. Answers are masked by `run_checks`,
    not here; but no `what` and no `suggestion` may quote an answer in free text.
    """

    name: str
    title: str
    why: str
    find: Callable[[Responses, Settings], pd.DataFrame]
    settings: Settings = field(default_factory=lambda: MappingProxyType({}))
    reach: Callable[[Responses, Settings], Reach] = _everywhere


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


def together(tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Several tables of findings as one; none at all is an empty table."""
    filled = [table for table in tables if len(table)]
    if not filled:
        return as_findings(())
    return pd.concat(filled, ignore_index=True)


def number(settings: Settings, name: str) -> float:
    """A setting that is a number."""
    value = settings[name]
    if isinstance(value, (int, float)):
        return float(value)
    raise TypeError(name)


def text(settings: Settings, name: str) -> str:
    """A setting that is a text."""
    value = settings[name]
    if isinstance(value, str):
        return value
    raise TypeError(name)


def texts(settings: Settings, name: str) -> tuple[str, ...]:
    """A setting that is a list of texts."""
    value = settings[name]
    if isinstance(value, tuple):
        return value
    raise TypeError(name)


def file(settings: Settings, name: str) -> Path | None:
    """A setting that is a file; None where none is stated."""
    value = settings[name]
    if isinstance(value, Path):
        return None if value == NO_FILE else value
    raise TypeError(name)
