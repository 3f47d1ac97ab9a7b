"""Numbers of a statistical package as the codes of a form, by what their labels say.

A package holds numbers where a form holds codes. Where all labels are those that survey_kit itself
writes for this list, the numbers are its own. Elsewhere the label of a number decides, and a number
without one is taken for the code it is. A number that is a code of the list while its label is
that of another code is left as it stands, and that is said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.questionnaire.model import Choice, Missing
from survey_kit.responses.model import Absence
from survey_kit.responses.writers.labelled import REASONS, numbers_of

MEANINGS = {
    REASONS[Absence[each.name]]: each for each in Missing if each.name in Absence.__members__
}
"""What survey_kit writes for a refusal, and for not knowing."""
BY_LABEL = {label: reason for reason, label in REASONS.items()}
EMPTY = frozenset(REASONS.values()) - set(MEANINGS)
"""Labels of the missing values that survey_kit writes where there is no answer."""


@dataclass(frozen=True)
class Labels:
    """What the values of one column mean.

    labels
        Number, or letter of Stata, -> its label.
    missing
        Whether a value is one that the file declares missing.
    of_text
        Whether the column holds text, and no numbers.
    """

    labels: Mapping[float | str, str]
    missing: Callable[[float | str], bool]
    of_text: bool = False


@dataclass
class Spelt:
    """How many cells were read how, by what is to be said of them."""

    contradicting: int = 0
    ambiguous: int = 0


def plain_number(value: float | str) -> str:
    """A value as a form would write it: 12 and not 12.0; a letter of Stata with its dot."""
    if isinstance(value, str):
        return f".{value}"
    return np.format_float_positional(value, trim="-")


def reasons_of(column: pd.Series, about: Labels) -> NDArray[np.int8]:
    """(n,) int8 of `Absence`: what a value says that is declared missing; PRESENT of any other."""
    rows, distinct = pd.factorize(column)
    found = [Absence.PRESENT] * (len(distinct) + 1)
    for place, cell in enumerate(distinct):
        value = float(cell) if isinstance(cell, (int, float)) else str(cell)
        if about.missing(value):
            found[place] = BY_LABEL.get(about.labels.get(value, ""), Absence.PRESENT)
    return np.array(found, dtype=np.int8)[rows]


def code_of(
    choices: Sequence[Choice], about: Labels, shorten: Callable[[str], str], said: Spelt
) -> Callable[[float | str], str]:
    """How to find the code of a value; "" where the value says that there is no answer.

    `shorten` cuts a label as the package does.
    """
    codes = [choice.code for choice in choices]
    own = _own_numbers(choices, about, shorten)
    by_label = _by_label(choices, shorten)

    def find(value: float | str) -> str:
        label, number = about.labels.get(value, ""), plain_number(value)
        if about.missing(value):
            return _missing(label, number, choices, by_label, said)
        if isinstance(value, float) and value in own:
            return own[value]
        code = by_label.get(label, "")
        if code and number in codes and code != number:
            said.contradicting += 1
            return number
        if code or number in codes:
            return code or number
        return label if own and label and label not in codes else number

    return find


def _missing(
    label: str, number: str, choices: Sequence[Choice], by_label: Mapping[str, str], said: Spelt
) -> str:
    """The code of a value that the file declares missing."""
    codes = {choice.code for choice in choices}
    if label in EMPTY:
        return ""
    if label in MEANINGS:
        fitting = [choice.code for choice in choices if choice.missing is MEANINGS[label]]
        if len(fitting) == 1:
            return fitting[0]
        said.ambiguous += len(fitting) > 1
        return by_label.get(label, "")
    return by_label.get(label) or (number if number in codes else label or number)


def _own_numbers(
    choices: Sequence[Choice], about: Labels, shorten: Callable[[str], str]
) -> dict[float, str]:
    """Number -> code, where every label is the one that survey_kit writes; else nothing."""
    numbers = numbers_of([choice.code for choice in choices])
    found = {value: label for value, label in about.labels.items() if not about.missing(value)}
    codes = {float(number): code for code, number in numbers.items()}
    codes |= {
        value: label
        for value, label in found.items()
        if isinstance(value, float) and value not in codes
    }
    languages = {language for choice in choices for language in choice.label}
    for language in languages or {""}:
        labels = {
            float(numbers[choice.code]): shorten(choice.label.get(language, "") or choice.code)
            for choice in choices
        }
        if found and all(
            labels.get(value, label) == label if isinstance(value, float) else False
            for value, label in found.items()
        ):
            return codes
    return {}


def _by_label(choices: Sequence[Choice], shorten: Callable[[str], str]) -> dict[str, str]:
    """Label as the package holds it -> code; one that two choices share is left out."""
    found: dict[str, set[str]] = {}
    for choice in choices:
        for label in choice.label.values():
            found.setdefault(shorten(label), set()).add(choice.code)
    return {label: codes.pop() for label, codes in found.items() if label and len(codes) == 1}
