"""docs/files.md names every key of both files, and no word in its tables is invented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from survey_kit.design.design import Lonely, Sampling
from survey_kit.errors import StudyError
from survey_kit.questionnaire import yaml_keys
from survey_kit.study.settings import Intervals, read_study

EVERY_SECTION = """\
study: s
questionnaire: q.yaml
responses: {file: q.yaml, unknown: x}
corrections: {file: q.yaml, unknown: x}
design: {sampling: census, unknown: x}
weighting: {margins: q.yaml, unknown: x}
protection: {unknown: x}
tables: {unknown: x}
findings: {unknown: x}
unknown: x
"""


@pytest.fixture(scope="module")
def pages(root: Path) -> tuple[str, str]:
    text = (root / "docs" / "files.md").read_text(encoding="utf-8")
    first, _, second = text.partition("## study.yaml")
    return first, second


def test_every_key_of_a_questionnaire_is_there(pages: tuple[str, str]):
    keys = {
        key
        for name, value in vars(yaml_keys).items()
        if name.isupper() and isinstance(value, tuple)
        for key in value
    }

    assert {key for key in keys if f"`{key}" not in pages[0]} == set()


def test_every_key_of_a_study_is_there(pages: tuple[str, str], tmp_path: Path):
    (tmp_path / "q.yaml").write_text("questionnaire: q", encoding="utf-8")
    (tmp_path / "study.yaml").write_text(EVERY_SECTION, encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        read_study(tmp_path)
    told = [fault.remedy for fault in caught.value.faults]
    assert all(remedy.startswith("The keys here are: ") for remedy in told)
    keys = {key for remedy in told for key in remedy.split(": ")[1].split(", ")}
    words = {each.value for kind in (Sampling, Lonely, Intervals) for each in kind}

    assert {key for key in keys | words if f"`{key}" not in pages[1]} == set()
    left = {word.split(":")[0] for word in re.findall(r"^\| `(\w+)`", pages[1], re.MULTILINE)}
    assert left <= keys
