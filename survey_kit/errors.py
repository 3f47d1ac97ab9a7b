"""Every way in which survey_kit refuses, as one tree.

    SurveyKitError                 where: what. What to do.
    ├── UsageError                 the command or the call was put wrongly (exit code 2)
    │   └── MissingExtra           an optional part is not installed
    └── BadInput                   something that was handed over cannot be used (exit code 3)
        ├── DefinitionError        a questionnaire contradicts itself (all faults at once)
        │   └── ExpressionError    a relevant, constraint or calculation cannot be read
        │       └── CannotEvaluate it can be read, but not worked out on answers that came back
        ├── FileProblem            a file is missing, empty, or not what its suffix says
        ├── StudyError             study.yaml, or what it points at
        ├── ResponsesError         an export does not belong to this questionnaire
        ├── CodingError            a code frame, or a file of codes given to open answers
        ├── CorrectionError        a correction cannot be applied as it is written
        ├── DesignError            the design does not fit the data
        │   └── LonelyUnit         a stratum with a single cluster has no variance
        ├── WeightingError         the weights cannot be made to agree with the margins
        ├── EstimationError        a statistic is not defined for what was asked
        └── ProtectionError        showing this could identify a person

A fault in the *data* is not an error: it is a row in a table of findings.
No message holds the answer of a respondent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: where it is, what it is, and what to do about it."""

    where: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.where}: {_sentence(self.what)} {_sentence(self.remedy)}"


class SurveyKitError(Exception):
    """The root: a message in three parts, *where: what. What to do.*

    Parameters
    ----------
    where
        The place, as its author knows it: a file, a sheet and row, a question, a stratum.
    what
        What is wrong there, in one sentence without its full stop.
    remedy
        What the reader can do, in one sentence.
    """

    exit_code = 3

    def __init__(self, where: str, what: str, remedy: str) -> None:
        self.faults: tuple[Fault, ...] = (Fault(where, what, remedy),)
        super().__init__(str(self.faults[0]))

    @classmethod
    def from_faults(cls, faults: Iterable[Fault]) -> SurveyKitError:
        """One error for many faults, so that all of them can be mended at once."""
        found = tuple(faults)
        error = cls(found[0].where, found[0].what, found[0].remedy)
        error.faults = found
        error.args = ("\n".join(str(fault) for fault in found),)
        return error


class UsageError(SurveyKitError):
    """The command or the call was put wrongly."""

    exit_code = 2


class MissingExtra(UsageError):
    """An optional part is not installed; the message names the extra."""

    def __init__(self, what_for: str, package: str, extra: str) -> None:
        super().__init__(
            what_for,
            f"this needs the package {package}, which is not installed",
            f"Install it with: pip install 'field-to-finding[{extra}]'",
        )


class BadInput(SurveyKitError):
    """Something that was handed over cannot be used."""


class DefinitionError(BadInput):
    """A questionnaire contradicts itself. `faults` holds every contradiction found."""


class ExpressionError(DefinitionError):
    """A relevant, constraint, calculation or choice filter cannot be read."""


class CannotEvaluate(ExpressionError):
    """An expression can be read, but not worked out on answers that came back."""


class FileProblem(BadInput):
    """A file is missing, empty, or not what its suffix says."""


class StudyError(BadInput):
    """study.yaml, or something it points at, is not right."""


class ResponsesError(BadInput):
    """An export does not belong to this questionnaire."""


class CodingError(BadInput):
    """A code frame, or a file of codes given to open answers, cannot be used."""


class CorrectionError(BadInput):
    """A correction cannot be applied as it is written."""


class DesignError(BadInput):
    """The design does not fit the data."""


class LonelyUnit(DesignError):
    """A stratum holds a single cluster, so its variance cannot be estimated."""


class WeightingError(BadInput):
    """The weights cannot be made to agree with the margins."""


class EstimationError(BadInput):
    """A statistic is not defined for what was asked."""


class ProtectionError(BadInput):
    """Showing this could identify a person."""


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."
