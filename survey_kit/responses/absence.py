"""Why a cell is empty: the replay of the form, cell by cell."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.questionnaire.model import Missing, Question, Questionnaire
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.model import Absence

_MEANS = {Missing.REFUSED: Absence.REFUSED, Missing.DONT_KNOW: Absence.DONT_KNOW}


def absence_of_cells(
    frame: pd.DataFrame,
    asked: pd.DataFrame,
    questionnaire: Questionnaire,
    present_nodes: pd.DataFrame | None = None,
    unsure: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """(n, k) int8 of `Absence`, from answers and from where they were asked.

    An empty cell is BLANK where the question was asked and, if `present_nodes` (bool, true where
    the XML of the interview holds the question) knows of it, was sent; else NOT_ASKED. A cell
    with an answer is PRESENT, also where it should not have been asked: a check finds that.
    An empty cell is NOT_KNOWN where `unsure` (bool, of some columns) says that nothing tells
    whether it was asked; where the XML is there, that tells.
    """
    columns: dict[str, NDArray[np.int8]] = {}
    for key in frame.columns:
        empty = _empty(frame[key])
        shown = asked[key].to_numpy()
        unknown = unsure[key].to_numpy() if unsure is not None and key in unsure else None
        if present_nodes is not None and key in present_nodes.columns:
            maybe = shown if unknown is None else shown | unknown
            shown = maybe & present_nodes[key].to_numpy(dtype=np.bool_)
            unknown = None
        cells = np.where(empty, np.where(shown, Absence.BLANK, Absence.NOT_ASKED), Absence.PRESENT)
        if unknown is not None:
            cells = np.where(empty & unknown, Absence.NOT_KNOWN, cells)
        item = questionnaire.by_key.get(key)
        if item is not None:
            cells = _no_answer(cells, frame[key], item.question, questionnaire)
        columns[str(key)] = cells.astype(np.int8)
    return pd.DataFrame(columns, index=frame.index)


def _empty(series: pd.Series) -> NDArray[np.bool_]:
    empty = series.isna().to_numpy()
    if pd.api.types.is_string_dtype(series.dtype):
        empty = empty | (series == "").fillna(value=False).to_numpy(dtype=np.bool_)
    return empty


def _no_answer(
    cells: NDArray[np.int_], series: pd.Series, question: Question, questionnaire: Questionnaire
) -> NDArray[np.int_]:
    """Marks the codes that mean a refusal or that nothing is known.

    Among several choices they do so only where nothing else was chosen with them.
    """
    means = {
        choice.code: _MEANS[choice.missing]
        for choice in questionnaire.choices(question)
        if choice.missing is not None
    }
    if not means or question.type.storage not in (Storage.CODE, Storage.CODES):
        return cells
    codes, words = pd.factorize(series, use_na_sentinel=True)
    meaning = [Absence.PRESENT] * (len(words) + 1)
    for place, word in enumerate(words):
        chosen = str(word).split()
        if chosen and all(code in means for code in chosen):
            meaning[place] = means[chosen[0]]
    found = np.array(meaning, dtype=np.int8)[codes]
    return np.where(cells == Absence.PRESENT, found, cells)
