"""Interviews that were sent twice, the second time under another id, some minutes later."""

from __future__ import annotations

import uuid

import pandas as pd

from survey_kit.responses.simulation.planting import Order, PlantedFault, Planting


def _plant(planting: Planting, order: Order) -> None:
    for interview in planting.picked(order):
        again = str(uuid.UUID(bytes=planting.random.bytes(16), version=4))
        planting.add_interview(interview, again)
        later = pd.Timedelta(minutes=int(planting.random.integers(3, 40)))
        planting.sent_later(again, later)
        planting.note("duplicate", again, "", interview, "duplicate_interview")


DUPLICATES = PlantedFault(
    name="duplicates", summary="the same interview, sent again under another id", plant=_plant
)
