"""The answers to one question, wherever they stand: in the interviews' frame or in a repeat's.

Most checks ask the same of every question. They go through `every_question` and mark
cells; `Cells.marked` makes the findings, so that no check knows where a row comes from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.cleaning.check import COLUMNS, as_findings
from survey_kit.questionnaire.model import Item
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.as_text import as_text
from survey_kit.responses.model import Responses

Words: TypeAlias = str | Sequence[str]


@dataclass(frozen=True, eq=False)
class Cells:
    """One question's column.

    answers
        (n,) the answers, of interviews or of a repeat's rows.
    absence
        (n,) int8 of `Absence`.
    """

    item: Item
    answers: pd.Series[Any]
    absence: pd.Series[Any]

    @property
    def key(self) -> str:
        """The name of the column."""
        return self.item.key

    @property
    def storage(self) -> Storage:
        """How the question stores its answers."""
        return self.item.question.type.storage

    @cached_property
    def given(self) -> NDArray[np.bool_]:
        """(n,) bool. Whether anything stands in the cell, were it a code for a refusal."""
        return self.answers.notna().to_numpy(dtype=np.bool_)

    @property
    def interviews(self) -> NDArray[Any]:
        """(n,) text. The interview of each cell."""
        return self.answers.index.get_level_values(0).to_numpy(dtype=object)

    def text(self, mark: NDArray[np.bool_]) -> list[str]:
        """The marked answers as text, "" where empty."""
        return list(as_text(self.answers[mark], self.storage).fillna(""))

    def marked(self, mark: NDArray[np.bool_], what: Words, suggestion: Words = "") -> pd.DataFrame:
        """Findings for the marked cells.

        Parameters
        ----------
        mark
            (n,) bool.
        what, suggestion
            One text for all, or one for each marked cell in order.
        """
        if not mark.any():
            return as_findings(())
        index = self.answers.index[mark]
        return pd.DataFrame(
            {
                "interview": index.get_level_values(0).to_numpy(dtype=object),
                "row": row_names(index),
                "question": self.key,
                "answer": self.text(mark),
                "what": what if isinstance(what, str) else list(what),
                "suggestion": suggestion if isinstance(suggestion, str) else list(suggestion),
            },
            columns=list(COLUMNS[1:]),
            dtype="str",
        )


def every_question(
    responses: Responses, wanted: Callable[[Item], bool] | None = None
) -> Iterator[Cells]:
    """The cells of every question with a column, in the order of the interview.

    `wanted` chooses among the questions; without it all are gone through.
    """
    for item in responses.questionnaire.items:
        if wanted is not None and not wanted(item):
            continue
        if not item.repeats:
            frame, absence = responses.frame, responses.absence
        elif item.repeats[-1] in responses.repeats:
            rows = responses.repeats[item.repeats[-1]]
            frame, absence = rows.frame, rows.absence
        else:
            continue
        if item.key in frame.columns:
            yield Cells(item, frame[item.key], absence[item.key])


def row_names(index: pd.Index[Any]) -> list[str]:
    """The positions in a repeat, outermost first: "2" or "1/2"; "" outside repeats."""
    if index.nlevels == 1:
        return [""] * len(index)
    levels = [index.get_level_values(level) for level in range(1, index.nlevels)]
    return ["/".join(str(position) for position in row) for row in zip(*levels, strict=True)]
