r"""How far coders agree, beyond chance, with an interval.

Answers can have several codes, so what two coders gave is compared as sets: Krippendorff's
:math:`\alpha = 1 - D_o / D_e`, the disagreement there is over that expected if the same
sets had been given to answers at random (Krippendorff 2004, "Content Analysis", 2nd edition,
chapter 11), with the distance between sets of Passonneau (2006, LREC:831-836): MASI, which
forgives a set inside another more than two that only overlap. Of each code by itself
:math:`\alpha` is nominal, and Cohen's :math:`\kappa` (1960, Educational and Psychological
Measurement 20:37-46) is given beside it where there are two coders. Intervals are percentiles
of a bootstrap of answers.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.errors import CodingError

Floats: TypeAlias = NDArray[np.float64]
Value = TypeVar("Value", bound=Hashable)
Distance: TypeAlias = Callable[[Any, Any], float]

TWO = 2


@dataclass(frozen=True)
class Alpha:
    """Krippendorff's alpha.

    value
        1 is agreement, 0 what chance would give; NaN where all values are the same.
    low, high
        Of the interval; NaN without a bootstrap.
    units, pairs
        Units with two values or more, and how many values they have.
    """

    value: float
    low: float
    high: float
    units: int
    pairs: int


def nominal(a: object, b: object) -> float:
    """0 for the same, 1 for anything else."""
    return float(a != b)


def interval(a: float, b: float) -> float:
    """The squared difference of two numbers."""
    return (a - b) ** 2


def jaccard(a: frozenset[str], b: frozenset[str]) -> float:
    """1 less the share of codes of either that both have; two empty sets are the same."""
    return 1 - len(a & b) / len(a | b) if a or b else 0.0


def masi(a: frozenset[str], b: frozenset[str]) -> float:
    """1 less Jaccard's index times 1, 2/3, 1/3 or 0: same, one inside the other, overlap, neither.

    >>> round(masi(frozenset("ab"), frozenset("a")), 4)
    0.6667
    """
    if a == b:
        return 0.0
    alike = 2 / 3 if a <= b or b <= a else 1 / 3 if a & b else 0.0
    return 1 - (1 - jaccard(a, b)) * alike


def alpha(
    values: Sequence[Sequence[Value]],
    distance: Distance,
    *,
    draws: int = 0,
    seed: int = 1,
    level: float = 0.95,
) -> Alpha:
    """Krippendorff's alpha, whoever gave the values.

    Parameters
    ----------
    values
        Of each unit the values that coders gave it. Units with fewer than two count nothing.
    distance
        Between two values: `nominal`, `interval`, `jaccard`, `masi`, or any other metric.
    draws
        Of the bootstrap; 0 for no interval.

    Raises
    ------
    CodingError
        If no unit has two values.
    """
    paired = [unit for unit in values if len(unit) >= TWO]
    if not paired:
        raise CodingError(
            "agreement", "no answer was coded by two people", "Have a share of them coded twice"
        )
    kinds = list(dict.fromkeys(value for unit in paired for value in unit))
    place = {value: number for number, value in enumerate(kinds)}
    apart = np.array([[distance(a, b) for b in kinds] for a in kinds], dtype=np.float64)
    counts = np.zeros((len(paired), len(kinds)))
    for row, unit in enumerate(paired):
        for value in unit:
            counts[row, place[value]] += 1
    size = counts.sum(axis=1)
    within = np.einsum("uv,vw,uw->u", counts, apart, counts) / (size - 1)
    observed = _alpha(np.ones((1, len(paired))), counts, size, within, apart)[0]
    low = high = np.nan
    if draws:
        random = np.random.default_rng(seed)
        drawn = random.multinomial(
            len(paired), np.full(len(paired), 1 / len(paired)), size=draws
        ).astype(np.float64)
        found = _alpha(drawn, counts, size, within, apart)
        known = found[np.isfinite(found)]
        if len(known):
            tail = (1 - level) / 2
            low, high = (float(each) for each in np.quantile(known, (tail, 1 - tail)))
    return Alpha(float(observed), low, high, len(paired), int(size.sum()))


def _alpha(drawn: Floats, counts: Floats, size: Floats, within: Floats, apart: Floats) -> Floats:
    """(b,) alpha of b bootstrap samples, given as how often each unit is in them."""
    n = drawn @ size
    seen = drawn @ counts
    there = (drawn @ within) / n
    expected = np.einsum("bv,vw,bw->b", seen, apart, seen) / (n * (n - 1))
    ratio = np.divide(there, expected, out=np.full(len(n), np.nan), where=expected > 0)
    return np.asarray(1 - ratio, dtype=np.float64)


def cohen_kappa(table: NDArray[np.floating]) -> float:
    """Cohen's kappa of a (k, k) table of counts: first coder down, second across.

    >>> round(cohen_kappa(np.array([[20, 5], [10, 15]])), 6)
    0.4
    """
    total = table.sum()
    there = np.trace(table) / total
    expected = float(table.sum(axis=1) @ table.sum(axis=0)) / total**2
    return float((there - expected) / (1 - expected)) if expected < 1 else float("nan")


@dataclass(frozen=True, eq=False)
class Agreement:
    """How far coders of one question agree.

    overall
        Alpha of the sets of codes, with MASI.
    same
        The share of pairs of codings that are exactly the same set.
    shared
        The mean share of codes in either that is in both (Jaccard).
    codes
        One row for each code that anybody used: code, used (codings with it), units (answers
        coded twice), agree (share of pairs that both have it or both have it not), kappa (NaN
        unless there are two coders), alpha, low, high.
    disagreements
        Unit -> coder -> codes, of the answers where the sets differ.
    coders
        Whoever coded an answer that somebody else coded too.
    """

    overall: Alpha
    same: float
    shared: float
    codes: pd.DataFrame
    disagreements: Mapping[str, Mapping[str, tuple[str, ...]]]
    coders: tuple[str, ...]


def agreement(
    chosen: Mapping[str, Mapping[str, tuple[str, ...]]],
    codes: Sequence[str],
    *,
    draws: int = 1000,
    seed: int = 1,
    level: float = 0.95,
) -> Agreement:
    """Compare coders.

    Parameters
    ----------
    chosen
        Coder -> unit -> codes.
    codes
        The codes in the order in which they are to be told.

    Raises
    ------
    CodingError
        If no answer was coded by two people.
    """
    by_unit: dict[str, dict[str, tuple[str, ...]]] = {}
    for coder, answers in chosen.items():
        for unit, given in answers.items():
            by_unit.setdefault(unit, {})[coder] = given
    twice = {unit: given for unit, given in by_unit.items() if len(given) >= TWO}
    sets = [[frozenset(each) for each in given.values()] for given in twice.values()]
    overall = alpha(sets, masi, draws=draws, seed=seed, level=level)
    pairs = [
        (unit[a], unit[b])
        for unit in sets
        for a in range(len(unit))
        for b in range(a + 1, len(unit))
    ]
    coders = tuple(coder for coder in chosen if any(coder in given for given in twice.values()))
    return Agreement(
        overall=overall,
        same=float(np.mean([a == b for a, b in pairs])),
        shared=float(np.mean([1 - jaccard(a, b) for a, b in pairs])),
        codes=_by_code(sets, pairs, codes, len(coders), (draws, seed, level)),
        disagreements={
            unit: given
            for unit, given in twice.items()
            if len(set(map(frozenset, given.values()))) > 1
        },
        coders=coders,
    )


def _by_code(
    sets: list[list[frozenset[str]]],
    pairs: list[tuple[frozenset[str], frozenset[str]]],
    codes: Sequence[str],
    coders: int,
    bootstrap: tuple[int, int, float],
) -> pd.DataFrame:
    draws, seed, level = bootstrap
    rows: list[tuple[str, int, int, float, float, float, float, float]] = []
    for code in codes:
        used = sum(code in each for unit in sets for each in unit)
        if not used:
            continue
        found = alpha(
            [[code in each for each in unit] for unit in sets],
            nominal,
            draws=draws,
            seed=seed,
            level=level,
        )
        table = np.zeros((TWO, TWO))
        for a, b in pairs:
            table[int(code in a), int(code in b)] += 1
        kappa = cohen_kappa(table) if coders == TWO else float("nan")
        agree = float(np.trace(table) / table.sum())
        rows.append((code, used, len(sets), agree, kappa, found.value, found.low, found.high))
    heads = ["code", "used", "units", "agree", "kappa", "alpha", "low", "high"]
    return pd.DataFrame(rows, columns=heads)
