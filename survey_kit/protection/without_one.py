r"""May it be told how far a share moves when one site at a time is left out?

The share without site u is :math:`p_{(-u)} = (C - A_u)/(W - B_u)`: whoever knows the total C
and the sizes W and :math:`B_u` can work out :math:`A_u`, what the site answered. So neither
these shares nor the sites are shown, only between which two numbers they all lie, and these
are rounded outwards to steps so wide that one step is twice the fewest people that may be
counted. Then an outsider is asked, who knows more than is in any table:

    the range, the rule, the size of every site, and the exact total of each group of sites
    that a table might have (country, region)

and for every site it must be left open how many gave the answer: `smallest_cell` different
numbers at least, and every number at a site with fewer than `smallest_base` people. The outsider is judged by what he knows and by nothing
else, so that a range is shown tells him nothing beyond the range itself (the idea of
simulatable auditing).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey_kit.protection.rules import Rules

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]

STEPS = (0.01, 0.02, 0.04, 0.05)
"""Ends of a range are multiples of one of these, of which all end at 1; in coarser ones there is
nothing to read."""
SEVERAL = 3
"""The fewest sites: of two, each is what is left without the other."""
_WITNESSES = 12
"""So many sites at most are tried as the one that makes an end. Fewer only hides more."""
_ROUNDING = 1e-9
_OPEN = 1e-6
"""Of a step: a share on the inner edge of the outermost step would be told as the next."""


@dataclass(frozen=True, eq=False)
class Sites:
    """Who gave one answer at each of m sites.

    chosen, asked
        (m,) Weights of those who gave it, and of all in the base.
    people
        (m,) int. How many people are in the base.
    heaviest
        (m,) The largest weight of any of them.
    groupings
        Each (m,) int: a group of sites for every site, of which the total may be known.
    """

    chosen: Floats
    asked: Floats
    people: Integers
    heaviest: Floats
    groupings: Sequence[Integers] = ()

    @property
    def equal(self) -> NDArray[np.bool_]:
        """(m,) Whether all people of a site weigh the same."""
        return np.abs(self.heaviest * self.people - self.asked) <= _ROUNDING * self.asked

    def within(self, least: Floats, most: Floats) -> tuple[Floats, Floats]:
        """(m,) each: from where to where some people of a site surely can weigh, between two weights.

        Whole people where all weigh the same; otherwise the next sum of some is at most one
        person away.
        """
        one, equal = self.heaviest, self.equal
        up = np.where(equal, np.ceil(least / one - _ROUNDING) * one, least + one)
        down = np.where(equal, np.floor(most / one + _ROUNDING) * one, most - one)
        return (
            np.where(least <= _ROUNDING, 0.0, up),
            np.where(most >= self.asked - _ROUNDING, self.asked, down),
        )


@dataclass(frozen=True)
class Range:
    """Between which two shares all lie, both multiples of a step."""

    low: float
    high: float
    step: float


def range_that_may_be_shown(sites: Sites, rules: Rules) -> Range | None:
    """The range of a share without one site at a time; None where it may not be told."""
    inside = sites.people > 0
    sites = Sites(
        sites.chosen[inside],
        sites.asked[inside],
        sites.people[inside],
        sites.heaviest[inside],
        [grouping[inside] for grouping in sites.groupings],
    )
    step = _step(sites, rules)
    if step is None:
        return None
    left = (sites.chosen.sum() - sites.chosen) / (sites.asked.sum() - sites.asked)
    low = np.floor(left.min() / step + _ROUNDING) * step
    high = np.ceil(left.max() / step - _ROUNDING) * step
    found = Range(round(float(low), 10), round(min(float(high), 1.0), 10), step)
    together = np.zeros(len(sites.people), dtype=np.intp)
    few = sites.people < rules.smallest_base
    enough = np.where(few, sites.people + 1, rules.smallest_cell)
    for grouping in (together, *sites.groupings):
        _, group = np.unique(grouping, return_inverse=True)
        # what a group of one site answered is its total, and not learnt from the range
        alone = np.bincount(group)[group] == 1
        if (left_open(sites, found, group)[~alone] < enough[~alone]).any():
            return None
    return found


def _step(sites: Sites, rules: Rules) -> float | None:
    """The finest step in which an end hides twice the fewest people that may be counted."""
    if len(sites.people) < SEVERAL:
        return None
    rest = sites.people.sum() - sites.people.max()
    if rest < rules.smallest_base:
        return None
    lightest = float((sites.asked.sum() - sites.asked).min() / sites.heaviest.max())
    needed = 2 * rules.smallest_cell
    return next((step for step in STEPS if step * lightest >= needed), None)


def left_open(sites: Sites, told: Range, group: Integers) -> Integers:
    """How many different counts of each site agree with all that the outsider knows.

    Parameters
    ----------
    told
        The range that is shown.
    group
        (m,) int, from 0. Groups of sites whose exact totals he knows.

    Returns
    -------
    (m,) int
        At least so many: for each pair of sites that could make the ends, what the totals and
        the range allow is one stretch of weights, and the longest is taken. What people of a
        site can weigh together is taken to be as far within a stretch as it might be.
    """
    below = sites.asked.sum() - sites.asked
    chosen = sites.chosen.sum()

    def weights_between(low: float, high: float) -> tuple[Floats, Floats]:
        """Answers at each site with which the share without it lies between these."""
        return sites.within(chosen - high * below, chosen - low * below)

    anywhere = weights_between(told.low, told.high)
    inner = told.step * (1 - _OPEN)
    lowest = weights_between(told.low, told.low + inner)
    highest = weights_between(told.high - inner, told.high)
    totals = np.bincount(group, weights=sites.chosen)
    stretch = np.full(len(sites.asked), -1.0)
    for first in _widest(lowest):
        for second in _widest(highest):
            least, most = anywhere[0].copy(), anywhere[1].copy()
            for site, (low, high) in ((first, lowest), (second, highest)):
                least[site] = max(least[site], low[site])
                most[site] = min(most[site], high[site])
            if (least > most + _ROUNDING).any():
                continue
            all_least = np.bincount(group, weights=least)
            all_most = np.bincount(group, weights=most)
            if (all_least > totals + _ROUNDING).any() or (all_most < totals - _ROUNDING).any():
                continue
            bottom = np.maximum(least, (totals - all_most)[group] + most)
            top = np.minimum(most, (totals - all_least)[group] + least)
            stretch = np.maximum(stretch, top - bottom)
    counts = np.floor(stretch / sites.heaviest + _ROUNDING)
    counts = np.where(stretch < 0, 0, counts + sites.equal)
    anything = stretch >= sites.asked * (1 - _ROUNDING)
    return np.where(anything, sites.people + 1, counts).astype(np.intp)


def _widest(window: tuple[Floats, Floats]) -> list[int]:
    """Sites that could make an end of the range, those with most room first."""
    room = window[1] - window[0]
    order = np.argsort(-room, kind="stable")
    return [int(site) for site in order if room[site] >= 0][:_WITNESSES]
