"""What lies beside the data says what is in the data, and nothing that is not."""

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pandas as pd
import pyreadstat
import pytest
from defusedxml.ElementTree import parse

from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.yaml_file import read_yaml
from survey_kit.responses.catalogue.data_package import write_data_package
from survey_kit.responses.catalogue.ddi import write_ddi
from survey_kit.responses.model import Responses
from survey_kit.responses.read import read_responses
from survey_kit.responses.writer import writers

DDI = {"d": "ddi:codebook:2_5"}
ORDER_IN_VAR = [
    "location",
    "labl",
    "qstn",
    "invalrng",
    "universe",
    "catgry",
    "varFormat",
]
"""The order in which the schema of DDI-Codebook 2.5 has the parts of a variable."""

EXPORT = """\
consent,water,far,members,litres,level,water_other,_uuid,_submission_time
yes,well -99,1.5,12,0.75,5,"=1\u0007+1",a,2026-11-21T10:00:00
refused,,,,,,,b,2026-11-21T11:00:00
yes,-99,0.75,3,,4,,c,2026-11-21T12:00:00
"""
PEOPLE = """\
age,job,_parent_index,_submission__uuid,_index
40,Fisher,1,a,1
12,,1,a,2
30,,3,c,3
"""


@pytest.fixture(scope="module")
def household() -> Questionnaire:
    return read_yaml(Path(__file__).parents[1] / "household.yaml")


@pytest.fixture
def responses(household: Questionnaire, tmp_path: Path) -> Responses:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "household.csv").write_text(EXPORT, encoding="utf-8")
    (folder / "person.csv").write_text(PEOPLE, encoding="utf-8")
    read = read_responses(folder, household)
    return Responses(**{**vars(read), "meta": read.meta.assign(weight=[0.5, 1.0, 1.5])})


@pytest.fixture
def codebook(responses: Responses, tmp_path: Path) -> ET.Element:
    write_ddi(responses, tmp_path / "ddi.xml", data=Path("responses.sav"), language="en")
    return parse(tmp_path / "ddi.xml").getroot()


def named(codebook: ET.Element, name: str) -> ET.Element:
    found = codebook.find(f".//d:var[@name='{name}']", DDI)
    assert found is not None
    return found


def texts(element: ET.Element, path: str) -> list[str]:
    return [each.text or "" for each in element.findall(path, DDI)]


def test_the_codebook_has_a_variable_for_each_column_of_each_spss_file(
    codebook: ET.Element, responses: Responses, tmp_path: Path
):
    writers()["sav"].write(responses, tmp_path / "responses.sav", "en")

    for file in codebook.findall("d:fileDscr", DDI):
        identity, name = file.get("ID"), file.get("URI")
        described = [
            each.get("name") for each in codebook.findall(f".//d:var[@files='{identity}']", DDI)
        ]
        _, meta = pyreadstat.read_sav(tmp_path / str(name))
        assert described == meta.column_names
        assert texts(file, ".//d:caseQnty") == [str(meta.number_rows)]
        for column in meta.column_names:
            variable = named(codebook, column)
            values = meta.variable_value_labels.get(column, {})
            assert [float(text) for text in texts(variable, ".//d:catValu")] == list(values)
            assert texts(variable, "d:catgry/d:labl") == list(values.values())
    assert len(codebook.findall("d:fileDscr", DDI)) == 3


def test_a_variable_says_what_was_asked_of_whom_in_each_language(codebook: ET.Element):
    far = named(codebook, "far")

    assert texts(far, "d:qstn/d:qstnLit") == ["How far is it?"]
    assert texts(far, "d:universe") == ["If “Do you agree?” is Yes."]
    assert texts(named(codebook, "age"), "d:universe") == ["Everyone; for each “A member”."]
    assert texts(named(codebook, "start"), "d:qstn/d:qstnLit") == []


def test_a_variable_says_which_numbers_are_no_answers(codebook: ET.Element):
    consent = named(codebook, "consent")

    missing = [
        (each.findtext("d:catValu", "", DDI), each.findtext("d:labl", "", DDI))
        for each in consent.findall("d:catgry", DDI)
        if each.get("missing") == "Y"
    ]
    assert missing == [("-1003", "Refused")]
    bounds = consent.find("d:invalrng/d:range", DDI)
    assert bounds is not None
    assert float(bounds.get("min", "0")) < -1003 < float(bounds.get("max", "0"))


def test_several_choices_are_a_group_and_the_weight_is_one(codebook: ET.Element):
    group = codebook.find(".//d:varGrp[@name='water']", DDI)

    assert group is not None
    assert group.get("type") == "multipleResp"
    names = {each.get("ID"): each.get("name") for each in codebook.findall(".//d:var", DDI)}
    assert [names[each] for each in str(group.get("var")).split()] == [
        "water_piped",
        "water_well",
        "water_0_75",
    ]
    weights = codebook.findall(".//d:var[@wgt='wgt']", DDI)
    assert [each.get("name") for each in weights] == ["weight"]


def test_the_parts_of_a_variable_stand_in_the_order_of_the_schema(codebook: ET.Element):
    for variable in codebook.findall(".//d:var", DDI):
        tags = [part.tag.split("}")[1] for part in variable]
        assert tags == sorted(tags, key=ORDER_IN_VAR.index)


def test_no_answer_and_no_number_of_people_stands_in_the_codebook(
    responses: Responses, tmp_path: Path
):
    notes = write_ddi(responses, tmp_path / "ddi.xml", data=Path("r.sav"), language="fr")

    text = (tmp_path / "ddi.xml").read_text(encoding="utf-8")
    assert "Fisher" not in text
    assert "catStat" not in text
    assert notes == (
        "numbers of people by answer are left out of ddi.xml, which is made to be public",
    )


@pytest.fixture
def package(responses: Responses, tmp_path: Path) -> dict[str, Any]:
    writers()["csv"].write(responses, tmp_path / "responses.csv", "en")
    data = tmp_path / "responses.csv"
    notes = write_data_package(responses, tmp_path / "datapackage.json", data=data, language="en")
    assert notes == (
        "level: answers that are not in its list are among the codes of datapackage.json: 1",
    )
    return json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))


def test_the_package_holds_for_every_cell_of_its_files(package: dict[str, Any], tmp_path: Path):
    checked = 0
    for resource in package["resources"]:
        cells = pd.read_csv(tmp_path / resource["path"], dtype=str, keep_default_na=False)
        fields = {field["name"]: field for field in resource["schema"]["fields"]}
        assert list(cells.columns) == list(fields)
        for name, field in fields.items():
            rules = field.get("constraints", {})
            nothing = {"", *field.get("missingValues", [])}
            for cell in set(cells[name]) - nothing:
                assert cell in rules.get("enum", [cell])
                assert re.fullmatch(rules.get("pattern", "(?s:.*)"), cell)
                if field["type"] in {"integer", "number"}:
                    assert float(cell) == float(cell)
                checked += 1
            assert not rules.get("required") or "" not in set(cells[name])
        key = resource["schema"]["primaryKey"]
        assert not cells.duplicated(key).any()
    assert checked > 20


def test_the_package_says_to_which_row_of_which_file_a_row_belongs(package: dict[str, Any]):
    schemas = {each["name"]: each["schema"] for each in package["resources"]}

    assert schemas["responses.person"]["foreignKeys"] == [
        {
            "fields": ["interview"],
            "reference": {"resource": "responses", "fields": ["interview"]},
        }
    ]
    assert schemas["responses.journey"]["primaryKey"] == ["interview", "person", "journey"]
    assert schemas["responses.journey"]["foreignKeys"] == [
        {
            "fields": ["interview", "person"],
            "reference": {"resource": "responses.person", "fields": ["interview", "person"]},
        }
    ]


def test_the_package_has_labels_and_the_codes_that_refuse(package: dict[str, Any]):
    fields = {each["name"]: each for each in package["resources"][0]["schema"]["fields"]}

    assert fields["consent"]["missingValues"] == ["", "refused"]
    assert fields["consent"]["missingLabels"] == {"refused": "refused"}
    assert fields["consent"]["constraints"] == {"enum": ["yes", "no"]}
    assert fields["far"]["categories"][0] == {"value": "0.75", "label": "Less than a kilometre"}
    assert fields["level"]["constraints"] == {"enum": ["1", "5", "4"]}
    assert "categories" not in fields["level"]
    assert fields["water"]["title"] == "Where does your water come from?"


def test_a_code_that_a_spreadsheet_would_run_is_described_as_the_file_has_it(tmp_path: Path):
    (tmp_path / "f.yaml").write_text(
        "questionnaire: f\nlanguages: {en: English}\nchoices:\n  l:\n"
        '    - {code: "-", label: {en: None}}\n    - {code: "=x", label: {en: X}, missing: refused}\n'
        "interview: [{name: q, type: select_one l, label: {en: Q}}]\n",
        encoding="utf-8",
    )
    (tmp_path / "in.csv").write_text("_uuid,q\na,-\nb,=x\n", encoding="utf-8")
    responses = read_responses(tmp_path / "in.csv", read_yaml(tmp_path / "f.yaml"))
    data = tmp_path / "responses.csv"

    writers()["csv"].write(responses, data, "en")
    write_data_package(responses, tmp_path / "datapackage.json", data=data, language="en")

    package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    field = package["resources"][0]["schema"]["fields"][1]
    cells = pd.read_csv(data, dtype=str)["q"].tolist()
    assert cells == ["'-", "'=x"]
    assert field["constraints"]["enum"] == ["'-"]
    assert field["categories"] == [{"value": "'-", "label": "None"}]
    assert field["missingValues"] == ["", "'=x"]
