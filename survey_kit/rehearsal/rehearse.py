"""A form rehearsed: its tests, then random respondents, on the engines that are there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from survey_kit.errors import UsageError
from survey_kit.rehearsal import report, telling
from survey_kit.rehearsal.both import BothEngines, rehearse_both
from survey_kit.rehearsal.coverage import Coverage, rehearse_ours
from survey_kit.rehearsal.junit import junit
from survey_kit.rehearsal.minutes import Pace, Reading
from survey_kit.rehearsal.on_javarosa import Loaded, folders_of
from survey_kit.rehearsal.trial import Trial, try_out

if TYPE_CHECKING:
    from pathlib import Path

    from survey_kit.questionnaire.model import Questionnaire

Engines: TypeAlias = Literal["both", "ours", "javarosa"]

JAVAROSA_AT_MOST = 500
"""Interviews on JavaRosa; more of them show what these do not only rarely."""


@dataclass(frozen=True)
class Wanted:
    """What is to be rehearsed. `interviews` is the number of random ones, 0 for none.

    `folders` are those in which the files of the form lie.
    """

    engines: Engines = "both"
    part: str = ""
    interviews: int = 0
    seed: int = 1
    language: str | None = None
    pace: Pace | None = None
    folders: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Rehearsed:
    """What came of it. `without_java` says why JavaRosa was not asked, "" where it was.

    `gave_up` is what it said when random respondents were too much for it, "" where they were not.
    """

    questionnaire: Questionnaire
    trials: tuple[Trial, ...]
    coverage: Coverage | None
    both: BothEngines | None
    without_java: str
    gave_up: str = ""

    @property
    def passed(self) -> bool:
        """Whether every test passed, and random respondents found nothing wrong."""
        return (
            all(each.passed for each in self.trials)
            and (self.coverage is None or self.coverage.fine)
            and (self.both is None or self.both.fine)
            and not self.gave_up
        )

    def lines(self) -> Iterator[str]:
        """For a terminal."""
        if self.without_java:
            yield f"on our engine alone: {self.without_java}"
        yield from telling.told_in_lines(self.trials)
        yield telling.summary(self.trials)
        if self.coverage is not None:
            yield from report.lines(self.coverage)
        if self.both is not None:
            yield from report.both_lines(self.both)
        if self.gave_up:
            yield f"random interviews on JavaRosa came to no end: {self.gave_up}"

    def as_data(self) -> dict[str, Any]:
        """For a program."""
        random = self.coverage and report.as_data(self.coverage, self.both)
        return {
            "questionnaire": self.questionnaire.name,
            "version": self.questionnaire.version,
            "passed": self.passed,
            "without_javarosa": self.without_java or None,
            "javarosa_gave_up": self.gave_up or None,
            "tests": telling.as_data(self.trials),
            "random": random,
        }

    def junit(self) -> str:
        """The tests as JUnit XML."""
        return junit(self.questionnaire.name, self.trials)

    def page(self, suffix: str) -> str:
        """The report on random respondents as .md or .html.

        Raises
        ------
        UsageError
            If there were none, or the suffix is another one.
        """
        if self.coverage is None:
            raise UsageError(
                "--out", "there is a report on random respondents only", "Add --random 500"
            )
        title = f"Rehearsal of {self.questionnaire.name} {self.questionnaire.version}".strip()
        match suffix.casefold():
            case ".md":
                return report.markdown(title, self.coverage, self.both)
            case ".html":
                return report.as_html(title, self.coverage, self.both)
            case _:
                raise UsageError(
                    "--out",
                    f"the report is not written as {suffix or 'a file without a suffix'}",
                    "Give it the suffix .md or .html",
                )


def rehearse(
    questionnaire: Questionnaire,
    wanted: Wanted,
    *,
    now: datetime | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Rehearsed:
    """Try the tests of a form, and let random respondents go through it.

    Parameters
    ----------
    now
        The moment of the interviews; None is this one.

    Raises
    ------
    UsageError
        If JavaRosa alone is wanted and Java is not there, or no test has that in its name.
    DefinitionError
        If no form can be made of the definition, or JavaRosa does not take it.
    """
    moment = now or datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    tests = _chosen(questionnaire, wanted.part)
    without = _without_java(wanted.engines)
    if without:
        if wanted.engines == "javarosa":
            raise UsageError("--engine javarosa", without, "Install a Java runtime")
        trials = try_out(questionnaire, tests, now=moment)
        coverage = _ours(questionnaire, wanted, progress)
        said = without if wanted.engines == "both" else ""
        return Rehearsed(questionnaire, trials, coverage, None, said)

    from survey_kit.forms.javarosa import JavaRosa
    from survey_kit.forms.javarosa.process import JavaFault
    from survey_kit.forms.xform import xform

    ours = wanted.engines == "both"
    with JavaRosa() as javarosa:
        loaded = Loaded(javarosa, questionnaire, xform(questionnaire).xml, wanted.folders)
        trials = try_out(questionnaire, tests, loaded=loaded, ours=ours, now=moment)
        coverage = _ours(questionnaire, wanted, progress)
        both, gave_up = None, ""
        if coverage is not None:
            number = min(wanted.interviews, JAVAROSA_AT_MOST)
            progress(f"{number} random interviews on JavaRosa")
            try:
                both = rehearse_both(
                    loaded, number, seed=wanted.seed, now=moment, answers=coverage.answers
                )
            except (JavaFault, UsageError) as fault:
                gave_up = str(fault)
    return Rehearsed(questionnaire, trials, coverage, both, "", gave_up)


def _ours(
    questionnaire: Questionnaire, wanted: Wanted, progress: Callable[[str], None]
) -> Coverage | None:
    if not wanted.interviews:
        return None
    progress(f"{wanted.interviews} random interviews on our engine")
    language = wanted.language or questionnaire.language
    if language not in questionnaire.languages:
        raise UsageError(
            "--language",
            f"the form has no language '{language}'",
            f"Its languages are {', '.join(questionnaire.languages)}",
        )
    reading = Reading(questionnaire, language, wanted.pace or Pace())
    return rehearse_ours(questionnaire, wanted.interviews, seed=wanted.seed, reading=reading)


def _chosen(questionnaire: Questionnaire, part: str) -> tuple[Any, ...]:
    wanted = re.compile(re.escape(part), re.IGNORECASE)
    found = tuple(test for test in questionnaire.tests if wanted.search(test.name))
    if part and not found:
        raise UsageError(
            "-k",
            f"no test has '{part}' in its name",
            "The names are under tests: in the definition",
        )
    return found


def _without_java(engines: Engines) -> str:
    """Why JavaRosa is not asked; "" where it is."""
    from importlib.util import find_spec

    from survey_kit.forms.javarosa import java

    if engines == "ours":
        return "it was asked for"
    if java() is None:
        return "Java 8 or newer is not installed"
    if find_spec("pyxform") is None:
        return "pyxform, which brings JavaRosa, is not installed (field-to-finding[forms])"
    return ""


__all__ = ["Rehearsed", "Wanted", "folders_of", "rehearse"]
