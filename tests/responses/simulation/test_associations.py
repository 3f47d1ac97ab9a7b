"""Associations that a calibration asks for are in the interviews that come out."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from survey_kit.errors import StudyError
from survey_kit.questionnaire.yaml_file import read_yaml
from survey_kit.responses.simulate import read_calibration, simulate

FORM = """
questionnaire: work
version: "1"
title: {en: Work}
languages: {en: English}
choices:
  sexes: [{code: m, label: {en: M}}, {code: f, label: {en: F}}]
  yes_no: [{code: "yes", label: {en: "Yes"}}, {code: "no", label: {en: "No"}}]
  levels: [{code: low, label: {en: L}}, {code: mid, label: {en: M}}, {code: high, label: {en: H}}]
interview:
  - {name: sex, type: select_one sexes, label: {en: S}, required: true}
  - {name: level, type: select_one levels, label: {en: L}, required: true}
  - {name: works, type: select_one yes_no, label: {en: W}, required: true}
  - {name: height, type: decimal, label: {en: H}, required: true}
  - {name: weight, type: decimal, label: {en: W}, required: true}
  - {name: wage, type: integer, label: {en: W}, required: true, constraint: . > 0}
  - {name: home, type: geopoint, label: {en: H}, required: true}
"""


def simulated(answers: str, folder: Path, n: int = 4000) -> pd.DataFrame:
    (folder / "work.yaml").write_text(FORM, encoding="utf-8")
    (folder / "cal.yaml").write_text(f"simulation: work\nanswers:\n{answers}", encoding="utf-8")
    questionnaire = read_yaml(folder / "work.yaml")
    calibration = read_calibration(folder / "cal.yaml", questionnaire)
    return simulate(questionnaire, n, seed=5, calibration=calibration).frame


def test_a_table_gives_shares_by_another_question(tmp_path: Path):
    frame = simulated(
        "  works: {by: sex, table: {m: {yes: 0.8, no: 0.2}, f: {yes: 0.4, no: 0.6}}}\n", tmp_path
    )

    shares = (frame["works"] == "yes").groupby(frame["sex"]).mean()
    # Four standard errors of a share of 2,000 people are at most 0.045.
    assert shares["m"] == pytest.approx(0.8, abs=0.045)
    assert shares["f"] == pytest.approx(0.4, abs=0.045)


def test_a_number_goes_with_another_as_closely_as_is_asked(tmp_path: Path):
    frame = simulated(
        "  height: {mean: 165, spread: 8}\n"
        "  weight: {mean: 65, spread: 10, follows: height, correlation: 0.6}\n"
        "  wage: {median: 2000, factor: 1.5, follows: level, correlation: -0.5}\n",
        tmp_path,
    )

    assert frame["height"].corr(frame["weight"]) == pytest.approx(0.6, abs=0.05)
    assert frame["weight"].std() == pytest.approx(10, abs=0.5)
    place = frame["level"].map({"low": 0, "mid": 1, "high": 2})
    assert -0.55 < place.corr(frame["wage"].rank()) < -0.35


def test_positions_lie_near_where_they_are_said_to(tmp_path: Path):
    frame = simulated('  home: {near: "21.44 92.01 11.1"}\n', tmp_path, n=200)

    places = frame["home"].str.split(expand=True).astype(float)
    assert places[0].between(21.34, 21.54).all()
    assert places[1].between(91.91, 92.11).all()


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ("  works: {by: sex}\n", "by and table belong together. Write both, or neither."),
        (
            "  works: {by: gender, table: {m: {yes: 1}}}\n",
            "there is no question called 'gender'",
        ),
        ("  works: {by: sex, table: {x: {yes: 1}}}\n", "there is no choice called 'x'"),
        ("  height: {mean: 1, follows: hight}\n", "Did you mean 'height'?"),
        ("  height: {mean: 1, correlation: 2}\n", "it is not between -1 and 1. Write 0.5."),
        (
            '  home: {near: "200 0 5"}\n',
            "this is no latitude, longitude and distance in kilometres. Write them as 21.44 92.01 15.",
        ),
    ],
)
def test_an_association_that_cannot_be_understood_says_why(answers: str, said: str, tmp_path: Path):
    with pytest.raises(StudyError) as caught:
        simulated(answers, tmp_path, n=1)

    assert said in str(caught.value)
