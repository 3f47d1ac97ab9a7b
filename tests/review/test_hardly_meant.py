"""What a questionnaire may say, and hardly means: each finding, word for word."""

import pytest


def added(asks, key, value):
    return asks("minutes", "integer", **{key: value})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("relevant", "${agrees} = 'yes' and selected(${sources}, 'well') or ${agrees} = ''"),
        ("relevant", "${how_far} = 1 or 2 = ${how_far}"),
        ("constraint", "regex(., '[0-9]+')"),
        ("required", "true"),
        ("relevant", "${words} = 'many'"),
    ],
)
def test_what_means_something_is_not_found(found, written, asks, key, value):
    codes = ("Q201", "Q305", "Q306")

    assert found(written(added(asks, key, value)), *codes) == []


@pytest.mark.parametrize(
    "case",
    [
        (
            "relevant",
            "${agrees} = 'yess'",
            "relevant: 'yess' is no choice of 'agrees'. Did you mean 'yes'?",
        ),
        (
            "relevant",
            "${agrees} = 'YES'",
            "relevant: 'YES' is no choice of 'agrees'. Write 'yes': capitals count.",
        ),
        (
            "relevant",
            "selected(${sources}, 'Rain')",
            "relevant: 'Rain' is no choice of 'sources'. Write '3': 'Rain' is its label.",
        ),
        (
            "relevant",
            "not('maybe' != ${agrees})",
            "relevant: 'maybe' is no choice of 'agrees'. Its codes are yes, no.",
        ),
        (
            "relevant",
            "selected(${how_far}, 3)",
            "relevant: '3' is no choice of 'how_far'. Its codes are 1, 2.0.",
        ),
        (
            "constraint",
            "minutes < 180",
            (
                "constraint: 'minutes' leads to nothing. Write ${minutes} for the answer to it, or "
                "'minutes' for the word."
            ),
        ),
        (
            "required",
            "maybe",
            "required: 'maybe' leads to nothing. Write yes or no, or an expression.",
        ),
        (
            "constraint",
            "regex(., '[')",
            "constraint: the pattern of regex() cannot be read. Check its brackets.",
        ),
    ],
)
def test_what_is_hardly_meant_is_found(found, written, asks, case):
    key, value, finding = case

    (said,) = found(written(added(asks, key, value)), "Q201", "Q305", "Q306")

    place, _, rest = said[1].partition(", question 'minutes', ")
    assert place.startswith("q.yaml, line ")
    assert rest == finding


def test_a_misspelt_column_is_found_once(found, written, asks):
    extra = "{relevent: '1 = 1'}"
    text = written(asks("a", "text", extra=extra) + "\n" + asks("b", "text", extra=extra))

    ((_, said),) = found(text, "Q406")

    assert said.endswith("nothing is done with the column 'relevent'. Did you mean 'relevant'?")


def test_a_code_of_the_group_around_a_question_is_found_once(found, written):
    text = written(
        "  - group: g\n    relevant: ${agrees} = 'y'\n    questions: [{name: a, type: date, label: "
        "{en: A, ar: A}}, {name: b, type: date, label: {en: B, ar: B}}]"
    )

    ((_, said),) = found(text, "Q201")

    assert "group 'g', relevant: 'y' is no choice of 'agrees'" in said


def test_a_missing_text_is_found_cell_by_cell(found, written):
    text = written().replace(", ar: نعم", "").replace(", ar: سؤال age", "")

    assert found(text, "Q501") == [
        ("Q501", "q.yaml, line 5, list 'yes_no', choice 'yes': it is not in Arabic. Translate it."),
        (
            "Q501",
            "q.yaml, line 34, question 'age', label: it is not in Arabic. Translate it.",
        ),
    ]


def test_a_question_and_a_choice_without_a_text(found, written, asks):
    text = written(asks("quiet", "integer", label="''"))
    text = text.replace("label: {en: No, ar: لا}", "lable: No")

    assert found(text, "Q401", "Q406") == [
        (
            "Q401",
            "q.yaml, line 6, list 'yes_no', choice 'no': it has no text. Give it a label.",
        ),
        (
            "Q406",
            (
                "q.yaml, line 6, list 'yes_no', choice 'no': nothing is done with the column 'lable'."
                " Did you mean 'label'?"
            ),
        ),
        ("Q401", "q.yaml, line 46, question 'quiet': it has no text. Give it a label."),
    ]


@pytest.mark.shared
def test_what_a_real_survey_did_not_notice(shared):
    from survey_kit.forms.read import read_questionnaire
    from survey_kit.review.review import review

    form = shared / "data" / "iraq_households" / "form.xlsx"

    (error,) = [each for each in review(read_questionnaire(form)) if each.severity.value == "error"]

    assert str(error).startswith(
        "form.xlsx, sheet survey, row 227, question 'how_engaged_by_office', constraint: "
        "'dont_know' is no choice of 'how_engaged_by_office'. Its codes are prefer_not_engaged, "
    )
