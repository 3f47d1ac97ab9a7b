"""Which of several tables holds the interviews, and which the rows of which repeat.

A table that says whose rows it holds is one of a repeat; which one, its columns tell, and its
name where two repeats ask the same. What was found is said in the report.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from survey_kit.errors import FileProblem
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.responses.assemble import listed
from survey_kit.responses.matching import ColumnUse, Role, without_byte_order_mark
from survey_kit.responses.metadata import metadata_name
from survey_kit.responses.read import ReadOptions
from survey_kit.responses.readers.table import uses_of
from survey_kit.responses.readers.text_table import TextTable

ANSWERS = frozenset({Role.QUESTION, Role.CHOICE, Role.PART})
OF_A_ROW_ABOVE = ("parent_key", "_parent_index", "_parent_table_name", "_submission__uuid")


@dataclass(frozen=True, eq=False)
class Sorted:
    """Several tables, each with what it holds.

    interviews
        The table of the interviews, and the use of its columns.
    repeats
        Name of a repeat -> the table of its rows.
    left
        Name of a table that holds nothing of the form -> why it was not read.
    """

    interviews: tuple[TextTable, tuple[ColumnUse, ...]]
    repeats: Mapping[str, tuple[TextTable, tuple[ColumnUse, ...]]]
    left: Mapping[str, str]


def sorted_out(
    tables: Sequence[TextTable],
    questionnaire: Questionnaire,
    options: ReadOptions,
    where: str,
    *,
    first_is_meant: bool,
) -> Sorted:
    """What each table holds.

    Parameters
    ----------
    first_is_meant
        Whether of several tables of interviews the first is the one: so it is among the
        sheets of a workbook, while no file of a folder comes before another.

    Raises
    ------
    FileProblem
        If none of them holds interviews, or several do and nothing says which is meant.
    """
    below = [table for table in tables if names_a_row_above(table, questionnaire)]
    tops = [table for table in tables if all(table is not each for each in below)]
    top, left = _of_interviews(tops, questionnaire, options, where, first_is_meant=first_is_meant)
    repeats: dict[str, tuple[TextTable, tuple[ColumnUse, ...]]] = {}
    for table in below:
        name, why = _of_repeat(table, questionnaire, options)
        if name in repeats:
            why = f"'{repeats[name][0].name}' holds the rows of the repeat '{name}' already"
        if why:
            left[table.name] = why
        else:
            repeats[name] = (table, uses_of(table, questionnaire, options, name))
    return Sorted((top, uses_of(top, questionnaire, options, None)), repeats, left)


def names_a_row_above(table: TextTable, questionnaire: Questionnaire) -> bool:
    """Whether a table has a column that says to which row of another each of its rows belongs."""
    header = {without_byte_order_mark(name) for name in table.header}
    if any(metadata_name(name) in OF_A_ROW_ABOVE for name in header):
        return True
    levels = {each for name in questionnaire.repeats for each in (name, f"{name}_position")}
    return "interview" in header and not header.isdisjoint(levels)


def _of_interviews(
    tops: Sequence[TextTable],
    questionnaire: Questionnaire,
    options: ReadOptions,
    where: str,
    *,
    first_is_meant: bool,
) -> tuple[TextTable, dict[str, str]]:
    if not tops:
        raise FileProblem(
            where,
            "all its tables hold rows of repeats, and none the interviews",
            "Put the table of the interviews beside them",
        )
    counts = [_answers(uses_of(table, questionnaire, options, None)) for table in tops]
    with_answers = [
        table for table, count in zip(tops, counts, strict=True) if count and len(table.cells)
    ]
    if len(with_answers) > 1 and not first_is_meant:
        own = [table for table in with_answers if _plain(table.name) == _plain(questionnaire.name)]
        if len(own) != 1:
            raise FileProblem(
                where,
                f"several of its tables hold interviews: "
                f"{listed([table.name for table in with_answers])}",
                "Hand over the one that is meant, or give each a folder of its own",
            )
        with_answers = own
    top = with_answers[0] if with_answers else tops[0]
    return top, {table.name: "" for table in tops if table is not top}


def _of_repeat(
    table: TextTable, questionnaire: Questionnaire, options: ReadOptions
) -> tuple[str, str]:
    """The repeat whose rows a table holds, or why that cannot be told."""
    if not questionnaire.repeats:
        return "", "the questionnaire has no repeat"
    ranked = sorted(
        (
            (
                _answers(uses_of(table, questionnaire, options, name)),
                _is_named(table, repeat.name),
                name,
            )
            for name, (repeat, *_) in questionnaire.repeats.items()
        ),
        reverse=True,
    )
    best = ranked[0]
    if not best[0] and not best[1]:
        return "", "its columns are those of no repeat"
    if len(ranked) > 1 and ranked[1][:2] == best[:2]:
        both = sorted((best[2], ranked[1][2]))
        return "", f"it could be of the repeat '{both[0]}' or '{both[1]}'"
    return best[2], ""


def _is_named(table: TextTable, repeat: str) -> bool:
    """Whether a table is named after a repeat: ``person``, ``form-person``, ``data.person``."""
    name, short = _stem(table.name), repeat.casefold()
    return name == short or bool(re.search(rf"[-._ ]{re.escape(short)}$", name))


def _answers(uses: Sequence[ColumnUse]) -> int:
    return len({use.key for use in uses if use.role in ANSWERS})


def _stem(name: str) -> str:
    return re.sub(r"\.(?:csv|tsv|txt)$", "", name.casefold())


def _plain(name: str) -> str:
    return re.sub(r"\W", "_", _stem(name))
