"""An interview that went on though the person did not agree, or was too young."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.cleaning.check import Check, Reach, Settings, number, text, texts, together
from survey_kit.cleaning.consent import consent_question
from survey_kit.cleaning.interview_parts import known_column
from survey_kit.cleaning.whole_interview import WholeInterview
from survey_kit.questionnaire.model import Item
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.model import Absence, Responses

AGES = ("age", "age_respondent", "respondent_age", "resp_age", "age_resp", "age_respondent_r")


def _consent(responses: Responses, settings: Settings) -> str | None:
    named = text(settings, "consent")
    if named:
        return known_column(responses, named, "checks: not_eligible: consent")
    return consent_question(responses, {code.casefold() for code in texts(settings, "agreed")})


def _age(responses: Responses, settings: Settings) -> str | None:
    named = text(settings, "age")
    if named:
        return known_column(responses, named, "checks: not_eligible: age")
    by_key = responses.questionnaire.by_key
    found = (key for key in AGES if key in by_key and key in responses.frame.columns)
    return next((key for key in found if _is_number(by_key[key])), None)


def _is_number(item: Item) -> bool:
    kind = item.question.type
    return kind.asked and kind.storage in (Storage.INTEGER, Storage.DECIMAL)


def _reach(responses: Responses, settings: Settings) -> Reach:
    consent, age = _consent(responses, settings), _age(responses, settings)
    if consent is None and age is None:
        return Reach(
            runs=False,
            note="no question asks for consent or age; name them in the settings consent and age",
        )
    sides = ((consent, "consent"), (age, "age"))
    return Reach(
        note="; ".join(
            f"{kind} by {key}" if key else f"no question was taken for {kind}"
            for key, kind in sides
        )
    )


def _find(responses: Responses, settings: Settings) -> pd.DataFrame:
    least = number(settings, "answers")
    tables: list[pd.DataFrame] = []
    consent = _consent(responses, settings)
    if consent is not None:
        agreed = {code.casefold() for code in texts(settings, "agreed")}
        answers = responses.frame[consent].str.casefold()
        later = _later(responses, consent)
        went_on = (later >= least) & ~answers.isin(agreed).to_numpy() & _known(responses, consent)
        tables.append(
            _told(
                responses,
                consent,
                went_on,
                later,
                "without the answer that agrees to take part",
                suggestion="Settle it at once: answers without consent are removed",
            )
        )
    age = _age(responses, settings)
    if age is not None:
        youngest = number(settings, "youngest")
        later = _later(responses, age)
        young = (responses.frame[age] < youngest).to_numpy(dtype=np.bool_) & (later >= least)
        tables.append(
            _told(
                responses,
                age,
                young,
                later,
                f"with an age below {youngest:g}",
                suggestion="Ask the age again; answers of somebody too young are removed",
            )
        )
    return together(tables)


def _known(responses: Responses, key: str) -> NDArray[np.bool_]:
    """(n,) bool. Where the question was asked, and what stands in it can be read."""
    unknown = (
        Absence.NOT_ASKED,
        Absence.NOT_IN_VERSION,
        Absence.UNREADABLE,
        Absence.NOT_KNOWN,
    )
    return ~responses.absence[key].isin(unknown).to_numpy(dtype=np.bool_)


def _later(responses: Responses, key: str) -> NDArray[np.int64]:
    """(n,) how many questions after this one have an answer, repeats left out."""
    items = [item for item in responses.questionnaire.items if item.key in responses.frame.columns]
    places = [item.key for item in items]
    after = [item.key for item in items[places.index(key) + 1 :] if item.question.type.asked]
    return (responses.absence[after] == Absence.PRESENT).sum(axis=1).to_numpy(dtype=np.int64)


def _told(
    responses: Responses,
    key: str,
    mark: NDArray[np.bool_],
    later: NDArray[np.int64],
    how: str,
    *,
    suggestion: str,
) -> pd.DataFrame:
    return WholeInterview(responses, key).marked(
        mark,
        [f"the interview goes on {how}: {count} answers follow" for count in later[mark]],
        suggestion,
    )


NOT_ELIGIBLE = Check(
    name="not_eligible",
    title="Went on without consent, or with somebody too young",
    why=(
        "Where the question `consent` (otherwise the first of that name that almost everybody was "
        "asked) has no code of `agreed`, or `age` is below `youngest`, fewer than `answers` answers follow: the interview ended there. 18 is "
        "the age of the Mixed Migration Centre's surveys."
    ),
    find=_find,
    reach=_reach,
    settings=MappingProxyType(
        {
            "consent": "",
            "agreed": (
                *("yes", "y", "1", "true", "ok", "oui", "o", "si", "sí", "sim", "agree", "agreed"),
                *("consent", "consent_yes", "yes_consent", "accept", "accepted", "given"),
            ),
            "age": "",
            "youngest": 18,
            "answers": 5,
        }
    ),
)
