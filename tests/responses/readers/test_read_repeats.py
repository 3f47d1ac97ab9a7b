"""Rows of repeats come back to the interviews they belong to, from every shape of tables.

The law: simulated interviews written as Kobo's workbook or Central's zip and read again are the
same in answers, in the reason of every empty cell, and in the rows of every repeat at every level.
Neither format loses any of that; what they lose is docs/reading.md's to say.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from random import Random
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey_kit.cleaning.run_checks import run_checks
from survey_kit.errors import FileProblem, ResponsesError
from survey_kit.forms.xlsform import read_xlsform
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.yaml_file import read_yaml
from survey_kit.responses.model import Responses
from survey_kit.responses.read import ReadOptions, read_responses
from survey_kit.responses.simulate import simulate
from survey_kit.responses.writer import writers
from survey_kit.responses.writers.central import write_central
from survey_kit.responses.writers.kobo import write_kobo_workbook

WRITERS: dict[str, Callable[[Responses, Path], object]] = {
    "kobo.xlsx": write_kobo_workbook,
    "central.zip": write_central,
}


Same = Callable[[Responses, Responses], None]
FormAt = Callable[[str], Questionnaire]


def central_files(made: Responses, path: Path) -> dict[str, list[list[str]]]:
    """The files of Central's zip, each as its rows."""
    write_central(made, path)
    with ZipFile(path) as archive:
        return {
            name: list(csv.reader(io.StringIO(archive.read(name).decode(), newline="")))
            for name in archive.namelist()
        }


def as_text(rows: list[list[str]], separator: str = ",") -> str:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return file.getvalue()


def folder_of(files: dict[str, list[list[str]]], folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    for name, rows in files.items():
        (folder / name).write_text(as_text(rows), encoding="utf-8", newline="")
    return folder


@pytest.mark.parametrize("name", list(WRITERS))
@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 10_000))
def test_interviews_with_repeats_within_repeats_come_back_whole(
    name: str, seed: int, camp: Questionnaire, tmp_path: Path, the_same: Same
):
    simulated = simulate(camp, 1 + seed % 9, seed=seed)

    WRITERS[name](simulated, tmp_path / name)

    the_same(read_responses(tmp_path / name, camp), simulated)


@pytest.mark.client
@pytest.mark.shared
@pytest.mark.parametrize("name", list(WRITERS))
@pytest.mark.parametrize(
    "form",
    ["msna_2024/REACH_2024_MSNA-kobo-tool_draft_v11.xlsx", "iraq_households/form.xlsx"],
)
def test_real_forms_come_back_whole(
    form: str, name: str, real_form: FormAt, tmp_path: Path, the_same: Same
):
    questionnaire = real_form(form)
    simulated = simulate(questionnaire, 4, seed=2)

    WRITERS[name](simulated, tmp_path / name)

    the_same(read_responses(tmp_path / name, questionnaire), simulated)


@pytest.mark.client
@pytest.mark.parametrize("name", list(WRITERS))
def test_the_study_of_this_repository_comes_back_whole(
    name: str, root: Path, tmp_path: Path, the_same: Same
):
    questionnaire = read_yaml(root / "instruments" / "community_perceptions" / "questionnaire.yaml")
    simulated = simulate(questionnaire, 4, seed=2)

    WRITERS[name](simulated, tmp_path / name)

    the_same(read_responses(tmp_path / name, questionnaire), simulated)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_rows_in_a_file_changes_nothing(
    seed: int, made: Responses, camp: Questionnaire, tmp_path: Path, the_same: Same
):
    files = central_files(made, tmp_path / "central.zip")
    for rows in files.values():
        body = rows[1:]
        Random(seed).shuffle(body)  # noqa: S311 - no secret
        rows[1:] = body

    again = read_responses(folder_of(files, tmp_path / "shuffled"), camp)

    the_same(again, made)


def test_the_report_says_which_table_was_taken_for_what_and_by_what(
    made: Responses, camp: Questionnaire, tmp_path: Path
):
    write_central(made, tmp_path / "central.zip", about="SIMULATED DATA")
    write_kobo_workbook(made, tmp_path / "kobo.xlsx")

    central = read_responses(tmp_path / "central.zip", camp).report
    kobo = read_responses(tmp_path / "kobo.xlsx", camp).report

    assert central.format == "zip of tables"
    assert central.notes == (
        "the interviews were read from 'camp.csv'",
        "files that are no tables, not read: '.txt'",
        "the rows of the repeat 'person' were read from 'camp-person.csv', by PARENT_KEY",
        "the rows of the repeat 'job' were read from 'camp-job.csv', by PARENT_KEY",
        "the rows of the repeat 'animal' were read from 'camp-animal.csv', by PARENT_KEY",
    )
    by = "by _parent_index and the id of the interview"
    assert kobo.notes == (
        f"the rows of the repeat 'person' were read from 'person', {by}",
        f"the rows of the repeat 'job' were read from 'job', {by}",
        f"the rows of the repeat 'animal' were read from 'animal', {by}",
    )
    for report in (central, kobo):
        assert sum(report.counts.values()) == report.columns_read
        assert report.unseen == ()


def test_a_row_whose_interview_is_gone_is_kept_aside_and_found(
    made: Responses, camp: Questionnaire, tmp_path: Path
):
    files = central_files(made, tmp_path / "central.zip")
    gone = made.repeats["job"].frame.index[0][0]
    key = files["camp.csv"][0].index("KEY")
    files["camp.csv"] = [row for row in files["camp.csv"] if row[key] != f"uuid:{gone}"]

    again = read_responses(folder_of(files, tmp_path / "cut"), camp)

    kept = made.only((made.frame.index != gone).astype(bool))
    for name in camp.repeats:
        pd.testing.assert_frame_equal(again.repeats[name].frame, kept.repeats[name].frame)
    orphans = again.report.orphans
    assert orphans is not None
    ages = made.repeats["person"].frame["age"]
    people: list[float] = ages[ages.index.get_level_values(0) == gone].tolist()
    aside = orphans[orphans["repeat"].eq("person") & orphans["question"].eq("age")]
    assert aside["answer"].tolist() == [f"{age:.0f}" for age in people]
    assert set(orphans.loc[orphans["repeat"].eq("person"), "parent"]) == {f"PARENT_KEY uuid:{gone}"}
    note = f"rows of the repeat 'person' whose interview is not there, kept aside: {len(people)}"
    assert note in again.report.notes
    found = run_checks(again, {}).findings
    found = found[found["check"].eq("row_without_interview")]
    assert len(found) == len(orphans)
    assert found["what"].str.contains("belongs to no interview of the file").all()


def test_a_row_that_names_two_interviews_is_given_to_neither(
    made: Responses, camp: Questionnaire, tmp_path: Path
):
    write_kobo_workbook(made, tmp_path / "kobo.xlsx")
    book = openpyxl.load_workbook(tmp_path / "kobo.xlsx")
    sheet = book["person"]
    column = [cell.value for cell in sheet[1]].index("_parent_index")
    parents = [row[column] for row in sheet.iter_rows(min_row=2, values_only=True)]
    other = next(each for each in parents if each != parents[0])
    sheet.cell(2, column + 1, str(other))
    book.save(tmp_path / "kobo.xlsx")

    again = read_responses(tmp_path / "kobo.xlsx", camp)

    assert len(again.repeats["person"].frame) == len(made.repeats["person"].frame) - 1
    assert (
        "rows of the repeat 'person' that name two different interviews, given to neither: 1"
        in again.report.notes
    )


def test_an_interview_sent_twice_keeps_the_rows_of_both(
    made: Responses, camp: Questionnaire, tmp_path: Path
):
    files = central_files(made, tmp_path / "central.zip")
    twice = made.repeats["person"].frame.index[0][0]
    files = {
        name: [*rows, *(row for row in rows[1:] if any(twice in cell for cell in row))]
        for name, rows in files.items()
    }

    again = read_responses(folder_of(files, tmp_path / "twice"), camp)

    for name in camp.repeats:
        frame = again.repeats[name].frame
        pairs = [
            frame.loc[[each]] if each in frame.index else frame.iloc[:0]
            for each in (twice, f"{twice}#2")
        ]
        assert pairs[0].to_numpy().tolist().__repr__() == pairs[1].to_numpy().tolist().__repr__()
        pd.testing.assert_frame_equal(
            frame.drop(index=f"{twice}#2", level=0, errors="ignore"), made.repeats[name].frame
        )


@pytest.mark.client
@pytest.mark.shared
def test_the_files_of_a_real_survey_with_four_repeats_are_one_export(shared: Path):
    folder = shared / "data" / "msna_2024"
    questionnaire = read_xlsform(folder / "REACH_2024_MSNA-kobo-tool_draft_v11.xlsx")

    responses = read_responses(folder, questionnaire)

    report = responses.report
    assert report.format == "folder of tables"
    assert report.rows_elsewhere == ()
    assert sum(report.counts.values()) == report.columns_read == 367 + 33 + 18 + 25 + 41
    assert report.orphans is not None
    assert report.orphans.empty
    for name in ("roster", "edu_ind", "health_ind", "nut_ind"):
        with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        frame = responses.repeats[name].frame
        assert len(frame) == len(rows) == 965
        sizes = frame.groupby(level=0).size().reindex(responses.frame.index)
        assert sizes.tolist() == responses.frame["hh_size"].tolist()
        for key in frame.columns[frame.dtypes == "str"]:
            theirs = sorted((row["uuid"], row[key]) for row in rows if row.get(key))
            filled = frame[key].dropna()
            ours = sorted(zip(filled.index.get_level_values(0), filled, strict=True))
            assert ours == theirs, key
    assert sorted(report.unmatched) == [
        "edu_ind.csv: person_id",
        "edu_ind.csv: row_id",
        "health_ind.csv: person_id",
        "health_ind.csv: row_id",
        "index",
        "nut_ind.csv: person_id",
        "nut_ind.csv: row_id",
        "person_id",
        "roster.csv: row_id",
        "row_id",
        "stratum",
        "weight",
    ]


def test_a_repeat_nobody_has_rows_in_is_read_as_such(
    made: Responses, camp: Questionnaire, tmp_path: Path
):
    with_animals = made.repeats["animal"].frame.index.get_level_values(0)
    alone = made.only(~made.frame.index.isin(with_animals))
    assert len(alone)
    write_central(alone, tmp_path / "central.zip")
    write_kobo_workbook(alone, tmp_path / "kobo.xlsx")

    for name in ("central.zip", "kobo.xlsx"):
        again = read_responses(tmp_path / name, camp)
        assert again.report.rows_elsewhere == ()
        assert again.repeats["animal"].frame.empty


def test_what_cannot_be_linked_is_said_and_not_read(
    made: Responses, camp: Questionnaire, tmp_path: Path
):
    files = central_files(made, tmp_path / "central.zip")
    files["camp-person.csv"] = [
        ["_parent_index" if cell == "PARENT_KEY" else cell for cell in row]
        for row in files["camp-person.csv"]
    ]

    report = read_responses(folder_of(files, tmp_path / "unlinked"), camp).report

    assert report.rows_elsewhere == ("person", "job")
    assert (
        "rows of the repeat 'person' stand in 'camp-person.csv', and were not read: none of its "
        "columns says to which row of the other tables they belong"
    ) in report.notes
    assert (
        "rows of the repeat 'job' stand in 'camp-job.csv', and were not read: those of 'person' "
        "around it are not there"
    ) in report.notes
    assert report.notes[-1] == "the rows of the repeats are not in this file: 'person', 'job'"


@pytest.mark.parametrize(
    ("take", "message"),
    [
        (
            ("camp-person.csv", "camp-job.csv"),
            (
                "export: all its tables hold rows of repeats, and none the interviews. "
                "Put the table of the interviews beside them."
            ),
        ),
        (
            ("camp.csv", "again.csv", "third.csv"),
            (
                "export: several of its tables hold interviews: 'again.csv', 'third.csv'. "
                "Hand over the one that is meant, or give each a folder of its own."
            ),
        ),
    ],
)
def test_a_folder_that_is_not_one_export_is_refused(
    take: tuple[str, ...], message: str, made: Responses, camp: Questionnaire, tmp_path: Path
):
    files = central_files(made, tmp_path / "central.zip")
    chosen = {name: files.get(name, files["camp.csv"]) for name in take}
    if "again.csv" in chosen:
        chosen["camp.csv"] = [["crop"], ["maize"]]

    with pytest.raises(FileProblem) as caught:
        read_responses(folder_of(chosen, tmp_path / "export"), camp)

    assert str(caught.value) == message


def test_the_study_may_name_a_column_of_a_repeat(
    made: Responses, camp: Questionnaire, tmp_path: Path, the_same: Same
):
    files = central_files(made, tmp_path / "central.zip")
    files["camp-person.csv"][0] = [
        "years" if cell == "age" else cell for cell in files["camp-person.csv"][0]
    ]
    folder = folder_of(files, tmp_path / "export")

    the_same(read_responses(folder, camp, options=ReadOptions(columns={"years": "age"})), made)
    with pytest.raises(ResponsesError, match="the study names the column 'yeers'"):
        read_responses(folder, camp, options=ReadOptions(columns={"yeers": "age"}))


def test_attachments_and_audits_in_a_zip_are_no_tables(
    made: Responses, camp: Questionnaire, tmp_path: Path, the_same: Same
):
    write_central(made, tmp_path / "central.zip")
    with ZipFile(tmp_path / "central.zip", "a", ZIP_DEFLATED) as archive:
        archive.writestr("media/audit-1.csv", "event,node\nform start,\n")
        archive.writestr("media/list.xml", "<x/>")
        archive.writestr("camp - audit.csv", "event,node\nform start,\n")

    again = read_responses(tmp_path / "central.zip", camp)

    the_same(again, made)
    assert "other files, not read: 'camp - audit.csv'" in again.report.notes


@pytest.mark.parametrize("as_folder", ["file", "folder"])
def test_the_csv_files_that_survey_kit_writes_come_back_whole(
    as_folder: str, made: Responses, camp: Questionnaire, tmp_path: Path, the_same: Same
):
    path = tmp_path / "responses.csv"
    writers()["csv"].write(made, path, "en")

    again = read_responses(path if as_folder == "file" else tmp_path, camp)

    the_same(again, made)
    assert again.report.unmatched == {}
    assert set(again.meta["version"]) == {"7"}
    said = "the rows of the repeat 'job' were read from 'responses.job.csv', by place"
    assert said in again.report.notes
