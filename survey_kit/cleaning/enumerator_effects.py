"""Which answers depend on who asked: of every question, the intraclass correlation by enumerator.

A question with choices has a column of 0 and 1 for each choice, a number the normal scores
of its ranks. The smallest p-value of a question's choices is multiplied by their number, and over
all questions the false discovery rate is controlled: of many questions some differ by chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.cleaning.cells import Cells, every_question
from survey_kit.cleaning.enumerator_variance import (
    Codes,
    Floats,
    Grouping,
    Intraclass,
    adjusted,
    intraclass,
    normal_scores,
    rare_p,
)
from survey_kit.questionnaire.model import Item
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.model import Absence, Responses

EFFECTS = (
    "question",
    "code",
    "n",
    "enumerators",
    "per_enumerator",
    "icc",
    "low",
    "high",
    "p",
    "adjusted",
    "furthest",
    "theirs",
    "their_n",
    "others",
)
"""Columns of `enumerator_effects`."""

NUMBERS = (Storage.INTEGER, Storage.DECIMAL)
FEWEST = 5
"""An enumerator with fewer answers to a question is not named as the one furthest off."""
VALUES = 5
"""A number with fewer distinct values is a code in disguise, and is not ranked."""

RARE = 20
"""With fewer people for or against a choice than this for each enumerator, F is not enough."""
DOUBTFUL = 0.05
"""Only p-values below this are worked out anew."""
SAME = 1e-6
"""Two p-values this near, as those of "yes" and of "no", are one, and the first choice is told."""

KEPT = 16
"""So many groups of rows are kept, for questions that the same people answered."""

Bools: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class _Asked:
    """The usable answers to one question: as columns, and in the units in which they are told."""

    columns: Floats
    told: Floats
    codes: tuple[str, ...]
    rows: Bools


@dataclass(frozen=True, eq=False)
class _Interviews:
    """Who made each interview, and where: as numbers, -1 where unknown, with the names of the enumerators.

    What is worked out for the rows that answered one question serves others that the same answered.
    """

    enumerator: Codes
    site: Codes
    names: NDArray[Any]
    known: dict[bytes, tuple[Grouping, list[str]]]

    def grouped(self, rows: Bools) -> tuple[Grouping, list[str]]:
        """The interviews of some rows, and the enumerators in the order of their numbers."""
        key = np.packbits(rows).tobytes()
        if key not in self.known:
            if len(self.known) >= KEPT:
                self.known.pop(next(iter(self.known)))
            present, enumerator = _renumbered(self.enumerator[rows])
            _, site = _renumbered(self.site[rows])
            self.known[key] = Grouping(enumerator, site), [str(n) for n in self.names[present]]
        return self.known[key]


def _interviews(who: pd.Series[Any], where: pd.Series[Any]) -> _Interviews:
    enumerator, names = pd.factorize(who, sort=True)
    site, _ = pd.factorize(where)
    return _Interviews(
        np.asarray(enumerator, dtype=np.int64),
        np.asarray(site, dtype=np.int64),
        np.asarray(names),
        {},
    )


def _renumbered(codes: Codes) -> tuple[Codes, Codes]:
    """Which codes there are, and (n,) their places among these; a code is a number from 0."""
    present = np.flatnonzero(np.bincount(codes))
    places = np.zeros(int(codes.max(initial=-1)) + 1, dtype=np.int64)
    places[present] = np.arange(len(present))
    return present, places[codes]


def enumerator_effects(
    responses: Responses,
    who: pd.Series[Any],
    where: pd.Series[Any],
    *,
    least: int = 20,
    level: float = 0.95,
    leave_out: tuple[str, ...] = (),
) -> pd.DataFrame:
    """How much the answers to each question depend on the enumerator.

    Parameters
    ----------
    who
        (n,) text, the enumerator of each interview; NaN where unknown.
    where
        (n,) text, the place within which enumerators are compared; one text for all otherwise.
    least
        So many people must have chosen a choice, and as many not; so many numbers are needed.
    level
        Of the intervals.
    leave_out
        Questions that are not looked at.

    Returns
    -------
    (q, 14)
        With the columns `EFFECTS`, a row for each question that can be judged: `code` is its choice
        that differs most ("" of a number), `per_enumerator` is n_0, `furthest` the enumerator
        furthest from the others, with the share or the mean of `theirs` and of the `others`.
    """
    asker = _interviews(who, where)
    rows = [
        row
        for cells in every_question(responses, _is_judged)
        if cells.key not in leave_out
        if (asked := _columns(responses, cells, who.notna().to_numpy(dtype=np.bool_), least))
        if (row := _effect(cells.key, asked, asker, level)) is not None
    ]
    table = pd.DataFrame(rows, columns=list(EFFECTS))
    return table.assign(adjusted=adjusted(table["p"].to_numpy(dtype=np.float64)))


def _is_judged(item: Item) -> bool:
    kind = item.question.type
    coded = kind.storage in (Storage.CODE, Storage.CODES, *NUMBERS)
    return kind.asked and coded and not item.repeats


def _effect(
    key: str, asked: _Asked, interviews: _Interviews, level: float
) -> tuple[object, ...] | None:
    grouping, names = interviews.grouped(asked.rows)
    found = intraclass(asked.columns, grouping, level=level)
    if found is None or np.isnan(found.p).all():
        return None
    p = np.array([_p(asked, at, grouping, found) for at in range(len(asked.codes))])
    at = int(np.flatnonzero(p <= np.nanmin(p) * (1 + SAME))[0])
    return (
        key,
        asked.codes[at],
        len(grouping.enumerator),
        len(names),
        found.size,
        *_limits(found, at),
        min(1.0, float(p[at]) * len(asked.codes)),
        np.nan,
        *_furthest(asked, at, grouping, names),
    )


def _p(asked: _Asked, at: int, grouping: Grouping, found: Intraclass) -> float:
    """The p-value of one column, that of a rare choice worked out with more care."""
    p = float(found.p[at])
    chosen = asked.columns[:, at]
    rarer = min(chosen.sum(), len(chosen) - chosen.sum())
    if not asked.codes[at] or not p < DOUBTFUL or rarer >= RARE * len(grouping.together):
        return p
    return max(p, rare_p(chosen, grouping))


def _limits(found: Intraclass, at: int) -> tuple[float, float, float]:
    return float(found.icc[at]), float(found.low[at]), float(found.high[at])


def _columns(responses: Responses, cells: Cells, known: Bools, least: int) -> _Asked | None:
    rows = (cells.absence == Absence.PRESENT).to_numpy(dtype=np.bool_) & cells.given & known
    answers = cells.answers[rows]
    if len(answers) < 2 * least:
        return None
    if cells.storage in NUMBERS:
        numbers = answers.to_numpy(dtype=np.float64)
        if len(np.unique(numbers)) < VALUES:
            return None
        return _Asked(normal_scores(numbers)[:, None], numbers[:, None], ("",), rows)
    codes, chosen = _chosen(responses, cells, answers)
    yes = chosen.sum(axis=0)
    kept = (yes >= least) & (len(answers) - yes >= least)
    if not kept.any():
        return None
    columns = chosen[:, kept]
    return _Asked(columns, columns, tuple(np.asarray(codes)[kept]), rows)


def _chosen(
    responses: Responses, cells: Cells, answers: pd.Series[Any]
) -> tuple[list[str], Floats]:
    """The codes of a question, and (n, codes) 1 where each was chosen."""
    numbers, distinct = pd.factorize(answers)
    sets = [
        str(each).split() if cells.storage is Storage.CODES else [str(each)] for each in distinct
    ]
    codes = [choice.code for choice in responses.questionnaire.choices(cells.item.question)]
    codes = codes or sorted({code for one in sets for code in one})
    table = np.array([[float(code in one) for code in codes] for one in sets])
    return codes, table[numbers]


def _furthest(
    asked: _Asked, at: int, grouping: Grouping, names: list[str]
) -> tuple[str, float, int, float]:
    """The enumerator furthest from the others, in standard errors, within places."""
    column = asked.columns[:, at]
    counts = np.bincount(grouping.enumerator, minlength=len(names)).astype(np.float64)
    of_site = np.bincount(grouping.site)
    usual = np.bincount(grouping.site, weights=column) / of_site
    apart = np.bincount(grouping.enumerator, weights=column - usual[grouping.site])
    score = np.where(counts >= FEWEST, np.abs(apart) / np.sqrt(counts), -1.0)
    first = int(np.argmax(score))
    own = grouping.enumerator == first
    told = asked.told[:, at]
    middle = np.mean if asked.codes[at] else np.median
    others = float(middle(told[~own])) if (~own).any() else np.nan
    return str(names[first]), float(middle(told[own])), int(own.sum()), others
