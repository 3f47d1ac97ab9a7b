"""Values and subjects: how a sentence calls a question, a choice, a number or a calculation.

What has no name returns None, and whoever asked quotes it as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

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
from survey_kit.questionnaire.model import Item, Question, Questionnaire, nothing
from survey_kit.questionnaire.phrases import Phrases
from survey_kit.questionnaire.question_type import Storage

LONGEST_LABEL = 70
"""Longer labels are cut at a word."""

MOMENTS = (Storage.DATE, Storage.DATETIME, Storage.TIME)
_NOW = ("today", "now")
_DATES = ("date", "date-time")
_UNSAID = [
    "once",
    "string",
    "number",
    "boolean-from-string",
    "string",
    "boolean",
    "jr:choice-name",
    "format-date",
    "format-date-time",
    "date",
    "date-time",
    "decimal-date-time",
    "decimal-time",
    "normalize-space",
]
"""Functions that change how a value is written, and not what it says."""
_OF_ONE = {
    "count-selected": "number_of_answers",
    "string-length": "number_of_letters",
    "count": "number_of_entries",
    "count-non-empty": "number_answered",
    "sum": "sum",
    "int": "whole",
    "floor": "whole",
    "ceiling": "rounded",
    "round": "rounded",
    "abs": "size",
}
_CHAINS = {"+": "plus", "-": "minus", "*": "times", "div": "divided", "mod": "remainder"}
_MARKUP = re.compile(r"</?[A-Za-z][^>]*>|\*\*|__|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)")
"""Tags, and the asterisks and underscores of emphasis, which a form draws and a sentence not."""
_LAST_NAME = re.compile(r"(?:^|.*/)([^/\[\]()'\"\s.]+)$")
_CURRENT = ("current()/.", "./.")


@dataclass(frozen=True)
class Naming:
    """How a sentence calls things.

    `called` maps a question (or repeat) to what it is called, such as ``Q12``; any other is
    called by its label. `choice` is how the label of a choice is written.
    """

    called: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    choice: str = "{label}"


@dataclass(frozen=True)
class Values:
    """Says subjects and values of one questionnaire in one language.

    `own` is the question that a full stop means, where it is known. `clause` says a
    condition that stands inside a value.
    """

    questionnaire: Questionnaire
    language: str | None
    phrases: Phrases
    clause: Callable[[Node], str]
    own: Question | None = None
    naming: Naming = field(default_factory=Naming)

    def item(self, node: Node) -> Item | None:
        """The item that a node is the answer to."""
        match node:
            case Answer(name):
                return self.questionnaire.by_key.get(name)
            case Path(text, _) if "[" not in text:
                found = _LAST_NAME.fullmatch(text)
                return self.questionnaire.by_key.get(found[1]) if found and "/" in text else None
            case Call(function, (inner, *_)) if function in _UNSAID:
                return self.item(inner)
            case _:
                return None

    def question(self, node: Node) -> Question | None:
        """The question whose choices a value beside this node may be."""
        if self.is_this(node) or (isinstance(node, Path) and node.text == "name"):
            return self.own
        item = self.item(node)
        return item.question if item is not None else None

    def is_this(self, node: Node) -> bool:
        """Whether a node is the answer to the question itself."""
        match node:
            case This():
                return True
            case Answer(name):
                return self.own is not None and name == self.own.name
            case Path(text, ()):
                return text in _CURRENT
            case _:
                return False

    def subject(self, node: Node) -> str:  # noqa: PLR0911 - one return for each kind of name
        """What a node is called as a subject; empty where it has no name."""
        if self.is_this(node):
            return self.phrases("this")
        match node:
            case Answer(name):
                return self._called(name)
            case Path(text, _):
                item = self.item(node)
                if item is not None:
                    return self._called(item.key)
                if re.fullmatch(r"[\w.\-]+", text) and text.strip("."):
                    key = "the_choice" if text in ("name", "value") else "column"
                    return self.phrases(key, column=text)
                return ""
            case Call(function, (inner, *_)) if function in _UNSAID:
                return self.subject(inner)
            case _:
                return ""

    def _called(self, name: str) -> str:
        if name in self.naming.called:
            return self.naming.called[name]
        item = self.questionnaire.by_key.get(name)
        repeat = self.questionnaire.repeats.get(name)
        texts = nothing()
        if item is not None:
            texts = item.question.label
        elif repeat is not None:
            texts = repeat[0].label
        label = plain_label(self.questionnaire.text(texts, self.language), LONGEST_LABEL)
        if not label and item is not None and item.question.type.name == "today":
            return self.phrases("today")
        if not label:
            return name
        return f"“{label}”" if label.endswith(("?", "…", ".", "!", "؟", "။", "।")) else label

    def label(self, node: Node | None, code: str) -> str:
        """What a code is called where it is a choice of the question, else the code itself."""
        question = self.question(node) if node is not None else None
        for choice in self.questionnaire.choices(question) if question is not None else ():
            if choice.code == code:
                said = self.questionnaire.text(choice.label, self.language)
                label = plain_label(said, LONGEST_LABEL) or code
                return self.naming.choice.format(label=label)
        return code

    def value(self, node: Node, beside: Node | None = None) -> str | None:  # noqa: PLR0911
        """What a node is worth, in words; `beside` is what it is compared with."""
        subject = self.subject(node)
        match node:
            case Text(text):
                return self.label(beside, text) if text else self.phrases("nothing")
            case Number(number):
                return self.label(beside, written_number(number))
            case Negative(Number(number)):
                return f"-{written_number(number)}"
            case Negative(operand):
                said = self.value(operand)
                return f"-({said})" if said is not None else None
            case _ if subject:
                return subject
            case Call():
                return self._call(node)
            case Operation(operator, _, _) if operator in _CHAINS:
                return self._chain(node)
            case _:
                return None

    def _chain(self, node: Operation) -> str | None:
        """A chain to the left, however long: "A plus B minus C"; inner chains in brackets."""
        waiting: list[tuple[str, Node]] = []
        current: Node = node
        tight = node.operator not in ("+", "-")
        while (
            isinstance(current, Operation)
            and current.operator in _CHAINS
            and (current.operator not in ("+", "-")) == tight
        ):
            waiting.append((current.operator, current.right))
            current = current.left
        said = self._part(current)
        in_time = self.in_time(current)
        for operator, right in reversed(waiting):
            other = self._part(right)
            if said is None or other is None:
                return None
            if in_time and operator == "-" and self.in_time(right):
                said = self.phrases("days_between", start=other, end=said)
                in_time = False
            elif in_time and operator in ("+", "-") and isinstance(right, Number):
                key = "days_after" if operator == "+" else "days_before"
                said = self.phrases(key, days=other, moment=said)
            else:
                said = self.phrases(_CHAINS[operator], one=said, other=other)
                in_time = False
        return said

    def _part(self, node: Node) -> str | None:
        said = self.value(node)
        is_chain = isinstance(node, Operation) or (
            isinstance(node, Call) and node.function in ("if", "coalesce", "concat")
        )
        return f"({said})" if said is not None and is_chain else said

    def _call(self, node: Call) -> str | None:  # noqa: PLR0911, PLR0912, C901 - one a function
        function, arguments = node.function, node.arguments
        match function, arguments:
            case ("today" | "now", ()):
                return self.phrases(function)
            case ("true" | "false", ()):
                return function
            case (("date" | "date-time"), (Text(text),)):
                return text
            case "position" | "index", _:
                return self.phrases("this_entry")
            case "if", (condition, yes, no):
                said, other = self.value(yes), self.value(no)
                if said is None or other is None:
                    return None
                when = self.clause(condition)
                return self.phrases("value_if", condition=when, yes=said, no=other)
            case "selected-at", (inner, number):
                return self._two("nth_answer", inner, "subject", number, "number")
            case "indexed-repeat", (inner, _, entry, *_):
                return self._two("of_entry", inner, "subject", entry, "entry")
            case "pulldata", (Text(file), Text(column), _, key):
                said = self.value(key)
                return said and self.phrases("looked_up", column=column, file=file, key=said)
            case "coalesce", (one, other):
                return self._two("first_given", one, "one", other, "other")
            case (("min" | "max"), _):
                said = self._each(arguments)
                key = "largest" if function == "max" else "smallest"
                return said and self.phrases(key, subject=said)
            case "concat", (_, *_):
                parts = [self.value(each) for each in arguments if not isinstance(each, Text)]
                known = [part for part in parts if part is not None]
                if not known or len(known) < len(parts):
                    return None
                said = known[0]
                for other in known[1:]:
                    said = self.phrases("followed", one=said, other=other)
                return said
            case _, (inner, *_) if function in _OF_ONE:
                said = self.value(inner)
                hole = "value" if _OF_ONE[function] in ("whole", "rounded", "size") else "subject"
                return said and self.phrases(_OF_ONE[function], **{hole: said})
            case _, (inner, *_) if function in _UNSAID:
                return self.value(inner)
            case _:
                return None

    def _two(self, key: str, one: Node, one_hole: str, other: Node, other_hole: str) -> str | None:
        first, second = self.value(one), self.value(other)
        if first is None or second is None:
            return None
        if key == "nth_answer" and isinstance(other, Number):
            second = written_number(other.value + 1)
        return self.phrases(key, **{one_hole: first, other_hole: second})

    def _each(self, nodes: tuple[Node, ...]) -> str | None:
        said = [self.value(node) for node in nodes]
        known = [each for each in said if each is not None]
        if not known or len(known) < len(said):
            return None
        return self.phrases("comma").join(known[:-1]) + (
            self.phrases("and") + known[-1] if len(known) > 1 else known[-1]
        )

    def in_time(self, node: Node) -> bool:
        """Whether a node is a day, a time or a moment."""
        question = self.question(node)
        if question is not None and question.type.storage in MOMENTS:
            return True
        if isinstance(node, Operation) and node.operator in ("+", "-"):
            started, steps = node.left, [node.right]
            while isinstance(started, Operation) and started.operator in ("+", "-"):
                steps.append(started.right)
                started = started.left
            return self.in_time(started) and not any(self.in_time(step) for step in steps)
        return isinstance(node, Call) and node.function in (*_NOW, *_DATES)


def plain_label(label: str, longest: int) -> str:
    """A label without its markup, on one line, cut at a word where it is longer.

    >>> plain_label("**How** old are <b>you</b>? ", 70), plain_label("one two three", 8)
    ('How old are you?', 'one two…')
    """
    text = " ".join(_MARKUP.sub("", label).split()).rstrip(" :")
    if len(text) <= longest:
        return text
    return text[: longest + 1].rsplit(" ", maxsplit=1)[0][:longest].rstrip(" ,;:") + "…"


def written_number(number: float) -> str:
    """A number without needless decimals.

    >>> written_number(18.0), written_number(0.5)
    ('18', '0.5')
    """
    return str(int(number)) if number.is_integer() else repr(number)
