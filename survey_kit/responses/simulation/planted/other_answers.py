"""Another answer than was given: a wrong currency, a stand-in such as 99, a code of no list."""

from __future__ import annotations

from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.simulation.planting import Order, PlantedFault, Planting


def _planter(kind: str, check: str) -> PlantedFault:
    def plant(planting: Planting, order: Order) -> None:
        question = order.question or ""
        following = planting.follow(question)
        answers = planting.frame[question]
        texts = order.given or _codes(planting, question)
        answered = answers.notna()
        for place, interview in enumerate(planting.picked(order, answered)):
            before = planting.text(interview, question)
            others = [text for text in texts if text != before] or list(texts)
            value = planting.read(question, others[place % len(others)])
            found_at = order.questions[0] if order.questions else question
            planting.plant(
                kind.replace("_", " "), interview, question, value, check=check, found_at=found_at
            )
            planting.work_out(interview, following)

    return PlantedFault(
        name=kind,
        summary=_SUMMARIES[kind],
        plant=plant,
        needs=("question",) if kind == "wrong_codes" else ("question", "values"),
        takes=("questions", "values"),
    )


def _codes(planting: Planting, question: str) -> tuple[str, ...]:
    found = planting.clean.questionnaire.by_key[question].question
    if found.type.storage is not Storage.CODE:
        return ("",)
    return tuple(choice.code for choice in planting.clean.questionnaire.choices(found))


_SUMMARIES = {
    "wrong_codes": "another code of the list, such as a wrong currency",
    "unlisted_codes": "a code that the list does not have",
    "stand_ins": "a number that stands for no answer, such as 99",
    "constraints_violated": "an answer that the constraint does not take",
    "telephone_numbers": "a text with a telephone number, given in values",
    "listed_others": "a text beside 'other' that names a choice of the list",
}

WRONG_CODES = _planter("wrong_codes", "outlier")
UNLISTED_CODES = _planter("unlisted_codes", "not_in_list")
STAND_INS = _planter("stand_ins", "stand_in")
CONSTRAINTS_VIOLATED = _planter("constraints_violated", "constraint_violated")
TELEPHONE_NUMBERS = _planter("telephone_numbers", "free_text_personal")
LISTED_OTHERS = _planter("listed_others", "other_specify")
