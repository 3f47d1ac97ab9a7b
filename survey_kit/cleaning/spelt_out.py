"""The entries of a log, one interview each: rules for a whole column spelt out, twins told apart.

A line that changes a column for everybody is a rule, and a dangerous one: it is followed only
where a person has said that it is meant.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from survey_kit.cleaning.correction import Action, Correction
from survey_kit.cleaning.correction_targets import Column
from survey_kit.cleaning.log_on_form import cells_that_hold
from survey_kit.cleaning.raw_file import RawFile
from survey_kit.cleaning.same_value import same
from survey_kit.cleaning.weighing import Kind, Verdict
from survey_kit.cleaning.whose_entry import EVERYBODY
from survey_kit.responses.model import Responses

CHANGES = frozenset({Action.CHANGE, Action.BLANK})


def is_rule(entry: Correction) -> bool:
    """Whether an entry is about everybody."""
    return entry.interview.casefold() in EVERYBODY


def spelt_out(
    raw: RawFile,
    responses: Responses | None,
    entries: Sequence[Correction],
    columns: Mapping[str, Column],
    *,
    column_rules: bool,
) -> tuple[tuple[Correction, ...], tuple[Verdict, ...]]:
    """One entry for each interview, and the verdicts on those that cannot be given to any."""
    twins = {each.rpartition("#")[0] for each in raw.interviews if "#" in each}
    found: list[Correction] = []
    refused: list[Verdict] = []
    for entry in entries:
        if is_rule(entry):
            if not column_rules or entry.action is Action.REMOVE:
                refused.append(_not_meant(entry))
            else:
                found += [
                    replace(entry, interview=each)
                    for each in _holding(raw, responses, entry, columns)
                ]
            continue
        column = columns.get(entry.question)
        if column is not None and _stands_nowhere(raw, column) and entry.action in CHANGES:
            refused.append(_side_by_side(entry, str(column.repeat)))
            continue
        first = entry.interview.removesuffix("#1")
        if entry.interview in twins and entry.action is not Action.KEEP:
            refused.append(_which(entry))
        else:
            found.append(replace(entry, interview=first if first in twins else entry.interview))
    return tuple(found), tuple(refused)


def _stands_nowhere(raw: RawFile, column: Column) -> bool:
    """Whether a question stands in a repeat whose rows have no table of their own in the file."""
    return bool(raw.sheets) and all(sheet.repeat != column.repeat for sheet in raw.sheets)


def _side_by_side(entry: Correction, repeat: str) -> Verdict:
    return Verdict(
        entry,
        Kind.NOT_TAKEN,
        f"the rows of the repeat {repeat!r} have no table of their own in this file",
        "Clean an export that has a sheet or file for each repeat",
    )


def _not_meant(entry: Correction) -> Verdict:
    return Verdict(
        entry,
        Kind.CONFLICT,
        "this line is about every interview",
        "Write a line for each, or say with --column-rules that it is meant",
    )


def _which(entry: Correction) -> Verdict:
    return Verdict(
        entry,
        Kind.CONFLICT,
        "several interviews have this id",
        f"Write {entry.interview}#1 for the first of them, {entry.interview}#2 for the second",
    )


def _holding(
    raw: RawFile,
    responses: Responses | None,
    entry: Correction,
    columns: Mapping[str, Column],
) -> list[str]:
    """The interviews that hold the old value of a rule; all of them where it states none."""
    if responses is not None and entry.question in columns:
        return cells_that_hold(responses, entry, columns)
    column = raw.top.column_called(entry.question)
    if column is None:
        return list(raw.interviews)[:1]
    return [
        interview
        for (interview, _), row in raw.top.rows.items()
        if not entry.old or same(entry.old, raw.top.text(row, column))
    ]
