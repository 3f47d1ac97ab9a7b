"""A rule: one thing that may be wrong with a form, known by a code that never changes.

A rule looks at the whole questionnaire and yields what it notices; its code, severity and
remedy are facts about the rule, written once. The first digit of a code is its family:

    Q0  the definition itself       Q5  languages, sounds and pictures
    Q1  reach: who is asked what    Q6  protection of people
    Q2  answers and choices         Q7  exports
    Q3  expressions                 Q8  targets: what an app cannot do
    Q4  texts                       Q9  what was allowed
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from survey_kit.collect import collect
from survey_kit.errors import Fault
from survey_kit.questionnaire.model import Place

if TYPE_CHECKING:
    from survey_kit.review.reviewed import Reviewed


class Severity(Enum):
    """How much it matters. Notes never make a check fail."""

    ERROR = "error"
    """Data will be wrong or missing, or somebody could be harmed."""
    WARNING = "warning"
    """It is hardly meant so; whoever means it says why (`allow`)."""
    NOTE = "note"
    """Good to know; nothing has to be done."""


@dataclass(frozen=True)
class Spot:
    """Where something stands: its place in the file, what it is called there, and whose it is.

    `name` is the question, group, list or language that an `allow` would name.
    """

    place: Place
    thing: str = ""
    name: str = ""

    def part(self, what: str) -> Spot:
        """The same place, one step closer: ``question 'age'`` to ``question 'age', hint``."""
        return Spot(self.place, f"{self.thing}, {what}" if self.thing else what, self.name)

    def named(self, name: str) -> Spot:
        """The same place, of another name."""
        return Spot(self.place, self.thing, name)


@dataclass(frozen=True)
class Notice:
    """What a rule notices. Without a remedy of its own, that of the rule is given."""

    spot: Spot
    what: str
    remedy: str = ""


@dataclass(frozen=True)
class Remark:
    """One finding: which rule, how much it matters, where, what, and what to do about it."""

    code: str
    severity: Severity
    place: Place
    question: str
    what: str
    remedy: str
    thing: str = ""

    @property
    def where(self) -> str:
        """The place, and what stands there: ``q.yaml, line 3, question 'age'``."""
        return f"{self.place}, {self.thing}" if self.thing else str(self.place)

    def __str__(self) -> str:
        return str(Fault(self.where, self.what, self.remedy))


@dataclass(frozen=True)
class Rule:
    """One rule. With a `profile`, it is asked only when a form is meant for that target."""

    code: str
    name: str
    severity: Severity
    summary: str
    why: str
    remedy: str
    check: Callable[[Reviewed], Iterator[Notice]]
    profile: str | None = None

    def remarks(self, reviewed: Reviewed) -> Iterator[Remark]:
        """What the rule finds in a questionnaire."""
        for notice in self.check(reviewed):
            yield Remark(
                code=self.code,
                severity=self.severity,
                place=notice.spot.place,
                question=notice.spot.name,
                what=notice.what,
                remedy=notice.remedy or self.remedy,
                thing=notice.spot.thing,
            )


def rules() -> dict[str, Rule]:
    """Every rule by its code, in the order of the codes.

    Raises
    ------
    RuntimeError
        If two rules share a name or a code: a fault of the program, not of its input.
    """
    found = sorted(collect("survey_kit.review.rules", Rule).values(), key=lambda rule: rule.code)
    by_code = {rule.code: rule for rule in found}
    if len(by_code) < len(found):
        raise RuntimeError("survey_kit.review.rules: two rules share a code")
    return by_code
