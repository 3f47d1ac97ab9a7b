"""Reads coders' workbooks back: what was chosen, and what is wrong with it, as rows.

A file for another question or made with other answers is refused. A wrong code, an answer
without one, an answer that was changed, moved or taken out, and cells that were merged are rows of
findings; nobody's answer stands in them. A translation is read beside the answer, never instead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from survey_kit.cleaning.coding.chosen import chosen
from survey_kit.cleaning.coding.frame import CodeFrame
from survey_kit.cleaning.coding.units import Unit
from survey_kit.cleaning.coding.workbook import ABOUT, ANSWERS, FACTS
from survey_kit.cleaning.log_workbook import facts_of_sheets
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
    notes, translations
        Unit -> note, and the coder's translation of the answer, where there is one.
    faults
        Columns `FAULTS`.
    """

    coder: str
    files: tuple[str, ...]
    chosen: Mapping[str, tuple[str, ...]]
    notes: Mapping[str, str]
    translations: Mapping[str, str]
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
    read = _Read(frame, known, Counter(each.answer for each in units))
    coder = ""
    for path in paths:
        facts, table = _sheets(path)
        _belongs(path.name, facts, frame, question)
        if coder and facts["coder"] != coder:
            raise CodingError(
                path.name, "it is of another coder than the files before", "Put it with its own"
            )
        coder = facts["coder"]
        rows = _rows(path.name, table)
        for row in rows:
            read.take(row, _saying(read.faults, path.name, coder, row.unit))
        say = _saying(read.faults, path.name, coder, "")
        _whole(facts, rows, say)
        _merged(path, table, say)
    return Coding(
        coder,
        tuple(path.name for path in paths),
        read.chosen,
        read.notes,
        read.translations,
        pd.DataFrame(read.faults, columns=list(FAULTS), dtype="str"),
    )


@dataclass(frozen=True)
class _Row:
    """One row of a sheet of answers; `codes` is column -> what stands in it."""

    unit: str
    answer: str
    codes: Mapping[str, str]
    note: str
    translation: str

    @property
    def is_filled(self) -> bool:
        """Whether the coder wrote anything there."""
        return bool(self.codes or self.note or self.translation)


@dataclass(frozen=True)
class _Read:
    """What has been read so far, of all files of a coder."""

    frame: CodeFrame
    known: Mapping[str, Unit]
    answers: Mapping[str, int]
    chosen: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    notes: dict[str, str] = field(default_factory=dict[str, str])
    translations: dict[str, str] = field(default_factory=dict[str, str])
    faults: list[tuple[str, str, str, str, str]] = field(
        default_factory=list[tuple[str, str, str, str, str]]
    )

    def take(self, row: _Row, say: Callable[[str, str], None]) -> None:
        """Take what a row says, or say why not."""
        if not row.unit:
            if row.is_filled:
                say("a row without a unit", "Write the codes into the row of the answer")
            return
        if row.unit not in self.known:
            say("no answer has this unit", "It was removed, or its unit was changed")
            return
        own = self.known[row.unit].answer
        if row.answer != own and self.answers.get(row.answer):
            say(
                "the answer of another unit stands here, so its codes were not taken",
                "A column was sorted by itself: sort whole rows, from the file as it was made",
            )
            return
        if row.answer != own:
            say("the answer is not what the data hold", "It was changed here, or corrected since")
        if row.note:
            self.notes[row.unit] = row.note
        if row.translation:
            self.translations[row.unit] = row.translation
        found = _codes(row.codes, self.frame, say)
        if not found:
            return
        if row.unit in self.chosen and self.chosen[row.unit] != found:
            say("it is coded twice, differently", "Keep one; the first was taken")
            return
        self.chosen[row.unit] = found


def _whole(facts: Mapping[str, str], rows: Sequence[_Row], say: Callable[[str, str], None]) -> None:
    """Say where answers with which a file was made stand in it no more."""
    made = int(facts["answers"]) if facts["answers"].isdigit() else 0
    there = len({row.unit for row in rows if row.unit})
    if there < made:
        say(
            f"{made - there} of the {made} answers that it was made with are gone",
            "Take them from the file as it was made; code start puts them into the next file",
        )


def _merged(path: Path, table: TextTable, say: Callable[[str, str], None]) -> None:
    """Say where a code, note or unit stands in merged cells: it counts for the first row alone."""
    heads = [each.strip() for each in table.header]
    sheets = facts_of_sheets(path)
    blocks = sheets[table.name].merged if table.name in sheets else []
    for block in blocks:
        for at in block.columns:
            if at < len(heads):
                say(
                    f"the cells of {heads[at]!r} in rows {block.first} to {block.last} are merged",
                    "What stands there counts for the first row alone: unmerge them, and fill each",
                )


def units_in(path: Path) -> tuple[str, ...]:
    """The answers that stand in a coder's workbook, coded or not.

    Raises
    ------
    FileProblem, CodingError
        If it is no such workbook.
    """
    _, table = _sheets(path)
    return tuple(row.unit for row in _rows(path.name, table) if row.unit)


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


def _rows(file: str, table: TextTable) -> list[_Row]:
    heads = [each.strip().lower() for each in table.header]
    codes = [at for at, head in enumerate(heads) if head.startswith("code ")]
    if "unit" not in heads or "answer" not in heads or not codes:
        raise CodingError(
            file, "its sheet of answers lacks the columns unit, answer and code 1", "Put them back"
        )
    unit, answer = heads.index("unit"), heads.index("answer")
    note, translation = (
        heads.index(head) if head in heads else None for head in ("note", "translation")
    )
    return [
        _Row(
            str(row[unit]).strip(),
            str(row[answer]),
            {heads[at]: str(row[at]).strip() for at in codes if str(row[at]).strip()},
            str(row[note]).strip() if note is not None else "",
            str(row[translation]).strip() if translation is not None else "",
        )
        for row in table.cells.itertuples(index=False, name=None)
    ]


def _codes(
    cells: Mapping[str, str], frame: CodeFrame, say: Callable[[str, str], None]
) -> tuple[str, ...]:
    """The codes of one answer in the newest version; what cannot be used is said."""
    usable: list[str] = []
    for column, cell in cells.items():
        found = chosen(cell, frame)
        usable += found.codes
        for what, remedy in found.faults:
            say(f"{column}: {what}", remedy)
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
    if not cells:
        say("no code yet", "Choose one, or say in the note which is missing")
    return carried.codes
