"""A change: one thing that differs between two versions, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from survey_kit.questionnaire.model import Place


class Severity(Enum):
    """What a change does to data already collected."""

    BREAKING = "breaking"
    """Data collected with the old form can no longer be read, or not be pooled with new data."""
    COMPATIBLE = "compatible"
    """Old data are read and pooled; whoever compares should know of the change."""
    COSMETIC = "cosmetic"
    """No answer could come out otherwise because of it."""


class About(Enum):
    """What a change is about."""

    FORM = "form"
    QUESTION = "question"
    GROUP = "group"
    REPEAT = "repeat"
    LIST = "list"
    DERIVED = "derived variable"


class Kind(Enum):
    """What changed. Closed: `docs/versions.md` gives the severity of each, with its reason."""

    FORM_ID = "form id"
    VERSION_UNCHANGED = "version unchanged"
    TITLE = "title"
    LANGUAGE_ADDED = "language added"
    LANGUAGE_REMOVED = "language removed"
    LANGUAGE_FIRST = "default language"
    SETTING = "setting"
    SHEET = "sheet"
    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    TYPE = "type"
    REPEAT = "moved into or out of a repeat"
    GROUP_PATH = "moved to another group"
    COLUMN_NAME = "name of its column"
    ORDER = "order"
    LABEL = "wording"
    TRANSLATION = "translation"
    HINT = "hint"
    MESSAGE = "message"
    MEDIA = "media"
    APPEARANCE = "appearance"
    RELEVANT = "who is asked"
    CONSTRAINT = "what is accepted"
    REQUIRED = "required"
    CALCULATION = "calculation"
    COUNT = "number of rows"
    CHOICE_FILTER = "choices offered"
    DEFAULT = "answer filled in beforehand"
    READ_ONLY = "read only"
    PARAMETERS = "parameters"
    COLUMN = "other column"
    PRIVACY = "class of privacy"
    LIST_FILE = "list or file of choices"
    CHOICE_ADDED = "choice added"
    CHOICE_REMOVED = "choice removed"
    CHOICE_RECODED = "code of a choice"
    CHOICE_MEANING = "meaning of a choice"
    CHOICE_WORDING = "wording of a choice"
    CHOICE_TRANSLATION = "translation of a choice"
    CHOICE_MISSING = "whether a choice is an answer"
    CHOICE_COLUMN = "column of a choice"
    CHOICE_MEDIA = "media of a choice"
    CHOICE_ORDER = "order of choices"
    DEFINITION = "definition"
    MARGINS = "weight margins"
    TESTS = "tests"
    TRUST = "state of translations"


PHONE_DOES_NOT_SHOW = frozenset(
    {Kind.PRIVACY, Kind.DEFINITION, Kind.MARGINS, Kind.TESTS, Kind.TRUST, Kind.CHOICE_MISSING}
)
"""Changes that leave the form on the phone as it was. Of derived variables, all do."""


@dataclass(frozen=True)
class Change:
    """One difference.

    `subject` is the name of what changed: the key of a question (its new one, where it was
    renamed), a list, a group; "" for the form. `questions` are the questions that it
    concerns, where that is not the subject alone. `old` and `new` hold what stood there, ""
    where nothing did. `why` says what it does to data already collected, `remedy` what to
    do about it, "" where nothing is to be done. `place` is that in the new definition, or in
    the old one for what is gone. `look` marks what a reviewer should not pass over though it
    breaks nothing. `code` is the old code, where the change is about one choice.
    """

    severity: Severity
    kind: Kind
    about: About
    subject: str
    old: str
    new: str
    why: str
    remedy: str = ""
    place: Place | None = None
    questions: tuple[str, ...] = ()
    look: bool = False
    code: str = ""

    @property
    def on_the_phone(self) -> bool:
        """Whether the form that phones hold is another because of it."""
        return self.kind not in PHONE_DOES_NOT_SHOW and self.about is not About.DERIVED


@dataclass(frozen=True)
class Changes:
    """Everything that differs, in the order of the new form; the form as a whole comes first.

    `old` and `new` are the names of the two versions.
    """

    form: str
    old: str
    new: str
    changes: tuple[Change, ...]

    def __bool__(self) -> bool:
        return bool(self.changes)

    def __len__(self) -> int:
        return len(self.changes)

    def of(self, severity: Severity) -> tuple[Change, ...]:
        """Those of one severity."""
        return tuple(change for change in self.changes if change.severity is severity)

    @cached_property
    def breaking(self) -> tuple[Change, ...]:
        """Those that break."""
        return self.of(Severity.BREAKING)
