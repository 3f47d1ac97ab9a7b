"""The content of a paper questionnaire: numbers, who is asked, boxes, grids, where to go on."""

from __future__ import annotations

from pathlib import Path

import pytest

from survey_kit.forms.paper.compose import compose
from survey_kit.forms.paper.limits import bounds
from survey_kit.forms.paper.rich import words
from survey_kit.forms.paper.sheet import (
    Ask,
    Bar,
    Declaration,
    Fields,
    FromList,
    Heading,
    Lines,
    Matrix,
    Note,
    Roster,
    Row,
    Run,
    Scale,
    Sheet,
    Signs,
    Ticks,
    text_of,
)
from survey_kit.questionnaire.parser import parse
from survey_kit.questionnaire.yaml_file import read_yaml

HEAD = """\
questionnaire: journey
version: "3"
title: {en: The journey, ar: الرحلة}
languages: {en: English, ar: العربية}
choices:
  yes_no:
    - {code: "yes", label: {en: "Yes", ar: نعم}}
    - {code: "no", label: {en: "No", ar: لا}}
    - {code: dk, label: {en: Does not know, ar: لا يعرف}, missing: dont_know}
  reasons:
    - {code: war, label: {en: War}}
    - {code: work, label: {en: Work}}
    - {code: refused, label: {en: Prefers not to say}, missing: refused}
  countries:
    - {code: a, label: {en: Aland}}
    - {code: b, label: {en: Bland}}
  towns:
    - {code: x, label: {en: Xtown}, country: a}
    - {code: y, label: {en: Ytown}, country: b}
interview:
"""


def made(tmp_path: Path, interview: str, language: str = "en") -> Sheet:
    path = tmp_path / "q.yaml"
    indented = "\n".join(f"  {line}" for line in interview.strip("\n").splitlines())
    path.write_text(HEAD + indented + "\n", encoding="utf-8")
    return compose(read_yaml(path), language)


def rows(tmp_path: Path, interview: str) -> tuple[Row, ...]:
    return made(tmp_path, interview).rows


def asks(tmp_path: Path, interview: str) -> dict[str, Ask]:
    return {row.name: row for row in rows(tmp_path, interview) if isinstance(row, Ask)}


SKIPS = """
- {name: left, type: select_one yes_no, label: {en: Have you left?}}
- {name: why, type: select_multiple reasons, label: {en: Why?}, relevant: "${left} = 'yes'"}
- {name: other, type: text, label: {en: Tell me}, relevant: "${left} = 'yes'"}
- {name: age, type: integer, label: {en: How old are you?}, constraint: ". >= 18 and . <= 99"}
"""


def test_neighbours_with_one_condition_stand_under_one_bar(tmp_path: Path) -> None:
    bars = [row.text for row in rows(tmp_path, SKIPS) if isinstance(row, Bar)]

    assert bars == ["Ask Q2 to Q3 only if Q1 is “Yes”. If not, go to Q4."]


def test_an_arrow_leads_past_what_is_certainly_not_asked(tmp_path: Path) -> None:
    box = asks(tmp_path, SKIPS)["left"].box

    assert isinstance(box, Ticks)
    assert {tick.code: tick.arrow for tick in box.ticks} == {
        "yes": "",
        "no": "→ Q4",
        "dk": "→ Q4",
    }


def test_an_arrow_never_passes_over_what_may_be_asked(tmp_path: Path) -> None:
    box = asks(
        tmp_path,
        """
- {name: left, type: select_one yes_no, label: {en: Left?}}
- {name: age, type: integer, label: {en: Age}}
- {name: a, type: text, label: {en: A}, relevant: "${left} = 'yes' and ${age} > 3"}
""",
    )["left"].box

    assert isinstance(box, Ticks)
    assert not any(tick.arrow for tick in box.ticks)


def test_what_was_passed_over_counts_as_blank_for_what_comes_after(tmp_path: Path) -> None:
    box = asks(
        tmp_path,
        """
- {name: left, type: select_one yes_no, label: {en: Left?}}
- {name: alone, type: select_one yes_no, label: {en: Alone?}, relevant: "${left} = 'yes'"}
- {name: who, type: text, label: {en: With whom?}, relevant: "${alone} = 'no'"}
""",
    )["left"].box

    assert isinstance(box, Ticks)
    assert [tick.arrow for tick in box.ticks] == ["", "→ END", "→ END"]


def test_a_refusal_and_a_dont_know_are_set_apart_and_not_read(tmp_path: Path) -> None:
    box = asks(tmp_path, SKIPS)["left"].box

    assert isinstance(box, Ticks)
    assert [(group.heading, len(group.ticks)) for group in box.groups] == [
        ("", 2),
        ("Do not read:", 1),
    ]


def test_a_number_has_as_many_boxes_as_its_largest_answer_has_digits(tmp_path: Path) -> None:
    found = asks(tmp_path, SKIPS)["age"]

    assert found.box == Signs(((2, ""),))
    assert found.rules == ("Between 18 and 99.",)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (". >= 18 and . <= 99", (18, 99)),
        ("18 <= . and 99 > .", (18, 99)),
        ("(. >= 0 and . <= 120) or . = 999", (0, 999)),
        (". > -10", (-10, None)),
        (". > ${age}", (None, None)),
        (". = 1 or . = 2", (1, 2)),
    ],
)
def test_bounds_are_the_smallest_and_largest_that_a_constraint_lets_through(
    source: str, expected: tuple[float | None, float | None]
) -> None:
    assert bounds(parse(source, "here")) == expected


@pytest.mark.parametrize(
    ("question", "box"),
    [
        ("type: decimal", Signs(((5, ""), (2, "")), ".")),
        ("type: date", Signs(((2, "DD"), (2, "MM"), (4, "YYYY")), "/")),
        ("type: date, appearance: month-year", Signs(((2, "MM"), (4, "YYYY")), "/")),
        ("type: time", Signs(((2, "HH"), (2, "MM")), ":")),
        ("type: text", Lines(1)),
        ("type: text, constraint: \"regex(., '^[0-9]{10}$')\"", Signs(((10, ""),))),
        ("type: geopoint", Fields(("Latitude", "Longitude", "Altitude", "Accuracy"))),
        ("type: image", Lines(1, "Take a photograph; note its number:")),
        ("type: barcode", Lines(1, "Copy the code:")),
        ('type: range, parameters: "start=0 end=4 step=2"', Scale(("0", "2", "4"))),
    ],
)
def test_each_type_has_its_box(tmp_path: Path, question: str, box: object) -> None:
    found = asks(tmp_path, f"- {{name: a, label: {{en: A}}, {question}}}")

    assert found["a"].box == box


def test_choices_of_a_cascade_stand_under_the_answer_that_offers_them(tmp_path: Path) -> None:
    found = asks(
        tmp_path,
        """
- {name: land, type: select_one countries, label: {en: Country}}
- {name: town, type: select_one towns, label: {en: Town}, choice_filter: "country = ${land}"}
""",
    )["town"]

    assert isinstance(found.box, Ticks)
    assert [group.heading for group in found.box.groups] == ["Q1 = Aland", "Q1 = Bland"]
    assert found.rules == ()


def test_any_other_choice_filter_is_said(tmp_path: Path) -> None:
    found = asks(
        tmp_path,
        """
- {name: why, type: select_multiple reasons, label: {en: Why?}}
- name: main
  type: select_one reasons
  label: {en: Which most?}
  choice_filter: selected(${why}, name) or name = 'refused'
""",
    )["main"]

    assert found.rules == (
        "Offer a choice only if it was chosen in Q1, or it is “Prefers not to say”.",
    )


def test_a_long_list_is_printed_once_at_the_end(tmp_path: Path) -> None:
    choices = "\n".join(f"    - {{code: c{n}, label: {{en: Place {n}}}}}" for n in range(60))
    path = tmp_path / "q.yaml"
    path.write_text(
        f"questionnaire: q\nlanguages: {{en: English}}\nchoices:\n  places:\n{choices}\n"
        "interview:\n"
        "  - {name: a, type: select_one places, label: {en: Where?}}\n"
        "  - {name: b, type: select_multiple places, label: {en: Where else?}}\n"
    )

    sheet = compose(read_yaml(path))

    boxes = [row.box for row in sheet.rows if isinstance(row, Ask)]
    said = "Choose from list A at the end; write its number."
    assert boxes == [FromList("A", 2, False, said), FromList("A", 2, True, said)]
    assert [annex.title for annex in sheet.annexes] == ["List A"]
    assert [tick.number for group in sheet.annexes[0].groups for tick in group.ticks] == [
        *range(1, 61)
    ]


def test_neighbours_with_the_same_choices_make_a_grid(tmp_path: Path) -> None:
    found = rows(
        tmp_path,
        """
- group: views
  label: {en: Views}
  questions:
    - {name: a, type: select_one yes_no, label: {en: A}}
    - {name: b, type: select_one yes_no, label: {en: B}}
    - {name: c, type: select_one yes_no, label: {en: C}}
""",
    )

    assert [type(row) for row in found] == [Heading, Matrix]
    assert isinstance(found[1], Matrix)
    assert [tick.code for tick in found[1].columns] == ["yes", "no", "dk"]
    assert [ask.number for ask in found[1].asks] == ["Q1", "Q2", "Q3"]


def test_two_questions_on_one_screen_are_enough_for_a_grid(tmp_path: Path) -> None:
    two = """
- group: views
  appearance: %s
  questions:
    - {name: a, type: select_one yes_no, label: {en: A}}
    - {name: b, type: select_one yes_no, label: {en: B}}
"""

    assert [type(row) for row in rows(tmp_path, two % "field-list")] == [Matrix]
    assert [type(row) for row in rows(tmp_path, two % "other")] == [Ask, Ask]


def test_questions_of_a_grid_that_lead_to_different_places_stand_alone(tmp_path: Path) -> None:
    found = rows(
        tmp_path,
        """
- {name: a, type: select_one yes_no, label: {en: A}}
- {name: b, type: select_one yes_no, label: {en: B}}
- {name: c, type: select_one yes_no, label: {en: C}}
- {name: d, type: text, label: {en: D}, relevant: "${c} = 'yes'"}
""",
    )

    assert [type(row) for row in found] == [Ask, Ask, Ask, Bar, Ask]


def test_where_a_condition_fails_everything_that_demands_it_too_is_passed_over(
    tmp_path: Path,
) -> None:
    bars = [
        row.text
        for row in rows(
            tmp_path,
            """
- {name: left, type: select_one yes_no, label: {en: Left?}}
- group: one
  label: {en: One}
  relevant: ${left} = 'yes'
  questions:
    - {name: a, type: text, label: {en: A}}
    - {name: b, type: text, label: {en: B}}
- group: two
  label: {en: Two}
  relevant: ${left} = 'yes' and ${a} != ''
  questions:
    - {name: c, type: text, label: {en: C}}
    - {name: d, type: text, label: {en: D}}
- {name: e, type: text, label: {en: E}}
""",
        )
        if isinstance(row, Bar)
    ]

    assert bars == [
        "Ask Q2 to Q3 only if Q1 is “Yes”. If not, go to Q6.",
        "Ask Q4 to Q5 only if Q1 is “Yes”, and Q2 was answered. If not, go to Q6.",
    ]


ROSTER = """
- {name: n, type: integer, label: {en: How many?}, constraint: ". >= 0 and . <= 4"}
- repeat: member
  label: {en: People}
  count: ${n}
  questions:
    - {name: age, type: integer, label: {en: Age}, constraint: ". < 100"}
    - {name: school, type: select_one yes_no, label: {en: School?}, relevant: "${age} < 18"}
    - repeat: journey
      label: {en: Journeys}
      questions:
        - {name: where, type: text, label: {en: Where to?}}
"""


def test_a_repeat_is_a_roster_with_a_column_for_each_entry_that_there_can_be(
    tmp_path: Path,
) -> None:
    rosters = [row for row in rows(tmp_path, ROSTER) if isinstance(row, Roster)]

    assert rosters[0].entries == ("No. 1", "No. 2", "No. 3", "No. 4")
    assert rosters[0].notes == ("As many as Q1.",)
    assert [type(row) for row in rosters[0].rows] == [Ask, Bar, Ask]


def test_a_repeat_inside_another_says_to_which_entry_it_belongs(tmp_path: Path) -> None:
    inner = [row for row in rows(tmp_path, ROSTER) if isinstance(row, Roster)][1]

    first = inner.rows[0]
    assert isinstance(first, Ask)
    assert text_of(first.text) == "No. of “People” it belongs to"
    assert inner.notes == ("There is room for 5; use another sheet for more.",)


def test_what_the_form_fills_in_is_not_printed_unless_it_steers_the_interview(
    tmp_path: Path,
) -> None:
    found = asks(
        tmp_path,
        """
- {name: start, type: start}
- {name: age, type: integer, label: {en: Age}}
- {name: adult, type: calculate, calculation: "if(${age} >= 18, 'yes', 'no')"}
- {name: unused, type: calculate, calculation: "${age} + 1"}
- {name: work, type: text, label: {en: Work}, relevant: "${adult} = 'yes'"}
""",
    )

    assert {name: ask.number for name, ask in found.items()} == {
        "age": "Q1",
        "adult": "C1",
        "work": "Q2",
    }
    assert text_of(found["adult"].hint) == "Work out: yes if Q1 is at least 18, otherwise no"


def test_an_answer_from_before_is_a_blank_with_the_number_of_its_question(tmp_path: Path) -> None:
    found = asks(
        tmp_path,
        """
- {name: land, type: select_one countries, label: {en: Country}}
- {name: said, type: calculate, calculation: "jr:choice-name(${land}, '${land}')"}
- {name: long, type: integer, label: {en: "How long in **${said}**?"}}
""",
    )

    assert found["long"].text == (
        Run("How long in "),
        Run("______\xa0[answer to Q1]", bold=True),
        Run("?"),
    )


def test_everything_up_to_the_consent_is_a_page_of_its_own_that_is_signed(tmp_path: Path) -> None:
    sheet = made(
        tmp_path,
        """
- {name: hello, type: note, label: {en: Hello}}
- {name: consent, type: select_one yes_no, label: {en: May I ask?}}
- {name: age, type: integer, label: {en: Age}, relevant: "${consent} = 'yes'"}
""",
    )

    assert [type(row) for row in sheet.consent] == [Note, Ask, Declaration]
    assert [type(row) for row in sheet.rows] == [Bar, Ask]


def test_a_sheet_in_arabic_runs_from_right_to_left_and_names_its_scripts(tmp_path: Path) -> None:
    sheet = made(
        tmp_path,
        "- {name: a, type: select_one yes_no, label: {en: Yes?, ar: هل أنت هنا اليوم}}",
        "ar",
    )

    assert sheet.right_to_left
    assert set(sheet.scripts) == {"Latin", "Arabic"}
    assert text_of(sheet.title) == "الرحلة"


@pytest.mark.parametrize(
    ("label", "runs"),
    [
        (
            "**Bold** and *slanted*",
            [("Bold", True, False), (" and ", False, False), ("slanted", False, True)],
        ),
        ("<b>Bold</b><br>next", [("Bold", True, False), ("\nnext", False, False)]),
        ('<span style="color:red">Red</span> &amp; blue', [("Red & blue", False, False)]),
        ("# Title", [("Title", False, False)]),
        ("5 * 3 and snake_case_name < 7", [("5 * 3 and snake_case_name < 7", False, False)]),
        ("a **lonely mark", [("a **lonely mark", False, False)]),
        (r"escaped \*stars\*", [("escaped *stars*", False, False)]),
        ("", []),
    ],
)
def test_markup_becomes_bold_and_slanted_words(
    label: str, runs: list[tuple[str, bool, bool]]
) -> None:
    found = words(label, lambda name: name)

    assert [(run.text, run.bold, run.italic) for run in found] == runs


def arrows_of(row: Ask) -> dict[str, str]:
    assert isinstance(row.box, Ticks)
    return {tick.code: tick.arrow for tick in row.box.ticks}


def test_an_arrow_never_leads_past_a_note_that_is_to_be_read(tmp_path: Path) -> None:
    found = rows(
        tmp_path,
        """
- {name: left, type: select_one yes_no, label: {en: Left?}}
- {name: why, type: text, label: {en: Why?}, relevant: "${left} = 'yes'"}
- {name: bye, type: note, label: {en: Goodbye}, relevant: "${left} = 'no'"}
- {name: age, type: integer, label: {en: Age}}
""",
    )

    first, note = found[0], next(row for row in found if isinstance(row, Note))
    assert isinstance(first, Ask)
    assert arrows_of(first) == {"yes": "", "no": "→ N1", "dk": "→ Q3"}
    assert note == Note((Run("Goodbye"),), (), "N1")


def test_an_arrow_never_leads_past_what_is_to_be_worked_out(tmp_path: Path) -> None:
    found = asks(
        tmp_path,
        """
- {name: left, type: select_one yes_no, label: {en: Left?}}
- {name: why, type: text, label: {en: Why?}, relevant: "${left} = 'yes'"}
- {name: stayed, type: calculate, calculation: "if(${left} = 'no', 1, 0)"}
- {name: age, type: integer, label: {en: Age}, relevant: "${stayed} = 1"}
""",
    )

    assert arrows_of(found["left"]) == {"yes": "", "no": "→ C1", "dk": "→ C1"}


def test_an_arrow_at_the_end_of_a_roster_leads_to_its_next_entry(tmp_path: Path) -> None:
    found = rows(
        tmp_path,
        """
- repeat: member
  label: {en: People}
  questions:
    - {name: school, type: select_one yes_no, label: {en: School?}}
    - {name: level, type: text, label: {en: Level}, relevant: "${school} = 'yes'"}
- {name: after, type: text, label: {en: After}}
""",
    )

    assert isinstance(found[0], Roster)
    first = found[0].rows[0]
    assert isinstance(first, Ask)
    assert arrows_of(first) == {"yes": "", "no": "→ next entry", "dk": "→ next entry"}


def test_conditions_around_a_roster_inside_another_stand_over_it(tmp_path: Path) -> None:
    found = rows(
        tmp_path,
        """
- repeat: member
  label: {en: People}
  questions:
    - {name: moves, type: select_one yes_no, label: {en: Moves?}}
    - group: journeys
      label: {en: Journeys}
      relevant: ${moves} = 'yes'
      questions:
        - repeat: journey
          label: {en: Journey}
          questions:
            - {name: where, type: text, label: {en: Where to?}}
    - {name: age, type: integer, label: {en: Age}}
""",
    )

    assert [type(row) for row in found] == [Roster, Bar, Roster]
    assert found[1] == Bar("Ask only if Q1 is “Yes”.")
    assert isinstance(found[0], Roster)
    assert isinstance(found[2], Roster)
    numbers = [[row.number for row in each.rows if isinstance(row, Ask)] for each in found[::2]]
    assert numbers == [["Q1", "Q2"], ["", "Q3"]]


def test_where_a_note_stands_under_a_condition_the_bar_says_how_far_it_reaches(
    tmp_path: Path,
) -> None:
    bars = [
        row.text
        for row in rows(
            tmp_path,
            """
- {name: left, type: select_one yes_no, label: {en: Left?}}
- {name: sorry, type: note, label: {en: Sorry}, relevant: "${left} = 'yes'"}
- {name: why, type: text, label: {en: Why?}, relevant: "${left} = 'yes'"}
- {name: age, type: integer, label: {en: Age}}
""",
        )
        if isinstance(row, Bar)
    ]

    assert bars == ["Ask N1 to Q2 only if Q1 is “Yes”. If not, go to Q3."]


def test_without_consent_the_interview_ends_at_once(tmp_path: Path) -> None:
    bars = [
        row.text
        for row in rows(
            tmp_path,
            """
- {name: agrees, type: select_one yes_no, label: {en: May I?}}
- group: first
  label: {en: First}
  relevant: ${agrees} = 'yes'
  questions:
    - {name: adult, type: select_one yes_no, label: {en: Adult?}}
    - {name: kept, type: text, label: {en: Kept}}
- {name: age, type: integer, label: {en: Age}, relevant: "${adult} = 'yes'"}
""",
        )
        if isinstance(row, Bar)
    ]

    assert bars[0] == "Ask Q2 to Q3 only if Q1 is “Yes”. If not, go to END."


FILTERED = """
- {name: land, type: select_one countries, label: {en: Country}}
- {name: how, type: select_multiple reasons, label: {en: Why?}}
- name: main
  type: select_one reasons
  label: {en: Which most?}
  choice_filter: (selected(${how}, name) and name != 'war') or name = 'refused'
- {name: some, type: select_one reasons, label: {en: Some}, choice_filter: name != 'work'}
- name: town
  type: select_one towns
  label: {en: Town}
  choice_filter: country = ${land} and name != ${main}
- {name: typed, type: text, label: {en: Which country?}}
- {name: there, type: select_one towns, label: {en: Town}, choice_filter: "country = ${typed}"}
- {name: any, type: select_one towns, label: {en: T}, choice_filter: "country = ${land} or country = 'b'"}
"""


def ticks_of(row: Ask) -> list[tuple[str, list[str]]]:
    assert isinstance(row.box, Ticks)
    return [(group.heading, [tick.code for tick in group.ticks]) for group in row.box.groups]


def test_a_choice_that_a_filter_offers_to_nobody_is_not_printed(tmp_path: Path) -> None:
    found = asks(tmp_path, FILTERED)

    assert ticks_of(found["main"]) == [("", ["work"]), ("Do not read:", ["refused"])]
    assert ticks_of(found["some"]) == [("", ["war"]), ("Do not read:", ["refused"])]
    assert found["some"].rules == ()


def test_columns_that_a_filter_asks_about_stand_behind_the_codes(tmp_path: Path) -> None:
    found = asks(tmp_path, FILTERED)["town"]

    assert ticks_of(found) == [("", ["x · country: Aland", "y · country: Bland"])]
    assert found.rules == ("Offer a choice only if its ‘country’ is Q1, and it is not Q3.",)


def test_a_heading_over_choices_says_always_only_of_what_is_always_offered(tmp_path: Path) -> None:
    found = asks(tmp_path, FILTERED)

    assert ticks_of(found["there"]) == [("Q6 = a", ["x"]), ("Q6 = b", ["y"])]
    assert ticks_of(found["any"]) == [("Q1 = Aland", ["x"]), ("Always", ["y"])]


def test_where_a_list_at_the_end_is_in_groups_no_rule_repeats_it(tmp_path: Path) -> None:
    choices = "\n".join(
        f"    - {{code: c{n}, label: {{en: Place {n}}}, country: {'ab'[n % 2]}}}" for n in range(60)
    )
    head = HEAD.replace("interview:\n", f"  places:\n{choices}\ninterview:\n")
    path = tmp_path / "q.yaml"
    path.write_text(
        head + "  - {name: land, type: select_one countries, label: {en: Country}}\n"
        "  - {name: a, type: select_one places, label: {en: A}, choice_filter: 'country = ${land}'}\n"
        "  - {name: b, type: select_one places, label: {en: B}, choice_filter: 'name != ${a}'}\n"
    )

    sheet = compose(read_yaml(path))

    rules = {row.name: row.rules for row in sheet.rows if isinstance(row, Ask)}
    assert rules == {"land": (), "a": (), "b": ("Offer a choice only if it is not Q2.",)}
    assert [group.heading for group in sheet.annexes[0].groups] == ["Q1 = Aland", "Q1 = Bland"]


def test_a_picture_that_the_phone_would_show_is_named(tmp_path: Path) -> None:
    found = rows(
        tmp_path,
        "- {name: a, type: note, label: {en: Look}, hint: {en: Wait}, media: {image: {en: w.png}}}",
    )

    assert found == (Note((Run("Look"),), (Run("Wait"), Run(" "), Run("Show ‘w.png’.")), "N1"),)


def test_a_version_stays_as_it_is_on_a_page_from_right_to_left(tmp_path: Path) -> None:
    path = tmp_path / "q.yaml"
    path.write_text(
        'questionnaire: q\nversion: "2026-08"\nlanguages: {ar: العربية}\n'
        "interview:\n  - {name: a, type: text, label: {ar: هل أنت هنا اليوم}}\n",
        encoding="utf-8",
    )

    assert "\u200e2026\u200e-\u200e08\u200e" in compose(read_yaml(path)).identity


def test_arrows_point_the_way_the_page_is_read(tmp_path: Path) -> None:
    path = tmp_path / "q.yaml"
    hanifi = SKIPS.replace("{en:", "{rhg: 𐴀𐴝𐴏, en:")
    head = HEAD.replace("ar: العربية", "rhg: 𐴌𐴟𐴇𐴥𐴝𐴚𐴒𐴙𐴝").replace("ar: ", "rhg: 𐴀")
    path.write_text(head + "\n".join(f"  {line}" for line in hanifi.splitlines()) + "\n")

    sheet = compose(read_yaml(path), "rhg")

    first = sheet.rows[0]
    assert isinstance(first, Ask)
    assert arrows_of(first)["no"] == "← Q4"
    assert sheet.turned
    assert "← go on" in sheet.how_to


def test_guidance_stands_on_paper_in_the_language_of_the_paper(tmp_path: Path) -> None:
    interview = """
- name: a
  type: text
  label: {en: A, ar: هل أنت هنا}
  extra: {"guidance_hint::English (en)": Probe, "guidance_hint::العربية (ar)": اسأل}
- {name: b, type: text, label: {en: B}, extra: {guidance_hint: Wait}}
"""
    hints = [
        [text_of(row.hint) for row in made(tmp_path, interview, code).rows if isinstance(row, Ask)]
        for code in ("en", "ar")
    ]

    assert hints == [["Probe", "Wait"], ["اسأل", "Wait"]]
