"""Interviews of several versions are pooled, and each is judged by the form it was made with."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest

from survey_kit.cleaning.corrections import apply_corrections
from survey_kit.cleaning.run_checks import run_checks
from survey_kit.errors import ResponsesError
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.yaml_file import read_yaml
from survey_kit.responses.model import Absence, Responses
from survey_kit.responses.pool import pool, read_versions
from survey_kit.responses.pool_rules import PoolRules
from survey_kit.responses.read import read_responses
from survey_kit.responses.replay import asked, required_blank
from survey_kit.responses.simulate import simulate
from survey_kit.responses.submissions import write_submissions
from survey_kit.tables.variables import analysis_frame

OLD = """\
questionnaire: water
version: "1"
title: Water
languages: {en: English}
choices:
  yes_no:
    - {code: "yes", label: {en: "Yes"}}
    - {code: "no", label: {en: "No"}}
  source:
    - {code: tap, label: {en: Tap}}
    - {code: well, label: {en: Well}}
    - {code: pond, label: {en: Pond}}
interview:
  - {name: consent, type: select_one yes_no, label: {en: Do you agree?}, required: true, privacy: plain}
  - {name: sources, type: select_multiple source, label: {en: Where from?}, required: true, privacy: plain}
  - {name: minutes, type: integer, label: {en: How far?}, required: true, constraint: . <= 500, privacy: plain}
  - {name: shoe, type: integer, label: {en: Size of shoe}, privacy: plain}
  - {name: told, type: text, label: {en: Anything else?}, privacy: plain}
  - repeat: people
    count: "2"
    questions:
      - {name: age, type: integer, label: {en: Age}, required: true, privacy: plain}
"""
NEW = """\
questionnaire: water
version: "2"
title: Water
languages: {en: English}
choices:
  yes_no:
    - {code: "yes", label: {en: "Yes"}}
    - {code: "no", label: {en: "No"}}
  source:
    - {code: tap, label: {en: Tap}}
    - {code: well, label: {en: Well}}
    - {code: surface, label: {en: River or pond}}
    - {code: truck, label: {en: Truck}}
    - {code: unsure, label: {en: Not sure}, missing: dont_know}
interview:
  - {name: consent, type: select_one yes_no, label: {en: Do you agree?}, required: true, privacy: plain}
  - group: main
    relevant: ${consent} = 'yes'
    questions:
      - {name: sources, type: select_multiple source, label: {en: Where from?}, required: true, privacy: plain}
      - name: minutes
        type: integer
        label: {en: How far?}
        relevant: selected(${sources}, 'well')
        required: true
        constraint: . <= 60
        privacy: plain
      - {name: price, type: decimal, label: {en: Price}, required: true, privacy: plain}
      - {name: remarks, type: text, label: {en: Anything else?}, privacy: plain, extra: {"analysis::renamed_from": told}}
  - repeat: members
    extra: {"analysis::renamed_from": people}
    count: "2"
    questions:
      - {name: age, type: integer, label: {en: Age}, required: true, privacy: plain}
      - {name: school, type: select_one yes_no, label: {en: At school?}, required: true, privacy: plain}
analysis:
  derived:
    - name: dear
      label: {en: Dear}
      privacy: plain
      cases:
        - {code: "yes", label: {en: "Yes"}, when: "${price} > 10"}
        - {code: "no", label: {en: "No"}, when: "true()"}
"""  # fmt: skip
RULES = PoolRules(codes={"sources": {"pond": "surface"}}, left_behind=frozenset({"shoe"}))
N_OLD, N_NEW = 30, 20


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> tuple[Questionnaire, Questionnaire]:
    folder = tmp_path_factory.mktemp("forms")
    for name, text in (("old", OLD), ("new", NEW)):
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return read_yaml(folder / "old.yaml"), read_yaml(folder / "new.yaml")


@pytest.fixture(scope="module")
def parts(forms: tuple[Questionnaire, Questionnaire]) -> tuple[Responses, Responses]:
    return simulate(forms[0], N_OLD, seed=1), simulate(forms[1], N_NEW, seed=2)


@pytest.fixture(scope="module")
def export(parts: tuple[Responses, Responses], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One archive of submissions of both versions, as a server would hand it over."""
    folder = tmp_path_factory.mktemp("export")
    for name, part in zip(("old", "new"), parts, strict=True):
        write_submissions(part, folder / f"{name}.zip")
    with ZipFile(folder / "all.zip", "w") as whole:
        for name in ("old", "new"):
            with ZipFile(folder / f"{name}.zip") as archive:
                for entry in archive.namelist():
                    whole.writestr(entry, archive.read(entry))
    return folder / "all.zip"


@pytest.fixture(scope="module")
def pooled(export: Path, forms: tuple[Questionnaire, Questionnaire]) -> Responses:
    return read_versions(export, forms[1], [forms[0]], rules=RULES)


def of_version(responses: Responses, version: str) -> Responses:
    return responses.only((responses.meta["version"] == version).to_numpy(dtype=np.bool_))


def test_every_answer_of_the_old_form_stands_under_its_new_name_and_code(
    pooled: Responses, parts: tuple[Responses, Responses]
):
    old, found = parts[0], of_version(pooled, "1")

    assert set(found.frame.index) == set(old.frame.index)
    given = old.frame.reindex(found.frame.index)
    assert found.frame["remarks"].equals(given["told"].rename("remarks"))
    assert found.frame["minutes"].equals(given["minutes"])
    recoded = given["sources"].str.replace("pond", "surface")
    assert found.frame["sources"].equals(recoded)
    ages = old.repeats["people"].frame["age"]
    assert found.repeats["members"].frame["age"].to_dict() == ages.to_dict()
    assert found.repeats["members"].frame.index.names == ["interview", "members"]


def test_what_a_version_did_not_have_is_neither_blank_nor_not_asked(pooled: Responses):
    found, new = of_version(pooled, "1"), of_version(pooled, "2")

    assert (found.absence["price"] == Absence.NOT_IN_VERSION).all()
    assert (found.repeats["members"].absence["school"] == Absence.NOT_IN_VERSION).all()
    assert not new.absence.isin([Absence.NOT_IN_VERSION]).any(axis=None)
    assert not found.absence[["sources", "minutes"]].isin([Absence.NOT_IN_VERSION]).any(axis=None)


def test_interviews_of_the_new_form_are_as_if_read_alone(
    pooled: Responses, export: Path, forms: tuple[Questionnaire, Questionnaire]
):
    alone = of_version(read_responses(export, forms[1]), "2")
    found = of_version(pooled, "2")

    assert found.frame.equals(alone.frame)
    assert found.absence.equals(alone.absence)


def test_pooled_interviews_stand_in_the_order_of_the_file(
    pooled: Responses, export: Path, forms: tuple[Questionnaire, Questionnaire]
):
    whole = read_responses(export, forms[1])

    assert list(pooled.frame.index) == list(whole.frame.index)
    assert list(pooled.meta["submitted"]) == list(whole.meta["submitted"])


def test_an_interview_is_judged_by_the_form_it_was_made_with(pooled: Responses):
    # The old form asked everybody; the new one asks who agreed and has a well.
    old_rows = (pooled.meta["version"] == "1").to_numpy()

    where = asked(pooled)
    owed = required_blank(pooled)

    assert where.loc[old_rows, ["sources", "minutes", "remarks"]].all(axis=None)
    assert not where.loc[old_rows, "price"].any()
    assert not where.loc[~old_rows, "minutes"].all()
    assert not owed.any(axis=None)


def test_no_check_finds_fault_with_either_version(pooled: Responses):
    checks = (
        "skip_violated",
        "required_blank",
        "constraint_violated",
        "not_in_list",
        "not_offered",
    )

    found = run_checks(pooled, {}).findings

    assert found[found["check"].isin(checks)].empty


def test_read_with_the_new_form_alone_the_old_interviews_would_look_wrong(
    export: Path, forms: tuple[Questionnaire, Questionnaire]
):
    found = run_checks(read_responses(export, forms[1]), {}).findings

    assert {"not_in_list"} | {"skip_violated"} & set(found["check"])


def test_a_finding_in_an_old_interview_quotes_the_rule_of_its_own_form(pooled: Responses):
    interview = of_version(pooled, "1").frame.index[0]
    frame = pooled.frame.copy()
    frame.loc[interview, "minutes"] = 900
    spoilt = pooled.with_frame(frame, pooled.absence)

    found = run_checks(spoilt, {}).findings
    found = found[found["check"] == "constraint_violated"]

    assert found[["interview", "question", "answer"]].to_numpy().tolist() == [
        [interview, "minutes", "900"]
    ]
    assert "500" in found["what"].iloc[0]


def test_tables_leave_out_who_could_not_be_asked(pooled: Responses):
    frame, variables = analysis_frame(pooled)

    assert frame["price"].notna().sum() <= N_NEW
    assert variables["price"].left["not in this version of the form"] == N_OLD
    assert frame["dear"].notna().sum() <= N_NEW
    assert variables["dear"].left["not in this version of the form"] == N_OLD
    assert frame["minutes"].notna().sum() > N_OLD - 1


def test_the_report_says_what_each_version_was_and_lacked(pooled: Responses):
    notes = [note for note in pooled.report.notes if "version" in note]

    assert notes == [
        "interviews made with version '1', read with its own form: 30",
        "questions that version '1' did not have: 'price', 'school'",
        "choices that version '1' did not offer: 'sources/truck', 'sources/unsure'",
    ]
    assert pooled.report.rows_read == N_OLD + N_NEW
    assert pooled.report.unseen == ()


def test_a_version_that_nobody_defined_is_said_to_be_unknown(
    parts: tuple[Responses, Responses], forms: tuple[Questionnaire, Questionnaire], tmp_path: Path
):
    from dataclasses import replace

    stray = replace(parts[1], meta=parts[1].meta.assign(version="1.5"))
    write_submissions(stray, tmp_path / "stray.zip")

    found = read_versions(tmp_path / "stray.zip", forms[1], [forms[0]], rules=RULES)

    assert found.report.notes[-2:] == (
        "interviews made with version '1.5', which no form under versions has, read as '2': 20",
        "version '1': no interview was made with it",
    )


def test_breaking_changes_that_the_study_does_not_settle_are_refused_all_at_once(
    parts: tuple[Responses, Responses], forms: tuple[Questionnaire, Questionnaire]
):
    with pytest.raises(ResponsesError) as caught:
        pool(parts, forms[1])

    assert [str(fault) for fault in caught.value.faults] == [
        (
            "version '1' of water, question 'shoe': removed: integer -> nothing: its answers have no "
            "home in the new form. Keep it with a relevant of false(); or say in study.yaml, under "
            "pool, shoe: left_behind."
        ),
        (
            "version '1' of water, question 'sources': choice removed: pond (Pond) -> nothing: old "
            "answers hold this code, and under the new form nothing says what they meant. Keep the "
            "code, if need be with a filter that no longer offers it; or say in study.yaml, under "
            "pool, which code takes its place."
        ),
    ]


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        (
            PoolRules(codes={"source": {"pond": "surface"}}),
            "pool: there is no question called 'source'. Write the name as the form has it.",
        ),
        (
            PoolRules(codes={"sources": {"pond": "lake"}}),
            "pool, sources: the new form has no code 'lake' there. Name one it has.",
        ),
    ],
)
def test_a_rule_for_what_is_not_there_is_refused(
    rules: PoolRules,
    message: str,
    parts: tuple[Responses, Responses],
    forms: tuple[Questionnaire, Questionnaire],
):
    with pytest.raises(ResponsesError) as caught:
        pool(parts, forms[1], rules=rules)

    assert message in [str(fault) for fault in caught.value.faults]


def test_two_forms_under_one_version_are_refused(
    parts: tuple[Responses, Responses], forms: tuple[Questionnaire, Questionnaire]
):
    from dataclasses import replace

    impostor = replace(forms[0], version="2")

    with pytest.raises(ResponsesError) as caught:
        pool([replace(parts[0], questionnaire=impostor), parts[1]], forms[1], rules=RULES)

    assert str(caught.value.faults[0]) == (
        "versions of water: two forms that differ both say that they are version '2'. Give each "
        "form a version of its own; interviews name the version they were made with."
    )


def test_parts_pooled_are_as_one_export_read(
    pooled: Responses,
    parts: tuple[Responses, Responses],
    forms: tuple[Questionnaire, Questionnaire],
):
    found = pool(parts, forms[1], rules=RULES)

    assert found.frame.reindex(pooled.frame.index).equals(pooled.frame)
    assert found.absence.reindex(pooled.frame.index).equals(pooled.absence)
    assert set(found.editions) == {"1"}


def test_interviews_with_one_id_in_two_parts_are_both_kept(
    parts: tuple[Responses, Responses], forms: tuple[Questionnaire, Questionnaire]
):
    found = pool([parts[1], parts[1]], forms[1])

    first = parts[1].frame.index[0]
    assert len(found) == 2 * N_NEW
    assert found.frame.index.is_unique
    assert f"{first}#2" in found.frame.index
    assert len(found.repeats["members"].frame) == 2 * len(parts[1].repeats["members"].frame)


def test_codes_that_became_one_close_no_gate(
    forms: tuple[Questionnaire, Questionnaire], tmp_path: Path
):
    """The old form asked only users of ponds; `surface` no longer tells ponds from taps."""
    text = OLD.replace("constraint: . <= 500", "relevant: \"selected(${sources}, 'pond')\"")
    (tmp_path / "old.yaml").write_text(text, encoding="utf-8")
    old = read_yaml(tmp_path / "old.yaml")
    both = {"sources": {"pond": "surface", "tap": "surface"}}
    rules = PoolRules(codes=both, left_behind=frozenset({"shoe"}))

    found = pool([simulate(old, 40, seed=3)], forms[1], rules=rules)

    checks = run_checks(found, {}).findings["check"]
    assert not {"skip_violated", "required_blank"} & set(checks)


def test_a_correction_in_an_old_interview_follows_its_own_form(pooled: Responses):
    interview = of_version(pooled, "1").frame.index[0]
    old = pooled.frame.loc[interview, "consent"]
    line: Mapping[str, str] = {"old": str(old), "new": "no" if old == "yes" else "yes"}
    corrections = corrections_of(interview, "consent", line["old"], line["new"])

    found = apply_corrections(pooled, corrections, source="x").responses

    # The new form would ask nothing of who does not agree; the old one asked everybody.
    after, before = found.frame.loc[interview], pooled.frame.loc[interview]
    assert after["consent"] == line["new"]
    assert after.drop("consent").equals(before.drop("consent"))


def corrections_of(interview: str, question: str, old: str, new: str):
    from tempfile import TemporaryDirectory

    from survey_kit.cleaning.corrections import read_corrections

    with TemporaryDirectory() as folder:
        path = Path(folder) / "log.csv"
        path.write_text(
            "interview,question,old,new,action,why,who,when\n"
            f"{interview},{question},{old},{new},change,asked again,me,2026-01-01\n"
        )
        return read_corrections(path)


EXPORT = """\
_uuid,__version__,consent,sources,sources/tap,sources/pond,main/sources,main/sources/tap,main/sources/surface,minutes,main/minutes,told,main/remarks,main/price,shoe
a,1,no,tap pond,1,1,,,,300,,Far,,,40
b,2,yes,,,,tap surface,1,1,,,,Fine,2.5,
c,,yes,,,,tap,1,0,,,,,3,
d,9,yes,,,,tap,1,0,,,,,4,
"""  # fmt: skip


@pytest.fixture
def exported(forms: tuple[Questionnaire, Questionnaire], tmp_path: Path) -> Responses:
    """An export in which a server put the columns of both versions side by side."""
    (tmp_path / "export.csv").write_text(EXPORT, encoding="utf-8")
    return read_versions(tmp_path / "export.csv", forms[1], [forms[0]], rules=RULES)


def test_an_export_with_the_columns_of_both_versions_is_pooled(exported: Responses):
    rows = exported.frame.loc[["a", "b"], ["sources", "minutes", "remarks", "price"]]

    assert rows.loc["a"].tolist()[:3] == ["tap surface", 300.0, "Far"]
    assert rows.loc["b", "sources"] == "tap surface"
    assert Absence(exported.absence.loc["a", "price"]) is Absence.NOT_IN_VERSION
    assert Absence(exported.absence.loc["b", "minutes"]) is Absence.NOT_ASKED


def test_columns_that_only_the_old_form_knows_are_accounted_for(exported: Responses):
    left = exported.report.unmatched

    assert {"told", "minutes", "sources", "shoe"}.isdisjoint(left)
    assert exported.report.unseen == ("age", "school"), "the rows of repeats are in another file"


def test_interviews_without_a_version_and_of_an_unknown_one_are_said(exported: Responses):
    assert [note for note in exported.report.notes if "version" in note] == [
        "interviews that do not say their version, read as '2': 1",
        "interviews made with version '1', read with its own form: 1",
        "questions that version '1' did not have: 'price', 'school'",
        "choices that version '1' did not offer: 'sources/truck', 'sources/unsure'",
        "interviews made with version '9', which no form under versions has, read as '2': 1",
    ]
    assert len(exported) == 4
