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
LEAST_SKEWED = 0.01
"""The gamma distribution needs some skewness; this is nearly the normal one."""


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
class ByPlace:
    r"""Of s places, what the sum of squares between enumerators owes to who was interviewed there.

    With A the generalised inverse, B the matrix of :math:`(z_i - \bar z)' A (z_j - \bar z)` of the
    people i and j of a place, and V the :math:`Z'MZ` of that place alone:

    interviews
        (s,) how many.
    traces
        (s,) the sum of :math:`B_{ii}`.
    products
        (s, s) the trace of :math:`A V_s A V_t`; on the diagonal the sum of :math:`B_{ij}^2`.
    squares
        (s,) the sum of :math:`B_{ii}^2`.
    cubes
        (s, s) the sum of :math:`B_{ij}^3` of the people i of one place and j of another.
    """

    interviews: Floats
    traces: Floats
    products: Floats
    squares: Floats
    cubes: Floats


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
    def trace(self) -> float:
        """The sum of the diagonal of `inner`."""
        of_site = np.maximum(self.together.sum(axis=0), 1)
        return float(self.together.sum() - (self.together**2 / of_site).sum())

    @cached_property
    def inverse(self) -> tuple[Floats, int]:
        """A generalised inverse of `inner`, and its rank.

        Enumerators who are linked through places make a part; in each part one of them is who the
        others are compared with, and has zeros. Sums of squares are the same whoever it is
        (Searle, Linear Models, 1971). Of enumerators and places the fewer are what is inverted
        (Woodbury, Inverting modified matrices, 1950).
        """
        rest = np.flatnonzero(~self._first_of_part())
        enumerators, places = self.together.shape
        if len(rest) <= places:
            own = np.linalg.inv(self.inner[np.ix_(rest, rest)])
        else:
            own = self._inverse_by_places(rest)
        found = np.zeros((enumerators, enumerators))
        found[np.ix_(rest, rest)] = own
        return found, len(rest)

    def _inverse_by_places(self, rest: Codes) -> Floats:
        """(r, r) the inverse of `inner` for some enumerators, by that of a matrix of the places."""
        met = self.together[rest]
        own = met.sum(axis=1)
        shared = met / own[:, None]
        left: Floats = np.diag(np.maximum(self.together.sum(axis=0), 1)) - met.T @ shared
        alone: Floats = np.diag(1 / own)
        among: Floats = shared @ np.linalg.inv(left) @ shared.T
        return alone + among

    def _first_of_part(self) -> NDArray[np.bool_]:
        """(k,) whether an enumerator is the first of those who are linked through places."""
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        enumerators, places = self.together.shape
        who, where = np.nonzero(self.together)
        shape = (enumerators + places, enumerators + places)
        links = coo_array((np.ones(len(who)), (who, enumerators + where)), shape=shape)
        parts = connected_components(links, directed=False)[1][:enumerators]
        first = np.zeros(enumerators, dtype=np.bool_)
        first[np.unique(parts, return_index=True)[1]] = True
        return first

    @cached_property
    def by_place(self) -> ByPlace:
        """What the chances of a rare choice need of each place, worked out once for all choices."""
        met, (inverse, _) = self.together, self.inverse
        n = np.maximum(met.sum(axis=0), 1)
        reached = inverse @ met
        inside = met.T @ reached
        own = np.diag(inverse)[:, None]
        once = (reached**2 / n).T @ met
        people = own - 2 * reached / n + np.diag(inside) / n**2
        return ByPlace(
            interviews=n,
            traces=(met * own).sum(axis=0) - np.diag(inside) / n,
            products=met.T @ inverse**2 @ met - once - once.T + inside**2 / np.outer(n, n),
            squares=(met * people**2).sum(axis=0),
            cubes=self._cubes(reached / n, inside / np.outer(n, n)),
        )

    def _cubes(self, reached: Floats, inside: Floats) -> Floats:
        """(s, s) see `ByPlace`, from products of matrices of enumerators and places.

        With n the interviews, r what is reached and c what is inside, :math:`B_{ij} = a_{ef} + x`
        where :math:`x = c_{st} - r_{et} - r_{fs}`, so that the sum of :math:`n_{es} n_{ft} B^3` falls
        into sums over e and f alone; only :math:`a_{ef} r_{et} r_{fs}` is summed place by place.
        """
        from scipy.sparse import csr_array

        met, (inverse, _) = self.together, self.inverse
        once, twice = inverse @ met, inverse**2 @ met
        powers = [met.T @ reached**power for power in range(4)]

        def both(first: int, second: int) -> Floats:
            return powers[first] * powers[second].T

        def sided(reach: Floats, of_enumerators: Floats) -> Floats:
            one_side = met.T @ (reach * of_enumerators)
            return one_side + one_side.T

        present = csr_array(met)
        crossed = np.empty_like(inside)
        for place in range(len(inside)):
            here = np.flatnonzero(met[:, place])
            theirs = met[here, place, None] * reached[here]
            others = np.asarray((inverse[here] * reached[:, place]) @ present, dtype=np.float64)
            crossed[place] = (theirs * others).sum(axis=0)
        linear = inside * (met.T @ twice) - sided(reached, twice)
        squared = (
            inside**2 * (met.T @ once)
            - 2 * inside * sided(reached, once)
            + sided(reached**2, once)
            + 2 * crossed
        )
        third = (
            inside**3 * both(0, 0)
            - 3 * inside**2 * (both(1, 0) + both(0, 1))
            + 3 * inside * (both(2, 0) + 2 * both(1, 1) + both(0, 2))
            - (both(3, 0) + 3 * both(2, 1) + 3 * both(1, 2) + both(0, 3))
        )
        return met.T @ (inverse**3 @ met) + 3 * linear + 3 * squared + third

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
    explained = (score * (inverse @ score)).sum(axis=0)
    left = whole - (by_site**2 / of_site).sum(axis=0) - explained
    left = np.where(left > NOTHING_LEFT * np.maximum(whole, 1e-300), left, np.nan)
    f = (explained / between) / (left / within)
    size = grouping.trace / between
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


def rare_p(chosen: Floats, grouping: Grouping) -> float:
    r"""The p-value of a choice that few made, from who could have interviewed them in each place.

    With few expected of each enumerator, F has a longer tail than its distribution. Given how many
    chose it in each place, everybody there is as likely to be among them if enumerators do not
    matter. The mean and the variance of the sum of squares over all such permutations are
    exact; a gamma distribution with these and the skewness gives its tail (Pearson's type III).
    The skewness is near, and rather too large: the third cumulant is taken to be
    :math:`2 V^2 / M + 4 \sum_{ij} B_{ij}^3 \kappa_i \kappa_j + 18 D V / 2 M`, with M the mean, V the
    variance or that of a sum of squares of normal numbers if this is less, D by how much
    it is less, and :math:`\kappa` the third cumulant of an answer. Of a single place it is
    the third cumulant of chi-squared (Haldane 1937, Biometrika 29) but for smaller terms.

    Parameters
    ----------
    chosen
        (n,) 0 and 1.
    """
    from scipy.stats import pearson3

    places, (inverse, rank) = grouping.by_place, grouping.inverse
    share = np.bincount(grouping.site, weights=chosen) / places.interviews
    found = np.bincount(grouping.enumerator, weights=chosen) - grouping.together @ share
    mean, normal, variance = permuted(share, places)
    if variance <= NOTHING_LEFT or rank < 1:
        return 1.0
    smooth = min(normal, variance)
    skewed = share * (1 - share) * (1 - 2 * share)
    lumps = 9 * smooth / mean * (variance - smooth)
    third = 2 * smooth**2 / mean + 4 * float(skewed @ places.cubes @ skewed) + lumps
    skewness = max(third / variance**1.5, LEAST_SKEWED)
    squares = float(found @ inverse @ found)
    return float(pearson3.sf(squares, skewness, loc=mean, scale=np.sqrt(variance)))


def permuted(share: Floats, places: ByPlace) -> tuple[float, float, float]:
    """Mean, variance if the counts were normal, and variance, of a sum of squares.

    Over all permutations of the answers within places; the moments of a product of four answers
    without replacement times the sums of products of B with as many people in common.
    """
    n, trace, square = places.interviews, places.traces, places.squares
    product = np.diag(places.products)
    second = share * (1 - share)
    fourth = second * (1 - 3 * second)
    spread = n * second / np.maximum(n - 1, 1)
    pairs = (n * second**2 - fourth) / np.maximum(n - 1, 1)
    threes = (2 * fourth - n * second**2) / np.maximum((n - 1) * (n - 2), 1)
    fours = 3 * (n * second**2 - 2 * fourth) / np.maximum((n - 1) * (n - 2) * (n - 3), 1)
    whole = (
        fourth * square
        + pairs * (trace**2 + 2 * product - 3 * square)
        + 4 * fourth / np.maximum(n - 1, 1) * square
        + threes * (12 * square - 2 * trace**2 - 4 * product)
        + fours * (trace**2 + 2 * product - 6 * square)
    )
    normal = 2 * float(spread @ places.products @ spread)
    own = whole - (spread * trace) ** 2 - 2 * spread**2 * product
    return float(spread @ trace), normal, normal + float(own.sum())


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
