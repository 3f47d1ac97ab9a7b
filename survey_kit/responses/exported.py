"""The tables that a platform makes of answers: one for the interviews and one for each repeat.

Platforms differ in spelling and agree in the idea. A question of several choices has a column of
joined codes and one of 0 and 1 for each choice; a position has a column for each of its parts; a
row of a repeat says which row of which table it belongs to. A `Layout` holds how a platform
spells these things; a column here is numbers into a short list of words, so that whatever is
made of a cell is made once for each different word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pandas as pd

from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.as_text import as_text
from survey_kit.responses.assemble import interview_of, row_label

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from survey_kit.questionnaire.model import Item, Questionnaire
    from survey_kit.responses.model import Responses

    Numbers = NDArray[np.int32]

PARTS = ("latitude", "longitude", "altitude", "accuracy")
BLOCK = 5000
"""How many rows are spelt at a time."""
NO_POSITION = "geopoint"


@dataclass(frozen=True, eq=False)
class ExportColumn:
    """A column of text.

    numbers
        (n,) int32. The number of each cell's word; -1 where the cell is empty.
    words
        The different texts.
    """

    name: str
    numbers: Numbers
    words: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class ExportTable:
    """The interviews, or the rows of one repeat.

    `repeat` is its name, "" for the interviews.
    """

    repeat: str
    rows: int
    columns: tuple[ExportColumn, ...]


class Layout(Protocol):
    """How a platform spells the columns of a question."""

    between: str
    """What stands between groups."""

    @property
    def joined_position(self) -> bool:
        """Whether a position has a column of its own beside those of its parts."""
        ...

    def part(self, groups: Sequence[str], name: str, part: str) -> str:
        """The column of a part of a position."""
        ...

    def chosen(self, made: NDArray[np.bool_], answered: NDArray[np.bool_]) -> Numbers:
        """(n,) 0, 1, or -1 where the cell of a single choice is empty."""
        ...


def question_columns(
    responses: Responses,
    repeat: str | None,
    layout: Layout,
    path_of: Callable[[Item], Sequence[str]],
) -> Iterator[ExportColumn]:
    """The columns of all questions of one frame, in the order of the interview.

    `path_of` gives the groups that stand before a question's name.
    """
    frame = responses.frame if repeat is None else responses.repeats[repeat].frame
    texts = _unreadable(responses, inside=repeat is not None)
    for item in responses.questionnaire.items:
        if item.key not in frame.columns:
            continue
        text = as_text(frame[item.key], item.question.type.storage)
        if item.key in texts:
            text = _laid_over(text, texts[item.key])
        yield from _of_question(item, text, responses.questionnaire, layout, path_of(item))


def text_column(name: str, texts: Sequence[str] | pd.Series | NDArray[np.object_]) -> ExportColumn:
    """A column of any texts; an empty one is an empty cell."""
    series = texts if isinstance(texts, pd.Series) else pd.Series(texts, dtype="str")
    numbers, words = pd.factorize(series.mask(series.eq("")))
    return ExportColumn(name, numbers.astype(np.int32), tuple(map(str, words)))


def same_column(name: str, text: str, rows: int) -> ExportColumn:
    """A column that holds one text throughout."""
    number = 0 if text else -1
    return ExportColumn(name, np.full(rows, number, dtype=np.int32), (text,))


def lines(
    table: ExportTable, spell: Callable[[str], str], empty: str, between: str
) -> Iterator[list[str]]:
    """Every row as one text, block by block.

    `spell` says how a cell is written, `empty` how one without a text is, `between` what
    stands between two.
    """
    spelt = [np.array([*map(spell, column.words), empty], dtype=object) for column in table.columns]
    for begin in range(0, table.rows, BLOCK):
        cells = [
            words[column.numbers[begin : begin + BLOCK]]
            for words, column in zip(spelt, table.columns, strict=True)
        ]
        yield list(map(between.join, zip(*cells, strict=True)))


def path_between(item: Item) -> tuple[str, ...]:
    """The groups between the innermost repeat around a question and the question."""
    if not item.repeats:
        return item.path
    place = len(item.path) - 1 - item.path[::-1].index(item.repeats[-1])
    return item.path[place + 1 :]


def rows_above(responses: Responses, repeat: str) -> tuple[str | None, NDArray[np.int64]]:
    """The repeat around a repeat, None for the interviews, and of each row the one it is in."""
    around = responses.questionnaire.repeats[repeat][1]
    index = responses.repeats[repeat].frame.index
    if not around:
        above = responses.frame.index
        return None, above.get_indexer(index.get_level_values(0)).astype(np.int64)
    outer = around[-1]
    inside = pd.MultiIndex.from_arrays(
        [index.get_level_values(level) for level in range(index.nlevels - 1)]
    )
    return outer, responses.repeats[outer].frame.index.get_indexer(inside).astype(np.int64)


def _unreadable(responses: Responses, *, inside: bool) -> dict[str, pd.DataFrame]:
    rows = responses.unreadable
    rows = rows[rows["row"].ne("") if inside else rows["row"].eq("")]
    return {str(key): each for key, each in rows.groupby("question")}


def _laid_over(text: pd.Series, unreadable: pd.DataFrame) -> pd.Series:
    places = pd.MultiIndex.from_arrays([interview_of(text.index), row_label(text.index)])
    where = places.get_indexer(pd.MultiIndex.from_frame(unreadable[["interview", "row"]]))
    cells = text.to_numpy(dtype=object).copy()
    cells[where[where >= 0]] = unreadable["answer"].to_numpy(dtype=object)[where >= 0]
    return pd.Series(cells, index=text.index, dtype="str")


def _of_question(
    item: Item,
    text: pd.Series,
    questionnaire: Questionnaire,
    layout: Layout,
    groups: Sequence[str],
) -> Iterator[ExportColumn]:
    name = layout.between.join((*groups, item.question.name))
    whole = text_column(name, text)
    if (
        item.question.type.storage is Storage.LOCATION
        and item.question.type.xforms_type == NO_POSITION
    ):
        if layout.joined_position:
            yield whole
        yield from _parts(whole, layout, groups, item.question.name)
        return
    yield whole
    if item.question.type.name == "select_multiple":
        sets = [frozenset(word.split()) for word in whole.words]
        for choice in questionnaire.choices(item.question):
            has = np.array([*(choice.code in each for each in sets), False], dtype=np.bool_)
            chosen = layout.chosen(has[whole.numbers], whole.numbers >= 0)
            yield ExportColumn(f"{name}/{choice.code}", chosen, ("0", "1"))


def _parts(
    whole: ExportColumn, layout: Layout, groups: Sequence[str], name: str
) -> Iterator[ExportColumn]:
    for place, part in enumerate(PARTS):
        words = [word.split() for word in whole.words]
        texts = tuple(each[place] if place < len(each) else "" for each in words)
        yield ExportColumn(layout.part(groups, name, part), whole.numbers, texts)
