"""study.yaml, versions and pool: older forms, and what becomes of answers that changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from survey_kit.errors import StudyError
from survey_kit.study.manifest import Record
from survey_kit.study.new_study import new_study
from survey_kit.study.prepare import inputs_of, prepare
from survey_kit.study.settings import StudySettings, read_study
from survey_kit.study.summary import summary_of
from survey_kit.study.versions import counted_by_version, older_forms, told


@pytest.fixture(scope="module")
def born(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("study") / "water"
    new_study(folder)
    return folder


@pytest.fixture
def study(born: Path, tmp_path: Path) -> Path:
    from shutil import copytree

    return Path(copytree(born, tmp_path / "water"))


def changed(study: Path, *steps: tuple[str, str], also: str = "") -> Path:
    """The questionnaire in its second version, with the first one kept."""
    form = study / "questionnaire.yaml"
    text = form.read_text(encoding="utf-8").replace('version: "1"', 'version: "2"')
    for before, after in steps:
        assert text.count(before) >= 1, before
        text = text.replace(before, after)
    form.write_text(text, encoding="utf-8")
    settings = study / "analysis" / "study.yaml"
    said = settings.read_text(encoding="utf-8").replace("# versions:", "versions:")
    settings.write_text(said + also, encoding="utf-8")
    return study


def faults(study: Path) -> list[str]:
    with pytest.raises(StudyError) as caught:
        read_study(study)
    return str(caught.value).splitlines()


def responses_step(settings: StudySettings) -> dict[str, object]:
    """What a run records of the reading of answers."""
    record = Record()
    prepare(settings, record, lambda _: None)
    (step,) = [each for each in record.steps if each.name == "responses"]
    return step.detail


def test_older_forms_are_found_by_a_pattern_and_the_newest_is_none_of_them(study: Path):
    text = (study / "analysis" / "study.yaml").read_text(encoding="utf-8")
    text = text.replace(
        "# versions: [../versions/*.yaml]", "versions: ['../*.yaml', ../versions/*]"
    )
    (study / "analysis" / "study.yaml").write_text(text, encoding="utf-8")

    found = read_study(study).older.forms

    assert [each.file.name for each in found] == ["simulation.yaml", "1.yaml"]


def test_interviews_of_an_older_form_are_counted_and_read_with_it(study: Path):
    price = "      - {name: price, type: integer, label: {en: Price, fr: Prix}, privacy: plain}\n"
    also = "pool:\n  sources: {truck: lorry}\n"
    changed(
        study,
        ("      - name: shortage\n", f"{price}      - name: shortage\n"),
        ("code: truck", "code: lorry"),
        also=also,
    )

    step = responses_step(read_study(study))

    assert step["versions"] == {"1": 150}
    assert step["notes"] == [
        "interviews made with version '1', read with its own form: 150",
        "questions that version '1' did not have: 'price'",
    ]
    assert inputs_of(read_study(study))["older form 1"].name == "1.yaml"


def test_without_its_form_a_version_is_said_to_be_unknown(study: Path):
    changed(study)
    file = study / "analysis" / "study.yaml"
    text = file.read_text(encoding="utf-8").replace("versions: [", "# versions: [")
    file.write_text(text, encoding="utf-8")

    settings = read_study(study)
    summary = summary_of(settings, prepare(settings, Record(), lambda _: None), [], Path())

    line = "  versions     150 of version 1 (a version that no form describes)"
    assert line in summary.splitlines()


def test_the_version_may_be_told_as_interviews_say_it(study: Path):
    changed(study)
    settings = study / "analysis" / "study.yaml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(
        text.replace("versions: [../versions/*.yaml]", "versions: {vQ7x: ../versions/1.yaml}"),
        encoding="utf-8",
    )

    (form,) = older_forms(read_study(study).older)

    assert form.version == "vQ7x"


def test_an_older_form_that_is_the_newest_changes_nothing(study: Path):
    settings = study / "analysis" / "study.yaml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("# versions:", "versions:"), encoding="utf-8")

    step = responses_step(read_study(study))

    assert (step["versions"], step["notes"]) == ({"1": 150}, [])


def test_what_is_wrong_with_versions_and_pool_is_said_with_its_line(study: Path):
    also = "pool:\n  sources: [a]\n  size: left\n"
    changed(study, also=also)
    settings = study / "analysis" / "study.yaml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("../versions/*.yaml", "../nowhere.yaml"), encoding="utf-8")

    assert [each.split(": ", 1)[1] for each in faults(study)] == [
        (
            "versions: there is no form at ../nowhere.yaml. "
            "Correct the path; it starts at the folder of study.yaml."
        ),
        "pool.sources: this is no rule. Write {OLD CODE: NEW CODE}, or same, or left_behind.",
        "pool.size: this is no rule. Write {OLD CODE: NEW CODE}, or same, or left_behind.",
    ]


def test_a_form_without_a_version_has_to_be_given_one(study: Path):
    changed(study)
    old = study / "versions" / "1.yaml"
    old.write_text(old.read_text(encoding="utf-8").replace('version: "1"\n', ""), encoding="utf-8")

    with pytest.raises(StudyError) as caught:
        older_forms(read_study(study).older)

    assert str(caught.value) == (
        "study.yaml, versions: 1.yaml does not say its version, so no interview can be told to be "
        "its. Write  versions: {VERSION: 1.yaml}  with the version as interviews say it."
    )


def test_the_versions_of_a_run_in_one_line():
    import pandas as pd

    meta = pd.DataFrame({"version": pd.Series(["2", "1", None, "x", "1"], dtype="str")})

    counts = counted_by_version(meta)

    assert counts == {"": 1, "1": 2, "2": 1, "x": 1}
    assert told(counts, "2", {"1": object()}) == (
        "2 of version 1 (read with its own form), 1 of version x (a version that no form describes)"
    )
    assert told({"2": 5, "": 1}, "2", {}) == ""
