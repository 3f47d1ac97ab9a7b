"""From a tree back to the text of an expression: the inverse of `parser.parse`."""

from __future__ import annotations

from decimal import Decimal

from survey_kit.errors import ExpressionError
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
from survey_kit.questionnaire.parser import LEVELS, MINUS


def to_xpath(node: Node) -> str:
    """The shortest text that `parse` reads as this tree again.

    Raises
    ------
    ExpressionError
        If a text in it holds both kinds of quotes, which the dialect cannot write.

    >>> from survey_kit.questionnaire.parser import parse
    >>> to_xpath(parse("(${a}+1)*2 >= (3)", "here").tree)
    '(${a} + 1) * 2 >= 3'
    """
    return _print(node, 1)


def _print(node: Node, loosest: int) -> str:  # noqa: PLR0911 - one return for each kind of node
    match node:
        case Text(value):
            return _quoted(value)
        case Number(value):
            return _digits(value)
        case Answer(name):
            return f"${{{name}}}"
        case This():
            return "."
        case Path(text, _):
            return text
        case Call(function, arguments):
            return f"{function}({', '.join(_print(each, 1) for each in arguments)})"
        case Negative(operand):
            text = f"-{_print(operand, MINUS)}"
            return f"({text})" if loosest > MINUS else text
        case Operation():
            return _chain(node, loosest)


def _chain(node: Operation, loosest: int) -> str:
    """A chain of operations to the left, however long, without recursion along it."""
    level = LEVELS[node.operator]
    pieces: list[str] = []
    current: Node = node
    while isinstance(current, Operation) and LEVELS[current.operator] == level:
        pieces.append(f"{current.operator} {_print(current.right, level + 1)}")
        current = current.left
    pieces.append(_print(current, level))
    text = " ".join(reversed(pieces))
    return f"({text})" if level < loosest else text


def _quoted(value: str) -> str:
    if "'" not in value:
        return f"'{value}'"
    if '"' not in value:
        return f'"{value}"'
    raise ExpressionError(
        "a text in an expression",
        "it holds both kinds of quotes, which an expression cannot write",
        "Join two texts with concat()",
    )


def _digits(value: float) -> str:
    """A number without an exponent, which the dialect does not know."""
    text = format(Decimal(repr(value)), "f")
    return text.removesuffix(".0")
