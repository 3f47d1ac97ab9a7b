"""Which cell a correction means: the question as exports spell it, the interview, the row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.cleaning.cells import row_names
from survey_kit.cleaning.correction import Action, Correction
from survey_kit.cleaning.spelling import did_you_mean
from survey_kit.cleaning.whose_entry import remedy_for
from survey_kit.errors import Fault
from survey_kit.questionnaire.model import Item
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.matching import Role, match_columns
from survey_kit.responses.model import Responses


@dataclass(frozen=True)
class Column:
    """A question, and the code of one choice where the correction is about that choice."""

    item: Item
    choice: str = ""

    @property
    def key(self) -> str:
        """The name of the question's column."""
        return self.item.key

    @property
    def repeat(self) -> str | None:
        """The repeat in whose frame the column stands."""
        return self.item.repeats[-1] if self.item.repeats else None


@dataclass(frozen=True)
class Target:
    """What a correction means: an interview by position, and a cell of it.

    There is no cell where the interview goes, or was kept as a whole.
    """

    correction: Correction
    interview: int
    column: Column | None = None
    position: int = -1
    """The row of the cell in its frame: the interview's, or the repeat's."""


def find_targets(
    responses: Responses, corrections: Sequence[Correction], faults: list[Fault]
) -> list[Target]:
    """The target of every correction that has one; what is wrong with the others is noted."""
    columns = find_columns(responses, {each.question for each in corrections if each.question})
    interviews = responses.frame.index.get_indexer(
        pd.Index([each.interview for each in corrections], dtype="str")
    )
    positions = _positions(responses, corrections, columns, interviews)
    ids = sorted(map(str, responses.frame.index)) if (interviews < 0).any() else []
    targets: list[Target] = []
    for each, interview, position in zip(corrections, interviews, positions, strict=True):
        column = columns.get(each.question)
        fault = _fault(responses, each, int(interview), column, int(position), ids)
        if fault is not None:
            faults.append(fault)
        elif each.action is Action.REMOVE or not each.question:
            targets.append(Target(each, int(interview)))
        else:
            targets.append(Target(each, int(interview), column, int(position)))
    return targets


def find_columns(responses: Responses, names: Iterable[str]) -> dict[str, Column]:
    """The question or choice that each name means.

    A name may be a question's key, the column of the file that was read, or any spelling
    that a reader would recognise: with a path, mangled by R, of a single choice.
    """
    questionnaire = responses.questionnaire
    wanted = sorted(set(names))
    found: dict[str, Column] = {}
    for name in wanted:
        key = name if name in questionnaire.by_key else responses.report.matched.get(name, "")
        if key in questionnaire.by_key:
            found[name] = Column(questionnaire.by_key[key])
    for repeat in (None, *questionnaire.repeats):
        rest = [name for name in wanted if name not in found]
        if not rest:
            break
        together = match_columns(rest, questionnaire, repeat=repeat)
        alone = (
            match_columns([use.column], questionnaire, repeat=repeat)[0]
            for use in together
            if use.role is Role.UNMATCHED
        )
        for use in (*together, *alone):
            if use.role in (Role.QUESTION, Role.CHOICE):
                code = use.code if use.role is Role.CHOICE else ""
                found[use.column] = Column(questionnaire.by_key[use.key], code)
    return found


def _positions(
    responses: Responses,
    corrections: Sequence[Correction],
    columns: dict[str, Column],
    interviews: NDArray[np.intp],
) -> NDArray[np.intp]:
    """(c,) the row of each correction's cell in its frame, -1 where there is none."""
    positions = interviews.copy()
    repeat_of = [
        columns[each.question].repeat if each.question in columns else None for each in corrections
    ]
    for name in {repeat for repeat in repeat_of if repeat is not None}:
        chosen = [at for at, repeat in enumerate(repeat_of) if repeat == name]
        wanted = pd.MultiIndex.from_arrays(
            [[corrections[at].interview for at in chosen], [corrections[at].row for at in chosen]]
        )
        if name not in responses.repeats:
            positions[chosen] = -1
            continue
        index = responses.repeats[name].frame.index
        rows = pd.MultiIndex.from_arrays([index.get_level_values(0), row_names(index)])
        positions[chosen] = rows.get_indexer(wanted)
    return positions


def _fault(  # noqa: PLR0917 - the entry, and where it was found
    responses: Responses,
    correction: Correction,
    interview: int,
    column: Column | None,
    position: int,
    ids: Sequence[str],
) -> Fault | None:
    """What keeps a correction from having a target, None where nothing does."""
    where = correction.where
    if interview < 0:
        return Fault(where, "there is no such interview", remedy_for(correction.interview, ids))
    if correction.action is Action.REMOVE:
        return None
    if not correction.question and correction.action is Action.KEEP:
        return None
    if not correction.question:
        return Fault(where, "no question is named", "Name the question, or write remove")
    if column is None:
        known = responses.questionnaire.by_key
        return Fault(
            where,
            f"there is no question called {correction.question!r}",
            did_you_mean(correction.question, known, "Name a question of the form"),
        )
    return _cell_fault(responses, correction, column, position)


def _cell_fault(
    responses: Responses, correction: Correction, column: Column, position: int
) -> Fault | None:
    where = correction.where
    question = column.item.question
    if question.type.storage is Storage.NOTHING:
        return Fault(where, "this is shown and has no answer", "Name a question that is answered")
    if question.calculation is not None and not question.type.asked:
        return Fault(
            where, "the form calculates this", "Correct the answers from which it is calculated"
        )
    if column.repeat is None:
        frame = responses.frame
    elif column.repeat in responses.repeats:
        frame = responses.repeats[column.repeat].frame
    else:
        frame = pd.DataFrame()
    if column.key not in frame.columns:
        return Fault(
            where, "the responses have no column for this question", "Take the line out of the log"
        )
    return _row_fault(correction, column, position)


def _row_fault(correction: Correction, column: Column, position: int) -> Fault | None:
    where = correction.where
    if column.repeat is None:
        what = "this question stands in no repeat"
        return Fault(where, what, "Leave the column row empty") if correction.row else None
    if not correction.row:
        return Fault(
            where,
            f"this question stands in the repeat {column.repeat!r}",
            "Write in the column row which of its rows is meant: 1, 2, ...",
        )
    if position < 0:
        return Fault(
            where,
            f"the interview has no row {correction.row!r} of the repeat {column.repeat!r}",
            "Correct the column row",
        )
    return None
