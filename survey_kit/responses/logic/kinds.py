"""What kind of thing a calculation gives, as far as its tree tells.

On the phone the answer of a calculation keeps the kind of its result: ``${age} > 17`` gives
true or false, not text. In the data it comes back as the text "1" or "0". To compare it as
the phone did, the kind is read off the expression again.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from survey_kit.questionnaire.expression import (
    Answer,
    Call,
    Negative,
    Node,
    Number,
    Operation,
    Path,
    Text,
    This,
)
from survey_kit.questionnaire.functions import ANY_NUMBER, Gives
from survey_kit.questionnaire.functions_elsewhere import function_called
from survey_kit.questionnaire.model import Item, Questionnaire
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.logic.value import Kind

_COMPARING = frozenset({"or", "and", "=", "!=", "<", "<=", ">", ">="})
_GIVES = {Gives.TRUTH: Kind.TRUTH, Gives.NUMBER: Kind.NUMBER, Gives.MOMENT: Kind.MOMENT}
_BRANCHES = {
    "if": (1, 3),
    "coalesce": (0, ANY_NUMBER),
    "once": (0, 1),
    "depend": (0, 1),
    "indexed-repeat": (0, 1),
}
"""Functions that give one of their arguments: from which, to before which."""
_TEXT = frozenset({Kind.TEXT})

_BY_STORAGE: dict[Storage, Kind] = {
    Storage.INTEGER: Kind.NUMBER,
    Storage.DECIMAL: Kind.NUMBER,
    Storage.DATE: Kind.MOMENT,
    Storage.DATETIME: Kind.MOMENT,
    Storage.TIME: Kind.MOMENT,
}


@dataclass(eq=False)
class Kinds:
    """The kinds that the answers to a questionnaire can have, a blank apart."""

    questionnaire: Questionnaire
    _known: dict[str, frozenset[Kind]] = field(default_factory=dict[str, frozenset[Kind]])

    def of(self, item: Item) -> frozenset[Kind]:
        """The kinds of one question: several where an ``if()`` gives now a number, now a text."""
        question = item.question
        if question.calculation is None or question.type.storage is not Storage.TEXT:
            return frozenset({_BY_STORAGE.get(question.type.storage, Kind.TEXT)})
        if item.key not in self._known:
            self._known[item.key] = _TEXT
            self._known[item.key] = self._of_node(question.calculation.tree)
        return self._known[item.key]

    def _of_node(self, node: Node) -> frozenset[Kind]:
        match node:
            case Number() | Negative():
                return frozenset({Kind.NUMBER})
            case Operation(operator, _, _):
                return frozenset({Kind.TRUTH if operator in _COMPARING else Kind.NUMBER})
            case Answer(name):
                item = self.questionnaire.by_key.get(name)
                return _TEXT if item is None else self.of(item)
            case Call(function, arguments) if function in _BRANCHES:
                first, last = _BRANCHES[function]
                given = [self._of_node(each) for each in arguments[first:last]]
                return frozenset(kind for kinds in given for kind in kinds)
            case Call(function, arguments):
                known = function_called(function, len(arguments))
                return frozenset({_GIVES.get(known.gives, Kind.TEXT) if known else Kind.TEXT})
            case Text() | This() | Path():
                return _TEXT
