"""survey-kit clean and clean verify, as a person at the command line uses them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner

from survey_kit.cli.clean import command
from survey_kit.errors import FileProblem, UsageError

FORM = """
questionnaire: small
version: "1"
title: {en: Small}
languages: {en: English}
interview:
  - {name: age, type: integer, label: {en: Age}}
  - {name: grown, type: text, relevant: "${age} >= 18", label: {en: Grown}}
"""
RAW = "_uuid,age,grown\na,17,\nb,40,yes\nc,3O,\n"
LOG = (
    "uuid,question,old_value,new_value,change_type\n"
    "b,age,40,4,change_response\nc,,,,remove_survey\na,age,17,,no_action\n"
)


def run(*arguments: object) -> tuple[int, str]:
    outcome = CliRunner().invoke(
        command, [str(each) for each in arguments], standalone_mode=False, catch_exceptions=False
    )
    return outcome.return_value, outcome.stdout


@pytest.fixture
def files(tmp_path: Path) -> list[object]:
    """The options that name a form, a raw file and a log."""
    for name, text in (("form.yaml", FORM), ("raw.csv", RAW), ("log.csv", LOG)):
        (tmp_path / name).write_text(text)
    form, raw, log = (tmp_path / name for name in ("form.yaml", "raw.csv", "log.csv"))
    return ["--questionnaire", form, "--raw", raw, "--log", log]


def test_a_raw_file_is_cleaned_and_the_cleaned_one_is_proved(files: list[object], tmp_path: Path):
    out = tmp_path / "clean.csv"

    code, said = run(*files, "--out", out)
    proved, proof = run("verify", *files, "--clean", out)

    assert (code, proved) == (0, 0)
    assert out.read_text() == "_uuid,age,grown\na,17,\nb,4,\n"
    assert "cells changed: 1 by entries, 1 that follow from them" in said
    assert proof.endswith("proved: the cleaned file is what the log makes of the raw one\n")
    book = openpyxl.load_workbook(tmp_path / "clean.report.xlsx")
    assert book.sheetnames == ["Summary", "Entries", "Changes", "Removed"]
    facts = json.loads((tmp_path / "clean.report.json").read_text())
    assert facts["removed"] == ["c"]
    assert [each["class"] for each in facts["entries"]] == [
        "applied",
        "interview removed",
        "no action",
    ]


def test_a_conflict_stops_everything_and_no_answer_is_shown(files: list[object], tmp_path: Path):
    (tmp_path / "log.csv").write_text(LOG.replace("b,age,40", "b,age,41"))

    code, said = run(*files, "--out", tmp_path / "clean.csv")

    assert code == 1
    assert not list(tmp_path.glob("clean*"))
    assert said.splitlines()[-2:] == [
        (
            "conflict: log.csv, line 2, interview 'b', question 'age': the old value stated is not "
            "the one in the data. Look at the interview again, and write its present value as the "
            "old one."
        ),
        "nothing was written: 1 entry stands against it",
    ]


def test_an_edit_of_the_cleaned_file_or_of_its_chained_log_shows(
    files: list[object], tmp_path: Path
):
    out, sealed = tmp_path / "clean.csv", tmp_path / "clean.log.csv"
    run(*files, "--out", out)
    form, raw = files[:2], files[2:4]

    whole, _ = run("verify", *form, *raw, "--log", sealed, "--clean", out)
    out.write_text(out.read_text().replace("a,17", "a,18"))
    edited, said = run("verify", *files, "--clean", out, "--json")
    sealed.write_text(sealed.read_text().replace("b,,age,,40,40,4,", "b,,age,,40,40,5,"))
    broken, proof = run("verify", *form, *raw, "--log", sealed, "--clean", out)

    assert (whole, edited, broken) == (0, 1, 1)
    assert json.loads(said)["counts"] == {"changed, and not in the log": 1}
    assert "the log (clean.log.csv: row 1 is not as it was sealed)" in proof


ROW = "1,b,,age,,40,40,5,change,equal,,,,,changed,,x,y"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda rows: [rows[0], rows[1].replace(",40,40,4,", ",40,40,5,"), *rows[2:]], "row 1"),
        (lambda rows: [rows[0], *rows[2:]], "row 1"),
        (lambda rows: [*rows[:2], *rows[3:]], "row 2"),
        (lambda rows: [rows[0], rows[2], rows[1], *rows[3:]], "row 1"),
        (lambda rows: [*rows, ROW], "row 5"),
        (lambda rows: [*rows, rows[1]], "row 5"),
        (lambda rows: [*rows[:2], rows[1], *rows[2:]], "row 2"),
        (lambda rows: rows[:-1], "no chained log ends in the seal"),
    ],
    ids=["edit", "first", "delete", "reorder", "append", "again", "insert", "truncate"],
)
def test_history_that_was_edited_in_any_way_shows(
    files: list[object],
    tmp_path: Path,
    change: Callable[[list[str]], list[str]],
    said: str,
):
    (tmp_path / "log.csv").write_text(LOG)
    out, sealed = tmp_path / "clean.csv", tmp_path / "clean.log.csv"
    _, told = run(*files, "--out", out)
    seal = told.partition("seal of the log: ")[2].split()[0]
    held = ["verify", *files[:4], "--log", sealed, "--clean", out, "--seal", seal]

    whole, _ = run(*held)
    rows = sealed.read_text().splitlines()
    sealed.write_text("\n".join(change(rows)) + "\n")
    code, told = run(*held)

    assert whole == 0
    assert len(rows) == 5
    assert code == 1
    assert said in told


def test_what_follows_and_was_not_drawn_fails_only_where_it_is_asked_to(
    files: list[object], tmp_path: Path
):
    (tmp_path / "clean.csv").write_text("_uuid,age,grown\na,17,\nb,4,yes\n")

    lenient, said = run("verify", *files, "--clean", tmp_path / "clean.csv")
    strict, _ = run("verify", *files, "--clean", tmp_path / "clean.csv", "--strict")

    assert (lenient, strict) == (0, 1)
    assert "       1  follows from the log, and was not drawn\n" in said
    assert "interview 'b', 'grown'" in said


def test_a_log_for_other_answers_changes_nothing(files: list[object], tmp_path: Path):
    (tmp_path / "log.csv").write_text(LOG.replace("\nb,", "\nx,").replace("\nc,", "\ny,"))

    code, said = run(*files, "--out", tmp_path / "clean.csv")

    assert code == 1
    assert "       2  unknown interview\n" in said


def test_a_log_of_other_data_is_one_sentence(files: list[object], tmp_path: Path):
    lines = "".join(f"x{n},age,1,2,change_response\n" for n in range(40))
    (tmp_path / "log.csv").write_text(LOG.splitlines(keepends=True)[0] + lines)
    sentence = (
        "log.csv: none of the 40 interviews that it names is in the data. It seems to be the log of "
        "other data: check which log and which raw file belong together. If they do, their ids stand "
        "in another column: name it with --interview."
    )

    code, said = run(*files, "--out", tmp_path / "clean.csv")
    (tmp_path / "clean.csv").write_text(RAW)
    unproved, proof = run("verify", *files, "--clean", tmp_path / "clean.csv")

    assert (code, unproved) == (1, 1)
    assert said.splitlines()[-2:] == [sentence, "nothing was written: 1 entry stands against it"]
    assert f"            the log ({sentence})\n" in proof
    assert "       1  log of other data\n" in proof


def test_a_cleaned_workbook_may_call_its_sheet_and_its_ids_otherwise(
    files: list[object], tmp_path: Path
):
    book = openpyxl.Workbook()
    for name, rows in {
        "raw_data": (("_uuid", "age", "grown"), ("a", 17, None), ("b", 40, "yes"), ("c", 30, None)),
        "clean_data": (("person", "age", "grown"), ("a", 17, None), ("b", 4, None)),
    }.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    del book["Sheet"]
    book.save(tmp_path / "all.xlsx")
    held = ["verify", *files, "--clean", tmp_path / "all.xlsx"]

    first, _ = run(*held)
    meant, said = run(*held, "--cleaned-sheet", "clean_data", "--cleaned-id", "person", "--strict")
    with pytest.raises(FileProblem) as without:
        run(*held, "--cleaned-sheet", "clean_data")
    with pytest.raises(FileProblem) as wrong:
        run(*held, "--cleaned-sheet", "clean_data", "--cleaned-id", "age")

    assert (first, meant) == (1, 0)
    assert said.endswith("proved: the cleaned file is what the log makes of the raw one\n")
    assert str(without.value) == (
        "all.xlsx: no column names the interviews. Name one with --cleaned-id COLUMN."
    )
    assert str(wrong.value) == (
        "all.xlsx: none of its 2 interviews is in raw.csv. Check that the two belong together; if the "
        "ids stand in another column, name it with --cleaned-id or --interview."
    )


def test_a_log_in_another_encoding_and_on_a_named_sheet(files: list[object], tmp_path: Path):
    (tmp_path / "log.csv").write_bytes(
        "uuid,question,old_value,new_value,change_type,issue\n"
        "b,age,40,4,change_response,\u062e\u0637\u0623\n".encode("cp1256")
    )

    with pytest.raises(FileProblem):
        run(*files, "--out", tmp_path / "clean.csv")
    code, said = run(*files, "--log-encoding", "cp1256", "--out", tmp_path / "clean.csv")

    assert code == 0
    assert "note: log.csv: it was read as cp1256, as you say\n" in said


def test_a_withdrawn_interview_goes_and_nothing_the_log_says_of_it_stays(
    files: list[object], tmp_path: Path
):
    (tmp_path / "withdrawn.csv").write_text("uuid\nB\n")
    given = [*files, "--withdrawn", tmp_path / "withdrawn.csv"]
    out = tmp_path / "clean.csv"

    code, said = run(*given, "--out", out)
    proved, _ = run("verify", *given, "--clean", out, "--strict")

    assert (code, proved) == (0, 0)
    assert out.read_text() == "_uuid,age,grown\na,17,\n"
    assert (
        "note: interviews whose consent was withdrawn, taken out: 1; entries of the log about them, "
        "left out: 1\n" in said
    )
    facts = json.loads((tmp_path / "clean.report.json").read_text())
    assert [(each["interview"], each["old"], each["new"]) for each in facts["entries"]] == [
        ("b", "", ""),
        ("c", "", ""),
        ("a", "17", ""),
    ]
    log = pd.read_csv(tmp_path / "clean.log.csv", dtype="str", keep_default_na=False)
    assert not log[["old_found", "old_stated", "new"]].isin(["40", "4"]).any(axis=None)


def test_the_rule_of_a_study_takes_out_whose_consent_was_withdrawn(
    files: list[object], tmp_path: Path
):
    del files
    (tmp_path / "study.yaml").write_text(
        "study: small\ntitle: Small\nquestionnaire: form.yaml\nresponses: {file: raw.csv}\n"
        "corrections: {file: log.csv}\nwithdrawn: ${grown} = 'yes'\n"
        "design: {sampling: purposive}\n"
    )

    code, _ = run(tmp_path, "--out", tmp_path / "clean.csv")

    assert code == 0
    assert (tmp_path / "clean.csv").read_text() == "_uuid,age,grown\na,17,\n"


@pytest.mark.parametrize(("of", "suffix"), [("kobo", "csv"), ("kobo", "sav"), ("odata", "xlsx")])
def test_json_of_a_server_is_written_anew_and_the_cleaned_file_proved(
    files: list[object], tmp_path: Path, of: str, suffix: str
):
    rows = [{"age": "17"}, {"age": "40", "grown": "yes"}, {"age": "30"}]
    if of == "kobo":
        listed = [{"_uuid": name, **row} for name, row in zip("abc", rows, strict=True)]
        whole = {"count": 3, "results": listed}
    else:
        whole = {"value": [{"__id": n, **row} for n, row in zip("abc", rows, strict=True)]}
    (tmp_path / "raw.json").write_text(json.dumps(whole))
    given = [*files[:2], "--raw", tmp_path / "raw.json", *files[4:]]
    out = tmp_path / f"clean.{suffix}"

    code, _ = run(*given, "--out", out)
    proved, said = run("verify", *given, "--clean", out)
    with pytest.raises(UsageError) as caught:
        run(*given, "--out", tmp_path / "clean.json")

    assert (code, proved) == (0, 0)
    assert "differences that the log does not explain: 0\n" in said
    assert str(caught.value) == (
        "clean.json: answers are not written as .json. Give it one of the suffixes .csv, .xlsx, .zip, "
        ".parquet, .sav, .dta."
    )


SEVERAL = """
questionnaire: water
version: "1"
title: {en: Water}
languages: {en: English}
choices:
  sources: [{code: tap, label: {en: Tap}}, {code: well, label: {en: Well}}]
interview:
  - {name: size, type: integer, label: {en: Size}}
  - {name: sources, type: select_multiple sources, label: {en: Sources}}
  - {name: place, type: geopoint, label: {en: Place}}
"""


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "zip", "parquet", "sav", "dta"])
def test_xml_is_written_anew_and_proved_however_a_format_spells_several_choices_and_ids(
    tmp_path: Path, suffix: str
):
    (tmp_path / "form.yaml").write_text(SEVERAL)
    (tmp_path / "raw").mkdir()
    for name, sources in (("a", "well tap"), ("b", "tap"), ("c", "")):
        (tmp_path / "raw" / f"{name}.xml").write_text(
            f"<data id='water' version='1'><size>4</size><sources>{sources}</sources>"
            "<place>1.5 2.5 0 0</place>"
            f"<meta><instanceID>uuid:{name}</instanceID></meta></data>"
        )
    log = tmp_path / "log.csv"
    log.write_text(
        "uuid,question,old_value,new_value,change_type\n"
        "a,sources,tap well,well,change_response\nb,size,4,5,change_response\n"
    )
    given = ["--questionnaire", tmp_path / "form.yaml", "--raw", tmp_path / "raw", "--log", log]
    out = tmp_path / f"clean.{suffix}"

    code, _ = run(*given, "--out", out)
    proved, said = run("verify", *given, "--clean", out)

    assert (code, proved) == (0, 0)
    assert "differences that the log does not explain: 0\n" in said


def test_a_choice_whose_code_is_0_is_told_from_one_that_was_not_made(tmp_path: Path):
    (tmp_path / "form.yaml").write_text(
        SEVERAL.replace("code: tap", "code: '0'").replace("code: well", "code: '1'")
    )
    raw, log, out = (tmp_path / name for name in ("raw.csv", "log.csv", "clean.csv"))
    raw.write_text(
        "_uuid,size,sources,sources/0,sources/1\n"
        "a,4,1,0,1\nb,4,0,1,0\nc,4,1,0,1\nd,4,0 1,1,1\ne,4,0,1,0\n"
    )
    log.write_text(
        "uuid,question,old_value,new_value,change_type\n"
        "a,sources,1,0 1,change_response\nb,sources,0,1,change_response\n"
    )

    code, _ = run(
        "--questionnaire", tmp_path / "form.yaml", "--raw", raw, "--log", log, "--out", out
    )

    assert code == 0
    assert out.read_text().splitlines()[1:] == [
        "a,4,1 0,1,1",
        "b,4,1,0,1",
        "c,4,1,0,1",
        "d,4,0 1,1,1",
        "e,4,0,1,0",
    ]


def test_commands_put_wrongly_are_refused(files: list[object], tmp_path: Path):
    for wrong in (
        [*files],
        [*files, "--out", tmp_path / "clean.xlsx"],
        [*files, "--out", tmp_path / "raw.csv"],
        [*files, "--out", tmp_path / "clean.csv", "--action", "fixed"],
        ["verify", "--clean", tmp_path / "raw.csv"],
    ):
        with pytest.raises(UsageError):
            run(*wrong)
    (tmp_path / "cut.xlsx").write_bytes(b"PK\x03\x04 cut short")
    with pytest.raises(FileProblem):
        run("--raw", tmp_path / "cut.xlsx", *files[4:], "--out", tmp_path / "o.xlsx")


def test_a_study_is_cleaned_by_its_own_log(files: list[object], tmp_path: Path):
    del files
    (tmp_path / "study.yaml").write_text(
        "study: small\ntitle: Small\nquestionnaire: form.yaml\nresponses: {file: raw.csv}\n"
        "corrections: {file: log.csv}\ndesign: {sampling: purposive}\n"
    )
    out = tmp_path / "clean.csv"

    code, _ = run(tmp_path, "--out", out)
    proved, _ = run("verify", tmp_path, "--clean", out)

    assert (code, proved) == (0, 0)
    assert out.read_text() == "_uuid,age,grown\na,17,\nb,4,\n"
