"""Interviews that are still going on: the answers so far, and the rows being filled.

A scope is the interviews themselves or the rows of one repeat. Expressions are put to
`responses.evaluate`, the same judge that later replays what came back; the simulator
has no logic of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.extensions import ExtensionArray

from survey_kit.errors import CannotEvaluate
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.evaluate import offered, prepare, truth, values
from survey_kit.responses.model import Rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from survey_kit.questionnaire.expression import Expression
    from survey_kit.questionnaire.model import Item, Questionnaire
    from survey_kit.responses.logic.columns import Columns


Column: TypeAlias = ExtensionArray | NDArray[Any]
"""A column of answers, without its index."""


@dataclass(frozen=True, eq=False)
class Unfinished:
    """The answers so far. What has not been asked yet is blank, as it is in the form.

    `meta` holds when each interview is sent, where that is known beforehand.
    """

    questionnaire: Questionnaire
    frame: pd.DataFrame
    repeats: Mapping[str, Rows]
    meta: pd.DataFrame = field(default_factory=pd.DataFrame)


class SoFar:
    """The answers so far, made ready for expressions, and kept so while more are filled in."""

    def __init__(self, unfinished: Unfinished, chance: np.random.Generator) -> None:
        self.questionnaire = unfinished.questionnaire
        self.unfinished = unfinished
        self._chance = chance
        self.ready: Columns = prepare(unfinished, chance=chance)

    def changed(self, key: str) -> None:
        """The answers to a question are other ones now."""
        self.ready.forget(key)

    def began(self) -> None:
        """The rows of a repeat are other ones now."""
        relevant = self.ready.relevant
        self.ready = prepare(self.unfinished, chance=self._chance)
        self.ready.relevant.update(relevant)


@dataclass(frozen=True, eq=False)
class Scope:
    """The rows that are being filled.

    repeat
        Name of the repeat; None for the interviews themselves.
    frame
        (m, k). Filled column by column, in the order of the interview.
    interviews
        (m,) int. The position of the interview that a row belongs to.
    everything
        All answers so far, this frame among them.
    relevant
        key -> (m,) bool: who was asked.
    """

    repeat: str | None
    frame: pd.DataFrame
    interviews: NDArray[np.int64]
    everything: SoFar
    relevant: dict[str, NDArray[np.bool_]] = field(default_factory=dict[str, "NDArray[np.bool_]"])

    def __len__(self) -> int:
        return len(self.frame)

    def holds(
        self,
        expression: Expression,
        *,
        this: str | None = None,
        place: tuple[str, ...] | None = None,
    ) -> NDArray[np.bool_]:
        """(m,) bool. Where an expression is true of the answers so far."""
        if not len(self):
            return np.zeros(0, dtype=np.bool_)
        ready = self.everything.ready
        return truth(expression, ready, this=this, repeat=self.repeat, place=place)

    def works_out(self, expression: Expression, *, this: str | None = None) -> pd.Series:
        """(m,) The value of an expression, as text or float."""
        if not len(self):
            return pd.Series(dtype=np.float64)
        return values(expression, self.everything.ready, this=this, repeat=self.repeat)

    def offered(self, item: Item) -> NDArray[np.bool_]:
        """(m, choices) bool. Which choices the form offers each row."""
        choices = self.everything.questionnaire.choices(item.question)
        if item.question.choice_filter is None or not len(self):
            return np.ones((len(self), len(choices)), dtype=np.bool_)
        questionnaire = self.everything.questionnaire
        try:
            return offered(item.question.choice_filter, self.everything.ready, item.key)
        except CannotEvaluate:
            if not (questionnaire.not_understood or questionnaire.only_elsewhere):
                raise
            return np.ones((len(self), len(choices)), dtype=np.bool_)

    def write(self, key: str, answers: Column) -> None:
        """Fill the column of a question."""
        self.frame[key] = answers
        self.everything.changed(key)

    def was_asked(self, key: str, relevant: NDArray[np.bool_]) -> None:
        """Who, (m,) bool, was asked a question."""
        self.relevant[key] = relevant
        self.everything.ready.relevant[key] = relevant
        self.everything.changed(key)


def blank(storage: Storage, rows: int) -> Column:
    """(rows,) nothing but empty cells, of the dtype in which answers of this storage are held."""
    match storage:
        case Storage.INTEGER | Storage.DECIMAL:
            return np.full(rows, np.nan)
        case Storage.DATE | Storage.DATETIME:
            return np.full(rows, np.datetime64("NaT", "us"))
        case _:
            return as_text(np.full(rows, None, dtype=object))


def as_text(words: NDArray[np.object_]) -> ExtensionArray:
    """(n,) texts, None where empty, as pandas holds them."""
    return cast("ExtensionArray", pd.array(words, dtype="str"))


def only(words: NDArray[np.object_], where: NDArray[np.bool_]) -> NDArray[np.object_]:
    """(n,) the words in some rows, None in all others."""
    kept = np.full(len(words), None, dtype=object)
    kept[where] = words[where]
    return kept


def empty_frame(items: tuple[Item, ...], index: pd.Index) -> pd.DataFrame:
    """(m, k) empty cells, one column for each question that holds an answer."""
    columns = {
        item.key: blank(item.question.type.storage, len(index))
        for item in items
        if item.question.type.storage is not Storage.NOTHING
    }
    return pd.DataFrame(columns, index=index)
