"""Corrected answers carried over into the file that they came from, cell by cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from survey_kit.cleaning.correction import Action, Correction
from survey_kit.cleaning.correction_log import Effect
from survey_kit.cleaning.correction_targets import Column
from survey_kit.cleaning.corrections import Corrected
from survey_kit.cleaning.log_on_columns import CellAt
from survey_kit.cleaning.raw_file import RawFile, Sheet
from survey_kit.cleaning.raw_style import Style, answers_by_row
from survey_kit.questionnaire.model import Item
from survey_kit.responses.matching import Role
from survey_kit.responses.model import Responses


@dataclass(frozen=True)
class Edit:
    """One cell that changes.

    entry
        Whether an entry of the log names this cell; if not, it follows from one.
    """

    cell: CellAt
    interview: str
    place: str
    column: str
    old: str
    new: str
    entry: bool


@dataclass(frozen=True)
class NewColumn:
    """A column that the log needs and the file lacks: of which table, and row -> text."""

    sheet: int
    name: str
    texts: Mapping[int, str]


@dataclass(frozen=True, eq=False)
class Carried:
    """What changes in the file.

    stated
        Cell -> the text that an entry itself asks for, without what follows from others.
    """

    edits: tuple[Edit, ...]
    new_columns: tuple[NewColumn, ...]
    stated: Mapping[CellAt, str]
    notes: tuple[str, ...]


class CarryingOver:
    """The way from answers before and after to cells of the file."""

    def __init__(
        self,
        raw: RawFile,
        before: Responses,
        corrected: Corrected,
        entries: Sequence[tuple[Correction, Column]],
    ) -> None:
        self._raw, self._before, self._corrected = raw, before, corrected
        self._entries = [
            (entry, column)
            for entry, column in entries
            if entry.action in {Action.CHANGE, Action.BLANK}
            and entry.interview not in corrected.removed
        ]

    def carried(self) -> Carried:
        """Every cell that changes, in the order of the tables, rows and columns."""
        edits: dict[CellAt, Edit] = {}
        new_columns: list[NewColumn] = []
        notes: list[str] = []
        stated = self._stated
        for key, rows in self._touched.items():
            item = self._before.questionnaire.by_key[key]
            number = self._sheet_of(item)
            if number is None:
                notes.append(f"{key}: its rows are not in the file, and nothing was changed")
                continue
            sheet = self._raw.sheets[number]
            after = answers_by_row(self._corrected.responses, item)
            if key not in sheet.columns:
                if not self._is_named(key):
                    continue
                notes.append(f"the file has no column for the question {key!r}: one was added")
                texts = {sheet.rows[row]: after[row] for row in rows if row in after}
                new_columns.append(NewColumn(number, key, texts))
                continue
            style = self._style(item, sheet)
            for row in rows:
                if row not in sheet.rows or row not in after:
                    continue
                at = sheet.rows[row]
                for use, new in style.cells(at, after[row]):
                    cell = CellAt(number, at, use.position)
                    old = sheet.text(at, use.position)
                    name = sheet.header[use.position]
                    edits[cell] = Edit(cell, *row, name, old, new, cell in stated)
        ordered = sorted(edits, key=lambda cell: (cell.sheet, cell.row, cell.column))
        return Carried(
            tuple(edits[cell] for cell in ordered), tuple(new_columns), stated, tuple(notes)
        )

    def _is_named(self, key: str) -> bool:
        """Whether an entry gives the question an answer; what only follows needs no column."""
        return any(column.key == key and entry.new for entry, column in self._entries)

    @cached_property
    def _touched(self) -> dict[str, dict[tuple[str, str], None]]:
        """Key -> (interview, place) of the cells that corrections name, or that changed."""
        found: dict[str, dict[tuple[str, str], None]] = {}
        for entry, column in self._entries:
            found.setdefault(column.key, {})[entry.interview, entry.row] = None
        log = self._corrected.log
        changed = log[log["effect"].eq(Effect.CHANGED.value)]
        rows: Iterable[tuple[object, ...]] = zip(
            changed["question"], changed["interview"], changed["row"], strict=True
        )
        for key, interview, place in rows:
            found.setdefault(str(key), {})[str(interview), str(place)] = None
        return found

    @cached_property
    def _stated(self) -> dict[CellAt, str]:
        found: dict[CellAt, str] = {}
        final = {
            (str(row["interview"]), str(row["row"]), str(row["question"]), str(row["choice"])): str(
                row["new"]
            )
            for row in self._corrected.log.to_dict("records")
            if row["action"] in {Action.CHANGE.value, Action.BLANK.value}
        }
        for entry, column in self._entries:
            number = self._sheet_of(column.item)
            if number is None:
                continue
            sheet = self._raw.sheets[number]
            row = sheet.rows.get((entry.interview, entry.row))
            new = final.get((entry.interview, entry.row, column.key, column.choice))
            if row is None or new is None:
                continue
            style = self._style(column.item, sheet)
            for use in sheet.columns.get(column.key, ()):
                if not column.choice or (use.role is Role.CHOICE and use.code == column.choice):
                    text = style.stated(use, new, column.choice)
                    found[CellAt(number, row, use.position)] = text
        return found

    def _style(self, item: Item, sheet: Sheet) -> Style:
        known = self._styles.get(item.key)
        if known is None:
            choices = self._before.questionnaire.choices(item.question)
            known = Style(sheet, item, choices, answers_by_row(self._before, item))
            self._styles[item.key] = known
        return known

    @cached_property
    def _styles(self) -> dict[str, Style]:
        return {}

    def _sheet_of(self, item: Item) -> int | None:
        repeat = item.repeats[-1] if item.repeats else None
        return next((n for n, s in enumerate(self._raw.sheets) if s.repeat == repeat), None)
