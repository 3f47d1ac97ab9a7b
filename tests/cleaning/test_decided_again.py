"""A decision of a later round stands against an earlier one, if whoever made it saw that one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from survey_kit.cleaning.correction import Action, Correction
from survey_kit.cleaning.corrections_file import corrections_of_findings, reviewed_findings
from survey_kit.cleaning.decided_again import decided_again
from survey_kit.cleaning.log_lines import Line
from survey_kit.questionnaire.model import Place

COLUMNS = (
    "check,interview,question,row,answer,decided before,round,decision,new value,comment,reviewer"
)


def _entry(day: str, action: Action, new: str = "", *, knew: bool = False) -> Correction:
    return Correction(
        "i1",
        "size",
        "7",
        new,
        action,
        "seen",
        "AN",
        "",
        Place(f"{day}.xlsx", "Findings", 3),
        round=day,
        knew=knew,
    )


def test_a_change_of_a_later_round_stands_against_no_action_of_an_earlier_one():
    kept = _entry("2026-11-20", Action.KEEP)
    changed = _entry("2026-11-24", Action.CHANGE, "5", knew=True)

    notes: list[str] = []
    first, second = decided_again([kept, changed], notes)

    assert (first.action, first.when) == (Action.KEEP, "2026-11-20")
    assert first.why == "seen; decided again: 2026-11-24.xlsx, sheet Findings, row 3"
    assert second == replace(changed, when="2026-11-24")
    assert notes == [
        (
            "2026-11-20.xlsx, sheet Findings, row 3: it was decided again in a later round, in "
            "2026-11-24.xlsx, sheet Findings, row 3"
        )
    ]


def test_of_three_rounds_the_last_one_stands_wherever_its_file_comes():
    entries = [
        _entry("2026-11-27", Action.BLANK, knew=True),
        _entry("2026-11-20", Action.CHANGE, "4"),
        _entry("2026-11-24", Action.CHANGE, "5", knew=True),
    ]

    found = decided_again(entries, [])

    assert [each.action for each in found] == [Action.BLANK, Action.KEEP, Action.KEEP]
    assert [each.new for each in found] == ["", "", ""]


@pytest.mark.parametrize(
    "other",
    [
        _entry("2026-11-20", Action.CHANGE, "5", knew=True),
        _entry("2026-11-24", Action.CHANGE, "5"),
        _entry("2026-11-24", Action.KEEP, knew=True),
        _entry("", Action.CHANGE, "5", knew=True),
        replace(_entry("2026-11-24", Action.CHANGE, "5", knew=True), question="age"),
        replace(_entry("2026-11-24", Action.CHANGE, "5", knew=True), row="2"),
    ],
    ids=[
        "of the same round",
        "did not know",
        "keeps",
        "no round",
        "another question",
        "another row",
    ],
)
def test_nothing_else_gives_way(other: Correction):
    entries = [_entry("2026-11-20", Action.CHANGE, "4"), other]
    notes: list[str] = []

    assert decided_again(entries, notes) == tuple(entries)
    assert notes == []


def test_a_removed_interview_and_a_step_on_the_way_stay_what_they_are():
    removed = _entry("2026-11-20", Action.REMOVE)
    step = _entry("2026-11-20", Action.CHANGE, "70")
    later = replace(_entry("2026-11-24", Action.CHANGE, "17", knew=True), old="70")

    assert decided_again([removed, step, later], []) == (removed, step, later)


def test_the_sheet_of_settled_findings_is_read_by_the_names_of_its_columns():
    here = Place("q.xlsx", "Findings", 2)
    other = ["state", *COLUMNS.split(",")]
    found = [
        Line(tuple(COLUMNS.split(",")), here),
        Line(
            ("soft_limit", "i1", "size", "", "7", "", "2026-11-24", "change", "5", "", "AN"), here
        ),
    ]
    settled = [
        Line(tuple(other), Place("q.xlsx", "Settled", 2)),
        Line(
            (
                "settled",
                "soft_limit",
                "i2",
                "size",
                "",
                "8",
                "no action",
                "2026-11-24",
                "change",
                "6",
            ),
            Place("q.xlsx", "Settled", 3),
        ),
    ]

    first, second = corrections_of_findings(
        reviewed_findings({"Findings": found, "Settled": settled})
    )

    assert (first.interview, first.new, first.round, first.knew) == ("i1", "5", "2026-11-24", False)
    assert (second.interview, second.old, second.new) == ("i2", "8", "6")
    assert (second.round, second.knew, second.place.row) == ("2026-11-24", True, 3)
