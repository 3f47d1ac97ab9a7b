"""An outcome: the category that each row gave and what they are called, or a number of its family."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from survey_kit.design.sample import Sample
from survey_kit.errors import EstimationError
from survey_kit.estimation.models import formula as formulas
from survey_kit.estimation.models.family import Family
from survey_kit.estimation.statistic import Floats

MOST_OUTCOMES = 100
"""Categories of an outcome: its effects, and their covariance, grow with them."""


def categories_of(
    left: str, sample: Sample, used: NDArray[np.bool_], *, fewest: int, instead: str, merge: str
) -> tuple[NDArray[np.intp], tuple[str, ...]]:
    """(m,) the category of each row, numbered from 0, and their names in the column's order.

    Parameters
    ----------
    left
        The left side of a formula: a column, in backticks where its name is no word.
    fewest
        How many categories the model needs.
    instead, merge
        What to do where there are fewer, and where nobody gave one of them.

    Raises
    ------
    EstimationError
        If it is no column, has too few categories, all gave the same, or nobody gave one.
    """
    quoted = formulas.QUOTED.fullmatch(left)
    column = quoted[1] if quoted else left
    if column not in sample.data.columns:
        raise EstimationError(
            f"outcome '{left}'", "it is not a column", "Put its categories in a column in order."
        )
    levels = sample.levels(column)
    if len(levels.names) > MOST_OUTCOMES:
        raise EstimationError(
            f"outcome '{left}'",
            f"it has {len(levels.names):,} categories, and each but one has effects of its own",
            f"Put categories together, into at most {MOST_OUTCOMES}; or model a number.",
        )
    codes = levels.codes[used]
    found = np.bincount(codes, minlength=len(levels.names))
    if (found > 0).sum() == 1:
        raise EstimationError(
            f"outcome '{left}'",
            "everybody in the model gave the same answer, so nothing can explain it",
            "Look at its table first; check `where` and what is missing.",
        )
    if len(levels.names) < fewest:
        raise EstimationError(
            f"outcome '{left}'", f"it has {len(levels.names)} categories", instead
        )
    if (found == 0).any():
        raise EstimationError(
            f"outcome '{left}'",
            f"nobody gave '{levels.names[int(np.flatnonzero(found == 0)[0])]}'",
            merge,
        )
    return codes.astype(np.intp), levels.names


def check_outcome(y: Floats, family: Family, left: str) -> None:
    """Refuse an outcome that its family cannot have."""
    low = family.lowest
    if low is None:
        return
    outside = (y < low) | (family.open_below & (y <= low)) | (family.shares & (y > 1))
    if outside.any():
        wanted = (
            "between 0 and 1"
            if family.shares
            else "above 0"
            if family.open_below
            else "not below 0"
        )
        raise EstimationError(
            f"outcome '{left}'",
            f"the family {family.name} takes numbers {wanted}, and there are others",
            "Choose another family, or leave those rows out with `where`.",
        )
