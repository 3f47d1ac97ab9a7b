"""What every test may ask for: the real surveys beside the project, and honesty about skips."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# How long one example takes says more of the machine than of the program. Every run draws other
# examples, so that half of the usual number finds in two runs what the whole finds in one.
settings.register_profile("any machine", deadline=None, max_examples=50)
settings.load_profile("any machine")

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the project."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder beside the project with real surveys and reference results."""
    if not SHARED.is_dir():
        pytest.skip("the folder ../shared with the real surveys is not here")
    return SHARED


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):  # noqa: ARG001 - pytest names it
    """In CI everything a test needs is there, so a test that skips is a test that fails."""
    outcome = yield
    report = outcome.get_result()
    if report.skipped and os.environ.get("CI") == "true" and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid}: skipped in CI: {reason}"
