r"""Effects without bounds: a predictor that decides an outcome for some people, or for all.

The likelihood of shares has no maximum if some combination b of the predictors has
:math:`x_i'b \ge 0` for everybody who said yes and :math:`x_i'b \le 0` for everybody who
said no, and is not 0 for all: going on in that direction it only grows (Albert and Anderson
1984, Biometrika 71:1-10). The separation is complete if nobody has :math:`x_i'b = 0`, and
else it is quasi-complete: some are decided, the others are not. Whether there is such a b,
and which predictors it moves, is a linear programme (Konis 2007, thesis, Oxford):

.. math:: \max_{b,z} \sum_i z_i \quad\text{with}\quad s_i x_i'b \ge z_i,\ 0 \le z_i \le 1,
          \qquad s_i = \pm 1,

in which :math:`z_i` is 1 for whoever is decided. Terms without which as many are decided
are left out one after the other; those that stay are named.

For counts the same holds of those who said 0, with :math:`x_i'b = 0` for all others
(Correia, Guimarães and Zylkin 2019, arXiv 1903.01633).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.design.described import design_line
from survey_kit.design.sample import Sample
from survey_kit.errors import EstimationError
from survey_kit.estimation.asked import Where, asked_rows, sample_first
from survey_kit.estimation.models import formula as formulas
from survey_kit.estimation.models.family import BINOMIAL, Family, family_of
from survey_kit.estimation.models.outcome import check_outcome
from survey_kit.estimation.shown import Shown, Table, of_frame
from survey_kit.estimation.statistic import Floats

Terms: TypeAlias = Mapping[str, tuple[int, ...]]
NEAR = 1e-5
"""A fitted share nearer to 0 or 1 than this is reason to look."""
HALF = 0.5


@dataclass(frozen=True, repr=False)
class Separation(Shown):
    """Where an outcome is decided by predictors.

    terms
        The terms of the formula that do it, without the intercept where there are others;
        none if no combination of them does.
    complete
        Whether the outcome is decided for everybody.
    formula, n, design
        The model that was looked at, the rows in it, and how they came about.
    """

    terms: tuple[str, ...]
    complete: bool
    formula: str = ""
    n: int = 0
    design: str = ""

    @property
    def frame(self) -> pd.DataFrame:
        """One row for each term that decides the outcome: for everybody, or for some."""
        whom = "everybody" if self.complete else "some"
        return pd.DataFrame(
            {"term": list(self.terms), "decides": [whom] * len(self.terms)}, dtype="str"
        )

    def shown(self) -> Table:
        """The terms that decide the outcome, and what to do."""
        said = (
            "An effect has no bounds: merge categories, or use `sk.firth`."
            if self.terms
            else "No predictor, and no combination of them, decides the outcome."
        )
        under = [said, f"n = {self.n:,}", self.design]
        return of_frame(self.frame, title=f"Separation in {self.formula}", under=under)


@sample_first
def separation(
    sample: Sample, formula: str, *, family: Family | str = BINOMIAL, where: Where = None
) -> Separation:
    """Whether predictors decide an outcome, so that a regression would have no bounds.

    Parameters
    ----------
    formula
        ``outcome ~ predictors``, as for `regression`.
    family
        "binomial" for 0 and 1; "poisson" for counts, of which only a 0 can be decided.
    where
        Of whom: see `asked_rows`.

    Raises
    ------
    EstimationError
        If the formula cannot be read, or the outcome is none of the family.
    """
    family, asked = family_of(family), asked_rows(sample, where)
    if not family.counts:
        raise EstimationError(
            f"separation in {formula}",
            f"a mean is never decided, and the family is {family.name}",
            "Ask about 'binomial' or 'poisson'.",
        )
    left, right = formulas.sides(formula)
    used = formulas.rows_used(sample, [left, right], asked)
    x = formulas.predictors(right, sample, used)
    y = formulas.outcome(left, sample, used, shares=family.shares)
    check_outcome(y, family, left)
    everybody = np.ones(len(y), dtype=np.bool_)
    found = separation_of(x.matrix, x.terms, y, everybody, counts=not family.shares)
    named = Separation((), complete=False) if found is None else found
    return replace(named, formula=formula, n=len(y), design=design_line(sample))


def separation_of(
    x: Floats, terms: Terms, y: Floats, held: NDArray[np.bool_], *, counts: bool = False
) -> Separation | None:
    """Whether an outcome is decided by the predictors, and by which.

    Parameters
    ----------
    x, terms
        (m, k) Predictors, and the columns of each term; the intercept is called "1".
    y
        (m,) The outcome. A share strictly between 0 and 1 is never decided.
    held
        (m,) bool. The rows that have a weight.
    counts
        Whether the outcome counts things, so that only a 0 can be decided.
    """
    x, outcome = x[held], y[held]
    scale = np.abs(x).max(axis=0)
    rows = np.unique(np.column_stack([outcome, x / np.where(scale > 0, scale, 1.0)]), axis=0)
    outcome, x = rows[:, 0], rows[:, 1:]
    low, high = outcome == 0, (outcome == 1) & (not counts)
    sign = np.where(high, 1.0, -1.0)[low | high]
    moved = x[low | high] * sign[:, None]
    still = x[~(low | high)]
    if not len(moved):
        return None
    decided = _decided(moved, still)
    if not decided.any():
        return None
    kept = dict(terms)
    for name in [each for each in terms if each != "1"]:
        rest = {each: columns for each, columns in kept.items() if each != name}
        own = sorted(at for columns in rest.values() for at in columns)
        if own and _decided(moved[:, own], still[:, own]).sum() == decided.sum():
            kept = rest
    named = tuple(name for name in kept if name != "1") or tuple(kept)
    return Separation(named, complete=bool(decided.all()) and not len(still))


def _decided(moved: Floats, still: Floats) -> NDArray[np.bool_]:
    """(n,) Which rows one direction can decide, all at once.

    Parameters
    ----------
    moved, still
        Rows that may go one way only, turned so that this way is up; and rows that may not
        move.
    """
    from scipy import sparse

    optimize: Any = import_module("scipy.optimize")

    n, k = len(moved), int(moved.shape[1])
    at_rest: dict[str, Any] = {}
    if len(still):
        at_rest["A_eq"] = np.hstack([still, np.zeros((len(still), n))])
        at_rest["b_eq"] = np.zeros(len(still))
    found: Any = optimize.linprog(
        np.concatenate([np.zeros(k), -np.ones(n)]),
        A_ub=sparse.hstack([sparse.csr_array(-moved), sparse.eye_array(n)], format="csr"),
        b_ub=np.zeros(n),
        bounds=[(None, None)] * k + [(0, 1)] * n,
        method="highs",
        **at_rest,
    )
    decided: NDArray[np.bool_] = np.zeros(n, dtype=np.bool_)
    if found.status == 0:
        decided = np.asarray(found.x[k:] > HALF, dtype=np.bool_)
    return decided


def check_separation(
    formula: str,
    x: Floats,
    terms: Terms,
    *,
    y: Floats,
    held: NDArray[np.bool_],
    mu: Floats,
    instead: str,
    counts: bool = False,
) -> None:
    """Refuse a model in which a predictor decides the outcome; quick where nothing is near it.

    Parameters
    ----------
    mu
        (held,) The fitted means, as far as the fit went.
    instead
        What else could be done than to merge categories.

    Raises
    ------
    EstimationError
        With the names of the terms, and what to do.
    """
    near = (mu < NEAR) if counts else ((mu < NEAR) | (mu > 1 - NEAR) | ~np.isfinite(mu))
    if not near.any():
        return
    found = separation_of(x, terms, y, held, counts=counts)
    if found is None:
        return
    if found.terms == ("1",):
        raise EstimationError(
            f"model {formula}",
            "everybody has the same outcome, so nothing can explain it",
            "Look at its table first; check `where` and what is missing.",
        )
    whom = "for everybody" if found.complete else "for some"
    word = "decides" if len(found.terms) == 1 else "together decide"
    raise EstimationError(
        f"model {formula}",
        f"{_listed(found.terms)} {word} the outcome {whom}, so an effect has no bounds",
        f"Merge the category in which everybody answered alike with another, or {instead}.",
    )


def _listed(terms: tuple[str, ...]) -> str:
    quoted = [f"'{term}'" for term in terms]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
