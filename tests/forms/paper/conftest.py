"""An enumerator who has nothing but the paper: who reads English, ticks, and follows arrows.

Knows nothing of expressions. What a bar says is taken word for word, as a person would take
it, and held against the answers noted so far; so whoever reaches the questions that the form
would have asked shows that the words, the numbers and the arrows are true.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from survey_kit.forms.paper.sheet import (
    Ask,
    Bar,
    FromList,
    Matrix,
    Note,
    Roster,
    Row,
    Sheet,
    Ticks,
    text_of,
)

END = 10**6
_BAR = re.compile(
    r"(?:Read|Ask(?: (?P<first>[QCN]\d+) to (?P<last>[QCN]\d+))?) only if (?P<if>.*?)\."
    r"(?: If not, go to (?P<target>[\w ]+)\.)?",
    re.DOTALL,
)
_QUOTED = re.compile("“([^”]*)”")
_AMOUNTS = (
    ("more than ", operator.gt),
    ("less than ", operator.lt),
    ("at least ", operator.ge),
    ("at most ", operator.le),
)
_UNIT = re.compile(r" (?:answers?|letters?|entr(?:y|ies))\b")


def _parts(text: str, word: str) -> list[str]:
    """The parts between a word, outside brackets."""
    parts, depth, start = [], 0, 0
    for place, sign in enumerate(text):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if depth == 0 and text.startswith(word, place):
            parts.append(text[start:place])
            start = place + len(word)
    return [*parts, text[start:]]


def _clauses(text: str, word: str) -> list[str]:
    """The clauses between *and* or *or*: only where a new subject follows, not in a list."""
    found = [""]
    for part in _parts(text, word):
        begins = re.match(r"\(|either |(?:[QC]\d+|the number) ", part)
        if found[-1] and not begins:
            found[-1] += word + part
        else:
            found.append(part)
    return [each for each in found if each]


@dataclass(frozen=True)
class Reader:
    """Reads a condition. `codes`: number -> label -> codes, as the paper has them."""

    codes: Mapping[str, Mapping[str, set[str]]]

    def holds(self, text: str, answer: Callable[[str], str]) -> bool:
        quoted: list[str] = []

        def keep(found: re.Match[str]) -> str:
            quoted.append(found[1])
            return f"<{len(quoted) - 1}>"

        return self._said(_QUOTED.sub(keep, text), quoted, answer)

    def _said(self, text: str, quoted: Sequence[str], answer: Callable[[str], str]) -> bool:
        for word, join in ((", and ", all), (", or ", any)):
            parts = _clauses(text, word)
            if len(parts) > 1:
                return join([self._said(part, quoted, answer) for part in parts])
        if text.startswith("either "):
            text = text.removeprefix("either ")
        for word, join in ((" or ", any), (" and ", all)):
            parts = _clauses(text, word)
            if len(parts) > 1:
                return join([self._said(part, quoted, answer) for part in parts])
        if text.startswith("(") and text.endswith(")"):
            return self._said(text[1:-1], quoted, answer)
        return self._clause(text, quoted, answer)

    def _clause(self, text: str, quoted: Sequence[str], answer: Callable[[str], str]) -> bool:
        lower = text[:1].lower() + text[1:]
        if lower in ("always", "never"):
            return lower == "always"
        found = re.fullmatch(r"([QC]\d+) (was not answered|was answered|.*)", text, re.DOTALL)
        assert found, f"a person would not understand '{text}'"
        number, said = found[1], _reckoned(found[2], answer)
        given = answer(number)
        if said.startswith("was "):
            return (given == "") == ("not" in said)
        for verb, chosen in (("is ", {given}), ("includes ", {*given.split()})):
            if said.startswith(verb):
                return self._what(number, said.removeprefix(verb), quoted, given, chosen)
        if said.startswith("does not include "):
            rest = said.removeprefix("does not include ")
            return not self._any(number, rest, quoted, {*given.split()})
        for verb, positive in (("has ", True), ("does not have ", False)):
            if said.startswith(verb):
                rest = _UNIT.sub("", said.removeprefix(verb))
                return self._amount(rest, str(len(given.split()))) is positive
        raise AssertionError(f"a person would not understand '{text}'")

    def _what(
        self, number: str, said: str, quoted: Sequence[str], given: str, chosen: set[str]
    ) -> bool:
        for words in ("neither ", "none of ", "not "):
            if said.startswith(words):
                rest = said.removeprefix(words).replace(" nor ", " or ").replace(" and ", " or ")
                amount = self._amount(said if words == "not " else rest, given)
                if amount is not None:
                    return amount if words == "not " else not amount
                return not self._any(number, rest, quoted, chosen)
        amount = self._amount(said, given)
        if amount is not None:
            return amount
        if " and " in said:
            return all(self._any(number, each, quoted, chosen) for each in _listed(said))
        return self._any(number, said, quoted, chosen)

    def _any(self, number: str, said: str, quoted: Sequence[str], chosen: set[str]) -> bool:
        return any(bool(self._of(number, each, quoted) & chosen) for each in _listed(said))

    def _of(self, number: str, said: str, quoted: Sequence[str]) -> set[str]:
        """The codes that a person would look for."""
        if not said.startswith("<"):
            return {said}
        label = quoted[int(said.strip("<>"))]
        begins = label.removesuffix("…")
        found = [
            codes
            for known, codes in self.codes[number].items()
            if known == label or (begins != label and known.startswith(begins))
        ]
        assert len(found) == 1, f"{number} has {len(found)} choices '{label}'"
        return found[0]

    def _amount(  # noqa: PLR0911 - one return for each way to say it
        self, said: str, given: str
    ) -> bool | None:
        """A comparison of amounts; None where it is none."""
        for word in (" and ", " or "):
            if word in said and not said.startswith("between "):
                parts = [self._amount(each, given) for each in _listed(said)]
                if None not in parts:
                    return all(parts) if word == " and " else any(parts)
        if said.startswith("not "):
            inner = self._amount(said.removeprefix("not "), given)
            return None if inner is None else not inner
        value = _number(given)
        found = re.fullmatch(r"between (\S+) and (\S+)", said)
        if found:
            return float(found[1]) <= value <= float(found[2])
        for words, compare in _AMOUNTS:
            if said.startswith(words):
                return compare(value, float(said.removeprefix(words)))
        found = re.fullmatch(r"(other than )?exactly (\S+)", said)
        if found:
            return (value == float(found[2])) != bool(found[1])
        try:
            return value == float(said)
        except ValueError:
            return None


def _reckoned(said: str, answer: Callable[[str], str]) -> str:
    """With sums worked out: "less than Q2 plus Q3" as "less than 5"; "nan" where one is blank."""
    return re.sub(
        r"[QC]\d+(?: plus [QC]\d+)+",
        lambda found: str(sum(_number(answer(each)) for each in found[0].split(" plus "))),
        said,
    )


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")


def _listed(said: str) -> list[str]:
    return re.split(r", | and | or ", said)


Entry = tuple[int, ...]
Answers = Mapping[tuple[str, Entry], str]


@dataclass
class Enumerator:
    """Follows one sheet with one respondent.

    `entries`: repeat -> its entries, each with the places of those around it; `rosters`:
    number of a question -> the repeats it stands in.
    """

    sheet: Sheet
    answers: Answers
    entries: Mapping[str, Sequence[Entry]]
    rosters: Mapping[str, tuple[str, ...]]
    asked: list[tuple[str, Entry]] = field(default_factory=list)

    def go(self) -> list[tuple[str, Entry]]:
        """Everything that was asked or read, in order: its number or its words, and its entry."""
        self.reader = Reader(_codes(self.sheet))
        self._follow([*self.sheet.consent, *self.sheet.rows], ())
        return self.asked

    def _follow(self, rows: Sequence[Row], entry: Entry) -> None:
        places = {number: place for place, row in enumerate(rows) for number in _numbers(row)}
        place = 0
        while place < len(rows):
            place = self._step(rows, place, entry, places)

    def _step(self, rows: Sequence[Row], place: int, entry: Entry, places: dict[str, int]) -> int:
        row = rows[place]
        match row:
            case Bar(text):
                return self._bar(rows, place, text, entry, places)
            case Note(number=number):
                self.asked.append((number, entry))
            case Matrix(asks=asks):
                self.asked += [(ask.number, entry) for ask in asks]
            case Ask(number) if number:
                self.asked.append((number, entry))
                given = self._answer(number, entry)
                arrow = next((t.arrow for t in _ticks(row) if t.code == given and t.arrow), "")
                if arrow:
                    return self._land(rows, place, arrow.removeprefix("→ "), entry, places)
            case Roster():
                repeats = min((self.rosters[number] for number in _numbers(row)), key=len)
                for each in self.entries.get(repeats[-1], ()):
                    self._follow(row.rows, each)
            case _:
                pass
        return place + 1

    def _bar(
        self, rows: Sequence[Row], place: int, text: str, entry: Entry, places: dict[str, int]
    ) -> int:
        found = _BAR.fullmatch(text)
        assert found, text
        following = next(row for row in rows[place + 1 :] if not isinstance(row, Bar))
        if isinstance(following, Roster) and not found["target"] and _is_inner(following):
            return self._inner(rows, place, found["if"])
        if self.reader.holds(found["if"], lambda number: self._answer(number, entry)):
            return place + 1
        if found["target"]:
            return self._land(rows, place, found["target"], entry, places)
        if found["last"]:
            return places[found["last"]] + 1
        after = place + 1
        while not isinstance(rows[after], (Ask, Note, Matrix, Roster)):
            after += 1
        return after + 1

    def _inner(self, rows: Sequence[Row], place: int, condition: str) -> int:
        """Bars over a roster inside another: for which of the outer entries it is filled in."""
        conditions = [condition]
        place += 1
        while isinstance(rows[place], Bar):
            conditions.append(_BAR.fullmatch(rows[place].text)["if"])
            place += 1
        roster = rows[place]
        repeats = min((self.rosters[number] for number in _numbers(roster)), key=len)
        for each in self.entries.get(repeats[-1], ()):
            if all(
                self.reader.holds(said, lambda number, each=each: self._answer(number, each[:-1]))
                for said in conditions
            ):
                self._follow(roster.rows, each)
        return place + 1

    def _land(
        self, rows: Sequence[Row], place: int, target: str, entry: Entry, places: dict[str, int]
    ) -> int:
        """To the bars right above a number, or to one that it falls under."""
        if target == "END" or (target == "next entry" and entry):
            return END
        there = places[target]
        assert there > place, f"{target} is behind"
        for above in range(place + 1, there):
            bar = rows[above]
            found = _BAR.fullmatch(bar.text) if isinstance(bar, Bar) else None
            if found and found["last"] and places[found["first"]] <= there <= places[found["last"]]:
                return above
        while there - 1 > place and isinstance(rows[there - 1], Bar):
            there -= 1
        return there

    def _answer(self, number: str, entry: Entry) -> str:
        """What was noted; blank where nothing was asked."""
        for length in range(len(entry), -1, -1):
            where = (number, entry[:length])
            if where in self.answers:
                return self.answers[where] if where in self.asked else ""
        return ""


def _ticks(row: Ask) -> Iterator:
    return iter(row.box.ticks) if isinstance(row.box, Ticks) else iter(())


def _numbers(row: Row) -> list[str]:
    match row:
        case Ask(number):
            return [number] if number else []
        case Note(number=number):
            return [number]
        case Matrix(asks=asks):
            return [ask.number for ask in asks]
        case Roster(rows=rows):
            return [number for each in rows for number in _numbers(each)]
        case _:
            return []


def _is_inner(roster: Roster) -> bool:
    first = roster.rows[0]
    return isinstance(first, Ask) and not first.number


def _codes(sheet: Sheet) -> dict[str, dict[str, set[str]]]:
    """What is printed behind each label, by the number of its question."""
    found: dict[str, dict[str, set[str]]] = {}
    annexes = {each.title: each for each in sheet.annexes}

    def note(number: str, ticks) -> None:
        for tick in ticks:
            found.setdefault(number, {}).setdefault(text_of(tick.label), set()).add(tick.code)

    def descend(rows: Sequence[Row]) -> None:
        for row in rows:
            match row:
                case Ask(number, _, _, Ticks() as box):
                    note(number, box.ticks)
                case Ask(number, _, _, FromList(list=letter)):
                    groups = annexes[f"List {letter}"].groups
                    note(number, [tick for group in groups for tick in group.ticks])
                case Matrix(columns, asks):
                    for ask in asks:
                        note(ask.number, columns)
                case Roster(rows=inside):
                    descend(inside)
                case _:
                    pass

    descend([*sheet.consent, *sheet.rows])
    return found


@pytest.fixture(scope="session")
def enumerator():
    """Follow a sheet: ``enumerator(sheet, answers, entries, rosters).go()``."""
    return Enumerator


@pytest.fixture(scope="session")
def reader():
    """Read a condition: ``reader(codes).holds(text, answer)``."""
    return Reader
