"""A cleaned file written from the raw one: every byte of a CSV file that need not change stays.

A table is not written anew. In a CSV file the few cells that change are replaced where they stand,
and the lines of interviews that go are left out; a workbook is opened and saved with other values
in those cells. A file in which nothing changes is copied.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from survey_kit.cleaning.clean_file import Cleaned
from survey_kit.cleaning.raw_file import ARCHIVE, CSV, PACKAGE, WORKBOOK, RawFile, Sheet, is_table
from survey_kit.cleaning.raw_package import write_package
from survey_kit.cleaning.raw_workbook import write_workbook
from survey_kit.errors import FileProblem, UsageError
from survey_kit.responses.archive import open_archive
from survey_kit.responses.readers.encoding import encoding_of
from survey_kit.responses.readers.text_table import SEPARATORS, TOLD
from survey_kit.responses.writer import path_of_repeat

CODECS: Mapping[bytes, str] = {
    b"\xef\xbb\xbf": "utf-8",
    b"\xff\xfe\0\0": "utf-32-le",
    b"\0\0\xfe\xff": "utf-32-be",
    b"\xff\xfe": "utf-16-le",
    b"\xfe\xff": "utf-16-be",
}
SUFFIXES: Mapping[str, tuple[str, ...]] = {
    CSV: (".csv", ".tsv", ".tab", ".psv", ".txt"),
    WORKBOOK: (".xlsx", ".xlsm"),
    ARCHIVE: (".zip",),
}


@dataclass(frozen=True)
class TableChange:
    """What changes in one table.

    cells
        (row, column) -> text, both from 0.
    rows
        The rows that go.
    columns
        Name of a new column -> row -> text.
    """

    cells: Mapping[tuple[int, int], str]
    rows: frozenset[int]
    columns: Mapping[str, Mapping[int, str]]

    def __bool__(self) -> bool:
        return bool(self.cells or self.rows or self.columns)


def change_of(cleaned: Cleaned, number: int) -> TableChange:
    """What changes in one of the tables of the raw file."""
    sheet = cleaned.raw.sheets[number]
    gone = set(cleaned.removed)
    return TableChange(
        cells={
            (edit.cell.row, edit.cell.column): edit.new
            for edit in cleaned.edits
            if edit.cell.sheet == number
        },
        rows=frozenset(row for row, who in enumerate(sheet.interview) if who and who in gone),
        columns={each.name: each.texts for each in cleaned.new_columns if each.sheet == number},
    )


def check_same_shape(cleaned_shape: str, raw: Path, out: Path) -> None:
    """Refuse a name for the cleaned file that says another format than the raw file is in.

    Raises
    ------
    UsageError
        If the two are of different formats.
    """
    known = (raw.suffix.lower(),) if cleaned_shape == PACKAGE else SUFFIXES.get(cleaned_shape, ())
    if known and out.suffix.lower() not in known:
        raise UsageError(
            str(out),
            f"the cleaned file keeps the format of the raw one, and that is {raw.suffix}",
            f"Name it {out.stem}{raw.suffix}",
        )


def write_cleaned(cleaned: Cleaned, out: Path) -> tuple[str, ...]:
    """Write the cleaned file; the rows of repeats go beside it where they lie beside the raw one.

    Returns
    -------
    tuple
        What of the raw file is not kept, beside what the log changes.

    Raises
    ------
    FileProblem
        If the raw file cannot be kept as it is: it changed meanwhile, or is in no plain CSV.
    """
    raw = cleaned.raw
    changes = [change_of(cleaned, number) for number in range(len(raw.sheets))]
    notes: list[str] = []
    match raw.shape:
        case "csv":
            for number, (sheet, change) in enumerate(zip(raw.sheets, changes, strict=True)):
                content = (sheet.file or raw.path).read_bytes()
                target = out if sheet.repeat is None else path_of_repeat(out, sheet.repeat)
                target.write_bytes(changed_csv(content, raw, number, change))
        case "xlsx":
            if any(changes):
                pairs = zip(raw.sheets, changes, strict=True)
                notes += write_workbook(raw.path, out, [(s, c) for s, c in pairs if c])
            else:
                shutil.copyfile(raw.path, out)
        case "package":
            for sheet, change in zip(raw.sheets, changes, strict=True):
                target = out if sheet.repeat is None else path_of_repeat(out, sheet.repeat)
                notes += write_package(sheet.file or raw.path, target, sheet, change, raw.form)
        case "zip":
            _write_archive(raw, out, changes)
        case _:
            _write_folder(raw, out, changes)
    return tuple(notes)


def _write_archive(raw: RawFile, out: Path, changes: Sequence[TableChange]) -> None:
    numbers = {sheet.name: number for number, sheet in enumerate(raw.sheets)}
    with open_archive(raw.path) as archive, ZipFile(out, "w", ZIP_DEFLATED) as made:
        for entry in archive.infolist():
            content = archive.read(entry)
            number = numbers.get(PurePosixPath(entry.filename).name)
            if number is not None and is_table(entry.filename):
                content = changed_csv(content, raw, number, changes[number])
            copy = ZipInfo(entry.filename, entry.date_time)
            copy.compress_type, copy.external_attr = ZIP_DEFLATED, entry.external_attr
            made.writestr(copy, content)


def _write_folder(raw: RawFile, out: Path, changes: Sequence[TableChange]) -> None:
    numbers = {sheet.name: number for number, sheet in enumerate(raw.sheets)}
    out.mkdir(parents=True, exist_ok=True)
    for file in sorted(each for each in raw.path.iterdir() if each.is_file()):
        number = numbers.get(file.name)
        if number is not None:
            content = changed_csv(file.read_bytes(), raw, number, changes[number])
            (out / file.name).write_bytes(content)
        elif not file.name.startswith(("~$", ".")):
            shutil.copyfile(file, out / file.name)


def changed_csv(content: bytes, raw: RawFile, number: int, change: TableChange) -> bytes:
    """A CSV file with some cells, rows and columns other than they were, and nothing else.

    Raises
    ------
    FileProblem
        If its cells do not stand where they were read.
    """
    if not change:
        return content
    sheet = raw.sheets[number]
    name = sheet.name or raw.path.name
    codec, mark = _codec(content, raw, name)
    text = content[len(mark) :].decode(codec)
    told = TOLD.match(text.partition("\n")[0])
    start = text.index("\n") + 1 if told else 0
    separator = told[1] if told else _separator(text, sheet)
    pieces = [text[:start]]
    by_row: dict[int, dict[int, str]] = {}
    for (row, column), new in change.cells.items():
        by_row.setdefault(row, {})[column] = new
    line = -2
    for record in _records(text, start, separator):
        begin, end = record
        body = text[begin:end].rstrip("\r\n")
        tail = text[begin + len(body) : end]
        if not body:
            pieces.append(tail)
            continue
        line += 1
        if line in change.rows:
            continue
        changed = _changed_line(body, line, sheet, by_row.get(line, {}), separator, name)
        pieces += (_with_columns(changed, line, change, separator), tail)
    if line + 1 != len(sheet.cells):
        raise _moved(name)
    return mark + "".join(pieces).encode(codec)


def _changed_line(  # noqa: PLR0917 - one line and all that is known of it
    body: str, number: int, sheet: Sheet, wanted: Mapping[int, str], separator: str, name: str
) -> str:
    if wanted:
        fields = list(_fields(body, separator))
        if len(fields) != len(sheet.header):
            raise _moved(name)
        for column, text in wanted.items():
            if _unquoted(fields[column]) != sheet.text(number, column):
                raise _moved(name)
            fields[column] = _quoted(text, separator, quoted=fields[column].startswith('"'))
        body = separator.join(fields)
    return body


def _with_columns(body: str, number: int, change: TableChange, separator: str) -> str:
    for title, texts in change.columns.items():
        cell = title if number == -1 else texts.get(number, "")
        body += separator + _quoted(cell, separator, quoted=False)
    return body


def _codec(content: bytes, raw: RawFile, name: str) -> tuple[str, bytes]:
    """How the letters are written, and the mark that says so, which stays."""
    for mark, codec in CODECS.items():
        if content.startswith(mark):
            return codec, mark
    encoding, _ = encoding_of(lambda: BytesIO(content), name, named=raw.encoding, form=raw.form)
    return encoding, b""


def _separator(text: str, sheet: Sheet) -> str:
    header = [name.strip() for name in sheet.header]
    for separator in SEPARATORS:
        begin, end = next(_records(text, 0, separator), (0, 0))
        fields = _fields(text[begin:end].rstrip("\r\n"), separator)
        if [_unquoted(field).strip() for field in fields] == header:
            return separator
    raise _moved(sheet.name or "the raw file")


def _records(text: str, start: int, separator: str) -> Iterator[tuple[int, int]]:
    """The lines of a CSV text, with their ends; a quoted cell may hold line breaks."""
    cell = _cell_pattern(separator)
    record = re.compile(rf"(?:{cell})(?:{re.escape(separator)}(?:{cell}))*+(?:\r\n|\n|\r|$)")
    at = start
    while at < len(text):
        found = record.match(text, at)
        if found is None or found.end() == at:
            raise _moved("the raw file")
        yield at, found.end()
        at = found.end()


def _fields(body: str, separator: str) -> Iterator[str]:
    cell = re.compile(_cell_pattern(separator))
    at = 0
    while True:
        found = cell.match(body, at)
        if found is None:
            return
        yield found[0]
        if found.end() >= len(body):
            return
        at = found.end() + 1


def _cell_pattern(separator: str) -> str:
    plain = rf"[^{re.escape(separator)}\r\n]*+"
    return rf'(?:"(?:[^"]|"")*+"{plain}|{plain})'


def _unquoted(field: str) -> str:
    if not field.startswith('"'):
        return field
    end = len(field) - 1 - field[::-1].index('"')
    return field[1:end].replace('""', '"') + field[end + 1 :]


def _quoted(text: str, separator: str, *, quoted: bool) -> str:
    needs = any(sign in text for sign in (separator, '"', "\r", "\n")) or text != text.strip()
    return '"' + text.replace('"', '""') + '"' if quoted or needs else text


def _moved(name: str) -> FileProblem:
    return FileProblem(
        name,
        "its cells do not stand where they were read",
        "Export it again, as CSV with a line for each interview",
    )
