"""A table that a form looks things up in: a list of choices, or a file beside the definition.

To an expression both are the same: ``instance('towns')/root/item[...]`` walks the rows, and a
name within the brackets is a column. All cells are text, as on the phone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from survey_kit.questionnaire.words import REFERENCE

if TYPE_CHECKING:
    from survey_kit.questionnaire.model import ChoiceList, Questionnaire


@dataclass(frozen=True)
class Table:
    """Rows under named columns.

    columns
        name -> (rows,) text; "" where a cell is empty, None where a row has no such cell.
    texts
        itextId -> its text in the first language, where labels stand elsewhere.
    """

    name: str
    columns: Mapping[str, tuple[str | None, ...]]
    rows: int
    texts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def table_of_list(choices: ChoiceList, questionnaire: Questionnaire) -> Table:
    """The choices of a list as the form holds them.

    Labels in several languages, with media or with ``${...}`` in them stand elsewhere in the
    form, under an ``itextId``; then the table has no column ``label``.
    """
    each = choices.choices
    # pyxform adds one more where a question of the list has or_other
    more = "other" not in choices.codes and any(
        item.question.or_other and item.question.choices == choices.name
        for item in questionnaire.items
    )
    languages = tuple(questionnaire.languages) != ("default",)
    apart = any(
        choice.media
        or (choice.label and languages)
        or any("${" in text and REFERENCE.search(text) for text in choice.label.values())
        for choice in each
    )
    labels: tuple[str, ...] = (
        *(questionnaire.text(choice.label) for choice in each),
        *(("Other",) * more),
    )
    columns: dict[str, tuple[str | None, ...]]
    columns = {"name": (*(choice.code for choice in each), *(("other",) * more))}
    texts: dict[str, str] = {}
    if apart:
        keys = tuple(f"{choices.name}-{place}" for place in range(len(labels)))
        columns = {"itextId": keys, **columns}
        texts = dict(zip(keys, labels, strict=True))
    else:
        columns["label"] = tuple(label or None for label in labels)
    further = dict.fromkeys(name for choice in each for name in choice.columns)
    for name in further:
        cells = (choice.columns.get(name) or None for choice in each)
        columns[name] = (*cells, *((None,) * more))
    return Table(choices.name, MappingProxyType(columns), len(labels), MappingProxyType(texts))
