"""Small surveys made by hand: questions, lists and answers in, Responses out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from survey_kit.questionnaire.model import (
    Choice,
    ChoiceList,
    Group,
    Missing,
    Privacy,
    Question,
    Questionnaire,
    Repeat,
)
from survey_kit.questionnaire.parser import parse
from survey_kit.questionnaire.question_type import Storage, question_types
from survey_kit.responses.model import Absence, ReadingReport, Responses, Rows

EMPTY = {Storage.INTEGER: "float64", Storage.DECIMAL: "float64"} | dict.fromkeys(
    (Storage.DATE, Storage.DATETIME), "datetime64[us]"
)


def question(name: str, kind: str = "text", **facts: Any) -> Question:
    """A question; expressions may be given as text, privacy as a word, label in English."""
    for part in ("relevant", "constraint", "required", "calculation", "choice_filter"):
        if isinstance(facts.get(part), str):
            facts[part] = parse(facts[part], name)
    if isinstance(facts.get("label"), str):
        facts["label"] = {"en": facts["label"]}
    if isinstance(facts.get("privacy"), str):
        facts["privacy"] = Privacy(facts["privacy"])
    kind, _, choices = kind.partition(" ")
    return Question(name, question_types()[kind], choices=choices or None, **facts)


def choice(code: str, label: str | Mapping[str, str] = "", missing: str = "") -> Choice:
    labels = {"en": label or code} if isinstance(label, str) else label
    return Choice(code, labels, Missing(missing) if missing else None)


def survey(
    nodes: Sequence[Question | Group | Repeat],
    answers: Mapping[str, Sequence[Any]],
    *,
    lists: Mapping[str, Sequence[str | Choice]] = MappingProxyType({}),
    interviews: Sequence[str] | None = None,
    repeats: Mapping[str, Mapping[tuple[Any, ...], Mapping[str, Any]]] = MappingProxyType({}),
    unreadable: Sequence[tuple[str, str, str, str]] = (),
) -> Responses:
    """Responses to a form: columns of answers by question, rows of repeats by position."""
    form = Questionnaire(
        name="small",
        version="1",
        title={},
        languages={"en": "English", "bn": "বাংলা"},
        nodes=tuple(nodes),
        lists={
            name: ChoiceList(name, tuple(c if isinstance(c, Choice) else choice(c) for c in codes))
            for name, codes in lists.items()
        },
    )
    count = max((len(column) for column in answers.values()), default=0)
    ids = list(interviews) if interviews else [f"i{number}" for number in range(1, count + 1)]
    index = pd.Index(ids, name="interview", dtype="str")
    frame = pd.DataFrame(
        {
            item.key: _column(answers.get(item.key, [None] * count), item.question.type.storage)
            for item in form.items
            if not item.repeats and item.question.type.storage is not Storage.NOTHING
        }
    ).set_axis(index)
    return Responses(
        questionnaire=form,
        frame=frame,
        absence=_absence(frame, form),
        repeats={name: _rows(form, name, rows) for name, rows in repeats.items()},
        meta=pd.DataFrame({"version": ["1"] * count}, index=index, dtype="str"),
        unreadable=pd.DataFrame(
            list(unreadable), columns=["interview", "row", "question", "answer"], dtype="str"
        ),
        report=ReadingReport("by hand", "by hand", count, len(frame.columns)),
    )


def _rows(
    form: Questionnaire, name: str, rows: Mapping[tuple[Any, ...], Mapping[str, Any]]
) -> Rows:
    index = pd.MultiIndex.from_tuples(list(rows), names=["interview", name])
    keys = [item for item in form.items if item.repeats[-1:] == (name,)]
    frame = pd.DataFrame(
        {
            item.key: _column(
                [row.get(item.key) for row in rows.values()], item.question.type.storage
            )
            for item in keys
        }
    ).set_axis(index)
    return Rows(frame, _absence(frame, form))


def _column(values: Sequence[Any], storage: Storage) -> pd.Series:
    if storage in (Storage.DATE, Storage.DATETIME):
        return pd.to_datetime(pd.Series(list(values), dtype="object")).astype("datetime64[us]")
    return pd.Series(list(values), dtype=EMPTY.get(storage, "str"))


def _absence(frame: pd.DataFrame, form: Questionnaire) -> pd.DataFrame:
    absence = frame.isna().astype("int8") * np.int8(Absence.BLANK)
    for key in frame.columns:
        for each in form.choices(form.by_key[key].question):
            if each.missing:
                said = Absence.REFUSED if each.missing is Missing.REFUSED else Absence.DONT_KNOW
                absence.loc[frame[key] == each.code, key] = np.int8(said)
    return absence


@pytest.fixture(name="survey")
def _survey() -> Callable[..., Responses]:
    return survey


@pytest.fixture(name="question")
def _question() -> Callable[..., Question]:
    return question


@pytest.fixture(name="choice")
def _choice() -> Callable[..., Choice]:
    return choice
