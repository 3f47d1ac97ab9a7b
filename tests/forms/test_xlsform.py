"""Reading and writing XLSForms: nothing lost, nothing run, every fault with its row."""

import zipfile

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey_kit.errors import DefinitionError, FileProblem, SurveyKitError
from survey_kit.forms.xlsform import read_xlsform
from survey_kit.forms.xlsform_writer import write_xlsform, xlsform_bytes
from survey_kit.questionnaire.build import build
from survey_kit.questionnaire.model import Group, Missing, Privacy, Repeat
from survey_kit.questionnaire.yaml_file import parse_tree, read_yaml, write_yaml
from survey_kit.questionnaire.yaml_reader import read_raw

DAMAGED = build(
    read_raw(
        parse_tree(
            "questionnaire: q\nchoices: {l: [{code: a, label: A}]}\n"
            "interview: [{name: a, type: select_one l, label: A}]\n",
            "q.yaml",
        )
    )
)
SURVEY = [
    ["Type", "NAME", "label::English (en)", "label::Arabic (ar)", "Relevance", "theme", None],
    ["start", "start"],
    ["begin group", "leaving", "Leaving", "مغادرة", None, "drivers", "stray"],
    [None, None, None],
    ["select one yes_no", " consent ", "Do you agree?", "هل توافق؟", None, "consent"],
    ["integer", "age", "How old are you?", None, "${consent} = ‘yes’"],
    ["end group", None, None, None, None, "drivers"],
    ["begin_repeat", "members", "Members"],
    ["note", None, "Thank you"],
    ["end repeat", "members"],
]
CHOICES = [
    ["list name", "value", "label::English (en)", "region", "missing"],
    ["yes_no", "yes", "Yes", 0.75],
    [],
    ["yes_no", "no", "No", 1.0],
    ["codes", 1.0, "One", True],
    ["codes", 0.75, "Three quarters"],
    ["codes", -999, "Does not know", None, "dont_know"],
]


def faults_of(path):
    with pytest.raises(DefinitionError) as caught:
        read_xlsform(path)
    return [str(fault) for fault in caught.value.faults]


def simple(*rows, headers=("type", "name", "label"), **sheets):
    return {"survey": [headers, *rows], **sheets}


def test_everything_in_a_workbook_arrives(workbook):
    path = workbook(
        {
            "Survey": SURVEY,
            "choices": CHOICES,
            "settings": [
                ["form_title", "form_id", "version", "default_language", "style"],
                ["Leaving home", "leaving", 2206191528.0, "Arabic (ar)", "pages"],
            ],
            "Notes": [["a", None, 1.0], [], [None, "b"]],
        }
    )

    whole = read_xlsform(path)

    assert (whole.name, whole.version) == ("leaving", "2206191528")
    assert list(whole.languages.items()) == [("ar", "Arabic"), ("en", "English")]
    assert whole.title == {"ar": "Leaving home"}
    assert whole.settings == {"style": "pages"}
    assert whole.sheets["Notes"] == (("a", "", "1"), (), ("", "b"))
    start, leaving, members = whole.nodes
    assert start.type.name == "start"
    assert isinstance(leaving, Group)
    assert leaving.extra == {"theme": "drivers", "column_G": "stray", "end::theme": "drivers"}
    consent, age = leaving.nodes
    assert consent.name == "consent"
    assert consent.label == {"en": "Do you agree?", "ar": "هل توافق؟"}
    assert age.relevant.source == "${consent} = 'yes'"
    assert str(age.source) == "form.xlsx, sheet Survey, row 6"
    assert isinstance(members, Repeat)
    assert members.nodes[0].name == "generated_note_name_9"
    assert whole.lists["yes_no"].choices[0].columns == {"region": "0.75"}
    assert whole.lists["yes_no"].choices[1].columns == {"region": "1"}
    assert whole.lists["codes"].codes == ("1", "0.75", "-999")
    assert whole.lists["codes"].choices[0].columns == {"region": "TRUE"}
    assert whole.lists["codes"].choices[2].missing is Missing.DONT_KNOW


def test_a_workbook_without_settings_is_called_after_its_file(workbook):
    whole = read_xlsform(workbook(simple(["text", "a", "A"]), name="my form.xlsx"))

    assert (whole.name, whole.version, dict(whole.title)) == ("my_form", "", {})
    assert dict(whole.languages) == {"default": "default"}


@pytest.mark.parametrize(
    ("header", "cell", "get", "value"),
    [
        ("required", "TRUE", lambda q: q.required.source, "true()"),
        ("required", True, lambda q: q.required.source, "true()"),
        ("required", "no", lambda q: q.required.source, "false()"),
        ("Constraint Message", "Too old", lambda q: q.constraint_message["default"], "Too old"),
        ("bind::constraint", ". > 3", lambda q: q.constraint.source, ". > 3"),
        ("bind:jr:constraintMsg", "No", lambda q: q.constraint_message["default"], "No"),
        ("readonly", "yes", lambda q: q.read_only, True),
        ("read_only", "${b} = 'x'", lambda q: q.extra["read_only"], "${b} = 'x'"),
        ("calculate", "1 + 1", lambda q: q.calculation.source, "1 + 1"),
        ("body::appearance", "minimal", lambda q: q.appearance, "minimal"),
        ("media::image", "a.png", lambda q: q.media["image"]["default"], "a.png"),
        ("audio::French (fr)", "a.mp3", lambda q: q.media["audio"]["fr"], "a.mp3"),
        ("hint:French (fr)", "Oui", lambda q: q.hint["fr"], "Oui"),
        ("hint::French(fr)", "Oui", lambda q: q.hint["fr"], "Oui"),
        ("guidance_hint::French (fr)", "x", lambda q: q.extra["guidance_hint::French (fr)"], "x"),
        ("privacy", "quasi", lambda q: q.privacy, Privacy.QUASI),
        ("analysis::role", "outcome", lambda q: q.extra["analysis::role"], "outcome"),
        ("bind::odk:length", 10, lambda q: q.extra["bind::odk:length"], "10"),
        ("default", 0.5, lambda q: q.default, "0.5"),
    ],
)
def test_a_column_means_the_same_whatever_it_is_called(workbook, header, cell, get, value):
    path = workbook(
        {
            "survey": [
                ["type", "name", "label", header],
                ["text", "a", "A", cell],
                ["text", "b", "B"],
            ]
        }
    )

    whole = read_xlsform(path)

    assert get(whole.by_key["a"].question) == value


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_is_written_is_read_again_the_same(questionnaires, tmp_path_factory, data):
    whole = data.draw(questionnaires)
    path = tmp_path_factory.mktemp("law") / f"{whole.name}.xlsx"

    write_xlsform(whole, path)
    again = read_xlsform(path)

    assert again == whole
    assert list(again.languages) == list(whole.languages)
    assert xlsform_bytes(again) == xlsform_bytes(whole)


def test_unusual_headers_come_back_as_they_were(workbook, tmp_path):
    named = [["form_id"], ["form"]]
    whole = read_xlsform(workbook({"survey": SURVEY, "choices": CHOICES, "settings": named}))

    write_yaml(whole, tmp_path / "form.yaml")
    write_xlsform(read_yaml(tmp_path / "form.yaml"), tmp_path / "form.xlsx")

    survey = openpyxl.load_workbook(tmp_path / "form.xlsx")["survey"]
    assert [cell.value for cell in survey[1]] == [*SURVEY[0][:-1], None]
    assert any(row[len(SURVEY[0]) - 1].value for row in survey.iter_rows(min_row=2))
    assert read_xlsform(tmp_path / "form.xlsx") == whole


def test_a_cell_that_looks_like_a_formula_stays_a_text(workbook, tmp_path):
    whole = read_xlsform(workbook(simple(["text", "a", "A"])))
    yaml = tmp_path / "a.yaml"
    write_yaml(whole, yaml)
    yaml.write_text(yaml.read_text().replace("label: A", "label: '=HYPERLINK(\"http://x\")'"))

    write_xlsform(read_yaml(yaml), tmp_path / "out.xlsx")

    cell = openpyxl.load_workbook(tmp_path / "out.xlsx")["survey"]["C2"]
    assert (cell.value, cell.data_type, cell.hyperlink) == ('=HYPERLINK("http://x")', "s", None)


def test_the_same_questionnaire_becomes_the_same_bytes(workbook):
    whole = read_xlsform(workbook({"survey": SURVEY, "choices": CHOICES}))

    assert xlsform_bytes(whole) == xlsform_bytes(whole)


def test_derived_variables_and_tests_travel_in_sheets_of_their_own(tmp_path):
    yaml = tmp_path / "q.yaml"
    yaml.write_text(
        "questionnaire: q\nlanguages: {en: English, bn: Bangla}\ntitle: {bn: B, en: E}\n"
        "interview: [{name: a, type: text, label: A}]\n"
        "analysis:\n  weight_margins: [a]\n  derived:\n"
        "    - {name: d, label: D, base: \"${a} != ''\", privacy: quasi, cases: "
        "[{code: x, label: {bn: X}, when: \"${a} = 'x'\"}]}\n"
        "tests:\n  - {name: t, answers: {a: x, }, asked: [a], values: {d: x}}\n"
    )
    whole = read_yaml(yaml)

    write_xlsform(whole, tmp_path / "q.xlsx")

    book = openpyxl.load_workbook(tmp_path / "q.xlsx")
    assert book.sheetnames == ["survey", "settings", "analysis", "tests"]
    assert [[cell.value for cell in row] for row in book["tests"]] == [
        ["test", "part", "question", "value"],
        ["t", "answers", "a", "x"],
        ["t", "values", "d", "x"],
        ["t", "asked", "a", None],
    ]
    assert read_xlsform(tmp_path / "q.xlsx") == whole


def test_a_sheet_of_somebody_else_with_our_name_is_kept(workbook, tmp_path):
    mine = [["indicator", "formula"], ["poverty", "x > 3"]]
    named = [["form_id"], ["form"]]
    whole = read_xlsform(workbook(simple(["text", "a", "A"], analysis=mine, settings=named)))

    write_xlsform(whole, tmp_path / "out.xlsx")

    assert whole.sheets["analysis"] == (("indicator", "formula"), ("poverty", "x > 3"))
    assert read_xlsform(tmp_path / "out.xlsx") == whole


@pytest.mark.parametrize(
    ("sheets", "message"),
    [
        (
            simple(["begin group", "g", "G"], ["text", "a", "A"]),
            (
                "form.xlsx, sheet survey, row 2, group 'g': it begins here and never ends. Add a row "
                "end_group after its last question."
            ),
        ),
        (
            simple(["text", "a", "A"], ["end group"]),
            (
                "form.xlsx, sheet survey, row 3: a group ends here, but none is open. Remove the "
                "row, or add the row that begins it."
            ),
        ),
        (
            simple(["begin repeat", "r", "R"], ["text", "a", "A"], ["end group"]),
            (
                "form.xlsx, sheet survey, row 4: a group ends here, but what is open is the repeat "
                "'r' (form.xlsx, sheet survey, row 2). Write end_repeat, or move the row."
            ),
        ),
        (
            simple(["integer", None, "A"]),
            "form.xlsx, sheet survey, row 2: a question has no name. Give it one.",
        ),
        (
            simple([None, "a", "A"]),
            (
                "form.xlsx, sheet survey, row 2, question 'a': it has no type. Say what is asked, "
                "for instance integer or text."
            ),
        ),
        (
            simple([None, None, "Section 3"]),
            (
                "form.xlsx, sheet survey, row 2: the row has neither a type nor a name. Give it "
                "both, or remove it."
            ),
        ),
        (
            simple(["text", "a", "A"], headers=("type", "nmae", "label")),
            "form.xlsx, sheet survey, row 1: there is no column 'name'. Did you mean 'nmae'?",
        ),
        (
            simple(["text", "a", "x", "x"], headers=("type", "name", "relevant", "relevance")),
            (
                "form.xlsx, sheet survey, row 1: the columns 'relevant' and 'relevance' mean the "
                "same. Remove one of the two."
            ),
        ),
    ],
)
def test_a_fault_names_its_sheet_and_row(workbook, sheets, message):
    assert message in faults_of(workbook(sheets))


def test_all_faults_come_at_once_in_the_order_of_their_finding(workbook):
    found = faults_of(
        workbook(simple(["interger", "a", "A"], ["text", "a", "A ${b}"], ["end group"]))
    )

    assert [fault.split(":")[0] for fault in found] == [
        "form.xlsx, sheet survey, row 4",
        "form.xlsx, sheet survey, row 3, question 'a'",
        "form.xlsx, sheet survey, row 2, question 'a'",
        "form.xlsx, sheet survey, row 3, question 'a'",
    ]


def refusal_of(path):
    with pytest.raises(FileProblem) as caught:
        read_xlsform(path)
    return str(caught.value)


def test_a_survey_without_a_row_is_empty(workbook):
    assert refusal_of(workbook({"survey": [], "choices": []})) == (
        "form.xlsx: the sheet survey is empty. Is it the right file?"
    )


def test_groups_nested_beyond_reason_are_refused_and_fifty_are_not(workbook, tmp_path):
    def nested(levels):
        groups = [["begin_group", f"g{level}"] for level in range(levels)]
        ends = [["end_group"]] * levels
        return workbook({"survey": [["type", "name"], *groups, ["text", "why"], *ends]})

    with pytest.raises(DefinitionError) as caught:
        read_xlsform(nested(2000))
    assert str(caught.value) == (
        "form.xlsx, sheet survey, row 202, group 'g200': more than 200 groups and repeats stand "
        "inside one another. Take some of them out."
    )
    with pytest.raises(DefinitionError) as caught:
        read_xlsform(nested(200))
    assert str(caught.value) == (
        "form.xlsx, sheet survey, row 52, group 'g50': more than 50 groups and repeats stand inside "
        "one another. Take some of them out."
    )
    fifty = read_xlsform(nested(50))
    write_yaml(fifty, tmp_path / "fifty.yaml")
    assert read_yaml(tmp_path / "fifty.yaml").items[0].key == fifty.items[0].key


def test_a_workbook_without_a_survey_says_which_sheets_it_has(workbook):
    assert refusal_of(workbook({"surveys": [["type"]], "choices": []})) == (
        "form.xlsx: there is no sheet called survey; the sheets are surveys and choices. "
        "Did you mean 'surveys'?"
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "form.xlsx: the file is empty. Save the workbook again."),
        (b"type,name\n", "form.xlsx: this is not an .xlsx workbook. Save it as .xlsx."),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1",
            (
                "form.xlsx: this is an old .xls workbook, or one locked with a password. Save it as "
                ".xlsx without a password."
            ),
        ),
    ],
)
def test_a_file_that_is_no_workbook_says_so(tmp_path, content, message):
    path = tmp_path / "form.xlsx"
    path.write_bytes(content)

    assert refusal_of(path) == message


def test_a_zip_that_is_no_workbook_says_so(tmp_path):
    with zipfile.ZipFile(tmp_path / "form.xlsx", "w") as archive:
        archive.writestr("a.txt", "a")

    assert refusal_of(tmp_path / "form.xlsx") == (
        "form.xlsx: this is a zip file, but no workbook. Check the name of the file."
    )


def test_a_damaged_workbook_says_so(tmp_path):
    with zipfile.ZipFile(tmp_path / "form.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook")

    assert refusal_of(tmp_path / "form.xlsx") == (
        "form.xlsx: the workbook is damaged. Open it in a spreadsheet program and save it again "
        "as .xlsx."
    )


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_workbook_damaged_anywhere_is_refused_in_our_words_or_read(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("damaged")
    write_xlsform(DAMAGED, folder / "whole.xlsx")
    with zipfile.ZipFile(folder / "whole.xlsx") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = data.draw(st.sampled_from(sorted(parts)))
    at = data.draw(st.integers(0, len(parts[name]) - 1))
    length = data.draw(st.integers(0, 40))
    junk = data.draw(st.sampled_from([b"", b"<", b">", b'"', b"&", b"\xff", b"<a/>", b"&x;"]))
    parts[name] = parts[name][:at] + junk + parts[name][at + length :]
    with zipfile.ZipFile(folder / "form.xlsx", "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)

    try:
        whole = read_xlsform(folder / "form.xlsx")
    except SurveyKitError as error:
        assert all(fault.where.startswith("form.xlsx") for fault in error.faults)  # noqa: PT017
    else:
        assert whole.items


def test_a_workbook_that_would_fill_the_memory_is_not_unpacked(workbook):
    path = workbook(simple(["text", "a", "A"]))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/bomb.xml", b"0" * (16 * 1024 * 1024))

    assert refusal_of(path).startswith("form.xlsx: the workbook would unpack to 16 MB in ")


def test_letters_at_the_far_end_of_many_rows_are_refused_before_they_fill_the_memory(workbook):
    path = workbook(simple(["text", "a", "A"]))
    book = openpyxl.load_workbook(path)
    for row in range(10, 320):
        book["survey"].cell(row, 16_384, "x")
    book.save(path)

    assert refusal_of(path) == (
        "form.xlsx, sheet survey: its rows and columns make more than 5,000,000 cells. "
        "Delete what stands far to the right of the last column."
    )


def test_what_a_formula_came_to_is_read_and_the_formula_is_not_run(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "form.xlsx")
    sheet = book.add_worksheet("survey")
    sheet.write_row(0, 0, ["type", "name", "label"])
    sheet.write_row(1, 0, ["text", "a"])
    sheet.write_formula(1, 2, '="How " & "old?"', None, "How old?")
    book.close()

    whole = read_xlsform(tmp_path / "form.xlsx")

    assert whole.by_key["a"].question.label == {"default": "How old?"}


def test_formulas_that_were_never_worked_out_are_refused(workbook):
    assert refusal_of(workbook(simple(["text", "a", "=1+1"]))) == (
        "form.xlsx, sheet survey, cell C2: a formula stands here, but not what it comes to. Open "
        "the workbook in a spreadsheet program and save it, or write the value itself."
    )


@pytest.mark.parametrize(
    ("yaml", "message"),
    [
        (
            "choices: {l: [{code: a, name: b}]}\n",
            (
                "sheet choices: a column cannot be called 'name' there: it means something else. "
                "Give the column another name."
            ),
        ),
        (
            "interview: [{name: a, type: text, constraint: \". != 'don’t'\"}]\n",
            (
                "q.yaml, line 2, constraint: a curly quote stands in it, which no XLSForm keeps. "
                "Compare with a code that has none."
            ),
        ),
        (
            "sheets: {'a/b': [[x]]}\n",
            (
                "sheet a/b: a workbook cannot have a sheet of this name. Use at most 31 signs, none "
                "of them [ ] : * ? / or \\, and no name twice."
            ),
        ),
        (
            f"title: {'x' * 32768}\n",
            (
                "sheet settings, row 2: a text of 32768 signs stands there, and a cell holds 32767. "
                "Shorten the text."
            ),
        ),
        (
            "languages: {en: 'English: plain'}\n",
            (
                "language 'en': its name, 'English: plain', cannot be written in a column of an "
                "XLSForm. Leave out brackets, colons and spaces at the ends."
            ),
        ),
        (
            "analysis: {weight_margins: [a]}\nsheets: {analysis: [[x]]}\n",
            (
                "sheet analysis: the questionnaire needs a sheet called analysis, and the workbook "
                "has one already. Rename the sheet of the workbook."
            ),
        ),
    ],
)
def test_what_a_workbook_cannot_say_is_refused_and_nothing_is_written(tmp_path, yaml, message):
    source = tmp_path / "q.yaml"
    interview = "" if "interview" in yaml else "interview: [{name: a, type: text}]\n"
    source.write_text(f"questionnaire: q\n{yaml}{interview}")
    whole = read_yaml(source)

    with pytest.raises(DefinitionError) as caught:
        write_xlsform(whole, tmp_path / "q.xlsx")

    assert str(caught.value) == message
    assert [path.name for path in tmp_path.iterdir()] == ["q.yaml"]
