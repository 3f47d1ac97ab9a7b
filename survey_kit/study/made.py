"""A prepared study and the folder that its files go to: what every writer of a run is given."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from survey_kit.study.prepare import Prepared
from survey_kit.study.settings import StudySettings


@dataclass(frozen=True, eq=False)
class Made:
    """A prepared study and the folder that its files go to."""

    settings: StudySettings
    prepared: Prepared
    folder: Path
