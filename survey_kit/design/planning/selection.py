"""Selection: which units of a list are in the sample, by chance that can be repeated.

A selection is the drawn rows with their chances and weights, the design that says how their
variance is to be had, and the record that draws them again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

import pandas as pd

from survey_kit.design.design import Design
from survey_kit.design.planning import demands, listing
from survey_kit.design.planning.chance import Stream
from survey_kit.design.planning.drawing import (
    Drawn,
    design_of,
    draw,
    grouped,
    names_of_draws,
    part_of,
    strata_for_variance,
    together,
)
from survey_kit.design.planning.method import SelectionMethod
from survey_kit.design.planning.methods.simple import SIMPLE
from survey_kit.design.planning.record import Part, SamplingRecord, StageRecord
from survey_kit.errors import DesignError


@dataclass(frozen=True, eq=False)
class Selection:
    """The units that were drawn.

    frame
        Their rows of the list, and beside them, for each stage k, `chance_k`, the chance of
        inclusion (with replacement: the expected number of times); `certain_k`, whether the
        size reached the interval; `cluster_k`, the name of the draw; `stratum_1`, the stratum
        for the variance; and `weight`, 1 over the product of the chances.
    design
        What `Sample(selection.frame, selection.design)` needs.
    record
        What draws the same units again.
    """

    frame: pd.DataFrame
    design: Design
    record: SamplingRecord

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def sentence(self) -> str:
        """What the section on methods may say."""
        return self.record.sentence

    def _repr_html_(self) -> str:
        """The sentence over the first rows, for notebooks."""
        from html import escape

        return f"<p>{escape(self.sentence)}</p>{self.frame.head(SHOWN).to_html(index=False)}"


def select(
    frame: pd.DataFrame,
    n: int | Mapping[str, int],
    method: SelectionMethod = SIMPLE,
    *,
    seed: int,
    on: date,
    key: str,
    stratum: str | None = None,
    size: str | None = None,
    order: Sequence[str] = (),
) -> Selection:
    """Draw units from a list.

    Parameters
    ----------
    frame
        The list: a row for each unit.
    n
        How many; with strata a number for each, such as the counts of an `Allocation`.
    method
        SIMPLE, SYSTEMATIC, PPS_SYSTEMATIC, PPS_RANDOM_SYSTEMATIC, PPS_SAMPFORD, PPS_BREWER,
        WITH_REPLACEMENT, PPS_WITH_REPLACEMENT, or another of the folder.
    seed
        Any whole number of at least 0. Fix it before looking at a sample, and once.
    on
        The day, for the record.
    key
        Column in which every row has a name of its own.
    stratum, size
        Columns of strata and of the measure of size.
    order
        Columns to sort by before drawing; it matters for systematic methods.

    Raises
    ------
    DesignError
        If the list is empty, lacks a column or holds one that is to be added; a key is missing
        or stands twice; a stratum is missing; a size is not above 0; more units are to be
        drawn than there are; the method needs a size, or does not take one; the numbers name
        other strata than the list.
    """
    check_call(method, size, seed)
    columns = listing.of_interest(key, stratum, size, *order)
    listing.check_list(frame, columns, ["stratum_1", *listing.added(1)])
    listing.check_complete(frame, key)
    listing.check_unique(frame, key, [])
    if stratum is not None:
        listing.check_complete(frame, stratum)
    sizes = listing.sizes_of(frame, size)
    labels: list[str] = listing.written(frame[stratum]) if stratum else [""] * len(frame)
    places = grouped(labels, listing.sorted_rows(frame, order))
    counts = _counts(n, stratum, list(places))
    found: list[Drawn] = []
    parts: list[Part] = []
    for label, rows in places.items():
        where = f"stratum '{label}'" if stratum else "frame"
        stream = Stream(seed, "1", label)
        drawn = draw(rows, sizes[rows], counts[label], method, stream, where=where)
        found.append(drawn)
        parts.append(part_of(label, sizes[rows], counts[label], drawn))
    everything = together(found).in_order()
    keys = listing.written(frame[key].iloc[everything.rows])
    strata = [labels[int(row)] for row in everything.rows]
    chosen = frame.iloc[everything.rows].assign(
        stratum_1=strata_for_variance(strata, everything.certain),
        cluster_1=names_of_draws(keys),
        chance_1=everything.chances,
        certain_1=everything.certain,
        weight=1 / everything.chances,
    )
    stage = StageRecord(
        method=method.name,
        seed=seed,
        on=on.isoformat(),
        key=key,
        cluster=None,
        stratum=stratum,
        size=size,
        order=tuple(order),
        short="refuse",
        rows=len(frame),
        frame_hash=listing.fingerprint(frame, columns),
        drawn_hash=listing.fingerprint_of(keys),
        parts=tuple(parts),
    )
    return Selection(chosen, design_of([method], chosen), SamplingRecord((stage,)))


def check_call(method: SelectionMethod, size: str | None, seed: int) -> None:
    """Refuse a method without the size it needs, or with one it does not take."""
    demands.a_count("seed", seed, 0)
    if method.by_size and size is None:
        raise DesignError(
            f"method '{method.name}'",
            "it draws by size, and no column of sizes is named",
            "Name one with size=, or choose a method with equal chances",
        )
    if size is not None and not method.by_size:
        raise DesignError(
            f"method '{method.name}'",
            f"it draws with equal chances, and would not look at '{size}'",
            "Leave size out, or choose a method whose name begins with 'pps'",
        )


def _counts(
    n: int | Mapping[str, int], stratum: str | None, labels: Sequence[str]
) -> Mapping[str, int]:
    """Label -> how many to draw."""
    if stratum is None:
        if isinstance(n, Mapping):
            raise DesignError(
                "n",
                "it has a number for each stratum, and no column of strata is named",
                "Name it with stratum=, or give one number",
            )
        return dict.fromkeys(labels, n)
    if not isinstance(n, Mapping):
        raise DesignError(
            "n",
            f"it is one number, {n:,}, and there are {len(labels)} strata",
            "Give a number for each, such as allocate(...).counts",
        )
    for name in n:
        if name not in labels:
            close = get_close_matches(name, labels, n=1)
            hint = f"Did you mean '{close[0]}'?" if close else f"The frame has {len(labels)} strata"
            raise DesignError("n", f"the frame has no stratum called '{name}'", hint)
    for label in labels:
        if label not in n:
            raise DesignError(
                f"stratum '{label}'",
                "there is no number to be drawn from it",
                "Give one, or leave its rows out of the frame and say so",
            )
    return n


SHOWN = 10
"""How many rows a notebook shows."""
