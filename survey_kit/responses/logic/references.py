"""What a location means where it stands: level by level, and which levels are the row's own.

A form holds paths only. ``${age}`` becomes a path when pyxform writes the form (relative
within a repeat that both stand in, else from the top), and JavaRosa then fills in which rows
of the repeats are meant from the place where the path is looked at
(TreeReference.contextualize): as far as the names are the same, its own row. Both rules are
followed here to the letter, since sums and comparisons in rosters rest on them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from survey_kit.errors import ExpressionError
from survey_kit.questionnaire.expression import (
    Answer,
    Call,
    Negative,
    Node,
    Operation,
    Path,
    Step,
    Text,
    This,
)
from survey_kit.questionnaire.parser import parse
from survey_kit.responses.logic.places import Places, Target

Names: TypeAlias = tuple[str, ...]

_ABSOLUTE_IN_INDEXED_REPEAT = frozenset({0, 1, 3, 5})
"""Arguments of indexed-repeat() that pyxform always writes as paths from the top."""


class NoSuchPlace(Exception):
    """A location leads nowhere: why, and what to write instead."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what, self.remedy = what, remedy


@dataclass(frozen=True)
class Level:
    """One level of a location: its name, whether it is the row's own, and its brackets."""

    name: str
    own: bool
    brackets: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Reference:
    """A location seen from a place. `table` names another instance, `from_question` is current()."""

    levels: tuple[Level, ...]
    table: str | None = None
    from_question: bool = False

    @property
    def path(self) -> Names:
        """The names of its levels."""
        return tuple(level.name for level in self.levels)


@dataclass(frozen=True)
class _Written:
    """A location as the form has it: where it starts, how far up, and then which names."""

    start: str
    up: int
    names: tuple[tuple[str, tuple[Node, ...]], ...]


def refer(
    node: Answer | Path,
    here: Names,
    question: Names,
    places: Places,
    *,
    whole: bool = False,
    from_question: bool = False,
) -> Reference:
    """What a location means.

    Parameters
    ----------
    here
        The place it is looked at from: the question, or within brackets a candidate.
    question
        The place of the question that the expression belongs to.
    whole
        Whether ``${name}`` is written as a path from the top, as in indexed-repeat().
    from_question
        Whether ``${name}`` begins with current(), as in the brackets of an instance().

    Raises
    ------
    NoSuchPlace
        If it leads nowhere, or takes a way that JavaRosa refuses too.
    """
    written = _written(node, question, places, whole=whole)
    if written.start.startswith("table:"):
        levels = tuple(Level(name, False, brackets) for name, brackets in written.names)
        return Reference(levels, table=written.start.removeprefix("table:"))
    current = written.start == "current" or (
        from_question and written.start == "here" and isinstance(node, Answer)
    )
    return Reference(_seen(written, question if current else here), from_question=current)


def _written(node: Answer | Path, question: Names, places: Places, *, whole: bool) -> _Written:
    match node:
        case Answer(name):
            return _pyxform(name, question, places, whole=whole)
        case Path(text, _, None, ()) if not node.absolute:
            return _written_path(read_again(text), question, places, whole=whole)
        case Path():
            return _written_path(node, question, places, whole=whole)


def read_again(text: str) -> Path:
    """A location whose text alone is known; one that could not be read when the form was."""
    try:
        tree = parse(text, text).tree
    except ExpressionError as error:
        fault = error.faults[0]
        raise NoSuchPlace(f"it cannot be read: {fault.what}", fault.remedy) from error
    return tree if isinstance(tree, Path) else Path(text, (), tree)


def _written_path(node: Path, question: Names, places: Places, *, whole: bool) -> _Written:
    match node.head:
        case None:
            begin = _Written("top" if node.absolute else "here", 0, ())
        case This():
            begin = _Written("here", 0, ())
        case Answer(name):
            begin = _pyxform(name, question, places, whole=whole)
        case Call("current", ()):
            begin = _Written("current", 0, ())
        case Call("instance", (Text(table),)):
            begin = _Written(f"table:{table}", 0, ())
        case Call("instance", _):
            raise NoSuchPlace(
                "instance() takes the name of a list or table in quotes, not something worked out",
                "Write instance('name')/root/item[...]",
            )
        case _:
            raise NoSuchPlace(
                f"{node.text} goes on from a value, which the form refuses too",
                "Begin with a question, a path, current() or instance()",
            )
    if begin.start != "top" and not node.steps and node.head is not None:
        raise NoSuchPlace(
            f"{node.text} stands alone, which the form refuses too",
            "Go on from it with /.. or /root/item",
        )
    return _followed(begin, node)


def _followed(begin: _Written, node: Path) -> _Written:
    """The steps added to where a location begins."""
    up, names = begin.up, list(begin.names)
    for step in node.steps:
        match step:
            case Step("self", "" | "node()", brackets):
                if brackets and not names:
                    raise NoSuchPlace(
                        f"{node.text} has brackets behind a full stop, which the form refuses too",
                        "Put the brackets behind a name",
                    )
                if brackets:
                    names[-1] = (names[-1][0], (*names[-1][1], *brackets))
            case Step("parent", "" | "node()", ()):
                # JavaRosa counts every step up, wherever it stands; from the top it takes none
                up += begin.start in ("here", "current")
            case Step("child", name, brackets) if name != "*" and not name.endswith("()"):
                names.append((name, brackets))
            case _:
                raise NoSuchPlace(
                    f"{node.text} looks things up in a way that survey_kit cannot follow",
                    "Name each question and group on the way, as /data/group/question",
                )
    if begin.start == "top" and node.head is None:
        names = names[1:]
    return _Written(begin.start, up, tuple(names))


def _pyxform(name: str, question: Names, places: Places, *, whole: bool) -> _Written:
    """``${name}`` as pyxform writes it (survey.py, _var_repl_function)."""
    path = places.path_named(name, question)
    if path is None:
        raise NoSuchPlace(f"there is no question called '{name}'", "Check its spelling")
    names = tuple((each, ()) for each in path)
    shared = _shared(path, question)
    if whole or not any(places.is_repeat(path[:depth]) for depth in range(1, shared + 1)):
        return _Written("top", 0, names)
    return _Written("here", len(question) - shared, names[shared:])


def _shared(path: Names, question: Names) -> int:
    """How many groups and repeats two places share, neither being its own group."""
    most = min(len(path), len(question)) - 1
    depth = 0
    while depth < most and path[depth] == question[depth]:
        depth += 1
    return depth


def _seen(written: _Written, here: Names) -> tuple[Level, ...]:
    """Its levels, each the row's own as far as the names agree (TreeReference.contextualize)."""
    if written.start == "top":
        kept: Names = ()
        most = len(here)
    else:
        if written.up > len(here):
            raise NoSuchPlace("it goes up beyond the form", "Take one of its .. away")
        kept = here[: len(here) - written.up]
        most = len(kept)
    levels = [Level(name, True) for name in kept]
    agrees = True
    for name, brackets in written.names:
        depth = len(levels)
        agrees = agrees and depth < most and here[depth] == name
        levels.append(Level(name, agrees and not brackets, brackets))
    return tuple(levels)


def targets(tree: Node, question: Names, places: Places) -> Iterator[Target]:
    """Everything in the form that an expression looks at, within brackets too."""
    waiting: list[tuple[Node, Names]] = [(tree, question)]
    while waiting:
        node, here = waiting.pop()
        match node:
            case Answer() | Path():
                try:
                    found = refer(node, here, question, places)
                except NoSuchPlace:
                    continue
                path: Names = ()
                for level in found.levels:
                    path = (*path, level.name)
                    inside = question if found.table is not None else path
                    waiting.extend((each, inside) for each in level.brackets)
                target = places.at(path) if found.table is None else None
                if target is not None:
                    yield target
            case Call(_, arguments):
                waiting.extend((each, here) for each in arguments)
            case Operation(_, left, right):
                waiting.extend(((left, here), (right, here)))
            case Negative(operand):
                waiting.append((operand, here))
            case _:
                pass


def within_indexed_repeat(argument: int) -> bool:
    """Whether ``${name}`` is a path from the top in that argument of indexed-repeat()."""
    return argument in _ABSOLUTE_IN_INDEXED_REPEAT
