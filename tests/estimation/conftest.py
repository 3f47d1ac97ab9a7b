"""One small survey, of which every public function can be asked."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import survey_kit as sk

N = 240


@pytest.fixture(scope="session")
def people() -> pd.DataFrame:
    """240 people of 24 villages in three regions."""
    draw = np.random.default_rng(11)
    age = draw.integers(15, 70, N)
    adult = pd.array(age > 17, dtype="boolean")
    adult[:3] = pd.NA
    income = draw.gamma(3, 100, N)
    return pd.DataFrame(
        {
            "region": np.repeat(["north", "south", "west"], N // 3),
            "village": np.repeat(np.arange(24), N // 24),
            "w": draw.uniform(1, 3, N),
            "age": age,
            "income": income,
            "gap": np.where((draw.random(N) < 0.9) & (age > 16), income, np.nan),
            "spent": draw.gamma(3, 80, N),
            "sex": draw.choice(["f", "m"], N),
            "why": draw.choice(["a", "b", "c"], N),
            "again": draw.choice(["a", "b", "c"], N),
            "trust": pd.Categorical(
                draw.choice(["low", "some", "high"], N), ["low", "some", "high"], ordered=True
            ),
            "boat": draw.integers(0, 2, N),
            "bus": draw.integers(0, 2, N),
            "months": draw.integers(1, 40, N),
            "left": draw.integers(0, 2, N),
            "adult": adult,
        }
    )


@pytest.fixture(scope="session")
def surveyed(people: pd.DataFrame) -> sk.Sample:
    """The same, drawn by village."""
    return sk.sample(
        people, sampling="probability", weight="w", stratum="region", cluster="village"
    )
