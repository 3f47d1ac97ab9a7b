"""Every text of a questionnaire that is said in several languages, and its stable place.

A place names a text whatever it says and wherever it stands, so that a translation made
last year finds its text today::

    title
    question/label:drivers          question/hint:drivers       question/audio:drivers
    group/label:setting             repeat/label:transit
    choice/label:yes_no/refused     list, then code
    derived/label:stage             case/label:stage/planning   variable, then code

Where two questions share a name, the place holds the whole path instead. One walk over
the questionnaire serves both to collect the texts and to change them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from survey_kit.questionnaire.model import (
    Case,
    Choice,
    Derived,
    Group,
    Question,
    Questionnaire,
    Repeat,
)
from survey_kit.questionnaire.yaml_keys import TEXTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from survey_kit.questionnaire.model import Node, Texts

    Owner = Question | Group | Repeat | Choice | Derived | Case | None
    Change = Callable[["Spot", Texts], Texts]

_Node = TypeVar("_Node", "Question", "Group", "Repeat")

FILES = frozenset({"image", "big-image", "audio", "video"})
"""Parts whose text is the name of a file."""


@dataclass(frozen=True)
class Spot:
    """Where a text stands: its place, what part of its owner it is, and the owner.

    `owner` is None for the title. `list_name` is the list of a choice.
    """

    place: str
    part: str
    owner: Owner = None
    list_name: str | None = None

    @property
    def is_file(self) -> bool:
        """Whether the text is the name of a file, and not read by anybody."""
        return self.part in FILES


@dataclass(frozen=True)
class Spoken:
    """A text in all its languages, and its spot."""

    spot: Spot
    texts: Texts

    @property
    def place(self) -> str:
        """The stable place."""
        return self.spot.place


def spoken(questionnaire: Questionnaire) -> tuple[Spoken, ...]:
    """Every text, in the order of the interview.

    The choices of a list come behind the first question that offers them, as a translator
    wants to read them; then lists that nobody offers, and derived variables.
    """
    found: list[Spoken] = []

    def note(spot: Spot, texts: Texts) -> Texts:
        found.append(Spoken(spot, texts))
        return texts

    rewritten(questionnaire, note)
    of_lists: dict[str | None, list[Spoken]] = {}
    for each in found:
        if isinstance(each.spot.owner, Choice):
            of_lists.setdefault(each.spot.list_name, []).append(each)
    ordered: list[Spoken] = []
    last: list[Spoken] = []
    for at, each in enumerate(found):
        owner = each.spot.owner
        if isinstance(owner, Choice):
            continue
        (last if isinstance(owner, Derived | Case) else ordered).append(each)
        following = found[at + 1].spot.owner if at + 1 < len(found) else None
        if isinstance(owner, Question) and following is not owner:
            ordered.extend(of_lists.pop(owner.choices, ()))
    for rest in of_lists.values():
        ordered.extend(rest)
    return (*ordered, *last)


def rewritten(questionnaire: Questionnaire, change: Change) -> Questionnaire:
    """The questionnaire with `change` made to every text that could be there, also empty ones.

    `change` gets the spot and the texts by language, and gives back the texts to put there;
    languages come out in the order in which they are declared, empty texts are left out.
    """
    walk = _Walk(questionnaire, change)
    return replace(
        questionnaire,
        title=walk.texts(Spot("title", "title"), questionnaire.title),
        nodes=tuple(walk.node(node, ()) for node in questionnaire.nodes),
        lists=MappingProxyType(
            {
                name: replace(each, choices=tuple(walk.choice(name, one) for one in each.choices))
                for name, each in questionnaire.lists.items()
            }
        ),
        derived=tuple(walk.derived(each) for each in questionnaire.derived),
    )


def in_languages(
    questionnaire: Questionnaire, texts: Mapping[str, Mapping[str, str]]
) -> Questionnaire:
    """The questionnaire with texts put in: language -> place -> text; an empty one takes it out."""

    def change(spot: Spot, present: Texts) -> Texts:
        new = {code: of[spot.place] for code, of in texts.items() if spot.place in of}
        return {**present, **new} if new else present

    return rewritten(questionnaire, change)


class _Walk:
    def __init__(self, questionnaire: Questionnaire, change: Change) -> None:
        self._languages = tuple(questionnaire.languages)
        self._change = change
        self._taken: set[str] = set()
        self._names = Counter(_names(questionnaire.nodes))

    def texts(self, spot: Spot, texts: Texts) -> Texts:
        changed = self._change(spot, texts)
        if changed is texts:
            return texts
        return MappingProxyType(
            {code: changed[code] for code in self._languages if changed.get(code)}
        )

    def _spot(self, kind: str, part: str, key: str, owner: Owner, name: str | None = None) -> Spot:
        place = f"{kind}/{part}:{key}"
        number = 1
        while place in self._taken:
            number += 1
            place = f"{kind}/{part}:{key}#{number}"
        self._taken.add(place)
        return Spot(place, part, owner, name)

    def _media(
        self, kind: str, key: str, owner: Question | Choice, name: str | None = None
    ) -> Mapping[str, Texts]:
        changed = {
            part: self.texts(self._spot(kind, part, key, owner, name), files)
            for part, files in owner.media.items()
        }
        return MappingProxyType({part: files for part, files in changed.items() if files})

    def node(self, node: Node, path: tuple[str, ...]) -> Node:
        kind = _kind(node)
        twice = self._names[kind, node.name] > 1
        key = "/".join((*path, node.name)) if twice else node.name
        match node:
            case Question():
                said = self._said(kind, key, node)
                return replace(said, media=self._media(kind, key, node)) if node.media else said
            case Group():
                group = self._said(kind, key, node)
                return replace(group, nodes=self._nodes(node, path))
            case Repeat():
                repeat = self._said(kind, key, node)
                return replace(repeat, nodes=self._nodes(node, path))

    def _nodes(self, node: Group | Repeat, path: tuple[str, ...]) -> tuple[Node, ...]:
        return tuple(self.node(each, (*path, node.name)) for each in node.nodes)

    def _said(self, kind: str, key: str, node: _Node) -> _Node:
        """The node with its label, hint and messages changed."""
        changed: dict[str, Texts] = {}
        for part in TEXTS:
            present = getattr(node, part, None)
            if present is not None:
                texts = self.texts(self._spot(kind, part, key, node), present)
                if texts is not present:
                    changed[part] = texts
        return replace(node, **changed) if changed else node

    def choice(self, name: str, choice: Choice) -> Choice:
        key = f"{name.replace('%', '%25').replace('/', '%2F')}/{choice.code}"
        spot = self._spot("choice", "label", key, choice, name)
        return replace(
            choice,
            label=self.texts(spot, choice.label),
            media=self._media("choice", key, choice, name),
        )

    def derived(self, each: Derived) -> Derived:
        spot = self._spot("derived", "label", each.name, each)
        return replace(
            each,
            label=self.texts(spot, each.label),
            cases=tuple(
                replace(case, label=self.texts(self._case(each, case), case.label))
                for case in each.cases
            ),
        )

    def _case(self, each: Derived, case: Case) -> Spot:
        return self._spot("case", "label", f"{each.name}/{case.code}", case)


def _kind(node: Node) -> str:
    match node:
        case Question():
            return "question"
        case Group():
            return "group"
        case Repeat():
            return "repeat"


def _names(nodes: tuple[Node, ...]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        found.append((_kind(node), node.name))
        if not isinstance(node, Question):
            waiting.extend(node.nodes)
    return found
