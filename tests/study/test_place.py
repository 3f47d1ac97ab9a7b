"""A place for results: refused before any work is done, and filled at once or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from survey_kit.errors import UsageError
from survey_kit.study.place import check_file, check_folder, replacing, writing


def test_a_file_is_there_when_all_of_it_is(tmp_path: Path):
    path = tmp_path / "new" / "deep" / "forms.yaml"

    with writing(path) as unfinished:
        unfinished.write_text("all of it", encoding="utf-8")
        assert not path.exists()

    assert path.read_text(encoding="utf-8") == "all of it"
    assert [each.name for each in path.parent.iterdir()] == ["forms.yaml"]


def test_what_a_writer_puts_beside_its_file_comes_along(tmp_path: Path):
    with writing(tmp_path / "answers.csv") as unfinished:
        unfinished.write_text("interviews", encoding="utf-8")
        unfinished.with_name("answers.member.csv").write_text("members", encoding="utf-8")

    assert sorted(each.name for each in tmp_path.iterdir()) == ["answers.csv", "answers.member.csv"]


def test_nothing_is_left_of_a_file_that_is_not_finished(tmp_path: Path):
    def write() -> None:
        with writing(tmp_path / "new" / "forms.yaml") as unfinished:
            unfinished.write_text("half of it", encoding="utf-8")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write()

    assert list(tmp_path.iterdir()) == []


def test_nothing_is_left_of_a_run_that_does_not_finish(tmp_path: Path):
    def run() -> None:
        with replacing(tmp_path / "build" / "study") as folder:
            (folder / "tables.xlsx").write_bytes(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run()

    assert list(tmp_path.iterdir()) == []


def test_a_folder_where_a_file_is_to_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    Path("tables.xlsx").mkdir()

    with pytest.raises(UsageError) as caught:
        check_file(Path("tables.xlsx"))

    assert str(caught.value) == (
        "tables.xlsx: this is a folder, and a file is to be written. Name another place with --out."
    )


@pytest.mark.parametrize("check", [check_file, check_folder])
def test_a_place_below_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, check: object):
    assert callable(check)
    monkeypatch.chdir(tmp_path)
    Path("notes").write_text("", encoding="utf-8")

    with pytest.raises(UsageError) as caught:
        check(Path("notes/a/b"))

    assert "notes is a file, and no folder. Name another place with --out." in str(caught.value)


def test_a_folder_where_nothing_may_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    Path("shut").mkdir()
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write anywhere

    with pytest.raises(UsageError) as caught:
        check_file(Path("shut/tables.xlsx"))

    assert str(caught.value) == (
        "shut: nothing may be written in this folder. Name another place with --out."
    )
