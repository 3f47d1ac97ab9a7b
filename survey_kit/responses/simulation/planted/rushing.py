"""An enumerator whose interviews are far too short."""

from __future__ import annotations

import pandas as pd

from survey_kit.errors import StudyError
from survey_kit.responses.simulation.planting import Order, PlantedFault, Planting

USUAL_MINUTES = 9.0


def _plant(planting: Planting, order: Order) -> None:
    start, end = planting.first_of_type("start"), planting.first_of_type("end")
    if start is None or end is None:
        raise StudyError(
            f"{order.where}, rushing",
            "the form notes neither when an interview starts nor when it ends",
            "Add questions of the types start and end, or take this order out",
        )
    able = None
    if order.question is not None and order.given:
        able = planting.frame[order.question].isin(order.given)
    for interview in planting.picked(order, able):
        minutes = (order.minutes or USUAL_MINUTES) * planting.random.uniform(0.8, 1.2)
        taken = pd.Timedelta(seconds=int(minutes * 60))
        planting.plant(
            "too short",
            interview,
            end,
            planting.cell(interview, start) + taken,
            check="duration",
        )


RUSHING = PlantedFault(
    name="rushing",
    summary="interviews that took a few minutes; question and values name the enumerator",
    plant=_plant,
    takes=("question", "values", "minutes"),
)
