"""Answers that may leave: what identifies people is taken out, before any file is written.

    identifiers            dropped; a code of one choice (an enumerator) is kept as a hash
    free text, files       dropped, unless classed plain, or classed by the study itself
    places on the ground   dropped, unless classed otherwise
    codes not in the list  blanked, unless the study itself classes the question: what was
                           written where a code belongs may be anything
    moments                the day only: an hour and a place say who was interviewed
    interview ids          pseudonyms
    what the source knew   dropped but for the version of the form and the day it was sent;
                           weight and completeness, which the toolkit added, stay

Hashes are keyed (HMAC-SHA-256, 64 bits shown): without the key nobody can try out all
enumerator codes. The same key gives the same pseudonyms in every release, so that releases
can be joined; a key that is made for one release and forgotten cannot.
"""

from __future__ import annotations

import hmac
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd

from survey_kit.errors import FileProblem, ProtectionError
from survey_kit.protection.classes import NO_OVERRIDES, check_overrides, privacy_of
from survey_kit.questionnaire.model import Item, Privacy, Questionnaire
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.model import Absence, Responses, Rows

_SHORTEST_KEY = 32
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_META = ("version", "submitted", "complete", "weight")
"""What may be known of an interview: how it was made, and what the toolkit itself added."""


@dataclass(frozen=True)
class Key:
    """The secret of the hashes, and where it came from, in words."""

    secret: bytes
    origin: str

    def hash(self, what: str, value: str) -> str:
        """16 hexadecimal digits. `what` keeps the same code of two questions apart."""
        message = f"{what}\0{value}".encode()
        return hmac.new(self.secret, message, sha256).hexdigest()[:16]


def random_key() -> Key:
    """A key for one release, which is then forgotten."""
    return Key(
        secrets.token_bytes(_SHORTEST_KEY), "a random key, made for this release and forgotten"
    )


def read_key(path: Path, outputs: Path) -> Key:
    """The key in a file that only its owner can read, outside the folder of the outputs.

    Raises
    ------
    FileProblem
        If there is no such file, or it holds fewer than 32 bytes.
    ProtectionError
        If others may read it, or it lies among the outputs.
    """
    if not path.is_file():
        raise FileProblem(
            str(path),
            "there is no key here",
            "Make one with: head -c 32 /dev/urandom > KEY && chmod 600 KEY",
        )
    if path.resolve().is_relative_to(outputs.resolve()):
        raise ProtectionError(
            str(path), "the key lies among the outputs, and would leave with them", "Move it out"
        )
    if path.stat().st_mode & _OTHERS:
        raise ProtectionError(
            str(path), "others than its owner may read the key", "Close it with: chmod 600 KEY"
        )
    secret = path.read_bytes()
    if len(secret) < _SHORTEST_KEY:
        raise FileProblem(
            str(path),
            f"the key is {len(secret)} bytes long, and {_SHORTEST_KEY} are needed",
            "Make one with: head -c 32 /dev/urandom > KEY && chmod 600 KEY",
        )
    return Key(secret, "the study's key file")


@dataclass(frozen=True, eq=False)
class Release:
    """What may leave, and what was done to each question that changed.

    `treatment` holds one row for everything that was changed or dropped, repeats and meta
    included: question, class, done. `key` says which key made the hashes.
    """

    responses: Responses
    treatment: tuple[Mapping[str, str], ...]
    key: str


def releasable(
    responses: Responses,
    overrides: Mapping[str, Privacy] = NO_OVERRIDES,
    *,
    key: Key | None = None,
) -> Release:
    """Take out what identifies people, and say what was done.

    Parameters
    ----------
    overrides
        Classes that the study states beyond the questionnaire's.
    key
        Of the pseudonyms and hashes; a random one where None.

    Raises
    ------
    StudyError
        If `overrides` classes a question that does not exist.
    """
    check_overrides(responses.questionnaire, overrides)
    treatment = _Treatment(responses.questionnaire, overrides, key or random_key())
    treatment.say("interview", Privacy.IDENTIFIER.value, "replaced by a pseudonym")
    frame, absence = treatment.of_answers(responses.frame, responses.absence)
    names = treatment.pseudonyms(responses.frame.index)
    repeats: dict[str, Rows] = {}
    for name, rows in responses.repeats.items():
        inner, inner_absence = treatment.of_answers(rows.frame, rows.absence)
        index = treatment.pseudonyms(rows.frame.index)
        repeats[name] = Rows(inner.set_axis(index), inner_absence.set_axis(index))
    released = replace(
        responses,
        frame=frame.set_axis(names),
        absence=absence.set_axis(names),
        repeats=MappingProxyType(repeats),
        meta=treatment.of_meta(responses.meta).set_axis(names),
        unreadable=responses.unreadable.iloc[:0],
    )
    return Release(released, tuple(treatment.rows), treatment.key.origin)


@dataclass(frozen=True)
class _Treatment:
    """How each column is treated, and the account of it."""

    questionnaire: Questionnaire
    overrides: Mapping[str, Privacy]
    key: Key
    rows: list[Mapping[str, str]] = field(default_factory=list[Mapping[str, str]])

    def say(self, question: str, privacy: str, done: str) -> None:
        self.rows.append({"question": question, "class": privacy, "done": done})

    def of_answers(
        self, frame: pd.DataFrame, absence: pd.DataFrame
    ) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The columns that may leave, as they may leave."""
        kept: dict[str, pd.Series] = {}
        gone: dict[str, pd.Series] = {}
        for name in map(str, frame.columns):
            item = self.questionnaire.by_key.get(name)
            if item is None:
                self.say(name, "unknown", "dropped: no question of the questionnaire")
                continue
            answers = self._answers(frame[name], name, item)
            if answers is None:
                continue
            kept[name] = answers
            lost = frame[name].notna() & answers.isna()
            if lost.any():
                gone[name] = absence[name].mask(lost, np.int8(Absence.UNREADABLE))
        return pd.DataFrame(kept, index=frame.index), absence[list(kept)].assign(**gone)

    def _answers(self, answers: pd.Series, name: str, item: Item) -> pd.Series | None:
        privacy = privacy_of(item, self.overrides)
        kind = item.question.type
        if privacy is Privacy.IDENTIFIER and kind.storage is Storage.CODE:
            self.say(name, privacy.value, "codes replaced by keyed hashes")
            return self._hashed(answers, name)
        if privacy is Privacy.IDENTIFIER:
            self.say(name, privacy.value, "dropped")
            return None
        free = kind.asked and kind.storage in (Storage.TEXT, Storage.FILE)
        if free and privacy is not Privacy.PLAIN and name not in self.overrides:
            self.say(name, privacy.value, "dropped: free text may name people")
            return None
        if kind.storage is Storage.DATETIME:
            self.say(name, privacy.value, "the day only")
            return answers.dt.normalize()
        if kind.takes_choices and name not in self.overrides:
            return self._listed(answers, name, item)
        return answers

    def _listed(self, answers: pd.Series, name: str, item: Item) -> pd.Series:
        """The answers without the codes that are not in the list of the question."""
        codes = {choice.code for choice in self.questionnaire.choices(item.question)}
        several = item.question.type.storage is Storage.CODES
        known: dict[str, str | None] = {}
        for answer in map(str, answers.dropna().unique()):
            parts = [part for part in answer.split() if part in codes] if several else []
            known[answer] = (
                (" ".join(parts) or None) if several else answer if answer in codes else None
            )
        foreign = [answer for answer, listed in known.items() if answer != listed]
        if not foreign:
            return answers
        number = int(answers.isin(foreign).sum())
        cells = "1 cell" if number == 1 else f"{number} cells"
        self.say(
            name, privacy_of(item, self.overrides).value, f"codes not in the list blanked: {cells}"
        )
        return answers.map(known).astype("str")

    def _hashed(self, answers: pd.Series, name: str) -> pd.Series:
        codes, distinct = pd.factorize(answers)
        hashes = [*(self.key.hash(name, str(code)) for code in distinct), None]
        return pd.Series(hashes, dtype="str").take(codes).set_axis(answers.index)

    def pseudonyms(self, index: pd.Index) -> pd.Index:
        """The index with pseudonyms for its interviews; that of a repeat keeps its positions."""
        if not isinstance(index, pd.MultiIndex):
            return pd.Index(self._names(index), name=index.name)
        return index.set_levels(self._names(index.levels[0]), level=0)

    def _names(self, interviews: pd.Index) -> list[str]:
        return [self.key.hash("interview", str(each)) for each in interviews]

    def of_meta(self, meta: pd.DataFrame) -> pd.DataFrame:
        """What is known of an interview beside its answers, as far as it may leave."""
        kept: dict[str, pd.Series] = {}
        for name in map(str, meta.columns):
            if name not in _META:
                self.say(f"meta: {name}", Privacy.IDENTIFIER.value, "dropped")
            elif pd.api.types.is_datetime64_any_dtype(meta[name]):
                kept[name] = meta[name].dt.normalize()
                self.say(f"meta: {name}", Privacy.QUASI.value, "the day only")
            else:
                kept[name] = meta[name]
        return pd.DataFrame(kept, index=meta.index)
