"""What random respondents show of a form: what nobody is asked, where nobody gets on, how long it is.

First people answer at random. Whoever is never asked then, is looked for: people are sent who
give the answers that its gates wait for (`wishes`). So what is still unreached has a gate that
cannot be opened, or only by answers that nobody could work out from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from survey_kit.questionnaire.expression import Path, walk
from survey_kit.rehearsal.because import gate_sentence
from survey_kit.rehearsal.walk import Noted, Walked, walked
from survey_kit.rehearsal.wish import Wishes
from survey_kit.rehearsal.wishes import Wishing, with_columns

if TYPE_CHECKING:
    from survey_kit.questionnaire.model import Item, Questionnaire
    from survey_kit.rehearsal.minutes import Reading
    from survey_kit.rehearsal.walk import Lengths

ROUNDS = 3
PEOPLE_A_WISH = 6
WILD_TRIES = 4
"""How often more people are sent with numbers and days out of a wide range."""
MOST_SENT = 6_000
"""How many are sent in a round to look for what chance did not find."""
MOST_ANSWERS_SENT = 10_000_000
"""How many answers they may be asked for together: of a form of 10,000 questions, 1,000 people."""
MOST_CHOICES_SOUGHT = 400
RAREST = 10
NEARLY_ALL = 0.9
"""A constraint that leaves so many of those who want to answer without an answer."""
FEWEST_TRIES = 10
OFFERED_OFTEN = 20
"""A choice that is on offer so often, and never chosen, hardly can be."""


@dataclass(frozen=True)
class Unreached:
    """A question that nobody was asked, with what it waits for.

    `impossible` where no answers at all can make its gates true.
    """

    key: str
    place: str
    gate: str
    impossible: bool


@dataclass(frozen=True)
class DeadEnd:
    """A question at which an interview cannot go on, or is asked for nothing.

    `stops` where it must be answered; `of` is the number of interviews in which it was asked.
    """

    key: str
    place: str
    reason: str
    interviews: int
    of: int
    stops: bool


@dataclass(frozen=True)
class Rare:
    """A question that is rarely asked of people who answer at random."""

    key: str
    share: float
    gate: str


@dataclass(frozen=True)
class Spread:
    """Smallest, median, 90th percentile and largest."""

    least: float
    median: float
    p90: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """The spread of some values, one at least."""
        least, median, p90, most = np.percentile(np.array(values), [0, 50, 90, 100]).tolist()
        return cls(least, median, p90, most)


@dataclass(frozen=True)
class Way:
    """Interviews that end in the same part of the form: how many, how long."""

    ends_in: str
    interviews: int
    questions: Spread
    minutes: Spread


@dataclass(frozen=True)
class Coverage:
    """What was found.

    `found` are questions that only those who were sent to look were asked; `left_out` says what
    our engine could not work out, so that the question was asked, or left blank. A choice that
    is never on offer may be `offered_elsewhere`, where another question has the same list.
    """

    interviews: int
    sent: int
    finished: int
    questions: int
    unreached: tuple[Unreached, ...]
    found: tuple[str, ...]
    dead_ends: tuple[DeadEnd, ...]
    refusing: tuple[DeadEnd, ...]
    never_offered: Mapping[str, tuple[str, ...]]
    offered_elsewhere: Mapping[str, tuple[str, ...]]
    never_chosen: Mapping[str, tuple[str, ...]]
    rarest: tuple[Rare, ...]
    ways: tuple[Way, ...]
    whole: Way
    language: str
    answers: Mapping[str, tuple[str, ...]]
    left_out: tuple[str, ...]

    @property
    def fine(self) -> bool:
        """Whether everything can be asked, and every interview can be finished."""
        return not (self.unreached or self.dead_ends or self.refusing)


def rehearse_ours(
    questionnaire: Questionnaire, interviews: int, *, seed: int, reading: Reading
) -> Coverage:
    """Random respondents on our engine, and what they show."""
    first = walked(questionnaire, interviews, seed=seed, reading=reading)
    seen = _Seen(questionnaire, first)
    seen.look_further(seed, reading)
    lengths = first.lengths
    rare = sorted(
        (note.asked / interviews, place, key)
        for place, (key, note) in enumerate(first.noted.items())
        if note.asked and _is_asked(questionnaire.by_key[key])
    )
    return Coverage(
        interviews=interviews,
        sent=seen.sent,
        finished=int((~lengths.stuck & ~lengths.barred).sum()),
        questions=len([item for item in questionnaire.items if _is_asked(item)]),
        unreached=tuple(seen.unreached()),
        found=tuple(seen.found()),
        dead_ends=tuple(seen.dead_ends()),
        refusing=tuple(seen.refusing()),
        never_offered=dict(seen.never_offered(elsewhere=False)),
        offered_elsewhere=dict(seen.never_offered(elsewhere=True)),
        never_chosen=dict(seen.never_chosen()),
        rarest=tuple(
            Rare(key, share, gate_sentence(questionnaire.by_key[key], questionnaire))
            for share, _, key in rare[:RAREST]
            if share < 1
        ),
        ways=tuple(_ways(questionnaire, lengths)),
        whole=_way("all", lengths, np.ones(interviews, dtype=np.bool_)),
        language=reading.language,
        answers=first.answers,
        left_out=(*(str(fault) for fault in first.left_out.values()), *seen.not_answered()),
    )


def _is_asked(item: Item) -> bool:
    return item.question.type.asked and item.question.calculation is None


def _ways(questionnaire: Questionnaire, lengths: Lengths) -> Iterator[Way]:
    """By the last part that an interview reached, the last part of the form first."""
    reached: list[int] = np.unique(lengths.last)[::-1].tolist()
    for place in reached:
        name = questionnaire.nodes[place].name if place >= 0 else "nothing is asked"
        for stuck in (False, True):
            where = (lengths.last == place) & (lengths.stuck == stuck)
            if where.any():
                yield _way(f"{name}, and cannot go on" if stuck else name, lengths, where)


def _way(name: str, lengths: Lengths, where: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Way:
    return Way(
        name,
        int(where.sum()),
        Spread.of(lengths.questions[where].tolist()),
        Spread.of((lengths.seconds[where] / 60).tolist()),
    )


class _Seen:
    """All that was noted, the walks of chance and those that looked further together."""

    def __init__(self, questionnaire: Questionnaire, first: Walked) -> None:
        self._questionnaire = questionnaire
        self._by_chance = first.noted
        self._noted = {key: _copied(note) for key, note in first.noted.items()}
        self._impossible: set[str] = set()
        self.sent = 0

    def look_further(self, seed: int, reading: Reading) -> None:
        """Send people who give the answers that unreached questions and choices wait for."""
        wishing = Wishing(self._questionnaire)
        most = min(MOST_SENT, MOST_ANSWERS_SENT // max(1, len(self._questionnaire.items)))
        for number in range(ROUNDS):
            wishes = list(self._wishes(wishing))[: max(1, most // PEOPLE_A_WISH)]
            if not wishes:
                return
            people = [each for each in wishes for _ in range(PEOPLE_A_WISH * (number + 1))]
            people = people[:most]
            walk = walked(
                self._questionnaire,
                len(people),
                seed=seed + 1 + number,
                reading=reading,
                wishes=people,
            )
            self.sent += len(people)
            for key, note in walk.noted.items():
                _add(self._noted[key], note)

    def _wishes(self, wishing: Wishing) -> Iterator[Wishes]:
        for key, note in self._noted.items():
            item = self._questionnaire.by_key[key]
            if note.asked or not _is_asked(item):
                continue
            alternatives = wishing.to_ask(item)
            if not alternatives:
                self._impossible.add(key)
            yield from alternatives
            yield from (wild for wild in wishing.wild(item) for _ in range(WILD_TRIES))
        for key, codes in islice(self.never_chosen(), MOST_CHOICES_SOUGHT):
            for code in codes[:MOST_CHOICES_SOUGHT]:
                yield from wishing.to_choose(self._questionnaire.by_key[key], code)[:2]
        sought = 0
        for key, codes in self.never_offered(elsewhere=False):
            item = self._questionnaire.by_key[key]
            rule = item.question.choice_filter
            for choice in self._questionnaire.choices(item.question):
                if rule is None or choice.code not in codes or sought > MOST_CHOICES_SOUGHT:
                    continue
                sought += 1
                bare = {each.text for each in walk(rule.tree) if isinstance(each, Path)}
                columns = {name: choice.columns.get(name, "") for name in bare}
                tree = with_columns(rule.tree, columns | {"name": choice.code})
                yield from wishing.to_hold(item, tree)

    def unreached(self) -> Iterator[Unreached]:
        for key, note in self._noted.items():
            item = self._questionnaire.by_key[key]
            if not note.asked and _is_asked(item) and not self._behind(item):
                gate = gate_sentence(item, self._questionnaire)
                place = str(item.question.source or "")
                yield Unreached(key, place, gate, key in self._impossible)

    def not_answered(self) -> Iterator[str]:
        """Questions whose choices are elsewhere, and what could not be reached because of that."""
        for key in self._elsewhere:
            question = self._questionnaire.by_key[key].question
            where = (
                question.file or question.external_list or f"the answers to {question.choices_from}"
            )
            waiting = [
                other
                for other, note in self._noted.items()
                if not note.asked and key in self._behind(self._questionnaire.by_key[other])
            ]
            so = f", so nobody came to {', '.join(waiting)}" if waiting else ""
            yield (
                f"question '{key}': its choices are in {where}, which random respondents on our "
                f"engine do not know{so}"
            )

    @cached_property
    def _elsewhere(self) -> tuple[str, ...]:
        """Questions that were asked, whose choices are not in the definition, and never answered."""
        return tuple(
            key
            for key, note in self._noted.items()
            for question in [self._questionnaire.by_key[key].question]
            if note.asked
            and (question.file or question.external_list or question.choices_from)
            and note.failed >= NEARLY_ALL * note.tried
        )

    def _behind(self, item: Item) -> set[str]:
        """The questions without known choices that a question waits for."""
        if not self._elsewhere:
            return set()
        return Wishing(self._questionnaire).waits_for(item) & set(self._elsewhere)

    def found(self) -> Iterator[str]:
        for key, note in self._noted.items():
            item = self._questionnaire.by_key[key]
            if note.asked and not self._by_chance[key].asked and _is_asked(item):
                yield key

    def dead_ends(self) -> Iterator[DeadEnd]:
        for key, note in self._noted.items():
            if key in self._elsewhere:
                continue
            if note.stopped:
                yield self._dead_end(key, note, self._reason(key, note), note.stopped, stops=True)
            elif note.without_choices:
                reason = "no choice is on offer"
                yield self._dead_end(key, note, reason, note.without_choices, stops=False)

    def refusing(self) -> Iterator[DeadEnd]:
        for key, note in self._noted.items():
            if note.stopped or note.without_choices or note.tried < FEWEST_TRIES:
                continue
            if key in self._elsewhere:
                continue
            if note.failed >= NEARLY_ALL * note.tried:
                reason = "its constraint refuses nearly every answer"
                yield self._dead_end(key, note, reason, note.failed, stops=False)

    def never_offered(self, *, elsewhere: bool) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Choices that a question never offers: those of other questions' too, or those alone."""
        shown: dict[str | None, set[str]] = {}
        for key, note in self._noted.items():
            name = self._questionnaire.by_key[key].question.choices
            shown.setdefault(name, set()).update(code for code, n in note.offered.items() if n)
        for key, note in self._noted.items():
            question = self._questionnaire.by_key[key].question
            if not (note.asked and note.offered):
                continue
            never = tuple(
                choice.code
                for choice in self._questionnaire.choices(question)
                if not note.offered[choice.code]
                and (choice.code in shown[question.choices]) == elsewhere
            )
            if never:
                yield key, never

    def never_chosen(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        for key, note in self._noted.items():
            never = tuple(
                code
                for code, times in note.offered.items()
                if times >= OFFERED_OFTEN * len(note.offered) and not note.chosen[code]
            )
            if never:
                yield key, never

    def _reason(self, key: str, note: Noted) -> str:
        question = self._questionnaire.by_key[key].question
        if not question.type.asked or question.read_only or not note.tried:
            return "it must be answered, and nobody can answer what is only shown"
        if note.without_choices:
            return "it must be answered, and no choice is on offer"
        return "it must be answered, and no answer was found that it allows"

    def _dead_end(self, key: str, note: Noted, reason: str, number: int, *, stops: bool) -> DeadEnd:
        place = str(self._questionnaire.by_key[key].question.source or "")
        return DeadEnd(key, place, reason, number, note.asked, stops)


def _copied(note: Noted) -> Noted:
    fresh = Noted()
    _add(fresh, note)
    return fresh


def _add(to: Noted, more: Noted) -> None:
    to.asked += more.asked
    to.tried += more.tried
    to.failed += more.failed
    to.without_choices += more.without_choices
    to.stopped += more.stopped
    to.offered.update(more.offered)
    to.chosen.update(more.chosen)
