"""What a workbook says beside its values: hidden rows, merged cells, formulas.

Whoever keeps a log in a workbook looks at a part of it: a filter leaves rows out, cells are merged,
and a formula shows what it comes to. All of that lies in the file, so all of it is read, and what
was not to be seen is told apart, for whoever applies the log to judge.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING

from survey_kit.errors import FileProblem
from survey_kit.responses.archive import open_archive
from survey_kit.responses.readers.text_table import MOST_ENTRIES_OF_A_WORKBOOK

if TYPE_CHECKING:
    from collections.abc import Generator
    from xml.etree.ElementTree import Element
    from zipfile import ZipFile

MOST_UNPACKED = 300 * 1024 * 1024
"""Bytes of all parts of a log together: one of 100,000 rows has a tenth of it."""

BLOCK = re.compile(r"\$?([A-Z]+)\$?([0-9]+):\$?([A-Z]+)\$?([0-9]+)")
YES = frozenset({"1", "true"})


@dataclass(frozen=True)
class Block:
    """Cells that are merged over several rows; rows are numbered from 1, columns from 0."""

    first: int
    last: int
    columns: range


@dataclass
class Facts:
    """What the part of a sheet says beside its values.

    hidden_rows
        The numbers of rows that are hidden, by hand or by a filter.
    merged
        The blocks of cells that are merged over several rows: only the first holds a text.
    formulas
        How many cells are formulas. What they came to when the file was saved is what is read.
    """

    hidden_rows: set[int] = field(default_factory=set[int])
    merged: list[Block] = field(default_factory=list[Block])
    formulas: int = 0


def facts_of_sheets(path: Path) -> dict[str, Facts]:
    """Name of a sheet -> what its part of the file says beside its values.

    Raises
    ------
    FileProblem
        If it would unpack to more than any log needs, has a DOCTYPE, or a formula that was never
        worked out.
    """
    with open_archive(path, most_entries=MOST_ENTRIES_OF_A_WORKBOOK) as archive:
        parts = {part.filename: part.file_size for part in archive.infolist()}
        unpacked = sum(parts.values())
        if unpacked > MOST_UNPACKED:
            raise FileProblem(
                path.name,
                f"the workbook would unpack to {unpacked // 1024**2:,} MB",
                "No log needs that: copy its rows into a new workbook",
            )
        _refuse_doctypes(path.name, archive)
        found: dict[str, Facts] = {}
        for sheet, part in _parts_of_sheets(path.name, archive):
            if part in parts:
                with archive.open(part) as opened:
                    found[sheet] = _of_sheet(opened, path.name, sheet)
        return found


def _refuse_doctypes(file: str, archive: ZipFile) -> None:
    """Look at the beginning of every part: what follows a DOCTYPE may be anything."""
    for name in archive.namelist():
        if name.endswith((".xml", ".rels")):
            with archive.open(name) as opened:
                next(_elements(opened, file, event="start"), None)


def _parts_of_sheets(file: str, archive: ZipFile) -> Iterator[tuple[str, str]]:
    book = next(name for name in archive.namelist() if name.endswith("xl/workbook.xml"))
    folder, name = posixpath.split(book)
    with archive.open(f"{folder}/_rels/{name}.rels") as opened:
        targets = {
            element.get("Id", ""): element.get("Target", "")
            for tag, element in _elements(opened, file)
            if tag == "Relationship"
        }
    with archive.open(book) as opened:
        for tag, element in _elements(opened, file):
            if tag == "sheet":
                of_it = next(text for key, text in element.attrib.items() if key.endswith("}id"))
                target = targets[of_it]
                part = target[1:] if target.startswith("/") else posixpath.join(folder, target)
                yield element.get("name", ""), part


def _of_sheet(opened: IO[bytes], file: str, sheet: str) -> Facts:
    found = Facts()
    for tag, element in _elements(opened, file):
        if tag == "row":
            _of_row(element, found, f"{file}, sheet {sheet}")
            element.clear()
        elif tag == "mergeCell" and (ends := BLOCK.fullmatch(element.get("ref", ""))):
            first, last = int(ends[2]), int(ends[4])
            if first < last:
                columns = range(_position(ends[1]), _position(ends[3]) + 1)
                found.merged.append(Block(first, last, columns))
    return found


def _position(letters: str) -> int:
    """The position of a column from 0: of "A" 0, of "AA" 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _of_row(element: Element, found: Facts, where: str) -> None:
    if element.get("hidden") in YES and element.get("r"):
        found.hidden_rows.add(int(element.get("r", "0")))
    for cell in element:
        inside = {each.tag.rpartition("}")[2]: each for each in cell}
        if "f" not in inside:
            continue
        found.formulas += 1
        value = inside.get("v")
        worked_out = (value is not None and value.text) or cell.get("t") == "str" or "is" in inside
        if not worked_out:
            raise FileProblem(
                f"{where}, cell {cell.get('r', '')}",
                "a formula stands here, but not what it comes to",
                "Open the workbook in a spreadsheet program and save it, or write the value",
            )


def _elements(opened: IO[bytes], file: str, *, event: str = "end") -> Iterator[tuple[str, Element]]:
    """The elements of a document as they end (or start), each with its tag; a DOCTYPE is refused."""
    from defusedxml.ElementTree import iterparse

    with _without_doctype(file):
        for _, element in iterparse(opened, events=(event,), forbid_dtd=True):
            yield element.tag.rpartition("}")[2], element


@contextmanager
def _without_doctype(file: str) -> Generator[None]:
    from defusedxml.common import DefusedXmlException

    try:
        yield
    except DefusedXmlException as error:
        raise FileProblem(
            file,
            "a part of the workbook has a DOCTYPE, which no spreadsheet writes",
            "Ask for the file again: this one was tampered with",
        ) from error
