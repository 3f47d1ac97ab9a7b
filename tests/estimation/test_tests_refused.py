"""Tests that cannot be: too many groups, one, nobody, a constant, a version that there is not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import survey_kit as sk
from survey_kit.errors import EstimationError
from survey_kit.estimation.estimate import Estimate

NUMBER = np.arange(12_000)
MANY = sk.sample(
    pd.DataFrame(
        {
            "code": [f"c{k % 10_000:05}" for k in NUMBER],
            "sex": np.array(["f", "m"])[NUMBER % 2],
            "age": (NUMBER * 7 % 31) * 1.0,
            "left": (NUMBER % 3 > 0) * 1.0,
        }
    ),
    sampling="probability",
)
FEW = sk.sample(
    pd.DataFrame(
        {
            "sex": np.array(["f", "m"])[NUMBER[:400] % 2],
            "kind": np.array(["a", "b", "c"])[NUMBER[:400] % 3],
            "one": "x",
            "none": pd.Series([None] * 400, dtype="object"),
            "age": (NUMBER[:400] * 7 % 31) * 1.0,
            "five": 5.0,
            "missing": np.nan,
            "left": (NUMBER[:400] % 3 > 0) * 1.0,
            "never": 0.0,
            "nobody": False,
            "village": NUMBER[:400] // 20,
        }
    ),
    sampling="probability",
    cluster="village",
)
GROUPS = "Put groups together, or leave some out with `where`: at most 250 can be tested."
CHOOSE_TWO = "Keep two of them with `where`, or compare every pair with `pairwise`."
NOBODY = "nobody asked about has an answer. Check the column."
ALIKE = (
    "the answers do not vary between clusters, so there is no error to set it against. Look at "
    "the column: a constant, or everybody there is, needs no test."
)
TWO = "Give a column with two groups or more."
EACH_ONCE = "Estimate by a column of groups, and name two of them or more, each once."


def mean(groups):
    """Means of so many groups, as `estimate` would give them."""
    zeros = np.zeros(groups)
    return Estimate(
        names=tuple((f"g{k}", "age") for k in range(groups)),
        value=zeros,
        covariance=np.broadcast_to(0.0, (groups, groups)),
        df=10.0,
        own_df=zeros,
        n=zeros.astype(np.intp),
        count=zeros.astype(np.intp),
        weighted=zeros,
        effective=zeros,
        simple=zeros,
        sampling=MANY.design.sampling,
    )


REFUSED = {
    "pairs of 10,000 groups": (
        lambda: sk.pairwise(mean(10_000)),
        (
            "pairwise: 10,000 groups in 1 row make 49,995,000 pairs. Name the groups to compare: "
            'pairwise(estimate, ["...", "..."]); or put groups together. At most 100,000 pairs are '
            "compared at once."
        ),
    ),
    "a table of 10,000 answers": (
        lambda: sk.rao_scott(MANY, "code", "sex"),
        (
            "test of 'code' by 'sex': 10,000 by 2 categories make too many cells for their "
            "covariance. Put categories together: at most 3,000 cells can be tested."
        ),
    ),
    "options by 10,000 groups": (
        lambda: sk.rao_scott_multiple(MANY, ["left", "left"], "code"),
        (
            "covariance: that of 20,000 numbers would not fit into memory. Put categories or groups "
            "together, or ask for fewer: at most 12,000."
        ),
    ),
    "shares of 10,000 answers": (
        lambda: sk.goodness_of_fit(MANY, "code", dict.fromkeys(MANY.levels("code").names, 1)),
        (
            "goodness of fit of 'code': 10,000 categories are too many for their covariance. Put "
            "categories together: at most 2,000 can be tested."
        ),
    ),
    "ranks in 10,000 groups": (
        lambda: sk.rank_test(MANY, "age", "code"),
        "rank test of 'age' by 'code': there are 10,000 groups, too many for their covariance. "
        + GROUPS,
    ),
    "times in 10,000 groups": (
        lambda: sk.log_rank(MANY, "age", "left", "code"),
        "log-rank test of 'age' by 'code': there are 10,000 groups, too many for their "
        "covariance. " + GROUPS,
    ),
    "means of 10,000 groups": (
        lambda: sk.t_test(MANY, "age", by="code"),
        "t test of 'age' by 'code': it compares two groups, and there are 10,000. " + CHOOSE_TWO,
    ),
    "no such version": (
        lambda: sk.rao_scott(FEW, "kind", "sex", version="wald"),
        (
            "test of 'kind' by 'sex', version: there is no 'wald'. Choose one of: F, chi-squared, "
            "saddlepoint, Wald, adjusted Wald."
        ),
    ),
    "no options": (
        lambda: sk.rao_scott_multiple(FEW, [], "sex"),
        "test of several answers by 'sex': no option was named. Name one column or more.",
    ),
    "shares of one answer": (
        lambda: sk.goodness_of_fit(FEW, "one", {"x": 1}),
        (
            "goodness of fit of 'one': it has 1 category, and nothing to compare. Give a column of "
            "two categories or more."
        ),
    ),
    "shares of no answer": (
        lambda: sk.goodness_of_fit(FEW, "none", {}),
        (
            "goodness of fit of 'none': it has no categories, and nothing to compare. Give a column "
            "of two categories or more."
        ),
    ),
    "shares of nobody": (
        lambda: sk.goodness_of_fit(FEW, "sex", {"f": 1, "m": 1}, where="nobody"),
        f"goodness of fit of 'sex': {NOBODY}",
    ),
    "shares that do not vary": (
        lambda: sk.goodness_of_fit(FEW, "sex", {"f": 1, "m": 1}),
        f"goodness of fit of 'sex': {ALIKE}",
    ),
    "means of one group": (
        lambda: sk.t_test(FEW, "age", by="one"),
        f"t test of 'age' by 'one': it compares two groups, and there is 1. {CHOOSE_TWO}",
    ),
    "means of three groups": (
        lambda: sk.t_test(FEW, "age", by="kind"),
        f"t test of 'age' by 'kind': it compares two groups, and there are 3. {CHOOSE_TWO}",
    ),
    "means of nobody": (
        lambda: sk.t_test(FEW, "age", by="sex", where="nobody"),
        f"t test of 'age' by 'sex': {NOBODY}",
    ),
    "means of what is missing": (
        lambda: sk.t_test(FEW, "missing"),
        f"t test of 'missing': {NOBODY}",
    ),
    "means that do not vary": (
        lambda: sk.t_test(FEW, "five", by="sex"),
        f"t test of 'five' by 'sex': {ALIKE}",
    ),
    "a level in per cent": (
        lambda: sk.t_test(FEW, "age", by="kind", level=95, where={"kind": ["a", "b"]}),
        "interval: its level is 95. Give one between 0 and 1, such as 0.95.",
    ),
    "ranks of one group": (
        lambda: sk.rank_test(FEW, "age", "one"),
        f"rank test of 'age' by 'one': it compares groups, and there is 1. {TWO}",
    ),
    "ranks of nobody": (
        lambda: sk.rank_test(FEW, "age", "sex", where="nobody"),
        f"rank test of 'age' by 'sex': {NOBODY}",
    ),
    "ranks that do not vary": (
        lambda: sk.rank_test(FEW, "five", "sex"),
        f"rank test of 'five' by 'sex': {ALIKE}",
    ),
    "no such scores": (
        lambda: sk.rank_test(FEW, "age", "sex", scores="normal"),
        (
            "rank test of 'age' by 'sex', scores: there is no 'normal'. Choose one of: wilcoxon, van "
            "der waerden, median."
        ),
    ),
    "times of one group": (
        lambda: sk.log_rank(FEW, "age", "left", "one"),
        f"log-rank test of 'age' by 'one': it compares groups, and there is 1. {TWO}",
    ),
    "times of nobody": (
        lambda: sk.log_rank(FEW, "age", "left", "sex", where="nobody"),
        f"log-rank test of 'age' by 'sex': {NOBODY}",
    ),
    "times at which nothing happened": (
        lambda: sk.log_rank(FEW, "age", "never", "sex"),
        "event 'never': it never happened. A test of times needs events: check the column.",
    ),
    "no such reference": (
        lambda: sk.log_rank(FEW, "age", "left", "sex", reference="t"),
        (
            "log-rank test of 'age' by 'sex', reference: there is no 't'. Choose one of: F, "
            "chi-squared."
        ),
    ),
    "pairs of one group": (
        lambda: sk.pairwise(sk.estimate(FEW, "mean", "age", by="one")),
        f"pairwise: it compares groups, and there is 1. {EACH_ONCE}",
    ),
    "pairs without groups": (
        lambda: sk.pairwise(sk.estimate(FEW, "mean", "age")),
        f"pairwise: it compares groups, and there are none. {EACH_ONCE}",
    ),
    "pairs of a group and itself": (
        lambda: sk.pairwise(sk.estimate(FEW, "mean", "age", by="kind"), ["a", "a"]),
        f"pairwise: it compares groups, and 'a' is named twice. {EACH_ONCE}",
    ),
    "pairs of one name": (
        lambda: sk.pairwise(sk.estimate(FEW, "mean", "age", by="kind"), "a"),
        f"pairwise: it compares groups, and there is 1. {EACH_ONCE}",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_test_that_cannot_be_is_refused_in_these_words(name):
    test, words = REFUSED[name]

    with pytest.raises(EstimationError) as refused:
        test()

    assert str(refused.value) == words


@pytest.mark.parametrize(
    "test",
    [
        lambda: sk.rao_scott(FEW, "one", "sex"),
        lambda: sk.rao_scott(FEW, "kind", "sex", where="nobody"),
        lambda: sk.rao_scott(FEW, "none", "sex"),
        lambda: sk.rao_scott_multiple(FEW, ["never", "left"], "one"),
        lambda: sk.rao_scott_multiple(FEW, ["never"], "sex"),
    ],
)
def test_a_table_with_nothing_to_compare_has_no_p_and_says_so(test):
    found = test()

    assert np.isnan(found.p)
    assert (
        "Nothing to compare: fewer than two rows or columns have anybody in them, or the clusters "
        "leave no degrees of freedom."
    ) in repr(found).splitlines()


def test_pairs_of_a_constant_have_no_p():
    found = sk.pairwise(sk.estimate(FEW, "mean", "five", by="sex"))

    assert np.isnan(found.p).all()
    assert not found.higher().any()
