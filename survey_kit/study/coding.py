"""The coding of a study's open answers: files for the coders, what they agree on, what is settled.

`start` writes the workbooks of a round, `compare` reads them back and writes what somebody
has to decide, and a run of the study takes what is settled as a question of several choices.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from survey_kit.errors import StudyError
from survey_kit.study.coding_section import ADJUDICATION, StatedCoding
from survey_kit.study.settings import StudySettings

if TYPE_CHECKING:
    from pathlib import Path

    from survey_kit.cleaning.coding.agreement import Agreement
    from survey_kit.cleaning.coding.coded import Settled
    from survey_kit.cleaning.coding.frame import CodeFrame
    from survey_kit.cleaning.coding.read_back import Coding
    from survey_kit.cleaning.coding.units import Unit
    from survey_kit.responses.model import Responses


@dataclass(frozen=True, eq=False)
class Round:
    """How far the coding of one question is.

    written
        Files that were written now.
    faults
        Of the coders' files; columns of `read_back.FAULTS`.
    """

    stated: StatedCoding
    units: tuple[Unit, ...]
    frame: CodeFrame
    codings: tuple[Coding, ...]
    settled: Settled
    faults: pd.DataFrame
    agreement: Agreement | None = None
    written: tuple[Path, ...] = ()


def start(settings: StudySettings, responses: Responses) -> tuple[Round, ...]:
    """Write a workbook for each coder, of the answers that nobody has in a file yet."""
    from survey_kit.cleaning.coding.units import shared_out
    from survey_kit.cleaning.coding.workbook import write_coding

    _needed(settings)
    found: list[Round] = []
    for stated in settings.coding:
        now = _read(stated, responses)
        taken = _in_files(stated)
        shares = shared_out(
            now.units, stated.coders, double=stated.double, seed=stated.seed, taken=taken
        )
        written: list[Path] = []
        for coder, units in shares.items():
            if not units:
                continue
            stated.folder.mkdir(parents=True, exist_ok=True)
            path = stated.next_file(coder)
            write_coding(
                units,
                now.frame,
                path,
                coder=coder,
                question=stated.question,
                asked=_asked(responses, stated, settings.language),
                notice=settings.notice,
                language=settings.language,
            )
            written.append(path)
        found.append(replace(now, written=tuple(written)))
    return tuple(found)


def compare(settings: StudySettings, responses: Responses) -> tuple[Round, ...]:
    """How far coders agree; and a workbook of what they differ on and nobody has decided."""
    from survey_kit.cleaning.coding.agreement import agreement
    from survey_kit.cleaning.coding.workbook import write_coding

    _needed(settings)
    found: list[Round] = []
    for stated in settings.coding:
        now = _read(stated, responses)
        chosen = {each.coder: each.chosen for each in now.codings}
        twice = len([u for u in now.units if sum(u.unit in c for c in chosen.values()) > 1])
        agreed = (
            agreement(chosen, [each.code for each in now.frame.current], seed=stated.seed)
            if twice
            else None
        )
        waiting = set(now.settled.undecided) - _in_files(stated, (ADJUDICATION,))
        written: tuple[Path, ...] = ()
        if waiting and agreed is not None:
            written = (stated.next_file(ADJUDICATION),)
            write_coding(
                [each for each in now.units if each.unit in waiting],
                now.frame,
                written[0],
                coder=ADJUDICATION,
                question=stated.question,
                asked=_asked(responses, stated, settings.language),
                notice=settings.notice,
                language=settings.language,
                before=agreed.disagreements,
                translations=now.settled.translations,
            )
        found.append(replace(now, agreement=agreed, written=written))
    return tuple(found)


def coded(
    settings: StudySettings, responses: Responses
) -> tuple[Responses, tuple[dict[str, object], ...]]:
    """The responses with a question of codes for each open one, and how far each is coded.

    A question of which nothing has been coded yet gets none.
    """
    from survey_kit.cleaning.coding.coded import with_codes

    told: list[dict[str, object]] = []
    for stated in settings.coding:
        now = _read(stated, responses)
        if now.settled.codes:
            responses = with_codes(
                responses,
                stated.question,
                now.frame,
                now.units,
                now.settled,
                privacy=stated.privacy,
                privacy_of_answers=settings.protection.classes.get(stated.question),
            )
        told.append(
            {
                "question": stated.question,
                "frame": now.frame.name,
                "version": now.frame.version,
                "answers": len(now.units),
                "coded": len(now.settled.codes),
                "decided": now.settled.decided,
                "undecided": len(now.settled.undecided),
                "without_code": len(now.settled.open),
                "faults_in_files": len(now.faults),
            }
        )
    return responses, tuple(told)


def _needed(settings: StudySettings) -> None:
    if not settings.coding:
        raise StudyError(
            "study.yaml, coding",
            "no open question is to be coded",
            "Add  coding:  with question, frame and coders; see docs/coding.md",
        )


def _read(stated: StatedCoding, responses: Responses) -> Round:
    """What there is to code, and what has been."""
    from survey_kit.cleaning.coding.coded import settled
    from survey_kit.cleaning.coding.frame_file import read_frame
    from survey_kit.cleaning.coding.read_back import FAULTS, read_coding
    from survey_kit.cleaning.coding.units import units_of

    units = units_of(responses, stated.question, language=stated.language)
    frame = read_frame(stated.frame)
    read = [
        read_coding(files, frame, units, stated.question)
        for files in map(stated.files_of, stated.coders)
        if files
    ]
    files = stated.files_of(ADJUDICATION)
    decided = read_coding(files, frame, units, stated.question) if files else None
    faults = [each.faults for each in (*read, *([decided] if decided else [])) if len(each.faults)]
    return Round(
        stated,
        units,
        frame,
        tuple(read),
        settled(units, read, decided),
        pd.concat(faults, ignore_index=True) if faults else pd.DataFrame(columns=list(FAULTS)),
    )


def _in_files(stated: StatedCoding, names: tuple[str, ...] | None = None) -> frozenset[str]:
    """Units that stand in somebody's file, coded or not."""
    from survey_kit.cleaning.coding.read_back import units_in

    files = [path for name in names or stated.coders for path in stated.files_of(name)]
    return frozenset(unit for path in files for unit in units_in(path))


def _asked(responses: Responses, stated: StatedCoding, language: str | None) -> str:
    form = responses.questionnaire
    label = form.by_key[stated.question].question.label
    return form.text(label, language, fallback=stated.question)
