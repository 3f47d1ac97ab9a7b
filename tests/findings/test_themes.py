"""A theme is a file of the study with a function `claims`; anything else is refused clearly."""

from __future__ import annotations

from pathlib import Path

import pytest

from survey_kit.errors import StudyError
from survey_kit.findings.themes import load_themes, title_of


def test_themes_of_two_studies_may_share_a_name(tmp_path: Path):
    for study in ("one", "two"):
        (tmp_path / study).mkdir()
        (tmp_path / study / "drivers.py").write_text(
            f"THEME = 'Drivers of {study}'\ndef claims(analysis): return ['{study}']\n"
        )

    loaded = {
        study: load_themes(tmp_path / study, ["drivers"])["drivers"] for study in ("one", "two")
    }

    assert [theme(None) for theme in loaded.values()] == [["one"], ["two"]]
    assert title_of("drivers", loaded["one"]) == "Drivers of one"


def test_a_theme_without_a_heading_is_called_by_its_name(tmp_path: Path):
    (tmp_path / "next_steps.py").write_text("def claims(analysis): return []\n")

    theme = load_themes(tmp_path, ["next_steps"])["next_steps"]

    assert title_of("next_steps", theme) == "Next steps"


def test_a_theme_that_is_not_there_says_which_is_near(tmp_path: Path):
    (tmp_path / "drivers.py").write_text("def claims(analysis): return []\n")

    with pytest.raises(StudyError) as caught:
        load_themes(tmp_path, ["driver"])

    assert str(caught.value) == (
        "theme driver: there is no file driver.py beside study.yaml. Did you mean 'drivers'?"
    )


def test_a_theme_that_is_not_there_and_near_nothing_says_what_to_write(tmp_path: Path):
    with pytest.raises(StudyError) as caught:
        load_themes(tmp_path, ["journeys"])

    assert str(caught.value) == (
        "theme journeys: there is no file journeys.py beside study.yaml. "
        "Write journeys.py with a function claims(analysis), or take the theme out."
    )


def test_a_theme_without_claims_says_so(tmp_path: Path):
    (tmp_path / "drivers.py").write_text("def claim(analysis): return []\n")

    with pytest.raises(StudyError) as caught:
        load_themes(tmp_path, ["drivers"])

    assert str(caught.value) == (
        "theme drivers: drivers.py has no function called claims. "
        "Define claims(analysis), which returns a list of Claim."
    )


def test_a_theme_that_cannot_be_read_is_no_traceback(tmp_path: Path):
    (tmp_path / "drivers.py").write_text("def claims(analysis) return\n")

    with pytest.raises(StudyError, match=r"theme drivers: drivers.py cannot be imported"):
        load_themes(tmp_path, ["drivers"])


def test_a_theme_cannot_be_a_path_out_of_the_study(tmp_path: Path):
    with pytest.raises(StudyError, match="there is no file"):
        load_themes(tmp_path, ["../elsewhere"])
