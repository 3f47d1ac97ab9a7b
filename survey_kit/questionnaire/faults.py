"""A notebook for what is wrong with a definition, so that all of it is said at once."""

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
        self._found: dict[Fault, None] = dict.fromkeys(found)

    def add(self, place: Place, thing: str, what: str, remedy: str) -> None:
        """Note a fault at a place, in a thing such as ``question 'age'`` or in none."""
        self._found[Fault(f"{place}, {thing}" if thing else str(place), what, remedy)] = None

    def extend(self, faults: Iterable[Fault]) -> None:
        """Note the faults of another error."""
        self._found.update(dict.fromkeys(faults))

    @property
    def all(self) -> tuple[Fault, ...]:
        """Every fault so far."""
        return tuple(self._found)

    def raise_any(self) -> None:
        """Raise one `DefinitionError` for all of them, if there are any."""
        if self._found:
            raise DefinitionError.from_faults(self._found)
