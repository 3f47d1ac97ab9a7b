r"""How much of the variance of answers lies between enumerators: the intraclass correlation.

Of two people interviewed by the same enumerator, how much more alike are their answers than
those of two people at random? 0 where it does not matter who asks. With :math:`n_e`
interviews of each of k enumerators, N in all, and the mean squares between and within
enumerators,

.. math:: \hat\rho = \frac{MS_b - MS_w}{MS_b + (n_0 - 1) MS_w}, \quad
          n_0 = \frac{N - \sum_e n_e^2 / N}{k - 1}

the analysis-of-variance estimator (Donner 1986, International Statistical Review 54). Its
limits follow from those of F = MS_b / MS_w (Searle, Linear Models, 1971): exact for normal
answers and equal numbers of interviews, near otherwise.

Enumerators work in some places and not in others, and places differ. With places given, the sum
of squares between enumerators is what they add to the places, and :math:`n_0` is the trace of
:math:`Z'MZ` over its rank, with Z the membership of enumerators and M what takes the places out
(Henderson's third method); without places that is the formula above.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.int64]

NOTHING_LEFT = 1e-9
"""A sum of squares that is this share of the whole is rounding."""


@dataclass(frozen=True, eq=False)
class Intraclass:
    """The intraclass correlation of m columns of answers; every array is (m,).

    icc, low, high
        The estimate and its limits; negative where enumerators differ less than by chance.
    f, p
        The ratio of mean squares, and the probability of one as large if nobody differed.
    between, within
        Degrees of freedom.
    size
        n_0, about the number of interviews of an enumerator.
    """

    icc: Floats
    low: Floats
    high: Floats
    f: Floats
    p: Floats
    between: int
    within: int
    size: float


@dataclass(frozen=True, eq=False)
class Grouping:
    """Who interviewed whom, and where.

    enumerator, site
        (n,) codes from 0 without gaps; a single site where places do not matter.
    """

    enumerator: Codes
    site: Codes

    @cached_property
    def together(self) -> Floats:
        """(k, s) interviews of each enumerator in each place."""
        shape = (int(self.enumerator.max(initial=-1)) + 1, int(self.site.max(initial=-1)) + 1)
        cells = self.enumerator * shape[1] + self.site
        return np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape).astype(np.float64)

    @cached_property
    def inner(self) -> Floats:
        """(k, k) Z'MZ: the interviews of enumerators, with the places taken out."""
        of_site = np.maximum(self.together.sum(axis=0), 1)
        own = np.diag(self.together.sum(axis=1))
        return own - (self.together / of_site) @ self.together.T

    @cached_property
    def inverse(self) -> tuple[Floats, int]:
        """A generalised inverse of `inner`, and its rank."""
        values, vectors = np.linalg.eigh(self.inner)
        kept = values > NOTHING_LEFT * max(len(self.enumerator), 1)
        found = (vectors[:, kept] / values[kept]) @ vectors[:, kept].T
        return found, int(kept.sum())

    def sums(self, columns: Floats, codes: Codes, number: int) -> Floats:
        """(number, m) sums of (n, m) columns by codes."""
        found = np.zeros((number, columns.shape[1]))
        for at, column in enumerate(columns.T):
            found[:, at] = np.bincount(codes, weights=column, minlength=number)
        return found


def intraclass(columns: Floats, grouping: Grouping, *, level: float = 0.95) -> Intraclass | None:
    """The intraclass correlation of each column by enumerator, within places.

    Parameters
    ----------
    columns
        (n, m) numbers, without gaps; 0 and 1 for a choice.
    level
        Of the interval: 0.95.

    Returns
    -------
    None where enumerators cannot be told from places, or nothing is left to compare with. A column
    that does not vary within places and enumerators has NaN throughout.
    """
    from scipy.stats import f as f_distribution

    n, m = columns.shape
    inverse, between = grouping.inverse
    within = n - grouping.together.shape[1] - between
    if between < 1 or within < 1:
        return None
    centred = columns - columns.mean(axis=0)
    enumerators, places = grouping.together.shape
    of_site = np.maximum(grouping.together.sum(axis=0), 1)[:, None]
    by_site = grouping.sums(centred, grouping.site, places)
    by_enumerator = grouping.sums(centred, grouping.enumerator, enumerators)
    score = by_enumerator - grouping.together @ (by_site / of_site)
    whole = (centred**2).sum(axis=0)
    explained = np.einsum("em,ef,fm->m", score, inverse, score)
    left = whole - (by_site**2 / of_site).sum(axis=0) - explained
    left = np.where(left > NOTHING_LEFT * np.maximum(whole, 1e-300), left, np.nan)
    f = (explained / between) / (left / within)
    size = float(np.trace(grouping.inner)) / between
    tail = (1 - level) / 2
    lower = f / f_distribution.isf(tail, between, within)
    upper = f / f_distribution.ppf(tail, between, within)
    return Intraclass(
        icc=(f - 1) / (f + size - 1),
        low=(lower - 1) / (lower + size - 1),
        high=(upper - 1) / (upper + size - 1),
        f=f,
        p=np.asarray(f_distribution.sf(f, between, within), dtype=np.float64).reshape(m),
        between=between,
        within=within,
        size=size,
    )


def rare_p(chosen: Floats, grouping: Grouping, *, draws: int = 500) -> float:
    """The p-value of a choice that few made, from who could have interviewed them in each place.

    With few expected of each enumerator, F has a longer tail than its distribution. Given how many chose it in
    each place, how many of them each enumerator met is hypergeometric if enumerators do not
    matter. It is drawn `draws` times (with a fixed seed), and a gamma distribution with the
    mean, variance and skewness of the sum of squares gives its tail (Pearson's type III).

    Parameters
    ----------
    chosen
        (n,) 0 and 1.
    """
    from scipy.stats import pearson3

    random = np.random.default_rng(20_261_121)
    inverse, _ = grouping.inverse
    together = grouping.together
    share = np.bincount(grouping.site, weights=chosen) / np.maximum(together.sum(axis=0), 1)
    expected = together @ share
    drawn = np.zeros((draws, len(together)))
    for site, met in enumerate(together.T.astype(np.int64)):
        here = np.flatnonzero(met)
        number = round(float(share[site] * met.sum()))
        drawn[:, here] += random.multivariate_hypergeometric(met[here], number, size=draws)
    found = np.bincount(grouping.enumerator, weights=chosen, minlength=len(together))
    apart = np.vstack([found, drawn]) - expected
    squares = np.einsum("de,ef,df->d", apart, inverse, apart)
    own, others = squares[0], squares[1:]
    spread = float(others.std())
    if spread <= 0:
        return 1.0
    middle = float(others.mean())
    skewness = max(float(((others - middle) ** 3).mean()) / spread**3, 0.01)
    return float(pearson3.sf(float(own), skewness, loc=middle, scale=spread))


def normal_scores(values: Floats) -> Floats:
    """(n,) the ranks of numbers as quantiles of the normal distribution (Blom 1958).

    One absurd amount then weighs no more than any largest one.
    """
    from scipy.stats import norm, rankdata

    ranks = (rankdata(values) - 0.375) / (len(values) + 0.25)
    return np.asarray(norm.ppf(ranks), dtype=np.float64)


def adjusted(p: Floats) -> Floats:
    """(m,) p-values such that those below α hold at most the share α of false alarms.

    Benjamini and Hochberg (Journal of the Royal Statistical Society B 57, 1995). NaN stays NaN.
    """
    from scipy.stats import false_discovery_control

    found = np.full(len(p), np.nan)
    known = np.isfinite(p)
    if known.any():
        found[known] = false_discovery_control(p[known])
    return found
