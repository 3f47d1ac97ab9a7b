"""A question of several choices known by its columns alone: where there is no form.

A column, and beside it one of 0 and 1 for each choice whose name begins with its own
(``sources``, ``sources/well``), say the same thing twice. Where one of them is changed, the other
follows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from survey_kit.cleaning.carried_over import Edit
from survey_kit.cleaning.correction_state import in_order_of_choosing
from survey_kit.cleaning.log_on_columns import CellAt
from survey_kit.cleaning.raw_file import RawFile, Sheet
from survey_kit.responses.matching import without_byte_order_mark
from survey_kit.responses.select_multiple import CHOSEN, NOT_CHOSEN

BETWEEN = ("/", ".")
FEWEST = 2
"""So many columns of choices make a question of several."""


@dataclass(frozen=True)
class Family:
    """The column of joined codes, and code -> the column of its choice."""

    parent: int
    children: Mapping[str, int]


def families(sheet: Sheet) -> tuple[Family, ...]:
    """The questions of several choices that the columns of a table show by themselves."""
    names = [without_byte_order_mark(name) for name in sheet.header]
    found: list[Family] = []
    for parent, name in enumerate(names):
        for between in BETWEEN:
            children = {
                other.removeprefix(name + between): place
                for place, other in enumerate(names)
                if name and other.startswith(name + between) and _yes_or_no(sheet, place)
            }
            if len(children) >= FEWEST and _joined(sheet, parent, children):
                found.append(Family(parent, children))
                break
    return tuple(found)


def _yes_or_no(sheet: Sheet, column: int) -> bool:
    words = {str(text).strip().casefold() for text in sheet.cells[column].unique()}
    return words <= CHOSEN | NOT_CHOSEN | {"na"}


def _joined(sheet: Sheet, parent: int, children: Mapping[str, int]) -> bool:
    """Whether the first column holds the codes of the others, as far as can be seen."""
    words = {word for text in sheet.cells[parent].unique() for word in str(text).split()}
    return words - {"NA"} <= children.keys()


def with_sisters(raw: RawFile, edits: Sequence[Edit]) -> list[Edit]:
    """Edits of plain columns, and those of the columns that say the same."""
    found = {edit.cell: edit for edit in edits}
    for number, sheet in enumerate(raw.sheets):
        here = [edit for edit in edits if edit.cell.sheet == number]
        if not here:
            continue
        for family in families(sheet):
            columns = {family.parent, *family.children.values()}
            touched = {e.cell.row: e for e in here if e.cell.column in columns}
            for row, edit in touched.items():
                for made in _of_row(number, sheet, family, row, found):
                    if made[0] not in found:
                        cell, old, new = made
                        name = sheet.header[cell.column]
                        place = edit.interview, edit.place
                        found[cell] = Edit(cell, *place, name, old, new, entry=False)
    return list(found.values())


def _of_row(
    number: int, sheet: Sheet, family: Family, row: int, edits: Mapping[CellAt, Edit]
) -> Iterator[tuple[CellAt, str, str]]:
    """(cell, old, new) of the cells of a family that have to follow."""
    parent = CellAt(number, row, family.parent)
    old = sheet.text(row, family.parent)
    by_entry = edits.get(parent)
    before = "" if old == "NA" else old
    codes = (by_entry.new if by_entry else before).split()
    for code, column in family.children.items():
        edit = edits.get(CellAt(number, row, column))
        if edit is None:
            continue
        if edit.new.strip().casefold() in CHOSEN and code not in codes:
            codes.append(code)
        elif edit.new.strip().casefold() not in CHOSEN and code in codes:
            codes.remove(code)
    joined = in_order_of_choosing(before, " ".join(codes))
    if by_entry is None and joined != before:
        yield parent, old, joined
    for code, column in family.children.items():
        text = sheet.text(row, column)
        chosen = text.strip().casefold() in CHOSEN
        if chosen != (code in codes):
            yield CellAt(number, row, column), text, _word(sheet, family, chosen=not chosen)


def _word(sheet: Sheet, family: Family, *, chosen: bool) -> str:
    """How the columns of a question spell a choice that was made, or was not."""
    counts: Counter[str] = Counter()
    for column in family.children.values():
        for text, count in sheet.cells[column].value_counts().items():
            word = str(text).strip().casefold()
            if word and (word in CHOSEN) == chosen:
                counts[str(text)] += int(count)
    return counts.most_common(1)[0][0] if counts else "1" if chosen else "0"
