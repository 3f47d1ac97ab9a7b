"""Writing raw submissions: the XML that a phone would have sent, one document an interview.

A question that was not asked has no node; one that was left blank has an empty node; what
could not be read is written as it came. So what is written here and read again is the
same, cell by cell, in answers and in absence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias, cast
from urllib.parse import quote
from xml.sax.saxutils import quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.questionnaire.model import Group, Node, Question, Questionnaire, Repeat
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.as_text import as_text
from survey_kit.responses.assemble import interview_of, row_label
from survey_kit.responses.model import Absence, Responses, Rows

FIXED_TIME = (1980, 1, 1, 0, 0, 0)
LEFT_OUT = (
    Absence.NOT_ASKED.value,
    Absence.NOT_IN_VERSION.value,
    Absence.WITHDRAWN.value,
    Absence.NOT_KNOWN.value,
)
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
REPLACEMENT = "\ufffd"
README = "README.txt"
BLOCK = 5000
"""How many interviews are spelt at a time."""
ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})

Position: TypeAlias = tuple[object, ...]
Instances: TypeAlias = Mapping[str, Mapping[Position, str]]


@dataclass(frozen=True, eq=False)
class _Elements:
    """The nodes of one frame, spelt.

    index
        (n,) of the frame.
    by_key
        Question -> (n,) the whole element, "" where it is left out.
    """

    index: pd.Index
    by_key: Mapping[str, NDArray[np.object_]]


@dataclass(frozen=True, eq=False)
class _Below:
    """A group with its plan, or a repeat, whose rows have plans of their own."""

    name: str
    plan: _Plan | None


_Step: TypeAlias = "NDArray[np.object_] | _Below"
_Plan: TypeAlias = tuple[_Step, ...]


def write_submissions(responses: Responses, path: Path, *, about: str = "") -> tuple[str, ...]:
    """A zip with one OpenRosa submission for each interview.

    The bytes depend on the responses alone: interviews are sorted by id, and times in
    the archive are fixed. Documents are made and packed block by block, so that memory does
    not grow with the archive.

    Parameters
    ----------
    path
        The .zip to write. It is written beside its place first, then moved there.
    about
        What is to be said of the interviews in a README.txt at the head of the archive.

    Returns
    -------
    tuple of str
        What could not be written as it was: characters that XML does not know.
    """
    notes = list[str]()
    partial = path.with_name(f".{path.name}.part")
    with ZipFile(partial, "w", ZIP_DEFLATED) as archive:
        if about:
            archive.writestr(_entry(README), about.encode())
        for name, document in documents(responses, notes):
            archive.writestr(_entry(name), document.encode())
    partial.replace(path)
    return tuple(notes)


def write_submission_folder(
    responses: Responses, folder: Path, *, about: str = ""
) -> tuple[str, ...]:
    """The same documents as files of a folder, which is made where it is not there."""
    notes = list[str]()
    folder.mkdir(parents=True, exist_ok=True)
    if about:
        (folder / README).write_text(about, encoding="utf-8", newline="\n")
    for name, document in documents(responses, notes):
        (folder / name).write_bytes(document.encode())
    return tuple(notes)


def documents(responses: Responses, notes: list[str]) -> Iterator[tuple[str, str]]:
    """The name of the file and the XML of each interview, in the order of their ids.

    `notes` grows by what could not be written as it was.
    """
    index = responses.frame.index
    order = np.argsort(np.array(index, dtype=object), kind="stable")
    blocks = _Blocks(responses, order)
    known = frozenset(map(str, index))
    for begin in range(0, len(order), BLOCK):
        part = blocks.part(begin, begin + BLOCK)
        names = _file_names(part.frame.index)
        yield from zip(names, _documents(part, known, notes), strict=True)


class _Blocks:
    """Responses cut into blocks of interviews, in a given order, with their rows of repeats."""

    def __init__(self, responses: Responses, order: NDArray[np.int64]) -> None:
        self._responses = responses
        self._order = order
        place = np.empty(len(order), dtype=np.int64)
        place[order] = np.arange(len(order))
        self._rows: dict[str, tuple[NDArray[np.int64], NDArray[np.int64]]] = {}
        for name, rows in responses.repeats.items():
            owners = responses.frame.index.get_indexer(rows.frame.index.get_level_values(0))
            places = np.where(owners >= 0, place[owners] if len(order) else -1, -1)
            by_interview = np.argsort(places, kind="stable")
            self._rows[name] = (by_interview, places[by_interview])

    def part(self, begin: int, end: int) -> Responses:
        responses = self._responses
        rows = self._order[begin:end]
        repeats: dict[str, Rows] = {}
        for name, (by_interview, places) in self._rows.items():
            first, last = np.searchsorted(places, [begin, end])
            kept = by_interview[first:last]
            whole = responses.repeats[name]
            repeats[name] = Rows(whole.frame.iloc[kept], whole.absence.iloc[kept])
        frame = responses.frame.iloc[rows]
        unreadable = responses.unreadable
        if len(unreadable):
            unreadable = unreadable[unreadable["interview"].isin(frame.index)]
        return replace(
            responses,
            frame=frame,
            absence=responses.absence.iloc[rows],
            repeats=repeats,
            meta=responses.meta.iloc[rows],
            unreadable=unreadable,
        )


def _documents(part: Responses, known: frozenset[str], notes: list[str]) -> list[str]:
    questionnaire = part.questionnaire
    top = _elements(part, None, notes)
    inside = {name: _elements(part, name, notes) for name in part.repeats}
    instances = _instances(questionnaire, inside)
    plan = _plan(questionnaire.nodes, (), top, questionnaire)
    places: list[Position] = [(str(interview),) for interview in part.frame.index]
    bodies = _spelt(plan, places, instances)
    audits = _audits(questionnaire, top)
    meta = {name: _meta_texts(part, name) for name in ("version", "submitted", "replaces")}
    return [
        _document(
            questionnaire,
            _own_id(str(place[0]), known),
            f"{body}<meta>{audit}",
            _About(version or questionnaire.version, submitted, replaces),
        )
        for place, body, audit, version, submitted, replaces in zip(
            places,
            bodies,
            audits,
            meta["version"],
            meta["submitted"],
            meta["replaces"],
            strict=True,
        )
    ]


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, FIXED_TIME)
    entry.compress_type = ZIP_DEFLATED
    entry.create_system = 3
    entry.external_attr = 0o600 << 16
    return entry


def _file_names(index: pd.Index) -> list[str]:
    return [f"{quote(str(interview), safe=' ()')}.xml" for interview in index]


def _own_id(interview: str, known: frozenset[str]) -> str:
    """The id with which an interview came: "a#2" was told apart from "a" when it was read."""
    base, _, number = interview.rpartition("#")
    return base if number.isdigit() and base in known else interview


@dataclass(frozen=True, slots=True)
class _About:
    """What a submission says of itself, as text; "" where nothing is known."""

    version: str
    submitted: str
    replaces: str


def _document(questionnaire: Questionnaire, own: str, body: str, about: _About) -> str:
    attributes = f" id={quoteattr(questionnaire.name)} version={quoteattr(about.version)}"
    if about.submitted:
        attributes += f" submissionDate={quoteattr(about.submitted)}"
    replaces = _escaped(about.replaces)
    deprecated = f"<deprecatedID>uuid:{replaces}</deprecatedID>" if replaces else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<data{attributes}>{body}<instanceID>uuid:{_escaped(own)}</instanceID>{deprecated}"
        "</meta></data>\n"
    )


def _audits(questionnaire: Questionnaire, top: _Elements) -> list[str]:
    """The log of screens, which forms keep among their metadata, for each interview."""
    columns = [
        top.by_key[item.key]
        for item in questionnaire.items
        if item.question.type.name == "audit" and item.key in top.by_key
    ]
    return list(map("".join, zip(*columns, strict=True))) if columns else [""] * len(top.index)


def _meta_texts(responses: Responses, name: str) -> list[str]:
    if name not in responses.meta.columns:
        return [""] * len(responses)
    values = responses.meta[name]
    return [
        "" if missing else value.isoformat() if isinstance(value, pd.Timestamp) else str(value)
        for value, missing in zip(values, values.isna(), strict=True)
    ]


def _plan(
    nodes: Sequence[Node], path: tuple[str, ...], elements: _Elements, questionnaire: Questionnaire
) -> _Plan:
    """How the nodes of one frame follow each other, worked out once for all of its rows."""
    steps: list[_Step] = []
    for node in nodes:
        match node:
            case Question():
                long = "/".join((*path, node.name))
                key = long if long in questionnaire.by_key else node.name
                if key in elements.by_key and node.type.name != "audit":
                    steps.append(elements.by_key[key])
            case Group():
                below = _plan(node.nodes, (*path, node.name), elements, questionnaire)
                steps.append(_Below(node.name, below))
            case Repeat():
                steps.append(_Below(node.name, None))
    return tuple(steps)


def _spelt(plan: _Plan, places: list[Position], instances: Instances) -> list[str]:
    """The XML of each row of a frame; a group with nothing in it is left out."""
    columns: list[Iterable[str]] = []
    for step in plan:
        if not isinstance(step, _Below):
            columns.append(step)
        elif step.plan is None:
            rows = instances[step.name]
            columns.append([rows.get(place, "") for place in places])
        else:
            below = _spelt(step.plan, places, instances)
            begin, end = f"<{step.name}>", f"</{step.name}>"
            columns.append([f"{begin}{each}{end}" if each else "" for each in below])
    return list(map("".join, zip(*columns, strict=True))) if columns else [""] * len(places)


def _instances(questionnaire: Questionnaire, inside: Mapping[str, _Elements]) -> Instances:
    """Repeat -> (interview, places of the repeats around it) -> the XML of its rows there."""
    found: dict[str, dict[Position, str]] = {name: {} for name in questionnaire.repeats}
    deepest_first = sorted(
        inside, key=lambda name: len(questionnaire.repeats[name][1]), reverse=True
    )
    for name in deepest_first:
        repeat = questionnaire.repeats[name][0]
        elements, rows = inside[name], found[name]
        plan = _plan(repeat.nodes, _path_of(questionnaire, name), elements, questionnaire)
        places = [cast("Position", tuple(place)) for place in elements.index]
        below = _spelt(plan, places, found)
        for row in np.argsort(elements.index.get_level_values(-1), kind="stable"):
            around = places[int(row)][:-1]
            rows[around] = rows.get(around, "") + f"<{name}>{below[int(row)]}</{name}>"
    return found


def _path_of(questionnaire: Questionnaire, repeat: str) -> tuple[str, ...]:
    """Names of the groups and repeats down to a repeat, itself included."""
    waiting: list[tuple[tuple[str, ...], Node]] = [((), node) for node in questionnaire.nodes]
    while waiting:
        path, node = waiting.pop()
        if isinstance(node, Question):
            continue
        if isinstance(node, Repeat) and node.name == repeat:
            return (*path, node.name)
        waiting += [((*path, node.name), child) for child in node.nodes]
    return (repeat,)


def _elements(responses: Responses, repeat: str | None, notes: list[str]) -> _Elements:
    frame = responses.frame if repeat is None else responses.repeats[repeat].frame
    absence = responses.absence if repeat is None else responses.repeats[repeat].absence
    unreadable = _unreadable(responses, frame)
    columns: dict[str, NDArray[np.object_]] = {}
    for key in frame.columns:
        question = responses.questionnaire.by_key[str(key)].question
        text = _with_unreadable(frame[key], question.type.storage, unreadable.get(str(key)))
        numbers, distinct = pd.factorize(text)
        spelt = [_spell(question.name, str(word), str(key), notes) for word in distinct]
        words = np.array([*spelt, f"<{question.name}/>"], dtype=object)[numbers]
        out = absence[key].isin(LEFT_OUT).to_numpy() & text.isna().to_numpy()
        words[out] = ""
        columns[str(key)] = words
    return _Elements(frame.index, columns)


def _unreadable(responses: Responses, frame: pd.DataFrame) -> dict[str, pd.DataFrame]:
    inside = isinstance(frame.index, pd.MultiIndex)
    rows = responses.unreadable
    rows = rows[rows["row"].ne("") if inside else rows["row"].eq("")]
    return {str(key): each for key, each in rows.groupby("question")}


def _with_unreadable(
    answers: pd.Series, storage: Storage, unreadable: pd.DataFrame | None
) -> pd.Series:
    text = as_text(answers, storage)
    if unreadable is None:
        return text
    index = answers.index
    places = pd.MultiIndex.from_arrays([interview_of(index), row_label(index)])
    wanted = pd.MultiIndex.from_frame(unreadable[["interview", "row"]])
    where = places.get_indexer(wanted)
    cells = text.to_numpy(dtype=object).copy()
    cells[where[where >= 0]] = unreadable["answer"].to_numpy(dtype=object)[where >= 0]
    return pd.Series(cells, index=index, dtype="str")


def _spell(name: str, text: str, key: str, notes: list[str]) -> str:
    clean = NOT_IN_XML.sub(REPLACEMENT, text)
    if clean != text:
        note = f"{key}: characters that XML does not know were replaced"
        if note not in notes:
            notes.append(note)
    return f"<{name}>{_escaped(clean)}</{name}>"


def _escaped(text: str) -> str:
    return text.translate(ESCAPES)
