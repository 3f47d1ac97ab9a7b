"""Reads the expressions of a definition, and notes those that cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from survey_kit.errors import ExpressionError
from survey_kit.questionnaire.parser import parse

if TYPE_CHECKING:
    from survey_kit.questionnaire.expression import Expression
    from survey_kit.questionnaire.faults import Faults
    from survey_kit.questionnaire.model import Place

_YES = frozenset({"yes", "true", "true()"})
_NO = frozenset({"no", "false", "false()"})


def truth_word(text: str) -> bool | None:
    """What a word such as yes, TRUE or false() says; None where it says something else.

    >>> truth_word("TRUE()"), truth_word("No"), truth_word("${age} > 4")
    (True, False, None)
    """
    folded = text.strip().casefold()
    return True if folded in _YES else False if folded in _NO else None


class ExpressionReader:
    """Reads each text once: forms repeat the same relevant many times."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._read: dict[str, Expression] = {}

    def read(self, text: str, place: Place, thing: str) -> Expression | None:
        """The expression, or None where there is none or it is noted as a fault."""
        source = text.strip()
        if not source:
            return None
        if source in self._read:
            return self._read[source]
        try:
            found = parse(source, f"{place}, {thing}")
        except ExpressionError as error:
            self._faults.extend(error.faults)
            return None
        self._read[source] = found
        return found

    def read_condition(self, text: str, place: Place, thing: str) -> Expression | None:
        """As `read`, but yes and no (as XLSForm has them) become true() and false()."""
        word = truth_word(text)
        return self.read(text if word is None else f"{word}()".lower(), place, thing)
