"""A code of the list that the form would not have shown, given the other answers."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.cleaning.cells import Cells, every_question
from survey_kit.cleaning.check import Check, Reach, Settings, together
from survey_kit.questionnaire.expression import Expression
from survey_kit.questionnaire.model import Item
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.evaluate import offered
from survey_kit.responses.model import Responses


def _filtered(item: Item) -> bool:
    return item.question.choice_filter is not None


def _reach(responses: Responses, settings: Settings) -> Reach:
    del settings
    looked_at = sum(1 for _ in every_question(responses, _filtered))
    if not looked_at:
        return Reach(runs=False, note="no question of the form filters its choices")
    return Reach(note=f"{looked_at} questions that filter their choices")


def _find(responses: Responses, settings: Settings) -> pd.DataFrame:
    del settings
    return together(
        _hidden(cells, cells.item.question.choice_filter, responses)
        for cells in every_question(responses, _filtered)
    )


def _hidden(cells: Cells, rule: Expression | None, responses: Responses) -> pd.DataFrame:
    if rule is None:
        raise TypeError(cells.key)
    choices = responses.questionnaire.choices(cells.item.question)
    shown = offered(rule, responses, cells.key)
    chosen = _chosen(cells, [choice.code for choice in choices])
    mark = np.logical_or.reduce(chosen & ~shown, axis=1)
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
