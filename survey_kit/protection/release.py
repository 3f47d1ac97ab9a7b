"""Answers that may leave: what identifies people is taken out, before any file is written.

    identifiers            dropped; a code of one choice (an enumerator) is kept as a hash
    free text, files       dropped, unless the study classes the question otherwise
    places on the ground   dropped, unless classed otherwise
    moments                the day only: an hour and a place say who was interviewed
    interview ids          pseudonyms
    what the source knew   dropped but for the version of the form and the day it was sent

Hashes are keyed (HMAC-SHA-256, 64 bits shown): without the key nobody can try out all
enumerator codes. The same key gives the same pseudonyms in every release, so that releases
can be joined; a key that is made for one release and forgotten cannot.
"""

from __future__ import annotations

import hmac
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from survey_kit.errors import FileProblem, ProtectionError
from survey_kit.protection.classes import NO_OVERRIDES, check_overrides, privacy_of
from survey_kit.questionnaire.model import Item, Privacy
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.model import Responses, Rows

_SHORTEST_KEY = 32
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_META = ("version", "submitted")


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
    """What may leave, and what was done to each question.

    `done` has the columns question, class, done: one line for every column that was
    changed or dropped, repeats and meta included.
    """

    responses: Responses
    done: pd.DataFrame
    key: str


def release(
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
    key = key or random_key()
    items = responses.questionnaire.by_key
    done: list[tuple[str, str, str]] = [("interview", "identifier", "replaced by a pseudonym")]
    frame, absence = _treated(responses.frame, responses.absence, items, overrides, key, done)
    names = pd.Index(
        [key.hash("interview", str(each)) for each in frame.index], name=frame.index.name
    )
    repeats: dict[str, Rows] = {}
    for name, rows in responses.repeats.items():
        inner, inner_absence = _treated(rows.frame, rows.absence, items, overrides, key, done)
        index = _renamed(inner.index, key)
        repeats[name] = Rows(inner.set_axis(index), inner_absence.set_axis(index))
    released = replace(
        responses,
        frame=frame.set_axis(names),
        absence=absence.set_axis(names),
        repeats=MappingProxyType(repeats),
        meta=_meta(responses.meta, done).set_axis(names),
        unreadable=responses.unreadable.iloc[:0],
    )
    return Release(
        released, pd.DataFrame(done, columns=["question", "class", "done"], dtype="str"), key.origin
    )


def releasable(
    responses: Responses,
    overrides: Mapping[str, Privacy] = NO_OVERRIDES,
    *,
    key: Key | None = None,
) -> Responses:
    """The answers of `release`, without the account of what was done."""
    return release(responses, overrides, key=key).responses


def _treated(
    frame: pd.DataFrame,
    absence: pd.DataFrame,
    items: Mapping[str, Item],
    overrides: Mapping[str, Privacy],
    key: Key,
    done: list[tuple[str, str, str]],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    kept: dict[str, pd.Series] = {}
    for name in map(str, frame.columns):
        item = items.get(name)
        if item is None:
            done.append((name, "unknown", "dropped: no question of the questionnaire"))
            continue
        privacy = privacy_of(item, overrides)
        storage = item.question.type.storage
        if privacy is Privacy.IDENTIFIER:
            if storage is Storage.CODE:
                kept[name] = _hashed(frame[name], name, key)
                done.append((name, privacy.value, "codes replaced by keyed hashes"))
            else:
                done.append((name, privacy.value, "dropped"))
            continue
        if storage is Storage.DATETIME:
            kept[name] = frame[name].dt.normalize()
            done.append((name, privacy.value, "the day only"))
            continue
        kept[name] = frame[name]
    return pd.DataFrame(kept, index=frame.index), absence[list(kept)]


def _hashed(answers: pd.Series, name: str, key: Key) -> pd.Series:
    codes, distinct = pd.factorize(answers)
    hashes = pd.Series([*(key.hash(name, str(code)) for code in distinct), None], dtype="str")
    return hashes.take(codes).set_axis(answers.index)


def _renamed(index: pd.Index, key: Key) -> pd.Index:
    """The index of a repeat, with pseudonyms for its interviews."""
    if not isinstance(index, pd.MultiIndex):
        return pd.Index([key.hash("interview", str(each)) for each in index], name=index.name)
    first = index.levels[0]
    return index.set_levels([key.hash("interview", str(each)) for each in first], level=0)


def _meta(meta: pd.DataFrame, done: list[tuple[str, str, str]]) -> pd.DataFrame:
    kept: dict[str, pd.Series] = {}
    for name in map(str, meta.columns):
        if name not in _META:
            done.append((f"meta: {name}", "identifier", "dropped"))
        elif pd.api.types.is_datetime64_any_dtype(meta[name]):
            kept[name] = meta[name].dt.normalize()
            done.append((f"meta: {name}", "quasi", "the day only"))
        else:
            kept[name] = meta[name]
    return pd.DataFrame(kept, index=meta.index)
