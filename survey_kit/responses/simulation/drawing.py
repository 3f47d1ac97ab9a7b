"""Which way of drawing belongs to which kind of answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.simulation.choices import OneCode, Ranking, SeveralCodes
from survey_kit.responses.simulation.numbers import Days, Numbers
from survey_kit.responses.simulation.texts import Files, Moments, Phrases, Places

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from survey_kit.questionnaire.model import Item
    from survey_kit.responses.simulation.calibration import Calibration
    from survey_kit.responses.simulation.scope import Scope


class Drawing(Protocol):
    """Something that draws answers to one question."""

    def draw(self, rows: NDArray[np.int64], attempt: int, rng: np.random.Generator) -> NDArray[Any]:
        """(len(rows),) answers; `attempt` counts the tries, from 0."""
        ...


@dataclass(frozen=True, eq=False)
class Asked:
    """A question that is being asked.

    site
        (m, choices) What the place of the interview adds to the log odds of each choice.
    today
        (m,) The day of the interview.
    """

    item: Item
    scope: Scope
    calibration: Calibration
    site: NDArray[np.float64]
    today: NDArray[np.datetime64]


def drawing(asked: Asked) -> Drawing:
    """The way of drawing for a question."""
    if asked.item.question.type.name == "rank":
        return Ranking(asked.item, asked.scope, asked.calibration, asked.site)
    return _BY_STORAGE[asked.item.question.type.storage](asked)


def _numbers(asked: Asked) -> Drawing:
    return Numbers.of_question(asked.item, asked.scope, asked.calibration)


def _phrases(asked: Asked) -> Drawing:
    return Phrases(asked.item, asked.scope, asked.calibration)


_BY_STORAGE: Mapping[Storage, Callable[[Asked], Drawing]] = MappingProxyType(
    {
        Storage.CODE: lambda a: OneCode(a.item, a.scope, a.calibration, a.site),
        Storage.CODES: lambda a: SeveralCodes(a.item, a.scope, a.calibration, a.site),
        Storage.INTEGER: _numbers,
        Storage.DECIMAL: _numbers,
        Storage.TEXT: _phrases,
        Storage.DATE: lambda a: Days(a.item, a.scope, a.calibration, a.today),
        Storage.DATETIME: lambda a: Moments(a.today),
        Storage.TIME: lambda _: Moments(None),
        Storage.LOCATION: lambda _: Places(),
        Storage.FILE: lambda a: Files(a.scope.interviews),
        Storage.NOTHING: _phrases,
    }
)
