"""A question that takes several answers comes twice in an export: as one column of joined codes
and as one column of 0 or 1 for each choice. The two are made one here.

The joined codes win, since they are what the form stored; where the other columns say
something else, both are reported and neither is changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

CHOSEN = frozenset({"1", "1.0", "true", "yes", "t", "y"})
NOT_CHOSEN = frozenset({"", "0", "0.0", "false", "no", "f", "n"})
UNKNOWN = -1


@dataclass(frozen=True, eq=False)
class Reconciled:
    """One column of joined codes.

    answers
        (n,) codes joined by single spaces; NaN where nothing was chosen.
    disagrees
        (n,) bool: the joined codes and the columns of single choices contradict each other.
    children
        (n,) what the columns of single choices say, joined in the order of the list.
    unread
        How many cells of single choices are neither yes nor no.
    """

    answers: pd.Series
    disagrees: NDArray[np.bool_]
    children: pd.Series
    unread: int


def reconcile(
    parent: pd.Series | None,
    children: Mapping[str, pd.Series],
    *,
    order: Sequence[str],
    labels: Mapping[str, Sequence[str]] | None = None,
) -> Reconciled:
    """Joined codes and the columns of single choices, made one.

    A column of a choice may hold 0 or 1, TRUE or FALSE, or (as ONA writes it) the code or
    the label where the choice was made and nothing elsewhere. A row whose single choices are
    all empty says nothing, and neither does a row of noughts beside an empty joined cell:
    some servers write 0 for a question that was not asked.

    Parameters
    ----------
    parent
        (n,) joined codes; None where the file has only the single choices.
    children
        code -> (n,) text of its column.
    order
        Codes of the list in order. Codes that are not in it come last.
    labels
        code -> labels of the choice, in any language.

    Returns
    -------
    Reconciled
        With the joined codes as they stand, or built from the single choices in the order
        of the list where there are none.
    """
    codes = [code for code in order if code in children]
    codes += [code for code in children if code not in codes]
    index = parent.index if parent is not None else next(iter(children.values())).index
    named = labels or {}
    chosen = np.zeros((len(index), len(codes)), dtype=np.int8)
    written = np.zeros(len(index), dtype=bool)
    for position, code in enumerate(codes):
        cells = children[code].fillna("").str.strip()
        chosen[:, position] = _chosen(cells, code, named.get(code, ()))
        written |= (cells != "").to_numpy(dtype=bool)
    unread = int((chosen == UNKNOWN).sum())
    joined = _joined(chosen, codes, index)
    if parent is None:
        return Reconciled(joined, np.zeros(len(index), dtype=bool), joined, unread)
    if not codes:
        return Reconciled(parent, np.zeros(len(index), dtype=bool), joined, unread)
    known = chosen != UNKNOWN
    differs = (known & ((chosen == 1) != _membership(parent, codes))).any(axis=1)
    return Reconciled(parent, differs & written, joined, unread)


def _chosen(cells: pd.Series, code: str, labels: Sequence[str]) -> NDArray[np.int8]:
    """(n,) 1 where the choice was made, 0 where not, -1 where it cannot be told."""
    own = {code.casefold(), *(label.strip().casefold() for label in labels)}
    numbers, distinct = pd.factorize(cells)
    said = [_said(str(text).casefold(), own) for text in distinct]
    return np.array(said, dtype=np.int8)[numbers]


def _said(text: str, own: set[str]) -> int:
    if text == "0" or (text in NOT_CHOSEN and text not in own):
        return 0
    return 1 if text in CHOSEN or text in own else UNKNOWN


def _membership(parent: pd.Series, codes: Sequence[str]) -> NDArray[np.bool_]:
    """(n, c) bool: which codes stand in each joined cell."""
    numbers, distinct = pd.factorize(parent)
    sets = [set(str(cell).split()) for cell in distinct] + [set[str]()]
    table = np.array([[code in each for code in codes] for each in sets], dtype=bool)
    return table.reshape(len(sets), len(codes))[numbers]


def _joined(chosen: NDArray[np.int8], codes: Sequence[str], index: pd.Index) -> pd.Series:
    """(n,) the codes chosen in each row; every distinct pattern is spelt once."""
    if not codes:
        return pd.Series(np.nan, index=index, dtype="str")
    patterns, which = np.unique(chosen == 1, axis=0, return_inverse=True)
    words = [
        " ".join(code for code, made in zip(codes, pattern, strict=True) if made) or None
        for pattern in patterns
    ]
    return pd.Series(np.array(words, dtype=object)[which.ravel()], index=index, dtype="str")
