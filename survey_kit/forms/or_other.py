"""What ``or_other`` adds to a form: a choice, and after the question a text for what the other is.

A workbook says it in two words; the form that phones get, and every export, has the choice `other`
and the question ``<name>_other``. Answers that have come back are read with a form that has them.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from survey_kit.questionnaire.model import Choice, ChoiceList, Question
from survey_kit.questionnaire.parser import parse
from survey_kit.questionnaire.question_type import Storage, question_types

if TYPE_CHECKING:
    from survey_kit.questionnaire.model import Node, Questionnaire

OTHER = Choice("other", MappingProxyType({"default": "Other"}))
SPECIFY = MappingProxyType({"default": "Specify other."})


def with_others(questionnaire: Questionnaire) -> Questionnaire:
    """The same questionnaire with the choices and texts of ``or_other`` spelt out.

    A question whose list is not in the form is left as it is, and a text that the form has already
    is not added again.
    """
    names = {item.question.name for item in questionnaire.items}
    if not any(item.question.or_other for item in questionnaire.items):
        return questionnaire
    lists = dict(questionnaire.lists)
    nodes = _nodes(questionnaire.nodes, lists, names)
    return replace(questionnaire, nodes=nodes, lists=MappingProxyType(lists))


def _nodes(
    nodes: tuple[Node, ...], lists: dict[str, ChoiceList], names: set[str]
) -> tuple[Node, ...]:
    found: list[Node] = []
    for node in nodes:
        if not isinstance(node, Question):
            found.append(replace(node, nodes=_nodes(node.nodes, lists, names)))
        elif node.or_other and node.choices in lists:
            question, text = spelt_out(node, lists)
            found += [question] if text.name in names else [question, text]
        else:
            found.append(node)
    return tuple(found)


def spelt_out(node: Question, lists: dict[str, ChoiceList]) -> tuple[Question, Question]:
    """A question with ``or_other`` as one whose list has the choice, and the text after it.

    Parameters
    ----------
    lists
        Those of the form; one with the choice is added where the question's own has none.
    """
    name = node.choices or ""
    choices = lists[name].choices if name in lists else ()
    if all(each.code != OTHER.code for each in choices):
        name = f"{name} or other"
        lists[name] = ChoiceList(name, (*choices, OTHER))
    several = node.type.storage is Storage.CODES
    asked = f"selected(${{{node.name}}}, 'other')" if several else f"${{{node.name}}} = 'other'"
    text = Question(
        name=f"{node.name}_other",
        type=question_types()["text"],
        label=SPECIFY,
        relevant=parse(asked, node.name),
        source=node.source,
    )
    return replace(node, choices=name, or_other=False), text
