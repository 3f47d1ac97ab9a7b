"""An export that says twice what was chosen, and not the same both times."""

from __future__ import annotations

import pandas as pd

from survey_kit.cleaning.check import COLUMNS, Check, Reach, Settings, as_findings
from survey_kit.responses.model import Responses


def _reach(responses: Responses, settings: Settings) -> Reach:
    del settings
    if responses.report.disagreements is None:
        return Reach(runs=False, note="the file has no columns of single choices")
    return Reach()


def _find(responses: Responses, settings: Settings) -> pd.DataFrame:
    del settings
    found = responses.report.disagreements
    if found is None or not len(found):
        return as_findings(())
    codes = {
        key: {c.code for c in responses.questionnaire.choices(item.question)}
        for key, item in responses.questionnaire.by_key.items()
        if key in set(found["question"])
    }
    chosen = [
        " ".join(code for code in str(children).split() if code in codes.get(str(key), ()))
        for key, children in zip(found["question"], found["children"].fillna(""), strict=True)
    ]
    return found.assign(
        answer=found["parent"].fillna(""),
        what="the joined codes and the columns of single choices differ; the joined ones were kept",
        suggestion=[f"The single choices say: {codes or 'none'}" for codes in chosen],
    ).reindex(columns=list(COLUMNS[1:]))


CHILDREN_DISAGREE = Check(
    name="children_disagree",
    title="Several choices said two ways",
    why=(
        "Where an export has one column of joined codes and one column for each choice, both "
        "say the same. They part when one is edited by hand and the other is not."
    ),
    find=_find,
    reach=_reach,
)
