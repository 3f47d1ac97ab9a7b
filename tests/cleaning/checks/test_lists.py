"""Values outside a list, and texts that the list has already."""

from __future__ import annotations

from survey_kit.cleaning.checks.not_in_list import NOT_IN_LIST
from survey_kit.cleaning.checks.other_specify import OTHER_SPECIFY


def test_a_code_from_outside_is_listed_with_the_nearest_code(survey, question, choice):
    lists = {"yn": [choice("yes", "Yes"), choice("no", {"en": "No", "bn": "না"})]}
    responses = survey(
        [question("q", "select_one yn")], {"q": ["yes", "yess", "না", "maybe", None]}, lists=lists
    )

    found = NOT_IN_LIST.find(responses, {})

    assert list(found["interview"]) == ["i2", "i3", "i4"]
    assert list(found["suggestion"]) == ["yes", "no", ""]
    assert set(found["what"]) == {"the answer is not in the list of this question"}


def test_each_of_several_codes_is_looked_up_and_dots_are_part_of_a_code(survey, question):
    responses = survey(
        [question("q", "select_multiple hours")],
        {"q": ["0.75 1.5", "0.75 2", "9 8"]},
        lists={"hours": ["0.75", "1.5"]},
    )

    found = NOT_IN_LIST.find(responses, {})

    assert list(found["interview"]) == ["i2", "i3"]
    assert list(found["what"]) == [
        "1 of the chosen codes is not in the list",
        "2 of the chosen codes are not in the list",
    ]


def test_a_list_that_a_search_fills_from_a_file_is_not_the_list(survey, question):
    """The sheet holds the names of columns then: what is chosen stands in the file."""
    searched = question("who", "select_one people", appearance="minimal search('households')")
    responses = survey([searched], {"who": ["hh_0412"]}, lists={"people": ["hhid_key"]})

    assert NOT_IN_LIST.find(responses, {}).empty


def _means(survey, question, choice, texts):
    lists = {
        "means": [
            choice("car", {"en": "Car / truck", "bn": "গাড়ি"}),
            choice("boat", "Boat"),
            choice("other", "Other"),
        ]
    }
    nodes = [
        question("means", "select_multiple means"),
        question("means_other", relevant="selected(${means}, 'other')"),
    ]
    return survey(nodes, {"means": ["other"] * len(texts), "means_other": texts}, lists=lists)


def test_an_other_that_the_list_has_is_suggested_by_its_code(survey, question, choice):
    responses = _means(
        survey, question, choice, ["Truck!", " BOAT ", "গাড়ি", "motor boatt", "on an elephant"]
    )

    found = OTHER_SPECIFY.find(responses, OTHER_SPECIFY.settings)

    assert list(found["interview"]) == ["i1", "i2", "i3"]
    assert list(found["suggestion"]) == ["car", "boat", "car"]
    assert found["what"].iloc[0] == "means has a choice for this: Car / truck"


def test_a_spelling_mistake_is_near_enough_and_other_itself_is_not_suggested(
    survey, question, choice
):
    responses = _means(survey, question, choice, ["boatt", "other"])

    found = OTHER_SPECIFY.find(responses, OTHER_SPECIFY.settings)

    assert list(found["interview"]) == ["i1"]


def test_a_form_without_others_says_so(survey, question):
    reach = OTHER_SPECIFY.reach(survey([question("q")], {"q": ["x"]}), OTHER_SPECIFY.settings)

    assert (reach.runs, reach.note) == (False, "no text question follows a choice of a list")


def test_a_list_that_few_answers_are_in_is_said_to_be_another_one(survey, question):
    answers = ["a", *[f"place {n}" for n in range(30)]]
    responses = survey([question("q", "select_one l")], {"q": answers}, lists={"l": ["a"]})

    found = NOT_IN_LIST.find(responses, {})

    assert len(found) == 30
    assert set(found["suggestion"]) == {
        "30 of 31 answers are not in the list: look whether it is the right one"
    }
