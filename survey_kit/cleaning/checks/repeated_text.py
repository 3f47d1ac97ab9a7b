"""The same free text again and again from one enumerator, and hardly from anybody else."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.cleaning.cells import Cells, every_question
from survey_kit.cleaning.check import (
    Check,
    Reach,
    Settings,
    as_findings,
    number,
    text,
    texts,
    together,
)
from survey_kit.cleaning.enumerator_variance import adjusted
from survey_kit.cleaning.fieldwork import NO_ENUMERATOR
from survey_kit.cleaning.interview_parts import Part, enumerator_part, enumerators
from survey_kit.cleaning.spelling import did_you_mean
from survey_kit.cleaning.wording import normalised
from survey_kit.errors import StudyError
from survey_kit.questionnaire.model import Item
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.model import Responses


def _enumerator(responses: Responses, settings: Settings) -> Part | None:
    where = "checks: repeated_text: enumerator"
    return enumerator_part(responses, text(settings, "enumerator"), where)


def _wanted(responses: Responses, settings: Settings, who: Part) -> list[Cells]:
    """The questions that are named, or else all that are answered in free text."""
    named = texts(settings, "questions")
    for key in named:
        if key not in responses.questionnaire.by_key:
            raise StudyError(
                "checks: repeated_text: questions",
                f"there is no question called {key!r}",
                did_you_mean(key, responses.questionnaire.by_key),
            )

    def wanted(item: Item) -> bool:
        kind = item.question.type
        free = kind.asked and kind.storage is Storage.TEXT and item.key != who.column
        return item.key in named if named else free

    return list(every_question(responses, wanted))


def _reach(responses: Responses, settings: Settings) -> Reach:
    who = _enumerator(responses, settings)
    if who is None:
        return Reach(runs=False, note=NO_ENUMERATOR)
    looked_at = _wanted(responses, settings, who)
    if not looked_at:
        return Reach(runs=False, note="the form has no question that is answered in free text")
    return Reach(note=f"{len(looked_at)} questions; enumerators by {who.note}")


def _find(responses: Responses, settings: Settings) -> pd.DataFrame:
    who = _enumerator(responses, settings)
    if who is None or not len(responses):
        return as_findings(())
    codes = enumerators(responses, who.column)
    shortest = 0 if texts(settings, "questions") else int(number(settings, "shortest"))
    looked_at = _wanted(responses, settings, who)
    repeated = [_repeated(cells, codes, shortest) for cells in looked_at]
    times = int(number(settings, "times"))
    counted = [table[table["own"] >= times] for table in repeated]
    if not sum(map(len, counted)):
        return as_findings(())
    p = adjusted(np.concatenate([_p(table) for table in counted]))
    ends = np.cumsum([len(table) for table in counted])
    parts = np.split(p <= number(settings, "level"), ends[:-1])
    return together(
        _told(cells, table[kept])
        for cells, table, kept in zip(looked_at, counted, parts, strict=True)
    )


def _repeated(cells: Cells, codes: pd.Series[Any], shortest: int) -> pd.DataFrame:
    """(pairs, 6) of each text and enumerator: how often it is theirs, how often it is anybody's."""
    rows = np.flatnonzero(cells.given)
    numbers, distinct = pd.factorize(cells.answers.iloc[rows])
    plain = np.array([normalised(str(each)) for each in distinct] + [""], dtype=object)
    words = plain[numbers]
    long = np.array([len(word) >= max(shortest, 1) for word in words], dtype=np.bool_)
    who = codes.reindex(cells.interviews[rows]).to_numpy(dtype=object)
    known = long & np.array([isinstance(code, str) for code in who], dtype=np.bool_)
    table = pd.DataFrame({"row": rows[known], "words": words[known], "who": who[known]})
    pairs = table.groupby(["words", "who"], sort=False)["row"].agg(["size", list])
    found = pairs.rename(columns={"size": "own", "list": "rows"}).reset_index()
    return found.assign(
        all=found.groupby("words")["own"].transform("sum"),
        answers=found.groupby("who")["own"].transform("sum"),
        everybody=len(table),
    )


def _p(table: pd.DataFrame) -> NDArray[np.float64]:
    """How probable so many would be if a text fell to enumerators by chance."""
    from scipy.stats import hypergeom

    return np.asarray(
        hypergeom.sf(table["own"] - 1, table["everybody"], table["all"], table["answers"]),
        dtype=np.float64,
    )


def _told(cells: Cells, table: pd.DataFrame) -> pd.DataFrame:
    return together(_one(cells, row) for row in table.to_dict("records"))


def _one(cells: Cells, row: dict[Any, Any]) -> pd.DataFrame:
    mark = np.zeros(len(cells.answers), dtype=np.bool_)
    mark[row["rows"]] = True
    elsewhere = int(row["all"] - row["own"])
    others = f"{elsewhere} times from others" if elsewhere else "from nobody else"
    return cells.marked(
        mark,
        f"enumerator {row['who']} has this text {row['own']} times in {row['answers']} answers; "
        f"it came {others}",
        "Compare them; a set phrase may stand for many answers",
    )


REPEATED_TEXT = Check(
    name="repeated_text",
    title="The same text from one enumerator",
    why=(
        "One enumerator's free texts are no more often the same than chance makes them, given "
        "how common a text is among all. Looked at are texts of `shortest` letters or more that "
        "one enumerator has at least `times` times; or any text in the `questions` that are named, such as "
        "names of places. Compared without case and punctuation, by the hypergeometric "
        "distribution, at `level` after Benjamini and Hochberg 1995."
    ),
    find=_find,
    reach=_reach,
    settings=MappingProxyType(
        {"times": 3, "shortest": 20, "level": 0.01, "questions": (), "enumerator": ""}
    ),
)
