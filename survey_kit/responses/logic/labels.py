"""The labels of choices, as ``jr:choice-name()`` and ``jr:itext()`` give them.

In the first language of the form, which is the one that a phone begins with. A choice that
its filter does not offer has no label (ChoiceNameFunctionHandler).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from survey_kit.questionnaire.expression import Answer, Node, Path
from survey_kit.questionnaire.words import REFERENCE
from survey_kit.responses.logic.looking_up import look_up
from survey_kit.responses.logic.references import Level
from survey_kit.responses.logic.value import (
    Texts,
    Value,
    as_texts,
    choose,
    of_text,
    of_texts,
    over_texts,
    where_blank,
)

if TYPE_CHECKING:
    from survey_kit.questionnaire.model import Item
    from survey_kit.responses.logic.columns import Columns
    from survey_kit.responses.logic.scope import Scope
    from survey_kit.responses.logic.value import Truths


def label_of(scope: Scope, answer: Value, question: Answer | Path) -> Value:
    """The label of each answer among the choices on offer at a question; blank if there is none."""
    reference = scope.reference(question)
    target = scope.target(reference, question) if reference.table is None else None
    item = target.item if target is not None else None
    if item is None or item.question.choices is None:
        raise scope.fault("jr:choice-name() names no question with choices", "Check its spelling")
    questionnaire = scope.columns.questionnaire
    labels = {
        choice.code: questionnaire.text(choice.label)
        for choice in reversed(questionnaire.choices(item.question))
    }

    def label(code: str) -> str:
        return labels.get(code, "")

    texts = as_texts(answer)
    found = of_texts(over_texts(label, texts))
    found = _filled_in(scope, found)
    if item.question.choice_filter is None:
        return found
    return where_blank(found, ~_on_offer(scope, item, texts, question))


def text_of(columns: Columns, key: str) -> str:
    """The text with an itextId, or what JavaRosa writes where there is none."""
    name = key.rpartition("-")[0]
    lookup = columns.lookup(name) if name in columns.questionnaire.lists else None
    text = lookup.table.texts.get(key) if lookup is not None else None
    return text if text is not None else f"[itext:{key}]"


def _on_offer(scope: Scope, item: Item, texts: Texts, question: Node) -> Truths:
    """(rows,) Whether the choice with a code passes the filter of its question, seen from its row."""
    if not isinstance(question, (Answer, Path)) or item.question.choices is None:
        return np.ones(1, dtype=np.bool_)
    first = scope.nodes(question).first()
    lookup = scope.columns.lookup(item.question.choices)
    if lookup is None or item.question.choice_filter is None:
        return np.ones(1, dtype=np.bool_)
    asked = scope_at(scope, item)
    levels = (
        Level("root", False),
        Level("item", False, (item.question.choice_filter.tree,)),
        Level("name", False),
    )
    nodes = look_up(asked, lookup, levels)
    codes = as_texts(nodes.value)
    offered = {
        (int(group), str(codes.words[code]))
        for group, code in zip(
            nodes.share, np.broadcast_to(codes.codes, nodes.share.shape), strict=True
        )
    }
    rows = scope.nodes(question).rows[np.maximum(first, 0)] if len(first) else first
    groups = np.where(first >= 0, nodes.group[rows], -1)
    wanted = np.broadcast_to(texts.codes, groups.shape)
    pairs = np.stack([groups, wanted])
    different, inverse = np.unique(pairs, axis=1, return_inverse=True)
    known = np.array([(int(g), str(texts.words[w])) in offered for g, w in different.T], dtype=bool)
    return known[inverse.reshape(-1)]


def scope_at(scope: Scope, item: Item) -> Scope:
    """The scope of a question, for what is written at another."""
    return type(scope)(
        scope.columns,
        scope.where,
        repeat=item.repeats[-1] if item.repeats else None,
        path=(*item.path, item.question.name),
        item=item,
    )


def _filled_in(scope: Scope, labels: Value) -> Value:
    """Labels with the answers in the place of ``${name}``."""
    found = labels
    for word in dict.fromkeys(map(str, labels.texts.words)):
        if "${" not in word or not REFERENCE.search(word):
            continue
        names = REFERENCE.findall(word)
        texts = _between(word)
        filled: Value = of_text(texts[0])
        for name, text in zip(names, texts[1:], strict=True):
            filled = _joined(_joined(filled, scope.value(Answer(name))), of_text(text))
        here = labels.texts.where(labels.texts.words == word)
        found = choose(here, filled, found)
    return found


def _between(word: str) -> list[str]:
    """What stands between the references in a text."""
    found, at = list[str](), 0
    for match in REFERENCE.finditer(word):
        found.append(word[at : match.start()])
        at = match.end()
    return [*found, word[at:]]


def _joined(one: Value, other: Value) -> Value:
    def join(left: str, right: str) -> str:
        return left + right

    return of_texts(over_texts(join, as_texts(one), as_texts(other)))
