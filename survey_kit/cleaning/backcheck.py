"""Back-checks: some people are asked again, by somebody else, and the two answers compared.

Questions are of three types, as Innovations for Poverty Action's back-check manual has them. *Type 1* does not
change and is easy to ask: a difference is a reason to look at the interview. *Type 2* is hard
to ask: differences say who needs more training. *Type 3* may change between the visits: the
question is how stable it is. Rates of difference are counted by question, enumerator, team and
back-checker, as `bcstats` does, and every rate has its limits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.cleaning.enumerator_rates import exact_limits

COMPARISONS = ("id", "question", "type", "survey", "back_check", "result")
"""Columns of a table of comparisons, before those that were carried over."""
RATES = ("compared", "different", "rate", "low", "high")

SAME, WITHIN, DIFFERENT, LEFT_OUT = "same", "within the range", "different", "not compared"

Floats: TypeAlias = NDArray[np.float64]


class Blank(Enum):
    """What an empty answer is."""

    BACK_CHECK = "not compared where the back-check has none"
    """The back-check asks a part of the form; what the survey lacks and the back-check has, differs."""
    EITHER = "not compared where either has none"
    NEITHER = "an answer like any other"


@dataclass(frozen=True)
class Range:
    """How far a second answer may lie from the first, both ends included: -1 to 1, or -5 % to 5 %."""

    low: float
    high: float
    relative: bool = False

    def holds(self, first: Floats, second: Floats) -> NDArray[np.bool_]:
        """(n,) bool. Whether the second answer is within reach of the first."""
        unit = np.abs(first) / 100 if self.relative else np.ones(len(first))
        slack = 1e-9 * np.maximum(np.abs(first), 1)
        apart = second - first
        return (apart >= self.low * unit - slack) & (apart <= self.high * unit + slack)


@dataclass(frozen=True)
class Plan:
    """What is compared, and what counts as a difference.

    types
        Question -> 1, 2 or 3.
    ranges
        Question -> how far a number may be off.
    leave_out
        Answers that are not compared: a back-check that was not asked, "don't know".
    never_different
        Answers of the back-check that are no difference whatever the survey says.
    """

    types: Mapping[str, int]
    ranges: Mapping[str, Range] = field(default_factory=lambda: MappingProxyType({}))
    leave_out: frozenset[str] = frozenset()
    never_different: frozenset[str] = frozenset()
    blank: Blank = Blank.BACK_CHECK


def compare(
    survey: pd.DataFrame,
    back: pd.DataFrame,
    plan: Plan,
    *,
    keep_survey: Mapping[str, str] = MappingProxyType({}),
    keep_back: Mapping[str, str] = MappingProxyType({}),
) -> pd.DataFrame:
    """Every pair of answers to a question of the plan.

    Parameters
    ----------
    survey, back
        Indexed by the person or household; each with a column for every question of the plan, as
        numbers or as text. The ids of the survey are unique; somebody may have been back-checked twice.
    keep_survey, keep_back
        New name -> column that is carried over from the survey or the back-check: enumerator, team.

    Returns
    -------
    (pairs x questions, 6 + kept)
        In the order of the back-checks, question by question, with the columns `COMPARISONS`: the two
        answers as they are in the frames, and `result`: same, within the range, different, or not
        compared. Back-checks of somebody who is not in the survey are left out.
    """
    known = back.index.isin(survey.index)
    second = back[known]
    first = survey.reindex(second.index)
    tables = [
        pd.DataFrame(
            {
                "id": second.index.to_numpy(dtype=object),
                "question": question,
                "type": kind,
                "survey": first[question].to_numpy(dtype=object),
                "back_check": second[question].to_numpy(dtype=object),
                "result": _results(first[question], second[question], question, plan),
                **{
                    name: first[column].to_numpy(dtype=object)
                    for name, column in keep_survey.items()
                },
                **{
                    name: second[column].to_numpy(dtype=object)
                    for name, column in keep_back.items()
                },
            }
        )
        for question, kind in plan.types.items()
    ]
    if not tables:
        return pd.DataFrame(columns=[*COMPARISONS, *keep_survey, *keep_back])
    return pd.concat(tables, ignore_index=True)


def _results(
    first: pd.Series[Any], second: pd.Series[Any], question: str, plan: Plan
) -> NDArray[np.object_]:
    numbers = pd.api.types.is_numeric_dtype(first) and pd.api.types.is_numeric_dtype(second)
    one, two = _as_text(first), _as_text(second)
    no_first, no_second = (each.isna().to_numpy(dtype=np.bool_) for each in (first, second))
    same = (one == two) & ~no_first & ~no_second | (no_first & no_second)
    within = np.zeros(len(first), dtype=np.bool_)
    if numbers and question in plan.ranges:
        a, b = first.to_numpy(dtype=np.float64), second.to_numpy(dtype=np.float64)
        within = plan.ranges[question].holds(a, b)
    settled = np.array([value in plan.never_different for value in two], dtype=np.bool_)
    left = np.array(
        [a in plan.leave_out or b in plan.leave_out for a, b in zip(one, two, strict=True)],
        dtype=np.bool_,
    )
    match plan.blank:
        case Blank.BACK_CHECK:
            left |= no_second
        case Blank.EITHER:
            left |= no_second | no_first
        case Blank.NEITHER:
            pass
    return np.select(
        [left, same | (settled & ~no_second), within], [LEFT_OUT, SAME, WITHIN], DIFFERENT
    ).astype(object)


def _as_text(answers: pd.Series[Any]) -> NDArray[np.object_]:
    """(n,) numbers without needless decimals, everything else as text; "" where there is none."""
    return np.array(
        [
            "" if pd.isna(a) else f"{a:.15g}" if isinstance(a, (int, float)) else str(a)
            for a in answers
        ],
        dtype=object,
    )


def difference_rates(
    comparisons: pd.DataFrame, by: list[str], *, level: float = 0.95
) -> pd.DataFrame:
    """The share of pairs that differ, by question, enumerator, team or any of the kept columns.

    Parameters
    ----------
    by
        Columns of the comparisons, such as ["question", "type"] or ["enumerator", "type"].
    level
        Of the exact binomial limits.

    Returns
    -------
    (groups, by + 5)
        Groups with a pair that was compared, the highest rates first: compared, different, rate, low,
        high. The pairs of one interview hang together, so limits over several questions are somewhat
        too narrow.
    """
    counted = comparisons[comparisons["result"] != LEFT_OUT]
    counted = counted.assign(is_different=counted["result"] == DIFFERENT)
    groups = counted.groupby(by, sort=False)["is_different"]
    table = pd.DataFrame({"compared": groups.size(), "different": groups.sum().astype("int64")})
    different = table["different"].to_numpy(dtype=np.float64)
    compared = table["compared"].to_numpy(dtype=np.float64)
    low, high = exact_limits(different, compared, level)
    rates = table.assign(rate=different / np.maximum(compared, 1), low=low, high=high)
    return rates.reset_index().sort_values(
        ["rate", "compared"], ascending=False, ignore_index=True, kind="stable"
    )


def pairs_of(comparisons: pd.DataFrame, question: str) -> tuple[Floats, Floats]:
    """(n,), (n,) the first and second numbers of a question, where both were compared."""
    rows = comparisons[(comparisons["question"] == question) & (comparisons["result"] != LEFT_OUT)]
    first, second = (
        pd.to_numeric(rows[side], errors="coerce").to_numpy(dtype=np.float64)
        for side in ("survey", "back_check")
    )
    both = np.isfinite(first) & np.isfinite(second)
    return first[both], second[both]
