"""Rows of repeats that stand side by side in the row of their interview, unfolded.

ONA writes ``people/person[2]/job[1]/pays``, R makes of it ``people.person.2..job.1..pays``, and
SurveyCTO writes ``pays_2_1``, and of one choice of several ``pays_well_2_1``, the code before the
places. The first two say themselves what they are. A name that ends in numbers may be anything, so
it is taken for a place only where all of these hold: the file has no such question, one question of
a repeat (or one of its choices) has that name and lies as deep as there are numbers, and the places
begin with 1 and leave none out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.questionnaire.model import Item, Questionnaire
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.matching import ColumnUse, Role, without_byte_order_mark
from survey_kit.responses.read import ReadOptions
from survey_kit.responses.readers.not_answers import FOR_NOTHING
from survey_kit.responses.readers.related import OfRepeat
from survey_kit.responses.readers.table import uses_of
from survey_kit.responses.readers.text_table import TextTable
from survey_kit.responses.spellings import mangle

BRACKETS = re.compile(r"\[([0-9]+)\]")
DOTS = re.compile(r"\.([0-9]+)\.\.")
NUMBERS = re.compile(r"^(.+?)((?:_[0-9]+)+)$")
NOT_IN_STATA = re.compile(r"[^0-9A-Za-z]")
SAYS_NOTHING = frozenset({"", *FOR_NOTHING})
NOT_CHOSEN = frozenset({"0", "0.0", "false"})

Places = tuple[int, ...]


@dataclass(frozen=True)
class _Folded:
    """A column of one row of a repeat: whose column it is without its places, and the places."""

    position: int
    repeat: str
    column: str
    places: Places


@dataclass(frozen=True)
class _Inside:
    """A question of a repeat, or one choice of it: how many repeats lie around it, and its column."""

    repeat: str
    depth: int
    column: str


@dataclass(frozen=True, eq=False)
class Unfolded:
    """A table without the columns of repeats, and their rows."""

    table: TextTable
    rows_of: Mapping[str, OfRepeat]
    notes: tuple[str, ...]


def unfolded(table: TextTable, questionnaire: Questionnaire, options: ReadOptions) -> Unfolded:
    """The rows of repeats that a table of interviews holds side by side, taken out of it.

    Rows are those up to the last one that says anything, or as many as ``person_count`` says:
    an empty row at the end cannot be told from one that is not there.
    """
    folded = _folded(table, questionnaire) if questionnaire.repeats else []
    if not folded:
        return Unfolded(table, {}, ())
    rows_of: dict[str, OfRepeat] = {}
    notes: list[str] = []
    above: dict[str, pd.MultiIndex] = {}
    uses = {name: _uses(name, folded, questionnaire, options) for name in questionnaire.repeats}
    for name in questionnaire.repeats:
        made = _unfold(name, folded, table, questionnaire, uses)
        if made is None:
            continue
        text, index = made
        outer = (questionnaire.repeats[name][1] or ("",))[-1]
        inside = index.droplevel(-1)
        where = inside.to_numpy() if not outer else above[outer].get_indexer(inside)
        places = index.get_level_values(-1).to_numpy(dtype=np.int64)
        rows_of[name] = OfRepeat(text, uses[name], where.astype(np.int64), places)
        above[name] = index
        own = [each for each in folded if each.repeat == name]
        notes.append(
            f"{len(own)} columns such as '{table.header[own[0].position]}' hold rows of the repeat "
            f"'{name}' side by side; they were read as {len(text.header)} columns of as many rows"
            if own
            else f"the rows of the repeat '{name}' hold nothing but other repeats"
        )
    taken = {each.position for each in folded}
    return Unfolded(_without(table, taken), rows_of, tuple(notes))


def side_by_side(
    table: TextTable, questionnaire: Questionnaire
) -> Iterator[tuple[int, str, str, Places]]:
    """Of each column that holds one row of a repeat: its position, the repeat, its name without the
    places, and the places.
    """
    for each in _folded(table, questionnaire) if questionnaire.repeats else ():
        yield each.position, each.repeat, each.column, each.places


def _folded(table: TextTable, questionnaire: Questionnaire) -> list[_Folded]:
    by_name: dict[str, list[str]] = defaultdict(list)
    for name, (repeat, *_) in questionnaire.repeats.items():
        by_name[repeat.name].append(name)
        by_name[mangle(repeat.name)].append(name)
    found: list[_Folded] = []
    for position, column in enumerate(table.header):
        for sign, slash in ((BRACKETS, ""), (DOTS, ".")):
            places = tuple(int(each) for each in sign.findall(column))
            last = [each.start() for each in sign.finditer(column)][-1:]
            if not last:
                continue
            before = BRACKETS.sub("", column[: last[0]])
            named = set(by_name.get(_ending(before, by_name), ()))
            fitting = [
                name for name in named if len(questionnaire.repeats[name][1]) + 1 == len(places)
            ]
            if len(fitting) == 1 and min(places) > 0:
                found.append(_Folded(position, fitting[0], sign.sub(slash, column), places))
                break
    return [*found, *_numbered(table, questionnaire, {each.position for each in found})]


def _ending(text: str, by_name: Mapping[str, Sequence[str]]) -> str:
    """The longest name of a repeat with which a path ends, mangled or not."""
    fitting = [
        name
        for name in by_name
        if text == name or text.endswith(tuple(f"{sign}{name}" for sign in "/:.-"))
    ]
    return max(fitting, key=len, default="")


def _numbered(table: TextTable, questionnaire: Questionnaire, taken: set[int]) -> Iterator[_Folded]:
    """Columns named after a question of a repeat and places, as SurveyCTO writes them."""
    deep: dict[str, list[_Inside]] = defaultdict(list)
    top: set[str] = set()
    for item in questionnaire.items:
        if not item.repeats:
            top |= {item.key, item.question.name}
            continue
        for spelt, column in _spelt(item, questionnaire):
            deep[spelt].append(_Inside(item.repeats[-1], len(item.repeats), column))
    names = top | {item.question.name for item in questionnaire.items}
    found: dict[tuple[str, str], list[_Folded]] = defaultdict(list)
    for position, column in enumerate(table.header):
        name = without_byte_order_mark(column)
        match = NUMBERS.match(name)
        if position in taken or match is None or name in names:
            continue
        ways = [
            _Folded(position, inside.repeat, inside.column, places)
            for spelt, places in _ways(name)
            for inside in deep.get(spelt, ())
            if inside.depth == len(places) and spelt not in top
        ]
        if len(ways) == 1 and min(ways[0].places) > 0:
            found[ways[0].repeat, ways[0].column].append(ways[0])
    for columns in found.values():
        numbers = {each.places[0] for each in columns}
        if numbers == set(range(1, len(numbers) + 1)):
            yield from columns


def _spelt(item: Item, questionnaire: Questionnaire) -> Iterator[tuple[str, str]]:
    """How SurveyCTO spells a question and each of its several choices -> the column it is.

    Signs that Stata does not take in a name are written as ``_``: the choice -77 of ``why`` is
    ``why__77``.
    """
    name = item.question.name
    yield name, name
    if item.question.type.storage is Storage.CODES:
        for choice in questionnaire.choices(item.question):
            yield f"{name}_{NOT_IN_STATA.sub('_', choice.code)}", f"{name}/{choice.code}"


def _ways(name: str) -> Iterator[tuple[str, Places]]:
    """Every way to cut places off the end of a name.

    >>> list(_ways("q_1_2"))
    [('q_1', (2,)), ('q', (1, 2))]
    """
    parts = name.split("_")
    for end in range(len(parts) - 1, 0, -1):
        if not parts[end].isdigit():
            return
        yield "_".join(parts[:end]), tuple(int(each) for each in parts[end:])


def _unfold(
    name: str,
    folded: Sequence[_Folded],
    table: TextTable,
    questionnaire: Questionnaire,
    uses: Mapping[str, tuple[ColumnUse, ...]],
) -> tuple[TextTable, pd.MultiIndex] | None:
    """The rows of one repeat, indexed by the row of their interview and their places."""
    depth = len(questionnaire.repeats[name][1]) + 1
    own = [each for each in folded if each.repeat == name]
    family = [
        each
        for each in folded
        if each.repeat == name or name in questionnaire.repeats[each.repeat][1]
    ]
    if not family:
        return None
    header = [use.column for use in uses[name]]
    chosen = {
        (repeat, use.column)
        for repeat, each in uses.items()
        for use in each
        if use.role is Role.CHOICE
    }
    said: dict[Places, NDArray[np.bool_]] = {}
    for each in family:
        cells = table.cells[each.position].str.strip()
        nothing = (
            SAYS_NOTHING | NOT_CHOSEN if (each.repeat, each.column) in chosen else SAYS_NOTHING
        )
        says = ~cells.isin(nothing) & ~(cells.str.casefold().isin(nothing))
        place = each.places[:depth]
        said[place] = said.get(place, np.zeros(len(cells), dtype=bool)) | says.to_numpy(dtype=bool)
    there = _up_to_the_last(said, _counts(name, table, questionnaire))
    at = {(each.column, each.places): each.position for each in own}
    rows = [np.flatnonzero(mask) for mask in there.values()]
    arrays = [np.concatenate(rows)] if rows else [np.array([], dtype=np.int64)]
    arrays += [
        np.concatenate(
            [np.full(len(r), place[level]) for place, r in zip(there, rows, strict=True)]
        )
        for level in range(depth)
    ]
    cells = {
        number: pd.concat(
            [
                table.cells[at[column, place]].iloc[mask]
                if (column, place) in at
                else pd.Series([""] * len(mask), dtype="str")
                for place, mask in zip(there, rows, strict=True)
            ],
            ignore_index=True,
        )
        for number, column in enumerate(header)
    }
    index = pd.MultiIndex.from_arrays(arrays)
    order = np.lexsort(arrays[::-1])
    frame = pd.DataFrame(cells, index=pd.RangeIndex(len(index))).iloc[order].reset_index(drop=True)
    return TextTable(name, tuple(header), frame), index[order]


def _uses(
    name: str, folded: Sequence[_Folded], questionnaire: Questionnaire, options: ReadOptions
) -> tuple[ColumnUse, ...]:
    """What the columns of a repeat are, once their places are taken out of their names."""
    header = tuple(dict.fromkeys(each.column for each in folded if each.repeat == name))
    return uses_of(TextTable(name, header, pd.DataFrame()), questionnaire, options, name)


def _counts(name: str, table: TextTable, questionnaire: Questionnaire) -> NDArray[np.int64] | None:
    """(n,) how many rows ``person_count`` says an interview has; None where there is none."""
    repeat, around = questionnaire.repeats[name][:2]
    ends = [
        position
        for position, column in enumerate(table.header)
        if re.split(r"[/.\-:]", column)[-1] == f"{repeat.name}_count"
    ]
    if around or len(ends) != 1:
        return None
    numbers = pd.to_numeric(table.cells[ends[0]], errors="coerce").fillna(0)
    return numbers.clip(0).to_numpy(dtype=np.int64)


def _up_to_the_last(
    said: Mapping[Places, NDArray[np.bool_]], counts: NDArray[np.int64] | None
) -> dict[Places, NDArray[np.bool_]]:
    """Place -> (n,) whether there is such a row: it says something, or one after it does."""
    there: dict[Places, NDArray[np.bool_]] = {}
    for place in sorted(said, reverse=True):
        after = [mask for other, mask in there.items() if other[:-1] == place[:-1]]
        mask = said[place] | np.logical_or.reduce([np.zeros_like(said[place]), *after])
        there[place] = mask if counts is None else mask | (counts >= place[-1])
    return dict(sorted(there.items()))


def _without(table: TextTable, taken: set[int]) -> TextTable:
    kept = [position for position in range(len(table.header)) if position not in taken]
    cells: pd.DataFrame = table.cells[kept].set_axis(range(len(kept)), axis=1)
    header = tuple(table.header[position] for position in kept)
    spelt = tuple(table.spelt[position] for position in kept) if table.spelt else ()
    return replace(table, header=header, cells=cells, spelt=spelt)
