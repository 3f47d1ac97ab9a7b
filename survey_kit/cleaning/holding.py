"""Where an expression about a question is known not to hold, as a constraint would be judged."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from survey_kit.cleaning.cells import Cells
from survey_kit.questionnaire.expression import Expression
from survey_kit.responses.evaluate import Answered, scope_of
from survey_kit.responses.logic.value import as_truths
from survey_kit.responses.model import Absence


def does_not_hold(expression: Expression, cells: Cells, answered: Answered) -> NDArray[np.bool_]:
    """(n,) bool. Where the question has an answer, no refusal, and the expression is not true.

    A full stop in it is the answer. It is not judged where the interview's version of the form
    lacked a question that it refers to.

    Raises
    ------
    CannotEvaluate
        If it cannot be worked out on interviews that are over.
    """
    scope = scope_of(answered, cells.key, None, expression.source)
    holds = np.broadcast_to(as_truths(scope.value(expression.tree)), (scope.rows,))
    given = (cells.absence == Absence.PRESENT).to_numpy(dtype=np.bool_) & cells.given
    return given & ~holds & ~scope.unknown(expression.tree)
