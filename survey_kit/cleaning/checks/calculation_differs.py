"""A result that the form's own calculation does not give with these answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.cleaning.cells import Cells, every_question
from survey_kit.cleaning.check import Check, Reach, Settings, number, together
from survey_kit.cleaning.masking import mask
from survey_kit.cleaning.own_version import by_own_version
from survey_kit.questionnaire.model import Item
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.as_text import as_text
from survey_kit.responses.model import Absence, Responses
from survey_kit.responses.replay import calculated_together

NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
NUMBERS = (Storage.INTEGER, Storage.DECIMAL)


def _calculates(item: Item) -> bool:
    """Whether the form alone fills it in: what people may write over is theirs."""
    question = item.question
    return question.calculation is not None and (question.read_only or not question.type.asked)


def _results(responses: Responses) -> Iterator[tuple[Cells, pd.Series[Any]]]:
    """Each calculation whose result came back, and what it gives now."""
    given: Mapping[str, pd.Series[Any]] | None = None
    for cells in every_question(responses, _calculates):
        given = calculated_together(responses) if given is None else given
        if cells.key in given:
            yield cells, given[cells.key]


def _reach(responses: Responses, settings: Settings) -> Reach:
    del settings
    there = [cells.key for cells in every_question(responses, _calculates) if cells.given.any()]
    if not there:
        return Reach(runs=False, note="no result of a calculation came back")
    return Reach(note=f"{len(there)} calculations whose results came back")


@by_own_version
def _find(responses: Responses, settings: Settings) -> pd.DataFrame:
    tolerance = number(settings, "tolerance")
    tables = [_differing(cells, now, tolerance) for cells, now in _results(responses)]
    codes = {code for each in responses.questionnaire.lists.values() for code in each.codes}
    found = together(tables)
    return found.assign(answer=[_shown(answer, codes) for answer in found["answer"]])


def _shown(answer: str, codes: set[str]) -> str:
    """A result as it may be shown: a code or a number; a text may be a name put together."""
    told = answer in codes or NUMBER.fullmatch(answer) is not None
    return answer if told else mask(answer)


def _differing(cells: Cells, now: pd.Series[Any], tolerance: float) -> pd.DataFrame:
    if not cells.given.any():
        return cells.marked(np.zeros(len(cells.answers), dtype=np.bool_), "")
    stored, again = _texts(cells.answers, cells.storage), _texts(now, cells.storage)
    unknown = cells.absence.isin((Absence.NOT_IN_VERSION, Absence.UNREADABLE)).to_numpy(dtype=bool)
    mark = ~_same(stored, again, tolerance) & ~unknown
    count, judged = int(mark.sum()), int((~unknown).sum())
    suggestion = "Correct the answers it rests on, or take the new result"
    if count > judged / 2:
        suggestion = f"Differs in {count} of {judged}: look whether this is the form that was used"
    return cells.marked(
        mark,
        "the form's calculation gives something else with these answers",
        [_with_result(suggestion, result, cells.storage) for result in again[mark]],
    )


def _with_result(suggestion: str, result: str, storage: Storage) -> str:
    """What to do, and the new result; but no text, which may be a name put together."""
    if storage not in NUMBERS:
        return suggestion
    return f"{suggestion}; it gives {result or 'nothing'} now"


def _texts(series: pd.Series[Any], storage: Storage) -> NDArray[np.object_]:
    return as_text(series, storage).fillna("").to_numpy(dtype=object)


def _same(
    stored: NDArray[np.object_], again: NDArray[np.object_], tolerance: float
) -> NDArray[np.bool_]:
    """(n,) bool. Equal as texts, or as numbers up to how phones and exports round."""
    equal = stored == again
    one = pd.to_numeric(pd.Series(stored), errors="coerce").to_numpy(dtype=np.float64)
    other = pd.to_numeric(pd.Series(again), errors="coerce").to_numpy(dtype=np.float64)
    near = np.abs(one - other) <= tolerance * np.maximum(np.abs(one), np.abs(other))
    return np.asarray(equal, dtype=np.bool_) | near


CALCULATION_DIFFERS = Check(
    name="calculation_differs",
    title="A calculation that no longer holds",
    why=(
        "What a form calculated is what its calculation gives with the answers that came back, up to "
        "a relative `tolerance`. It parts from that when an answer is edited on the server, since "
        "nothing is calculated again there. What rests on chance, the clock or the device is not "
        "judged."
    ),
    find=_find,
    reach=_reach,
    settings=MappingProxyType({"tolerance": 1e-6}),
)
