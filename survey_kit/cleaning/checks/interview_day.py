"""A date that is the day of the interview: the day that a phone shows before anybody chooses one."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.cleaning.cells import Cells, every_question
from survey_kit.cleaning.check import Check, Reach, Settings, as_findings, number, text, together
from survey_kit.cleaning.interview_parts import known_column, moment_column, moments
from survey_kit.questionnaire.model import Item
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.model import Responses


def _is_date(item: Item) -> bool:
    kind = item.question.type
    return kind.asked and kind.storage in (Storage.DATE, Storage.DATETIME)


def _days(responses: Responses, settings: Settings) -> pd.Series[Any] | None:
    """(n,) the day of each interview; None where nothing says it."""
    named = text(settings, "day")
    if named:
        column: str | None = known_column(responses, named, "checks: interview_day: day")
    else:
        kinds = ("start", "today", "end")
        columns = (moment_column(responses, kind, "", "") for kind in kinds)
        column = next(filter(None, columns), None)
    if column is None:
        column = next((c for c in ("start", "today") if c in responses.meta.columns), None)
    return None if column is None else moments(responses, column).dt.normalize()


def _reach(responses: Responses, settings: Settings) -> Reach:
    days = _days(responses, settings)
    dates = list(every_question(responses, _is_date))
    if not dates:
        return Reach(runs=False, note="the form asks for no date")
    if days is None:
        return Reach(
            runs=False,
            note="the form has no question of type start or today; name the column in the setting day",
        )
    usual = number(settings, "usual")
    often = [cells.key for cells in dates if _same(cells, days)[1] > usual]
    rest = f"; left out, since it is often that day: {', '.join(often)}" if often else ""
    return Reach(note=f"{len(dates)} dates{rest}")


def _same(cells: Cells, days: pd.Series[Any]) -> tuple[NDArray[np.bool_], float]:
    """Where the answer is the day of the interview, and the share of answers that are."""
    own = days.reindex(cells.interviews).to_numpy()
    same = cells.answers.dt.normalize().to_numpy() == own
    return same, float(same.sum() / max(int(cells.given.sum()), 1))


def _find(responses: Responses, settings: Settings) -> pd.DataFrame:
    days = _days(responses, settings)
    if days is None:
        return as_findings(())
    tables: list[pd.DataFrame] = []
    for cells in every_question(responses, _is_date):
        same, share = _same(cells, days)
        if share <= number(settings, "usual"):
            tables.append(
                cells.marked(same, "the date is the day of the interview", "Ask for the right day")
            )
    return together(tables)


INTERVIEW_DAY = Check(
    name="interview_day",
    title="A date that is the day of the interview",
    why=(
        "A date that somebody is asked for is rarely the day of the interview (`day`: the column "
        "with it, otherwise the start of the form), but that is what a phone shows before a day is "
        "chosen. Questions in which more than the share `usual` of all answers are that day ask for "
        "it, and are left out."
    ),
    find=_find,
    reach=_reach,
    settings=MappingProxyType({"day": "", "usual": 0.2}),
)
