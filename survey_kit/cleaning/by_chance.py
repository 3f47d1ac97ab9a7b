"""How many findings of one check may be there by chance: about fifty, however many interviews there are.

A limit that one answer in two thousand passes by chance lists three of 6,000 answers and three thousand of
seven million. So limits that have a chance grow with the number of answers that they judge:

    chance = min(chance, 50 / judged)

Up to 5,000 judgements at 1 % nothing is other than it was. What is then found in a large survey
is as unlikely by chance as what is found in a small one, and reviewers are as busy.
"""

from __future__ import annotations

BY_CHANCE = 50.0


def chance_of(chance: float, judged: int) -> float:
    """The chance that each of so many judgements may have.

    >>> chance_of(0.01, 600), chance_of(0.01, 100_000)
    (0.01, 0.0005)
    """
    return min(chance, BY_CHANCE / max(judged, 1))


def threshold_of(threshold: float, judged: int) -> float:
    """The threshold, in standard deviations to either side, for so many normal answers.

    >>> threshold_of(3.5, 6_000), round(threshold_of(3.5, 7_000_000), 2)
    (3.5, 4.49)
    """
    from scipy.special import ndtr, ndtri

    chance = 2 * float(ndtr(-threshold))
    allowed = chance_of(chance, judged)
    return threshold if allowed >= chance else -float(ndtri(allowed / 2))
