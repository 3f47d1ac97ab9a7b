"""From a questionnaire to its sheet: the order of rows, who is asked, and where to go on.

The tree of the interview is walked once. A condition becomes a bar across the page, said
once for all neighbours that share it; a list of choices that neighbours share becomes a
grid; a repeat becomes a roster.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from survey_kit.forms.paper.boxes import (
    LONGEST_LIST,
    LONGEST_REPEATED_LIST,
    BoxMaker,
    across,
    bounds,
    chain,
    column_and_question,
    columns_below,
    is_apart,
    stands_below,
    width,
)
from survey_kit.forms.paper.numbering import Numbering, is_note, number
from survey_kit.forms.paper.rich import words
from survey_kit.forms.paper.scripts import scripts_in
from survey_kit.forms.paper.sheet import (
    Annex,
    Ask,
    Bar,
    Declaration,
    Heading,
    Matrix,
    NoBox,
    Note,
    Roster,
    Row,
    Run,
    Sheet,
    TickGroup,
    Ticks,
    Words,
    text_of,
)
from survey_kit.forms.paper.skips import goes_on
from survey_kit.questionnaire.direction import right_to_left
from survey_kit.questionnaire.expression import Answer, Call, Expression, Number, Operation
from survey_kit.questionnaire.expression import Node as Tree
from survey_kit.questionnaire.model import Group, Item, Node, Question, Questionnaire, Repeat, Texts
from survey_kit.questionnaire.phrases import Phrases, phrases_in
from survey_kit.questionnaire.question_type import Storage
from survey_kit.questionnaire.sentence import (
    Naming,
    constraint_sentence,
    sentence,
    value_in_words,
)

MOST_ENTRIES = 6
"""Columns of a roster that fit beside its questions."""
USUAL_ENTRIES = 5
"""Columns of a roster where nothing says how many there may be."""
MOST_ARROWS = 4
"""Of choices with the same arrow; more of them, and the bar that follows is plainer."""
FEWEST_FOR_A_GRID = 3
WIDEST_GRID = 7
_GRID_LABEL = 26.0
_CONSENT = ("consent", "assent")
_LATEST_CONSENT = 25
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def compose(
    questionnaire: Questionnaire, language: str | None = None, *, marks: Sequence[str] = ()
) -> Sheet:
    """The paper questionnaire in a language.

    Parameters
    ----------
    marks
        What is to stand on every page, such as "DRAFT TRANSLATION".
    """
    return _Composer(questionnaire, language or questionnaire.language, tuple(marks)).sheet()


@dataclass(frozen=True, eq=False)
class _Composer:
    questionnaire: Questionnaire
    language: str
    marks: tuple[str, ...]
    numbering: Numbering = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "numbering", number(self.questionnaire))

    @cached_property
    def phrases(self) -> Phrases:
        return phrases_in(self.language, self.questionnaire.languages.get(self.language, ""))

    @cached_property
    def naming(self) -> Naming:
        return Naming(called=self.numbering.naming(self.phrases), choice="“{label}”")

    @cached_property
    def items(self) -> Mapping[int, Item]:
        """Items by the identity of their question."""
        return {id(item.question): item for item in self.questionnaire.items}

    @cached_property
    def lists(self) -> Mapping[str, str]:
        """The lists that are printed once at the end, and their letters."""
        used: dict[str, int] = {}
        for key in self.numbering.asked:
            question = self.questionnaire.by_key[key].question
            name = question.choices
            if name is not None and name in self.questionnaire.lists:
                used[name] = used.get(name, 0) + 1
        long = [
            name
            for name, times in used.items()
            if (size := len(self.questionnaire.lists[name].choices)) > LONGEST_LIST
            or (size > LONGEST_REPEATED_LIST and times > 1)
        ]
        return {name: _letter(place) for place, name in enumerate(long)}

    @cached_property
    def boxes(self) -> BoxMaker:
        return BoxMaker(
            self.questionnaire,
            self.language,
            self.phrases,
            self.words,
            lambda key: self.numbering.called(key, self.phrases),
            self.lists,
        )

    # texts

    def words(self, texts: Texts) -> Words:
        """A text in the sheet's language, answers from before as blanks."""
        return words(self.questionnaire.text(texts, self.language), self.answer_to)

    def answer_to(self, name: str) -> str:
        """Where an answer inside a label comes from."""
        called = self.numbering.called(name, self.phrases)
        if not called:
            known = [self.numbering.called(each, self.phrases) for each in self._sources(name)]
            called = self.phrases("comma").join(known)
        return self.phrases("answer_to", question=called or name)

    def _sources(self, name: str) -> list[str]:
        """The questions with a number from which a calculation is made, through others too."""
        found: dict[str, bool] = {}
        waiting = [name]
        while waiting:
            each = waiting.pop()
            item = self.questionnaire.by_key.get(each)
            if each in found or item is None:
                continue
            found[each] = bool(self.numbering.called(each, self.phrases))
            if not found[each] and item.question.calculation is not None:
                waiting += item.question.calculation.answers
        return sorted(
            (each for each in found if found[each]), key=self.numbering.position.__getitem__
        )

    def said(self, expression: Expression, own: Question | None = None) -> str:
        """A condition inside a sentence."""
        text = sentence(expression, self.questionnaire, self.language, own=own, naming=self.naming)
        return text[:1].lower() + text[1:] if text[1:2].islower() else text

    # the sheet

    def sheet(self) -> Sheet:
        rows = list(self.rows(self.questionnaire.nodes, 1))
        consent, rest = self._consent(rows)
        phrases = self.phrases
        title = self.words(self.questionnaire.title) or (Run(self.questionnaire.name),)
        made = Sheet(
            title=title,
            name=self.questionnaire.name,
            version=self.questionnaire.version,
            language=self.language,
            right_to_left=False,
            marks=self.marks,
            header=tuple(
                phrases(key)
                for key in ("interview_number", "date", "enumerator", "place", "begun", "ended")
            ),
            how_to=phrases("how_to"),
            consent=consent,
            rows=rest,
            annexes=tuple(self._annexes()),
            end=phrases("end_words"),
            page=phrases("page", page="{page}", pages="{pages}"),
            identity=" · ".join(
                (
                    phrases("form", form=self.questionnaire.name),
                    phrases("version", version=self.questionnaire.version),
                    self.questionnaire.languages.get(self.language, self.language),
                )
                if self.language != "default"
                else (
                    phrases("form", form=self.questionnaire.name),
                    phrases("version", version=self.questionnaire.version),
                )
            ),
        )
        texts = [
            self.questionnaire.text(each, self.language) for each in _texts(self.questionnaire)
        ]
        own = "".join(each.get(self.language, "") for each in _texts(self.questionnaire))
        return replace(
            made,
            right_to_left=right_to_left(self.language, own),
            scripts=scripts_in([*texts, *made.header, made.how_to]),
        )

    def _consent(self, rows: list[Row]) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
        """The rows up to the consent, and the rest; the first are none where there is none."""
        asks = 0
        for place, row in enumerate(rows):
            if isinstance(row, (Matrix, Roster)) or asks > _LATEST_CONSENT:
                break
            if isinstance(row, Ask):
                asks += 1
                if _is_consent(row):
                    signed = Declaration(self.phrases("consent_given"), self.phrases("initials"))
                    return (*rows[: place + 1], signed), tuple(rows[place + 1 :])
        return (), tuple(rows)

    def _annexes(self) -> Iterator[Annex]:
        for name, letter in self.lists.items():
            choices = self.questionnaire.lists[name].choices
            numbers = {choice.code: place for place, choice in enumerate(choices, start=1)}
            askers = [
                item.question
                for item in self.questionnaire.items
                if item.question.choices == name and item.key in self.numbering.asked
            ]
            filtered = [each for each in askers if each.choice_filter is not None]
            asker = filtered[0] if filtered else askers[0]
            groups = tuple(
                TickGroup(
                    tuple(self.boxes.tick(each, numbers[each.code]) for each in members), heading
                )
                for heading, members in self.boxes.by_filter(asker, choices)
            )
            title = self.phrases("list_title", list=letter)
            yield Annex(title, groups, columns_below(groups))

    # rows

    def rows(self, nodes: Sequence[Node], level: int) -> Iterator[Row]:
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
            yield from self._together(printed, level, headed=heading)

    def _has_rows(self, node: Node) -> bool:
        if isinstance(node, Question):
            item = self.items[id(node)]
            return (
                item.key in self.numbering.asked
                or item.key in self.numbering.worked_out
                or (is_note(node) and bool(node.label or node.hint))
            )
        return any(self._has_rows(inside) for inside in node.nodes)

    def _heading(self, group: Group, level: int) -> Iterator[Heading]:
        label = self.words(group.label)
        if label:
            yield Heading(label, level)

    def _together(self, nodes: Sequence[Node], level: int, *, headed: bool) -> Iterator[Row]:
        rest = list(nodes)
        while rest:
            grid = self._grid(rest)
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
                    yield from self.rows(node.nodes, deeper)
                case Repeat():
                    yield from self._rosters(node, ())

    def _bar(self, condition: Expression, nodes: Sequence[Node]) -> Bar:
        numbered = [key for node in nodes for key in self._numbered(node)]
        said = self.said(condition)
        if not numbered:
            return Bar(self.phrases("read_if", condition=said))
        if len(numbered) == 1:
            return Bar(self.phrases("ask_if", condition=said))
        first, last = (
            self.numbering.called(key, self.phrases) for key in (numbered[0], numbered[-1])
        )
        text = self.phrases("ask_from_to", first=first, last=last, condition=said)
        target = self._after(numbered[-1], condition)
        return Bar(f"{text} {self.phrases('otherwise_to', target=target)}")

    def _numbered(self, node: Node) -> list[str]:
        if isinstance(node, Question):
            key = self.items[id(node)].key
            return [key] if key in self.numbering.asked else []
        return [key for inside in node.nodes for key in self._numbered(inside)]

    def _after(self, key: str, condition: Expression) -> str:
        """Where to go on if a condition fails: past everything that demands it too."""
        demanded = _conjuncts((condition,))
        items = self.questionnaire.items
        for position in range(self.numbering.position[key] + 1, len(items)):
            item = items[position]
            own = item.question.relevant
            if item.key not in self.numbering.asked:
                continue
            if not demanded <= _conjuncts(item.gates if own is None else (*item.gates, own)):
                return self.numbering.called(item.key, self.phrases)
        return self.phrases("end_of_interview")

    # one question

    def _question(self, question: Question) -> Row:
        item = self.items[id(question)]
        hint = self._hint(question)
        text = self.words(question.label)
        if not text:
            text, hint = (hint, ()) if hint else ((Run(question.name),), ())
        if item.key in self.numbering.worked_out:
            return self._worked_out(item)
        if item.key not in self.numbering.asked:
            return Note(text, hint)
        box = self.boxes.box(item, self._arrows(item))
        below = stands_below(box)
        if below and isinstance(box, Ticks):
            box = replace(box, groups=across(box.groups), columns=columns_below(box.groups))
        return Ask(
            number=self.numbering.called(item.key, self.phrases),
            name=question.name,
            text=text,
            box=box,
            hint=hint,
            rules=tuple(self._rules(question)),
            below=below,
        )

    def _hint(self, question: Question) -> Words:
        parts = [self.words(question.hint)]
        guidance = question.extra.get("guidance_hint", "")
        if guidance:
            parts.append(self.words({"": guidance}))
        said = [part for part in parts if part]
        joined: list[Run] = []
        for place, part in enumerate(said):
            joined += ([Run(" ")] if place else []) + list(part)
        return tuple(joined)

    def _worked_out(self, item: Item) -> Ask:
        calculation = item.question.calculation
        said = (
            value_in_words(
                calculation,
                self.questionnaire,
                self.language,
                naming=self.naming,
                phrases=self.phrases,
            )
            if calculation is not None
            else ""
        )
        label = self.words(item.question.label)
        hint = (Run(self.phrases("work_out", value=said)),)
        return Ask(
            number=self.numbering.called(item.key, self.phrases),
            name=item.question.name,
            text=label or (Run(item.question.name),),
            hint=hint,
            box=self.boxes.box(item, {}),
        )

    def _rules(self, question: Question) -> Iterator[str]:
        if question.constraint is not None:
            said = constraint_sentence(
                question.constraint,
                self.questionnaire,
                self.language,
                own=question,
                naming=self.naming,
                phrases=self.phrases,
            )
            message = text_of(self.words(question.constraint_message))
            verbatim = "‘" in said
            yield message if verbatim and message else self.phrases("rule", rule=said)
        if question.choice_filter is not None and self._is_said(question):
            said = self.said(question.choice_filter, question)
            yield self.phrases("offer_if", condition=said)

    def _is_said(self, question: Question) -> bool:
        """Whether a choice filter is to be said: choices are not grouped by it already."""
        return question.choices in self.lists or column_and_question(question.choice_filter) is None

    def _arrows(self, item: Item) -> dict[str, str]:
        """Code -> where to go on, for each choice of a select_one that skips something."""
        if item.question.type.storage is not Storage.CODE or item.question.choices in self.lists:
            return {}
        items = self.questionnaire.items
        start = self.numbering.position[item.key]
        usual = self._target(start + 1)
        arrows: dict[str, str] = {}
        choices = self.questionnaire.choices(item.question)
        for choice in choices:
            place = goes_on(items, start, choice.code, item.repeats)
            if place is not None and is_note(items[place].question):
                continue
            target = self._target(place)
            if target != usual:
                arrows[choice.code] = self.phrases("go_to", target=target)
        return _telling(arrows, len(choices))

    def _target(self, place: int | None) -> str:
        items = self.questionnaire.items
        for position in range(place if place is not None else len(items), len(items)):
            if items[position].key in self.numbering.asked:
                return self.numbering.called(items[position].key, self.phrases)
        return self.phrases("end_of_interview")

    # grids

    def _grid(self, nodes: Sequence[Node]) -> list[Question]:
        """The neighbours at the head of some nodes that make a grid; [] where they do not."""
        found: list[Question] = []
        for node in nodes:
            if not isinstance(node, Question) or not self._fits_grid(node):
                break
            if found and node.choices != found[0].choices:
                break
            found.append(node)
        if len(found) < FEWEST_FOR_A_GRID:
            return []
        return [] if any(self._arrows(self.items[id(each)]) for each in found) else found

    def _fits_grid(self, question: Question) -> bool:
        if question.type.name != "select_one" or question.choice_filter is not None:
            return False
        if (
            question.choices in self.lists
            or self.items[id(question)].key not in self.numbering.asked
        ):
            return False
        choices = self.questionnaire.choices(question)
        return 1 < len(choices) <= WIDEST_GRID and all(
            width(text_of(self.words(choice.label))) <= _GRID_LABEL for choice in choices
        )

    def _matrix(self, questions: Sequence[Question]) -> Matrix:
        choices = self.questionnaire.choices(questions[0])
        ordered = sorted(enumerate(choices, start=1), key=lambda pair: is_apart(pair[1]))
        asks = [self._question(question) for question in questions]
        return Matrix(
            columns=tuple(self.boxes.tick(choice, place) for place, choice in ordered),
            asks=tuple(replace(ask, box=NoBox()) for ask in asks if isinstance(ask, Ask)),
            instruction=self.phrases("tick_in_row"),
        )

    # rosters

    def _rosters(self, repeat: Repeat, around: tuple[Repeat, ...]) -> Iterator[Row]:
        """A repeat as a roster, and the repeats inside it as rosters of their own after it."""
        inner: list[Repeat] = []
        rows = list(self._roster_rows(repeat.nodes, inner))
        label = self.words(repeat.label) or (Run(repeat.name),)
        if repeat.relevant is not None:
            yield self._bar(repeat.relevant, [repeat])
        entries, notes = self._entries(repeat)
        if around:
            outer = text_of(self.words(around[-1].label)) or around[-1].name
            belongs = self.phrases("belongs_to", roster=outer)
            rows.insert(0, Ask("", "", (Run(belongs),), self.boxes_for_number()))
        if rows:
            yield Roster(label, entries, tuple(rows), notes)
        for each in inner:
            yield from self._rosters(each, (*around, repeat))

    def boxes_for_number(self) -> Ticks:
        """A box for the number of an entry."""
        return Ticks((), "number")

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
        known = int(count.value) if isinstance(count, Number) else self._most(repeat)
        wanted = min(known or USUAL_ENTRIES, MOST_ENTRIES)
        notes: list[str] = []
        if repeat.count is not None and not isinstance(count, Number):
            said = value_in_words(
                repeat.count,
                self.questionnaire,
                self.language,
                naming=self.naming,
                phrases=self.phrases,
            )
            notes.append(self.phrases("how_many", value=said))
        if known is None or known > wanted:
            notes.append(self.phrases("up_to", number=wanted))
        entries = tuple(self.phrases("entry", number=place + 1) for place in range(wanted))
        return entries, tuple(notes)

    def _most(self, repeat: Repeat) -> int | None:
        """The largest number of entries that the form can ask for, where that is plain to see."""
        if repeat.count is None:
            return None
        match repeat.count.tree:
            case Answer(name):
                item = self.questionnaire.by_key.get(name)
                if item is None:
                    return None
                _, high = bounds(item.question.constraint)
                return max(int(high), 1) if high is not None and high < 1_000 else None  # noqa: PLR2004
            case Call("if", (Operation(">", _, Number(limit)), Number(most), _)) if limit == most:
                return int(most)
            case Call("count-selected", (Answer(name),)):
                item = self.questionnaire.by_key.get(name)
                choices = self.questionnaire.choices(item.question) if item is not None else ()
                return sum(not is_apart(choice) for choice in choices) or None
            case _:
                return None


def _conjuncts(conditions: Sequence[Expression]) -> frozenset[Tree]:
    """What must hold all together: each part of a chain of *and*."""
    return frozenset(part for each in conditions for part in chain(each.tree, "and"))


def _telling(arrows: dict[str, str], choices: int) -> dict[str, str]:
    """Arrows without those that nearly every choice has: the bar over what follows says it."""
    for arrow in set(arrows.values()):
        same = [code for code, each in arrows.items() if each == arrow]
        if choices > MOST_ARROWS and len(same) > choices / 2:
            return {code: each for code, each in arrows.items() if each != arrow}
    return arrows


def _is_consent(row: Ask) -> bool:
    name = row.name.casefold()
    return any(word in name for word in _CONSENT) and isinstance(row.box, Ticks)


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


def _letter(place: int) -> str:
    return _LETTERS[place] if place < len(_LETTERS) else f"{_LETTERS[place % 26]}{place // 26}"


def _texts(questionnaire: Questionnaire) -> Iterator[Texts]:
    yield questionnaire.title
    for item in questionnaire.items:
        yield item.question.label
        yield item.question.hint
    for choices in questionnaire.lists.values():
        for choice in choices.choices:
            yield choice.label
