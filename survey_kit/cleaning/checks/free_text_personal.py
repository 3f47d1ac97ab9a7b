"""A free text in which somebody could be reached, located or named."""

from __future__ import annotations

from types import MappingProxyType

import pandas as pd

from survey_kit.cleaning.cells import Cells, every_question
from survey_kit.cleaning.check import Check, Reach, Settings, number, together
from survey_kit.cleaning.masking import mask
from survey_kit.cleaning.personal_data import kinds_of_personal_data
from survey_kit.questionnaire.model import Item
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.model import Responses


def _free_text(item: Item) -> bool:
    kind = item.question.type
    return kind.asked and kind.storage is Storage.TEXT


def _reach(responses: Responses, settings: Settings) -> Reach:
    del settings
    looked_at = sum(1 for _ in every_question(responses, _free_text))
    if not looked_at:
        return Reach(runs=False, note="the form has no question that is answered in free text")
    return Reach(note=f"{looked_at} questions answered in free text")


def _find(responses: Responses, settings: Settings) -> pd.DataFrame:
    digits = int(number(settings, "digits"))
    return together(_personal(cells, digits) for cells in every_question(responses, _free_text))


def _personal(cells: Cells, digits: int) -> pd.DataFrame:
    kinds = kinds_of_personal_data(cells.answers, digits)
    mark = (kinds != "").to_numpy()
    found = cells.marked(
        mark,
        [f"the text seems to hold {kind}" for kind in kinds[mark]],
        "Blank it, or write the text again without it",
    )
    return found.assign(answer=[mask(answer) for answer in found["answer"]])


FREE_TEXT_PERSONAL = Check(
    name="free_text_personal",
    title="Personal data in a free text",
    why=(
        "A free text holds no e-mail or web address, coordinates, document number, or run of "
        "`digits` or more digits (in any script's digits; amounts such as 5,000,000 are left "
        "out). Whoever reads the file could reach the person. The text itself is never shown "
        "in the findings. Names are not looked for: no list of names is fair to all."
    ),
    find=_find,
    reach=_reach,
    settings=MappingProxyType({"digits": 7}),
)
