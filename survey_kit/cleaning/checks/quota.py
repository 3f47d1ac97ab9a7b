"""More interviews in a cell than were wanted, or in a cell that nobody planned."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from survey_kit.cleaning.check import (
    NO_FILE,
    Check,
    Finding,
    Reach,
    Settings,
    as_findings,
    file,
    number,
    text,
    texts,
    together,
)
from survey_kit.cleaning.quota import Targets, cell_values, counted, matches, progress, read_targets
from survey_kit.cleaning.spelling import did_you_mean
from survey_kit.cleaning.whole_interview import WholeInterview
from survey_kit.errors import StudyError
from survey_kit.responses.model import Responses

WHERE = "checks: quota"


def targets_of(responses: Responses, settings: Settings) -> Targets | None:
    """The targets that the settings name; None where they name none.

    Raises
    ------
    StudyError
        If they do not fit the questionnaire.
    """
    path = file(settings, "targets")
    if path is None:
        return None
    pairs = [pair.partition("=") for pair in texts(settings, "columns")]
    columns = {theirs.strip(): ours.strip() for theirs, _, ours in pairs}
    for theirs, ours in columns.items():
        if not theirs or not ours:
            raise StudyError(
                f"{WHERE}: columns",
                f"{(theirs or ours)!r} does not say which question it is",
                "Write: ['column of the file = question']",
            )
    return read_targets(
        path, responses.questionnaire, target=text(settings, "target"), columns=columns
    )


def _reach(responses: Responses, settings: Settings) -> Reach:
    targets = targets_of(responses, settings)
    if targets is None:
        return Reach(runs=False, note="no file of targets; name it in the setting targets")
    counts = counted(responses, text(settings, "complete"), f"{WHERE}: complete")
    table = progress(responses, targets, counts)
    whole = (targets.cells != "").all(axis=1).to_numpy(dtype=np.bool_)
    cells = f"{len(table)} cells by {', '.join(map(str, targets.cells.columns))}"
    parts = [
        f"{cells}; targets from the column {targets.column}",
        f"{int(table['done'][whole].sum())} of {int(table['target'][whole].sum())} done"
        if whole.any()
        else "",
        f"{int((~counts).sum())} interviews do not count" if (~counts).any() else "",
        f"columns left aside: {', '.join(targets.left_aside)}" if targets.left_aside else "",
    ]
    return Reach(note="; ".join(filter(None, parts)))


def _find(responses: Responses, settings: Settings) -> pd.DataFrame:
    targets = targets_of(responses, settings)
    if targets is None:
        return as_findings(())
    counts = counted(responses, text(settings, "complete"), f"{WHERE}: complete")
    table = progress(responses, targets, counts)
    allowed = 1 + number(settings, "allowance")
    rows: list[dict[Any, Any]] = table.to_dict("records")
    names = [str(name) for name in targets.cells.columns]
    return together(
        [
            as_findings(
                _unknown(name, value, responses)
                for name, value in targets.unknown
                if not cell_values(responses, name).eq(value).any()
            ),
            as_findings(_over(row, names) for row in rows if row["done"] > allowed * row["target"]),
            _unplanned(responses, targets, counts, names),
        ]
    )


def _over(row: dict[Any, Any], names: list[str]) -> Finding:
    cell = ", ".join(f"{name} {row[name]}" for name in names if row[name])
    return Finding(
        "",
        names[0],
        "",
        f"cell {cell}: {row['over']} more than the {row['target']} wanted; {row['done']} interviews in all",
        "Stop interviews there, or change the target; look whether some were filed under the wrong place",
    )


def _unknown(name: str, value: str, responses: Responses) -> Finding:
    item = responses.questionnaire.by_key.get(name)
    codes = [c.code for c in responses.questionnaire.choices(item.question)] if item else []
    return Finding(
        "",
        name,
        "",
        f"the file of targets has {value!r}, which is no code and no label of {name}",
        did_you_mean(value, codes, "Write it as in the questionnaire"),
    )


def _unplanned(
    responses: Responses, targets: Targets, counts: np.ndarray[Any, Any], names: list[str]
) -> pd.DataFrame:
    complete = np.ones(len(responses), dtype=np.bool_)
    for name in names:
        complete &= cell_values(responses, name).notna().to_numpy(dtype=np.bool_)
    stray = counts & complete & ~matches(responses, targets).any(axis=1)
    return WholeInterview(responses, names[0]).marked(
        stray,
        f"no target has this cell of {', '.join(names)}",
        "Correct the answer, or add the cell to the targets",
    )


QUOTA = Check(
    name="quota",
    title="Against quota or sample frame",
    why=(
        "No cell has more interviews than the file `targets` (CSV or workbook) wants, by more than the "
        "share `allowance`, and every interview is in a cell. Columns of the file are questions or derived "
        "variables, in codes or labels; `columns` says ['column of the file = question'] "
        "where the names differ, and `target` which column has the number. An empty cell of the file means anybody. "
        "`complete` is an expression of the form that says which interviews count. What remains is "
        "shown on the quality page."
    ),
    find=_find,
    reach=_reach,
    settings=MappingProxyType(
        {"targets": NO_FILE, "target": "", "columns": (), "complete": "", "allowance": 0}
    ),
)
