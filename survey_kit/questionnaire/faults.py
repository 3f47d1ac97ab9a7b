"""A notebook for what is wrong with a definition, so that all of it is said at once.

Two kinds of fault stand in it. What cannot be kept at all (a group that never ends) is
refused by every reader. A *doubt* (a function that nobody knows, a name that stands there
twice) can be kept as it is written: whoever needs the meaning refuses it, and whoever
only carries the definition from one file to another does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from survey_kit.errors import DefinitionError, Fault

if TYPE_CHECKING:
    from collections.abc import Iterable

    from survey_kit.questionnaire.model import Place


class Faults:
    """Faults in the order in which they were found, each once.

    The one value in this package that changes: it is filled while a definition is read
    and thrown away afterwards.
    """

    def __init__(self, found: Iterable[Fault] = ()) -> None:
        self._found: dict[Fault, bool] = dict.fromkeys(found, True)

    def add(self, place: Place, thing: str, what: str, remedy: str) -> None:
        """Note a fault at a place, in a thing such as ``question 'age'`` or in none."""
        self._found[Fault(f"{place}, {thing}" if thing else str(place), what, remedy)] = True

    def doubt(self, place: Place, thing: str, what: str, remedy: str) -> None:
        """As `add`, of something that can be kept as it is written."""
        self.doubts([Fault(f"{place}, {thing}" if thing else str(place), what, remedy)])

    def doubts(self, faults: Iterable[Fault]) -> None:
        """Note the faults of another error, of something that can be kept."""
        for fault in faults:
            self._found.setdefault(fault, False)

    def extend(self, faults: Iterable[Fault]) -> None:
        """Note the faults of another error."""
        self._found.update(dict.fromkeys(faults, True))

    @property
    def all(self) -> tuple[Fault, ...]:
        """Every fault so far."""
        return tuple(self._found)

    @property
    def hard(self) -> tuple[Fault, ...]:
        """Those that nobody can keep."""
        return tuple(fault for fault, is_hard in self._found.items() if is_hard)

    def raise_any(self) -> None:
        """Raise one `DefinitionError` for all, if there is any that nobody can keep."""
        if any(self._found.values()):
            raise DefinitionError.from_faults(self._found)
