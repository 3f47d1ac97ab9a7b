"""The rows of a sheet: the tree of the interview walked once, in order.

A condition becomes a bar across the page, said once for all neighbours that share it; a
list of choices that neighbours share becomes a grid; a repeat becomes a roster.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from survey_kit.forms.paper.arrows import after, arrows
from survey_kit.forms.paper.boxes import (
    BoxMaker,
    across,
    column_and_question,
    columns_below,
    is_apart,
    stands_below,
    width,
)
from survey_kit.forms.paper.limits import bounds
from survey_kit.forms.paper.numbering import is_note
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
from survey_kit.questionnaire.expression import Answer, Call, Expression, Number, Operation
from survey_kit.questionnaire.model import Group, Item, Node, Question, Repeat

LONGEST_BESIDE = 240.0
"""Letters of a question beside its answers; a longer one takes the width of the page."""
MOST_ENTRIES = 6
"""Columns of a roster that fit beside its questions."""
USUAL_ENTRIES = 5
"""Columns of a roster where nothing says how many there may be."""
FEWEST_FOR_A_GRID = 3
FEWEST_ON_A_SCREEN = 2
"""Questions that make a grid: where the form shows them on one screen, two are enough."""
WIDEST_GRID = 7
_GRID_LABEL = 26.0
_MANY = 1_000
_OF_LOOP = re.compile(r"%\(\w+\)s")
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
                yield self._bar(condition, printed)
            yield from self._together(printed, level, fewest, headed=heading)

    def _has_rows(self, node: Node) -> bool:
        if isinstance(node, Question):
            item = self.voice.items[id(node)]
            return (
                item.key in self.voice.numbering.asked
                or item.key in self.voice.numbering.worked_out
                or (is_note(node) and bool(node.label or node.hint))
            )
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
                case Group() if node.loop is not None:
                    yield from self._loop(node, node.loop)
                case Group():
                    if not headed:
                        yield from self._heading(node, level)
                    deeper = level + 1 if node.label else level
                    screen = _ON_A_SCREEN & {*(node.appearance or "").split()}
                    few = FEWEST_ON_A_SCREEN if screen else FEWEST_FOR_A_GRID
                    yield from self.rows(node.nodes, deeper, few)
                case Repeat():
                    yield from self._rosters(node, ())

    def _bar(self, condition: Expression, nodes: Sequence[Node]) -> Bar:
        numbered = [key for node in nodes for key in self._numbered(node)]
        said = self.voice.said(condition)
        if not numbered:
            return Bar(self.voice.phrases("read_if", condition=said))
        if len(numbered) == 1:
            return Bar(self.voice.phrases("ask_if", condition=said))
        first, last = (self.voice.called(key) for key in (numbered[0], numbered[-1]))
        text = self.voice.phrases("ask_from_to", first=first, last=last, condition=said)
        target = after(self.voice, numbered[-1], condition)
        return Bar(f"{text} {self.voice.phrases('otherwise_to', target=target)}")

    def _numbered(self, node: Node) -> list[str]:
        if isinstance(node, Question):
            key = self.voice.items[id(node)].key
            return [key] if key in self.voice.numbering.asked else []
        return [key for inside in node.nodes for key in self._numbered(inside)]

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
            return Note(text, hint)
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
        parts = [self.voice.words(question.hint)]
        guidance = question.extra.get("guidance_hint", "")
        if guidance:
            parts.append(self.voice.words({"": guidance}))
        said = [part for part in parts if part]
        joined: list[Run] = []
        for place, part in enumerate(said):
            joined += ([Run(" ")] if place else []) + list(part)
        return tuple(joined)

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
        """Whether a choice filter is to be said: choices are not grouped by it already."""
        return question.choices in self.lists or column_and_question(question.choice_filter) is None

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
        ordered = sorted(enumerate(choices, start=1), key=lambda pair: is_apart(pair[1]))
        asks = [self._question(question) for question in questions]
        return Matrix(
            columns=tuple(self.boxes.tick(choice, place) for place, choice in ordered),
            asks=tuple(replace(ask, box=NoBox()) for ask in asks if isinstance(ask, Ask)),
            instruction=self.voice.phrases("tick_in_row"),
        )

    # rosters

    def _rosters(self, repeat: Repeat, around: tuple[Repeat, ...]) -> Iterator[Row]:
        """A repeat as a roster, and the repeats inside it as rosters of their own after it."""
        inner: list[Repeat] = []
        rows = list(self._roster_rows(repeat.nodes, inner))
        label = self.voice.words(repeat.label) or (Run(repeat.name),)
        if repeat.relevant is not None:
            yield self._bar(repeat.relevant, [repeat])
        entries, notes = self._entries(repeat)
        if around:
            outer = text_of(self.voice.words(around[-1].label)) or around[-1].name
            belongs = self.voice.phrases("belongs_to", roster=outer)
            rows.insert(0, Ask("", "", (Run(belongs),), self.boxes_for_number()))
        if rows:
            yield Roster(label, entries, tuple(rows), notes)
        for each in inner:
            yield from self._rosters(each, (*around, repeat))

    def boxes_for_number(self) -> Ticks:
        """A box for the number of an entry."""
        return Ticks((), "number")

    def _loop(self, group: Group, name: str) -> Iterator[Row]:
        """The questions of a loop, with a column for each choice of its list."""
        choices = self.voice.questionnaire.lists[name].choices
        labels = [text_of(self.voice.words(each.label)) or each.code for each in choices]
        rows = tuple(_of_any_choice(row) for row in self._roster_rows(group.nodes, []))
        title = self.voice.words(group.label) or (Run(group.name),)
        for start in range(0, len(labels), MOST_ENTRIES):
            yield Roster(title, tuple(labels[start : start + MOST_ENTRIES]), rows)

    def _roster_rows(
        self, nodes: Sequence[Node], inner: list[Repeat]
    ) -> Iterator[Bar | Note | Ask | Heading]:
        for condition, together in _by_condition(nodes):
            printed = [node for node in together if self._has_rows(node)]
            if condition is not None and any(not isinstance(each, Repeat) for each in printed):
                yield self._bar(condition, printed)
            for node in printed:
                match node:
                    case Question():
                        row = self._question(node)
                        if isinstance(row, (Ask, Note)):
                            yield row
                    case Group():
                        yield from self._heading(node, 3)
                        yield from self._roster_rows(node.nodes, inner)
                    case Repeat():
                        inner.append(node)

    def _entries(self, repeat: Repeat) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The names of a roster's columns, and what is said of how many there are."""
        count = repeat.count.tree if repeat.count is not None else None
        known = self._most(repeat)
        wanted = min(known or USUAL_ENTRIES, MOST_ENTRIES)
        notes: list[str] = []
        if repeat.count is not None and not isinstance(count, Number):
            said = self.voice.value(repeat.count)
            notes.append(self.voice.phrases("how_many", value=said))
        if known is None or known > wanted:
            notes.append(self.voice.phrases("up_to", number=wanted))
        entries = tuple(self.voice.phrases("entry", number=place + 1) for place in range(wanted))
        return entries, tuple(notes)

    def _most(self, repeat: Repeat) -> int | None:  # noqa: PLR0911 - one for each kind of count
        """The largest number of entries that the form can ask for, where that is plain to see."""
        if repeat.count is None:
            return None
        match repeat.count.tree:
            case Number(number) if number < _MANY:
                return max(int(number), 1)
            case Answer(name):
                item = self.voice.questionnaire.by_key.get(name)
                if item is None:
                    return None
                _, high = bounds(item.question.constraint)
                return max(int(high), 1) if high is not None and high < _MANY else None
            case Call("if", (Operation(">", _, Number(limit)), Number(most), _)) if (
                limit == most < _MANY
            ):
                return int(most)
            case Call("count-selected", (Answer(name),)):
                item = self.voice.questionnaire.by_key.get(name)
                choices = (
                    self.voice.questionnaire.choices(item.question) if item is not None else ()
                )
                return sum(not is_apart(choice) for choice in choices) or None
            case _:
                return None


def _of_any_choice(row: Bar | Note | Ask | Heading) -> Bar | Note | Ask | Heading:
    """A row of a loop, with an ellipsis where the form puts in the choice (``%(label)s``)."""
    if isinstance(row, Bar):
        return row
    runs = tuple(replace(run, text=_OF_LOOP.sub("…", run.text)) for run in row.text)
    return replace(row, text=runs)


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
