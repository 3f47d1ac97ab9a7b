"""A condition is true where it is known to be; it is read, and never run."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import survey_kit as sk
from survey_kit.design.asked import asked_rows
from survey_kit.errors import EstimationError

FRAME = pd.DataFrame(
    {
        "age": [10, 20, 30, np.nan],
        "sex": ["f", "m", None, "f"],
        "region code": [1, 2, 2, 1],
        "adult": pd.array([False, True, True, None], dtype="boolean"),
        "seen": [True, None, False, True],
        "day": pd.to_datetime(["2024-01-05", "2024-02-05", None, "2024-03-05"]),
        "size": pd.Categorical(["s", "m", "l", "s"], ["s", "m", "l"]),
    }
)
SAMPLE = sk.sample(FRAME, sampling="purposive")


def _rows(condition: str) -> list[int]:
    found = asked_rows(SAMPLE, condition)
    assert found is not None
    return np.flatnonzero(found).tolist()


@pytest.mark.parametrize(
    ("condition", "rows"),
    [
        ("age > 15", [1, 2]),
        ("15 < age <= 20", [1]),
        ("not age > 15", [0]),
        ("age != 20", [0, 2]),
        ("age / 10 - 1 == 1", [1]),
        ("-age < -25", [2]),
        ("sex == 'f'", [0, 3]),
        ("'f' == sex", [0, 3]),
        ("sex != 'f'", [1]),
        ("not sex == 'f'", [1]),
        ("sex in ['f', 'm'] and age > 0", [0, 1]),
        ("sex not in ['f']", [1]),
        ("age in [10, 30]", [0, 2]),
        ("age not in (10, 30)", [1]),
        ("`region code` == 2 and adult", [1, 2]),
        ("not adult", [0]),
        ("adult == 0", [0]),
        ("seen or age == 20", [0, 1, 3]),
        ("not seen", [2]),
        ("age > 15 & sex == 'm'", [1]),
        ("age > 25 | !(adult)", [0, 2]),
        ("age = 20 || age <> 20 && sex = 'f'", [0, 1]),
        ("size in ['s', 'm']", [0, 1, 3]),
        ("day >= '2024-02-01'", [1, 3]),
        ("sex == 'a & b' or age > 0", None),
        ("age > 40 or sex == 'f'", [0, 3]),
        ("age > 40 and sex == 'f'", []),
    ],
)
def test_a_condition_is_met_where_it_is_known_to_be(condition: str, rows: list[int] | None):
    if rows is None:
        with pytest.raises(EstimationError, match="'sex' has no category 'a & b'"):
            _rows(condition)
    else:
        assert _rows(condition) == rows


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("age >", "it cannot be read. Write it as: age > 17 and region in ['north', 'east']"),
        ("agee > 1", "there is no column 'agee'. Did you mean 'age'?"),
        ("sex == f", "there is no column 'f'. Put words in quotation marks."),
        ("sex == 'g'", "'sex' has no category 'g'. Check how it is spelt."),
        ("size == 'ss'", "'size' has no category 'ss'. Did you mean 's'?"),
        (
            "sex > 'f'",
            (
                "'sex' holds categories, which have no order here. Name those that are meant, such "
                "as: region in ['north', 'east']"
            ),
        ),
        (
            "age == 'old'",
            "it compares a number with words. Compare numbers with numbers, words with words.",
        ),
        (
            "day > 3",
            "'day' holds dates, and is compared with something else. Write a date as '2024-12-31'.",
        ),
        ("sex + 1 > 2", "it computes with words. Compute with columns of numbers."),
        (
            "age and sex == 'f'",
            "'age' is not true or false. Compare it with something, such as: age > 17",
        ),
        (
            "age + 1",
            (
                "it does not say what is true or false of a row. Compare columns, such as: age > 17 "
                "and sex == 'f'"
            ),
        ),
        (
            "sex in 'f'",
            "what stands behind 'in' is no list. Write for instance: region in ['north', 'east']",
        ),
        (
            "age > len('abc')",
            (
                "'len('abc')' is nothing that it can compare. Write it as: age > 17 and region in "
                "['north', 'east']"
            ),
        ),
        (
            "age.real > 1",
            (
                "'age.real' is nothing that it can compare. Write it as: age > 17 and region in "
                "['north', 'east']"
            ),
        ),
    ],
)
def test_what_cannot_be_read_or_compared_is_said(condition: str, said: str):
    with pytest.raises(EstimationError) as refused:
        _rows(condition)

    assert str(refused.value) == f"where '{condition}': {said if said[-1] in '.?' else said + '.'}"
