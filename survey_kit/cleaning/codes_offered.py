"""The codes that a reviewer may choose as a new value: a list for each question of choices.

One code is chosen from the list, and another is warned of. Of several choices the list
shows which codes there are, and more than one may be written, with spaces between.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.question_type import Storage

SHEET = "Codes"
FIRST = 3
"""The first row of the sheet Codes that holds a code, as Excel counts."""


@dataclass(frozen=True)
class Offered:
    """Where the codes of one list stand in the sheet, as Excel counts, and how many there are."""

    name: str
    first: int
    last: int


def lists_of(findings: pd.DataFrame, form: Questionnaire) -> Mapping[str, Offered]:
    """Question -> its list, for the questions that something was found at."""
    found: dict[str, Offered] = {}
    known: dict[str, Offered] = {}
    row = FIRST
    for key in findings["question"].unique():
        item = form.by_key.get(str(key))
        name = item.question.choices if item is not None else None
        choices = form.choices(item.question) if item is not None else ()
        if name is None or not choices:
            continue
        if name not in known:
            known[name] = Offered(name, row, row + len(choices) - 1)
            row += len(choices)
        found[str(key)] = known[name]
    return found


def codes_table(
    form: Questionnaire, lists: Mapping[str, Offered], language: str | None
) -> pd.DataFrame:
    """The sheet: list, code and label, in the order of `lists_of`."""
    rows = [
        (name, each.code, form.text(each.label, language, fallback=each.code))
        for name in dict.fromkeys(offered.name for offered in lists.values())
        for each in form.lists[name].choices
    ]
    return pd.DataFrame(rows, columns=["list", "code", "label"], dtype="str")


def offer_codes(
    sheet: Any,
    table: pd.DataFrame,
    form: Questionnaire,
    lists: Mapping[str, Offered],
    *,
    place: tuple[int, int],
) -> None:
    """Put lists on the cells of new values.

    Parameters
    ----------
    table
        The findings of the sheet, in its order.
    place
        The row of the first finding and the column of new values, both counted from 0.
    """
    first, column = place
    questions = table["question"].to_numpy()
    start = 0
    for end in range(1, len(questions) + 1):
        if end < len(questions) and questions[end] == questions[start]:
            continue
        offered = lists.get(str(questions[start]))
        if offered is not None:
            several = form.by_key[str(questions[start])].question.type.storage is Storage.CODES
            rule = {
                "validate": "list",
                "source": f"={SHEET}!$B${offered.first}:$B${offered.last}",
                "error_type": "warning",
                "error_title": "New value",
                "error_message": "The question takes no such code.",
                "show_error": not several,
            }
            sheet.data_validation(first + start, column, first + end - 1, column, rule)
        start = end
