"""Targets by cell, and how far the interviews have come: done, remaining, over.

A file of targets has a column for each question (or derived variable) that makes up a cell, in
its codes or labels, and one with the number wanted. An empty cell of the file means anybody: a row
``bangladesh, , 150`` is a target for the country as a whole beside those by gender.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.cleaning.spelling import did_you_mean
from survey_kit.cleaning.wording import normalised
from survey_kit.errors import CannotEvaluate, Fault, StudyError
from survey_kit.questionnaire.model import Choice, Derived, Questionnaire, Texts
from survey_kit.questionnaire.parser import parse
from survey_kit.responses.as_text import as_text
from survey_kit.responses.editions import not_in_version
from survey_kit.responses.evaluate import truth
from survey_kit.responses.model import Responses
from survey_kit.responses.readers.text_table import TextTable, read_csv, read_workbook

TARGET = ("target", "quota", "targets", "quotas", "wanted", "planned", "sample")
"""Names by which files call the number that is wanted."""
ANYBODY = ""
PROGRESS = ("target", "done", "remaining", "over")
"""Columns of a table of progress, after those of the cell."""


@dataclass(frozen=True, eq=False)
class Targets:
    """How many interviews are wanted of each cell.

    cells
        (c, d) text, a column for each question or derived variable: its codes, "" for anybody.
    wanted
        (c,) int.
    column
        The column of the file that says how many.
    left_aside
        Columns of the file that are neither.
    unknown
        (variable, value of the file) that is no code and no label of it.
    """

    cells: pd.DataFrame
    wanted: NDArray[np.int64]
    column: str
    left_aside: tuple[str, ...] = ()
    unknown: tuple[tuple[str, str], ...] = ()


def read_targets(
    path: Path,
    questionnaire: Questionnaire,
    *,
    target: str = "",
    columns: Mapping[str, str] | None = None,
) -> Targets:
    """The targets of a CSV file or of the first sheet of a workbook.

    Parameters
    ----------
    target
        The column with the number; without it one of the usual names, or the only column of numbers.
    columns
        Column of the file -> question or derived variable, where the names differ.

    Raises
    ------
    StudyError
        If no column is a variable, no column says how many, a number is none, or two rows are
        the same cell; all faults at once.
    FileProblem
        If the file cannot be read.
    """
    table = read_csv(path) if path.suffix.lower() == ".csv" else read_workbook(path)[0]
    faults: list[Fault] = []
    named = _variables(table, path.name, questionnaire, dict(columns or {}), faults)
    count = _target_column(table, path.name, target, set(named), faults)
    if faults:
        raise StudyError.from_faults(faults)
    full = (table.cells != "").any(axis=1).to_numpy(dtype=np.bool_)
    cells, unknown = _in_codes(table, named, questionnaire)
    cells = cells[full]
    wanted = _numbers(table.cells[count][full], path.name, faults)
    faults.extend(
        Fault(
            f"{path.name}, row {int(row) + 2}",
            "this cell has a target already",
            "Add the two up, or name the column that tells them apart in columns",
        )
        for row in cells.index[cells.duplicated().to_numpy(dtype=np.bool_)]
    )
    if faults:
        raise StudyError.from_faults(faults)
    aside = [name for at, name in enumerate(table.header) if at not in named and at != count]
    return Targets(
        cells.reset_index(drop=True),
        wanted,
        table.header[count],
        tuple(filter(None, aside)),
        unknown,
    )


def _variables(
    table: TextTable,
    file: str,
    questionnaire: Questionnaire,
    columns: dict[str, str],
    faults: list[Fault],
) -> dict[int, str]:
    """Number of a column -> the variable it is."""
    known = [
        *(item.key for item in questionnaire.items if not item.repeats),
        *(derived.name for derived in questionnaire.derived),
    ]
    plain = {name.casefold(): name for name in reversed(known)}
    found: dict[int, str] = {}
    for at, header in enumerate(table.header):
        name = columns.pop(header.strip(), "") or plain.get(header.strip().casefold(), "")
        if name and name not in known:
            where = f"{file}, column {header!r}"
            faults.append(Fault(where, f"there is no question {name!r}", did_you_mean(name, known)))
        elif name:
            found[at] = name
    faults.extend(
        Fault(file, f"there is no column {name!r}", did_you_mean(name, table.header))
        for name in columns
    )
    if not found and not faults:
        faults.append(
            Fault(
                file,
                "no column is a question or a derived variable",
                "Name them in the setting columns: ['column of the file = question']",
            )
        )
    return found


def _target_column(
    table: TextTable, file: str, target: str, taken: set[int], faults: list[Fault]
) -> int:
    headers = [header.strip() for header in table.header]
    if target:
        if target in headers:
            return headers.index(target)
        faults.append(Fault(file, f"there is no column {target!r}", did_you_mean(target, headers)))
        return -1
    free = [at for at in range(len(headers)) if at not in taken]
    for name in TARGET:
        for at in free:
            if headers[at].casefold() == name:
                return at
    numbers = [at for at in free if _is_number(table.cells[at])]
    if len(numbers) != 1:
        faults.append(
            Fault(file, "no column is called target", "Name the column in the setting target")
        )
        return -1
    return numbers[0]


def _is_number(column: pd.Series[Any]) -> bool:
    given = column[column.str.strip() != ""]
    return bool(len(given)) and bool(pd.to_numeric(given, errors="coerce").notna().all())


def _numbers(column: pd.Series[Any], file: str, faults: list[Fault]) -> NDArray[np.int64]:
    read = pd.to_numeric(column.str.strip(), errors="coerce").to_numpy(dtype=np.float64)
    whole = np.isfinite(read) & (read >= 0) & (read == np.floor(read))
    faults.extend(
        Fault(
            f"{file}, row {int(row) + 2}",
            "the target is no whole number",
            "Write how many are wanted",
        )
        for row in column.index[~whole]
    )
    return np.nan_to_num(read).astype(np.int64)


def _in_codes(
    table: TextTable, named: Mapping[int, str], questionnaire: Questionnaire
) -> tuple[pd.DataFrame, tuple[tuple[str, str], ...]]:
    unknown: list[tuple[str, str]] = []
    found: dict[str, list[str]] = {}
    for at, name in named.items():
        codes = codes_of(name, questionnaire)
        values = [str(value).strip() for value in table.cells[at]]
        found[name] = [_code(value, codes) for value in values]
        known = set(codes.values())
        strange = dict.fromkeys(v for v in found[name] if v and codes and v not in known)
        unknown.extend((name, value) for value in strange)
    return pd.DataFrame(found, index=table.cells.index, dtype="str"), tuple(unknown)


def _code(value: str, codes: Mapping[str, str]) -> str:
    if not value or value in codes.values():
        return value
    return codes.get(normalised(value), value)


def codes_of(name: str, questionnaire: Questionnaire) -> dict[str, str]:
    """Code or label of a variable, without case and punctuation -> its code; empty without a list."""
    spelt: list[tuple[str, Texts]] = []
    for derived in questionnaire.derived:
        if derived.name == name:
            spelt.extend((case.code, case.label) for case in derived.cases)
    item = questionnaire.by_key.get(name)
    choices: tuple[Choice, ...] = questionnaire.choices(item.question) if item else ()
    spelt.extend((choice.code, choice.label) for choice in choices)
    found: dict[str, str] = {}
    for code, labels in spelt:
        for label in labels.values():
            found.setdefault(normalised(label), code)
    return found | {normalised(code): code for code, _ in spelt}


def cell_values(responses: Responses, name: str) -> pd.Series[Any]:
    """(n,) text. A question's or derived variable's codes; NaN where there is none."""
    for derived in responses.questionnaire.derived:
        if derived.name == name:
            return _derived(responses, derived)
    item = responses.questionnaire.by_key[name]
    if name not in responses.frame.columns:
        return pd.Series(np.nan, index=responses.frame.index, dtype="str")
    return as_text(responses.frame[name], item.question.type.storage).str.strip()


def _derived(responses: Responses, derived: Derived) -> pd.Series[Any]:
    """The first case that holds; none outside the base, or where the form's version lacked what decides."""
    open_ = np.ones(len(responses), dtype=np.bool_)
    if derived.base is not None:
        open_ = truth(derived.base, responses) & ~not_in_version(derived.base, responses)
    found = np.full(len(responses), None, dtype=object)
    for case in derived.cases:
        open_ = open_ & ~not_in_version(case.when, responses)
        holds = open_ & truth(case.when, responses)
        found[holds] = case.code
        open_ = open_ & ~holds
    return pd.Series(found, index=responses.frame.index, dtype="str")


def counted(responses: Responses, complete: str, where: str) -> NDArray[np.bool_]:
    """(n,) bool. Which interviews count: where an expression of the form holds; all, without one.

    Raises
    ------
    StudyError
        If the expression cannot be worked out.
    """
    if not complete:
        return np.ones(len(responses), dtype=np.bool_)
    try:
        return truth(parse(complete, where), responses)
    except CannotEvaluate as error:
        raise StudyError(where, error.faults[0].what, error.faults[0].remedy) from error


def matches(responses: Responses, targets: Targets) -> NDArray[np.bool_]:
    """(n, c) bool. Which cells each interview belongs to."""
    found = np.ones((len(responses), len(targets.cells)), dtype=np.bool_)
    for name in targets.cells.columns:
        values = cell_values(responses, str(name)).to_numpy(dtype=object)
        wanted = targets.cells[name].to_numpy(dtype=object)
        found &= (values[:, None] == wanted[None, :]) | (wanted == ANYBODY)[None, :]
    return found


def progress(responses: Responses, targets: Targets, counts: NDArray[np.bool_]) -> pd.DataFrame:
    """How far each cell is.

    Parameters
    ----------
    counts
        (n,) bool, which interviews count.

    Returns
    -------
    (c, d + 4)
        The columns of the cell ("" for anybody), then target, done, remaining and over.
    """
    done = (matches(responses, targets) & counts[:, None]).sum(axis=0)
    return targets.cells.assign(
        target=targets.wanted,
        done=done,
        remaining=np.maximum(targets.wanted - done, 0),
        over=np.maximum(done - targets.wanted, 0),
    )
