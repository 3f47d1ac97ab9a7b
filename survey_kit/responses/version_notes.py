"""What is said of the versions among the interviews of one file, so that none goes unseen."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.assemble import listed
from survey_kit.responses.model import Edition

OTHER_VERSION = "interviews made with version"
"""How the note begins by which a reader says that some interviews have another version."""


def about_versions(
    versions: pd.Series, new: Questionnaire, editions: Mapping[str, Edition]
) -> list[str]:
    """How many interviews are of which version, what it lacked, and which version nobody defined."""
    notes: list[str] = []
    without = int(versions.isna().sum())
    if without:
        notes.append(
            f"interviews that do not say their version, read as '{new.version}': {without}"
        )
    counts = {str(version): int(count) for version, count in versions.value_counts().items()}
    for version, count in sorted(counts.items()):
        if version == new.version:
            continue
        if version not in editions:
            notes.append(
                f"interviews made with version '{version}', which no form under versions has, "
                f"read as '{new.version}': {count}"
            )
            continue
        notes.append(f"interviews made with version '{version}', read with its own form: {count}")
        notes += _lacking(editions[version], new)
    there = set(versions.dropna())
    notes += [
        f"version '{each}': no interview was made with it" for each in editions if each not in there
    ]
    return notes


def _lacking(edition: Edition, new: Questionnaire) -> list[str]:
    """The questions and choices that a version did not have."""
    old, version = edition.questionnaire, edition.questionnaire.version
    lacked: list[str] = []
    choices: list[str] = []
    for item in new.items:
        if item.question.type.storage is Storage.NOTHING:
            continue
        before = edition.keys.get(item.key)
        if before is None:
            lacked.append(item.key)
            continue
        codes = edition.codes.get(item.key, {})
        question = old.by_key[before].question
        there = {codes.get(choice.code, choice.code) for choice in old.choices(question)}
        choices += [
            f"{item.key}/{choice.code}"
            for choice in new.choices(item.question)
            if choice.code not in there
        ]
    notes: list[str] = []
    if lacked:
        notes.append(f"questions that version '{version}' did not have: {listed(lacked)}")
    if choices:
        notes.append(f"choices that version '{version}' did not offer: {listed(choices)}")
    return notes
