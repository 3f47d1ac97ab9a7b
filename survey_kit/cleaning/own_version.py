"""A check that replays a form, run on interviews of several versions: each by its own form.

What it finds is told in the words of the form that the interview was made with, and named as
the pool names it, so that a correction finds the cell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps

import pandas as pd

from survey_kit.cleaning.check import Settings, together
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.editions import each_version, new_keys
from survey_kit.responses.model import Edition, Responses

Find = Callable[[Responses, Settings], pd.DataFrame]


def by_own_version(find: Find) -> Find:
    """Run a check version by version."""

    @wraps(find)
    def found(responses: Responses, settings: Settings) -> pd.DataFrame:
        if not responses.editions:
            return find(responses, settings)
        tables = [
            _as_pooled(find(own.responses, settings), own.edition)
            for own in each_version(responses)
            if len(own.responses)
        ]
        return together(tables)

    return found


def _as_pooled(findings: pd.DataFrame, edition: Edition | None) -> pd.DataFrame:
    """Findings under the names and codes of the pool; those of what is not pooled fall away."""
    if edition is None or findings.empty:
        return findings
    names = new_keys(edition)
    kept = findings[findings["question"].isin(list(names))]
    answers = [
        _answer(answer, question, edition.codes.get(names[question], {}), edition)
        for question, answer in zip(kept["question"], kept["answer"], strict=True)
    ]
    renamed = kept["question"].replace(dict(names))
    return kept.assign(question=renamed, answer=pd.Series(answers, index=kept.index, dtype="str"))


def _answer(answer: str, question: str, codes: Mapping[str, str], edition: Edition) -> str:
    if not codes:
        return answer
    several = edition.questionnaire.by_key[question].question.type.storage is Storage.CODES
    parts = answer.split() if several else [answer]
    return " ".join(dict.fromkeys(codes.get(part, part) for part in parts))
