"""What ODK Collect cannot do, or does in its own way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from survey_kit.questionnaire.words import is_name
from survey_kit.review.feature import lacking, words_in
from survey_kit.review.rule import Notice, Rule, Severity

if TYPE_CHECKING:
    from survey_kit.questionnaire.model import Question
    from survey_kit.review.reviewed import Located, Reviewed

_ENKETO_ONLY = frozenset(
    {
        "analog-scale",
        "no-ticks-labels",
        "picker-list",
        "show-scale",
        "comment",
        "horizontal-compact",
    }
)
_WIDTHS = frozenset(f"w{number}" for number in range(1, 13))


def _names(reviewed: Reviewed) -> Iterator[Notice]:
    for located in reviewed.nodes:
        if not is_name(located.node.name):
            yield Notice(located.spot, "Collect cannot read this name in an expression")


def _web_appearance(_: Located, question: Question) -> str:
    found = sorted(words_in(question) & _ENKETO_ONLY)
    return f"Collect does not know the appearance '{found[0]}'" if found else ""


def _grid(_: Located, question: Question) -> str:
    return "the grid width is for the web; Collect shows one below the other" * bool(
        words_in(question) & _WIDTHS
    )


NAMES = Rule(
    code="Q801",
    name="collect-name",
    severity=Severity.ERROR,
    summary="A name in letters that JavaRosa, which reads paths on the phone, does not know",
    why="The form does not open in Collect (tried with ODK Validate).",
    remedy="Write it in Latin, Greek, Cyrillic or Armenian letters",
    check=_names,
    profile="collect",
)

WEB_APPEARANCE = lacking(
    "Q802",
    "collect-appearance",
    profile="collect",
    summary="An appearance that only web forms know",
    why="Collect shows the question in the plain way.",
    remedy="Make sure that it can be answered without",
    uses=_web_appearance,
    severity=Severity.NOTE,
)

GRID = lacking(
    "Q803",
    "collect-grid",
    profile="collect",
    summary="A width for the grid theme",
    why="Collect has no grid.",
    remedy="Nothing, if the form is used on the web as well",
    uses=_grid,
    severity=Severity.NOTE,
)
