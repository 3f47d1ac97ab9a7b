"""The same interview twice: under one id, or word for word the same answers."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.cleaning.check import Check, Reach, Settings, number, texts, together
from survey_kit.cleaning.interview_parts import known_column, moment_column
from survey_kit.cleaning.substance import substance
from survey_kit.cleaning.whole_interview import WholeInterview
from survey_kit.responses.model import Responses

SAME_ID = r"#\d+$"
"""What readers put behind an id that has come before."""


def _reach(responses: Responses, settings: Settings) -> Reach:
    _, able = _compared(responses, settings)
    few = int((~able).sum())
    least = number(settings, "least")
    note = f"{few} interviews with fewer than {least:g} answers were compared by id only"
    return Reach(note=note if few else "")


def _compared(responses: Responses, settings: Settings) -> tuple[pd.DataFrame, NDArray[np.bool_]]:
    """The answers that are compared, and which interviews have enough of them."""
    answers = substance(responses, texts(settings, "ignore"))
    counted = answers.notna().sum(axis=1).to_numpy()
    return answers, counted >= number(settings, "least")


def _find(responses: Responses, settings: Settings) -> pd.DataFrame:
    answers, able = _compared(responses, settings)
    interviews = WholeInterview(responses)

    same: NDArray[np.bool_] = answers.duplicated(keep=False).to_numpy(dtype=np.bool_) & able
    same |= _same_to_the_second(responses, answers)
    whole = _copies(answers, same)
    others = _others(answers.loc[same])
    ids = responses.frame.index.to_series(name="id").rename_axis(index=None)
    plain = ids.str.replace(SAME_ID, "", regex=True)
    repeated = plain.duplicated(keep=False).to_numpy()
    return together(
        [
            *(_same_in(responses, columns, whole) for columns in _sets(responses, settings)),
            interviews.marked(
                same,
                "every answer is the same as in another interview",
                [f"Compare with {other}; if it was sent twice, remove one" for other in others],
            ),
            interviews.marked(
                repeated,
                "several interviews have this id",
                [
                    f"Compare with {other}; keep the complete one"
                    for other in _others(plain[repeated].to_frame())
                ],
            ),
        ]
    )


def _same_to_the_second(responses: Responses, answers: pd.DataFrame) -> NDArray[np.bool_]:
    """(n,) bool. Where also start and end are the same, so that even a short interview is."""
    start, end = (moment_column(responses, kind, "", "") for kind in ("start", "end"))
    if start is None or end is None:
        return np.zeros(len(answers), dtype=np.bool_)
    times = responses.frame[[start, end]]
    whole = answers.assign(_start=times[start], _end=times[end])
    repeated = whole.duplicated(keep=False) & times.notna().all(axis=1)
    return repeated.to_numpy(dtype=np.bool_)


def _sets(responses: Responses, settings: Settings) -> list[list[str]]:
    """The columns, or sets of columns, in which no two interviews may be the same."""
    where = "checks: duplicate_interview: unique"
    return [
        [known_column(responses, name.strip(), where) for name in written.split("+")]
        for written in texts(settings, "unique")
    ]


def _copies(answers: pd.DataFrame, same: NDArray[np.bool_]) -> pd.Series[int]:
    """Of each interview which others are copies of it, as a number; -1 minus its place where none is."""
    found = pd.Series(-1 - np.arange(len(answers)), index=answers.index)
    if same.any() and len(answers.columns):
        alike = answers.loc[same]
        found[same] = alike.groupby(list(alike.columns), dropna=False, sort=False).ngroup()
    return found


def _same_in(responses: Responses, columns: list[str], copies: pd.Series[int]) -> pd.DataFrame:
    """Findings for interviews that hold the same in all of some columns, none of them empty.

    Copies of one another are left out: that they are alike in these columns too is no news.
    """
    whole = pd.concat([responses.frame, responses.meta], axis=1)
    values = whole.loc[:, ~whole.columns.duplicated()][columns]
    values = values.mask(values == "")
    alike = values.duplicated(keep=False) & values.notna().all(axis=1)
    found = values[alike].groupby(columns, sort=False).ngroup()
    kinds = copies[alike].groupby(found.to_numpy()).nunique()
    alike[alike] = found.map(kinds).to_numpy() > 1
    mark = alike.to_numpy(dtype=np.bool_)
    others = _others(values[mark])
    return WholeInterview(responses, columns[0]).marked(
        mark,
        f"another interview has the same {' and '.join(columns)}",
        [f"Compare with {other}" for other in others],
    )


def _others(alike: pd.DataFrame) -> list[str]:
    """For each row, the other interviews with the same values: one, or how many."""
    if not len(alike):
        return []
    number_of = np.zeros(len(alike), dtype=np.int64)
    if len(alike.columns):
        groups = alike.groupby(list(alike.columns), dropna=False, sort=False)
        number_of = groups.ngroup().to_numpy()
    ids = alike.index.to_numpy(dtype=object)
    members: dict[int, list[Any]] = {}
    for group, interview in zip(number_of, ids, strict=True):
        members.setdefault(int(group), []).append(interview)
    return [_other(members[int(g)], i) for g, i in zip(number_of, ids, strict=True)]


def _other(group: list[Any], interview: str) -> str:
    other = group[1] if group[0] == interview else group[0]
    more = len(group) - 2
    return f"{other} and {more} more" if more else str(other)


DUPLICATE_INTERVIEW = Check(
    name="duplicate_interview",
    title="Duplicate interview",
    why=(
        "No two interviews give the same answer to every question that is asked, rosters "
        "included; all copies are listed, not only the later ones. What the form fills in and "
        "the questions in `ignore` are left out. Interviews with fewer than `least` answers "
        "(someone who did not agree to take part) may well be alike, unless they also began and "
        "ended in the same second. An id that came twice is "
        "listed too, and so are interviews that hold the same in a column, or set of columns, of "
        "`unique`: ['card', 'village + household']. Values are compared as they stand and never pasted together, so no two "
        "different interviews can be taken for one."
    ),
    find=_find,
    reach=_reach,
    settings=MappingProxyType({"least": 10, "ignore": (), "unique": ()}),
)
