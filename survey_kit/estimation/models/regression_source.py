r"""Regression of rows that stay where they are, by the patterns of their predictors.

Rows that agree in outcome and predictors contribute alike, so a model of categories is
fitted to as many patterns as there are, not to rows. For its covariance the score of each
cluster is needed, :math:`\sum w x\, r` with r the residual of the row's pattern (`regression_scores`).

`regression` stops where R stops, a step before the last digits; from patterns one step more
costs nothing, and is taken. So coefficients agree to about 1e-8, and covariances to 1e-4.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.design.cube import Cube
from survey_kit.design.design import Design
from survey_kit.design.sample import Sample
from survey_kit.design.source import Source, Where, asked
from survey_kit.design.stage import Floats, sums_by
from survey_kit.design.wanted import Wanted
from survey_kit.errors import EstimationError
from survey_kit.estimation.elements import covariance_of_influences
from survey_kit.estimation.estimate import Estimate
from survey_kit.estimation.intervals import t_tail
from survey_kit.estimation.linearised import asks_for_domains, covariance_of_sums
from survey_kit.estimation.models import formula as formulas
from survey_kit.estimation.models.family import GAUSSIAN, Family, Link, family_of
from survey_kit.estimation.models.fitted import coefficients
from survey_kit.estimation.models.regression import (
    check_outcome,
    coefficient_table,
    dispersion_of,
    t_values,
)
from survey_kit.estimation.models.regression_scores import (
    Model,
    keys,
    scores_of_crossed,
    scores_of_readings,
)
from survey_kit.estimation.models.reweighted import Fit, Task

MOST_PATTERNS = 2_000_000
"""More would be no fewer than rows, and each takes as many numbers as there are predictors."""

MOST_LEARNED = 20_000_000
"""Rows that a curve is fitted to the spread of, at most."""
LEARNED = re.compile(r"\b(?:poly|[nb]s|c[crs]|scale|center)\s*\(")
"""What goes by the spread of the rows: where knots lie, what is subtracted."""
ACROSS = re.compile(
    r"\bnp\.(?:nan)?(?:mean|average|median|std|var|sum|min|max|ptp|quantile|percentile)\b"
)


@dataclass(frozen=True, eq=False)
class SourceRegression:
    """A fitted model; see `Regression`.

    patterns
        How many combinations of outcome and predictors it was fitted to.
    """

    formula: str
    family: Family
    link: Link
    coefficients: Estimate
    naive: Floats
    deviance: float
    null_deviance: float
    dispersion: float
    patterns: int

    @property
    def df(self) -> float:
        """Degrees of freedom for tests of its coefficients."""
        return self.coefficients.df

    @cached_property
    def t(self) -> Floats:
        """(k,) Each coefficient over its standard error."""
        return t_values(self.coefficients)

    @cached_property
    def p(self) -> Floats:
        """(k,) How often a coefficient of 0 would come out as far from it, two-sided."""
        return np.asarray(t_tail(self.t, self.df), dtype=np.float64)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row for each coefficient: value, standard error, interval, t and p."""
        return coefficient_table(self.coefficients)

    def _repr_html_(self) -> str:
        said = f"{self.formula}, {self.family.name}; n = {self.coefficients.n[0]}"
        return f"<p>{said}</p>{self.frame.to_html(index=False, float_format='{:.4g}'.format)}"


def regression_of(
    formula: str,
    source: Source,
    *,
    family: Family | str = GAUSSIAN,
    link: Link | None = None,
    offset: str | None = None,
    where: Where | None = None,
) -> SourceRegression:
    """Fit a generalised linear model: see `regression`.

    Outcome and predictors should be categories, or numbers of few different values.

    Parameters
    ----------
    where
        column -> the names of its categories that are asked about.

    Raises
    ------
    EstimationError
        As `regression`; or if there are too many patterns.
    """
    family = family_of(family)
    model = _model(formula, source, family=family, link=link, offset=offset, where=where)
    cube, x = model.cube, model.x
    y = formulas.outcome(model.left, cube, x.used, shares=family.shares)
    check_outcome(y, family, model.left)
    shift = np.zeros(len(y))
    if offset:
        shift = formulas.outcome(offset, cube, x.used, shares=False)
    kind = family.with_link(link)
    base = asked(cube, where)
    inside = np.ones(len(cube), dtype=bool) if base is None else base
    mean = float(cube.weights[inside].sum() / cube.people[inside].sum())
    w = cube.weights[x.used] / mean
    task = Task(formula, x.matrix, y, shift, family, kind)
    found = task.fit(w, task.fit(w).beta)
    information = x.matrix.T @ (x.matrix * found.working[:, None])
    naive = np.asarray(np.linalg.inv(information), dtype=np.float64)
    rest = found.working * (y - found.mu) / found.slope / cube.weights[x.used]
    if _scored_by_cluster(source):
        joint, df = _of_clusters(source, model, rest, naive)
    else:
        joint, df = _one_reading(source, model, found, naive, where=where, mean=mean)
    null = Task(formula, np.ones((len(y), 1)), y, shift, family, kind).fit(w).mu
    n = float(cube.people[x.used].sum())
    return SourceRegression(
        formula=formula,
        family=family,
        link=link or family.link,
        coefficients=coefficients(
            cube,
            x.names,
            found.beta,
            joint=joint,
            used=x.used,
            influences=(x.matrix * rest[:, None]) @ naive,
            design_df=df,
        ),
        naive=naive,
        deviance=float(kind.deviance(y, found.mu, var_weights=w)),
        null_deviance=float(kind.deviance(y, null, var_weights=w)),
        dispersion=dispersion_of((y - found.mu) / np.sqrt(kind.variance(found.mu)), w, n),
        patterns=len(y),
    )


def _model(
    formula: str,
    source: Source,
    *,
    family: Family,
    link: Link | None,
    offset: str | None,
    where: Where | None,
) -> Model:
    """Read the patterns, and make the predictors of each."""
    left, right = formulas.sides(formula)
    expressions = [left, right, *([offset] if offset else [])]
    alone = Design(source.design.sampling)
    head = Sample(source.engine.head, alone)
    needed = [name for each in expressions for name in formulas.columns_of(each, head)]
    columns = tuple(dict.fromkeys([*needed, *(where or ())]))
    weight = source.design.weight
    if weight is None and source.design.population is not None:
        raise EstimationError(
            "model",
            "the weights follow from the population, and are not known by pattern",
            "Add a column of weights to the data, and name it in the design.",
        )
    wanted, crossed = Wanted(cells=columns, weight=weight, factors=source.factors), None
    if _scored_by_cluster(source):
        crossed = source.engine.crossed(wanted, keys(source))
    sums = source.engine.sums(wanted) if crossed is None else crossed.sums
    if weight is not None and not ((sums.lowest > 0) & np.isfinite(sums.weighed)).all():
        source.refuse(None)
    if len(sums.people) > MOST_PATTERNS:
        raise EstimationError(
            f"model {formula}",
            f"outcome and predictors have {len(sums.people)} different combinations",
            "Cut numbers into classes, or make a Sample of the rows.",
        )
    cube = Cube(
        source.in_order(sums.data), alone, sums.people, weighed=sums.weighed, squares=sums.squares
    )
    used = formulas.rows_used(cube, expressions, asked(cube, where))
    x = _predictors(right, cube, used)
    return Model(formula, left, right, offset, family, link, columns, sums, cube, x, crossed)


def _predictors(right: str, cube: Cube, used: NDArray[np.bool_]) -> formulas.Predictors:
    """The predictors of each pattern; where they go by what the rows are like, by all rows."""
    if ACROSS.search(right):
        raise EstimationError(
            f"formula '{right}'",
            "a number of it is worked out across all rows, and these stay where they are",
            "Write that number itself, or make a column.",
        )
    if not LEARNED.search(right):
        return formulas.predictors(right, cube, used)
    times = cube.people[used].astype(np.intp)
    if times.sum() > MOST_LEARNED:
        raise EstimationError(
            f"formula '{right}'",
            f"its curve goes by the spread of {times.sum():,} rows, more than the "
            f"{MOST_LEARNED:,} that are looked at",
            "Make its columns beforehand, or cut the number into classes.",
        )
    patterns = cube.data.loc[used, list(formulas.columns_of(right, cube))]
    rows = patterns.iloc[np.repeat(np.arange(len(patterns)), times)].reset_index(drop=True)
    whole = Sample(rows, Design(cube.design.sampling))
    learned = formulas.predictors(right, whole, np.ones(len(rows), dtype=bool))
    return replace(learned, matrix=learned.of(patterns), used=used)


def _scored_by_cluster(source: Source) -> bool:
    """Whether sums of scores over clusters are all that the covariance needs."""
    return bool(source.design.clusters) and not source.margins


def _one_reading(
    source: Source, model: Model, found: Fit, naive: Floats, *, where: Where | None, mean: float
) -> tuple[Floats, float]:
    """(k, k) covariance and degrees of freedom, from a cube of the patterns."""
    cube = source.cube(model.columns)
    expressions = [model.left, model.right, *([model.offset] if model.offset else [])]
    used = formulas.rows_used(cube, expressions, asked(cube, where))
    x = model.x.of(cube.data.loc[used])
    y = formulas.outcome(model.left, cube, used, shares=model.family.shares)
    linear = x @ found.beta
    if model.offset:
        linear = linear + formulas.outcome(model.offset, cube, used, shares=False)
    kind = model.family.with_link(model.link)
    mu = kind.link.inverse(linear)
    rest = kind.link.inverse_deriv(linear) * (y - mu) / kind.variance(mu) / mean
    influences = (x * np.asarray(rest, dtype=np.float64)[:, None]) @ naive
    rows = np.flatnonzero(used)
    joint = covariance_of_influences(cube, [rows] * len(found.beta), list(influences.T))
    return joint, cube.degrees_of_freedom(used)


def _of_clusters(source: Source, model: Model, rest: Floats, naive: Floats) -> tuple[Floats, float]:
    """(k, k) covariance and degrees of freedom, from scores of the clusters."""
    cube = replace(source, design=replace(source.design, weight=None)).cube(())
    if model.crossed is None:
        met, sums = scores_of_readings(source, model, rest, cube)
    else:
        met, sums = scores_of_crossed(source, model, model.crossed, rest, cube)
    held = None
    if asks_for_domains(cube):
        there = [sums_by(s.cluster, met.astype(np.float64), s.clusters) > 0 for s in cube.stages]
        held = [np.repeat(each[:, None], len(naive), axis=1) for each in there]
    found = covariance_of_sums([total @ naive for total in sums], cube, domains=held)
    return found, cube.degrees_of_freedom(met)
