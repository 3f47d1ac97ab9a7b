"""Which question of the new form is which of the old one.

By where it stands, then by its name; or because the new form says what it was called before
(`renamed_from`). A question that is in neither way there, and whose type, wording and choices
another one has to the letter, has been renamed without saying so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from types import MappingProxyType

from survey_kit.questionnaire.model import Group, Item, Node, Question, Questionnaire, Repeat
from survey_kit.versions.wording import plain

RENAMED_FROM = ("analysis::renamed_from", "renamed_from")
"""Columns in which a form says what a question or repeat was called before."""


@dataclass(frozen=True)
class Pair:
    """A question of the old form and of the new one."""

    old: Item
    new: Item

    @property
    def renamed(self) -> bool:
        """Whether it has another name now."""
        return self.old.question.name != self.new.question.name


@dataclass(frozen=True)
class Matching:
    """The questions of two forms.

    `pairs` are in the order of the new form. `guessed` are the new keys of pairs that were
    found by their likeness: nobody has said that they are the same. `repeats` leads from the
    name of an old repeat to that of a new one, where a form says that it was renamed.
    """

    pairs: tuple[Pair, ...]
    removed: tuple[Item, ...]
    added: tuple[Item, ...]
    guessed: frozenset[str]
    repeats: Mapping[str, str]

    @cached_property
    def renamed(self) -> Mapping[str, str]:
        """Old name -> new name of the questions that are called otherwise now."""
        return MappingProxyType(
            {p.old.question.name: p.new.question.name for p in self.pairs if p.renamed}
            | {old: new for old, new in self.repeats.items() if old != new}
        )

    @cached_property
    def old_key(self) -> Mapping[str, str]:
        """Key in the new form -> key in the old form."""
        return MappingProxyType({pair.new.key: pair.old.key for pair in self.pairs})


def former_names(node: Question | Repeat) -> tuple[str, ...]:
    """What a form says a question or repeat was called in older versions, the latest last."""
    said = next((node.extra[column] for column in RENAMED_FROM if node.extra.get(column)), "")
    return tuple(said.replace(",", " ").split())


def match(old: Questionnaire, new: Questionnaire) -> Matching:
    """Pair the questions of two forms."""
    left = {_path(item): item for item in old.items}
    open_ = {_path(item): item for item in new.items}
    found: dict[tuple[str, ...], Item] = {}

    def pair(new_item: Item, old_item: Item) -> None:
        found[_path(new_item)] = old_item
        del open_[_path(new_item)], left[_path(old_item)]

    for path, item in list(open_.items()):
        if path in left:
            pair(item, left[path])
    _by((_name, _name), left, open_, pair)
    by_old_name = {each.question.name: each for each in left.values()}
    for item in list(open_.values()):
        for name in reversed(former_names(item.question)):
            if name in by_old_name and _path(by_old_name[name]) in left:
                pair(item, by_old_name[name])
                break
    repeats = _repeats(old, new)
    said = set(found)
    looks = partial(_looks, form=old, repeats=repeats), partial(_looks, form=new, repeats={})
    _by(looks, left, open_, pair)
    pairs = tuple(Pair(found[_path(item)], item) for item in new.items if _path(item) in found)
    return Matching(
        pairs=pairs,
        removed=tuple(left.values()),
        added=tuple(open_.values()),
        guessed=frozenset(p.new.key for p in pairs if _path(p.new) not in said),
        repeats=MappingProxyType(repeats),
    )


def every_group(nodes: Iterable[Node]) -> list[tuple[tuple[str, ...], Group | Repeat]]:
    """Every group and repeat with its path, itself included, in the order of the form."""
    found: list[tuple[tuple[str, ...], Group | Repeat]] = []
    waiting: list[tuple[tuple[str, ...], Node]] = [(tuple[str, ...](), node) for node in nodes]
    waiting.reverse()
    while waiting:
        path, node = waiting.pop()
        if isinstance(node, Question):
            continue
        here = (*path, node.name)
        found.append((here, node))
        waiting.extend((here, child) for child in reversed(node.nodes))
    return found


def _path(item: Item) -> tuple[str, ...]:
    return (*item.path, item.question.name)


def _by(
    signs: tuple[Callable[[Item], Hashable | None], Callable[[Item], Hashable | None]],
    left: Mapping[tuple[str, ...], Item],
    open_: Mapping[tuple[str, ...], Item],
    pair: Callable[[Item, Item], None],
) -> None:
    """Pair what has the same sign, where no other question has it on either side.

    The first of `signs` is that of an old question, the second that of a new one.
    """
    olds, news = list(left.values()), list(open_.values())
    of_old, of_new = [signs[0](item) for item in olds], [signs[1](item) for item in news]
    many_old, many_new = Counter(of_old), Counter(of_new)
    by_sign = {each: item for each, item in zip(of_old, olds, strict=True) if each is not None}
    for each, item in zip(of_new, news, strict=True):
        if each is not None and each in by_sign and many_old[each] == many_new[each] == 1:
            pair(item, by_sign[each])


def _name(item: Item) -> str:
    return item.question.name


def _looks(item: Item, form: Questionnaire, repeats: Mapping[str, str]) -> Hashable | None:
    """What two questions have in common if one is the other renamed; None where too little."""
    question = item.question
    spoken = plain(form.text(question.label))
    rule = question.calculation.source if question.calculation else ""
    if not spoken and not rule:
        return None
    around = tuple(repeats.get(name, name) for name in item.repeats)
    codes = tuple(choice.code for choice in form.choices(question))
    return question.type.name, around, spoken, rule, codes


def _repeats(old: Questionnaire, new: Questionnaire) -> dict[str, str]:
    found = {name: name for name in old.repeats if name in new.repeats}
    for name, (repeat, _, _) in new.repeats.items():
        if name in old.repeats:
            continue
        for former in reversed(former_names(repeat)):
            if former in old.repeats and former not in found:
                found[former] = name
                break
    return found


def longest_in_order(places: Sequence[int]) -> set[int]:
    """The positions of a longest run of rising numbers: what stayed while the others moved.

    >>> sorted(longest_in_order([0, 3, 1, 2]))
    [0, 2, 3]
    """
    from bisect import bisect_left

    ends: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for position, place in enumerate(places):
        slot = bisect_left(ends, place)
        before.append(at[slot - 1] if slot else -1)
        ends[slot : slot + 1] = [place]
        at[slot : slot + 1] = [position]
    kept: set[int] = set()
    position = at[-1] if at else -1
    while position >= 0:
        kept.add(position)
        position = before[position]
    return kept
