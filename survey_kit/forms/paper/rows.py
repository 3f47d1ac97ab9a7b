"""The rows of a sheet: the tree of the interview walked once, in order.

A condition becomes a bar across the page, said once for all neighbours that share it; a
list of choices that neighbours share becomes a grid; a repeat becomes a roster.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

from survey_kit.forms.languages import usual_suffix
from survey_kit.forms.paper.arrows import after, arrows
from survey_kit.forms.paper.boxes import (
    BoxMaker,
    across,
    columns_below,
    is_apart,
    stands_below,
    width,
)
from survey_kit.forms.paper.entries import entries
from survey_kit.forms.paper.filters import verdicts
from survey_kit.forms.paper.sheet import (
    Ask,
    Bar,
    Heading,
    Matrix,
    NoBox,
    Note,
    Roster,
    Row,
    Run,
    Ticks,
    Words,
    text_of,
)
from survey_kit.forms.paper.voice import Voice
from survey_kit.questionnaire.expression import Expression
from survey_kit.questionnaire.model import Group, Item, Node, Question, Repeat, Texts

LONGEST_BESIDE = 240.0
"""Letters of a question beside its answers; a longer one takes the width of the page."""
FEWEST_FOR_A_GRID = 3
FEWEST_ON_A_SCREEN = 2
"""Questions that make a grid: where the form shows them on one screen, two are enough."""
WIDEST_GRID = 7
_GRID_LABEL = 26.0
_Inner: TypeAlias = tuple[Repeat, tuple[Expression, ...]]
"""A repeat inside a roster, and the conditions of the groups between the two."""
_SHOWN = ("image", "big-image", "video")
_ON_A_SCREEN = frozenset({"field-list", "table-list"})


@dataclass(frozen=True, eq=False)
class RowMaker:
    """Makes the rows. `lists` holds the letters of the lists that stand at the end."""

    voice: Voice
    lists: Mapping[str, str]

    @cached_property
    def boxes(self) -> BoxMaker:
        """Makes the answer boxes."""
        voice = self.voice
        return BoxMaker(voice.questionnaire, voice.phrases, voice.words, voice.called, self.lists)

    def rows(
        self, nodes: Sequence[Node], level: int, fewest: int = FEWEST_FOR_A_GRID
    ) -> Iterator[Row]:
        """The rows of neighbours: those with one condition under one bar."""
        for condition, together in _by_condition(nodes):
            printed = [node for node in together if self._has_rows(node)]
            if not printed:
                continue
            first = printed[0]
            heading = isinstance(first, (Group, Repeat)) and len(printed) == 1
            if heading and isinstance(first, Group):
                yield from self._heading(first, level)
            if condition is not None and not isinstance(first, Repeat):
                yield self._bar(condition, together, ())
            yield from self._together(printed, level, fewest, headed=heading)

    def _has_rows(self, node: Node) -> bool:
        if isinstance(node, Question):
            return bool(self.voice.called(self.voice.items[id(node)].key))
        return any(self._has_rows(inside) for inside in node.nodes)

    def _heading(self, group: Group, level: int) -> Iterator[Heading]:
        label = self.voice.words(group.label)
        if label:
            yield Heading(label, level)

    def _together(
        self, nodes: Sequence[Node], level: int, fewest: int, *, headed: bool
    ) -> Iterator[Row]:
        rest = list(nodes)
        while rest:
            grid = self._grid(rest, fewest)
            if grid:
                yield self._matrix(grid)
                del rest[: len(grid)]
                continue
            node = rest.pop(0)
            match node:
                case Question():
                    yield self._question(node)
                case Group():
                    if not headed:
                        yield from self._heading(node, level)
                    deeper = level + 1 if node.label else level
                    screen = _ON_A_SCREEN & {*(node.appearance or "").split()}
                    few = FEWEST_ON_A_SCREEN if screen else FEWEST_FOR_A_GRID
                    yield from self.rows(node.nodes, deeper, few)
                case Repeat():
                    yield from self._rosters(node, ())

    def _bar(
        self, condition: Expression, nodes: Sequence[Node], around: tuple[str, ...] | None
    ) -> Bar:
        """Who is asked what stands below. `around`: the repeats around it; None if apart from it.

        Where to go on if not is said wherever the words alone leave open how far the bar reaches.
        """
        items = [
            item
            for node in nodes
            for item in self._items(node)
            if not around or item.repeats == around
        ]
        shown = [item for item in items if self.voice.called(item.key)]
        said = self.voice.said(condition)
        if len(shown) > 1:
            first, last = (self.voice.called(item.key) for item in (shown[0], shown[-1]))
            text = self.voice.phrases("ask_from_to", first=first, last=last, condition=said)
        else:
            noted = all(item.key in self.voice.numbering.notes for item in shown)
            text = self.voice.phrases("read_if" if noted else "ask_if", condition=said)
        if len(shown) == 1 or around is None:
            return Bar(text)
        target = after(self.voice, items, condition, around)
        return Bar(f"{text} {self.voice.phrases('otherwise_to', target=target)}")

    def _items(self, node: Node) -> list[Item]:
        if isinstance(node, Question):
            return [self.voice.items[id(node)]]
        return [item for inside in node.nodes for item in self._items(inside)]

    # one question

    def _question(self, question: Question) -> Row:
        item = self.voice.items[id(question)]
        hint = self._hint(question)
        text = self.voice.words(question.label)
        if not text:
            text, hint = (hint, ()) if hint else ((Run(question.name),), ())
        if item.key in self.voice.numbering.worked_out:
            return self._worked_out(item)
        if item.key not in self.voice.numbering.asked:
            return Note(text, hint, self.voice.called(item.key))
        box = self.boxes.box(item, self._arrows(item))
        below = stands_below(box) or width(text_of(text)) > LONGEST_BESIDE
        if below and isinstance(box, Ticks):
            box = replace(box, groups=across(box.groups), columns=columns_below(box.groups))
        return Ask(
            number=self.voice.called(item.key),
            name=question.name,
            text=text,
            box=box,
            hint=hint,
            rules=tuple(self._rules(question)),
            below=below,
        )

    def _hint(self, question: Question) -> Words:
        parts = [self.voice.words(question.hint), *self._to_show(question)]
        parts.append(self.voice.words(self._guidance(question)))
        said = [part for part in parts if part]
        joined: list[Run] = []
        for place, part in enumerate(said):
            joined += ([Run(" ")] if place else []) + list(part)
        return tuple(joined)

    def _guidance(self, question: Question) -> Texts:
        """The guidance for enumerators, which a phone shows on demand, by language."""
        languages = self.voice.questionnaire.languages.items()
        codes = {suffix: code for code, name in languages for suffix in (code, name)}
        codes |= {suffix: code for code, name in languages if (suffix := usual_suffix(code, name))}
        found: dict[str, str] = {}
        for header, text in question.extra.items():
            column, _, suffix = header.partition(":")
            if column == "guidance_hint":
                found[codes.get(suffix.strip(": "), "")] = text
        return found

    def _to_show(self, question: Question) -> Iterator[Words]:
        """That a picture or a film belongs to a question: the paper has none."""
        for kind in _SHOWN:
            file = self.voice.questionnaire.text(question.media.get(kind, {}), self.voice.language)
            if file:
                yield (Run(self.voice.phrases("show", file=file)),)

    def _worked_out(self, item: Item) -> Ask:
        calculation = item.question.calculation
        said = self.voice.value(calculation) if calculation is not None else ""
        label = self.voice.words(item.question.label)
        hint = (Run(self.voice.phrases("work_out", value=said)),)
        return Ask(
            number=self.voice.called(item.key),
            name=item.question.name,
            text=label or (Run(item.question.name),),
            hint=hint,
            box=self.boxes.box(item, {}),
        )

    def _rules(self, question: Question) -> Iterator[str]:
        if question.constraint is not None:
            said = self.voice.demand(question.constraint, question)
            message = text_of(self.voice.words(question.constraint_message))
            verbatim = "‘" in said
            yield message if verbatim and message else self.voice.phrases("rule", rule=said)
        if question.choice_filter is not None and self._is_said(question):
            said = self.voice.said(question.choice_filter, question)
            yield self.voice.phrases("offer_if", condition=said)

    def _is_said(self, question: Question) -> bool:
        """Whether a choice filter is to be said: no heading over the choices does it already."""
        choices = self.voice.questionnaire.choices(question)
        if choices and None not in verdicts(question, choices):
            return False
        asker = self.askers.get(question.choices or "", question)
        if asker.choice_filter != question.choice_filter:
            return True
        return not self.boxes.is_grouped(question, choices)

    @cached_property
    def askers(self) -> Mapping[str, Question]:
        """For each list at the end, the question whose filter puts it into groups."""
        found: dict[str, Question] = {}
        for key in self.voice.numbering.asked:
            question = self.voice.questionnaire.by_key[key].question
            name = question.choices or ""
            better = name not in found or (
                found[name].choice_filter is None and question.choice_filter is not None
            )
            if name in self.lists and better:
                found[name] = question
        return found

    def _arrows(self, item: Item) -> dict[str, str]:
        return {} if item.question.choices in self.lists else arrows(self.voice, item)

    # grids

    def _grid(self, nodes: Sequence[Node], fewest: int) -> list[Question]:
        """The neighbours at the head of some nodes that make a grid; [] where they do not."""
        found: list[Question] = []
        for node in nodes:
            if not isinstance(node, Question) or not self._fits_grid(node):
                break
            if found and node.choices != found[0].choices:
                break
            found.append(node)
        if len(found) < fewest:
            return []
        return [] if any(self._arrows(self.voice.items[id(each)]) for each in found) else found

    def _fits_grid(self, question: Question) -> bool:
        if question.type.name != "select_one" or question.choice_filter is not None:
            return False
        if (
            question.choices in self.lists
            or self.voice.items[id(question)].key not in self.voice.numbering.asked
        ):
            return False
        choices = self.voice.questionnaire.choices(question)
        return 1 < len(choices) <= WIDEST_GRID and all(
            width(text_of(self.voice.words(choice.label))) <= _GRID_LABEL for choice in choices
        )

    def _matrix(self, questions: Sequence[Question]) -> Matrix:
        choices = self.voice.questionnaire.choices(questions[0])
        ticks = self.boxes.ticks(questions[0], choices, {})
        ordered = sorted(choices, key=is_apart)
        asks = [self._question(question) for question in questions]
        return Matrix(
            columns=tuple(ticks[id(choice)] for choice in ordered),
            asks=tuple(replace(ask, box=NoBox()) for ask in asks if isinstance(ask, Ask)),
            instruction=self.voice.phrases("tick_in_row"),
        )

    # rosters

    def _rosters(
        self,
        repeat: Repeat,
        around: tuple[Repeat, ...],
        conditions: tuple[Expression, ...] = (),
    ) -> Iterator[Row]:
        """A repeat as a roster, and the repeats inside it as rosters of their own after it.

        `conditions` are those of the groups between it and the roster that it belongs to.
        """
        inner: list[_Inner] = []
        names = (*(each.name for each in around), repeat.name)
        rows = list(self._roster_rows(repeat.nodes, names, inner))
        if repeat.relevant is not None:
            conditions = (*conditions, repeat.relevant)
        if rows:
            for condition in conditions:
                yield self._bar(condition, [repeat], None if around else ())
            yield self._roster(repeat, rows, around)
            conditions = ()
        for each, above in inner:
            yield from self._rosters(each, (*around, repeat), (*conditions, *above))

    def _roster(
        self,
        repeat: Repeat,
        rows: Sequence[Bar | Note | Ask | Heading],
        around: tuple[Repeat, ...],
    ) -> Roster:
        label = self.voice.words(repeat.label) or (Run(repeat.name),)
        columns, notes = entries(self.voice, repeat)
        if around:
            outer = text_of(self.voice.words(around[-1].label)) or around[-1].name
            belongs = self.voice.phrases("belongs_to", roster=outer)
            number = Ticks((), "number")
            rows = [Ask("", "", (Run(belongs),), number), *rows]
        return Roster(label, columns, tuple(rows), notes)

    def _roster_rows(
        self,
        nodes: Sequence[Node],
        around: tuple[str, ...] | None,
        inner: list[_Inner],
        conditions: tuple[Expression, ...] = (),
    ) -> Iterator[Bar | Note | Ask | Heading]:
        """The rows of a roster; repeats inside it go to `inner`, with the conditions over them."""
        for condition, together in _by_condition(nodes):
            printed = [node for node in together if self._has_rows(node)]
            if condition is not None and any(self._has_rows_here(node) for node in printed):
                yield self._bar(condition, together, around)
            for node in printed:
                match node:
                    case Question():
                        row = self._question(node)
                        if isinstance(row, (Ask, Note)):
                            yield row
                    case Group():
                        if self._has_rows_here(node):
                            yield from self._heading(node, 3)
                        more = (*conditions, *([condition] if condition is not None else []))
                        yield from self._roster_rows(node.nodes, around, inner, more)
                    case Repeat():
                        inner.append((node, conditions))

    def _has_rows_here(self, node: Node) -> bool:
        """Whether a node has rows in the roster itself, and not only in rosters inside it."""
        match node:
            case Question():
                return self._has_rows(node)
            case Group():
                return any(self._has_rows_here(inside) for inside in node.nodes)
            case Repeat():
                return False


def _by_condition(nodes: Sequence[Node]) -> Iterator[tuple[Expression | None, list[Node]]]:
    """Neighbours with the same condition together; a group stands alone."""
    together: list[Node] = []
    condition: Expression | None = None
    for node in nodes:
        alone = not isinstance(node, Question)
        if together and (alone or node.relevant != condition):
            yield condition, together
            together = []
        condition = node.relevant
        together.append(node)
        if alone:
            yield condition, together
            together = []
    if together:
        yield condition, together
