"""Letters of columns that share people: R's numbers, what must hold, how often chance gives one.

R 4.2.2, survey 4.1-1, with the data of `SHARED`:

    for (g in c("a", "b", "k")) d[[paste0("y", g)]] <- d$y * d[[g]]
    des <- svydesign(~c, strata = ~s, weights = ~w, data = d)
    t <- svytotal(~ya + yb + yk + a + b + k, des)
    x <- svycontrast(t, list(ab = quote(ya/a - yb/b), ak = quote(ya/a - yk/k), bk = quote(yb/b - yk/k)))
    p <- 2 * pt(-abs(coef(x) / SE(x)), degf(des)); p.adjust(p, "holm")
    withReplicates(as.svrepdesign(des, type = "JKn"), quote(c(sum(.weights*ya)/sum(.weights*a) - ...)))
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from survey_kit.design.design import Design, Sampling
from survey_kit.design.replicates import jackknife
from survey_kit.design.sample import Sample
from survey_kit.estimation.overlapping import overlapping_means
from survey_kit.estimation.pairwise import pairwise
from survey_kit.estimation.rao_scott import rao_scott_multiple
from survey_kit.protection.rules import Rules
from survey_kit.questionnaire.model import Privacy
from survey_kit.tables.crosstab import crosstab
from survey_kit.tables.letters import of_overlapping
from survey_kit.tables.pairs import distinct
from survey_kit.tables.protected import protect
from survey_kit.tables.texts import notes_of
from survey_kit.tables.variable import Kind, Variable

NUMBER = np.arange(240)
SHARED = pd.DataFrame(
    {
        "s": NUMBER // 120,
        "c": NUMBER // 10,
        "w": 1 + (NUMBER * 7) % 5 / 2,
        "a": ((NUMBER * 13) % 17 < 8) * 1.0,
        "b": ((NUMBER * 5) % 11 < 6) * 1.0,
        "k": (NUMBER % 3 < 2) * 1.0,
    }
)
SHARED["y"] = (8 + 8 * SHARED["a"] - 4 * SHARED["k"] > (NUMBER * 29) % 31) * 1.0
SHARED["said"] = np.where(SHARED["y"] == 1, "yes", "no")
DESIGN = Design(Sampling.PROBABILITY, weight="w", stratum="s", cluster="c")
EVERYBODY = np.ones(len(SHARED), dtype=bool)
PAIRS = ((0, 1), (0, 2), (1, 2))


def variable(name, kind, codes, columns=None):
    labels = {code: code.upper() for code in codes}
    columns = tuple(columns or [name])
    return Variable(name, kind, name, name, "All", tuple(codes), labels, columns, Privacy.PLAIN)


SAID = variable("said", Kind.ONE, ("yes", "no"))
ANSWERED = variable("y", Kind.NUMBER, ())
CHOSE = variable("chose", Kind.MANY, ("a", "b", "k"), ("a", "b", "k"))


def table_of(row, banner, data=SHARED, design=DESIGN, **more):
    more.setdefault("uncertainty", "design")
    return crosstab(Sample(data, design), row, [banner], name="t", **more)


def letters_of(table):
    """Label of the row -> the letters of its cells, from the second column on."""
    return {
        row.label: [cell.letters for cell in cells[1:]]
        for row, cells in zip(table.rows, table.cells, strict=True)
    }


def groups_of(data=SHARED, names=("a", "b", "k")):
    return {name: (data[name] == 1).to_numpy() for name in names}


def test_differences_of_columns_that_share_people_are_those_of_r() -> None:
    found = pairwise(overlapping_means(Sample(SHARED, DESIGN), ["y"], groups_of()))

    at = tuple(np.transpose([(0, *pair) for pair in PAIRS]))
    assert found.df == 22
    assert found.difference[at] == pytest.approx(
        [0.1075964331554, 0.2014657079646, 0.0938692748092], rel=1e-10
    )
    assert found.standard_error[at] == pytest.approx(
        [0.0370759038301, 0.0342685824980, 0.0227213343713], rel=1e-9
    )
    assert found.p[at] == pytest.approx(
        [8.26625167439e-03, 6.46646177426e-06, 4.37797929535e-04], rel=1e-8
    )
    assert found.adjusted[at] == pytest.approx(
        [8.26625167439e-03, 1.93993853228e-05, 8.75595859070e-04], rel=1e-8
    )


def test_under_replicates_they_are_those_of_r_too() -> None:
    found = pairwise(overlapping_means(jackknife(Sample(SHARED, DESIGN)), ["y"], groups_of()))

    at = tuple(np.transpose([(0, *pair) for pair in PAIRS]))
    assert found.standard_error[at] == pytest.approx(
        [0.0369718519768, 0.0341873468440, 0.0227412832833], rel=1e-9
    )


def test_letters_say_what_r_finds_at_the_level_of_the_table() -> None:
    table = table_of(SAID, CHOSE)
    strict = table_of(SAID, CHOSE, level=0.995)

    assert [column.letter for column in table.columns] == ["", "A", "B", "C"]
    assert letters_of(table) == {"YES": ["BC", "C", ""], "NO": ["", "A", "AB"]}
    # Holm's p of a and b is 0.0083
    assert letters_of(strict) == {"YES": ["C", "C", ""], "NO": ["", "", "AB"]}


def test_means_and_several_answers_in_the_rows_have_letters_too() -> None:
    others = variable("others", Kind.MANY, ("y", "z"), ("y", "z"))
    data = SHARED.assign(z=1 - SHARED["y"])

    assert letters_of(table_of(ANSWERED, CHOSE)) == {"Mean": ["BC", "C", ""]}
    assert letters_of(table_of(others, CHOSE, data)) == {"Y": ["BC", "C", ""], "Z": ["", "A", "AB"]}


def test_the_joint_covariance_of_shared_people_finds_what_separate_errors_do_not() -> None:
    found = overlapping_means(Sample(SHARED, DESIGN), ["y"], groups_of())

    apart = np.sqrt(found.variance[0] + found.variance[1])
    assert found.value[0] - found.value[1] < 2 * apart
    assert pairwise(found).higher()[0, 0, 1]


def test_a_column_compared_with_itself_has_no_difference_and_no_letter() -> None:
    twice = variable("twice", Kind.MANY, ("a", "again"), ("a", "a"))

    table = table_of(SAID, twice)

    assert [column.letter for column in table.columns] == ["", "A", "B"]
    assert letters_of(table) == {"YES": ["", ""], "NO": ["", ""]}
    found = pairwise(
        overlapping_means(Sample(SHARED, DESIGN), ["y"], {"1": EVERYBODY, "2": EVERYBODY})
    )
    assert found.difference[0, 0, 1] == 0
    assert np.isnan(found.p[0, 0, 1])


def test_a_part_is_compared_with_the_whole_and_with_a_part_of_itself() -> None:
    data = SHARED.assign(all=1.0, both=SHARED["a"] * SHARED["b"])
    nested = variable("nested", Kind.MANY, ("all", "a", "both"), ("all", "a", "both"))

    found = letters_of(table_of(SAID, nested, data))

    means = overlapping_means(Sample(data, DESIGN), ["y"], groups_of(data, nested.codes))
    # R: svycontrast(t, quote(ya/a - y/w)) of totals, w the sum of weights
    adjusted = pairwise(means).adjusted[0]
    assert found["YES"][1] == "".join(
        "AC"[i] for i, b in enumerate((0, 2)) if adjusted[1, b] < 0.05
    )
    assert "A" in found["YES"][1]


@st.composite
def surveys(draw):
    """People at places, some weighted, with one answer out of three; some gave none."""
    random = np.random.default_rng(draw(st.integers(0, 10_000)))
    n, places = draw(st.sampled_from([(240, 24), (300, 300)]))
    group = random.choice(["p", "q", "r"], n, p=[0.4, 0.35, 0.25]).astype(object)
    group[random.random(n) < draw(st.sampled_from([0.0, 0.1]))] = None
    higher = draw(st.floats(0, 0.35))
    yes = random.random(n) < 0.3 + higher * (group == "q")
    data = pd.DataFrame(
        {
            "group": group,
            "said": np.where(yes, "yes", "no"),
            "y": yes * random.uniform(1, 2, n),
            "w": random.uniform(0.5, 2, n) if draw(st.booleans()) else np.ones(n),
            "c": np.arange(n) % places,
            "s": np.arange(n) % places % 2,
        }
    )
    known = data["group"].notna()
    # fewer without an answer would be put together with a group
    assume(known.all() or (~known).sum() >= Rules().smallest_base)
    for code in ("p", "q", "r"):
        data[code] = np.where(known, data["group"] == code, np.nan)
    return data


@settings(max_examples=25, deadline=None)
@given(surveys(), st.sampled_from([SAID, ANSWERED]))
def test_columns_that_share_nobody_have_the_letters_of_one_answer(data, row) -> None:
    one = table_of(row, variable("group", Kind.ONE, ("p", "q", "r")), data)
    several = table_of(row, variable("groups", Kind.MANY, ("p", "q", "r"), ("p", "q", "r")), data)

    def told(table):
        kept = [j for j, column in enumerate(table.columns) if column.code in ("p", "q", "r")]
        return [
            [(table.columns[j].letter, table.cells[i][j].letters) for j in kept]
            for i in range(len(table.rows))
        ]

    assert told(several) == told(one)


def test_columns_that_share_all_but_a_few_are_not_compared() -> None:
    """The 25 whom the larger has besides all say no."""
    more = SHARED["a"].copy()
    more[np.flatnonzero((SHARED["a"] == 0) & (SHARED["y"] == 0))[:25]] = 1.0
    nearly = variable("nearly", Kind.MANY, ("a", "more"), ("a", "more"))

    table = table_of(SAID, nearly, SHARED.assign(more=more))
    told = table_of(SAID, nearly, SHARED.assign(more=more), rules=Rules(warn_base=25))

    assert letters_of(table) == {"YES": ["", ""], "NO": ["", ""]}
    assert letters_of(told) == {"YES": ["B", ""], "NO": ["", "A"]}


def test_what_is_not_compared_is_not_counted_among_the_pairs() -> None:
    groups = groups_of() | {"nearly a": (SHARED["a"] == 1).to_numpy() & (NUMBER > 2)}
    compared = distinct(list(groups.values()), 30)

    found = pairwise(overlapping_means(Sample(SHARED, DESIGN), ["y"], groups), compared=compared)

    assert not compared[0, 3]
    assert np.isnan(found.adjusted[0, 0, 3])
    # five of the six pairs: the smallest p is multiplied by five
    p, adjusted = found.p[0][np.triu_indices(4, 1)], found.adjusted[0][np.triu_indices(4, 1)]
    assert np.nanmin(adjusted) == pytest.approx(5 * np.nanmin(p))


@settings(max_examples=50)
@given(st.lists(st.integers(0, 3), min_size=1, max_size=60), st.integers(1, 20))
def test_groups_are_distinct_by_whom_the_larger_has_besides(people, fewest) -> None:
    one = np.array([who in (1, 3) for who in people])
    two = np.array([who in (2, 3) for who in people])
    larger, other = (one, two) if one.sum() >= two.sum() else (two, one)

    found = distinct([one, two], fewest)

    assert found[0, 1] == found[1, 0] == ((larger & ~other).sum() >= fewest)


@pytest.mark.client
def test_chance_seldom_gives_a_letter_to_columns_that_share_people() -> None:
    """4,000 rows without a difference; the recorded figures are in docs/methods.md."""
    random = np.random.default_rng(11)
    n, places, answers = 400, 40, 10
    place = np.arange(n) % places
    rows = {f"y{k}": f"y{k}" for k in range(answers)}
    letters, everybody = 0, np.ones(n, dtype=bool)
    for _ in range(400):
        at_place = random.normal(0, 0.4, (places, answers))
        likes = random.normal(0, 0.7, n)
        data = pd.DataFrame(
            (at_place[place] + random.normal(size=(n, answers)) < -0.3) * 1.0, columns=list(rows)
        ).assign(w=random.uniform(0.5, 2, n), c=place, s=place % 2)
        groups = {
            str(cut): likes + random.normal(size=n) + at_place[place, 0] < cut
            for cut in (-0.5, 0, 0.5, 1)
        }
        compared = of_overlapping(
            Sample(data, DESIGN), rows, groups, where=everybody, level=0.95, fewest=30
        )
        letters += sum(row.higher.any() for name, row in compared.items() if name != "y0")
    assert 0.02 < letters / (400 * (answers - 1)) < 0.055


def test_whether_the_answer_matters_to_what_was_chosen_is_tested_on_all_options() -> None:
    table = table_of(SAID, CHOSE)

    (test,) = table.comparisons
    found = rao_scott_multiple(Sample(SHARED, DESIGN), ["a", "b", "k"], "said")
    assert (test.group, test.name, test.statistic, test.p) == (
        "chose",
        "Rao-Scott F",
        found.statistic,
        found.p,
    )


def test_several_answers_by_one_are_tested_on_all_options() -> None:
    table = table_of(CHOSE, SAID)

    (test,) = table.comparisons
    assert test.p == rao_scott_multiple(Sample(SHARED, DESIGN), ["a", "b", "k"], "said").p


def test_without_uncertainty_columns_that_share_people_have_no_letters() -> None:
    table = table_of(SAID, CHOSE, uncertainty="none")

    assert not any(column.letter for column in table.columns)
    assert table.comparisons == ()
    assert "chose: people may be in several of these columns." in notes_of(table)


def test_a_question_is_not_compared_by_its_own_answers() -> None:
    table = table_of(CHOSE, CHOSE)

    assert not any(column.letter for column in table.columns)


def test_what_letters_rest_on_is_said_under_the_table() -> None:
    notes = notes_of(table_of(SAID, CHOSE))

    assert (
        "Letters: higher than the column of that letter in the same group (t test, p < 0.05, "
        "adjusted by Holm for all pairs of the row). Total is not compared: everybody of each "
        "column is in it."
    ) in notes
    assert (
        "chose: people may be in several of these columns, which their letters allow for. Two "
        "columns that share nearly everybody are not compared."
    ) in notes


def test_no_letter_points_at_or_stands_in_a_hidden_cell_of_columns_that_share_people() -> None:
    yes = SHARED["y"].copy()
    yes[SHARED["b"] == 1] = 0.0
    yes[np.flatnonzero(SHARED["b"] == 1)[:3]] = 1.0
    data = SHARED.assign(said=np.where(yes == 1, "yes", "no"))
    table = table_of(SAID, CHOSE, data)

    protected = protect(table, Rules())

    assert "B" in letters_of(table)["YES"][0]
    hidden = [
        (i, j)
        for i, row in enumerate(protected.cells)
        for j, cell in enumerate(row)
        if cell.value is None
    ]
    assert (0, 2) in hidden
    for i, j in hidden:
        assert protected.cells[i][j].letters == ""
        assert not any(protected.columns[j].letter in cell.letters for cell in protected.cells[i])
    assert protected.comparisons == ()


@pytest.mark.client
def test_more_cells_than_can_be_tested_are_told_as_such() -> None:
    n = 6_400
    data = pd.DataFrame(
        {"job": [f"j{k % 800:03}" for k in range(n)], "group": [f"g{k % 5}" for k in range(n)]}
    )
    jobs = variable("job", Kind.ONE, sorted(set(data["job"])))
    five = variable("group", Kind.ONE, [f"g{k}" for k in range(5)])

    table = table_of(jobs, five, data, Design(Sampling.PROBABILITY))

    assert table.comparisons == ()
    assert table.notes[-1] == (
        "group: not tested as a whole, because 800 by 5 categories make too many cells for their "
        "covariance."
    )


def test_columns_too_large_for_a_joint_covariance_are_shown_and_not_compared(monkeypatch) -> None:
    monkeypatch.setattr("survey_kit.tables.columns.MOST_NUMBERS", 3)
    said = variable("said", Kind.ONE, ("yes", "no"))
    sides = SHARED.assign(side=np.where(NUMBER % 2, "left", "right"))
    side = variable("side", Kind.ONE, ("left", "right"))

    table = table_of(said, side, sides)

    monkeypatch.undo()
    usual = table_of(said, side, sides)
    assert [[cell.value for cell in row] for row in table.cells] == [
        [pytest.approx(cell.value) for cell in row] for row in usual.cells
    ]
    assert not any(column.letter for column in table.columns)
    assert table.notes == (
        (
            "side: not compared, because the covariance of so many numbers would not fit into "
            "memory."
        ),
    )


def test_a_domain_of_a_larger_survey_is_compared_within_itself() -> None:
    half = NUMBER < 120
    table = table_of(SAID, CHOSE, where=half)

    higher = of_overlapping(
        Sample(SHARED, DESIGN), {"yes": "y"}, groups_of(), where=half, level=0.95, fewest=30
    )["yes"].higher
    assert letters_of(table)["YES"] == [
        "".join("ABC"[b] for b in range(3) if higher[a, b]) for a in range(3)
    ]
    alone = replace(Sample(SHARED[half], replace(DESIGN, stratum=None)))
    found = overlapping_means(alone, ["y"], groups_of(SHARED[half]))
    assert (pairwise(found).higher()[0] == higher).all()


def test_a_test_of_options_stays_where_only_an_option_that_it_leaves_out_is_hidden() -> None:
    few = (NUMBER < 4) * 1.0
    chose = variable("chose", Kind.MANY, ("a", "b", "k", "few"), ("a", "b", "k", "few"))

    table = table_of(SAID, chose, SHARED.assign(few=few))
    protected = protect(table, Rules())

    assert [column.letter for column in protected.columns] == ["", "A", "B", "C", ""]
    assert protected.columns[-1].base.unweighted is None
    assert protected.comparisons == table.comparisons != ()
