"""Estimates asked for in words are those of the functions they stand for, and read well."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import survey_kit as sk
from survey_kit.errors import DesignError, EstimationError
from survey_kit.estimation.estimate import estimate
from survey_kit.estimation.named import words
from survey_kit.estimation.proportions import shares, shares_of_cases
from survey_kit.estimation.statistics.mean import MEAN
from survey_kit.estimation.statistics.ratio import RATIO


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    random = np.random.default_rng(4)
    n = 240
    village = random.integers(0, 24, n)
    return pd.DataFrame(
        {
            "w": random.uniform(0.5, 2, n),
            "village": village,
            "region": np.array(["east", "north", "west"])[village % 3],
            "age": random.normal(35, 10, n).round(),
            "spent": random.uniform(1, 9, n),
            "earned": random.uniform(5, 20, n),
            "why": random.choice(["a", "b", "c"], n),
            "boat": random.integers(0, 2, n),
            "bus": random.integers(0, 2, n),
            "adult": random.random(n) < 0.8,
        }
    )


@pytest.fixture(scope="module")
def sample(frame: pd.DataFrame) -> sk.Sample:
    return sk.sample(frame, sampling="probability", weight="w", stratum="region", cluster="village")


def _same(a: sk.Estimate, b: sk.Estimate) -> None:
    assert a.names == b.names
    np.testing.assert_array_equal(a.value, b.value)
    np.testing.assert_array_equal(a.covariance, b.covariance)


def test_what_is_asked_in_words_is_what_the_functions_give(sample: sk.Sample):
    adult = sample.data["adult"].to_numpy()

    _same(sk.estimate(sample, "mean", "age"), estimate(MEAN, sample, ["age"]))
    _same(
        sk.estimate(sample, "ratio", ["spent", "earned"], by="region", where="adult"),
        estimate(RATIO, sample, ["spent", "earned"], by=["region"], where=adult),
    )
    _same(
        sk.estimate(sample, "shares", "why", by="region", where=adult),
        shares(sample, "why", by="region", where=adult),
    )
    _same(
        sk.estimate(sample, "shares of cases", ["boat", "bus"]),
        shares_of_cases(sample, ["boat", "bus"]),
    )
    _same(sk.estimate(sample, MEAN, "age"), sk.estimate(sample, "mean", ["age"]))
    _same(
        sk.estimate(sample, "mean", "age", where={"why": ["a", "b"]}),
        estimate(MEAN, sample, ["age"], where=sample.data["why"].isin(["a", "b"]).to_numpy()),
    )


def test_shares_by_several_columns_are_those_of_the_combinations(sample: sk.Sample, tmp_path):
    found = sk.estimate(sample, "share", "why", by=["region", "boat"])
    joined = sample.data["region"] + sample.data["boat"].astype(str)
    made = sk.sample(
        sample.data.assign(joined=joined),
        sampling="probability",
        weight="w",
        stratum="region",
        cluster="village",
    )
    one = sk.estimate(made, "shares", "why", by="joined")

    assert found.names[:4] == (
        ("east", "0", "a"),
        ("east", "0", "b"),
        ("east", "0", "c"),
        ("east", "1", "a"),
    )
    np.testing.assert_allclose(found.value, one.value, rtol=1e-12)
    np.testing.assert_allclose(found.covariance, one.covariance, rtol=1e-12, atol=1e-18)
    path = tmp_path / "people.parquet"
    sample.data.to_parquet(path)
    files = sk.source(path, sampling="probability", weight="w", stratum="region", cluster="village")
    there = sk.estimate(files, "shares", "why", by=["region", "boat"])
    assert there.names == found.names
    np.testing.assert_allclose(there.covariance, found.covariance, rtol=1e-9, atol=1e-15)


def test_shares_have_the_beta_interval_where_none_is_named(sample: sk.Sample):
    found = sk.estimate(sample, "shares", "why")

    np.testing.assert_array_equal(found.interval(), found.interval(method="beta"))
    assert (found.interval()[0] != found.interval(method="wald")[0]).all()
    np.testing.assert_array_equal(found.frame["low"], found.interval()[0])
    mean = sk.estimate(sample, "mean", "age")
    np.testing.assert_array_equal(mean.interval(), mean.interval(method="wald"))


def test_files_that_stay_where_they_are_give_the_same(frame: pd.DataFrame, sample, tmp_path):
    path = tmp_path / "people.parquet"
    frame.to_parquet(path)
    source = sk.source(
        path, sampling="probability", weight="w", stratum="region", cluster="village"
    )
    for what, columns, by in (
        ("mean", "age", ["region"]),
        ("shares", "why", ["region"]),
        ("shares of cases", ["boat", "bus"], []),
    ):
        here = sk.estimate(sample, what, columns, by=by, where={"why": ["a", "c"]})
        there = sk.estimate(source, what, columns, by=by, where={"why": ["a", "c"]})
        np.testing.assert_allclose(here.value, there.value, rtol=1e-12)
        np.testing.assert_allclose(here.covariance, there.covariance, rtol=1e-9, atol=1e-15)


def test_frames_of_others_are_taken(frame: pd.DataFrame, sample: sk.Sample):
    polars = pytest.importorskip("polars") if _has_polars() else None
    given = polars.from_pandas(frame) if polars else frame.copy()
    other = sk.sample(
        given, sampling="probability", weight="w", stratum="region", cluster="village"
    )

    np.testing.assert_allclose(
        sk.estimate(other, "mean", "age").value, sk.estimate(sample, "mean", "age").value
    )


def _has_polars() -> bool:
    from importlib.util import find_spec

    return find_spec("polars") is not None


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (
            {"what": "men", "columns": "age"},
            f"estimate 'men': there is no such statistic. Ask for one of: {', '.join(words())}.",
        ),
        (
            {"what": "shares", "columns": ["why", "region"]},
            (
                "shares: they are of one column, and 2 were given. Name one; options that can be "
                "chosen together are 'shares of cases'."
            ),
        ),
        (
            {"what": "median", "columns": "age"},
            "estimate 'median': there is no such statistic. Use `sk.quantile(sample, column, 0.5)`.",
        ),
        (
            {"what": "proportion", "columns": ["boat", "age"]},
            (
                "column 'age': a proportion counts whoever has a 1, and it holds other numbers "
                'than 0 and 1. Ask for the "shares" of its answers, or make it 1 for those who '
                "are meant."
            ),
        ),
        (
            {"what": "mean", "columns": "age", "where": "age"},
            (
                "where 'age': the column holds something other than true and false. Give a column "
                "that is true, or 1, for those who are asked about."
            ),
        ),
        (
            {"what": "mean", "columns": "age", "where": np.ones(3, dtype=bool)},
            (
                "where: it is not one true or false for each of 240 rows. Compare a column of the "
                "data, such as frame['age'] > 17."
            ),
        ),
    ],
)
def test_what_cannot_be_asked_says_what_can(sample: sk.Sample, ask, said: str):
    with pytest.raises(EstimationError) as caught:
        sk.estimate(sample, **ask)

    assert str(caught.value) == said


@pytest.mark.parametrize(
    ("design", "said"),
    [
        (
            {"sampling": "random"},
            (
                "sampling: there is no 'random'. Write one of: probability, quota, purposive, snowball, "
                "rds, opt-in, census."
            ),
        ),
        (
            {"sampling": "census", "lonely": "drop"},
            "lonely: there is no 'drop'. Write one of: fail, remove, certainty, adjust, average.",
        ),
        (
            {"sampling": "census", "strata": "region"},
            (
                "design, strata: a design has no such part. Its parts are: cluster, lonely, "
                "lonely_domain, nested, pairs, population, sampling, squared_chances, stratum, "
                "unequal, weight."
            ),
        ),
    ],
)
def test_a_design_in_words_says_which_words_there_are(frame: pd.DataFrame, design, said: str):
    with pytest.raises(DesignError) as caught:
        sk.sample(frame, **design)

    assert str(caught.value) == said


def test_something_that_is_no_frame_is_refused():
    with pytest.raises(DesignError) as caught:
        sk.sample([1, 2], sampling="census")

    assert str(caught.value) == (
        "data: a list is no frame in memory. Give a frame of pandas, Polars or Arrow; or, of "
        "files, sk.source(path, ...)."
    )


def test_a_source_of_a_frame_says_that_it_is_made_of_files(frame: pd.DataFrame):
    with pytest.raises(DesignError) as caught:
        sk.source(frame, sampling="census")

    assert str(caught.value) == (
        "files: a DataFrame was given, and a source is made of files. Give their path; of a "
        "frame in memory, sk.sample(frame, ...)."
    )


def test_a_formula_with_a_name_that_two_columns_have_is_refused(frame: pd.DataFrame):
    twice = sk.sample(pd.concat([frame, frame[["age"]]], axis=1), sampling="census")
    with pytest.raises(DesignError) as caught:
        sk.regression(twice, "spent ~ age")

    assert str(caught.value) == (
        "column 'age': 2 columns are called so. Rename all but one, or leave them out."
    )


def test_codings_without_a_category_in_common_have_no_kappa(frame: pd.DataFrame):
    coded = sk.sample(frame.assign(again=frame["why"].str.upper()), sampling="census")
    with pytest.raises(EstimationError) as caught:
        sk.kappa(coded, "why", "again")

    assert str(caught.value) == (
        "kappa of 'why' and 'again': they have no category in common, so they can never agree. "
        "Give the same category the same name in both."
    )


def test_an_estimate_reads_well_with_its_base_its_interval_and_its_design(sample: sk.Sample):
    found = sk.estimate(sample, "shares", "why", by="region")
    text = repr(found)

    assert text.splitlines()[0].split() == ["region", "value", "low", "high", "n", "weighted", "n"]
    assert text.splitlines()[-1] == (
        "Probability sample of 240; 24 clusters (village) in 3 strata (region); weights: w; "
        "21 degrees of freedom"
    )
    assert len(text.splitlines()) == 1 + 9 + 3
    page = found._repr_html_()
    assert page.count("<tr>") == 10
    assert "24 clusters (village)" in page


def test_respondents_have_no_interval_until_it_is_asked_for(frame: pd.DataFrame):
    sample = sk.sample(frame, sampling="purposive", cluster="village")
    found = sk.estimate(sample, "shares", "why")

    assert "low" not in repr(found).split()
    assert "of respondents, and cannot be generalised" in repr(found)
    assert "low, high: modelled interval, assuming" in repr(found.modelled)


def test_names_of_people_who_write_html_stay_text(frame: pd.DataFrame):
    wild = frame.assign(why=frame["why"].replace("a", "<script>"))
    page = sk.estimate(sk.sample(wild, sampling="purposive"), "shares", "why")._repr_html_()

    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_a_long_table_says_that_it_is_cut(frame: pd.DataFrame):
    many = frame.assign(why=[f"c{n}" for n in range(len(frame))])
    text = repr(sk.estimate(sk.sample(many, sampling="census"), "shares", "why"))

    assert "The first 200 of 240 numbers; all are in .frame" in text


def test_every_test_and_quantile_is_asked_of_some_in_the_same_three_ways(sample: sk.Sample):
    adult = sample.data["adult"]
    asked = [
        lambda where: sk.rao_scott(sample, "region", "why", where=where).statistic,
        lambda where: sk.t_test(sample, "age", by="boat", where=where).statistic,
        lambda where: sk.rank_test(sample, "age", "why", where=where).statistic,
        lambda where: sk.correlations(sample, ["age", "spent"], where=where).p[0],
        lambda where: sk.quantile(sample, "age", 0.5, by="region", where=where).value[0],
        lambda where: sk.regression("age ~ why", sample, where=where).coefficients.value[0],
    ]
    for of in asked:
        plain = of(adult.to_numpy())
        assert of("adult") == of(adult) == of({"adult": ["True"]}) == plain
        assert of(adult.astype("boolean").sample(frac=1, random_state=1)) == plain


def test_a_result_shows_itself_and_never_its_arrays(sample: sk.Sample):
    shares_by = sk.estimate(sample, "shares", "why", by="region")
    raked = sk.rake(sample, {"region": {"east": 0.3, "north": 0.3, "west": 0.4}})
    results = [
        sample,
        sk.quantile(sample, "age", 0.5),
        sk.rao_scott(sample, "region", "why"),
        sk.t_test(sample, "age", by="boat"),
        sk.rank_test(sample, "age", "why"),
        sk.goodness_of_fit(sample, "why", {"a": 0.4, "b": 0.3, "c": 0.3}),
        sk.pairwise(shares_by),
        sk.correlations(sample, ["age", "spent"]),
        sk.regression("age ~ why", sample),
        sk.multinomial("why ~ age", sample),
        raked,
        sk.weigh(sample, [sk.Rake({"region": {"east": 0.3, "north": 0.3, "west": 0.4}})]),
    ]
    for result in results:
        for dump in ("array(", "DataFrame", "Sampling.", "Sample(data"):
            assert dump not in repr(result), result
    assert repr(sk.t_test(sample, "age", by="boat")).startswith(
        "t test: 'age' by 'boat', 1 less 0\n\n"
    )
    assert "95% CI (design-based)" in repr(sk.regression("age ~ why", sample))
    assert "24 clusters (village) in 3 strata" in repr(sk.regression("age ~ why", sample))
    assert "effective size" in repr(raked)


def test_p_of_people_who_were_not_drawn_says_what_it_assumes(frame: pd.DataFrame):
    chosen = sk.sample(frame, sampling="purposive", cluster="village")

    assert repr(sk.rao_scott(chosen, "why", "boat")).splitlines()[-1] == (
        "Exploratory: of respondents, and p is modelled, assuming that respondents are like a "
        "random sample of clusters, given the weights; not a margin of sampling error."
    )
    assert "low" not in repr(sk.quantile(chosen, "age"))
    assert "assuming that respondents" in repr(sk.quantile(chosen, "age").modelled)


def test_columns_of_one_name_and_predictors_of_too_many_categories_are_named(frame: pd.DataFrame):
    twice = sk.sample(pd.concat([frame, frame[["age"]]], axis=1), sampling="probability")
    with pytest.raises(DesignError) as refused:
        sk.estimate(twice, "mean", "age")
    assert str(refused.value) == (
        "column 'age': 2 columns are called so. Rename all but one, or leave them out."
    )
    many = pd.DataFrame({"code": [f"c{n}" for n in range(1_001)], "y": range(1_001)})
    with pytest.raises(EstimationError) as refused:
        sk.regression("y ~ code", sk.sample(many, sampling="probability"))
    assert str(refused.value) == (
        "formula 'code': 'code' has 1,001 categories, and each is a predictor. Put categories "
        "together, into at most 1,000."
    )


def test_text_of_any_storage_is_a_category_of_a_model(frame: pd.DataFrame):
    stored = frame.assign(why=frame["why"].astype("string[pyarrow]"))
    found = sk.regression("age ~ why", sk.sample(stored, sampling="probability", weight="w"))
    plain = sk.regression("age ~ why", sk.sample(frame, sampling="probability", weight="w"))

    np.testing.assert_array_equal(found.coefficients.value, plain.coefficients.value)


def test_a_family_may_be_named_and_a_word_that_is_none_is_refused(sample: sk.Sample):
    from survey_kit.estimation.adjust import adjusted
    from survey_kit.estimation.models.family import BINOMIAL

    named = sk.regression("boat ~ age", sample, family="binomial")
    given = sk.regression("boat ~ age", sample, family=BINOMIAL)
    np.testing.assert_array_equal(named.coefficients.value, given.coefficients.value)
    as_r = sk.regression("boat ~ age", sample, family="quasibinomial")
    np.testing.assert_array_equal(as_r.coefficients.value, given.coefficients.value)
    for ask, said in (
        (
            lambda: sk.regression("boat ~ age", sample, family="binom"),
            (
                "family 'binom': there is none. Choose one of: gaussian, binomial, poisson, gamma, "
                "inverse gaussian."
            ),
        ),
        (
            lambda: adjusted(np.array([[0.1, 0.2]]), "foo"),
            (
                "adjustment 'foo': there is none. Choose one of: holm, bonferroni, hommel, hochberg, "
                "benjamini-hochberg, benjamini-yekutieli, none."
            ),
        ),
        (
            lambda: sk.estimate(sample, "mean", "age").interval(method="foo"),
            (
                "interval 'foo': there is none. Ask for one of: wald, beta, logit, xlogit, asin, "
                "likelihood, wilson."
            ),
        ),
    ):
        with pytest.raises(EstimationError) as caught:
            ask()
        assert str(caught.value) == said
