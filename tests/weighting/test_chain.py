"""The chain of weighting: what each step does, what the variance counts, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_kit.design.design import Design, Sampling
from survey_kit.design.replicate_making import balanced_halves, bootstrap
from survey_kit.design.replicates import Replicates, jackknife
from survey_kit.design.sample import Sample
from survey_kit.errors import DesignError, WeightingError
from survey_kit.estimation.estimate import estimate
from survey_kit.estimation.models.response import LogisticResponse
from survey_kit.estimation.statistics.mean import MEAN
from survey_kit.estimation.statistics.total import TOTAL
from survey_kit.weighting.base_weight import BaseWeights, Chances, Rescale
from survey_kit.weighting.calibrate import Calibrate, PostStratify, calibrate, poststratify
from survey_kit.weighting.chain import weigh
from survey_kit.weighting.nonresponse import Keep, KnownPropensity, NonResponse, Propensity
from survey_kit.weighting.rake import Rake, rake
from survey_kit.weighting.standardise import Standardise, standardise
from survey_kit.weighting.step import Step
from survey_kit.weighting.trim import Trim, trim

SEX = {"sex": {"f": 0.52, "m": 0.48}}
MARGINS = {**SEX, "place": {"camp": 0.3, "town": 0.7}}
CLUSTERS = 12


def people(seed: int = 1, **columns: object) -> Sample:
    """120 people in 12 clusters in 6 strata of 2; 8 or 9 of 10 answered."""
    rng = np.random.default_rng(seed)
    cluster = np.repeat(np.arange(CLUSTERS), 10)
    frame = pd.DataFrame(
        {
            "stratum": cluster // 2,
            "cluster": cluster,
            "sex": rng.choice(["f", "m"], 120, p=[0.6, 0.4]),
            "place": np.where(rng.random(120) < 0.4 + 0.02 * cluster, "town", "camp"),
            "answered": rng.random(120) < 0.85,
            "eligible": rng.random(120) < 0.95,
            "children": rng.integers(0, 7, 120).astype(float),
            "weight": rng.uniform(1, 3, 120).round(2),
            "chance": rng.uniform(0.1, 0.9, 120).round(3),
        }
    ).assign(**columns)
    frame["income"] = (
        3 + (frame.sex == "m") + 2 * (frame.place == "town") + rng.normal(size=120) + cluster / 10
    )
    design = Design(Sampling.PROBABILITY, weight="weight", stratum="stratum", cluster="cluster")
    return Sample(frame, design)


CHAIN: list[Step] = [
    Keep("eligible"),
    NonResponse("answered", cells=("sex",)),
    Trim(upper=2.5, unit="median"),
    Rake(MARGINS),
]


def refusal(steps: list[Step], sample: Sample | None = None) -> str:
    with pytest.raises(WeightingError) as caught:
        weigh(sample or people(), steps)
    return str(caught.value)


@pytest.mark.parametrize(
    ("step", "alone"),
    [
        (Rake(MARGINS), lambda s: rake(s, MARGINS).sample),
        (PostStratify(SEX), lambda s: poststratify(s, SEX).sample),
        (
            Calibrate(SEX, {"children": 400.0}, distance="raking"),
            lambda s: calibrate(s, SEX, {"children": 400.0}, distance="raking").sample,
        ),
        (Trim(upper=2.5), lambda s: trim(s, upper=2.5).sample),
        (
            Standardise("sex", {"f": 1, "m": 1}, ("place",)),
            lambda s: standardise(s, "sex", {"f": 1, "m": 1}, over=["place"]).sample,
        ),
    ],
)
@pytest.mark.parametrize("make", [lambda s: s, jackknife])
def test_a_chain_of_one_step_is_that_step(step: Step, alone: object, make: object) -> None:
    sample = make(people())  # type: ignore[operator]

    chained, single = weigh(sample, [step]).sample, alone(sample)  # type: ignore[operator]

    assert chained.weights.tolist() == single.weights.tolist()
    errors = [estimate(MEAN, s, ["income"]).standard_error[0] for s in (chained, single)]
    assert errors[0] == errors[1] > 0


def test_steps_are_taken_in_order() -> None:
    found = weigh(people(), CHAIN)

    data = found.sample.data
    assert len(data) == int((people().data.eligible & people().data.answered).sum())
    for variable, margin in MARGINS.items():
        for category, share in margin.items():
            held = found.sample.weights[data[variable] == category].sum()
            assert held == pytest.approx(len(data) * share)
    assert [report.title for report in found.reports] == [
        "Only rows with 'eligible'",
        "Non-response adjustment by 'answered' within sex",
        "Trimming to at most 2.5 times the median",
        "Raking to sex and place",
    ]


def test_those_who_answered_take_over_the_weight_of_the_others_in_their_cell() -> None:
    sample = people()
    found = weigh(sample, [NonResponse("answered", cells=("sex", "place"))])

    before = pd.Series(sample.weights).groupby([sample.data.sex, sample.data.place]).sum()
    data = found.sample.data
    after = data.groupby(["sex", "place"])["weight after steps"].sum()
    assert after.tolist() == pytest.approx(before.tolist())
    cells = found.reports[0].cells
    assert cells["cell"].tolist()[0] == "sex f, place camp"
    assert cells["n"].sum() == 120
    assert cells["responded"].sum() == len(data)
    assert (cells["factor"] * cells["rate"]).tolist() == pytest.approx([1, 1, 1, 1])


def test_a_response_model_of_one_category_is_an_adjustment_in_cells() -> None:
    by_cells = weigh(people(), [NonResponse("answered", cells=("sex",))]).sample.weights

    by_model = weigh(people(), [Propensity("answered", LogisticResponse("sex"))]).sample.weights
    in_classes = weigh(people(), [Propensity("answered", LogisticResponse("sex"), classes=2)])

    assert by_model == pytest.approx(by_cells, rel=1e-6)
    assert in_classes.sample.weights == pytest.approx(by_cells)


def test_a_response_model_is_fitted_again_in_each_replicate() -> None:
    steps: list[Step] = [Propensity("answered", LogisticResponse("sex + place"))]
    fixed = weigh(people(), steps).weights.iloc[:, 1]
    chance = np.where(fixed > 0, people().weights / fixed.where(fixed > 0, 1), 0.5)
    known: list[Step] = [Propensity("answered", KnownPropensity("p"))]

    refitted = weigh(jackknife(people()), steps).sample
    taken_as_known = weigh(jackknife(people(p=chance)), known).sample

    assert taken_as_known.weights == pytest.approx(refitted.weights)
    errors = [estimate(TOTAL, s, ["income"]).standard_error[0] for s in (refitted, taken_as_known)]
    assert errors[0] != pytest.approx(errors[1], rel=1e-3)


def test_base_weights_are_one_over_the_product_of_the_chances() -> None:
    sample = people(first=0.5)

    found = weigh(sample, [Chances(("chance", "first"))])

    assert found.sample.weights == pytest.approx(2 / sample.data["chance"].to_numpy())
    assert weigh(sample, [BaseWeights("chance")]).sample.weights == pytest.approx(
        sample.data["chance"].to_numpy()
    )


def test_rescaling_keeps_what_was_raked_to() -> None:
    raked = weigh(people(), [Rake(MARGINS)]).sample
    found = weigh(people(), [Rake(MARGINS), Rescale(5000.0)]).sample

    assert found.weights.sum() == pytest.approx(5000)
    errors = [estimate(MEAN, s, ["income"]).standard_error[0] for s in (raked, found)]
    assert errors[0] == pytest.approx(errors[1])


def test_every_step_tells_margins_and_costs() -> None:
    found = weigh(people(), CHAIN)

    nonresponse, trimming, raking = found.reports[1:]
    assert raking.margins["after"].tolist() == pytest.approx([0.52, 0.48, 0.3, 0.7])
    assert raking.margins["target"].tolist() == pytest.approx([0.52, 0.48, 0.3, 0.7])
    assert raking.margins["before"].tolist() == trimming.margins["after"].tolist()
    assert trimming.margins["target"].isna().all()
    assert raking.before == trimming.after
    assert trimming.after.largest <= trimming.before.largest
    assert trimming.moved == 0 or trimming.cut > 0
    assert nonresponse.before.n - nonresponse.after.n > 0
    assert raking.after.design_effect * raking.after.effective_size == pytest.approx(raking.after.n)
    assert found.frame["iterations"].tolist()[3] == raking.iterations > 1
    assert raking.gap <= 1e-10


def test_a_step_that_undoes_another_is_pointed_out() -> None:
    found = weigh(people(), [Rake(MARGINS), PostStratify({"sex": {"f": 0.2, "m": 0.8}})])

    assert found.reports[1].notes == ("'place' no longer fits its margin after this step.",)


def test_small_cells_and_those_who_left_are_pointed_out() -> None:
    sample = people(team=["a"] * 118 + ["b"] * 2, answered=[True] * 119 + [False])

    found = weigh(sample, [NonResponse("answered", cells=("team",))])

    assert found.reports[0].notes[0] == "1 of 120 rows left the sample."
    assert found.reports[0].notes[1].startswith("Cell 'team b': 1 of 2 answered, and weigh ")


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        (
            [Trim(upper=2.5), Rake(SEX)],
            (
                "Standard errors are linearised, from what is left of each answer after the step "
                "'Raking to sex'; the other steps count as given."
            ),
        ),
        (
            [Rake(SEX), Trim(upper=1.2, unit="mean")],
            (
                "Standard errors are linearised and take the weights as given (a later step undid "
                "what was fitted)."
            ),
        ),
        ([Rescale()], "Standard errors are linearised and take the weights as given."),
    ],
)
def test_what_standard_errors_count_is_said(steps: list[Step], said: str) -> None:
    assert weigh(people(), steps).variance == said


def test_replicates_count_every_step_and_say_so() -> None:
    assert weigh(jackknife(people()), CHAIN).variance == (
        "Standard errors come from 12 replicates (JKn), each of which went through all 4 steps."
    )


def test_clusters_that_nobody_is_left_of_are_told() -> None:
    sample = people(answered=[True] * 110 + [False] * 10)

    assert weigh(sample, [NonResponse("answered")]).variance.endswith(
        " 1 cluster without anybody left cannot count; with replicates every cluster does."
    )


def test_a_replicate_like_the_sample_gives_what_the_sample_gives() -> None:
    sample = people()
    same = Replicates(
        kind="other",
        factors=np.ones((1, 3)),
        row=np.zeros(120, dtype=np.intp),
        base=sample.weights,
        scale=1.0,
        rscales=np.ones(3),
    )

    found = weigh(replace(sample, replicates=same), CHAIN).sample

    assert found.replicates is not None
    for number in range(3):
        assert found.replicates.weights(number).tolist() == found.weights.tolist()
    assert estimate(TOTAL, found, ["income"]).standard_error[0] == 0


def test_a_replicate_in_which_rows_stand_twice_is_the_sample_with_those_rows_twice() -> None:
    sample = people()
    times = np.where(np.arange(CLUSTERS) % 3 == 0, 2.0, 1.0)
    drawn = Replicates(
        kind="other",
        factors=times[:, None],
        row=sample.data["cluster"].to_numpy(),
        base=sample.weights,
        scale=1.0,
        rscales=np.ones(1),
    )
    steps = [*CHAIN[:3], Rake({"sex": {"f": 520, "m": 480}})]
    twice = sample.data.loc[sample.data.index.repeat(times[sample.data["cluster"]].astype(int))]
    longer = Sample(twice.reset_index(drop=True), sample.design)

    found = weigh(replace(sample, replicates=drawn), steps).sample.replicates
    again = weigh(longer, steps).sample

    assert found is not None
    by_row = again.data.groupby(["cluster", "weight", "income"])["weight after steps"].sum()
    kept = weigh(sample, steps).sample.data
    expected = [
        by_row[(c, w, i)] for c, w, i in zip(kept.cluster, kept.weight, kept.income, strict=True)
    ]
    assert found.weights(0) == pytest.approx(expected)


@pytest.mark.parametrize("make", [jackknife, balanced_halves])
def test_replicates_of_a_raked_mean_agree_with_its_linearised_error(make: object) -> None:
    steps: list[Step] = [Rake(MARGINS)]

    linearised = estimate(MEAN, weigh(people(), steps).sample, ["income"])
    replicated = estimate(MEAN, weigh(make(people()), steps).sample, ["income"])  # type: ignore[operator]

    assert replicated.value[0] == linearised.value[0]
    assert replicated.standard_error[0] == pytest.approx(linearised.standard_error[0], rel=0.1)


def test_a_margin_has_no_error_in_any_replicates() -> None:
    sample = bootstrap(people(town=(people().data.place == "town").astype(float)), 40, seed=3)

    found = estimate(MEAN, weigh(sample, CHAIN).sample, ["town"])

    assert found.value[0] == pytest.approx(0.7)
    assert found.standard_error[0] == pytest.approx(0, abs=1e-9)


@given(st.floats(0.01, 1000))
@settings(max_examples=8, deadline=None)
def test_the_scale_of_the_first_weights_is_of_no_matter(factor: float) -> None:
    sample = people()

    again = weigh(people(weight=sample.weights * factor), CHAIN).sample

    assert again.weights == pytest.approx(weigh(sample, CHAIN).sample.weights, rel=1e-7)


@given(st.permutations(range(120)))
@settings(max_examples=8, deadline=None)
def test_the_order_of_rows_is_of_no_matter(order: list[int]) -> None:
    sample = people()
    mixed = Sample(sample.data.iloc[order], sample.design)

    found, again = weigh(sample, CHAIN).sample, weigh(mixed, CHAIN).sample

    by_row = again.data["weight after steps"].sort_index()
    assert by_row.tolist() == pytest.approx(found.data["weight after steps"].tolist())
    errors = [estimate(MEAN, s, ["income"]).standard_error[0] for s in (found, again)]
    assert errors[0] == pytest.approx(errors[1])


def test_a_refusal_names_the_step() -> None:
    assert refusal([Rescale(), Rake({"sex": {"f": 0.5, "m": 0.4}})]) == (
        "step 2, margin 'sex': its shares add to 0.9, not to 1. Check them."
    )


def test_a_refusal_in_a_replicate_names_it_and_the_category() -> None:
    sample = people(place=["camp"] * 110 + ["town"] * 10)

    assert refusal([Rake(MARGINS)], jackknife(sample)) == (
        "replicate 12 of 12, margin 'place', category 'town': nobody in it is left. Merge it with "
        "the category most like it, in data and margin; or take replicates that leave nobody "
        "out, such as Fay's."
    )


def test_a_cell_in_which_nobody_answered_is_named() -> None:
    sample = people(answered=people().data.sex == "f")

    assert refusal([NonResponse("answered", cells=("sex",))], sample) == (
        "non-response, sex m: nobody in it answered. Merge it with the cell most like it."
    )


def test_a_chain_of_no_steps_is_refused() -> None:
    assert refusal([]) == "weighting: there are no steps. Give at least one."


def test_base_weights_after_another_step_are_refused() -> None:
    assert refusal([Rescale(), BaseWeights("weight")]) == (
        "step 2, Base weights: weight: it would overwrite what the steps before it did. "
        "Put it first."
    )


def test_a_chance_of_0_is_refused() -> None:
    assert refusal([Chances(("zero",))], people(zero=[0.0] + [0.5] * 119)) == (
        "chance 'zero': it is missing, or not above 0 and at most 1, in row 0. "
        "Give the chance with which each row was drawn."
    )


def test_an_answer_that_is_neither_yes_nor_no_is_refused() -> None:
    assert refusal([NonResponse("half")], people(half=[0.5] + [1.0] * 119)) == (
        "column 'half': it is neither true nor false in row 0. "
        "Write true or false, or 1 or 0, for every row."
    )


def test_a_raked_sample_is_not_weighted_again() -> None:
    raked = rake(people(), SEX).sample

    assert refusal([Rescale()], raked) == (
        "weights: this sample was already calibrated. Start from the sample before that, and give "
        "all margins at once."
    )


def test_a_predictor_of_response_that_is_missing_is_refused() -> None:
    sample = people(age=[np.nan] + [30.0] * 60 + [40.0] * 59)

    assert refusal([Propensity("answered", LogisticResponse("age"))], sample) == (
        "response model 'age': a predictor is missing in row 0. "
        "Use what is known of everybody who was drawn."
    )


API = Path(__file__).parents[3] / "shared" / "reference" / "open" / "data" / "apiclus1.csv"
POPULATION = {"stype": {"E": 4421.0, "H": 755.0, "M": 1018.0}}
SCORE = {"api99": 3914069.0}


@pytest.mark.shared
@pytest.mark.parametrize(
    ("step", "total", "mean"),
    [
        # calibrate(rd, ~stype + api99, pop, calfun = ...), survey 4.1-1 on R 4.2.2, where
        # rd <- as.svrepdesign(svydesign(id = ~dnum, weights = ~pw, data = apiclus1), type = "JK1")
        # and pop = c(`(Intercept)` = 6194, stypeH = 755, stypeM = 1018, api99 = 3914069)
        (Calibrate(POPULATION, SCORE), (3638487.204132, 483563.7574172), 3.982508728032),
        (
            Calibrate(POPULATION, SCORE, distance="raking"),
            (3616588.563269, 489750.42166),
            3.918298559344,
        ),
        (
            Calibrate(POPULATION, SCORE, distance="logit", bounds=(0.2, 4)),
            (3623144.143666, 489400.493353),
            3.927865659057,
        ),
        (
            Calibrate(POPULATION, SCORE, bounds=(0.4, 2.3)),
            (3638487.204133, 485013.8414892),
            3.971510461847,
        ),
        # the same with calfun = "raking", aggregate.index = ~dnum
        (
            Calibrate(POPULATION, SCORE, distance="raking", together="dnum"),
            (3181291.720157, 285779.5438872),
            4.847040160138,
        ),
        # as R's rake of rd with margins of stype and sch.wide, epsilon 1e-10
        (
            Rake({**POPULATION, "sch.wide": {"No": 1072.0, "Yes": 5122.0}}),
            (3647280.148071, 468244.5434642),
            27.14425856941,
        ),
        # as R's postStratify of rd
        (PostStratify(POPULATION), (3680892.945119, 478192.7708115), 27.20542252519),
    ],
)
def test_a_jackknife_that_was_weighted_agrees_with_r(
    step: Step, total: tuple[float, float], mean: float
) -> None:
    if not API.exists():
        pytest.skip("the reference data are not beside the project")
    design = Design(Sampling.PROBABILITY, weight="pw", cluster="dnum")
    sample = weigh(jackknife(Sample(pd.read_csv(API), design)), [step]).sample

    enrolled, score = estimate(TOTAL, sample, ["enroll"]), estimate(MEAN, sample, ["api00"])

    assert (enrolled.value[0], enrolled.standard_error[0]) == pytest.approx(total, rel=1e-7)
    assert score.standard_error[0] == pytest.approx(mean, rel=1e-7)


@pytest.mark.shared
def test_linearised_calibration_of_clusters_and_of_bounded_weights_agrees_with_r() -> None:
    if not API.exists():
        pytest.skip("the reference data are not beside the project")
    sample = Sample(pd.read_csv(API), Design(Sampling.PROBABILITY, weight="pw", cluster="dnum"))

    # calibrate(d, ~stype + api99, pop, calfun = "raking", aggregate.stage = 1)
    whole = calibrate(sample, POPULATION, SCORE, distance="raking", together="dnum").sample
    found = estimate(TOTAL, whole, ["enroll"])
    assert found.standard_error[0] == pytest.approx(197415.0247224, rel=1e-7)
    # calibrate(d, ~stype + api99, pop, bounds = c(15, 80), bounds.const = TRUE)
    bounded = calibrate(sample, POPULATION, SCORE, bounds=(15, 80), bounds_on="weight").sample
    found = estimate(TOTAL, bounded, ["enroll"])
    assert found.value[0] == pytest.approx(3638194.766387, rel=1e-7)
    assert found.standard_error[0] == pytest.approx(389441.2975203, rel=1e-7)


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        (
            [NonResponse("answered", cells=("plaice",))],
            (
                "step 1, Non-response adjustment by 'answered' within plaice: there is no column "
                "called 'plaice'. Did you mean 'place'?"
            ),
        ),
        (
            [NonResponse("answerd"), Rescale()],
            (
                "step 1, Non-response adjustment by 'answerd': there is no column called 'answerd'. "
                "Did you mean 'answered'?"
            ),
        ),
        (
            [NonResponse("answered", cells="place"), Rake({"sx": {"f": 0.5, "m": 0.5}})],
            "step 2, Raking to sx: there is no column called 'sx'. Did you mean 'sex'?",
        ),
    ],
)
def test_a_step_that_names_a_column_that_is_not_there_is_named(steps: list[Step], said: str):
    frame = pd.DataFrame({"answered": [1, 1] * 6, "place": ["camp", "town"] * 6, "sex": ["f"] * 12})

    with pytest.raises(DesignError) as refused:
        weigh(Sample(frame, Design(Sampling.PROBABILITY)), steps)

    assert str(refused.value) == said


def test_one_column_of_cells_may_be_given_by_its_name():
    frame = pd.DataFrame({"answered": [1, 0, 1] * 6, "place": ["camp", "town"] * 9})
    sample = Sample(frame, Design(Sampling.PROBABILITY))

    one = weigh(sample, [NonResponse("answered", cells="place")])

    several = weigh(sample, [NonResponse("answered", cells=("place",))])
    assert one.weights.equals(several.weights)
