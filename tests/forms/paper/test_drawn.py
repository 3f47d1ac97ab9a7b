"""What is drawn from a sheet: a Word document and a PDF, legible in every script."""

from __future__ import annotations

import re
import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest

from survey_kit.errors import MissingExtra
from survey_kit.forms.paper import pdf
from survey_kit.forms.paper.compose import compose
from survey_kit.forms.paper.ooxml import Look, Pen
from survey_kit.forms.paper.scripts import scripts_in, undrawable
from survey_kit.forms.paper.sheet import Sheet
from survey_kit.forms.paper.word import docx_bytes
from survey_kit.questionnaire.yaml_file import read_yaml

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
YES = {"en": "Yes", "bn": "হ্যাঁ", "my": "ဟုတ်ကဲ့", "th": "ใช่", "ar": "نعم"}
ASKED = {
    "en": "Why did you leave your home?",
    "bn": "আপনি কেন আপনার বাড়ি ছেড়েছেন?",
    "my": "သင် ဘာကြောင့် အိမ်မှ ထွက်ခွာခဲ့သလဲ။",
    "th": "ทำไมคุณถึงออกจากบ้าน",
    "ar": "لماذا غادرت منزلك؟",
}


@pytest.fixture
def definition(tmp_path: Path) -> Path:
    def texts(of: dict[str, str]) -> str:
        return "{" + ", ".join(f'{code}: "{text}"' for code, text in of.items()) + "}"

    path = tmp_path / "q.yaml"
    path.write_text(
        f"""\
questionnaire: home
version: "7"
title: {texts(ASKED)}
languages: {{en: English, bn: বাংলা, my: မြန်မာ, th: ไทย, ar: العربية}}
choices:
  yes_no:
    - {{code: "yes", label: {texts(YES)}}}
    - {{code: "no", label: {{en: "No"}}}}
interview:
  - {{name: why, type: text, label: {texts(ASKED)}, hint: {texts(ASKED)}}}
  - {{name: sure, type: select_one yes_no, label: {texts(ASKED)}}}
  - {{name: day, type: date, label: {texts(ASKED)}, relevant: "${{sure}} = 'yes'"}}
  - {{name: age, type: integer, label: {texts(ASKED)}, constraint: ". < 100"}}
  - repeat: child
    label: {texts(ASKED)}
    questions:
      - {{name: school, type: select_one yes_no, label: {texts(ASKED)}}}
""",
        encoding="utf-8",
    )
    return path


def sheet(definition: Path, language: str) -> Sheet:
    return compose(read_yaml(definition), language, marks=("DRAFT TRANSLATION",))


def part(document: bytes, name: str) -> ET.Element:
    with ZipFile(BytesIO(document)) as archive:
        return ET.fromstring(archive.read(name))  # noqa: S314 - made above


@pytest.mark.parametrize("language", ASKED)
def test_every_part_of_a_word_document_is_sound_and_the_bytes_are_the_same_twice(
    definition: Path, language: str
) -> None:
    first = docx_bytes(sheet(definition, language))

    assert first == docx_bytes(sheet(definition, language))
    with ZipFile(BytesIO(first)) as archive:
        for name in archive.namelist():
            ET.fromstring(archive.read(name))  # noqa: S314 - made above


def test_a_word_document_opens_in_python_docx(definition: Path) -> None:
    docx = pytest.importorskip("docx")

    document = docx.Document(BytesIO(docx_bytes(sheet(definition, "bn"))))

    assert any(ASKED["bn"] in paragraph.text for paragraph in document.paragraphs)
    assert "DRAFT TRANSLATION" in document.sections[0].header.paragraphs[0].text


def test_every_cell_of_a_word_document_ends_with_a_paragraph(definition: Path) -> None:
    body = part(docx_bytes(sheet(definition, "en")), "word/document.xml")

    cells = list(body.iter(f"{W}tc"))

    assert cells
    assert all(cell[-1].tag == f"{W}p" for cell in cells)


def test_the_columns_of_a_row_are_as_many_as_its_table_has(definition: Path) -> None:
    body = part(docx_bytes(sheet(definition, "en")), "word/document.xml")

    for table in body.iter(f"{W}tbl"):
        columns = len(table.findall(f"{W}tblGrid/{W}gridCol"))
        for row in table.findall(f"{W}tr"):
            spans = [cell.find(f"{W}tcPr/{W}gridSpan") for cell in row.findall(f"{W}tc")]
            assert sum(int(s.get(f"{W}val", "1")) if s is not None else 1 for s in spans) == columns


def test_arabic_is_marked_as_running_from_right_to_left_everywhere(definition: Path) -> None:
    body = part(docx_bytes(sheet(definition, "ar")), "word/document.xml")

    with_text = [p for p in body.iter(f"{W}p") if p.find(f"{W}r") is not None]
    assert with_text
    assert all(p.find(f"{W}pPr/{W}bidi") is not None for p in with_text)
    tables = list(body.iter(f"{W}tbl"))
    turned = [t.find(f"{W}tblPr/{W}bidiVisual") for t in tables]
    assert {each.get(f"{W}val") for each in turned if each is not None} == {"0", "1"}
    assert None not in turned
    runs = [r for r in body.iter(f"{W}r") if ASKED["ar"] in "".join(r.itertext())]
    assert runs
    for run in runs:
        assert run.find(f"{W}rPr/{W}rtl") is not None
        fonts = run.find(f"{W}rPr/{W}rFonts")
        assert fonts is not None
        assert {*fonts.attrib.values()} == {"Noto Naskh Arabic"}


def test_bangla_stops_are_no_devanagari() -> None:
    assert scripts_in(["আমি যাই।"]) == ("Bengali",)


def test_a_run_is_cut_where_the_script_changes() -> None:
    runs = Pen("bn", right_to_left=False).run("12 হ্যাঁ or Yes", Look())

    assert re.findall(r'w:ascii="([^"]+)"', runs) == ["Noto Sans", "Noto Sans Bengali", "Noto Sans"]


def test_signs_that_xml_forbids_are_left_out() -> None:
    assert "\x0b" not in Pen("en", right_to_left=False).run("a\x0bb", Look())


def test_a_script_without_a_font_is_named() -> None:
    scripts = scripts_in(["Yes", "হ্যাঁ", "ကို"])

    assert undrawable(scripts, frozenset({"Noto Sans", "Noto Sans Bengali"})) == ("Myanmar",)


def test_a_pdf_without_typst_is_refused_with_the_extra_that_brings_it(
    definition: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(name: str) -> object:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(pdf, "import_module", gone)

    with pytest.raises(MissingExtra) as caught:
        pdf.pdf_bytes(sheet(definition, "en"))

    assert str(caught.value) == (
        "a paper questionnaire as PDF: this needs the package typst, which is not installed. "
        "Install it with: pip install 'field-to-finding[paper]'."
    )


def test_a_pdf_is_the_same_bytes_twice(definition: Path) -> None:
    pytest.importorskip("typst")

    first = pdf.pdf_bytes(sheet(definition, "th"))

    assert first.startswith(b"%PDF")
    assert first == pdf.pdf_bytes(sheet(definition, "th"))


@pytest.mark.client
@pytest.mark.parametrize("language", ASKED)
def test_pages_in_every_script_hold_the_text_in_the_declared_fonts(
    definition: Path, language: str, tmp_path: Path
) -> None:
    """LibreOffice draws the Word file, Typst the PDF; poppler reads both back."""
    pytest.importorskip("typst")
    if shutil.which("soffice") is None or shutil.which("pdftotext") is None:
        pytest.skip("needs LibreOffice and poppler")
    made = sheet(definition, language)
    if pdf.missing_scripts(made):
        pytest.skip("a Noto font is not installed")
    (tmp_path / "typst.pdf").write_bytes(pdf.pdf_bytes(made))
    (tmp_path / "word.docx").write_bytes(docx_bytes(made))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf", "word.docx"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        timeout=120,
    )
    for name in ("typst.pdf", "word.pdf"):
        read = _tool("pdftotext", "-layout", name, "-", folder=tmp_path)
        fonts = _tool("pdffonts", name, folder=tmp_path)
        pages = re.search(r"Pages:\s+(\d+)", _tool("pdfinfo", name, folder=tmp_path))
        family = {"bn": "Bengali", "my": "Myanmar", "th": "Thai", "ar": "Naskh"}.get(
            language, "Noto"
        )
        assert family in fonts
        assert pages is not None
        assert int(pages[1]) <= 2
        if language not in ("my", "ar", "bn"):
            assert ASKED[language] in " ".join(read.split())
        else:
            letters = set(ASKED[language]) - set(" ?؟။")
            assert len(letters & set(read)) > 0.6 * len(letters)


def _tool(*arguments: str, folder: Path) -> str:
    found = subprocess.run(arguments, cwd=folder, check=True, capture_output=True, timeout=60)
    return found.stdout.decode()
