"""A questionnaire laid out for review: every node, expression and text with its spot.

Rules ask the same questions again and again: what is written where, who refers to whom,
which codes a question has. The answers are worked out here, once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from survey_kit.questionnaire.expression import Answer, Expression, This, walk
from survey_kit.questionnaire.model import Group, Place, Question, Questionnaire, Repeat
from survey_kit.review.rule import Spot

if TYPE_CHECKING:
    from pathlib import Path

    from survey_kit.questionnaire.expression import Node as Part
    from survey_kit.questionnaire.model import Choice, ChoiceList, Node, Texts
    from survey_kit.review.allow import Allow
    from survey_kit.review.glossary import Term
    from survey_kit.review.possible import Reasoner

NOWHERE = Place("questionnaire")
Key = Literal[
    "relevant",
    "constraint",
    "required",
    "calculation",
    "choice_filter",
    "default",
    "count",
    "base",
    "case",
]
_OF_QUESTION: tuple[Key, ...] = (
    "relevant",
    "constraint",
    "required",
    "calculation",
    "choice_filter",
)
_SPOKEN = ("label", "hint", "guidance_hint", "constraint_message", "required_message")


@dataclass(frozen=True, eq=False)
class Located:
    """A node and where it stands: the sections around it, and its turn in the interview."""

    node: Node
    order: int
    parents: tuple[Located, ...]

    @cached_property
    def repeats(self) -> tuple[str, ...]:
        """Names of the repeats around it, outermost first."""
        return tuple(each.node.name for each in self.parents if isinstance(each.node, Repeat))

    @cached_property
    def spot(self) -> Spot:
        """Where it was written."""
        kind = type(self.node).__name__.lower()
        return Spot(self.node.source or NOWHERE, f"{kind} '{self.node.name}'", self.node.name)

    @property
    def question(self) -> Question | None:
        """The question, where it is one."""
        return self.node if isinstance(self.node, Question) else None


@dataclass(frozen=True, eq=False)
class Written:
    """An expression, what it decides, and whose it is. `owner` is None for derived variables."""

    expression: Expression
    key: Key
    spot: Spot
    owner: Located | None


@dataclass(frozen=True)
class Spoken:
    """Something that people read or hear, in all its languages, and which text it is."""

    texts: Texts
    kind: str
    spot: Spot
    media: bool = False


@dataclass(frozen=True, eq=False)
class Reviewed:
    """A questionnaire and what a review knows beside it: its folder, its glossary.

    `matched` holds the allows that silenced something; it is None until all other rules ran.
    """

    whole: Questionnaire
    glossary: tuple[Term, ...] = ()
    folder: Path | None = None
    allows: tuple[Allow, ...] = ()
    matched: frozenset[Allow] | None = None
    profiles: tuple[str, ...] = ()
    top: Spot = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "top", Spot(self.whole.source or NOWHERE))

    @cached_property
    def nodes(self) -> tuple[Located, ...]:
        """Every question, group and repeat, in the order of the interview."""
        found: list[Located] = []
        _lay_out(self.whole.nodes, (), found)
        return tuple(found)

    @cached_property
    def questions(self) -> tuple[tuple[Located, Question], ...]:
        """Every question and where it stands."""
        return tuple((each, each.node) for each in self.nodes if isinstance(each.node, Question))

    @cached_property
    def reasoner(self) -> Reasoner:
        """What can be proven about its conditions."""
        from survey_kit.review.possible import Reasoner

        return Reasoner(self)

    @cached_property
    def by_name(self) -> Mapping[str, Located]:
        """What ``${name}`` means, where it means one thing."""
        found: dict[str, Located] = {}
        twice: set[str] = set()
        for each in self.nodes:
            if each.node.name in found:
                twice.add(each.node.name)
            found[each.node.name] = each
        return {name: each for name, each in found.items() if name not in twice}

    def asked(self, part: Part, here: Written) -> Question | None:
        """The question that ``${name}`` or a full stop means in an expression."""
        match part:
            case Answer(name):
                found = self.by_name.get(name)
                return found.question if found else None
            case This() if here.owner is not None:
                return here.owner.question
            case _:
                return None

    def list_of(self, question: Question | None) -> ChoiceList | None:
        """The list of a question's choices, where the questionnaire holds all of it."""
        if question is None or question.choices is None:
            return None
        if question.searches:
            return None
        return self.whole.lists.get(question.choices)

    def codes(self, question: Question | None) -> tuple[str, ...] | None:
        """Every code that can be chosen; None where there is no list, or a file holds it."""
        found = self.list_of(question)
        if found is None or question is None:
            return None
        return (*found.codes, "other") if has_or_other(question) else found.codes

    @cached_property
    def written(self) -> tuple[Written, ...]:
        """Every expression of the form and of its derived variables, each once."""
        return tuple(self._written())

    def _written(self) -> Iterator[Written]:
        for each in self.nodes:
            keys: tuple[Key, ...] = _OF_QUESTION
            match each.node:
                case Question():
                    pass
                case Group():
                    keys = ("relevant",)
                case Repeat():
                    keys = ("relevant", "count")
            for key in keys:
                expression: Expression | None = getattr(each.node, key)
                if expression is not None:
                    yield Written(expression, key, each.spot.part(key), each)
        for derived in self.whole.derived:
            place, thing = derived.source or NOWHERE, f"derived variable '{derived.name}'"
            spot = Spot(place, thing, derived.name)
            if derived.base is not None:
                yield Written(derived.base, "base", spot.part("base"), None)
            for case in derived.cases:
                yield Written(case.when, "case", spot.part(f"case '{case.code}'"), None)

    @cached_property
    def spoken(self) -> tuple[Spoken, ...]:
        """Every text and every sound or picture, by question and by choice."""
        return tuple(self._spoken())

    def _spoken(self) -> Iterator[Spoken]:
        for each in self.nodes:
            if each.question is not None and not each.question.type.asked:
                continue
            for kind in _SPOKEN:
                texts: Texts = getattr(each.node, kind, None) or {}
                if texts:
                    yield Spoken(texts, kind, each.spot.part(kind))
            media: Mapping[str, Texts] = getattr(each.node, "media", None) or {}
            for kind, files in media.items():
                yield Spoken(files, kind, each.spot.part(kind), media=True)
        for name, choice in self.choices:
            spot = self.choice_spot(name, choice)
            if choice.label:
                yield Spoken(choice.label, "label", spot)
            for kind, files in choice.media.items():
                yield Spoken(files, kind, spot.part(kind), media=True)

    @cached_property
    def choices(self) -> tuple[tuple[str, Choice], ...]:
        """Every choice and the name of its list."""
        return tuple(
            (name, choice) for name, each in self.whole.lists.items() for choice in each.choices
        )

    def choice_spot(self, name: str, choice: Choice) -> Spot:
        """Where a choice was written."""
        return Spot(
            choice.source or self.whole.source or NOWHERE,
            f"list '{name}', choice '{choice.code}'",
            name,
        )

    def list_spot(self, name: str) -> Spot:
        """Where a list begins."""
        choices = self.whole.lists[name].choices
        first = choices[0].source if choices else None
        return Spot(first or self.whole.source or NOWHERE, f"list '{name}'", name)

    @cached_property
    def users(self) -> Mapping[str, tuple[Question, ...]]:
        """The questions that use each list."""
        found: dict[str, list[Question]] = {}
        for _, question in self.questions:
            if question.choices is not None:
                found.setdefault(question.choices, []).append(question)
        return {name: tuple(each) for name, each in found.items()}

    @cached_property
    def referred_to(self) -> frozenset[str]:
        """Every name that some expression or text refers to as ``${name}``."""
        names = {
            part.name
            for each in self.written
            for part in walk(each.expression.tree)
            if isinstance(part, Answer)
        }
        return frozenset(names)


def _lay_out(nodes: tuple[Node, ...], parents: tuple[Located, ...], found: list[Located]) -> None:
    for node in nodes:
        here = Located(node, len(found), parents)
        found.append(here)
        if not isinstance(node, Question):
            _lay_out(node.nodes, (*parents, here), found)


def has_or_other(question: Question) -> bool:
    """Whether the form adds a choice 'other' to the list by itself."""
    return question.or_other


def is_hidden(question: Question) -> bool:
    """Whether nobody sees it: a calculation, or an appearance that hides it."""
    return question.calculation is not None or "hidden" in (question.appearance or "").split()


def trigger_of(question: Question) -> str:
    """The question whose change works this one out again; empty where there is none."""
    return question.extra.get("trigger", "") or str(getattr(question, "trigger", "") or "")
