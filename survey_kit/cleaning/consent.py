"""Which question asks whether the person takes part."""

from __future__ import annotations

import re
from collections.abc import Collection

import numpy as np

from survey_kit.questionnaire.model import Item
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.model import Absence, Responses

NAME = re.compile(
    r"(?:.*_)?(?:consent|consentement|consentimiento|agree_to_participate)(?:_.*)?", re.IGNORECASE
)
ALMOST_ALL = 0.9


def consent_question(responses: Responses, agreed: Collection[str]) -> str | None:
    """The first question named after consent that almost everybody was asked, and could agree to.

    Later ones ask whether a tank may be looked at, or a picture taken.

    Parameters
    ----------
    agreed
        Codes that mean agreement, in small letters.
    """
    for item in responses.questionnaire.items:
        if not is_consent(item) or item.key not in responses.frame.columns:
            continue
        codes = {c.code.casefold() for c in responses.questionnaire.choices(item.question)}
        asked = (responses.absence[item.key] != Absence.NOT_ASKED).to_numpy(dtype=np.bool_)
        if not codes.isdisjoint(agreed) and len(asked) and asked.mean() >= ALMOST_ALL:
            return item.key
    return None


def is_consent(item: Item) -> bool:
    """Whether a question is named after consent and has a list of choices."""
    one = item.question.type.storage is Storage.CODE and not item.repeats
    return one and NAME.fullmatch(item.question.name) is not None
