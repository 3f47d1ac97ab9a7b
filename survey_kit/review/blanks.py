"""Whether an answer may be blank at the end of a valid interview, seen from another question.

A question is blank because it was not asked, or because it was left out. It cannot be blank for
a question that is asked only where it was asked too, if it is required; nor where the
conditions on the way need an answer to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from survey_kit.questionnaire.printer import to_xpath
from survey_kit.review.trees import flat, truth_in

if TYPE_CHECKING:
    from survey_kit.review.reviewed import Located, Reviewed
    from survey_kit.review.worlds import Worlds


def may_be_blank(
    reviewed: Reviewed, name: str, here: Located, worlds: Worlds | None = None
) -> bool:
    """Whether the answer to a question may be blank where another node is asked.

    `worlds` says what is known there; the worlds in which the node is reached if None.
    """
    asked = reviewed.by_name.get(name)
    question = asked.question if asked else None
    if asked is None or question is None:
        return False
    known = reviewed.reasoner.reach(here) if worlds is None else worlds
    if not any(each.blank for each in reviewed.reasoner.may_be(name, here, known)):
        return False
    return not (_is_required(asked) and gates(asked) <= gates(here))


def _is_required(located: Located) -> bool:
    question = located.question
    return (
        question is not None
        and question.required is not None
        and truth_in(question.required.tree) is True
    )


def gates(located: Located) -> frozenset[str]:
    """Every condition that must hold for a node to be asked, as texts."""
    found: set[str] = set()
    for each in (*located.parents, located):
        if each.node.relevant is not None:
            found |= {to_xpath(part) for part in flat(each.node.relevant.tree, "and")}
    return frozenset(found)
