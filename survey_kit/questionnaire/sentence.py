"""From an expression to a sentence: "“How old are you?” is at least 18".

Used for the base under a table and for the skip instructions of a paper form. What is compared
becomes a subject with a predicate; predicates of one subject are joined ("is at least 18 and
less than 25"), and choices of one question listed ("includes War or Floods"). What cannot be
said plainly stands verbatim in quotes, and nothing is left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from survey_kit.questionnaire.expression import (
    Answer,
    Call,
    Expression,
    Negative,
    Node,
    Number,
    Operation,
    Text,
    This,
)
from survey_kit.questionnaire.model import Item, Questionnaire
from survey_kit.questionnaire.printer import to_xpath
from survey_kit.questionnaire.question_type import Storage

LONGEST_LABEL = 70
"""Longer labels are cut at a word."""

_OPPOSITE = {"=": "!=", "!=": "="}
_MIRRORED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_AMOUNT = {
    "=": "",
    "!=": "not ",
    "<": "less than ",
    "<=": "at most ",
    ">": "more than ",
    ">=": "at least ",
}
_TIME = {"<": "before ", "<=": "on or before ", ">": "after ", ">=": "on or after "}
_COUNT = {**_AMOUNT, "=": "exactly ", "!=": "other than exactly "}
_MARKUP = re.compile(r"</?[A-Za-z][^>]*>|\*\*|__|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)")
"""Tags, and the asterisks and underscores of emphasis, which a form draws and a sentence not."""
_MOMENTS = {"today": "the day of the interview", "now": "the moment of the interview"}


@dataclass(frozen=True)
class _Choices:
    """A subject and choices of it. `all_of` where every one must be there."""

    subject: str
    verb: str
    labels: tuple[str, ...]
    positive: bool = True
    all_of: bool = False


@dataclass(frozen=True)
class _Said:
    """A subject and what is said of it; without a subject, a clause of its own."""

    subject: str
    predicate: str


@dataclass(frozen=True)
class _Joined:
    """Clauses joined by *and* or *or*."""

    word: str
    parts: tuple[_Clause, ...]


_Clause: TypeAlias = "_Choices | _Said | _Joined"


def sentence(
    expression: Expression, questionnaire: Questionnaire, language: str | None = None
) -> str:
    """An expression as an English sentence without its full stop, with the form's own labels.

    A full stop in the expression becomes "The answer".
    """
    speaker = _Speaker(questionnaire, language)
    text = speaker.text(speaker.clause(expression.tree))
    return text[:1].upper() + text[1:]


@dataclass(frozen=True)
class _Speaker:
    """Says the nodes of one expression."""

    questionnaire: Questionnaire
    language: str | None

    # clauses

    def clause(self, node: Node, *, positive: bool = True) -> _Clause:
        match node:
            case Operation("and" | "or"):
                return self._joined(node, positive=positive)
            case Call("not", (inner,)):
                return self.clause(inner, positive=not positive)
            case Call("true" | "false", ()):
                return _Said("", "always" if (node.function == "true") == positive else "never")
            case Call("selected" | "is-selected", (left, right)):
                said = self._selected(left, right, positive=positive)
            case Operation(operator, left, right) if operator in _MIRRORED:
                said = self._compared(operator, left, right, positive=positive)
            case Call("regex", (left, Text(pattern))):
                subject = self._subject(left)
                verb = "fits" if positive else "does not fit"
                said = _Said(subject, f"{verb} the pattern ‘{pattern}’") if subject else None
            case _:
                said = None
        return said or self._verbatim(node, positive=positive)

    def _joined(self, node: Operation, *, positive: bool) -> _Clause:
        """All parts of a chain of one operator; a *not* before it turns the operator round."""
        parts: list[Node] = []
        waiting: list[Node] = [node]
        while waiting:
            current = waiting.pop()
            if isinstance(current, Operation) and current.operator == node.operator:
                waiting += (current.right, current.left)
            else:
                parts.append(current)
        word = node.operator if positive else {"and": "or", "or": "and"}[node.operator]
        clauses = _merged(word, [self.clause(part, positive=positive) for part in parts])
        return clauses[0] if len(clauses) == 1 else _Joined(word, tuple(clauses))

    def _verbatim(self, node: Node, *, positive: bool) -> _Said:
        quoted = f"‘{to_xpath(node)}’"
        return _Said("", f"{quoted} holds" if positive else f"{quoted} does not hold")

    def _selected(self, left: Node, right: Node, *, positive: bool) -> _Clause | None:
        """selected(${x}, 'a'), and its idiom selected('a b', ${x}): x is one of these."""
        if isinstance(left, (Answer, This)) and isinstance(right, Text):
            item, subject = self._item(left), self._subject(left)
            many = item is None or item.question.type.storage is Storage.CODES
            verb = "includes" if many else "is"
            return _Choices(subject, verb, (self._label(item, right.value),), positive)
        if isinstance(left, Text) and isinstance(right, (Answer, This)):
            item = self._item(right)
            labels = tuple(self._label(item, code) for code in left.value.split())
            return _Choices(self._subject(right), "is", labels, positive) if labels else None
        return None

    def _compared(  # noqa: PLR0911 - one return for each thing that cannot be said
        self, operator: str, left: Node, right: Node, *, positive: bool
    ) -> _Clause | None:
        if not self._subject(left) and self._subject(right):
            operator, left, right = _MIRRORED[operator], right, left
        if isinstance(left, Call):
            return self._counted(operator, left, right, positive=positive)
        subject, item = self._subject(left), self._item(left)
        if not subject:
            return None
        equals = operator in _OPPOSITE
        if isinstance(right, Text) and not right.value:
            if not equals:
                return None
            answered = (operator == "!=") == positive
            return _Said(subject, "was answered" if answered else "was not answered")
        value = self._value(right, item)
        if value is None:
            return None
        if equals:
            return _Choices(subject, "is", (value,), (operator == "=") == positive)
        words = _TIME if self._in_time(item, right) else _AMOUNT
        return _Said(subject, f"is {'' if positive else 'not '}{words[operator]}{value}")

    def _counted(self, operator: str, left: Call, right: Node, *, positive: bool) -> _Clause | None:
        match left, right:
            case Call("count-selected", (inner,)), Number(number):
                one, several, verb, verb_not = "answer", "answers", "has", "does not have"
            case Call("string-length", (inner,)), Number(number):
                one, several, verb, verb_not = "letter", "letters", "has", "does not have"
            case Call("count", (inner,)), Number(number):
                one, several, verb, verb_not = "entry", "entries", "has", "does not have"
            case _:
                return None
        subject = self._subject(inner)
        if not subject:
            return None
        things = f"{written_number(number)} {one if number == 1 else several}"
        return _Said(subject, f"{verb if positive else verb_not} {_COUNT[operator]}{things}")

    # words

    def _item(self, node: Node) -> Item | None:
        return self.questionnaire.by_key.get(node.name) if isinstance(node, Answer) else None

    def _subject(self, node: Node) -> str:
        """What a node is called as a subject; empty where it has no name."""
        match node:
            case This():
                return "the answer"
            case Answer(name):
                item = self.questionnaire.by_key.get(name)
                texts = item.question.label if item is not None else self._group_label(name)
                label = plain_label(self.questionnaire.text(texts, self.language), LONGEST_LABEL)
                if not label:
                    return name
                return f"“{label}”" if label.endswith(("?", "…", ".", "!")) else label
            case Call("count-selected" | "string-length" | "count", (inner,)):
                return self._subject(inner)
            case _:
                return ""

    def _group_label(self, name: str) -> Mapping[str, str]:
        found = self.questionnaire.repeats.get(name)
        return found[0].label if found is not None else MappingProxyType({})

    def _label(self, item: Item | None, code: str) -> str:
        """What a code is called where it is a choice of the question, else the code itself."""
        for choice in self.questionnaire.choices(item.question) if item is not None else ():
            if choice.code == code:
                label = self.questionnaire.text(choice.label, self.language)
                return plain_label(label, LONGEST_LABEL) or code
        return code

    def _value(self, node: Node, item: Item | None) -> str | None:  # noqa: PLR0911 - one a node
        match node:
            case Text(text):
                return self._label(item, text)
            case Number(number):
                return self._label(item, written_number(number))
            case Negative(Number(number)):
                return f"-{written_number(number)}"
            case Call("today" | "now", ()):
                return _MOMENTS[node.function]
            case Call("date" | "date-time", (Text(text),)):
                return text
            case Answer():
                return self._subject(node)
            case _:
                return None

    def _in_time(self, item: Item | None, other: Node) -> bool:
        moments = (Storage.DATE, Storage.DATETIME, Storage.TIME)
        if item is not None and item.question.type.storage in moments:
            return True
        other_item = self._item(other)
        if other_item is not None and other_item.question.type.storage in moments:
            return True
        return isinstance(other, Call) and other.function in (*_MOMENTS, "date", "date-time")

    # text

    def text(self, clause: _Clause, around: str = "") -> str:
        match clause:
            case _Said(subject, predicate):
                return f"{subject} {predicate}" if subject else predicate
            case _Choices():
                return f"{clause.subject} {_chosen(clause)}"
            case _Joined(word, parts):
                said = [self.text(part, word) for part in parts]
                if not around:
                    return f", {word} ".join(said)
                joined = f" {word} ".join(said)
                return f"either {joined}" if word == "or" else joined


def _merged(word: str, clauses: list[_Clause]) -> list[_Clause]:
    """Neighbours about the same subject as one: its choices listed, its predicates joined."""
    merged: list[_Clause] = []
    for clause in clauses:
        together = _together(word, merged[-1], clause) if merged else None
        if together is None:
            merged.append(clause)
        else:
            merged[-1] = together
    return merged


def _together(word: str, one: _Clause, other: _Clause) -> _Clause | None:
    if isinstance(one, _Choices) and isinstance(other, _Choices):
        return _more_choices(word, one, other)
    same = isinstance(one, _Said) and isinstance(other, _Said) and one.subject == other.subject
    if same and isinstance(one, _Said) and isinstance(other, _Said) and one.subject:
        verb = one.predicate.split(" ", maxsplit=1)[0]
        return _Said(
            one.subject, f"{one.predicate} {word} {other.predicate.removeprefix(f'{verb} ')}"
        )
    return None


def _more_choices(word: str, one: _Choices, other: _Choices) -> _Choices | None:
    """Choices listed: *or* between what may be, *and* between what may not be."""
    alike = (one.subject, one.verb, one.positive) == (other.subject, other.verb, other.positive)
    if not alike:
        return None
    labels = (*one.labels, *other.labels)
    natural = "or" if one.positive else "and"
    if word == natural and not one.all_of and not other.all_of:
        return _Choices(one.subject, one.verb, labels, one.positive)
    single = len(other.labels) == 1 and (one.all_of or len(one.labels) == 1)
    if word == "and" and one.verb == "includes" and single:
        return _Choices(one.subject, one.verb, labels, one.positive, all_of=True)
    return None


def _chosen(clause: _Choices) -> str:
    """ "includes A or B", "is not A", "is neither A nor B", "includes none of A, B and C"."""
    verb, labels = clause.verb, clause.labels
    if clause.positive:
        return f"{verb} {_listed(labels, 'and' if clause.all_of else 'or')}"
    if len(labels) == 1:
        return f"is not {labels[0]}" if verb == "is" else f"does not include {labels[0]}"
    if len(labels) == 2:  # noqa: PLR2004 - neither and nor are for two
        return f"{verb} neither {labels[0]} nor {labels[1]}"
    return f"{verb} none of {_listed(labels, 'and')}"


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


def _listed(labels: tuple[str, ...], word: str) -> str:
    if len(labels) == 1:
        return labels[0]
    return f"{', '.join(labels[:-1])} {word} {labels[-1]}"
