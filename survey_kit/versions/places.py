"""What changed in where questions stand: groups, repeats, order, and what came or went."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property

from survey_kit.questionnaire.model import Group, Item, Repeat
from survey_kit.versions.both import Both, holds_data
from survey_kit.versions.change import About, Change, Kind, Severity
from survey_kit.versions.condition import same
from survey_kit.versions.matching import Pair, every_group, longest_in_order
from survey_kit.versions.questions import ASKED, Changed, columns, condition

NOT_THERE = (
    "Read old interviews with the old form: list it under versions in study.yaml. "
    "Paths in exports of both versions differ"
)


def gone_and_new(both: Both) -> Iterator[Change]:
    """Questions that only one form has."""
    for item in both.matching.removed:
        yield _removed(item)
    for item in both.matching.added:
        data = holds_data(item)
        why = (
            "old interviews do not have it: their cells are “not in this version”"
            if data
            else "it holds no answers"
        )
        yield Change(
            Severity.COMPATIBLE if data else Severity.COSMETIC,
            Kind.ADDED,
            About.QUESTION,
            item.key,
            "",
            _described(item),
            why,
            place=item.question.source,
        )


def _removed(item: Item) -> Change:
    data = holds_data(item)
    return Change(
        Severity.BREAKING if data else Severity.COSMETIC,
        Kind.REMOVED,
        About.QUESTION,
        item.key,
        _described(item),
        "",
        "its answers have no home in the new form" if data else "it holds no answers",
        "Keep it with a relevant of false(); or say in study.yaml, under pool, "
        f"{item.key}: left_behind"
        if data
        else "",
        place=item.question.source,
    )


def _described(item: Item) -> str:
    """The type of a question and its place."""
    return " in ".join(filter(None, (item.question.type.name, "/".join(item.path))))


class Moves:
    """Where the questions of both forms stand."""

    def __init__(self, both: Both) -> None:
        self.both = both

    def of(self) -> Iterator[Change]:
        """Questions that moved, those that moved together as one change."""
        groups: dict[tuple[tuple[str, ...], tuple[str, ...]], list[Pair]] = {}
        for pair in self.both.matching.pairs:
            if pair.old.path != pair.new.path:
                groups.setdefault((pair.old.path, pair.new.path), []).append(pair)
        for (old, new), pairs in groups.items():
            yield self._moved("/".join(old), "/".join(new), pairs)

    def _moved(self, old: str, new: str, pairs: list[Pair]) -> Change:
        renamed = self.both.matching.repeats
        first = pairs[0]
        change = Changed.question(first.new)
        keys = tuple(pair.new.key for pair in pairs)
        before = tuple(renamed.get(name, name) for name in first.old.repeats)
        data = any(holds_data(pair.old) for pair in pairs)
        if before != first.new.repeats:
            one = change.by(
                Severity.BREAKING if data else Severity.COSMETIC,
                Kind.REPEAT,
                old,
                new,
                why="one answer an interview and one answer a row cannot stand in one column"
                if data
                else "it holds no answers",
                remedy="Give the new question a name of its own" if data else "",
            )
        else:
            one = change.by(
                Severity.BREAKING if data else Severity.COSMETIC,
                Kind.GROUP_PATH,
                old,
                new,
                why="submissions and the columns of exports name a question with its groups: old "
                "answers are not found at the new place"
                if data
                else "it holds no answers",
                remedy=NOT_THERE if data else "",
            )
        return replace(one, questions=keys)

    def order(self) -> Iterator[Change]:
        """Questions that come earlier or later among those that stayed."""
        pairs = self.both.matching.pairs
        places = {item.key: place for place, item in enumerate(self.both.old.items)}
        kept = longest_in_order([places[pair.old.key] for pair in pairs])
        for position, pair in enumerate(pairs):
            if position in kept or pair.old.path != pair.new.path:
                continue
            asked = pair.new.question.type.asked
            before = pairs[position - 1].new.key if position else "the beginning"
            earlier = places[pair.old.key]
            came_after = self.both.old.items[earlier - 1].key if earlier else "the beginning"
            yield Changed.question(pair.new).by(
                Severity.COMPATIBLE if asked else Severity.COSMETIC,
                Kind.ORDER,
                f"after {came_after}",
                f"after {before}",
                why="what was asked before can colour an answer"
                if asked
                else "the form fills it in by itself",
            )

    @cached_property
    def _paths(self) -> Mapping[tuple[str, ...], tuple[str, ...]]:
        """New path of a group -> its old one, as its questions tell."""
        found: dict[tuple[str, ...], tuple[str, ...]] = {}
        for pair in self.both.matching.pairs:
            if len(pair.old.path) != len(pair.new.path):
                continue
            for length in range(1, len(pair.new.path) + 1):
                found.setdefault(pair.new.path[:length], pair.old.path[:length])
        return found

    def groups(self) -> Iterator[Change]:
        """Groups and repeats that both forms have."""
        olds = dict(every_group(self.both.old.nodes))
        for path, new in every_group(self.both.new.nodes):
            old = olds.get(path) or olds.get(self._paths.get(path, ()))
            if old is not None and type(old) is type(new):
                yield from self._group(old, new)

    def _group(self, old: Group | Repeat, new: Group | Repeat) -> Iterator[Change]:
        about = About.REPEAT if isinstance(new, Repeat) else About.GROUP
        inside = self._inside.get(id(new), ())
        for each in self._of_group(old, new, Changed(about, new.name, new.source)):
            yield replace(each, questions=inside)

    @cached_property
    def _inside(self) -> Mapping[int, tuple[str, ...]]:
        """The identity of a group or repeat of the new form -> keys of the questions in it."""
        keys = {(*item.path, item.question.name): item.key for item in self.both.new.items}
        found: dict[tuple[str, ...], list[str]] = {}
        for path, key in keys.items():
            for length in range(1, len(path)):
                found.setdefault(path[:length], []).append(key)
        groups = every_group(self.both.new.nodes)
        return {id(node): tuple(found.get(path, ())) for path, node in groups}

    def _of_group(
        self, old: Group | Repeat, new: Group | Repeat, change: Changed
    ) -> Iterator[Change]:
        for text in self.both.texts(old.label, new.label):
            said = f"{text.language}: " if text.language else ""
            kind = Kind.TRANSLATION if text.language else Kind.LABEL
            why = "the heading over its questions"
            yield change.by(
                Severity.COSMETIC, kind, f"{said}{text.old}", f"{said}{text.new}", why=why
            )
        yield from condition(self.both, change, ASKED, old.relevant, new.relevant)
        if isinstance(old, Repeat) and isinstance(new, Repeat):
            alike = same(old.count, new.count, self.both.names_old, self.both.names_new)
            if str(old.count) != str(new.count):
                yield change.by(
                    Severity.COSMETIC if alike else Severity.COMPATIBLE,
                    Kind.COUNT,
                    old.count,
                    new.count,
                    why="written otherwise, worth the same"
                    if alike
                    else "another number of rows is asked of the same people",
                    look=not alike,
                )
        if isinstance(old, Group) and isinstance(new, Group) and old.loop != new.loop:
            why = "its questions are asked once for each choice of another list"
            yield change.by(
                Severity.BREAKING, Kind.GROUP_PATH, old.loop, new.loop, why=why, remedy=NOT_THERE
            )
        if old.appearance != new.appearance:
            why = "it looks otherwise on the phone"
            yield change.by(
                Severity.COSMETIC, Kind.APPEARANCE, old.appearance, new.appearance, why=why
            )
        yield from columns(change, old.extra, new.extra)


def repeats_renamed(both: Both) -> Iterator[Change]:
    """Repeats that say under which name they stood before."""
    for old, new in both.matching.repeats.items():
        if old != new:
            repeat = both.new.repeats[new][0]
            yield Change(
                Severity.COMPATIBLE,
                Kind.RENAMED,
                About.REPEAT,
                new,
                old,
                new,
                "the form says so: old rows are read with the old form and pooled",
                "List the old form under versions in study.yaml",
                place=repeat.source,
                look=True,
            )
