"""A zip of CSV files as ODK Central exports it, with the choices split.

Facts from central-backend (lib/data/briefcase.js): ``group-question`` as a name, a position in four
columns, 0 or 1 for each choice (0 even where nothing was asked), a file ``form-repeat.csv`` for
each repeat whose `KEY` is the place of the row, ``uuid:.../group/member[2]``, and whose
`PARENT_KEY` is that of the interview or of the row around it.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import numpy as np
import pandas as pd

from survey_kit.questionnaire.model import Question
from survey_kit.questionnaire.question_type import Storage
from survey_kit.questionnaire.words import as_file_name
from survey_kit.responses.as_text import as_text
from survey_kit.responses.exported import (
    ExportColumn,
    ExportTable,
    lines,
    path_between,
    question_columns,
    rows_above,
    same_column,
    text_column,
)
from survey_kit.responses.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from survey_kit.questionnaire.model import Node
    from survey_kit.responses.model import Responses

FIXED_TIME = (1980, 1, 1, 0, 0, 0)
NEEDS_QUOTES = frozenset('",\n\r')


class Central:
    """How Central spells columns."""

    between = "-"
    joined_position = False

    def part(self, groups: Sequence[str], name: str, part: str) -> str:
        """``group-place-Latitude``."""
        return "-".join((*groups, name, part.capitalize()))

    def chosen(self, made: NDArray[np.bool_], answered: NDArray[np.bool_]) -> NDArray[np.int32]:
        """0 wherever the choice was not made, asked or not."""
        del answered
        return made.astype(np.int32)


def central_tables(responses: Responses) -> dict[str, ExportTable]:
    """Name of the file -> its table: the interviews, then each repeat, the outer ones first."""
    questionnaire = responses.questionnaire
    keys: dict[str | None, list[str]] = {
        None: [f"uuid:{interview}" for interview in responses.frame.index]
    }
    places = _places(questionnaire.nodes, ())
    called = Counter(questionnaire.repeats[name][0].name for name in responses.repeats)
    met: Counter[str] = Counter()
    stem = as_file_name(questionnaire.name)
    tables = {f"{stem}.csv": _interviews(responses, keys[None])}
    for name in responses.repeats:
        outer, above = rows_above(responses, name)
        path = places.get(name, (name,))
        inner = path[len(places.get(outer, ())) :] if outer is not None else path
        numbers = responses.repeats[name].frame.index.get_level_values(-1)
        parents: list[str] = [keys[outer][int(row)] for row in above]
        keys[name] = [
            f"{parent}/{'/'.join(inner)}[{number}]"
            for parent, number in zip(parents, numbers, strict=True)
        ]
        short = questionnaire.repeats[name][0].name
        met[short] += 1
        number = f"~{met[short]}" if called[short] > 1 else ""
        columns = (
            *question_columns(responses, name, Central(), path_between),
            text_column("PARENT_KEY", parents),
            text_column("KEY", keys[name]),
        )
        file = f"{stem}-{short}{number}.csv"
        tables[file] = ExportTable(name, len(parents), columns)
    return tables


def write_central(responses: Responses, path: Path, *, about: str = "") -> tuple[str, ...]:
    """The zip; `about` is what a README.txt in it says."""
    with ZipFile(path, "w", ZIP_DEFLATED, compresslevel=1) as archive:
        if about:
            archive.writestr(_entry("README.txt"), about.encode())
        for name, table in central_tables(responses).items():
            with archive.open(_entry(name), "w") as file:
                header = ",".join(_quoted(column.name) for column in table.columns)
                file.write(f"{header}\n".encode())
                for block in lines(table, _quoted, "", ","):
                    file.write("".join(f"{line}\n" for line in block).encode())
    return ()


def _interviews(responses: Responses, keys: list[str]) -> ExportTable:
    rows, meta = len(responses), responses.meta
    submitted = meta.get("submitted", pd.Series(pd.NaT, index=responses.frame.index))
    version = meta.get("version", pd.Series("", index=responses.frame.index, dtype="str"))
    columns: tuple[ExportColumn, ...] = (
        text_column("SubmissionDate", as_text(submitted, Storage.DATETIME)),
        *question_columns(responses, None, Central(), lambda item: item.path),
        text_column("meta-instanceID", keys),
        text_column("KEY", keys),
        *(same_column(name, "", rows) for name in ("SubmitterID", "SubmitterName")),
        *(same_column(name, "0", rows) for name in ("AttachmentsPresent", "AttachmentsExpected")),
        *(same_column(name, "", rows) for name in ("Status", "ReviewState", "DeviceID")),
        same_column("Edits", "0", rows),
        text_column("FormVersion", version.fillna("")),
    )
    return ExportTable("", rows, columns)


def _places(nodes: tuple[Node, ...], path: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Name of a repeat -> the names of the groups and repeats down to it, itself last."""
    found: dict[str, tuple[str, ...]] = {}
    for node in nodes:
        if isinstance(node, Question):
            continue
        here = (*path, node.name)
        found[node.name] = here
        found |= _places(node.nodes, here)
    return found


def _quoted(text: str) -> str:
    if NEEDS_QUOTES.isdisjoint(text):
        return text
    return '"' + text.replace('"', '""') + '"'


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, FIXED_TIME)
    entry.compress_type = ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry


def _write(responses: Responses, path: Path, language: str) -> tuple[str, ...]:
    del language
    return write_central(responses, path)


CENTRAL = Writer(name="central", suffix=".zip", write=_write)
