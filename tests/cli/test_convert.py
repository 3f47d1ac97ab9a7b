"""survey-kit convert: a file, or a folder of files, and what is said of each that is refused."""

import json

import openpyxl
import pytest
from click.testing import CliRunner

from survey_kit.cli.convert import command
from survey_kit.errors import DefinitionError, FileProblem, UsageError

GOOD = [["type", "name", "label"], ["text", "a", "A"]]
BAD = [["type", "name", "label"], ["select_one l", "a", "A"], ["text", "b", "B ${c}"]]
WANTING = [
    ["type", "name", "label", "choice_filter"],
    ["select_one_external city", "a", "A", "x='y'"],
]
CITIES = [["list_name", "name", "label", "x"], ["city", "w", "Waco", "y"]]


def save(path, survey, **sheets):
    path.parent.mkdir(parents=True, exist_ok=True)
    book = openpyxl.Workbook(write_only=True)
    for title, rows in {"survey": survey, **sheets}.items():
        page = book.create_sheet(title)
        for row in rows:
            page.append(row)
    book.save(path)


def run(*arguments):
    """The exit code, stdout and stderr; an error is raised as the command line shows it."""
    outcome = CliRunner().invoke(
        command, [str(each) for each in arguments], standalone_mode=False, catch_exceptions=False
    )
    return outcome.return_value, outcome.stdout, outcome.stderr


@pytest.fixture
def forms(tmp_path):
    """A folder with two good forms, one in a sub-folder, a bad one, and things that are none."""
    folder = tmp_path / "forms"
    save(folder / "a.xlsx", GOOD)
    save(folder / "north" / "b.xlsx", GOOD)
    save(folder / "north" / "bad.xlsx", BAD)
    save(folder / "~$a.xlsx", GOOD)
    (folder / "notes.txt").write_text("read me")
    (folder / "study.yaml").write_text("title: no questionnaire\n")
    return folder


def test_a_folder_is_mirrored_and_each_refusal_is_one_line(forms, tmp_path):
    code, out, err = run(forms, tmp_path / "out", "--to", "yaml")

    made = sorted(str(each.relative_to(tmp_path / "out")) for each in (tmp_path / "out").rglob("*"))
    assert made == ["a.yaml", "north", "north/b.yaml"]
    assert code == 1
    assert out == "2 of 3 questionnaires converted, 1 refused\n"
    assert err.count("\n") == 1
    assert err.startswith("north/bad.xlsx: ")
    assert "bad.xlsx, sheet survey, row 2, question 'a': there is no list called 'l'." in err
    assert "bad.xlsx, sheet survey, row 3, question 'b': there is no question called 'c'." in err


def test_a_folder_without_faults_ends_well_and_comes_back(forms, tmp_path):
    (forms / "north" / "bad.xlsx").unlink()

    there = run(forms, tmp_path / "yaml", "--to", "yaml")
    back = run(tmp_path / "yaml", tmp_path / "xlsx", "--to", "xlsx")
    xml = run(tmp_path / "xlsx", tmp_path / "xml", "--to", "xml")

    assert [code for code, _, _ in (there, back, xml)] == [0, 0, 0]
    assert back[1] == "2 of 2 questionnaires converted, 0 refused\n"
    assert (tmp_path / "xml" / "north" / "b.xml").read_text().startswith('<?xml version="1.0"?>')


def test_the_report_as_json_has_every_fault_in_its_parts(forms, tmp_path):
    code, out, _ = run(forms, tmp_path / "out", "--to", "yaml", "--json")

    report = json.loads(out)
    assert code == 1
    assert [each["file"] for each in report["converted"]] == ["a.xlsx", "north/b.xlsx"]
    assert [each["file"] for each in report["refused"]] == ["north/bad.xlsx"]
    assert report["refused"][0]["faults"][0] == {
        "where": "bad.xlsx, sheet survey, row 2, question 'a'",
        "what": "there is no list called 'l'",
        "remedy": "Add it to the choices",
    }


def test_a_file_goes_where_it_is_sent(forms, tmp_path):
    by_suffix = run(forms / "a.xlsx", tmp_path / "x" / "form.yaml")
    by_kind = run(forms / "a.xlsx", tmp_path, "--to", "xml")

    assert by_suffix == (0, f"{tmp_path / 'x' / 'form.yaml'}\n", "")
    assert by_kind[:2] == (0, f"{tmp_path / 'a.xml'}\n")


def test_a_single_form_that_is_refused_leaves_nothing(forms, tmp_path):
    with pytest.raises(DefinitionError) as caught:
        run(forms / "north" / "bad.xlsx", tmp_path / "form.yaml")

    assert caught.value.exit_code == 3
    assert len(caught.value.faults) == 3
    assert not (tmp_path / "form.yaml").exists()


def test_no_input_is_written_over(forms):
    with pytest.raises(UsageError) as caught:
        run(forms / "a.xlsx", forms / "a.xlsx")
    save(forms / "a.xlsm", GOOD)
    before = {path: path.read_bytes() for path in forms.rglob("*.xls?")}

    code, _, err = run(forms, forms, "--to", "yaml")

    assert str(caught.value).endswith("IN and OUT are the same file. Name another OUT.")
    assert code == 1
    assert "a.xlsx: a.xlsx: 'a.yaml' is there from another file. Rename one of the two." in err
    assert {path: path.read_bytes() for path in forms.rglob("*.xls?")} == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("forms", "out"), "this is a folder, and what to make of it is not said."),
        (("forms", "out", "--to", "xlsx"), "there is nothing in this folder to be written as"),
        (("forms/a.xlsx", "out"), "a questionnaire cannot be written as a file without a suffix."),
        (("forms/a.xlsx", "o.xlsx", "--to", "yaml"), "it ends in .xlsx, but --to says yaml."),
    ],
)
def test_what_is_not_clear_is_asked_back(forms, monkeypatch, arguments, message):
    monkeypatch.chdir(forms.parent)

    with pytest.raises(UsageError) as caught:
        run(*arguments)

    assert message in str(caught.value)


def test_external_choices_come_as_a_table_beside_the_xform(tmp_path):
    save(tmp_path / "form.xlsx", WANTING, external_choices=CITIES)

    code, _, _ = run(tmp_path / "form.xlsx", tmp_path / "form.xml")

    table = (tmp_path / "form-media" / "itemsets.csv").read_text()
    assert code == 0
    assert table.splitlines() == ['"list_name","name","label","x"', '"city","w","Waco","y"']


def test_what_is_kept_without_being_understood_is_said(tmp_path):
    survey = [["type", "name", "label", "relevant"], ["text", "a", "A", "foo(1)"]]
    save(tmp_path / "form.xlsx", survey)

    code, _, err = run(tmp_path / "form.xlsx", tmp_path / "form.yaml")

    assert code == 0
    assert err.startswith("kept as it is written: form.xlsx, sheet survey, row 2, question 'a', ")
    assert "relevant: foo(1)" in (tmp_path / "form.yaml").read_text()


def test_groups_two_hundred_deep_are_carried_over(tmp_path):
    groups = [["begin_group", f"g{level}", "G"] for level in range(200)]
    survey = [["type", "name", "label"], *groups, ["text", "a", "A"], *[["end_group"]] * 200]
    save(tmp_path / "form.xlsx", survey)

    there = run(tmp_path / "form.xlsx", tmp_path / "form.yaml")
    back = run(tmp_path / "form.yaml", tmp_path / "again.xlsx")

    assert (there[0], back[0]) == (0, 0)


def test_a_form_of_two_thousand_rows_that_goes_wrong_says_so_and_stops(tmp_path):
    survey = [["type", "name", "label"], *[["begin_group", f"g{at}", "G"] for at in range(2_000)]]
    save(tmp_path / "form.xlsx", survey)

    with pytest.raises(DefinitionError) as caught:
        run(tmp_path / "form.xlsx", tmp_path / "form.yaml")

    assert "row 202, group 'g200': more than 200 groups and repeats stand inside one another" in (
        str(caught.value)
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("form.xlsx", b"PK\x03\x04 and no more"),
        ("form.xlsx", b"<html>"),
        ("form.xls", b"\xd0\xcf\x11\xe0" + b"x" * 600),
        ("form.yaml", b"\xff\xfe\x00"),
        ("form.yaml", b"interview: [" * 5_000),
        ("form.yaml", b"a: &x [1]\nquestionnaire: *x\n"),
    ],
)
def test_a_broken_file_is_one_sentence(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)

    with pytest.raises(FileProblem) as caught:
        run(tmp_path / name, tmp_path / "out.xml")

    assert len(caught.value.faults) == 1
    assert str(caught.value).startswith(name)


def test_a_form_without_an_id_stays_without_one_under_its_name_and_keeps_it_under_another(
    tmp_path,
):
    save(tmp_path / "water.xlsx", GOOD)
    run(tmp_path / "water.xlsx", tmp_path / "water.yaml")

    run(tmp_path / "water.yaml", tmp_path / "back" / "water.xlsx")
    run(tmp_path / "water.yaml", tmp_path / "back" / "other.xlsx")

    same, other = (
        [[cell.value for cell in row] for row in openpyxl.load_workbook(path)["settings"].rows]
        for path in (tmp_path / "back" / "water.xlsx", tmp_path / "back" / "other.xlsx")
    )
    assert same == []
    assert other == [["form_id"], ["water"]]
