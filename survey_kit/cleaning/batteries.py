"""Batteries: questions that follow one another and share a list of choices.

A table-list of a form is one, and so are items of a scale asked one below the other. Notes and
calculations between them do not part them; another question, or another group, does.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from survey_kit.questionnaire.model import Item, Questionnaire
from survey_kit.questionnaire.question_type import Storage


@dataclass(frozen=True)
class Battery:
    """Questions with one list of choices, in their order; `repeat` is "" outside repeats."""

    keys: tuple[str, ...]
    repeat: str


def batteries(questionnaire: Questionnaire, fewest: int) -> tuple[Battery, ...]:
    """Every battery of at least `fewest` questions, in the order of the interview."""
    asked = [item for item in questionnaire.items if item.question.type.asked and _stores(item)]
    found: list[Battery] = []
    for (choices, _), run in groupby(asked, key=_kind):
        keys = tuple(run)
        if choices and len(keys) >= fewest:
            found.append(
                Battery(
                    keys=tuple(item.key for item in keys),
                    repeat=keys[0].repeats[-1] if keys[0].repeats else "",
                )
            )
    return tuple(found)


def _stores(item: Item) -> bool:
    return item.question.type.storage is not Storage.NOTHING


def _kind(item: Item) -> tuple[str, tuple[str, ...]]:
    """The list of a question of one choice and the group around it; "" for all others."""
    question = item.question
    one = question.type.storage is Storage.CODE and question.choice_filter is None
    return (question.choices or "" if one else "", item.path)
