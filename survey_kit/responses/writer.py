"""Writing answers for other programs: one file in `writers/` for each format.

A writer leaves nothing out by itself: whoever calls it hands over what may be seen. What
a format cannot hold is said in the notes it returns.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from survey_kit.collect import collect
from survey_kit.responses.model import Responses


@dataclass(frozen=True)
class Writer:
    """One format: its name, the suffix of its files, and how they are written.

    `write` takes the responses, the path, and the language of the labels; it writes the
    interviews to the path and each repeat beside it, and returns what had to be shortened
    or could not be kept, one sentence each.
    """

    name: str
    suffix: str
    write: Callable[[Responses, Path, str], tuple[str, ...]]


def writers() -> dict[str, Writer]:
    """Every writer by its name."""
    return collect("survey_kit.responses.writers", Writer)


def path_of_repeat(path: Path, repeat: str) -> Path:
    """Where the rows of a repeat go: beside the interviews, with the name of the repeat.

    >>> path_of_repeat(Path("responses.sav"), "journey").name
    'responses.journey.sav'
    """
    return path.with_name(f"{path.stem}.{repeat}{path.suffix}")
