"""Something in the file that is not what its question takes: a word where a number belongs."""

from __future__ import annotations

import pandas as pd

from survey_kit.cleaning.check import COLUMNS, Check, Settings, as_findings
from survey_kit.responses.model import Responses


def _find(responses: Responses, settings: Settings) -> pd.DataFrame:
    del settings
    found = responses.unreadable
    if not len(found):
        return as_findings(())
    by_key = responses.questionnaire.by_key
    takes = {
        key: by_key[key].question.type.storage.value if key in by_key else "something else"
        for key in found["question"].unique()
    }
    return found.assign(
        what=[f"this cannot be read: the question takes {takes[key]}" for key in found["question"]],
        suggestion="Write it as the question takes it, or blank it",
    ).reindex(columns=list(COLUMNS[1:]))


UNREADABLE = Check(
    name="unreadable",
    title="Cannot be read",
    why=(
        "Every answer can be read as its question's type. What cannot is kept here, word for "
        "word as it stood in the file, and counts as no answer until it is corrected."
    ),
    find=_find,
)
