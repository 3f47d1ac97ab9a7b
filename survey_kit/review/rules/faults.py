"""What makes a definition no questionnaire at all; found while it is read, not afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from survey_kit.review.rule import Notice, Rule, Severity

if TYPE_CHECKING:
    from survey_kit.review.reviewed import Reviewed


def _none_left(reviewed: Reviewed) -> Iterator[Notice]:
    """Whoever holds a questionnaire holds one without faults."""
    del reviewed
    return iter(())


DEFINITION = Rule(
    code="Q001",
    name="definition",
    severity=Severity.ERROR,
    summary="The definition contradicts itself",
    why="No form can be made of it, and nothing else can be checked before it is mended.",
    remedy="See the remedy of each fault",
    check=_none_left,
)

STUDY = Rule(
    code="Q002",
    name="study",
    severity=Severity.ERROR,
    summary="study.yaml, or what it names, is not right",
    why="No command of the study can run.",
    remedy="See the remedy of each fault",
    check=_none_left,
)
