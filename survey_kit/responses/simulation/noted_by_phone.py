"""What a phone notes of itself and its user: names that say they are simulated.

Telephone numbers and the numbers of cards stay empty: an invented one could be somebody's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

KINDS = {
    "deviceid": "simulated:{}",
    "username": "simulated{}",
    "email": "simulated{}@example.org",
}
"""Type of a question -> how the phone or the user of a number is called."""
INTERVIEWS_A_PHONE = 25


def words(kind: str, enumerators: NDArray[np.int64], interviews: int) -> NDArray[np.object_]:
    """(interviews,) the same word for all interviews of an enumerator.

    `enumerators` are numbered from 0. Where nobody is named, phones take turns.
    """
    phones = max(1, round(interviews / INTERVIEWS_A_PHONE))
    turns = np.arange(interviews) % phones
    numbers = np.where(enumerators >= 0, enumerators, turns) + 1
    return np.array([KINDS[kind].format(number) for number in numbers], dtype=object)
