"""Reads the expressions of a definition, and notes those that cannot be read.

Such an expression is kept as it is written: its tree is one location that leads nowhere,
with the answers that it names inside (a full stop too). It can be carried into another file, and whoever
evaluates it meets a location that nothing here knows.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from survey_kit.errors import ExpressionError
from survey_kit.questionnaire.expression import Answer, Call, Expression, Path, This, walk
from survey_kit.questionnaire.functions_elsewhere import only_elsewhere
from survey_kit.questionnaire.parser import parse
from survey_kit.questionnaire.words import REFERENCE

if TYPE_CHECKING:
    from survey_kit.questionnaire.faults import Faults
    from survey_kit.questionnaire.model import Place

_THIS = re.compile(r"(?<![\w./)\]}])\.(?![\w./])")
_YES = frozenset({"yes", "Yes", "YES", "true", "True", "TRUE", "true()"})
_NO = frozenset({"no", "No", "NO", "false", "False", "FALSE", "false()"})


def truth_word(text: str) -> bool | None:
    """What a word such as yes, TRUE or false() says; None where it says something else.

    The words are those that pyxform knows, no more: phones get any other as it stands.

    >>> truth_word("TRUE"), truth_word("No"), truth_word("${age} > 4"), truth_word("yEs")
    (True, False, None, None)
    """
    word = text.strip()
    return True if word in _YES else False if word in _NO else None


class ExpressionReader:
    """Reads each text once: forms repeat the same relevant many times."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._read: dict[str, Expression] = {}

    def read(self, text: str, place: Place, thing: str) -> Expression | None:
        """The expression, or None where there is none.

        One that cannot be read is noted as a doubt, at every place where it stands.
        """
        source = text.strip()
        if not source:
            return None
        if source in self._read:
            found = self._read[source]
            self._note_foreign(found, place, thing)
            return found
        try:
            found = parse(source, f"{place}, {thing}")
        except ExpressionError as error:
            self._faults.doubts(error.faults)
            named = [Answer(name) for name in dict.fromkeys(REFERENCE.findall(source))]
            itself = [This()] if _THIS.search(source) else []
            return Expression(source, Path(source, (*named, *itself)))
        self._read[source] = found
        self._note_foreign(found, place, thing)
        return found

    def _note_foreign(self, expression: Expression, place: Place, thing: str) -> None:
        """Note what phones with ODK or Kobo would stop at."""
        calls = (node for node in walk(expression.tree) if isinstance(node, Call))
        for foreign in dict.fromkeys(map(only_elsewhere, calls)):
            if foreign is not None:
                self._faults.elsewhere(place, thing, *foreign)

    def read_bound(self, text: str, place: Place, thing: str) -> Expression | None:
        """As `read`, but a word such as NO means what pyxform makes of it, and stays as written.

        pyxform does so with what it binds to a question: relevant, constraint and calculation.
        """
        word = truth_word(text)
        if word is None:
            return self.read(text, place, thing)
        return Expression(text.strip(), Call("true" if word else "false", ()))

    def read_condition(self, text: str, place: Place, thing: str) -> Expression | None:
        """As `read`, but yes and no (as XLSForm has them) become true() and false()."""
        word = truth_word(text)
        return self.read(text if word is None else f"{word}()".lower(), place, thing)
