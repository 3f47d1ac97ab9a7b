"""Interviews of several versions of a form, pooled under the newest.

Every interview is read with the form that it was made with; then its answers are put under
the names and codes of the new form. A question that its version did not have is NOT_IN_VERSION,
neither blank nor not asked. What cannot be pooled (another type, a code that means something
else now) is refused, with all of it said at once, unless the study says how it is to be taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd

from survey_kit.errors import Fault, ResponsesError
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.absence import absence_of_cells
from survey_kit.responses.editions import old_repeat, recoded
from survey_kit.responses.empty import empty_answers
from survey_kit.responses.interviews import interview_index
from survey_kit.responses.matching import holds_answers
from survey_kit.responses.model import Absence, Edition, ReadingReport, Responses, Rows
from survey_kit.responses.pool_rules import NO_RULES, PoolRules, not_settled, rules_for_nothing
from survey_kit.responses.read import ReadOptions, read_responses
from survey_kit.responses.version_notes import OTHER_VERSION, about_versions
from survey_kit.versions.matching import match

_GIVEN = (Absence.PRESENT, Absence.REFUSED, Absence.DONT_KNOW)


def pool(
    parts: Sequence[Responses], questionnaire: Questionnaire, *, rules: PoolRules = NO_RULES
) -> Responses:
    """Interviews of several versions as those of one questionnaire, in the order of the parts.

    Parameters
    ----------
    parts
        Each read with the questionnaire of its version.
    questionnaire
        The one under whose names and codes the answers are to stand.
    rules
        What is to be done about breaking changes.

    Returns
    -------
    Responses
        Its `editions` hold the older versions, by which their interviews are judged.

    Raises
    ------
    ResponsesError
        If there is no part, two versions have one name, or answers cannot be pooled; all
        faults at once.
    """
    if not parts:
        raise ResponsesError("pool", "there is nothing to pool", "Hand over at least one part")
    older: list[Questionnaire] = []
    for part in parts:
        if part.questionnaire != questionnaire and part.questionnaire not in older:
            older.append(part.questionnaire)
    editions = editions_of(older, questionnaire, rules)
    known: dict[str, Edition] = {}
    for part in parts:
        known |= part.editions
    moved = [
        _versioned(
            _under_new_names(part, editions[part.questionnaire.version], questionnaire)
            if part.questionnaire.version in editions
            else replace(part, questionnaire=questionnaire)
        )
        for part in parts
    ]
    return _joined(moved, questionnaire, {**known, **editions})


def editions_of(
    older: Sequence[Questionnaire], questionnaire: Questionnaire, rules: PoolRules = NO_RULES
) -> Mapping[str, Edition]:
    """Version -> how its answers stand under the new form.

    Raises
    ------
    ResponsesError
        If two versions have one name, or answers cannot be pooled; all faults at once.
    """
    faults: list[Fault] = []
    found: dict[str, Edition] = {}
    for old in older:
        if old == questionnaire:
            continue
        if old.version == questionnaire.version or old.version in found:
            what = f"two forms that differ both say that they are version '{old.version}'"
            remedy = "Give each form a version of its own; interviews name the version they were made with"
            faults.append(Fault(f"versions of {questionnaire.name}", what, remedy))
            continue
        faults += not_settled(old, questionnaire, rules)
        found[old.version] = _edition(old, questionnaire, rules)
    faults += rules_for_nothing(older, questionnaire, rules)
    if faults:
        raise ResponsesError.from_faults(faults)
    return MappingProxyType(found)


def read_versions(
    path: Path,
    questionnaire: Questionnaire,
    older: Sequence[Questionnaire],
    *,
    options: ReadOptions | None = None,
    rules: PoolRules = NO_RULES,
) -> Responses:
    """Answers from one file that holds interviews of several versions, pooled.

    Interviews whose version nobody has defined are read with the new form, as
    `read_responses` does, and the report says how many they are.

    Raises
    ------
    FileProblem, ResponsesError
        As `read_responses` and `pool`.
    """
    chosen = options or ReadOptions()
    whole = read_responses(path, questionnaire, options=chosen)
    if not older:
        return whole
    editions = editions_of(older, questionnaire, rules)
    versions = whole.meta["version"]
    parts: list[Responses] = []
    reports: list[tuple[ReadingReport, Edition]] = []
    rest = np.ones(len(whole), dtype=np.bool_)
    for version, edition in editions.items():
        made = versions.eq(version).fillna(value=False).to_numpy(dtype=np.bool_)
        if made.any():
            own = replace(chosen, columns=_in_old_terms(chosen.columns, edition))
            read = read_responses(path, edition.questionnaire, options=own)
            reports.append((read.report, edition))
            parts.append(_under_new_names(read.only(made), edition, questionnaire))
            rest &= ~made
    joined = _joined([whole.only(rest), *parts], questionnaire, editions, ids_differ=True)
    report = replace(
        whole.report,
        unmatched={
            column: what
            for column, what in whole.report.unmatched.items()
            if all(column in each.unmatched for each, _ in reports)
        },
        unseen=tuple(
            key
            for key in whole.report.unseen
            if all(edition.keys.get(key) in (None, *each.unseen) for each, edition in reports)
        ),
        notes=(
            *(note for note in whole.report.notes if not note.startswith(OTHER_VERSION)),
            *about_versions(versions, questionnaire, editions),
        ),
    )
    return replace(_in_order(joined, whole), report=report)


def _edition(old: Questionnaire, new: Questionnaire, rules: PoolRules) -> Edition:
    keys = {
        key: before
        for key, before in match(old, new).old_key.items()
        if key not in rules.left_behind
        and old.by_key[before].question.type.storage is not Storage.NOTHING
        and new.by_key[key].question.type.storage is not Storage.NOTHING
    }
    codes = {
        key: MappingProxyType({a: b for a, b in rules.codes[key].items() if a != b})
        for key in keys
        if key in rules.codes
    }
    return Edition(old, MappingProxyType(keys), MappingProxyType(codes))


def _in_old_terms(columns: Mapping[str, str], edition: Edition) -> Mapping[str, str]:
    """Column of a file -> key, for the questions that the old form has."""
    return {column: edition.keys[key] for column, key in columns.items() if key in edition.keys}


def _versioned(part: Responses) -> Responses:
    """A part whose interviews all say a version."""
    version = part.meta["version"].fillna(part.questionnaire.version).astype("str")
    return replace(part, meta=part.meta.assign(version=version))


def _under_new_names(part: Responses, edition: Edition, new: Questionnaire) -> Responses:
    """Interviews of one old version under the names and codes of the new form."""
    frame, absence = _frames(part.frame, part.absence, None, edition, new)
    repeats: dict[str, Rows] = {}
    for name, (_, around, _) in new.repeats.items():
        old_name = old_repeat(edition, new, name)
        levels = ["interview", *around, name]
        if old_name is None or old_name not in part.repeats:
            index = pd.MultiIndex.from_arrays(
                [pd.Index([], dtype="str"), *(pd.Index([], dtype="int64") for _ in levels[1:])],
                names=levels,
            )
            nothing = pd.DataFrame(index=index)
            repeats[name] = Rows(*_frames(nothing, nothing, name, edition, new))
            continue
        rows = part.repeats[old_name]
        renamed = rows.frame.rename_axis(index=levels), rows.absence.rename_axis(index=levels)
        repeats[name] = Rows(*_frames(*renamed, name, edition, new))
    names = {old: key for key, old in edition.keys.items()}
    unreadable = part.unreadable[part.unreadable["question"].isin(list(names))]
    return replace(
        part,
        questionnaire=new,
        frame=frame,
        absence=absence,
        repeats=MappingProxyType(repeats),
        meta=part.meta.assign(
            version=part.meta["version"].fillna(edition.questionnaire.version).astype("str")
        ),
        unreadable=unreadable.assign(question=unreadable["question"].replace(names)),
    )


def _frames(
    frame: pd.DataFrame,
    absence: pd.DataFrame,
    repeat: str | None,
    edition: Edition,
    new: Questionnaire,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Answers and absence of one frame, a column for each question of the new form."""
    answers: dict[str, pd.Series] = {}
    why: dict[str, pd.Series] = {}
    items = [item for item in new.items if holds_answers(item, repeat)]
    for item in items:
        old = edition.keys.get(item.key)
        if old is None or old not in frame.columns:
            answers[item.key] = empty_answers(item, frame.index)
            why[item.key] = pd.Series(Absence.NOT_IN_VERSION.value, index=frame.index, dtype="int8")
            continue
        codes = edition.codes.get(item.key, {})
        answers[item.key] = recoded(frame[old], codes, item.question.type.storage)
        why[item.key] = absence[old]
    made = pd.DataFrame(answers, index=frame.index)
    told = pd.DataFrame(why, index=frame.index)
    if made.empty:
        return made, told.astype("int8")
    asked = pd.DataFrame(
        np.ones(made.shape, dtype=np.bool_), index=made.index, columns=made.columns
    )
    # What counts as a refusal is for the new form to say.
    meant = absence_of_cells(made, asked, new)
    given = told.isin([each.value for each in _GIVEN])
    return made, told.where(~given, meant).astype("int8")


def _joined(
    parts: Sequence[Responses],
    questionnaire: Questionnaire,
    editions: Mapping[str, Edition],
    *,
    ids_differ: bool = False,
) -> Responses:
    filled = [part for part in parts if len(part)] or [parts[0]]
    if not ids_differ:
        filled = _told_apart(filled)
    repeats = {
        name: Rows(
            pd.concat([part.repeats[name].frame for part in filled]),
            pd.concat([part.repeats[name].absence for part in filled]).astype("int8"),
        )
        for name in questionnaire.repeats
        if all(name in part.repeats for part in filled)
    }
    first = filled[0].report
    notes = dict.fromkeys(note for part in filled for note in part.report.notes)
    files = dict.fromkeys(part.report.file for part in filled)
    return Responses(
        questionnaire=questionnaire,
        frame=pd.concat([part.frame for part in filled]),
        absence=pd.concat([part.absence for part in filled]).astype("int8"),
        repeats=MappingProxyType(repeats),
        meta=pd.concat([part.meta for part in filled]),
        unreadable=pd.concat([part.unreadable for part in filled], ignore_index=True),
        report=replace(
            first,
            file=", ".join(files),
            rows_read=sum(part.report.rows_read for part in filled),
            notes=tuple(notes),
        ),
        editions=MappingProxyType(dict(editions)),
    )


def _told_apart(parts: Sequence[Responses]) -> list[Responses]:
    """The parts with an id for each interview that no other part has."""
    index, notes = interview_index([str(each) for part in parts for each in part.frame.index])
    found: list[Responses] = []
    begin = 0
    for part in parts:
        names = dict(zip(part.frame.index, index[begin : begin + len(part)], strict=True))
        begin += len(part)
        if all(old == new for old, new in names.items()):
            found.append(part)
            continue
        new = pd.Index(list(names.values()), name="interview", dtype="str")
        repeats = {
            name: Rows(*(_rows_renamed(each, names) for each in (rows.frame, rows.absence)))
            for name, rows in part.repeats.items()
        }
        found.append(
            replace(
                part,
                frame=part.frame.set_axis(new),
                absence=part.absence.set_axis(new),
                meta=part.meta.set_axis(new),
                repeats=MappingProxyType(repeats),
                unreadable=part.unreadable.assign(
                    interview=part.unreadable["interview"].replace(names)
                ),
                report=replace(part.report, notes=(*part.report.notes, *notes)),
            )
        )
    return found


def _rows_renamed(frame: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    index = frame.index
    levels = [index.get_level_values(level) for level in range(index.nlevels)]
    levels[0] = pd.Index([names[each] for each in levels[0]], dtype="str")
    return frame.set_axis(pd.MultiIndex.from_arrays(levels, names=index.names))


def _in_order(joined: Responses, whole: Responses) -> Responses:
    """Pooled interviews in the order of the file."""
    index = whole.frame.index
    repeats: dict[str, Rows] = {}
    for name, rows in joined.repeats.items():
        places = index.get_indexer(rows.frame.index.get_level_values(0))
        order = np.argsort(places, kind="stable")
        repeats[name] = Rows(rows.frame.iloc[order], rows.absence.iloc[order])
    return replace(
        joined,
        frame=joined.frame.reindex(index),
        absence=joined.absence.reindex(index),
        meta=joined.meta.reindex(index)[list(whole.meta.columns)],
        repeats=MappingProxyType(repeats),
    )
