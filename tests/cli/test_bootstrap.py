"""run.py: what it runs, and where. Nothing is installed in these tests."""

from __future__ import annotations

import os
import subprocess
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture
def bootstrap(root: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """run.py as a module, in which everything is installed already."""
    spec = spec_from_file_location("bootstrap", root / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "works", lambda: True)
    return module


@pytest.fixture
def ran(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> list[tuple[list[str], Path, str]]:
    """What would have been run: the command after the Python, the folder, the name of the door."""
    calls: list[tuple[list[str], Path, str]] = []

    def instead(
        command: list[str], *, cwd: Path, check: bool, env: dict[str, str]
    ) -> subprocess.CompletedProcess[str]:
        assert not check
        calls.append((command[1:], cwd, env["SURVEY_KIT_COMMAND"]))
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(bootstrap, "install", lambda _: None)
    monkeypatch.setattr(subprocess, "run", instead)
    return calls


def test_without_arguments_the_shipped_study_runs(
    bootstrap: ModuleType, ran: list[object], root: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(root)

    assert bootstrap.main([]) == 0

    assert ran == [
        (["-m", "survey_kit", "run", "analysis/community_perceptions"], root, "python3 run.py")
    ]


def test_paths_start_at_the_folder_from_which_it_is_called(
    bootstrap: ModuleType,
    ran: list[object],
    root: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.chdir(tmp_path)

    bootstrap.main(["check", "form.xlsx"])
    bootstrap.main([])

    door = f"python3 {root / 'run.py'}"
    shipped = str(root / "analysis/community_perceptions")
    assert ran == [
        (["-m", "survey_kit", "check", "form.xlsx"], tmp_path, door),
        (["-m", "survey_kit", "run", shipped], tmp_path, door),
    ]


def test_the_tests_run_in_the_folder_of_the_project(
    bootstrap: ModuleType,
    ran: list[object],
    root: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.chdir(tmp_path)

    bootstrap.main(["test", "-x"])

    assert ran == [(["-m", "pytest", "-x"], root, f"python3 {root / 'run.py'}")]


def test_help_is_there_before_anything_is_installed(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(bootstrap, "works", lambda: False)

    assert bootstrap.main(["--help"]) == 0

    assert "the whole life of the shipped study" in capsys.readouterr().out


def test_a_folder_where_nothing_may_be_written(
    bootstrap: ModuleType, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / "none")
    monkeypatch.setattr(os, "access", lambda *_: False)

    with pytest.raises(SystemExit) as left:
        bootstrap.main(["doctor"])

    assert left.value.code == (
        f"run.py: nothing may be written in {root}, and .venv is made there. "
        "Copy the folder to a place of your own, and run it there."
    )
