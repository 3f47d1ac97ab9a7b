"""Where two engines make different things of the same interview, node by node."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from survey_kit.questionnaire.in_row import InRow
    from survey_kit.questionnaire.model import Questionnaire
    from survey_kit.rehearsal.seen import Seen


FILES = ("csv-external", "xml-external")
"""Types of what looks like a question and is a file."""
_MOMENT = re.compile(r"(?<=\d\d:\d\d:\d\d\.\d\d\d)(?:Z|\+00:00)$")
"""The zone in which JavaRosa writes a moment; ours is the local time of the interview."""


@dataclass(frozen=True)
class Difference:
    """One thing of one question on which the engines do not agree.

    `what` is "asked", "value", "constraint", "choices" or "required".
    """

    place: InRow
    what: str
    ours: str
    javarosa: str

    def __str__(self) -> str:
        return f"{self.place}, {self.what}: ours {self.ours}, JavaRosa {self.javarosa}"


@dataclass
class Comparison:
    """What was compared, and what differs."""

    compared: int
    differences: list[Difference]


def compare(ours: Seen, theirs: Seen, questionnaire: Questionnaire) -> Comparison:
    """All that the two say of the nodes of one interview.

    A row that only one of them has counts as not asked by the other. Values are compared where
    they were worked out, since answers were given to both.
    """
    found = Comparison(0, [])
    for place in {**ours.asked, **theirs.asked}:
        if questionnaire.by_key[place.key].question.type.name in FILES:
            continue
        here, there = ours.asked.get(place, False), theirs.asked.get(place, False)
        found.compared += 1
        if here != there:
            found.differences.append(Difference(place, "asked", _truth(here), _truth(there)))
        elif here:
            question = questionnaire.by_key[place.key].question
            for what, one, other in _of_asked(
                place, ours, theirs, question.calculation is not None
            ):
                found.compared += 1
                if one != other:
                    found.differences.append(Difference(place, what, one, other))
    return found


def _of_asked(
    place: InRow, ours: Seen, theirs: Seen, worked_out: bool
) -> Iterator[tuple[str, str, str]]:
    """(what, ours, JavaRosa's) of a question that both asked."""
    if worked_out:
        yield "value", repr(ours.values[place]), repr(_MOMENT.sub("", theirs.values[place]))
    if place in ours.holds or place in theirs.holds:
        yield "constraint", _verdict(ours.holds.get(place)), _verdict(theirs.holds.get(place))
    if place in ours.offered and place in theirs.offered:
        one, other = sorted(ours.offered[place]), sorted(theirs.offered[place])
        yield "choices", " ".join(one), " ".join(other)
    if place in ours.missing or place in theirs.missing:
        yield "required", _truth(place in ours.missing), _truth(place in theirs.missing)


def _truth(value: bool) -> str:
    return "yes" if value else "no"


def _verdict(holds: bool | None) -> str:
    return {None: "not looked at", True: "holds", False: "refuses"}[holds]
