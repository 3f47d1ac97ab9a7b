"""Numbers with zeros too many, and what the form works out from them."""

from __future__ import annotations

from survey_kit.responses.simulation.planting import Order, PlantedFault, Planting

USUAL_TIMES = 100.0


def _plant(planting: Planting, order: Order) -> None:
    question = order.question or ""
    following = planting.follow(question)
    able = planting.frame[question] > 0
    for interview in planting.picked(order, able):
        value = planting.cell(interview, question) * (order.times or USUAL_TIMES)
        found_at = order.questions[0] if order.questions else question
        planting.plant("outlier", interview, question, value, check="outlier", found_at=found_at)
        planting.work_out(interview, following)


OUTLIERS = PlantedFault(
    name="outliers",
    summary="a number times 100, or `times`; `questions` names where it shows, if elsewhere",
    plant=_plant,
    needs=("question",),
    takes=("times", "questions"),
)
