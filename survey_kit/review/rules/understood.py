"""What is kept as it is written though phones, or anything here, do not know what it means."""

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


def _only_elsewhere(reviewed: Reviewed) -> Iterator[Notice]:
    for fault in reviewed.whole.only_elsewhere:
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

ONLY_ELSEWHERE = Rule(
    code="Q004",
    name="only-elsewhere",
    severity=Severity.ERROR,
    summary="A type or function that only another platform knows",
    why="Answers to the form are read and its logic is replayed as far as that platform says what it does; but phones with ODK or Kobo refuse the form, or stop in the middle of an interview.",
    remedy="Ask or calculate it as ODK does, or leave it out",
    check=_only_elsewhere,
)
