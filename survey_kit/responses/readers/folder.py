"""CSV files that belong together: Central's zip, or a folder with a file for each repeat.

Raw submissions are preferred wherever there are any, since they know more: a folder or zip that
holds XML is left to the reader of submissions.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile

from survey_kit.errors import FileProblem
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.responses.archive import open_archive
from survey_kit.responses.assemble import listed
from survey_kit.responses.model import Responses
from survey_kit.responses.read import Reader, ReadOptions
from survey_kit.responses.readers.encoding import Opened
from survey_kit.responses.readers.flat import SUFFIXES, export_of, is_csv, with_rows_beside
from survey_kit.responses.readers.names_below import with_names_below
from survey_kit.responses.readers.related import read_export
from survey_kit.responses.readers.text_table import TextTable, read_csv_from
from survey_kit.responses.readers.which_table import sorted_out

MOST_TABLES = 500
NOT_TABLES = frozenset({"audit.csv", "readme.txt"})


@dataclass(frozen=True)
class _Inside:
    """What lies in a folder or zip: its tables, and the suffixes of everything else."""

    tables: dict[str, Opened]
    others: tuple[str, ...]


def _is_tables(path: Path) -> bool | str:
    if path.is_dir():
        if next(path.rglob("*.xml"), None) is not None:
            return False
        return any(_is_table(name.name) for name in path.iterdir() if name.is_file())
    if path.suffix.lower() == ".zip":
        with open_archive(path) as archive:
            names = [PurePosixPath(name) for name in archive.namelist()]
        names = [name for name in names if not _is_attachment(name)]
        if any(name.suffix.lower() == ".xml" for name in names):
            return False
        return any(_is_table(name.name) for name in names)
    return False


def _is_table(name: str) -> bool:
    if name.startswith((".", "~$")) or name.casefold() in NOT_TABLES:
        return False
    return PurePosixPath(name).suffix.lower() in SUFFIXES - {".txt"}


def _is_attachment(name: PurePosixPath) -> bool:
    """Whether an entry is a file that a phone sent along, or what a Mac puts beside files."""
    return "media" in name.parts[:-1] or name.parts[:1] == ("__MACOSX",)


@contextmanager
def _inside(path: Path) -> Generator[_Inside]:
    if path.is_dir():
        files = sorted(file for file in path.iterdir() if file.is_file())
        kept = [file for file in files if _is_table(file.name) and is_csv(file) is True]
        others = tuple(sorted({file.suffix.lower() for file in files if file not in kept}))
        yield _Inside({file.name: partial(file.open, "rb") for file in kept}, others)
        return
    with open_archive(path) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        names = {entry.filename: PurePosixPath(entry.filename) for entry in entries}
        kept = [
            entry
            for entry in entries
            if _is_table(names[entry.filename].name) and not _is_attachment(names[entry.filename])
        ]
        left = {names[entry.filename].suffix.lower() for entry in entries if entry not in kept}
        tables: dict[str, Opened] = {
            names[entry.filename].name: partial(archive.open, entry) for entry in kept
        }
        if len(tables) != len(kept):
            raise FileProblem(
                path.name,
                "two of its CSV files have one name, in different folders",
                "Make an archive of each",
            )
        yield _Inside(tables, tuple(sorted(left)))


def _read(path: Path, questionnaire: Questionnaire, options: ReadOptions) -> Responses:
    with _inside(path) as inside:
        if len(inside.tables) > MOST_TABLES:
            raise FileProblem(
                path.name,
                f"it holds {len(inside.tables)} CSV files, and at most {MOST_TABLES} are read as "
                "tables that belong together",
                "Hand over the folder of one export",
            )
        read = partial(read_csv_from, encoding=options.encoding or "", form=questionnaire)
        tables = [
            with_names_below(_table(name, opened, path.name, read), questionnaire)
            for name, opened in inside.tables.items()
        ]
        others = inside.others
    found = sorted_out(tables, questionnaire, options, path.name, first_is_meant=False)
    kind = "zip of tables" if path.is_file() else "folder of tables"
    export = export_of(found, path.name, kind, "files", questionnaire)
    notes = [f"the interviews were read from '{found.interviews[0].name}'", *export.notes]
    if others:
        kinds = listed([kind or "no suffix" for kind in others])
        notes.append(f"files that are no tables, not read: {kinds}")
    export = with_rows_beside(replace(export, notes=tuple(notes)), questionnaire, options)
    return read_export(export, questionnaire, options)


def _table(
    name: str, opened: Opened, where: str, read: Callable[[Opened, str], TextTable]
) -> TextTable:
    try:
        return replace(read(opened, f"{where}, {name}"), name=name)
    except BadZipFile as error:
        raise FileProblem(f"{where}, {name}", "it is damaged", "Copy the archive again") from error


TABLES = Reader(
    name="csv-tables",
    title="a folder or .zip of .csv files, one of the interviews and one for each repeat",
    recognises=_is_tables,
    read=_read,
)
