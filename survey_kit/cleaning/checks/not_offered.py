"""A code of the list that the form would not have shown, given the other answers."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.cleaning.cells import Cells, every_question
from survey_kit.cleaning.check import Check, Reach, Settings, as_findings, together
from survey_kit.cleaning.own_version import by_own_version
from survey_kit.errors import CannotEvaluate
from survey_kit.questionnaire.model import Item
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.evaluate import Answered, offered, scope_of
from survey_kit.responses.model import Responses
from survey_kit.responses.replay import begin


def _filtered(item: Item) -> bool:
    return item.question.choice_filter is not None


def _reach(responses: Responses, settings: Settings) -> Reach:
    del settings
    filtered = list(every_question(responses, _filtered))
    if not filtered:
        return Reach(runs=False, note="no question of the form filters its choices")
    replayed = begin(responses).whole.columns
    unknown = [cells.key for cells in filtered if _shown(cells, replayed) is None]
    rest = f"; of {', '.join(unknown)} it cannot be worked out" if unknown else ""
    return Reach(note=f"{len(filtered)} questions that filter their choices{rest}")


@by_own_version
def _find(responses: Responses, settings: Settings) -> pd.DataFrame:
    del settings
    replayed = begin(responses).whole.columns
    return together(_hidden(cells, replayed) for cells in every_question(responses, _filtered))


def _shown(cells: Cells, replayed: Answered) -> NDArray[np.bool_] | None:
    """(n, c) bool. Which choices the form showed; None where nothing can tell."""
    rule = cells.item.question.choice_filter
    if rule is None:
        raise TypeError(cells.key)
    try:
        return offered(rule, replayed, cells.key)
    except CannotEvaluate:
        return None


def _hidden(cells: Cells, replayed: Answered) -> pd.DataFrame:
    rule, shown = cells.item.question.choice_filter, _shown(cells, replayed)
    if rule is None or shown is None:
        return as_findings(())
    choices = replayed.questionnaire.choices(cells.item.question)
    chosen = _chosen(cells, [choice.code for choice in choices])
    scope = scope_of(replayed, cells.key, None, rule.source)
    mark = np.logical_or.reduce(chosen & ~shown, axis=1) & ~scope.unknown(rule.tree)
    depends_on = " and ".join(rule.answers) or "the other answers"
    return cells.marked(
        mark,
        f"a chosen code is in the list, but the form does not show it with this {depends_on}",
        f"Compare with {depends_on}",
    )


def _chosen(cells: Cells, codes: Iterable[str]) -> NDArray[np.bool_]:
    """(n, c) bool. Which codes stand in each cell."""
    numbers, distinct = pd.factorize(cells.answers)
    several = cells.storage is Storage.CODES
    sets = [set(str(v).split()) if several else {str(v)} for v in distinct]
    order = list(codes)
    table = np.array([[code in each for code in order] for each in [*sets, set[str]()]], dtype=bool)
    return table.reshape(len(sets) + 1, len(order))[numbers]


NOT_OFFERED = Check(
    name="not_offered",
    title="A choice that was not shown",
    why=(
        "A chosen code is one that the form's choice filter shows with the other answers of the "
        "interview: a district of the chosen region. Codes from outside the list are found by "
        "not_in_list."
    ),
    find=_find,
    reach=_reach,
)
