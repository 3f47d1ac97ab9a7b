"""From the text of an expression to its tree: the ODK XPath dialect, read once.

Tokens first, then a parser by precedence: ``or``, ``and``, ``= !=``, ``< <= > >=``, ``+ -``,
``* div mod``, a minus before a number, ``|``. The rules are those of the field's own engine,
JavaRosa: ``and``, ``or``, ``div``, ``mod`` and ``*`` are operators wherever an operand has just
ended, and a minus belongs to a name that it touches (``a-b`` is one name, ``a -b`` a difference).

A chain of a thousand ``or`` is as quick as it is long; only nesting has a limit
(`DEEPEST`), so that no form can exhaust the stack of whoever walks the tree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from survey_kit.errors import ExpressionError
from survey_kit.questionnaire.expression import (
    LAST_SAVED,
    Answer,
    Call,
    Expression,
    Negative,
    Node,
    Number,
    Operation,
    Path,
    Step,
    Text,
    This,
)
from survey_kit.questionnaire.functions import FUNCTIONS, INSTEAD, nearest
from survey_kit.questionnaire.functions_elsewhere import FUNCTIONS_ELSEWHERE, function_called
from survey_kit.questionnaire.words import XML_NAME

DEEPEST = 150
"""How many brackets, operators and minuses may stand inside one another."""

LEVELS = {
    "or": 1,
    "and": 2,
    "=": 3,
    "!=": 3,
    "<": 4,
    "<=": 4,
    ">": 4,
    ">=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "div": 6,
    "mod": 6,
    "|": 8,
}
"""How tightly an operator binds. A minus before a number stands at `MINUS`."""
MINUS = 7

_NODE_TESTS = ("text", "node", "comment", "processing-instruction")
_LOCATION_HEADS = ("instance", "current")
_CURLY = "‘’‚‛“”„‟«»"


class _Kind(Enum):
    TEXT = auto()
    NUMBER = auto()
    ANSWER = auto()
    NAME = auto()
    OPERATOR = auto()
    MARK = auto()
    END = auto()


@dataclass(frozen=True)
class _Token:
    kind: _Kind
    text: str
    start: int
    end: int


_NAME = rf"{XML_NAME}(?::{XML_NAME})?"
_TOKEN = re.compile(
    rf"""(?P<space>\s+)
    | (?P<TEXT>"[^"]*"|'[^']*')
    | (?P<ANSWER>\$\{{[^}}'"]*\}})
    | (?P<NUMBER>\d+(?:\.\d*)?|\.\d+)
    | (?P<NAME>{_NAME})
    | (?P<OPERATOR>!=|<=|>=|[=<>+\-*|])
    | (?P<MARK>\.\.|//|::|[./()\[\],@])""",
    re.VERBOSE,
)
_WORD_OPERATOR = re.compile(r"and|or|div|mod")


def parse(source: str, where: str) -> Expression:
    """The tree of an expression.

    Parameters
    ----------
    source
        As it was written, such as ``${age} >= 18 and selected(${why}, 'war')``.
    where
        The place of the expression, for messages.

    Raises
    ------
    ExpressionError
        If it cannot be read: where, what, at which character, and what to do.

    >>> parse("${age} >= 18", "question 'school', relevant").answers
    ('age',)
    """
    return Expression(source=source, tree=_Parser(source, where).parse())


class _Parser:
    """Reads one source from left to right, one token ahead."""

    def __init__(self, source: str, where: str) -> None:
        self._source = source
        self._where = where
        self._depth = 0
        self._scanned = 0
        self._ended = 0
        self._operand_ended = False
        self._token = self._scan()

    def parse(self) -> Node:
        if self._at_end():
            raise self._fault("the expression is empty", "Write one, or leave the cell empty", 0)
        tree = self._expression(1)
        if not self._at_end():
            raise self._unexpected("an operator such as 'and', or the end of the expression")
        return tree

    # tokens

    def _scan(self) -> _Token:
        """The next token; what an operator is depends on whether an operand has just ended."""
        while True:
            start = self._scanned
            if start == len(self._source):
                return _Token(_Kind.END, "", start, start)
            if self._operand_ended and (word := _WORD_OPERATOR.match(self._source, start)):
                return self._took(_Kind.OPERATOR, word.group(), start, word.end())
            found = _TOKEN.match(self._source, start)
            if found is None:
                raise self._unreadable(start)
            if found.lastgroup == "space":
                self._scanned = found.end()
                continue
            kind = _Kind[found.lastgroup or "END"]
            if kind is _Kind.OPERATOR and found.group() == "*" and not self._operand_ended:
                kind = _Kind.MARK
            return self._took(kind, found.group(), start, found.end())

    def _took(self, kind: _Kind, text: str, start: int, end: int) -> _Token:
        self._scanned = end
        self._operand_ended = kind in (_Kind.TEXT, _Kind.NUMBER, _Kind.ANSWER, _Kind.NAME) or (
            kind is _Kind.MARK and text in (".", "..", ")", "]", "*")
        )
        return _Token(kind, text, start, end)

    def _advance(self) -> _Token:
        taken = self._token
        self._ended = taken.end
        self._token = self._scan()
        return taken

    def _at_end(self) -> bool:
        return self._token.kind is _Kind.END

    def _at(self, *marks: str) -> bool:
        return self._token.kind is _Kind.MARK and self._token.text in marks

    def _expect(self, mark: str, what: str) -> _Token:
        if not self._at(mark):
            raise self._unexpected(what)
        return self._advance()

    # grammar

    def _expression(self, loosest: int) -> Node:
        """Operands joined by operators that bind at least as tightly as `loosest`."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._fault(
                f"more than {DEEPEST} brackets and operators stand inside one another",
                "Move a part of it to a question of type calculate",
                self._token.start,
            )
        if self._token.kind is _Kind.OPERATOR and self._token.text == "-":
            self._advance()
            left: Node = Negative(self._expression(MINUS))
        else:
            left = self._operand()
        while self._token.kind is _Kind.OPERATOR and LEVELS[self._token.text] >= loosest:
            operator = self._advance().text
            left = Operation(operator, left, self._expression(LEVELS[operator] + 1))
        self._depth -= 1
        return left

    def _operand(self) -> Node:  # noqa: PLR0911 - one return for each kind of operand
        token = self._token
        match token.kind:
            case _Kind.TEXT:
                self._advance()
                return Text(token.text[1:-1])
            case _Kind.NUMBER:
                self._advance()
                return Number(float(token.text))
            case _Kind.ANSWER:
                return self._answer()
            case _Kind.NAME:
                return self._named()
            case _Kind.MARK if token.text == "(":
                self._advance()
                inner = self._expression(1)
                self._expect(")", "a closing bracket ')'")
                return inner
            case _Kind.MARK if token.text == ".":
                self._advance()
                return (
                    self._location(token.start, This(), ()) if self._at("/", "//", "[") else This()
                )
            case _Kind.MARK if token.text in ("..", "/", "//", "@", "*"):
                return self._location(token.start, None, ())
            case _:
                raise self._unexpected("a value, such as a number, 'text' or ${question}")

    def _answer(self) -> Node:
        token = self._advance()
        name = token.text[2:-1].strip()
        if not re.fullmatch(XML_NAME, name.removeprefix(LAST_SAVED)):
            raise self._fault(
                f"{token.text} is not the name of a question",
                "Write ${name}, where the name begins with a letter or an underscore",
                token.start,
            )
        answer = Answer(name)
        if self._at("/", "//", "["):
            return self._location(token.start, answer, (answer,))
        return answer

    def _named(self) -> Node:
        name = self._token
        following = self._source[name.end :].lstrip()[:1] if name.end < len(self._source) else ""
        if following != "(" or name.text in _NODE_TESTS:
            return self._location(name.start, None, ())
        self._advance()
        arguments = self._arguments()
        function = FUNCTIONS.get(name.text) or FUNCTIONS_ELSEWHERE.get(name.text)
        if function is None:
            guess = nearest(name.text)
            raise self._fault(
                f"there is no function '{name.text}'",
                INSTEAD.get(name.text)
                or (
                    f"Did you mean '{guess}'?" if guess else "See the functions at docs.getodk.org"
                ),
                name.start,
            )
        if function_called(name.text, len(arguments)) is None:
            raise self._fault(
                f"{name.text}() takes {function.takes}, not {len(arguments)}",
                "Check its commas and brackets",
                name.start,
            )
        call = Call(name.text, arguments)
        if name.text in _LOCATION_HEADS:
            return self._location(name.start, call, arguments)
        if self._at("/", "//", "["):
            return self._location(name.start, call, (call,))
        return call

    def _arguments(self) -> tuple[Node, ...]:
        self._expect("(", "an opening bracket '('")
        arguments: list[Node] = []
        if not self._at(")"):
            arguments.append(self._expression(1))
            while self._at(","):
                self._advance()
                arguments.append(self._expression(1))
        self._expect(")", "a comma or a closing bracket ')'")
        return tuple(arguments)

    # locations, kept verbatim and step by step

    def _location(self, start: int, head: Node | None, inside: tuple[Node, ...]) -> Path:
        """A location from its first step on, or from behind its head, which has been read."""
        found: list[Step] = []
        absolute = head is None and self._at("/", "//")
        if head is None and not absolute:
            found.append(self._step())
        elif absolute and self._advance().text == "//":
            found.append(Step("descendant", "*"))
        elif self._at("["):
            found.append(Step("self", "", self._brackets()))
        if absolute and (found or self._at_step()):
            found.append(self._step())
        while self._at("/", "//"):
            if self._advance().text == "//":
                found.append(Step("descendant", "*"))
            found.append(self._step())
        brackets = (node for step in found for node in step.brackets)
        text = self._source[start : self._ended]
        return Path(text, (*inside, *brackets), head, tuple(found), absolute)

    def _at_step(self) -> bool:
        return self._at(".", "..", "@", "*") or self._token.kind is _Kind.NAME

    def _step(self) -> Step:
        """One step with its brackets."""
        axis = "child"
        if self._at("@"):
            self._advance()
            axis = "attribute"
        if self._at(".", "..", "*"):
            mark = self._advance().text
            axis = {".": "self", "..": "parent"}.get(mark, axis)
            return Step(axis, "*" if mark == "*" else "", self._brackets())
        if self._token.kind is not _Kind.NAME:
            raise self._unexpected("the name of a question or group")
        name = self._advance().text
        if self._at("::"):
            self._advance()
            rest = self._step()
            return Step(name, rest.name, rest.brackets)
        if name in _NODE_TESTS and self._at("("):
            self._advance()
            self._expect(")", "a closing bracket ')'")
            name = f"{name}()"
        return Step(axis, name, self._brackets())

    def _brackets(self) -> tuple[Node, ...]:
        found: list[Node] = []
        while self._at("["):
            self._advance()
            found.append(self._expression(1))
            self._expect("]", "a closing bracket ']'")
        return tuple(found)

    # faults

    def _fault(self, what: str, remedy: str, position: int) -> ExpressionError:
        return ExpressionError(
            self._where, f"{what} (character {position + 1}: {self._excerpt(position)})", remedy
        )

    def _excerpt(self, position: int) -> str:
        first, last = max(0, position - 20), min(len(self._source), position + 30)
        excerpt = self._source[first:last].replace("\n", " ")
        before = "..." if first else ""
        after = "..." if last < len(self._source) else ""
        return f"{before}{excerpt}{after}"

    def _unexpected(self, wanted: str) -> ExpressionError:
        token = self._token
        if token.kind is _Kind.END:
            return self._fault("it ends too early", f"Here should stand {wanted}", token.start)
        return self._fault(
            f"'{token.text}' cannot stand here", f"Here should stand {wanted}", token.start
        )

    def _unreadable(self, position: int) -> ExpressionError:
        character = self._source[position]
        if character in _CURLY:
            return self._fault(
                f"{character} is a curly quote, which a form cannot read",
                "Write a straight quote, ' or \"",
                position,
            )
        if character in "'\"":
            return self._fault(
                "a text begins here and never ends", f"Close it with {character}", position
            )
        if character == "$":
            return self._fault(
                "a reference to a question begins here and never ends",
                "Write it as ${name}",
                position,
            )
        return self._fault(f"'{character}' means nothing in an expression", "Remove it", position)
