"""A column that a file leaves out is not a blank: nothing is concluded from what it would have said.

Data sets that are passed on have lost columns: the consent, the name of the place, whatever
could lead to a person. Every relevant that looks at such a column would fail for everybody.
"""

from pathlib import Path

import pandas as pd
import pytest

from survey_kit.cleaning.run_checks import Checked, run_checks
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.yaml_file import read_yaml
from survey_kit.responses.model import Absence, Responses
from survey_kit.responses.read import read_responses

FORM = """
questionnaire: left_out
version: "1"
title: {en: Left out}
languages: {en: English}
choices:
  yes_no: [{code: "yes", label: {en: Yes}}, {code: "no", label: {en: No}}]
  regions: [{code: north, label: {en: North}}, {code: south, label: {en: South}}]
  towns:
    - {code: snowy, label: {en: Snowy}, region: north}
    - {code: sunny, label: {en: Sunny}, region: south}
interview:
  - {name: consent, type: select_one yes_no, label: {en: Do you agree?}}
  - group: talk
    relevant: ${consent} = 'yes'
    questions:
      - {name: region, type: select_one regions, label: {en: Region?}}
      - {name: town, type: select_one towns, choice_filter: "region = ${region}", label: {en: Town?}}
      - {name: total, type: integer, label: {en: Spent in all?}}
      - {name: water, type: integer, constraint: ". <= ${total}", label: {en: For water?}}
      - {name: paid, type: select_one yes_no, label: {en: Paid?}, relevant: "${total} > 100"}
      - {name: why, type: text, label: {en: Why not?}, required: true, relevant: "${paid} = 'no'"}
  - repeat: person
    label: {en: A member}
    questions:
      - {name: age, type: integer, label: {en: Age}}
  - {name: big, type: integer, label: {en: Rooms?}, relevant: "count(${person}) > 1"}
"""
ROWS = pd.DataFrame(
    {
        "consent": ["yes", "yes", "no"],
        "region": ["north", "south", ""],
        "town": ["snowy", "sunny", ""],
        "total": ["500", "50", ""],
        "water": ["400", "5", ""],
        "paid": ["no", "", ""],
        "why": ["", "", ""],
        "big": ["3", "", ""],
        "KEY": ["uuid:a", "uuid:b", "uuid:c"],
    }
)


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> Questionnaire:
    path = tmp_path_factory.mktemp("form") / "form.yaml"
    path.write_text(FORM, encoding="utf-8")
    return read_yaml(path)


def read_without(columns: list[str], form: Questionnaire, folder: Path) -> Responses:
    ROWS.drop(columns=columns).to_csv(folder / "export.csv", index=False)
    return read_responses(folder / "export.csv", form)


def found(checked: Checked) -> list[tuple[str, str, str]]:
    rows = checked.findings[checked.findings["check"] != "form_not_replayed"]
    return list(zip(rows["check"], rows["interview"], rows["question"], strict=True))


ALWAYS = [("required_blank", "a", "why")]


@pytest.mark.parametrize("column", ["consent", "region", "total"])
def test_without_a_column_no_answer_is_called_wrong_that_was_right(
    column: str, form: Questionnaire, tmp_path: Path
):
    whole = run_checks(read_without([], form, tmp_path), {})
    parted = run_checks(read_without([column], form, tmp_path), {})

    assert found(whole) == ALWAYS
    assert found(parted) == ALWAYS


def test_what_could_not_be_worked_out_is_said(form: Questionnaire, tmp_path: Path):
    notes = run_checks(read_without(["consent", "region"], form, tmp_path), {}).summary
    notes = notes.set_index("check")["note"]

    assert notes["skip_violated"] == (
        "2 expressions could not be worked out: group 'talk', relevant '${consent} = 'yes'': the "
        "answers to 'consent' are in no file that was read; question 'big', relevant "
        "'count(${person}) > 1': the rows of the repeat 'person' are in no file that was read"
    )
    assert notes["not_offered"] == (
        "1 questions that filter their choices; of town it cannot be worked out"
    )


def test_answers_stay_in_their_base_where_the_gate_is_missing(form: Questionnaire, tmp_path: Path):
    responses = read_without(["total"], form, tmp_path)

    paid = [Absence(why) for why in responses.absence["paid"]]
    assert paid == [Absence.PRESENT, Absence.NOT_KNOWN, Absence.NOT_ASKED]


def test_a_column_that_nobody_was_asked_for_is_known_to_be_blank(
    form: Questionnaire, tmp_path: Path
):
    """Servers leave out columns that are empty throughout; what they decide is still decided."""
    few = ROWS.assign(paid="", total="5", water="5", why=["because", "", ""], big="")
    few.drop(columns="paid").to_csv(tmp_path / "export.csv", index=False)

    checked = run_checks(read_responses(tmp_path / "export.csv", form), {})

    assert ("skip_violated", "a", "why") in found(checked)


def test_a_question_that_an_older_version_lacked_closes_no_gate(tmp_path: Path):
    """Forms drift: the second version asks for consent first, and the first did not."""
    folder = tmp_path / "interviews"
    folder.mkdir()
    path = tmp_path / "form.yaml"
    path.write_text(FORM.replace('version: "1"', 'version: "2"'), encoding="utf-8")
    talk = "<talk><region>north</region><town>snowy</town><total>500</total><water/></talk>"
    bodies = {
        "old": ("1", talk),
        "new": ("2", f"<consent>yes</consent>{talk}"),
        "odd": ("2", f"<consent>no</consent>{talk}"),
    }
    for name, (version, body) in bodies.items():
        xml = (
            f'<data id="left_out" version="{version}">{body}'
            f"<meta><instanceID>uuid:{name}</instanceID></meta></data>"
        )
        (folder / f"{name}.xml").write_text(xml, encoding="utf-8")

    responses = read_responses(folder, read_yaml(path))
    checked = run_checks(responses, {"near_copy": False})

    why = responses.absence.loc["old"]
    assert why["consent"] == Absence.NOT_IN_VERSION
    assert why["town"] == Absence.PRESENT
    assert why["water"] == Absence.BLANK
    skipped = checked.findings[checked.findings["check"] == "skip_violated"]
    assert set(skipped["interview"]) == {"odd"}
    assert set(checked.findings["interview"]) == {"odd"}
