"""Tables that belong together, as Responses: the interviews, and the rows of each repeat.

The rows of a repeat whose interview is not there are not dropped: they are kept aside, answer by
answer, in the report, and a check lists them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.errors import FileProblem, ResponsesError
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.absence_in_words import COLUMN, from_words
from survey_kit.responses.assemble import TextRows, assemble, listed, repeat_levels
from survey_kit.responses.from_text import moments
from survey_kit.responses.interviews import interview_index
from survey_kit.responses.matching import ColumnUse, Role, holds_answers
from survey_kit.responses.metadata import METADATA, NEWEST_VERSION, PLACE_IN_A_REPEAT, Carried
from survey_kit.responses.model import ORPHANS, Absence, ReadingReport, Responses
from survey_kit.responses.read import ReadOptions
from survey_kit.responses.readers.answers import TableAnswers, answers_of, together
from survey_kit.responses.readers.named_columns import check_options
from survey_kit.responses.readers.not_answers import words_for_nothing
from survey_kit.responses.readers.table import Understood, nested, roles, understand
from survey_kit.responses.readers.text_table import TextTable
from survey_kit.responses.readers.whose_rows import NOWHERE, Above, Whose, said, whose_rows

FEW = 0.1
"""An export is of another form where so few columns *and* so few questions match."""


@dataclass(frozen=True, eq=False)
class OfRepeat:
    """The rows of a repeat as a file holds them.

    above, places
        (n,) row of the table above and place there, from 1, where the file is nested and so tells
        itself. None where columns say it.
    said
        (n, any) as `TextRows.said`, where the values of the file say it.
    """

    table: TextTable
    uses: tuple[ColumnUse, ...]
    above: NDArray[np.int64] | None = None
    places: NDArray[np.int64] | None = None
    said: pd.DataFrame | None = None


@dataclass(frozen=True, eq=False)
class Export:
    """Everything that one export holds, its columns known.

    file
        Its name in messages and in the report.
    kind
        The name of its format.
    rows_of
        Name of a repeat -> its rows, the outer repeats before the inner.
    """

    file: str
    kind: str
    table: TextTable
    uses: tuple[ColumnUse, ...]
    rows_of: Mapping[str, OfRepeat] = field(default_factory=dict[str, OfRepeat])
    notes: tuple[str, ...] = ()
    said: pd.DataFrame | None = None


@dataclass(frozen=True, eq=False)
class _Placed:
    """The rows of a repeat, each with its interview, in the order in which the file has them."""

    table: Understood
    interview: NDArray[np.int64]
    places: NDArray[np.int64]
    above: NDArray[np.int64]
    notes: tuple[str, ...]
    said: pd.DataFrame | None


def read_export(export: Export, questionnaire: Questionnaire, options: ReadOptions) -> Responses:
    """Responses from the tables of one export.

    Raises
    ------
    ResponsesError
        If it is an export of another form, or the study names a column that is not there.
    FileProblem
        If it holds no interviews.
    """
    headers = [export.table.header, *(each.table.header for each in export.rows_of.values())]
    check_options(headers, export.file, questionnaire, options, tuple(export.rows_of))
    _check_belongs(export.uses, export.file, questionnaire)
    everything = ((each.table.cells, each.uses) for each in (export, *export.rows_of.values()))
    words = words_for_nothing(everything, questionnaire)
    main = understand(export.table, export.uses, questionnaire, options, words)
    if main.cells.empty:
        raise FileProblem(export.file, "it has a header but no interviews", "Export it again")
    written = [""] * len(main.cells) if main.id_column is None else main.cells[main.id_column]
    index, named = interview_index(list(written))
    top = answers_of(main.cells.set_axis(index), main.uses, questionnaire)
    absent, unclear = _said_of(main, export.said, top)
    placed, unlinked = _placed(export, main, words, questionnaire, options)
    read = {name: _of_rows(each, index, name, questionnaire) for name, each in placed.items()}
    tables = {
        "": (main, top),
        **{name: (each.table, read[name][1]) for name, each in placed.items()},
    }
    missing = tuple(name for name in questionnaire.repeats if name not in placed)
    meta, undated = _meta(main, index, options)
    notes = [*export.notes, *main.notes, *named, *top.notes, *unclear, *undated, *unlinked]
    for name, each in placed.items():
        notes += [f"{name}: {note}" for note in (*each.table.notes, *read[name][1].notes)]
        notes += each.notes
    if missing:
        notes.append(f"the rows of the repeats are not in this file: {listed(missing)}")
    report = _report(export, tables, missing, questionnaire)
    orphans = [_orphans(name, each, read[name][2]) for name, each in placed.items()]
    report = replace(
        report,
        notes=tuple(notes),
        orphans=pd.concat(orphans, ignore_index=True) if orphans else None,
    )
    rows = {name: each[0] for name, each in read.items()}
    answers = TextRows(index, top.text, said=absent)
    return assemble(questionnaire, answers, rows, meta, report)


def _check_belongs(uses: Sequence[ColumnUse], file: str, questionnaire: Questionnaire) -> None:
    asked = {
        item.key
        for item in questionnaire.items
        if item.question.type.asked and holds_answers(item, None)
    }
    columns = sum(use.key in asked for use in uses)
    questions = len({use.key for use in uses} & asked)
    if columns > FEW * len(uses) or questions > FEW * len(asked):
        return
    raise ResponsesError(
        file,
        f"{columns} of its {len(uses)} columns and {questions} of the {len(asked)} questions of "
        f"'{questionnaire.name}' match, so this is an export of another form",
        "Check which form it was exported from, or name its columns in the study",
    )


def _placed(
    export: Export,
    main: Understood,
    words: frozenset[str],
    questionnaire: Questionnaire,
    options: ReadOptions,
) -> tuple[dict[str, _Placed], list[str]]:
    """The rows of every repeat that can be given to interviews, and what is said of the others."""
    found: dict[str, _Placed] = {}
    notes: list[str] = []
    everybody = np.arange(len(main.cells), dtype=np.int64)
    top = Above(main, everybody, np.empty((len(main.cells), 0), dtype=np.int64))
    for name, rows in export.rows_of.items():
        around = questionnaire.repeats[name][1]
        if around and around[-1] not in found:
            notes.append(
                f"rows of the repeat '{name}' stand in '{rows.table.name}', and were not read: those of "
                f"'{around[-1]}' around it are not there"
            )
            continue
        above = top
        if around:
            outer = found[around[-1]]
            above = Above(outer.table, outer.interview, outer.places)
        if rows.above is None or rows.places is None:
            table = understand(rows.table, rows.uses, questionnaire, options, words)
            levels = repeat_levels(questionnaire, name)[1:]
            whose = whose_rows(table, above, main, levels)
        else:
            kept = pd.Series(np.arange(len(above.table.rows)), index=above.table.rows)
            here = kept.reindex(rows.above).fillna(NOWHERE).to_numpy(dtype=np.int64)
            there = np.flatnonzero(here != NOWHERE)
            table = nested(rows.table, rows.uses, there, questionnaire, words)
            whose = Whose(here[there], rows.places[there], "")
        if whose is None:
            notes.append(
                f"rows of the repeat '{name}' stand in '{rows.table.name}', and were not read: none of "
                f"its columns says to which row of the other tables they belong"
            )
            continue
        found[name] = replace(_given(name, table, whose, above), said=rows.said)
    return found, notes


def _given(name: str, table: Understood, whose: Whose, above: Above) -> _Placed:
    interview = np.append(above.interview, NOWHERE)[whose.above]
    outer = np.vstack([above.places, np.full((1, above.places.shape[1]), 0, dtype=np.int64)])
    places = np.column_stack([outer[whose.above], whose.places])
    gone = int((interview == NOWHERE).sum())
    notes: list[str] = []
    if whose.how and table.name:
        notes.append(
            f"the rows of the repeat '{name}' were read from '{table.name}', by {whose.how}"
        )
    if whose.contradicting:
        notes.append(
            f"rows of the repeat '{name}' that name two different interviews, given to neither: "
            f"{whose.contradicting}"
        )
    if gone:
        notes.append(
            f"rows of the repeat '{name}' whose interview is not there, kept aside: {gone}"
        )
    return _Placed(table, interview, places.astype(np.int64), whose.above, tuple(notes), None)


def _of_rows(
    placed: _Placed, index: pd.Index, name: str, questionnaire: Questionnaire
) -> tuple[TextRows, TableAnswers, Mapping[str, pd.Series]]:
    """The rows of a repeat in the order of the interviews, and the text of those left over."""
    levels = repeat_levels(questionnaire, name)
    there = placed.interview != NOWHERE
    ids = np.append(index.to_numpy(dtype=object), "")[placed.interview]
    arrays: list[pd.Index] = [pd.Index(ids, dtype="str")]
    arrays += [pd.Index(placed.places[:, level]) for level in range(placed.places.shape[1])]
    places = pd.MultiIndex.from_arrays(arrays, names=levels)
    read = answers_of(placed.table.cells.set_axis(places), placed.table.uses, questionnaire)
    keys = [placed.places[:, level] for level in reversed(range(placed.places.shape[1]))]
    order = np.lexsort([*keys, placed.interview])
    order = order[there[order]]
    text = {key: series.iloc[order] for key, series in read.text.items()}
    left = {key: series.iloc[np.flatnonzero(~there)] for key, series in read.text.items()}
    said, unclear = _said_of(placed.table, placed.said, read)
    said = None if said is None else said.iloc[order]
    return (
        TextRows(places[order], text, said=said),
        replace(read, notes=(*read.notes, *unclear)),
        left,
    )


def _said_of(
    table: Understood, said: pd.DataFrame | None, read: TableAnswers
) -> tuple[pd.DataFrame | None, list[str]]:
    """Why cells are empty, as the file says it: by its values, else in words for the row."""
    words = table.metadata(COLUMN)
    by_value = None if said is None else said.iloc[table.rows].reset_index(drop=True)
    if words is None:
        return by_value, []
    found, unclear = from_words(words.reset_index(drop=True), list(read.text))
    if by_value is not None:
        found = found.assign(
            **{str(key): _either(by_value[key], found.get(key)) for key in by_value}
        )
    note = (
        f"rows whose column {COLUMN} does not say in known words why answers are absent: {unclear}"
    )
    return found, [note] if unclear else []


def _either(by_value: pd.Series, in_words: pd.Series | None) -> pd.Series:
    return by_value if in_words is None else by_value.where(by_value.ne(Absence.PRESENT), in_words)


def _orphans(name: str, placed: _Placed, left: Mapping[str, pd.Series]) -> pd.DataFrame:
    """One line for each answer of a row whose interview is not there; one for a row without any."""
    gone = np.flatnonzero(placed.interview == NOWHERE)
    above = said(placed.table).to_numpy(dtype=object)[gone]
    numbers = placed.table.rows[gone]
    rows: list[tuple[str, str, str, str, str]] = []
    for place, (parent, number) in enumerate(zip(above, numbers, strict=True)):
        about = (name, str(parent), str(number + 2))
        answers = [
            (*about, key, str(series.iloc[place]))
            for key, series in left.items()
            if pd.notna(series.iloc[place])
        ]
        rows += answers or [(*about, "", "")]
    return pd.DataFrame(rows, columns=list(ORPHANS), dtype="str")


def _report(
    export: Export,
    tables: Mapping[str, tuple[Understood, TableAnswers]],
    missing: Sequence[str],
    questionnaire: Questionnaire,
) -> ReadingReport:
    texts = {key for _, read in tables.values() for key in read.text}
    uses = {name: table.uses for name, (table, _) in tables.items()}
    everything = [use for each in uses.values() for use in each]
    matched: dict[str, str] = {}
    unmatched: dict[str, str] = {}
    for name, (table, _) in tables.items():
        for use in table.uses:
            called = f"{table.name}: {use.column}" if name and table.name else use.column
            spelt = {use.key, f"{use.key}/{use.code}"}
            if use.key not in {"", PLACE_IN_A_REPEAT} and use.column not in spelt:
                matched[called] = f"{use.key}/{use.code}" if use.code else use.key
            if use.what and (name or use.position != table.id_column):
                unmatched[called] = use.what
    has_choices = any(use.role is Role.CHOICE for use in everything)
    return ReadingReport(
        file=export.file,
        format=export.kind,
        rows_read=len(tables[""][0].cells),
        columns_read=len(everything),
        matched=matched,
        unmatched=unmatched,
        unseen=tuple(
            item.key
            for item in questionnaire.items
            if item.question.type.storage is not Storage.NOTHING and item.key not in texts
        ),
        counts={role.value: count for role, count in roles(everything).items()},
        stages=dict(Counter(use.stage for use in everything if use.stage)),
        disagreements=together([read.disagreements for _, read in tables.values()])
        if has_choices
        else None,
        rows_elsewhere=tuple(missing),
    )


def _meta(
    main: Understood, index: pd.Index, options: ReadOptions
) -> tuple[pd.DataFrame, list[str]]:
    """What the file knows of its interviews beside their answers, and moments that cannot be read."""
    notes: list[str] = []
    cells = main.cells.set_axis(index)
    versions, several = _versions(main, cells)
    if several:
        notes.append(
            f"interviews that name several versions of the form, that of '{NEWEST_VERSION}', else the "
            f"first, being taken: {several}"
        )
    if options.version is not None:
        versions = versions.fillna(options.version)
    meta: dict[str, pd.Series] = {
        "version": versions,
        "submitted": pd.Series(pd.NaT, index=index, dtype="datetime64[us]"),
    }
    for use in main.uses:
        if use.role is not Role.METADATA:
            continue
        name, carried = METADATA[use.key]
        written = cells[use.position].mask(cells[use.position].eq(""))
        if carried is Carried.MOMENT:
            read = moments(written)
            meta[name] = read.answers
            notes += [f"{use.column}: {note}" for note in read.notes]
        elif carried is Carried.TEXT and name != "version":
            meta[name] = written.fillna(meta[name]) if name in meta else written
    return pd.DataFrame(meta, index=index), notes


def _versions(main: Understood, cells: pd.DataFrame) -> tuple[pd.Series, int]:
    """(n,) the version of the form that each interview names, and how many name two that differ."""
    named = [
        use for use in main.uses if use.role is Role.METADATA and METADATA[use.key][0] == "version"
    ]
    named.sort(key=lambda use: use.key != NEWEST_VERSION)
    found = pd.Series(None, index=cells.index, dtype="str")
    differ = pd.Series(data=False, index=cells.index)
    for use in named:
        written = cells[use.position].mask(cells[use.position].eq(""))
        differ |= written.notna() & found.notna() & written.ne(found)
        found = found.fillna(written)
    return found, int(differ.sum())
