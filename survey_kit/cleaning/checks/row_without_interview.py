"""Rows of a repeat whose interview is not there: an export cut in two, or rows pasted by hand."""

from __future__ import annotations

import pandas as pd

from survey_kit.cleaning.check import COLUMNS, Check, Reach, Settings, as_findings
from survey_kit.responses.model import Responses


def _reach(responses: Responses, settings: Settings) -> Reach:
    del settings
    if responses.report.orphans is None:
        return Reach(runs=False, note="the file has no rows of repeats in tables of their own")
    return Reach()


def _find(responses: Responses, settings: Settings) -> pd.DataFrame:
    del settings
    found = responses.report.orphans
    if found is None or not len(found):
        return as_findings(())
    return found.assign(
        interview="",
        what=[
            f"row {row} of the repeat '{repeat}' belongs to no interview of the file "
            f"({parent or 'it names none'}); it was kept aside"
            for repeat, parent, row in zip(
                found["repeat"], found["parent"], found["row"], strict=True
            )
        ],
        row="",
        suggestion="Export the interviews and their repeats at one time, or mend what the row says",
    ).reindex(columns=list(COLUMNS[1:]))


ROW_WITHOUT_INTERVIEW = Check(
    name="row_without_interview",
    title="Rows of no interview",
    why=(
        "Each row of a repeat says which interview it belongs to. One that names an interview which "
        "is not in the file, or two different ones, was deleted on one side only, exported at "
        "another time, or pasted."
    ),
    find=_find,
    reach=_reach,
)
