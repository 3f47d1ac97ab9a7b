"""Interviews made up by copying another one and changing a few answers."""

from __future__ import annotations

from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.simulation.planting import Order, PlantedFault, Planting

FEW = 4
"""How many answers differ, where the order names no questions."""
OWN = ("start", "end", "today", "deviceid", "username")
"""Types of questions in which a copy keeps its own answer."""


def _plant(planting: Planting, order: Order) -> None:
    questionnaire = planting.clean.questionnaire
    own = {item.key for item in questionnaire.items if item.question.type.name in OWN}
    if planting.fieldwork is not None:
        own |= {planting.fieldwork.enumerator or "", planting.fieldwork.place or ""}
    source, *_ = planting.picked(_one(order))
    every = [str(key) for key in planting.frame.columns if key not in own]
    asked = [key for key in every if planting.text(source, key)]
    for interview in planting.picked(order):
        before = {key: planting.cell(interview, key) for key in every}
        for key in every:
            planting.put(interview, key, planting.cell(source, key))
        planting.take_rows(source, interview)
        for key in order.questions or _some(planting, asked):
            planting.put(interview, key, before[key])
        planting.note("near copy", interview, "an interview of its own", source, "near_copy")


def _one(order: Order) -> Order:
    return Order(order.fault, number=1, when=order.when, where=order.where)


def _some(planting: Planting, asked: list[str]) -> list[str]:
    """A few questions of one answer that nothing in the form depends on being as it was."""
    by_key = planting.clean.questionnaire.by_key
    able = [key for key in asked if by_key[key].question.type.storage is Storage.INTEGER]
    chosen = planting.random.permutation(len(able))[:FEW]
    return [able[place] for place in sorted(chosen)]


NEAR_COPIES = PlantedFault(
    name="near_copies",
    summary="interviews that repeat another one, but for a few answers",
    plant=_plant,
    takes=("questions",),
)
