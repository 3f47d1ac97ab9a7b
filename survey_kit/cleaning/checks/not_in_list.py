"""An answer that is not a code of its question's list."""

from __future__ import annotations

from difflib import get_close_matches

import numpy as np
import pandas as pd

from survey_kit.cleaning.cells import Cells, every_question
from survey_kit.cleaning.check import Check, Reach, Settings, together
from survey_kit.cleaning.wording import normalised
from survey_kit.questionnaire.model import Choice, Item
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.model import Responses

MANY = 200
"""How many distinct unknown values of one question are compared with the list letter by letter."""

FEW = 10
"""With more answers from elsewhere than this, and than from the list, it is the list."""


def _wanted(responses: Responses):
    def has_list(item: Item) -> bool:
        listed = responses.questionnaire.choices(item.question)
        return bool(listed) and not item.question.searches

    return has_list


def _reach(responses: Responses, settings: Settings) -> Reach:
    del settings
    looked_at = sum(1 for _ in every_question(responses, _wanted(responses)))
    return Reach(note=f"{looked_at} questions with a list of choices")


def _find(responses: Responses, settings: Settings) -> pd.DataFrame:
    del settings
    return together(
        _unknown(cells, responses.questionnaire.choices(cells.item.question))
        for cells in every_question(responses, _wanted(responses))
    )


def _unknown(cells: Cells, choices: tuple[Choice, ...]) -> pd.DataFrame:
    codes = {choice.code for choice in choices}
    numbers, distinct = pd.factorize(cells.answers)
    several = cells.storage is Storage.CODES
    foreign = [_foreign(str(value), codes, several=several) for value in distinct]
    is_foreign = np.array([*(bool(words) for words in foreign), False], dtype=np.bool_)
    mark = is_foreign[numbers]
    nearest = _nearest({word for words in foreign for word in words}, choices)
    suggested = [_suggestion(words, nearest) for words in foreign]
    what = [_what(len(words), several=several) for words in foreign]
    marked = [int(number) for number in numbers[mark]]
    count, answered = len(marked), int((numbers >= 0).sum())
    wrong_list = (
        f"{count} of {answered} answers are not in the list: look whether it is the right one"
    )
    many = count > max(FEW, answered / 2)
    suggestion = [suggested[i] or (wrong_list if many else "") for i in marked]
    return cells.marked(mark, [what[i] for i in marked], suggestion)


def _foreign(value: str, codes: set[str], *, several: bool) -> list[str]:
    words = value.split() if several else [value]
    return [word for word in words if word not in codes]


def _what(count: int, *, several: bool) -> str:
    if not several:
        return "the answer is not in the list of this question"
    return f"{count} of the chosen codes {'is' if count == 1 else 'are'} not in the list"


def _suggestion(words: list[str], nearest: dict[str, str]) -> str:
    return " ".join(dict.fromkeys(nearest[word] for word in words if word in nearest))


def _nearest(words: set[str], choices: tuple[Choice, ...]) -> dict[str, str]:
    """Unknown value -> the code that it most resembles, by code or by label in any language."""
    known: dict[str, str] = {}
    for choice in choices:
        for spelling in (choice.code, *choice.label.values()):
            known.setdefault(normalised(spelling), choice.code)
    found: dict[str, str] = {}
    compared = 0
    for word in sorted(words):
        plain = normalised(word)
        if plain in known:
            found[word] = known[plain]
        elif compared < MANY:
            compared += 1
            close = get_close_matches(plain, list(known), n=1, cutoff=0.7)
            if close:
                found[word] = known[close[0]]
    return found


NOT_IN_LIST = Check(
    name="not_in_list",
    title="Value outside the list",
    why=(
        "Every answer to a question with a list is a code of that list. Another value comes "
        "from another version of the form, from an export of labels, or from an edit by hand. "
        "Suggested is the code that it most resembles, by code or by label in any language."
    ),
    find=_find,
    reach=_reach,
)
