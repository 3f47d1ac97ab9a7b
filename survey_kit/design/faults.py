"""What can be wrong between a design and the data it is laid on, each said in words.

Rows are named by their index, never by what a respondent answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.design.design import Design, Unequal
from survey_kit.design.replicates import Replicates
from survey_kit.design.stage import Floats, Integers
from survey_kit.errors import DesignError

PAIRED = {Unequal.OVERTON, Unequal.HARTLEY_RAO, Unequal.JOINT}
"""Ways that need the chance of every two clusters."""

NAMED = 3
"""How many rows a message names before it counts the rest."""


def rows(data: pd.DataFrame, wrong: NDArray[np.bool_]) -> str:
    """The rows that are wrong, in words: "rows 3, 17, 40 and 5 more"."""
    found = [str(label) for label in data.index[wrong]]
    if len(found) == 1:
        return f"row {found[0]}"
    if len(found) <= NAMED:
        return f"rows {', '.join(found[:-1])} and {found[-1]}"
    return f"rows {', '.join(found[:NAMED])} and {len(found) - NAMED} more"


def check_column(data: pd.DataFrame, name: str) -> None:
    """Refuse a column that is not there."""
    if name in data.columns:
        return
    known = [str(column) for column in data.columns]
    close = get_close_matches(name, known, n=1)
    hint = f"Did you mean '{close[0]}'?" if close else f"The data have {len(known)} columns."
    raise DesignError("data", f"there is no column called '{name}'", hint)


def check_number(data: pd.DataFrame, name: str) -> None:
    """Refuse a column that is not there or does not hold numbers."""
    check_column(data, name)
    check_once(data, name)
    if not pd.api.types.is_numeric_dtype(data[name]) or pd.api.types.is_complex_dtype(data[name]):
        kind = data[name].dtype
        dates = pd.api.types.is_datetime64_any_dtype(kind)
        held = "dates" if dates else "categories" if kind == "category" else "text"
        raise DesignError(
            f"column '{name}'",
            f"it holds {held}, and this needs numbers",
            "Make it days since a date first."
            if dates
            else "Ask for shares of its categories, or convert it first.",
        )


def check_once(data: pd.DataFrame, name: str) -> None:
    """Refuse a name that several columns have: nobody knows which is meant."""
    if not data.columns.is_unique and isinstance(data[name], pd.DataFrame):
        raise DesignError(
            f"column '{name}'",
            f"{data[name].shape[1]} columns are called so",
            "Rename all but one, or leave them out.",
        )


def check_finite(data: pd.DataFrame, columns: Sequence[str], values: Floats) -> None:
    """Refuse a number that is infinite: (n, columns) values; NaN is one that is missing."""
    if not np.isinf(values).any():
        return
    wrong = np.isinf(values)
    name = columns[int(np.flatnonzero(wrong.any(axis=0))[0])]
    raise DesignError(
        f"column '{name}'",
        f"it is infinite in {rows(data, wrong[:, list(columns).index(name)])}",
        "Write what is not known as missing; look for a division by 0.",
    )


def check_columns(data: pd.DataFrame, design: Design) -> None:
    """Refuse a design that names columns the data have not, or has no rows to describe."""
    if len(data) == 0:
        raise DesignError(
            "data", "there are no rows", "Check the file and the filter it came from."
        )
    for name in (design.weight, design.stratum, *design.clusters, *design.populations):
        if name is not None:
            check_column(data, name)
    stages = max(1, len(design.clusters))
    if len(design.populations) > stages:
        raise DesignError(
            "population",
            f"it names {len(design.populations)} columns for {stages} stage(s) of clusters",
            "Name one column for each stage, first stage first.",
        )
    if design.unequal in PAIRED and stages > 1 and len(design.populations) > 1:
        raise DesignError(
            "unequal chances",
            f"chances of pairs are for one stage, and {len(design.populations)} have a population",
            "Use the method of Brewer, or name the population of the first stage only.",
        )
    if design.weight is None and 0 < len(design.populations) < stages:
        raise DesignError(
            "weight",
            "it cannot be worked out, as not every stage has a population",
            "Name a column of weights, or a population for every stage.",
        )


def check_weights(data: pd.DataFrame, design: Design) -> None:
    """Refuse a weight that is missing, infinite, zero or negative."""
    if design.weight is None:
        return
    check_number(data, design.weight)
    given = data[design.weight]
    if not isinstance(given.dtype, np.dtype):
        given = given.astype("Float64")
    weights = given.to_numpy(dtype=np.float64, na_value=np.nan)
    if (np.isfinite(weights) & (weights > 0)).all():
        return
    for wrong, what in (
        (np.isnan(weights), "the weight is missing"),
        (np.isinf(weights), "the weight is infinite"),
        (weights == 0, "the weight is 0"),
        (weights < 0, "the weight is negative"),
    ):
        if wrong.any():
            raise DesignError(
                f"weight '{design.weight}'",
                f"{what} in {rows(data, wrong)}",
                "Every row needs a weight above 0; to leave rows out, ask for a domain.",
            )


def check_complete(data: pd.DataFrame, design: Design) -> None:
    """Refuse a row of which the stratum, cluster or population is not known."""
    named = [("stratum", design.stratum)]
    named += [("cluster", name) for name in design.clusters]
    named += [("population", name) for name in design.populations]
    for role, name in named:
        if name is None:
            continue
        wrong = data[name].isna().to_numpy(dtype=bool)
        if wrong.any():
            raise DesignError(
                f"{role} '{name}'",
                f"it is missing in {rows(data, wrong)}",
                f"Every row needs its {role}.",
            )


def check_nesting(data: pd.DataFrame, design: Design) -> None:
    """Refuse a cluster that lies in two strata, unless names start anew in each."""
    if design.nested or design.stratum is None or not design.clusters:
        return
    first = design.clusters[0]
    cluster, names = pd.factorize(data[first])
    stratum = pd.factorize(data[design.stratum])[0]
    last = np.empty(len(names), dtype=np.intp)
    last[cluster] = stratum
    if np.array_equal(last[cluster], stratum):
        return
    strata = data.groupby(first, observed=True)[design.stratum].nunique()
    torn = strata.index[strata > 1]
    if len(torn):
        where = rows(data, (data[first] == torn[0]).to_numpy(dtype=bool))
        raise DesignError(
            f"cluster '{first}'",
            f"{len(torn)} of its names are found in more than one stratum, such as that of {where}",
            "Give every cluster a name of its own, or say nested: true if names start anew "
            "in each stratum.",
        )


def check_replicates(data: pd.DataFrame, replicates: Replicates | None) -> None:
    """Refuse replicate weights of other rows."""
    if replicates is not None and len(replicates.row) != len(data):
        raise DesignError(
            "replicates",
            f"they are of {len(replicates.row)} rows, and the data have {len(data)}",
            "Make them of these data, and ask for domains instead of leaving rows out.",
        )


def populations(data: pd.DataFrame, design: Design) -> Floats:
    """(n, stages) The population columns as numbers: all of them counts, or all shares."""
    names = design.populations
    if not names:
        return np.empty((len(data), 0))
    for name in names:
        check_number(data, name)
    sizes = np.column_stack([data[name].to_numpy(dtype=np.float64) for name in names])
    where = f"population '{names[0]}'" if len(names) == 1 else "population"
    low = np.asarray((sizes <= 0).any(axis=1))
    if low.any():
        raise DesignError(
            where,
            f"it is 0 or negative in {rows(data, low)}",
            "Give the number of clusters in the population, or the share that was drawn.",
        )
    shares = np.asarray((sizes < 1).any(axis=1))
    if shares.any() and (sizes > 1).any():
        raise DesignError(
            where,
            "some values are above 1 and some below, so it is not clear whether they are "
            f"numbers of clusters or shares drawn; below 1: {rows(data, shares)}",
            "Give numbers everywhere, or shares everywhere.",
        )
    return sizes


def population_of_strata(
    data: pd.DataFrame,
    design: Design,
    number: int,
    *,
    size: Floats | None,
    cluster: Integers,
    stratum: Integers,
    drawn: Integers | None = None,
) -> Floats:
    """(strata,) Clusters in the population of each stratum of one stage; infinite if unknown.

    Parameters
    ----------
    number
        The stage, from 0.
    size
        (n,) The population column: counts, or shares if none of the columns exceeds 1.
    cluster, stratum
        (n,) the cluster of each row, and (clusters,) the stratum of each cluster.
    drawn
        (strata,) How many clusters were drawn, where they were not listed one by one.
    """
    drawn = np.bincount(stratum) if drawn is None else drawn
    if size is None:
        return np.full(len(drawn), np.inf)
    where = f"population '{design.populations[number]}'"
    of_row = stratum[cluster]
    lowest = np.full(len(drawn), np.inf)
    highest = np.zeros(len(drawn))
    np.minimum.at(lowest, of_row, size)
    np.maximum.at(highest, of_row, size)
    varies = lowest < highest
    if varies.any():
        raise DesignError(
            where,
            f"it varies within a stratum, as in {rows(data, varies[of_row])}",
            "Every row of a stratum needs the same population.",
        )
    shares = bool((populations(data, design) <= 1).all())
    population = drawn / lowest if shares else lowest
    small = population < drawn * (1 - ROUNDING)
    if small.any():
        raise DesignError(
            where,
            "it is smaller than the number of clusters that were drawn, in "
            f"{rows(data, small[of_row])}",
            "Give the number of clusters in the population of the stratum, not of people.",
        )
    return np.maximum(population, drawn)


def chances(
    data: pd.DataFrame, design: Design, number: int, *, size: Floats | None, cluster: Integers
) -> Floats:
    """(clusters,) The chance of each cluster of one stage, drawn with unequal ones.

    Parameters
    ----------
    number
        The stage, from 0.
    size
        (n,) The population column of the stage: chances.
    """
    if size is None:
        raise DesignError(
            "population",
            f"there is none for stage {number + 1}, and the design says unequal chances",
            "Name the column that holds the chance of each cluster.",
        )
    where = f"population '{design.populations[number]}'"
    large = size > 1
    if large.any():
        raise DesignError(
            where,
            f"it holds chances, and exceeds 1 in {rows(data, large)}",
            "Give the chance with which each cluster was drawn, above 0 and at most 1.",
        )
    clusters = int(cluster.max()) + 1
    lowest, highest = np.full(clusters, np.inf), np.zeros(clusters)
    np.minimum.at(lowest, cluster, size)
    np.maximum.at(highest, cluster, size)
    varies = lowest < highest
    if varies.any():
        raise DesignError(
            where,
            f"it varies within a cluster, as in {rows(data, varies[cluster])}",
            "Every row of a cluster needs the same chance.",
        )
    return lowest


def check_squared_chances(
    data: pd.DataFrame, design: Design, squared: Floats, cluster: Integers
) -> None:
    """Refuse a Σπ²/n that is missing, or not between 0 and 1."""
    wrong = ~(np.isfinite(squared) & (squared > 0) & (squared <= 1))
    if wrong.any():
        raise DesignError(
            f"squared chances '{design.squared_chances}'",
            f"it is missing, or not between 0 and 1, in {rows(data, wrong[cluster])}",
            "Give the sum of the squared chances of all clusters of the stratum, over the "
            "number drawn.",
        )


ROUNDING = 1e-9
"""How far a population may fall short of the sample before it is called smaller."""
