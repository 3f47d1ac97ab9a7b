"""Writing raw submissions: the XML that a phone would have sent, one document an interview.

A question that was not asked has no node; one that was left blank has an empty node; what
could not be read is written as it came. So what is written here and read again is the
same, cell by cell, in answers and in absence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias
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
from survey_kit.responses.model import Absence, Responses

FIXED_TIME = (1980, 1, 1, 0, 0, 0)
LEFT_OUT = (Absence.NOT_ASKED.value, Absence.NOT_IN_VERSION.value)
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
REPLACEMENT = "\ufffd"
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


def write_submissions(responses: Responses, path: Path) -> tuple[str, ...]:
    """A zip with one OpenRosa submission for each interview.

    The bytes depend on the responses alone: interviews are sorted by id, and times in
    the archive are fixed.

    Parameters
    ----------
    path
        The .zip to write. It is written beside its place first, then moved there.

    Returns
    -------
    tuple of str
        What could not be written as it was: characters that XML does not know.
    """
    questionnaire = responses.questionnaire
    names, notes = _file_names(responses.frame.index), list[str]()
    top = _elements(responses, None, notes)
    inside = {name: _elements(responses, name, notes) for name in responses.repeats}
    instances = _instances(questionnaire, inside)
    plan = _plan(questionnaire.nodes, (), top, questionnaire)
    order = np.argsort(np.array(responses.frame.index, dtype=object), kind="stable")
    partial = path.with_name(f".{path.name}.part")
    with ZipFile(partial, "w", ZIP_DEFLATED) as archive:
        for row in order:
            place = (str(responses.frame.index[row]),)
            body = _spelt(plan, int(row), place, instances)
            document = _document(responses, int(row), body, _audit(questionnaire, top, int(row)))
            entry = ZipInfo(f"{names[row]}.xml", FIXED_TIME)
            entry.compress_type = ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, document.encode())
    partial.replace(path)
    return tuple(notes)


def _file_names(index: pd.Index) -> list[str]:
    return [quote(str(interview), safe=" ()") for interview in index]


def _document(responses: Responses, row: int, body: str, audit: str) -> str:
    questionnaire = responses.questionnaire
    interview = str(responses.frame.index[row])
    # "a#2" was told apart from "a" when it was read; it came with the id of "a".
    base, _, number = interview.rpartition("#")
    own = base if number.isdigit() and base in responses.frame.index else interview
    version = _meta_text(responses, row, "version") or questionnaire.version
    submitted = _meta_text(responses, row, "submitted")
    attributes = f" id={quoteattr(questionnaire.name)} version={quoteattr(version)}"
    if submitted:
        attributes += f" submissionDate={quoteattr(submitted)}"
    replaces = _escaped(_meta_text(responses, row, "replaces"))
    deprecated = f"<deprecatedID>uuid:{replaces}</deprecatedID>" if replaces else ""
    identity = f"<instanceID>uuid:{_escaped(own)}</instanceID>"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<data{attributes}>{body}<meta>{audit}{identity}{deprecated}</meta></data>\n"
    )


def _audit(questionnaire: Questionnaire, top: _Elements, row: int) -> str:
    """The log of screens, which forms keep among their metadata."""
    return "".join(
        top.by_key[item.key][row]
        for item in questionnaire.items
        if item.question.type.name == "audit" and item.key in top.by_key
    )


def _meta_text(responses: Responses, row: int, name: str) -> str:
    if name not in responses.meta.columns:
        return ""
    value = responses.meta[name].iloc[row]
    if pd.isna(value):
        return ""
    return value.isoformat() if isinstance(value, pd.Timestamp) else str(value)


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


def _spelt(plan: _Plan, row: int, place: Position, instances: Instances) -> str:
    """The XML of one row of a frame; a group with nothing in it is left out."""
    parts: list[str] = []
    for step in plan:
        if not isinstance(step, _Below):
            parts.append(step[row])
        elif step.plan is None:
            parts.append(instances[step.name].get(place, ""))
        else:
            below = _spelt(step.plan, row, place, instances)
            if below:
                parts.append(f"<{step.name}>{below}</{step.name}>")
    return "".join(parts)


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
        places = [tuple(place) for place in elements.index]
        for row in sorted(range(len(places)), key=lambda each: places[each][-1]):
            place = places[row]
            below = _spelt(plan, row, place, found)
            rows[place[:-1]] = rows.get(place[:-1], "") + f"<{name}>{below}</{name}>"
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
