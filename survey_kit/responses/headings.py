"""Columns headed by the text of a question: Kobo's exports with labels, Google Forms, paper typed in.

A text is a poor name. Two questions may share one ("Other, please specify"), so a column is given to a
question by its text only where one question has it, or where the columns stand in the order of the
form and its neighbours leave one question between them. All else is reported.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from survey_kit.questionnaire.model import Item, Node, Question, Questionnaire
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.spellings import (
    LOCATION_PARTS,
    Meaning,
    Role,
    holds_answers,
    mangle,
    without_byte_order_mark,
)

MARKUP = re.compile(r"</?[A-Za-z][^>]*>|\*\*|__")
NUMBERED = re.compile(r"\.[0-9]+$")
"""What R and pandas put behind the second column of one name."""


@dataclass(frozen=True)
class Headings:
    """What a column may be, by its text.

    meanings
        Text, or text as R mangles it, -> what has it.
    order
        Key of a question -> its place in the form.
    """

    meanings: Mapping[str, tuple[Meaning, ...]]
    order: Mapping[str, int]

    def of(self, column: str) -> tuple[Meaning, ...]:
        """What a column may be.

        The number that R and pandas put behind the second column of one text is passed over
        where several questions share the text.
        """
        name = without_byte_order_mark(column)
        for text in (heading(name), mangle(heading(name))):
            if found := self.meanings.get(text):
                return found
        first = heading(NUMBERED.sub("", name))
        shared = self.meanings.get(first) or self.meanings.get(mangle(first), ())
        return shared if NUMBERED.search(name) and len(shared) > 1 else ()


def heading(text: str) -> str:
    """A text without markup, marks at its end, capitals and needless spaces.

    >>> heading("<b>How old</b>  are you?: *")
    'how old are you?'
    """
    return " ".join(MARKUP.sub("", text).split()).rstrip(" :*").casefold()


def headings_of(questionnaire: Questionnaire, repeat: str | None) -> Headings:
    """The texts of the questions in the frame of a repeat, or of the interviews."""
    found: dict[str, dict[Meaning, None]] = {}
    groups = dict(_groups(questionnaire))
    order: dict[str, int] = {}
    for place, item in enumerate(questionnaire.items):
        if not holds_answers(item, repeat):
            continue
        order[item.key] = place
        for text, meaning in _texts(item, questionnaire, groups):
            for spelt in dict.fromkeys((heading(text), mangle(heading(text)))):
                found.setdefault(spelt, {})[meaning] = None
    return Headings({text: tuple(each) for text, each in found.items() if text}, order)


def by_neighbours(
    columns: Mapping[int, tuple[Meaning, ...]],
    settled: Mapping[int, str],
    taken: frozenset[tuple[str, str]],
    order: Mapping[str, int],
) -> dict[int, Meaning]:
    """Which of several questions with one text a column is, by what stands before and after it.

    Parameters
    ----------
    columns
        Position of a column -> the questions with its text.
    settled
        Position -> key, of the columns that are known.
    taken
        The questions and choices that have a column already.

    Returns
    -------
    Position -> what it is, for those that can be told. Nothing where the file does not keep to the
    order of the form.
    """
    known = sorted((position, order[key]) for position, key in settled.items() if key in order)
    if any(before[1] > after[1] for before, after in pairwise(known)):
        return {}
    positions = [position for position, _ in known]
    gaps: dict[tuple[int, tuple[Meaning, ...]], list[int]] = {}
    for position, meanings in columns.items():
        gaps.setdefault((bisect_left(positions, position), meanings), []).append(position)
    found: dict[int, Meaning] = {}
    for (gap, meanings), here in gaps.items():
        low = known[gap - 1][1] if gap else -1
        high = known[gap][1] if gap < len(known) else len(order) + max(order.values(), default=0)
        fitting = [
            each
            for each in meanings
            if low <= order[each.key] <= high and (each.key, each.code) not in taken
        ]
        if len(fitting) == len(here):
            found |= dict(zip(sorted(here), fitting, strict=True))
    return found


def _texts(
    item: Item, questionnaire: Questionnaire, groups: Mapping[tuple[str, ...], Mapping[str, str]]
) -> Iterator[tuple[str, Meaning]]:
    question = item.question
    for language, label in question.label.items():
        if not label.strip():
            continue
        around = [
            groups.get(item.path[:depth], {}).get(language) or item.path[depth - 1]
            for depth in range(1, len(item.path) + 1)
        ]
        whole = "/".join((*around, label))
        for text in dict.fromkeys((label, whole)):
            yield text, Meaning(Role.QUESTION, item.key)
            if question.type.storage is Storage.CODES:
                for choice in questionnaire.choices(question):
                    said = choice.label.get(language, "")
                    for name in filter(None, dict.fromkeys((said, choice.code))):
                        for spelt in (f"{text}/{name}", f"{text} [{name}]"):
                            yield spelt, Meaning(Role.CHOICE, item.key, choice.code)
        if question.type.storage is Storage.LOCATION:
            for part, meant in LOCATION_PARTS.items():
                yield f"_{label}_{part}", Meaning(Role.PART, item.key, meant)


def _groups(questionnaire: Questionnaire) -> Iterator[tuple[tuple[str, ...], Mapping[str, str]]]:
    """The path of every group and repeat, and its labels."""
    waiting: list[tuple[tuple[str, ...], Node]] = [((), node) for node in questionnaire.nodes]
    while waiting:
        above, node = waiting.pop()
        if isinstance(node, Question):
            continue
        path: tuple[str, ...] = (*above, node.name)
        yield path, node.label
        waiting += [(path, child) for child in node.nodes]
