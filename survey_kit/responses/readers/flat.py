"""Flat exports: one row an interview, as Kobo, Central, ONA, SurveyCTO or R write them.

Everything is read as text; the questionnaire says what a column is. Rows with the same id
are all kept, the second as ``id#2``, and left for the check of duplicates to judge.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.errors import FileProblem, ResponsesError
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.question_type import Storage
from survey_kit.questionnaire.words import meant
from survey_kit.responses.assemble import DISAGREEMENTS, TextRows, assemble, listed
from survey_kit.responses.from_text import from_text, moments
from survey_kit.responses.interviews import interview_index
from survey_kit.responses.labels import Coded, with_codes
from survey_kit.responses.matching import (
    ColumnUse,
    Role,
    holds_answers,
    match_columns,
    without_byte_order_mark,
)
from survey_kit.responses.metadata import INTERVIEW_IDS, METADATA, Carried
from survey_kit.responses.model import ReadingReport, Responses
from survey_kit.responses.read import Reader, ReadOptions
from survey_kit.responses.readers.not_answers import (
    without_empty_rows,
    without_label_row,
    without_repeated_headers,
    without_words_for_nothing,
)
from survey_kit.responses.readers.text_table import TextTable, read_csv, read_workbook
from survey_kit.responses.select_multiple import Reconciled, reconcile

WORKBOOK = b"PK\x03\x04"
LOCATION_ORDER = ("latitude", "longitude", "altitude", "accuracy")
FEW = 0.1
"""An export is of another form where so few columns *and* so few questions match."""


def _is_csv(path: Path) -> bool | str:
    if path.suffix.lower() not in {".csv", ".tsv"} or not path.is_file():
        return False
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith(WORKBOOK):
        return "its suffix says CSV, but it is a workbook or a zip file"
    if start.lstrip()[:1] == b"<":
        return "its suffix says CSV, but it is a page of HTML or XML"
    if b"\0" in start and not start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "its suffix says CSV, but it is not text"
    return True


def _is_workbook(path: Path) -> bool | str:
    if path.suffix.lower() not in {".xlsx", ".xlsm"} or not path.is_file():
        return False
    with path.open("rb") as file:
        if file.read(4) != WORKBOOK:
            return "its suffix says Excel workbook, but it is none"
    return True


def _read_csv(path: Path, questionnaire: Questionnaire, options: ReadOptions) -> Responses:
    return read_table(read_csv(path), path.name, "csv", questionnaire, options)


def _read_workbook(path: Path, questionnaire: Questionnaire, options: ReadOptions) -> Responses:
    tables = read_workbook(path)
    main, *others = tables
    if others:
        note = f"other sheets, not read: {listed([table.name for table in others])}"
        main = replace(main, notes=(*main.notes, note))
    return read_table(main, path.name, "xlsx", questionnaire, options)


def read_table(
    table: TextTable,
    file: str,
    kind: str,
    questionnaire: Questionnaire,
    options: ReadOptions,
) -> Responses:
    """Responses from a table of text; `file` is its name in messages and in the report."""
    _check_options(table, file, questionnaire, options)
    uses = match_columns(
        table.header, questionnaire, declared=options.columns, ignore=options.ignore
    )
    _check_belongs(uses, file, questionnaire)
    cells, notes = without_empty_rows(table.cells)
    cells, repeated = without_repeated_headers(cells, table.header)
    _check_rows(cells, file)
    cells, labels = without_label_row(cells, uses, questionnaire)
    _check_rows(cells, file)
    notes += [*repeated, *labels]
    cells, nothing = without_words_for_nothing(cells, uses, questionnaire)
    position = _id_column(uses, options)
    written = [""] * len(cells) if position is None else cells[position].tolist()
    index, named = interview_index(written)
    cells = cells.set_axis(index)
    answers = _answers(cells, uses, questionnaire)
    texts = dict(answers.text)
    unseen = tuple(
        item.key
        for item in questionnaire.items
        if item.question.type.storage is not Storage.NOTHING and item.key not in texts
    )
    repeats = [
        f"the rows of the repeats are not in this file: {listed(list(questionnaire.repeats))}"
    ]
    has_choices = any(use.role is Role.CHOICE for use in uses)
    report = ReadingReport(
        file=file,
        format=kind,
        rows_read=len(cells),
        columns_read=len(table.header),
        matched=_matched(uses),
        unmatched={use.column: use.what for use in uses if use.what and use.position != position},
        unseen=unseen,
        notes=(
            *table.notes,
            *notes,
            *nothing,
            *named,
            *answers.notes,
            *(repeats if questionnaire.repeats else ()),
        ),
        counts={role.value: count for role, count in _roles(uses).items()},
        stages=dict(Counter(use.stage for use in uses if use.stage)),
        disagreements=answers.disagreements if has_choices else None,
        rows_elsewhere=tuple(questionnaire.repeats),
    )
    return assemble(questionnaire, TextRows(index, texts), {}, _meta(cells, uses, options), report)


def _roles(uses: Sequence[ColumnUse]) -> dict[Role, int]:
    found = Counter(use.role for use in uses)
    return {role: found[role] for role in Role}


def _check_options(
    table: TextTable, file: str, questionnaire: Questionnaire, options: ReadOptions
) -> None:
    header = {*table.header, *(without_byte_order_mark(name) for name in table.header)}
    named = (*options.columns, *options.ignore, *([options.interview] if options.interview else ()))
    for column in named:
        if column not in header:
            raise ResponsesError(
                file,
                f"the study names the column '{column}', which the file does not have",
                meant(column, header, otherwise="Check it against the first row of the file"),
            )
    for column, key in options.columns.items():
        _check_declared(column, key, file, questionnaire)
        if list(options.columns.values()).count(key) > 1:
            raise ResponsesError(
                file,
                f"the study gives two columns to the question '{key}'",
                "Take one of them out of  responses: columns",
            )


def _check_declared(column: str, key: str, file: str, questionnaire: Questionnaire) -> None:
    item = questionnaire.by_key.get(key)
    if item is None:
        raise ResponsesError(
            file,
            f"the study gives a column to the question '{key}', which does not exist",
            meant(key, questionnaire.by_key, otherwise="Check it against the questionnaire"),
        )
    if not holds_answers(item, None):
        where = f"stands in the repeat '{item.repeats[-1]}'" if item.repeats else "has no answer"
        raise ResponsesError(
            file,
            f"the study gives the column '{column}' to the question '{key}', which {where}",
            "Name it under  responses: ignore  instead",
        )


def _check_rows(cells: pd.DataFrame, file: str) -> None:
    if cells.empty:
        raise FileProblem(file, "it has a header but no interviews", "Export it again")


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


def _id_column(uses: Sequence[ColumnUse], options: ReadOptions) -> int | None:
    """Position of the column that names the interview."""
    if options.interview is not None:
        named = (
            use.position
            for use in uses
            if options.interview in {use.column, without_byte_order_mark(use.column)}
        )
        return next(named, None)
    found = {use.key: use.position for use in uses if use.role is Role.METADATA}
    return next((found[name] for name in INTERVIEW_IDS if name in found), None)


@dataclass(frozen=True, eq=False)
class _Answers:
    text: Mapping[str, pd.Series]
    disagreements: pd.DataFrame
    notes: tuple[str, ...]


def _answers(
    cells: pd.DataFrame, uses: Sequence[ColumnUse], questionnaire: Questionnaire
) -> _Answers:
    """The text of every question that has a column, with its single choices or parts joined."""
    text: dict[str, pd.Series] = {}
    disagreements: list[pd.DataFrame] = []
    notes: list[str] = []
    for use in uses:
        if use.role is Role.QUESTION:
            text[use.key] = cells[use.position].mask(cells[use.position].eq(""))
    labelled = _labels_as_codes(text, questionnaire)
    text |= {key: coded.answers for key, coded in labelled.items()}
    if count := sum(int(coded.translated.sum()) for coded in labelled.values()):
        notes.append(
            f"labels stood in the place of codes and were read as the codes of their choices: "
            f"{count} cells of {len(labelled)} questions"
        )
    for key, parts in _grouped(uses, Role.PART, cells):
        if key not in text:
            text[key] = _location(parts)
    for key, children in _grouped(uses, Role.CHOICE, cells):
        unclear = labelled[key].unclear if key in labelled else np.zeros(len(cells), dtype=bool)
        made, said = _made_one(key, text.get(key), children, unclear, questionnaire)
        text[key] = made.answers
        notes += said
        if made.disagrees.any():
            disagreements.append(_disagreements(key, made))
    nothing = pd.DataFrame({name: pd.Series([], dtype="str") for name in DISAGREEMENTS})
    found = pd.concat(disagreements, ignore_index=True) if disagreements else nothing
    return _Answers(text, found, tuple(notes))


def _made_one(
    key: str,
    parent: pd.Series | None,
    children: Mapping[str, pd.Series],
    unclear: NDArray[np.bool_],
    questionnaire: Questionnaire,
) -> tuple[Reconciled, list[str]]:
    """Joined codes and single choices of one question made one, and what is to be said of it."""
    choices = questionnaire.choices(questionnaire.by_key[key].question)
    made = reconcile(
        from_text(parent, Storage.CODES).answers if parent is not None else None,
        children,
        order=[choice.code for choice in choices],
        labels={choice.code: tuple(choice.label.values()) for choice in choices},
    )
    instead = unclear & made.children.notna().to_numpy(dtype=bool)
    made = replace(
        made,
        answers=made.answers.mask(instead, made.children),
        disagrees=made.disagrees & ~instead,
    )
    codes = {choice.code for choice in choices}
    outside = sum(code not in codes for code in children)
    said = {
        f"{key}: columns of choices that its list does not have": outside,
        f"{key}: cells of single choices that are neither 0 nor 1": made.unread,
        f"{key}: rows whose joined labels can be read in two ways, the single choices being taken": (
            int(instead.sum())
        ),
        f"{key}: rows whose joined codes and single choices differ, the joined codes being kept": (
            int(made.disagrees.sum())
        ),
    }
    return made, [f"{what}: {count}" for what, count in said.items() if count]


def _labels_as_codes(
    text: Mapping[str, pd.Series], questionnaire: Questionnaire
) -> dict[str, Coded]:
    """The questions in whose columns labels stand where codes belong."""
    found: dict[str, Coded] = {}
    for key, answers in text.items():
        question = questionnaire.by_key[key].question
        choices = questionnaire.choices(question)
        if choices:
            several = question.type.storage is Storage.CODES
            coded = with_codes(answers, choices, several=several)
            if coded.translated.any() or coded.unclear.any():
                found[key] = coded
    return found


def _grouped(
    uses: Sequence[ColumnUse], role: Role, cells: pd.DataFrame
) -> Iterator[tuple[str, dict[str, pd.Series]]]:
    grouped: dict[str, dict[str, pd.Series]] = {}
    for use in uses:
        if use.role is role:
            grouped.setdefault(use.key, {})[use.code] = cells[use.position]
    yield from grouped.items()


def _location(parts: Mapping[str, pd.Series]) -> pd.Series:
    """Latitude, longitude, altitude and accuracy, as the form joins them."""
    known = [parts[part].str.strip() for part in LOCATION_ORDER if part in parts]
    joined = known[0]
    for part in known[1:]:
        joined = joined + " " + part
    joined = joined.str.strip()
    return joined.mask(joined.eq(""))


def _disagreements(key: str, made: Reconciled) -> pd.DataFrame:
    where = made.disagrees
    rows = pd.DataFrame({"parent": made.answers[where], "children": made.children[where]})
    rows = rows.rename_axis("interview").reset_index()
    rows.insert(1, "row", pd.Series("", index=rows.index, dtype="str"))
    rows.insert(2, "question", pd.Series(key, index=rows.index, dtype="str"))
    return rows


def _meta(cells: pd.DataFrame, uses: Sequence[ColumnUse], options: ReadOptions) -> pd.DataFrame:
    empty_moment = pd.Series(pd.NaT, index=cells.index, dtype="datetime64[us]")
    meta: dict[str, pd.Series] = {
        "version": pd.Series(options.version, index=cells.index, dtype="str"),
        "submitted": empty_moment,
    }
    for use in uses:
        if use.role is not Role.METADATA:
            continue
        name, carried = METADATA[use.key]
        written = cells[use.position].mask(cells[use.position].eq(""))
        if carried is Carried.MOMENT:
            meta[name] = moments(written).answers
        elif carried is Carried.TEXT:
            meta[name] = written.fillna(meta[name]) if name in meta else written
    return pd.DataFrame(meta, index=cells.index)


def _matched(uses: Sequence[ColumnUse]) -> dict[str, str]:
    """Columns that are spelt differently from the question, choice or metadata they are."""
    return {
        use.column: f"{use.key}/{use.code}" if use.code else use.key
        for use in uses
        if use.key and use.column not in {use.key, f"{use.key}/{use.code}"}
    }


CSV = Reader(
    name="csv",
    title="a .csv file with one row for each interview",
    recognises=_is_csv,
    read=_read_csv,
)

WORKBOOK_READER = Reader(
    name="xlsx",
    title="an .xlsx workbook with one row for each interview",
    recognises=_is_workbook,
    read=_read_workbook,
)
