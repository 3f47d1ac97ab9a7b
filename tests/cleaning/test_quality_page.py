"""The quality page: needs nothing else, shows no answer, and says what it is not."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

from survey_kit.cleaning.checks import enumerator_effect
from survey_kit.cleaning.correction import Action, Correction
from survey_kit.cleaning.enumerator_effects import enumerator_effects
from survey_kit.cleaning.priority import scores
from survey_kit.cleaning.quality_figures import figures, of_the_form
from survey_kit.cleaning.quality_marks import Dot, Scale, bar, strip
from survey_kit.cleaning.quality_page import quality_page
from survey_kit.cleaning.rounds import decisions, nothing_yet, this_round
from survey_kit.cleaning.run_checks import checks, run_checks
from survey_kit.questionnaire.model import Place

NOTICE = 'SIMULATED DATA: "nobody" said <this>'
VOID = {"meta", "br", "link", "img"}


class _Balanced(HTMLParser):
    """Reads a page and remembers what is open, and every attribute."""

    def __init__(self):
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture(name="fieldwork")
def _fieldwork(survey, question, choice):
    random = np.random.default_rng(9)
    n = 160
    start = np.datetime64("2026-03-02T08:00") + np.arange(n) // 16 * np.timedelta64(1, "D")
    start = start + np.arange(n) % 16 // 4 * np.timedelta64(90, "m")
    who = [f"e{k % 4}" for k in range(n - 3)] + ["new"] * 3
    minutes = np.where(np.arange(n) % 40 == 7, 5, random.integers(25, 50, n))
    return survey(
        [
            question("start", "start"),
            question("end", "end"),
            question("enumerator"),
            question("place_int", "select_one places", label={"en": "Where?", "ar": "أين؟"}),
            question("works", "select_one yn", label="Do you <work>?"),
            question("why", "text", label="Why not?"),
        ],
        {
            "start": list(start.astype(str)),
            "end": list((start + minutes.astype("timedelta64[m]")).astype(str)),
            "enumerator": who,
            "place_int": list(random.choice(["north", "south"], n)),
            "works": list(random.choice(["yes", "no", "dk"], n, p=[0.5, 0.4, 0.1])),
            "why": [
                f"call me on 0171{k:07d}" if k % 40 == 3 else f"a secret story {k}"
                for k in range(n)
            ],
        },
        lists={
            "places": [choice("north", "North"), choice("south", {"en": "South", "ar": "الجنوب"})],
            "yn": ["yes", "no", choice("dk", "?", "dont_know")],
        },
    )


@pytest.fixture(name="page")
def _page(fieldwork, tmp_path):
    (tmp_path / "targets.csv").write_text(
        "place_int,target\nnorth,60\nsouth,200\n", encoding="utf-8"
    )
    settings = {"quota": {"targets": "targets.csv"}}
    checked = run_checks(fieldwork, settings, folder=tmp_path)
    return quality_page(
        checked, fieldwork, title="A <survey>", notice=NOTICE, settings=settings, folder=tmp_path
    )


def test_the_page_is_well_formed_and_fetches_and_runs_nothing(page):
    read = _Balanced()

    read.feed(page)

    assert read.open == []
    assert not read.tags & {"script", "link", "img", "iframe", "object", "form"}
    assert not read.attributes & {"src", "href", "onclick", "onload", "action"}
    assert "http://" not in page
    assert "https://" not in page
    assert "url(" not in page
    assert "default-src 'none'" in page


def test_no_answer_stands_on_it_and_names_are_escaped(page):
    assert "secret story" not in page
    assert "0171" not in page
    assert "A &lt;survey&gt;" in page
    assert "<work>" not in page
    assert "<this>" not in page


def test_the_notice_stands_on_top_and_on_every_printed_page(page):
    assert (
        '<p class="notice" role="note">SIMULATED DATA: &quot;nobody&quot; said &lt;this&gt;</p>'
        in page
    )
    assert '@top-center { content: "SIMULATED DATA: ”nobody” said this>"' in page


def test_its_words_are_neutral_and_it_says_what_it_is_not(page):
    assert "a reason to look, not a verdict" in page
    assert "counts are small and not meant for publication" in page
    assert not re.search("fraud|fabricat|suspicio|cheat|guilty|bad enumerator", page, re.IGNORECASE)


def test_every_section_that_has_something_to_say_is_there(page):
    headings = re.findall("<h2>(.*?)</h2>", page)

    assert headings == [
        "Progress",
        "Against quota",
        "What there is to review",
        "Interviews to review first",
        "Enumerators",
        "Over time",
        "What was checked, and what was not",
    ]
    assert "<b>160</b><span>interviews, 160 of them finished</span>" in page


def test_quota_is_told_by_label_with_what_is_over(fieldwork, page):
    north = int((fieldwork.frame["place_int"] == "north").sum())

    assert (
        f'<bdi>North</bdi></span><span class="count">{north} / 60 <span class="tag">+{north - 60}</span>'
        in page
    )
    assert "1 of 2 cells are full, 1 over; " in page


def test_enumerators_with_few_interviews_are_grey_and_every_mark_says_its_numbers(page):
    assert "Grey: fewer than 10 interviews (1 enumerators), too few to say." in page
    new = re.findall(
        r"<li class=few><span><bdi>new</bdi> <small>n 3</small></span>(.*?)</li>", page
    )
    assert new
    assert all('aria-label="enumerator new, ' in mark and "95 % interval" in mark for mark in new)


def test_a_survey_with_nothing_in_it_makes_a_page_too(survey, question):
    empty = survey([question("q", "integer")], {"q": []})
    alone = survey([question("q", "integer")], {"q": [1, 2]})

    for responses in (empty, alone):
        page = quality_page(run_checks(responses, {}), responses)
        read = _Balanced()
        read.feed(page)
        assert read.open == []
        assert f"<b>{len(responses)}</b><span>interviews" in page


def test_a_round_says_what_is_new_and_leaves_out_what_is_settled(fieldwork):
    checked = run_checks(fieldwork, {})
    interview = next(filter(None, checked.findings["interview"]))
    place = Place("log.csv")
    removal = Correction(interview, "", "", "", Action.REMOVE, "", "", "", place)
    found = this_round(checked.findings, nothing_yet(), decisions([removal]), name="1")
    settled = int((checked.findings["interview"] == interview).sum())

    page = quality_page(checked, fieldwork, rounds=found)

    new = len(checked.findings) - settled
    assert (
        f"<b>{new:,}</b><span>findings new or changed since the last round; {settled} are settled</span>"
        in page
    )
    assert f"<b>{new:,}</b><span>findings not settled</span>" in page
    assert f'<td class="id">{interview}</td>' not in page


def test_names_of_enumerators_never_stand_on_the_page(fieldwork):
    frame = fieldwork.frame
    frame = frame.assign(enumerator=frame["enumerator"].map(lambda code: f"Noor Begum {code}"))
    responses = fieldwork.with_frame(frame, fieldwork.absence)

    page = quality_page(run_checks(responses, {}), responses)

    assert "Noor" not in page
    assert "<bdi>no. 1</bdi>" in page


def test_what_a_check_finds_nearly_everywhere_is_the_form_and_no_interview():
    many = [("not_in_list", f"i{k}", "place") for k in range(80)]
    few = [("outlier", f"i{k}", "age") for k in range(3)] + [("heaping", "", "place")]
    findings = pd.DataFrame(many + few, columns=["check", "interview", "question"], dtype="str")

    assert of_the_form(findings, 100).tolist() == [True] * 80 + [False] * 4
    assert not of_the_form(findings, 200).any()


def test_the_score_counts_weighted_findings_and_different_checks():
    rows = [
        ("duration", "i1"),
        ("near_copy", "i1"),
        ("skip_violated", "i2"),
        *[("skip_violated", "i3")] * 9,
    ]
    findings = pd.DataFrame(rows, columns=["check", "interview"], dtype="str")

    table = scores(findings, findings["interview"])

    # i1: (2 + 2) x (1 + 0.5); i3: nine of one check count as three.
    assert table["score"].to_dict() == {"i1": 6.0, "i3": 3.0, "i2": 1.0}
    assert table["findings"].to_dict() == {"i1": 2, "i3": 9, "i2": 1}


def test_marks_stay_within_their_room():
    wild = Dot(5.0, -3.0, 9.0, 0.5, "x")

    places = [float(v) for v in re.findall(r":([\d.]+)%", strip(wild, Scale(0, 1)) + bar(7.0, "x"))]

    assert places == [50.0, 0.0, 100.0, 100.0, 100.0]


def test_the_figures_name_what_they_took_for_enumerator_and_times(fieldwork):
    found = figures(run_checks(fieldwork, {}), fieldwork)

    assert found.parts.note == "enumerators by enumerator (by its name); times from start and end"
    assert found.days["interviews"].sum() == 160
    assert found.enumerators["interviews"].sum() == 160


def test_effects_are_worked_out_once_and_questions_left_out_of_the_check_are_off_the_page(
    fieldwork, monkeypatch
):
    asked = []
    monkeypatch.setattr(
        enumerator_effect,
        "enumerator_effects",
        lambda *given, **more: (
            asked.append(more["leave_out"]) or enumerator_effects(*given, **more)
        ),
    )
    settings = {"enumerator_effect": {"ignore": ["works"]}}

    usual = figures(run_checks(fieldwork, {}), fieldwork)
    found = figures(run_checks(fieldwork, settings), fieldwork, settings=settings)

    assert asked == [("enumerator", "place_int"), ("enumerator", "place_int", "works")]
    assert set(usual.effects["question"]) == {"works"}
    assert not len(found.effects)


def test_back_checks_are_told_by_question_and_long_fieldwork_by_week(survey, question, tmp_path):
    start = np.datetime64("2026-01-05T08:00") + np.arange(120) * np.timedelta64(1, "D")
    responses = survey(
        [question("start", "start"), question("enumerator"), question("rooms", "integer")],
        {
            "start": list(start.astype(str)),
            "enumerator": [f"a very long code of an enumerator {n % 80}" for n in range(120)],
            "rooms": [2] * 120,
        },
    )
    rows = "".join(f"i{n},{2 + (n == 3)}\n" for n in range(1, 13))
    (tmp_path / "again.csv").write_text("interview,rooms\n" + rows, encoding="utf-8")
    settings = {"back_check": {"file": "again.csv", "type2": ["rooms"]}}

    page = quality_page(
        run_checks(responses, settings, folder=tmp_path),
        responses,
        settings=settings,
        folder=tmp_path,
    )

    assert "12 people were asked again." in page
    assert '<span class="value">1 / 12</span>' in page
    assert "week of Mon 05 Jan 2026: 7 interviews, 7 finished" in page
    assert "The first 60 of 80 are shown." in page


def test_what_is_told_of_very_many_interviews_stands_before_what_to_review(survey, question):
    starts = ["2026-11-21 03:10"] * 40 + ["2026-11-21 10:00"] * 60
    responses = survey([question("start", "start", label="Began <at>")], {"start": starts})
    wanted = {name: False for name in checks() if name != "night"}

    page = quality_page(run_checks(responses, wanted), responses)

    heading = page.index("Look at these first")
    line = page.index("40 of 100 interviews (40%): the start of the interview")
    assert heading < line < page.index("What there is to review")
    assert "Began &lt;at&gt;" in page


def test_without_any_interview_nothing_is_called_checked(survey, question):
    responses = survey([question("start", "start")], {"start": []})
    wanted = {name: False for name in checks() if name != "night"}

    page = quality_page(run_checks(responses, wanted), responses)

    assert "There is no interview yet, so nothing could be found." in page
