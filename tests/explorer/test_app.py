"""The app itself, page by page, without a browser: notice, findings, crosstab, errors."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from survey_kit.tables.analysis import Analysis

pytestmark = pytest.mark.client  # each page runs the whole of the shipped study

ROOT = Path(__file__).parents[2]
STUDY = ROOT / "analysis" / "community_perceptions"


def run(study: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setattr(sys, "argv", ["app.py", str(study)])
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()


def html(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


@pytest.fixture(scope="module")
def opened() -> AppTest:
    with pytest.MonkeyPatch.context() as patch:
        return run(STUDY, patch)


def test_the_first_page_says_who_was_interviewed_and_that_it_is_simulated(opened: AppTest):
    assert not opened.exception
    assert opened.title[0].value == "Who was interviewed"
    assert 'class="top-notice"' in html(opened)
    assert "SIMULATED DATA" in html(opened)


def test_every_claim_stands_with_its_table_its_caveat_and_its_evidence(opened: AppTest):
    body = html(opened)

    assert body.count('class="statement"') == body.count('class="evidence"') > 0
    assert body.count("<table") == body.count('class="statement"')
    assert "cannot be generalised" in body


def test_an_error_is_a_sentence_below_the_notice(
    small: Analysis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    study = tmp_path / "analysis" / "broken"
    shutil.copytree(STUDY, study)
    text = (study / "study.yaml").read_text("utf-8").replace("../../", f"{ROOT}/")
    (study / "study.yaml").write_text(text, "utf-8")
    (study / "respondents.py").write_text(
        "def claims(analysis):\n    analysis.crosstab('nobody')\n"
    )
    monkeypatch.setattr("survey_kit.study.analysis_of", lambda _: small)

    app = run(study, monkeypatch)

    assert not app.exception
    assert app.error[0].value.startswith("variable 'nobody': there is no variable of this name.")
    assert "SIMULATED DATA" in html(app)


def test_a_study_that_is_not_there_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    app = run(tmp_path, monkeypatch)

    assert not app.exception
    assert "there is no study.yaml here" in app.error[0].value
