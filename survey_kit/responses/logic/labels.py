"""The labels of choices, as ``jr:choice-name()`` and ``jr:itext()`` give them.

In the first language of the form, which is the one that a phone begins with. A choice that
its filter does not offer has no label (ChoiceNameFunctionHandler).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from survey_kit.questionnaire.expression import Answer, Path
from survey_kit.questionnaire.words import REFERENCE
from survey_kit.responses.logic.offering import offered_nodes, parameters
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
    if item is None or not item.question.type.takes_choices:
        raise scope.fault("jr:choice-name() names no question with choices", "Check its spelling")
    labels = _labels(scope, item)
    texts = as_texts(answer)

    def label(code: str) -> str:
        return code if labels is None else labels.get(code, "")

    found = _filled_in(scope, of_texts(over_texts(label, texts)))
    if item.question.choice_filter is None and labels is not None:
        return found
    return where_blank(found, ~_on_offer(scope, item, texts, question))


def _labels(scope: Scope, item: Item) -> Mapping[str, str] | None:
    """Code -> label of everything that may be on offer; None where codes are their own labels."""
    question, questionnaire = item.question, scope.columns.questionnaire
    if question.choices_from is not None:
        return None
    if question.file is None:
        choices = reversed(questionnaire.choices(question))
        labels = {choice.code: questionnaire.text(choice.label) for choice in choices}
        return {"other": "Other", **labels} if question.or_other else labels
    lookup = scope.columns.lookup(question.file.rpartition(".")[0])
    if lookup is None:
        raise scope.fault(
            f"the file '{question.file}' does not stand beside the questionnaire",
            "Put it into the same folder, or into media/",
        )
    given, geojson = parameters(question), question.file.endswith(".geojson")
    codes = lookup.table.columns.get(given.get("value", "id" if geojson else "name"), ())
    names = lookup.table.columns.get(given.get("label", "title" if geojson else "label"), ())
    pairs = ((code or "", name or "") for code, name in zip(codes, names, strict=False))
    return dict(reversed(list(pairs)))


def text_of(columns: Columns, key: str) -> str:
    """The text with an itextId, or what JavaRosa writes where there is none."""
    name = key.rpartition("-")[0]
    lookup = columns.lookup(name) if name in columns.questionnaire.lists else None
    text = lookup.table.texts.get(key) if lookup is not None else None
    return text if text is not None else f"[itext:{key}]"


def _on_offer(scope: Scope, item: Item, texts: Texts, question: Answer | Path) -> Truths:
    """(rows,) Whether a code passes the filter of its question, seen from the row it stands in."""
    seen = scope.nodes(question)
    first = seen.first()
    nodes = offered_nodes(scope_at(scope, item), item.question)
    codes = as_texts(nodes.value)
    offered = {
        (int(group), str(codes.words[code]))
        for group, code, here in zip(
            nodes.share,
            np.broadcast_to(codes.codes, nodes.share.shape),
            nodes.present,
            strict=True,
        )
        if here
    }
    if not len(seen.rows) or not len(nodes.group):
        return np.zeros(1, dtype=np.bool_)
    groups = np.where(first >= 0, nodes.group[seen.rows[np.maximum(first, 0)]], -1)
    wanted = np.broadcast_to(texts.codes, groups.shape)
    different, inverse = np.unique(np.stack([groups, wanted]), axis=1, return_inverse=True)
    known = [(int(group), str(texts.words[word])) in offered for group, word in different.T]
    return np.array(known, dtype=np.bool_)[inverse.reshape(-1)]


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
