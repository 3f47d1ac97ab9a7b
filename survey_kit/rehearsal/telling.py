"""The outcome of tests, for a terminal and for a program."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from survey_kit.rehearsal.trial import Failure, Trial


def told_in_lines(trials: Sequence[Trial]) -> Iterator[str]:
    """A line for each test; under one that failed, everything that was not as it should be."""
    for trial in trials:
        yield f"{'pass' if trial.passed else 'FAIL'}  {trial.test.name}"
        for (kind, failure), engines in _by_engines(trial.failures).items():
            alone = kind != "engines" and set(engines) != set(trial.engines)
            yield f"        {failure}{f' [on {engines[0]} alone]' if alone else ''}"
        for remark in trial.remarks:
            yield f"        remark: {remark}"


def summary(trials: Sequence[Trial]) -> str:
    """17 tests: 16 passed, 1 failed."""
    failed = sum(not each.passed for each in trials)
    tests = f"{len(trials)} test{'' if len(trials) == 1 else 's'}"
    return f"{tests}: {len(trials) - failed} passed, {failed} failed"


def as_data(trials: Sequence[Trial]) -> list[dict[str, Any]]:
    """The same for a program."""
    return [
        {
            "name": trial.test.name,
            "place": str(trial.test.source or ""),
            "passed": trial.passed,
            "engines": list(trial.engines),
            "failures": [
                {
                    "engine": each.engine,
                    "kind": each.kind,
                    "question": each.question,
                    "expected": each.expected,
                    "happened": each.happened,
                    "why": each.why,
                    "place": each.place,
                }
                for each in trial.failures
            ],
            "remarks": list(trial.remarks),
        }
        for trial in trials
    ]


def _by_engines(failures: Sequence[Failure]) -> dict[tuple[str, str], list[str]]:
    """(kind, sentence) -> the engines that gave it."""
    found: dict[tuple[str, str], list[str]] = {}
    for each in failures:
        found.setdefault((each.kind, str(each)), []).append(each.engine)
    return found
