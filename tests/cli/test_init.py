"""survey-kit init: a small study that checks, runs and compares as it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from survey_kit.cli import group
from survey_kit.errors import FileProblem, UsageError
from survey_kit.responses.simulate import simulate
from survey_kit.study.new_study import new_study

FILES = (
    ".gitignore",
    "README.md",
    "analysis/study.yaml",
    "analysis/water.py",
    "data/submissions.zip",
    "questionnaire.yaml",
    "simulation.yaml",
    "versions/1.yaml",
)


def command(*arguments: str | Path) -> Result:
    return CliRunner().invoke(group, [str(each) for each in arguments], standalone_mode=False)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("new") / "Water at home"
    new_study(folder)
    return folder


def test_a_new_study_has_these_files_and_no_others(study: Path):
    found = sorted(p.relative_to(study).as_posix() for p in study.rglob("*") if p.is_file())

    assert tuple(found) == FILES


def test_check_finds_nothing_to_mend(study: Path):
    result = command("check", study)

    assert result.exception is None
    assert result.return_value in (0, None)


def test_its_tests_pass(study: Path):
    result = command("test", study, "--engine", "ours")

    assert result.return_value in (0, None), result.output
    assert "3 passed, 0 failed" in result.output


@pytest.mark.client
def test_run_makes_everything_from_anywhere(
    study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)

    result = command("run", study, "--quiet", "--out", tmp_path / "results")

    assert result.exception is None
    assert "did not have enough water" in result.output
    assert "SIMULATED DATA" in result.output
    manifest = json.loads((tmp_path / "results" / "manifest.json").read_text(encoding="utf-8"))
    (step,) = [each for each in manifest["steps"] if each["step"] == "responses"]
    assert (step["rows_out"], step["versions"]) == (150, {"1": 150})


def test_the_commands_of_its_readme_work_from_inside(study: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(study)

    assert command("check", ".").return_value in (0, None)
    assert command("diff", "versions/1.yaml", "questionnaire.yaml").return_value == 0
    assert command("diff", ".", "questionnaire.yaml").return_value == 0


def test_diff_has_two_versions_to_compare(study: Path):
    result = command("diff", study / "versions" / "1.yaml", study)

    assert result.output == "water_at_home, version 1 to 1: nothing changed\n"


def test_every_new_study_has_the_same_answers(study: Path, tmp_path: Path):
    new_study(tmp_path / "again", name="Water at home")

    again = tmp_path / "again" / "data" / "submissions.zip"
    assert again.read_bytes() == (study / "data" / "submissions.zip").read_bytes()


def test_an_empty_folder_that_is_there_may_be_filled(tmp_path: Path):
    new_study(tmp_path, name="here")

    assert (tmp_path / "questionnaire.yaml").is_file()
    assert not list(tmp_path.glob(".init-*"))


def test_a_folder_with_anything_in_it_is_left_alone(tmp_path: Path):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")

    with pytest.raises(FileProblem) as caught:
        new_study(tmp_path)

    assert caught.value.exit_code == 3
    assert str(caught.value) == (
        f"{tmp_path}: this folder is not empty, and nothing in it is to be overwritten. "
        "Name a folder that is not there yet."
    )
    assert [each.name for each in tmp_path.iterdir()] == ["mine.txt"]


def test_a_file_is_no_folder(tmp_path: Path):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")

    with pytest.raises(FileProblem, match="this is a file"):
        new_study(tmp_path / "mine.txt")


def test_a_name_that_no_form_can_have_is_refused_and_nothing_is_left(tmp_path: Path):
    with pytest.raises(UsageError) as caught:
        new_study(tmp_path / "পানি")

    assert str(caught.value) == (
        "--name 'পানি': a form cannot be called so. "
        "Begin with a Latin letter, and go on with letters and digits."
    )
    assert not list(tmp_path.iterdir())


def test_what_stops_halfway_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("survey_kit.responses.submissions.write_submissions", full)

    with pytest.raises(FileProblem) as caught:
        new_study(tmp_path / "a" / "b")

    assert "No space left on device" in str(caught.value)
    assert not list(tmp_path.iterdir())


def test_quotes_and_brackets_in_a_name_do_no_harm(tmp_path: Path):
    new_study(tmp_path / "x", name='Water: "why" {en} #1')

    assert command("check", tmp_path / "x").return_value in (0, None)


def test_simulated_people_of_a_new_study_mostly_agree_to_take_part(study: Path):
    from survey_kit.forms.read import read_questionnaire
    from survey_kit.responses.simulate import read_calibration

    form = read_questionnaire(study / "questionnaire.yaml")
    likely = read_calibration(study / "simulation.yaml", form)

    assert (simulate(form, 200, seed=3, calibration=likely).frame["consent"] == "yes").mean() > 0.9
