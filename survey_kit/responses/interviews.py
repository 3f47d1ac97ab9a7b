"""The id of an interview: unique text, without the ``uuid:`` that forms put before it.

Two interviews may come with one id: a phone that sends twice, an export pasted together.
Both are kept, the second as ``id#2``, and it is the check of duplicates that says which
should go. Nothing is dropped on the way in.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd


def interview_index(written: Sequence[str]) -> tuple[pd.Index, tuple[str, ...]]:
    """The index of the interviews, and what had to be done to make it unique.

    Parameters
    ----------
    written
        (n,) the id of each interview as the source has it; "" where it has none.

    Returns
    -------
    (n,)
        Unique text, named "interview", in the same order. One without an id is named by
        its number, ``row-1`` being the first.

    >>> index, notes = interview_index(["uuid:a", "b", "uuid:a", ""])
    >>> list(index), len(notes)
    (['a', 'b', 'a#2', 'row-4'], 2)
    """
    ids = pd.Series(list(written), dtype="str").str.strip().str.removeprefix("uuid:")
    missing = ids.eq("")
    numbers = pd.Series([f"row-{row}" for row in range(1, len(ids) + 1)], dtype="str")
    ids = ids.mask(missing, numbers)
    number = ids.groupby(ids).cumcount() + 1
    again = number > 1
    unique = ids.mask(again, ids + "#" + number.astype("str"))
    while unique.duplicated().any():
        unique = unique.mask(unique.duplicated(), unique + "#2")
    notes: list[str] = []
    if missing.any():
        notes.append(f"interviews without an id, named by their number: {int(missing.sum())}")
    if again.any():
        count = int(again.sum())
        notes.append(f"interviews with the id of another, kept and told apart as id#2: {count}")
    return pd.Index(unique, name="interview", dtype="str"), tuple(notes)
