"""On simulated interviews in which nothing was planted, the checks of enumerators find next to nothing.

docs/fieldwork_monitoring.md gives the figures of a longer round (20 surveys of 612 interviews).
"""

from __future__ import annotations

import pytest

from survey_kit.cleaning.run_checks import checks
from survey_kit.forms.read import read_questionnaire
from survey_kit.responses.simulate import read_calibration, simulate

STUDY = "community_perceptions"
CHECKS = (
    "repeated_text",
    "heaping",
    "enumerator_effect",
    "enumerator_rates",
    "productivity",
    "trend",
)


pytestmark = pytest.mark.client


@pytest.fixture(scope="module", params=[11, 12])
def clean(root, request):
    form = read_questionnaire(root / "instruments" / STUDY / "questionnaire.yaml")
    likely = read_calibration(root / "data" / STUDY / "simulation.yaml", form)
    return simulate(form, 612, seed=request.param, calibration=likely)


def test_hardly_an_enumerator_or_a_question_is_named_without_reason(clean):
    found = [
        check.find(clean, check.settings) for name, check in checks().items() if name in CHECKS
    ]

    assert len(found) == len(CHECKS)
    assert sum(map(len, found)) <= 1


def test_no_interview_overlaps_and_pauses_are_those_that_were_simulated(clean):
    check = checks()["overlapping"]

    short = check.find(clean, check.settings)
    below_eight = check.find(clean, {**check.settings, "pause": 7.5})

    assert not short["what"].str.contains("before the end").any()
    assert 0 < len(short) < 0.1 * 612
    assert below_eight.empty
