"""Translations kept apart from the questions: put in their places, each with its status.

A reader hands over what it found as `RawTranslation`s: a language file brings texts with
their status, a workbook or an inline definition brings the status of texts that stand
beside their questions. Here they meet the questionnaire, and what does not fit is a fault.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from survey_kit.questionnaire.spoken import in_languages, spoken
from survey_kit.questionnaire.translation import Status, Translation
from survey_kit.questionnaire.words import REFERENCE, listed, meant

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from survey_kit.questionnaire.faults import Faults
    from survey_kit.questionnaire.model import Questionnaire, Texts
    from survey_kit.questionnaire.raw import RawTranslation

_STATUSES = {status.value: status for status in Status}


def with_translations(
    questionnaire: Questionnaire, raws: Iterable[RawTranslation], faults: Faults
) -> Questionnaire:
    """The questionnaire with every translation in its place; what fits nowhere is noted."""
    raws = tuple(raws)
    if not raws:
        return questionnaire
    present = {each.place: each.texts for each in spoken(questionnaire)}
    texts: dict[str, dict[str, str]] = {}
    statuses: dict[str, dict[str, Translation]] = {}
    for raw in raws:
        if not _fits(raw, questionnaire, present, faults):
            continue
        default = present[raw.spot].get(questionnaire.language, "")
        if raw.text:
            texts.setdefault(raw.language, {})[raw.spot] = raw.text
        if raw.text or present[raw.spot].get(raw.language):
            status = _status(raw, default, faults)
            if status is not None:
                statuses.setdefault(raw.language, {})[raw.spot] = status
    return replace(
        in_languages(questionnaire, texts) if texts else questionnaire,
        translations=ordered(questionnaire, statuses),
    )


def ordered(
    questionnaire: Questionnaire, statuses: Mapping[str, Mapping[str, Translation]]
) -> Mapping[str, Mapping[str, Translation]]:
    """Statuses in the order of languages and of the interview, without empty languages."""
    places = [each.place for each in spoken(questionnaire)]
    found = {
        code: MappingProxyType(
            {place: statuses[code][place] for place in places if place in statuses[code]}
        )
        for code in questionnaire.languages
        if statuses.get(code)
    }
    return MappingProxyType({code: each for code, each in found.items() if each})


def _fits(
    raw: RawTranslation,
    questionnaire: Questionnaire,
    present: Mapping[str, Texts],
    faults: Faults,
) -> bool:
    thing = f"language '{raw.language}', {raw.spot}"
    if raw.language not in questionnaire.languages:
        faults.add(
            raw.place,
            f"language '{raw.language}'",
            "the language is not declared",
            meant(raw.language, questionnaire.languages, otherwise="Add it under languages"),
        )
        return False
    if raw.language == questionnaire.language:
        faults.add(
            raw.place,
            f"language '{raw.language}'",
            "this is the language that the others are translated from",
            "Write its texts beside the questions",
        )
        return False
    if raw.spot not in present:
        faults.add(
            raw.place,
            f"language '{raw.language}'",
            f"the questionnaire has no text at '{raw.spot}'",
            meant(
                raw.spot,
                present,
                otherwise="Run survey-kit translate with --refresh, which sets such texts aside",
            ),
        )
        return False
    beside = present[raw.spot].get(raw.language)
    if raw.text and beside and beside != raw.text:
        faults.add(
            raw.place,
            thing,
            "another translation stands beside the question",
            "Keep one of the two",
        )
        return False
    return _leads_somewhere(raw, present[raw.spot], questionnaire, faults)


def _leads_somewhere(
    raw: RawTranslation, texts: Texts, questionnaire: Questionnaire, faults: Faults
) -> bool:
    """Whether each ``${name}`` of a translation names a question."""
    if "${" not in raw.text:
        return True
    known = {item.question.name for item in questionnaire.items}
    unknown = [name for name in dict.fromkeys(REFERENCE.findall(raw.text)) if name not in known]
    original = REFERENCE.findall(texts.get(questionnaire.language, ""))
    for name in unknown:
        there = f"Keep ${{...}} as it is; there is {listed(original)}" if original else "Remove it"
        faults.add(
            raw.place,
            f"language '{raw.language}', {raw.spot}",
            f"there is no question called '{name}'",
            meant(name, original, otherwise=there),
        )
    return not unknown


def _status(raw: RawTranslation, default: str, faults: Faults) -> Translation | None:
    if raw.status and raw.status not in _STATUSES:
        faults.add(
            raw.place,
            f"language '{raw.language}', {raw.spot}",
            f"the status is '{raw.status}'",
            meant(raw.status, _STATUSES, otherwise=f"Write {', '.join(_STATUSES)} or nothing"),
        )
        return None
    if raw.source and raw.source != default:
        return Translation(Status.STALE, raw.source, raw.by, raw.on, raw.comment)
    if not (raw.status or raw.by or raw.on or raw.comment):
        return None
    status = _STATUSES.get(raw.status) or (Status.REVIEWED if raw.by else Status.DRAFT)
    return Translation(status, "", raw.by, raw.on, raw.comment)
