"""Where the rows stand that brackets are worked out for.

Within ``${person}[${age} > 17]`` there is a row for each candidate: a row of the repeat (or of a
table), seen from a row of the place where the whole expression stands. A name within the
brackets is looked at from the candidate, ``current()`` from where the expression stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from survey_kit.responses.logic.value import Codes, Floats, Texts, Value


@dataclass(frozen=True, eq=False)
class Standing:
    """m candidates.

    rows
        Name of a repeat, None for the interviews -> (m,) int: the row there that each stands in.
    origin
        (m,) int: the row of the expression's own scope that each is seen from.
    place
        (m,) float: the place of each among the candidates of its kind, from 1.
    table
        Column -> text of each candidate, where it is a row of a table; None in the form.
    given
        What parts of the expression are worth, which do not look at the candidate, by id().
    """

    rows: Mapping[str | None, Codes]
    origin: Codes
    place: Floats
    table: Mapping[str, Texts] | None = None
    given: Mapping[int, Value] = field(default_factory=dict[int, Value])

    def __len__(self) -> int:
        return len(self.place)
