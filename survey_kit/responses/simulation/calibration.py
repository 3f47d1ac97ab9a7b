"""What simulated people should be like: shares, means and the associations between answers.

A calibration never says what is asked, or of whom: the questionnaire does. It only
says, of those who are asked, how likely each answer is. So a calibration cannot make
an interview that its form would refuse.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from survey_kit.questionnaire.expression import Expression
from survey_kit.responses.simulation.planting import Order

NO_SHARES: Mapping[str, float] = MappingProxyType({})


def _no_shares() -> Mapping[str, float]:
    return NO_SHARES


@dataclass(frozen=True)
class Likely:
    """How likely answers are. What is None or empty is not said here.

    shares
        Code -> share. Of a question with one answer the shares are weights among the
        choices that are offered; of one with several, each is the share of people who
        choose that code. A code without a share is never chosen. For whole numbers, number -> weight.
    odds
        Code -> by what the odds of its share are multiplied. Only in a case.
    mean, spread
        Mean and standard deviation of a number.
    median, factor
        Median, and the factor within which two thirds of the numbers lie, of a skewed
        number; of a date, in days before the question that `before` names.
    lowest, highest, step
        Limits of a number, and the size to whose multiples it is rounded.
    texts
        Texts, each as likely as the others.
    pattern
        A text in which # stands for a digit and ? for a capital letter.
    answered
        Share of people who answer where the form does not insist.
    follows, correlation
        Another question, and how closely (-1 to 1) a number goes with its rank among the answers to it.
    near
        Latitude, longitude, and kilometres around them, of a position.
    together
        Standard deviation, on the scale of log odds, of a person's inclination to choose
        many of the codes. 0: codes are chosen independently.
    site
        Standard deviation, on the scale of log odds, of each code between places.
    """

    shares: Mapping[str, float] = field(default_factory=_no_shares)
    odds: Mapping[str, float] = field(default_factory=_no_shares)
    mean: float | None = None
    spread: float | None = None
    median: float | None = None
    factor: float | None = None
    lowest: float | None = None
    highest: float | None = None
    step: float | None = None
    before: str | None = None
    texts: tuple[str, ...] = ()
    pattern: str | None = None
    follows: str | None = None
    correlation: float | None = None
    near: tuple[float, float, float] | None = None
    answered: float | None = None
    together: float | None = None
    site: float | None = None


@dataclass(frozen=True)
class Case:
    """What is likely of those for whom an expression holds; later cases overrule earlier ones."""

    when: Expression
    likely: Likely


@dataclass(frozen=True)
class Plan:
    """What is likely of one question, or of the number of rows of one repeat."""

    likely: Likely = field(default_factory=Likely)
    cases: tuple[Case, ...] = ()


@dataclass(frozen=True)
class Fieldwork:
    """Who interviewed when, and how long it took.

    `enumerator` and `place` name questions; interviews of one enumerator do not overlap,
    and answers are alike within a place by `site_effect` (standard deviation of the log
    odds of every code). `minutes` is the length of an interview in which nothing
    is asked, `minutes_a_question` what each question adds.
    """

    first_day: date = date(2026, 1, 5)
    last_day: date = date(2026, 2, 13)
    days_off: tuple[int, ...] = (6,)
    """Days of the week without interviews, 0 being Monday."""
    enumerator: str | None = None
    place: str | None = None
    site_effect: float = 0.0
    first_hour: float = 8.5
    a_day: int = 5
    minutes: float = 5.0
    minutes_a_question: float = 0.4
    minutes_factor: float = 1.15


@dataclass(frozen=True)
class Calibration:
    """Everything that is said about the simulated people.

    `missing` is the share of each kind of missing answer ("refused", "dont_know") wherever it is offered
    and its question says nothing else; a kind that is not in it is as likely as any other choice.
    """

    questions: Mapping[str, Plan] = field(default_factory=lambda: MappingProxyType({}))
    faults: tuple[Order, ...] = ()
    """What is to be planted in the interviews once they are made (`planting.plant`)."""
    repeats: Mapping[str, Plan] = field(default_factory=lambda: MappingProxyType({}))
    fieldwork: Fieldwork = field(default_factory=Fieldwork)
    missing: Mapping[str, float] = field(
        default_factory=lambda: MappingProxyType({"refused": 0.01, "dont_know": 0.01})
    )

    def plan(self, key: str) -> Plan:
        """What is likely of a question; nothing in particular where the calibration is silent."""
        return self.questions.get(key, NOTHING_SAID)


NOTHING_SAID = Plan()

EVERY_CHOICE_ALIKE = Calibration(missing=MappingProxyType({}))
"""Nothing is said of anybody: refusing is as likely as any other choice."""
