"""The entries of a log that are about questions of a form: verified, applied, and what follows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from survey_kit.cleaning.correction import Action, Correction
from survey_kit.cleaning.correction_log import Effect, Match
from survey_kit.cleaning.correction_state import state_of
from survey_kit.cleaning.correction_targets import Column, Target, find_columns, find_targets
from survey_kit.cleaning.corrections import Decisions, aim_of, decide
from survey_kit.cleaning.log_format import plain_header
from survey_kit.cleaning.raw_file import RawFile
from survey_kit.cleaning.weighing import KEPT_WITH_NEW, Aim, Kind, Verdict
from survey_kit.errors import Fault
from survey_kit.responses.model import Responses

OWN_ROW = re.compile(r"[0-9]+(?:/[0-9]+)*")
BY_MATCH: Mapping[str, Kind] = MappingProxyType(
    {
        Match.EQUAL.value: Kind.APPLIED,
        Match.EQUIVALENT.value: Kind.NORMALISED,
        Match.NOT_STATED.value: Kind.NOT_STATED,
        Match.ALREADY.value: Kind.ALREADY,
    }
)
DIFFERS = "the answer is no longer the one that was looked at"
IS_GONE = "the interview is removed"


@dataclass(frozen=True)
class Weighed:
    """Entries with their verdicts and aims, one of each for every entry."""

    entries: tuple[Correction, ...]
    verdicts: tuple[Verdict, ...]
    aims: tuple[Aim | None, ...]


def weigh_on_form(responses: Responses, entries: Sequence[Correction]) -> Weighed:
    """Every entry held against the answers, in the order of the log."""
    faults: list[Fault] = []
    targets = find_targets(responses, entries, faults)
    aimed = {id(target.correction) for target in targets}
    decisions = decide(responses, targets)
    by_target = iter(range(len(targets)))
    without = iter(faults)
    verdicts: list[Verdict] = []
    aims: list[Aim | None] = []
    for entry in entries:
        if id(entry) in aimed:
            at = next(by_target)
            verdicts.append(_verdict(targets[at], decisions, at))
            aims.append(aim_of(targets[at], decisions.state))
        else:
            verdicts.append(_without_target(responses, entry, next(without)))
            aims.append(None)
    return Weighed(tuple(entries), tuple(verdicts), tuple(aims))


def _verdict(target: Target, decisions: Decisions, at: int) -> Verdict:
    entry, row, faults = target.correction, decisions.rows[at], decisions.faults[at]
    if faults:
        return _refused(entry, row, faults)
    match entry.action:
        case Action.REMOVE:
            again = row["effect"] == Effect.NOTHING.value
            return Verdict(entry, Kind.DUPLICATE if again else Kind.REMOVED)
        case Action.KEEP:
            differs = row.get("match") == Match.DIFFERS.value
            return Verdict(entry, Kind.NO_ACTION, DIFFERS if differs else "")
        case _:
            pass
    if target.interview in decisions.gone:
        return Verdict(entry, Kind.GONE, IS_GONE)
    if row["effect"] == Effect.NOTHING.value:
        return Verdict(entry, Kind.ALREADY)
    return Verdict(entry, BY_MATCH[row["match"]])


def _refused(entry: Correction, row: Mapping[str, str], faults: Sequence[Fault]) -> Verdict:
    if entry.action is Action.KEEP:
        return Verdict(entry, Kind.CONTRADICTING, *KEPT_WITH_NEW)
    old = row.get("match") == Match.CONFLICT.value
    kind = Kind.CONFLICT if old else Kind.NOT_TAKEN
    fault = next((f for f in faults if "old value" in f.what), faults[0]) if old else faults[0]
    return Verdict(entry, kind, fault.what, fault.remedy)


def _without_target(responses: Responses, entry: Correction, fault: Fault) -> Verdict:
    if entry.action is Action.KEEP:
        return Verdict(entry, Kind.NO_ACTION, fault.what)
    if entry.interview not in responses.frame.index:
        return Verdict(entry, Kind.UNKNOWN_INTERVIEW, fault.what, fault.remedy)
    kind = Kind.UNKNOWN_QUESTION if "no question called" in fault.what else Kind.NOT_TAKEN
    return Verdict(entry, kind, fault.what, fault.remedy)


def with_places(
    raw: RawFile, entries: Sequence[Correction], columns: Mapping[str, Column]
) -> tuple[Correction, ...]:
    """Entries whose row of a repeat is told by its number in the file, as utilityR does it.

    ``loop1_12`` is the row of that ``loop_index``, or of the `_index` 12, in the table of the
    repeat in which the question stands.
    """
    tables: dict[str, Mapping[str, str]] = {}
    placed: list[Correction] = []
    for entry in entries:
        column = columns.get(entry.question)
        if not entry.row or OWN_ROW.fullmatch(entry.row) or column is None:
            placed.append(entry)
            continue
        if column.repeat is None:
            placed.append(replace(entry, row=""))
            continue
        if column.repeat not in tables:
            tables[column.repeat] = _places_by_number(raw, column.repeat)
        known = tables[column.repeat]
        number = re.search(r"[0-9]+$", entry.row)
        at = (
            known.get(f"{entry.interview}\n{entry.row}")
            or known.get(f"{entry.interview}\n{number[0]}" if number else "")
            or entry.row
        )
        placed.append(replace(entry, row=at))
    return tuple(placed)


def _places_by_number(raw: RawFile, repeat: str) -> Mapping[str, str]:
    """Interview and loop_index or _index -> place in the repeat."""
    found: dict[str, str] = {}
    for sheet in raw.sheets:
        if sheet.repeat != repeat:
            continue
        plain = [plain_header(name) for name in sheet.header]
        for name in ("index", "loop_index"):
            if name not in plain:
                continue
            texts = sheet.cells[plain.index(name)]
            pairs = zip(texts, sheet.interview, sheet.place, strict=True)
            found |= {f"{who}\n{text}": str(place) for text, who, place in pairs if who}
    return found


def cells_that_hold(
    responses: Responses, entry: Correction, columns: Mapping[str, Column]
) -> list[str]:
    """The interviews in which a question holds the old value of a rule; all where it states none."""
    column = columns.get(entry.question)
    if column is None or column.repeat is not None or column.key not in responses.frame.columns:
        return []
    everybody = [replace(entry, interview=str(each), row="") for each in responses.frame.index]
    faults: list[Fault] = []
    targets = find_targets(responses, everybody, faults)
    state = state_of(responses, targets)
    equal = (Match.EQUAL, Match.EQUIVALENT)
    return [
        target.correction.interview
        for target in targets
        if not entry.old or state.compare(target, entry.old) in equal
    ]


def columns_of(responses: Responses, entries: Sequence[Correction]) -> dict[str, Column]:
    """The question that each entry names."""
    return find_columns(responses, {entry.question for entry in entries if entry.question})
