"""How much of a questionnaire can be asked in each of its languages, and how far it is checked.

A text is needed in every language as soon as one language has it. In a language it is then
missing, a draft, stale, reviewed, or there without anybody having said more. The language
that the others are translated from is there or missing: nobody marks it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from survey_kit.questionnaire.recordings import Slot, slots
from survey_kit.questionnaire.spoken import Spoken, Spot, spoken
from survey_kit.questionnaire.translation import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from survey_kit.questionnaire.model import Questionnaire


class State(Enum):
    """What there is of a text in a language."""

    MISSING = "missing"
    DRAFT = "draft"
    STALE = "stale"
    REVIEWED = "reviewed"
    UNMARKED = "unmarked"
    """There, and nobody said how far it may be trusted."""


_STATES = {
    None: State.UNMARKED,
    Status.DRAFT: State.DRAFT,
    Status.STALE: State.STALE,
    Status.REVIEWED: State.REVIEWED,
}


@dataclass(frozen=True)
class Cell:
    """One text in one language. `text` is empty where it is missing."""

    spot: Spot
    state: State
    text: str

    @property
    def place(self) -> str:
        """The stable place, such as ``question/label:drivers``."""
        return self.spot.place


@dataclass(frozen=True)
class LanguageCoverage:
    """One language: every text that is needed in it, and every recording.

    `cells` holds texts, `files` names of pictures, videos and recordings that the
    definition gives one by one, `slots` the recordings it names by a pattern.
    """

    code: str
    name: str
    cells: tuple[Cell, ...]
    files: tuple[Cell, ...]
    slots: tuple[Slot, ...]

    @property
    def needed(self) -> int:
        """How many texts are needed."""
        return len(self.cells)

    @property
    def translated(self) -> int:
        """How many of them are there, drafts and stale ones included."""
        return self.needed - self.count(State.MISSING)

    def count(self, state: State) -> int:
        """How many texts are in a state."""
        return sum(cell.state is state for cell in self.cells)

    def places(self, state: State) -> tuple[str, ...]:
        """Where the texts stand that are in a state, in the order of the interview."""
        return tuple(cell.place for cell in self.cells if cell.state is state)

    @property
    def is_draft(self) -> bool:
        """Whether any of its texts waits for a speaker's eye: a draft or stale."""
        return any(cell.state in (State.DRAFT, State.STALE) for cell in self.cells)

    @property
    def audio(self) -> tuple[Cell, ...]:
        """The recordings that the definition names one by one."""
        return tuple(cell for cell in self.files if cell.spot.part == "audio")

    @property
    def audio_needed(self) -> int:
        """How many recordings are needed."""
        named = {cell.place for cell in self.audio}
        return len(named) + sum(f"question/audio:{slot.key}" not in named for slot in self.slots)

    @property
    def audio_present(self) -> int:
        """How many recordings are there."""
        there = {cell.place for cell in self.audio if cell.text}
        there.update(f"question/audio:{slot.key}" for slot in self.slots if slot.recorded)
        return len(there)


@dataclass(frozen=True)
class Coverage:
    """Every language by its code, the first one first."""

    languages: Mapping[str, LanguageCoverage]

    def __getitem__(self, code: str) -> LanguageCoverage:
        return self.languages[code]


def coverage(questionnaire: Questionnaire) -> Coverage:
    """What is there in each language, and what is missing."""
    needed = [each for each in spoken(questionnaire) if each.texts]
    recordings = slots(questionnaire)
    return Coverage(
        {
            code: LanguageCoverage(
                code=code,
                name=name,
                cells=tuple(
                    _cell(questionnaire, each, code) for each in needed if not each.spot.is_file
                ),
                files=tuple(
                    _cell(questionnaire, each, code) for each in needed if each.spot.is_file
                ),
                slots=tuple(slot for slot in recordings if slot.language == code),
            )
            for code, name in questionnaire.languages.items()
        }
    )


def _cell(questionnaire: Questionnaire, each: Spoken, code: str) -> Cell:
    text = each.texts.get(code, "")
    if not text:
        return Cell(each.spot, State.MISSING, "")
    known = questionnaire.translations.get(code, {}).get(each.place)
    return Cell(each.spot, _STATES[known.status if known else None], text)


def coverage_rows(found: Coverage) -> tuple[dict[str, str | int], ...]:
    """One row a language, as `survey-kit translate` prints it."""
    rows: list[dict[str, str | int]] = []
    for code, each in found.languages.items():
        states = Counter(cell.state for cell in each.cells)
        rows.append(
            {
                "language": code,
                "name": each.name,
                "texts": each.needed,
                **{state.value: states[state] for state in State},
                "recordings": each.audio_needed,
                "recorded": each.audio_present,
            }
        )
    return tuple(rows)
