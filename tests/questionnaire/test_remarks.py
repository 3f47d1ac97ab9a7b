"""What a questionnaire may say, and hardly means: each remark, word for word."""

from pathlib import Path

import pytest

from survey_kit.forms.read import read_questionnaire
from survey_kit.questionnaire.build import build
from survey_kit.questionnaire.remarks import remarks
from survey_kit.questionnaire.yaml_file import parse_tree
from survey_kit.questionnaire.yaml_reader import read_raw

FORM = """\
questionnaire: q
languages: {en: English, ar: Arabic}
choices:
  yes_no:
    - {code: yes, label: {en: Yes, ar: نعم}}
    - {code: no, label: {en: No, ar: لا}}
  far:
    - {code: "1", label: {en: Near, ar: قريب}}
    - {code: "2.0", label: {en: Far, ar: بعيد}}
interview:
  - {name: agrees, type: select_one yes_no, label: {en: Do you agree?, ar: هل توافق؟}}
  - {name: how_far, type: select_multiple far, label: {en: How far?, ar: كم؟}}
  - name: minutes
    type: integer
    label: {en: How many minutes?, ar: كم دقيقة؟}
    KEY
"""


def said(key, form=FORM):
    whole = build(read_raw(parse_tree(form.replace("KEY", key), "q.yaml")))
    return [str(remark) for remark in remarks(whole)]


@pytest.mark.parametrize(
    "key",
    [
        "relevant: ${agrees} = 'yes' and selected(${how_far}, '1') or ${agrees} = ''",
        "relevant: ${how_far} = 1 or 2 = ${how_far}",
        "constraint: regex(., '[0-9]+')",
        "required: true",
        (
            "relevant: ${minutes_before} = 'many'\n  - {name: minutes_before, type: text, "
            "label: {en: Before?, ar: قبل؟}}"
        ),
    ],
)
def test_what_means_something_is_not_remarked_upon(key):
    assert said(key) == []


@pytest.mark.parametrize(
    ("key", "remark"),
    [
        (
            "relevant: ${agrees} = 'yess'",
            (
                "q.yaml, line 13, question 'minutes', relevant: 'yess' is no choice of 'agrees'. Did you "
                "mean 'yes'?"
            ),
        ),
        (
            "relevant: not('maybe' != ${agrees})",
            (
                "q.yaml, line 13, question 'minutes', relevant: 'maybe' is no choice of 'agrees'. Its "
                "codes are yes, no."
            ),
        ),
        (
            "relevant: selected(${how_far}, 3)",
            (
                "q.yaml, line 13, question 'minutes', relevant: '3' is no choice of 'how_far'. Its codes "
                "are 1, 2.0."
            ),
        ),
        (
            "constraint: minutes < 180",
            (
                "q.yaml, line 13, question 'minutes', constraint: 'minutes' leads to nothing. Write "
                "${minutes} for the answer to it, or 'minutes' for the word."
            ),
        ),
        (
            "required: maybe",
            (
                "q.yaml, line 13, question 'minutes', required: 'maybe' leads to nothing. Write yes or "
                "no, or an expression."
            ),
        ),
        (
            "constraint: regex(., '[')",
            (
                "q.yaml, line 13, question 'minutes', constraint: the pattern of regex() cannot be read. "
                "Check its brackets."
            ),
        ),
        (
            "extra: {relevent: '1 = 1'}",
            "q.yaml, line 13: nothing is done with the column 'relevent'. Did you mean 'relevant'?",
        ),
    ],
)
def test_what_is_hardly_meant_is_remarked_upon(key, remark):
    assert said(key) == [remark]


def test_a_code_of_the_group_around_a_question_is_looked_at_once():
    form = FORM.replace(
        "  - name: minutes",
        "  - group: g\n    relevant: ${agrees} = 'y'\n    questions: [{name: a, type: date, label: "
        "{en: A, ar: A}}, {name: b, type: date, label: {en: B, ar: B}}]\n  - name: minutes",
    )

    (remark,) = said("required: true", form)

    assert "question 'a', the group around it: 'y' is no choice of 'agrees'" in remark


def test_a_text_that_is_missing_is_a_remark_for_each_language_and_not_for_each_text():
    form = FORM.replace(", ar: نعم", "").replace(", ar: كم؟", "")

    assert said("required: true", form) == [
        (
            "q.yaml, line 12, language 'ar': 2 labels are not in Arabic, from here on. Translate what "
            "people are to read in it."
        )
    ]


def test_a_question_and_a_choice_without_a_text():
    form = FORM.replace("label: {en: No, ar: لا}", "lable: No").replace(
        "label: {en: How far?, ar: كم؟}", "hint: {en: Ask how far., ar: كم؟}"
    )

    assert said("required: true", form) == [
        (
            "q.yaml, line 6, list 'yes_no', choice 'no': nothing is done with the column 'lable'. Did you "
            "mean 'label'?"
        ),
        "q.yaml, line 6, list 'yes_no', choice 'no': it has no text. Give it a label.",
    ]


def test_the_shipped_questionnaire_needs_no_remark():
    root = Path(__file__).parents[2]

    assert (
        remarks(read_questionnaire(root / "instruments/community_perceptions/questionnaire.yaml"))
        == ()
    )


@pytest.mark.shared
def test_what_real_surveys_did_not_notice():
    shared = Path(__file__).parents[2].parent / "shared" / "data" / "iraq_households" / "form.xlsx"
    if not shared.exists():
        pytest.skip("the real surveys are not beside the project")

    (remark,) = remarks(read_questionnaire(shared))

    assert str(remark).startswith(
        "form.xlsx, sheet survey, row 227, question 'how_engaged_by_office', constraint: "
        "'dont_know' is no choice of 'how_engaged_by_office'. Its codes are prefer_not_engaged, "
    )
