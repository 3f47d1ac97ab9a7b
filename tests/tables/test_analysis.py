"""The one value that themes, workbook and explorer are given: always protected, never silent."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from survey_kit.errors import ExpressionError, ProtectionError, StudyError
from survey_kit.tables.table import Status


def test_every_table_is_protected_and_carries_the_notice(analysis):
    for name in analysis.variables:
        table = analysis.crosstab(name, ["region"])

        assert table.protected
        assert table.simulated == "SIMULATED DATA"


def test_a_filter_is_an_expression_over_the_variables_and_is_said_in_words(analysis):
    table = analysis.crosstab("gender", where="${age} >= 30 and selected(${why}, 'work')")
    data = analysis.sample.data
    expected = (data["age"] >= 30) & (data["why/work"] == 1)

    assert table.columns[0].base.unweighted == expected.sum()
    assert table.where == "Age is at least 30, and “Why did you leave?” includes Work"


def test_a_filter_may_name_a_derived_variable(analysis):
    mask, words = analysis.domain("${adult} = 'old'")

    assert (mask == (analysis.sample.data["adult"] == "old").to_numpy()).all()
    assert words == "Age group is 40 and older"


def test_a_filter_that_leaves_few_people_shows_nothing(analysis):
    table = analysis.crosstab("region", where="selected(${why}, 'rare')")

    assert table.columns[0].base.unweighted is None
    assert {cell.value for row in table.cells for cell in row} == {None}


def test_a_filter_that_leaves_nobody_looks_like_one_that_leaves_a_few(analysis):
    """That nobody answered so is told of nobody."""
    nobody = analysis.crosstab("region", where="${age} > 200")
    three = analysis.crosstab("region", where="selected(${why}, 'rare')")

    assert nobody.columns[0] == three.columns[0]
    assert {cell.status for row in nobody.cells for cell in row} == {Status.TOO_FEW}


def test_a_filter_that_leaves_out_a_few_shows_nothing_of_the_many(analysis):
    """All but three: the table of everyone, less this one, would be the three."""
    table = analysis.crosstab("region", where="not(selected(${why}, 'rare'))")

    assert {cell.status for row in table.cells for cell in row} == {Status.COMPLEMENT}
    assert table.columns[0].base.unweighted is None
    assert table.notes == (
        (
            "Nothing is shown: this filter leaves out fewer than 10 people, whose answers would be "
            "the difference to the table without it."
        ),
    )


def test_who_was_asked_and_is_not_in_the_base_is_counted_where_they_are_not_few(analysis):
    war = analysis.crosstab("war")
    unsure = analysis.variables["war"].left["did not know"]

    assert f"Asked, but not in the base: {unsure} did not know." in war.notes
    assert "Asked, but not in the base: 5 refused." in analysis.crosstab("why").notes


def test_a_question_that_identifies_people_is_refused(analysis):
    with pytest.raises(ProtectionError) as caught:
        analysis.crosstab("name")

    assert str(caught.value) == (
        "question 'name': it identifies people, so it is in no table. Where it does not, class "
        "it in the questionnaire or in the study: quasi, sensitive or plain."
    )


def test_a_filter_cannot_reach_a_question_that_identifies_people(analysis):
    with pytest.raises(ProtectionError, match="question 'name'"):
        analysis.crosstab("region", where="${name} = 'Anna'")


def test_an_unknown_variable_names_the_one_that_was_meant(analysis):
    with pytest.raises(StudyError) as caught:
        analysis.crosstab("gendr")

    assert str(caught.value) == (
        "variable 'gendr': there is no variable of this name. Did you mean 'gender'?"
    )


def test_a_question_in_a_repeat_says_why_it_cannot_be_tabulated(analysis):
    with pytest.raises(StudyError) as caught:
        analysis.crosstab("region", ["where"])

    assert str(caught.value) == (
        "variable 'where': it cannot be tabulated: asked in a repeat, which tables do not cover "
        "yet. Tabulate another, or derive one from it in the questionnaire."
    )


def test_a_filter_that_cannot_be_read_names_its_place(analysis):
    with pytest.raises(ExpressionError, match="filter"):
        analysis.crosstab("region", where="${age} >")


def test_a_table_is_named_by_its_variables_unless_it_is_given_a_name(analysis):
    assert analysis.crosstab("why", ["region"]).name == "why_by_region"
    assert analysis.crosstab("why", name="prevalence").name == "prevalence"


def test_without_uncertainty_a_stratum_of_one_does_not_stop_a_table(analysis):
    """No variance is asked for, so none has to exist."""
    data = analysis.sample.data.assign(site=np.where(np.arange(len(analysis)) == 0, "a", "b"))
    design = replace(analysis.sample.design, stratum="site")
    sample = replace(analysis.sample, data=data, design=design)

    table = replace(analysis, sample=sample, uncertainty="none").crosstab("region", ["adult"])

    assert table.cells[0][0].value is not None
