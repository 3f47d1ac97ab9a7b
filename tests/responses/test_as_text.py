"""Answers are spelt as the form spells them, and can be read back from the spelling."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.as_text import as_text


def test_a_whole_number_has_no_decimal_point():
    series = pd.Series([12.0, np.nan, -3.0, 1e6], index=list("abcd"), name="age")

    text = as_text(series, Storage.INTEGER)

    assert text.dropna().to_dict() == {"a": "12", "c": "-3", "d": "1000000"}
    assert text.dtype == "str"
    assert text.name == "age"


def test_a_number_has_no_exponent_and_no_more_digits_than_it_needs():
    series = pd.Series([0.75, 1e-7, 1e20, 250.0])

    text = as_text(series, Storage.DECIMAL)

    assert text.tolist() == ["0.75", "0.0000001", "100000000000000000000", "250"]


def test_days_and_moments_are_iso_with_a_fraction_only_where_there_is_one():
    moments = pd.Series(
        pd.to_datetime(["2026-11-21T14:05:00", "2026-11-21T14:05:07.25", None], format="ISO8601")
    )

    days = as_text(moments, Storage.DATE)
    text = as_text(moments, Storage.DATETIME)

    assert days.dropna().tolist() == ["2026-11-21", "2026-11-21"]
    assert text.dropna().tolist() == ["2026-11-21T14:05:00", "2026-11-21T14:05:07.250"]
    assert pd.isna(text[2])


def test_a_code_stays_as_it_is():
    assert as_text(pd.Series(["001", "0.75", None]), Storage.CODE).dropna().tolist() == [
        "001",
        "0.75",
    ]


@given(st.lists(st.one_of(st.floats(allow_nan=True, allow_infinity=False)), min_size=1))
def test_a_number_read_from_its_spelling_is_the_same_number(values: list[float]):
    series = pd.Series(values, dtype="float64")

    again = as_text(series, Storage.DECIMAL).astype("float64")

    pd.testing.assert_series_equal(again, series)
