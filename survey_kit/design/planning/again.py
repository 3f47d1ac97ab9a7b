"""Drawing again: a record and the lists give the very same sample, or say why not."""

from __future__ import annotations

from datetime import date
from typing import cast

import pandas as pd

from survey_kit.design.planning import listing
from survey_kit.design.planning.record import SamplingRecord, StageRecord, methods
from survey_kit.design.planning.selection import Selection, select
from survey_kit.design.planning.stages import Short, select_within
from survey_kit.errors import DesignError


def draw_again(record: SamplingRecord, *frames: pd.DataFrame) -> Selection:
    """Draw the sample of a record again.

    Parameters
    ----------
    record
        Of a selection; `read_record` reads it.
    frames
        The lists, first stage first.

    Raises
    ------
    DesignError
        If there is not one list for each stage, a list is not the one that was drawn from, or
        other units come out.
    """
    if len(frames) != len(record.stages):
        raise DesignError(
            "record",
            f"it has {len(record.stages)} stage(s), and {len(frames)} list(s) were given",
            "Give one list for each stage, first stage first",
        )
    found: Selection | None = None
    for number, (stage, frame) in enumerate(zip(record.stages, frames, strict=True), 1):
        _check_same_list(number, stage, frame)
        found = _stage(found, stage, frame)
        if found.record.stages[-1].drawn_hash != stage.drawn_hash:
            raise DesignError(
                f"record, stage {number}",
                "the same list and seed give other units than were recorded",
                f"The record was written by survey_kit {record.version}: draw with that version, "
                "or check whether the record was changed",
            )
    assert found is not None  # noqa: S101 - a record has a stage: read_record and select see to it
    return found


def _stage(before: Selection | None, stage: StageRecord, frame: pd.DataFrame) -> Selection:
    method, on = methods()[stage.method], date.fromisoformat(stage.on)
    if before is None:
        counts = {part.name: part.asked for part in stage.parts}
        return select(
            frame,
            counts if stage.stratum is not None else stage.parts[0].asked,
            method,
            seed=stage.seed,
            on=on,
            key=stage.key,
            stratum=stage.stratum,
            size=stage.size,
            order=stage.order,
        )
    return select_within(
        before,
        frame,
        stage.parts[0].asked,
        method,
        cluster=stage.cluster or "",
        seed=stage.seed,
        on=on,
        key=stage.key,
        size=stage.size,
        order=stage.order,
        short=cast("Short", stage.short),
    )


def _check_same_list(number: int, stage: StageRecord, frame: pd.DataFrame) -> None:
    first = stage.cluster if stage.cluster is not None else stage.key
    then = (stage.key, stage.size) if stage.cluster is not None else (stage.stratum, stage.size)
    columns = listing.of_interest(first, *then, *stage.order)
    listing.check_list(frame, columns, ())
    if len(frame) != stage.rows:
        what = f"it has {len(frame):,} rows, and the one that was drawn from had {stage.rows:,}"
    elif listing.fingerprint(frame, columns) != stage.frame_hash:
        what = f"the columns {', '.join(columns)} do not hold what they held, row by row"
    else:
        return
    raise DesignError(
        f"list of stage {number}", what, "Give the list as it was, in the same order of rows"
    )
