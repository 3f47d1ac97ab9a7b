"""What a definition or a study refuses to be read with, as findings like any other."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from survey_kit.questionnaire.model import Place
from survey_kit.review.rule import Remark, Spot

if TYPE_CHECKING:
    from survey_kit.errors import Fault
    from survey_kit.review.rule import Rule

_WHERE = re.compile(
    r"(?P<file>[^,]+?)"
    r"(?:, sheet (?P<sheet>.+?)(?:, row (?P<row>\d+))?|, line (?P<line>\d+))?"
    r"(?:, (?P<thing>.*))?"
)
_NAMED = re.compile(r"'([^']*)'")


def as_remarks(faults: Iterable[Fault], rule: Rule) -> tuple[Remark, ...]:
    """Each fault under the code of a rule, its place taken from its words."""
    return tuple(
        Remark(
            code=rule.code,
            severity=rule.severity,
            place=spot.place,
            question=spot.name,
            what=fault.what,
            remedy=fault.remedy,
            thing=spot.thing,
        )
        for fault in faults
        for spot in [placed(fault)]
    )


def placed(fault: Fault) -> Spot:
    """Where a fault is, taken from its words."""
    found = _WHERE.fullmatch(fault.where)
    if found is None:
        return Spot(Place(fault.where))
    row, thing = found["row"] or found["line"], found["thing"] or ""
    name = _NAMED.search(thing)
    return Spot(
        Place(found["file"], found["sheet"], int(row) if row else None),
        thing,
        name[1] if name else "",
    )
