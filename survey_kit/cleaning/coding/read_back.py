"""Reads coders' workbooks back: what was chosen, and what is wrong with it, as rows.

A file for another question or made with other answers is refused. A wrong code, an answer
without one, or an answer that was changed is a row of findings; nobody's answer stands in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from survey_kit.cleaning.coding.frame import CodeFrame
from survey_kit.cleaning.coding.units import Unit
from survey_kit.cleaning.coding.workbook import ABOUT, ANSWERS, FACTS
from survey_kit.cleaning.spelling import did_you_mean
from survey_kit.errors import CodingError
from survey_kit.responses.readers.text_table import TextTable, read_workbook

FAULTS = ("file", "coder", "unit", "what", "suggestion")
"""Columns of the findings about coders' files."""


@dataclass(frozen=True, eq=False)
class Coding:
    """What one coder made of some answers.

    chosen
        Unit -> codes in the newest version of the frame, in its order. An answer without a
        usable code is not in it.
    notes
        Unit -> note, where there is one.
    faults
        Columns `FAULTS`.
    """

    coder: str
    files: tuple[str, ...]
    chosen: Mapping[str, tuple[str, ...]]
    notes: Mapping[str, str]
    faults: pd.DataFrame

    @property
    def units(self) -> frozenset[str]:
        """The answers that have codes."""
        return frozenset(self.chosen)


def read_coding(
    paths: Sequence[Path], frame: CodeFrame, units: Sequence[Unit], question: str
) -> Coding:
    """The workbooks of one coder, of all rounds.

    Raises
    ------
    FileProblem
        If one cannot be read as a workbook.
    CodingError
        If one is of another question, another coder or another frame.
    """
    known = {each.unit: each for each in units}
    chosen: dict[str, tuple[str, ...]] = {}
    notes: dict[str, str] = {}
    faults: list[tuple[str, str, str, str, str]] = []
    coder = ""
    for path in paths:
        facts, table = _sheets(path)
        _belongs(path.name, facts, frame, question)
        if coder and facts["coder"] != coder:
            raise CodingError(
                path.name, "it is of another coder than the files before", "Put it with its own"
            )
        coder = facts["coder"]
        for unit, codes, note, answer in _rows(path.name, table):
            say = _saying(faults, path.name, coder, unit)
            if unit not in known:
                say("no answer has this unit", "It was removed, or its unit was changed")
                continue
            if answer != known[unit].answer:
                say(
                    "the answer is not what the data hold",
                    "It was changed here, or corrected since",
                )
            found = _codes(codes, frame, say)
            if note:
                notes[unit] = note
            if not found:
                continue
            if unit in chosen and chosen[unit] != found:
                say("it is coded twice, differently", "Keep one; the first was taken")
                continue
            chosen[unit] = found
    return Coding(
        coder,
        tuple(path.name for path in paths),
        chosen,
        notes,
        pd.DataFrame(faults, columns=list(FAULTS), dtype="str"),
    )


def units_in(path: Path) -> tuple[str, ...]:
    """The answers that stand in a coder's workbook, coded or not.

    Raises
    ------
    FileProblem, CodingError
        If it is no such workbook.
    """
    _, table = _sheets(path)
    return tuple(unit for unit, *_ in _rows(path.name, table))


def _saying(
    faults: list[tuple[str, str, str, str, str]], file: str, coder: str, unit: str
) -> Callable[[str, str], None]:
    """What notes a fault of one answer, and its remedy."""
    return lambda what, remedy: faults.append((file, coder, unit, what, remedy))


def _sheets(path: Path) -> tuple[Mapping[str, str], TextTable]:
    sheets = {each.name.strip().lower(): each for each in read_workbook(path)}
    if ABOUT not in sheets or ANSWERS not in sheets:
        raise CodingError(
            path.name,
            f"it has no sheets {ABOUT!r} and {ANSWERS!r}",
            "Take a file that survey-kit code start has made",
        )
    about = sheets[ABOUT]
    facts = {about.header[0]: about.header[1]} if len(about.header) > 1 else {}
    if about.cells.shape[1] > 1:
        facts |= {str(k): str(v) for k, v in zip(about.cells[0], about.cells[1], strict=True)}
    return {name: facts.get(name, "").strip() for name in FACTS}, sheets[ANSWERS]


def _belongs(file: str, facts: Mapping[str, str], frame: CodeFrame, question: str) -> None:
    for name, expected in (("question", question), ("frame", frame.name)):
        if facts[name] != expected:
            raise CodingError(
                file,
                f"it is made for another {name} ({facts[name] or 'none'}, not {expected})",
                "Put it into the folder of its own question",
            )
    if not facts["coder"]:
        raise CodingError(file, "it does not say whose it is", "Write the coder beside 'coder'")
    if facts["version"].isdigit() and int(facts["version"]) > frame.version:
        raise CodingError(
            file,
            f"it was made with version {facts['version']} of the frame, and the frame is at "
            f"{frame.version}",
            "Use the newer frame",
        )


def _rows(file: str, table: TextTable) -> Sequence[tuple[str, list[str], str, str]]:
    """Unit, codes, note and answer of each row."""
    heads = [each.strip().lower() for each in table.header]
    codes = [at for at, head in enumerate(heads) if head.startswith("code ")]
    if "unit" not in heads or "answer" not in heads or not codes:
        raise CodingError(
            file, "its sheet of answers lacks the columns unit, answer and code 1", "Put them back"
        )
    unit, answer = heads.index("unit"), heads.index("answer")
    note = heads.index("note") if "note" in heads else None
    return [
        (
            str(row[unit]).strip(),
            [code for at in codes for code in str(row[at]).split()],
            str(row[note]).strip() if note is not None else "",
            str(row[answer]),
        )
        for row in table.cells.itertuples(index=False, name=None)
    ]


def _codes(
    codes: Sequence[str], frame: CodeFrame, say: Callable[[str, str], None]
) -> tuple[str, ...]:
    """The codes of one answer in the newest version; what cannot be used is said."""
    usable: list[str] = []
    for code in codes:
        if code in frame.by_code:
            usable.append(code)
        else:
            current = [each.code for each in frame.current]
            say("a code that the frame does not have", did_you_mean(code, current))
    carried = frame.carried(usable)
    for code in carried.again:
        after = ", ".join(frame.by_code[code].replaced_by)
        say(
            f"its code {code!r} was given up",
            f"Look again; it was split into {after}" if after else "Look again",
        )
    if carried.again:
        return ()
    alone = [code for code in carried.codes if frame.by_code[code].missing is not None]
    if alone and len(carried.codes) > 1:
        say(
            f"{alone[0]!r} says that there is no answer, and stands beside others",
            "Leave one of them out",
        )
        return tuple(code for code in carried.codes if frame.by_code[code].missing is None)
    if not codes:
        say("no code yet", "Choose one, or say in the note which is missing")
    return carried.codes
