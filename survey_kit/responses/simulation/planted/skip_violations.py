"""Answers to questions that the form of today does not ask these people."""

from __future__ import annotations

from survey_kit.responses.model import Absence
from survey_kit.responses.simulation.planting import Order, PlantedFault, Planting


def _plant(planting: Planting, order: Order) -> None:
    question = order.question or ""
    skipped = planting.clean.absence[question] == Absence.NOT_ASKED
    texts = order.given or _usual(planting, question)
    for place, interview in enumerate(planting.picked(order, skipped)):
        value = planting.read(question, texts[place % len(texts)])
        planting.plant("skip violated", interview, question, value, check="skip_violated")


def _usual(planting: Planting, question: str) -> tuple[str, ...]:
    """Answers that others gave."""
    given = planting.clean.frame[question].dropna().index[:5]
    return tuple(planting.text(str(each), question) for each in given) or ("1",)


SKIP_VIOLATIONS = PlantedFault(
    name="skip_violations",
    summary="answers where the question was not asked",
    plant=_plant,
    needs=("question",),
    takes=("values",),
)
