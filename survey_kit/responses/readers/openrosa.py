"""Raw OpenRosa submissions in a folder or a zip: our own store, or what Central hands over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.errors import Fault, FileProblem, ResponsesError
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.responses.archive import open_archive
from survey_kit.responses.assemble import TextRows, assemble, listed, repeat_levels
from survey_kit.responses.from_text import moments
from survey_kit.responses.interviews import interview_index
from survey_kit.responses.matching import (
    EXACT,
    LEFT_OUT_BY_STUDY,
    METADATA_LEFT_OUT,
    NO_SUCH_QUESTION,
    Role,
)
from survey_kit.responses.metadata import INTERVIEW_IDS, METADATA, Carried
from survey_kit.responses.model import ReadingReport, Responses
from survey_kit.responses.read import Reader, ReadOptions
from survey_kit.responses.readers.named_columns import check_options
from survey_kit.responses.submission_xml import About, Row, Submissions

MOST_FAULTS = 20
BLOCK = 2000
"""How many rows are turned into columns at a time: as many as a processor keeps at hand."""


def _is_submissions(path: Path) -> bool | str:
    if path.is_dir():
        return next(path.rglob("*.xml"), None) is not None or "it holds no XML submission"
    if path.suffix.lower() == ".zip":
        with open_archive(path) as archive:
            names = archive.namelist()
        return any(_is_xml(name) for name in names) or "it holds no XML submission"
    return False


def _is_xml(name: str) -> bool:
    return name.lower().endswith(".xml") and not name.startswith("__MACOSX/")


def _documents(path: Path, others: Counter[str]) -> Iterator[tuple[str, bytes]]:
    """The name and bytes of every submission; what is no submission is counted by suffix."""
    if path.is_dir():
        for file in sorted(path.rglob("*")):
            if not file.is_file():
                continue
            if _is_xml(file.name):
                yield str(file.relative_to(path)), file.read_bytes()
            else:
                others[file.suffix.lower()] += 1
        return
    with open_archive(path) as archive:
        for entry in archive.infolist():
            if entry.is_dir():
                continue
            if not _is_xml(entry.filename):
                others[Path(entry.filename).suffix.lower()] += 1
                continue
            try:
                yield entry.filename, archive.read(entry)
            except BadZipFile as error:
                raise FileProblem(
                    f"{path.name}, {entry.filename}", "it is damaged", "Copy the archive again"
                ) from error


def _read(path: Path, questionnaire: Questionnaire, options: ReadOptions) -> Responses:
    submissions = Submissions(questionnaire, options.columns)
    others: Counter[str] = Counter()
    faults: list[Fault] = []
    for name, document in _documents(path, others):
        fault = submissions.add(document, f"{path.name}, {name}")
        if fault:
            faults.append(fault)
    _refuse(faults)
    _check_form(submissions, path.name, questionnaire)
    # Which nodes there are depends on what was answered, so one that is not there may be named.
    named = replace(options, interview=None, ignore=())
    nodes = tuple(options.columns)
    check_options([nodes], path.name, questionnaire, named, tuple(questionnaire.repeats))
    index, named = interview_index([_written_id(about) for about in submissions.about])
    meta = _meta(submissions, index, options)
    top = _text_rows(submissions.rows, submissions.keys[""], index)
    repeats = {
        name: _text_rows(
            rows.rows, submissions.keys[name], _places(name, submissions, index, questionnaire)
        )
        for name, rows in submissions.repeats.items()
    }
    report = _report(path.name, submissions, (top, *repeats.values()), options)
    versions = _about_versions(meta["version"], questionnaire)
    notes = (*named, *_notes(submissions, others), *versions)
    return assemble(questionnaire, top, repeats, meta, replace(report, notes=notes))


def _report(
    file: str, submissions: Submissions, frames: Sequence[TextRows], options: ReadOptions
) -> ReadingReport:
    seen, unseen = list[str](), list[str]()
    for rows in frames:
        for key in rows.text:
            there = rows.present is not None and bool(rows.present[key].any())
            (seen if there else unseen).append(key)
    metadata = {name for about in submissions.about for name in about.metadata}
    ignored = {*options.ignore} & {*submissions.unknown}
    unknown = sorted({*submissions.unknown} - ignored)
    counts = {
        Role.QUESTION.value: len(seen),
        Role.METADATA.value: len(metadata) + len(submissions.left_out),
        **({Role.IGNORED.value: len(ignored)} if ignored else {}),
        Role.UNMATCHED.value: len(unknown),
    }
    return ReadingReport(
        file=file,
        format="openrosa",
        rows_read=len(submissions.rows),
        columns_read=sum(counts.values()),
        unmatched={
            **dict.fromkeys(unknown, NO_SUCH_QUESTION),
            **dict.fromkeys(sorted(ignored), LEFT_OUT_BY_STUDY),
            **dict.fromkeys(sorted(submissions.left_out), METADATA_LEFT_OUT),
        },
        matched=options.columns,
        unseen=tuple(unseen),
        counts=counts,
        stages={EXACT: len(seen)},
    )


def _refuse(faults: Sequence[Fault]) -> None:
    if not faults:
        return
    shown = list(faults[:MOST_FAULTS])
    if len(faults) > MOST_FAULTS:
        more = len(faults) - MOST_FAULTS
        shown.append(Fault(faults[0].where, f"{more} more cannot be read", "Mend these first"))
    raise FileProblem.from_faults(shown)


def _check_form(submissions: Submissions, file: str, questionnaire: Questionnaire) -> None:
    other = Counter(about.form for about in submissions.about if about.form != questionnaire.name)
    if not other:
        return
    form, _ = other.most_common(1)[0]
    raise ResponsesError(
        file,
        f"{other.total()} of its {len(submissions.about)} submissions are of the form '{form}', "
        f"not '{questionnaire.name}'",
        "Read them with the questionnaire that they were made with",
    )


def _written_id(about: About) -> str:
    return next((about.metadata[name] for name in INTERVIEW_IDS if about.metadata.get(name)), "")


def _notes(submissions: Submissions, others: Counter[str]) -> list[str]:
    notes: list[str] = []
    if others:
        kinds = listed([kind or "no suffix" for kind in sorted(others)])
        notes.append(f"files that are no submission, not read: {others.total()} ({kinds})")
    if submissions.doubled:
        nodes = listed(sorted(submissions.doubled))
        notes.append(f"nodes that came more than once in an interview, the first kept: {nodes}")
    replaced = sum("meta/deprecatedid" in about.metadata for about in submissions.about)
    if replaced:
        notes.append(f"submissions that say they replace an earlier one: {replaced}")
    return notes


def _about_versions(versions: pd.Series, questionnaire: Questionnaire) -> list[str]:
    other = versions[versions.ne(questionnaire.version)].value_counts()
    return [
        f"interviews made with version '{version}' of the form, "
        f"not '{questionnaire.version}': {count}"
        for version, count in sorted(other.items())
    ]


def _meta(submissions: Submissions, index: pd.Index, options: ReadOptions) -> pd.DataFrame:
    n = len(index)
    texts: dict[str, list[str | None]] = {
        "version": [about.version for about in submissions.about],
        "submitted": [None] * n,
    }
    kinds = {"submitted": Carried.MOMENT}
    for number, about in enumerate(submissions.about):
        for name, text in about.metadata.items():
            called, carried = METADATA[name]
            if carried in {Carried.MOMENT, Carried.TEXT}:
                kinds[called] = carried
                column = texts.setdefault(called, [None] * n)
                column[number] = column[number] or text.removeprefix("uuid:") or None
    meta = {name: pd.Series(column, index=index, dtype="str") for name, column in texts.items()}
    if options.version is not None:
        meta["version"] = meta["version"].fillna(options.version)
    return pd.DataFrame(
        {
            name: moments(column).answers if kinds.get(name) is Carried.MOMENT else column
            for name, column in meta.items()
        },
        index=index,
    )


def _text_rows(rows: Sequence[Row], keys: Sequence[str], index: pd.Index) -> TextRows:
    columns: dict[str, pd.Series] = {}
    present: dict[str, NDArray[np.bool_]] = {}
    # pyarrow has no type stubs; a list that it takes itself costs pandas half of the time.
    pa: Any = import_module("pyarrow")
    parts: list[list[Any]] = [[pa.array([], type=pa.large_string())] for _ in keys]
    for begin in range(0, len(rows), BLOCK):
        for part, cells in zip(parts, zip(*rows[begin : begin + BLOCK], strict=True), strict=True):
            part.append(pa.array(cells, type=pa.large_string()))
    for key, part in zip(keys, parts, strict=True):
        # An empty node is an empty text, and one that is not there is NaN.
        columns[key] = pd.Series(pd.array(pa.concat_arrays(part), dtype="str"), index=index)
        present[key] = columns[key].notna().to_numpy(dtype=bool)
    return TextRows(index, columns, pd.DataFrame(present, index=index, columns=pd.Index(keys)))


def _places(
    name: str, submissions: Submissions, index: pd.Index, questionnaire: Questionnaire
) -> pd.MultiIndex:
    rows = submissions.repeats[name]
    levels = repeat_levels(questionnaire, name)
    interviews = index.take(np.array(rows.interviews, dtype=np.int64))
    places = np.array(rows.places, dtype=np.int64).reshape(len(rows.places), len(levels) - 1)
    return pd.MultiIndex.from_arrays(
        [interviews, *(places[:, level] for level in range(places.shape[1]))], names=levels
    )


OPENROSA = Reader(
    name="openrosa",
    title="a folder or .zip of XML submissions",
    recognises=_is_submissions,
    read=_read,
)
