"""What only the device knew while the interview went on, so that nothing can work it out again.

Chance (``random()``, ``uuid()``), the clock (``now()``), settings of the phone, the interview
before, and when a ``trigger`` set a calculation off. Where such a calculation came back with
the answers, what came back is its value.
"""

from __future__ import annotations

from survey_kit.errors import CannotEvaluate
from survey_kit.questionnaire.expression import LAST_SAVED, Answer, Call, Node, walk
from survey_kit.questionnaire.functions_elsewhere import function_called
from survey_kit.questionnaire.model import Question

_ONCE_REACHED = "calculate_here"
"""SurveyCTO's: what it gives rests on when the interview came there."""


class OnDeviceOnly(CannotEvaluate):
    """It can be read, but only the device could tell its value."""


def known_on_device_only(question: Question) -> bool:
    """Whether the value of a calculation cannot be worked out again, only be read."""
    if question.calculation is None:
        return False
    if question.extra.get("trigger") or question.type.name == _ONCE_REACHED:
        return True
    return any(_on_device(node) for node in walk(question.calculation.tree))


def _on_device(node: Node) -> bool:
    match node:
        case Call("now", _):
            return True
        case Call("randomize", (_,)):
            return True
        case Call(function, arguments):
            known = function_called(function, len(arguments))
            return known is not None and bool(known.elsewhere)
        case Answer(name):
            return name.startswith(LAST_SAVED)
        case _:
            return False
