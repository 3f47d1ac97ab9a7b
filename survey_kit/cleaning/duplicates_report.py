"""The Excel report of the World Bank's ieduplicates: which of several interviews with one id stays.

The duplicated id stands first, then duplistid, datelisted, datefixed; a person writes "correct",
"drop", or another id under newid; and a variable that is unique (KEY) tells the rows apart. So the
report is read by that variable, and a new id is a change of the duplicated one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from survey_kit.cleaning.correction import Action, Correction
from survey_kit.cleaning.log_entries import Wrong
from survey_kit.cleaning.log_format import INTERVIEW, plain_header
from survey_kit.cleaning.log_lines import Line, LogTable
from survey_kit.errors import Fault, FileProblem

MARKS = ("correct", "drop", "newid")
NAME = "ieduplicates"
TITLE = "a report of the World Bank's ieduplicates"


def header_of_duplicates(lines: Sequence[Line]) -> int | None:
    """Where the header of such a report stands; None where there is none."""
    for at, line in enumerate(lines[:2]):
        if {"duplistid", *MARKS} <= {plain_header(cell) for cell in line.cells}:
            return at
    return None


def entries_of_duplicates(
    table: LogTable, at: int, own_id: str | None, faults: list[Fault]
) -> tuple[Mapping[str, str], tuple[Correction, ...]]:
    """What the columns are, and an entry for each row.

    Parameters
    ----------
    own_id
        The column by which the answers name their interviews.
    faults
        Rows about which nobody has decided, or twice, are added here.

    Raises
    ------
    FileProblem
        If no column tells the duplicates apart.
    """
    header = table.lines[at]
    plain = [plain_header(cell) for cell in header.cells]
    duplicated = max(plain.index("duplistid") - 1, 0)
    ids = ([plain_header(own_id)] if own_id else []) + list(INTERVIEW)
    unique = next((plain.index(n) for n in ids if n in plain and plain.index(n) != duplicated), -1)
    if unique < 0:
        raise FileProblem(
            str(header.place),
            "no column tells the duplicates apart",
            "Name the unique one, which the raw file has too: --interview KEY",
        )
    wrong = Wrong()
    where = {
        name: plain.index(name) for name in ("initials", "notes", "datefixed") if name in plain
    }
    entries: list[Correction] = []
    for line in table.lines[at + 1 :]:
        cells = [cell.strip() for cell in line.cells] + [""] * len(plain)
        marks = {name: cells[plain.index(name)] for name in MARKS}
        decided = list(_decisions(marks, header.cells[duplicated], cells[duplicated]))
        if len(decided) != 1:
            what = "two decisions stand here" if decided else "nobody has decided here"
            wrong.add(line.place, what, "Write one of correct, drop, or a new id under newid")
            continue
        action, question, old, new = decided[0]
        entries.append(
            Correction(
                interview=cells[unique].removeprefix("uuid:"),
                question=question,
                old=old,
                new=new,
                action=action,
                why=cells[where["notes"]] if "notes" in where else "",
                who=cells[where["initials"]] if "initials" in where else "",
                when=cells[where["datefixed"]] if "datefixed" in where else "",
                place=line.place,
            )
        )
    faults.extend(wrong.told())
    columns = {
        header.cells[unique]: "interview",
        header.cells[duplicated]: "question",
        **{header.cells[plain.index(name)]: "action" for name in MARKS},
    }
    return columns, tuple(entries)


def _decisions(
    marks: Mapping[str, str], question: str, id_: str
) -> Iterator[tuple[Action, str, str, str]]:
    if marks["correct"].casefold() in {"correct", "yes"}:
        yield Action.KEEP, "", "", ""
    if marks["drop"].casefold() in {"drop", "yes"}:
        yield Action.REMOVE, "", "", ""
    if marks["newid"] and marks["newid"] != ".":
        yield Action.CHANGE, question, id_, marks["newid"]
