"""From text by question to `Responses`: the last step of every reader.

A reader knows its file; what follows is the same for all of them. Every column is read
as what its question takes, every empty cell is told why it is empty, and what could not
be read is kept aside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
import pandas as pd

from survey_kit.questionnaire.model import Item, Questionnaire
from survey_kit.responses.from_text import from_text
from survey_kit.responses.matching import holds_answers
from survey_kit.responses.model import Absence, ReadingReport, Responses, Rows
from survey_kit.responses.replay import absence as absence_of
from survey_kit.responses.replay import absence_in_repeat, asked, asked_in_repeat

UNREADABLE = ("interview", "row", "question", "answer")
DISAGREEMENTS = ("interview", "row", "question", "parent", "children")
MOST_LISTED = 5


@dataclass(frozen=True, eq=False)
class TextRows:
    """Answers as text, of the interviews or of the rows of one repeat.

    index
        (n,) of the frame that is to be made.
    text
        Key of the question -> (n,) text, NaN where there is none. A question that is
        not in it has no place in the file.
    present
        (n, k) bool: the form sent a place for this answer, empty or not. None where the
        file does not tell, as in a table.
    said
        (n, any) int8 of `Absence`: why cells are empty where the file itself says so, PRESENT where it
        does not. That holds against what is found by going through the form.
    """

    index: pd.Index
    text: Mapping[str, pd.Series]
    present: pd.DataFrame | None = None
    said: pd.DataFrame | None = None


@dataclass(frozen=True, eq=False)
class _Typed:
    frame: pd.DataFrame
    unreadable: pd.DataFrame
    masks: Mapping[str, pd.Series]
    notes: tuple[str, ...]


def assemble(
    questionnaire: Questionnaire,
    interviews: TextRows,
    repeats: Mapping[str, TextRows],
    meta: pd.DataFrame,
    report: ReadingReport,
) -> Responses:
    """Responses, from the text that a file held for each question.

    Parameters
    ----------
    interviews
        (n,) with the index "interview", unique.
    repeats
        Name of a repeat -> its rows. A repeat that is not in it has none.
    meta
        (n, m) as `Responses.meta` is to be.
    report
        What the reader can say already; notes on values are added to it.
    """
    top = _typed(questionnaire, interviews, None)
    inside = {
        name: _typed(questionnaire, repeats.get(name, _no_rows(questionnaire, name)), name)
        for name in questionnaire.repeats
    }
    empty = {name: Rows(each.frame, _all_present(each.frame)) for name, each in inside.items()}
    unreadable = [each.unreadable for each in (top, *inside.values()) if len(each.unreadable)]
    answered = Responses(
        questionnaire=questionnaire,
        frame=top.frame,
        absence=_overlay(_all_present(top.frame), top, interviews),
        repeats=MappingProxyType(empty),
        meta=meta,
        unreadable=pd.concat(unreadable, ignore_index=True) if unreadable else top.unreadable,
        report=report,
    )
    others = _other_versions(meta["version"], questionnaire)
    answered = replace(answered, absence=_as_said(answered.absence, top, interviews))
    why = absence_of(answered, present_nodes=interviews.present)
    if others.any():
        versions = meta["version"].where(others)
        why = _not_in_version(why, asked(answered), interviews, versions)
        # What a version lacked closes no gate for what stands behind it.
        answered = replace(answered, absence=_overlay(why, top, interviews))
        why = absence_of(answered, present_nodes=interviews.present)
        why = _not_in_version(why, asked(answered), interviews, versions)
    absence = _as_said(_overlay(why, top, interviews), top, interviews)
    answered = replace(answered, absence=absence)
    rows: dict[str, Rows] = {}
    for name, each in inside.items():
        source = repeats.get(name)
        present = source.present if source else None
        if each.frame.empty:
            rows[name] = empty[name]
            continue
        why = absence_in_repeat(answered, name, present_nodes=present)
        if source and others.any():
            versions = meta["version"].where(others).reindex(interview_of(source.index))
            why = _not_in_version(why, asked_in_repeat(answered, name), source, versions)
        if source:
            why = _as_said(_overlay(why, each, source), each, source)
        rows[name] = Rows(each.frame, why)
    notes = (note for each in (top, *inside.values()) for note in each.notes)
    return replace(
        answered,
        absence=absence,
        repeats=MappingProxyType(rows),
        report=replace(report, notes=(*report.notes, *notes)),
    )


def row_label(index: pd.Index) -> pd.Series:
    """(n,) the place of each row in its repeat as text, "2" or "2/1"; "" for an interview."""
    if not isinstance(index, pd.MultiIndex):
        return pd.Series("", index=range(len(index)), dtype="str")
    levels = [
        pd.Series(index.get_level_values(level)).astype("str") for level in range(1, index.nlevels)
    ]
    label = levels[0]
    for level in levels[1:]:
        label = label + "/" + level
    return label


def interview_of(index: pd.Index) -> pd.Series:
    """(n,) the interview of each row."""
    return pd.Series(index.get_level_values(0)).astype("str")


def repeat_levels(questionnaire: Questionnaire, name: str) -> list[str]:
    """The names of the index of a repeat's rows: the interview, repeats around it, itself."""
    return ["interview", *questionnaire.repeats[name][1], name]


def _items(questionnaire: Questionnaire, repeat: str | None) -> Sequence[Item]:
    return [item for item in questionnaire.items if holds_answers(item, repeat)]


def _no_rows(questionnaire: Questionnaire, name: str) -> TextRows:
    levels = repeat_levels(questionnaire, name)
    arrays: list[pd.Index] = [
        pd.Index([], dtype="str"),
        *(pd.Index([], dtype="int64") for _ in levels[1:]),
    ]
    index = pd.MultiIndex.from_arrays(arrays, names=levels)
    nothing = pd.Series([], index=index, dtype="str")
    return TextRows(index, {item.key: nothing for item in _items(questionnaire, name)})


def _typed(questionnaire: Questionnaire, rows: TextRows, repeat: str | None) -> _Typed:
    columns: dict[str, pd.Series] = {}
    masks: dict[str, pd.Series] = {}
    aside: list[pd.DataFrame] = []
    notes: list[str] = []
    for item in _items(questionnaire, repeat):
        text = rows.text.get(item.key)
        if text is None:
            text = pd.Series(np.nan, index=rows.index, dtype="str")
        codes = [choice.code for choice in questionnaire.choices(item.question)]
        read = from_text(text, item.question.type.storage, codes=codes)
        columns[item.key] = read.answers.set_axis(rows.index)
        notes += [f"{item.key}: {note}" for note in read.notes]
        if read.unreadable.any():
            masks[item.key] = pd.Series(read.unreadable, index=rows.index)
            aside.append(_aside(item.key, text, masks[item.key]))
            if not read.notes or pd.api.types.is_float_dtype(read.answers):
                count = int(read.unreadable.sum())
                what = item.question.type.storage.value
                notes.append(f"{item.key}: cells that are not {what}, left unread: {count}")
    frame = pd.DataFrame(columns, index=rows.index)
    nothing = pd.DataFrame({name: pd.Series([], dtype="str") for name in UNREADABLE})
    unreadable = pd.concat(aside, ignore_index=True) if aside else nothing
    return _Typed(frame, unreadable, masks, tuple(notes))


def _aside(key: str, text: pd.Series, mask: pd.Series) -> pd.DataFrame:
    kept = mask.index[mask.to_numpy()]
    return pd.DataFrame(
        {
            "interview": interview_of(kept),
            "row": row_label(kept),
            "question": pd.Series([key] * len(kept), dtype="str"),
            "answer": pd.Series(text.to_numpy()[mask.to_numpy()], dtype="str"),
        }
    )


def _all_present(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        np.zeros(frame.shape, dtype=np.int8), index=frame.index, columns=frame.columns
    )


def _other_versions(versions: pd.Series, questionnaire: Questionnaire) -> pd.Series:
    """(n,) bool: made with another version of the form than the questionnaire's."""
    return versions.notna() & versions.ne(questionnaire.version).fillna(value=False)


def _not_in_version(
    absence: pd.DataFrame, where_asked: pd.DataFrame, rows: TextRows, versions: pd.Series
) -> pd.DataFrame:
    """What today's form asks and no interview of another version holds: it did not have it.

    `versions`, (n,), is NaN where the interview was made with today's form. A question counts
    as missing from a version where none of its interviews has a node for it, though this
    form would have asked some of them.
    """
    if rows.present is None:
        return absence
    numbers, distinct = pd.factorize(versions)
    changed: dict[str, pd.Series] = {}
    for key in absence.columns:
        sent = rows.present[key].to_numpy(dtype=bool)
        missing = np.zeros(len(absence), dtype=bool)
        for number in range(len(distinct)):
            made = numbers == number
            if not sent[made].any():
                missing |= made & where_asked[key].to_numpy(dtype=bool)
        if missing.any():
            changed[key] = absence[key].mask(missing, Absence.NOT_IN_VERSION.value).astype("int8")
    return absence.assign(**changed) if changed else absence


def _overlay(absence: pd.DataFrame, typed: _Typed, rows: TextRows) -> pd.DataFrame:
    """What the questionnaire alone cannot know: unreadable, and no place in the file."""
    changed = {
        key: absence[key].mask(mask, Absence.UNREADABLE.value).astype("int8")
        for key, mask in typed.masks.items()
    }
    for key in absence.columns:
        if key not in rows.text:
            changed[key] = pd.Series(
                Absence.NOT_IN_VERSION.value, index=absence.index, dtype="int8"
            )
    return absence.assign(**changed) if changed else absence


def _as_said(absence: pd.DataFrame, typed: _Typed, rows: TextRows) -> pd.DataFrame:
    """What the file says itself of cells that are empty."""
    if rows.said is None:
        return absence
    changed: dict[str, pd.Series] = {}
    for key in map(str, rows.said.columns):
        if key in absence.columns:
            reasons = pd.Series(rows.said[key].to_numpy(dtype=np.int8), index=absence.index)
            fits = reasons.ne(Absence.PRESENT.value) & typed.frame[key].isna()
            if fits.any():
                changed[key] = absence[key].mask(fits, reasons).astype("int8")
    return absence.assign(**changed) if changed else absence


def listed(names: Sequence[str]) -> str:
    """A few names, and how many more there are."""
    shown = ", ".join(f"'{name}'" for name in names[:MOST_LISTED])
    more = len(names) - MOST_LISTED
    return f"{shown} and {more} more" if more > 0 else shown
