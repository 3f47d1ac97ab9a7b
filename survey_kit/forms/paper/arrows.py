"""Where to go on, in numbers: after a choice, and after questions whose condition fails."""

from __future__ import annotations

from collections.abc import Sequence

from survey_kit.forms.paper.boxes import chain
from survey_kit.forms.paper.numbering import is_note
from survey_kit.forms.paper.skips import goes_on
from survey_kit.forms.paper.voice import Voice
from survey_kit.questionnaire.expression import Expression
from survey_kit.questionnaire.expression import Node as Tree
from survey_kit.questionnaire.model import Item
from survey_kit.questionnaire.question_type import Storage

MOST_ARROWS = 4
"""Of choices with the same arrow; more of them, and the bar that follows is plainer."""


def arrows(voice: Voice, item: Item) -> dict[str, str]:
    """Code -> arrow, for each choice of a question with one answer that skips something."""
    if item.question.type.storage is not Storage.CODE:
        return {}
    items = voice.questionnaire.items
    start = voice.numbering.position[item.key]
    usual = _target(voice, start + 1)
    found: dict[str, str] = {}
    choices = voice.questionnaire.choices(item.question)
    for choice in choices:
        place = goes_on(items, start, choice.code, item.repeats)
        if place is not None and is_note(items[place].question):
            continue
        target = _target(voice, place)
        if target != usual:
            found[choice.code] = voice.phrases("go_to", target=target)
    return _telling(found, len(choices))


def after(voice: Voice, key: str, condition: Expression) -> str:
    """Where to go on if a condition fails: past everything that demands it too.

    `key` is the last question under the condition.
    """
    demanded = _conjuncts((condition,))
    items = voice.questionnaire.items
    for position in range(voice.numbering.position[key] + 1, len(items)):
        item = items[position]
        own = item.question.relevant
        if item.key not in voice.numbering.asked:
            continue
        if not demanded <= _conjuncts(item.gates if own is None else (*item.gates, own)):
            return voice.called(item.key)
    return voice.phrases("end_of_interview")


def _target(voice: Voice, place: int | None) -> str:
    """The number of the first question from a place on; the end where there is none."""
    items = voice.questionnaire.items
    for position in range(place if place is not None else len(items), len(items)):
        if items[position].key in voice.numbering.asked:
            return voice.called(items[position].key)
    return voice.phrases("end_of_interview")


def _conjuncts(conditions: Sequence[Expression]) -> frozenset[Tree]:
    """What must hold all together: each part of a chain of *and*."""
    return frozenset(part for each in conditions for part in chain(each.tree, "and"))


def _telling(arrows: dict[str, str], choices: int) -> dict[str, str]:
    """Arrows without those that nearly every choice has: the bar over what follows says it."""
    for arrow in set(arrows.values()):
        same = [code for code, each in arrows.items() if each == arrow]
        if choices > MOST_ARROWS and len(same) > choices / 2:
            return {code: each for code, each in arrows.items() if each != arrow}
    return arrows
