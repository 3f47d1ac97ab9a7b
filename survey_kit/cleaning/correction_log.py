"""The log of what was done to the answers: one row a decision, each sealed to the one before.

The hash of a row is the SHA-256 of the row's canonical JSON, in which the hash of the row
before it stands as "previous"; the first row's "previous" is the hash of the name of what
the corrections were applied to. So no row can be changed, left out or moved without every
later hash going wrong, and the last hash, written down elsewhere, vouches for the log.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from enum import Enum
from hashlib import sha256

import pandas as pd

LOG = (
    "number",
    "interview",
    "row",
    "question",
    "choice",
    "old_found",
    "old_stated",
    "new",
    "action",
    "match",
    "why",
    "who",
    "when",
    "effect",
    "note",
    "place",
    "previous",
    "hash",
)
"""Columns of the log, all text. `choice` is set where one choice of several was corrected."""

CASCADE = "cascade"
"""The action of a row that follows from corrections: an answer that is no longer asked for."""

RECALCULATED = "recalculated"
"""The action of a row that follows from corrections: a calculation with another result."""


class Match(Enum):
    """How the old value of a correction compares with what stood in the data."""

    EQUAL = "equal"
    EQUIVALENT = "equal after normalising"
    NOT_STATED = "not stated"
    ALREADY = "already as corrected"
    DIFFERS = "differs"
    """Only of an answer that is kept: it is no longer the one that was reviewed."""
    CONFLICT = "conflict"
    """Never in a log: a conflict stops everything."""


class Effect(Enum):
    """What a row of the log did to the data."""

    CHANGED = "changed"
    REMOVED = "interview removed"
    NOTHING = "nothing changed"


def seal(source: str) -> str:
    """The hash that stands before the first row: that of what the log belongs to."""
    return sha256(source.encode()).hexdigest()


def sealed(rows: Iterable[Mapping[str, str]], source: str) -> pd.DataFrame:
    """Rows as a log: numbered from 1 and chained.

    Parameters
    ----------
    rows
        Without "number", "previous" and "hash"; columns that are missing are empty.
    source
        What the corrections were applied to: the name or the hash of the raw data.

    Returns
    -------
    (r, 18)
        Text, with the columns `LOG`.
    """
    previous = seal(source)
    chained: list[dict[str, str]] = []
    for number, row in enumerate(rows, start=1):
        line = {column: row.get(column, "") for column in LOG}
        line["number"], line["previous"] = str(number), previous
        previous = line["hash"] = _hash(line)
        chained.append(line)
    return pd.DataFrame(chained, columns=list(LOG), dtype="str")


def verify_log(log: pd.DataFrame, *, source: str | None = None) -> int | None:
    """The position, from 1, of the first row that is not as it was sealed; None if all are.

    Parameters
    ----------
    log
        As `apply_corrections` made it, or as read from a file with every cell as text.
    source
        What the corrections were applied to, to verify the first row against it too.
    """
    previous = seal(source) if source is not None else None
    lines = log.astype("str").fillna("").to_dict("records")
    for position, line in enumerate(lines, start=1):
        row = {str(column): str(value) for column, value in line.items()}
        if previous is not None and row["previous"] != previous:
            return position
        if row["hash"] != _hash(row) or row["number"] != str(position):
            return position
        previous = row["hash"]
    return None


def _hash(row: Mapping[str, str]) -> str:
    said = {column: row[column] for column in LOG if column != "hash"}
    canonical = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(canonical.encode()).hexdigest()
