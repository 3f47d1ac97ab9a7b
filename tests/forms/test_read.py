"""One door for questionnaires, whatever they are written in."""

import shutil

import pytest

from survey_kit.errors import FileProblem
from survey_kit.forms.read import read_questionnaire

YAML = "questionnaire: q\ninterview: [{name: a, type: text, label: A}]\n"


def refusal_of(path):
    with pytest.raises(FileProblem) as caught:
        read_questionnaire(path)
    return str(caught.value)


def test_yaml_and_workbook_say_the_same(tmp_path, workbook):
    (tmp_path / "q.yml").write_text(YAML)
    survey = [["type", "name", "label"], ["text", "a", "A"]]
    sheet = workbook({"survey": survey, "settings": [["form_id"], ["q"]]}, name="q.xlsx")
    shutil.copy(sheet, tmp_path / "q.xlsm")

    assert read_questionnaire(tmp_path / "q.yml") == read_questionnaire(sheet)
    assert read_questionnaire(tmp_path / "q.xlsm") == read_questionnaire(sheet)


def test_a_file_that_is_not_what_its_suffix_says_is_refused(tmp_path, workbook):
    book = workbook({"survey": [["type", "name", "label"], ["text", "a", "A"]]})
    shutil.copy(book, tmp_path / "q.yaml")
    (tmp_path / "q.xlsx").write_text(YAML)

    assert refusal_of(tmp_path / "q.yaml") == (
        "q.yaml: this is a workbook, not YAML. Give it a name that ends in .xlsx."
    )
    assert refusal_of(tmp_path / "q.xlsx") == (
        "q.xlsx: this is not an .xlsx workbook. Save it as .xlsx."
    )


def test_a_file_that_is_missing_empty_or_of_another_kind_is_refused(tmp_path):
    (tmp_path / "empty.yaml").touch()
    (tmp_path / "folder.yaml").mkdir()

    assert refusal_of(tmp_path / "none.yaml") == (
        "none.yaml: there is no such file, or it cannot be read. Check its name and folder."
    )
    assert refusal_of(tmp_path / "empty.yaml") == (
        "empty.yaml: the file is empty. Save the questionnaire again."
    )
    assert refusal_of(tmp_path / "folder.yaml") == (
        "folder.yaml: this is a folder. Hand over the questionnaire in it."
    )
    assert refusal_of(tmp_path / "form.docx") == (
        "form.docx: a questionnaire is not read from a file ending in '.docx'. Hand over a .yaml "
        "file or an .xlsx file."
    )
