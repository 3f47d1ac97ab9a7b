"""The entries of a roster: how many columns it has, and what is said of how many there are."""

from __future__ import annotations

from survey_kit.forms.paper.boxes import is_apart
from survey_kit.forms.paper.limits import bounds
from survey_kit.forms.paper.voice import Voice
from survey_kit.questionnaire.expression import Answer, Call, Number, Operation
from survey_kit.questionnaire.model import Repeat

MOST_ENTRIES = 6
"""Columns of a roster that fit beside its questions."""
USUAL_ENTRIES = 5
"""Columns of a roster where nothing says how many there may be."""
_MANY = 1_000


def entries(voice: Voice, repeat: Repeat) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of a roster's columns, and what is said of how many there are."""
    count = repeat.count.tree if repeat.count is not None else None
    known = _most(voice, repeat)
    wanted = min(known or USUAL_ENTRIES, MOST_ENTRIES)
    notes: list[str] = []
    if repeat.count is not None and not isinstance(count, Number):
        said = voice.value(repeat.count)
        notes.append(voice.phrases("how_many", value=said))
    if known is None or known > wanted:
        notes.append(voice.phrases("up_to", number=wanted))
    names = tuple(voice.phrases("entry", number=place + 1) for place in range(wanted))
    return names, tuple(notes)


def _most(voice: Voice, repeat: Repeat) -> int | None:  # noqa: PLR0911 - one for each kind of count
    """The largest number of entries that the form can ask for, where that is plain to see."""
    if repeat.count is None:
        return None
    match repeat.count.tree:
        case Number(number) if number < _MANY:
            return max(int(number), 1)
        case Answer(name):
            item = voice.questionnaire.by_key.get(name)
            if item is None:
                return None
            _, high = bounds(item.question.constraint)
            return max(int(high), 1) if high is not None and high < _MANY else None
        case Call("if", (Operation(">", _, Number(limit)), Number(most), _)) if (
            limit == most < _MANY
        ):
            return int(most)
        case Call("count-selected", (Answer(name),)):
            item = voice.questionnaire.by_key.get(name)
            choices = voice.questionnaire.choices(item.question) if item is not None else ()
            return sum(not is_apart(choice) for choice in choices) or None
        case _:
            return None
