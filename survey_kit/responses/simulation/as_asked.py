"""A questionnaire as a phone has it: choices out of files, and the questions that forms add.

Choices may stand in a file beside the form or on a sheet of their own; ``or_other`` adds a choice
and, after the question, a text for what the other is. Here all of these are choices and
questions like any others, so that nothing else in a simulation need know of them. What was
answered in the interview before on the same phone is blank: every phone is a new one.
"""

from __future__ import annotations

import re
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from survey_kit.errors import DefinitionError
from survey_kit.forms.or_other import spelt_out
from survey_kit.questionnaire.expression import Answer, Call, Negative, Operation, Text, walk
from survey_kit.questionnaire.model import Choice, ChoiceList, Group, Question, Repeat
from survey_kit.responses.simulation.ahead import expressions_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from survey_kit.questionnaire.expression import Expression
    from survey_kit.questionnaire.expression import Node as Tree
    from survey_kit.questionnaire.model import Node, Questionnaire
    from survey_kit.questionnaire.table import Table

EXTERNAL = "external_choices"
LAST_SAVED = "last-saved#"
_PARAMETER = re.compile(r"\b(value|label)\s*=\s*([^\s,;]+)")


def as_asked(questionnaire: Questionnaire) -> Questionnaire:
    """The same questionnaire, all of whose choices are in lists, with every question it asks.

    It is the questionnaire itself where there is nothing to add.

    Raises
    ------
    DefinitionError
        If a question that must be answered has its choices in a file that is not there.
    """
    questions = [item.question for item in questionnaire.items]
    remembers = any(
        isinstance(part, Answer) and part.name.startswith(LAST_SAVED)
        for _, expression in expressions_of(questionnaire.nodes)
        for part in walk(expression.tree)
    )
    adds = any(each.or_other or each.file or each.external_list for each in questions)
    if not adds and not remembers:
        return questionnaire
    lists = dict(questionnaire.lists)
    nodes = _nodes(questionnaire.nodes, questionnaire, lists)
    return replace(questionnaire, nodes=nodes, lists=MappingProxyType(lists))


def _nodes(
    nodes: tuple[Node, ...], questionnaire: Questionnaire, lists: dict[str, ChoiceList]
) -> tuple[Node, ...]:
    found: list[Node] = []
    for node in nodes:
        match node:
            case Question():
                forgetful = replace(
                    node,
                    relevant=_forgetful(node.relevant),
                    constraint=_forgetful(node.constraint),
                    required=_forgetful(node.required),
                    calculation=_forgetful(node.calculation),
                    choice_filter=_forgetful(node.choice_filter),
                )
                found.extend(_questions(forgetful, questionnaire, lists))
            case Group():
                inside = _nodes(node.nodes, questionnaire, lists)
                found.append(replace(node, nodes=inside, relevant=_forgetful(node.relevant)))
            case Repeat():
                inside = _nodes(node.nodes, questionnaire, lists)
                relevant, count = _forgetful(node.relevant), _forgetful(node.count)
                found.append(replace(node, nodes=inside, relevant=relevant, count=count))
    return tuple(found)


def _questions(
    node: Question, questionnaire: Questionnaire, lists: dict[str, ChoiceList]
) -> Sequence[Question]:
    if node.file is not None:
        table = questionnaire.tables.get(node.file.rpartition(".")[0])
        if table is None and node.required is not None:
            raise DefinitionError(
                f"{node.source or questionnaire.name}, question '{node.name}'",
                f"its choices stand in {node.file}, which is not beside the form",
                "Put the file into the folder of the form, or into its folder media",
            )
        lists.setdefault(node.file, _list_of(node, node.file, table))
        node = replace(node, choices=node.file)
    elif node.external_list is not None:
        lists.setdefault(node.external_list, _external(node.external_list, questionnaire))
        node = replace(node, choices=node.external_list)
    if not node.or_other or node.choices is None:
        return (node,)
    return spelt_out(node, lists)


def _list_of(node: Question, name: str, table: Table | None) -> ChoiceList:
    """The rows of a table as choices; the code and label stand where the parameters say."""
    if table is None:
        return ChoiceList(name, ())
    said = dict(_PARAMETER.findall(node.parameters or ""))
    columns = table.columns
    value, label = said.get("value", "name"), said.get("label", "label")
    if value not in columns and "id" in columns:
        value, label = "id", said.get("label", "title")
    rows = [
        {column: cells[row] or "" for column, cells in columns.items()} for row in range(table.rows)
    ]
    found: dict[str, Choice] = {}
    for row in rows:
        code = row.get(value, "").strip()
        if code and " " not in code:
            texts = MappingProxyType({"default": row.get(label, code)})
            found.setdefault(code, Choice(code, texts, columns=MappingProxyType(row)))
    return ChoiceList(name, tuple(found.values()))


def _external(name: str, questionnaire: Questionnaire) -> ChoiceList:
    """A list of the sheet external_choices."""
    header, *rows = questionnaire.sheets.get(EXTERNAL) or ((),)
    found: dict[str, Choice] = {}
    for cells in rows:
        row = dict(zip(header, cells, strict=False))
        if row.get("list_name", row.get("list name", "")).strip() == name:
            code = row.get("name", row.get("value", "")).strip()
            columns = MappingProxyType({key: text for key, text in row.items() if key})
            if code:
                found.setdefault(code, Choice(code, columns=columns))
    return ChoiceList(name, tuple(found.values()))


def _forgetful(expression: Expression | None) -> Expression | None:
    """An expression in which answers of the interview before are blank."""
    if expression is None or LAST_SAVED not in expression.source:
        return expression
    return replace(expression, tree=_blanked(expression.tree))


def _blanked(node: Tree) -> Tree:
    match node:
        case Answer(name) if name.startswith(LAST_SAVED):
            return Text("")
        case Call(_, arguments):
            return replace(node, arguments=tuple(_blanked(each) for each in arguments))
        case Operation(_, left, right):
            return replace(node, left=_blanked(left), right=_blanked(right))
        case Negative(operand):
            return replace(node, operand=_blanked(operand))
        case _:
            return node
