"""Back-checks: what is compared, what differs, and how stable answers are; R and bcstats are the judges."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_kit.cleaning.backcheck import Blank, Plan, Range, compare, difference_rates
from survey_kit.cleaning.backcheck_tests import (
    paired_t,
    proportions,
    reliability,
    response_variance,
    signed_rank,
)
from survey_kit.cleaning.checks.back_check import BACK_CHECK, back_checked
from survey_kit.cleaning.run_checks import run_checks
from survey_kit.errors import StudyError

FIRST = np.array([10.0, 9, 12, 10, 8, 7, 11, 13, 9, 10, 14, 6, 9, 12])
SECOND = np.array([9.0, 10, 12, 10, 9, 7, 14, 12, 9, 8, 13, 6, 10, 15])


def test_the_tests_of_stability_are_those_of_r():
    # R 4.2 says of a paired t.test:
    t = paired_t(FIRST, SECOND)
    assert (t.statistic, t.p) == pytest.approx((-0.743768438, 0.470246754))
    # R's var of the differences, halved, and that against its var of the second.
    assert response_variance(FIRST, SECOND) == pytest.approx(1.032967033)
    assert reliability(FIRST, SECOND) == pytest.approx(0.8488745981)
    # R's prop.test of 7 and 5 in 10 without correction gives the square of z.
    one = np.array([1.0, 1, 0, 1, 0, 1, 1, 1, 0, 1])
    other = np.array([1.0, 0, 0, 1, 0, 0, 1, 1, 0, 1])
    shares = proportions(one, other)
    assert (shares.statistic**2, shares.p) == pytest.approx((0.8333333333, 0.3613104285))


def test_signed_ranks_are_those_of_scipy_with_pratts_zeros():
    from scipy.stats import wilcoxon

    found = signed_rank(FIRST, SECOND)

    peer = wilcoxon(FIRST, SECOND, zero_method="pratt", method="asymptotic", correction=False)
    assert (found.statistic, found.p) == pytest.approx((peer.zstatistic, peer.pvalue))


def test_what_cannot_be_tested_is_no_number_and_no_warning():
    same = np.array([1.0, 1.0])

    assert np.isnan(paired_t(same, same).p)
    assert np.isnan(signed_rank(same, same).p)
    assert np.isnan(proportions(same, same).p)
    assert np.isnan(reliability(same, same))
    assert np.isnan(reliability(same[:1], same[:1]))


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=3, max_size=30))
def test_to_swap_the_visits_turns_the_tests_around(pairs):
    first, second = (np.array(side, dtype=float) for side in zip(*pairs, strict=True))

    for test in (paired_t, signed_rank):
        one, other = test(first, second), test(second, first)
        assert one.p == pytest.approx(other.p, nan_ok=True)
        assert one.statistic == pytest.approx(-other.statistic, nan_ok=True)


def _compared(first, second, **plan):
    survey = pd.DataFrame({"q": first}, index=[f"h{n}" for n in range(len(first))])
    back = pd.DataFrame({"q": second}, index=survey.index)
    return compare(survey, back, Plan(types={"q": 1}, **plan))["result"].tolist()


def test_a_range_holds_at_both_its_ends_absolute_or_relative():
    near = Range(-1, 2)
    relative = Range(-10, 10, relative=True)

    assert _compared([10.0] * 5, [9.0, 8.9, 12, 12.1, 10], ranges={"q": near}) == [
        "within the range",
        "different",
        "within the range",
        "different",
        "same",
    ]
    assert _compared([100.0, 0.3, 0.0], [90.0, 0.33, 0.1], ranges={"q": relative}) == [
        "within the range",
        "within the range",
        "different",
    ]


@pytest.mark.parametrize(
    ("blank", "results"),
    [
        (Blank.BACK_CHECK, ["same", "not compared", "different", "not compared"]),
        (Blank.EITHER, ["same", "not compared", "not compared", "not compared"]),
        (Blank.NEITHER, ["same", "different", "different", "same"]),
    ],
)
def test_what_a_blank_is_can_be_chosen(blank, results):
    assert _compared(["a", "a", None, None], ["a", None, "a", None], blank=blank) == results


def test_answers_that_are_left_out_or_never_differ_are_so():
    found = _compared(
        ["a", "9", "a", "a"],
        ["9", "a", "x", "b"],
        leave_out=frozenset("9"),
        never_different=frozenset("x"),
    )

    assert found == ["not compared", "not compared", "same", "different"]


def test_somebody_who_is_not_in_the_survey_is_left_out_and_two_visits_count_twice():
    survey = pd.DataFrame({"q": ["a"]}, index=["h1"])
    back = pd.DataFrame({"q": ["a", "b", "a"]}, index=["h1", "h1", "h2"])

    found = compare(survey, back, Plan(types={"q": 2}))

    assert found["result"].tolist() == ["same", "different"]
    assert difference_rates(found, ["question"])["rate"].tolist() == [0.5]


@pytest.fixture(name="village")
def _village(survey, question, choice):
    return survey(
        [
            question("hh", "text"),
            question("enumerator"),
            question("roof", "select_one roofs"),
            question("rooms", "integer"),
            question("sources", "select_multiple sources"),
            question("head", "text"),
        ],
        {
            "hh": ["001", "002", "003", "004", "004"],
            "enumerator": ["a", "a", "b", "b", "b"],
            "roof": ["tin", "tin", "dk", "tile", "tile"],
            "rooms": [2, 3, 4, 5, 5],
            "sources": ["well tap", "tap", "well", "tap", "tap"],
            "head": ["Ma Aye", "U Ba", "U Ba", "x", "x"],
        },
        lists={
            "roofs": [
                choice("tin", "Tin sheets"),
                choice("tile", "Tiles"),
                choice("dk", "?", "dont_know"),
            ],
            "sources": ["well", "tap"],
        },
    )


BACK = """hh,checker,Roof,roof,rooms,sources,head
001,z,x,Tin sheets,3,tap well,ma aye.
002,z,x,tile,9,well,Ko Min
003,z,x,tin,4,well,U Ba
004,z,x,tin,4,well,U Ba
777,z,x,tin,4,well,U Ba
"""


def _settings(tmp_path, **more):
    (tmp_path / "back.csv").write_text(BACK, encoding="utf-8")
    return {
        "file": "back.csv",
        "id": "hh",
        "type1": ["roof", "head"],
        "type2": ["rooms", "sources"],
        **more,
    }


def test_labels_orders_and_spellings_are_no_differences_and_dont_know_is_not_compared(
    village, tmp_path
):
    settings = {"back_check": _settings(tmp_path, within=["rooms: -1 to 1"])}

    checked = run_checks(village, settings, folder=tmp_path)

    found = checked.findings[checked.findings["check"] == "back_check"]
    assert found[["interview", "question", "answer", "suggestion"]].to_numpy().tolist() == [
        ["i2", "roof", "tin", "Ask which holds; the back-check has tile"],
        ["i2", "head", "(text, 4 characters)", "Ask which holds"],
    ]
    note = checked.summary.set_index("check").loc["back_check", "note"]
    assert note == (
        "3 back-checks, 60% of the interviews; roof (type 1) 1 of 2 differ; head (type 1) 1 of 3 differ; "
        "rooms (type 2) 1 of 3 differ; sources (type 2) 1 of 3 differ; "
        "2 back-checks have an id that no interview has; 2 interviews share an id and were not compared"
    )


def test_rates_are_counted_by_enumerator_team_and_back_checker(village, tmp_path):
    given_ = _settings(tmp_path, back_checker="checker", team="enumerator")
    settings = {**BACK_CHECK.settings, **given_, "file": tmp_path / "back.csv"}

    found = back_checked(
        village, {k: tuple(v) if isinstance(v, list) else v for k, v in settings.items()}
    )

    assert found.by_enumerator[
        ["enumerator", "type", "compared", "different"]
    ].to_numpy().tolist() == [
        ["a", 2, 4, 3],
        ["a", 1, 4, 2],
        ["b", 2, 2, 0],
        ["b", 1, 1, 0],
    ]
    assert found.by_team["team"].tolist() == found.by_enumerator["enumerator"].tolist()
    assert found.by_back_checker["compared"].tolist() == [6, 5]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (
            {"type1": ["rof"]},
            "checks: back_check: the responses have no column 'rof'. Did you mean 'roof'?\nback.csv: it has no column 'rof'. Did you mean 'roof'?",
        ),
        (
            {"id": "house"},
            "back.csv: it has no column 'house'. Write one of: hh, checker, Roof, roof, rooms, sources, head.",
        ),
        (
            {"type1": [], "type2": []},
            "checks: back_check: no question is compared. Name some in type1, type2 or type3.",
        ),
        (
            {"blank": "both"},
            "checks: back_check: blank: 'both' is not known. Write one of: back_check, either, neither.",
        ),
        (
            {"within": ["rooms -1 1"]},
            "checks: back_check: within: 'rooms -1 1' is no range around the first answer. Write: ['rooms: -1 to 1', 'income: -10% to 10%'].",
        ),
        (
            {"within": ["room: -1 to 1"]},
            "checks: back_check: within: 'room' is not compared. Did you mean 'rooms'?",
        ),
        (
            {"back_checker": "chekcer"},
            "back.csv: it has no column 'chekcer'. Did you mean 'checker'?",
        ),
    ],
)
def test_settings_that_do_not_fit_are_refused(village, tmp_path, more, message):
    with pytest.raises(StudyError) as caught:
        run_checks(village, {"back_check": {**_settings(tmp_path), **more}}, folder=tmp_path)

    assert str(caught.value) == message


def test_ids_that_fit_nobody_are_said_rather_than_found_clean(village, tmp_path):
    (tmp_path / "back.csv").write_text("interview,roof\nx,tin\n", encoding="utf-8")
    settings = {"file": tmp_path / "back.csv", "type1": ("roof",)}

    reach = BACK_CHECK.reach(village, {**BACK_CHECK.settings, **settings})

    assert not reach.runs
    assert reach.note == "none of 1 back-checks has an id of the survey: look at the setting id"


@pytest.mark.shared
def test_the_example_of_bcstats_gives_its_rates(survey, question, shared):
    """`bcstats, t1vars(gender) t2vars(gameresult) t3vars(itemssold) exclude(. "")` and its okrange.

    Counted by hand from the two files: gender 1 of 7 (the survey has a blank), gameresult 1 of 7
    (11 and 14), itemssold 3 of 7 (7 and 10, 3 and 5, 3 and 6).
    """
    folder = shared / "data" / "ipa_backcheck"
    table = pd.read_stata(folder / "bcstats_survey.dta")
    numbers = ("id", "enum", "enumteam", "gameresult", "itemssold")
    responses = survey(
        [*(question(name, "integer") for name in numbers), question("gender")],
        {
            **{n: list(table[n]) for n in numbers},
            "gender": list(table["gender"].replace("", np.nan)),
        },
    )
    settings = {
        **BACK_CHECK.settings,
        "file": folder / "bcstats_bc.dta",
        "id": "id",
        "type1": ("gender",),
        "type2": ("gameresult",),
        "type3": ("itemssold",),
        "within": ("gameresult: -1 to 1", "itemssold: -5% to 5%"),
        "team": "enumteam",
        "back_checker": "bcer",
    }

    found = back_checked(responses, settings)

    rates = found.by_question.set_index("question")
    assert rates[["compared", "different"]].to_numpy().tolist() == [[7, 3], [7, 1], [7, 1]]
    assert rates.index[0] == "itemssold"
    assert found.pairs == 14
    sold = found.stability.set_index("question").loc["itemssold"]
    # d = -3, -2, 0, 0, 0, -3, 0: mean -8/7, t = mean / (sd / sqrt(7))
    assert sold["difference"] == pytest.approx(-8 / 7)
    assert sold["t"] == pytest.approx(-2.0655911)
    by_team = found.by_team[found.by_team["type"] == 1].set_index("team")
    assert by_team["different"].to_dict() == {"1": 1, "2": 0, "3": 0}
    findings = BACK_CHECK.find(responses, settings)
    assert findings[["interview", "question"]].to_numpy().tolist() == [["i6", "gender"]]
