"""Random respondents: every planted fault is found, and a sound form gives no alarm."""

from __future__ import annotations

from datetime import datetime

import pytest

from survey_kit.forms.javarosa import JavaRosa, java
from survey_kit.forms.xform import xform
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.rehearsal.both import rehearse_both
from survey_kit.rehearsal.coverage import Coverage, rehearse_ours
from survey_kit.rehearsal.minutes import Pace, Reading
from survey_kit.rehearsal.on_javarosa import Loaded
from survey_kit.rehearsal.report import as_data, as_html, findings, lines, markdown

NOW = datetime(2026, 11, 21, 12)  # noqa: DTZ001 - the local time of the interview


def covered(questionnaire: Questionnaire, interviews: int = 300) -> Coverage:
    return rehearse_ours(
        questionnaire,
        interviews,
        seed=1,
        reading=Reading(questionnaire, questionnaire.language, Pace()),
    )


def test_a_sound_form_gives_no_alarm(household: Questionnaire):
    coverage = covered(household)

    assert coverage.fine
    assert coverage.finished == coverage.interviews == 300
    assert not coverage.never_offered
    assert {way.ends_in for way in coverage.ways} == {"consent", "home"}


def test_a_question_that_chance_does_not_find_is_looked_for(faulty: Questionnaire):
    coverage = covered(faulty)

    assert "luck" in coverage.found
    assert "luck" not in [each.key for each in coverage.unreached]


def test_every_planted_fault_is_found(faulty: Questionnaire):
    coverage = covered(faulty)

    assert [(each.key, each.impossible) for each in coverage.unreached] == [
        ("dead", True),
        ("after", False),
    ]
    ends = {each.key: (each.reason, each.stops) for each in coverage.dead_ends}
    assert ends == {
        "district": ("no choice is on offer", False),
        "wall": ("it must be answered, and no answer was found that it allows", True),
    }
    assert [each.key for each in coverage.refusing] == ["never"]
    assert coverage.never_offered == {"district": ("d1", "d2")}
    assert not coverage.fine
    assert 0 < coverage.finished < coverage.interviews


def test_the_same_seed_gives_the_same_report(faulty: Questionnaire):
    assert covered(faulty, 50) == covered(faulty, 50)


def test_the_report_is_the_same_in_every_dress(faulty: Questionnaire):
    coverage = covered(faulty)

    told = list(findings(coverage))
    page = markdown("Rehearsal", coverage, None)
    site = as_html("Rehearsal <1>", coverage, None)

    assert len(told) == 5
    assert told[-1].startswith("refused: 'never': its constraint refuses nearly every answer (")
    assert any("'dead' can never be asked. It waits for: " in line for line in told)
    assert all(f"  {line}" in lines(coverage) for line in told)
    assert "| dead |" in page
    assert "<h1>Rehearsal &lt;1&gt;</h1>" in site
    assert as_data(coverage, None)["unreached"][0]["key"] == "dead"


@pytest.mark.client
def test_both_engines_see_the_same_in_random_interviews(household: Questionnaire):
    if java() is None:
        pytest.skip("Java is not here")
    answers = covered(household, 60).answers
    with JavaRosa() as javarosa:
        loaded = Loaded(javarosa, household, xform(household).xml, ())

        both = rehearse_both(loaded, 150, seed=1, now=NOW, answers=answers)

    assert (both.examples, both.different, both.stuck) == ((), 0, ())
    assert both.finished == 150
    assert both.compared > 2_000


@pytest.mark.client
def test_dead_ends_are_found_on_javarosa_too(faulty: Questionnaire):
    if java() is None:
        pytest.skip("Java is not here")
    with JavaRosa() as javarosa:
        loaded = Loaded(javarosa, faulty, xform(faulty).xml, ())

        both = rehearse_both(loaded, 60, seed=1, now=NOW, answers={})

    assert [(each.key, each.why) for each in both.stuck] == [("wall", "no answer is allowed")]
    assert both.different == 0


FROM_FILE = """\
questionnaire: shop
version: "1"
languages: {en: English}
interview:
  - {name: price, type: integer, label: {en: Price}, required: true}
  - {name: shop, type: select_one_from_file shops.csv, label: {en: Shop}, required: true}
  - {name: why, type: text, label: {en: Why there?}, relevant: "${shop} != ''"}
"""


def test_a_question_behind_choices_that_nobody_knows_is_no_alarm(definition):
    coverage = covered(definition(FROM_FILE), 40)

    assert coverage.unreached == ()
    assert coverage.dead_ends == ()
    assert coverage.left_out == () or coverage.left_out[-1] == (
        "question 'shop': its choices are in shops.csv, which random respondents on our engine do "
        "not know, so nobody came to why"
    )


SHOWN_RESULT = """\
questionnaire: shown
version: "1"
languages: {en: English}
interview:
  - {name: age, type: integer, label: {en: Age}}
  - name: older
    type: integer
    label: {en: In a year}
    calculation: "if(${age} > 50, ${age} + 1, '')"
    required: true
  - {name: kept, type: integer, calculation: "if(${age} > 50, 1, '')", required: true}
  - {name: comment, type: text, label: {en: Comment}}
"""


@pytest.mark.client
def test_a_result_that_is_shown_may_be_missing_as_an_answer_may(definition):
    if java() is None:
        pytest.skip("Java is not here")
    shown = definition(SHOWN_RESULT)
    with JavaRosa() as javarosa:
        loaded = Loaded(javarosa, shown, xform(shown).xml, ())

        both = rehearse_both(loaded, 60, seed=1, now=NOW, answers={})

    assert (both.examples, both.different) == ((), 0)
    assert both.compared > 200
