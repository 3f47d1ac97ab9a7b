"""Draws choices that are themselves answers: one of the names that a roster was given before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from survey_kit.questionnaire.question_type import Storage

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from survey_kit.questionnaire.model import Item
    from survey_kit.responses.simulation.scope import Scope

    Positions = NDArray[np.int64]
    Words = NDArray[np.object_]


class FromRows:
    """Draws among the answers to another question in the rows of the same interview."""

    def __init__(self, item: Item, scope: Scope) -> None:
        self._several = item.question.type.storage is Storage.CODES
        self._ranked = item.question.type.name == "rank"
        self._interviews = scope.interviews
        self._among = dict[int, list[str]]()
        unfinished = scope.everything.unfinished
        source = next(
            each
            for each in unfinished.questionnaire.items
            if each.question.name == item.question.choices_from
        )
        if not source.repeats or source.repeats[-1] not in unfinished.repeats:
            return
        frame = unfinished.repeats[source.repeats[-1]].frame
        owners = unfinished.frame.index.get_indexer(frame.index.get_level_values(0))
        for owner, answer in zip(owners, frame[source.key], strict=True):
            if isinstance(answer, str) and (not self._several or " " not in answer):
                named = self._among.setdefault(int(owner), [])
                if answer not in named:
                    named.append(answer)

    def draw(self, rows: Positions, attempt: int, rng: np.random.Generator) -> Words:
        """(len(rows),) answers, None where there are no rows to choose from."""
        del attempt
        found: list[str | None] = []
        for row in rows:
            among = self._among.get(int(self._interviews[row]), [])
            if not among:
                found.append(None)
                continue
            order = rng.permutation(len(among))
            many = 1
            if self._several:
                many = len(among) if self._ranked else int(rng.integers(1, len(among) + 1))
            found.append(" ".join([among[int(place)] for place in order[:many]]))
        return np.array(found, dtype=object)


class NoChoices:
    """Draws nothing: the list is empty, or stands in a file that is not there."""

    def draw(self, rows: Positions, attempt: int, rng: np.random.Generator) -> Words:
        """(len(rows),) None."""
        del attempt, rng
        return np.full(len(rows), None, dtype=object)
