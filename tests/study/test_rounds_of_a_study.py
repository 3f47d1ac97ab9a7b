"""Rounds of checks on an export that grows, as a run of a study keeps them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from survey_kit.errors import CorrectionError
from survey_kit.study import prepare as preparing
from survey_kit.study.life import live
from survey_kit.study.settings import read_study

QUESTIONNAIRE = """\
questionnaire: water
version: "1"
languages: {en: English}
choices:
  yes_no: [{code: 'yes', label: {en: 'Yes'}}, {code: 'no', label: {en: 'No'}}]
interview:
  - {name: works, type: select_one yes_no, label: {en: Work}, privacy: plain}
"""

STUDY = """\
study: water
title: Water
questionnaire: water.yaml
responses: {file: answers.csv, interview: id}
corrections: {file: corrections.csv}
design: {sampling: purposive}
protection: {smallest_base: 1, smallest_cell: 1, reason: a test}
rounds: rounds.csv
"""


class _Day:
    """Stands in for `datetime.date`: a day that the test chooses."""

    def __init__(self, day: str) -> None:
        self._day = day

    def today(self) -> _Day:
        return self

    def isoformat(self) -> str:
        return self._day


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "water.yaml").write_text(QUESTIONNAIRE, encoding="utf-8")
    (tmp_path / "study.yaml").write_text(STUDY, encoding="utf-8")
    (tmp_path / "corrections.csv").write_text(
        "interview,question,old,new,action,why,who,when\n", encoding="utf-8"
    )
    return tmp_path


def _run(folder: Path, day: str, answers: str, monkeypatch: pytest.MonkeyPatch) -> pd.DataFrame:
    (folder / "answers.csv").write_text(f"id,works\n{answers}", encoding="utf-8")
    monkeypatch.setattr(preparing, "date", _Day(day))
    life = live(read_study(folder), folder / "out")
    assert "findings to review: " in life.summary
    rows = list(load_workbook(folder / "out" / "quality.xlsx")["Findings"].values)
    return pd.DataFrame(rows[2:], columns=rows[1])


def _table(folder: Path, sheet: str) -> pd.DataFrame:
    rows = list(load_workbook(folder / "out" / "quality.xlsx")[sheet].values)
    return pd.DataFrame(rows[2:], columns=rows[1])


def _settled(folder: Path) -> list[str]:
    return list(_table(folder, "Settled")["interview"])


def test_what_is_new_is_marked_and_what_was_settled_stays_settled(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    first = _run(folder, "2026-11-20", "a,yess\nb,yes\nc,noo\n", monkeypatch)
    again = _run(folder, "2026-11-20", "a,yess\nb,yes\nc,noo\n", monkeypatch)
    listed = first[first["check"] == "not_in_list"]
    assert list(zip(listed["interview"], listed["state"], strict=True)) == [
        ("a", "new"),
        ("c", "new"),
    ]
    assert list(again["state"]) == list(first["state"])

    with (folder / "corrections.csv").open("a", encoding="utf-8") as file:
        file.write("c,works,noo,no,change,typing,AN,2026-11-21\n")
    second = _run(folder, "2026-11-22", "a,yess\nb,yes\nc,noo\nd,ye\n", monkeypatch)
    listed = second[second["check"] == "not_in_list"]
    assert list(zip(listed["interview"], listed["state"], strict=True)) == [
        ("d", "new"),
        ("a", "known"),
    ]
    assert "c" in _settled(folder)
    assert "yess" not in (folder / "rounds.csv").read_text(encoding="utf-8")


@pytest.mark.client
def test_what_was_said_of_a_cell_of_the_quota_is_settled_by_the_workbook_in_which_it_was(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    (folder / "targets.csv").write_text("works,target\nyes,1\nno,5\n", encoding="utf-8")
    logs = folder / "logs"
    logs.mkdir()
    (folder / "corrections.csv").rename(logs / "corrections.csv")
    text = STUDY.replace("{file: corrections.csv}", "{file: logs}")
    quota = "checks: {quota: {targets: targets.csv}}\n"
    (folder / "study.yaml").write_text(text + quota, encoding="utf-8")
    first = _run(folder, "2026-11-20", "a,yes\nb,yes\n", monkeypatch)

    book = load_workbook(folder / "out" / "quality.xlsx")
    columns = [cell.value for cell in book["Findings"][2]]
    (row,) = (at for at, check in enumerate(first["check"], start=3) if check == "quota")
    for name, value in (("decision", "no action"), ("comment", "agreed"), ("reviewer", "AN")):
        book["Findings"].cell(row, columns.index(name) + 1, value)
    book.save(logs / "reviewed.xlsx")
    second = _run(folder, "2026-11-22", "a,yes\nb,yes\nc,no\n", monkeypatch)
    old = [*_table(folder, "Settled").to_dict("records")]
    third = _run(folder, "2026-11-24", "a,yes\nb,yes\nc,yes\n", monkeypatch)

    assert "quota" not in list(second["check"])
    assert [(row["check"], row["decided before"]) for row in old] == [
        ("quota", "no action, AN, 2026-11-22: agreed")
    ]
    (back,) = third[third["check"] == "quota"].to_dict("records")
    assert back["state"] == "changed"
    assert back["decided before"] == (
        "no action, AN, 2026-11-22: agreed (it said then: "
        "cell works yes: 1 more than the 1 wanted; 2 interviews in all)"
    )


def test_the_secret_of_the_study_is_in_the_hashes_of_its_record(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    _run(folder, "2026-11-20", "a,yess\n", monkeypatch)
    plain = (folder / "rounds.csv").read_text(encoding="utf-8")
    (folder / "rounds.csv").unlink()
    (folder / "key").write_bytes(bytes(range(32)))
    (folder / "key").chmod(0o600)
    text = STUDY.replace("reason: a test}", "reason: a test, key: key}")
    (folder / "study.yaml").write_text(text, encoding="utf-8")
    _run(folder, "2026-11-20", "a,yess\n", monkeypatch)

    assert (folder / "rounds.csv").read_text(encoding="utf-8") != plain


def test_the_record_of_rounds_needs_a_folder_that_is_there(folder: Path):
    from survey_kit.errors import StudyError

    (folder / "study.yaml").write_text(
        STUDY.replace("rounds.csv", "nowhere/rounds.csv"), encoding="utf-8"
    )
    with pytest.raises(StudyError) as caught:
        read_study(folder)

    assert str(caught.value.faults[-1]) == (
        "study.yaml, line 8: rounds: the record of rounds is a CSV file in a folder that is there. "
        "Write a name such as rounds.csv."
    )


@pytest.mark.client
def test_what_was_kept_in_one_round_can_be_changed_in_a_later_one_and_reviewers_of_one_round_conflict(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    def review(name: str, sheet: str, decision: str, new: str = "") -> None:
        book = load_workbook(folder / "out" / "quality.xlsx")
        columns = [cell.value for cell in book[sheet][2]]
        rows = zip(*(_table(folder, sheet)[each] for each in ("interview", "check")), strict=True)
        row = next(at for at, place in enumerate(rows, 3) if place == ("a", "not_in_list"))
        said = {"decision": decision, "new value": new, "reviewer": name}
        for column, value in said.items():
            book[sheet].cell(row, columns.index(column) + 1, value)
        book.save(folder / "logs" / f"{name}.xlsx")

    (folder / "logs").mkdir()
    (folder / "corrections.csv").rename(folder / "logs" / "corrections.csv")
    text = STUDY.replace("{file: corrections.csv}", "{file: logs}")
    (folder / "study.yaml").write_text(text, encoding="utf-8")
    answers = "a,yess\nb,yes\n"
    _run(folder, "2026-11-20", answers, monkeypatch)
    review("AN", "Findings", "no action")
    _run(folder, "2026-11-22", answers, monkeypatch)

    review("BO", "Settled", "change", "yes")
    review("CY", "Settled", "change", "no")
    with pytest.raises(CorrectionError, match=r"Let the reviewers agree"):
        live(read_study(folder), folder / "out")
    (folder / "logs" / "CY.xlsx").unlink()
    _run(folder, "2026-11-22", answers, monkeypatch)

    log = _table(folder, "Corrections")
    assert list(zip(log["who"], log["action"], log["when"], strict=True)) == [
        ("AN", "no action", "2026-11-20"),
        ("BO", "change", "2026-11-22"),
    ]
    assert log["why"][0].endswith("decided again: BO.xlsx, sheet Settled, row 3")
