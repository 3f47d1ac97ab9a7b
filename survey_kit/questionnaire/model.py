"""A questionnaire is a value; everything else is a function of it and of what people answered.

`Questionnaire` holds the interview as a tree of groups, repeats and questions, the
lists of choices, and what is to be made of the answers. It is built by
`questionnaire/build.py`, which refuses a definition that contradicts itself and names
every fault at once; code that holds a `Questionnaire` may therefore trust it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from types import MappingProxyType
from typing import TypeAlias

from survey_kit.errors import Fault
from survey_kit.questionnaire.expression import Expression
from survey_kit.questionnaire.question_type import QuestionType
from survey_kit.questionnaire.table import Table
from survey_kit.questionnaire.translation import Translation

Texts: TypeAlias = Mapping[str, str]
"""A text by language code: {"en": "Yes", "bn": "হ্যাঁ"}."""

NOTHING: Mapping[str, str] = MappingProxyType({})


def nothing() -> Mapping[str, str]:
    """No texts, no columns, no settings."""
    return NOTHING


@dataclass(frozen=True)
class Place:
    """Where something was written, for messages: a file, and a sheet and row or a line."""

    file: str
    sheet: str | None = None
    row: int | None = None

    def __str__(self) -> str:
        if self.sheet is not None:
            return f"{self.file}, sheet {self.sheet}" + (f", row {self.row}" if self.row else "")
        return f"{self.file}, line {self.row}" if self.row else self.file


class Privacy(Enum):
    """What an answer could do to the person who gave it."""

    IDENTIFIER = "identifier"
    """Names or locates a person by itself. Never leaves."""
    QUASI = "quasi"
    """Helps to single a person out together with other answers."""
    SENSITIVE = "sensitive"
    """Would harm the person if it were known to be theirs."""
    PLAIN = "plain"


class Missing(Enum):
    """What a choice means that is an answer, but not to the question."""

    REFUSED = "refused"
    DONT_KNOW = "dont_know"


@dataclass(frozen=True)
class Choice:
    """One code of a list. `columns` holds what choice filters compare with."""

    code: str
    label: Texts = field(default_factory=nothing)
    missing: Missing | None = None
    media: Mapping[str, Texts] = field(default_factory=lambda: MappingProxyType({}))
    columns: Mapping[str, str] = field(default_factory=nothing)
    source: Place | None = field(default=None, compare=False)


@dataclass(frozen=True)
class ChoiceList:
    """A named list of choices, in the order in which they are shown."""

    name: str
    choices: tuple[Choice, ...]

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The codes in order."""
        return tuple(choice.code for choice in self.choices)

    @cached_property
    def by_code(self) -> Mapping[str, Choice]:
        """code -> choice."""
        return MappingProxyType({choice.code: choice for choice in self.choices})


@dataclass(frozen=True)
class Question:
    """One question, or one thing that the form shows or fills in.

    `choices` names a list. `required` is an expression, ``true()`` where the sheet said
    yes. `extra` keeps, verbatim, every column that survey_kit gives no meaning to.
    `privacy` is None where nobody has classed the question yet.

    Choices may come from elsewhere than `choices`: from a `file` beside the form
    (``cities.csv``), from a list of the sheet external_choices (`external_list`), or from
    the answers to another question in a repeat (`choices_from`, its name). With `or_other`
    the form adds the choice ``other`` to them, and a text ``<name>_other`` after them.
    `spelling` is the type as its author wrote it, where phones would notice a difference.
    """

    name: str
    type: QuestionType
    label: Texts = field(default_factory=nothing)
    hint: Texts = field(default_factory=nothing)
    choices: str | None = None
    relevant: Expression | None = None
    constraint: Expression | None = None
    constraint_message: Texts = field(default_factory=nothing)
    required: Expression | None = None
    required_message: Texts = field(default_factory=nothing)
    calculation: Expression | None = None
    choice_filter: Expression | None = None
    default: str | None = None
    read_only: bool = False
    appearance: str | None = None
    parameters: str | None = None
    media: Mapping[str, Texts] = field(default_factory=lambda: MappingProxyType({}))
    privacy: Privacy | None = None
    file: str | None = None
    external_list: str | None = None
    choices_from: str | None = None
    or_other: bool = False
    spelling: str | None = None
    extra: Mapping[str, str] = field(default_factory=nothing)
    source: Place | None = field(default=None, compare=False)

    @property
    def searches(self) -> bool:
        """Whether its list only names the columns of a file that ``search()`` looks through."""
        return "search(" in (self.appearance or "")


@dataclass(frozen=True)
class Group:
    """Questions that stand together, and may be skipped together.

    `loop` names the list over whose choices pyxform asks them, one group a choice.
    """

    name: str
    nodes: tuple[Node, ...]
    label: Texts = field(default_factory=nothing)
    relevant: Expression | None = None
    appearance: str | None = None
    loop: str | None = None
    extra: Mapping[str, str] = field(default_factory=nothing)
    source: Place | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Repeat:
    """Questions asked again for each of several things: members, journeys, sources.

    `count` says how many, where the form decides; otherwise the enumerator does.
    """

    name: str
    nodes: tuple[Node, ...]
    label: Texts = field(default_factory=nothing)
    relevant: Expression | None = None
    count: Expression | None = None
    appearance: str | None = None
    extra: Mapping[str, str] = field(default_factory=nothing)
    source: Place | None = field(default=None, compare=False)


Node: TypeAlias = Question | Group | Repeat


@dataclass(frozen=True)
class Case:
    """One value of a derived variable, and when it holds."""

    code: str
    label: Texts
    when: Expression


@dataclass(frozen=True)
class Derived:
    """A variable made from answers: the first case that holds is its value.

    `base` says of whom the variable is true at all; everyone else is outside its base.
    Where no case holds inside the base, the value is absent.
    """

    name: str
    label: Texts
    cases: tuple[Case, ...]
    base: Expression | None = None
    privacy: Privacy | None = None
    source: Place | None = field(default=None, compare=False)


@dataclass(frozen=True)
class FormTest:
    """One entry of the ``tests:`` block: answers in, and what must follow from them.

    A question in a repeat is named with its row, ``age[2]`` (`in_row`). `ends` says whether the
    interview can be finished with these answers: nothing required is blank, nothing refused.
    """

    name: str
    answers: Mapping[str, str]
    asked: tuple[str, ...] = ()
    not_asked: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=nothing)
    refused: tuple[str, ...] = ()
    ends: bool | None = None
    source: Place | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Item:
    """One question and where it stands.

    `key` is the name of its column: the question's name, or the whole path joined by
    slashes where two questions share a name. `gates` are the relevants of the groups and
    repeats around it, outermost first, without its own.
    """

    question: Question
    key: str
    path: tuple[str, ...]
    repeats: tuple[str, ...]
    gates: tuple[Expression, ...]


@dataclass(frozen=True)
class Questionnaire:
    """The one definition of a questionnaire.

    `languages` maps a language code to its name, the first being the default; a form
    without languages has the single code ``default``. `settings` and `sheets` keep what
    an XLSForm said beyond what is modelled here. `translations` says of a language and a
    place (questionnaire/spoken.py) how far that text may be trusted, and `language_files`
    in which file beside the definition a language is kept. `not_understood` says which
    parts are kept as they are written though nothing here knows what they mean.
    """

    name: str
    version: str
    title: Texts
    languages: Mapping[str, str]
    nodes: tuple[Node, ...]
    lists: Mapping[str, ChoiceList] = field(default_factory=lambda: MappingProxyType({}))
    weight_margins: tuple[str, ...] = ()
    derived: tuple[Derived, ...] = ()
    tests: tuple[FormTest, ...] = ()
    settings: Mapping[str, str] = field(default_factory=nothing)
    sheets: Mapping[str, tuple[tuple[str, ...], ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    translations: Mapping[str, Mapping[str, Translation]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    language_files: Mapping[str, str] = field(default_factory=nothing, compare=False)
    not_understood: tuple[Fault, ...] = field(default=(), compare=False)
    only_elsewhere: tuple[Fault, ...] = field(default=(), compare=False)
    """What another platform knows (SurveyCTO), so that answers can be read, but no form be made."""
    tables: Mapping[str, Table] = field(
        default_factory=lambda: MappingProxyType({}), compare=False, repr=False
    )
    """The tables in files beside the definition that ``instance()`` and ``pulldata()`` read."""
    source: Place | None = field(default=None, compare=False)

    @property
    def language(self) -> str:
        """The code of the default language."""
        return next(iter(self.languages))

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """Every question in the order of the interview."""
        found = list(_descend(self.nodes, (), (), ()))
        names = [question.name for question, *_ in found]
        twice = (
            {name for name in names if names.count(name) > 1}
            if len(set(names)) < len(names)
            else set[str]()
        )
        return tuple(
            Item(
                question=question,
                key="/".join((*path, question.name)) if question.name in twice else question.name,
                path=path,
                repeats=repeats,
                gates=gates,
            )
            for question, path, repeats, gates in found
        )

    @cached_property
    def by_key(self) -> Mapping[str, Item]:
        """Column name -> item."""
        return MappingProxyType({item.key: item for item in self.items})

    @cached_property
    def repeats(self) -> Mapping[str, tuple[Repeat, tuple[str, ...], tuple[Expression, ...]]]:
        """Repeat name -> (repeat, names of the repeats around it, gates around it)."""
        return MappingProxyType(dict(_repeats(self.nodes, (), ())))

    def choices(self, question: Question) -> tuple[Choice, ...]:
        """The choices of a question in order; empty where it takes none."""
        if question.choices is None or question.choices not in self.lists:
            return ()
        return self.lists[question.choices].choices

    def text(self, texts: Texts, language: str | None = None, *, fallback: str = "") -> str:
        """A text in a language, in the default language where it is missing, or the fallback."""
        for code in (language or self.language, self.language, *texts):
            if texts.get(code):
                return texts[code]
        return fallback


def _descend(
    nodes: tuple[Node, ...],
    path: tuple[str, ...],
    repeats: tuple[str, ...],
    gates: tuple[Expression, ...],
) -> Iterator[tuple[Question, tuple[str, ...], tuple[str, ...], tuple[Expression, ...]]]:
    for node in nodes:
        match node:
            case Question():
                yield node, path, repeats, gates
            case Group() | Repeat():
                inside = (*gates, node.relevant) if node.relevant else gates
                around = (*repeats, node.name) if isinstance(node, Repeat) else repeats
                yield from _descend(node.nodes, (*path, node.name), around, inside)


def _repeats(
    nodes: tuple[Node, ...], around: tuple[str, ...], gates: tuple[Expression, ...]
) -> Iterator[tuple[str, tuple[Repeat, tuple[str, ...], tuple[Expression, ...]]]]:
    for node in nodes:
        match node:
            case Question():
                continue
            case Group():
                inside = (*gates, node.relevant) if node.relevant else gates
                yield from _repeats(node.nodes, around, inside)
            case Repeat():
                inside = (*gates, node.relevant) if node.relevant else gates
                yield node.name, (node, around, inside)
                yield from _repeats(node.nodes, (*around, node.name), inside)
