"""Derived variables of interviews in the making: the first case that holds, inside the base."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from survey_kit.responses.evaluate import truth

if TYPE_CHECKING:
    from survey_kit.rehearsal.told import Told
    from survey_kit.responses.logic.columns import Columns


def derived_by_us(interviews: Told, columns: Columns) -> list[dict[str, str]]:
    """Of each interview: derived variable -> code, "" outside its base and where no case holds."""
    number = len(interviews.frame)
    found: list[dict[str, str]] = [{} for _ in range(number)]
    for each in interviews.questionnaire.derived:
        open_rows = np.ones(number, dtype=np.bool_)
        if each.base is not None:
            open_rows &= truth(each.base, columns)
        for one in found:
            one[each.name] = ""
        for case in each.cases:
            holds = open_rows & truth(case.when, columns)
            for row in np.flatnonzero(holds).tolist():
                found[row][each.name] = case.code
            open_rows &= ~holds
    return found
