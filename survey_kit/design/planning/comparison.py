"""What is to be told apart: two shares or two means, of two groups or of two rounds.

A comparison knows one function: how likely a number of interviews finds the difference. All
else is that function read the other way round. Shares take the normal test with the variance
pooled under no difference (R's `power.prop.test`), means Student's t with its noncentral
distribution (R's `power.t.test`).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan, sqrt

from survey_kit.design.planning import demands
from survey_kit.errors import DesignError


@dataclass(frozen=True)
class Overlap:
    """How much the second round of a survey has of the first.

    people
        The share of a round's people who are in the other round too; 0 for a new sample.
    correlation
        Between the two answers of one person.
    """

    people: float = 0.0
    correlation: float = 0.0

    def __post_init__(self) -> None:
        demands.between("overlap", self.people, 0, 1)
        demands.between("correlation", self.correlation, -1, 1)

    @property
    def together(self) -> float:
        """What the covariance of two rounds is of the variance of one."""
        return self.people * self.correlation


@dataclass(frozen=True)
class Shares:
    r"""Two shares: power Φ{(|p₁ - p₂| - z s₀)/s₁}, with k the ratio, o the overlap, r its correlation,

    .. math:: s_0^2 = \bar p(1-\bar p)(1 + 1/k - 2 o r)/n, \quad
              s_1^2 = \{p_1 q_1 + p_2 q_2/k - 2 o r \sqrt{p_1 q_1 p_2 q_2}\}/n

    Fleiss, Levin and Paik 2003, *Statistical Methods for Rates and Proportions*, chapter 4,
    without correction for continuity; overlapping rounds: Kish 1965, section 12.4.

    Parameters
    ----------
    first, second
        p₁ and p₂.
    ratio
        k, interviews in the second group for one in the first.
    overlap
        For two rounds of a survey: what they share. None: two groups.

    Raises
    ------
    DesignError
        If a share is not strictly between 0 and 1; the ratio is not above 0, or not 1 between
        rounds; people cannot have answers so correlated with such shares.
    """

    first: float
    second: float
    ratio: float = 1.0
    overlap: Overlap | None = None

    def __post_init__(self) -> None:
        demands.a_share("first share", self.first)
        demands.a_share("second share", self.second)
        _check_ratio(self.ratio, self.overlap)
        if self.overlap is not None and self.overlap.people > 0:
            low, high = correlations(self.first, self.second)
            demands.between("correlation", self.overlap.correlation, low, high)

    @property
    def spread(self) -> float:
        """n times the variance of the difference of the two shares."""
        together = 0.0 if self.overlap is None else self.overlap.together
        one, other = self.first * (1 - self.first), self.second * (1 - self.second)
        return max(one + other / self.ratio - 2 * together * sqrt(one * other), 0.0)

    def power(self, interviews: float, level: float) -> float:
        """How likely the difference is found.

        interviews
            Of a simple random sample in the first group, or in each round; above 1.
        level
            Of one side of the test.
        """
        from scipy.special import ndtr, ndtri

        p, q, k = self.first, self.second, self.ratio
        together = 0.0 if self.overlap is None else self.overlap.together
        pooled = (p + k * q) / (1 + k)
        under_none = pooled * (1 - pooled) * (1 + 1 / k - 2 * together)
        reach = abs(p - q) * sqrt(interviews) + float(ndtri(level)) * sqrt(max(under_none, 0))
        if self.spread == 0:
            return 1.0 if reach > 0 else 0.0
        return float(ndtr(reach / sqrt(self.spread)))


@dataclass(frozen=True)
class Means:
    """Two means with one standard deviation: the noncentral t of their difference.

    Degrees of freedom are the people less one in each group; in rounds, who is asked twice
    counts once, so that full overlap is the paired test.

    Parameters
    ----------
    difference, deviation
        What is to be found, and the standard deviation between people, both in the unit of
        the answers.
    ratio, overlap
        As for shares.
    """

    difference: float
    deviation: float
    ratio: float = 1.0
    overlap: Overlap | None = None

    def __post_init__(self) -> None:
        demands.above("deviation", self.deviation, 0)
        _check_ratio(self.ratio, self.overlap)

    @property
    def spread(self) -> float:
        """n times the variance of the difference of the two means."""
        together = 0.0 if self.overlap is None else self.overlap.together
        return max(self.deviation**2 * (1 + 1 / self.ratio - 2 * together), 0.0)

    def power(self, interviews: float, level: float) -> float:
        """How likely the difference is found; as for shares."""
        from scipy.special import nctdtr, ndtr, stdtrit

        if self.spread == 0:
            return 1.0
        apart = abs(self.difference) / sqrt(self.spread / interviews)
        twice = 0.0 if self.overlap is None else self.overlap.people
        freedom = interviews * (1 + self.ratio) - 2 - twice * (interviews - 1)
        limit = float(stdtrit(freedom, 1 - level))
        missed = float(nctdtr(freedom, apart, limit))
        # very far out the noncentral t has no number, and is the normal
        return float(ndtr(apart - limit)) if isnan(missed) else 1 - missed


def correlations(first: float, second: float) -> tuple[float, float]:
    """The lowest and highest correlation that two answers with these shares can have (Fréchet)."""
    spread = sqrt(first * (1 - first) * second * (1 - second))
    low = max(0.0, first + second - 1) - first * second
    high = min(first, second) - first * second
    return max(low / spread, -1.0), 1.0 if first == second else min(high / spread, 1.0)


def _check_ratio(ratio: float, overlap: Overlap | None) -> None:
    demands.above("ratio", ratio, 0)
    if overlap is not None and ratio != 1:
        raise DesignError(
            "ratio",
            f"{ratio:g} interviews in one round for one in the other are not provided for",
            "Give rounds of the same size, or groups without overlap",
        )
