"""What is computed of people who were not drawn by chance says so, whatever it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survey_kit.design.design import Design, Sampling
from survey_kit.design.sample import Sample
from survey_kit.estimation.goodness_of_fit import goodness_of_fit
from survey_kit.estimation.leave_one_out import leave_one_out
from survey_kit.estimation.log_rank import log_rank
from survey_kit.estimation.pairwise import pairwise
from survey_kit.estimation.proportions import shares, shares_of_cases
from survey_kit.estimation.quantile import Quantiles, quantile
from survey_kit.estimation.rank_test import rank_test
from survey_kit.estimation.selection_effect import selection_effect
from survey_kit.estimation.statistics.mean import MEAN
from survey_kit.estimation.t_test import t_test
from survey_kit.estimation.variances import variances


def people() -> pd.DataFrame:
    draw = np.random.default_rng(3)
    return pd.DataFrame(
        {
            "site": np.repeat(np.arange(12), 5),
            "group": draw.choice(["a", "b"], 60),
            "third": draw.choice(["x", "y", "z"], 60),
            "hours": draw.gamma(2, 3, 60),
            "yes": draw.integers(0, 2, 60).astype(float),
        }
    )


RESULTS: dict[str, Callable[[Sample], object]] = {
    "shares": lambda sample: shares(sample, "group"),
    "shares of cases": lambda sample: shares_of_cases(sample, ["yes"]),
    "variances": lambda sample: variances(sample, ["hours"]),
    "a contrast": lambda sample: shares(sample, "group").contrast(np.array([1.0, -1])),
    "quantiles": lambda sample: quantile(sample, ["hours"], [0.5]),
    "pairs": lambda sample: pairwise(shares(sample, "third", by="group")),
    "t": lambda sample: t_test(sample, "hours", by="group"),
    "ranks of two": lambda sample: rank_test(sample, "hours", "group"),
    "ranks of three": lambda sample: rank_test(sample, "hours", "third"),
    "fit": lambda sample: goodness_of_fit(sample, "group", {"a": 1, "b": 1}),
    "times": lambda sample: log_rank(sample, "hours", "yes", "group"),
    "leave one out": lambda sample: leave_one_out(MEAN, sample, ["hours"]),
    "selection": lambda sample: selection_effect(
        shares(sample, "third", by="group"), ("a", "x"), ("b", "x")
    ),
}


@pytest.mark.parametrize("result", RESULTS.values(), ids=RESULTS)
@pytest.mark.parametrize("sampling", [Sampling.SNOWBALL, Sampling.PROBABILITY])
def test_the_sampling_travels_with_every_result(
    result: Callable[[Sample], object], sampling: Sampling
) -> None:
    found = result(Sample(people(), Design(sampling, cluster="site")))

    assert getattr(found, "sampling") is sampling  # noqa: B009 - each is of another class


def medians(sampling: Sampling) -> Quantiles:
    return quantile(Sample(people(), Design(sampling, cluster="site")), ["hours"], [0.5])


def test_the_frame_of_quantiles_shows_an_interval_only_where_it_was_asked_for() -> None:
    drawn, opted = medians(Sampling.PROBABILITY), medians(Sampling.OPT_IN)

    assert list(drawn.frame)[3:6] == ["value", "standard_error", "low"]
    assert list(opted.frame)[3:6] == ["value", "n", "weighted"]
    assert opted.modelled.frame["modelled_low"].tolist() == drawn.frame["low"].tolist()
    assert drawn.modelled is drawn


def test_the_page_on_such_samples_runs() -> None:
    page = (Path(__file__).parents[2] / "docs" / "not_probability.md").read_text(encoding="utf-8")
    said: dict[str, object] = {}

    exec("\n".join(re.findall(r"```python\n(.*?)```", page, re.DOTALL)), said)  # noqa: S102

    assert str(said["label"]).startswith("modelled interval, assuming")
    assert str(said["told"]).startswith("Sudan × yes less Libya × yes: +")
    assert list(said["table"]["name"]) == ["no", "yes"]
