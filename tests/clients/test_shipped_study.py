"""The shipped study's files, opened by the programs that people open them with."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.client


@pytest.fixture(scope="module")
def results(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a run of the shipped study leaves."""
    out = tmp_path_factory.mktemp("run") / "results"
    command = [sys.executable, "-m", "survey_kit", "run", "analysis/community_perceptions"]
    subprocess.run([*command, "--out", str(out), "--quiet"], cwd=root, check=True)
    return out


def program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def as_text(path: Path, folder: Path) -> str:
    """A workbook or document as LibreOffice prints it, as text."""
    soffice, pdftotext = program("soffice"), program("pdftotext")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run(
        [soffice, "--headless", profile, "--convert-to", "pdf", "--outdir", str(folder), str(path)],
        check=True,
        capture_output=True,
        timeout=300,
    )
    pdf = folder / f"{path.stem}.pdf"
    told = subprocess.run(
        [pdftotext, "-layout", str(pdf), "-"], check=True, capture_output=True, text=True
    )
    return told.stdout


def test_odk_validate_accepts_every_built_form(results: Path):
    from survey_kit.forms.odk_validate import java_available, validate

    if not java_available():
        pytest.skip("Java is not installed")
    forms = sorted((results / "forms").glob("*.xml"))

    faults = validate(forms)

    assert forms
    assert faults == ()


@pytest.mark.parametrize("name", ["tables.xlsx", "quality.xlsx", "weighting.xlsx", "findings.docx"])
def test_libreoffice_opens_it_and_every_page_says_that_the_data_are_simulated(
    results: Path, name: str, tmp_path: Path
):
    text = as_text(results / name, tmp_path)

    pages = [page for page in text.split("\f") if page.strip()]
    assert pages
    assert [number for number, page in enumerate(pages, 1) if "SIMULATED" not in page] == []


def test_two_runs_differ_in_nothing_but_the_pseudonyms(root: Path, results: Path, tmp_path: Path):
    command = [sys.executable, "-m", "survey_kit", "run", "analysis/community_perceptions"]
    subprocess.run([*command, "--out", str(tmp_path / "again"), "--quiet"], cwd=root, check=True)

    first = json.loads((results / "manifest.json").read_text(encoding="utf-8"))
    again = json.loads((tmp_path / "again" / "manifest.json").read_text(encoding="utf-8"))

    different = {
        name for name in first["outputs"] if first["outputs"][name] != again["outputs"][name]
    }
    with_pseudonyms = ("responses.", "ddi.xml", "datapackage.json")
    assert {name for name in different if not name.startswith(with_pseudonyms)} == set()
