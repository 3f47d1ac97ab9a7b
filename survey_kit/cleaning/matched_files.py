"""Two files of the same answers laid side by side: which table, row and column is which.

A cleaned file may have its columns in another order, under the names that R made of them, and its
interviews too; what is there twice in the raw file is told apart by what it holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from survey_kit.cleaning.log_format import INTERVIEW, plain_header
from survey_kit.cleaning.raw_file import RawFile, Sheet
from survey_kit.cleaning.same_value import ANYTHING, Same, Takes, same
from survey_kit.questionnaire.question_type import Storage
from survey_kit.questionnaire.types.choices import SELECT_MULTIPLE
from survey_kit.responses.labels import codes_by_label, plain
from survey_kit.responses.matching import ColumnUse, Role, mangle, without_byte_order_mark


@dataclass(frozen=True, eq=False)
class MatchedTable:
    """One table of the raw file and that of the cleaned one.

    rows
        Row of the raw table -> row of the cleaned one.
    columns
        Column of the raw table -> column of the cleaned one.
    added
        Interview that only the cleaned file has -> its row.
    """

    raw: Sheet
    clean: Sheet
    rows: Mapping[int, int]
    columns: Mapping[int, int]
    added: Mapping[str, int]
    added_rows: tuple[tuple[str, str], ...]
    takes_of: tuple[Takes, ...]
    _known: dict[tuple[int, str, str], Same | None] = field(
        default_factory=dict[tuple[int, str, str], "Same | None"]
    )

    @cached_property
    def rows_of_interviews(self) -> Mapping[str, int]:
        """Interview of the raw file -> row of the cleaned table."""
        return {self.whose(row)[0]: at for row, at in self.rows.items()}

    def whose(self, row: int) -> tuple[str, str]:
        """The interview and the place in the repeat of a row of the raw table."""
        return str(self.raw.interview[row]), str(self.raw.place[row])

    def takes(self, column: int) -> Takes:
        """What a column of the raw table takes."""
        return self.takes_of[column]

    def same(self, column: int, one: str, other: str) -> Same | None:
        """In what two texts of a column differ; each pair is compared once."""
        pair = (column, one, other)
        if pair not in self._known:
            self._known[pair] = same(one, other, self.takes(column))
        return self._known[pair]


def matched_tables(
    raw: RawFile, clean: RawFile, removed: frozenset[str]
) -> tuple[MatchedTable | None, ...]:
    """Of each table of the raw file the one of the cleaned file; None where it is not there."""
    found: list[MatchedTable | None] = []
    for sheet in raw.sheets:
        other = next((each for each in clean.sheets if _same_table(sheet, each)), None)
        found.append(None if other is None else _matched(raw, sheet, other, removed))
    return tuple(found)


def _same_table(one: Sheet, other: Sheet) -> bool:
    return one.repeat == other.repeat


def _matched(raw: RawFile, sheet: Sheet, other: Sheet, removed: frozenset[str]) -> MatchedTable:
    columns = _columns(sheet, other)
    if sheet.repeat is None:
        rows, added = _interviews(sheet, other, columns, removed)
        added_rows: tuple[tuple[str, str], ...] = ()
    else:
        both = [cell for cell in sheet.rows if cell in other.rows]
        rows = {sheet.rows[cell]: other.rows[cell] for cell in both}
        added = {}
        added_rows = tuple(cell for cell in other.rows if cell not in sheet.rows)
    takes = tuple(_takes(raw, sheet, use) for use in sheet.uses)
    return MatchedTable(sheet, other, rows, columns, added, added_rows, takes)


def _columns(sheet: Sheet, other: Sheet) -> dict[int, int]:
    found: dict[int, int] = {}
    names = [without_byte_order_mark(name) for name in sheet.header]
    theirs = [without_byte_order_mark(name) for name in other.header]
    _pair(names, theirs, found)
    _pair([mangle(n).casefold() for n in names], [mangle(n).casefold() for n in theirs], found)
    _pair([_means(use) for use in sheet.uses], [_means(use) for use in other.uses], found)
    _pair(_named_by(sheet, known=True), _named_by(other, known=True), found)
    _pair(_named_by(sheet, known=False), _named_by(other, known=False), found)
    return dict(sorted(found.items()))


def _pair(ours: Sequence[str], theirs: Sequence[str], found: dict[int, int]) -> None:
    """Match columns by a name that only one of each side has among those still to be matched."""
    taken = set(found.values())
    free = [place for place in range(len(ours)) if place not in found]
    there = [place for place in range(len(theirs)) if place not in taken]
    once = Counter(ours[place] for place in free)
    again = Counter(theirs[place] for place in there)
    where = {theirs[place]: place for place in there if again[theirs[place]] == 1}
    for place in free:
        if ours[place] and once[ours[place]] == 1 and ours[place] in where:
            found[place] = where[ours[place]]


def _named_by(sheet: Sheet, *, known: bool) -> list[str]:
    """Of each column "id" where it names the interviews, whatever team calls it.

    Parameters
    ----------
    known
        Whether it has to be called so, too.
    """
    ids = [str(each).partition("#")[0] for each in sheet.interview]
    return [
        "id"
        if (not known or plain_header(name) in INTERVIEW)
        and any(ids)
        and all(
            text.strip().removeprefix("uuid:") == id_
            for text, id_ in zip(sheet.cells[at], ids, strict=True)
            if id_
        )
        else ""
        for at, name in enumerate(sheet.header)
    ]


def _means(use: ColumnUse) -> str:
    known = use.role in {Role.QUESTION, Role.CHOICE, Role.PART, Role.METADATA}
    return f"{use.role.value} {use.key} {use.code}" if known else ""


def _interviews(
    sheet: Sheet, other: Sheet, columns: Mapping[int, int], removed: frozenset[str]
) -> tuple[dict[int, int], dict[str, int]]:
    """Rows by interview. Several of one id are paired with those that stay, the likest first."""
    ours, theirs = _by_id(sheet), _by_id(other)
    rows: dict[int, int] = {}
    added: dict[str, int] = {}
    for id_, there in theirs.items():
        here = ours.get(id_, [])
        if len(here) == len(there) == 1:
            rows[here[0]] = there[0]
            continue
        stay = [row for row in here if str(sheet.interview[row]) not in removed]
        free = [*stay, *(row for row in here if row not in stay)]
        left: list[int] = []
        for at in there:
            if not free:
                left.append(at)
                continue
            pool = [row for row in free if row in stay] or free
            best = max(pool, key=lambda row: _alike(sheet, row, other, at, columns))
            rows[best] = at
            free.remove(best)
        for number, at in enumerate(left, start=len(here) + 1):
            added[id_ if number == 1 else f"{id_}#{number}"] = at
    return dict(sorted(rows.items())), added


def _by_id(sheet: Sheet) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for row, interview in enumerate(sheet.interview):
        if interview:
            found.setdefault(str(interview).partition("#")[0], []).append(row)
    return found


def _alike(sheet: Sheet, row: int, other: Sheet, at: int, columns: Mapping[int, int]) -> int:
    return sum(sheet.text(row, one) == other.text(at, two) for one, two in columns.items())


def _takes(raw: RawFile, sheet: Sheet, use: ColumnUse) -> Takes:
    if raw.form is None or use.role not in {Role.QUESTION, Role.CHOICE, Role.PART}:
        return Takes(several=True) if _has_children(sheet, use) else ANYTHING
    if use.role is Role.PART:
        return Takes(Storage.DECIMAL)
    question = raw.form.by_key[use.key].question
    choices = raw.form.choices(question)
    if use.role is Role.CHOICE:
        labels = next((c.label.values() for c in choices if c.code == use.code), ())
        return Takes(choice=frozenset({use.code, *(plain(label) for label in labels)}))
    return Takes(
        question.type.storage,
        codes=frozenset(choice.code for choice in choices),
        languages=codes_by_label(choices),
        several=question.type is SELECT_MULTIPLE or question.type.storage is Storage.CODES,
    )


def _has_children(sheet: Sheet, use: ColumnUse) -> bool:
    """Without a form: whether other columns are called after this one, as those of choices are."""
    starts = (f"{use.column}/", f"{use.column}.")
    return sum(name.startswith(starts) for name in sheet.header) > 1
