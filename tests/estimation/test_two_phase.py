"""Two-phase samples: what R's `twophase()` says, and laws that it need not tell.

The numbers of R come from the frame below, made there by the same lines, and from

    D <- twophase(id=list(~1,~1), strata=list(NULL,~z), weights=list(~w,NULL), subset=~sub,
                  data=d, method="approx")      # and so on, as the name of each design says
    m <- svymean(~y+b, D); t <- svytotal(~y+b, D); r <- svyratio(~y, ~x, D)
    s <- svyratio(~I(y*(g=="f")), ~I(1*(g=="f")), D)
    f <- svyglm(y~x+g, D); h <- svyglm(b~x, D, family=quasibinomial())
    c(coef(m),SE(m),degf(D), coef(t),SE(t), coef(r),SE(r), coef(s),SE(s),
      coef(f),SE(f),f$df.residual, coef(h),SE(h))

of survey 4.1-1.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import survey_kit as sk
from survey_kit.design.two_phase import TwoPhase
from survey_kit.errors import DesignError, EstimationError, LonelyUnit
from survey_kit.estimation.statistics.mean import MEAN

I = np.arange(120)  # noqa: E741
K = 7 * I % 10
FRAME = pd.DataFrame(
    {
        "x": (37 * I % 101) / 10,
        "g": np.where(I % 2 == 0, "f", "m"),
        "z": np.where(K < 5, "no", np.where(K < 8, "maybe", "yes")),
        "st": np.where(I % 3 == 0, "n", "s"),
        "Nst": np.where(I % 3 == 0, 400, 2000),
        "psu": I // 6 + 11,
        "Npsu": 100,
        "pst": np.where(I < 48, "a", "b"),
        "Npst": np.where(I < 48, 20, 90),
        "w": np.where(I < 48, 2.5, 7.5),
        "el": I + 101,
        "Nhh": 8,
    }
)
FRAME["area"] = np.where(FRAME["psu"] % 2 == 0, "u", "r")
FRAME["y"] = 2 + 0.3 * FRAME["x"] + 1.5 * (FRAME["z"] == "yes") + 53 * I % 97 / 20
FRAME["b"] = (36 - 2 * FRAME["x"] < 29 * I % 61) * 1.0
FRAME["sub"] = FRAME["z"].map({"no": 4, "maybe": 7, "yes": 12}) > 11 * I % 13
FRAME["later"] = FRAME["x"] + 0.1
FRAME["subp"] = FRAME["psu"] % 3 != 0
FRAME["subw"] = I % 6 % 3 != 0

SIMPLE: dict[str, Any] = {"stratum": "z"}
DESIGNS: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "srs/z": ({"weight": "w"}, SIMPLE, "sub"),
    "st/z": ({"stratum": "st", "population": "Nst"}, SIMPLE, "sub"),
    "cl/z": ({"cluster": "psu", "stratum": "pst", "population": "Npst"}, SIMPLE, "sub"),
    "clel/z": ({"cluster": ["psu", "el"], "population": ["Npsu", "Nhh"]}, SIMPLE, "sub"),
    "cl/cl": (
        {"cluster": "psu", "stratum": "pst", "population": "Npst"},
        {"stratum": "area", "cluster": "psu"},
        "subp",
    ),
    "within": ({"cluster": "psu", "population": "Npsu"}, {"stratum": "psu"}, "subw"),
    "within w": ({"cluster": "psu", "stratum": "pst", "weight": "w"}, {"stratum": "psu"}, "subw"),
}

FROM_R = {
    "srs/z approx": (
        "5.92924383836 0.569692230702 0.247080710859 0.0790198303247 56 3827.63058285 "
        "367.765513528 298.31496984 59.6112654084 1.21384106956 0.098707857985 5.43486576498 "
        "0.315360327201 4.03503092525 0.316263823574 0.731129206037 0.389506599175 "
        "0.0677312016865 0.418693980667 54 0.393569850895 -0.0230601333408 0.593277101549 "
        "0.104533133439"
    ),
    "st/z approx": (
        "5.82469902065 0.510162367767 0.231033831087 0.0776964722986 56 13901.2804684 "
        "1217.5582178 804.946286852 183.275003295 1.21324365449 0.0933250245316 5.45846358736 "
        "0.318881377706 4.15540084717 0.302310670698 0.422386221363 0.402236220535 "
        "0.0645499999904 0.396246513517 54 0.474444483911 -0.0902172241007 0.558628178379 "
        "0.106063193822"
    ),
    "cl/z approx": (
        "5.92924383836 0.569692230702 0.201792659948 0.0434863889304 56 3827.63058285 "
        "367.765513528 274.142856216 25.5982517728 1.21384106956 0.0809094248996 "
        "5.43486576498 0.311534074932 4.03503092525 0.316263823574 0.731129206037 "
        "0.390648838117 0.0637101389583 0.460015339311 54 0.393569850895 -0.0230601333408 "
        "0.503364841491 0.0945021461424"
    ),
    "clel/z approx": (
        "5.8509769821 0.54433974963 0.216194539592 0.0650733876408 56 4680.78158568 "
        "435.471799704 799.56813507 86.3909919214 1.20616572958 0.0811170525903 5.43055994849 "
        "0.330159179555 3.91211587406 0.345281216849 0.552885996597 0.408490746253 "
        "0.0690791239986 0.442279660626 54 0.457342996599 -0.0573550227804 0.563309062861 "
        "0.104131561171"
    ),
    "cl/cl approx": (
        "6.19324468085 0.593971631206 0.162101711236 0.0368651447587 11 4158.32142857 "
        "398.80952381 350.002799141 41.4086888938 1.25273105476 0.0407232935837 5.90890070922 "
        "0.424738011977 4.29285719606 0.330846325246 0.529502598357 0.476620506071 "
        "0.0620821765788 0.652148525114 9 -0.267212181323 0.133814332353 0.331978091352 "
        "0.0638767705228"
    ),
    "within approx": (
        "6.1 0.575 0.141864650227 0.0363593581348 60 3660 345 85.118790136 21.8156148809 "
        "1.25773195876 0.0363372692812 6.1 0.309610213114 4.69604662786 0.289474922091 "
        "2.23428073792e-16 0.400670462843 0.0551340994694 0.416389369064 58 -0.446179169908 "
        "0.157553064301 0.297581342975 0.0586118677224"
    ),
    "within w approx": (
        "6.08545454545 0.579545454545 0.194879261343 0.0357050421535 60 4016.4 382.5 "
        "128.620312486 23.5653278213 1.28452866395 0.040594334948 6.10613636364 0.393507528979 "
        "4.73724736923 0.296121513048 -0.109336983677 0.496848339407 0.0699873109756 "
        "0.543417202444 58 -0.487923986119 0.175131106411 0.383830552569 0.0716302546534"
    ),
    "within full": (
        "6.1 0.575 0.141864650227 0.0363593581348 60 3660 345 85.118790136 21.8156148809 "
        "1.25773195876 0.0363372692812 6.1 0.309610213114 4.69604662786 0.289474922091 "
        "2.23428073792e-16 0.400670462843 0.0551340994694 0.416389369064 58 -0.446179169908 "
        "0.157553064301 0.297581342975 0.0586118677224"
    ),
}


def drawn(name: str, frame: pd.DataFrame = FRAME, method: str = "approx", **more: Any) -> TwoPhase:
    """A design of the table above; what was asked in phase 2 alone is missing for the others."""
    first, second, subset = DESIGNS[name]
    known = frame.assign(y=frame["y"].where(frame[subset]), b=frame["b"].where(frame[subset]))
    return sk.two_phase(
        known,
        first={"sampling": "probability", **first, **more},
        second={"sampling": "probability", **second, **more},
        subset=subset,
        method=method,
    )


def everything(sample: TwoPhase) -> np.ndarray:
    means, totals = (sk.estimate(sample, what, ["y", "b"]) for what in ("mean", "total"))
    ratio = sk.estimate(sample, "ratio", ["y", "x"])
    women = sk.estimate(sample, "mean", "y", where=FRAME["g"] == "f")
    line = sk.regression(sample, "y ~ x + C(g)")
    logit = sk.regression(sample, "b ~ x", family="binomial").coefficients
    found = [
        *(*means.value, *means.standard_error, means.df),
        *(*totals.value, *totals.standard_error, *ratio.value, *ratio.standard_error),
        *(*women.value, *women.standard_error),
        *(*line.coefficients.value, *line.coefficients.standard_error, line.df),
        *(*logit.value, *logit.standard_error),
    ]
    return np.array(found)


@pytest.mark.parametrize("case", FROM_R)
def test_means_totals_ratios_domains_and_models_are_those_of_r(case: str):
    name, method = case.rsplit(" ", 1)

    found = everything(drawn(name, method=method))

    assert found == pytest.approx([float(n) for n in FROM_R[case].split()], rel=1e-9, abs=1e-12)


def chances_by_pair(sample: TwoPhase) -> np.ndarray:
    """(n, n) 1 - π_i π_j / π_ij, from the definition: both phases draw at random in strata."""
    found = np.ones((len(sample),) * 2)
    first = sample.first.stages[0]
    for stage, cluster in (
        (first, first.cluster[sample.rows]),
        (sample.second.stages[0], sample.second.stages[0].cluster),
    ):
        for i, one in enumerate(cluster):
            for j, other in enumerate(cluster):
                h, k = stage.stratum[one], stage.stratum[other]
                n, population = stage.drawn[h], stage.population[h]
                if one == other:
                    found[i, j] *= n / population
                elif h == k:
                    found[i, j] *= (n / population) ** 2 * population * (population - 1)
                    found[i, j] /= n * (n - 1)
    return 1 - found


@pytest.mark.parametrize("name", ["st/z", "cl/cl"])
def test_the_full_variance_is_the_sum_over_all_pairs(name: str):
    sample = drawn(name, method="full")
    z = MEAN.influence(sample.numbers(["b"]), sample.weights) * sample.weights

    found = sk.estimate(sample, "mean", "b").variance[0]

    assert found == pytest.approx(z @ chances_by_pair(sample) @ z, rel=1e-9)


def test_strata_of_phase_1_count_with_the_people_screened_in_each_where_r_mixes_them_up():
    """R 4.1-1 takes the sizes of the first strata of the file for others; corrected, it says this.

    `Dcheck_multi_subset` with `sampsize[uid]` for `sampsize`; as it is, 11.9 times as much.
    """
    found = sk.estimate(drawn("st/z", method="full"), "total", ["y", "b"])

    assert found.standard_error == pytest.approx([823.070679825, 184.500678246], rel=1e-9)


@pytest.mark.parametrize("method", ["approx", "full"])
@pytest.mark.parametrize("first", [{"stratum": "st", "population": "Nst"}, {"weight": "w"}])
def test_phase_2_of_everybody_is_phase_1(method: str, first: dict[str, Any]):
    frame = FRAME.assign(all=1)
    both = sk.two_phase(
        frame,
        first={"sampling": "probability", **first},
        second={"sampling": "probability", "stratum": "z"},
        subset="all",
        method=method,
    )
    one = sk.sample(frame, sampling="probability", **first)

    found, known = (sk.estimate(s, "mean", ["y", "b", "x"], by="g") for s in (both, one))

    assert found.value == pytest.approx(known.value)
    exact = method == "approx" or "population" in first
    # without a population pairs count as independent: n instead of n - 1
    assert found.covariance == pytest.approx(known.covariance, rel=1e-9 if exact else 0.02)


def test_a_census_that_is_sampled_is_a_sample_of_one_phase():
    both = sk.two_phase(
        FRAME,
        first={"sampling": "census"},
        second={"sampling": "probability", "stratum": "z"},
        subset="sub",
    )
    drawn_from = FRAME.groupby("z")["z"].transform("size")
    one = sk.sample(
        FRAME.assign(N=drawn_from)[FRAME["sub"]],
        sampling="probability",
        stratum="z",
        population="N",
    )

    found, known = (sk.estimate(s, "total", ["y", "b"]) for s in (both, one))

    assert found.covariance == pytest.approx(known.covariance)
    assert found.sampling is sk.Sampling.PROBABILITY


def test_drawing_within_all_clusters_is_the_second_stage_of_one_sample():
    both = drawn("within")
    one = sk.sample(
        FRAME.assign(six=6)[FRAME["subw"]],
        sampling="probability",
        cluster=["psu", "el"],
        population=["Npsu", "six"],
    )

    for what in ("mean", "total"):
        found, known = (sk.estimate(s, what, ["y", "x"], by="g") for s in (both, one))
        assert found.value == pytest.approx(known.value)
        assert found.covariance == pytest.approx(known.covariance)


@pytest.mark.parametrize("name", DESIGNS)
@settings(max_examples=3, deadline=None)
@given(seed=st.integers(0, 1000))
def test_the_order_of_the_rows_does_not_matter(name: str, seed: int):
    mixed = FRAME.sample(frac=1, random_state=seed)

    found, known = (
        sk.estimate(drawn(name, frame), "mean", ["y", "b"], by="g") for frame in (mixed, FRAME)
    )

    assert found.value == pytest.approx(known.value)
    assert found.covariance == pytest.approx(known.covariance)


@given(scale=st.floats(0.5, 100))
@settings(max_examples=5, deadline=None)
def test_the_scale_of_the_weights_of_phase_1_does_not_matter_to_a_mean(scale: float):
    found, known = (
        sk.estimate(drawn("srs/z", frame), "mean", ["y", "b"])
        for frame in (FRAME.assign(w=FRAME["w"] * scale), FRAME)
    )

    assert found.covariance == pytest.approx(known.covariance)


@pytest.mark.parametrize("method", ["approx", "full"])
def test_a_total_of_a_domain_is_that_of_an_answer_which_is_0_elsewhere(method: str):
    sample = drawn("st/z", FRAME.assign(of_women=FRAME["b"] * (FRAME["g"] == "f")), method)

    of_domain = sk.estimate(sample, "total", "b", where=FRAME["g"] == "f")
    elsewhere_0 = sk.estimate(sample, "total", "of_women")

    assert of_domain.standard_error == pytest.approx(elsewhere_0.standard_error)


def test_tests_and_quantiles_are_those_of_r():
    """As R prints them: svychisq(~g+st, D), svyttest(y~g, D), svyranktest(y~g, D),
    svyquantile(~y, D, .5), svycoxph(Surv(x+.1, b)~y, D)."""
    sample = drawn("srs/z")

    median = sk.quantile(sample, "y", [0.5])
    hazard = sk.survival(sample, "y", time="later", event="b").coefficients

    assert sk.rao_scott(sample, "g", "st").p == pytest.approx(0.1729, abs=5e-5)
    assert sk.t_test(sample, "y", by="g").statistic == pytest.approx(2.1733, abs=5e-5)
    assert sk.rank_test(sample, "y", "g").statistic == pytest.approx(2.2143, abs=5e-5)
    assert median.value == pytest.approx([5.79])
    assert median.standard_error == pytest.approx([0.3419459], rel=1e-6)
    assert hazard.value == pytest.approx([-0.2186], abs=5e-5)
    assert hazard.standard_error == pytest.approx([0.1299], abs=5e-5)


def test_shares_tests_quantiles_and_effects_come_with_it():
    sample = drawn("cl/z")
    a_mean = sk.estimate(sample, "mean", "b")

    shares = sk.estimate(sample, "shares", "g", by="st")

    assert shares.contrast([1, 0, -1, 0]).standard_error[0] > 0
    assert sk.rao_scott(sample, "g", "st").p > 0
    assert sk.t_test(sample, "y", by="g").p > 0
    assert sk.regression(sample, "b ~ x", family="binomial").p[1] > 0
    assert sk.quantile(sample, "y", [0.5]).standard_error[0] > 0
    assert a_mean.design_effect()[0] > 0


def test_many_rows_are_not_summed_as_if_they_were_of_one_phase():
    many = pd.concat([FRAME] * 100, ignore_index=True).assign(b=lambda all_: all_["b"] == 1)
    many["b"] = many["b"].map({True: "yes", False: "no"})
    sample = sk.two_phase(
        many.assign(number=many["b"] == "yes"),
        first={"sampling": "probability", "weight": "w"},
        second={"sampling": "probability", "stratum": "z"},
        subset="sub",
    )

    shares = sk.estimate(sample, "shares", "b", by="g")
    means = sk.estimate(sample, "mean", "number", by="g")

    assert len(sample) > 5_000
    assert shares.standard_error[1::2] == pytest.approx(means.standard_error)


def test_the_design_line_tells_both_phases_and_the_variance():
    found = sk.estimate(drawn("cl/z"), "mean", "y")

    assert found.design == (
        "Two phases; phase 1, probability sample of 120; 20 clusters (psu) in 2 strata (pst); "
        "finite populations (Npst); no weights; phase 2, probability sample of 59; rows drawn by "
        "themselves in 3 strata (z); variance: approx, on 56 degrees of freedom of phase 2"
    )
    assert "Two phases" in repr(found)


def test_a_phase_that_is_no_probability_sample_makes_the_whole_none():
    sample = sk.two_phase(
        FRAME,
        first={"sampling": "opt-in", "weight": "w"},
        second={"sampling": "probability", "stratum": "z"},
        subset="sub",
    )

    found = sk.estimate(sample, "mean", "y")

    assert found.sampling is sk.Sampling.OPT_IN
    assert "standard_error" not in found.frame
    with pytest.raises(EstimationError, match="an opt-in sample has no margin of sampling error"):
        found.interval()
    with pytest.raises(EstimationError, match="stands for nobody but its respondents"):
        sk.estimate(sample, "total", "y")


def test_a_stratum_of_which_one_cluster_was_left_says_which_and_what_to_do():
    alone = FRAME.assign(pst=np.where(FRAME["psu"] == 13, "alone", FRAME["pst"]), Npst=90)

    with pytest.raises(LonelyUnit) as caught:
        sk.estimate(drawn("cl/z", alone), "mean", "y")

    assert str(caught.value) == (
        "two-phase, first, pst alone: only one of its clusters was left in phase 2, so its "
        "variance cannot be estimated. Merge the stratum with the one it most resembles, or say "
        "what to do: lonely='adjust' in `first`."
    )


@pytest.mark.parametrize("lonely", ["adjust", "average"])
def test_a_lonely_cluster_of_phase_1_counts_as_the_design_says(lonely: str):
    """R: options(survey.lonely.psu=...); svytotal(~y, D), of 20 clusters with the third alone."""
    alone = FRAME.assign(pst=np.where(FRAME["psu"] == 13, "alone", FRAME["pst"]), Npst=90)
    from_r = {"adjust": 358.813390314, "average": 64.6715865629}

    found = sk.estimate(drawn("cl/z", alone, lonely=lonely), "total", "b")

    assert found.standard_error == pytest.approx([from_r[lonely]], rel=1e-9)


def test_a_lonely_stratum_that_is_removed_adds_nothing_to_phase_1():
    """R leaves (1 - κ)² / κ of its square in, which is neither nothing nor its spread."""
    alone = FRAME.assign(pst=np.where(FRAME["psu"] == 13, "alone", FRAME["pst"]), Npst=90)
    others = alone.assign(b=alone["b"].where(alone["pst"] != "alone", 0.0))

    removed = sk.estimate(drawn("cl/z", others, lonely="remove"), "total", "b")
    known = sk.estimate(drawn("cl/z", others, lonely="adjust"), "total", "b")

    assert removed.standard_error == pytest.approx(known.standard_error)


def test_a_lonely_cluster_has_no_chances_of_pairs():
    alone = FRAME.assign(pst=np.where(FRAME["psu"] == 13, "alone", FRAME["pst"]), Npst=90)

    with pytest.raises(LonelyUnit) as caught:
        sk.estimate(drawn("cl/z", alone, "full"), "mean", "b")

    assert str(caught.value) == (
        "two-phase, pst alone: only one cluster was drawn, so no two of it could come together. "
        "Merge the stratum with the one it most resembles, say lonely='adjust' in the design of "
        "that phase, or ask for the method approx."
    )


def test_a_full_variance_below_0_is_none():
    """R has NaN here, with a warning."""
    with pytest.raises(EstimationError) as caught:
        sk.estimate(drawn("cl/z", method="full"), "total", ["y", "b"])

    assert str(caught.value) == (
        "variance: the full variance of the two phases came out negative. Ask for the method "
        "approx, which cannot."
    )


@pytest.mark.parametrize(
    "ask",
    [
        lambda sample: sk.bootstrap(sample, 20, seed=1),
        sk.jackknife,
        lambda sample: sk.rake(sample, {"g": {"f": 0.5, "m": 0.5}}),
        lambda sample: sk.Sample(sample.data, sample.design),
    ],
)
def test_what_takes_one_phase_says_so(ask: Any):
    with pytest.raises(DesignError) as caught:
        ask(drawn("st/z"))

    assert str(caught.value) == (
        "two-phase sample: this takes a sample of one phase, and would leave the spread of the "
        "other out. Ask for estimates, tests and models by `sk.estimate`, `sk.regression` and the "
        "like; to fit phase 2 to phase 1, `sk.calibrate_phase_two`."
    )
