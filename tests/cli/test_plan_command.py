"""survey-kit plan: sentences on stdout, JSON for programs, exit codes."""

from __future__ import annotations

import json

from click.testing import CliRunner, Result

from survey_kit.cli import group
from survey_kit.errors import DesignError


def plan(*arguments: str) -> Result:
    return CliRunner().invoke(group, ["plan", "--sampling", "probability", *arguments])


def test_a_margin_gives_the_interviews_in_a_sentence():
    told = plan("--margin", "0.05", "--take", "12", "--icc", "0.05")

    assert told.output == (
        "596 interviews estimate a share of 50% to within ±5.0 percentage points, with 95% "
        "confidence. The design effect is taken to be 1.55 (12 interviews in a cluster, an "
        "intra-cluster correlation of 0.05): 596 interviews are worth 385 of a simple random "
        "sample. They are held in 50 clusters.\n"
    )


def test_a_program_reads_the_plan_as_json():
    found = json.loads(
        plan("--share", "0.5", "--against", "0.75", "--power", "0.9", "--json").output
    )

    # R: power.prop.test(p1=.50, p2=.75, power=.90)$n = 76.7
    assert (found["interviews"], found["power"], found["margin"]) == (154, 0.9, None)
    assert found["sentence"].startswith("77 interviews in each of 2 groups")


def test_each_way_round_has_its_answer():
    assert "±3.1 percentage points" in plan("--interviews", "1000").output
    apart = plan("--share", "0.3", "--against", "0.4", "--interviews", "200").output
    assert "with a power of 55.46%" in apart
    within = plan("--share", "0.3", "--against", "0.4", "--margin", "0.05").output
    assert within.startswith("692 interviews in each of 2 groups")


def test_a_call_that_does_not_fit_is_a_fault_of_usage():
    assert plan().exit_code == 2
    assert "Give one of --margin, --power and --interviews." in plan().output
    assert "give --against too" in plan("--power", "0.8").output


def test_what_cannot_be_planned_is_bad_input():
    told = plan("--margin", "0.05", "--share", "30")

    assert isinstance(told.exception, DesignError)
    assert told.exception.exit_code == 3
