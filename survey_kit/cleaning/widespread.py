"""One line for what a check says of very many interviews: it is about the form, the file or a setting.

A person reviews 200 findings before lunch. Where one check names more than a third of all interviews, or
more than `MOST` of them, what it says most often (of one question, in the same words but for figures)
becomes one finding about no interview, then what it says next most often, until no more are left than
that. What fewer than `FEW` interviews have is never summed up: there a row for each is no burden.
Lines about enumerators are summed up the same way where a check has more than `MANY` of them.
The rows behind a line are kept, and have a sheet of their own in the workbook.
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
MOST = 1_000
"""More interviews than this nobody looks up for one check, however small a share of all they are."""
MANY = 100
"""More lines about enumerators or questions than this nobody reads for one check."""
ONE_BY_ONE = ("back_check", "duplicate_interview", "free_text_personal")
"""Checks each of whose findings needs a decision about its own interview, however many there are."""
FIGURES = re.compile(r"\d+(?:[.,:]\d+)*")
ENUMERATOR = re.compile(r"enumerator .+?: ")
SHEET = "Findings summed up"
"""Where the workbook has the rows behind a line."""


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
    if name in ONE_BY_ONE or share >= 1:
        return found, found.iloc[:0]
    said = found["what"].map(lambda what: FIGURES.sub("#", ENUMERATOR.sub("", str(what))))
    kinds = found["question"] + "\n" + said
    nobody = (found["interview"] == "").to_numpy(dtype=np.bool_)
    most = int(min(max(share * interviews, FEW), MOST))
    of_interviews = _told(kinds.mask(nobody, ""), found["interview"], most)
    lines_ = found["interview"].where(~nobody, found.index.astype("str"))
    of_nobody = _told(kinds.where(nobody, ""), lines_, MANY)
    if not of_interviews and not of_nobody:
        return found, found.iloc[:0]
    behind = (kinds.isin(of_interviews) & ~nobody) | (kinds.isin(of_nobody) & nobody)
    wide = share * interviews
    lines = as_findings(
        [
            *(
                _line(found[(kinds == kind) & ~nobody], interviews, wide=wide)
                for kind in of_interviews
            ),
            *(_line_about_many(found[(kinds == kind) & nobody]) for kind in of_nobody),
        ]
    )
    rest = found[~behind]
    return together([lines, rest]).reindex(columns=_columns(found)), found[behind]


def _told(kinds: pd.Series[str], units: pd.Series[str], most: int) -> list[str]:
    """The kinds that become a line: the commonest, until what is left names `most` units at most."""
    units = units[kinds != ""]
    kinds = kinds[kinds != ""]
    if units.nunique() <= most:
        return []
    sizes = units.groupby(kinds, sort=False).nunique()
    told: list[str] = []
    for kind in sizes.sort_values(ascending=False, kind="stable").index:
        if sizes[kind] < FEW or units[~kinds.isin(told)].nunique() <= most:
            break
        told.append(str(kind))
    return told


def _columns(found: pd.DataFrame) -> list[str]:
    return [column for column in COLUMNS if column in found.columns]


def _line(rows: pd.DataFrame, interviews: int, *, wide: float) -> Finding:
    """What the rows say, once, with the share of the interviews that they name."""
    number = int(rows["interview"].nunique())
    first = (
        "So many are a matter of the form, the file or a setting: look there first"
        if number > wide
        else "So many cannot be looked up one by one: look at some of each enumerator and place"
    )
    return Finding(
        interview="",
        question=str(rows["question"].iloc[0]),
        answer="",
        what=f"{number} of {interviews} interviews ({number / interviews:.0%}): {_said(rows)}",
        suggestion=f"{first}{_own(rows)}. Each stands on the sheet {SHEET}",
    )


def _line_about_many(rows: pd.DataFrame) -> Finding:
    """What many lines about enumerators or questions say, once."""
    whose = "enumerators" if rows["what"].str.match(ENUMERATOR).all() else "findings"
    rows = rows.assign(what=rows["what"].str.replace(ENUMERATOR, "", n=1, regex=True))
    return Finding(
        interview="",
        question=str(rows["question"].iloc[0]),
        answer="",
        what=f"{len(rows)} {whose}: {_said(rows)}",
        suggestion=(
            "So many are a matter of how the work is organised, or of a setting: look there first"
            f"{_own(rows)}. Each stands on the sheet {SHEET}"
        ),
    )


def _said(rows: pd.DataFrame) -> str:
    what = rows["what"].astype("str")
    return str(what.iloc[0]) if (what == what.iloc[0]).all() else f"such as “{_middle(what)}”"


def _own(rows: pd.DataFrame) -> str:
    """The suggestion that all have, as the next part of a sentence."""
    suggestions = rows["suggestion"].astype("str").unique()
    return f"; {suggestions[0]}" if len(suggestions) == 1 and suggestions[0] else ""


def _middle(what: pd.Series[str]) -> str:
    """The one whose first figure lies in the middle."""
    figures = [FIGURES.search(text) for text in what]
    numbers = [float(re.split("[,:]", f.group())[0]) if f else 0.0 for f in figures]
    return str(what.iloc[int(np.argsort(numbers, kind="stable")[len(numbers) // 2])])
