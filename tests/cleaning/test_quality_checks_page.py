"""The page about the checks says what is so: every check and setting, and rates that come out again."""

from __future__ import annotations

import importlib.util
import re
import sys

import pytest

from survey_kit.cleaning.check import NO_FILE
from survey_kit.cleaning.run_checks import checks

PEOPLE = 500


@pytest.fixture(scope="module")
def page(root):
    return (root / "docs" / "quality_checks.md").read_text()


@pytest.fixture(scope="module")
def measured(root):
    path = root / "benchmarks" / "false_alarms.py"
    spec = importlib.util.spec_from_file_location("false_alarms", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["false_alarms"] = module
    spec.loader.exec_module(module)
    return module


def _settings(page):
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| ?([^|]*) \|$", page, flags=re.MULTILINE)
    return {name: set(re.findall(r"`(\w+)`", cell)) for name, cell in rows}


def test_every_check_of_answers_is_on_the_page_with_its_settings(page, measured):
    told = _settings(page)
    known = checks()

    assert set(measured.CHECKS) <= set(told)
    told["soft_duplicate"] = told["near_copy"]
    assert {name: set(known[name].settings) for name in told if name in known} == {
        name: settings for name, settings in told.items() if name in known
    }
    assert set(told) <= set(known)


def test_defaults_on_the_page_are_those_of_the_checks(page):
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| ?([^|]*) \|$", page, flags=re.MULTILINE)
    stated = [
        (name, setting, value.split(":")[0])
        for name, cell in rows
        for setting, value in re.findall(r"`(\w+)` \(([\d.e-]+[^)]*)\)", cell)
    ]

    assert len(stated) > 30
    for name, setting, value in stated:
        assert checks()[name].settings[setting] == pytest.approx(float(value)), (name, setting)
        assert checks()[name].settings[setting] != NO_FILE


@pytest.mark.client
def test_the_rates_of_false_alarms_come_out_again_with_other_interviews(page, measured):
    told = {
        name: float(share) / 100
        for name, share in re.findall(r"^\| `(\w+)` \| ([\d.]+)% \|$", page, flags=re.MULTILINE)
    }

    clean, calibration = measured.interviews(PEOPLE, seed=11)
    again = measured.false_alarms(clean)

    assert set(told) == set(again)
    for name, rate in again.items():
        error = (max(told[name], 1 / 4000) * (1 / PEOPLE + 1 / 4000)) ** 0.5
        assert abs(rate.share - told[name]) <= 4 * error, name
    found = measured.planted_rates(clean, calibration, 8)
    rows = re.findall(r"^\| ([\w ,]+) \| `.+` \| (\d+)% \|$", page, flags=re.MULTILINE)
    assert {kind for kind, _ in rows} == set(found)
    for kind, share in rows:
        assert found[kind][1].share >= float(share) / 100 - 0.45, kind
