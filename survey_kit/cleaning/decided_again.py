"""What was decided in one round and decided otherwise in a later one: the later decision stands.

    answer kept, or changed, in one round; a change in a later one, beside "decided before"

Only whoever saw what had been decided can decide against it: the row of the reviewed workbook
has to be of a later round, and has to have said so. Two reviewers of one round, or one who gives a
workbook back late, contradict each other as ever (see `weighing`). Nothing is lost: the earlier entry
stays in the log as one that keeps the answer, with the place of the later one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from survey_kit.cleaning.correction import Action, Correction

CHANGES = frozenset({Action.CHANGE, Action.BLANK, Action.RECODE})


def decided_again(entries: Sequence[Correction], notes: list[str]) -> tuple[Correction, ...]:
    """The entries, those of earlier rounds keeping the answer where a later one changes it knowingly.

    Parameters
    ----------
    entries
        Those of reviewed workbooks among them know their round; it is written as a day, such as
        2026-11-22, so that rounds are in the order of their names.
    notes
        What gave way to what is added here.
    """
    later: dict[tuple[str, str, str], int] = {}
    for number, entry in enumerate(entries):
        cell = _cell(entry)
        if entry.round and entry.knew and entry.action in CHANGES:
            known = later.get(cell)
            if known is None or entries[known].round < entry.round:
                later[cell] = number
    found = list(entries)
    for number, entry in enumerate(entries):
        at = later.get(_cell(entry))
        if at is None or not _gives_way(entry, entries[at]):
            continue
        new = entries[at]
        said = f"decided again: {new.place}"
        why = f"{entry.why}; {said}" if entry.why else said
        found[number] = replace(
            entry, action=Action.KEEP, new="", why=why, when=entry.when or entry.round
        )
        found[at] = replace(new, when=new.when or new.round)
        notes.append(f"{entry.place}: it was decided again in a later round, in {new.place}")
    return tuple(found)


def _cell(entry: Correction) -> tuple[str, str, str]:
    return entry.interview, entry.row, entry.question


def _gives_way(entry: Correction, new: Correction) -> bool:
    """Whether an entry is of an earlier round than one that changes the same answer again.

    One whose new value is what the other states as the old one is a step on the way to it.
    """
    if not entry.round or entry.round >= new.round or entry.action is Action.REMOVE:
        return False
    is_step = entry.action in CHANGES and new.old != entry.old and new.old == entry.new
    return not is_step
