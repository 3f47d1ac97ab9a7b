"""How an author laid out a sheet: its headers in their order, and the rows that ask nothing.

`Questionnaire.sheets` keeps both of survey, choices and settings, where they are not what
would be written anyway: first the row of headers, then every remark, disabled row and
further row of settings, each after the number of the row in which it stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from survey_kit.errors import DefinitionError

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_EMPTY_COLUMNS = 20
_MOST_EMPTY_ROWS = 60

Texts = tuple[str, ...]


@dataclass(frozen=True)
class Layout:
    """Headers, and rows that are kept as they are: (number in the sheet, cells)."""

    headers: Texts = ()
    kept: tuple[tuple[int, Texts], ...] = ()

    @classmethod
    def remembered(cls, name: str, rows: Sequence[Texts]) -> Layout:
        """The layout of a sheet as `Questionnaire.sheets` keeps it.

        Raises
        ------
        DefinitionError
            If a kept row does not begin with the number of its row.
        """
        if not rows:
            return cls()
        for row in rows[1:]:
            if not row or not row[0].isdecimal() or int(row[0]) <= 1:
                raise DefinitionError(
                    f"sheet {name}",
                    "a kept row does not begin with the number of its row",
                    "Write first in which row of the sheet it stands, from 2 on",
                )
        return cls(rows[0], tuple((int(row[0]), row[1:]) for row in rows[1:]))

    @property
    def rows(self) -> tuple[Texts, ...]:
        """As `Questionnaire.sheets` keeps it."""
        return (self.headers, *((str(number), *cells) for number, cells in self.kept))


def headers_of(rows: Sequence[Texts]) -> Texts:
    """The headers in the first row; "" where a column has none but holds something.

    As pyxform has it, the sheet ends where more than twenty columns in a row have none.
    """
    if not rows:
        return ()
    headers: list[str] = []
    empty = 0
    width = max(len(row) for row in rows)
    for text in (*rows[0], *[""] * (width - len(rows[0]))):
        empty = 0 if text else empty + 1
        if empty > _MOST_EMPTY_COLUMNS:
            break
        headers.append(collapsed(text))
    while headers and not headers[-1] and not _holds_anything(rows, len(headers) - 1):
        headers.pop()
    return tuple(headers)


def rows_of(rows: Sequence[Texts], headers: Texts) -> list[tuple[int, Texts]]:
    """The rows under the headers with their numbers, empty ones too, up to where they end.

    As pyxform has it, the sheet ends where more than sixty rows in a row are empty.
    """
    named = [at for at, header in enumerate(headers) if header]
    found: list[tuple[int, Texts]] = []
    last = 0
    for number, row in enumerate(rows[1:], start=2):
        if any(at < len(row) and row[at] for at in named):
            last = number - 1
        elif number - 1 - last > _MOST_EMPTY_ROWS:
            break
        found.append((number, row[: len(headers)]))
    return found[:last]


def collapsed(header: str) -> str:
    """A header as pyxform reads it: spaces that follow each other are one."""
    while "  " in header:
        header = header.replace("  ", " ")
    return header


def _holds_anything(rows: Sequence[Texts], position: int) -> bool:
    return any(len(row) > position and row[position] for row in rows[1:])
