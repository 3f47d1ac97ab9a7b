"""What is known of a translation: whether a speaker has checked it, and of which text it is one.

A text in another language is never simply there. It is a draft until somebody who speaks
the language has checked it, and stale as soon as the text it was made from has changed.
A text of which nothing is known has no `Translation` at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Status(Enum):
    """How far a translation may be trusted."""

    DRAFT = "draft"
    """Written, and not yet checked by a speaker of the language."""
    REVIEWED = "reviewed"
    """Checked by a speaker."""
    STALE = "stale"
    """Made from a text that has changed since: still used, and to be done again."""


@dataclass(frozen=True)
class Translation:
    """The status of one text in one language.

    `source` is the text that a stale one was made from. `by` and `on` say who checked it
    and on which day, as far as anybody wrote it down.
    """

    status: Status
    source: str = ""
    by: str = ""
    on: str = ""
    comment: str = ""
