"""A file of back-checks put into the terms of the survey: ids, codes, numbers.

The back-check has its own, shorter form, so its file is read as a plain table: CSV, a workbook, Stata
or SPSS (with labels), or the submissions of a form. Columns are questions of the survey; an answer
may be a code or its label.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from survey_kit.cleaning.interview_parts import known_column
from survey_kit.cleaning.quota import codes_of
from survey_kit.cleaning.spelling import did_you_mean
from survey_kit.cleaning.wording import normalised
from survey_kit.errors import Fault, FileProblem, StudyError
from survey_kit.questionnaire.model import Item, Questionnaire
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.as_text import as_text
from survey_kit.responses.model import Responses
from survey_kit.responses.read import read_responses
from survey_kit.responses.readers.text_table import read_csv, read_workbook

NO_ANSWER = "(don't know or refused)"
"""Stands for every code of a list that says that somebody did not answer."""
INTERVIEW = "interview"
"""The id where the setting names none: that of the interview."""
NUMBERS = (Storage.INTEGER, Storage.DECIMAL)


def read_back_checks(path: Path, questionnaire: Questionnaire) -> pd.DataFrame:
    """Every column of the file as text, NaN where a cell is empty.

    Raises
    ------
    FileProblem
        If it cannot be read.
    """
    suffix = path.suffix.lower()
    if path.is_dir() or suffix == ".zip":
        found = read_responses(path, questionnaire)
        columns = {
            key: as_text(found.frame[key], questionnaire.by_key[str(key)].question.type.storage)
            for key in found.frame.columns
        }
        return pd.DataFrame(columns).rename_axis(index=INTERVIEW).reset_index().astype("str")
    if suffix in (".dta", ".sav"):
        return _labelled(path)
    if suffix not in (".csv", ".xlsx", ".xlsm"):
        raise FileProblem(
            path.name, "back-checks cannot be read from this kind of file", "Export it as CSV"
        )
    table = read_csv(path) if suffix == ".csv" else read_workbook(path)[0]
    plain = {header.strip(): table.cells[at].str.strip() for at, header in enumerate(table.header)}
    cells = pd.DataFrame(plain, dtype="str")
    return cells.where(cells != "")


def _labelled(path: Path) -> pd.DataFrame:
    """Stata or SPSS: labels where a value has one, else the number without needless decimals."""
    pyreadstat: Any = import_module("pyreadstat")
    read: Any = pyreadstat.read_dta if path.suffix.lower() == ".dta" else pyreadstat.read_sav
    try:
        table: pd.DataFrame = read(str(path), apply_value_formats=True)[0]
    except pyreadstat.ReadstatError as error:
        raise FileProblem(
            path.name, "it is damaged, or no file of its kind", "Export it again"
        ) from error
    return pd.DataFrame({str(name): _spelt(table[name]) for name in table.columns}, dtype="str")


def _spelt(column: pd.Series[Any]) -> list[str | float]:
    return [
        np.nan
        if pd.isna(value) or value == ""
        else f"{value:.15g}"
        if isinstance(value, (int, float))
        else str(value)
        for value in column.astype(object)
    ]


def paired(
    responses: Responses, back: pd.DataFrame, questions: Iterable[str], identity: str, file: str
) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """The survey and the back-checks by id, in the same terms; and how many ids were ambiguous.

    Parameters
    ----------
    identity
        The question or metadata that holds the id in both; "" for the id of the interview.

    Returns
    -------
    survey
        Its index holds the ids, each once; the columns are the questions and "interview".
    back
        Its index holds the ids; the questions, and every other column of the file as text.

    Raises
    ------
    StudyError
        For every question, or id, that one of the two does not have.
    """
    wanted = list(questions)
    faults = [
        *_missing(wanted, responses.frame.columns, "checks: back_check", "the responses have"),
        *_missing([*wanted, identity or INTERVIEW], back.columns, file, "it has"),
    ]
    if faults:
        raise StudyError.from_faults(faults)
    items = responses.questionnaire.by_key
    first = {key: in_terms(responses.frame[key], items[key], responses) for key in wanted}
    ids = _ids(responses, identity)
    survey = pd.DataFrame(first, index=responses.frame.index)
    survey = survey.assign(interview=responses.frame.index.to_numpy(dtype=object))
    survey = survey.set_axis(pd.Index(ids.to_numpy(dtype=object), name="id"))
    usable = survey.index.notna() & ~survey.index.duplicated(keep=False)
    ambiguous = int((survey.index.notna() & ~usable).sum())
    second = {key: in_terms(back[key], items[key], responses) for key in wanted}
    other = back.assign(**second).set_axis(
        pd.Index(back[identity or INTERVIEW].str.strip().to_numpy(dtype=object), name="id")
    )
    return survey[usable], other, ambiguous


def _missing(wanted: list[str], known: Iterable[Any], where: str, who: str) -> list[Fault]:
    names = [str(name) for name in known]
    return [
        Fault(where, f"{who} no column {name!r}", did_you_mean(name, names))
        for name in wanted
        if name not in names
    ]


def _ids(responses: Responses, identity: str) -> pd.Series[Any]:
    if not identity:
        return pd.Series(responses.frame.index, index=responses.frame.index, dtype="str")
    column = known_column(responses, identity, "checks: back_check: id")
    if column in responses.meta.columns:
        return responses.meta[column].astype("str").str.strip()
    storage = responses.questionnaire.by_key[column].question.type.storage
    return as_text(responses.frame[column], storage).str.strip()


def in_terms(answers: pd.Series[Any], item: Item, responses: Responses) -> pd.Series[Any]:
    """Answers as they are compared: numbers, codes, sets of codes in one order, plain wording."""
    storage = item.question.type.storage
    if storage in NUMBERS:
        return pd.to_numeric(answers, errors="coerce")
    written = (
        as_text(answers, storage) if not isinstance(answers.dtype, pd.StringDtype) else answers
    )
    codes = codes_of(item.key, responses.questionnaire)
    silent = {
        choice.code
        for choice in responses.questionnaire.choices(item.question)
        if choice.missing is not None
    }
    numbers, distinct = pd.factorize(written)
    told = [_told(str(value), storage, codes, silent) for value in distinct]
    found = np.array([*told, None], dtype=object)[numbers]
    return pd.Series(found, index=answers.index, dtype="str")


def _told(value: str, storage: Storage, codes: dict[str, str], silent: set[str]) -> str:
    known = set(codes.values())
    match storage:
        case Storage.CODE:
            code = value if value in known else codes.get(normalised(value), value)
            return NO_ANSWER if code in silent else code
        case Storage.CODES:
            chosen = value.split()
            if len(chosen) == 1 and chosen[0] in silent:
                return NO_ANSWER
            if not known.issuperset(chosen) and normalised(value) in codes:
                chosen = [codes[normalised(value)]]
            return " ".join(sorted(chosen))
        case Storage.TEXT:
            return normalised(value)
        case _:
            return value.strip()
