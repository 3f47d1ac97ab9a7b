"""Corrections, verified and applied: clean == replay(raw, log).

Nothing is applied unless everything can be: each old value is held against the data
first, and every conflict is reported at once, by file row, interview and question, never
by answer. Then the form is replayed, and answers to questions that it no longer asks are
blanked too, each with a row of its own in the log. Nothing else changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from survey_kit.cleaning.cascade import cascade
from survey_kit.cleaning.correction import Action, Correction
from survey_kit.cleaning.correction_log import Effect, Match, seal, sealed, verify_log
from survey_kit.cleaning.correction_state import State, state_of, written
from survey_kit.cleaning.correction_targets import Target, find_targets
from survey_kit.cleaning.corrections_file import read_corrections
from survey_kit.cleaning.log_dates import is_serial
from survey_kit.cleaning.recode_other import spelt_as_changes
from survey_kit.cleaning.weighing import KEPT_WITH_NEW, Aim, Kind, among_themselves
from survey_kit.cleaning.whose_entry import of_other_data, with_known_ids
from survey_kit.errors import CorrectionError, Fault
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.model import Responses

__all__ = [
    "Action",
    "Corrected",
    "Correction",
    "apply_corrections",
    "read_corrections",
    "verify_log",
]

SHOWN = 12
"""A list with at most so many codes is spelt out in a message."""


BREAKS = "the form's own constraint does not hold with it"


@dataclass(frozen=True, eq=False)
class Corrected:
    """Responses after their corrections.

    log
        One row for each correction in the order of the file, then one for each answer that
        was blanked because of them; columns `LOG`, sealed by `correction_log`.
    removed
        The interviews that went, in the order of the data: read = kept + removed.
    seal
        The last hash of the log. Whoever writes it down can prove the log later.
    """

    responses: Responses
    log: pd.DataFrame
    removed: tuple[str, ...]
    seal: str


@dataclass(frozen=True, eq=False)
class Decisions:
    """What every correction comes to, before any is applied; one element for each target.

    state
        The cells as they would be afterwards.
    rows
        The rows of the log.
    faults
        What keeps each from being applied.
    gone
        Positions of the interviews that are removed.
    """

    state: State
    rows: list[dict[str, str]]
    faults: list[tuple[Fault, ...]]
    gone: set[int]


def apply_corrections(
    responses: Responses, corrections: Sequence[Correction], *, source: str
) -> Corrected:
    """Verify every correction, apply all of them, and log what each one did.

    An old value may be equal, equal after normalising (``2.0`` and ``2``, ``TRUE`` and
    ``1`` of a single choice, letters of either case, the form of a date, the order of
    several codes), or not stated; or the cell already holds the new value. Anything else
    is a conflict. A line that keeps an answer conflicts with nothing, and one that keeps what
    is not there is left out.

    Parameters
    ----------
    corrections
        In the order in which they are to be applied: a later one sees what an earlier
        one left. An interview that any of them removes is removed at the end.
    source
        What they are applied to: the name or the hash of the raw data. The log is sealed
        to it.

    Raises
    ------
    CorrectionError
        With every conflict, unknown interview, unknown question, new value that its question
        does not take, and two entries that contradict each other. Nothing has been applied then.
    """
    faults: list[Fault] = []
    known = with_known_ids(corrections, responses.frame.index)
    if strange := of_other_data(known, set(responses.frame.index)):
        raise CorrectionError.from_faults(strange)
    spelt = spelt_as_changes(responses.questionnaire, known, faults)
    targets = find_targets(responses, spelt, missing := list[Fault]())
    aimed = {id(target.correction) for target in targets}
    without = (entry for entry in spelt if id(entry) not in aimed)
    faults += [f for e, f in zip(without, missing, strict=True) if e.action is not Action.KEEP]
    decisions = decide(responses, targets)
    faults += [fault for each in decisions.faults for fault in each]
    faults += _contradictions(targets, decisions)
    if faults:
        raise CorrectionError.from_faults(faults)
    return _applied(responses, targets, decisions, source=source)


def decide(responses: Responses, targets: Sequence[Target]) -> Decisions:
    """Every correction that has a target, verified in turn; nothing is applied yet."""
    gone = {t.interview for t in targets if t.correction.action is Action.REMOVE}
    state = state_of(responses, targets)
    removed_already: set[int] = set()
    rows: list[dict[str, str]] = []
    faults: list[tuple[Fault, ...]] = []
    changed_by: dict[tuple[str, int], Target] = {}
    for target in targets:
        found: list[Fault] = []
        if target.correction.action is Action.REMOVE:
            rows.append(_removal(target, again=target.interview in removed_already))
            removed_already.add(target.interview)
        elif target.column is None:
            rows.append(_row(target, Effect.NOTHING))
        else:
            rows.append(_decide(target, state, found, removed=target.interview in gone))
            cell = (target.column.key, target.position)
            if rows[-1]["match"] == Match.CONFLICT.value and cell in changed_by:
                found[-1] = _changed_before(target, changed_by[cell])
            if rows[-1]["effect"] == Effect.CHANGED.value:
                changed_by[cell] = target
        faults.append(tuple(found))
    return Decisions(state, rows, faults, gone)


def _contradictions(targets: Sequence[Target], decisions: Decisions) -> list[Fault]:
    """The entries that want different things of one cell, where nothing else stands against them."""
    entries = [target.correction for target in targets]
    aims = [
        None if faults else aim_of(target, decisions.state)
        for target, faults in zip(targets, decisions.faults, strict=True)
    ]
    return [
        verdict.fault
        for _, verdict in sorted(among_themselves(entries, aims).items())
        if verdict.kind is Kind.CONTRADICTING
    ]


def aim_of(target: Target, state: State) -> Aim:
    """What an entry means, as the form would spell it."""
    entry, column = target.correction, target.column
    if entry.action is Action.REMOVE:
        return Aim(("interview", str(target.interview)), "removed")
    if column is None:
        return Aim()
    cell = ("cell", column.key, column.choice, str(target.position))
    seen = (state.reading(target, entry.old) or "") if entry.old else ""
    if entry.action is Action.KEEP:
        return Aim(cell, seen=seen)
    if entry.action is Action.BLANK:
        return Aim(cell, "", seen)
    reading = state.reading(target, entry.new) if entry.new else ""
    return Aim(cell, entry.new if reading is None else reading, seen)


def _applied(
    responses: Responses, targets: Sequence[Target], decisions: Decisions, *, source: str
) -> Corrected:
    state, rows, gone = decisions.state, decisions.rows, decisions.gone
    kept = np.ones(len(responses), dtype=np.bool_)
    kept[list(gone)] = False
    cells = {
        (target.column.key, target.position): target
        for target in targets
        if target.column is not None and target.interview not in gone
    }
    changed = {cell: t for cell, t in cells.items() if state.now[cell] != state.first[cell]}
    corrected = written(responses, state, changed)
    if changed:
        followed = cascade(responses, corrected, list(changed.values()))
        corrected, rows = followed.responses, [*rows, *followed.rows]
        for row in rows:
            place = (row["interview"], row["row"], row["question"])
            if row["action"] == Action.CHANGE.value and place in followed.unasked:
                row["note"] = "the form does not ask this"
        _remark_constraints(corrected, rows, list(changed.values()))
    log = sealed(rows, source)
    removed = tuple(str(interview) for interview in responses.frame.index[~kept])
    return Corrected(
        responses=corrected.only(kept) if removed else corrected,
        log=log,
        removed=removed,
        seal=str(log["hash"].iloc[-1]) if len(log) else seal(source),
    )


def _remark_constraints(
    corrected: Responses, rows: list[dict[str, str]], changed: Sequence[Target]
) -> None:
    """Say of a new value that the form's own constraint does not hold with it.

    It is applied all the same: whoever corrects may know better than the form.
    """
    judged = {t.column.item.key for t in changed if t.column and t.column.item.question.constraint}
    if not judged:
        return
    from survey_kit.cleaning.checks.constraint_violated import CONSTRAINT_VIOLATED

    if not CONSTRAINT_VIOLATED.reach(corrected, CONSTRAINT_VIOLATED.settings).runs:
        return
    found = CONSTRAINT_VIOLATED.find(corrected, CONSTRAINT_VIOLATED.settings)
    broken = set(found[["interview", "row", "question"]].itertuples(index=False, name=None))
    for row in rows:
        place = (row["interview"], row["row"], row["question"])
        by_hand = row["action"] == Action.CHANGE.value and row["effect"] == Effect.CHANGED.value
        if by_hand and row["question"] in judged and place in broken:
            row["note"] = "; ".join(part for part in (row.get("note", ""), BREAKS) if part)


def _row(target: Target, effect: Effect, **more: str) -> dict[str, str]:
    correction = target.correction
    return {
        "interview": correction.interview,
        "row": correction.row,
        "question": target.column.key if target.column else correction.question,
        "choice": target.column.choice if target.column else "",
        "old_stated": correction.old,
        "new": correction.new,
        "action": correction.action.value,
        "why": correction.why,
        "who": correction.who,
        "when": correction.when,
        "place": str(correction.place),
        "effect": effect.value,
    } | more


def _removal(target: Target, *, again: bool) -> dict[str, str]:
    if again:
        return _row(target, Effect.NOTHING, match=Match.ALREADY.value)
    return _row(target, Effect.REMOVED)


def _decide(target: Target, state: State, faults: list[Fault], *, removed: bool) -> dict[str, str]:
    """One correction against the state: verified, written into it, and its row of the log."""
    correction = target.correction
    found = state.present(target)
    new = _new_value(target, state, faults)
    match = state.compare(target, correction.old)
    if match is Match.CONFLICT:
        match = _conflict(target, state, new, faults)
    changes = correction.action is not Action.KEEP and new is not None and state.write(target, new)
    effect = Effect.CHANGED if changes and not removed else Effect.NOTHING
    note = "the interview is removed" if removed and changes else ""
    new = state.present(target) if changes else correction.new
    return _row(target, effect, old_found=found, new=new, match=match.value, note=note)


def _conflict(target: Target, state: State, new: str | None, faults: list[Fault]) -> Match:
    """What to make of an old value that is not what the data hold."""
    if target.correction.action is Action.KEEP:
        return Match.DIFFERS
    if new is not None and state.compare(target, new) in (Match.EQUAL, Match.EQUIVALENT):
        return Match.ALREADY
    faults.append(
        Fault(
            target.correction.where,
            "the old value stated is not the one in the data",
            "Look at the interview again, and write its present value as the old one",
        )
    )
    return Match.CONFLICT


def _changed_before(target: Target, earlier: Target) -> Fault:
    """A conflict with an entry of the logs and not with the data: two reviewers differ."""
    return Fault(
        target.correction.where,
        f"the old value stated is not the one that {earlier.correction.place} leaves there",
        "Let the reviewers agree, and keep one of the two entries",
    )


def _new_value(target: Target, state: State, faults: list[Fault]) -> str | None:
    """The new value as the form spells it, "" for none; None where there is a fault."""
    correction = target.correction
    where = correction.where
    match correction.action:
        case Action.KEEP | Action.REMOVE:
            if correction.new and state.reading(target, correction.new) != state.present(target):
                faults.append(Fault(where, *KEPT_WITH_NEW))
            return None
        case Action.BLANK:
            if correction.new:
                faults.append(
                    Fault(
                        where,
                        "an answer that is blanked has a new value",
                        "Write change, or no new value",
                    )
                )
            return ""
        case Action.CHANGE | Action.RECODE:
            return _changed_value(target, state, faults)


def _serial_fault(correction: Correction) -> list[Fault]:
    """A number as a new day is followed only where the old value is such a number too, and verified."""
    if is_serial(correction.old):
        return []
    what = "the new value is a number, and the question takes a day"
    return [Fault(correction.where, what, "Write the day as 2026-11-21")]


def _changed_value(target: Target, state: State, faults: list[Fault]) -> str | None:
    correction, column = target.correction, target.column
    if column is None:
        raise TypeError(correction.where)
    if not correction.new:
        faults.append(
            Fault(correction.where, "there is no new value", "Write one, or the action blank")
        )
        return None
    reading = state.reading(target, correction.new)
    takes = "0 or 1" if column.choice else column.item.question.type.storage.value
    if reading is None:
        faults.append(
            Fault(
                correction.where,
                f"the new value cannot be read: the question takes {takes}",
                "Write it as the form would",
            )
        )
        return None
    storage = column.item.question.type.storage
    if storage in {Storage.DATE, Storage.DATETIME} and is_serial(correction.new):
        faults += _serial_fault(correction)
    codes = state.codes[column.key]
    # Some forms have codes with a space in them; of several choices a space parts two.
    chosen = reading.split() if storage is Storage.CODES else [reading]
    if codes and not column.choice and not codes.issuperset(chosen):
        listed = f"Write one of: {', '.join(sorted(codes))}" if len(codes) <= SHOWN else ""
        faults.append(
            Fault(
                correction.where,
                "the new value is not in the list of the question",
                listed or f"Write codes of the list {column.item.question.choices!r}",
            )
        )
        return None
    return reading
