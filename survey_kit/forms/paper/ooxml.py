"""WordprocessingML by hand: paragraphs, runs, tables, and the package around them.

A form in many scripts needs marks on every run (fonts for complex scripts, direction,
language) that document libraries do not offer, so the few elements that paper needs are
written here. No package is needed, and the bytes are the same each time.

Lengths are in twentieths of a point (a centimetre is 567 of them).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from typing import TypedDict, Unpack
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from survey_kit.forms.paper.scripts import BY_NAME, LATIN, script_of
from survey_kit.forms.paper.sheet import Words, text_of
from survey_kit.questionnaire.direction import only_left_to_right

CENTIMETRE = 567
_WHEN = (2000, 1, 1, 0, 0, 0)
_SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
SYMBOLS = "Segoe UI Symbol"
"""The font of tick boxes; where it is missing, every program has another with these signs."""


@dataclass(frozen=True)
class Look:
    """How words look: size in half points, weight, slant, a colour of print."""

    size: int = 18
    bold: bool = False
    italic: bool = False
    colour: str = ""
    font: str = ""


class Marks(TypedDict, total=False):
    """How a paragraph stands, as `Pen.paragraph` takes it."""

    before: int
    after: int
    align: str
    with_next: bool


@dataclass(frozen=True)
class Pen:
    """Writes text in one language and direction."""

    language: str
    right_to_left: bool
    line: int = 240
    """Space of a line in 240ths of what the font asks for."""
    turned: bool = False
    """Whether the toolkit's words run against the page: English on one in Rohingya."""

    @property
    def turn(self) -> str:
        """The sign that ends a piece of Latin inside a line from right to left."""
        return "\u200f" if self.right_to_left else ""

    def run(self, text: str, look: Look) -> str:
        """Text as runs, one for each script in it."""
        text = _FORBIDDEN.sub("", text)
        return "".join(self._piece(piece, name, look) for piece, name in _pieces(text))

    def words(self, words: Words, look: Look) -> str:
        """Words with their own bold and italics on top of a look."""
        return "".join(
            self.run(
                each.text,
                Look(
                    look.size,
                    look.bold or each.bold,
                    look.italic != each.italic,
                    look.colour,
                    look.font,
                ),
            )
            for each in words
        )

    def _piece(self, text: str, script_name: str, look: Look) -> str:
        script = BY_NAME.get(script_name, LATIN)
        font = look.font or (script.fonts[0] if script.fonts else LATIN.fonts[0])
        mirrored = script.right_to_left or (self.right_to_left and script_name == "")
        fonts = f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}" w:cs="{font}"/>'
        language = quoteattr(self.language)
        marks = [
            fonts,
            "<w:b/><w:bCs/>" if look.bold else "",
            "<w:i/><w:iCs/>" if look.italic else "",
            f'<w:color w:val="{look.colour}"/>' if look.colour else "",
            f'<w:sz w:val="{look.size}"/><w:szCs w:val="{look.size}"/>',
            "<w:rtl/>" if mirrored else "<w:cs/>" if script.complex else "",
            f"<w:lang w:val={language} w:bidi={language}/>",
        ]
        lines = '</w:t><w:br/><w:t xml:space="preserve">'.join(escape(text).split("\n"))
        return f'<w:r><w:rPr>{"".join(marks)}</w:rPr><w:t xml:space="preserve">{lines}</w:t></w:r>'

    def field(self, code: str, look: Look) -> str:
        """A number that Word works out: ``PAGE`` or ``NUMPAGES``."""
        shown = self._piece("1", "Latin", look)
        return f'<w:fldSimple w:instr="{code}">{shown}</w:fldSimple>'

    def paragraph(
        self,
        content: str,
        *,
        before: int = 0,
        after: int = 0,
        align: str = "",
        with_next: bool = False,
        tab: int = 0,
        indent: int = 0,
        hanging: int = 0,
        break_before: bool = False,
        left_to_right: bool = False,
    ) -> str:
        """A paragraph. `tab` is a tab stop at the far side, `hanging` the hang of its first line.

        It runs as the page does, or from left to right; it begins at the same side.
        """
        turned = self.right_to_left and left_to_right
        if turned:
            align = {"": "right", "end": "left"}.get(align, align)
        marks = [
            "<w:keepNext/>" if with_next else "",
            "<w:pageBreakBefore/>" if break_before else "",
            f'<w:tabs><w:tab w:val="right" w:pos="{tab}"/></w:tabs>' if tab else "",
            "<w:bidi/>" if self.right_to_left and not turned else "",
            f'<w:spacing w:before="{before}" w:after="{after}" w:line="{self.line}" w:lineRule="auto"/>',
            f'<w:ind w:left="{indent}" w:hanging="{hanging}"/>' if indent or hanging else "",
            f'<w:jc w:val="{align}"/>' if align else "",
        ]
        return f"<w:p><w:pPr>{''.join(marks)}</w:pPr>{content}</w:p>"

    def told(self, text: str, look: Look, **marks: Unpack[Marks]) -> str:
        """A paragraph of the toolkit's own words."""
        return self.paragraph(self.run(text, look), left_to_right=self.turned, **marks)

    def said(self, words: Words, look: Look, **marks: Unpack[Marks]) -> str:
        """A paragraph of the form's words, which may be in another language than the page."""
        other = only_left_to_right(text_of(words))
        return self.paragraph(self.words(words, look), left_to_right=other, **marks)

    def table(
        self,
        rows: str,
        widths: tuple[int, ...],
        *,
        borders: str = "",
        indent: int = 0,
        padding: tuple[int, int] = (0, 57),
        left_to_right: bool = False,
        centred: bool = False,
    ) -> str:
        """A table of rows. `padding`: above and below, left and right in each cell.

        It runs as the page does, or always from left to right, as the digits of a number do.
        """
        grid = "".join(f'<w:gridCol w:w="{each}"/>' for each in widths)
        upright, sideways = padding
        side = "right" if self.right_to_left and left_to_right else ""
        side = "center" if centred else side
        return (
            "<w:tbl><w:tblPr>"
            + (f'<w:bidiVisual w:val="{int(not left_to_right)}"/>' if self.right_to_left else "")
            + f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
            + (f'<w:jc w:val="{side}"/>' if side else "")
            + (f'<w:tblInd w:w="{indent}" w:type="dxa"/>' if indent else "")
            + (f"<w:tblBorders>{borders}</w:tblBorders>" if borders else "")
            + '<w:tblLayout w:type="fixed"/>'
            + f'<w:tblCellMar><w:top w:w="{upright}" w:type="dxa"/><w:left w:w="{sideways}" w:type="dxa"/>'
            + f'<w:bottom w:w="{upright}" w:type="dxa"/><w:right w:w="{sideways}" w:type="dxa"/></w:tblCellMar>'
            + f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
        )


def row(cells: str, *, whole: bool = True, header: bool = False, height: int = 0) -> str:
    """A row of cells; `whole` rows stay on one page, a `header` is repeated on each."""
    marks = ("<w:cantSplit/>" if whole else "") + (
        f'<w:trHeight w:val="{height}" w:hRule="atLeast"/>' if height else ""
    )
    marks += "<w:tblHeader/>" if header else ""
    return f"<w:tr><w:trPr>{marks}</w:trPr>{cells}</w:tr>" if marks else f"<w:tr>{cells}</w:tr>"


def cell(
    content: str, width: int, *, span: int = 1, borders: str = "", shade: str = "", align: str = ""
) -> str:
    """A cell of paragraphs and tables; it ends with a paragraph, as Word demands."""
    if not content or content.endswith("</w:tbl>"):
        content += _TINY
    marks = [
        f'<w:tcW w:w="{width}" w:type="dxa"/>',
        f'<w:gridSpan w:val="{span}"/>' if span > 1 else "",
        f"<w:tcBorders>{borders}</w:tcBorders>" if borders else "",
        f'<w:shd w:val="clear" w:color="auto" w:fill="{shade}"/>' if shade else "",
        f'<w:vAlign w:val="{align}"/>' if align else "",
    ]
    return f"<w:tc><w:tcPr>{''.join(marks)}</w:tcPr>{content}</w:tc>"


_TINY = (
    '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="40" w:lineRule="exact"/></w:pPr></w:p>'
)
GAP = _TINY
KEPT_GAP = _TINY.replace("<w:pPr>", "<w:pPr><w:keepNext/>")
"""A gap that stays with what follows."""


def border(sides: str, *, size: int = 4, kind: str = "single", colour: str = "000000") -> str:
    """Borders on some sides ("top left bottom right insideH insideV"), in the order of Word."""
    return "".join(
        f'<w:{side} w:val="{kind}" w:sz="{size}" w:space="0" w:color="{colour}"/>'
        for side in sides.split()
    )


def _pieces(text: str) -> list[tuple[str, str]]:
    """Text cut where its script changes; signs of no script go with the letters before them."""
    pieces: list[tuple[str, str]] = []
    start, name = 0, ""
    for place, sign in enumerate(text):
        script = script_of(sign)
        if script is None or script.name == name:
            continue
        if name or _leading(text[start:place]):
            pieces.append((text[start:place], name))
            start = place
        name = script.name
    pieces.append((text[start:], name))
    return [(piece, name) for piece, name in pieces if piece]


def _leading(text: str) -> bool:
    return bool(text.strip())


def package(body: str, header: str, footer: str, *, title: str, language: str) -> bytes:
    """A docx file around a body, a header and a footer."""
    spaces = f'xmlns:w="{_SPACE}" xmlns:r="{_RELATIONS}"'
    parts = {
        "[Content_Types].xml": _types(),
        "_rels/.rels": _relations(
            ("officeDocument", "word/document.xml"),
            (
                "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties",
                "docProps/core.xml",
            ),
        ),
        "docProps/core.xml": _properties(title, language),
        "word/document.xml": f"<w:document {spaces}><w:body>{body}</w:body></w:document>",
        "word/header1.xml": f"<w:hdr {spaces}>{header}</w:hdr>",
        "word/footer1.xml": f"<w:ftr {spaces}>{footer}</w:ftr>",
        "word/styles.xml": f"<w:styles {spaces}>{_styles(language)}</w:styles>",
        "word/settings.xml": f"<w:settings {spaces}>{_SETTINGS}</w:settings>",
        "word/_rels/document.xml.rels": _relations(
            ("styles", "styles.xml"),
            ("settings", "settings.xml"),
            ("header", "header1.xml"),
            ("footer", "footer1.xml"),
        ),
    }
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            entry = ZipInfo(name, _WHEN)
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            declared = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{content}'
            archive.writestr(entry, declared.encode())
    return stream.getvalue()


def section(*, right_to_left: bool, margin: int, width: int, height: int) -> str:
    """The page: A4 upright, its margins, header and footer (their relations are 3 and 4)."""
    return (
        '<w:sectPr><w:headerReference w:type="default" r:id="rId3"/>'
        '<w:footerReference w:type="default" r:id="rId4"/>'
        f'<w:pgSz w:w="{width}" w:h="{height}"/>'
        f'<w:pgMar w:top="{margin + 250}" w:right="{margin}" w:bottom="{margin + 150}" '
        f'w:left="{margin}" w:header="450" w:footer="400" w:gutter="0"/>'
        + ("<w:bidi/>" if right_to_left else "")
        + "</w:sectPr>"
    )


_SETTINGS = (
    '<w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/><w:compat>'
    '<w:compatSetting w:name="compatibilityMode" '
    'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
)


def _styles(language: str) -> str:
    font = LATIN.fonts[0]
    said = quoteattr(language)
    return (
        "<w:docDefaults><w:rPrDefault><w:rPr>"
        f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}" w:cs="{font}"/>'
        f'<w:sz w:val="18"/><w:szCs w:val="18"/><w:lang w:val={said} w:bidi={said}/>'
        '</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:before="0" w:after="0"/>'
        "</w:pPr></w:pPrDefault></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        "</w:style>"
    )


def _properties(title: str, language: str) -> str:
    return (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
        'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(title)}</dc:title><dc:language>{escape(language)}</dc:language>"
        '<dcterms:created xsi:type="dcterms:W3CDTF">2000-01-01T00:00:00Z</dcterms:created>'
        "</cp:coreProperties>"
    )


def _relations(*targets: tuple[str, str]) -> str:
    written = "".join(
        f'<Relationship Id="rId{number}" '
        f'Type="{kind if "/" in kind else f"{_RELATIONS}/{kind}"}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{space}">{written}</Relationships>'


def _types() -> str:
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    parts = {
        "/word/document.xml": f"{word}.document.main+xml",
        "/word/styles.xml": f"{word}.styles+xml",
        "/word/settings.xml": f"{word}.settings+xml",
        "/word/header1.xml": f"{word}.header+xml",
        "/word/footer1.xml": f"{word}.footer+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    }
    overrides = "".join(
        f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in parts.items()
    )
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )
