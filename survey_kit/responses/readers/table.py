"""One table on its way to answers: its columns known, and out of it what is no row of answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.questionnaire.model import Questionnaire
from survey_kit.responses.assemble import repeat_levels
from survey_kit.responses.matching import (
    EXACT,
    ColumnUse,
    Role,
    match_columns,
    without_byte_order_mark,
)
from survey_kit.responses.metadata import INTERVIEW_IDS, PLACE_IN_A_REPEAT
from survey_kit.responses.read import ReadOptions
from survey_kit.responses.readers.not_answers import (
    without_empty_rows,
    without_label_row,
    without_repeated_headers,
    without_words_for_nothing,
)
from survey_kit.responses.readers.text_table import TextTable


@dataclass(frozen=True, eq=False)
class Understood:
    """A table whose columns are known.

    name
        Of the sheet or file; "" where there is but one.
    uses
        (k,) what each column is.
    cells
        (n, k) text; columns numbered from 0, the index being the number each row had in the file.
    id_column
        Position of the column that names the interview; None where there is none.
    named_by_study
        Whether a person said that it is that column.
    """

    name: str
    uses: tuple[ColumnUse, ...]
    cells: pd.DataFrame
    id_column: int | None
    named_by_study: bool = False
    notes: tuple[str, ...] = ()

    def metadata(self, *names: str) -> pd.Series | None:
        """(n,) the first column of these names that there is."""
        found = {use.key: use.position for use in self.uses if use.role is Role.METADATA}
        place = next((found[name] for name in names if name in found), None)
        return None if place is None else self.cells[place].str.strip()

    def column(self, name: str) -> pd.Series | None:
        """(n,) the column of this name, unless it holds answers."""
        for use in self.uses:
            if without_byte_order_mark(use.column) == name and not use.code and use.position >= 0:
                free = use.role in {Role.UNMATCHED, Role.METADATA, Role.IGNORED}
                return self.cells[use.position].str.strip() if free else None
        return None

    @property
    def rows(self) -> NDArray[np.int64]:
        """(n,) the number that each row had in the file, from 0."""
        return self.cells.index.to_numpy(dtype=np.int64)


def uses_of(
    table: TextTable, questionnaire: Questionnaire, options: ReadOptions, repeat: str | None
) -> tuple[ColumnUse, ...]:
    """What each column of a table is; the study's word on columns holds where it has them."""
    declared: Mapping[str, str] = {
        column: key
        for column, key in options.columns.items()
        if _stands_in(key, repeat, questionnaire)
    }
    spelt = [
        column if column in options.ignore or column in declared else instead
        for column, instead in zip(table.header, table.spelt or table.header, strict=True)
    ]
    found = match_columns(
        spelt, questionnaire, declared=declared, ignore=options.ignore, repeat=repeat
    )
    found = [replace(use, column=table.header[use.position]) for use in found]
    if repeat is None or "interview" not in map(without_byte_order_mark, table.header):
        return tuple(found)
    levels = repeat_levels(questionnaire, repeat)[1:]
    places = {each for name in levels for each in (name, f"{name}_position")}
    return tuple(
        replace(use, role=Role.METADATA, key=PLACE_IN_A_REPEAT, stage=EXACT, what="")
        if use.role is Role.UNMATCHED and use.column in places
        else use
        for use in found
    )


def _stands_in(key: str, repeat: str | None, questionnaire: Questionnaire) -> bool:
    item = questionnaire.by_key.get(key)
    return item is not None and (item.repeats[-1] if item.repeats else None) == repeat


def understand(
    table: TextTable,
    uses: tuple[ColumnUse, ...],
    questionnaire: Questionnaire,
    options: ReadOptions,
    words: frozenset[str],
) -> Understood:
    """A table without its empty rows, repeated headers, rows of labels and `words` for nothing."""
    cells, empty = without_empty_rows(table.cells)
    cells, repeated = without_repeated_headers(cells, table.header)
    labels: list[str] = []
    nothing: list[str] = []
    if len(cells):
        cells, labels = without_label_row(cells, uses, questionnaire)
    if len(cells):
        cells, nothing = without_words_for_nothing(cells, uses, questionnaire, words)
    notes = (*table.notes, *empty, *repeated, *labels, *nothing)
    position = id_column(uses, options)
    by_study = position is not None and options.interview is not None
    return Understood(table.name, uses, cells, position, by_study, notes)


def nested(
    table: TextTable,
    uses: tuple[ColumnUse, ...],
    rows: NDArray[np.int64],
    questionnaire: Questionnaire,
    words: frozenset[str],
) -> Understood:
    """Some rows of a table of a nested file, where a row with nothing in it is a row all the same."""
    cells: pd.DataFrame = table.cells.take(rows)
    nothing: list[str] = []
    if len(cells) and cells.shape[1]:
        cells, nothing = without_words_for_nothing(cells, uses, questionnaire, words)
    return Understood(table.name, uses, cells, None, notes=(*table.notes, *nothing))


def id_column(uses: Sequence[ColumnUse], options: ReadOptions) -> int | None:
    """Position of the column that names the interview."""
    if options.interview is not None:
        named = (
            use.position
            for use in uses
            if options.interview in {use.column, without_byte_order_mark(use.column)}
        )
        return next(named, None)
    found = {use.key: use.position for use in uses if use.role is Role.METADATA}
    return next((found[name] for name in INTERVIEW_IDS if name in found), None)


def roles(uses: Sequence[ColumnUse]) -> dict[Role, int]:
    """How many columns are what."""
    found = Counter(use.role for use in uses)
    return {role: found[role] for role in Role}
