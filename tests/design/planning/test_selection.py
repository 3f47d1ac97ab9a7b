"""Selections: chances, weights, stages, records, and what is refused, word for word."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survey_kit import __version__
from survey_kit.collect import collect
from survey_kit.design.design import Unequal
from survey_kit.design.planning.again import draw_again
from survey_kit.design.planning.allocation import allocate
from survey_kit.design.planning.method import SelectionMethod
from survey_kit.design.planning.methods.sampford import PPS_SAMPFORD
from survey_kit.design.planning.methods.simple import SIMPLE
from survey_kit.design.planning.methods.systematic import PPS_SYSTEMATIC, SYSTEMATIC
from survey_kit.design.planning.methods.with_replacement import (
    PPS_WITH_REPLACEMENT,
    WITH_REPLACEMENT,
)
from survey_kit.design.planning.record import read_record
from survey_kit.design.planning.selection import Selection, select
from survey_kit.design.planning.stages import select_within
from survey_kit.design.sample import Sample
from survey_kit.errors import DesignError
from survey_kit.estimation.estimate import estimate
from survey_kit.estimation.statistics.total import TOTAL

DAY = date(2026, 11, 21)
EVERY = collect("survey_kit.design.planning.methods", SelectionMethod)
every_method = pytest.mark.parametrize("method", EVERY.values(), ids=EVERY)


def villages() -> pd.DataFrame:
    """60 villages in two regions; v3 is a town."""
    rng = np.random.default_rng(1)
    households = rng.integers(20, 200, 60)
    households[3] = 5000
    return pd.DataFrame(
        {
            "village": [f"v{number}" for number in range(60)],
            "region": np.repeat(["north", "south"], 30),
            "households": households,
        }
    )


def houses(of: pd.DataFrame) -> pd.DataFrame:
    """A row for each household; house numbers begin anew in each village."""
    sizes = of["households"].to_numpy()
    return pd.DataFrame(
        {
            "village": np.repeat(of["village"].to_numpy(), sizes),
            "house": np.concatenate([np.arange(1, size + 1) for size in sizes]),
        }
    )


def drawn(method: SelectionMethod = SIMPLE, seed: int = 7, **changed: object) -> Selection:
    """Six villages of the north and five of the south."""
    asked: dict[str, object] = {
        "seed": seed,
        "on": DAY,
        "key": "village",
        "stratum": "region",
        "size": "households" if method.by_size else None,
    }
    frame = changed.pop("frame", villages())
    n = changed.pop("n", {"north": 6, "south": 5})
    return select(frame, n, method, **(asked | changed))  # type: ignore[arg-type]


def within(before: Selection, units: pd.DataFrame, **changed: object) -> Selection:
    asked: dict[str, object] = {"cluster": "village", "seed": 7, "on": DAY, "key": "house"}
    n = changed.pop("n", 8)
    return select_within(before, units, n, **(asked | changed))  # type: ignore[arg-type]


@every_method
def test_every_method_keeps_its_counts_and_draws_again_from_its_record(
    method: SelectionMethod,
) -> None:
    first = drawn(method)
    both = within(first, houses(villages()), method=SYSTEMATIC)

    assert first.frame["region"].value_counts().to_dict() == {"north": 6, "south": 5}
    assert len(both) == 88
    again = draw_again(read_record(both.record.as_json()), villages(), houses(villages()))
    assert again.frame.equals(both.frame)
    assert again.record == both.record


def test_another_seed_draws_another_sample_and_a_stratum_minds_no_other() -> None:
    one = drawn()
    other = drawn(seed=8)
    more = drawn(n={"north": 9, "south": 5})

    assert set(one.frame["village"]) != set(other.frame["village"])
    south = one.frame["region"] == "south"
    assert one.frame[south].equals(more.frame[more.frame["region"] == "south"])


def test_equal_chances_weigh_up_to_the_list() -> None:
    selection = drawn(SYSTEMATIC)

    assert selection.frame["chance_1"].tolist() == pytest.approx([6 / 30] * 6 + [5 / 30] * 5)
    assert selection.frame["weight"].sum() == pytest.approx(60)


def test_by_size_the_weighted_sizes_are_the_size_of_the_list_and_have_no_error() -> None:
    selection = drawn(PPS_SAMPFORD)
    sample = Sample(selection.frame, selection.design)

    found = estimate(TOTAL, sample, ["households"])

    assert found.value[0] == pytest.approx(villages()["households"].sum())
    assert found.standard_error[0] == pytest.approx(0, abs=1e-6)


def test_a_unit_larger_than_the_interval_is_certain_and_it_is_said() -> None:
    selection = drawn(PPS_SYSTEMATIC)

    town = selection.frame.set_index("village").loc["v3"]
    assert (town["chance_1"], town["weight"], town["certain_1"]) == (1, 1, True)
    assert town["stratum_1"] == "north (certain)"
    assert selection.frame["certain_1"].sum() == 1
    assert selection.sentence == (
        "11 of 60 units were drawn by systematic sampling with probability proportional to size "
        "('households'), in 2 strata ('region'). 1 unit was as large as the interval, and taken "
        "with certainty; the others were drawn from the rest."
    )


def test_a_simple_sample_has_the_variance_of_the_textbook() -> None:
    selection = select(villages(), 20, seed=3, on=DAY, key="village")
    sample = Sample(selection.frame, selection.design)

    found = estimate(TOTAL, sample, ["households"])

    # Cochran 1977, chapter 2: N² (1 - n/N) s²/n
    spread = selection.frame["households"].var(ddof=1)
    assert found.standard_error[0] ** 2 == pytest.approx(60**2 * (1 - 20 / 60) * spread / 20)


def test_standard_errors_of_two_stages_are_right_on_average() -> None:
    frame = villages()
    frame.loc[3, "households"] = 150
    units = houses(frame)
    rng = np.random.default_rng(4)
    level = dict(zip(frame["village"], rng.normal(10, 3, 60), strict=True))
    units["litres"] = units["village"].map(level) + rng.normal(0, 2, len(units))
    values, errors = [], []

    for seed in range(40):
        first = drawn(PPS_SAMPFORD, frame=frame, seed=seed)
        both = within(first, units, seed=seed, n=5)
        found = estimate(TOTAL, Sample(both.frame, both.design), ["litres"])
        values.append(found.value[0])
        errors.append(found.standard_error[0])

    total = units["litres"].sum()
    spread = np.std(values, ddof=1)
    assert np.mean(values) == pytest.approx(total, abs=4 * spread / 40**0.5)
    # the standard deviation of 40 is known to 11 %
    assert np.mean(errors) == pytest.approx(spread, rel=0.35)


def test_as_many_households_in_villages_drawn_by_size_have_one_chance() -> None:
    frame = villages().drop(index=3)

    both = within(drawn(PPS_SYSTEMATIC, frame=frame), houses(frame))

    weights = both.frame.groupby("stratum_1")["weight"].agg(["min", "max"])
    assert (weights["max"] - weights["min"] < 1e-9).all()
    assert both.frame["weight"].sum() == pytest.approx(frame["households"].sum())
    assert both.design.populations == ("chance_1", "chance_2")
    assert both.design.unequal is Unequal.BREWER


def test_a_village_drawn_twice_is_drawn_from_twice() -> None:
    first = drawn(PPS_WITH_REPLACEMENT)
    both = within(first, houses(villages()))

    town = both.frame[both.frame["village"] == "v3"]
    hits = int((first.frame["village"] == "v3").sum())
    assert hits > 1
    assert len(town) == 8 * hits
    assert list(dict.fromkeys(town["cluster_1"]))[:2] == ["v3", "v3 (2)"]
    assert both.frame["weight"].sum() == pytest.approx(villages()["households"].sum())
    assert both.design.populations == ()
    assert both.frame["cluster_2"].is_unique


def test_one_person_of_each_household_leaves_the_earlier_stages_to_decide() -> None:
    both = within(drawn(PPS_SYSTEMATIC), houses(villages()))
    homes = both.frame.assign(house=both.frame["cluster_2"])[["village", "house"]]
    people = homes.loc[homes.index.repeat(3)].reset_index(drop=True)
    people["person"] = np.tile([1, 2, 3], len(homes))
    second = Selection(both.frame.assign(house=both.frame["cluster_2"]), both.design, both.record)

    third = select_within(
        second, people[["house", "person"]], 1, cluster="house", seed=1, on=DAY, key="person"
    )

    assert len(third) == len(both)
    assert third.frame["weight"].sum() == pytest.approx(3 * both.frame["weight"].sum())
    assert third.design.clusters == ("cluster_1", "cluster_2", "cluster_3")
    assert third.design.populations == ()
    assert Sample(third.frame, third.design).degrees_of_freedom() == 8


def test_a_sorted_list_is_spread_over_evenly() -> None:
    frame = pd.DataFrame({"id": range(100), "height": np.random.default_rng(2).permutation(100)})

    found = select(frame, 10, SYSTEMATIC, seed=5, on=DAY, key="id", order=["height"])

    assert sorted(found.frame["height"] // 10) == list(range(10))


def test_small_villages_may_be_taken_whole() -> None:
    frame = villages()
    frame["households"] = [3] * 30 + [40] * 30

    both = within(drawn(frame=frame), houses(frame), short="take all")

    assert both.record.sentence.endswith(
        "58 of 1,290 units were drawn by simple random sampling without replacement, within 11 "
        "drawn clusters. 6 clusters held fewer units than were to be drawn, and all of them were "
        "taken."
    )
    again = draw_again(read_record(both.record.as_json()), frame, houses(frame))
    assert again.frame.equals(both.frame)


def test_an_allocation_says_how_many_to_draw() -> None:
    counts = allocate(20, {"north": 30, "south": 30}).counts

    assert len(drawn(n=counts)) == 20


def test_a_list_is_the_same_list_after_a_way_through_csv(tmp_path: Path) -> None:
    frame = villages().assign(households=villages()["households"].astype(float), number=range(60))
    selection = select(frame, 5, seed=1, on=DAY, key="number", stratum=None)
    frame.to_csv(tmp_path / "list.csv", index=False)

    again = draw_again(selection.record, pd.read_csv(tmp_path / "list.csv"))

    assert again.frame["village"].tolist() == selection.frame["village"].tolist()


def test_the_record_can_be_read_in_a_report() -> None:
    text = drawn(PPS_SYSTEMATIC).record.as_markdown()

    assert "- method: pps systematic (Madow 1949" in text
    assert "- seed: 7\n- date: 2026-11-21\n" in text
    size = villages()["households"][:30].sum()
    assert f"| north | 30 | {size:,} | 6 | 1 |" in text
    assert "v3" not in text


def _refused(call: object) -> str:
    assert callable(call)
    with pytest.raises(DesignError) as caught:
        call()
    return str(caught.value)


def test_a_list_that_cannot_be_drawn_from_is_refused_word_for_word() -> None:
    frame = villages()
    assert _refused(lambda: drawn(n={"north": 40, "south": 5})) == (
        "stratum 'north': 40 are to be drawn, and the frame holds 30. Draw at most 30, merge it "
        "with another part, or complete the frame."
    )
    assert _refused(lambda: select(frame, 61, seed=1, on=DAY, key="village")) == (
        "frame: 61 are to be drawn, and the frame holds 60. Draw at most 60, merge it with "
        "another part, or complete the frame."
    )
    empty = frame.assign(households=[0, *frame["households"][1:]])
    assert _refused(lambda: drawn(PPS_SYSTEMATIC, frame=empty)) == (
        "size 'households': it is missing, infinite, 0 or negative in row 0, which could never be "
        "drawn by size. Take them out of the frame and say so, or give them the smallest size "
        "there is."
    )
    twice = frame.assign(village=["v1", *frame["village"][1:]])
    assert _refused(lambda: drawn(frame=twice)) == (
        "key 'village': the same value stands in rows 0 and 1. Take out what is listed twice, or "
        "name a column that is different in every row."
    )
    gap = frame.assign(region=[None, *frame["region"][1:]])
    assert _refused(lambda: drawn(frame=gap)) == (
        "column 'region': it is empty in row 0. Complete the frame, or take these rows out and "
        "say so."
    )
    assert _refused(lambda: drawn(frame=frame.iloc[:0])) == (
        "frame: there are no rows. Check the file it came from."
    )
    assert _refused(lambda: drawn(frame=frame.assign(weight=1))) == (
        "column 'weight': the frame has one already, and the selection adds one of this name. "
        "Rename it, or leave it out."
    )
    assert _refused(lambda: drawn(key="vilage")) == (
        "data: there is no column called 'vilage'. Did you mean 'village'?"
    )


def test_a_call_that_does_not_fit_is_refused_word_for_word() -> None:
    assert _refused(lambda: drawn(n=11)) == (
        "n: it is one number, 11, and there are 2 strata. Give a number for each, such as "
        "allocate(...).counts."
    )
    assert _refused(lambda: drawn(stratum=None)) == (
        "n: it has a number for each stratum, and no column of strata is named. Name it with "
        "stratum=, or give one number."
    )
    assert _refused(lambda: drawn(n={"north": 5, "suoth": 5})) == (
        "n: the frame has no stratum called 'suoth'. Did you mean 'south'?"
    )
    assert _refused(lambda: drawn(n={"north": 5})) == (
        "stratum 'south': there is no number to be drawn from it. Give one, or leave its rows out "
        "of the frame and say so."
    )
    assert _refused(lambda: drawn(n={"north": 5, "south": 0})) == (
        "stratum 'south': nothing is to be drawn from it, so nobody would speak for it. Draw at "
        "least one, or leave it out of the frame and say so."
    )
    assert _refused(lambda: drawn(PPS_SAMPFORD, size=None)) == (
        "method 'pps sampford': it draws by size, and no column of sizes is named. Name one with "
        "size=, or choose a method with equal chances."
    )
    assert _refused(lambda: drawn(WITH_REPLACEMENT, size="households")) == (
        "method 'with replacement': it draws with equal chances, and would not look at "
        "'households'. Leave size out, or choose a method whose name begins with 'pps'."
    )
    assert _refused(lambda: drawn(seed=-1)) == (
        "seed: -1 is not a whole number of at least 0. Give a whole number from 0 upwards."
    )
    assert _refused(lambda: drawn(n={"north": 5, "south": 2.5})) == (
        "stratum 'south': 2.5 is not a whole number of at least 1. Give a whole number from 1 "
        "upwards."
    )
    mixed = villages().assign(height=["low", *range(59)])
    assert _refused(lambda: drawn(SYSTEMATIC, frame=mixed, order=["height"])) == (
        "order 'height': it mixes text with numbers or dates, so it has no order. Make it all "
        "text or all numbers first."
    )
    many = pd.DataFrame({"id": range(30_000), "size": np.linspace(1, 2, 30_000)})
    assert _refused(
        lambda: select(many, 1000, PPS_SAMPFORD, seed=1, on=DAY, key="id", size="size")
    ) == (
        "pps sampford: 1,000 of 30,000 units are too many for it. Draw in strata, or with 'pps "
        "random systematic'."
    )


def test_lists_of_a_next_stage_are_refused_word_for_word() -> None:
    units = houses(villages())
    first = drawn(PPS_SYSTEMATIC)
    assert _refused(lambda: within(first, units[units["village"] != "v3"])) == (
        "cluster 'v3': it was drawn, and the list holds none of its units in 'village'. List its "
        "units, or draw again from a frame without it and say so."
    )
    few = units[(units["village"] != "v3") | (units["house"] <= 4)]
    assert _refused(lambda: within(first, few)) == (
        "cluster 'v3': 8 are to be drawn, and the frame holds 4. Draw at most 4, merge it with "
        "another part, or complete the frame."
    )
    both = within(first, units)
    people = pd.DataFrame({"house": [1, 2], "person": [1, 1]})
    assert _refused(
        lambda: select_within(both, people, 1, cluster="house", seed=1, on=DAY, key="person")
    ) == (
        "key 'house': units of different clusters have the same one, so their lists cannot be "
        "told apart. Give every unit of the stage before a key of its own."
    )


def test_a_record_that_does_not_fit_is_refused_word_for_word() -> None:
    record = drawn().record
    text = record.as_json()
    assert _refused(lambda: draw_again(record, villages().iloc[::-1])) == (
        "list of stage 1: the columns village, region do not hold what they held, row by row. "
        "Give the list as it was, in the same order of rows."
    )
    assert _refused(lambda: draw_again(record, villages().iloc[1:])) == (
        "list of stage 1: it has 59 rows, and the one that was drawn from had 60. Give the list "
        "as it was, in the same order of rows."
    )
    assert _refused(lambda: draw_again(record)) == (
        "record: it has 1 stage(s), and 0 list(s) were given. Give one list for each stage, first "
        "stage first."
    )
    changed = read_record(text.replace('"seed": 7', '"seed": 8'))
    assert _refused(lambda: draw_again(changed, villages())) == (
        "record, stage 1: the same list and seed give other units than were recorded. The record "
        f"was written by survey_kit {__version__}: draw with that version, or check whether the record was "
        "changed."
    )
    assert _refused(lambda: read_record("{")) == (
        "record, line 1: it is not JSON. Give the text that was written."
    )
    assert _refused(lambda: read_record("[]")) == (
        "record: it does not say 'survey-kit selection 1'. Give the record that a selection of "
        "survey_kit wrote as JSON."
    )
    assert _refused(lambda: read_record(text.replace('"simple"', '"simpel"'))) == (
        "record, stage 1: there is no method of selection called 'simpel'. Did you mean 'simple'?"
    )
    lacking = json.loads(text)
    del lacking["stages"][0]["seed"]
    assert _refused(lambda: read_record(json.dumps(lacking))) == (
        "record, stage 1: it lacks 'seed'. Give the record as it was written."
    )
    assert _refused(lambda: read_record(text.replace("2026-11-21", "yesterday"))) == (
        "record, stage 1: 'on' is not what it should be. Give the record as it was written."
    )
    assert _refused(lambda: read_record('{"format": "survey-kit selection 1"}')) == (
        "record: it holds no stage. Give the whole of what was written."
    )
    assert _refused(lambda: read_record(text.replace('"asked": 6', '"asked": 6, "rest": 1'))) == (
        "record, stage 1: 'rest' does not belong there. Give the record as it was written."
    )
