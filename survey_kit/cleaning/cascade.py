"""What follows from corrections: the form replayed on the interviews that they touched.

Calculations that rest on a corrected answer are worked out again.

An answer that the form asked for before and would not ask for now is blanked. An answer
that it did not ask for before either stays: it is an old fault for a check to find, and
no consequence of a correction.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.cleaning.cells import row_names
from survey_kit.cleaning.correction_log import CASCADE, Effect
from survey_kit.cleaning.correction_targets import Target
from survey_kit.cleaning.recalculation import recalculate
from survey_kit.questionnaire.model import Item, Questionnaire
from survey_kit.responses.absence import absence_of_cells
from survey_kit.responses.as_text import as_text
from survey_kit.responses.model import Absence, Responses, Rows
from survey_kit.responses.replay import asked, asked_in_repeat

PLACE = ("interview", "row", "question")
STAYS = (
    Absence.NOT_IN_VERSION,
    Absence.UNREADABLE,
    Absence.WITHDRAWN,
    Absence.NOT_KNOWN,
)


@dataclass(frozen=True, eq=False)
class Followed:
    """Responses after what follows from their corrections.

    rows
        One row of the log for each result that is new, each answer that was blanked, and
        each question that is now asked and has no answer.
    unasked
        (interview, row, question) of corrected cells that the form does not ask for.
    """

    responses: Responses
    rows: list[dict[str, str]]
    unasked: frozenset[tuple[str, str, str]]


@dataclass(frozen=True, eq=False)
class Part:
    """The frame of the interviews that were touched, or of their rows of one repeat.

    after
        (m, k) answers after the corrections.
    corrected
        (m, k) bool: cells that a correction changed.
    recalculated
        (m, k) bool: cells whose calculation gives something else now.
    asked_before, asked_now
        (m, k) bool: whether the form asks for them.
    positions
        (m,) where the rows stand in the frame of all interviews.
    """

    after: pd.DataFrame
    corrected: NDArray[np.bool_]
    recalculated: NDArray[np.bool_]
    asked_before: NDArray[np.bool_]
    asked_now: NDArray[np.bool_]
    positions: NDArray[np.intp]

    @property
    def lost(self) -> NDArray[np.bool_]:
        """(m, k) answers that the form no longer asks for."""
        given = self.after.notna().to_numpy(dtype=np.bool_)
        return self.asked_before & ~self.asked_now & given

    @property
    def owed(self) -> NDArray[np.bool_]:
        """(m, k) empty cells of questions that the form asks now and did not before."""
        given = self.after.notna().to_numpy(dtype=np.bool_)
        return ~self.asked_before & self.asked_now & ~given

    @property
    def stale(self) -> NDArray[np.bool_]:
        """(m, k) cells of which it has to be said anew why they are empty, or that they are not."""
        return self.changed | (self.asked_before != self.asked_now)

    @property
    def changed(self) -> NDArray[np.bool_]:
        """(m, k) cells with another answer than before the corrections."""
        return self.corrected | self.recalculated | self.lost

    def blanked(self) -> pd.DataFrame:
        """(m, k) the answers without those that were lost."""
        changed = {
            key: self.after[key].mask(cells) for key, cells in marked_columns(self.lost, self.after)
        }
        return self.after.assign(**changed) if changed else self.after


def cascade(before: Responses, after: Responses, targets: Sequence[Target]) -> Followed:
    """Replay the form on the interviews that were touched, and blank what it no longer asks.

    Parameters
    ----------
    before, after
        The responses without and with the corrected answers; `after` still has the
        absence of `before`.
    targets
        The corrections that changed a cell, one for each cell.
    """
    touched = np.zeros(len(before), dtype=np.bool_)
    touched[[target.interview for target in targets]] = True
    old, corrected = before.only(touched), after.only(touched)
    keys = {target.column.key for target in targets if target.column is not None}
    recalculated = recalculate(old, corrected, keys)
    states = (old, corrected, recalculated.responses)
    parts = {
        repeat: _part(states, repeat, _positions(after, touched, repeat), targets)
        for repeat in (None, *after.repeats)
    }
    causes = _causes(targets)
    form = before.questionnaire
    lost = [row for part in parts.values() for row in _rows(part, form, causes)]
    owed = [row for part in parts.values() for row in _owed_rows(part, form, causes)]
    placed = _placed(after, parts, targets)
    return Followed(placed, [*recalculated.rows, *lost, *owed], _unasked(parts))


def marked_columns(
    marks: NDArray[np.bool_], frame: pd.DataFrame
) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """The columns of a frame in which any cell is marked, each with its (m,) bool marks."""
    for key, cells in zip(frame.columns, marks.T, strict=True):
        if cells.any():
            yield str(key), cells


def _positions(
    responses: Responses, touched: NDArray[np.bool_], repeat: str | None
) -> NDArray[np.intp]:
    if repeat is None:
        return np.flatnonzero(touched)
    interviews = responses.repeats[repeat].frame.index.get_level_values(0)
    return np.flatnonzero(interviews.isin(responses.frame.index[touched]))


def _frame(responses: Responses, repeat: str | None) -> pd.DataFrame:
    return responses.frame if repeat is None else responses.repeats[repeat].frame


def _differs(one: pd.DataFrame, other: pd.DataFrame) -> NDArray[np.bool_]:
    """(m, k) bool. Whether cells hold different answers; two empty ones do not."""
    return ~((one == other) | (one.isna() & other.isna())).to_numpy(dtype=np.bool_)


def _part(
    states: tuple[Responses, Responses, Responses],
    repeat: str | None,
    positions: NDArray[np.intp],
    targets: Sequence[Target],
) -> Part:
    old, made, new = states
    after = _frame(new, repeat)
    corrected = np.zeros(after.shape, dtype=np.bool_)
    aimed = [t for t in targets if t.column is not None and t.column.repeat == repeat]
    rows = np.searchsorted(positions, [target.position for target in aimed])
    where = {str(key): at for at, key in enumerate(after.columns)}
    corrected[rows, [where[t.column.key] for t in aimed if t.column is not None]] = True
    return Part(
        after=after,
        corrected=corrected,
        recalculated=_differs(_frame(made, repeat), after),
        asked_before=_asked(old, repeat),
        asked_now=_asked(new, repeat),
        positions=positions,
    )


def _asked(responses: Responses, repeat: str | None) -> NDArray[np.bool_]:
    if repeat is None:
        table, frame = asked(responses), responses.frame
    else:
        table, frame = asked_in_repeat(responses, repeat), responses.repeats[repeat].frame
    return table.reindex(columns=frame.columns, fill_value=True).to_numpy(dtype=np.bool_)


def _causes(targets: Sequence[Target]) -> dict[str, str]:
    """Interview -> the questions of it that were corrected."""
    found: dict[str, dict[str, None]] = {}
    for target in targets:
        if target.column is not None:
            found.setdefault(target.correction.interview, {})[target.column.key] = None
    return {interview: ", ".join(keys) for interview, keys in found.items()}


def _rows(part: Part, questionnaire: Questionnaire, causes: dict[str, str]) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = []
    for key, lost in marked_columns(part.lost, part.after):
        item = questionnaire.by_key[key]
        cells = part.after.loc[lost, key]
        texts = as_text(cells, item.question.type.storage)
        interviews = cells.index.get_level_values(0)
        for interview, row, text in zip(interviews, row_names(cells.index), texts, strict=True):
            rows.append(_row(str(interview), row, item, str(text), causes[str(interview)]))
    return rows


def _owed_rows(
    part: Part, questionnaire: Questionnaire, causes: dict[str, str]
) -> Iterator[dict[str, str]]:
    """A row of the log for each question that is now asked and has no answer."""
    for key, owed in marked_columns(part.owed, part.after):
        if not questionnaire.by_key[key].question.type.asked:
            continue
        index = part.after.index[owed]
        for interview, row in zip(index.get_level_values(0), row_names(index), strict=True):
            yield {
                "interview": str(interview),
                "row": row,
                "question": key,
                "action": CASCADE,
                "why": f"the form asks this after the correction of {causes[str(interview)]}",
                "effect": Effect.NOTHING.value,
                "note": "blank: it was not asked in the interview",
            }


def _row(interview: str, row: str, item: Item, text: str, cause: str) -> dict[str, str]:
    return {
        "interview": interview,
        "row": row,
        "question": item.key,
        "old_found": text,
        "action": CASCADE,
        "why": f"the form no longer asks this after the correction of {cause}",
        "effect": Effect.CHANGED.value,
    }


def _placed(
    after: Responses, parts: dict[str | None, Part], targets: Sequence[Target]
) -> Responses:
    """All responses, with the touched interviews in their final state."""
    form = after.questionnaire
    repeats = {
        name: Rows(
            _with_consequences(rows.frame, parts[name]),
            _with_reasons(rows.absence, parts[name], form),
        )
        for name, rows in after.repeats.items()
    }
    return replace(
        after,
        frame=_with_consequences(after.frame, parts[None]),
        absence=_with_reasons(after.absence, parts[None], form),
        repeats=MappingProxyType(repeats),
        unreadable=_still_unreadable(after, targets),
    )


def _with_consequences(frame: pd.DataFrame, part: Part) -> pd.DataFrame:
    """The answers of all rows, with new results and without those that were lost."""
    final = part.blanked()
    changed: dict[str, pd.Series[Any]] = {}
    for key, cells in marked_columns(part.lost | part.recalculated, frame):
        column = frame[key].copy()
        column.iloc[part.positions[cells]] = final.loc[cells, key].to_numpy()
        changed[key] = column
    return frame.assign(**changed) if changed else frame


def _with_reasons(why: pd.DataFrame, part: Part, form: Questionnaire) -> pd.DataFrame:
    """The absence of all rows, derived anew where a cell is stale and nowhere else.

    Cells that the version did not have or that could not be read stay so unless they were
    corrected.
    """
    here = why.iloc[part.positions]
    stays = here.isin(STAYS).to_numpy(dtype=np.bool_) & ~part.changed
    stale = part.stale & ~stays
    keys = [key for key, _ in marked_columns(stale, why)]
    asked_now = pd.DataFrame(part.asked_now, index=part.after.index, columns=part.after.columns)
    derived = absence_of_cells(part.blanked()[keys], asked_now[keys], form, None)
    columns: dict[str, pd.Series[Any]] = {}
    for key, cells in marked_columns(stale, why):
        reasons = why[key].to_numpy(dtype=np.int8, copy=True)
        reasons[part.positions[cells]] = derived[key].to_numpy(dtype=np.int8)[cells]
        columns[key] = pd.Series(reasons, index=why.index, name=key)
    return why.assign(**columns) if columns else why


def _still_unreadable(after: Responses, targets: Sequence[Target]) -> pd.DataFrame:
    """What could not be read, without the cells that were corrected."""
    corrected = pd.MultiIndex.from_tuples(
        [
            (t.correction.interview, t.correction.row, t.column.key)
            for t in targets
            if t.column is not None
        ],
        names=list(PLACE),
    )
    places = pd.MultiIndex.from_frame(after.unreadable[list(PLACE)])
    return after.unreadable[~places.isin(corrected)]


def _unasked(parts: dict[str | None, Part]) -> frozenset[tuple[str, str, str]]:
    found: set[tuple[str, str, str]] = set()
    for part in parts.values():
        rows, columns = np.nonzero(part.corrected & ~part.asked_now)
        index = part.after.index[rows]
        keys = part.after.columns[columns]
        places = zip(index.get_level_values(0), row_names(index), keys, strict=True)
        found.update((str(interview), row, str(key)) for interview, row, key in places)
    return frozenset(found)
