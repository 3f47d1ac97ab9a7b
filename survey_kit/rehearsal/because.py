"""Why a question was asked or not, was refused or not: the form's logic as sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from survey_kit.errors import CannotEvaluate
from survey_kit.questionnaire.sentence import constraint_sentence, sentence, value_in_words
from survey_kit.responses.evaluate import truth

if TYPE_CHECKING:
    from survey_kit.questionnaire.expression import Expression
    from survey_kit.questionnaire.in_row import InRow
    from survey_kit.questionnaire.model import Item, Questionnaire
    from survey_kit.rehearsal.seen import Seen
    from survey_kit.rehearsal.told import Told
    from survey_kit.responses.logic.columns import Columns

MOST_ANSWERS = 4
"""How many of the answers that an expression looks at are shown beside it."""


@dataclass(frozen=True)
class Because:
    """Reasons, for one interview: the number `which` of those told."""

    interviews: Told
    columns: Columns
    which: int

    @property
    def _questionnaire(self) -> Questionnaire:
        return self.interviews.questionnaire

    def not_asked(self, place: InRow, seen: Seen) -> str:
        """The first gate of a question that does not hold."""
        item = self._questionnaire.by_key[place.key]
        gates = gates_of(item)
        for gate in gates:
            if not self._holds(gate, item, place):
                return (
                    f"It is asked only where this holds: {self._said(gate)}. "
                    f"{self._answers(gate, place, seen)}"
                )
        if item.repeats and not any(each.key == place.key for each in seen.asked):
            return f"The repeat '{item.repeats[-1]}' has no rows."
        return f"It is asked only where this holds: {gate_sentence(item, self._questionnaire)}."

    def asked(self, place: InRow, seen: Seen) -> str:
        """All that a question is asked for."""
        item = self._questionnaire.by_key[place.key]
        gates = gates_of(item)
        if not gates:
            return "It is asked of everybody."
        told = self._answers(gates[-1], place, seen)
        return f"It is asked where this holds: {gate_sentence(item, self._questionnaire)}. {told}"

    def value(self, place: InRow, seen: Seen) -> str:
        """What a calculation works out, and from what."""
        item = self._questionnaire.by_key.get(place.key)
        if item is None or item.question.calculation is None:
            return "It is the answer that was given, and no calculation."
        calculation = item.question.calculation
        words = value_in_words(calculation, self._questionnaire)
        return f"It is worked out as {words}. {self._answers(calculation, place, seen)}"

    def constraint(self, place: InRow) -> str:
        """What the constraint of a question demands."""
        question = self._questionnaire.by_key[place.key].question
        if question.constraint is None and question.choice_filter is None:
            return "It has no constraint and no choice filter."
        if question.constraint is None:
            return f"Its choice filter is {question.choice_filter}."
        demands = constraint_sentence(question.constraint, self._questionnaire, own=question)
        return f"What is allowed: {demands}."

    def _said(self, expression: Expression) -> str:
        return sentence(expression, self._questionnaire)

    def _answers(self, expression: Expression, place: InRow, seen: Seen) -> str:
        """Here drivers is 'economic' and age is blank."""
        names = [name for name in expression.answers if name in self._questionnaire.by_key]
        said = [f"{name} is {self._answer(name, place, seen)}" for name in names[:MOST_ANSWERS]]
        return f"Here {', '.join(said)}." if said else ""

    def _answer(self, name: str, place: InRow, seen: Seen) -> str:
        depth = len(self._questionnaire.by_key[name].repeats)
        value = seen.values.get(type(place)(name, place.rows[:depth]), "")
        return f"'{value}'" if value else "blank"

    def _holds(self, gate: Expression, item: Item, place: InRow) -> bool:
        try:
            holds = truth(gate, self.columns, this=item.key)
        except CannotEvaluate:
            return True
        index = self.interviews.frame_of(item).index.tolist()
        rows = [
            number
            for number, each in enumerate(index)
            if (each[0] if item.repeats else each) == str(self.which)
            and (not place.rows or tuple(each[1:]) == place.rows)
        ]
        return bool(rows) and any(bool(holds[row]) for row in rows)


def gates_of(item: Item) -> tuple[Expression, ...]:
    """Everything that decides whether a question is asked, outermost first."""
    own = item.question.relevant
    return (*item.gates, own) if own is not None else item.gates


def gate_sentence(item: Item, questionnaire: Questionnaire, language: str | None = None) -> str:
    """All gates of a question as one sentence; "everybody" where it has none."""
    said = [sentence(gate, questionnaire, language) for gate in gates_of(item)]
    return "; and ".join(dict.fromkeys(said)) if said else "everybody"
