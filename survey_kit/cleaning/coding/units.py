"""What there is to code: each answer to an open question, and which coder gets it.

Every answer has one coder. A share of them, drawn for each language by itself, has a
second, who does not see what the first made of it, nor which answers those are: so the
frame is tried where coders could differ. The draw goes by a seed and by the answers that are
new, so that later rounds leave earlier ones as they are.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import cast

import pandas as pd

from survey_kit.cleaning.coding.redaction import redacted
from survey_kit.errors import CodingError
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.model import Absence, Responses

UNIT_LETTERS = 12


@dataclass(frozen=True)
class Unit:
    """One answer to be coded.

    unit
        What it is called in the coders' files; it does not tell whose answer it is.
    interview, row
        Whose it is; `row` is the position in a repeat, "" outside one.
    answer
        What was said, with what looks like personal data taken out.
    language
        Of the interview, as the form recorded it; "" where it did not.
    """

    unit: str
    interview: str
    row: str
    answer: str
    language: str = ""


def units_of(responses: Responses, question: str, *, language: str = "") -> tuple[Unit, ...]:
    """Every answer to an open question, in the order of the interviews.

    Parameters
    ----------
    question
        The key of a question that takes text, also in a repeat.
    language
        The question that says in which language the interview was; "" for none.

    Raises
    ------
    CodingError
        If there is no such question, or its answers are no text.
    """
    item = responses.questionnaire.by_key.get(question)
    if item is None or item.question.type.storage is not Storage.TEXT:
        raise CodingError(
            f"coding, question {question!r}",
            "there is no question of that name that takes text",
            "Write the name of an open question, as the questionnaire has it",
        )
    rows = responses.repeats[item.repeats[-1]] if item.repeats else responses
    if question not in rows.frame.columns:
        return ()
    present = rows.frame[question][(rows.absence[question] == Absence.PRESENT).to_numpy()]
    spoken = _languages(responses, language)
    found: list[Unit] = []
    for place, answer in present.items():
        interview, row = place_of(place)
        name = hashlib.sha256(f"{question}\n{interview}\n{row}".encode()).hexdigest()
        found.append(
            Unit(
                unit=name[:UNIT_LETTERS],
                interview=interview,
                row=row,
                answer=redacted(str(answer)).text,
                language=spoken.get(interview, ""),
            )
        )
    return tuple(found)


def place_of(label: object) -> tuple[str, str]:
    """The interview, and the position in a repeat ("" outside one), of a label of an index."""
    if not isinstance(label, tuple):
        return str(label), ""
    parts = [str(each) for each in cast("tuple[object, ...]", label)]
    return parts[0], "/".join(parts[1:])


def _languages(responses: Responses, language: str) -> Mapping[str, str]:
    if not language:
        return {}
    if language not in responses.frame.columns:
        raise CodingError(
            f"coding, language {language!r}",
            "there is no question of that name",
            "Write the name of the question that says in which language the interview was",
        )
    known = responses.frame[language].dropna()
    return {str(interview): str(code) for interview, code in known.items()}


def shared_out(
    units: Sequence[Unit],
    coders: Sequence[str],
    *,
    double: float,
    seed: int,
    taken: AbstractSet[str] = frozenset(),
) -> Mapping[str, tuple[Unit, ...]]:
    """Coder -> the answers to code, in an order of their own.

    Parameters
    ----------
    double
        The share of answers that two coders get, from 0 to 1; of each language at least that.
    seed
        Decides who gets what.
    taken
        Units that are in somebody's file already.

    Raises
    ------
    CodingError
        If there is nobody to code, a coder is there twice, or the share does not fit.
    """
    if not coders or len(set(coders)) < len(coders):
        raise CodingError("coding, coders", "each needs a name of their own", "List them once each")
    if not 0 <= double <= 1:
        raise CodingError("coding, double", f"it is {double:g}", "Give a share from 0 to 1")
    if double > 0 and len(coders) == 1:
        raise CodingError(
            "coding, double",
            "answers are to be coded twice, and there is one coder",
            "Name a second coder, or write double: 0",
        )
    new = [each for each in units if each.unit not in taken]
    by_language: dict[str, list[Unit]] = {}
    for unit in new:
        by_language.setdefault(unit.language, []).append(unit)
    files: dict[str, list[Unit]] = {coder: [] for coder in coders}
    dealt = 0
    for members in by_language.values():
        drawn = sorted(members, key=lambda each: _chance(seed, "draw", each.unit))
        twice = math.ceil(double * len(drawn) - 1e-9)
        for number, unit in enumerate(drawn):
            first = dealt % len(coders)
            files[coders[first]].append(unit)
            if number < twice:
                # over the others in turn, so that every pair of coders meets
                step = 1 + (dealt // len(coders)) % (len(coders) - 1)
                files[coders[(first + step) % len(coders)]].append(unit)
            dealt += 1
    return {
        coder: tuple(sorted(mine, key=lambda each, c=coder: _chance(seed, c, each.unit)))
        for coder, mine in files.items()
    }


def _chance(seed: int, purpose: str, unit: str) -> str:
    """A number that looks like chance and is the same tomorrow."""
    return hashlib.sha256(f"{seed}\n{purpose}\n{unit}".encode()).hexdigest()


def table_of(units: Sequence[Unit]) -> pd.DataFrame:
    """(n, 5) the units as a table: unit, interview, row, answer, language."""
    rows = [(u.unit, u.interview, u.row, u.answer, u.language) for u in units]
    return pd.DataFrame(
        rows, columns=["unit", "interview", "row", "answer", "language"], dtype="str"
    )
