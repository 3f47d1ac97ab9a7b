"""People, or enumerators, who give the same answer all the way down a list of questions."""

from __future__ import annotations

from collections import defaultdict

from survey_kit.errors import StudyError
from survey_kit.responses.simulation.planting import Order, PlantedFault, Planting

FEWEST = 3
"""Questions with one list of choices that make a battery."""


def _plant(planting: Planting, order: Order) -> None:
    battery = order.questions or _largest_battery(planting)
    if len(battery) < FEWEST:
        raise StudyError(
            f"{order.where}, straight_lining",
            f"no {FEWEST} questions of the form share a list of choices",
            "Name them under questions, or take this order out",
        )
    by_key = planting.clean.questionnaire.by_key
    offered = [
        {choice.code for choice in planting.clean.questionnaire.choices(by_key[key].question)}
        for key in battery
    ]
    codes = [*order.given] or sorted(offered[0].intersection(*offered[1:]))
    answered = planting.frame[list(battery)].notna().sum(axis=1) >= FEWEST
    for place, interview in enumerate(planting.picked(order, answered)):
        code = codes[place % len(codes)]
        for key in battery:
            if planting.text(interview, key) not in ("", code):
                planting.plant("straight-lining", interview, key, code, check="")


def _largest_battery(planting: Planting) -> tuple[str, ...]:
    found: dict[str, list[str]] = defaultdict(list)
    for item in planting.clean.questionnaire.items:
        question = item.question
        plain = question.choice_filter is None and not item.repeats
        if question.type.name == "select_one" and question.choices and plain:
            found[question.choices].append(item.key)
    return tuple(max(found.values(), key=len, default=list[str]()))


STRAIGHT_LINING = PlantedFault(
    name="straight_lining",
    summary="the same code for every question of a battery",
    plant=_plant,
    takes=("questions", "values"),
)
