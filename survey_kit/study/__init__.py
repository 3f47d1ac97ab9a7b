"""One study: reads study.yaml and runs the whole life in order."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from survey_kit.tables.analysis import Analysis


def analysis_of(path: Path) -> Analysis:
    """A study as themes, workbook and explorer are given it: weighted, and protected.

    Parameters
    ----------
    path
        The folder of a study, or its study.yaml.

    Raises
    ------
    BadInput
        Whatever is wrong with the study's files.
    """
    from survey_kit.study.manifest import Record
    from survey_kit.study.prepare import prepare
    from survey_kit.study.settings import read_study

    return prepare(read_study(path), Record(), lambda _: None).analysis
