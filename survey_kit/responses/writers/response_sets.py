"""Multiple-response sets of an SPSS file: the columns of one question's choices, as one thing.

SPSS tabulates a set (CTABLES, MULT RESPONSE) with the people who chose anything as its base. A set
is a line in an extension record of the file's dictionary, of type 7 and subtype 7:

    $water=D1 1 11 Which water water_1 water_2⏎

D for columns of two values, the counted value with its length, the label with its length in bytes,
and the short names of the columns. pyreadstat reads that record and cannot write it, so it is put
into the finished file, before the record (999) that ends the dictionary. The layout is that of
"System File Format" in the developers' manual of PSPP.
"""

from __future__ import annotations

import shutil
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from survey_kit.errors import FileProblem

HEADER = 176
VARIABLE, LABELS, OF_VARIABLES, DOCUMENTS, EXTENSION, END = 2, 3, 4, 6, 7, 999
SETS, LONG_NAMES = 7, 13
DOCUMENT_LINE = 80
NAME_AND_FORMATS = 28
"""Bytes of a variable's record after its number: five numbers of four and a name of eight."""


@dataclass(frozen=True)
class ResponseSet:
    """The choices of one question, each a column in which `counted` means chosen.

    `name` begins with ``$``; `columns` are the long names that they have in the file.
    """

    name: str
    label: str
    columns: tuple[str, ...]
    counted: str = "1"


def add_response_sets(path: Path, sets: Sequence[ResponseSet]) -> None:
    """Put sets into a finished .sav file; the file is replaced once all is written.

    Raises
    ------
    FileProblem
        If the file's dictionary is not one of SPSS.
    """
    if not sets:
        return
    beside = path.with_name(f".{path.name}.sets")
    with path.open("rb") as old, beside.open("wb") as new:
        end, short = _dictionary(old, path.name)
        old.seek(0)
        new.write(old.read(end))
        new.write(record_of(sets, short))
        shutil.copyfileobj(old, new)
    beside.replace(path)


def record_of(sets: Sequence[ResponseSet], short: Mapping[str, str]) -> bytes:
    r"""The bytes of the record; `short` gives the short name of a column where it has another.

    >>> record_of([ResponseSet("$w", "Water", ("w_1", "w_2"))], {})[16:]
    b'$w=D1 1 5 Water w_1 w_2\n'
    """
    lines = [
        f"{each.name}=D{len(each.counted)} {each.counted} {len(each.label.encode())} {each.label} "
        + " ".join(short.get(name, name).lower() for name in each.columns)
        for each in sets
    ]
    text = "".join(f"{line}\n" for line in lines).encode()
    return struct.pack("<4i", EXTENSION, SETS, 1, len(text)) + text


def _dictionary(file: BinaryIO, name: str) -> tuple[int, dict[str, str]]:
    """Where the dictionary ends, and long name -> short name."""
    try:
        file.seek(HEADER)
        short: dict[str, str] = {}
        while True:
            start = file.tell()
            (kind,) = struct.unpack("<i", file.read(4))
            if kind == END:
                return start, short
            content = _record(file, kind)
            if content is None:
                break
            pairs = (pair.partition("=") for pair in content.decode().split("\t") if pair)
            short |= {long.rstrip("\0"): brief for brief, _, long in pairs}
    except (struct.error, UnicodeDecodeError) as error:
        raise FileProblem(name, "its dictionary is cut short", "Write it again") from error
    raise FileProblem(name, "its dictionary is not one of SPSS", "Write it again")


def _record(file: BinaryIO, kind: int) -> bytes | None:
    """Pass over one record; the content of that of long names, None for one that is unknown."""
    if kind == VARIABLE:
        _, has_label, missing, *_ = struct.unpack("<5i8s", file.read(NAME_AND_FORMATS))
        if has_label:
            (length,) = struct.unpack("<i", file.read(4))
            file.seek(length + -length % 4, 1)
        file.seek(8 * abs(missing), 1)
    elif kind == LABELS:
        (count,) = struct.unpack("<i", file.read(4))
        for _ in range(count):
            length = file.read(9)[8]
            file.seek(length + -(length + 1) % 8, 1)
    elif kind in {OF_VARIABLES, DOCUMENTS}:
        (count,) = struct.unpack("<i", file.read(4))
        file.seek(count * (4 if kind == OF_VARIABLES else DOCUMENT_LINE), 1)
    elif kind == EXTENSION:
        subtype, size, count = struct.unpack("<3i", file.read(12))
        content = file.read(size * count)
        return content if subtype == LONG_NAMES else b""
    else:
        return None
    return b""
