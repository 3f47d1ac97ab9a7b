"""Whatever pyxform takes comes back from YAML as the very same XForm, byte by byte."""

import datetime as dt
import re
from pathlib import Path

import openpyxl
import pytest
from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert as by_pyxform

from survey_kit.forms.conversion import Format, convert
from survey_kit.forms.read import read_as_written
from survey_kit.forms.sheets import sheets
from survey_kit.forms.xlsform_writer import xlsform_bytes
from survey_kit.questionnaire.yaml_file import yaml_text

CORPUS = Path(__file__).parent / "corpus"
ROW = re.compile(r"\|(.*)\|\s*$")


def tables(text):
    """{title: {sheet: rows}} of a file of the corpus."""
    found = {}
    rows = []
    for line in text.splitlines():
        if line.startswith("## "):
            found[line[3:]] = book = {}
        elif row := ROW.match(line):
            sheet, *cells = (cell.strip() for cell in row[1].split("|"))
            if sheet:
                rows = book.setdefault(sheet, [])
            rows.append([cell or None for cell in cells])
    return found


FORMS = {
    f"{path.stem}: {title}": book
    for path in sorted(CORPUS.glob("*.md"))
    if path.name != "README.md"
    for title, book in tables(path.read_text(encoding="utf-8")).items()
}


def save(book, path):
    made = openpyxl.Workbook(write_only=True)
    for title, rows in book.items():
        page = made.create_sheet(title)
        for row in rows:
            page.append(row)
    made.save(path)
    return path


def xml(path):
    return by_pyxform(str(path), form_name="data").xform


def there_and_back(path, folder):
    """Through YAML and into a workbook of the same name."""
    yaml = folder / f"{path.stem}.yaml"
    yaml.write_bytes(convert(path, Format.YAML).content)
    again = folder / "again" / path.name
    again.parent.mkdir(exist_ok=True)
    again.write_bytes(convert(yaml, Format.XLSX).content)
    return yaml, again


def test_the_corpus_is_wide():
    assert len(FORMS) >= 170


@pytest.mark.client
@pytest.mark.parametrize("title", FORMS)
def test_a_form_comes_back_as_the_same_xform(title, tmp_path):
    """And the remarks, the headers and the words of the author come back with it."""
    path = save(FORMS[title], tmp_path / "form.xlsx")
    whole = read_as_written(path)
    (tmp_path / "form.yaml").write_text(yaml_text(whole))
    (tmp_path / "again").mkdir()

    from_yaml = read_as_written(tmp_path / "form.yaml")
    (tmp_path / "again" / "form.xlsx").write_bytes(xlsform_bytes(from_yaml))

    assert from_yaml == whole
    assert xml(tmp_path / "again" / "form.xlsx") == xml(path)
    made = {sheet.name.lower(): sheet.grid for sheet in sheets(from_yaml)}
    for name, rows in FORMS[title].items():
        again = made.get(name.lower(), made["survey"])
        for column, header in enumerate(rows[0]):
            if header not in MADE_USUAL:
                position = again[0].index(header or "")
                assert said(again, position) == said(rows, column), header


MADE_USUAL = (
    *("type", "Type", "command", "name", "NAME"),  # the ends of groups are given their names
    *("label :: English (en)", "label ::French (fr)"),
)


def said(rows, column):
    """The texts of a column, in the order of the alphabet: lists may stand mixed."""
    cells = [row[column] for row in rows[1:] if len(row) > column and row[column]]
    return sorted(USUAL.get(cell, cell.translate(STRAIGHT)) for cell in cells)


USUAL = dict.fromkeys(("Yes", "TRUE", "true()"), "yes") | {"FALSE": "no"}
STRAIGHT = str.maketrans("‘’“”", "''\"\"")

VALUES = {
    "a number": 3,
    "a number with decimals": 0.1 + 0.2,
    "a whole number with decimals": 4.0,
    "a large number": 12345678901234567890.0,
    "a truth": True,
    "an untruth": False,
    "fixed spaces": "\u00a0a\u00a0b\u00a0",
    "lines": "one\ntwo\n\n  three",
    "returns": "one\rtwo",
    "a tab": "a\tb",
    "escapes": "_x000D_ and _x0041_",
    "a formula": "'=1+1",
    "signs beyond the first plane": "𝒜 👍🏽",
    "marks of direction": "\u200fنعم\u200e",
    "a line separator": "a\u2028b\u0085c",
    "a soft hyphen and nothing": "a\u00adb\u200bc\ufeffd",
}


@pytest.mark.parametrize("title", VALUES)
def test_a_cell_of_any_kind_comes_back(title, tmp_path):
    survey = [
        ["type", "name", "label", "default", "hint"],
        ["text", "a", VALUES[title], VALUES[title], "h"],
        ["select_one l", "b", "B", None, VALUES[title]],
    ]
    choices = [["list_name", "name", "label", "extra"], ["l", "x", VALUES[title], VALUES[title]]]
    path = save({"survey": survey, "choices": choices}, tmp_path / "form.xlsx")

    _, again = there_and_back(path, tmp_path)

    assert xml(again) == xml(path)


def test_a_day_is_what_pyxform_makes_of_it(tmp_path):
    noon = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC).replace(tzinfo=None)
    days = [noon.replace(hour=0), noon, dt.time(9, 5)]
    survey = [["type", "name", "label", "default"]]
    survey += [["text", f"q{at}", "Q", day] for at, day in enumerate(days)]
    path = save({"survey": survey}, tmp_path / "form.xlsx")

    _, again = there_and_back(path, tmp_path)

    assert xml(again) == xml(path)
    assert "2026-11-21 00:00:00" in xml(again)


@pytest.mark.parametrize("gap", [59, 60, 61])
def test_a_sheet_ends_where_pyxform_sees_its_end(gap, tmp_path):
    survey = [["type", "name", "label"], ["text", "a", "A"], *[[None]] * gap, ["text", "b", "B"]]
    path = save({"survey": survey}, tmp_path / "form.xlsx")

    _, again = there_and_back(path, tmp_path)

    assert xml(again) == xml(path)
    assert ("/data/b" in xml(path)) == (gap <= 60)


@pytest.mark.parametrize("gap", [19, 20, 21])
def test_a_header_row_ends_where_pyxform_sees_its_end(gap, tmp_path):
    empty = [None] * gap
    survey = [["type", "name", "hint", *empty, "label"], ["text", "a", "H", *empty, "A"]]
    path = save({"survey": survey}, tmp_path / "form.xlsx")

    _, again = there_and_back(path, tmp_path)

    assert xml(again) == xml(path)
    assert ("<label>A</label>" in xml(path)) == (gap <= 20)


@pytest.mark.parametrize(
    ("survey", "where"),
    [
        (
            [["type", "name", "label"], ["select_one l", "a", "A"]],
            "form.xlsx, sheet survey, row 2, question 'a': there is no list called 'l'.",
        ),
        (
            [["type", "name", "label"], ["text", "a", "A"], ["text", "a", "B"]],
            "form.xlsx, sheet survey, row 3, question 'a': the name is taken by the question",
        ),
        (
            [["type", "name", "label", "relevant"], ["text", "a", "A", "${b} = 1"]],
            "form.xlsx, sheet survey, row 2, question 'a': there is no question called 'b'.",
        ),
        (
            [["type", "name", "label", "parameters"], ["text", "a", "A", "rows=x"]],
            "form.xlsx, sheet survey, row 2: no form can be made of this: Parameter rows must",
        ),
        (
            [["type", "name", "label", "disabled"], ["text", None, "A", None]],
            "form.xlsx, sheet survey, row 2: a question has no name.",
        ),
        (
            [["type", "name", "label"], ["text", "b", "B"], ["Choose one from source", "a", "A"]],
            "form.xlsx, sheet survey, row 3: no form can be made of this: Unknown question type",
        ),
        (
            [["type", "name", "label"], ["text", "b", "B"], ["select_one_from_file", "a", "A"]],
            "form.xlsx, sheet survey, row 3, question 'a': the type 'select_one_from_file' needs",
        ),
        (
            [["Type", "name", "label"], ["Begin Group", "a", "A"], ["End Group", None, None]],
            "form.xlsx, sheet survey, row 2, column 'name': no form can be made of this: ",
        ),
    ],
)
def test_what_pyxform_refuses_is_refused_with_its_place(survey, where, tmp_path):
    from survey_kit.errors import DefinitionError

    path = save({"survey": survey, "other": [["x"]]}, tmp_path / "form.xlsx")
    with pytest.raises(PyXFormError):
        xml(path)

    with pytest.raises(DefinitionError) as caught:
        convert(path, Format.YAML)

    assert any(str(fault).startswith(where) for fault in caught.value.faults), str(caught.value)


@pytest.mark.parametrize(
    ("header", "cell"),
    [("instance::tag", "hidden"), ("required_message::French(fr)required_message::English", "x")],
)
def test_the_column_that_pyxform_stumbles_over_is_named(header, cell, tmp_path):
    from survey_kit.errors import DefinitionError

    survey = [
        ["type", "name", "label", "hint", header],
        ["begin group", "g", "G", "H", cell if header.startswith("instance") else None],
        ["text", "a", "A", "H", cell],
        ["end group"],
    ]
    path = save({"survey": survey}, tmp_path / "form.xlsx")
    with pytest.raises(TypeError):
        xml(path)

    with pytest.raises(DefinitionError) as caught:
        convert(path, Format.YAML)

    assert str(caught.value) == (
        f"form.xlsx, sheet survey, row 1, column '{header}': no form can be made of this: pyxform "
        "stumbles over it (TypeError). Rename or remove the column."
    )


def test_a_form_that_asks_nothing_is_kept_as_pyxform_keeps_it(tmp_path):
    path = save({"survey": [["type", "name", "label::English (en)"]]}, tmp_path / "form.xlsx")

    _, again = there_and_back(path, tmp_path)

    assert xml(again) == xml(path)
    assert [str(each) for each in convert(path, Format.YAML).kept] == [
        "form.xlsx: the interview asks nothing. Add at least one question."
    ]
