"""study.yaml: what it may say, and every way in which it can be wrong."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from survey_kit.design.design import Sampling
from survey_kit.errors import FileProblem, StudyError
from survey_kit.questionnaire.model import Privacy
from survey_kit.study.settings import Intervals, read_study

SMALL = """\
    study: small
    questionnaire: form.yaml
    responses:
      file: answers.csv
    design:
      sampling: purposive
    """


def study(folder: Path, text: str) -> Path:
    (folder / "form.yaml").write_text("questionnaire: small", encoding="utf-8")
    (folder / "answers.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (folder / "study.yaml").write_text(dedent(text), encoding="utf-8")
    return folder


def faults(folder: Path, text: str) -> list[str]:
    with pytest.raises(StudyError) as caught:
        read_study(study(folder, text))
    return str(caught.value).splitlines()


def test_the_shipped_study_is_read(root: Path):
    settings = read_study(root / "analysis" / "community_perceptions")

    assert settings.design.sampling is Sampling.PURPOSIVE
    assert settings.intervals is Intervals.MODELLED
    assert settings.notice.startswith("SIMULATED DATA")
    assert settings.answers.file.name == "submissions.zip"


def test_six_lines_are_enough(tmp_path: Path):
    settings = read_study(study(tmp_path, SMALL))

    assert settings.name == "small"
    assert settings.intervals is Intervals.NONE
    assert settings.protection.smallest_base == 10
    assert settings.tables.rows == ()


def test_a_misspelt_key_is_a_fault_with_its_line_and_the_likely_word(tmp_path: Path):
    assert faults(tmp_path, dedent(SMALL) + "wieghting:\n  margins: m.csv\n") == [
        (
            "study.yaml, line 7: wieghting: there is no such key; did you mean 'weighting'? The keys here"
            " are: study, title, notice, language, questionnaire, responses, corrections, complete, withdrawn, checks,"
            " design, weighting, protection, tables, findings, coding, rounds, versions, pool."
        )
    ]


def test_all_faults_of_a_study_are_told_at_once(tmp_path: Path):
    told = faults(
        tmp_path,
        """\
        study: small
        questionnaire: nowhere.yaml
        responses:
          fil: answers.csv
        design:
          sampling: random
          intervals: design
        protection:
          smallest_cell: few
          classes: {name: secret}
        """,
    )

    assert told == [
        (
            "study.yaml, line 2: questionnaire: there is nothing at nowhere.yaml. Correct the path; it"
            " starts at the folder of study.yaml."
        ),
        "study.yaml, line 4: responses.file: this is missing. Add a line such as  file: submissions.zip.",
        (
            "study.yaml, line 4: responses.fil: there is no such key; did you mean 'file'? The keys here"
            " are: file, interview, ignore, columns, encoding."
        ),
        (
            "study.yaml, line 6: design.sampling: there is no 'random'. Write one of: probability, quota,"
            " purposive, snowball, rds, opt-in, census."
        ),
        (
            "study.yaml, line 7: design.intervals: a design-based interval needs a probability sample."
            " Write modelled, which is labelled so wherever it appears, or none."
        ),
        (
            "study.yaml, line 10: protection.classes: name: there is no class 'secret'. Write one of:"
            " identifier, quasi, sensitive, plain."
        ),
        (
            "study.yaml, line 9: protection.smallest_cell: a number of at least 1 is needed here. Write a"
            " number, such as 5."
        ),
    ]


def test_how_people_were_chosen_must_be_said(tmp_path: Path):
    told = faults(tmp_path, dedent(SMALL).replace("design:\n  sampling: purposive\n", ""))

    assert told == [
        (
            "study.yaml, line 1: design: this section is missing, and how people were chosen decides what"
            " may be said of them. Add  design:  with  sampling:  below it, one of: probability, quota,"
            " purposive, snowball, rds, opt-in, census."
        )
    ]


def test_classes_and_settings_of_checks_are_read(tmp_path: Path):
    more = """\
        protection:
          classes: {village: quasi}
        checks:
          night: false
          duration: {shortest: 20, unit: minutes, seen: true}
        """

    settings = read_study(study(tmp_path, dedent(SMALL) + dedent(more)))

    assert settings.protection.classes == {"village": Privacy.QUASI}
    assert settings.checks == {
        "night": False,
        "duration": {"shortest": 20.0, "unit": "minutes", "seen": True},
    }


def test_a_folder_without_a_study_is_refused(tmp_path: Path):
    with pytest.raises(FileProblem) as caught:
        read_study(tmp_path)

    assert str(caught.value).endswith(
        ": there is no study.yaml here. Name the folder of a study, such as"
        " analysis/community_perceptions."
    )


def test_a_list_is_no_study(tmp_path: Path):
    with pytest.raises(StudyError) as caught:
        read_study(study(tmp_path, "- study\n"))

    assert str(caught.value) == "study.yaml: a study is a mapping of keys. Begin with  study: NAME."


def test_a_design_left_empty_is_as_good_as_missing(tmp_path: Path):
    text = dedent(SMALL).replace("\n  sampling: purposive", "")

    (said,) = faults(tmp_path, text)

    assert said.startswith(
        "study.yaml, line 5: design: this section is missing, and how people were chosen decides"
    )


def test_responses_left_empty_are_as_good_as_missing(tmp_path: Path):
    assert faults(tmp_path, dedent(SMALL).replace("\n  file: answers.csv", "")) == [
        (
            "study.yaml, line 3: responses: this section is missing. Add  responses:  with  file: PATH"
            "  below it."
        )
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("questionnaire: form.yaml", "questionnaire: [form.yaml]"),
        ("design:\n  sampling: purposive", "design: purposive"),
        ("sampling: purposive", "sampling: [purposive]"),
    ],
)
def test_a_thing_of_the_wrong_kind_is_said_once(tmp_path: Path, old: str, new: str):
    assert len(faults(tmp_path, dedent(SMALL).replace(old, new))) == 1


def test_a_key_that_stands_twice_is_shown_where_it_stands_again(tmp_path: Path):
    assert faults(tmp_path, dedent(SMALL) + "study: again\n") == [
        "study.yaml, line 7: study: this key stands here twice. Keep one of the two."
    ]


@pytest.mark.parametrize("name", ["../../elsewhere", ".hidden", "a/b", "c:d"])
def test_a_study_is_called_as_a_folder_can_be_called(tmp_path: Path, name: str):
    assert faults(tmp_path, dedent(SMALL).replace("study: small", f"study: {name}")) == [
        (
            "study.yaml, line 1: study: no folder of results can have this name. Use letters, digits,"
            " spaces, _ and -, and begin with a letter or a digit."
        )
    ]


def test_a_study_may_be_called_in_any_script(tmp_path: Path):
    settings = read_study(study(tmp_path, SMALL.replace("study: small", "study: পানি ও বাড়ি")))

    assert settings.name == "পানি ও বাড়ি"


def test_a_threshold_is_a_whole_number(tmp_path: Path):
    assert faults(tmp_path, dedent(SMALL) + "protection:\n  smallest_cell: 5.5\n") == [
        (
            "study.yaml, line 8: protection.smallest_cell: a whole number is needed here. Write a"
            " number, such as 5."
        )
    ]


@pytest.mark.parametrize(
    "text", ["tables:\n  by: [sex, age, sex]\n", "tables:\n  rows: [sex, sex]\n"]
)
def test_a_question_heads_a_table_once(tmp_path: Path, text: str):
    (said,) = faults(tmp_path, dedent(SMALL) + text)

    assert said.endswith("sex stands in it twice. Leave one of them out.")


def test_a_folder_where_a_file_is_due(tmp_path: Path):
    (tmp_path / "margins").mkdir()

    assert faults(tmp_path, dedent(SMALL) + "weighting:\n  margins: margins\n") == [
        "study.yaml, line 8: weighting.margins: margins is a folder. Name the file in it."
    ]


def test_answers_may_be_a_folder_of_submissions(tmp_path: Path):
    (tmp_path / "phones").mkdir()

    settings = read_study(study(tmp_path, SMALL.replace("answers.csv", "phones")))

    assert settings.answers.file.name == "phones"


def test_clusters_may_start_anew_in_each_stratum(tmp_path: Path):
    settings = read_study(study(tmp_path, SMALL + "  nested: true\n"))

    assert settings.design.nested
