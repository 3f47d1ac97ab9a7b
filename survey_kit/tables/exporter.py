"""A book of tables, and the ways to write one: each an `Exporter` in `tables/exporters/`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from survey_kit.collect import collect
from survey_kit.tables.table import Table


@dataclass(frozen=True)
class Line:
    """One line of the page on method: what it is about, and what is to be known."""

    heading: str
    text: str


@dataclass(frozen=True)
class Book:
    """Protected tables and what a reader must know to read them.

    Raises
    ------
    ValueError
        If a table is not protected, or two share a name: a fault of the program.
    """

    title: str
    tables: tuple[Table, ...]
    method: tuple[Line, ...] = ()
    notice: str = ""

    def __post_init__(self) -> None:
        for table in self.tables:
            if not table.protected:
                raise ValueError(f"table {table.name} is not protected")
        if len({table.name for table in self.tables}) < len(self.tables):
            raise ValueError("two tables of a book share a name")


@dataclass(frozen=True)
class Exporter:
    """One kind of file that a book can be written as."""

    name: str
    suffix: str
    write: Callable[[Book, Path], None]


def exporters() -> dict[str, Exporter]:
    """Every exporter by its name."""
    return collect("survey_kit.tables.exporters", Exporter)
