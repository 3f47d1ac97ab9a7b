"""Findings as a Word document, for those who must edit, comment and pass on.

The same claims as the page: title, what matters in short, then every claim with its
chart (and the chart in words, for a screen reader), its limits, its table and its
evidence. The notice stands in the header of every page. The bytes are the same each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from survey_kit.errors import MissingExtra
from survey_kit.findings import pictures
from survey_kit.findings.claim import Claim
from survey_kit.findings.html import (
    SENSITIVITY,
    by_theme,
    evidence_line,
    figure_line,
    further,
    limits,
)
from survey_kit.findings.word_table import add_table

if TYPE_CHECKING:
    from docx.document import Document

FIXED = datetime(2000, 1, 1)  # noqa: DTZ001 - Word knows no zones
FONT = "Liberation Sans"
WIDTH = 6.3
"""Inches between the margins of an A4 page."""
WIDEST_CHART = 5.0
"""Inches; a chart any wider fills a page with its claim."""


def write_docx(
    claims: Sequence[Claim],
    path: Path,
    *,
    title: str,
    notice: str,
    method: Sequence[str],
    language: str = "en",
) -> None:
    """Write the findings of a study as a Word document.

    Parameters
    ----------
    claims
        In the order of telling; neighbours of one theme stand under one heading.
    notice
        Stands in the header of every page; "" where there is none.
    method
        How the study was made and what may be concluded, a paragraph each.

    Raises
    ------
    MissingExtra
        If python-docx or vl-convert is not installed.
    """
    document = _blank(title, notice, language)
    document.add_paragraph(title, style="Title")
    if notice:
        document.add_paragraph(notice, style="Intense Quote")
    _summary(document, claims)
    number = 0
    for theme, told in by_theme(claims).items():
        document.add_heading(theme, level=1)
        for claim in told:
            number += 1
            _claim(document, claim, number)
    document.add_heading("Method and limits", level=1)
    known = limits(claims)
    for limit in known:
        document.add_paragraph(limit, style="List Bullet")
    for line in further(method, known):
        document.add_paragraph(line)
    path.write_bytes(_reproducible(document))


def _blank(title: str, notice: str, language: str) -> Document:
    try:
        import docx
    except ModuleNotFoundError as error:
        raise MissingExtra("a Word document", "python-docx", "report") from error
    from docx.shared import Cm, Pt, RGBColor

    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin = section.bottom_margin = Cm(2.2)
    if notice:
        header = section.header.paragraphs[0]
        run = header.add_run(notice)
        run.bold = True
        run.font.size = Pt(9)
        run.font.color.rgb = RGBColor.from_string("801650")
    _fonts(document)
    properties = document.core_properties
    properties.title, properties.language = title, language
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.created = properties.modified = FIXED
    properties.revision = 1
    return document


def _fonts(document: Document) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    sizes = {"Normal": 10.5, "Title": 22, "Heading 1": 16, "Heading 2": 12}
    for name, size in sizes.items():
        style: Any = document.styles[name]
        style.font.name = FONT
        style.font.size = Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        for script in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{script}"), FONT)
        if name != "Normal":
            style.font.color.rgb = RGBColor.from_string("12436D")


def _summary(document: Document, claims: Sequence[Claim]) -> None:
    headlines = [claim for claim in claims if claim.headline]
    if not headlines:
        return
    document.add_heading("In short", level=1)
    for claim in headlines:
        document.add_paragraph(claim.statement, style="List Bullet")


def _claim(document: Document, claim: Claim, number: int) -> None:
    from docx.shared import Pt, RGBColor

    document.add_heading(claim.heading, level=2)
    statement = document.add_paragraph()
    statement.add_run(claim.statement).bold = True
    statement.paragraph_format.keep_with_next = claim.chart is not None
    if claim.chart is not None:
        _figure(document, claim, number)
    if claim.caveat:
        document.add_paragraph(claim.caveat)
    add_table(document, claim.table, WIDTH)
    _sensitivity(document, claim)
    evidence = document.add_paragraph()
    run = evidence.add_run(evidence_line(claim))
    run.font.size = Pt(7.5)
    run.font.color.rgb = RGBColor.from_string("595959")


def _sensitivity(document: Document, claim: Claim) -> None:
    from docx.shared import Pt

    lines = claim.evidence.sensitivity
    for number, line in enumerate((f"{SENSITIVITY}:", *lines) if lines else ()):
        told = document.add_paragraph(style="List Bullet" if number else None)
        told.paragraph_format.keep_with_next = number < len(lines)
        told.add_run(line).font.size = Pt(9)


def _figure(document: Document, claim: Claim, number: int) -> None:
    from docx.shared import Inches, Pt

    if claim.chart is None:
        return
    paragraph: Any = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    shape = paragraph.add_run().add_picture(BytesIO(pictures.png(claim.chart)))
    widest = Inches(WIDEST_CHART)
    if shape.width > widest:
        shape.height = round(shape.height * widest / shape.width)
        shape.width = widest
    about = shape._inline.docPr  # noqa: SLF001 - python-docx offers no other way to alt text
    about.set("descr", claim.alternative)
    about.set("title", claim.heading)
    caption = document.add_paragraph()
    caption.add_run(figure_line(claim, number)).font.size = Pt(8.5)


def _reproducible(document: Document) -> bytes:
    """The document's bytes with every entry of the archive at one fixed time."""
    drawn, fixed = BytesIO(), BytesIO()
    document.save(drawn)
    with ZipFile(drawn) as written, ZipFile(fixed, "w", ZIP_DEFLATED) as again:
        for entry in written.infolist():
            stamp = ZipInfo(entry.filename, FIXED.timetuple()[:6])
            packed = entry.filename.endswith(".png")
            stamp.compress_type = ZIP_STORED if packed else ZIP_DEFLATED
            stamp.external_attr = 0o600 << 16
            again.writestr(stamp, written.read(entry))
    return fixed.getvalue()
