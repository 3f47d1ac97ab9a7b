"""What may be said of a sample, by how people were chosen."""

from __future__ import annotations

import pytest

from survey_kit.design.design import Sampling
from survey_kit.design.wording import MODELLED, wording

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
