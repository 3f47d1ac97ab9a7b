"""The `coding` of study.yaml as a value: which open questions are coded, by whom, with which codes.

coding:
  - question: open_info
    frame: codes/open_info.csv
    folder: ../../data/my_study/coding
    coders: [anna, ben]
    double: 0.2
    seed: 1
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from survey_kit.questionnaire.model import Privacy
from survey_kit.questionnaire.yaml_tree import Listing, Mapped
from survey_kit.study.section import Section

ADJUDICATION = "adjudication"
"""How the files are called in which somebody decides where coders differ."""

NAME = re.compile(r"[\w.-]+")


@dataclass(frozen=True)
class StatedCoding:
    """One open question that is coded.

    question
        Its key.
    frame
        The file of the codes.
    folder
        Where the coders' files are; it need not be there yet.
    coders
        Their names, which are those of their files.
    double, seed
        The share of answers that two of them code, and what decides which.
    language
        The question that says in which language an interview was; "" for none.
    privacy
        The class of the coded question.
    """

    question: str
    frame: Path
    folder: Path
    coders: tuple[str, ...]
    double: float
    seed: int
    language: str
    privacy: Privacy

    def files_of(self, name: str) -> tuple[Path, ...]:
        """The files of a coder, or of the adjudication, of all rounds, in order."""
        pattern = re.compile(re.escape(name) + r"(?:-(\d+))?\.xlsx", re.IGNORECASE)
        there = sorted(self.folder.glob("*.xlsx")) if self.folder.is_dir() else []
        found = [
            (int(match[1] or 1), path) for path in there if (match := pattern.fullmatch(path.name))
        ]
        return tuple(path for _, path in sorted(found))

    def next_file(self, name: str) -> Path:
        """The file of the next round; nothing is ever written over."""
        number = len(self.files_of(name)) + 1
        while (path := self.folder / f"{name}{f'-{number}' if number > 1 else ''}.xlsx").exists():
            number += 1
        return path


def coding_section(study: Section) -> tuple[StatedCoding, ...]:
    """Read the section; nothing where the study has none."""
    listing = study.tree_at("coding")
    if listing is None:
        return ()
    if not isinstance(listing, Listing):
        study.fault("coding", "a list is needed here", "Begin each question with a dash")
        return ()
    found: list[StatedCoding] = []
    for number, element in enumerate(listing.elements, start=1):
        if not isinstance(element, Mapped):
            study.fault("coding", f"its entry {number} has no keys", "Add  question: NAME")
            continue
        found.append(_one(Section(study.folder, element, study.faults, (f"coding.{number}",))))
    names = [each.question for each in found]
    for name in dict.fromkeys(each for each in names if names.count(each) > 1):
        study.fault("coding", f"{name} is coded twice", "Keep one entry for it")
    return tuple(found)


def _one(at: Section) -> StatedCoding:
    coders = at.names("coders")
    if not coders:
        at.fault("coders", "nobody is named who codes", "Write  coders: [anna, ben]")
    for name in coders:
        if not NAME.fullmatch(name) or name.lower() == ADJUDICATION:
            at.fault("coders", f"no file can be called {name!r}", "Use letters, digits, _ and -")
    double = at.number("double", 0.2 if len(coders) > 1 else 0.0)
    if double > 1:
        at.fault("double", "a share is at most 1", "Write 0.2 for a fifth")
    if double > 0 and len(coders) == 1:
        at.fault("double", "answers cannot be coded twice by one coder", "Name a second coder")
    folder = at.text("folder") or f"coding/{at.text('question') or ''}"
    found = StatedCoding(
        question=at.needed("question", "open_info"),
        frame=at.needed_file("frame", "codes.csv"),
        folder=(at.folder / folder).resolve(),
        coders=coders,
        double=double,
        seed=at.whole("seed", 1, least=0),
        language=at.text("language") or "",
        privacy=Privacy(at.one_of("privacy", [each.value for each in Privacy], "sensitive")),
    )
    at.finish()
    return found
