"""What changed, told in markdown that no text of a form can break out of."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from survey_kit.versions.change import About, Change, Changes, Kind, Severity
from survey_kit.versions.report import as_data, as_markdown, as_text, escaped

BARE_BAR = re.compile(r"(?<!\\)(?:\\\\)*\|")


def changed(text: str) -> Changes:
    change = Change(
        Severity.COMPATIBLE, Kind.LABEL, About.QUESTION, "q", text, f"{text} new", "why", look=True
    )
    return Changes("form", "1", "2", (change,))


@given(text=st.text(max_size=40))
def test_no_text_ends_a_cell_or_begins_a_tag(text: str):
    safe = escaped(text)

    assert not BARE_BAR.search(safe)
    assert "<" not in safe.replace("<br>", "")
    assert not re.search(r"[\n\r]", safe)


@given(text=st.text(alphabet="a|<>\\\n`*[]()!&", max_size=20))
def test_every_row_of_a_report_has_the_cells_of_its_heading(text: str):
    rows = [line for line in as_markdown(changed(text)) if line.startswith("|")]

    counts = [len(BARE_BAR.findall(row)) for row in rows]
    assert counts == [4] * 5 + [8] * 3


def test_links_and_names_in_a_text_call_nobody():
    safe = escaped("see https://example.org and @everyone")

    assert "://" not in safe
    assert "@everyone" not in safe


def test_only_some_severities_are_told_where_only_they_are_asked_for():
    changes = changed("x")

    assert list(as_text(changes, [Severity.BREAKING])) == ["form, version 1 to 2: 1 compatible"]
    assert as_data(changes, [Severity.BREAKING])["changes"] == []
    assert as_data(changes)["counts"] == {"breaking": 0, "compatible": 1, "cosmetic": 0}


def test_nothing_changed_is_said_in_one_line():
    nothing = Changes("form", "", "", ())

    assert list(as_text(nothing)) == ["form, version ? to ?: nothing changed"]
    assert list(as_markdown(nothing))[-1] == "Nothing changed."
