"""What else was answered around a finding, so that a reviewer need not look the interview up.

Beside an answer stand the answers that decide whether and how it is asked, then the two
questions before it and the two after it that were answered. Beside an interview as a whole stand its
times and the first answers. What may identify somebody is masked as everywhere in a table of
findings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

import numpy as np
import pandas as pd

from survey_kit.cleaning.masking import NONE_STATED, masked
from survey_kit.questionnaire.model import Item, Privacy, Questionnaire
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.as_text import as_text
from survey_kit.responses.model import Responses

NEAR = 2
"""So many answered questions on either side."""
FAR = 8
"""Among so many asked on either side."""
LONGEST = 60
"""Characters of an answer; a longer one is cut off, and says so."""


def beside(
    findings: pd.DataFrame,
    responses: Responses,
    *,
    classes: Mapping[str, Privacy] = NONE_STATED,
    language: str | None = None,
) -> pd.Series:
    """(f,) text: "question: answer" of each neighbour, one a line; "" where there is none.

    Parameters
    ----------
    findings
        With the columns interview, row and question.
    classes
        Question -> class of privacy, where the study states one.
    language
        Of the labels of choices.
    """
    form = responses.questionnaire
    said = np.full(len(findings), "", dtype=object)
    places = {item.key: at for at, item in enumerate(form.items)}
    for key, positions in findings.groupby("question", sort=False).indices.items():
        group = findings.iloc[positions]
        item = form.by_key.get(str(key))
        if item is not None:
            first, around = _neighbours(form, item, places[item.key])
        elif not key:
            first, around = _of_an_interview(form)
        else:
            continue
        table = _answers(responses, item, group)
        shown: dict[str, pd.Series] = {
            each: _shown(table[each], form.by_key[each], form, classes, language)
            for each in (*first, *(k for side in around for k in side))
            if each in table.columns
        }
        said[positions] = [_line(row, shown, first, around) for row in range(len(group))]
    return pd.Series(said, index=findings.index, dtype="str")


def _neighbours(
    form: Questionnaire, item: Item, at: int
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], tuple[str, ...]]]:
    """What decides about a question, and the questions before (nearest first) and after it."""
    question = item.question
    expressions = [*item.gates, question.relevant, question.constraint, question.calculation]
    named = [name for each in expressions if each is not None for name in each.answers]
    first = tuple(dict.fromkeys(name for name in named if name in form.by_key and name != item.key))

    def near(items: Iterable[Item]) -> tuple[str, ...]:
        found = [
            each.key
            for each in items
            if each.repeats == item.repeats
            and each.key not in first
            and each.question.type.storage is not Storage.NOTHING
        ]
        return tuple(found[:FAR])

    return first, (near(reversed(form.items[:at])), near(form.items[at + 1 :]))


def _of_an_interview(
    form: Questionnaire,
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], tuple[str, ...]]]:
    """When an interview was, and the first questions that were asked in it."""
    times = tuple(item.key for item in form.items if item.question.type.name in {"start", "end"})
    asked = [item.key for item in form.items if item.question.type.asked and not item.repeats]
    return (*times, *asked[: FAR - len(times)]), ((), ())


def _answers(responses: Responses, item: Item | None, group: pd.DataFrame) -> pd.DataFrame:
    """(g, k) the interviews of a group of findings, with the rows of their repeat if there is one."""
    outer = responses.frame.reindex(pd.Index(group["interview"]))
    if item is None or not item.repeats or item.repeats[-1] not in responses.repeats:
        return outer.reset_index(drop=True)
    rows = responses.repeats[item.repeats[-1]].frame
    by_text = pd.Series(
        range(len(rows)), index=[_place(label) for label in rows.index], dtype="int64"
    )
    wanted = list(zip(group["interview"], group["row"], strict=True))
    at = by_text.reindex(pd.Index(wanted, tupleize_cols=False)).fillna(-1).astype("int64")
    inner = rows.reset_index(drop=True).reindex(at.to_numpy())
    return pd.concat([outer.reset_index(drop=True), inner.reset_index(drop=True)], axis=1)


def _place(label: object) -> tuple[str, str]:
    parts = [str(each) for each in cast("tuple[object, ...]", label)]
    return parts[0], "/".join(parts[1:])


def _shown(
    answers: pd.Series,
    item: Item,
    form: Questionnaire,
    classes: Mapping[str, Privacy],
    language: str | None,
) -> pd.Series:
    """(g,) "name: label", "" where there is no answer."""
    texts = as_text(answers, item.question.type.storage).fillna("").reset_index(drop=True)
    table = pd.DataFrame({"question": item.key, "answer": texts})
    hidden = masked(table, "answer", form, classes)
    labels = {
        each.code: form.text(each.label, language, fallback=each.code)
        for each in form.choices(item.question)
    }
    if labels:
        hidden = hidden.map(
            {t: ", ".join(labels.get(code, code) for code in t.split()) for t in hidden.unique()}
        )
    cut = hidden.where(hidden.str.len() <= LONGEST, hidden.str.slice(0, LONGEST) + "…")
    return (item.question.name + ": " + cut).where(texts != "", "")


def _line(
    row: int,
    shown: Mapping[str, pd.Series],
    first: Sequence[str],
    around: tuple[Sequence[str], Sequence[str]],
) -> str:
    def answered(keys: Sequence[str], most: int) -> list[str]:
        told = [str(shown[key].iloc[row]) for key in keys if key in shown]
        return [each for each in told if each][:most]

    before, after = around
    lines = [
        *answered(first, FAR),
        *reversed(answered(before, NEAR)),
        *answered(after, NEAR),
    ]
    return "\n".join(lines)
