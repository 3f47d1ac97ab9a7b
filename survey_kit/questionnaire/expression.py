"""An expression of the ODK XPath dialect, as a tree.

One tree serves everywhere: XPath in the form, a column on the data, a sentence on
paper, a base under a table, a filter in the explorer. It is parsed once, when the
questionnaire is read (`questionnaire/parser.py`), and never evaluated as text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Text:
    """A quoted text: 'yes'."""

    value: str


@dataclass(frozen=True)
class Number:
    """A number as written: 18 or 0.5."""

    value: float


LAST_SAVED = "last-saved#"
"""Before the name in ``${last-saved#age}``: the answer in the interview before this one."""


@dataclass(frozen=True)
class Answer:
    """The answer to another question: ${age}. Its name may begin with `LAST_SAVED`."""

    name: str


@dataclass(frozen=True)
class This:
    """The answer to the question itself: a full stop."""


@dataclass(frozen=True)
class Step:
    """One step of a location, and what stands in its brackets.

    `axis` is ``child``, ``parent`` (written ``..``), ``self`` (``.``), ``attribute`` (``@``), or
    whatever was written before ``::``; ``descendant`` stands for a double slash.
    """

    axis: str
    name: str
    brackets: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Path:
    """Any other XPath location, verbatim: ``..``, ``/data/age``, or a bare name.

    In a choice filter a bare name is a column of the choices sheet. `inside` holds what
    stands at its head (``${roster}`` in ``${roster}[age > 18]``) and in its brackets. The same
    again in order: `head` is where it begins, unless at the top of the form (`absolute`) or at
    the question itself, and `steps` lead on from there.
    """

    text: str
    inside: tuple[Node, ...] = ()
    head: Node | None = field(default=None, compare=False)
    steps: tuple[Step, ...] = field(default=(), compare=False)
    absolute: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Call:
    """A function and its arguments: selected(${why}, 'war')."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True)
class Operation:
    """Two operands and what stands between them: ``or and = != < <= > >= + - * div mod |``."""

    operator: str
    left: Node
    right: Node

    # A sum of a thousand answers hangs down to the left a thousand times, so these go down it
    # in a loop: Python does not call itself so deeply.

    def __hash__(self) -> int:
        """The same for equal operations."""
        first, others = self._parts()
        return hash((first, *others))

    def __eq__(self, other: object) -> bool:
        """Whether it is the same operation on the same operands."""
        if not isinstance(other, Operation):
            return NotImplemented
        return self is other or self._parts() == other._parts()

    def __repr__(self) -> str:
        """The first operand, and each operator with what stands to its right."""
        first, others = self._parts()
        return f"Operation({first!r}{''.join(f' {by} {right!r}' for by, right in others[::-1])})"

    def _parts(self) -> tuple[Node, list[tuple[str, Node]]]:
        """What stands furthest left, and each operator with what stands to its right."""
        others: list[tuple[str, Node]] = []
        node: Node = self
        while isinstance(node, Operation):
            others.append((node.operator, node.right))
            node = node.left
        return node, others


@dataclass(frozen=True)
class Negative:
    """A number with a minus before it."""

    operand: Node


Node: TypeAlias = Text | Number | Answer | This | Path | Call | Operation | Negative


@dataclass(frozen=True)
class Expression:
    """What was written, kept verbatim, and the tree it means.

    Two expressions are equal when they were written alike.
    """

    source: str
    tree: Node = field(compare=False)

    def __str__(self) -> str:
        return self.source

    @property
    def answers(self) -> tuple[str, ...]:
        """Names of the questions it refers to as ${name}, each once, in order."""
        return tuple(dict.fromkeys(n.name for n in walk(self.tree) if isinstance(n, Answer)))

    @property
    def refers_to_itself(self) -> bool:
        """Whether a full stop stands in it."""
        return any(isinstance(node, This) for node in walk(self.tree))


def walk(node: Node) -> Iterator[Node]:
    """A node and everything below it, depth first."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        match current:
            case Call(_, arguments):
                stack.extend(reversed(arguments))
            case Operation(_, left, right):
                stack.extend((right, left))
            case Negative(operand):
                stack.append(operand)
            case Path(_, inside):
                stack.extend(reversed(inside))
            case _:
                pass
