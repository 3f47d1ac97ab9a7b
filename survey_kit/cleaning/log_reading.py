"""Cleaning logs of any known format, read as corrections: files, folders, several sheets.

What a file was taken for, and each of its columns, is said; a column that could be a
misspelt one is refused, because one that is ignored looks exactly like one that was read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from survey_kit.cleaning.correction import ACTIONS, Action, Correction
from survey_kit.cleaning.correction_log import LOG, verify_log
from survey_kit.cleaning.corrections_file import (
    IGNORE,
    corrections_of_findings,
    findings_from_header,
    refuse_findings_without_decisions,
    reviewed_findings,
)
from survey_kit.cleaning.decided_again import decided_again
from survey_kit.cleaning.duplicates_report import (
    NAME,
    TITLE,
    entries_of_duplicates,
    header_of_duplicates,
)
from survey_kit.cleaning.log_entries import entries_of
from survey_kit.cleaning.log_format import (
    FIELDS,
    SEVERAL,
    Header,
    log_formats,
    misspelt,
    plain_header,
    understood,
)
from survey_kit.cleaning.log_lines import Line, LogTable, log_tables
from survey_kit.cleaning.spelling import did_you_mean
from survey_kit.errors import CorrectionError, Fault, FileProblem
from survey_kit.questionnaire.model import NOTHING, Place, Questionnaire

SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm")
LOCK = "~$"
TOP = 20
"""Within how many rows of a sheet the header is looked for."""
MOST_COLUMNS = 1_000
"""A log has a few; a table with more is one of answers."""
BESIDE = frozenset({"Read me", "By check", "By question", "Codes", "Corrections"})
"""What a quality workbook has beside its findings, for reading: what was applied is in the logs already."""
DELETIONS = re.compile(r"delet|remov|discard|dropp|^drop$", re.IGNORECASE)
"""How a deletion log is called: without such a name, a list of ids removes nobody."""


@dataclass(frozen=True)
class LogOptions:
    """What a person has to say about logs that they do not say themselves.

    columns
        Column of the file -> a field of `log_format.FIELDS`, or "ignore".
    actions
        Word of the file -> change, blank, remove or no action; "" is an empty cell.
    interview
        The column by which the answers name their interviews: logs may call it the same.
    encoding
        That of logs which are text; found out where it is "".
    sheets
        The sheets of workbooks that are logs, hidden ones too; all that can be seen where none
        is named.
    """

    columns: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    actions: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    interview: str | None = None
    encoding: str = ""
    sheets: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReadLog:
    """What one table was taken for.

    columns
        Its column -> the field, for those that were read.
    left
        Its columns that were not.
    broken
        Of a chained log, the first row that is not as it was sealed; 0 where all are.
    sealed_to, seal
        Of a chained log, the hash before its first row and that of its last.
    """

    place: Place
    format: str
    title: str
    columns: Mapping[str, str]
    left: tuple[str, ...]
    entries: int
    broken: int = 0
    sealed_to: str = ""
    seal: str = ""

    def __str__(self) -> str:
        said = ", ".join(f"{theirs} = {ours}" for theirs, ours in self.columns.items())
        left = f"; not read: {', '.join(self.left)}" if self.left else ""
        columns = f" ({said}{left})" if said or left else ""
        return f"{self.place}: {self.title}, {self.entries} entries{columns}"


@dataclass(frozen=True)
class Logs:
    """The entries of all logs in the order of the files, what each was, and what was left out."""

    entries: tuple[Correction, ...]
    read: tuple[ReadLog, ...]
    notes: tuple[str, ...] = ()

    @property
    def broken(self) -> tuple[ReadLog, ...]:
        """The chained logs with a row that is not as it was sealed."""
        return tuple(each for each in self.read if each.broken)


def read_logs(
    paths: Sequence[Path],
    *,
    deletions: Sequence[Path] = (),
    options: LogOptions | None = None,
    form: Questionnaire | None = None,
) -> Logs:
    """Every entry of some logs.

    Parameters
    ----------
    paths
        Files (.csv, .xlsx), or folders of them; lock files of Excel are left alone.
    deletions
        Files of which every row names an interview that is to go, however they are called.
    form
        The questionnaire, whose words tell in which encoding a log is.

    Raises
    ------
    FileProblem
        If a file is missing, empty, damaged, or in no known format of a log.
    CorrectionError
        With every misspelt column, unknown action, row without an interview, and hidden sheet.
    """
    given = options or LogOptions()
    reading = _Reading(given, _actions(given), form)
    found: list[tuple[ReadLog, tuple[Correction, ...]]] = []
    every = [(path, False) for path in _files(paths, reading.notes)]
    every += [(path, True) for path in _files(deletions, reading.notes)]
    for path, removes in every:
        found += _of_file(path, reading, removes=removes)
    if reading.faults:
        raise CorrectionError.from_faults(reading.faults)
    entries = decided_again([entry for _, several in found for entry in several], reading.notes)
    return Logs(entries, tuple(read for read, _ in found), tuple(reading.notes))


def _files(paths: Sequence[Path], notes: list[str]) -> Iterator[Path]:
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        inside = sorted(each for each in path.iterdir() if each.suffix.lower() in SUFFIXES)
        locks = [each.name for each in inside if each.name.startswith(LOCK)]
        notes += [f"{name}: somebody has this file open in Excel; not read" for name in locks]
        logs = [each for each in inside if not each.name.startswith((LOCK, "."))]
        if not logs:
            raise FileProblem(path.name, "there is no log in this folder", "Check the path")
        yield from logs


def _actions(options: LogOptions) -> Mapping[str, Action]:
    wrong = [ours for ours in options.actions.values() if ours not in ACTIONS]
    if wrong:
        raise CorrectionError.from_faults(
            Fault("actions", f"there is no action {ours!r}", did_you_mean(ours, ACTIONS))
            for ours in wrong
        )
    strange = [ours for ours in options.columns.values() if ours not in (*FIELDS, IGNORE)]
    if strange:
        raise CorrectionError.from_faults(
            Fault("columns", f"there is no column {ours!r}", did_you_mean(ours, (*FIELDS, IGNORE)))
            for ours in strange
        )
    return {word.strip().casefold(): ACTIONS[ours] for word, ours in options.actions.items()}


@dataclass
class _Reading:
    """What is gathered while logs are read."""

    options: LogOptions
    stated: Mapping[str, Action]
    form: Questionnaire | None
    faults: list[Fault] = field(default_factory=list[Fault])
    notes: list[str] = field(default_factory=list[str])
    named: set[str] = field(default_factory=set[str])
    """The sheets that were named, and are there."""


def _of_file(
    path: Path, reading: _Reading, *, removes: bool
) -> list[tuple[ReadLog, tuple[Correction, ...]]]:
    tables = _tables(path, reading)
    reviewed = reviewed_findings({each.name: list(each.lines) for each in tables})
    if reviewed:
        _say_what_is_not_seen(path, [t for t in tables if findings_from_header(t.lines)], reading)
        entries = corrections_of_findings(reviewed)
        read = ReadLog(Place(path.name), "reviewed", "reviewed findings", {}, (), len(entries))
        reading.notes += [
            f"{path.name}, sheet {table.name}: not read beside reviewed findings"
            for table in tables
            if table.lines and table.name not in BESIDE and not findings_from_header(table.lines)
        ]
        return [(read, entries)]
    undecided = any(findings_from_header(table.lines) for table in tables)
    found: list[tuple[ReadLog, tuple[Correction, ...]]] = []
    left: list[str] = []
    for table in tables:
        if undecided and table.name in BESIDE:
            continue
        if findings_from_header(table.lines):
            place = Place(path.name, table.name or None)
            found.append((ReadLog(place, "reviewed", "reviewed findings", {}, (), 0), ()))
            where = f"{path.name}, sheet {table.name}" if table.name else path.name
            reading.notes.append(f"{where}: nobody has decided anything in it yet")
            continue
        refuse_findings_without_decisions(table)
        if (at := header_of_duplicates(table.lines)) is not None:
            _say_what_is_not_seen(path, [table], reading)
            found.append(_of_duplicates(path, table, at, reading))
            continue
        named_so = removes or bool(DELETIONS.search(table.name or path.stem))
        header = _header(table.lines, reading.options, removes=named_so)
        if header is None:
            left += [table.name] if table.lines else []
            continue
        _say_what_is_not_seen(path, [table], reading)
        found.append(_of_table(path, table, header, reading))
    if not found:
        raise _no_log(path, tables)
    reading.notes += [f"{path.name}, sheet {name}: no log, not read" for name in left]
    return found


def _of_table(
    path: Path, table: LogTable, header: tuple[int, Header], reading: _Reading
) -> tuple[ReadLog, tuple[Correction, ...]]:
    at, means = header
    _check_spelling(table.lines[at], means, reading.options, reading.faults)
    entries = entries_of(table, at, means, reading.stated, reading.faults)
    place = Place(path.name, table.name or None)
    return _read_log(table.lines, at, means, len(entries), place), entries


def _of_duplicates(
    path: Path, table: LogTable, at: int, reading: _Reading
) -> tuple[ReadLog, tuple[Correction, ...]]:
    own_id = reading.options.interview
    columns, entries = entries_of_duplicates(table, at, own_id, reading.faults)
    left = tuple(name for name in table.lines[at].cells if name.strip() and name not in columns)
    place = Place(path.name, table.name or None)
    return ReadLog(place, NAME, TITLE, columns, left, len(entries)), entries


def _tables(path: Path, reading: _Reading) -> tuple[LogTable, ...]:
    """The tables of a file that are meant."""
    options = reading.options
    tables = log_tables(path, encoding=options.encoding, form=reading.form)
    reading.notes += [note for table in tables for note in table.notes]
    if not any(table.lines for table in tables):
        raise FileProblem(
            path.name,
            "the file is empty",
            "Keep the row that names the columns: it may stand alone",
        )
    if not options.sheets or any(not table.name for table in tables):
        return tables
    meant = tuple(table for table in tables if table.name in options.sheets)
    if not meant:
        there = ", ".join(repr(table.name) for table in tables)
        raise FileProblem(
            path.name,
            "it has none of the sheets that are named",
            f"Correct --log-sheet: there are {there}",
        )
    reading.named |= {table.name for table in meant}
    return meant


def _say_what_is_not_seen(path: Path, tables: Sequence[LogTable], reading: _Reading) -> None:
    """Refuse a hidden sheet that nobody named; say of hidden rows and formulas that they were read."""
    for table in tables:
        where = f"{path.name}, sheet {table.name}"
        if table.hidden and table.name not in reading.options.sheets and table.lines[1:]:
            reading.faults.append(
                Fault(
                    where,
                    "this sheet is hidden, and holds a log",
                    f"Show or delete it; or name the sheets that are meant: --log-sheet "
                    f"{table.name!r}",
                )
            )
        rows = {line.place.row for line in table.lines} & table.facts.hidden_rows
        if rows:
            reading.notes.append(
                f"{where}: rows that are hidden, by hand or by a filter ({len(rows)}), were read with the "
                "others"
            )
        if table.facts.formulas:
            reading.notes.append(
                f"{where}: formulas ({table.facts.formulas}) were read as what they came to when the "
                "file was saved"
            )


def _header(
    lines: Sequence[Line], options: LogOptions, *, removes: bool
) -> tuple[int, Header] | None:
    """Where the header of a table is, and what it means in the format that fits best."""
    known = log_formats().values()
    for at, line in enumerate(lines[:TOP]):
        if len(line.cells) > MOST_COLUMNS:
            return None
        fits = [
            means
            for each in known
            if each.without is None or removes
            if (means := understood(line.cells, each, options.columns, options.interview))
        ]
        with_values = [each for each in fits if each.format.without is None]
        if fits:
            return at, max(with_values or fits, key=lambda each: each.score)
    return None


def _check_spelling(line: Line, means: Header, options: LogOptions, faults: list[Fault]) -> None:
    where = str(line.place)
    spelt = [name.strip().casefold() for name in line.cells]
    faults.extend(
        Fault(where, f"two columns are called {name!r}", "Rename the one that is not meant")
        for at, (name, ours) in enumerate(zip(line.cells, means.fields, strict=True))
        if ours not in {IGNORE, *SEVERAL} and spelt.count(spelt[at]) > 1
    )
    for name, field_ in misspelt(line.cells, means).items():
        if name not in options.columns:
            remedy = f"If it is the column {field_!r}, say so under columns; if not, say ignore"
            faults.append(Fault(where, f"the column {name!r} is not known", remedy))
    if means.format.only_known:
        faults.extend(
            Fault(
                where,
                f"the column {name!r} is not known, and could be a second id",
                f"Say --column '{name}=ignore' if it is none; interviews need one id",
            )
            for name, ours in zip(line.cells, means.fields, strict=True)
            if ours == IGNORE
            and name.strip()
            and name not in options.columns
            and plain_header(name) not in means.format.beside
        )
    plain = {plain_header(name) for name in line.cells}
    faults.extend(
        Fault(where, f"the file has no column {name!r}", did_you_mean(name, line.cells))
        for name in options.columns
        if plain_header(name) not in plain
    )


def _read_log(lines: Sequence[Line], at: int, means: Header, entries: int, place: Place) -> ReadLog:
    header = lines[at].cells
    columns = {
        name: ours for name, ours in zip(header, means.fields, strict=True) if ours != IGNORE
    }
    left = tuple(name for name in header if name.strip() and name not in columns)
    broken, sealed_to, seal = 0, "", ""
    if set(LOG) <= set(header):
        chain = _as_frame(lines[at + 1 :], header)
        broken = verify_log(chain) or 0
        if len(chain):
            sealed_to, seal = str(chain["previous"].iloc[0]), str(chain["hash"].iloc[-1])
    return ReadLog(
        place,
        means.format.name,
        means.format.title,
        columns,
        left,
        entries,
        broken,
        sealed_to,
        seal,
    )


def _as_frame(lines: Sequence[Line], header: Sequence[str]) -> pd.DataFrame:
    cells = [[*line.cells, *[""] * len(header)][: len(header)] for line in lines]
    return pd.DataFrame(cells, columns=list(header), dtype="str")[list(LOG)]


def _no_log(path: Path, tables: Sequence[LogTable]) -> FileProblem:
    lines = next(table.lines for table in tables if table.lines)
    there = ", ".join(repr(cell) for cell in lines[0].cells[:12] if cell.strip())
    return FileProblem(
        path.name,
        f"this is no cleaning log that is known: its columns are {there}",
        "A log names the interview (uuid), the question, and the new value; say under columns "
        "which is which. A list of interviews to remove is given as a deletion log",
    )
