"""What was done to a raw file, and what a cleaned one was found to differ in: as tables and data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from survey_kit.cleaning.clean_file import Cleaned
from survey_kit.cleaning.correction_log import Effect
from survey_kit.cleaning.log_reading import Logs
from survey_kit.cleaning.verify_clean import Difference, Proof, Weight
from survey_kit.responses.exported import ExportTable, text_column
from survey_kit.responses.plain_workbook import write_plain_workbook

Row = tuple[str, ...]
ENTRIES = (
    "place",
    "interview",
    "row",
    "question",
    "action",
    "old",
    "new",
    "class",
    "remark",
    "remedy",
    "why",
    "who",
    "when",
)
CHANGES = ("table", "interview", "row", "column", "old", "new", "by")
DIFFERENCES = (
    "class",
    "weight",
    "interview",
    "row",
    "column",
    "raw",
    "raw with the log",
    "cleaned",
    "how",
    "note",
)
SHOWN = 10
"""So many places of a kind are named on the screen."""


def entry_rows(cleaned: Cleaned) -> list[Row]:
    """Every entry of the logs and what became of it; columns `ENTRIES`."""
    return [
        (
            str(v.entry.place),
            v.entry.interview,
            v.entry.row,
            v.entry.question,
            v.entry.action.value,
            v.entry.old,
            v.entry.new,
            v.kind.value,
            v.what,
            v.remedy,
            v.entry.why,
            v.entry.who,
            v.entry.when,
        )
        for v in cleaned.verdicts
    ]


def change_rows(cleaned: Cleaned) -> list[Row]:
    """Every cell that was changed; columns `CHANGES`."""
    sheets = cleaned.raw.sheets
    if not sheets:
        return _rows_of_log(cleaned)
    rows = [
        (
            sheets[edit.cell.sheet].name,
            edit.interview,
            edit.place,
            edit.column,
            edit.old,
            edit.new,
            "an entry of the log" if edit.entry else "what follows from the log",
        )
        for edit in cleaned.edits
    ]
    for column in cleaned.new_columns:
        sheet = sheets[column.sheet]
        rows += [
            (
                sheet.name,
                str(sheet.interview[row]),
                str(sheet.place[row]),
                column.name,
                "",
                text,
                "an entry of the log, in a new column",
            )
            for row, text in column.texts.items()
        ]
    return rows


def _rows_of_log(cleaned: Cleaned) -> list[Row]:
    """The answers that were changed, where the raw file has no cells of its own."""
    log = cleaned.log[cleaned.log["effect"].eq(Effect.CHANGED.value)]
    names = ["interview", "row", "question", "old_found", "new", "action"]
    return [("", *map(str, row)) for row in log[names].itertuples(index=False)]


def difference_rows(proof: Proof) -> list[Row]:
    """Everything that differs; columns `DIFFERENCES`."""
    return [
        (
            d.found.value,
            d.weight.value,
            d.interview,
            d.place,
            d.column,
            d.raw,
            d.expected,
            d.clean,
            d.how.value if d.how else "",
            d.note,
        )
        for d in proof.differences
    ]


def write_clean_report(cleaned: Cleaned, summary: Sequence[str], path: Path) -> None:
    """A workbook: the summary, every entry, every cell that changed, every interview that went."""
    whys = {
        v.entry.interview: v.entry.why
        for v in reversed(cleaned.verdicts)
        if v.entry.interview in cleaned.removed and v.kind.value == "interview removed"
    }
    removed = [(each, whys.get(each, "")) for each in cleaned.removed]
    tables = [
        ("Summary", _table(("summary",), [(line,) for line in summary])),
        ("Entries", _table(ENTRIES, entry_rows(cleaned))),
        ("Changes", _table(CHANGES, change_rows(cleaned))),
        ("Removed", _table(("interview", "why"), removed)),
    ]
    write_plain_workbook(path, tables, about="what a cleaning log did")


def write_proof(proof: Proof, summary: Sequence[str], path: Path) -> None:
    """A workbook: the summary, and everything that differs."""
    tables = [
        ("Summary", _table(("summary",), [(line,) for line in summary])),
        ("Differences", _table(DIFFERENCES, difference_rows(proof))),
    ]
    write_plain_workbook(path, tables, about="a cleaned file held against its log")


def _table(names: Sequence[str], rows: Sequence[Row]) -> ExportTable:
    columns = zip(*rows, strict=True) if rows else [() for _ in names]
    made = tuple(text_column(n, list(texts)) for n, texts in zip(names, columns, strict=True))
    return ExportTable("", len(rows), made)


def cleaning_summary(cleaned: Cleaned, logs: Logs) -> Iterator[str]:
    """What was done, or why nothing was: no answer stands in it."""
    raw = cleaned.raw
    yield f"{raw.path.name}: {len(raw.interviews)} interviews"
    yield from (str(read) for read in logs.read)
    yield from (f"note: {note}" for note in (*logs.notes, *cleaned.notes))
    yield "entries of the log:"
    yield from _counted({kind.value: count for kind, count in cleaned.counts.items()})
    by_entries, follows = cleaned.changed
    yield f"cells changed: {by_entries} by entries, {follows} that follow from them"
    left = len(raw.interviews) - len(cleaned.removed)
    yield f"interviews removed: {len(cleaned.removed)}, so that {left} are left"
    yield from (f"  {each}" for each in cleaned.removed[:SHOWN])
    if len(cleaned.removed) > SHOWN:
        yield f"  ... and {len(cleaned.removed) - SHOWN} more, in the report"


def proof_summary(proof: Proof, *, places: int = SHOWN) -> Iterator[str]:
    """What was compared and what differs, by kind; no answer stands in it."""
    yield (
        f"compared: {proof.interviews} interviews, {proof.cells:,} cells; "
        f"{proof.removed} interviews removed by the log"
    )
    yield f"as the log says: {proof.changed} cells changed, {proof.followed} that follow from it"
    for weight, title in (
        (Weight.DIFFERENCE, "differences that the log does not explain"),
        (Weight.EXPLAINED, "explained"),
        (Weight.FALSE_ALARM, "false alarms: the same answer, spelt otherwise"),
    ):
        of_weight = proof.of(weight)
        yield f"{title}: {len(of_weight)}"
        by_kind: dict[str, list[Difference]] = {}
        for each in of_weight:
            by_kind.setdefault(each.how.value if each.how else each.found.value, []).append(each)
        for kind, several in by_kind.items():
            yield f"  {len(several):6}  {kind}"
            shown = several[:places] if weight is not Weight.FALSE_ALARM else []
            yield from (f"            {_place(each)}" for each in shown)
            if len(several) > len(shown) > 0:
                yield f"            ... and {len(several) - len(shown)} more"
    yield from (f"note: {note}" for note in proof.notes)
    yield verdict_of(proof)


def verdict_of(proof: Proof) -> str:
    """The proof in one sentence."""
    if proof.exact:
        return "proved: the cleaned file is what the log makes of the raw one"
    if proof.proved:
        return "proved, but for what is explained above: no answer differs without the log"
    count = len(proof.of(Weight.DIFFERENCE))
    return f"not proved: {count} differences that the log does not explain"


def _place(difference: Difference) -> str:
    return difference.where + (f" ({difference.note})" if difference.note else "")


def _counted(counts: Mapping[str, int]) -> Iterator[str]:
    return (f"  {count:6}  {name}" for name, count in counts.items())


def cleaning_data(cleaned: Cleaned, logs: Logs) -> dict[str, object]:
    """Everything about a cleaning, for a program."""
    return {
        "raw": cleaned.raw.path.name,
        "interviews": len(cleaned.raw.interviews),
        "logs": [
            {
                "place": str(read.place),
                "format": read.format,
                "columns": dict(read.columns),
                "not_read": list(read.left),
                "entries": read.entries,
            }
            for read in logs.read
        ],
        "notes": [*logs.notes, *cleaned.notes],
        "counts": {kind.value: count for kind, count in cleaned.counts.items()},
        "of_other_data": [str(fault) for fault in cleaned.of_other_data],
        "stopped": [dict(zip(ENTRIES, r, strict=True)) for r in _stopped_rows(cleaned)],
        "entries": [dict(zip(ENTRIES, row, strict=True)) for row in entry_rows(cleaned)],
        "changes": [dict(zip(CHANGES, row, strict=True)) for row in change_rows(cleaned)],
        "removed": list(cleaned.removed),
        "new_columns": [each.name for each in cleaned.new_columns],
        "seal": cleaned.seal,
    }


def _stopped_rows(cleaned: Cleaned) -> list[Row]:
    rows = zip(cleaned.verdicts, entry_rows(cleaned), strict=True)
    return [row for verdict, row in rows if verdict.stops]


def proof_data(proof: Proof) -> dict[str, object]:
    """Everything about a proof, for a program."""
    return {
        "proved": proof.proved,
        "exact": proof.exact,
        "interviews": proof.interviews,
        "cells": proof.cells,
        "removed_by_the_log": proof.removed,
        "changed_by_entries": proof.changed,
        "followed": proof.followed,
        "unexplained": len(proof.of(Weight.DIFFERENCE)),
        "explained": len(proof.of(Weight.EXPLAINED)),
        "false_alarms": len(proof.of(Weight.FALSE_ALARM)),
        "counts": proof.counts,
        "entries": {kind.value: count for kind, count in proof.entries.items()},
        "differences": [dict(zip(DIFFERENCES, row, strict=True)) for row in difference_rows(proof)],
        "notes": list(proof.notes),
    }
