"""Parquet is the one table format that loses nothing: answers, reasons, versions, repeats."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey_kit.errors import FileProblem
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.responses.model import Absence, Responses, Rows
from survey_kit.responses.read import read_responses
from survey_kit.responses.simulate import simulate
from survey_kit.responses.writer import writers

Same = Callable[[Responses, Responses], None]


@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 10_000))
def test_what_survey_kit_writes_comes_back_whole(
    seed: int, camp: Questionnaire, tmp_path: Path, the_same: Same
):
    made = simulate(camp, 1 + seed % 9, seed=seed)
    writers()["parquet"].write(made, tmp_path / "r.parquet", "en")

    again = read_responses(tmp_path / "r.parquet", camp)

    the_same(again, made)
    assert again.report.unmatched == {}
    assert again.meta["version"].eq(made.meta["version"]).all()
    pd.testing.assert_series_equal(again.meta["submitted"], made.meta["submitted"])


def test_reasons_that_no_form_could_tell_come_back(
    made: Responses, camp: Questionnaire, tmp_path: Path
):
    absence = made.absence.copy()
    frame = made.frame.copy()
    frame["litres"] = float("nan")
    absence["litres"] = Absence.NOT_IN_VERSION.value
    absence.loc[absence.index[0], "litres"] = Absence.UNREADABLE.value
    person = made.repeats["person"]
    ages = person.frame.assign(age=float("nan"))
    reasons = person.absence.assign(age=Absence.NOT_IN_VERSION.value)
    lacking = replace(
        made.with_frame(frame, absence.astype("int8")),
        repeats={**made.repeats, "person": Rows(ages, reasons.astype("int8"))},
    )
    writers()["parquet"].write(lacking, tmp_path / "r.parquet", "en")

    again = read_responses(tmp_path / "r.parquet", camp)

    assert again.absence["litres"].tolist() == lacking.absence["litres"].tolist()
    assert set(again.repeats["person"].absence["age"]) == {Absence.NOT_IN_VERSION.value}


def test_a_file_of_others_is_a_table_like_any_other(camp: Questionnaire, tmp_path: Path):
    table = pd.DataFrame(
        {
            "_uuid": ["a", "b", "c"],
            "consent": ["yes", "no", None],
            "water": [["well", "0.75"], [], None],
            "litres": [0.1, 12.0, None],
            "start": pd.to_datetime(["2026-11-21T10:00:00.25", None, None]),
            "remark": [True, False, True],
        }
    )
    table.to_parquet(tmp_path / "t.parquet")

    read = read_responses(tmp_path / "t.parquet", camp)

    assert read.frame.loc["a", ["consent", "water", "litres"]].tolist() == [
        "yes",
        "well 0.75",
        0.1,
    ]
    assert read.frame["litres"].iloc[1] == 12
    assert read.frame.loc["a", "start"] == pd.Timestamp("2026-11-21T10:00:00.25")
    assert Absence(read.absence.loc["b", "water"]) is Absence.NOT_ASKED
    assert dict(read.report.unmatched) == {"remark": "not carried on: no such question"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"interview,consent\n", "its suffix says Parquet, but it is no such file. Export it"),
        (b"PAR1 and then something else", "it is damaged, or cut short. Copy or export it again."),
    ],
)
def test_what_is_no_parquet_is_refused(
    content: bytes, said: str, camp: Questionnaire, tmp_path: Path
):
    (tmp_path / "r.parquet").write_bytes(content)

    with pytest.raises(FileProblem) as caught:
        read_responses(tmp_path / "r.parquet", camp)

    assert str(caught.value).startswith(f"r.parquet: {said}")


def test_a_reason_that_is_none_is_refused(made: Responses, camp: Questionnaire, tmp_path: Path):
    writers()["parquet"].write(made, tmp_path / "r.parquet", "en")
    table = pd.read_parquet(tmp_path / "r.parquet")
    table["litres__absence"] = 40
    table.to_parquet(tmp_path / "r.parquet")

    with pytest.raises(FileProblem) as caught:
        read_responses(tmp_path / "r.parquet", camp)

    last = max(Absence).value
    assert str(caught.value) == (
        f"r.parquet, column litres__absence: it holds other numbers than 0 to {last}. "
        "Write the file again, or take the column out."
    )
