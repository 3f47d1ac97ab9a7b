"""Random respondents on our engine: who was asked what, what was on offer, where nobody gets on.

The simulator walks; this one looks on. It stops whoever is stuck, notes what a walk alone does
not keep, and can be given wishes: answers that some of the people should give, where the form
takes them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from survey_kit.errors import CannotEvaluate
from survey_kit.questionnaire.model import Group, Question, Repeat
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.as_text import as_text
from survey_kit.responses.simulation.calibration import Calibration
from survey_kit.responses.simulation.walk import Walk

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from survey_kit.errors import Fault
    from survey_kit.questionnaire.model import Item, Questionnaire
    from survey_kit.rehearsal.minutes import Reading
    from survey_kit.rehearsal.wish import Wish, Wishes
    from survey_kit.responses.simulation.scope import Scope

    Truths = NDArray[np.bool_]
    Positions = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Words = NDArray[np.object_]

SAMPLES = 40
"""How many different answers to a question are kept."""
NUMBERS = (Storage.INTEGER, Storage.DECIMAL)
MOMENTS = (Storage.DATE, Storage.DATETIME)


@dataclass
class Noted:
    """What was noted of one question, over all walks.

    asked, tried, failed
        Interviews in which it was asked; in which somebody wanted to answer; in which no
        answer was found that the form takes.
    without_choices
        Interviews in which it was asked and no choice was on offer.
    stopped
        Interviews that ended here, since it must be answered.
    """

    asked: int = 0
    tried: int = 0
    failed: int = 0
    without_choices: int = 0
    stopped: int = 0
    offered: Counter[str] = field(default_factory=Counter[str])
    chosen: Counter[str] = field(default_factory=Counter[str])


@dataclass(frozen=True, eq=False)
class Lengths:
    """Of each interview, (n,): questions asked, seconds, the last part reached, and if it is stuck.

    `last` is the position of a node at the top of the form, -1 where nothing was asked. Whoever
    is `barred` came to a note that must be answered, which nobody can do: it is a way of sending
    the enumerator back. The walk goes on all the same, to see what lies behind it.
    """

    questions: Positions
    seconds: Floats
    last: Positions
    stuck: Truths
    barred: Truths


class Watched(Walk):
    """A walk that is watched. `go` fills `noted` and `lengths`.

    What cannot be worked out (a table that is not there, `uuid()`) is left out: the question is
    asked, or blank. `left_out` says what, and why.
    """

    def __init__(
        self,
        questionnaire: Questionnaire,
        interviews: pd.Index,
        rng: np.random.Generator,
        reading: Reading,
        wishes: Sequence[Wishes] = (),
    ) -> None:
        super().__init__(questionnaire, interviews, Calibration(), rng)
        self.noted: dict[str, Noted] = {item.key: Noted() for item in questionnaire.items}
        self.left_out: dict[str, Fault] = {}
        self._reading = reading
        self._wishes = _by_question(wishes, len(interviews))
        self._wants: Truths = np.zeros(0, dtype=np.bool_)
        self._top = {node.name: place for place, node in enumerate(questionnaire.nodes)}
        number = len(interviews)
        self.lengths = Lengths(
            questions=np.zeros(number, dtype=np.int64),
            seconds=np.zeros(number),
            last=np.full(number, -1, dtype=np.int64),
            stuck=self.stuck,
            barred=np.zeros(number, dtype=np.bool_),
        )

    def samples(self) -> dict[str, tuple[str, ...]]:
        """Key -> some of the different answers that were given to a question without choices."""
        found: dict[str, tuple[str, ...]] = {}
        for item in self._questionnaire.items:
            question = item.question
            scope = self.scopes.get(item.repeats[-1]) if item.repeats else self.whole
            if question.type.takes_choices or not question.type.asked or scope is None:
                continue
            if item.key in scope.frame.columns:
                different = scope.frame[item.key].dropna().drop_duplicates().head(SAMPLES)
                found[item.key] = tuple(as_text(different, question.type.storage).tolist())
        return found

    def _relevant(
        self, node: Question | Group | Repeat, path: tuple[str, ...], scope: Scope
    ) -> Truths:
        going = ~self.stuck[scope.interviews]
        try:
            return super()._relevant(node, path, scope) & going
        except CannotEvaluate as fault:
            self.left_out.setdefault(f"{node.name}, relevant", fault.faults[0])
            return going

    def _required(self, item: Item, scope: Scope) -> Truths:
        try:
            return super()._required(item, scope)
        except CannotEvaluate as fault:
            self.left_out.setdefault(f"{item.key}, required", fault.faults[0])
            return np.zeros(len(scope), dtype=np.bool_)

    def _ask_one(self, item: Item, scope: Scope, relevant: Truths) -> None:
        self._note_asked(item, scope, relevant)
        try:
            super()._ask_one(item, scope, relevant)
        except CannotEvaluate as fault:
            self.left_out.setdefault(item.key, fault.faults[0])
        question = item.question
        shown_only = question.type.storage is Storage.NOTHING or question.read_only
        filled_in = question.calculation is not None or question.default is not None
        if shown_only and question.type.asked and question.required is not None and not filled_in:
            stopped = relevant & self._required(item, scope)
            self.noted[item.key].stopped += len(np.unique(scope.interviews[stopped]))
            self.lengths.barred[scope.interviews[stopped]] = True

    def _note_asked(self, item: Item, scope: Scope, relevant: Truths) -> None:
        whose = scope.interviews[relevant]
        self.noted[item.key].asked += len(np.unique(whose))
        if item.question.calculation is not None or not item.question.type.asked:
            return
        top = item.path[0] if item.path else item.question.name
        self.lengths.last[whose] = self._top[top]
        np.add.at(self.lengths.seconds, whose, self._reading.question(item))
        if item.question.type.storage is not Storage.NOTHING:
            np.add.at(self.lengths.questions, whose, 1)

    def _answers(self, item: Item, scope: Scope) -> Truths:
        wished = self._wishes.get(item.key)
        wants = super()._answers(item, scope)
        if wished is not None:
            some = [bool(each) and each[0].how != "blank" for each in wished]
            wants = wants | np.array(some, dtype=np.bool_)[scope.interviews]
        self._wants = wants
        return wants

    def _draw(self, item: Item, scope: Scope, relevant: Truths) -> None:
        before = self.stuck.copy()
        super()._draw(item, scope, relevant)
        noted = self.noted[item.key]
        tried = relevant & (self._required(item, scope) | self._wants)
        failed = tried & scope.frame[item.key].isna().to_numpy()
        noted.tried += int(tried.sum())
        noted.failed += int(failed.sum())
        noted.stopped += int((self.stuck & ~before).sum())
        self._fulfil(item, scope, relevant)
        codes = [choice.code for choice in self._questionnaire.choices(item.question)]
        chooses = item.question.type.storage in (Storage.CODE, Storage.CODES) and bool(codes)
        if chooses:
            self._note_choices(item, scope, relevant, codes)

    def _note_choices(self, item: Item, scope: Scope, relevant: Truths, codes: list[str]) -> None:
        noted = self.noted[item.key]
        among = scope.offered(item) & relevant[:, None]
        for code, number in zip(codes, among.sum(axis=0).tolist(), strict=True):
            noted.offered[code] += number
        counts = scope.frame[item.key].value_counts()
        for answer, number in counts.items():
            for code in str(answer).split():
                noted.chosen[code] += int(number)
        shown = among.sum(axis=1)
        noted.without_choices += len(np.unique(scope.interviews[relevant & (shown == 0)]))
        if self._reading.reads_out(item):
            seconds = among @ np.array(self._reading.choices(item))
            read = np.where(shown <= self._reading.pace.most_choices_read, seconds, 0.0)
            np.add.at(self.lengths.seconds, scope.interviews[relevant], read[relevant])

    def _fulfil(self, item: Item, scope: Scope, relevant: Truths) -> None:
        """Give the answers that are wished for, where the form takes them."""
        wished = self._wishes.get(item.key)
        if wished is None or not len(scope):
            return
        drawn = scope.frame[item.key].copy()
        whose: list[int] = scope.interviews.tolist()
        open_rows: list[int] = [
            row for row in np.flatnonzero(relevant).tolist() if wished[whose[row]]
        ]
        if not open_rows:
            return
        codes = [choice.code for choice in self._questionnaire.choices(item.question)]
        among = scope.offered(item) if codes else None
        required = self._required(item, scope)
        for stricter in (False, True):
            tried = drawn.copy()
            values = [
                _answer(
                    wished[whose[row]],
                    drawn.iloc[row],
                    item.question.type.storage,
                    _shown(codes, among, row),
                    alone=stricter,
                    rng=self._rng,
                    required=bool(required[row]),
                )
                for row in open_rows
            ]
            tried.iloc[open_rows] = pd.Series(values, dtype=drawn.dtype).to_numpy()
            scope.write(item.key, tried.array)
            fits = np.ones(len(scope), dtype=np.bool_)
            if item.question.constraint is not None:
                fits = (
                    scope.holds(item.question.constraint, this=item.key) | tried.isna().to_numpy()
                )
            drawn = tried.where(fits, drawn)
            scope.write(item.key, drawn.array)
            open_rows = [row for row in open_rows if not fits[row]]
            if not open_rows or item.question.type.storage is not Storage.CODES:
                return


def _shown(codes: list[str], among: Truths | None, row: int) -> list[str]:
    return [] if among is None else [codes[at] for at in np.flatnonzero(among[row])]


def _by_question(wishes: Sequence[Wishes], number: int) -> Mapping[str, list[tuple[Wish, ...]]]:
    """key -> for each interview the wishes for that question."""
    found: dict[str, list[tuple[Wish, ...]]] = {}
    for which, one in enumerate(wishes):
        for key, several in one.items():
            found.setdefault(key, [()] * number)[which] = several
    return found


def _answer(
    wishes: tuple[Wish, ...],
    drawn: Any,
    storage: Storage,
    shown: list[str],
    *,
    alone: bool,
    required: bool,
    rng: np.random.Generator,
) -> Any:
    """The answer that fulfils wishes, beginning with the one that was drawn."""
    said = {each.how: each.text for each in reversed(wishes)}
    exact = said.get("is", said.get("least", said.get("most")))
    if any(each.how == "blank" for each in wishes):
        return drawn if required else (np.nan if storage in NUMBERS else None)
    if exact is None and any(each.how == "anything" for each in wishes):
        return _anything(storage, drawn, rng)
    if storage in NUMBERS:
        return _numbered(exact, drawn)
    if storage in MOMENTS:
        moment = pd.to_datetime(exact, errors="coerce") if exact else pd.NaT
        return drawn if pd.isna(moment) else moment
    if storage in (Storage.CODE, Storage.CODES) and shown:
        return _coded(wishes, drawn, shown, several=storage is Storage.CODES, alone=alone)
    return exact if exact is not None else drawn


def _anything(storage: Storage, drawn: Any, rng: np.random.Generator) -> Any:
    """A number, day or time out of a wide range, small numbers the likeliest."""
    if storage in NUMBERS:
        whole = float(np.floor(np.exp(rng.uniform(0.0, 14.0)))) - 1.0
        return whole if storage is Storage.INTEGER else whole + float(rng.integers(0, 4)) / 4
    if storage in MOMENTS:
        today = pd.Timestamp.now().normalize()
        return today - pd.Timedelta(days=int(rng.integers(-400, 36_500)))
    if storage is Storage.TIME:
        return f"{rng.integers(0, 24):02}:{rng.integers(0, 60):02}:00.000"
    return drawn


def _numbered(exact: str | None, drawn: Any) -> Any:
    try:
        return drawn if exact is None else float(exact)
    except ValueError:
        return drawn


def _coded(
    wishes: tuple[Wish, ...],
    drawn: Any,
    shown: list[str],
    *,
    several: bool,
    alone: bool,
) -> Any:
    exact = [each.text for each in wishes if each.how == "is"]
    wanted = [each.text for each in wishes if each.how == "has"]
    avoided = {each.text for each in wishes if each.how in ("not", "lacks")}
    if exact:
        return exact[0] if set(exact[0].split()) <= set(shown) else drawn
    held = [] if pd.isna(drawn) or alone else str(drawn).split()
    kept = [code for code in (*held, *wanted) if code not in avoided and code in shown]
    many = next((each.text for each in wishes if each.how == "many"), None)
    others = [code for code in shown if code not in avoided]
    if many is not None:
        number = max(0, round(float(many)))
        kept = [*wanted, *(code for code in others if code not in wanted)][:number]
    kept = list(dict.fromkeys(kept)) or others[:1]
    if not kept:
        return drawn
    return " ".join(sorted(kept, key=shown.index)) if several else kept[0]


@dataclass(frozen=True, eq=False)
class Walked:
    """What was seen in one walk of many people, and some of the answers they gave.

    `answers` holds, by key, different answers to questions without choices; `left_out` what
    could not be worked out.
    """

    noted: Mapping[str, Noted]
    lengths: Lengths
    faults: Mapping[str, Fault]
    answers: Mapping[str, tuple[str, ...]]
    left_out: Mapping[str, Fault]


def walked(
    questionnaire: Questionnaire,
    number: int,
    *,
    seed: int,
    reading: Reading,
    wishes: Sequence[Wishes] = (),
) -> Walked:
    """People who answer at random, or as is wished of them: one an interview."""
    interviews = pd.Index([str(each) for each in range(number)], name="interview", dtype="str")
    rng = np.random.default_rng(seed)
    walk = Watched(questionnaire, interviews, rng, reading, wishes)
    walk.go()
    return Walked(walk.noted, walk.lengths, walk.faults, walk.samples(), walk.left_out)
