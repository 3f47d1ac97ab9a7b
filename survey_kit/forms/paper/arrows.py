"""Where to go on, in numbers: after a choice, and after questions whose condition fails."""

from __future__ import annotations

from collections.abc import Sequence

from survey_kit.forms.paper.filters import chain
from survey_kit.forms.paper.skips import goes_on
from survey_kit.forms.paper.voice import Voice
from survey_kit.questionnaire.expression import Call, Expression, Path, This, walk
from survey_kit.questionnaire.expression import Node as Tree
from survey_kit.questionnaire.model import Item
from survey_kit.questionnaire.question_type import Storage

MOST_ARROWS = 4
"""Of choices with the same arrow; more of them, and the bar that follows is plainer."""
_CHANCE = frozenset({"random", "uuid"})


def arrows(voice: Voice, item: Item) -> dict[str, str]:
    """Code -> arrow, for each choice of a question with one answer that skips something."""
    if item.question.type.storage is not Storage.CODE:
        return {}
    start = voice.numbering.position[item.key]
    found: dict[str, str] = {}
    choices = voice.questionnaire.choices(item.question)
    for choice in choices:
        place = goes_on(
            voice.numbering.items,
            start,
            {item.key: choice.code},
            lambda each: bool(voice.called(each.key)),
            around=item.repeats,
        )
        if _passes(voice, start, place, item.repeats):
            target = _target(voice, place)
            found[choice.code] = voice.arrow.format(target=target)
    return _telling(found, len(choices))


def after(
    voice: Voice, items: Sequence[Item], condition: Expression, around: tuple[str, ...]
) -> str:
    """Where to go on if the condition over some items fails.

    What demands the same is passed over, and what depends on an answer that was not given.

    Parameters
    ----------
    items
        Everything under the condition.
    around
        The repeats around them.
    """
    demanded = _conjuncts((condition,))

    comparable = all(map(_means_the_same, demanded))

    def demands_it_too(item: Item) -> bool:
        own = item.question.relevant
        gates = item.gates if own is None else (*item.gates, own)
        return comparable and demanded <= _conjuncts(gates)

    place = goes_on(
        voice.numbering.items,
        max(voice.numbering.position[item.key] for item in items),
        {item.key: "" for item in items},
        lambda each: bool(voice.called(each.key)),
        around=around,
        passed=demands_it_too,
    )
    return _target(voice, place)


def _target(voice: Voice, place: int | None) -> str:
    """What stands at a place is called; the end, or the next entry of the roster."""
    items = voice.numbering.items
    if place is None:
        return voice.phrases("next_entry")
    if place == len(items):
        return voice.phrases("end_of_interview")
    return voice.called(items[place].key)


def _passes(voice: Voice, start: int, place: int | None, around: tuple[str, ...]) -> bool:
    """Whether there is anything to be asked or worked out on the way to a place."""
    return any(
        voice.called(item.key)
        and item.key not in voice.numbering.notes
        and (not around or item.repeats == around)
        for item in voice.numbering.items[start + 1 : place]
    )


def _conjuncts(conditions: Sequence[Expression]) -> frozenset[Tree]:
    """What must hold all together: each part of a chain of *and*."""
    return frozenset(part for each in conditions for part in chain(each.tree, "and"))


def _means_the_same(part: Tree) -> bool:
    """Whether a condition means the same wherever it stands, and however often it is asked."""
    return not any(
        isinstance(node, This)
        or (isinstance(node, Path) and not node.absolute)
        or (isinstance(node, Call) and node.function in _CHANCE)
        for node in walk(part)
    )


def _telling(arrows: dict[str, str], choices: int) -> dict[str, str]:
    """Arrows without those that nearly every choice has: the bar over what follows says it."""
    for arrow in set(arrows.values()):
        same = [code for code, each in arrows.items() if each == arrow]
        if choices > MOST_ARROWS and len(same) > choices / 2:
            return {code: each for code, each in arrows.items() if each != arrow}
    return arrows
