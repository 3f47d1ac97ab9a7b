"""The types of question: each a row of facts in `questionnaire/types/`, not a class to override."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from survey_kit.collect import collect


class Storage(Enum):
    """What an answer is, once it is read."""

    CODE = "one code of a list"
    CODES = "several codes of a list, joined by spaces in the order of choosing"
    INTEGER = "a whole number"
    DECIMAL = "a number"
    TEXT = "text"
    DATE = "a day"
    TIME = "a time of day"
    DATETIME = "a moment, in the local time of the interview"
    LOCATION = "latitude, longitude, altitude and accuracy"
    FILE = "the name of an attached file"
    NOTHING = "no answer: something that is shown"


class Summary(Enum):
    """How the answers of many people are summed up."""

    SHARES = "the share of each code"
    SHARES_OF_CASES = "the share of people who chose each code; they add up to more than 100 %"
    MEAN = "the mean"
    NOTHING = "not at all"


@dataclass(frozen=True)
class QuestionType:
    """A type of question, as facts.

    `asked` is false for what the form fills in by itself (a calculation, the start
    of the interview). `identifying` is true where an answer may name or locate a
    person unless its question says otherwise: such an answer never leaves by default.
    `platform` is whose type it is, where phones with ODK or Kobo do not know it: answers to
    it are read, and no form is made of it. Its name may be the beginning of the type as it
    is written (``sensor_stream light_level``) where `followed` is true.
    """

    name: str
    storage: Storage
    summary: Summary
    xforms_type: str
    takes_choices: bool = False
    asked: bool = True
    identifying: bool = False
    platform: str = ""
    followed: bool = False


def question_types() -> dict[str, QuestionType]:
    """Every known type by its XLSForm name."""
    return collect("survey_kit.questionnaire.types", QuestionType)


def types_elsewhere() -> dict[str, QuestionType]:
    """The types that only other platforms know, by their name there."""
    return collect("survey_kit.questionnaire.types_elsewhere", QuestionType)
