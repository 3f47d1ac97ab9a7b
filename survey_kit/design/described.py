"""A sample described in one breath: the data, how people were chosen, and the columns that say so.

    sample(frame, sampling="probability", weight="w", stratum="region", cluster="village")

Words stand for the values of the enumerations. `source` is the same of Parquet or CSV files,
which stay where they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from enum import Enum
from pathlib import Path
from typing import Any, TypeAlias, cast

import pandas as pd

from survey_kit.design.design import Design, Lonely, LonelyDomain, Pairs, Sampling, Unequal
from survey_kit.design.drawn import Drawn
from survey_kit.design.sample import Sample
from survey_kit.design.source import Source
from survey_kit.design.two_phase_design import TwoPhaseDesign
from survey_kit.design.wording import kind as kind_of
from survey_kit.errors import DesignError

Columns: TypeAlias = str | Sequence[str]


def sample(
    data: Any,
    *,
    sampling: Sampling | str,
    weight: str | None = None,
    stratum: str | None = None,
    cluster: Columns | None = None,
    population: Columns | None = None,
    **further: Any,
) -> Sample:
    """Data in memory, and the design that drew them.

    Parameters
    ----------
    data
        A frame of pandas, Polars or Arrow: one row for each respondent.
    sampling
        How people were chosen: "probability", "quota", "purposive", "snowball", "rds", "opt-in" or
        "census". Compulsory, because it decides what may be said.
    weight, stratum, cluster, population
        Names of columns; of clusters and populations one for each stage, the first stage first.
    further
        `nested`, `lonely`, `lonely_domain`, `unequal`, `pairs` and `squared_chances` of `Design`.

    Raises
    ------
    DesignError
        If a word is none of those; or what `Sample` refuses.
    """
    design = described(
        sampling,
        weight=weight,
        stratum=stratum,
        cluster=cluster,
        population=population,
        **further,
    )
    if isinstance(data, pd.DataFrame):
        return Sample(_plain_text(data), design)
    import narwhals.stable.v2 as nw

    try:
        return Sample(nw.from_native(data, eager_only=True).to_pandas(), design)
    except TypeError as error:
        raise DesignError(
            "data",
            f"a {type(data).__name__} is no frame in memory",
            "Give a frame of pandas, Polars or Arrow; or, of files, sk.source(path, ...).",
        ) from error


def _plain_text(data: pd.DataFrame) -> pd.DataFrame:
    """The frame with text of any storage as pandas' own, which every reader of it knows."""
    other = {
        name: "str"
        for name, kind in data.dtypes.items()
        if (isinstance(kind, pd.StringDtype) and kind.na_value is pd.NA)
        or (isinstance(kind, pd.ArrowDtype) and kind.type is str)
    }
    return data.astype(other) if other and data.columns.is_unique else data


def source(
    files: Path | str,
    *,
    sampling: Sampling | str,
    weight: str | None = None,
    stratum: str | None = None,
    cluster: Columns | None = None,
    population: Columns | None = None,
    **further: Any,
) -> Source:
    """Parquet or CSV files that stay where they are, and the design that drew them.

    Only sums are read, so they may be larger than memory. Needs the extra `scale`.

    Parameters
    ----------
    files
        A path, also with ``*``.
    sampling, weight, stratum, cluster, population, further
        As for `sample`.

    Raises
    ------
    DesignError, MissingExtra
        As `sample`; if DuckDB is not installed.
    """
    from survey_kit.design.engines.duckdb_engine import duckdb_source

    if not isinstance(cast("object", files), Path | str):
        raise DesignError(
            "files",
            f"a {type(files).__name__} was given, and a source is made of files",
            "Give their path; of a frame in memory, sk.sample(frame, ...).",
        )
    design = described(
        sampling,
        weight=weight,
        stratum=stratum,
        cluster=cluster,
        population=population,
        **further,
    )
    return duckdb_source(files, design)


def described(
    sampling: Sampling | str,
    *,
    cluster: Columns | None = None,
    population: Columns | None = None,
    **further: Any,
) -> Design:
    """A design in words.

    >>> described("purposive", stratum="country", lonely="average").lonely
    <Lonely.AVERAGE: 'average'>

    Raises
    ------
    DesignError
        If there is no such word, or no such part of a design.
    """
    parts = {each.name for each in fields(Design)}
    for name in further:
        if name not in parts:
            raise DesignError(
                f"design, {name}",
                "a design has no such part",
                f"Its parts are: {', '.join(sorted(parts))}.",
            )
    given: dict[str, Any] = dict(further)
    for name, kind in ENUMERATIONS.items():
        if given.get(name) is not None:
            given[name] = _word(kind, given[name], name)
    given["sampling"] = _word(Sampling, sampling, "sampling")
    return Design(**given, cluster=_columns(cluster), population=_columns(population))


ENUMERATIONS: Mapping[str, type[Enum]] = {
    "lonely": Lonely,
    "lonely_domain": LonelyDomain,
    "unequal": Unequal,
    "pairs": Pairs,
}


def _columns(names: Columns | None) -> str | tuple[str, ...] | None:
    return names if names is None or isinstance(names, str) else tuple(names)


def _word(kind: type[Enum], word: Enum | str, where: str) -> Enum:
    if isinstance(word, kind):
        return word
    known = {str(each.value): each for each in kind}
    if str(word) not in known:
        raise DesignError(where, f"there is no {word!r}", f"Write one of: {', '.join(known)}.")
    return known[str(word)]


def design_line(sample: Drawn) -> str:
    """One line that says how numbers came about, to stand under them.

    >>> frame = pd.DataFrame({"w": [1.0, 2, 1, 2], "psu": list("abcd"), "st": list("eeff")})
    >>> design_line(Sample(frame, described("probability", weight="w", stratum="st", cluster="psu")))
    'Probability sample of 4; 4 clusters (psu) in 2 strata (st); weights: w'
    """
    if isinstance(sample.design, TwoPhaseDesign):
        return sample.design.line
    design, first = sample.design, sample.stages[0]
    named = kind_of(design.sampling).split(" ", 1)[1]
    parts = [f"{named[0].upper()}{named[1:]} of {sample.people.sum():,.0f}"]
    strata = len(first.population)
    within = f" in {strata:,} strata ({design.stratum})" if design.stratum else ""
    if design.clusters:
        parts.append(f"{first.clusters:,} clusters ({design.clusters[0]}){within}")
    elif within:
        parts.append(f"rows drawn by themselves{within}")
    if sample.replicates is not None:
        parts.append(f"{len(sample.replicates):,} replicates ({sample.replicates.kind})")
    if design.population is not None:
        parts.append(f"finite populations ({', '.join(design.populations)})")
    parts.append(f"weights: {design.weight}" if design.weight else "no weights")
    if sample.calibration is not None:
        parts.append("calibrated")
    return "; ".join(parts)
