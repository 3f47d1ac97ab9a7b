"""Which way of drawing belongs to which kind of answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.simulation.choices import OneCode, Ranking, SeveralCodes
from survey_kit.responses.simulation.from_rows import FromRows, NoChoices
from survey_kit.responses.simulation.numbers import (
    CALIBRATED_TRIES,
    Days,
    Numbers,
    says_a_number,
)
from survey_kit.responses.simulation.places import Files, Places, Times
from survey_kit.responses.simulation.texts import Phrases
from survey_kit.responses.simulation.within import DaysWithin, Within
from survey_kit.responses.simulation.words_within import WordsWithin

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
    few
        Whether the answer says how many rows a repeat has.
    """

    item: Item
    scope: Scope
    calibration: Calibration
    site: NDArray[np.float64]
    today: NDArray[np.datetime64]
    few: bool = False


def drawing(asked: Asked) -> Drawing:
    """The way of drawing for a question."""
    question = asked.item.question
    if question.choices_from is not None:
        return FromRows(asked.item, asked.scope)
    choices = asked.scope.everything.questionnaire.choices(question)
    if question.type.storage in (Storage.CODE, Storage.CODES) and not choices:
        return NoChoices()
    if question.type.name == "rank":
        return Ranking(asked.item, asked.scope, asked.calibration, asked.site)
    return _BY_STORAGE[asked.item.question.type.storage](asked)


def _numbers(asked: Asked) -> Drawing:
    within = Within(asked.item, asked.scope, few=asked.few)
    if not says_a_number(asked.calibration.plan(asked.item.key)):
        return within
    return Calibrated(Numbers.of_question(asked.item, asked.scope, asked.calibration), within)


def _days(asked: Asked) -> Drawing:
    within = DaysWithin(asked.item, asked.scope, asked.today)
    plan = asked.calibration.plan(asked.item.key)
    if not says_a_number(plan):
        return within
    return Calibrated(Days(asked.item, asked.scope, asked.calibration, asked.today), within)


def _phrases(asked: Asked) -> Drawing:
    within = WordsWithin(asked.item, asked.scope)
    plan = asked.calibration.plan(asked.item.key)
    every = (plan.likely, *(case.likely for case in plan.cases))
    if not any(likely.texts or likely.pattern for likely in every):
        return within
    return Calibrated(Phrases(asked.item, asked.scope, asked.calibration), within)


@dataclass(frozen=True, eq=False)
class Calibrated:
    """Follows the calibration; where the form refuses that too often, what the form allows."""

    said: Drawing
    otherwise: Drawing

    def draw(self, rows: NDArray[np.int64], attempt: int, rng: np.random.Generator) -> NDArray[Any]:
        """(len(rows),) answers."""
        drawn = self.said if attempt < CALIBRATED_TRIES * 2 else self.otherwise
        return drawn.draw(rows, attempt, rng)


_BY_STORAGE: Mapping[Storage, Callable[[Asked], Drawing]] = MappingProxyType(
    {
        Storage.CODE: lambda a: OneCode(a.item, a.scope, a.calibration, a.site),
        Storage.CODES: lambda a: SeveralCodes(a.item, a.scope, a.calibration, a.site),
        Storage.INTEGER: _numbers,
        Storage.DECIMAL: _numbers,
        Storage.TEXT: _phrases,
        Storage.DATE: _days,
        Storage.DATETIME: lambda a: DaysWithin(a.item, a.scope, a.today),
        Storage.TIME: lambda _: Times(),
        Storage.LOCATION: lambda a: Places(a.item, a.calibration),
        Storage.FILE: lambda a: Files(a.item, a.scope),
        Storage.NOTHING: _phrases,
    }
)
