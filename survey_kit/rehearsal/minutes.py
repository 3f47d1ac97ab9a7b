"""How long an interview takes, by what is read aloud and answered in it.

    seconds = words of the question / pace + words of the choices on offer / pace
              + seconds to answer, by type + seconds to move on

Where the constants come from:

- Two words a second is what interviewers are trained to read at (Survey Research Center,
  University of Michigan, *General Interviewing Techniques*; Fowler and Mangione 1990,
  *Standardized Survey Interviewing*).
- In another language the same text takes as long: speakers of 17 languages convey information
  at about the same rate, whatever their syllables (Coupé, Oh, Dediu and Pellegrino 2019,
  Science Advances 5:eaaw2594). So the pace in a language is two words a second, times the words
  it needs for the texts of this very form, over those the default language needs for them.
  Scripts that do not part words by spaces are counted in letters.
- The seconds to answer and to move on are assumptions of ours. Hold them against the audit log
  of a pilot, and say better ones in a file (`--pace`).

Hints are instructions and not read. Choices are not read out where the list is long, or is
searched on the screen.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from survey_kit.errors import DefinitionError, StudyError
from survey_kit.questionnaire.faults import Faults
from survey_kit.questionnaire.yaml_file import read_tree
from survey_kit.questionnaire.yaml_shapes import Shapes

if TYPE_CHECKING:
    from pathlib import Path

    from survey_kit.questionnaire.model import Item, Question, Questionnaire

WORDS_A_SECOND = 2.0
LETTERS_A_SECOND = 10.0
"""Of a default language whose script does not part words: five letters a word."""
SECONDS_TO_MOVE_ON = 1.5
MOST_CHOICES_READ = 12
SECONDS_TO_ANSWER: Mapping[str, float] = MappingProxyType(
    {
        "select_one": 3.0,
        "select_multiple": 5.0,
        "rank": 12.0,
        "integer": 4.0,
        "decimal": 5.0,
        "range": 4.0,
        "text": 15.0,
        "date": 6.0,
        "time": 5.0,
        "dateTime": 8.0,
        "geopoint": 15.0,
        "geotrace": 60.0,
        "geoshape": 60.0,
        "image": 15.0,
        "audio": 30.0,
        "video": 30.0,
        "file": 15.0,
        "barcode": 5.0,
        "acknowledge": 2.0,
        "note": 0.0,
    }
)
OTHERWISE = 5.0
"""Seconds to answer a question of any other type."""
SEARCHED = ("minimal", "autocomplete", "search", "map")
_UNSPACED = ("THAI", "LAO", "KHMER", "MYANMAR", "CJK", "HIRAGANA", "KATAKANA", "TIBETAN")


@dataclass(frozen=True)
class Pace:
    """How fast is read and answered; every figure can be another one."""

    words_a_second: float = WORDS_A_SECOND
    letters_a_second: float = LETTERS_A_SECOND
    seconds_to_move_on: float = SECONDS_TO_MOVE_ON
    most_choices_read: float = MOST_CHOICES_READ
    answers: Mapping[str, float] = field(default_factory=lambda: SECONDS_TO_ANSWER)

    def to_answer(self, question: Question) -> float:
        """Seconds to answer a question."""
        return self.answers.get(question.type.name, OTHERWISE)


_FIGURES = ("words_a_second", "letters_a_second", "seconds_to_move_on", "most_choices_read")


def read_pace(path: Path) -> Pace:
    """The pace in a YAML file: any of the figures of `Pace`, `answers` by type of question.

    Raises
    ------
    FileProblem
        If the file is missing, empty or not YAML.
    StudyError
        If it has a key that there is not, or something that is no number above 0.
    """
    faults = Faults()
    shapes = Shapes(faults)
    found = shapes.block(read_tree(path), "pace", (*_FIGURES, "answers"))
    texts = {key: shapes.text(found[key], key) for key in _FIGURES if key in found}
    answers = shapes.cells(found.get("answers"), "answers")
    place = found[next(iter(found))].place if found else None
    for key, text in (*texts.items(), *answers.items()):
        if not _positive(text) and place is not None:
            faults.add(place, key, "this is no number above 0", "Write seconds, as in 4.5")
    try:
        faults.raise_any()
    except DefinitionError as error:
        raise StudyError.from_faults(error.faults) from None
    said = {name: float(seconds) for name, seconds in answers.items()}
    figures = {key: float(text) for key, text in texts.items()}
    return replace(Pace(answers=MappingProxyType({**SECONDS_TO_ANSWER, **said})), **figures)


def _positive(text: str) -> bool:
    try:
        return 0 <= float(text) < float("inf")
    except ValueError:
        return False


@dataclass(frozen=True)
class Reading:
    """Seconds to read the texts of a questionnaire in one language."""

    questionnaire: Questionnaire
    language: str
    pace: Pace

    def question(self, item: Item) -> float:
        """Seconds of one question, without its choices; 0 of what nobody is asked."""
        question = item.question
        if not question.type.asked or question.calculation is not None:
            return 0.0
        read = self.seconds(self.questionnaire.text(question.label, self.language))
        return read + self.pace.to_answer(question) + self.pace.seconds_to_move_on

    def choices(self, item: Item) -> tuple[float, ...]:
        """Seconds of each choice of a question's list, if it is read out."""
        return tuple(
            self.seconds(self.questionnaire.text(choice.label, self.language))
            for choice in self.questionnaire.choices(item.question)
        )

    def reads_out(self, item: Item) -> bool:
        """Whether the choices of a question are read out at all, if there are not too many."""
        appearance = item.question.appearance or ""
        return not any(each in appearance.split() for each in SEARCHED)

    def seconds(self, text: str) -> float:
        """Seconds to read a text."""
        return units(text) / self._units_a_second

    @cached_property
    def _units_a_second(self) -> float:
        default = self.questionnaire.language
        texts = [
            (each[default], each[self.language])
            for each in _texts(self.questionnaire)
            if each.get(default) and each.get(self.language)
        ]
        first = sum(units(one) for one, _ in texts)
        second = sum(units(other) for _, other in texts)
        in_letters = sum(_is_unspaced(one) for one, _ in texts) * 2 > len(texts)
        usual = self.pace.letters_a_second if in_letters else self.pace.words_a_second
        return usual * (second / first) if first and second else usual


def units(text: str) -> int:
    """Words of a text; letters where its script does not part words by spaces.

    >>> units("How old are you?"), units("อายุเท่าไร")
    (4, 8)
    """
    if not _is_unspaced(text):
        return len(text.split())
    return sum(unicodedata.category(letter).startswith("L") for letter in text)


def _is_unspaced(text: str) -> bool:
    letters = [letter for letter in text if unicodedata.category(letter) == "Lo"]
    return bool(letters) and any(
        unicodedata.name(letter, "").startswith(_UNSPACED) for letter in letters[:3]
    )


def _texts(questionnaire: Questionnaire) -> list[Mapping[str, str]]:
    labels = [item.question.label for item in questionnaire.items]
    return labels + [
        choice.label for each in questionnaire.lists.values() for choice in each.choices
    ]
