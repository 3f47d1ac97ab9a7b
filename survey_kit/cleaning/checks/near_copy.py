"""Two interviews of one enumerator that are alike in almost every answer."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
import pandas as pd

from survey_kit.cleaning.check import Check, Reach, Settings, as_findings, number, text, texts
from survey_kit.cleaning.interview_parts import enumerator_column, enumerators
from survey_kit.cleaning.near_pairs import near_pairs
from survey_kit.responses.model import Responses


def _reach(responses: Responses, settings: Settings) -> Reach:
    column = _enumerator(responses, settings)
    if column is None:
        return Reach(
            runs=False,
            note="no question holds the enumerator's code; name it in the setting enumerator",
        )
    return Reach(note=f"enumerators by {column}")


def _enumerator(responses: Responses, settings: Settings) -> str | None:
    where = "checks: near_copy: enumerator"
    return enumerator_column(responses, text(settings, "enumerator"), where)


def _find(responses: Responses, settings: Settings) -> pd.DataFrame:
    column = _enumerator(responses, settings)
    if column is None or not len(responses):
        return as_findings(())
    who = pd.factorize(enumerators(responses, column))[0].astype(np.int64)
    found = near_pairs(
        responses,
        who,
        share=number(settings, "share"),
        least=int(number(settings, "least")),
        chance=number(settings, "chance"),
        ignore=(*texts(settings, "ignore"), column),
    )
    return found.findings(responses, "as in another interview of the same enumerator")


NEAR_COPY = Check(
    name="near_copy",
    title="Almost the same as another interview",
    why=(
        "Two interviews of one enumerator agree in at least the share `share` of the questions "
        "answered in both, of which there are at least `least`, and are more alike than pairs "
        "picked at random from the interviews of one enumerator: so much that of all pairs of a "
        "survey one would be found with a chance of `chance`. Questions in `ignore` do not count. "
        "Identical ones are left to duplicate_interview. 85 % is the threshold of Kuriakose and "
        "Robbins (Statistical Journal of the IAOS 32, 2016); it is contested, since interviews "
        "are alike for good reasons too where questions have few answers or a community much in "
        "common, so a finding is a reason to look and nothing more."
    ),
    find=_find,
    reach=_reach,
    settings=MappingProxyType(
        {"share": 0.85, "least": 20, "chance": 0.05, "enumerator": "", "ignore": ()}
    ),
)
