"""Every entry of a log, held against the data before anything is done: what becomes of it.

An entry that cannot be applied as it stands is a conflict, and one conflict stops all: half a log
is no log. So each entry gets one of a few kinds, the reason, and what to do about it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from survey_kit.cleaning.correction import Action, Correction
from survey_kit.cleaning.log_dates import is_earlier
from survey_kit.errors import Fault


class Kind(Enum):
    """What becomes of an entry."""

    APPLIED = "applied"
    NORMALISED = "equal after normalising"
    NOT_STATED = "old value empty in the log"
    NO_ACTION = "no action"
    ALREADY = "already so"
    REMOVED = "interview removed"
    GONE = "of an interview that is removed"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    CONTRADICTING = "contradicting entries"
    UNKNOWN_QUESTION = "unknown question"
    UNKNOWN_INTERVIEW = "unknown interview"
    NOT_TAKEN = "cannot be applied"


STOPS = frozenset(
    {
        Kind.CONFLICT,
        Kind.CONTRADICTING,
        Kind.UNKNOWN_QUESTION,
        Kind.UNKNOWN_INTERVIEW,
        Kind.NOT_TAKEN,
    }
)
"""Nothing is written while an entry is one of these. One that keeps an answer which is not there
changes nothing, and is none of them."""
KEPT_WITH_NEW = (
    "it says no action, and a new value stands beside it",
    "Write change, or take the new value out",
)


@dataclass(frozen=True)
class Verdict:
    """One entry and what becomes of it.

    what, remedy
        Why it cannot be applied, and what to do; of others a remark, or nothing.
    """

    entry: Correction
    kind: Kind
    what: str = ""
    remedy: str = ""

    @property
    def stops(self) -> bool:
        """Whether it keeps the log from being applied."""
        return self.kind in STOPS

    @property
    def fault(self) -> Fault:
        """The same, as a fault."""
        return Fault(self.entry.where, self.what or self.kind.value, self.remedy)


@dataclass(frozen=True)
class Aim:
    """What an entry means: a cell (or an interview) by any unique name, and what it comes to.

    cell
        Unique; empty where the entry is about no cell.
    outcome
        The new text, "" for none; None where the entry changes nothing.
    seen
        The old value as the data would spell it; empty where the entry states none.
    """

    cell: tuple[str, ...] = ()
    outcome: str | None = None
    seen: str = ""


def among_themselves(
    entries: Sequence[Correction], aims: Sequence[Aim | None]
) -> dict[int, Verdict]:
    """The entries that say again what another said, and those that contradict each other.

    Of several that say the same the first stands. Two that change one cell to different
    values contradict each other, unless the later one states as the old value what the earlier
    one left. So do one that changes an answer and one that keeps it, unless the one that keeps
    it states as the old value what the change leaves, or is from a day before the change.

    Parameters
    ----------
    aims
        Of each entry, None where it has none.

    Returns
    -------
    dict
        Number of the entry, from 0, -> verdict.
    """
    by_cell: dict[tuple[str, ...], list[int]] = {}
    for number, aim in enumerate(aims):
        if aim is not None and aim.cell:
            by_cell.setdefault(aim.cell, []).append(number)
    found: dict[int, Verdict] = {}
    for numbers in by_cell.values():
        if len(numbers) > 1:
            found |= _of_one_cell(numbers, entries, aims)
    return found


def _of_one_cell(
    numbers: Sequence[int], entries: Sequence[Correction], aims: Sequence[Aim | None]
) -> dict[int, Verdict]:
    found: dict[int, Verdict] = {}
    standing: dict[tuple[Action, str | None], int] = {}
    last: int | None = None
    for number in numbers:
        entry, aim = entries[number], aims[number]
        outcome = aim.outcome if aim else None
        said = (entry.action, outcome)
        if said in standing and (last is None or outcome is None or standing[said] == last):
            found[number] = _again(entry, entries[standing[said]])
            continue
        if outcome is not None and last is not None:
            before = aims[last]
            left = before.outcome if before else None
            if not _follows(entry, aim, left):
                found[number] = _against(entry, entries[last])
                found[last] = _against(entries[last], entry)
        standing.setdefault(said, number)
        last = number if outcome is not None else last
    return found | _kept_and_changed(numbers, entries, aims, found)


def _follows(entry: Correction, aim: Aim | None, left: str | None) -> bool:
    """Whether an entry states as the old value what the one before it left."""
    if not entry.old or left is None:
        return False
    stated = {entry.old.casefold(), (aim.seen if aim else "").casefold()}
    return left.casefold() in stated


def _kept_and_changed(
    numbers: Sequence[int],
    entries: Sequence[Correction],
    aims: Sequence[Aim | None],
    found: Mapping[int, Verdict],
) -> dict[int, Verdict]:
    """Those that keep what another changes; of those that only say so again nothing is said."""
    changes = [n for n in numbers if (aim := aims[n]) is not None and aim.outcome is not None]
    keeps = [n for n in numbers if entries[n].action is Action.KEEP and entries[n].question]
    verdicts: dict[int, Verdict] = {}
    for kept in keeps:
        other = next((n for n in changes if not _agree(kept, n, entries, aims)), None)
        if other is not None:
            verdicts[kept] = _against(entries[kept], entries[other])
            verdicts.setdefault(other, found.get(other, _against(entries[other], entries[kept])))
    return verdicts


def _agree(
    kept: int, change: int, entries: Sequence[Correction], aims: Sequence[Aim | None]
) -> bool:
    """Whether the one that keeps an answer saw what the change leaves, or was written before it."""
    left = aims[change]
    outcome = left.outcome if left is not None else None
    if _follows(entries[kept], aims[kept], outcome):
        return True
    return is_earlier(entries[kept].when, entries[change].when)


def _again(entry: Correction, first: Correction) -> Verdict:
    return Verdict(entry, Kind.DUPLICATE, f"{first.place} says the same")


def _against(entry: Correction, other: Correction) -> Verdict:
    return Verdict(
        entry,
        Kind.CONTRADICTING,
        f"it contradicts {other.place}",
        "Decide which of the two is right, and take the other out",
    )
