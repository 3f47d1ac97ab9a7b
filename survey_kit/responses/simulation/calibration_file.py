"""Reads a calibration from YAML. Whatever it names must be there; all faults at once."""

from __future__ import annotations

from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

from survey_kit.errors import DefinitionError, StudyError
from survey_kit.questionnaire.expressions import ExpressionReader
from survey_kit.questionnaire.faults import Faults
from survey_kit.questionnaire.model import Missing
from survey_kit.questionnaire.question_type import Storage
from survey_kit.questionnaire.words import listed, meant
from survey_kit.questionnaire.yaml_file import read_tree
from survey_kit.questionnaire.yaml_shapes import Shapes
from survey_kit.responses.simulation.as_asked import as_asked
from survey_kit.responses.simulation.calibration import (
    NO_SHARES,
    Calibration,
    Case,
    Fieldwork,
    Likely,
    Plan,
)
from survey_kit.responses.simulation.fault_orders import FaultOrders

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from survey_kit.questionnaire.expression import Expression
    from survey_kit.questionnaire.model import Place, Question, Questionnaire
    from survey_kit.questionnaire.yaml_tree import Entry

WHOLE = ("simulation", "fieldwork", "missing", "repeats", "answers", "faults")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
FIELDWORK = (
    "first_day",
    "last_day",
    "days_off",
    "enumerator",
    "place",
    "site_effect",
    "first_hour",
    "a_day",
    "minutes",
    "minutes_a_question",
    "minutes_factor",
)
_NUMBER = (
    "mean",
    "spread",
    "median",
    "factor",
    "lowest",
    "highest",
    "step",
    "shares",
    "follows",
    "correlation",
    "answered",
)
_KEYS: Mapping[Storage, tuple[str, ...]] = MappingProxyType(
    {
        Storage.CODE: ("shares", "answered", "site"),
        Storage.CODES: ("shares", "answered", "together", "site"),
        Storage.INTEGER: _NUMBER,
        Storage.DECIMAL: tuple(key for key in _NUMBER if key != "shares"),
        Storage.TEXT: ("texts", "pattern", "answered"),
        Storage.DATE: ("before", "median", "factor", "answered"),
        Storage.DATETIME: ("answered",),
        Storage.TIME: ("answered",),
        Storage.LOCATION: ("near", "answered"),
        Storage.FILE: ("answered",),
        Storage.NOTHING: (),
    }
)
_FIGURES = (
    "mean",
    "spread",
    "median",
    "factor",
    "lowest",
    "highest",
    "step",
    "answered",
    "together",
    "site",
    "correlation",
)
_ABOVE_ZERO = ("median", "factor", "step")
_NEVER_BELOW_ZERO = ("spread", "together", "site", "answered")


def read_calibration(path: Path, questionnaire: Questionnaire) -> Calibration:
    """The calibration in a YAML file, for one questionnaire.

    Raises
    ------
    FileProblem
        If the file is missing, empty or not YAML.
    StudyError
        If it is for another questionnaire, or names a key, question or code that is not
        there, or an expression that cannot be read. All faults at once.
    """
    faults = Faults()
    found = _Reader(as_asked(questionnaire), faults, ExpressionReader(faults)).whole(path)
    try:
        faults.raise_any()
    except DefinitionError as error:
        raise StudyError.from_faults(error.faults) from None
    return found


class _Reader:
    def __init__(
        self, questionnaire: Questionnaire, faults: Faults, expressions: ExpressionReader
    ) -> None:
        self._questionnaire = questionnaire
        self._faults = faults
        self._expressions = expressions
        self._shapes = Shapes(faults)

    def whole(self, path: Path) -> Calibration:
        tree = read_tree(path)
        found = self._shapes.block(tree, "", WHOLE)
        name = self._shapes.text(found.get("simulation"), "simulation")
        if name != self._questionnaire.name:
            self._faults.add(
                tree.place,
                "simulation",
                f"this is for '{name}', and the questionnaire is '{self._questionnaire.name}'",
                f"Write simulation: {self._questionnaire.name}, or choose the other file",
            )
        return Calibration(
            questions=MappingProxyType(self._questions(found.get("answers"))),
            repeats=MappingProxyType(self._repeats(found.get("repeats"))),
            fieldwork=self._fieldwork(found.get("fieldwork")),
            missing=MappingProxyType(self._missing(found.get("missing"))),
            faults=FaultOrders(self._questionnaire, self._faults, self._expressions).read(
                found.get("faults")
            ),
        )

    def _questions(self, entry: Entry | None) -> dict[str, Plan]:
        plans: dict[str, Plan] = {}
        known = self._questionnaire.by_key
        for key, each in self._shapes.free_block(entry, "answers").items():
            if key not in known:
                self._unknown(each.place, "answers", "question", key, known)
                continue
            question = known[key].question
            if question.calculation is not None or not question.type.asked:
                self._faults.add(
                    each.place,
                    f"answers, {key}",
                    "the form fills this in by itself",
                    "Remove it",
                )
                continue
            plans[key] = self._plan(each, f"answers, {key}", question)
        return plans

    def _repeats(self, entry: Entry | None) -> dict[str, Plan]:
        plans: dict[str, Plan] = {}
        for name, each in self._shapes.free_block(entry, "repeats").items():
            if name not in self._questionnaire.repeats:
                self._unknown(each.place, "repeats", "repeat", name, self._questionnaire.repeats)
            elif self._questionnaire.repeats[name][0].count is not None:
                self._faults.add(
                    each.place,
                    f"repeats, {name}",
                    "the form says by itself how many there are",
                    "Remove it",
                )
            else:
                plans[name] = self._plan(each, f"repeats, {name}", None)
        return plans

    def _plan(self, entry: Entry, thing: str, question: Question | None) -> Plan:
        keys = _KEYS[question.type.storage if question else Storage.INTEGER]
        found = self._shapes.entry_block(entry, thing, (*keys, "by", "table", "cases"))
        cases = self._table(found, entry.place, thing, question)
        for tree in self._shapes.listing(found.get("cases"), f"{thing}, cases"):
            inside = self._shapes.block(tree, f"{thing}, case", ("when", *keys, "odds"))
            when = self._when(inside, tree.place, f"{thing}, case")
            if when is not None:
                cases.append(Case(when, self._likely(inside, f"{thing}, case", question)))
        return Plan(self._likely(found, thing, question), tuple(cases))

    def _table(
        self, found: Mapping[str, Entry], place: Place, thing: str, question: Question | None
    ) -> list[Case]:
        """Shares by the answers to another question: a row of the table for each of its codes."""
        by = self._shapes.text(found.get("by"), thing)
        rows = self._shapes.free_block(found.get("table"), f"{thing}, table")
        if bool(by) != bool(rows):
            self._faults.add(place, thing, "by and table belong together", "Write both, or neither")
            return []
        if not by:
            return []
        if by not in self._questionnaire.by_key:
            self._unknown(place, thing, "question", by, self._questionnaire.by_key)
            return []
        other = self._questionnaire.by_key[by].question
        codes = [choice.code for choice in self._questionnaire.choices(other)]
        cases: list[Case] = []
        for code, each in rows.items():
            if codes and code not in codes:
                self._unknown(each.place, f"{thing}, table", "choice", code, codes)
                continue
            text = (
                f"selected(${{{other.name}}}, '{code}')" if codes else f"${{{other.name}}} = {code}"
            )
            when = self._expressions.read(text, each.place, thing)
            shares = self._shares(each, f"{thing}, shares", question)
            if when is not None:
                cases.append(Case(when, Likely(shares=shares)))
        return cases

    def _when(self, found: Mapping[str, Entry], place: Place, thing: str) -> Expression | None:
        text = self._shapes.text(found.get("when"), thing)
        if not text:
            self._faults.add(place, thing, "it does not say when it holds", "Add when")
            return None
        when = self._expressions.read(text, place, thing)
        for name in when.answers if when else ():
            names = [item.question.name for item in self._questionnaire.items]
            if name not in names and name not in self._questionnaire.by_key:
                self._unknown(place, thing, "question", name, names)
        return when

    def _likely(self, found: Mapping[str, Entry], thing: str, question: Question | None) -> Likely:
        figures = {key: self._figure(found.get(key), thing, key) for key in _FIGURES}
        before = self._shapes.text(found.get("before"), thing) or None
        if before is not None and before not in self._questionnaire.by_key:
            self._unknown(
                found["before"].place, thing, "question", before, self._questionnaire.by_key
            )
        return Likely(
            shares=self._shares(found.get("shares"), f"{thing}, shares", question),
            odds=self._shares(found.get("odds"), f"{thing}, odds", question),
            before=before,
            follows=self._question(found.get("follows"), thing),
            texts=self._shapes.names(found.get("texts"), f"{thing}, texts"),
            pattern=self._shapes.text(found.get("pattern"), thing) or None,
            near=self._near(found.get("near"), thing),
            **cast("dict[str, Any]", figures),
        )

    def _question(self, entry: Entry | None, thing: str) -> str | None:
        name = self._shapes.text(entry, thing) or None
        if name is not None and entry is not None and name not in self._questionnaire.by_key:
            self._unknown(entry.place, thing, "question", name, self._questionnaire.by_key)
        return name

    def _near(self, entry: Entry | None, thing: str) -> tuple[float, float, float] | None:
        """Latitude, longitude and kilometres, as in ``21.44 92.01 15``."""
        if entry is None:
            return None
        words = self._shapes.text(entry, f"{thing}, near").split()
        try:
            latitude, longitude, reach = (float(word) for word in words)
        except ValueError:
            reach = -1.0
        else:
            if abs(latitude) <= 90 and abs(longitude) <= 180 and reach > 0:  # noqa: PLR2004 - degrees
                return latitude, longitude, reach
        self._faults.add(
            entry.place,
            f"{thing}, near",
            "this is no latitude, longitude and distance in kilometres",
            "Write them as 21.44 92.01 15",
        )
        return None

    def _shares(
        self, entry: Entry | None, thing: str, question: Question | None
    ) -> Mapping[str, float]:
        if entry is None:
            return NO_SHARES
        codes = (
            [choice.code for choice in self._questionnaire.choices(question)] if question else []
        )
        most = 1.0 if question is not None and question.type.storage is Storage.CODES else None
        shares: dict[str, float] = {}
        for code, each in self._shapes.free_block(entry, thing).items():
            if codes and code not in codes:
                self._unknown(each.place, thing, "choice", code, codes)
                continue
            if not codes and not code.isdecimal():
                self._faults.add(
                    each.place, thing, f"'{code}' is not a whole number", "Write number: weight"
                )
                continue
            share = self._figure(each, thing, code, lowest=0.0)
            if share is not None and most is not None and share > most and "shares" in thing:
                self._faults.add(
                    each.place, thing, f"the share of '{code}' is above 1", "Write 0.35 for 35 %"
                )
            shares[code] = share or 0.0
        return MappingProxyType(shares)

    def _figure(
        self, entry: Entry | None, thing: str, key: str, *, lowest: float | None = None
    ) -> float | None:
        if entry is None:
            return None
        text = self._shapes.text(entry, f"{thing}, {key}")
        try:
            figure = float(text)
        except ValueError:
            self._faults.add(
                entry.place, f"{thing}, {key}", f"'{text}' is not a number", "Write a number"
            )
            return None
        if key in _ABOVE_ZERO and figure <= 0:
            self._faults.add(entry.place, f"{thing}, {key}", "it is not above 0", "Raise it")
        elif key == "correlation" and abs(figure) > 1:
            self._faults.add(
                entry.place, f"{thing}, {key}", "it is not between -1 and 1", "Write 0.5"
            )
        elif figure < 0 and (key in _NEVER_BELOW_ZERO or lowest == 0):
            self._faults.add(entry.place, f"{thing}, {key}", "it is below 0", "Raise it")
        return figure

    def _missing(self, entry: Entry | None) -> dict[str, float]:
        kinds = [kind.value for kind in Missing]
        shares = dict(Calibration().missing)
        for key, each in self._shapes.free_block(entry, "missing").items():
            if key not in kinds:
                self._unknown(each.place, "missing", "kind of missing answer", key, kinds)
            else:
                shares[key] = self._figure(each, "missing", key, lowest=0.0) or 0.0
        return shares

    def _fieldwork(self, entry: Entry | None) -> Fieldwork:
        usual = Fieldwork()
        found = self._shapes.entry_block(entry, "fieldwork", FIELDWORK)
        named: dict[str, str | None] = {}
        for key in ("enumerator", "place"):
            name = self._shapes.text(found.get(key), "fieldwork") or None
            if name is not None and name not in self._questionnaire.by_key:
                self._unknown(
                    found[key].place, "fieldwork", "question", name, self._questionnaire.by_key
                )
            named[key] = name
        days = self._shapes.names(found.get("days_off"), "fieldwork, days_off")
        for day in days:
            if day not in DAYS:
                self._unknown(found["days_off"].place, "fieldwork, days_off", "day", day, DAYS)

        def figure(key: str, otherwise: float) -> float:
            said = self._figure(found.get(key), "fieldwork", key, lowest=0.0)
            return otherwise if said is None else said

        first = self._day(found.get("first_day"), usual.first_day)
        last = self._day(found.get("last_day"), usual.last_day)
        if last < first and entry is not None:
            self._faults.add(
                entry.place, "fieldwork", "last_day is before first_day", "Exchange the two"
            )
        return Fieldwork(
            first_day=first,
            last_day=last,
            days_off=tuple(DAYS.index(day) for day in days if day in DAYS)
            if "days_off" in found
            else usual.days_off,
            enumerator=named["enumerator"],
            place=named["place"],
            site_effect=figure("site_effect", usual.site_effect),
            first_hour=figure("first_hour", usual.first_hour),
            a_day=max(1, round(figure("a_day", usual.a_day))),
            minutes=figure("minutes", usual.minutes),
            minutes_a_question=figure("minutes_a_question", usual.minutes_a_question),
            minutes_factor=figure("minutes_factor", usual.minutes_factor),
        )

    def _day(self, entry: Entry | None, otherwise: date) -> date:
        if entry is None:
            return otherwise
        text = self._shapes.text(entry, "fieldwork")
        try:
            return date.fromisoformat(text)
        except ValueError:
            self._faults.add(
                entry.place, "fieldwork", f"'{text}' is not a day", "Write it as 2026-08-31"
            )
            return otherwise

    def _unknown(
        self,
        place: Place,
        thing: str,
        kind: str,
        name: str,
        known: Mapping[str, object] | list[str] | tuple[str, ...],
    ) -> None:
        many = len(known) > 12  # noqa: PLR2004 - a longer list helps nobody
        self._faults.add(
            place,
            thing,
            f"there is no {kind} called '{name}'",
            meant(
                name,
                known,
                otherwise="Check its spelling" if many else f"There are {listed(known)}",
            ),
        )
