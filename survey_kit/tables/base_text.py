"""Who stands under a table, in words: the relevants of the form, as sentences."""

from __future__ import annotations

from collections.abc import Sequence

from survey_kit.errors import CannotEvaluate
from survey_kit.questionnaire.expression import Expression, Operation
from survey_kit.questionnaire.model import Derived, Item, Missing, Questionnaire
from survey_kit.questionnaire.sentence import sentence
from survey_kit.responses.evaluate import truth
from survey_kit.responses.model import Responses

EVERYONE = "Everyone interviewed."


def base_in_words(responses: Responses, item: Item, language: str | None) -> str:
    """Who was asked a question, and which of its answers are no answer to it.

    "Asked if Country of this interview is Thailand. Left out: who refused or did not know."
    """
    own = item.question.relevant
    asked = conditions_in_words(
        responses, item.gates if own is None else (*item.gates, own), language
    )
    missing = {choice.missing for choice in responses.questionnaire.choices(item.question)}
    words = [
        text
        for meaning, text in ((Missing.REFUSED, "refused"), (Missing.DONT_KNOW, "did not know"))
        if meaning in missing
    ]
    return f"{asked} Left out: who {' or '.join(words)}." if words else asked


def conditions_in_words(
    responses: Responses, conditions: Sequence[Expression], language: str | None
) -> str:
    """Conditions as one sentence. One that holds for everybody interviewed is left out.

    The consent that opens an interview stands before every question; where only those who
    gave it are analysed, no table needs to repeat it.
    """
    parts = [part for condition in conditions for part in _conjuncts(condition)]
    distinct = {str(part.tree): part for part in parts}
    telling = [
        condition
        for condition in distinct.values()
        if not len(responses) or not _holds_for_all(condition, responses)
    ]
    if not telling:
        return EVERYONE
    questionnaire = responses.questionnaire
    clauses = [_clause(sentence(each, questionnaire, language)) for each in telling]
    return f"Asked if {', and if '.join(clauses)}."


def _holds_for_all(condition: Expression, responses: Responses) -> bool:
    """Whether it is known to hold for everybody; not of what only the device could tell."""
    try:
        return bool(truth(condition, responses).all())
    except CannotEvaluate:
        return False


def _conjuncts(condition: Expression) -> tuple[Expression, ...]:
    """What must hold all together: ``a and b`` is a, and b."""
    match condition.tree:
        case Operation("and", left, right):
            source = condition.source
            return (*_conjuncts(Expression(source, left)), *_conjuncts(Expression(source, right)))
        case _:
            return (condition,)


def derivation_in_words(
    questionnaire: Questionnaire, derived: Derived, language: str | None
) -> str:
    """How a derived variable was made: its cases in order, as sentences."""
    parts = [
        f"{questionnaire.text(case.label, language, fallback=case.code)}: "
        f"{_clause(sentence(case.when, questionnaire, language))}"
        for case in derived.cases
    ]
    return f"Worked out from answers. {'; '.join(parts)}."


def _clause(text: str) -> str:
    return text.removesuffix(".")
