"""The lists of choices: no code twice, no list empty, every word known."""

from __future__ import annotations

from collections import Counter
from types import MappingProxyType
from typing import TYPE_CHECKING

from survey_kit.questionnaire.model import Choice, ChoiceList, Missing
from survey_kit.questionnaire.words import meant

if TYPE_CHECKING:
    from survey_kit.questionnaire.faults import Faults
    from survey_kit.questionnaire.raw import RawChoice, RawList, RawQuestionnaire
    from survey_kit.questionnaire.texts import TextBuilder

_MISSING = {missing.value: missing for missing in Missing}


def build_lists(raw: RawQuestionnaire, texts: TextBuilder, faults: Faults) -> dict[str, ChoiceList]:
    """The lists by name. A list with faults is there all the same, so that no others follow."""
    twice_is_fine = raw.settings.get("allow_choice_duplicates", "").casefold() in ("yes", "true")
    built: dict[str, ChoiceList] = {}
    for each in raw.lists:
        if not each.choices:
            faults.doubt(each.place, f"list '{each.name}'", "it holds no choice", "Add its choices")
        if not twice_is_fine:
            _check_codes(each, faults)
        built[each.name] = ChoiceList(
            each.name, tuple(_choice(choice, each.name, texts, faults) for choice in each.choices)
        )
    return built


def _check_codes(each: RawList, faults: Faults) -> None:
    counts = Counter(choice.code for choice in each.choices)
    seen: set[str] = set()
    for choice in each.choices:
        if counts[choice.code] > 1 and choice.code in seen:
            faults.doubt(
                choice.place,
                f"list '{each.name}'",
                f"the code '{choice.code}' stands in it more than once",
                "Give every choice its own code, or set allow_choice_duplicates to yes "
                "where choice filters keep them apart",
            )
        if choice.code:
            seen.add(choice.code)


def _choice(choice: RawChoice, list_name: str, texts: TextBuilder, faults: Faults) -> Choice:
    thing = f"list '{list_name}', choice '{choice.code}'"
    if not choice.code:
        faults.doubt(choice.place, f"list '{list_name}'", "a choice has no code", "Give it a code")
    if choice.missing and choice.missing not in _MISSING:
        faults.doubt(
            choice.place,
            thing,
            f"missing is '{choice.missing}'",
            meant(choice.missing, _MISSING, otherwise=f"Write {' or '.join(_MISSING)}"),
        )
    columns = {key: text for key, text in choice.columns.items() if text}
    if choice.missing and choice.missing not in _MISSING:
        columns["missing"] = choice.missing
    return Choice(
        code=choice.code,
        label=texts.build(choice.label, choice.place, thing),
        missing=_MISSING.get(choice.missing),
        media=texts.media(choice.media, choice.place, thing),
        columns=MappingProxyType(columns),
        source=choice.place,
    )
