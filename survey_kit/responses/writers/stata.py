"""Stata .dta: numbers with labels, and why an answer is absent as .a to .f.

``.a`` refused, ``.b`` does not know, ``.c`` not asked, ``.d`` left blank, ``.e`` not in this
version of the form, ``.f`` could not be read. Stata leaves all of them out of every estimate.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from survey_kit.responses.model import Absence, Responses
from survey_kit.responses.writer import Writer
from survey_kit.responses.writers.labelled import (
    REASONS,
    Column,
    Kind,
    Limits,
    Table,
    columns,
    cut,
    labels_within,
    names_within,
    tables,
)

# Stata takes names of 32 letters. pyreadstat names a set of value labels after its column and
# a number of up to four digits, and fails where that is longer than 32.
LIMITS = Limits(
    name=28,
    variable_label=80,
    value_label=32_000,
    in_bytes=False,
    reserved=frozenset(
        {"byte", "double", "float", "if", "in", "int", "long", "str", "strL", "using", "with"}
    ),
)
LETTERS = {
    Absence.REFUSED: "a",
    Absence.DONT_KNOW: "b",
    Absence.NOT_ASKED: "c",
    Absence.BLANK: "d",
    Absence.NOT_IN_VERSION: "e",
    Absence.UNREADABLE: "f",
    Absence.WITHDRAWN: "g",
    Absence.NOT_KNOWN: "h",
}


def _write(responses: Responses, path: Path, language: str) -> tuple[str, ...]:
    return tuple(
        f"{table.said_before}{note}"
        for table in tables(responses, path, language)
        for note in _write_table(table)
    )


def _write_table(table: Table) -> tuple[str, ...]:
    # pyreadstat's own annotations do not know pandas.
    pyreadstat: Any = import_module("pyreadstat")

    made, said = columns(table)
    given, renamed = names_within(made, LIMITS)
    labels, values, shortened = labels_within(made, given, LIMITS)
    named: dict[str, dict[float | str, str]] = {
        name: {float(number): text for number, text in each.items()}
        for name, each in values.items()
    }
    letters: dict[str, list[str]] = {}
    data: dict[str, pd.Series] = {}
    for position, column in enumerate(made):
        name = given[position]
        data[name] = _values(column)
        reasons = [why for why in LETTERS if (column.absence == why.value).any()]
        if column.kind is Kind.NUMBER and reasons:
            letters[name] = [LETTERS[why] for why in reasons]
            named.setdefault(name, {}).update({LETTERS[why]: REASONS[why] for why in reasons})
    pyreadstat.write_dta(
        pd.DataFrame(data),
        table.path,
        file_label=cut(
            table.questionnaire.text(table.questionnaire.title, table.language), 80, in_bytes=False
        ),
        column_labels=labels,
        variable_value_labels=named,
        missing_user_values=letters,
    )
    return (*said, *renamed, *shortened)


def _values(column: Column) -> pd.Series:
    match column.kind:
        case Kind.NUMBER:
            if not (column.absence != Absence.PRESENT).any():
                return column.answers.astype("float64")
            return _with_letters(column)
        case Kind.TEXT:
            return column.answers.fillna("").astype(object)
        case Kind.DAY:
            return column.answers.dt.date.astype(object).where(column.answers.notna(), None)
        case Kind.MOMENT:
            return column.answers


def _with_letters(column: Column) -> pd.Series:
    """Numbers, and where there is none the letter that says why.

    pyreadstat judges a column of objects by its first hundred cells, which may all be letters; of
    a categorical it judges the categories, and here numbers come first.
    """
    answers = column.answers.to_numpy(dtype=np.float64)
    given = (column.absence == Absence.PRESENT) & ~np.isnan(answers)
    numbers, places = np.unique(answers[given], return_inverse=True)
    cells = np.full(len(answers), -1, dtype=np.int64)
    cells[given] = places
    categories: list[float | str] = list(numbers.tolist())
    for why in np.unique(column.absence[column.absence != Absence.PRESENT]):
        cells[column.absence == why] = len(categories)
        categories.append(LETTERS[Absence(int(why))])
    kind = pd.CategoricalDtype(pd.Index(categories, dtype=object))
    return pd.Series(pd.Categorical.from_codes(cells.tolist(), dtype=kind))


STATA = Writer(name="dta", suffix=".dta", write=_write)
