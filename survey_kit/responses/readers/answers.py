"""The answers in one table: of its many columns, one text for each question.

A question of several choices comes as joined codes, as a column for each choice, or as both; a
position as one column or as four; and labels may stand where codes belong. All that is made one
text for each question here, and said where two columns contradict each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.assemble import DISAGREEMENTS, interview_of, row_label
from survey_kit.responses.from_text import from_text
from survey_kit.responses.labels import Coded, with_codes
from survey_kit.responses.matching import ColumnUse, Role
from survey_kit.responses.select_multiple import Reconciled, reconcile

LOCATION_ORDER = ("latitude", "longitude", "altitude", "accuracy")


@dataclass(frozen=True, eq=False)
class TableAnswers:
    """What a table holds, question by question.

    text
        Key of the question -> (n,) text, NaN where there is none.
    disagreements
        As `ReadingReport.disagreements`.
    """

    text: Mapping[str, pd.Series]
    disagreements: pd.DataFrame
    notes: tuple[str, ...]


def answers_of(
    cells: pd.DataFrame, uses: Sequence[ColumnUse], questionnaire: Questionnaire
) -> TableAnswers:
    """The text of every question that has a column, with its single choices or parts joined.

    `cells` is (n, k) text, "" where empty, with the index of the frame that is to be made.
    """
    text: dict[str, pd.Series] = {}
    disagreements: list[pd.DataFrame] = []
    notes: list[str] = []
    for use in uses:
        if use.role is Role.QUESTION:
            written = cells[use.position]
            question = questionnaire.by_key[use.key].question
            codes = [choice.code for choice in questionnaire.choices(question)]
            of_codes = bool(codes) and not any(code.startswith("'") for code in codes)
            if question.type.storage is Storage.LOCATION or of_codes:
                # Spreadsheets, and survey_kit for their sake, put it before what begins with "-".
                written = written.str.removeprefix("'")
            text[use.key] = written.mask(written.eq(""))
    labelled = _labels_as_codes(text, questionnaire)
    text |= {key: coded.answers for key, coded in labelled.items()}
    if count := sum(int(coded.translated.sum()) for coded in labelled.values()):
        notes.append(
            f"labels stood in the place of codes and were read as the codes of their choices: "
            f"{count} cells of {len(labelled)} questions"
        )
    for key, parts in _grouped(uses, Role.PART, cells):
        if key not in text:
            text[key] = _location(parts)
    for key, children in _grouped(uses, Role.CHOICE, cells):
        unclear = labelled[key].unclear if key in labelled else np.zeros(len(cells), dtype=bool)
        made, said = _made_one(key, text.get(key), children, unclear, questionnaire)
        text[key] = made.answers
        notes += said
        if made.disagrees.any():
            disagreements.append(_disagreements(key, made))
    return TableAnswers(text, together(disagreements), tuple(notes))


def together(disagreements: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Several tables of disagreements as one, which may be empty."""
    filled = [each for each in disagreements if len(each)]
    nothing = pd.DataFrame({name: pd.Series([], dtype="str") for name in DISAGREEMENTS})
    return pd.concat(filled, ignore_index=True) if filled else nothing


def _made_one(
    key: str,
    parent: pd.Series | None,
    children: Mapping[str, pd.Series],
    unclear: NDArray[np.bool_],
    questionnaire: Questionnaire,
) -> tuple[Reconciled, list[str]]:
    """Joined codes and single choices of one question made one, and what is to be said of it."""
    choices = questionnaire.choices(questionnaire.by_key[key].question)
    made = reconcile(
        from_text(parent, Storage.CODES).answers if parent is not None else None,
        children,
        order=[choice.code for choice in choices],
        labels={choice.code: tuple(choice.label.values()) for choice in choices},
    )
    instead = unclear & made.children.notna().to_numpy(dtype=bool)
    made = replace(
        made,
        answers=made.answers.mask(instead, made.children),
        disagrees=made.disagrees & ~instead,
    )
    codes = {choice.code for choice in choices}
    outside = sum(code not in codes for code in children)
    said = {
        f"{key}: columns of choices that its list does not have": outside,
        f"{key}: cells of single choices that are neither 0 nor 1": made.unread,
        f"{key}: rows whose joined labels can be read in two ways, the single choices being taken": (
            int(instead.sum())
        ),
        f"{key}: rows whose joined codes and single choices differ, the joined codes being kept": (
            int(made.disagrees.sum())
        ),
    }
    return made, [f"{what}: {count}" for what, count in said.items() if count]


def _labels_as_codes(
    text: Mapping[str, pd.Series], questionnaire: Questionnaire
) -> dict[str, Coded]:
    """The questions in whose columns labels stand where codes belong."""
    found: dict[str, Coded] = {}
    for key, answers in text.items():
        question = questionnaire.by_key[key].question
        choices = questionnaire.choices(question)
        if choices:
            several = question.type.storage is Storage.CODES
            coded = with_codes(answers, choices, several=several)
            if coded.translated.any() or coded.unclear.any():
                found[key] = coded
    return found


def _grouped(
    uses: Sequence[ColumnUse], role: Role, cells: pd.DataFrame
) -> Iterator[tuple[str, dict[str, pd.Series]]]:
    grouped: dict[str, dict[str, pd.Series]] = {}
    for use in uses:
        if use.role is role:
            grouped.setdefault(use.key, {})[use.code] = cells[use.position]
    yield from grouped.items()


def _location(parts: Mapping[str, pd.Series]) -> pd.Series:
    """Latitude, longitude, altitude and accuracy, as the form joins them."""
    known = [parts[part].str.strip() for part in LOCATION_ORDER if part in parts]
    joined = known[0]
    for part in known[1:]:
        joined = joined + " " + part
    joined = joined.str.strip()
    return joined.mask(joined.eq(""))


def _disagreements(key: str, made: Reconciled) -> pd.DataFrame:
    where = made.disagrees
    places = made.answers.index[where]
    return pd.DataFrame(
        {
            "interview": interview_of(places),
            "row": row_label(places),
            "question": pd.Series([key] * len(places), dtype="str"),
            "parent": made.answers[where].reset_index(drop=True),
            "children": made.children[where].reset_index(drop=True),
        }
    )
