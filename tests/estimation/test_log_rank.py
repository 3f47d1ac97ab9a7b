"""The log-rank test: R's numbers, what must hold, what is refused.

R 4.2.2, survey 4.1-1:
d <- svydesign(id=~c, strata=~s, weights=~w, data=z); svylogrank(Surv(t,e)~g, d, rho=, gamma=)
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import special

from survey_kit.design.design import Design, Sampling
from survey_kit.design.replicates import jackknife
from survey_kit.design.sample import Sample
from survey_kit.errors import EstimationError
from survey_kit.estimation.log_rank import log_rank

FRAME = pd.DataFrame(
    {
        "s": np.repeat([1, 2], 12),
        "c": np.repeat(np.arange(8), 3),
        "w": np.tile([1, 2.5, 1.7, 3], 6),
        "t": [5, 3, 8, 3, 9, 4, 4, 7, 2, 8, 8, 1, 6, 3, 5, 9, 2, 2, 7, 4, 6, 1, 3, 8],
        "e": [1, 0, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 1, 1, 0, 1],
        "g": np.tile(["a", "b", "c", "b"], 6),
    }
)
DESIGN = Design(Sampling.PROBABILITY, weight="w", stratum="s", cluster="c")
SAMPLE = Sample(FRAME, DESIGN)

FROM_R = [
    (0, 0, [4.20723789, -3.17087637], [3.73690026, 2.43310133], 1.84715714, 0.397095462),
    (0, 0.5, [0.845081259, -0.658533804], [2.30639621, 1.56075403], 0.199064170, 0.905260904),
    (1, 0, [3.98109251, -3.02614718], [2.42204781, 1.52130842], 4.03727853, 0.132836097),
    (1, 0.5, [0.849786174, -0.696572157], [1.40125170, 0.872727021], 0.640641332, 0.725916223),
]


@pytest.mark.parametrize(("rho", "gamma", "score", "error", "statistic", "p"), FROM_R)
def test_scores_and_chi_squared_are_those_of_r(
    *, rho: float, gamma: float, score: list[float], error: list[float], statistic: float, p: float
):
    found = log_rank(SAMPLE, "t", "e", "g", rho=rho, gamma=gamma, reference="chi-squared")

    assert found.groups == ("b", "c")
    assert found.score == pytest.approx(score, rel=1e-8)
    assert found.standard_error == pytest.approx(error, rel=1e-8)
    assert found.z == pytest.approx(np.array(score) / error, rel=1e-8)
    assert found.statistic == pytest.approx(statistic, rel=1e-8)
    assert found.p == pytest.approx(p, rel=1e-8)
    assert (found.numerator_df, found.denominator_df) == (2, np.inf)


def test_by_itself_it_is_referred_to_f_on_the_degrees_of_freedom_of_the_design():
    found = log_rank(SAMPLE, "t", "e", "g")

    assert (found.numerator_df, found.denominator_df) == (2, 5)
    assert found.p == pytest.approx(special.fdtrc(2, 5, found.statistic / 2))


def test_the_unit_of_weights_and_of_time_and_the_order_of_rows_are_of_no_matter():
    moved = FRAME.assign(w=FRAME["w"] * 7, t=FRAME["t"] * 30.0).sample(frac=1, random_state=1)

    one, other = (log_rank(each, "t", "e", "g") for each in (SAMPLE, Sample(moved, DESIGN)))

    assert one.statistic == pytest.approx(other.statistic)
    assert one.score * 7 == pytest.approx(other.score)


def test_the_jackknife_is_near_and_rows_without_an_answer_leave_the_base():
    gone = FRAME.assign(t=FRAME["t"].astype(float).where(FRAME.index != 3))

    some = log_rank(Sample(gone, DESIGN), "t", "e", "g")
    asked = log_rank(SAMPLE, "t", "e", "g", where=np.arange(24) != 3)
    again = log_rank(jackknife(SAMPLE), "t", "e", "g")

    assert some.statistic == pytest.approx(asked.statistic)
    assert again.standard_error == pytest.approx(log_rank(SAMPLE, "t", "e", "g").standard_error)


def refused(frame: pd.DataFrame, **changes: float) -> str:
    with pytest.raises(EstimationError) as caught:
        log_rank(Sample(frame, DESIGN), "t", "e", "g", **changes)  # pyright: ignore[reportArgumentType]
    return str(caught.value)


def test_what_cannot_be_tested_is_refused_word_for_word():
    many = FRAME.assign(g=[f"g{number}" for number in range(24)])

    assert refused(FRAME.assign(g="a")) == (
        "log-rank test of 't' by 'g': it compares groups, and there is 1. "
        "Give a column with two groups or more."
    )
    assert refused(FRAME.assign(e=0)) == (
        "event 'e': it never happened. A test of times needs events: check the column."
    )
    assert refused(FRAME.assign(e=2)) == (
        "event 'e': it is neither 0 nor 1 for somebody. Write 1 where it happened."
    )
    assert refused(FRAME, rho=-1) == (
        "log-rank test of 't' by 'g': rho and gamma are 0 or more. Give 0 for the usual test."
    )
    assert refused(many) == (
        "log-rank test of 't' by 'g': there are more groups than the clusters can tell apart. "
        "Put groups together, or leave some out with `where`."
    )
    assert refused(FRAME.assign(t=np.nan)) == (
        "log-rank test of 't' by 'g': nobody asked about has an answer. Check the column."
    )
