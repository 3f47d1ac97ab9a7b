"""Where an expression stands, and what it is worth there for each row.

An expression of a question outside repeats is worked out for each interview; one inside a
repeat for each row of that repeat. As in the form that pyxform builds, ``${x}`` is from
inside its own repeat the answer in the same row, from inside another the answers around it,
and from outside all answers of the interview (``sum(${x})``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
import pandas as pd

from survey_kit.errors import CannotEvaluate
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
    walk,
)
from survey_kit.questionnaire.model import Item
from survey_kit.questionnaire.words import meant
from survey_kit.responses.logic.columns import Columns, read_series
from survey_kit.responses.logic.moment_functions import MOMENT_FUNCTIONS
from survey_kit.responses.logic.nodes import NODE_FUNCTIONS, Nodes
from survey_kit.responses.logic.number_functions import NUMBER_FUNCTIONS, whole
from survey_kit.responses.logic.operators import OPERATORS
from survey_kit.responses.logic.places import Target
from survey_kit.responses.logic.text_functions import TEXT_FUNCTIONS
from survey_kit.responses.logic.value import (
    BLANK,
    Floats,
    Truths,
    Value,
    as_numbers,
    as_texts,
    choose,
    is_blank,
    of_moments,
    of_number,
    of_numbers,
    of_text,
    of_texts,
    over_texts,
    where_blank,
)

FUNCTIONS_OF_VALUES = MappingProxyType({**TEXT_FUNCTIONS, **NUMBER_FUNCTIONS, **MOMENT_FUNCTIONS})
NOT_AFTERWARDS = MappingProxyType(
    {
        "pulldata": "it read a file that was on the device",
        "random": "it was another number each time",
        "uuid": "it was another text each time",
        "randomize": "it was another order each time",
        "property": "it read a setting of the device",
    }
)


@dataclass(frozen=True, eq=False)
class Scope:
    """One place in the questionnaire: its repeat, its path, and the question it belongs to.

    `choice` holds the columns of one choice, where a choice filter is worked out.
    `where` is the place for messages.
    """

    columns: Columns
    where: str
    repeat: str | None = None
    path: tuple[str, ...] = ()
    item: Item | None = None
    choice: Mapping[str, str] | None = None
    candidate: Value | None = None

    def filtering(self, choice: Mapping[str, str]) -> Scope:
        """The same place, where bare names are the columns of a choice."""
        return replace(self, choice=choice)

    @property
    def rows(self) -> int:
        """How many rows there are here."""
        return self.columns.number_of_rows(self.repeat)

    def value(self, node: Node) -> Value:  # noqa: PLR0911 - one return for each kind of node
        """What a node is worth in each row: n rows, or one for all."""
        match node:
            case Text(text):
                return of_text(text)
            case Number(number):
                return of_number(number)
            case Negative(operand):
                return of_numbers(-as_numbers(self.value(operand)))
            case Operation():
                return self._operation(node)
            case Call(function, arguments):
                return self._call(function, arguments)
            case This():
                return self._this()
            case Path(text, _) if self.choice is not None and text in self.choice:
                return of_text(self.choice[text])
            case Answer() | Path():
                return self._single(self._target(node))

    def _operation(self, node: Operation) -> Value:
        """A chain to the left, from its far end; its length costs no depth."""
        chain = [node]
        while isinstance(left := chain[-1].left, Operation):
            chain.append(left)
        result = self.value(chain[-1].left)
        for each in reversed(chain):
            operator = OPERATORS.get(each.operator)
            if operator is None:
                raise self._fault(
                    f"{each.operator} joins locations, which the form refuses too",
                    "Use or instead",
                )
            result = operator(result, self.value(each.right))
        return result

    def _this(self) -> Value:
        if self.candidate is not None:
            return self.candidate
        if self.item is None:
            raise self._fault(
                "'.' means the answer to the question itself, and there is none here",
                "Write ${name} instead",
            )
        return self.columns.value(self.item)

    # references

    def _target(self, node: Answer | Path) -> Target:
        """What a reference points at, if the answers there are known."""
        found = self._place(node)
        if self.rows and self.columns.unknown(found):
            name = found.repeat or (found.item.key if found.item else "")
            raise self._fault(
                f"the rows of the repeat '{name}' are in no file that was read"
                if found.repeat
                else f"the answers to '{name}' are in no file that was read",
                "Export them too, or take what rests on them as not checked",
            )
        return found

    def unknown(self, tree: Node) -> Truths:
        """(rows,) Where an expression refers to a question that the interview's version lacked."""
        found = np.zeros(self.rows, dtype=np.bool_)
        for node in walk(tree):
            if not isinstance(node, (Answer, Path)):
                continue
            try:
                item = self._place(node).item
            except CannotEvaluate:
                continue
            missing = self.columns.not_in_version(item.key) if item and not item.repeats else None
            if missing is not None:
                owners = self.columns.owners(self.repeat, None)
                found |= (owners >= 0) & missing[np.maximum(owners, 0)]
        return found

    def _place(self, node: Answer | Path) -> Target:
        places = self.columns.places
        if isinstance(node, Answer):
            found = places.named(node.name, self.path)
            if found is None:
                known = [*self.columns.questionnaire.by_key, *self.columns.questionnaire.repeats]
                raise self._fault(
                    f"there is no question called '{node.name}'",
                    meant(node.name, known, otherwise="Check its spelling"),
                )
            return found
        if node.inside or "(" in node.text or "*" in node.text or "//" in node.text:
            raise self._fault(
                f"{node.text} looks things up in a way that survey_kit cannot follow",
                "Use the answer of a calculate question that holds its result",
            )
        found = places.at(path_of(node.text, self.path))
        if found is None:
            raise self._fault(f"{node.text} leads to no question", "Write ${name} instead")
        return found

    def _single(self, target: Target) -> Value:
        """The one answer that each row sees."""
        if target.column is not None:
            series = self.columns.answered.frame[target.column]
            return self._spread(read_series(series), None)
        if target.item is None:
            return BLANK
        around = self.columns.chain(self.repeat)
        own = target.item.repeats
        value = self.columns.value(target.item)
        if around[: len(own)] == own:
            return self._spread(value, own[-1] if own else None)
        nodes = self.nodes(target)
        if (nodes.counted() > 1).any():
            raise self._fault(
                f"'{target.item.question.name}' was answered several times in one interview",
                "Say which answer you mean with indexed-repeat(), or use sum(), max() or count()",
            )
        first = nodes.first()
        return where_blank(value.take(np.maximum(first, 0)), first < 0) if len(first) else BLANK

    def _spread(self, value: Value, repeat: str | None) -> Value:
        """Values of the interviews, or of a repeat around this one, for each row here."""
        if repeat == self.repeat:
            return value
        owners = self.columns.owners(self.repeat, repeat)
        return where_blank(value.take(np.maximum(owners, 0)), owners < 0)

    def nodes(self, target: Target) -> Nodes:
        """All answers that each row sees."""
        columns, around = self.columns, self.columns.chain(self.repeat)
        if target.repeat is not None:
            own = columns.chain(target.repeat)
            # pyxform writes an outermost repeat as a path from the top, which JavaRosa reads
            # from inside it as the row itself, and an inner repeat as a path from the row
            shared = common(around, own if len(own) == 1 else own[:-1])
        else:
            own = target.item.repeats if target.item is not None else ()
            shared = common(around, own)
        inner = own[-1] if own else None
        outer = shared[-1] if shared else None
        share = columns.owners(inner, outer)
        value = columns.value(target.item) if target.item is not None else of_number(1)
        return Nodes(
            value,
            share,
            columns.number_of_rows(outer),
            columns.owners(self.repeat, outer),
            columns.present(target, len(share)),
        )

    # functions

    def _call(self, function: str, arguments: tuple[Node, ...]) -> Value:
        special = self._of_places(function, arguments) or self._of_interview(function, arguments)
        if special is not None:
            return special
        if function in ("selected", "is-selected") and isinstance(arguments[1], (Number, Negative)):
            raise self._fault(
                f"the second part of {function}() is a number, which the form refuses",
                "Put it in quotes: '1'",
            )
        if function in FUNCTIONS_OF_VALUES:
            return FUNCTIONS_OF_VALUES[function]([self.value(each) for each in arguments])
        why = NOT_AFTERWARDS.get(function, "survey_kit does not know how")
        raise self._fault(
            f"{function}() cannot be worked out after the interview: {why}",
            "Use the answer of a calculate question that holds its result",
        )

    def _of_places(self, function: str, arguments: tuple[Node, ...]) -> Value | None:
        """Functions of all the answers at a place, not of one value."""
        match arguments:
            case ((Answer() | Path()) as location,) if function in NODE_FUNCTIONS:
                return NODE_FUNCTIONS[function](self.nodes(self._target(location)))
            case (Text(separator), (Answer() | Path()) as location) if function == "join":
                return of_texts(self.nodes(self._target(location)).joined(separator))
            case () if function == "position":
                return of_number(1)
            case ((Answer() | Path()) as location,) if function == "position":
                return self._position(location)
            case (location, *pairs) if function == "indexed-repeat":
                return self._indexed(location, pairs)
            case _:
                return None

    def _of_interview(self, function: str, arguments: tuple[Node, ...]) -> Value | None:
        """Functions of the interview, the form or the question itself."""
        match function, arguments:
            case (("today" | "now"), ()):
                return self._interview_moment(function)
            case "version", ():
                return of_text(self.columns.questionnaire.version)
            case "once", (inner,):
                now = self._this()
                return choose(is_blank(now), self.value(inner), now)
            case "jr:choice-name", (answer, Text(question)):
                return self._choice_name(self.value(answer), question)
            case _:
                return None

    def _position(self, location: Answer | Path) -> Value:
        """The place of a row in its repeat, from 1; 1 of anything that is not repeated."""
        target = self._target(location)
        if target.repeat is None:
            return of_number(1)
        around = self.columns.chain(self.repeat)
        if target.repeat not in around:
            return of_number(1)
        index = self.columns.index(self.repeat)
        level = 1 + around.index(target.repeat)
        return of_numbers(index.get_level_values(level).to_numpy(dtype=np.float64))

    def _indexed(self, location: Node, pairs: Sequence[Node]) -> Value:
        target = self._target(location) if isinstance(location, (Answer, Path)) else None
        if target is None or target.item is None or not target.item.repeats:
            raise self._fault(
                "the first part of indexed-repeat() is not a question of a repeat",
                "Name a question inside the repeat",
            )
        given: dict[str, Floats] = {}
        for place, number in zip(pairs[::2], pairs[1::2], strict=True):
            repeat = self._target(place).repeat if isinstance(place, (Answer, Path)) else None
            if repeat is None or repeat not in target.item.repeats:
                raise self._fault(
                    "a part of indexed-repeat() is not a repeat around its question",
                    "Name the repeat, then the number of the row",
                )
            numbers = np.nan_to_num(whole(as_numbers(self.value(number))), nan=0.0)
            given[repeat] = np.broadcast_to(np.maximum(numbers, 1.0), (self.rows,))
        here, around = self.columns.index(self.repeat), self.columns.chain(self.repeat)
        keys = [here.get_level_values(0)]
        for level, repeat in enumerate(target.item.repeats, start=1):
            if repeat in given:
                keys.append(pd.Index(given[repeat].astype(np.int64)))
            elif around[:level] == target.item.repeats[:level]:
                keys.append(here.get_level_values(level))
            else:
                raise self._fault(
                    f"indexed-repeat() does not say which row of '{repeat}' it means",
                    f"Add ${{{repeat}}} and the number of its row",
                )
        if self.rows == 0:
            return BLANK
        places = self.columns.index(target.item.repeats[-1]).get_indexer(
            pd.MultiIndex.from_arrays(keys)
        )
        value = self.columns.value(target.item)
        return where_blank(value.take(np.maximum(places, 0)), places < 0)

    def _interview_moment(self, function: str) -> Value:
        """When the interview was held: what ``today()`` or ``now()`` was on the phone."""
        moments = self.columns.interview_moments(day=function == "today")
        if moments is None:
            raise self._fault(
                f"{function}() was the moment of the interview, and nothing tells when it was",
                "Add a question of type today or start to the form",
            )
        return self._spread(of_moments(moments), None)

    def _choice_name(self, answer: Value, question: str) -> Value:
        target = self._target(Answer(question.strip().removeprefix("${").removesuffix("}")))
        if target.item is None:
            raise self._fault(f"{question} is no question with choices", "Check its spelling")
        questionnaire = self.columns.questionnaire
        labels = {
            choice.code: questionnaire.text(choice.label, fallback=choice.code)
            for choice in questionnaire.choices(target.item.question)
        }

        def label(code: str) -> str:
            return labels.get(code, "")

        return of_texts(over_texts(label, as_texts(answer)))

    def _fault(self, what: str, remedy: str) -> CannotEvaluate:
        return CannotEvaluate(self.where, what, remedy)


def common(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """What two chains of repeats share from their beginning."""
    shared = 0
    while shared < min(len(one), len(other)) and one[shared] == other[shared]:
        shared += 1
    return one[:shared]


def path_of(text: str, here: tuple[str, ...]) -> tuple[str, ...]:
    """Where a location leads from here: names from the top of the form, without its root."""
    parts = [part.strip() for part in text.split("/")]
    if text.startswith("/"):
        return tuple(parts[2:])
    place = list(here)
    for part in parts:
        if part == "..":
            place = place[:-1]
        elif part != ".":
            place.append(part)
    return tuple(place)
