"""Interviews of older versions among new ones, each judged by the form it was made with.

Pooled responses hold every answer under the name and code that the new form has for it. What
was asked of an interview, which answers it could take and what it had to answer is another
matter: that is in the form on the phone at the time. So whatever replays a form does it
version by version, on the interviews put back into their own terms, and puts the results
together again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import wraps
from types import MappingProxyType
from typing import Concatenate, ParamSpec
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.questionnaire.expression import Expression
from survey_kit.questionnaire.model import Item, Questionnaire
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.empty import empty_answers
from survey_kit.responses.logic.columns import Answered
from survey_kit.responses.matching import holds_answers
from survey_kit.responses.model import Absence, Edition, Responses, Rows

P = ParamSpec("P")


@dataclass(frozen=True, eq=False)
class Own:
    """The interviews of one version in its own terms.

    `rows` is (n,) bool over all interviews: which are its own. `edition` is None for those of
    the new form, whose terms are those of the pool.
    """

    responses: Responses
    rows: NDArray[np.bool_]
    edition: Edition | None


_PARTED: WeakKeyDictionary[Responses, tuple[Own, ...]] = WeakKeyDictionary()
"""Every check asks for the same parts, so they are made once for as long as the pool is in use."""


def each_version(responses: Responses) -> tuple[Own, ...]:
    """The interviews version by version, those of the new form and of no known version first."""
    if responses not in _PARTED:
        _PARTED[responses] = tuple(_parted(responses))
    return _PARTED[responses]


def _parted(responses: Responses) -> Iterator[Own]:
    versions = responses.meta["version"].astype("str") if "version" in responses.meta else None
    rest = np.ones(len(responses), dtype=np.bool_)
    found: list[Own] = []
    for version, edition in responses.editions.items():
        made = np.zeros(len(responses), dtype=np.bool_)
        if versions is not None:
            made = versions.eq(version).fillna(value=False).to_numpy(dtype=np.bool_)
        rest &= ~made
        if made.any():
            found.append(Own(_own_terms(responses.only(made), edition), made, edition))
    new = replace(responses.only(rest), editions=MappingProxyType({}))
    yield Own(new, rest, None)
    yield from found


def not_in_version(expression: Expression, responses: Responses) -> NDArray[np.bool_]:
    """(n,) bool. Interviews whose version of the form lacked a question that a rule refers to."""
    found = np.zeros(len(responses), dtype=np.bool_)
    for name in expression.answers:
        if name in responses.absence.columns:
            found |= responses.absence[name].to_numpy() == Absence.NOT_IN_VERSION
    return found


def new_keys(edition: Edition) -> Mapping[str, str]:
    """Key in the old form -> key in the new one."""
    return {old: new for new, old in edition.keys.items()}


def old_repeat(edition: Edition, new: Questionnaire, name: str) -> str | None:
    """What a repeat of the new form was called in the old one; None where it was not there."""
    for key, old in edition.keys.items():
        inside = new.by_key[key].repeats
        if inside and name in inside:
            around = edition.questionnaire.by_key[old].repeats
            return around[inside.index(name)]
    return name if name in edition.questionnaire.repeats else None


def _own_terms(responses: Responses, edition: Edition) -> Responses:
    """Interviews of one old version under its names and codes.

    A code that stands for several old ones cannot be put back: the first of them is written,
    and the cell counts as not known, so that no rule is held against the interview for it.
    """
    old = edition.questionnaire
    frame, absence = _frames(responses.frame, responses.absence, None, edition)
    repeats: dict[str, Rows] = {}
    names = {old_repeat(edition, responses.questionnaire, name): name for name in responses.repeats}
    for name in old.repeats:
        levels = ["interview", *old.repeats[name][1], name]
        if name in names:
            rows = responses.repeats[names[name]]
            inner = _frames(rows.frame, rows.absence, name, edition)
            repeats[name] = Rows(*(each.rename_axis(index=levels) for each in inner))
        else:
            repeats[name] = _no_rows(old, name, levels)
    back = new_keys(edition)
    known = {new: key for key, new in back.items()}
    unreadable = responses.unreadable
    return replace(
        responses,
        questionnaire=old,
        frame=frame,
        absence=absence,
        repeats=MappingProxyType(repeats),
        unreadable=unreadable.assign(question=unreadable["question"].replace(known)),
        editions=MappingProxyType({}),
    )


def _no_rows(old: Questionnaire, name: str, levels: list[str]) -> Rows:
    index = pd.MultiIndex.from_arrays(
        [pd.Index([], dtype="str"), *(pd.Index([], dtype="int64") for _ in levels[1:])],
        names=levels,
    )
    items = [item for item in old.items if holds_answers(item, name)]
    frame = pd.DataFrame({i.key: empty_answers(i, index) for i in items}, index=index)
    return Rows(frame, pd.DataFrame(0, index=index, columns=frame.columns, dtype=np.int8))


def _frames(
    frame: pd.DataFrame,
    absence: pd.DataFrame,
    repeat: str | None,
    edition: Edition,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The answers of the interviews, or of one repeat's rows, in the terms of the old form."""
    old, back = edition.questionnaire, new_keys(edition)
    answers: dict[str, pd.Series] = {}
    why: dict[str, pd.Series] = {}
    for item in old.items:
        if not holds_answers(item, repeat):
            continue
        key = back.get(item.key)
        if key is None or key not in frame.columns:
            answers[item.key] = empty_answers(item, frame.index)
            why[item.key] = pd.Series(Absence.NOT_IN_VERSION.value, index=frame.index, dtype="int8")
            continue
        answers[item.key], unsure = _put_back(
            frame[key], edition.codes.get(key, {}), item, edition.questionnaire
        )
        why[item.key] = absence[key].mask(unsure, Absence.NOT_IN_VERSION.value).astype("int8")
    return pd.DataFrame(answers, index=frame.index), pd.DataFrame(why, index=frame.index)


def _put_back(
    answers: pd.Series, codes: Mapping[str, str], item: Item, old: Questionnaire
) -> tuple[pd.Series, NDArray[np.bool_]]:
    """Answers under their old codes, and (n,) bool: where more than one could have stood."""
    if not codes:
        return answers, np.zeros(len(answers), dtype=np.bool_)
    sources: dict[str, list[str]] = {}
    for choice in old.choices(item.question):
        sources.setdefault(codes.get(choice.code, choice.code), []).append(choice.code)
    several = item.question.type.storage is Storage.CODES
    numbers, distinct = pd.factorize(answers)
    put_back: list[str | None] = []
    unsure: list[bool] = []
    for answer in distinct:
        parts = str(answer).split() if several else [str(answer)]
        put_back.append(" ".join(sources.get(part, [part])[0] for part in parts))
        unsure.append(any(len(sources.get(part, [])) > 1 for part in parts))
    words = np.array([*put_back, None], dtype=object)[numbers]
    return (
        pd.Series(words, index=answers.index, dtype="str"),
        np.array([*unsure, False], dtype=np.bool_)[numbers],
    )


def recoded(answers: pd.Series, codes: Mapping[str, str], storage: Storage) -> pd.Series:
    """Answers under their new codes. Codes that become one stand once among several."""
    if not codes:
        return answers
    numbers, distinct = pd.factorize(answers)
    words: list[str | None] = []
    for answer in distinct:
        parts = str(answer).split() if storage is Storage.CODES else [str(answer)]
        words.append(" ".join(dict.fromkeys(codes.get(part, part) for part in parts)))
    found = np.array([*words, None], dtype=object)[numbers]
    return pd.Series(found, index=answers.index, dtype="str")


def marks_by_version(
    function: Callable[Concatenate[Answered, P], pd.DataFrame],
) -> Callable[Concatenate[Answered, P], pd.DataFrame]:
    """Marks (bool) on the cells of the interviews, each interview judged by its own version."""

    @wraps(function)
    def judged(answered: Answered, *args: P.args, **kwargs: P.kwargs) -> pd.DataFrame:
        if not isinstance(answered, Responses) or not answered.editions:
            return function(answered, *args, **kwargs)
        return _together(answered.frame, answered, lambda own, _: function(own, *args, **kwargs))

    return judged


def marks_in_repeat_by_version(
    function: Callable[Concatenate[Answered, str, P], pd.DataFrame],
) -> Callable[Concatenate[Answered, str, P], pd.DataFrame]:
    """The same for the rows of a repeat."""

    @wraps(function)
    def judged(answered: Answered, name: str, *args: P.args, **kwargs: P.kwargs) -> pd.DataFrame:
        if not isinstance(answered, Responses) or not answered.editions:
            return function(answered, name, *args, **kwargs)

        def of(own: Responses, edition: Edition | None) -> pd.DataFrame:
            called = old_repeat(edition, answered.questionnaire, name) if edition else name
            if called is None or called not in own.repeats:
                return pd.DataFrame()
            return function(own, called, *args, **kwargs)

        return _together(answered.repeats[name].frame, answered, of)

    return judged


def _together(
    frame: pd.DataFrame,
    responses: Responses,
    judge: Callable[[Responses, Edition | None], pd.DataFrame],
) -> pd.DataFrame:
    """Marks of all versions on the cells of one frame of the pool; what a version lacks is not marked."""
    marks: dict[str, NDArray[np.bool_]] = {}
    place = responses.frame.index.get_indexer(frame.index.get_level_values(0))
    for own in each_version(responses):
        here = (place >= 0) & own.rows[place]
        found = judge(own.responses, own.edition)
        names = new_keys(own.edition) if own.edition else {str(key): str(key) for key in found}
        for column in found.columns:
            key = names.get(str(column))
            if key is None or key not in frame.columns:
                continue
            marks.setdefault(key, np.zeros(len(frame), dtype=np.bool_))[here] = found[column]
    order = [str(key) for key in frame.columns if key in marks]
    return pd.DataFrame({key: marks[key] for key in order}, index=frame.index)


def results_by_version(
    function: Callable[[Answered, str], pd.Series],
) -> Callable[[Answered, str], pd.Series]:
    """Results of a calculation, each interview's by the rule of its own version."""

    @wraps(function)
    def worked_out(answered: Answered, key: str) -> pd.Series:
        if not isinstance(answered, Responses) or not answered.editions:
            return function(answered, key)
        new = answered.questionnaire.by_key[key]
        frame = answered.repeats[new.repeats[-1]].frame if new.repeats else answered.frame
        found = empty_answers(new, frame.index)
        place = answered.frame.index.get_indexer(frame.index.get_level_values(0))
        for own in each_version(answered):
            called = own.edition.keys.get(key) if own.edition else key
            if called is None:
                continue
            item = own.responses.questionnaire.by_key[called]
            if item.question.calculation is None:
                continue
            here = (place >= 0) & own.rows[place]
            result = function(own.responses, called).set_axis(frame.index[here])
            found = result.reindex(frame.index).where(here, found)
        return found

    return worked_out
