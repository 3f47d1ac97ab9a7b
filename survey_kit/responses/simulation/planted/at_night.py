"""A phone whose clock was wrong, or an interview that nobody held."""

from __future__ import annotations

import pandas as pd

from survey_kit.errors import StudyError
from survey_kit.responses.simulation.planting import Order, PlantedFault, Planting

HOURS = (0, 4)


def _plant(planting: Planting, order: Order) -> None:
    start, end = planting.first_of_type("start"), planting.first_of_type("end")
    if start is None:
        raise StudyError(
            f"{order.where}, at_night",
            "the form does not note when an interview starts",
            "Add a question of the type start, or take this order out",
        )
    for interview in planting.picked(order):
        begun = planting.cell(interview, start)
        minutes = int(planting.random.integers(HOURS[0] * 60, HOURS[1] * 60))
        moved = begun.normalize() + pd.Timedelta(minutes=minutes)
        planting.plant("at night", interview, start, moved, check="night")
        if end is not None:
            ended = planting.cell(interview, end) - begun + moved
            planting.plant("at night", interview, end, ended, check="night", found_at=start)


AT_NIGHT = PlantedFault(
    name="at_night", summary="interviews between midnight and four in the morning", plant=_plant
)
