"""From an expression to a sentence: "“How old are you?” is between 18 and 99".

Used for the base under a table, the skip instructions and rules of a paper form, and the
codebook. What is compared becomes a subject with a predicate (`sentence_values`); clauses of
one subject are joined, and choices of one question listed (`sentence_clauses`); the words
around them come from a table of phrases (`phrases/`). What cannot be said plainly
stands verbatim in quotes, and nothing is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from survey_kit.errors import ExpressionError
from survey_kit.questionnaire.expression import (
    Call,
    Expression,
    Node,
    Number,
    Operation,
    Path,
    Text,
)
from survey_kit.questionnaire.model import Question, Questionnaire
from survey_kit.questionnaire.phrases import ENGLISH, Phrases, phrases_in
from survey_kit.questionnaire.printer import to_xpath
from survey_kit.questionnaire.question_type import Storage
from survey_kit.questionnaire.sentence_clauses import (
    OPPOSITE_WORD,
    Alone,
    Chosen,
    Clause,
    Plain,
    Said,
    What,
    joined,
    say,
    whats_said,
)
from survey_kit.questionnaire.sentence_values import (
    LONGEST_LABEL,
    Naming,
    Values,
    plain_label,
    written_number,
)

__all__ = [
    "LONGEST_LABEL",
    "Naming",
    "constraint_sentence",
    "plain_label",
    "sentence",
    "value_in_words",
    "written_number",
]

_OPPOSITE = {"=": "!=", "!=": "="}
_MIRRORED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_AMOUNT = {"<": "less", "<=": "at_most", ">": "more", ">=": "at_least"}
_TIME = {"<": "before", "<=": "until", ">": "after", ">=": "since"}
_COUNT = {**_AMOUNT, "=": "exactly", "!=": "not_exactly"}
_UNITS = {"count-selected": "answers", "string-length": "letters", "count": "entries"}
_PARTS = {"contains": "contains", "starts-with": "starts", "ends-with": "ends"}
_DIGITS = re.compile(r"\^?(?:\[0-9\]|\\d|\[\\d\])(?:\{(\d+)(?:,(\d+))?\}|([+*]))?\$?")
_PLAIN_NAMING = Naming()


def sentence(
    expression: Expression,
    questionnaire: Questionnaire,
    language: str | None = None,
    *,
    own: Question | None = None,
    naming: Naming = _PLAIN_NAMING,
    phrases: Phrases | None = None,
) -> str:
    """An expression as a sentence without its full stop, with the form's own labels.

    Parameters
    ----------
    language
        Of the labels.
    own
        The question that a full stop in the expression means, where it is known; it is
        called "the answer" all the same.
    naming
        How questions and choices are called.
    phrases
        The words around the labels; English ones where nothing else is said.
    """
    speaker = _Speaker(questionnaire, language, own, naming, phrases or phrases_in(ENGLISH))
    return _begun(say(speaker.clause(expression.tree), speaker.phrases))


def constraint_sentence(
    expression: Expression,
    questionnaire: Questionnaire,
    language: str | None = None,
    *,
    own: Question,
    naming: Naming = _PLAIN_NAMING,
    phrases: Phrases | None = None,
) -> str:
    """What a constraint demands of the answer: "Between 18 and 99"."""
    speaker = _Speaker(questionnaire, language, own, naming, phrases or phrases_in(ENGLISH))
    clause = speaker.clause(expression.tree)
    this = speaker.phrases("this")
    if isinstance(clause, Said) and clause.subject == this:
        return _begun(whats_said(clause, speaker.phrases))
    return _begun(say(clause, speaker.phrases))


def value_in_words(
    expression: Expression,
    questionnaire: Questionnaire,
    language: str | None = None,
    *,
    naming: Naming = _PLAIN_NAMING,
    phrases: Phrases | None = None,
) -> str:
    """What a calculation works out: "Q3 plus Q4"; verbatim where it cannot be said."""
    speaker = _Speaker(questionnaire, language, None, naming, phrases or phrases_in(ENGLISH))
    said = speaker.values.value(expression.tree)
    return said if said is not None else f"‘{_written(expression.tree)}’"


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]


@dataclass(frozen=True)
class _Speaker:
    """Says the clauses of one expression."""

    questionnaire: Questionnaire
    language: str | None
    own: Question | None
    naming: Naming
    phrases: Phrases

    @cached_property
    def values(self) -> Values:
        """Says what is compared."""

        def inside(node: Node) -> str:
            return say(self.clause(node), self.phrases, around=1)

        return Values(
            self.questionnaire, self.language, self.phrases, inside, self.own, self.naming
        )

    def clause(  # noqa: PLR0911, C901 - one return for each kind of node
        self, node: Node, *, positive: bool = True
    ) -> Clause:
        alone = self._alone(node) if positive else None
        if alone is not None:
            return alone
        match node:
            case Operation("and" | "or"):
                return self._joined(node, positive=positive)
            case Call("not", (inner,)):
                return self.clause(inner, positive=not positive)
            case Call("boolean" | "boolean-from-string" | "once", (inner,)):
                return self.clause(inner, positive=positive)
            case Call("true" | "false", ()):
                return Plain(
                    self.phrases("always" if (node.function == "true") == positive else "never")
                )
            case Number(value):
                return Plain(self.phrases("always" if (value != 0) == positive else "never"))
            case Call("if", (condition, yes, no)):
                return self._if(condition, yes, no, positive=positive)
            case Call("selected" | "is-selected", (left, right)):
                said = self._selected(left, right, positive=positive)
            case Operation(operator, left, right) if operator in _MIRRORED:
                said = self._compared(operator, left, right, positive=positive)
            case Call("regex", (left, Text(pattern))):
                said = self._fits(left, pattern, positive=positive)
            case Call(function, (left, Text(part))) if function in _PARTS:
                subject = self.values.subject(left)
                key = _PARTS[function] if positive else f"{_PARTS[function]}_not"
                said = Plain(self.phrases(key, subject=subject, what=part)) if subject else None
            case _:
                said = None
        return said or self._verbatim(node, positive=positive)

    def _joined(self, node: Operation, *, positive: bool) -> Clause:
        """All parts of a chain of one operator; a *not* before it turns the operator round."""
        parts = _chain(node)
        word = node.operator if positive else OPPOSITE_WORD[node.operator]
        return joined(word, [self.clause(part, positive=positive) for part in parts])

    def _if(self, condition: Node, yes: Node, no: Node, *, positive: bool) -> Clause:
        match yes, no:
            case Call("true", ()), Call("false", ()):
                return self.clause(condition, positive=positive)
            case Call("false", ()), Call("true", ()):
                return self.clause(condition, positive=not positive)
            case _:
                said = [
                    say(clause, self.phrases, around=1)
                    for clause in (
                        self.clause(condition),
                        self.clause(yes, positive=positive),
                        self.clause(no, positive=positive),
                    )
                ]
                return Plain(self.phrases("if_then", condition=said[0], yes=said[1], no=said[2]))

    def _verbatim(self, node: Node, *, positive: bool) -> Plain:
        key = "holds" if positive else "holds_not"
        return Plain(self.phrases(key, xpath=_written(node)))

    def _selected(self, left: Node, right: Node, *, positive: bool) -> Clause | None:
        """selected(${x}, 'a'), and its idiom selected('a b', ${x}): x is one of these."""
        subject = self.values.subject(left)
        if subject:
            question = self.values.question(left)
            many = question is None or question.type.storage is Storage.CODES
            if isinstance(right, Path) and right.text == "name":
                key = "chosen_in" if positive else "not_chosen_in"
                return Plain(self.phrases(key, subject=subject))
            if isinstance(right, Text):
                label: str | None = self.values.label(left, right.value)
            else:
                label = self.values.value(right, left)
            verb = "includes" if many else "is"
            return Chosen(subject, verb, (label,), positive) if label is not None else None
        other = self.values.subject(right)
        if isinstance(left, Text) and other:
            labels = tuple(self.values.label(right, code) for code in left.value.split())
            return Chosen(other, "is", labels, positive) if labels else None
        return None

    def _compared(  # noqa: PLR0911 - one return for each thing that is said otherwise
        self, operator: str, left: Node, right: Node, *, positive: bool
    ) -> Clause | None:
        if self._rank(left) < self._rank(right):
            operator, left, right = _MIRRORED[operator], right, left
        if isinstance(left, Call) and left.function in _UNITS:
            return self._counted(operator, left, right, positive=positive)
        equals = operator in _OPPOSITE
        if isinstance(right, Call) and right.function in ("true", "false") and equals:
            same = (operator == "=") == (right.function == "true")
            if _is_truth(left):
                return self.clause(left, positive=same == positive)
        subject = self.values.subject(left) or self.values.value(left)
        if not subject or isinstance(left, (Text, Number)):
            return None
        if isinstance(right, Text) and not right.value:
            if not equals:
                return None
            return self._answered(subject, positive=(operator == "!=") == positive)
        value = self.values.value(right, left)
        if value is None:
            return None
        if equals:
            return Chosen(subject, "is", (value,), (operator == "=") == positive)
        in_time = self.values.in_time(left) or self.values.in_time(right)
        key = (_TIME if in_time else _AMOUNT)[operator]
        return Said(subject, "is", (What(key, value, positive=positive),))

    def _rank(self, node: Node) -> int:
        """What of two compared things is rather the subject: answers, then what is made of them."""
        if isinstance(node, (Text, Number)):
            return 0
        if _is_truth(node):
            return 6
        if isinstance(node, Call) and node.function in ("true", "false", "today", "now", "date"):
            return 1
        if self.values.is_this(node):
            return 5
        if self.values.subject(node):
            return 4
        return 3 if isinstance(node, Call) and node.function in _UNITS else 2

    def _answered(self, subject: str, *, positive: bool) -> Plain:
        return Plain(self.phrases("answered" if positive else "not_answered", subject=subject))

    def _counted(self, operator: str, left: Call, right: Node, *, positive: bool) -> Clause | None:
        """The number of answers, letters or entries, compared."""
        inner = left.arguments[0] if left.arguments else left
        subject = self.values.subject(inner) or self.values.value(inner)
        if not subject:
            return None
        if not isinstance(right, Number):
            value, called = self.values.value(right), self.values.value(left)
            if value is None or called is None:
                return None
            if operator in _OPPOSITE:
                return Chosen(called, "is", (value,), (operator == "=") == positive)
            return Said(called, "is", (What(_AMOUNT[operator], value, positive=positive),))
        number = right.value
        if left.function != "count":
            some = _some(operator, number)
            if some is not None:
                return self._answered(subject, positive=some == positive)
        unit = _UNITS[left.function]
        if operator == ">" and number == 0:
            operator, number = ">=", 1.0
        what = What(_COUNT[operator], written_number(number), unit, positive=positive)
        return Said(subject, "has", (what,))

    def _fits(self, left: Node, pattern: str, *, positive: bool) -> Clause | None:
        subject = self.values.subject(left)
        if not subject:
            return None
        found = _DIGITS.fullmatch(pattern)
        if found is None:
            key = "fits" if positive else "fits_not"
            return Plain(self.phrases(key, subject=subject, pattern=pattern))
        low, high, endless = found.groups()
        if endless:
            value = self.phrases("some_digits")
        elif high is not None:
            value = self.phrases("digits_between", low=low, high=high)
        else:
            value = self.phrases("digits", number=low or 1)
        return Said(subject, "has", (What("", value, positive=positive),))

    def _alone(self, node: Node) -> Alone | None:
        """The rule that some choices of the question admit no other beside them."""
        match node:
            case Call("not", (Operation("and", left, right),)):
                pairs = ((left, right), (right, left))
                limit = (">", 1.0), (">=", 2.0)
            case Call("if", (left, right, Call("true", ()))):
                pairs, limit = ((left, right),), (("=", 1.0), ("<=", 1.0), ("<", 2.0))
            case Operation("or", Operation("and", left, right), Call("not", (again,))) if again in (
                left,
                right,
            ):
                pairs, limit = ((left, right), (right, left)), (("=", 1.0), ("<=", 1.0), ("<", 2.0))
            case _:
                return None
        for chosen, count in pairs:
            match count:
                case Operation(operator, Call("count-selected", (inner,)), Number(number)) if (
                    self.values.is_this(inner) and (operator, number) in limit
                ):
                    labels = self._chosen_here(chosen)
                    return Alone(labels) if labels else None
                case _:
                    continue
        return None

    def _chosen_here(self, node: Node) -> tuple[str, ...]:
        """The choices of the question itself of which any is chosen; () where it says more."""
        labels: list[str] = []
        for part in (
            _chain(node) if isinstance(node, Operation) and node.operator == "or" else [node]
        ):
            match part:
                case Call("selected", (left, Text(code))) if self.values.is_this(left):
                    labels.append(self.values.label(left, code))
                case _:
                    return ()
        return tuple(labels)


def _chain(node: Operation) -> list[Node]:
    """The operands of a chain of one operator, in order."""
    parts: list[Node] = []
    waiting: list[Node] = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, Operation) and current.operator == node.operator:
            waiting += (current.right, current.left)
        else:
            parts.append(current)
    return parts


def _some(operator: str, number: float) -> bool | None:
    """Whether a count compared so says that there is an answer at all; None where it says more."""
    if (operator, number) in ((">", 0), ("!=", 0)):
        return True
    return False if (operator, number) in (("=", 0), ("<", 1), ("<=", 0)) else None


def _is_truth(node: Node) -> bool:
    """Whether a node is a condition rather than a value."""
    match node:
        case Operation(operator, _, _):
            return operator in (*_MIRRORED, "and", "or")
        case Call(function, _):
            return function in ("selected", "not", "regex", "boolean", *_PARTS)
        case _:
            return False


def _written(node: Node) -> str:
    """A node as XPath; where that cannot be written, as an ellipsis."""
    try:
        return to_xpath(node)
    except ExpressionError:
        return "…"
