"""Language files brought up to date with the questions.

New texts get an empty entry, translations of changed ones are marked stale, and entries
whose text is gone are set aside at the end of the file. Where a text only moved, because
its question was given another name, its translation goes with it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from survey_kit.questionnaire.build import build
from survey_kit.questionnaire.faults import Faults
from survey_kit.questionnaire.language_files import (
    Entry,
    language_file_text,
    raw_translations,
    read_entries,
)
from survey_kit.questionnaire.spoken import spoken
from survey_kit.questionnaire.translations import with_translations
from survey_kit.questionnaire.yaml_file import read_tree
from survey_kit.questionnaire.yaml_reader import read_raw

if TYPE_CHECKING:
    from pathlib import Path

    from survey_kit.questionnaire.model import Questionnaire


@dataclass(frozen=True)
class Refreshed:
    """A language file as it should be, and how many entries are new, moved and set aside."""

    language: str
    file: str
    text: str
    begun: int
    moved: int
    set_aside: int


def refreshed(definition: Path) -> tuple[Refreshed, ...]:
    """Every language file of a definition in YAML, also one that is not there yet.

    Raises
    ------
    FileProblem, DefinitionError
        If the definition, or a file, cannot be read.
    """
    questionnaire = build(read_raw(read_tree(definition)))
    return tuple(
        _one(questionnaire, code, file, definition.parent)
        for code, file in questionnaire.language_files.items()
    )


def _one(questionnaire: Questionnaire, code: str, file: str, folder: Path) -> Refreshed:
    path = folder / file
    entries = read_entries(path, file) if path.is_file() else ()
    wanted = {
        each.place: each.texts[questionnaire.language]
        for each in spoken(questionnaire)
        if each.texts.get(questionnaire.language)
    }
    kept = {each.spot: each for each in entries if each.spot in wanted and not each.obsolete}
    loose = [each for each in entries if each.spot not in kept or each.obsolete]
    moved: dict[str, Entry] = {}
    by_source = {each.source: each for each in reversed(loose) if each.text}
    back = {each.spot: each for each in loose if each.text and each.spot in wanted}
    for spot, source in wanted.items():
        if spot not in kept:
            found = back.get(spot) or by_source.get(source)
            if found is not None:
                moved[spot] = found
    faults = Faults()
    here = [*kept.values(), *(_moved_to(spot, each) for spot, each in moved.items())]
    raws = raw_translations(here, file, code, faults)
    translated = with_translations(questionnaire, raws, faults)
    faults.raise_any()
    gone = [each for each in loose if each.text and each not in moved.values()]
    return Refreshed(
        language=code,
        file=file,
        text=language_file_text(translated, code, gone),
        begun=sum(spot not in kept and spot not in moved for spot in wanted),
        moved=len(moved),
        set_aside=sum(not each.obsolete for each in gone),
    )


def _moved_to(spot: str, entry: Entry) -> Entry:
    return replace(entry, spot=spot, obsolete=False)
