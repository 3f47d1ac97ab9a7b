"""survey-kit translate: out, in, up to date, and how complete."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from survey_kit.cli.translate import command
from survey_kit.errors import UsageError
from survey_kit.forms.read import read_questionnaire

DEFINITION = """\
questionnaire: water
languages: {en: English, bn: {name: বাংলা, file: languages/bn.po}}
interview:
  - {name: well, type: text, label: {en: Is there a well?}}
  - {name: far, type: integer, label: {en: How far is it?}}
"""


@pytest.fixture
def water(tmp_path: Path) -> Path:
    path = tmp_path / "water.yaml"
    path.write_text(DEFINITION, encoding="utf-8")
    (tmp_path / "languages").mkdir()
    translate(path, "--refresh")
    return path


def translate(*arguments: str | Path) -> Result:
    return CliRunner().invoke(
        command, [str(each) for each in arguments], standalone_mode=False, catch_exceptions=False
    )


def filled(book: Path, **texts: str) -> None:
    opened = load_workbook(book)
    for row in opened["bn"].iter_rows(min_row=2):
        name = str(row[0].value).rpartition(":")[2]
        if name in texts:
            row[4].value, row[5].value = texts[name], "reviewed"
    opened.save(book)


def test_without_an_option_it_says_how_complete_each_language_is(water: Path):
    told = translate(water)

    assert told.output == "en (English): 2 texts: none missing\nbn (বাংলা): 2 texts: 2 missing\n"
    assert told.return_value == 0


def test_coverage_for_a_program_names_each_place(water: Path):
    rows = json.loads(translate(water, "--json").output)

    assert rows[1]["missing"] == 2
    assert rows[1]["places"]["missing"] == ["question/label:well", "question/label:far"]


def test_a_workbook_goes_out_and_comes_back_into_the_language_file(water: Path, tmp_path: Path):
    out = tmp_path / "bn.xlsx"

    assert translate(water, "--out", out).output == f"{out}\n"
    filled(out, well="কুয়া আছে?")
    told = translate(water, "--in", out, "--reviewer", "R. Begum")

    assert told.return_value == 0
    assert told.stdout.splitlines() == [
        "bn question/label:well: new",
        "1 taken over, 0 not, 1 as before",
    ]
    assert told.stderr == f"{tmp_path / 'languages' / 'bn.po'}\n"
    read = read_questionnaire(water)
    assert read.by_key["well"].question.label["bn"] == "কুয়া আছে?"
    assert read.translations["bn"]["question/label:well"].by == "R. Begum"
    assert translate(water).output.splitlines()[1] == ("bn (বাংলা): 2 texts: 1 missing, 1 reviewed")


def test_a_text_that_is_not_taken_over_is_said_and_found(water: Path, tmp_path: Path):
    out = tmp_path / "bn.xlsx"
    translate(water, "--out", out)
    filled(out, well="${far} কুয়া আছে?")

    told = translate(water, "--in", out)

    assert told.return_value == 1
    assert told.stdout.splitlines() == [
        "bn.xlsx, sheet bn, row 2: bn question/label:well: markup lost: ${far} is too many",
        "0 taken over, 1 not, 1 as before",
    ]


def test_what_changed_is_shown_before_and_after(water: Path, tmp_path: Path):
    out = tmp_path / "bn.xlsx"
    translate(water, "--out", out)
    filled(out, well="কুয়া?")
    translate(water, "--in", out)
    translate(water, "--out", out)
    filled(out, well="কুয়া আছে?")

    told = translate(water, "--in", out)
    again = json.loads(translate(water, "--in", out, "--json").stdout)

    assert told.stdout.splitlines()[:3] == [
        "bn question/label:well: changed",
        "  was: কুয়া?",
        "  now: কুয়া আছে?",
    ]
    assert again == []


def test_a_folder_gets_one_workbook_a_language(water: Path, tmp_path: Path):
    told = translate(water, "--out", tmp_path / "handed", "--needed")

    assert told.output == f"{tmp_path / 'handed' / 'water.bn.xlsx'}\n"


def test_a_po_file_goes_out_and_comes_back(water: Path, tmp_path: Path):
    out = tmp_path / "to_poedit.bn.po"
    translate(water, "--out", out)
    out.write_text(out.read_text().replace('a well?"\nmsgstr ""', 'a well?"\nmsgstr "কুয়া?"'))

    told = translate(water, "--in", out)

    assert told.stdout.splitlines()[0] == "bn question/label:well: new"


def test_a_definition_is_never_written_over(tmp_path: Path):
    inline = tmp_path / "inline.yaml"
    inline.write_text(DEFINITION.replace("{name: বাংলা, file: languages/bn.po}", "বাংলা"))
    out = tmp_path / "bn.xlsx"
    translate(inline, "--out", out)
    filled(out, well="কুয়া?")

    with pytest.raises(UsageError) as caught:
        translate(inline, "--in", out)
    with pytest.raises(UsageError):
        translate(inline, "--in", out, "--out", inline)
    translate(inline, "--in", out, "--out", tmp_path / "new.xlsx")

    assert str(caught.value) == (
        "inline.yaml: bn stands in the definition itself, which is not written over. Name a new "
        "definition with --out, or give the language a file of its own."
    )
    new = read_questionnaire(tmp_path / "new.xlsx")
    assert new.by_key["well"].question.label["bn"] == "কুয়া?"
    assert new.translations["bn"]["question/label:well"].status.value == "draft"


def test_bringing_up_to_date_says_what_it_did(water: Path):
    water.write_text(DEFINITION.replace("name: far", "name: distance"), encoding="utf-8")

    told = translate(water, "--refresh")

    assert told.output == "languages/bn.po: 1 new, 0 moved, 0 set aside\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--language", "my"], "--language my: nobody translates into it. The languages are bn."),
        (
            ["--out", "a.docx"],
            (
                "a.docx: texts are not handed out in a file ending in '.docx'. Name a workbook "
                "(.xlsx), a PO file (.po) or a folder."
            ),
        ),
        (
            ["--refresh", "--needed"],
            "--refresh: it goes with no other option. Run it alone.",
        ),
    ],
)
def test_what_cannot_be_done_is_said(water: Path, arguments: list[str], message: str):
    with pytest.raises(UsageError) as caught:
        translate(water, *arguments)

    assert str(caught.value) == message


def test_what_came_back_in_another_language_than_asked_for_is_refused(water: Path, tmp_path: Path):
    two = water.read_text(encoding="utf-8").replace("bn.po}}", "bn.po}, ar: العربية}")
    water.write_text(two, encoding="utf-8")
    translate(water, "--out", tmp_path / "bn.xlsx", "--language", "bn")

    with pytest.raises(UsageError) as caught:
        translate(water, "--in", tmp_path / "bn.xlsx", "--language", "ar")

    assert str(caught.value) == (
        "--language ar: what came back is in another language: bn. "
        "Leave --language out, or name that one."
    )


def test_texts_called_reviewed_by_nobody_stay_drafts_and_that_is_said(water: Path, tmp_path: Path):
    book = tmp_path / "bn.xlsx"
    translate(water, "--out", book)
    filled(book, well="কুয়া আছে?")

    told = translate(water, "--in", book)

    assert told.stderr.splitlines()[-1] == (
        "1 of them came back as reviewed, and stay drafts until --reviewer says who checked them"
    )


def test_a_form_of_which_a_part_is_not_understood_is_translated_all_the_same(
    water: Path, tmp_path: Path
):
    text = DEFINITION.replace("type: integer,", "type: integer, relevant: duration() > 5,")
    water.write_text(text, encoding="utf-8")
    book = tmp_path / "bn.xlsx"

    assert translate(water, "--out", book).return_value == 0
    filled(book, far="কত দূর?")
    assert translate(water, "--in", book, "--reviewer", "R. Begum").return_value == 0
    assert "কত দূর?" in (tmp_path / "languages" / "bn.po").read_text(encoding="utf-8")
