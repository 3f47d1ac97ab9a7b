"""A finding that is about an interview rather than about one of its answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.cleaning.cells import Cells
from survey_kit.cleaning.check import COLUMNS
from survey_kit.responses.model import Responses


@dataclass(frozen=True, eq=False)
class WholeInterview:
    """Interviews, pointed at through one of their columns, or through none ("")."""

    responses: Responses
    column: str = ""

    def marked(
        self, mark: NDArray[np.bool_], what: str | Sequence[str], suggestion: str | Sequence[str]
    ) -> pd.DataFrame:
        """Findings for the marked interviews; see `Cells.marked`."""
        item = self.responses.questionnaire.by_key.get(self.column)
        if item is not None and self.column in self.responses.frame.columns:
            answers = self.responses.frame[self.column]
            return Cells(item, answers, self.responses.absence[self.column]).marked(
                mark, what, suggestion
            )
        return pd.DataFrame(
            {
                "interview": self.responses.frame.index[mark].to_numpy(dtype=object),
                "row": "",
                "question": "",
                "answer": "",
                "what": what if isinstance(what, str) else list(what),
                "suggestion": suggestion if isinstance(suggestion, str) else list(suggestion),
            },
            columns=list(COLUMNS[1:]),
            dtype="str",
        )
