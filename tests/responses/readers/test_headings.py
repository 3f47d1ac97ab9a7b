"""Exports whose columns are headed by the questions' texts are matched where that leaves no doubt."""

from pathlib import Path

import openpyxl
import pytest

from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.yaml_file import read_yaml
from survey_kit.responses.headings import heading
from survey_kit.responses.matching import Role, match_columns
from survey_kit.responses.read import read_responses

FORM = """
questionnaire: aid
version: "1"
title: {en: Aid}
languages: {en: English, fr: Français}
choices:
  yes_no: [{code: "1", label: {en: "Yes", fr: Oui}}, {code: "0", label: {en: "No", fr: Non}}]
  aid:
    - {code: cash, label: {en: Cash, fr: Argent}}
    - {code: health, label: {en: Cash to pay for health services, fr: Soins}}
    - {code: food, label: {en: "Food, water / soap", fr: Vivres}}
    - {code: other, label: {en: Other, fr: Autre}}
interview:
  - {name: consent, type: select_one yes_no, label: {en: "Do you agree?", fr: "Êtes-vous d'accord ?"}}
  - group: g1
    label: {en: "Aid received", fr: "Aide reçue"}
    questions:
      - {name: aid, type: select_multiple aid, label: {en: "**Which** aid did you get?", fr: "Quelle aide ?"}}
      - {name: aid_other, type: text, label: {en: "Other, please specify:", fr: "Autre, précisez :"}}
  - group: g2
    label: {en: "Aid wanted", fr: "Aide voulue"}
    questions:
      - {name: wish, type: select_multiple aid, label: {en: "Which aid do you want?", fr: "Laquelle ?"}}
      - {name: wish_other, type: text, label: {en: "Other, please specify:", fr: "Autre, précisez :"}}
      - {name: members, type: integer, label: {en: "How many are you?", fr: "Combien ?"}}
"""
OTHER = "Other, please specify"


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> Questionnaire:
    path = tmp_path_factory.mktemp("aid") / "aid.yaml"
    path.write_text(FORM, encoding="utf-8")
    return read_yaml(path)


def keys(columns: list[str], form: Questionnaire) -> list[str]:
    return [
        f"{use.key}/{use.code}" if use.code else use.key or use.what
        for use in match_columns(columns, form)
    ]


def test_a_workbook_of_kobo_with_labels_is_read_as_codes(form: Questionnaire, tmp_path: Path):
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    which = "Aid received/Which aid did you get?"
    sheet.append(
        [
            "Do you agree?",
            which,
            f"{which}/Cash",
            f"{which}/Cash to pay for health services",
            f"{which}/Food, water / soap",
            f"{which}/Other",
            "Aid received/Other, please specify:",
            "Aid wanted/How many are you?",
            "_uuid",
        ]
    )
    sheet.append(["Yes", "Cash to pay for health services Cash", 1, 1, 0, 0, None, 4, "a"])
    sheet.append(["No", "Food, water / soap Other", 0, 0, 1, 1, "Seed", 2, "b"])
    book.save(tmp_path / "aid.xlsx")

    read = read_responses(tmp_path / "aid.xlsx", form)

    assert read.frame["consent"].tolist() == ["1", "0"]
    assert read.frame["aid"].tolist() == ["health cash", "food other"]
    assert read.frame["aid_other"].fillna("").tolist() == ["", "Seed"]
    assert read.frame["members"].tolist() == [4, 2]
    assert read.report.unmatched == {}
    assert read.report.disagreements is not None
    assert read.report.disagreements.empty
    assert read.report.stages["by the text of the question"] == 8


def test_a_sheet_like_that_of_google_forms_is_read_as_codes(form: Questionnaire, tmp_path: Path):
    (tmp_path / "aid.csv").write_text(
        "Quelle aide ?,Êtes-vous d'accord ?,Combien ?\n"
        '"Argent, Vivres",Oui,3\n"Soins;Argent;",Non,1\n,Non,\n',
        encoding="utf-8",
    )

    read = read_responses(tmp_path / "aid.csv", form)

    assert read.frame["aid"].fillna("").tolist() == ["cash food", "health cash", ""]
    assert read.frame["consent"].tolist() == ["1", "0", "0"]


def test_a_text_that_two_questions_share_is_settled_by_its_neighbours(form: Questionnaire):
    columns = [
        "Do you agree?",
        "Which aid did you get?",
        OTHER,
        "Which aid do you want?",
        OTHER,
        "How many are you?",
    ]

    assert keys(columns, form) == ["consent", "aid", "aid_other", "wish", "wish_other", "members"]
    renamed = [*columns[:4], f"{OTHER}.1", columns[5]]
    assert keys(renamed, form) == keys(columns, form)


def test_a_text_that_two_questions_share_is_not_guessed_at(form: Questionnaire):
    said = "not carried on: ambiguous, it could be 'aid_other' or 'wish_other'"

    assert keys([OTHER, "How many are you?"], form) == [said, "members"]
    out_of_order = ["How many are you?", "Which aid did you get?", OTHER, "Do you agree?"]
    assert keys(out_of_order, form)[2] == said


def test_a_name_goes_before_a_text(form: Questionnaire):
    uses = match_columns(["members", "How many are you?"], form)

    assert [use.role for use in uses] == [Role.QUESTION, Role.UNMATCHED]
    assert uses[1].what == "not carried on: another column is 'members' already"


def test_texts_that_r_has_mangled_are_known(form: Questionnaire):
    columns = ["Do.you.agree.", "Which.aid.did.you.get.", "How.many.are.you."]

    assert keys(columns, form) == ["consent", "aid", "members"]


def test_a_heading_is_a_text_without_its_trimmings():
    assert heading(" <span style='x'>How **old**</span>\n are you? *") == "how old are you?"


@pytest.mark.parametrize("above", [[], ["Aid,,", "Do you agree?,How many are you?,Id"]])
def test_names_in_a_row_below_are_the_header(above: list[str], form: Questionnaire, tmp_path: Path):
    texts = [*above, "Consent of the person,Persons,Id of it"]
    rows = [*texts, "consent,members,_uuid", "1,4,a", "0,2,b", ""]
    (tmp_path / "aid.csv").write_text("\n".join(rows))

    read = read_responses(tmp_path / "aid.csv", form)

    assert read.frame["members"].to_dict() == {"a": 4, "b": 2}
    assert read.report.rows_read == 2
    assert read.report.notes[0] == (
        f"the names of the columns stand in row {len(texts) + 1}; "
        f"rows above it, not read: {len(texts)}"
    )


@pytest.mark.parametrize(
    ("moments", "note"),
    [
        (
            ("1/2/2026 9:11:12", "2/3/2026 9:11:12"),
            "2 cells could be day/month or month/day: left unread",
        ),
        (
            ("11/21/2026 9:11:12", "2/3/2026 9:11:12"),
            "2 days are written with the month before the day",
        ),
    ],
)
def test_what_was_made_of_the_moments_of_sending_is_said(
    moments: tuple[str, str], note: str, camp: Questionnaire, tmp_path: Path
):
    rows = "".join(f"{each},yes,3\n" for each in moments)
    (tmp_path / "answers.csv").write_text(f"Timestamp,Consent,Litres\n{rows}")

    read = read_responses(tmp_path / "answers.csv", camp)

    assert f"Timestamp: {note}" in read.report.notes
    assert read.meta["submitted"].isna().all() == ("left unread" in note)
