"""One line for what a check says of very many interviews: it is about the form, the file or a setting.

A person reviews 200 findings before lunch. Where one check names more than a third of all interviews,
what it says most often (of one question, in the same words but for figures) becomes one finding about no
interview, then what it says next most often, until the rest name a third at most. What fewer than
`FEW` interviews have is never summed up: there a row for each is no burden.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd

from survey_kit.cleaning.check import COLUMNS, Finding, as_findings, together

WIDESPREAD = "widespread"
"""The setting that every check has: the share of interviews above which its findings are summed up."""
SHARED: Mapping[str, float] = MappingProxyType({WIDESPREAD: 1 / 3})
FEW = 20
ONE_BY_ONE = ("back_check", "duplicate_interview", "free_text_personal", "not_eligible")
"""Checks each of whose findings needs a decision about its own interview, however many there are."""
FIGURES = re.compile(r"\d+(?:[.,:]\d+)*")


def summed_up(
    name: str, found: pd.DataFrame, interviews: int, share: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Findings of one check to list, and those for which a line among them stands.

    Parameters
    ----------
    name
        Of the check.
    found
        As `Check.find` gives them.
    interviews
        How many there are in all.
    share
        Of the interviews; a check that names no more is listed as it is. 1 lists everything.
    """
    most = max(share * interviews, FEW)
    if name in ONE_BY_ONE or share >= 1 or found["interview"].nunique() <= most:
        return found, found.iloc[:0]
    kinds = found["question"] + "\n" + found["what"].map(lambda what: FIGURES.sub("#", str(what)))
    of_interview = kinds.where(found["interview"] != "", "")
    sizes = found.groupby(of_interview, sort=False)["interview"].nunique().drop("", errors="ignore")
    told: list[str] = []
    rest = found
    for kind in sizes.sort_values(ascending=False, kind="stable").index:
        if sizes[kind] < FEW or rest["interview"].nunique() <= most:
            break
        told.append(str(kind))
        rest = found[~of_interview.isin(told)]
    lines = as_findings(_line(found[of_interview == kind], interviews) for kind in told)
    return together([lines, rest]).reindex(columns=_columns(found)), found[of_interview.isin(told)]


def _columns(found: pd.DataFrame) -> list[str]:
    return [column for column in COLUMNS if column in found.columns]


def _line(rows: pd.DataFrame, interviews: int) -> Finding:
    """What the rows say, once, with the share of the interviews that they name."""
    what = rows["what"].astype("str")
    same = bool((what == what.iloc[0]).all())
    number = int(rows["interview"].nunique())
    said = str(what.iloc[0]) if same else f"such as “{_middle(what)}”"
    suggestions = rows["suggestion"].astype("str").unique()
    own = f"; {suggestions[0]}" if len(suggestions) == 1 and suggestions[0] else ""
    return Finding(
        interview="",
        question=str(rows["question"].iloc[0]),
        answer="",
        what=f"{number} of {interviews} interviews ({number / interviews:.0%}): {said}",
        suggestion=(
            "So many are a matter of the form, the file or a setting: look there first"
            f"{own}. `{WIDESPREAD}: 1` in the settings of this check lists each"
        ),
    )


def _middle(what: pd.Series[str]) -> str:
    """The one whose first figure lies in the middle."""
    figures = [FIGURES.search(text) for text in what]
    numbers = [float(re.split("[,:]", f.group())[0]) if f else 0.0 for f in figures]
    return str(what.iloc[int(np.argsort(numbers, kind="stable")[len(numbers) // 2])])
