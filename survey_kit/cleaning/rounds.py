"""Rounds: checks run twice a week on an export that grows, and what was settled stays settled.

Beside each quality workbook a record is kept of what has been found so far: of every finding its check, its
interview, row and question, and a hash of the answer that stood there, never the answer. Held against
it and against the log of decisions, a finding of this round is

    new        it was not there before
    known      it was, and nobody has decided
    settled    somebody has decided about this cell, or about the whole interview
    changed    it was there, and the answer is another one since, or the evidence clearly grew after it
               was settled; decisions made before do not count

A decision counts for the cell and not for one check of it: whoever looked at an answer and let it
stand has seen all that was said of it. A decision about an enumerator or a question has no cell: it
is kept in the record with its comment, and holds until the evidence grows (see `settled`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from hashlib import sha256
from hmac import new as hmac
from pathlib import Path

import numpy as np
import pandas as pd

from survey_kit.cleaning.correction import Action, Correction
from survey_kit.cleaning.corrections_file import EARLIER, ROUND
from survey_kit.cleaning.settled import Settled, substance
from survey_kit.errors import FileProblem

PLACE = ("check", "interview", "row", "question", "about", "number")
"""What tells a finding from others: `about` is the hash of what is said where it is about no interview,
without its figures, and `number` counts findings that are alike in all of these, from 1."""
BEFORE = (*PLACE, "answer", "decided", "first", "last")
"""Columns of a record that knows of no decision about enumerators and questions, as they were once."""
JUDGED = ("said", "decision", "comment", "who", "when")
"""What was decided about a finding that concerns no interview, and what it said then."""
RECORD = (*BEFORE, *JUDGED)
"""Columns of a record, all text: `decided` is how many decisions there were when the answer changed."""
DIGITS = 16
"""Hexadecimal digits of a hash: enough to tell answers apart, too few to be one of a password."""
REMOVED = Action.REMOVE.value
CELL = ("interview", "row", "question")
STATE = "state"
"""A column that a round adds to findings: their state. The others are `EARLIER`, what was decided, by
whom, when and why, and `ROUND`, its own name."""


class State(Enum):
    """What a finding is in this round."""

    NEW = "new"
    KNOWN = "known"
    SETTLED = "settled"
    CHANGED = "changed"


@dataclass(frozen=True, eq=False)
class Round:
    """One round.

    findings
        Those of this round with the columns `STATE`, `EARLIER` and `ROUND`, in their order.
    record
        What has been found in all rounds so far (`RECORD`), to be kept for the next.
    gone
        Rows of the earlier record that are no finding any more: corrected in the source, or no longer true.
    summed
        The findings for which lines stand (`Checked.summed`), with the same columns.
    """

    findings: pd.DataFrame
    record: pd.DataFrame
    gone: pd.DataFrame
    summed: pd.DataFrame

    @property
    def to_review(self) -> pd.DataFrame:
        """The findings that nobody has settled, the new and the changed ones first."""
        order = {State.CHANGED.value: 0, State.NEW.value: 1, State.KNOWN.value: 2}
        open_ = self.findings[self.findings[STATE] != State.SETTLED.value]
        return open_.iloc[np.argsort(open_[STATE].map(order).to_numpy(), kind="stable")]

    @property
    def counts(self) -> dict[str, int]:
        """How many findings are in each state."""
        found = self.findings[STATE].value_counts()
        return {state.value: int(found.get(state.value, 0)) for state in State}


def nothing_yet() -> pd.DataFrame:
    """The record before the first round."""
    return pd.DataFrame({column: pd.Series(dtype="str") for column in RECORD})


def decisions(corrections: Iterable[Correction]) -> pd.DataFrame:
    """A file of corrections as decisions: interview, row, question, action."""
    rows = [(c.interview, c.row, c.question, c.action.value) for c in corrections]
    return pd.DataFrame(rows, columns=["interview", "row", "question", "action"], dtype="str")


def this_round(
    findings: pd.DataFrame,
    record: pd.DataFrame,
    decided: pd.DataFrame,
    *,
    name: str,
    key: bytes = b"",
    settled: Sequence[Settled] = (),
    summed: pd.DataFrame | None = None,
) -> Round:
    """What is new, known, settled and changed among the findings of a round.

    Parameters
    ----------
    findings
        As in `Checked`, of the raw answers.
    record
        Of the rounds before: `nothing_yet()` at first.
    decided
        The decisions so far, with the columns interview, row, question and action, and perhaps why,
        who and when: `decisions(...)`, or the log of `apply_corrections`.
    name
        Of this round, such as its day: "2026-11-22".
    key
        A secret of the study. Without one, whoever holds the record can try out short answers.
    settled
        What reviewed workbooks decide about findings that concern no interview, such as
        `settled_in(...)`; what earlier rounds knew is in the record.
    summed
        The findings behind lines, as in `Checked`: they are settled and known like the others.
    """
    listed = len(findings)
    if summed is not None and len(summed):
        findings = pd.concat([findings, summed])
    places = _places(findings, key)
    entries = _entries(places, decided)
    before = record.set_index(list(PLACE))
    held = before.reindex(pd.MultiIndex.from_frame(places[list(PLACE)]))
    seen = held["answer"].notna().to_numpy(dtype=np.bool_)
    same = held["answer"].fillna("").to_numpy(dtype=object) == places["answer"].to_numpy(
        dtype=object
    )
    judged = _judged(findings, held[list(JUDGED)], settled, name)
    holds = np.array([each is not None and each[1] for each in judged], dtype=np.bool_)
    grown = np.array([each is not None and not each[1] for each in judged], dtype=np.bool_)
    changed = (seen & ~same) | grown
    counted = pd.to_numeric(held["decided"].fillna("0")).to_numpy(dtype=np.int64)
    done = holds | (~changed & (entries > counted))
    state = np.select(
        [done, changed, seen],
        [State.SETTLED.value, State.CHANGED.value, State.KNOWN.value],
        State.NEW.value,
    )
    now = places.assign(
        decided=np.where(changed, entries, counted).astype(str),
        first=held["first"].fillna(name).to_numpy(dtype=object),
        last=name,
        **_remembered(judged),
    )
    back = before.index.isin(pd.MultiIndex.from_frame(places[list(PLACE)]))
    gone = record[~back].reset_index(drop=True)
    earlier = np.where(entries > 0, _last_words(places, decided), "")
    earlier = [
        each[0].told(holds=each[1]) if each else words
        for each, words in zip(judged, earlier, strict=True)
    ]
    marked = findings.assign(
        **{
            STATE: pd.Series(state, index=findings.index, dtype="str"),
            EARLIER: pd.Series(earlier, index=findings.index, dtype="str"),
            ROUND: pd.Series(name, index=findings.index, dtype="str"),
        }
    )
    return Round(
        findings=marked.iloc[:listed],
        record=pd.concat([now[list(RECORD)], gone], ignore_index=True).astype("str"),
        gone=gone,
        summed=marked.iloc[listed:],
    )


def _places(findings: pd.DataFrame, key: bytes) -> pd.DataFrame:
    """(f, 7) text: `PLACE` and the hash of the answer."""
    table = findings[["check", "interview", "row", "question"]].astype("str").fillna("")
    table = table.reset_index(drop=True)
    answers = findings["answer"].astype("str").fillna("").to_numpy(dtype=object)
    nobody = (table["interview"] == "").to_numpy(dtype=np.bool_)
    said = findings["what"].astype("str").map(substance)
    about = [hashed(words, "", key) if no else "" for words, no in zip(said, nobody, strict=True)]
    table["about"] = pd.Series(about, dtype="str")
    table["number"] = (table.groupby(list(PLACE[:-1])).cumcount() + 1).astype("str")
    table["answer"] = [
        hashed(str(answer), f"{interview}\n{row}\n{question}", key)
        for answer, interview, row, question in zip(
            answers, table["interview"], table["row"], table["question"], strict=True
        )
    ]
    return table


def _judged(
    findings: pd.DataFrame, held: pd.DataFrame, settled: Sequence[Settled], name: str
) -> list[tuple[Settled, bool] | None]:
    """(f,) the decision about each finding that concerns no interview, and whether it still holds."""
    made: dict[tuple[str, str, str], list[Settled]] = {}
    for each in settled:
        made.setdefault(each.place, []).append(each)
    rows = findings[["check", "interview", "question", "what"]].astype("str").fillna("")
    judged: list[tuple[Settled, bool] | None] = []
    for (check, interview, question, what), kept in zip(
        rows.itertuples(index=False, name=None),
        held.fillna("").itertuples(index=False, name=None),
        strict=True,
    ):
        if interview:
            judged.append(None)
            continue
        known = [Settled(check, question, *kept)] if kept[0] else []
        new = [
            replace(each, when=name)
            for each in made.get((check, question, substance(what)), ())
            if not any(replace(each, when=old.when) == old for old in known)
        ]
        standing = [each for each in (*known, *new) if each.holds(what)]
        last = (standing or new or known)[-1:]
        judged.append((last[0], bool(standing)) if last else None)
    return judged


def _remembered(judged: Sequence[tuple[Settled, bool] | None]) -> dict[str, list[str]]:
    """`JUDGED` for each finding."""
    return {
        column: [getattr(each[0], column) if each else "" for each in judged] for column in JUDGED
    }


def _last_words(
    places: pd.DataFrame, decided: pd.DataFrame
) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """(f,) the last decision about the cell of each finding, or about its whole interview."""
    made = decided.reindex(columns=[*CELL, "action", "who", "when", "why"], fill_value="").astype(
        "str"
    )
    made = made.fillna("")
    made = made[made["action"].isin([action.value for action in Action])]
    said: dict[tuple[str, str, str], str] = {}
    removed: dict[str, str] = {}
    for interview, row, question, action, who, when, why in made.itertuples(index=False, name=None):
        signed = ", ".join(filter(None, (action, who, when)))
        words = f"{signed}: {why}" if why else signed
        if action == REMOVED:
            removed[interview] = words
            continue
        for asked in {question, question.rpartition("/")[0] or question}:
            said[(interview, row, asked)] = words
    keys = places[list(CELL)].itertuples(index=False, name=None)
    return np.array([removed.get(key[0]) or said.get(key, "") for key in keys], dtype=object)


def hashed(answer: str, place: str, key: bytes) -> str:
    """The hash of an answer in its place, so that equal answers elsewhere have others."""
    text = f"{place}\n{answer}".encode()
    whole = hmac(key, text, sha256).hexdigest() if key else sha256(text).hexdigest()
    return whole[:DIGITS]


def _entries(
    places: pd.DataFrame, decided: pd.DataFrame
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """(f,) how many decisions there are about the cell of each finding, or its whole interview."""
    made = decided[["interview", "row", "question", "action"]].astype("str").fillna("")
    made = made[made["action"].isin([action.value for action in Action])]
    cells: dict[tuple[str, str, str], int] = {}
    removed: dict[str, int] = {}
    for interview, row, question, action in made.itertuples(index=False, name=None):
        if action == REMOVED:
            removed[interview] = removed.get(interview, 0) + 1
            continue
        for asked in {question, question.rpartition("/")[0] or question}:
            cell = (interview, row, asked)
            cells[cell] = cells.get(cell, 0) + 1
    keys = places[["interview", "row", "question"]].itertuples(index=False, name=None)
    found = [0 if not key[0] else cells.get(key, 0) + removed.get(key[0], 0) for key in keys]
    return np.array(found, dtype=np.int64)


def write_record(record: pd.DataFrame, path: Path) -> None:
    """Keep a record for the next round, as CSV."""
    record.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")


def read_record(path: Path) -> pd.DataFrame:
    """The record of the rounds before; that of no round if there is no such file.

    Raises
    ------
    FileProblem
        If the file is something else.
    """
    if not path.exists():
        return nothing_yet()
    try:
        record = pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8")
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise FileProblem(
            path.name, "it is no record of rounds", "Restore it, or delete it"
        ) from error
    if tuple(record.columns) == BEFORE:
        record = record.assign(**dict.fromkeys(JUDGED, ""))
    broken = tuple(record.columns) != RECORD or not record["decided"].str.fullmatch(r"\d+").all()
    if broken or record.duplicated(list(PLACE)).any():
        raise FileProblem(path.name, "it is no record of rounds", "Restore it, or delete it")
    return record.astype("str")
