"""A text after "other, please say which" that names a choice of the list."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from types import MappingProxyType

import pandas as pd

from survey_kit.cleaning.cells import Cells, every_question
from survey_kit.cleaning.check import Check, Reach, Settings, number, together
from survey_kit.cleaning.wording import normalised
from survey_kit.questionnaire.expression import Answer, Call, Node, Operation, Text, walk
from survey_kit.questionnaire.model import Choice, Item, Questionnaire
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.model import Responses

MANY = 2000
"""How many distinct texts of one question are compared letter by letter."""

LONGEST = 60
"""Longer texts are stories, and are compared as a whole only."""


def parent(item: Item, questionnaire: Questionnaire) -> tuple[Item, str] | None:
    """The question with the list, and its code for "other", that a text question follows.

    It is the one that the text's relevant compares with a code:
    ``selected(${sources}, 'other')`` or ``${status} = 'other'``.
    """
    relevant = item.question.relevant
    if item.question.type.storage is not Storage.TEXT or relevant is None:
        return None
    by_name = {other.question.name: other for other in questionnaire.items}
    for node in walk(relevant.tree):
        name, code = _compared(node)
        followed = by_name.get(name)
        if followed and any(c.code == code for c in questionnaire.choices(followed.question)):
            return followed, code
    return None


def _compared(node: Node) -> tuple[str, str]:
    match node:
        case Call("selected", (Answer(name), Text(code))):
            return name, code
        case Operation("=", Answer(name), Text(code)) | Operation("=", Text(code), Answer(name)):
            return name, code
        case _:
            return "", ""


def _followers(responses: Responses) -> Iterator[tuple[Cells, Item, str]]:
    for cells in every_question(responses, lambda i: i.question.type.storage is Storage.TEXT):
        found = parent(cells.item, responses.questionnaire)
        if found:
            yield cells, *found


def _reach(responses: Responses, settings: Settings) -> Reach:
    del settings
    looked_at = sum(1 for _ in _followers(responses))
    if not looked_at:
        return Reach(runs=False, note="no text question follows a choice of a list")
    return Reach(note=f"{looked_at} text questions that follow a choice of a list")


def _find(responses: Responses, settings: Settings) -> pd.DataFrame:
    closeness = number(settings, "closeness")
    return together(
        _listed(cells, followed, other, responses.questionnaire, closeness)
        for cells, followed, other in _followers(responses)
    )


def _listed(
    cells: Cells, followed: Item, other: str, questionnaire: Questionnaire, closeness: float
) -> pd.DataFrame:
    numbers, distinct = pd.factorize(cells.answers)
    choices = [c for c in questionnaire.choices(followed.question) if c.code != other]
    codes = [*_codes([str(text) for text in distinct], choices, closeness), ""]
    found = pd.Series(codes, dtype="str").iloc[numbers]
    mark = (found != "").to_numpy()
    labels = {c.code: questionnaire.text(c.label, fallback=c.code) for c in choices}
    return cells.marked(
        mark,
        [f"{followed.key} has a choice for this: {labels[code]}" for code in found[mark]],
        list(found[mark]),
    )


def _codes(answers: list[str], choices: list[Choice], closeness: float) -> list[str]:
    """The code that each text names, "" where none."""
    known: dict[str, str] = {}
    for choice in choices:
        for spelling in (choice.code, *choice.label.values()):
            for wording in _wordings(spelling):
                known.setdefault(wording, choice.code)
    found: list[str] = []
    compared = 0
    for answer in answers:
        plain = normalised(answer)
        code = known.get(plain, "")
        if not code and len(plain) <= LONGEST and compared < MANY:
            compared += 1
            close = get_close_matches(plain, list(known), n=1, cutoff=closeness)
            code = known[close[0]] if close else ""
        found.append(code)
    return found


def _wordings(label: str) -> list[str]:
    """A label and its alternatives: "Car / truck" is also "car" and "truck"."""
    parts = label.replace("(", "/").replace(")", "/").replace(",", "/").split("/")
    alternatives = [normalised(part) for part in parts] if len(parts) > 1 else []
    return [wording for wording in (normalised(label), *alternatives) if len(wording) > 1]


OTHER_SPECIFY = Check(
    name="other_specify",
    title="An 'other' that the list has",
    why=(
        "A text that explains the choice 'other' names nothing that the list has already. It "
        "is compared with every code and label of the list, in every language, without case "
        "and punctuation, and with the parts of labels such as 'car / truck'; spellings count "
        "as the same from a likeness of `closeness` (difflib's ratio, 0 to 1). Suggested is "
        "the code for the question with the list."
    ),
    find=_find,
    reach=_reach,
    settings=MappingProxyType({"closeness": 0.88}),
)
