"""What of the form cannot be replayed on the answers, and what no form for ODK could be made of.

A form of another team is read as far as it is understood. Each part that is not is a row here, so
that nobody takes silence for an answer: who was asked, and what was refused, is then not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from survey_kit.cleaning.check import Check, Finding, Settings, as_findings
from survey_kit.cleaning.replayed import faults_of_replay, replay_reach
from survey_kit.errors import Fault
from survey_kit.responses.model import Responses

_QUESTION = re.compile(r"question '([^']*)'")
_PART = re.compile(r", (relevant|constraint|required) '")
_EFFECT = {
    "relevant": "where it is empty it is not known whether it was asked, for its relevant cannot be replayed",
    "constraint": "its constraint is not checked, for it cannot be replayed",
    "required": "whether it had to be answered is not checked, for that cannot be replayed",
    "group": (
        "where nothing in the group is answered it is not known whether it was asked, for its "
        "relevant cannot be replayed"
    ),
}
NAMED = 5
"""How many questions are named that one reason keeps from being replayed."""


def _find(responses: Responses, settings: Settings) -> pd.DataFrame:
    del settings
    form = responses.questionnaire
    return as_findings(
        [
            *_of_replay(faults_of_replay(responses)),
            *(_of_form(fault, "this is not understood") for fault in form.not_understood),
            *(_of_form(fault, "this is not for ODK") for fault in form.only_elsewhere),
        ]
    )


def _of_replay(faults: tuple[Fault, ...]) -> Iterator[Finding]:
    """A row for each reason, and the questions and groups that it keeps from being replayed."""
    alike: dict[tuple[str, str, str], list[str]] = {}
    for fault in faults:
        part = _PART.search(fault.where)
        effect = part[1] if part and _QUESTION.match(fault.where) else "group"
        name = fault.where.partition(",")[0]
        alike.setdefault((effect, fault.what, fault.remedy), []).append(name)
    for (effect, what, remedy), names in alike.items():
        question = _QUESTION.match(names[0])
        few = ", ".join(names[:NAMED])
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        key = question[1] if question and len(names) == 1 else ""
        yield Finding("", key, "", f"{few}{more}: {_EFFECT[effect]}: {what}", remedy)


def _of_form(fault: Fault, how: str) -> Finding:
    question = _QUESTION.search(fault.where)
    return Finding(
        "",
        question[1] if question else "",
        "",
        f"{fault.where}: {how}, and no form for phones can be made of it: {fault.what}",
        fault.remedy,
    )


FORM_NOT_REPLAYED = Check(
    name="form_not_replayed",
    title="A part of the form that is not replayed",
    why=(
        "Everything that the form decides can be worked out again from the answers. What cannot "
        "(a function that is measured on the phone, a file that is not beside the form, a name that "
        "leads nowhere) is named here: what rests on it is not checked, and an empty answer that "
        "it decides on is not known why."
    ),
    find=_find,
    reach=replay_reach,
)
