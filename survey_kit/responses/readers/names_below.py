"""A header of texts with the names of the columns in a row below it.

Some tools put what people read into the first row, and what programs read into the second, or a title
above both. The row of names is the header then, and what stands above it is no interview.
"""

from __future__ import annotations

from dataclasses import replace

from survey_kit.questionnaire.model import Questionnaire
from survey_kit.responses.matching import without_byte_order_mark
from survey_kit.responses.metadata import metadata_name
from survey_kit.responses.readers.text_table import TextTable

LOOKED_AT = 4
"""Rows below the header in which names are looked for."""
MOSTLY = 0.5
"""A row holds names where so many of its cells are those of the form or of metadata."""
ENOUGH = 2


def with_names_below(table: TextTable, questionnaire: Questionnaire) -> TextTable:
    """The table with the row of names as its header, where one of its first rows is that."""
    names = {name for item in questionnaire.items for name in _names_of(item.key, item.path)}
    names |= {item.question.name for item in questionnaire.items}
    best = _share(table.header, names)
    row = -1
    for place in range(min(LOOKED_AT, len(table.cells))):
        share = _share(tuple(map(str, table.cells.iloc[place])), names)
        if share >= MOSTLY and share > best:
            best, row = share, place
    if row < 0:
        return table
    header = tuple(str(cell).strip() for cell in table.cells.iloc[row])
    note = f"the names of the columns stand in row {row + 2}; rows above it, not read: {row + 1}"
    cells = table.cells.iloc[row + 1 :]
    return replace(table, header=header, cells=cells, notes=(note, *table.notes))


def _names_of(key: str, path: tuple[str, ...]) -> tuple[str, ...]:
    name = key.rsplit("/", 1)[-1]
    return (key, *(between.join((*path, name)) for between in "/-.:"))


def _share(cells: tuple[str, ...], names: set[str]) -> float:
    filled = [without_byte_order_mark(cell) for cell in cells if cell.strip()]
    known = [cell for cell in filled if cell in names or metadata_name(cell)]
    return len(known) / len(filled) if len(known) >= ENOUGH else 0.0
