"""Interviews whose consent was withdrawn, taken out of a cleaned file before any entry is looked at.

Nothing of them may be left but in the raw file: the interview goes with its rows of repeats, and what
the log says of it stands neither in the report nor in the chained log.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from survey_kit.cleaning.correction import Action, Correction
from survey_kit.cleaning.log_reading import LogOptions, read_logs
from survey_kit.cleaning.whose_entry import with_known_ids
from survey_kit.questionnaire.model import Place

WHY = "consent withdrawn"


def withdrawn_in(
    paths: Sequence[Path], *, options: LogOptions | None = None
) -> tuple[Correction, ...]:
    """An entry that takes an interview out for each line of some lists of ids.

    Raises
    ------
    FileProblem
        If a list is missing, damaged, or has no column that names the interview.
    """
    entries = read_logs([], deletions=paths, options=options).entries
    return tuple(_taken_out(each.interview, each.place) for each in entries)


def withdrawn_by_rule(interviews: Iterable[str], where: str) -> tuple[Correction, ...]:
    """The same for interviews in which the rule of a study holds."""
    return tuple(_taken_out(str(each), Place(where)) for each in interviews)


def without_withdrawn(
    entries: Sequence[Correction], withdrawn: Sequence[Correction], known: Iterable[str]
) -> tuple[tuple[Correction, ...], tuple[str, ...]]:
    """The entries of a log without those of withdrawn interviews, which are taken out instead.

    Parameters
    ----------
    known
        The ids of the data.

    Returns
    -------
    entries, notes
        With what is to be said of them, in which no id stands.
    """
    ids = [str(each) for each in known]
    goes = {each.interview: each for each in reversed(with_known_ids(withdrawn, ids))}
    twins = {each.partition("#")[0] for each in ids if "#" in each}
    spelt = with_known_ids(entries, ids)
    kept = [
        entry
        for entry, meant in zip(entries, spelt, strict=True)
        if meant.interview.removesuffix("#1") not in goes
    ]
    left = len(entries) - len(kept)
    also = f"; entries of the log about them, left out: {left}" if left else ""
    notes = (f"interviews whose consent was withdrawn, taken out: {len(goes)}{also}",)
    every = [
        replace(each, interview=f"{each.interview}#1") if each.interview in twins else each
        for each in reversed(goes.values())
    ]
    return (*every, *kept), notes if goes else ()


def _taken_out(interview: str, place: Place) -> Correction:
    return Correction(interview, "", "", "", Action.REMOVE, WHY, "", "", place)
