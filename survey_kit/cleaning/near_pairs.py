"""Pairs of interviews that are almost the same, and what is said of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.cleaning.alike_pairs import NOBODY, alike, nearest_of
from survey_kit.cleaning.likeness import (
    Pairs,
    Reference,
    coded,
    random_pairs,
    unusual,
)
from survey_kit.cleaning.substance import substance
from survey_kit.cleaning.whole_interview import WholeInterview
from survey_kit.responses.model import Responses


@dataclass(frozen=True, eq=False)
class NearPairs:
    """Pairs that are almost the same, and what they were held against (None: too few pairs)."""

    pairs: Pairs
    reference: Reference | None

    def only(self, keep: NDArray[np.bool_]) -> NearPairs:
        """The pairs where `keep`, (p,) bool, is true."""
        return NearPairs(self.pairs.only(keep), self.reference)

    def findings(self, responses: Responses, where: str) -> pd.DataFrame:
        """A finding for each interview of a pair, about the pair in which it is most alike."""
        best = nearest_of(self.pairs, len(responses))
        mark = best != NOBODY
        ids = responses.frame.index.to_numpy(dtype=object)
        what: list[str] = []
        other: list[str] = []
        for interview, place in zip(np.flatnonzero(mark), best[mark], strict=True):
            first, second = int(self.pairs.first[place]), int(self.pairs.second[place])
            other.append(f"Compare with {ids[second if first == interview else first]}")
            what.append(self._what(int(place), where))
        return WholeInterview(responses).marked(mark, what, other)

    def _what(self, place: int, where: str) -> str:
        pairs = self.pairs
        said = (
            f"{pairs.same[place]} of the {pairs.both[place]} questions answered in both have the "
            f"same answer {where}"
        )
        if self.reference is None:
            return said
        return f"{said}; about {pairs.usual[place]:.0f} is usual"


def near_pairs(
    responses: Responses,
    groups: NDArray[np.int64],
    *,
    share: float,
    least: int,
    chance: float,
    ignore: Iterable[str] = (),
) -> NearPairs:
    """Pairs inside groups that are almost, but not quite, the same.

    Parameters
    ----------
    groups
        (n,) which interviews are compared with one another; -1 with none.
    share, least
        Of how many questions answered in both so great a share has the same answer.
    chance
        The chance that ordinary pairs would be found in a whole survey.
    ignore
        Questions that do not count.
    """
    answers = substance(responses, ignore)
    codes = coded(answers)
    random = np.random.default_rng(len(responses))
    found = alike(codes, groups, share=share, least=least, random=random)
    identical = substance(responses).duplicated(keep=False).to_numpy(dtype=np.bool_)
    whole = (found.same == found.both) & identical[found.first] & identical[found.second]
    sizes = np.bincount(groups[groups >= 0]).astype(np.float64)
    unexpected, held = unusual(
        codes,
        found.only(~whole),
        random_pairs(groups, random),
        least=least,
        chance=chance,
        comparisons=float((sizes * (sizes - 1) / 2).sum()),
    )
    return NearPairs(unexpected, held)
