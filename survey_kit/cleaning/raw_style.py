"""How a file spells its answers, so that what is changed in it is spelt like what is not.

One export writes 1 for a choice that was made, another TRUE, a third the label; one leaves a
cell empty and another says NA; days come in many orders. A column shows by its other cells how it
is done; where it has none that tell, its sisters do.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import TypeAlias

import pandas as pd

from survey_kit.cleaning.cells import row_names
from survey_kit.cleaning.raw_file import Sheet
from survey_kit.cleaning.same_value import FOR_NOTHING
from survey_kit.questionnaire.model import NOTHING, Choice, Item
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.as_text import as_text
from survey_kit.responses.labels import codes_by_label, plain, readings
from survey_kit.responses.matching import ColumnUse, Role
from survey_kit.responses.model import Responses
from survey_kit.responses.select_multiple import CHOSEN, NOT_CHOSEN

Way: TypeAlias = Callable[[datetime], str]
PARTS = ("latitude", "longitude", "altitude", "accuracy")
LOOKED_AT = 200
"""So many different moments of a column are looked at."""
TAIL = re.compile(r"(?:\.[0-9]+)?\s*(?:Z|[+-][0-9]{2}:?(?:[0-9]{2})?)?$")
DAYS: tuple[Way, ...] = (
    lambda d: f"{d:%Y-%m-%d}",
    lambda d: f"{d:%d/%m/%Y}",
    lambda d: f"{d:%m/%d/%Y}",
    lambda d: f"{d.day}/{d.month}/{d.year}",
    lambda d: f"{d.month}/{d.day}/{d.year}",
    lambda d: f"{d:%d-%m-%Y}",
    lambda d: f"{d:%m-%d-%Y}",
    lambda d: f"{d:%d.%m.%Y}",
    lambda d: f"{d.day}.{d.month}.{d.year}",
    lambda d: f"{d:%Y/%m/%d}",
    lambda d: f"{d:%d-%b-%Y}",
    lambda d: f"{d:%d %b %Y}",
    lambda d: f"{d:%b %d, %Y}",
    lambda d: f"{d:%Y-%m-%dT00:00:00}",
    lambda d: f"{d:%Y-%m-%d 00:00:00}",
)
"""Ways to write a day."""
CLOCKS: tuple[Way, ...] = (
    lambda d: f"T{d:%H:%M:%S}",
    lambda d: f" {d:%H:%M:%S}",
    lambda d: f" {d:%H:%M}",
    lambda d: f" {d.hour}:{d:%M:%S}",
    lambda d: f" {d.hour}:{d:%M}",
    lambda d: f" {d:%I:%M:%S %p}",
    lambda d: f" {d:%I:%M %p}",
)


def answers_by_row(responses: Responses, item: Item) -> dict[tuple[str, str], str]:
    """(interview, place) -> the answer to a question as the form spells it, "" where empty."""
    if item.repeats and item.repeats[-1] not in responses.repeats:
        return {}
    frame = responses.repeats[item.repeats[-1]].frame if item.repeats else responses.frame
    if item.key not in frame.columns:
        return {}
    texts = as_text(frame[item.key], item.question.type.storage).fillna("")
    interviews = frame.index.get_level_values(0)
    places = row_names(frame.index)
    return {
        (str(interview), str(place)): str(text)
        for interview, place, text in zip(interviews, places, texts, strict=True)
    }


class Style:
    """How one table spells the answers to one question."""

    def __init__(
        self,
        sheet: Sheet,
        item: Item,
        choices: Sequence[Choice],
        before: Mapping[tuple[str, str], str],
    ) -> None:
        self._sheet, self._item, self._choices = sheet, item, choices
        rows = sheet.rows
        self._pairs: dict[int, Counter[tuple[str, str]]] = {}
        self._known_words: dict[int, tuple[str, str, str]] = {}
        self._ways: dict[int, Way | None] = {}
        self._label = {choice.code: choice.label for choice in choices}
        self._before = {rows[cell]: text for cell, text in before.items() if cell in rows}

    def cells(self, row: int, answer: str) -> Iterator[tuple[ColumnUse, str]]:
        """Every cell of the row that has to change for it to hold the answer, and its text."""
        for use in self._sheet.columns.get(self._item.key, ()):
            old = self._sheet.text(row, use.position)
            match use.role:
                case Role.CHOICE:
                    new = self.of_choice(use, old, answer)
                case Role.PART:
                    new = self._part(use, answer)
                case _:
                    new = self.whole(use, answer)
            if new != old:
                yield use, new

    def whole(self, use: ColumnUse, answer: str) -> str:
        """An answer as the column of the question spells it."""
        if not answer:
            return self._nothing(use.position)
        match self._item.question.type.storage:
            case Storage.CODE:
                return self._labels(use.position).get(answer, answer)
            case Storage.CODES:
                labels = self._labels(use.position)
                return " ".join(labels.get(code, code) for code in answer.split())
            case Storage.INTEGER | Storage.DECIMAL:
                return self._number(use.position, answer)
            case Storage.DATE | Storage.DATETIME:
                return self._moment(use.position, answer)
            case _:
                return answer

    def of_choice(self, use: ColumnUse, old: str, answer: str) -> str:
        """What the column of one choice holds beside an answer; as it is where it says that."""
        if not answer:
            return self._words(use)[2]
        chosen, unchosen, nothing = self._words(use)
        own = {use.code, *(plain(text) for text in self._labels_of(use.code))}
        word = plain(old).casefold()
        # A choice may have the code 0 or "no", which in other columns say that none was made.
        says_so = plain(old) in own and old != unchosen
        made = says_so or (word in CHOSEN and word not in {"", "0"})
        if use.code in answer.split():
            return old if made else chosen
        return old if not made and old != nothing else unchosen

    def stated(self, use: ColumnUse, answer: str, choice: str = "") -> str:
        """What a log that states an answer, or of one choice 1 or 0, means the column to hold."""
        if choice:
            return self._words(use)[0 if answer == "1" else 1]
        if use.role is Role.CHOICE:
            return self.of_choice(use, "", answer)
        return self._part(use, answer) if use.role is Role.PART else self.whole(use, answer)

    def _texts(self, column: int) -> Counter[tuple[str, str]]:
        """(text, answer) of the rows of interviews, and how many rows have both."""
        if column not in self._pairs:
            cells = self._sheet.cells[column].to_numpy(dtype=object)
            rows = self._before.items()
            self._pairs[column] = Counter((str(cells[row]), answer) for row, answer in rows)
        return self._pairs[column]

    def _nothing(self, column: int) -> str:
        """How the column, or else the table, spells an empty cell."""
        own: Counter[str] = Counter()
        for (text, answer), count in self._texts(column).items():
            if not answer and _empty(text):
                own[text] += count
        return _most(own or self._nothings)

    @cached_property
    def _nothings(self) -> Counter[str]:
        found: Counter[str] = Counter()
        for use in self._sheet.uses:
            if use.role is Role.QUESTION:
                counts = self._sheet.cells[use.position].value_counts()
                found.update({str(t): int(n) for t, n in counts.items() if _empty(str(t))})
        return found

    def _labels_of(self, code: str) -> tuple[str, ...]:
        return tuple(self._label.get(code, NOTHING).values())

    def _labels(self, column: int) -> dict[str, str]:
        """Code -> label where the column holds labels; empty where it holds codes."""
        texts = {text for text, answer in self._texts(column) if answer}
        if not texts or not self._choices:
            return {}
        codes = {choice.code for choice in self._choices}
        several = self._item.question.type.storage is Storage.CODES
        as_codes = sum(_all_codes(text, codes, several=several) for text in texts)
        best: Mapping[str, str] = {}
        most = as_codes
        for labels in codes_by_label(self._choices):
            read = sum(bool(_read(text, labels, several=several)) for text in texts)
            if read > most:
                best, most = labels, read
        return {code: label for label, code in best.items()}

    def _number(self, column: int, answer: str) -> str:
        numbers = [text for text, _ in self._texts(column) if not _empty(text)]
        with_point = bool(numbers) and all(text.endswith(".0") for text in numbers)
        return f"{answer}.0" if with_point and "." not in answer else answer

    def _moment(self, column: int, answer: str) -> str:
        if column not in self._ways:
            self._ways[column] = self._way(column)
        way = self._ways[column]
        if way is None:
            return answer
        written = way(datetime.fromisoformat(answer))
        example = next(text for text, said in self._texts(column) if said and not _empty(text))
        timed = self._item.question.type.storage is Storage.DATETIME
        tail = TAIL.search(example) if timed and ":" in example else None
        return written + re.sub(r"^\.[0-9]+", _noughts, tail[0] if tail else "")

    def _way(self, column: int) -> Way | None:
        """How the days or moments of a column are written; None where no way fits."""
        pairs = [pair for pair in self._texts(column) if pair[1] and not _empty(pair[0])]
        pairs = pairs[:LOOKED_AT]
        timed = self._item.question.type.storage is Storage.DATETIME
        ways = [_day_and_clock(day, clock) for day in DAYS[:-2] for clock in CLOCKS]
        best = max(ways if timed else DAYS, key=lambda way: _fits(way, pairs))
        return best if _fits(best, pairs) else None

    def _part(self, use: ColumnUse, answer: str) -> str:
        if not answer:
            return self._nothing(use.position)
        words = answer.split()
        place = PARTS.index(use.code) if use.code in PARTS else len(words)
        return words[place] if place < len(words) else ""

    def _words(self, use: ColumnUse) -> tuple[str, str, str]:
        """How the column says that its choice was made, was not, and that nothing was answered."""
        if use.position not in self._known_words:
            self._known_words[use.position] = self._told_words(use)
        return self._known_words[use.position]

    def _told_words(self, use: ColumnUse) -> tuple[str, str, str]:
        own, all_ = self._seen([use]), self._seen_in_all
        elsewhere = self._elsewhere
        found = [
            _most(one) if one else _most(other) if other else _most(third)
            for one, other, third in zip(own, all_, elsewhere, strict=True)
        ]
        made = self._spelt_made(use, found[0], _most(all_[1]) if all_[1] else found[1])
        return made, found[1], found[2]

    @cached_property
    def _seen_in_all(self) -> tuple[Counter[str], Counter[str], Counter[str]]:
        uses = self._sheet.columns[self._item.key]
        return self._seen([each for each in uses if each.role is Role.CHOICE])

    def _spelt_made(self, use: ColumnUse, word: str, unmade: str) -> str:
        """The word for a choice that was made, where others show it by their own code or label."""
        if word == CODE:
            return use.code
        if word.startswith(LABEL):
            labels = self._label.get(use.code, NOTHING)
            return labels.get(word.removeprefix(LABEL), use.code)
        if word:
            return word
        return {"FALSE": "TRUE", "False": "True", "false": "true"}.get(unmade, "1")

    def _seen(self, uses: Iterable[ColumnUse]) -> tuple[Counter[str], Counter[str], Counter[str]]:
        found = (Counter[str](), Counter[str](), Counter[str]())
        for use in uses:
            for (text, answer), count in self._texts(use.position).items():
                if answer and use.code in answer.split():
                    found[0][self._kind(use.code, text)] += count
                elif plain(text).casefold() in NOT_CHOSEN or _empty(text):
                    found[1 if answer else 2][text] += count
        return found

    def _kind(self, code: str, text: str) -> str:
        """A word for yes as it stands, or that it is the choice's own code or label."""
        words = plain(text)
        if words.casefold() in CHOSEN:
            return text
        if words == code:
            return CODE
        labels = self._label.get(code, NOTHING)
        return next((f"{LABEL}{each}" for each, t in labels.items() if plain(t) == words), "")

    @cached_property
    def _elsewhere(self) -> tuple[Counter[str], Counter[str], Counter[str]]:
        """What all columns of choices of the table hold, where those of this question say nothing."""
        found: Counter[str] = Counter()
        for use in self._sheet.uses:
            if use.role is Role.CHOICE:
                counts = self._sheet.cells[use.position].value_counts()
                found.update({str(text): int(count) for text, count in counts.items()})
        made = Counter({t: n for t, n in found.items() if t.casefold() in CHOSEN})
        unmade = Counter({t: n for t, n in found.items() if plain(t).casefold() in NOT_CHOSEN})
        return made, unmade, Counter(self._nothings)


CODE = "\0code"
LABEL = "\0label in "


def _day_and_clock(day: Way, clock: Way) -> Way:
    return lambda moment: day(moment) + clock(moment)


def _empty(text: str) -> bool:
    word = text.strip().casefold()
    return not word or word in FOR_NOTHING


def _noughts(fraction: re.Match[str]) -> str:
    return f".{'0' * (len(fraction[0]) - 1)}"


def _most(counts: Counter[str]) -> str:
    return counts.most_common(1)[0][0] if counts else ""


def _all_codes(text: str, codes: set[str], *, several: bool) -> bool:
    return all(word in codes for word in (text.split() if several else [text.strip()]))


def _read(text: str, labels: Mapping[str, str], *, several: bool) -> bool:
    return bool(readings(plain(text), labels)) if several else plain(text) in labels


def _fits(way: Way, pairs: Sequence[tuple[str, str]]) -> int:
    """How many cells a way of writing brings back as they stand, but for fractions and zones."""
    return sum(
        way(datetime.fromisoformat(answer)) in {text, TAIL.sub("", text) if ":" in text else text}
        for text, answer in pairs
    )


def plain_style(column: pd.Series, new: str) -> str:
    """A new value for a column of which no form knows anything: as stated, but for TRUE and FALSE.

    A column of nothing but TRUE and FALSE takes 1 for TRUE; an empty cell is spelt as the column
    spells one.
    """
    texts = {str(text) for text in column.unique()}
    if not new:
        return _most(Counter(str(text) for text in column if _empty(str(text))))
    said = {text for text in texts if not _empty(text)}
    spelt = {text.casefold(): text for text in said}
    if said and set(spelt) <= {"true", "false"} and new in {"0", "1"}:
        word = "true" if new == "1" else "false"
        example = next(iter(said))
        upper = word.upper() if example.isupper() else word.capitalize()
        return spelt.get(word, upper if not example.islower() else word)
    return new
