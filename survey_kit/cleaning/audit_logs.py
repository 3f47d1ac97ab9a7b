"""Audit logs of ODK: what a device noted while an interview was held, one ``audit.csv`` each.

Collect and KoboCollect write a line for every screen: event, node, start and end in milliseconds,
and where the form asks for it the answer before and after. They come as a folder or zip with a
folder for each interview, or as one table with the column "instance ID" (Central). Answers and
positions in them are not kept: only whether an answer was changed.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

import numpy as np
import pandas as pd

from survey_kit.errors import FileProblem
from survey_kit.responses.archive import open_archive

UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
NOTHING = ("", "NA", "NULL")
"""What stands where there is no value; R writes NA."""
EVENTS = ("interview", "event", "node", "question", "start", "end", "changed")
IDS = ("instance id", "instanceid", "instance_id", "uuid", "_uuid")


@dataclass(frozen=True, eq=False)
class Audits:
    """What devices noted.

    events
        One row a line of a log, by interview and in the order of the log: "interview" (text,
        without "uuid:"), "event", "node" (the path), "question" (its last part), "start" and
        "end" (float64, milliseconds since 1970, NaN where there is none) and "changed" (bool).
    interviews
        Interviews that have a log, also an empty one.
    notes
        What was not read, in words.
    """

    events: pd.DataFrame
    interviews: tuple[str, ...]
    notes: tuple[str, ...] = ()


def read_audits(path: Path) -> Audits:
    """The audit logs in a zip, in a folder, or in one table.

    Raises
    ------
    FileProblem
        If there is no such file, it cannot be read, or there is no audit log in it.
    """
    if not path.exists():
        raise FileProblem(path.name, "there is no such file or folder", "Check the name")
    rows: list[tuple[str, str, str, str, float, float, bool]] = []
    interviews: dict[str, None] = {}
    notes: list[str] = []
    for name, lines in _files(path):
        try:
            found = _log(lines, name)
        except (csv.Error, UnicodeDecodeError):
            notes.append(f"{name} cannot be read as a table")
            continue
        if found is None:
            continue
        if isinstance(found, str):
            interviews[found] = None
            continue
        rows.extend(found)
        interviews.update(dict.fromkeys(row[0] for row in found))
    if not interviews:
        raise FileProblem(
            path.name,
            "there is no audit log in it",
            "Name a folder or zip with a file audit.csv for each interview, "
            "or a table with the columns instance ID, event, node, start and end",
        )
    events = pd.DataFrame(rows, columns=list(EVENTS))
    return Audits(_typed(events), tuple(interviews), tuple(notes))


def _typed(events: pd.DataFrame) -> pd.DataFrame:
    kinds = dict.fromkeys(("interview", "event", "node", "question"), "str")
    ordered = events.astype({**kinds, "start": np.float64, "end": np.float64, "changed": np.bool_})
    return ordered.sort_values("interview", kind="stable", ignore_index=True)


def _files(path: Path) -> Iterator[tuple[str, Iterable[str]]]:
    """Each CSV file: its path, and its lines."""
    if path.is_dir():
        for file in sorted(path.rglob("*.csv")):
            with file.open("rb") as stream:
                yield str(PurePosixPath(*file.relative_to(path.parent).parts)), _lines(stream)
    elif path.suffix.lower() == ".zip":
        with open_archive(path) as archive:
            for entry in sorted(archive.namelist()):
                if entry.lower().endswith(".csv"):
                    with archive.open(entry) as stream:
                        yield entry, _lines(stream)
    else:
        with path.open("rb") as stream:
            yield path.name, _lines(stream)


def _lines(stream: IO[bytes]) -> Iterable[str]:
    return io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")


def _log(
    lines: Iterable[str], name: str
) -> list[tuple[str, str, str, str, float, float, bool]] | str | None:
    """The rows of a log; of an empty one its interview; None where it is no audit log."""
    reader = csv.reader(lines)
    first = next(reader, list[str]())
    header = {_plain(cell): place for place, cell in enumerate(first)}
    if not {"event", "node", "start", "end"} <= set(header):
        return None
    own = next((header[each] for each in IDS if each in header), None)
    whose = "" if own is not None else _interview(name)
    if own is None and not whose:
        return None
    before, after = header.get("old value"), header.get("new value")
    event, node, start, end = (header[each] for each in ("event", "node", "start", "end"))
    found: list[tuple[str, str, str, str, float, float, bool]] = []
    for cells in reader:
        if len(cells) <= max(event, node, start, end):
            continue
        found.append(
            (
                _without_prefix(cells[own]) if own is not None else whose,
                cells[event].strip(),
                cells[node],
                _question(cells[node]),
                _moment(cells[start]),
                _moment(cells[end]),
                _changed(cells, before, after),
            )
        )
    return found or whose or None


def _plain(cell: str) -> str:
    """A column's name; R writes old.value for old-value."""
    return cell.strip().strip('"').casefold().replace("-", " ").replace(".", " ")


def _interview(name: str) -> str:
    """The interview that the path of a log names: the last UUID in it, or the folder's name.

    >>> _interview("attachments/6da141a9-83fd-41d2-8a4c-d1898bbc5b3e/audit.csv")
    '6da141a9-83fd-41d2-8a4c-d1898bbc5b3e'
    >>> _interview("media/interview 12/audit.csv")
    'interview 12'
    """
    ids = UUID.findall(name)
    if ids:
        return str(ids[-1])
    path = PurePosixPath(name)
    if "audit" in path.stem.casefold():
        return _without_prefix(path.parent.name)
    return ""


def _without_prefix(interview: str) -> str:
    return interview.strip().removeprefix("uuid:")


def _question(node: str) -> str:
    """The question at the end of a path: ``/data/roster[2]/age`` -> ``age``."""
    last = node.rsplit("/", 1)[-1]
    return "" if last in NOTHING else last.split("[", 1)[0]


def _moment(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return np.nan


def _changed(cells: list[str], before: int | None, after: int | None) -> bool:
    """Whether the line replaces an answer by another."""
    if before is None or after is None or len(cells) <= max(before, after):
        return False
    old, new = cells[before], cells[after]
    return old not in NOTHING and new not in NOTHING and old != new
