"""The entries of a log that are about plain columns, of which no form knows anything.

Metadata, columns that a team added, or a whole file without a form: a column is taken by its
name, and nothing follows from a change of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from survey_kit.cleaning.correction import Action, Correction
from survey_kit.cleaning.log_on_form import DIFFERS, IS_GONE, Weighed
from survey_kit.cleaning.raw_file import RawFile, Sheet
from survey_kit.cleaning.raw_style import plain_style
from survey_kit.cleaning.same_value import ANYTHING, Same, Takes, same
from survey_kit.cleaning.spelling import did_you_mean
from survey_kit.cleaning.weighing import KEPT_WITH_NEW, Aim, Kind, Verdict
from survey_kit.cleaning.whose_entry import remedy_for
from survey_kit.responses.matching import Role


@dataclass(frozen=True)
class CellAt:
    """A cell of a file: which of its tables, which row, which column, all from 0."""

    sheet: int
    row: int
    column: int


@dataclass(eq=False)
class PlainState:
    """The texts of the cells that were changed so far."""

    raw: RawFile
    now: dict[CellAt, str] = field(default_factory=dict[CellAt, str])

    def present(self, cell: CellAt) -> str:
        """What stands in a cell now."""
        return self.now.get(cell, self.raw.sheets[cell.sheet].text(cell.row, cell.column))


@dataclass(frozen=True)
class PlainWeighed:
    """The verdicts, and of each entry its cell and the new text."""

    weighed: Weighed
    cells: tuple[CellAt | None, ...]
    texts: tuple[str, ...]


def weigh_on_columns(
    raw: RawFile, entries: Sequence[Correction], gone: frozenset[str]
) -> PlainWeighed:
    """Every entry held against the cell of its column, in the order of the log.

    Parameters
    ----------
    gone
        The interviews that are removed.
    """
    state = PlainState(raw)
    verdicts: list[Verdict] = []
    aims: list[Aim | None] = []
    cells: list[CellAt | None] = []
    texts: list[str] = []
    removed: set[str] = set()
    for entry in entries:
        found = find_cell(raw, entry)
        cell = found if isinstance(found, CellAt) else None
        text = ""
        if isinstance(found, Verdict):
            verdict, aim = _without_cell(found), None
        elif entry.action is Action.REMOVE:
            again = entry.interview in removed
            removed.add(entry.interview)
            verdict = Verdict(entry, Kind.DUPLICATE if again else Kind.REMOVED)
            aim = Aim(("interview", entry.interview), "removed")
        elif cell is None:
            verdict, aim = Verdict(entry, Kind.NO_ACTION), Aim()
        else:
            text = _new_text(raw, cell, entry)
            verdict = _verdict(entry, cell, text, state, gone)
            aim = _aim(entry, cell, text)
        verdicts.append(verdict)
        aims.append(aim)
        cells.append(cell)
        texts.append(text)
    weighed = Weighed(tuple(entries), tuple(verdicts), tuple(aims))
    return PlainWeighed(weighed, tuple(cells), tuple(texts))


def _without_cell(found: Verdict) -> Verdict:
    """What becomes of an entry without a cell: one that keeps an answer has nothing to change."""
    if found.entry.action is not Action.KEEP:
        return found
    return Verdict(found.entry, Kind.NO_ACTION, found.what)


def find_cell(raw: RawFile, entry: Correction) -> CellAt | Verdict | None:
    """The cell of an entry; None where it is about no cell, a verdict where there is none."""
    whole = entry.action is Action.REMOVE or (not entry.question and entry.action is Action.KEEP)
    if entry.interview not in raw.top.rows_by_interview:
        return Verdict(
            entry,
            Kind.UNKNOWN_INTERVIEW,
            "there is no such interview",
            remedy_for(entry.interview, raw.sorted_ids),
        )
    if whole:
        return None
    if not entry.question:
        what = "no question is named"
        return Verdict(entry, Kind.UNKNOWN_QUESTION, what, "Name the question, or write remove")
    return _named_cell(raw, entry)


def _named_cell(raw: RawFile, entry: Correction) -> CellAt | Verdict:
    for number, sheet in enumerate(raw.sheets):
        column = sheet.column_called(entry.question)
        if column is None or (sheet.repeat is not None and not entry.row):
            continue
        row = sheet.rows.get((entry.interview, entry.row if sheet.repeat is not None else ""))
        if row is None:
            what = f"the interview has no row {entry.row!r} in {sheet.name!r}"
            return Verdict(entry, Kind.NOT_TAKEN, what, "Correct the column row")
        if _names_interviews(sheet, column):
            what = "this column names the interviews"
            return Verdict(entry, Kind.NOT_TAKEN, what, "Leave the ids as they are")
        return CellAt(number, row, column)
    names = [name for sheet in raw.sheets for name in sheet.header]
    return Verdict(
        entry,
        Kind.UNKNOWN_QUESTION,
        f"there is no column called {entry.question!r}",
        did_you_mean(entry.question, names, "Name a column of the file"),
    )


def _names_interviews(sheet: Sheet, column: int) -> bool:
    texts = sheet.cells[column].str.strip().str.removeprefix("uuid:")
    there = sheet.interview != ""
    whose = [str(each).partition("#")[0] for each in sheet.interview[there]]
    return texts.to_numpy(dtype=object)[there].tolist() == whose


def _new_text(raw: RawFile, cell: CellAt, entry: Correction) -> str:
    sheet = raw.sheets[cell.sheet]
    new = entry.new if entry.action is Action.CHANGE else ""
    return plain_style(sheet.cells[cell.column], new)


def _verdict(
    entry: Correction, cell: CellAt, text: str, state: PlainState, gone: frozenset[str]
) -> Verdict:
    present = state.present(cell)
    takes = _takes(state.raw.sheets[cell.sheet], cell.column)
    stated = same(entry.old, present, takes) if entry.old else None
    if entry.action is Action.KEEP and entry.new and same(entry.new, present, takes) is None:
        return Verdict(entry, Kind.CONTRADICTING, *KEPT_WITH_NEW)
    if entry.action is Action.KEEP:
        differs = entry.old and stated is None
        return Verdict(entry, Kind.NO_ACTION, DIFFERS if differs else "")
    if entry.action is Action.CHANGE and not entry.new:
        what = "there is no new value"
        return Verdict(entry, Kind.NOT_TAKEN, what, "Write one, or the action blank")
    if entry.action is Action.BLANK and entry.new:
        what = "an answer that is blanked has a new value"
        return Verdict(entry, Kind.NOT_TAKEN, what, "Write change, or no new value")
    return _changed(entry, cell, text, state, gone, stated)


def _changed(  # noqa: PLR0917 - what the entry says, and what stands there
    entry: Correction,
    cell: CellAt,
    text: str,
    state: PlainState,
    gone: frozenset[str],
    stated: Same | None,
) -> Verdict:
    present = state.present(cell)
    takes = _takes(state.raw.sheets[cell.sheet], cell.column)
    already = same(text, present, takes) is not None
    if entry.old and stated is None and not already:
        return Verdict(
            entry,
            Kind.CONFLICT,
            "the old value stated is not the one in the data",
            "Look at the interview again, and write its present value as the old one",
        )
    if entry.interview in gone:
        return Verdict(entry, Kind.GONE, IS_GONE)
    if already:
        return Verdict(entry, Kind.ALREADY)
    state.now[cell] = text
    if not entry.old and same("", present, takes) is None:
        return Verdict(entry, Kind.NOT_STATED)
    return Verdict(entry, Kind.APPLIED if stated in {Same.EQUAL, None} else Kind.NORMALISED)


def _takes(sheet: Sheet, column: int) -> Takes:
    use = sheet.uses[column]
    return Takes(choice=frozenset({use.code})) if use.role is Role.CHOICE else ANYTHING


def _aim(entry: Correction, cell: CellAt, text: str) -> Aim:
    name = ("plain", str(cell.sheet), str(cell.row), str(cell.column))
    return Aim(name, None if entry.action is Action.KEEP else text, entry.old)
