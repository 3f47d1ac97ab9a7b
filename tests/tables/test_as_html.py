"""A table in HTML: heard as well as seen, and without a hidden number."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

from survey_kit.tables.as_html import table_html
from survey_kit.tables.markers import cell_marker
from survey_kit.tables.texts import whole_percent


def test_every_cell_stands_under_its_headers(analysis):
    table = analysis.crosstab("why", ["region", "adult"])

    figure = ET.fromstring(table_html(table))  # noqa: S314 - our own text

    assert figure.findtext(".//caption") == "Why did you leave?"
    groups, labels = figure.findall(".//thead/tr")
    assert [th.get("colspan") for th in groups.findall("th")] == ["3", "2"]
    assert all(th.get("scope") == "colgroup" for th in groups.findall("th"))
    assert all(th.get("scope") == "col" for th in labels.findall("th"))
    assert len(labels.findall("th")) == len(table.columns)
    rows = [tr for tr in figure.findall(".//tbody/tr") if tr.get("class") != "base"]
    for i, tr in enumerate(rows):
        assert tr.find("th").get("scope") == "row"
        assert tr.findtext("th") == table.rows[i].label
        for j, td in enumerate(tr.findall("td")):
            value = table.cells[i][j].value
            text = (td.text or "").strip()
            if value is None:
                assert (text, td.get("class")) == (cell_marker(table, i, j), "marker")
            else:
                assert text == f"{whole_percent(value)} %"


def test_bases_notes_and_the_notice_stand_with_the_table(analysis):
    html = table_html(analysis.crosstab("war", ["region"]))

    assert "Base: Asked if “Why did you leave?” includes War." in html
    assert '<p class="notice">SIMULATED DATA</p>' in html
    assert "Probability sample of 400 respondents" in html
    assert "Effective base" in html


def test_texts_of_a_questionnaire_cannot_become_markup(analysis):
    table = replace(analysis.crosstab("region"), title="<script>alert(1)</script>")

    assert "<script>" not in table_html(table)
    assert "&lt;script&gt;" in table_html(table)


def test_without_weights_there_is_one_line_of_bases(analysis):
    table = analysis.crosstab("region")
    base = replace(table.columns[0].base, weighted=400.0, effective=400.0)
    plain = replace(table, columns=(replace(table.columns[0], base=base),))

    assert table_html(plain).count('class="base"') == 1
