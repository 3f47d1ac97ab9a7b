"""Two interviews that are almost the same, whoever held them."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
import pandas as pd

from survey_kit.cleaning.check import Check, Reach, Settings, as_findings, number, text, texts
from survey_kit.cleaning.interview_parts import enumerator_column, enumerators
from survey_kit.cleaning.near_pairs import near_pairs
from survey_kit.responses.model import Responses


def _reach(responses: Responses, settings: Settings) -> Reach:
    if _enumerator(responses, settings) is None:
        return Reach(note="no question holds the enumerator's code, so all pairs were compared")
    return Reach()


def _enumerator(responses: Responses, settings: Settings) -> str | None:
    where = "checks: soft_duplicate: enumerator"
    return enumerator_column(responses, text(settings, "enumerator"), where)


def _find(responses: Responses, settings: Settings) -> pd.DataFrame:
    if not len(responses):
        return as_findings(())
    column = _enumerator(responses, settings)
    found = near_pairs(
        responses,
        np.zeros(len(responses), dtype=np.int64),
        share=number(settings, "share"),
        least=int(number(settings, "least")),
        chance=number(settings, "chance"),
        ignore=(*texts(settings, "ignore"), *([column] if column else [])),
    )
    if column is None:
        return found.findings(responses, "as in another interview")
    who = pd.factorize(enumerators(responses, column))[0]
    one, other = who[found.pairs.first], who[found.pairs.second]
    across = found.only((one != other) | (one < 0))
    return across.findings(responses, "as in an interview of another enumerator")


SOFT_DUPLICATE = Check(
    name="soft_duplicate",
    title="Almost the same as another enumerator's interview",
    why=(
        "No two interviews of different enumerators agree in the share `share` or more of at least "
        "`least` questions answered in both, and are more alike than pairs picked at random: so "
        "much that of all pairs of a survey one would be found with a chance of `chance`. How "
        "often two people agree is counted for each question, so a skipped module makes nobody "
        "alike, nor does a form to which everybody says the same. Questions in `ignore` do not "
        "count; pairs of one enumerator are left to near_copy. The same person may have been met "
        "twice, or two households may live alike."
    ),
    find=_find,
    reach=_reach,
    settings=MappingProxyType(
        {"share": 0.85, "least": 20, "chance": 0.05, "enumerator": "", "ignore": ()}
    ),
)
