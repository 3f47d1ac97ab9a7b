"""Interviews held with an older version of the form, which lacked some questions."""

from __future__ import annotations

from survey_kit.responses.simulation.planting import Order, PlantedFault, Planting


def _plant(planting: Planting, order: Order) -> None:
    version = order.given[0]
    for interview in planting.picked(order):
        planting.held_with(interview, version)
        planting.note("older version", interview, planting.clean.questionnaire.version, version, "")
        for question in order.questions:
            planting.lacks(interview, question)


OLDER_VERSIONS = PlantedFault(
    name="older_versions",
    summary="interviews of the version in values, which lacked the questions named",
    plant=_plant,
    needs=("values",),
    takes=("questions",),
)
