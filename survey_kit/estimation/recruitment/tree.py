"""Who recruited whom: trees that grow from seeds, read from ids or from coupons.

A respondent-driven sample is more than a snowball only because it is known who recruited whom
and how many people of the kind each of them knows. Without either there is nothing to
estimate from, and the sample says no more than any other snowball. So reading refuses where
a column is not there; where single people lack what is needed, it lists them as faults, and
the tree is had once they are mended or left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.design.shown import Shown, Table, of_frame
from survey_kit.design.stage import Floats, Integers
from survey_kit.errors import EstimationError


class Kind(Enum):
    """What may be wrong with the links and degrees of a person."""

    SAME_ID = "the same id as another person"
    NO_SUCH_RECRUITER = "a recruiter, or a coupon, that nobody has"
    COUPON_TWICE = "a coupon that two people came with, or were given"
    OWN_RECRUITER = "a chain of recruiters that leads back to the person"
    RECRUITED_SEED = "a seed that was recruited, so that its tree has two seeds"
    NO_RECRUITER = "no recruiter, and not one of the seeds"
    NO_DEGREE = "no degree, or one of 0 or less"
    FEW_KNOWN = "a degree below the number of people that were recruited or did the recruiting"


HARMLESS = frozenset({Kind.FEW_KNOWN})
"""To review, and no hindrance."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: the row, counted from 0, the person's id, and what it is."""

    row: int
    person: str
    kind: Kind


@dataclass(frozen=True, eq=False, repr=False)
class Recruitment(Shown):
    """The trees of a sample, row by row.

    person
        (n,) Ids.
    recruiter
        (n,) The row of who recruited the person; -1 for a seed.
    degree
        (n,) How many people of the kind each knows, above 0.
    order
        (n,) The place of each in the order of recruitment, from 0.
    """

    person: tuple[str, ...]
    recruiter: Integers
    degree: Floats
    order: Integers

    def __len__(self) -> int:
        return len(self.recruiter)

    @cached_property
    def seeds(self) -> Integers:
        """The rows of the seeds."""
        return np.flatnonzero(self.recruiter < 0).astype(np.intp)

    @cached_property
    def wave(self) -> Integers:
        """(n,) 0 for a seed, 1 for whom a seed recruited, and so on."""
        return waves(self.recruiter)[0]

    @cached_property
    def seed(self) -> Integers:
        """(n,) The row of the seed that each person's chain began with."""
        return waves(self.recruiter)[1]

    @cached_property
    def recruits(self) -> Integers:
        """(n,) How many people each recruited."""
        return np.bincount(self.recruiter[self.recruiter >= 0], minlength=len(self)).astype(np.intp)

    @property
    def frame(self) -> pd.DataFrame:
        """One row for each wave: people, how many they recruited, and the mean of their degrees."""
        size = int(self.wave.max(initial=0)) + 1
        people = np.bincount(self.wave, minlength=size)
        return pd.DataFrame(
            {
                "wave": np.arange(size),
                "n": people,
                "recruited": np.bincount(self.wave, self.recruits, minlength=size).astype(np.intp),
                "mean_degree": np.bincount(self.wave, self.degree, minlength=size) / people,
            }
        )

    def shown(self) -> Table:
        """The waves."""
        chains = f"{len(self):,} people in {len(self.seeds):,} chains, each from a seed (wave 0)"
        return of_frame(self.frame, title="Who recruited whom", under=[chains])


@dataclass(frozen=True, eq=False, repr=False)
class Reading(Shown):
    """Trees as far as they could be read, and what is wrong with them."""

    found: Recruitment
    faults: tuple[Fault, ...]

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row for each fault."""
        return pd.DataFrame(
            {
                "row": [fault.row for fault in self.faults],
                "person": [fault.person for fault in self.faults],
                "what": [fault.kind.value for fault in self.faults],
            }
        )

    def shown(self) -> Table:
        """What is wrong, row by row; the trees themselves are in `.tree`."""
        said = (
            f"{len(self.faults):,} to review; next: correct them, then `.tree`"
            if self.faults
            else "Nothing to review; next: `.tree`, then `sk.rds_shares`"
        )
        return of_frame(self.frame, title="Recruitment", under=[f"n = {len(self.found):,}", said])

    @property
    def tree(self) -> Recruitment:
        """The trees.

        Raises
        ------
        EstimationError
            If anybody's links or degree do not allow it.
        """
        counts = Counter(fault.kind for fault in self.faults if fault.kind not in HARMLESS)
        if counts:
            told = "; ".join(
                f"{number} {'person has' if number == 1 else 'people have'} {kind.value}"
                for kind, number in counts.items()
            )
            raise EstimationError(
                "recruitment",
                told,
                "They are listed in `frame`: correct them, or take the sample for a snowball.",
            )
        return self.found


def read_recruiters(
    frame: pd.DataFrame,
    *,
    person: str,
    recruiter: str | None,
    degree: str | None,
    seed: str | None = None,
    order: str | None = None,
) -> Reading:
    """Trees from the id of who recruited each person.

    Parameters
    ----------
    person
        The column of ids.
    recruiter
        The column of the recruiter's id, empty for seeds.
    degree
        The column of how many people of the kind each person knows.
    seed
        A column that is true (1) for the seeds, where there is one, to check the links by.
    order
        A column to put people in the order of their recruitment by, such as a date. None:
        the order of the rows, as far as it goes, but nobody before their recruiter.

    Raises
    ------
    EstimationError
        If there is no such column: then it is a snowball sample.
    """
    _check_columns(frame, recruiter=recruiter, degree=degree, others=(person, seed, order))
    ids = _texts(frame[person])
    place, faults = _places(ids)
    given = _texts(frame[str(recruiter)])
    links = np.array([place.get(each, -1) if each else -1 for each in given], dtype=np.intp)
    faults += [
        Fault(row, ids[row], Kind.NO_SUCH_RECRUITER)
        for row, each in enumerate(given)
        if each and each not in place
    ]
    came = np.array([bool(each) for each in given])
    found = _Links(ids, links, came, faults)
    return _reading(frame, found, degree=str(degree), seed=seed, order=order)


def read_coupons(
    frame: pd.DataFrame,
    *,
    person: str,
    own: str | None,
    given: Sequence[str],
    degree: str | None,
    seed: str | None = None,
    order: str | None = None,
) -> Reading:
    """Trees from coupons: the one each person came with, and those they were given to pass on.

    Parameters
    ----------
    own
        The column of the coupon that a person came with, empty for seeds.
    given
        The columns of the coupons that a person was given.
    person, degree, seed, order
        As for `read_recruiters`.

    Raises
    ------
    EstimationError
        If there is no such column: then it is a snowball sample.
    """
    recruiter = own if given else None
    _check_columns(frame, recruiter=recruiter, degree=degree, others=(person, seed, order, *given))
    ids = _texts(frame[person])
    _, faults = _places(ids)
    giver: dict[str, int] = {}
    for column in given:
        for row, coupon in enumerate(_texts(frame[column])):
            if coupon and giver.setdefault(coupon, row) != row:
                faults.append(Fault(row, ids[row], Kind.COUPON_TWICE))
    links = np.full(len(frame), -1, dtype=np.intp)
    used: set[str] = set()
    came = np.zeros(len(frame), dtype=bool)
    for row, coupon in enumerate(_texts(frame[str(own)])):
        if not coupon:
            continue
        came[row] = True
        links[row] = giver.get(coupon, -1)
        if coupon not in giver:
            faults.append(Fault(row, ids[row], Kind.NO_SUCH_RECRUITER))
        elif coupon in used:
            faults.append(Fault(row, ids[row], Kind.COUPON_TWICE))
        used.add(coupon)
    found = _Links(ids, links, came, faults)
    return _reading(frame, found, degree=str(degree), seed=seed, order=order)


def waves(recruiter: Integers) -> tuple[Integers, Integers]:
    """(n,) each: the wave of a person, -1 in a circle without a seed; and the row of the seed."""
    wave = np.where(recruiter < 0, 0, -1)
    seed = np.where(recruiter < 0, np.arange(len(recruiter)), -1)
    reached = np.flatnonzero(recruiter < 0)
    while len(reached):
        before = np.zeros(len(recruiter), dtype=bool)
        before[reached] = True
        reached = np.flatnonzero((wave < 0) & before[recruiter] & (recruiter >= 0))
        wave[reached] = wave[recruiter[reached]] + 1
        seed[reached] = seed[recruiter[reached]]
    return wave.astype(np.intp), seed.astype(np.intp)


def _places(ids: list[str]) -> tuple[dict[str, int], list[Fault]]:
    """The first row of each id, and the rows that have the id of an earlier one."""
    place: dict[str, int] = {}
    again = [
        Fault(row, each, Kind.SAME_ID)
        for row, each in enumerate(ids)
        if place.setdefault(each, row) != row
    ]
    return place, again


@dataclass(frozen=True, eq=False)
class _Links:
    """Ids, the row of each recruiter (-1 for none), who came through somebody, faults so far."""

    ids: list[str]
    recruiter: Integers
    came: NDArray[np.bool_]
    faults: list[Fault]


def _reading(
    frame: pd.DataFrame, links: _Links, *, degree: str, seed: str | None, order: str | None
) -> Reading:
    """The faults that show once links are made, and the order of recruitment."""
    ids, recruiter, faults = links.ids, links.recruiter, list(links.faults)
    wave, _ = waves(recruiter)

    def add(kind: Kind, rows: NDArray[np.bool_]) -> None:
        faults.extend(Fault(int(row), ids[row], kind) for row in np.flatnonzero(rows))

    add(Kind.OWN_RECRUITER, wave < 0)
    if seed is not None:
        is_seed = np.array([each not in _NO for each in _texts(frame[seed])])
        add(Kind.RECRUITED_SEED, is_seed & links.came)
        add(Kind.NO_RECRUITER, ~is_seed & ~links.came)
    known = pd.to_numeric(frame[degree], errors="coerce").to_numpy(dtype=np.float64)
    good = np.isfinite(known) & (known > 0)
    add(Kind.NO_DEGREE, ~good)
    tied = np.bincount(recruiter[recruiter >= 0], minlength=len(ids)) + (recruiter >= 0)
    add(Kind.FEW_KNOWN, good & (known < tied))
    faults.sort(key=lambda fault: fault.row)
    return Reading(
        Recruitment(tuple(ids), recruiter, known, _order(frame, wave, order)), tuple(faults)
    )


_NO = frozenset({"", "0", "0.0", "false", "False", "no", "No"})


def _order(frame: pd.DataFrame, wave: Integers, column: str | None) -> Integers:
    """(n,) The place of each person in the order of recruitment."""
    if column is None:
        sequence = np.argsort(wave, kind="stable")
    else:
        sequence = np.asarray(frame[column].argsort(kind="stable"), dtype=np.intp)
    place = np.empty(len(wave), dtype=np.intp)
    place[sequence] = np.arange(len(wave))
    return place


def _check_columns(
    frame: pd.DataFrame,
    *,
    recruiter: str | None,
    degree: str | None,
    others: Sequence[str | None],
) -> None:
    for name, what in ((recruiter, "who recruited whom"), (degree, "how many people each knows")):
        if name is None or name not in frame.columns:
            raise EstimationError(
                "respondent-driven sample",
                f"no column says {what}",
                "Without it this is a snowball sample: give Sampling.SNOWBALL, and describe "
                "respondents.",
            )
    for name in others:
        if name is not None and name not in frame.columns:
            raise EstimationError(
                "respondent-driven sample",
                f"there is no column '{name}'",
                f"The columns are: {', '.join(str(each) for each in frame.columns)}.",
            )


def _texts(column: pd.Series) -> list[str]:
    """Ids as text: 7.0 is "7", a missing one is ""."""
    found: list[str] = []
    for value in column.tolist():
        if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
            found.append("")
        elif isinstance(value, float) and value.is_integer():
            found.append(str(int(value)))
        else:
            found.append(str(value).strip())
    return found
