"""Where an expression stands, and what it is worth there for each row.

An expression of a question outside repeats is worked out for each interview; one inside a
repeat for each row of that repeat; one within brackets for each candidate. What a location
means from there `references.py` says, and `gathering.py` fetches the answers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from survey_kit.errors import CannotEvaluate
from survey_kit.questionnaire.expression import (
    LAST_SAVED,
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
from survey_kit.questionnaire.functions_elsewhere import function_called
from survey_kit.questionnaire.model import Item
from survey_kit.questionnaire.words import meant
from survey_kit.responses.logic.coded_functions import CODED_FUNCTIONS
from survey_kit.responses.logic.columns import Columns, read_series
from survey_kit.responses.logic.device import OnDeviceOnly
from survey_kit.responses.logic.gathering import gather, own_row
from survey_kit.responses.logic.geo_functions import GEO_FUNCTIONS, LINE_FUNCTIONS
from survey_kit.responses.logic.looking_up import look_up
from survey_kit.responses.logic.moment_functions import MOMENT_FUNCTIONS
from survey_kit.responses.logic.nodes import Nodes
from survey_kit.responses.logic.number_functions import NUMBER_FUNCTIONS
from survey_kit.responses.logic.operators import OPERATORS
from survey_kit.responses.logic.place_functions import PLACE_FUNCTIONS
from survey_kit.responses.logic.places import Target
from survey_kit.responses.logic.references import (
    NoSuchPlace,
    Reference,
    read_again,
    refer,
    targets,
)
from survey_kit.responses.logic.standing import Standing
from survey_kit.responses.logic.surveycto_functions import SURVEYCTO_FUNCTIONS
from survey_kit.responses.logic.text_functions import TEXT_FUNCTIONS
from survey_kit.responses.logic.value import (
    BLANK,
    Codes,
    Truths,
    Value,
    as_numbers,
    of_number,
    of_numbers,
    of_text,
    of_texts,
    where_blank,
)

FUNCTIONS_OF_VALUES = MappingProxyType(
    {
        **TEXT_FUNCTIONS,
        **NUMBER_FUNCTIONS,
        **MOMENT_FUNCTIONS,
        **GEO_FUNCTIONS,
        **LINE_FUNCTIONS,
        **CODED_FUNCTIONS,
    }
)
_OWN_NAME = ("meta", "instanceID")
"""Where the form keeps what an interview is called."""
_OF_ITSELF = frozenset({"string-length", "normalize-space"})
"""Functions that without arguments look at the question itself."""


@dataclass(frozen=True, eq=False)
class Scope:
    """One place in the questionnaire: its repeat, its path, and the question it belongs to.

    where
        The place for messages.
    candidate
        The answer that a constraint is tried on, where it is not the one in the data.
    standing
        Where the candidates stand, for what is written within brackets.
    base
        The scope of the whole expression, for what is written within brackets.
    current
        Whether ``${name}`` is looked at from the question, as pyxform writes it in the brackets
        of an instance().
    """

    columns: Columns
    where: str
    repeat: str | None = None
    path: tuple[str, ...] = ()
    item: Item | None = None
    candidate: Value | None = None
    standing: Standing | None = None
    base: Scope | None = None
    current: bool = False

    @property
    def rows(self) -> int:
        """How many rows there are here."""
        if self.standing is not None:
            return len(self.standing)
        return self.columns.number_of_rows(self.repeat)

    def rows_in(self, repeat: str | None) -> Codes:
        """(rows,) The row of a repeat around it (or of the interviews) that each row stands in."""
        if self.standing is not None:
            return self.standing.rows[repeat]
        return self.columns.owners(self.repeat, repeat)

    def among(self, path: tuple[str, ...], standing: Standing) -> Scope:
        """The scope of what is written within brackets at a path."""
        if self.standing is not None:
            standing = replace(standing, origin=self.standing.origin[standing.origin])
        return replace(
            self,
            path=path,
            item=self.columns.places.items.get(path),
            candidate=None,
            standing=standing,
            base=self.base or self,
        )

    def from_question(self) -> Scope:
        """The same, where ``${name}`` is looked at from the question."""
        return replace(self, current=True)

    def value(self, node: Node) -> Value:  # noqa: PLR0911 - one return for each kind of node
        """What a node is worth in each row: n rows, or one for all."""
        if self.standing is not None and id(node) in self.standing.given:
            return self.standing.given[id(node)]
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
                return self.this()
            case Path() if self.standing is not None and self.standing.table is not None:
                self._refuse_unread(node)
                texts = self.standing.table.get(node.text.removeprefix("./").strip())
                return of_texts(texts) if texts is not None else BLANK
            case Answer() | Path():
                return self._answer(node)

    def _refuse_unread(self, node: Path) -> None:
        """Refuse what could not be read when the form was; a column that is not there is blank."""
        if not node.steps and node.head is None and not node.absolute:
            try:
                read_again(node.text)
            except NoSuchPlace as fault:
                raise self.fault(fault.what, fault.remedy) from fault

    def _operation(self, node: Operation) -> Value:
        """A chain to the left, from its far end; its length costs no depth."""
        chain = [node]
        while isinstance(left := chain[-1].left, Operation) and not self._given(left):
            chain.append(left)
        result = self.value(chain[-1].left)
        for each in reversed(chain):
            operator = OPERATORS.get(each.operator)
            if operator is None:
                raise self.fault(
                    f"{each.operator} joins locations, which the form refuses too",
                    "Use or instead",
                )
            result = operator(result, self.value(each.right))
        return result

    def _given(self, node: Node) -> bool:
        return self.standing is not None and id(node) in self.standing.given

    def this(self) -> Value:
        """What a full stop means: the answer to the question itself, or within brackets a candidate."""
        if self.candidate is not None:
            return self.candidate
        if self.standing is not None and self.standing.table is not None:
            texts = self.standing.table.get(".")
            return of_texts(texts) if texts is not None else BLANK
        if self.item is None and self.standing is not None:
            return BLANK
        if self.item is None:
            raise self.fault(
                "'.' means the answer to the question itself, and there is none here",
                "Write ${name} instead",
            )
        value = self.columns.value(self.item)
        if self.standing is None:
            return value
        return value.take(self.rows_in(self.item.repeats[-1] if self.item.repeats else None))

    # locations

    def _answer(self, node: Answer | Path) -> Value:
        """The one answer that each row sees."""
        if isinstance(node, Answer) and (known := self._not_asked(node)) is not None:
            return known
        reference = self.reference(node)
        if reference.from_question and self.base is not None and self.standing is not None:
            return self.base.one(reference, node).take(self.standing.origin)
        return self.one(reference, node)

    def _not_asked(self, node: Answer) -> Value | None:
        """``${name}`` where it means no question: a column of the frame, or the interview's name."""
        if node.name.startswith(LAST_SAVED):
            raise OnDeviceOnly(
                self.where,
                f"${{{node.name}}} is an answer of the interview before this one on the device",
                "Use the answer of a calculate question that holds it",
            )
        if self.columns.places.path_named(node.name, self.path) is not None:
            return None
        if node.name in self.columns.answered.frame.columns:
            series = self.columns.answered.frame[node.name]
            return self._spread(read_series(series), self.rows_in(None))
        if node.name == "instanceID":
            return self._spread(self.columns.names(), self.rows_in(None))
        known = [*self.columns.questionnaire.by_key, *self.columns.questionnaire.repeats]
        raise self.fault(
            f"there is no question called '{node.name}'",
            meant(node.name, known, otherwise="Check its spelling"),
        )

    def reference(self, node: Answer | Path, *, whole: bool = False) -> Reference:
        """What a location means from here."""
        question = self.base.path if self.base is not None else self.path
        places = self.columns.places
        try:
            return refer(node, self.path, question, places, whole=whole, from_question=self.current)
        except NoSuchPlace as fault:
            raise self.fault(fault.what, fault.remedy) from fault

    def one(self, reference: Reference, node: Node) -> Value:
        """The one answer that each row sees at a reference; blank where there is none."""
        if reference.table is None:
            if reference.path == _OWN_NAME and self.columns.places.at(_OWN_NAME) is None:
                return self._spread(self.columns.names(), self.rows_in(None))
            target = self.target(reference, node)
            if target is None or target.item is None:
                return BLANK
            mine = own_row(self, reference.levels)
            if mine is not None:
                return self._spread(self.columns.value(target.item), self.rows_in(mine[0]))
        nodes = self.seen(reference, node)
        if (nodes.counted() > 1).any():
            raise self.fault(
                f"'{reference.path[-1] if reference.path else 'it'}' was answered several times in "
                "one interview",
                "Say which answer you mean with indexed-repeat(), or use sum(), max() or count()",
            )
        first = nodes.first()
        if not len(nodes.share):
            return BLANK
        return where_blank(nodes.value.take(np.maximum(first, 0)), first < 0)

    def _spread(self, value: Value, rows: Codes) -> Value:
        """Values of the interviews, or of a repeat around this one, for each row here."""
        if self.standing is None and len(rows) == self.rows and rows is self.rows_in(self.repeat):
            return value
        return where_blank(value.take(np.maximum(rows, 0)), rows < 0)

    @property
    def in_form(self) -> bool:
        """Whether the form says it, and a phone works it out; not an analysis."""
        question = self.base.path if self.base is not None else self.path
        return bool(question and question[-1])

    def target(self, reference: Reference, node: Node) -> Target | None:
        """What stands at a reference, if the answers there are known; None where nothing does.

        To JavaRosa a path that leads nowhere is blank (`null`, or a name without ``${ }``); the
        check finds it. In an analysis nobody would notice, so there it is a fault.
        """
        found = self.columns.places.at(reference.path)
        if found is None:
            if self.standing is not None or self.in_form:
                return None
            text = node.text if isinstance(node, Path) else str(node)
            raise self.fault(f"{text} leads to no question", "Write ${name} instead")
        if self.rows and self.columns.unknown(found):
            name = found.repeat or (found.item.key if found.item else "")
            raise self.fault(
                f"the rows of the repeat '{name}' are in no file that was read"
                if found.repeat
                else f"the answers to '{name}' are in no file that was read",
                "Export them too, or take what rests on them as not checked",
            )
        return found

    def nodes(self, node: Answer | Path, *, whole: bool = False) -> Nodes:
        """All answers that each row sees at a location."""
        reference = self.reference(node, whole=whole)
        if reference.from_question and self.base is not None and self.standing is not None:
            found = self.base.seen(reference, node)
            return replace(found, group=found.group[self.standing.origin])
        return self.seen(reference, node)

    def seen(self, reference: Reference, node: Node) -> Nodes:
        """All answers that each row sees at a reference."""
        if reference.table is not None:
            lookup = self.columns.lookup(reference.table)
            if lookup is None:
                raise self.fault(
                    f"there is no list of choices and no file called '{reference.table}'",
                    "Put the file beside the questionnaire, or check the name in instance()",
                )
            return look_up(self, lookup, reference.levels)
        target = self.target(reference, node)
        if target is None:
            return Nodes.none(self.rows)
        return gather(self, reference.levels, target)

    def unknown(self, tree: Node) -> Truths:
        """(rows,) Where an expression refers to a question that the interview's version lacked."""
        found = np.zeros(self.rows, dtype=np.bool_)
        for target in targets(tree, self.path, self.columns.places):
            item = target.item
            missing = self.columns.not_in_version(item.key) if item and not item.repeats else None
            if missing is not None:
                owners = self.columns.owners(self.repeat, None)
                found |= (owners >= 0) & missing[np.maximum(owners, 0)]
        return found

    # functions

    def _call(self, function: str, arguments: tuple[Node, ...]) -> Value:
        special = PLACE_FUNCTIONS.get(function) or SURVEYCTO_FUNCTIONS.get(function)
        found = special(self, arguments) if special is not None else None
        if found is not None:
            return found
        if function in _OF_ITSELF and not arguments:
            return FUNCTIONS_OF_VALUES[function]([self.this()])
        if function in FUNCTIONS_OF_VALUES:
            return FUNCTIONS_OF_VALUES[function]([self.value(each) for each in arguments])
        known = function_called(function, len(arguments))
        why = (known.elsewhere if known else "") or "survey_kit does not know how"
        raise OnDeviceOnly(
            self.where,
            f"{function}() cannot be worked out after the interview: {why}",
            "Use the answer of a calculate question that holds its result",
        )

    def fault(self, what: str, remedy: str) -> CannotEvaluate:
        """What cannot be worked out here, and what to do about it."""
        return CannotEvaluate(self.where, what, remedy)
