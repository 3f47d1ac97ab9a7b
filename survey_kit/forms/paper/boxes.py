"""The answer box of a question by its type: what an enumerator ticks, writes or numbers.

Boxes for digits are as many as the constraint lets an answer have; choices stand in as many
columns as their labels leave room for; a long list is printed once, at the end.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from survey_kit.forms.paper.filters import (
    always_offered,
    column_and_question,
    columns_to_show,
    offered_to_anybody,
)
from survey_kit.forms.paper.limits import (
    bounds,
    digits_of,
    parameters,
    pattern_digits,
    range_values,
)
from survey_kit.forms.paper.rich import BLANK
from survey_kit.forms.paper.sheet import (
    Box,
    Fields,
    FromList,
    Lines,
    NoBox,
    Scale,
    Signs,
    Tick,
    TickGroup,
    Ticks,
    Words,
    text_of,
)
from survey_kit.questionnaire.model import Choice, Item, Question, Questionnaire, Texts
from survey_kit.questionnaire.phrases import Phrases
from survey_kit.questionnaire.question_type import Storage

LONGEST_LIST = 24
"""Longer lists are printed once, at the end."""
LONGEST_REPEATED_LIST = 16
"""Lists longer than this that several questions share are printed once, at the end."""
ONE_LINE, LONG_LINE = 60.0, 118.0
"""Letters that fit on a line beside a question, and on one below it."""
MOST_GROUPS = 60
"""Of choices under the answer that offers them."""
MOST_BOXES = 12
_USUAL_BOXES = 5
_LINES = 1
_LINES_OF_LONG_TEXT = 3
_NARROW, _NARROWER = 26.0, 13.0
"""Labels (with codes) up to these widths, in letters, stand in two or three columns beside."""
_COLUMNS_BELOW = ((22.0, 4), (34.0, 3), (54.0, 2))
_MANY = 9
"""From so many choices on, they take the width of the page if that saves lines."""
_APART_CODE = re.compile(
    r"dk|dnk|dont_?know|don_t_know|do(?:es)?_not_know|not_know|refused?|refuse_to_answer|"
    r"(?:i_)?prefer_not\w*|pref_not\w*|pnta|pnts|dwta|no_answer|unknown",
    re.IGNORECASE,
)
_APART_LABEL = re.compile(
    r"(?:i )?(?:don.?t|do(?:es)? not) know.*|(?:i )?prefers? not to (?:say|answer).*|"
    r"refuse[sd]?(?: to answer)?|no answer",
    re.IGNORECASE,
)


@dataclass(frozen=True, eq=False)
class BoxMaker:
    """Makes boxes for one questionnaire in one language.

    `words` turns a label into words, `called` says what a question is called, `lists` holds
    the letters of the lists that are printed at the end.
    """

    questionnaire: Questionnaire
    phrases: Phrases
    words: Callable[[Mapping[str, str]], Words]
    called: Callable[[str], str]
    lists: Mapping[str, str]

    def box(self, item: Item, arrows: Mapping[str, str]) -> Box:  # noqa: PLR0911 - one a storage
        """The box of a question. `arrows`: code -> where to go on."""
        question = item.question
        match question.type.storage:
            case Storage.CODE | Storage.CODES:
                return self._choices(question, arrows)
            case Storage.INTEGER | Storage.DECIMAL:
                return self._number(question)
            case Storage.DATE | Storage.TIME | Storage.DATETIME:
                return self._moment(question)
            case Storage.TEXT:
                return self._text(question)
            case Storage.LOCATION:
                return self._location(question)
            case Storage.FILE:
                return self._file(question)
            case Storage.NOTHING:
                return NoBox()

    def ticks(
        self, question: Question, choices: Sequence[Choice], arrows: Mapping[str, str]
    ) -> dict[int, Tick]:
        """Choices as something to tick, by their identity.

        Behind the code stand the columns that the question's filter asks about.
        """
        shown: Mapping[str, Mapping[str, Texts]] = (
            {}
            if self.is_grouped(question, choices)
            else columns_to_show(question, self.questionnaire)
        )
        found: dict[int, Tick] = {}
        for number, choice in enumerate(choices, start=1):
            columns = [
                f"{column}: {text_of(self.words(labels.get(value, {'': value})))}"
                for column, labels in shown.items()
                if (value := choice.columns.get(column, ""))
            ]
            code = " · ".join([choice.code, *columns])
            label = self.words(choice.label) or self.words({"": choice.code})
            found[id(choice)] = Tick(label, code, number, arrows.get(choice.code, ""))
        return found

    def _choices(self, question: Question, arrows: Mapping[str, str]) -> Box:
        choices = self.questionnaire.choices(question)
        several = question.type.storage is Storage.CODES
        if not choices and question.type.name == "acknowledge":
            done = Tick(self.words({"": self.phrases("done")}), "OK", 1)
            return Ticks((TickGroup((done,)),), "one")
        if question.choices_from is not None:
            called = self.called(question.choices_from) or question.choices_from
            return Lines(1, self.phrases("from_answers", question=called))
        if not choices:
            file = question.file or question.external_list or question.choices or question.name
            return Lines(1, self.phrases("as_file", file=file))
        if question.choices is not None and question.choices in self.lists:
            letter = self.lists[question.choices]
            return FromList(
                letter, len(str(len(choices))), several, self.phrases("see_list", list=letter)
            )
        kind = "rank" if question.type.name == "rank" else "several" if several else "one"
        groups = self._groups(question, choices, arrows)
        told = {"one": "", "several": "tick_all", "rank": "number_in_order"}[kind]
        return Ticks(groups, kind, columns_beside(groups), self.phrases(told) if told else "")

    def _groups(
        self, question: Question, choices: Sequence[Choice], arrows: Mapping[str, str]
    ) -> tuple[TickGroup, ...]:
        """Choices, grouped by the answer that offers them; those not read aloud at the end."""
        choices = offered_to_anybody(question, choices)
        ticks = self.ticks(question, choices, arrows)
        other: list[Tick] = []
        if question.or_other:
            said = self.words({"": f"{self.phrases('other')}: {BLANK}{BLANK}"})
            other = [Tick(said, "other", len(ticks) + 1)]
        apart = [choice for choice in choices if is_apart(choice)]
        if len(apart) == len(choices):
            apart = []
        read = [choice for choice in choices if choice not in apart]
        groups = [
            TickGroup(tuple(ticks[id(choice)] for choice in members), heading)
            for heading, members in self.by_filter(question, read)
        ]
        groups[-1] = replace(groups[-1], ticks=(*groups[-1].ticks, *other))
        if apart:
            aside = tuple(ticks[id(choice)] for choice in apart)
            heading = self.phrases("not_aloud")
            groups.append(TickGroup(aside, heading, _line(aside, heading) <= ONE_LINE, apart=True))
        return tuple(group for group in groups if group.ticks)

    def by_filter(
        self, question: Question, choices: Sequence[Choice]
    ) -> list[tuple[str, list[Choice]]]:
        """Choices under the answer that offers them; under no heading where no filter says so.

        Nor where there would be too many headings.
        """
        by = column_and_question(question.choice_filter)
        above = self.questionnaire.by_key.get(by[1]) if by is not None else None
        if by is None or above is None:
            return [("", list(choices))]
        labels = {each.code: each.label for each in self.questionnaire.choices(above.question)}
        grouped: dict[str, list[Choice]] = {}
        for choice in choices:
            grouped.setdefault(choice.columns.get(by[0], ""), []).append(choice)
        if len(grouped) > MOST_GROUPS:
            return [("", list(choices))]
        called = self.called(above.key) or above.question.name
        always = always_offered(question.choice_filter, by[0])

        def heading(value: str) -> str:
            if value in always:
                return self.phrases("given_any")
            if not value:
                return self.phrases("not_answered", subject=called)
            answer = text_of(self.words(labels[value])) if value in labels else value
            return self.phrases("given", question=called, answer=answer)

        return [(heading(value), members) for value, members in grouped.items()]

    def is_grouped(self, question: Question, choices: Sequence[Choice]) -> bool:
        """Whether choices stand under headings that say to whom they are offered."""
        return any(heading for heading, _ in self.by_filter(question, choices))

    def _number(self, question: Question) -> Box:
        given = parameters(question)
        if question.type.name == "range":
            values = range_values(given)
            if values is not None:
                return Scale(values)
        low, high = bounds(question.constraint)
        longest = max((digits_of(each) for each in (low, high) if each is not None), default=0)
        if high is None:
            longest = max(longest, _USUAL_BOXES)
        whole = min(max(longest, 1), MOST_BOXES)
        if low is not None and low < 0:
            whole += 1
        if question.type.storage is Storage.DECIMAL:
            return Signs(((whole, ""), (2, "")), ".")
        return Signs(((whole, ""),))

    def _moment(self, question: Question) -> Box:
        day = (2, self.phrases("day_letters"))
        month = (2, self.phrases("month_letters"))
        year = (4, self.phrases("year_letters"))
        looks = (question.appearance or "").split()
        hours = ((2, self.phrases("hour_letters")), (2, self.phrases("minute_letters")))
        match question.type.storage:
            case Storage.TIME:
                return Signs(hours, ":")
            case Storage.DATETIME:
                return Signs((day, month, year, *hours), "/")
            case _ if "year" in looks:
                return Signs((year,))
            case _ if "month-year" in looks:
                return Signs((month, year), "/")
            case _:
                return Signs((day, month, year), "/")

    def _text(self, question: Question) -> Box:
        looks = (question.appearance or "").split()
        if question.type.name == "barcode":
            return Lines(1, self.phrases("barcode"))
        digits = pattern_digits(question.constraint)
        if digits is not None:
            return Signs(((digits, ""),))
        if "numbers" in looks:
            return Signs(((MOST_BOXES, ""),))
        rows = parameters(question).get("rows", "")
        if rows.isdigit():
            return Lines(min(max(int(rows), 1), 12))
        return Lines(_LINES_OF_LONG_TEXT if "multiline" in looks else _LINES)

    def _location(self, question: Question) -> Box:
        names = tuple(
            self.phrases(key) for key in ("latitude", "longitude", "altitude", "accuracy")
        )
        if question.type.name in ("geotrace", "geoshape"):
            return Lines(3, self.phrases("points"))
        return Fields(names)

    def _file(self, question: Question) -> Box:
        key = {"image": "photo", "audio": "sound", "video": "film"}.get(question.type.name, "file")
        return Lines(1, self.phrases(key))


def is_apart(choice: Choice) -> bool:
    """Whether a choice is a refusal or a *don't know*: noted, but not read aloud."""
    if choice.missing is not None:
        return True
    if _APART_CODE.fullmatch(choice.code):
        return True
    return any(_APART_LABEL.fullmatch(label.strip()) for label in choice.label.values())


def columns_beside(groups: Sequence[TickGroup]) -> int:
    """In how many columns choices stand beside their question."""
    widest = _widest(groups)
    if widest > _NARROW:
        return 1
    return 3 if widest <= _NARROWER else 2


def across(groups: Sequence[TickGroup]) -> tuple[TickGroup, ...]:
    """Groups as they stand across the page: what is not read aloud on one line, if it fits."""
    *read, last = groups
    fits = len(groups) > 1 and _line(last.ticks, last.heading) <= LONG_LINE
    return (*read, replace(last, in_line=last.in_line or (fits and last.apart)))


def columns_below(groups: Sequence[TickGroup]) -> int:
    """In how many columns choices stand across the page, below their question."""
    widest = _widest(groups)
    return next((number for limit, number in _COLUMNS_BELOW if widest <= limit), 1)


def stands_below(box: Box) -> bool:
    """Whether choices are so many that they stand across the page."""
    if not isinstance(box, Ticks):
        return False
    number = len(box.ticks)
    return number >= _MANY and columns_below(box.groups) > box.columns


def _widest(groups: Sequence[TickGroup]) -> float:
    return max(
        (
            width(text_of(tick.label)) + 0.75 * width(tick.code) + width(tick.arrow) + 2
            for group in groups
            for tick in group.ticks
            if not group.in_line
        ),
        default=0.0,
    )


def _line(ticks: Sequence[Tick], heading: str) -> float:
    """The width of ticks behind their heading, in letters."""
    return 0.9 * width(heading) + sum(
        width(text_of(tick.label)) + 0.75 * width(tick.code) + width(tick.arrow) + 4
        for tick in ticks
    )


def width(text: str) -> float:
    """The width of a text in Latin letters, roughly.

    >>> width("abc"), width("汉字")
    (3.0, 4.0)
    """
    total = 0.0
    for sign in text:
        kind = unicodedata.category(sign)
        if kind == "Mn" or unicodedata.combining(sign):
            continue
        if unicodedata.east_asian_width(sign) in "WF":
            total += 2.0
        elif "\u1000" <= sign <= "\u109f":
            total += 0.5 if kind == "Mc" else 1.4
        else:
            total += 1.0
    return total
