"""Whether a cleaned file is what its log makes of the raw one: clean == replay(raw, log).

The log is applied again, and every cell of the cleaned file is held against the result. What
differs is told apart: a change that nobody wrote down; an entry that was not applied; what only
looks like a difference (``2.0`` and ``2``); and what follows from the log by the form and was not
drawn, as where a parent column still holds a choice that the log took away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.cleaning.cells import row_names
from survey_kit.cleaning.clean_file import Cleaned
from survey_kit.cleaning.correction import Correction
from survey_kit.cleaning.log_on_columns import CellAt
from survey_kit.cleaning.matched_files import MatchedTable, matched_tables
from survey_kit.cleaning.raw_file import RawFile
from survey_kit.cleaning.same_value import Same, Takes, same
from survey_kit.cleaning.weighing import Kind, Verdict
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.matching import Role
from survey_kit.responses.replay import asked, asked_in_repeat


class Weight(Enum):
    """What a difference means for the proof."""

    DIFFERENCE = "difference"
    """The file is not what the log makes of the raw one."""
    EXPLAINED = "explained"
    """The log explains it, or it takes nothing away."""
    FALSE_ALARM = "false alarm"
    """The same answer, spelt otherwise."""


class Found(Enum):
    """What differs."""

    UNDOCUMENTED = "changed, and not in the log"
    NOT_APPLIED = "in the log, and not applied"
    OTHER_VALUE = "in the log, with another value"
    NOT_ASKED = "blanked and not in the log; the form does not ask it"
    CANNOT_BE_APPLIED = "entry that cannot be applied to the raw file"
    REMOVED_NOT_IN_LOG = "interview removed, and not in the log"
    STILL_THERE = "interview removed in the log, and still there"
    ADDED = "interview that the raw file does not have"
    TWICE_DIFFERENT = "interview that is there twice, with different values"
    TWICE = "interview that is there twice"
    ROW_GONE = "row of a repeat that is not there"
    ROW_ADDED = "row of a repeat that the raw file does not have"
    TABLE_GONE = "table that is not there"
    COLUMN_GONE = "variable removed"
    OTHER_DATA = "log of other data"
    LOG_BROKEN = "chained log that is not as it was sealed"
    NOT_DRAWN = "follows from the log, and was not drawn"
    COLUMN_ADDED = "variable added"
    RENUMBERED = "rows counted anew"
    RECODED = "metadata recoded throughout, one text for one"
    SPELLING = "the same answer, spelt otherwise"


EXPLAINED = frozenset({Found.NOT_DRAWN, Found.COLUMN_ADDED, Found.RECODED, Found.RENUMBERED})
ROW_NUMBERS = frozenset({"_index", "_parent_index"})
"""Columns that count rows: by what they say the rows have been matched already."""
FEWEST = 2
"""So many different texts have to be recoded for it to be a recoding."""


@dataclass(frozen=True)
class Difference:
    """One thing that differs.

    raw, expected, clean
        What stands in the raw file, what the log makes of it, and what stands in the cleaned one.
    how
        Of a false alarm, in what the spellings differ.
    """

    found: Found
    interview: str = ""
    place: str = ""
    column: str = ""
    raw: str = ""
    expected: str = ""
    clean: str = ""
    how: Same | None = None
    note: str = ""

    @property
    def weight(self) -> Weight:
        """What it means for the proof."""
        if self.found is Found.SPELLING:
            return Weight.FALSE_ALARM
        return Weight.EXPLAINED if self.found in EXPLAINED else Weight.DIFFERENCE

    @property
    def where(self) -> str:
        """Where it is, for a message."""
        parts = [
            f"interview {self.interview!r}" if self.interview else "",
            self.place and f"row {self.place}",
        ]
        parts.append(repr(self.column) if self.column else "")
        return ", ".join(filter(None, parts)) or "the log"


@dataclass(frozen=True, eq=False)
class Proof:
    """Everything that differs, and how much was compared.

    changed
        Cells that the log changed and that hold what it says.
    followed
        Cells that follow from the log and hold what follows.
    """

    differences: tuple[Difference, ...]
    interviews: int
    cells: int
    removed: int
    changed: int
    followed: int
    entries: Mapping[Kind, int]
    notes: tuple[str, ...] = ()

    def of(self, weight: Weight) -> tuple[Difference, ...]:
        """What differs with some weight."""
        return tuple(each for each in self.differences if each.weight is weight)

    @property
    def proved(self) -> bool:
        """Whether the log explains everything."""
        return not self.of(Weight.DIFFERENCE)

    @property
    def exact(self) -> bool:
        """Whether the cleaned file is what the log and the form make of the raw one, throughout."""
        return self.proved and not self.of(Weight.EXPLAINED)

    @property
    def counts(self) -> dict[str, int]:
        """How many differences are of which kind; false alarms by what they differ in."""
        names = Counter(
            each.how.value if each.how else each.found.value for each in self.differences
        )
        return dict(names)


def verify_clean(cleaned: Cleaned, clean: RawFile, *, broken: Sequence[str] = ()) -> Proof:
    """Hold a cleaned file against what its log makes of the raw one.

    Parameters
    ----------
    cleaned
        The raw file with its log applied, by `clean_file`.
    clean
        The cleaned file, opened with the same form.
    broken
        The places of chained logs that are not as they were sealed.
    """
    return _Comparison(cleaned, clean).proof(broken)


class _Comparison:
    """The raw file with its log, and the cleaned file."""

    def __init__(self, cleaned: Cleaned, clean: RawFile) -> None:
        self._cleaned, self._clean = cleaned, clean
        self._tables = matched_tables(cleaned.raw, clean, frozenset(cleaned.removed))
        self._edits = {edit.cell: edit for edit in cleaned.edits}
        self._cells = self._changed = self._followed = 0

    def proof(self, broken: Sequence[str]) -> Proof:
        found = [Difference(Found.LOG_BROKEN, note=each) for each in broken]
        strange = self._cleaned.of_other_data
        found += [Difference(Found.OTHER_DATA, note=str(fault)) for fault in strange]
        files = {fault.where for fault in strange}
        found += [
            _of_entry(verdict)
            for verdict in self._cleaned.stopped
            if verdict.kind is not Kind.UNKNOWN_INTERVIEW or verdict.entry.place.file not in files
        ]
        found += self._interviews()
        for number, table in enumerate(self._tables):
            if table is None:
                name = self._cleaned.raw.sheets[number].name
                found.append(Difference(Found.TABLE_GONE, column=name))
                continue
            found += self._columns(number, table)
            found += self._rows(table) if number else ()
            found += self._values(number, table)
        counts = self._cleaned.counts
        return Proof(
            differences=tuple(found),
            interviews=len(self._clean.interviews),
            cells=self._cells,
            removed=len(self._cleaned.removed),
            changed=self._changed,
            followed=self._followed,
            entries=counts,
            notes=self._cleaned.notes,
        )

    def _interviews(self) -> Iterator[Difference]:
        table = self._tables[0]
        if table is None:
            return
        removed = set(self._cleaned.removed)
        for interview in self._cleaned.raw.interviews:
            there = interview in table.rows_of_interviews
            if not there and interview not in removed:
                yield Difference(Found.REMOVED_NOT_IN_LOG, interview)
            elif there and interview in removed:
                yield Difference(Found.STILL_THERE, interview)
        for interview, row in table.added.items():
            original = interview.rpartition("#")[0]
            if original and original in table.rows_of_interviews:
                first = table.clean.cells.iloc[table.rows_of_interviews[original]]
                equal = bool((first == table.clean.cells.iloc[row]).all())
                yield Difference(Found.TWICE if equal else Found.TWICE_DIFFERENT, original)
            else:
                yield Difference(Found.ADDED, interview)

    def _columns(self, number: int, table: MatchedTable) -> Iterator[Difference]:
        new = {each.name for each in self._cleaned.new_columns if each.sheet == number}
        for position, name in enumerate(table.raw.header):
            if position not in table.columns and not self._is_spread(table, position):
                yield Difference(Found.COLUMN_GONE, column=name)
        taken = set(table.columns.values())
        for position, name in enumerate(table.clean.header):
            if position not in taken and name not in new:
                yield Difference(Found.COLUMN_ADDED, column=name)
        for each in self._cleaned.new_columns:
            column = table.clean.column_called(each.name) if each.sheet == number else None
            if each.sheet == number and column is None:
                yield Difference(Found.COLUMN_GONE, column=each.name, note="the log needs it")
            elif column is not None:
                yield from self._new_column(table, column, each.name, each.texts)

    def _is_spread(self, table: MatchedTable, position: int) -> bool:
        """Whether another column holds what this one says: whole, choice by choice, or part by part.

        Answers that came back without columns have none of these to lose, and no names of ids.
        """
        if not self._cleaned.raw.laid_out:
            return False
        use = table.raw.uses[position]
        if use.role not in {Role.QUESTION, Role.CHOICE, Role.PART}:
            return True
        return any(table.raw.uses[kept].key == use.key for kept in table.columns)

    def _new_column(
        self, table: MatchedTable, column: int, name: str, texts: Mapping[int, str]
    ) -> Iterator[Difference]:
        for row, at in table.rows.items():
            clean, expected = table.clean.text(at, column), texts.get(row, "")
            if same(expected, clean) is None:
                found = Found.NOT_APPLIED if not clean else Found.UNDOCUMENTED
                interview, place = table.whose(row)
                yield Difference(found, interview, place, name, "", expected, clean)

    def _rows(self, table: MatchedTable) -> Iterator[Difference]:
        """Rows of repeats of interviews that are there in both files."""
        kept = set(self._clean.interviews) & set(self._cleaned.raw.interviews)
        for (interview, place), row in table.raw.rows.items():
            if row not in table.rows and interview in kept:
                yield Difference(Found.ROW_GONE, interview, place, table.raw.name)
        for interview, place in table.added_rows:
            if interview in kept:
                yield Difference(Found.ROW_ADDED, interview, place, table.raw.name)

    def _values(self, number: int, table: MatchedTable) -> Iterator[Difference]:
        rows = np.fromiter(table.rows, dtype=np.int64, count=len(table.rows))
        there = np.fromiter(table.rows.values(), dtype=np.int64, count=len(table.rows))
        edited: dict[int, dict[int, str]] = {}
        for cell, edit in self._edits.items():
            if cell.sheet == number:
                edited.setdefault(cell.column, {})[cell.row] = edit.new
        for column, at in table.columns.items():
            raw = table.raw.cells[column].to_numpy(dtype=object)
            expected = raw.copy()
            for row, text in edited.get(column, {}).items():
                expected[row] = text
            clean = table.clean.cells[at].to_numpy(dtype=object)[there]
            self._cells += len(rows)
            equal = expected[rows] == clean
            for row in edited.get(column, {}):
                self._count(number, row, column, table)
            if table.raw.uses[column].key in ROW_NUMBERS and not equal.all():
                yield Difference(Found.RENUMBERED, column=table.raw.header[column])
                continue
            if self._holds_no_answer(table, column) and _recoded(expected[rows], clean, equal):
                yield Difference(Found.RECODED, column=table.raw.header[column])
                continue
            for place in np.flatnonzero(~equal):
                row = int(rows[place])
                texts = (str(raw[row]), str(expected[row]), str(clean[place]))
                difference = self._difference(number, table, row, column, texts)
                if difference is not None:
                    yield difference

    def _holds_no_answer(self, table: MatchedTable, column: int) -> bool:
        """Whether a column holds what a device or a server noted, and that is no moment."""
        use, form = table.raw.uses[column], self._cleaned.raw.form
        if use.role is Role.METADATA:
            return True
        if use.role is not Role.QUESTION or form is None:
            return False
        question = form.by_key[use.key].question
        noted = not question.type.asked and question.calculation is None
        return noted and question.type.storage is Storage.TEXT

    def _count(self, number: int, row: int, column: int, table: MatchedTable) -> None:
        if row in table.rows:
            edit = self._edits[CellAt(number, row, column)]
            clean = table.clean.text(table.rows[row], table.columns[column])
            if same(edit.new, clean, table.takes(column)) is not None:
                self._changed += edit.entry
                self._followed += not edit.entry

    def _difference(
        self, number: int, table: MatchedTable, row: int, column: int, texts: tuple[str, str, str]
    ) -> Difference | None:
        raw, expected, clean = texts
        takes = table.takes(column)
        interview, place = table.whose(row)
        about = (interview, place, table.raw.header[column], raw, expected, clean)
        how = table.same(column, expected, clean)
        if how is not None:
            return None if how is Same.EQUAL else Difference(Found.SPELLING, *about, how=how)
        cell = CellAt(number, row, column)
        as_raw = table.same(column, raw, clean) is not None
        found = self._by_the_log(cell, clean, takes, as_raw=as_raw)
        if found is None and self._is_claimed(interview, place, table, column, clean):
            return None
        unasked = not clean.strip() and self._is_unasked(interview, place, table, column)
        return Difference(found or (Found.NOT_ASKED if unasked else Found.UNDOCUMENTED), *about)

    def _by_the_log(self, cell: CellAt, clean: str, takes: Takes, *, as_raw: bool) -> Found | None:
        """What is to be said of a cell that the log is about; None where it is not."""
        edit, stated = self._edits.get(cell), self._cleaned.stated.get(cell)
        if stated is not None and same(stated, clean, takes) is not None:
            return Found.NOT_DRAWN
        if edit is not None and as_raw:
            return Found.NOT_APPLIED if edit.entry else Found.NOT_DRAWN
        return None if edit is None and stated is None else Found.OTHER_VALUE

    def _is_claimed(
        self, interview: str, place: str, table: MatchedTable, column: int, clean: str
    ) -> bool:
        """Whether an entry that cannot be applied asks for what stands there: that is said of it."""
        takes = table.takes(column)
        return any(
            same(entry.new, clean, takes) is not None
            for entry in self._claims.get((interview, place), ())
            if table.raw.column_called(entry.question) == column
        )

    @cached_property
    def _claims(self) -> Mapping[tuple[str, str], list[Correction]]:
        found: dict[tuple[str, str], list[Correction]] = {}
        for verdict in self._cleaned.stopped:
            entry = verdict.entry
            found.setdefault((entry.interview, entry.row), []).append(entry)
        return found

    def _is_unasked(self, interview: str, place: str, table: MatchedTable, column: int) -> bool:
        key = table.raw.uses[column].key
        unasked = self._unasked.get(table.raw.repeat)
        return unasked is not None and (interview, place, key) in unasked

    @cached_property
    def _unasked(self) -> Mapping[str | None, frozenset[tuple[str, str, str]]]:
        """Of each table (interview, place, question) that the form does not ask."""
        if self._cleaned.corrected is None:
            return {}
        responses = self._cleaned.corrected.responses
        tables = {None: asked(responses)}
        tables |= {name: asked_in_repeat(responses, name) for name in responses.repeats}
        return {name: frozenset(_cells_without(table)) for name, table in tables.items()}


def _recoded(
    expected: NDArray[np.object_], clean: NDArray[np.object_], equal: NDArray[np.bool_]
) -> bool:
    """Whether every text of a column of metadata was replaced, each by one of its own: a pseudonym."""
    if equal[expected != ""].any():
        return False
    pairs = set(zip(expected.tolist(), clean.tolist(), strict=True))
    one = {pair[0] for pair in pairs}
    one_for_one = len(one) == len(pairs) == len({pair[1] for pair in pairs})
    return one_for_one and FEWEST <= len(one) < len(expected)


def _cells_without(table: pd.DataFrame) -> Iterator[tuple[str, str, str]]:
    rows, columns = np.nonzero(~table.to_numpy(dtype=bool))
    interviews = table.index.get_level_values(0).to_numpy(dtype=object)
    places = [str(each) for each in row_names(table.index)]
    for row, column in zip(rows, columns, strict=True):
        yield str(interviews[int(row)]), places[int(row)], str(table.columns[int(column)])


def _of_entry(verdict: Verdict) -> Difference:
    entry = verdict.entry
    return Difference(
        Found.CANNOT_BE_APPLIED,
        entry.interview,
        entry.row,
        entry.question,
        note=f"{entry.place}: {verdict.what or verdict.kind.value}",
    )
