"""A plan: how many interviews, for what, on which assumptions, and the sentence that says so.

A plan has the same shape whichever way it was asked for: interviews for a margin, or a margin
for interviews; so plans can be laid side by side, and each can be checked by its inverse.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from survey_kit.design.planning.fieldwork import Fieldwork

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Plan:
    """How many people to interview, and what they will tell.

    purpose
        What it is for, in words: "estimate a share of 50%".
    groups
        Interviews in each group or round of one domain; one number if there is but one.
    each
        What the groups are: "group", "round"; "" if there is one.
    goal
        What is reached, in words: "to within ±5.0 percentage points, with 95% confidence".
    fieldwork
        How the sample will be drawn and met.
    confidence
        Of the interval; for a test, 1 less its level.
    margin
        Half the width of the interval, in the unit of the quantity; None for a test.
    difference, power
        What a test is to find, and how likely it is to; None for an interval.
    assumed
        Further assumptions, each a sentence.
    notes
        What to be careful about, each a sentence.
    formula
        Where the number comes from: author, year, and what it is.
    """

    purpose: str
    groups: tuple[int, ...]
    each: str
    goal: str
    fieldwork: Fieldwork
    confidence: float
    margin: float | None = None
    difference: float | None = None
    power: float | None = None
    assumed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    formula: str = ""

    @property
    def interviews(self) -> int:
        """Interviews in all: over groups and domains."""
        return sum(self.groups) * self.fieldwork.domains

    @property
    def approached(self) -> int:
        """People to approach in all, given the response that is expected."""
        return sum(map(self.fieldwork.approached, self.groups)) * self.fieldwork.domains

    @property
    def clusters(self) -> int | None:
        """Clusters to draw in all; None if there are none."""
        found = [self.fieldwork.clusters(n) for n in self.groups]
        known = [number for number in found if number is not None]
        return sum(known) * self.fieldwork.domains if known else None

    @property
    def effective(self) -> float:
        """How many people of simple random samples the interviews are worth."""
        return self.interviews / self.fieldwork.design_effect.value

    @property
    def frame(self) -> pd.DataFrame:
        """One row: what was asked for and what it takes. Plans can be stacked."""
        return side_by_side([self])

    @property
    def sentence(self) -> str:
        """What the section on methods may say, in plain sentences."""
        return " ".join(self._sentences())

    def _sentences(self) -> list[str]:
        fieldwork, effect = self.fieldwork, self.fieldwork.design_effect
        said = [f"{self._how_many()} {self.purpose} {self.goal}."]
        if effect.value != 1:
            why = f" ({effect.words})" if effect.words else ""
            said.append(
                f"The design effect is taken to be {effect.value:.2f}{why}: "
                f"{_count(self.interviews, 'interview')} are worth {self.effective:,.0f} of a "
                "simple random sample."
            )
        if self.clusters is not None:
            said.append(f"They are held in {_count(self.clusters, 'cluster')}.")
        if self.margin is not None and fieldwork.population is not None:
            where = "Each domain" if fieldwork.domains > 1 else "The population"
            said.append(f"{where} is taken to be {_count(fieldwork.population, 'person')}.")
        if fieldwork.response < 1 or fieldwork.eligible < 1:
            said.append(self._response())
        said.extend(self.assumed)
        said.extend(self.notes)
        if fieldwork.caution:
            said.append(fieldwork.caution)
        return said

    def _how_many(self) -> str:
        domains = self.fieldwork.domains
        inside = f" in each of {domains} domains" if domains > 1 else ""
        in_all = f", {self.interviews:,} in all," if inside or len(self.groups) > 1 else ""
        largest = _count(max(self.groups), "interview")
        if len(self.groups) == 1:
            return f"{largest}{inside}{in_all}"
        if len(set(self.groups)) == 1:
            return f"{largest} in each of {len(self.groups)} {self.each}s{inside}{in_all}"
        numbers = " and ".join(f"{n:,}" for n in self.groups)
        return f"{numbers} interviews in the {len(self.groups)} {self.each}s{inside}{in_all}"

    def _response(self) -> str:
        fieldwork = self.fieldwork
        parts: list[str] = []
        if fieldwork.eligible < 1:
            parts.append(f"{fieldwork.eligible:.0%} of those approached are eligible")
        if fieldwork.response < 1:
            of = "of these" if parts else "of those approached"
            parts.append(f"{fieldwork.response:.0%} {of} answer")
        people = _count(self.approached, "person")
        return f"If {' and '.join(parts)}, {people} must be approached."

    def _repr_html_(self) -> str:
        """The sentence over the table, for notebooks."""
        table = str(self.frame.T.to_html(header=False))
        return f"<p>{escape(self.sentence)}</p>{table}<p>{escape(self.formula)}</p>"


def side_by_side(plans: Iterable[Plan]) -> pd.DataFrame:
    """One row for each plan: to see what another margin, take or response would cost.

    Returns
    -------
    Columns purpose, interviews, approached, clusters, effective (numbers of people and
    clusters), margin, difference (unit of the quantity), power, confidence, design effect,
    response, population, sampling; missing where it does not apply.
    """
    import pandas as pd

    rows = [
        {
            "purpose": plan.purpose,
            "interviews": plan.interviews,
            "approached": plan.approached,
            "clusters": plan.clusters,
            "effective": plan.effective,
            "margin": plan.margin,
            "difference": plan.difference,
            "power": plan.power,
            "confidence": plan.confidence,
            "design effect": plan.fieldwork.design_effect.value,
            "response": plan.fieldwork.response * plan.fieldwork.eligible,
            "population": plan.fieldwork.population,
            "sampling": plan.fieldwork.sampling.value,
        }
        for plan in plans
    ]
    frame = pd.DataFrame(rows)
    for name in ("clusters", "population"):
        frame[name] = frame[name].astype("Int64")
    for name in ("margin", "difference", "power"):
        frame[name] = frame[name].astype("float64")
    return frame


def percent(share: float) -> str:
    """0.5 -> "50%", 0.025 -> "2.5%"."""
    return f"{round(share * 100, 2):g}%"


def _count(number: int, noun: str) -> str:
    if number == 1:
        return f"1 {noun}"
    return f"{number:,} {'people' if noun == 'person' else noun + 's'}"
