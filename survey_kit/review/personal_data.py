"""What kind of personal data a question asks for, by its type and by its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from survey_kit.questionnaire.question_type import Storage
from survey_kit.review.word_lists import plain, words_of

if TYPE_CHECKING:
    from survey_kit.questionnaire.model import Question

_BY_TYPE = {
    "deviceid": "the number of the device",
    "subscriberid": "the number of the SIM card",
    "simserial": "the number of the SIM card",
    "phonenumber": "a telephone number",
    "username": "the account of the enumerator",
    "email": "the e-mail address of the account",
    "image": "a picture",
    "video": "a video",
    "audio": "a voice",
}
_KINDS = (
    "a name",
    "a telephone number",
    "an e-mail address",
    "an address",
    "the number of a document",
    "a day of birth",
    "a bank account",
)
_TEXTS = (Storage.TEXT, Storage.INTEGER, Storage.DECIMAL, Storage.DATE)


def personal_data(question: Question) -> str:
    """What it asks for that names or reaches a person; empty where nothing says so.

    Words count only in free answers: nobody is named by a choice in a list.
    """
    by_type = _BY_TYPE.get(question.type.name, "")
    if by_type or not question.type.asked or question.calculation is not None:
        return by_type
    if question.type.storage not in _TEXTS or question.read_only:
        return ""
    texts = [plain(question.name), *(plain(label) for label in question.label.values())]
    for kind in _KINDS:
        if kind == "a day of birth" and question.type.storage is not Storage.DATE:
            continue
        if kind == "a name" and question.type.name != "text":
            continue
        if any(_asks(kind, text) for text in texts):
            return kind
    return ""


def _asks(kind: str, text: str) -> bool:
    found = words_of(kind).search(text)
    return found is not None and words_of("not personal").search(text) is None
