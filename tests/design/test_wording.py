"""What may be said of a sample, by how people were chosen."""

from __future__ import annotations

import pytest

from survey_kit.design.design import Design, Sampling
from survey_kit.design.wording import (
    MODELLED,
    assumptions,
    census_precision,
    check_interval,
    check_totals,
    wording,
)
from survey_kit.errors import EstimationError

every_sampling = pytest.mark.parametrize("sampling", list(Sampling))
MAY_GENERALISE = {Sampling.PROBABILITY, Sampling.CENSUS}


@every_sampling
def test_only_a_probability_sample_or_a_census_speaks_of_people(sampling: Sampling) -> None:
    said = wording(sampling, 612, "4 countries")

    assert said.may_generalise == (sampling in MAY_GENERALISE)
    assert said.people == ("people" if sampling in MAY_GENERALISE else "respondents")


@every_sampling
def test_a_margin_of_error_is_promised_to_none_but_probability(sampling: Sampling) -> None:
    said = wording(sampling, 612, "")

    assert ("CI" in said.interval) == (sampling is Sampling.PROBABILITY)
    assert (said.intervals == "design") == (sampling is Sampling.PROBABILITY)
    assert "margin of error" not in said.footer


@every_sampling
def test_every_footer_tells_how_many_were_asked(sampling: Sampling) -> None:
    assert "1,612 respondents in 4 countries" in wording(sampling, 1612, "4 countries").footer


def test_the_footer_of_a_purposive_sample_word_for_word() -> None:
    assert wording(Sampling.PURPOSIVE, 612, "4 countries").footer == (
        "Purposive sample of 612 respondents in 4 countries; results describe respondents and "
        "cannot be generalised to all people in 4 countries."
    )


def test_the_footer_of_a_quota_sample_word_for_word() -> None:
    assert wording(Sampling.QUOTA, 400, "").footer == (
        "Quota sample of 400 respondents; people were chosen to fill quotas, so no sampling "
        "error can be computed."
    )


def test_the_footer_of_a_census_word_for_word() -> None:
    assert wording(Sampling.CENSUS, 90, "").footer == (
        "Census: 90 respondents. There is no sampling error; people who did not answer are "
        "not described."
    )


def test_a_modelled_interval_says_what_it_assumes() -> None:
    said = wording(Sampling.SNOWBALL, 50, "")

    assert said.interval == "modelled interval"
    assert said.intervals == "modelled, only when asked"
    assert said.assumption == MODELLED


def test_one_respondent_is_one() -> None:
    assert "of 1 respondent;" in wording(Sampling.SNOWBALL, 1, "").footer


@every_sampling
def test_only_a_probability_sample_or_a_census_has_totals(sampling: Sampling) -> None:
    said = wording(sampling, 612, "")

    assert said.totals == (sampling in MAY_GENERALISE)
    assert said.margin_of_error == (sampling is Sampling.PROBABILITY)
    assert said.share == ("of people" if sampling in MAY_GENERALISE else "of respondents")
    assert said.tests == said.intervals


@every_sampling
def test_a_comparison_is_exploratory_where_nothing_can_be_generalised(sampling: Sampling) -> None:
    said = wording(sampling, 612, "")

    assert said.comparison == ("" if sampling in MAY_GENERALISE else "exploratory")


@every_sampling
def test_a_modelled_interval_is_never_called_by_another_name(sampling: Sampling) -> None:
    label = wording(sampling, 612, "").label

    assert label.startswith("modelled interval, assuming") == (sampling not in MAY_GENERALISE)
    assert (label == "95% CI (design-based)") == (sampling is Sampling.PROBABILITY)


def test_the_label_of_a_modelled_interval_word_for_word() -> None:
    assert wording(Sampling.OPT_IN, 612, "").label == (
        "modelled interval, assuming that respondents are like a random sample of clusters, given "
        "the weights; not a margin of sampling error"
    )


def test_a_census_has_no_sampling_error_but_people_who_did_not_answer() -> None:
    assert census_precision(90, 87) == "no sampling error; item non-response 3.3%"
    assert census_precision(0, 0) == "no sampling error; item non-response 0.0%"


def test_assumptions_are_printed_with_what_interviews_are_clustered_by() -> None:
    design = Design(Sampling.PURPOSIVE, weight="w", cluster="site")

    assert assumptions(design) == (
        MODELLED,
        "Interviews that have the same site are taken to be alike, others to be independent.",
        (
            "Weights (w) are taken to make up for who was reached: within what they were made "
            "from, those who took part are taken to be like those who did not."
        ),
    )


@pytest.mark.parametrize(
    ("sampling", "column"),
    [
        (Sampling.PURPOSIVE, "the site or the enumerator"),
        (Sampling.QUOTA, "the enumerator or the site"),
        (Sampling.SNOWBALL, "the recruiter or the seed"),
        (Sampling.RDS, "the recruiter or the seed"),
        (Sampling.OPT_IN, "the channel that people came by"),
    ],
)
def test_a_design_without_clusters_is_told_which_to_give(sampling: Sampling, column: str) -> None:
    told = assumptions(Design(sampling))

    assert told[1] == (
        "Every interview is taken to be independent of all others, so the interval is too narrow "
        "where those of one place or person are alike: give the column of "
        f"{column} as the cluster of the design."
    )
    assert told[2] == "Those who took part are taken to be like those who did not."


def test_a_probability_sample_assumes_nothing_of_the_kind() -> None:
    assert assumptions(Design(Sampling.PROBABILITY, population="N")) == ()
    assert assumptions(Design(Sampling.QUOTA, population="N"))[-1] == (
        "Shares of a population that was drawn are read as if by chance."
    )


def test_totals_of_respondents_are_refused_word_for_word() -> None:
    check_totals(Sampling.CENSUS, "total")
    with pytest.raises(EstimationError) as caught:
        check_totals(Sampling.OPT_IN, "total")

    assert str(caught.value) == (
        "total: an opt-in sample stands for nobody but its respondents, so it has no totals of a "
        "population. Ask for a share or a mean of respondents, or count the rows."
    )


def test_an_interval_that_nobody_asked_for_is_refused_word_for_word() -> None:
    check_interval(Sampling.PROBABILITY, asked=False)
    check_interval(Sampling.SNOWBALL, asked=True)
    with pytest.raises(EstimationError) as snowball:
        check_interval(Sampling.SNOWBALL, asked=False)
    with pytest.raises(EstimationError) as census:
        check_interval(Sampling.CENSUS, asked=False)

    assert str(snowball.value) == (
        "interval: a snowball sample has no margin of sampling error. Ask for "
        "`.modelled.interval()`, and print with it what it assumes: `assumptions(design)`."
    )
    assert str(census.value) == (
        "interval: a census has no sampling error. Show the number and how many did not answer; or "
        "ask for `.modelled.interval()`."
    )
