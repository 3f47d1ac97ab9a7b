"""The page and the document tell the same claims, whole, and need nothing from elsewhere."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest

from survey_kit.errors import MissingExtra
from survey_kit.findings.charts import shares_chart
from survey_kit.findings.claim import Claim, Evidence
from survey_kit.findings.docx import write_docx
from survey_kit.findings.html import write_html
from survey_kit.tables.table import Status, Table

NOTICE = "SIMULATED DATA: nobody gave these answers."
METHOD = ("Interviews were held by trained enumerators.", "Weights were raked.")


class Reader(HTMLParser):
    """Text, tags and addresses of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.labels: list[str] = []
        self.language = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name in {"src", "href", "action", "data", "xlink:href"} and value:
                self.addresses.append(value)
            if name == "lang" and tag == "html":
                self.language = value or ""
            if name == "aria-label" and value:
                self.labels.append(value)

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.fixture
def claims(reasons: Table, by_country: Table) -> list[Claim]:
    picture = shares_chart(reasons, title="Reasons <b>for</b> leaving")
    assert picture is not None
    return [
        Claim(
            name="drivers.prevalence",
            theme="Drivers",
            statement="62 % of respondents (374 of 604) named “Violence” & left.",
            caveat="Base: everyone interviewed.",
            table=reasons,
            evidence=Evidence("drivers", "ab" * 32),
            chart=picture.specification,
            alternative=picture.alternative,
            headline=True,
        ),
        Claim(
            name="drivers.by_country",
            theme="Who differs",
            statement="Work is named more often in Bangladesh (70 %, 140 of 200).",
            caveat="Countries host different people.",
            table=by_country,
            evidence=Evidence("drivers_by_country", "ab" * 32, where="Gender is Woman"),
        ),
    ]


def read_page(claims: list[Claim], folder: Path) -> Reader:
    path = folder / "findings.html"
    write_html(claims, path, title="Findings", notice=NOTICE, method=METHOD)
    reader = Reader()
    reader.feed(path.read_text("utf-8"))
    return reader


def document_xml(claims: list[Claim], path: Path) -> str:
    write_docx(claims, path, title="Findings", notice=NOTICE, method=METHOD)
    with zipfile.ZipFile(path) as archive:
        return archive.read("word/document.xml").decode()


def test_no_sentence_is_lost_between_the_page_and_the_document(claims: list[Claim], tmp_path: Path):
    import docx

    page = "".join(read_page(claims, tmp_path).text)
    write_docx(claims, tmp_path / "f.docx", title="Findings", notice=NOTICE, method=METHOD)
    document = "\n".join(p.text for p in docx.Document(str(tmp_path / "f.docx")).paragraphs)

    for claim in claims:
        for words in (claim.statement, claim.caveat, claim.theme, claim.evidence.data_hash):
            assert words in page
            assert words in document
        assert claim.table.design in page
        assert claim.table.design in document
    for line in METHOD:
        assert line in page
        assert line in document


def test_the_page_needs_no_script_and_no_address(claims: list[Claim], tmp_path: Path):
    page = read_page(claims, tmp_path)

    assert "script" not in page.tags
    assert [address for address in page.addresses if not address.startswith("#")] == []
    style = (tmp_path / "findings.html").read_text("utf-8")
    assert "@import" not in style
    assert not re.search(r"url\((?!#)", style)


def test_the_page_says_its_language_and_every_chart_in_words(claims: list[Claim], tmp_path: Path):
    page = read_page(claims, tmp_path)

    assert page.language == "en"
    assert claims[0].alternative in page.labels


def test_charts_of_one_page_do_not_share_an_id(claims: list[Claim], tmp_path: Path):
    again = [claims[0], claims[0]]
    write_html(again, tmp_path / "f.html", title="Findings", notice=NOTICE, method=METHOD)
    text = (tmp_path / "f.html").read_text("utf-8")

    inside = [
        found
        for figure in re.findall(r"<svg.*?</svg>", text, re.DOTALL)
        for found in re.findall(r'\bid="([^"]+)"', figure)
    ]
    assert len(inside) == len(set(inside))


def test_the_notice_is_on_the_screen_on_paper_and_in_the_header_of_the_document(
    claims: list[Claim], tmp_path: Path
):
    import docx

    read_page(claims, tmp_path)
    text = (tmp_path / "findings.html").read_text("utf-8")
    write_docx(claims, tmp_path / "f.docx", title="Findings", notice=NOTICE, method=METHOD)

    assert f'<p class="notice" role="note">{NOTICE}</p>' in text
    assert f'@top-center {{ content: "{NOTICE}"' in text
    header = docx.Document(str(tmp_path / "f.docx")).sections[0].header
    assert header.paragraphs[0].text == NOTICE


def test_pictures_of_the_document_are_told_in_words(claims: list[Claim], tmp_path: Path):
    from xml.sax.saxutils import escape

    xml = document_xml(claims, tmp_path / "f.docx")

    assert f'descr="{escape(claims[0].alternative)}"' in xml


def test_the_document_is_the_same_each_time_and_names_no_author(
    claims: list[Claim], tmp_path: Path
):
    first, second = tmp_path / "1.docx", tmp_path / "2.docx"
    for path in (first, second):
        write_docx(claims, path, title="Findings", notice=NOTICE, method=METHOD)

    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(BytesIO(first.read_bytes())) as archive:
        core = archive.read("docProps/core.xml").decode()
    assert "<dc:creator></dc:creator>" in core or "<dc:creator/>" in core


def test_a_hidden_cell_is_a_marker_in_the_document(claims: list[Claim], tmp_path: Path):
    import docx

    write_docx(claims, tmp_path / "f.docx", title="Findings", notice=NOTICE, method=METHOD)
    tables = docx.Document(str(tmp_path / "f.docx")).tables

    row = next(r for r in tables[0].rows if r.cells[0].text == "Another reason")
    assert row.cells[1].text == f"[{Status.TOO_FEW.value}]"


def test_without_the_extra_the_message_says_which_to_install(
    claims: list[Claim], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    import sys

    never_drawn = dict(claims[0].chart or {}) | {"title": "never drawn before"}
    claims = [replace(claims[0], chart=never_drawn)]
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    monkeypatch.setitem(sys.modules, "docx", None)

    with pytest.raises(MissingExtra) as of_page:
        write_html(claims, tmp_path / "f.html", title="F", notice="", method=())
    with pytest.raises(MissingExtra) as of_document:
        write_docx(claims, tmp_path / "f.docx", title="F", notice="", method=())

    assert str(of_page.value) == (
        "a chart as a picture: this needs the package vl-convert-python, which is not installed. "
        "Install it with: pip install 'field-to-finding[report]'."
    )
    assert str(of_document.value) == (
        "a Word document: this needs the package python-docx, which is not installed. "
        "Install it with: pip install 'field-to-finding[report]'."
    )
    assert not (tmp_path / "f.html").exists()
    assert not (tmp_path / "f.docx").exists()
