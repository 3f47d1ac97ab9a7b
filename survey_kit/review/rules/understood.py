"""What is kept as it is written though nothing here knows what it means."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from survey_kit.review.faults import placed
from survey_kit.review.rule import Notice, Rule, Severity

if TYPE_CHECKING:
    from survey_kit.review.reviewed import Reviewed


def _not_understood(reviewed: Reviewed) -> Iterator[Notice]:
    for fault in reviewed.whole.not_understood:
        yield Notice(placed(fault), fault.what, fault.remedy)


NOT_UNDERSTOOD = Rule(
    code="Q003",
    name="not-understood",
    severity=Severity.ERROR,
    summary="A part of the form that is kept as it is written, and not understood",
    why="It goes into the XLSForm unchanged. Phones hardly know it either, and nothing here works it out.",
    remedy="Write it in a way that phones and the reader know",
    check=_not_understood,
)
