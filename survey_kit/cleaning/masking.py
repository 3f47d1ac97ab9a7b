"""What of an answer may stand in a table of findings, which travels further than the data.

An answer to a question that may name or locate somebody is replaced by its kind and
length: "(text, 37 characters)". The same happens to any answer that *looks* as if it
did, whatever its question is: a telephone number typed in the wrong box.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pandas as pd

from survey_kit.cleaning.personal_data import kinds_of_personal_data
from survey_kit.questionnaire.model import Privacy, Question, Questionnaire
from survey_kit.questionnaire.question_type import Storage

MASK = re.compile(r"\(text, \d+ characters\)")

NONE_STATED: Mapping[str, Privacy] = MappingProxyType({})

NUMBERS = (Storage.INTEGER, Storage.DECIMAL, Storage.DATE, Storage.TIME, Storage.DATETIME)
"""Answers of these kinds are read by a machine: digits in them are no telephone number."""


def is_masked(question: Question, stated: Privacy | None = None) -> bool:
    """Whether the answers to a question are masked in findings.

    Parameters
    ----------
    stated
        The class that the study gives the question, where it gives one.
    """
    privacy = stated or question.privacy
    if privacy is Privacy.IDENTIFIER:
        return True
    return question.type.identifying and privacy is not Privacy.PLAIN


def mask(answer: str) -> str:
    """The stand-in for an answer: its length and nothing else."""
    return f"(text, {len(answer)} characters)" if answer else ""


def masked(
    table: pd.DataFrame,
    column: str,
    questionnaire: Questionnaire,
    classes: Mapping[str, Privacy] = NONE_STATED,
) -> pd.Series[Any]:
    """A column of answers with those masked that might name, locate or reach somebody.

    Parameters
    ----------
    table
        (n, k) with the column "question" and the column of answers, as text.
    classes
        Question -> class, where the study states one that the questionnaire does not.
    """
    answers = table[column].astype("str").fillna("")
    hidden = {
        key: is_masked(questionnaire.by_key[key].question, classes.get(key))
        if key in questionnaire.by_key
        else bool(key)
        for key in table["question"].unique()
    }
    by_class = table["question"].map(hidden).to_numpy(dtype=bool)
    read_by_machine = [
        key for key, item in questionnaire.by_key.items() if item.question.type.storage in NUMBERS
    ]
    scanned = ~table["question"].isin(read_by_machine).to_numpy(dtype=bool)
    by_content = scanned & (kinds_of_personal_data(answers) != "").to_numpy(dtype=bool)
    stand_in = answers.map({answer: mask(answer) for answer in answers.unique()})
    return answers.where(~(by_class | by_content), stand_in)


def is_mask(answer: str) -> bool:
    """Whether a text is a stand-in and no answer."""
    return MASK.fullmatch(answer) is not None
