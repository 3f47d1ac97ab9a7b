"""A notebook for what is wrong with a definition, so that all of it is said at once.

Three kinds of fault stand in it. What cannot be kept at all (a group that never ends) is
refused by every reader. A *doubt* (a function that nobody knows, a name that stands there
twice) can be kept as it is written: whoever needs the meaning refuses it, and whoever
only carries the definition from one file to another does not. What is known *elsewhere*
(a type of SurveyCTO) is understood, so that answers can be read; but no form can be made of it.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from survey_kit.errors import DefinitionError, Fault

if TYPE_CHECKING:
    from collections.abc import Iterable

    from survey_kit.questionnaire.model import Place


class _Grade(IntEnum):
    """Who refuses a fault: those who make forms, those who need the meaning, or everybody."""

    ELSEWHERE = 1
    DOUBT = 2
    HARD = 3


class Faults:
    """Faults in the order in which they were found, each once.

    The one value in this package that changes: it is filled while a definition is read
    and thrown away afterwards.
    """

    def __init__(self, found: Iterable[Fault] = ()) -> None:
        self._found: dict[Fault, _Grade] = dict.fromkeys(found, _Grade.HARD)

    def add(self, place: Place, thing: str, what: str, remedy: str) -> None:
        """Note a fault at a place, in a thing such as ``question 'age'`` or in none."""
        self.extend([_fault(place, thing, what, remedy)])

    def doubt(self, place: Place, thing: str, what: str, remedy: str) -> None:
        """As `add`, of something that can be kept as it is written."""
        self.doubts([_fault(place, thing, what, remedy)])

    def elsewhere(self, place: Place, thing: str, what: str, remedy: str) -> None:
        """As `add`, of something that is understood, though ODK and Kobo do not know it."""
        self._note(_fault(place, thing, what, remedy), _Grade.ELSEWHERE)

    def doubts(self, faults: Iterable[Fault]) -> None:
        """Note the faults of another error, of something that can be kept."""
        for fault in faults:
            self._note(fault, _Grade.DOUBT)

    def known(self, faults: Iterable[Fault]) -> None:
        """Note the faults of another notebook, of what only another platform knows."""
        for fault in faults:
            self._note(fault, _Grade.ELSEWHERE)

    def extend(self, faults: Iterable[Fault]) -> None:
        """Note the faults of another error."""
        for fault in faults:
            self._note(fault, _Grade.HARD)

    def _note(self, fault: Fault, grade: _Grade) -> None:
        self._found[fault] = max(grade, self._found.get(fault, grade))

    @property
    def all(self) -> tuple[Fault, ...]:
        """Every fault so far of which the meaning is not known."""
        return tuple(fault for fault, grade in self._found.items() if grade > _Grade.ELSEWHERE)

    @property
    def hard(self) -> tuple[Fault, ...]:
        """Those that nobody can keep."""
        return tuple(fault for fault, grade in self._found.items() if grade is _Grade.HARD)

    @property
    def known_elsewhere(self) -> tuple[Fault, ...]:
        """Those of which no form for ODK or Kobo can be made, though they are understood."""
        return tuple(fault for fault, grade in self._found.items() if grade is _Grade.ELSEWHERE)

    def raise_any(self) -> None:
        """Raise one `DefinitionError` for all, if there is any that nobody can keep."""
        if self.hard:
            raise DefinitionError.from_faults(self.all)


def _fault(place: Place, thing: str, what: str, remedy: str) -> Fault:
    return Fault(f"{place}, {thing}" if thing else str(place), what, remedy)
