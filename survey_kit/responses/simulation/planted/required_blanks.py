"""Required questions that were asked and hold nothing: an interview broken off and resumed."""

from __future__ import annotations

from survey_kit.responses.simulation.planting import Order, PlantedFault, Planting


def _plant(planting: Planting, order: Order) -> None:
    question = order.question or ""
    answered = planting.frame[question].notna()
    for interview in planting.picked(order, answered):
        planting.plant("required and blank", interview, question, None, check="required_blank")


REQUIRED_BLANKS = PlantedFault(
    name="required_blanks",
    summary="no answer where one is required",
    plant=_plant,
    needs=("question",),
)
