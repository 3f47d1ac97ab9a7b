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
from survey_kit.cleaning.correction_log import CASCADE, LOG, RECALCULATED, verify_log
from survey_kit.cleaning.corrections_file import (
    IGNORE,
    MASKED,
    corrections_of_findings,
    findings_from_header,
    reviewed_findings,
)
from survey_kit.cleaning.log_format import (
    FIELDS,
    SEVERAL,
    Header,
    log_formats,
    misspelt,
    plain_header,
    understood,
)
from survey_kit.cleaning.log_lines import Line, csv_lines, workbook_tables
from survey_kit.cleaning.masking import is_mask
from survey_kit.cleaning.spelling import did_you_mean
from survey_kit.errors import CorrectionError, Fault, FileProblem
from survey_kit.questionnaire.model import NOTHING, Place

SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm")
LOCK = "~$"
TOP = 20
"""Within how many rows of a sheet the header is looked for."""
DELETIONS = re.compile(r"delet|remov|discard|dropp", re.IGNORECASE)
"""How a deletion log is called: without such a name, a list of ids removes nobody."""
EVERYBODY = frozenset({"all_data", "all data", "all"})
"""What stands in the place of an interview where a column is to be changed for everybody."""
FOLLOWED = frozenset({CASCADE, RECALCULATED})


@dataclass(frozen=True)
class LogOptions:
    """What a person has to say about logs that they do not say themselves.

    columns
        Column of the file -> a field of `log_format.FIELDS`, or "ignore".
    actions
        Word of the file -> change, blank, remove or no action; "" is an empty cell.
    interview
        The column by which the answers name their interviews: logs may call it the same.
    """

    columns: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    actions: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    interview: str | None = None


@dataclass(frozen=True)
class ReadLog:
    """What one table was taken for.

    columns
        Its column -> the field, for those that were read.
    left
        Its columns that were not.
    broken
        Of a chained log, the first row that is not as it was sealed; 0 where all are.
    sealed_to
        Of a chained log, the hash before its first row.
    """

    place: Place
    format: str
    title: str
    columns: Mapping[str, str]
    left: tuple[str, ...]
    entries: int
    broken: int = 0
    sealed_to: str = ""

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
) -> Logs:
    """Every entry of some logs.

    Parameters
    ----------
    paths
        Files (.csv, .xlsx), or folders of them; lock files of Excel are left alone.
    deletions
        Files of which every row names an interview that is to go, however they are called.

    Raises
    ------
    FileProblem
        If a file is missing, empty, damaged, or in no known format of a log.
    CorrectionError
        With every misspelt column, unknown action, and row without an interview.
    """
    given = options or LogOptions()
    stated = _actions(given)
    faults: list[Fault] = []
    found: list[tuple[ReadLog, tuple[Correction, ...]]] = []
    notes: list[str] = []
    every = [(path, False) for path in _files(paths, notes)]
    every += [(path, True) for path in _files(deletions, notes)]
    for path, removes in every:
        found += _of_file(path, given, stated, faults, notes, removes=removes)
    if faults:
        raise CorrectionError.from_faults(faults)
    entries = tuple(entry for _, several in found for entry in several)
    return Logs(entries, tuple(read for read, _ in found), tuple(notes))


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


def _of_file(
    path: Path,
    options: LogOptions,
    stated: Mapping[str, Action],
    faults: list[Fault],
    notes: list[str],
    *,
    removes: bool,
) -> list[tuple[ReadLog, tuple[Correction, ...]]]:
    tables = _tables(path)
    reviewed = reviewed_findings(tables)
    if reviewed:
        entries = corrections_of_findings(reviewed)
        read = ReadLog(Place(path.name), "reviewed", "reviewed findings", {}, (), len(entries))
        return [(read, entries)]
    found: list[tuple[ReadLog, tuple[Correction, ...]]] = []
    left: list[str] = []
    for name, lines in tables.items():
        if findings_from_header(lines):
            read = ReadLog(Place(path.name, name), "reviewed", "reviewed findings", {}, (), 0)
            found.append((read, ()))
            notes.append(f"{path.name}, sheet {name}: nobody has decided anything in it yet")
            continue
        header = _header(
            lines, options, removes=removes or bool(DELETIONS.search(name or path.stem))
        )
        if header is None:
            left.append(name)
            continue
        at, means = header
        _check_spelling(lines[at], means, options, faults)
        entries = tuple(_entries(lines[at + 1 :], means, stated, faults))
        found.append(
            (_read_log(lines, at, means, len(entries), Place(path.name, name or None)), entries)
        )
    if not found:
        raise _no_log(path, tables)
    notes += [f"{path.name}, sheet {name}: no log, not read" for name in left if tables[name]]
    return found


def _tables(path: Path) -> dict[str, list[Line]]:
    if not path.is_file():
        raise FileProblem(path.name, "there is no such file", "Correct the path of the log")
    match path.suffix.lower():
        case ".csv" | ".tsv" | ".txt":
            tables = {"": list(csv_lines(path))}
        case ".xlsx" | ".xlsm":
            tables = workbook_tables(path)
        case suffix:
            raise FileProblem(
                path.name, f"logs are not read from {suffix or 'this'}", "Save it as .csv or .xlsx"
            )
    if not any(tables.values()):
        raise FileProblem(
            path.name,
            "the file is empty",
            "Keep the row that names the columns: it may stand alone",
        )
    return tables


def _header(
    lines: Sequence[Line], options: LogOptions, *, removes: bool
) -> tuple[int, Header] | None:
    """Where the header of a table is, and what it means in the format that fits best."""
    known = log_formats().values()
    for at, line in enumerate(lines[:TOP]):
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
    broken, sealed_to = 0, ""
    if set(LOG) <= set(header):
        chain = _as_frame(lines[at + 1 :], header)
        broken = verify_log(chain) or 0
        sealed_to = str(chain["previous"].iloc[0]) if len(chain) else ""
    return ReadLog(
        place, means.format.name, means.format.title, columns, left, entries, broken, sealed_to
    )


def _as_frame(lines: Sequence[Line], header: Sequence[str]) -> pd.DataFrame:
    cells = [[*line.cells, *[""] * len(header)][: len(header)] for line in lines]
    return pd.DataFrame(cells, columns=list(header), dtype="str")[list(LOG)]


def _entries(
    lines: Sequence[Line], means: Header, stated: Mapping[str, Action], faults: list[Fault]
) -> Iterator[Correction]:
    for line in lines:
        if not any(cell.strip() for cell in line.cells):
            continue
        if _too_long(line, means, faults):
            continue
        values = _values(line, means)
        if values["action"] in FOLLOWED:
            continue
        if not values["interview"]:
            remedy = "Write the id of the interview"
            faults.append(Fault(str(line.place), "no interview is named", remedy))
        if is_mask(values["new"]):
            faults.append(Fault(str(line.place), *MASKED))
        action = _action(values, means, stated, line.place, faults)
        if action is not None:
            yield _correction(values, action, line.place)


def _too_long(line: Line, means: Header, faults: list[Fault]) -> bool:
    """Whether cells are left over: then nobody knows which is which, and none is shown."""
    if not any(cell.strip() for cell in line.cells[len(means.fields) :]):
        return False
    remedy = "Put a text that holds the separator in quotes"
    faults.append(Fault(str(line.place), "the row has more cells than the header", remedy))
    return True


def _values(line: Line, means: Header) -> dict[str, str]:
    values = dict.fromkeys(FIELDS, "")
    for ours, cell in zip(means.fields, line.cells, strict=False):
        text = cell.strip()
        if ours == IGNORE or text.casefold() in means.format.words_for_nothing:
            continue
        values[ours] = "; ".join(filter(None, (values[ours], text))) if ours == "why" else text
    return values


def _action(
    values: Mapping[str, str],
    means: Header,
    stated: Mapping[str, Action],
    place: Place,
    faults: list[Fault],
) -> Action | None:
    """What a row says is to be done; of a log without such a column, by its new value."""
    word = values["action"].casefold()
    known = {**ACTIONS, **means.format.actions, **stated}
    if means.format.without is not None:
        return means.format.without
    if "action" not in means.fields:
        return _by_new_value(values, stated.get("", means.format.empty_means), place, faults)
    for spelt in (word, re.sub(r"[\s_-]+", "_", word), re.sub(r"[\s_-]+", " ", word)):
        if spelt in known:
            return known[spelt]
    what = f"there is no action {values['action']!r}" if word else "the action is missing"
    remedy = did_you_mean(word, known, "Write change, blank, remove or no action.")
    if word:
        remedy = f"{remedy} Or say under actions what it means"
    faults.append(Fault(f"{place}, action", what, remedy))
    return None


def _by_new_value(
    values: Mapping[str, str], empty_means: Action | None, place: Place, faults: list[Fault]
) -> Action | None:
    if values["new"]:
        return Action.KEEP if values["new"] == values["old"] else Action.CHANGE
    if empty_means is None:
        what = "the log has no column of actions, and here no new value"
        remedy = "Say under actions what an empty one means: '' is blank, or '' is no action"
        faults.append(Fault(str(place), what, remedy))
    return empty_means


def _correction(values: Mapping[str, str], action: Action, place: Place) -> Correction:
    question = "/".join(filter(None, (values["question"], values["choice"])))
    return Correction(
        interview=values["interview"].removeprefix("uuid:"),
        question=question,
        old="" if is_mask(values["old"]) else values["old"],
        new=values["new"],
        action=action,
        why=values["why"],
        who=values["who"],
        when=values["when"],
        row=values["row"],
        place=place,
    )


def _no_log(path: Path, tables: Mapping[str, Sequence[Line]]) -> FileProblem:
    lines = next(lines for lines in tables.values() if lines)
    there = ", ".join(repr(cell) for cell in lines[0].cells[:12] if cell.strip())
    return FileProblem(
        path.name,
        f"this is no cleaning log that is known: its columns are {there}",
        "A log names the interview (uuid), the question, and the new value; say under columns "
        "which is which. A list of interviews to remove is given as a deletion log",
    )
