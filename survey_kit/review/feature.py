"""A feature that a target lacks: a row of facts, from which a rule is made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeAlias

from survey_kit.questionnaire.model import Question
from survey_kit.review.rule import Notice, Rule, Severity

if TYPE_CHECKING:
    from survey_kit.review.reviewed import Located, Reviewed

Uses: TypeAlias = "Callable[[Located, Question], str]"
"""What a question uses that the target lacks, in words; empty where it uses nothing."""


def lacking(
    code: str,
    name: str,
    *,
    profile: str,
    summary: str,
    why: str,
    remedy: str,
    uses: Uses,
    severity: Severity = Severity.WARNING,
) -> Rule:
    """A rule that looks at each question for one feature."""

    def check(reviewed: Reviewed) -> Iterator[Notice]:
        for located, question in reviewed.questions:
            what = uses(located, question)
            if what:
                yield Notice(located.spot, what)

    return Rule(code, name, severity, summary, why, remedy, check, profile)


def words_in(question: Question) -> set[str]:
    """The words of its appearance."""
    return set((question.appearance or "").casefold().split())


def parameters_of(question: Question) -> dict[str, str]:
    """Its parameters by name: ``start=0 end=10``."""
    text = (question.parameters or "").replace(",", " ").replace(";", " ")
    pairs = (pair.partition("=") for pair in text.split())
    return {key.strip().casefold(): value.strip() for key, sign, value in pairs if sign}
