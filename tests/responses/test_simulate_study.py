"""The shipped interviews are what their script makes, and come near what is published."""

from __future__ import annotations

import importlib.util
import sys
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from survey_kit.questionnaire.yaml_file import read_yaml
from survey_kit.responses.read import read_responses
from survey_kit.study import analysis_of
from survey_kit.weighting.margins import read_margins

if TYPE_CHECKING:
    from pathlib import Path

    from survey_kit.responses.model import Responses
    from survey_kit.tables.analysis import Analysis

pytestmark = pytest.mark.client

STUDY = "community_perceptions"
PUBLISHED = {
    # What is said of the assessment of the Regional Support Office of the Bali Process and the
    # Mixed Migration Centre (612 interviews); two points of tolerance are the study's own aim.
    ("reg_status", "not_considered"): 0.85,
    ("reg_status", "tried_unable"): 0.15,
    ("info_sought", "no"): 1 / 3,
}


@pytest.fixture(scope="module")
def made(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the script makes now."""
    path = root / "data" / STUDY / "make_data.py"
    spec = importlib.util.spec_from_file_location("make_data", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    script = importlib.util.module_from_spec(spec)
    sys.modules["make_data"] = script
    spec.loader.exec_module(script)
    folder = tmp_path_factory.mktemp("made")
    script.make(folder)
    return folder


@pytest.fixture(scope="module")
def responses(root: Path) -> Responses:
    form = read_yaml(root / "instruments" / STUDY / "questionnaire.yaml")
    return read_responses(root / "data" / STUDY / "submissions.zip", form)


@pytest.fixture(scope="module")
def analysis(root: Path) -> Analysis:
    return analysis_of(root / "analysis" / STUDY)


def entries(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_shipped_interviews_are_what_the_script_makes(root: Path, made: Path):
    shipped = entries(root / "data" / STUDY / "submissions.zip")

    again = entries(made / "submissions.zip")

    assert len(shipped) == 612
    assert shipped == again


@pytest.mark.parametrize("name", ["blemishes.csv", "corrections.csv"])
def test_the_shipped_lists_are_what_the_script_makes(root: Path, made: Path, name: str):
    assert (root / "data" / STUDY / name).read_bytes() == (made / name).read_bytes()


def weighted_share(analysis: Analysis, column: str, code: str) -> float:
    data, weights = analysis.sample.data, analysis.sample.weights
    asked = data[column].notna().to_numpy()
    chose = (data[column] == code).to_numpy() & asked
    return float(weights[chose].sum() / weights[asked].sum())


@pytest.mark.parametrize(("column", "code"), list(PUBLISHED))
def test_corrected_and_weighted_it_comes_within_two_points_of_what_is_published(
    analysis: Analysis, column: str, code: str
):
    assert weighted_share(analysis, column, code) == pytest.approx(
        PUBLISHED[column, code], abs=0.02
    )


def test_more_than_half_have_unmet_needs_and_documents_stand_before_cost(analysis: Analysis):
    data, weights = analysis.sample.data, analysis.sample.weights
    tried = data["reg_obst/documents"].notna().to_numpy()

    documents, cost = (
        (weights[tried] * data.loc[tried, f"reg_obst/{code}"].to_numpy()).sum()
        for code in ("documents", "cost")
    )

    assert weighted_share(analysis, "info_unmet", "yes") > 0.5
    assert documents > cost > 0.3 * weights[tried].sum()


def test_nobody_considered_a_regular_way_without_trying_one(responses: Responses):
    considered = responses.frame["reg_considered"] == "yes"

    assert (responses.frame.loc[considered, "reg_tried"] == "yes").all()
    assert (responses.frame["reg_result"] == "granted").sum() == 0
    assert (responses.frame["reg_result"] == "waiting").sum() <= 2


def test_every_country_has_several_places_to_estimate_from(analysis: Analysis):
    places = analysis.sample.data.groupby("country_int")["place_int"].nunique()

    assert len(places) == 4
    assert places.min() >= 6


def test_the_margins_differ_from_who_was_reached(analysis: Analysis, root: Path):
    data = analysis.sample.data
    margins = read_margins(root / "data" / STUDY / "margins.csv")

    gaps = [
        abs((data[variable] == category).mean() - share)
        for variable, shares in margins.items()
        for category, share in shares.items()
    ]

    assert 0.02 < max(gaps) < 0.15


def test_no_two_interviews_of_an_enumerator_overlap_except_where_clocks_were_wrong(
    responses: Responses,
):
    frame = responses.frame.sort_values(["enum_code", "start"])
    same = frame["enum_code"] == frame["enum_code"].shift()

    overlap = same & (frame["start"] < frame["end"].shift())

    # The three interviews that were sent twice.
    assert overlap.sum() == 3
