"""What a weighting tells: a page, and tables for a workbook."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

from survey_kit.design.design import Design, Sampling
from survey_kit.design.sample import Sample
from survey_kit.weighting.calibrate import Calibrate
from survey_kit.weighting.chain import Weighted, weigh
from survey_kit.weighting.kish import design_effect_of_weights, effective_size
from survey_kit.weighting.nonresponse import NonResponse
from survey_kit.weighting.rake import Rake
from survey_kit.weighting.report_html import weighting_page
from survey_kit.weighting.sheets import sheets
from survey_kit.weighting.trim import Trim


def weighted(**columns: object) -> Weighted:
    rng = np.random.default_rng(4)
    frame = pd.DataFrame(
        {
            "sex": rng.choice(["f", "m"], 200),
            "place": rng.choice(["<camp>", "town"], 200),
            "children": rng.integers(0, 5, 200),
            "answered": rng.random(200) < 0.8,
            "weight": rng.uniform(1, 4, 200),
        }
    ).assign(**columns)
    place = {"place": {"<camp>": 0.4, "town": 0.6}}
    return weigh(
        Sample(frame, Design(Sampling.PROBABILITY, weight="weight")),
        [
            NonResponse("answered", cells=("sex",)),
            Trim(upper=1.3, unit="mean"),
            Rake({"sex": {"f": 0.5, "m": 0.5}, **place}),
            Calibrate({"place": {"<camp>": 64.0, "town": 96.0}}, {"children": 330.0}),
        ],
    )


class Balanced(HTMLParser):
    """Fails where an element is closed that was not open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag not in {"meta", "rect"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag != "rect":
            assert self.open.pop() == tag


def test_the_page_holds_every_step_its_margins_and_what_weights_cost() -> None:
    found = weighted()
    page = weighting_page(found, title="Weights of <round 2>")

    parser = Balanced()
    parser.feed(page)
    assert parser.open == []
    assert "<h1>Weights of &lt;round 2&gt;</h1>" in page
    for report in found.reports:
        assert f"<h2>{report.number}. {report.title.replace(chr(39), '&#x27;')}</h2>" in page
        assert f"<td>{report.after.effective_size:,.1f}</td>" in page
        assert f"<td>{report.after.design_effect:.3f}</td>" in page
    assert '<th scope="row">place: &lt;camp&gt;</th>' in page
    assert "<td>40.00</td>" in page
    assert '<th scope="row">sex f</th>' in page
    assert found.variance.replace("'", "&#x27;") in page


def test_the_page_needs_nothing_from_elsewhere_and_holds_no_script() -> None:
    page = weighting_page(weighted())

    assert "default-src 'none'" in page
    assert not re.search(r"<script|https?://|src=", page)


def test_what_a_reader_should_look_at_stands_on_the_page() -> None:
    found = weighted(answered=[True] * 195 + [False] * 5)

    said = [note for report in found.reports for note in report.notes]

    assert "5 of 200 rows left the sample." in said
    assert "'sex' no longer fits its margin after this step." in said
    page = weighting_page(found)
    assert "<li>Step 1: 5 of 200 rows left the sample.</li>" in page


def test_the_histogram_draws_everybody() -> None:
    page = weighting_page(weighted())

    heights = [float(text) for text in re.findall(r'<rect [^>]*height="([\d.]+)"', page)]

    assert len(heights) == 30
    assert max(heights) == 120


def test_sheets_hold_the_same_as_the_reports() -> None:
    found = weighted()
    book = sheets(found)

    assert list(book) == ["Weighting", "Margins", "Totals", "Non-response", "Weights", "Notes"]
    assert book["Weighting"]["design_effect"].tolist() == [
        each.after.design_effect for each in found.reports
    ]
    last = book["Weighting"].iloc[-1]
    assert last["effective_size"] == pytest.approx(effective_size(found.sample.weights))
    assert last["design_effect"] == pytest.approx(design_effect_of_weights(found.sample.weights))
    assert set(book["Margins"]["step"]) == {1, 2, 3, 4}
    assert len(book["Margins"]) == 4 * 4
    assert book["Totals"].query("step == 4")["after"].tolist() == pytest.approx([330])
    assert book["Non-response"]["cell"].tolist() == ["sex f", "sex m"]
    assert book["Weights"]["step"].tolist() == [0, 1, 2, 3, 4]
    assert book["Weights"]["p100"].iloc[-1] == pytest.approx(found.reports[-1].after.largest)
    assert book["Notes"]["note"].iloc[0] == found.variance


def test_a_sheet_without_rows_is_left_out() -> None:
    sample = Sample(pd.DataFrame({"sex": ["f", "m", "m"]}), Design(Sampling.QUOTA))

    book = sheets(weigh(sample, [Rake({"sex": {"f": 0.5, "m": 0.5}})]))

    assert list(book) == ["Weighting", "Margins", "Weights", "Notes"]
