"""How a file and its questionnaire fit together: what a data manager looks at before anything else.

Four tables: every column of the file that is not simply carried on; every question without a column;
every value outside its list with the code that it most resembles; and the interviews by version of the
form. A column that nobody has classified is not carried on, so the first table is also the list of
what is to be decided in `study.yaml`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import pandas as pd

from survey_kit.questionnaire.model import Choice
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.matching import METADATA_LEFT_OUT
from survey_kit.responses.model import Responses

COLUMNS = ("column", "what", "to_decide")
VALUES = ("question", "value", "cells", "nearest", "label")
MANY = 200
"""Different values of one question that are compared with its list, the most frequent first."""
ALIKE = 0.6


@dataclass(frozen=True, eq=False)
class MatchReport:
    """How a file fits its questionnaire.

    columns
        `COLUMNS`: a column that is not carried on or spelt otherwise than its question, what became
        of it, and whether the study has to say what it is.
    questions
        question, label: those without a column in the file.
    values
        `VALUES`: answers outside the list of their question, how many cells hold each, and the
        code that it most resembles, "" where none does. They are answers: they stay with the data.
    versions
        version, interviews, of_this_form.
    """

    columns: pd.DataFrame
    questions: pd.DataFrame
    values: pd.DataFrame
    versions: pd.DataFrame

    def sentences(self) -> tuple[str, ...]:
        """The same in numbers, without any answer."""
        undecided = int(self.columns["to_decide"].sum())
        others = self.versions.loc[~self.versions["of_this_form"], "interviews"].sum()
        said = {
            "columns that are not carried on until study.yaml classifies them": undecided,
            "questions without a column": len(self.questions),
            "different values outside their lists": len(self.values),
            "cells with values outside their lists": int(self.values["cells"].sum()),
            "interviews with another version of the form": int(others),
        }
        return tuple(f"{what}: {count}" for what, count in said.items())


def match_report(responses: Responses) -> MatchReport:
    """How the file that some responses were read from fits their questionnaire."""
    report, form = responses.report, responses.questionnaire
    columns = [
        (column, what, what.startswith("not carried on"))
        for column, what in report.unmatched.items()
        if what != METADATA_LEFT_OUT
    ]
    columns += [(column, f"read as {key}", False) for column, key in report.matched.items()]
    questions = [
        (key, form.text(form.by_key[key].question.label, fallback=key))
        for key in report.unseen
        if key in form.by_key
    ]
    values = list(_outside(responses))
    counted = responses.meta["version"].fillna("").value_counts(sort=False)
    versions = [
        (str(version), int(count), str(version) in {"", form.version})
        for version, count in counted.items()
    ]
    return MatchReport(
        pd.DataFrame(columns, columns=list(COLUMNS)).astype({"to_decide": bool}),
        pd.DataFrame(questions, columns=["question", "label"]),
        pd.DataFrame(values, columns=list(VALUES)).astype({"cells": int}),
        pd.DataFrame(versions, columns=["version", "interviews", "of_this_form"]).astype(
            {"interviews": int, "of_this_form": bool}
        ),
    )


def _outside(responses: Responses) -> Iterator[tuple[str, str, int, str, str]]:
    form = responses.questionnaire
    frames = (responses.frame, *(rows.frame for rows in responses.repeats.values()))
    for frame in frames:
        for key in map(str, frame.columns):
            question = form.by_key[key].question
            choices = form.choices(question)
            if not choices:
                continue
            known = {choice.code for choice in choices}
            several = question.type.storage is Storage.CODES
            found: Counter[str] = Counter()
            for cell, count in frame[key].value_counts().items():
                for word in str(cell).split() if several else [str(cell)]:
                    if word not in known:
                        found[word] += int(count)
            for value, count in found.most_common():
                near = _nearest(value, choices) if len(found) <= MANY else None
                label = form.text(near.label) if near else ""
                yield key, value, count, near.code if near else "", label


def _nearest(value: str, choices: Sequence[Choice]) -> Choice | None:
    """The choice whose code, or label in any language, a value most resembles."""
    spelt: dict[str, Choice] = {}
    for choice in choices:
        for text in (choice.code, *choice.label.values()):
            spelt.setdefault(text.casefold(), choice)
    near = get_close_matches(value.casefold(), list(spelt), n=1, cutoff=ALIKE)
    return spelt[near[0]] if near else None
