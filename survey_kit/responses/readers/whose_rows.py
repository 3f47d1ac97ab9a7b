"""To which interview, and to which row of an outer repeat, each row of a repeat belongs.

Platforms say so in three ways, and one table may say it twice:

    PARENT_KEY              the KEY of the row above (Central, Briefcase, SurveyCTO)
    _parent_index           the `_index` of the row above (Kobo, ONA)
    _submission__uuid ...   the id of the interview, which a row of an outer repeat has too
    interview, person       the interview and the places, as survey_kit writes them

Where two of them contradict each other the row is given to nobody: it is kept aside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.responses.readers.table import Understood

BY_KEY, BY_INDEX, BY_ID, BY_PLACE = (
    "PARENT_KEY",
    "_parent_index",
    "the id of the interview",
    "place",
)
UUIDS = ("_submission__uuid", "_uuid", "uuid", "meta/instanceid", "instanceid", "__id", "interview")
NUMBERS = ("_submission__id", "_id")
PLACE = re.compile(r"\[([0-9]+)\]$")
NOWHERE = -1


@dataclass(frozen=True, eq=False)
class Whose:
    """Whose rows the rows of a repeat are.

    above
        (n,) row of the table above; -1 where that row is not there, or cannot be told.
    places
        (n,) the place of the row among those of the row above, from 1.
    how
        By what it was told.
    contradicting
        Rows that say two different things.
    """

    above: NDArray[np.int64]
    places: NDArray[np.int64]
    how: str
    contradicting: int = 0


@dataclass(frozen=True, eq=False)
class Above:
    """The table in which the rows above stand.

    interview
        (n,) of each of its rows the row of its interview.
    places
        (n, d) the place of each row in its repeat and those around it; d is 0 for interviews.
    """

    table: Understood
    interview: NDArray[np.int64]
    places: NDArray[np.int64]


def whose_rows(
    rows: Understood, above: Above, interviews: Understood, levels: Sequence[str]
) -> Whose | None:
    """Whose rows the rows of a repeat are; None where no column says so.

    Parameters
    ----------
    levels
        The names of the repeats around the rows and of their own, the outermost first.
    """
    found = _by_places(rows, above, interviews, levels)
    found = found or _by_key(rows, above)
    return found or _by_index(rows, above, interviews)


def plain_ids(ids: pd.Series) -> pd.Series:
    """(n,) ids without the ``uuid:`` before them."""
    return ids.str.strip().str.removeprefix("uuid:")


def said(rows: Understood) -> pd.Series:
    """(n,) what each row says of the row above it, for whoever has to find it."""
    key = rows.metadata("parent_key")
    if key is not None:
        return "PARENT_KEY " + key
    texts = pd.Series("", index=rows.cells.index, dtype="str")
    for name in ("interview", *UUIDS, *NUMBERS, "_parent_index"):
        column = rows.metadata(name)
        if column is not None:
            texts = texts.mask(texts.eq("") & column.ne(""), f"{name} " + column)
    return texts


def _by_places(
    rows: Understood, above: Above, interviews: Understood, levels: Sequence[str]
) -> Whose | None:
    """As survey_kit writes them: the interview, and the place in each repeat."""
    named = rows.metadata("interview")
    columns = [_level(rows, name) for name in levels]
    if named is None or any(column is None for column in columns):
        return None
    numbers = [pd.to_numeric(column, errors="coerce") for column in columns if column is not None]
    if any(bool(each.isna().any()) for each in numbers):
        return None
    ids = _ids(interviews, UUIDS)
    if ids is None:
        return None
    written = _written(plain_ids(named), numbers[:-1])
    known = _written(
        _at(ids, above.interview),
        [pd.Series(above.places[:, level]) for level in range(above.places.shape[1])],
    )
    found = _lookup(written, known.mask(pd.Series(above.interview == NOWHERE), ""))
    places = numbers[-1].to_numpy(dtype=np.int64)
    return Whose(found, _unless_twice(found, places, rows), BY_PLACE)


def _level(rows: Understood, name: str) -> pd.Series | None:
    column = rows.column(name)
    return rows.column(f"{name}_position") if column is None else column


def _written(ids: pd.Series, places: Sequence[pd.Series]) -> pd.Series:
    texts = ids.reset_index(drop=True).astype("str")
    for each in places:
        numbers = each.reset_index(drop=True).astype("int64").astype("str")
        texts = texts + "/" + numbers
    return texts


def _by_key(rows: Understood, above: Above) -> Whose | None:
    named = rows.metadata("parent_key")
    known = above.table.metadata("key")
    if known is None and not above.places.shape[1]:
        known = _ids(above.table, UUIDS)
    if named is None or known is None:
        return None
    own = rows.metadata("key")
    again = pd.Series(0, index=named.index) if own is None else _times(own.mask(own.eq("")))
    keys = plain_ids(known)
    found = _lookup(_numbered(plain_ids(named), again), _numbered(keys, _times(keys)))
    first = _lookup(plain_ids(named), keys)
    found = np.where(found == NOWHERE, first, found)
    found = np.where(named.eq("").to_numpy(dtype=bool), NOWHERE, found)
    places = _order(rows, found)
    if own is not None:
        numbers = pd.to_numeric(own.str.extract(PLACE.pattern)[0], errors="coerce")
        if not numbers.isna().any():
            places = _unless_twice(found, numbers.to_numpy(dtype=np.int64), rows)
    return Whose(found, places, BY_KEY)


def _times(keys: pd.Series) -> pd.Series:
    """(n,) how often a key stood further up: an interview may have been sent twice."""
    return keys.groupby(keys, dropna=False).cumcount()


def _numbered(keys: pd.Series, times: pd.Series) -> pd.Series:
    return keys + "\n" + times.astype("str")


def _by_index(rows: Understood, above: Above, interviews: Understood) -> Whose | None:
    """By `_parent_index`, by the id of the interview, or by both where both are there."""
    index, known = rows.metadata("_parent_index"), above.table.metadata("_index")
    nothing = np.full(len(rows.cells), NOWHERE, dtype=np.int64)
    by_index = nothing if index is None or known is None else _lookup(index, known)
    how: list[str] = [] if by_index is nothing else [BY_INDEX]
    own, ids = next(_pairs(rows, interviews), (None, None))
    nested = bool(above.places.shape[1])
    by_id, agree = nothing, np.ones(len(nothing), dtype=bool)
    if own is not None and ids is not None:
        how.append(BY_ID)
        by_id = nothing if nested else _lookup(own, ids)
        interview = np.append(above.interview, NOWHERE)[by_index]
        same = _at(ids, interview).to_numpy() == own.to_numpy()
        agree = own.eq("").to_numpy(dtype=bool) | same
    if not how or (nested and BY_INDEX not in how):
        return None
    contradicts = (by_index != NOWHERE) & ~agree
    found = np.where(contradicts, NOWHERE, np.where(by_index == NOWHERE, by_id, by_index))
    return Whose(found, _order(rows, found), " and ".join(how), int(contradicts.sum()))


def _pairs(rows: Understood, interviews: Understood) -> Iterator[tuple[pd.Series, pd.Series]]:
    """The columns of ids that both tables have."""
    for kind in (UUIDS, NUMBERS):
        own, ids = _ids(rows, kind), _ids(interviews, kind)
        if own is not None and ids is not None:
            yield own, ids


def _at(texts: pd.Series, rows: NDArray[np.int64]) -> pd.Series:
    """The texts of some rows, "" for the row -1."""
    cells = np.append(texts.to_numpy(dtype=object), "")
    return pd.Series(cells[rows], dtype="str")


def _ids(table: Understood, names: Sequence[str]) -> pd.Series | None:
    """(n,) the ids of interviews in a table, by the column the study names or by one of these."""
    if names == UUIDS and table.named_by_study:
        return plain_ids(table.cells[table.id_column])
    found = table.metadata(*names)
    return None if found is None else plain_ids(found)


def _lookup(wanted: pd.Series, known: pd.Series) -> NDArray[np.int64]:
    """(n,) the first row that holds each text, -1 where none does."""
    kept = (~known.duplicated() & known.ne("")).to_numpy(dtype=bool)
    at = pd.Index(known[kept]).get_indexer(pd.Index(wanted))
    return np.append(np.flatnonzero(kept), NOWHERE)[at].astype(np.int64)


def _order(rows: Understood, above: NDArray[np.int64]) -> NDArray[np.int64]:
    """(n,) places in the order of `_index` where every row has one, else in that of the file."""
    order = np.arange(len(above))
    index = rows.metadata("_index")
    if index is not None and len(index):
        numbers = pd.to_numeric(index, errors="coerce")
        if not numbers.isna().any() and not numbers.duplicated().any():
            order = np.argsort(numbers.to_numpy(), kind="stable")
    sorted_above = pd.Series(above[order])
    places = np.empty(len(above), dtype=np.int64)
    places[order] = sorted_above.groupby(sorted_above).cumcount().to_numpy() + 1
    return places


def _unless_twice(
    above: NDArray[np.int64], places: NDArray[np.int64], rows: Understood
) -> NDArray[np.int64]:
    """The places as they stand, unless two rows of one interview claim the same."""
    pairs = pd.DataFrame({"above": above, "place": places})
    twice = pairs[pairs["above"] != NOWHERE].duplicated().any() or bool((places < 1).any())
    return _order(rows, above) if twice else places
