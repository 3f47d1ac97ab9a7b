"""Numbers that end in 0 or 5 more often than elsewhere: rounded, guessed, or filled in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.cleaning.about_enumerators import about_enumerator
from survey_kit.cleaning.cells import Cells, every_question
from survey_kit.cleaning.check import (
    Check,
    Finding,
    Reach,
    Settings,
    as_findings,
    number,
    text,
    texts,
)
from survey_kit.cleaning.enumerator_variance import adjusted
from survey_kit.cleaning.fieldwork import NO_ENUMERATOR
from survey_kit.cleaning.interview_parts import Part, enumerator_part, enumerators
from survey_kit.cleaning.spelling import did_you_mean
from survey_kit.errors import StudyError
from survey_kit.questionnaire.model import Item
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.model import Absence, Responses

EVEN = 0.2
"""The share that ends in 0 or 5 where every last digit is as frequent."""
TWO_DIGITS = 10


@dataclass(frozen=True)
class _Heap:
    """How many numbers of a group end in 0 or 5, and what is expected."""

    question: str
    enumerator: str
    heaped: int
    n: int
    expected: float
    others: int
    p: float


def _enumerator(responses: Responses, settings: Settings) -> Part | None:
    where = "checks: heaping: enumerator"
    return enumerator_part(responses, text(settings, "enumerator"), where)


def _is_whole(item: Item) -> bool:
    kind = item.question.type
    return kind.asked and kind.storage is Storage.INTEGER


def _reach(responses: Responses, settings: Settings) -> Reach:
    for key in texts(settings, "even"):
        if key not in responses.questionnaire.by_key:
            raise StudyError(
                "checks: heaping: even",
                f"there is no question called {key!r}",
                did_you_mean(key, responses.questionnaire.by_key),
            )
    who = _enumerator(responses, settings)
    looked_at = [
        f"{cells.key} {heaped.mean():.0%}"
        for cells in every_question(responses, _is_whole)
        for _, heaped in [_digits(cells)]
        if len(heaped) >= number(settings, "least") and (not who or cells.key != who.column)
    ]
    if not looked_at:
        return Reach(runs=False, note="no whole number of two digits has enough answers")
    shares = f"share ending in 0 or 5: {', '.join(looked_at)}"
    if who is None:
        if texts(settings, "even"):
            return Reach(note=f"{shares}; {NO_ENUMERATOR}")
        return Reach(runs=False, note=NO_ENUMERATOR)
    return Reach(note=f"{shares}; enumerators by {who.note}")


def _digits(cells: Cells) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Rows with a whole number of two digits or more, and whether it ends in 0 or 5."""
    values = cells.answers.to_numpy(dtype=np.float64)
    usable = (cells.absence == Absence.PRESENT).to_numpy(dtype=np.bool_) & (values >= TWO_DIGITS)
    rows = np.flatnonzero(usable & np.isfinite(values))
    return rows, values[rows] % 5 == 0


def _find(responses: Responses, settings: Settings) -> pd.DataFrame:
    heaps = [
        *_against_even(responses, settings),
        *_against_others(responses, settings),
    ]
    p = adjusted(np.array([heap.p for heap in heaps], dtype=np.float64))
    more = number(settings, "more")
    return as_findings(
        _say(heap)
        for heap, each in zip(heaps, p, strict=True)
        if each <= number(settings, "level") and heap.heaped / heap.n >= heap.expected + more
    )


def _against_even(responses: Responses, settings: Settings) -> Iterator[_Heap]:
    from scipy.stats import binom

    for key in texts(settings, "even"):
        for cells in every_question(responses, lambda item, key=key: item.key == key):
            _, heaped = _digits(cells)
            n, ends = len(heaped), int(heaped.sum())
            if n >= number(settings, "least"):
                yield _Heap(key, "", ends, n, EVEN, 0, float(binom.sf(ends - 1, n, EVEN)))


def _against_others(responses: Responses, settings: Settings) -> Iterator[_Heap]:
    who = _enumerator(responses, settings)
    if who is None:
        return
    codes = enumerators(responses, who.column)
    for cells in every_question(responses, _is_whole):
        if cells.key != who.column:
            yield from _of_enumerators(cells, codes, int(number(settings, "least")))


def _of_enumerators(cells: Cells, codes: pd.Series[Any], least: int) -> Iterator[_Heap]:
    from scipy.stats import hypergeom

    rows, heaped = _digits(cells)
    theirs = codes.reindex(cells.interviews[rows]).to_numpy(dtype=object)
    table = pd.DataFrame({"who": theirs, "heaped": heaped}).dropna(subset=["who"])
    n, ends = len(table), int(table["heaped"].sum())
    counts = table.groupby("who")["heaped"].agg(["size", "sum"])
    for name, size, ending in counts.itertuples():
        own_n, own = int(size), int(ending)
        if own_n < least or n - own_n < least:
            continue
        expected = max(EVEN, (ends - own) / (n - own_n))
        p = float(hypergeom.sf(own - 1, n, ends, own_n))
        yield _Heap(cells.key, str(name), own, own_n, expected, n - own_n, p)


def _say(heap: _Heap) -> Finding:
    share = f"{heap.heaped} of {heap.n} numbers in '{heap.question}' end in 0 or 5"
    if not heap.enumerator:
        return Finding(
            "",
            heap.question,
            "",
            f"{share}, {heap.heaped / heap.n:.0%}; {EVEN:.0%} would if no digit were preferred",
            "Ask how the number is found out; rounded ages are common where births are not registered",
        )
    return about_enumerator(
        heap.enumerator,
        f"{share} ({heap.heaped / heap.n:.0%}; {heap.expected:.0%} of {heap.others} from others)",
        question=heap.question,
    )


HEAPING = Check(
    name="heaping",
    title="Numbers ending in 0 or 5",
    why=(
        "Whole numbers of two digits or more end in 0 or 5 no more often with one enumerator than "
        "with the others (hypergeometric; at `level` after Benjamini and Hochberg 1995, and at least "
        "`more` above the expected share); with fewer than `least` numbers nobody is judged. In the "
        "questions of `even`, such as an exact age, one in five is expected of all together, as in "
        "Whipple's index. People round too: money is heaped everywhere, and compared between enumerators only."
    ),
    find=_find,
    reach=_reach,
    settings=MappingProxyType(
        {"least": 20, "level": 0.05, "more": 0.15, "even": (), "enumerator": ""}
    ),
)
