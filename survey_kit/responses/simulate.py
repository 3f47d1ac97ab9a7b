"""Simulated respondents: interviews that could have come back from a questionnaire.

For rehearsal. A study can be run from end to end, its tables laid out and its tools
tested, before a single person has been troubled. Whoever shows anything made from
these interviews must say that they are simulated; nobody gave these answers.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from survey_kit.errors import UsageError
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.model import Absence, ReadingReport, Responses, Rows
from survey_kit.responses.simulation import NOBODY_ANSWERED, SIMULATED
from survey_kit.responses.simulation.as_asked import as_asked
from survey_kit.responses.simulation.calibration import EVERY_CHOICE_ALIKE, Calibration
from survey_kit.responses.simulation.calibration_file import read_calibration
from survey_kit.responses.simulation.fieldwork import moments_of
from survey_kit.responses.simulation.people import people

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from survey_kit.questionnaire.model import Item, Questionnaire
    from survey_kit.responses.simulation.people import Filled, People

__all__ = ["Calibration", "read_calibration", "simulate"]


def simulate(
    questionnaire: Questionnaire, n: int, *, seed: int, calibration: Calibration | None = None
) -> Responses:
    """Interviews with n simulated people, in the order in which they took place.

    Parameters
    ----------
    questionnaire
        Any questionnaire. It decides who is asked what and which answers are taken. Files with
        choices or tables are found beside it, where it was read from a file.
    n
        How many interviews.
    seed
        The same seed gives the same interviews, to the last bit.
    calibration
        How likely answers are. None: every choice alike, and numbers that the form takes.

    Raises
    ------
    UsageError
        If n is below 0.
    DefinitionError
        If a question must be answered and no answer is found that the form takes.
    """
    if n < 0:
        raise UsageError("simulate", f"{n} interviews cannot be made", "Ask for 0 or more")
    questionnaire = as_asked(questionnaire)
    said = calibration or EVERY_CHOICE_ALIKE
    rng = np.random.default_rng(seed)
    interviews = pd.Index(_ids(n, rng), name="interview", dtype="str")
    made = people(questionnaire, interviews, said, rng)
    moments = made.moments or moments_of(
        made.asked, made.enumerators, made.days, said.fieldwork, rng
    )
    for item in questionnaire.items:
        if item.question.type.name in ("start", "end") and not item.repeats:
            made.whole.frame[item.key] = moments.of(item.question.type.name)
    meta = pd.DataFrame(
        {
            "version": pd.Series([questionnaire.version] * n, index=interviews, dtype="str"),
            "submitted": pd.Series(moments.sent, index=interviews),
        }
    )
    return _in_order(made, meta, np.argsort(moments.start, kind="stable"), questionnaire)


def _in_order(
    made: People, meta: pd.DataFrame, order: NDArray[np.int64], questionnaire: Questionnaire
) -> Responses:
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    repeats: dict[str, Rows] = {}
    for name in questionnaire.repeats:
        filled = made.repeats[name]
        rows = np.argsort(place[filled.interviews], kind="stable")
        absence = _absence(filled, questionnaire)
        repeats[name] = Rows(filled.frame.iloc[rows], absence.iloc[rows])
    frame = made.whole.frame
    return Responses(
        questionnaire=questionnaire,
        frame=frame.iloc[order],
        absence=_absence(made.whole, questionnaire).iloc[order],
        repeats=MappingProxyType(repeats),
        meta=meta.iloc[order],
        unreadable=pd.DataFrame(
            {name: pd.Series(dtype="str") for name in ("interview", "row", "question", "answer")}
        ),
        report=ReadingReport(
            file="simulated",
            format=SIMULATED,
            rows_read=len(frame),
            columns_read=len(frame.columns),
            notes=(NOBODY_ANSWERED, *made.notes),
        ),
    )


def _absence(filled: Filled, questionnaire: Questionnaire) -> pd.DataFrame:
    """(m, k) int8 of `Absence`: why each cell is empty, or that it is not."""
    columns = {
        str(key): _absence_of(questionnaire.by_key[str(key)], filled, questionnaire)
        for key in filled.frame
    }
    return pd.DataFrame(columns, index=filled.frame.index, dtype=np.int8)


def _absence_of(item: Item, filled: Filled, questionnaire: Questionnaire) -> NDArray[np.int8]:
    answers = filled.frame[item.key]
    asked = filled.relevant.get(item.key, np.ones(len(filled.frame), dtype=np.bool_))
    empty = answers.isna().to_numpy()
    found = np.where(empty, np.where(asked, Absence.BLANK, Absence.NOT_ASKED), Absence.PRESENT)
    if item.question.type.storage in (Storage.CODE, Storage.CODES):
        for choice in questionnaire.choices(item.question):
            if choice.missing is not None:
                missing = Absence[choice.missing.name]
                found = np.where((answers == choice.code).to_numpy(), missing, found)
    return found.astype(np.int8)


def _ids(n: int, rng: np.random.Generator) -> list[str]:
    """Random identifiers, as phones make them (RFC 9562, version 4)."""
    octets = rng.integers(0, 256, (n, 16), dtype=np.uint8)
    octets[:, 6] = (octets[:, 6] & 0x0F) | 0x40
    octets[:, 8] = (octets[:, 8] & 0x3F) | 0x80
    text = octets.tobytes().hex()
    whole = [text[32 * position : 32 * position + 32] for position in range(n)]
    return [f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}" for h in whole]
