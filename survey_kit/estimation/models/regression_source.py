r"""Regression of rows that stay where they are, by the patterns of their predictors.

Rows that agree in outcome and predictors contribute alike, so a model of categories is
fitted to as many patterns as there are, not to rows. For its covariance the score of each
cluster is needed, :math:`\sum w x\, r` with r the residual of the row's pattern: the rows are
read again, each with its r, and summed over the clusters by those few categories that a
column of x depends on.

`regression` stops where R stops, a step before the last digits; from patterns one step more
costs nothing, and is taken. So coefficients agree to about 1e-8, and covariances to 1e-4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations

import numpy as np
import pandas as pd

from survey_kit.design.cube import Cube
from survey_kit.design.design import Design
from survey_kit.design.sample import Sample
from survey_kit.design.source import CellSums, Patterns, Source, Wanted, Where, asked
from survey_kit.design.stage import Floats, Integers, sums_by
from survey_kit.errors import EstimationError
from survey_kit.estimation.elements import covariance_of_influences
from survey_kit.estimation.estimate import Estimate
from survey_kit.estimation.intervals import t_tail
from survey_kit.estimation.linearised import asks_for_domains, covariance_of_sums
from survey_kit.estimation.models import formula as formulas
from survey_kit.estimation.models.family import GAUSSIAN, Family, Link, family_of
from survey_kit.estimation.models.fitted import coefficients
from survey_kit.estimation.models.formula import Predictors
from survey_kit.estimation.models.regression import (
    check_outcome,
    coefficient_table,
    dispersion_of,
    t_values,
)
from survey_kit.estimation.models.reweighted import Fit, Task

MOST_PATTERNS = 2_000_000
"""More would be no fewer than rows, and each takes as many numbers as there are predictors."""
CELLS = 160
"""How many cells of a cluster are summed at once."""
TOGETHER = 3
"""Of how many categories at most a predictor is looked for to depend on."""
RESIDUAL, USED = "pattern residual", "pattern used"


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


@dataclass(frozen=True, eq=False)
class _Model:
    """What is fitted, and to which patterns."""

    formula: str
    left: str
    right: str
    offset: str | None
    family: Family
    link: Link | None
    columns: tuple[str, ...]
    sums: CellSums
    cube: Cube
    x: Predictors


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
    if source.design.clusters and not source.margins:
        joint, df = _two_readings(source, model, rest, naive)
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
) -> _Model:
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
    sums = source.engine.sums(Wanted(cells=columns, weight=weight, factors=source.factors))
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
    x = formulas.predictors(right, cube, used)
    return _Model(formula, left, right, offset, family, link, columns, sums, cube, x)


def _one_reading(
    source: Source, model: _Model, found: Fit, naive: Floats, *, where: Where | None, mean: float
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


def _two_readings(
    source: Source, model: _Model, rest: Floats, naive: Floats
) -> tuple[Floats, float]:
    """(k, k) covariance and degrees of freedom, from scores of the clusters."""
    used = model.x.used
    numbers = (RESIDUAL,) if used.all() else (RESIDUAL, USED)
    data = model.sums.data.loc[used, list(model.columns)]
    table = data.assign(**dict(zip(numbers, (rest, 1.0), strict=False)))
    patterns = Patterns(model.columns, table, numbers)
    cube = replace(source, design=replace(source.design, weight=None)).cube(())
    keys = _keys(source)
    wanted = Wanted(
        cells=keys,
        weight=source.design.weight,
        numbers=numbers,
        shift=(0.0,) * len(numbers),
        patterns=patterns,
        lean=True,
    )
    met = np.full(len(cube), used.all())
    k = model.x.matrix.shape[1]
    sums = [np.zeros((stage.clusters, k)) for stage in cube.stages]
    for columns, chosen in _bins(data, model.x.matrix):
        cells = tuple(dict.fromkeys((*keys, *columns)))
        part = source.engine.sums(replace(wanted, cells=cells))
        entry = _entry_of(part.data, cube.data, keys)
        if (entry < 0).any():
            source.refuse(None)
        met[entry[part.first[:, -1] > 0]] = True
        rows = np.flatnonzero(part.first[:, -1] != 0)
        value = _looked_up(part.data.iloc[rows], data, columns, model.x.matrix[:, chosen])
        value = value * part.first[rows, :1]
        for stage, total in zip(cube.stages, sums, strict=True):
            cluster = stage.cluster[entry[rows]]
            for place, column in zip(chosen, value.T, strict=True):
                total[:, place] = sums_by(cluster, column, stage.clusters)
    held = None
    if asks_for_domains(cube):
        held = [
            np.repeat(
                (sums_by(s.cluster, met.astype(np.float64), s.clusters) > 0)[:, None], k, axis=1
            )
            for s in cube.stages
        ]
    found = covariance_of_sums([total @ naive for total in sums], cube, domains=held)
    return found, cube.degrees_of_freedom(met)


def _keys(source: Source) -> tuple[str, ...]:
    """The fewest columns that tell clusters apart: fewer are quicker to sum over."""
    design = source.counted
    outer = [design.stratum] if design.nested and design.stratum is not None else []
    return tuple(dict.fromkeys((*outer, *design.clusters)))


def _entry_of(cells: pd.DataFrame, drawn: pd.DataFrame, keys: Sequence[str]) -> Integers:
    """(cells,) Which of the clusters drawn each is of; -1 for none of them."""
    once = drawn[list(keys)].drop_duplicates()
    if len(keys) == 1:
        codes, values = pd.factorize(cells[keys[0]])
        found = pd.Index(once[keys[0]]).get_indexer(pd.Index(values))
        found = np.append(found, -1)[codes]
    else:
        found = pd.MultiIndex.from_frame(once).get_indexer(
            pd.MultiIndex.from_frame(cells[list(keys)])
        )
    return np.where(found < 0, -1, once.index.to_numpy()[found]).astype(np.intp)


def _bins(data: pd.DataFrame, x: Floats) -> list[tuple[tuple[str, ...], list[int]]]:
    """Columns of the data, and the columns of x that depend on no others: few, small parts."""
    codes = {name: pd.factorize(data[name])[0] for name in data.columns}
    span = {name: int(codes[name].max()) + 1 for name in codes}
    groups: dict[tuple[str, ...], tuple[Integers, Integers]] = {}
    wanted = [(_depends_on(column, codes, groups), place) for place, column in enumerate(x.T)]

    def cells(names: Sequence[str]) -> int:
        return int(np.prod([span[name] for name in names]))

    found: list[tuple[tuple[str, ...], list[int]]] = []
    for columns, place in sorted(wanted, key=lambda each: (-len(each[0]), -cells(each[0]))):
        for number, (held, chosen) in enumerate(found):
            both = tuple(dict.fromkeys((*held, *columns)))
            if both == held or cells(both) <= CELLS:
                found[number] = (both, [*chosen, place])
                break
        else:
            found.append((columns, [place]))
    return found


def _depends_on(
    column: Floats,
    codes: dict[str, Integers],
    groups: dict[tuple[str, ...], tuple[Integers, Integers]],
) -> tuple[str, ...]:
    """The fewest columns of the data that decide a column of x; groups are kept for the next."""
    for size in range(TOGETHER + 1):
        for names in combinations(codes, size):
            if names not in groups:
                groups[names] = _groups(len(column), [codes[name] for name in names])
            group, first = groups[names]
            if np.array_equal(column[first][group], column):
                return names
    return tuple(codes)


def _groups(m: int, codes: Sequence[Integers]) -> tuple[Integers, Integers]:
    """(m,) the combination of codes of each row, and a row of each combination."""
    group = np.zeros(m, dtype=np.intp)
    for each in codes:
        joined = group * (int(each.max()) + 1) + each
        group = np.unique(joined, return_inverse=True)[1].astype(np.intp)
    return group, np.unique(group, return_index=True)[1].astype(np.intp)


def _looked_up(
    cells: pd.DataFrame, data: pd.DataFrame, columns: Sequence[str], x: Floats
) -> Floats:
    """(cells, chosen) The columns of x that each cell has."""
    if not columns:
        return np.repeat(x[:1], len(cells), axis=0)
    names = list(columns)
    known = data[names].reset_index(drop=True).drop_duplicates()
    numbered = known.assign(**{RESIDUAL: known.index})
    place = cells[names].merge(numbered, on=names, how="left")[RESIDUAL]
    return x[place.to_numpy(dtype=np.intp)]
