"""Reads the orders for planted faults from a calibration: ``faults:``, one entry each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from survey_kit.questionnaire.words import listed, meant
from survey_kit.questionnaire.yaml_shapes import Shapes
from survey_kit.responses.simulation.planting import Order, PlantedFault, planted_faults

if TYPE_CHECKING:
    from collections.abc import Mapping

    from survey_kit.questionnaire.expressions import ExpressionReader
    from survey_kit.questionnaire.faults import Faults
    from survey_kit.questionnaire.model import Place, Questionnaire
    from survey_kit.questionnaire.yaml_tree import Entry, Tree

ALWAYS = ("fault", "number", "share", "when")
SOMETIMES = ("question", "questions", "values", "times", "minutes")
_FIGURES = ("number", "share", "times", "minutes")


class FaultOrders:
    """Reads orders for one questionnaire; what is wrong with them goes to the other faults."""

    def __init__(
        self, questionnaire: Questionnaire, faults: Faults, expressions: ExpressionReader
    ) -> None:
        self._questionnaire = questionnaire
        self._faults = faults
        self._expressions = expressions
        self._shapes = Shapes(faults)

    def read(self, entry: Entry | None) -> tuple[Order, ...]:
        """The orders, in the order in which they are planted."""
        trees = self._shapes.listing(entry, "faults")
        orders = (self._order(tree) for tree in trees)
        return tuple(order for order in orders if order is not None)

    def _order(self, tree: Tree) -> Order | None:
        found = self._shapes.block(tree, "faults", (*ALWAYS, *SOMETIMES))
        known = planted_faults()
        name = self._shapes.text(found.get("fault"), "faults")
        if name not in known:
            self._faults.add(
                tree.place,
                "faults",
                f"there is no fault called '{name}'",
                meant(name, known, otherwise=f"There are {listed(known)}"),
            )
            return None
        kind, thing = known[name], f"faults, {name}"
        self._check_keys(found, kind, tree.place, thing)
        figures = {key: self._figure(found.get(key), thing, key) for key in _FIGURES}
        if (figures["number"] is None) == (figures["share"] is None):
            self._faults.add(
                tree.place, thing, "it does not say how many, or says it twice", "Write number: 3"
            )
        question = self._shapes.text(found.get("question"), thing) or None
        questions = self._shapes.names(found.get("questions"), f"{thing}, questions")
        for each in (*questions, *((question,) if question else ())):
            self._check_question(each, tree.place, thing)
        text = self._shapes.text(found.get("when"), thing)
        number = figures["number"]
        return Order(
            fault=name,
            number=None if number is None else round(number),
            share=figures["share"],
            question=question,
            questions=questions,
            given=self._shapes.names(found.get("values"), f"{thing}, values"),
            times=figures["times"],
            minutes=figures["minutes"],
            when=self._expressions.read(text, tree.place, thing) if text else None,
            where=f"{tree.place}",
        )

    def _check_keys(
        self, found: Mapping[str, Entry], kind: PlantedFault, place: Place, thing: str
    ) -> None:
        takes = {*ALWAYS, *kind.needs, *kind.takes}
        for key in found:
            if key not in takes:
                self._faults.add(
                    found[key].place,
                    thing,
                    f"it has no use for '{key}'",
                    f"It takes {listed(sorted(takes))}",
                )
        for key in kind.needs:
            if key not in found:
                self._faults.add(place, thing, f"it needs '{key}'", f"Add {key}")

    def _check_question(self, name: str, place: Place, thing: str) -> None:
        item = self._questionnaire.by_key.get(name)
        if item is None:
            known = self._questionnaire.by_key
            self._faults.add(
                place,
                thing,
                f"there is no question called '{name}'",
                meant(name, known, otherwise="Check its spelling"),
            )
        elif item.repeats:
            self._faults.add(
                place,
                thing,
                f"'{name}' stands in the repeat '{item.repeats[-1]}'",
                "Name a question outside repeats",
            )

    def _figure(self, entry: Entry | None, thing: str, key: str) -> float | None:
        if entry is None:
            return None
        text = self._shapes.text(entry, f"{thing}, {key}")
        try:
            figure = float(text)
        except ValueError:
            figure = -1.0
        if figure < 0:
            self._faults.add(
                entry.place, f"{thing}, {key}", f"'{text}' is no number of 0 or more", "Write one"
            )
            return None
        return figure
