"""A test of a form, tried on one engine or two: what was expected, what happened, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from survey_kit.questionnaire.in_row import InRow, in_row
from survey_kit.rehearsal.because import Because
from survey_kit.rehearsal.derived import derived_by_us
from survey_kit.rehearsal.differences import compare
from survey_kit.rehearsal.on_javarosa import Loaded, seen_by_javarosa
from survey_kit.rehearsal.seen import OURS, Seen, seen_by_us
from survey_kit.rehearsal.told import Answers, complete, rows_of
from survey_kit.responses.replay import begin

if TYPE_CHECKING:
    from collections.abc import Mapping

    from survey_kit.questionnaire.model import FormTest, Questionnaire

MOST_NAMED = 5
MIDDAY = "T12:00:00"


@dataclass(frozen=True)
class Failure:
    """One expectation that was not met.

    `kind` is asked, not_asked, values, refused, ends, or engines where the two do not agree.
    """

    engine: str
    kind: str
    question: str
    expected: str
    happened: str
    why: str
    place: str

    def __str__(self) -> str:
        where = f" ({self.place})" if self.place else ""
        why = f" {self.why}" if self.why else ""
        return f"{self.expected}, and {self.happened}.{why}{where}"


@dataclass(frozen=True)
class Trial:
    """What came of one test. `remarks` fail nothing, and are hardly meant."""

    test: FormTest
    engines: tuple[str, ...]
    failures: tuple[Failure, ...]
    remarks: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether every expectation was met."""
        return not self.failures


def try_out(
    questionnaire: Questionnaire,
    tests: Sequence[FormTest],
    *,
    loaded: Loaded | None = None,
    ours: bool = True,
    now: datetime,
) -> tuple[Trial, ...]:
    """Every test on our engine, on JavaRosa where it is `loaded`, and the two held together.

    Parameters
    ----------
    ours
        Whether the verdict of our engine counts. It is asked in any case, for the reasons.
    now
        The moment of a test that does not say when it takes place, by an answer to a question
        of type today or start.
    """
    moments = [_moment(test, questionnaire, now) for test in tests]
    answers = [_answers(test, questionnaire) for test in tests]
    clocked = [
        _with_clock(one, questionnaire, moment)
        for one, moment in zip(answers, moments, strict=True)
    ]
    rows = [rows_of(questionnaire, one) for one in clocked]
    interviews = complete(questionnaire, clocked, rows, moments)
    columns = begin(interviews).whole.columns
    derived = derived_by_us(interviews, columns)
    here = seen_by_us(interviews)
    there: list[Seen] | list[None] = [None] * len(tests)
    if loaded is not None:
        there = list(seen_by_javarosa(loaded, answers, moments))
    found: list[Trial] = []
    for which, test in enumerate(tests):
        because = Because(interviews, columns, which)
        trial = _Tried(test, questionnaire, because, derived[which], answers[which])
        seen: list[Seen] = [here[which]] if ours else []
        other = there[which]
        if other is not None:
            seen.append(other)
        failures = [failure for each in seen for failure in trial.failures(each)]
        if other is not None and ours:
            failures += trial.disagreements(here[which], other)
        remarks = tuple(trial.remarks(here[which]))
        found.append(Trial(test, tuple(each.engine for each in seen), tuple(failures), remarks))
    return tuple(found)


@dataclass(frozen=True)
class _Tried:
    test: FormTest
    questionnaire: Questionnaire
    because: Because
    derived: Mapping[str, str]
    answers: Answers

    def failures(self, seen: Seen) -> Iterator[Failure]:
        """Everything in which an engine does not do as the test expects."""
        for name in self.test.asked:
            place = in_row(name)
            if not self._any(seen, place):
                why = self.because.not_asked(place, seen)
                yield self._failure(seen, "asked", place, "was to be asked", "it was not", why)
        for name in self.test.not_asked:
            place = in_row(name)
            if self._any(seen, place):
                why = self.because.asked(place, seen)
                yield self._failure(seen, "not_asked", place, "was not to be asked", "it was", why)
        for name, wanted in self.test.values.items():
            yield from self._value(seen, in_row(name), wanted)
        yield from self._refused(seen)
        if self.test.ends is not None and self.test.ends != seen.ends:
            yield self._ends(seen)

    def disagreements(self, ours: Seen, theirs: Seen) -> Iterator[Failure]:
        """Nodes of which the two engines say different things."""
        for each in compare(ours, theirs, self.questionnaire).differences:
            yield self._failure(
                theirs,
                "engines",
                each.place,
                f"both engines were to say the same ({each.what})",
                f"ours says {each.ours}, JavaRosa {each.javarosa}",
                "",
            )

    def remarks(self, seen: Seen) -> Iterator[str]:
        """Answers that nobody could have given, since they were not asked for."""
        for place in self.answers:
            if not seen.asked.get(place, False):
                yield f"'{place}' is answered and not asked: {self.because.not_asked(place, seen)}"

    def _value(self, seen: Seen, place: InRow, wanted: str) -> Iterator[Failure]:
        if place.key in self.questionnaire.by_key:
            had = seen.values.get(self._first(place), "")
        elif seen.engine == OURS:
            had = self.derived[place.key]
        else:
            return
        if not same(had, wanted):
            expected = f"was to be '{wanted}'"
            happened = f"it is '{had}'" if had else "it is blank"
            why = self.because.value(place, seen)
            yield self._failure(seen, "values", place, expected, happened, why)

    def _refused(self, seen: Seen) -> Iterator[Failure]:
        wanted = [in_row(name) for name in self.test.refused]
        for place in wanted:
            if not any(_is(place, each) for each in seen.refused):
                asked = self._any(seen, place)
                happened = "it was taken" if asked else "it was not asked"
                why = (
                    self.because.constraint(place) if asked else self.because.not_asked(place, seen)
                )
                yield self._failure(seen, "refused", place, "was to be refused", happened, why)
        for place, reason in seen.refused.items():
            if not any(_is(each, place) for each in wanted):
                why = self.because.constraint(place)
                expected, happened = "was to be taken", f"it was refused: {reason}"
                yield self._failure(seen, "refused", place, expected, happened, why)

    def _ends(self, seen: Seen) -> Failure:
        if self.test.ends is False:
            happened = "nothing that must be answered is blank, and no answer is refused"
            return self._whole(seen, "the interview was not to end", happened)
        named = [str(place) for place in seen.missing[:MOST_NAMED]]
        more = len(seen.missing) - len(named)
        said = [f"{', '.join(named)}{f' and {more} more' if more else ''} must be answered"]
        said = said if named else []
        said += [f"{place} was refused ({reason})" for place, reason in seen.refused.items()]
        return self._whole(seen, "the interview was to end", "; ".join(said))

    def _whole(self, seen: Seen, expected: str, happened: str) -> Failure:
        place = str(self.test.source or "")
        return Failure(seen.engine, "ends", "", expected, happened, "", place)

    def _failure(  # noqa: PLR0917 - the parts of the sentence in their order
        self, seen: Seen, kind: str, place: InRow, expected: str, happened: str, why: str
    ) -> Failure:
        item = self.questionnaire.by_key.get(place.key)
        source = item.question.source if item is not None else None
        return Failure(
            seen.engine,
            kind,
            str(place),
            f"'{place}' {expected}" if kind != "engines" else f"'{place}': {expected}",
            happened,
            why.strip(),
            str(source or self.test.source or ""),
        )

    def _any(self, seen: Seen, place: InRow) -> bool:
        """Whether a question was asked in the row that is named, or in any row."""
        if place.rows or not self.questionnaire.by_key[place.key].repeats:
            return seen.asked.get(place, False)
        return any(asked for each, asked in seen.asked.items() if each.key == place.key)

    def _first(self, place: InRow) -> InRow:
        depth = len(self.questionnaire.by_key[place.key].repeats)
        return place if place.rows else InRow(place.key, (1,) * depth)


def same(one: str, other: str) -> bool:
    """Whether two texts are the same value: 2 and 2.0 are, and so are moments with a zone."""
    if one == other:
        return True
    try:
        return float(one) == float(other)
    except ValueError:
        return False


def _is(named: InRow, place: InRow) -> bool:
    return named.key == place.key and named.rows in ((), place.rows)


def _answers(test: FormTest, questionnaire: Questionnaire) -> dict[InRow, str]:
    """The answers of a test; those of a repeat without a row are those of the first."""
    found: dict[InRow, str] = {}
    for name, answer in test.answers.items():
        place = in_row(name)
        depth = len(questionnaire.by_key[place.key].repeats)
        found[place if place.rows else InRow(place.key, (1,) * depth)] = answer
    return found


def _moment(test: FormTest, questionnaire: Questionnaire, now: datetime) -> datetime:
    for kind in ("start", "today"):
        for item in questionnaire.items:
            text = test.answers.get(item.key, "")
            if item.question.type.name == kind and text:
                try:
                    moment = datetime.fromisoformat(text if "T" in text else f"{text}{MIDDAY}")
                except ValueError:
                    continue
                return moment.replace(tzinfo=None)
    return now


def _with_clock(
    answers: Mapping[InRow, str], questionnaire: Questionnaire, moment: datetime
) -> dict[InRow, str]:
    """The answers, and what the phone notes when an interview begins."""
    noted = {"start": f"{moment:%Y-%m-%dT%H:%M:%S}", "today": f"{moment:%Y-%m-%d}"}
    clock = {
        InRow(item.key, ()): noted[item.question.type.name]
        for item in questionnaire.items
        if item.question.type.name in noted and not item.repeats
    }
    return {**clock, **answers}
