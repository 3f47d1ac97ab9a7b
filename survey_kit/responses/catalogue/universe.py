"""Of whom a question was asked, as a sentence: what catalogues call its universe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from survey_kit.questionnaire.sentence import plain_label, sentence

if TYPE_CHECKING:
    from survey_kit.questionnaire.model import Item, Questionnaire

LONGEST_LABEL = 60


def universe(item: Item, questionnaire: Questionnaire, language: str) -> str:
    """Who was asked a question: "Everyone", or a condition in the words of the form."""
    relevant = item.question.relevant
    conditions = (*item.gates, *((relevant,) if relevant is not None else ()))
    said = dict.fromkeys(sentence(each, questionnaire, language) for each in conditions)
    whom = f"If {' and if '.join(said)}" if said else "Everyone"
    for name in item.repeats:
        label = questionnaire.text(questionnaire.repeats[name][0].label, language)
        whom += f"; for each “{plain_label(label, LONGEST_LABEL) or name}”"
    return f"{whom}."
