"""A next stage: units drawn within the clusters that were drawn before.

Lists of households or pupils are made where clusters were drawn, after they were. So a stage
takes the selection of clusters and the lists made there, and returns a selection, whose chances
are the product over the stages.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal, TypeAlias

import numpy as np
import pandas as pd

from survey_kit.design.planning import listing
from survey_kit.design.planning.chance import Stream
from survey_kit.design.planning.drawing import (
    Drawn,
    Integers,
    design_of,
    draw,
    grouped,
    names_of_draws,
    part_of,
    together,
)
from survey_kit.design.planning.method import SelectionMethod
from survey_kit.design.planning.methods.simple import SIMPLE
from survey_kit.design.planning.record import Part, SamplingRecord, StageRecord, methods
from survey_kit.design.planning.selection import Selection, check_call
from survey_kit.errors import DesignError

Short: TypeAlias = Literal["refuse", "take all"]


def select_within(
    before: Selection,
    units: pd.DataFrame,
    n: int,
    method: SelectionMethod = SIMPLE,
    *,
    cluster: str,
    seed: int,
    on: date,
    key: str,
    size: str | None = None,
    order: Sequence[str] = (),
    short: Short = "refuse",
) -> Selection:
    """Draw n units within each of the units that were drawn before.

    A cluster that was drawn twice is drawn from twice, each time anew. Rows of the list that
    are of other clusters are passed over.

    Parameters
    ----------
    before
        The selection of clusters.
    units
        A list of the units in them, a row each.
    n
        How many in each.
    cluster
        Column of the list that holds the key of the cluster.
    key
        Column in which every row of a cluster has a name of its own.
    short
        Whether to refuse a cluster with fewer than n units, or to take all of them.
    method, seed, on, size, order
        As for `select`.

    Raises
    ------
    DesignError
        As `select`; also if nothing is listed for a drawn cluster, or two clusters have the
        same key.
    """
    check_call(method, size, seed)
    number = len(before.record.stages) + 1
    columns = listing.of_interest(cluster, key, size, *order)
    kept = [name for name in ADDED if name in before.frame.columns]
    kept += [name for stage in range(1, number) for name in listing.added(stage)]
    listing.check_list(units, columns, [*dict.fromkeys([*kept, *listing.added(number)])])
    for name in (cluster, key):
        listing.check_complete(units, name)
    sizes = listing.sizes_of(units, size)
    places = _places(before, units, cluster, listing.sorted_rows(units, order))
    listed = np.unique(np.concatenate(places))
    listing.check_unique(units.iloc[listed], key, [cluster])
    names = [str(name) for name in before.frame[f"cluster_{number - 1}"].tolist()]
    found: list[Drawn] = []
    parts: list[Part] = []
    for name, rows in zip(names, places, strict=True):
        take = min(n, len(rows)) if short == "take all" else n
        stream = Stream(seed, str(number), name)
        where = f"cluster '{name}'"
        drawn = draw(rows, sizes[rows], take, method, stream, where=where)
        found.append(drawn)
        parts.append(part_of(name, sizes[rows], n, drawn))
    everything = together(found)
    of = np.repeat(np.arange(len(names)), [len(each) for each in found])
    keys = listing.written(units[key].iloc[everything.rows])
    draws = names_of_draws([f"{names[c]} / {k}" for c, k in zip(of.tolist(), keys, strict=True)])
    parent = before.frame.iloc[of]
    chosen = units.iloc[everything.rows].assign(
        **{name: parent[name].to_numpy() for name in kept if name != "weight"},
        **{
            f"cluster_{number}": draws,
            f"chance_{number}": everything.chances,
            f"certain_{number}": everything.certain,
            "weight": parent["weight"].to_numpy(dtype=np.float64) / everything.chances,
        },
    )
    stage = StageRecord(
        method=method.name,
        seed=seed,
        on=on.isoformat(),
        key=key,
        cluster=cluster,
        stratum=None,
        size=size,
        order=tuple(order),
        short=short,
        rows=len(units),
        frame_hash=listing.fingerprint(units, columns),
        drawn_hash=listing.fingerprint_of(list(map(str, draws.tolist()))),
        parts=tuple(parts),
    )
    record = SamplingRecord((*before.record.stages, stage))
    used = [methods()[each.method] for each in record.stages]
    return Selection(chosen, design_of(used, chosen), record)


def _places(before: Selection, units: pd.DataFrame, cluster: str, rows: Integers) -> list[Integers]:
    """For each drawn cluster, the rows of the list that are of it."""
    last = before.record.stages[-1]
    key = last.key
    clusters = listing.written(before.frame[key])
    if last.cluster is not None:
        whole = set(zip(listing.written(before.frame[last.cluster]), clusters, strict=True))
        if len(whole) > len(set(clusters)):
            raise DesignError(
                f"key '{key}'",
                "units of different clusters have the same one, so their lists cannot be told "
                "apart",
                "Give every unit of the stage before a key of its own",
            )
    of_cluster = grouped(listing.written(units[cluster]), rows)
    missing = [name for name in clusters if name not in of_cluster]
    if missing:
        raise DesignError(
            f"cluster '{missing[0]}'",
            f"it was drawn, and the list holds none of its units in '{cluster}'"
            + (f"; nor of {len(missing) - 1} others" if len(missing) > 1 else ""),
            "List its units, or draw again from a frame without it and say so",
        )
    return [of_cluster[name] for name in clusters]


ADDED = ("stratum_1", "weight")
