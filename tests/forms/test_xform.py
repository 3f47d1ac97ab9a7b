"""XForms: what pyxform makes of our XLSForm, judged by the engine of the phones."""

import openpyxl
import pytest

from survey_kit.errors import DefinitionError, FileProblem, UsageError
from survey_kit.forms.build import build_forms
from survey_kit.forms.javarosa import process
from survey_kit.forms.odk_validate import java_available, validate
from survey_kit.forms.read import read_questionnaire
from survey_kit.forms.xform import xform
from survey_kit.forms.xlsform import read_xlsform
from survey_kit.forms.xlsform_writer import write_xlsform
from survey_kit.questionnaire.yaml_file import read_yaml, write_yaml

SMALL = """\
questionnaire: small
title: {en: A small one, fr: Un petit}
languages: {en: English, fr: Français}
choices:
  yes_no: [{code: yes, label: {en: Yes, fr: Oui}}, {code: no, label: {en: No, fr: Non}}]
interview:
  - {name: consent, type: select_one yes_no, label: {en: "Agreed\u00a0?"}, required: true}
  - group: main
    relevant: ${consent} = 'yes'
    label: {en: Main}
    questions:
      - {name: age, type: integer, label: {en: Age, fr: Âge}, constraint: . < 120}
      - repeat: members
        count: ${age}
        label: {en: Members}
        questions:
          - {name: sex, type: text, label: {en: Sex}}
  - {name: total, type: calculate, calculation: "count(${members})"}
analysis:
  weight_margins: [consent]
tests:
  - {name: a refusal ends it, answers: {consent: no}, not_asked: [age]}
"""


@pytest.fixture
def small(tmp_path):
    path = tmp_path / "small.yaml"
    path.write_text(SMALL)
    return read_yaml(path)


def by_pyxform(path):
    from pyxform.xls2xform import convert

    return convert(path, form_name="data", warnings=[]).xform


def test_the_xform_is_the_one_that_pyxform_makes_of_our_workbook(small, tmp_path):
    write_xlsform(small, tmp_path / "small.xlsx")

    made = xform(small)

    assert made.xml == by_pyxform(tmp_path / "small.xlsx")
    assert '<data id="small"' in made.xml
    assert '<translation lang="English (en)" default="true()">' in made.xml


def test_both_forms_are_built_and_the_bytes_are_the_same_twice(small, tmp_path):
    first = build_forms(small, tmp_path / "a")
    second = build_forms(small, tmp_path / "b")

    assert [path.name for path in first] == ["small.xlsx", "small.xml"]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == ["small.xlsx", "small.xml"]


def test_a_question_with_nothing_to_show_is_refused_and_nothing_is_written(tmp_path):
    path = tmp_path / "q.yaml"
    path.write_text("questionnaire: q\ninterview:\n  - {name: a, type: text}\n")

    with pytest.raises(DefinitionError) as caught:
        build_forms(read_yaml(path), tmp_path / "forms")

    assert str(caught.value) == (
        "q.yaml, line 3, question 'a': there is nothing to show: it has no label, no hint and no "
        "picture or sound. Give it a label."
    )
    assert not (tmp_path / "forms").exists()


def test_what_pyxform_refuses_is_said_of_the_place_in_the_definition(tmp_path):
    path = tmp_path / "q.yaml"
    path.write_text(
        "questionnaire: q\ninterview:\n  - {name: a, type: text, label: A}\n"
        "  - {name: b, type: image, label: B, parameters: max-pixels}\n"
    )

    with pytest.raises(DefinitionError) as caught:
        xform(read_yaml(path))

    assert str(caught.value) == (
        "q.yaml, line 4, column 'parameters': no form can be made of this: the 'parameters' value "
        "is invalid. Parameters must be in the form of 'key1=value1 key2=value2. Change the "
        "definition there, and check it again."
    )


@pytest.mark.client
def test_javarosa_takes_what_we_build_and_names_what_it_does_not(small, tmp_path):
    _, good = build_forms(small, tmp_path)
    bad = tmp_path / "bad.xml"
    bad.write_text(
        good.read_text().replace('<input ref="/data/main/age">', '<input ref="/data/x">')
    )
    broken = tmp_path / "broken.xml"
    broken.write_text("<a>")

    faults = validate([good, bad, broken, good])

    assert [fault.where for fault in faults] == ["bad.xml", "broken.xml"]
    assert str(faults[0]) == (
        "bad.xml: Question bound to non-existent node: [/data/x]. Change the definition, not the "
        "XForm, and build it again."
    )
    assert "XML document structures must start and end" in faults[1].what


def test_no_form_needs_no_judge():
    assert validate([]) == ()


def test_a_form_that_is_not_there_says_so(tmp_path):
    with pytest.raises(FileProblem) as caught:
        validate([tmp_path / "a.xml"])

    assert str(caught.value) == "a.xml: there is no such file. Build the form first."


def test_without_java_the_judge_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(process.shutil, "which", lambda _: None)
    (tmp_path / "a.xml").write_text("<a/>")

    with pytest.raises(UsageError) as caught:
        validate([tmp_path / "a.xml"])

    assert not java_available()
    assert str(caught.value) == (
        "JavaRosa: Java 8 or newer is not installed, and without it no form can be tried on the "
        "engine of the phones. Install a Java runtime, such as OpenJDK."
    )


REAL = ("iraq_households/form.xlsx", "msna_2024/REACH_2024_MSNA-kobo-tool_draft_v11.xlsx")
CONTRADICTING = {
    "msna_tools/MSNA2024_kobotool_fixed.xlsx": 11,
    "msna_tools/MSNA2024_kobotool_template.xlsx": 9,
}


def saved_again(path, folder):
    """A copy with its dimensions written down: without them pyxform sees an empty sheet."""
    copy = folder / path.name
    source = openpyxl.load_workbook(path, read_only=True, data_only=True)
    target = openpyxl.Workbook()
    target.remove(target.active)
    for sheet in source.worksheets:
        sheet.reset_dimensions()
        page = target.create_sheet(sheet.title)
        for row in sheet.iter_rows(values_only=True):
            page.append(row)
    source.close()
    target.save(copy)
    return copy


@pytest.mark.client
@pytest.mark.shared
@pytest.mark.parametrize("name", REAL)
def test_a_real_form_goes_through_yaml_and_comes_back_as_the_same_xform(
    shared_data, tmp_path, name
):
    (tmp_path / "again").mkdir()
    original = saved_again(shared_data / name, tmp_path)
    whole = read_xlsform(shared_data / name)

    write_yaml(whole, tmp_path / "form.yaml")
    from_yaml = read_yaml(tmp_path / "form.yaml")
    write_xlsform(from_yaml, tmp_path / "again" / original.name)

    expected = by_pyxform(original)
    assert from_yaml == whole
    assert by_pyxform(tmp_path / "again" / original.name) == expected
    assert xform(whole).xml == expected


@pytest.mark.shared
@pytest.mark.parametrize("name", CONTRADICTING)
def test_a_real_form_that_contradicts_itself_is_refused_with_every_row(shared_data, tmp_path, name):
    from pyxform.errors import PyXFormError

    with pytest.raises(DefinitionError) as caught:
        read_questionnaire(shared_data / name)
    with pytest.raises(PyXFormError):
        by_pyxform(saved_again(shared_data / name, tmp_path))

    assert len(caught.value.faults) == CONTRADICTING[name]
    assert all(", row " in fault.where for fault in caught.value.faults)


@pytest.mark.shared
def test_the_form_of_iraq_arrives_whole(shared_data):
    whole = read_xlsform(shared_data / "iraq_households" / "form.xlsx")

    assert len(whole.items) == 223
    assert len([node for node in whole.nodes if not hasattr(node, "type")]) == 6
    assert sum(len(each.choices) for each in whole.lists.values()) == 969
    assert list(whole.languages.items()) == [("en", "English"), ("ar", "Arabic")]


@pytest.mark.client
@pytest.mark.shared
def test_javarosa_takes_the_real_forms(shared_data, tmp_path):
    paths = [
        build_forms(read_questionnaire(shared_data / name), tmp_path / str(number))[1]
        for number, name in enumerate(REAL)
    ]

    assert validate(paths) == ()
