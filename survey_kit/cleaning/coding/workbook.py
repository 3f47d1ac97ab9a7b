"""The workbook of one coder: answers down the side, codes to choose from beside each.

Three sheets: what this is, the answers, and the codes with their definitions. A coder
chooses from lists; nothing has to be typed but notes. It holds answers of people, with
what looks like personal data taken out, and is for the coder alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook  # pyright: ignore[reportMissingTypeStubs]

from survey_kit.cleaning.coding.frame import CodeFrame
from survey_kit.cleaning.coding.units import Unit
from survey_kit.questionnaire.model import NOTHING

ANSWERS, CODES, ABOUT = "answers", "codes", "about"

CODE_COLUMNS = 5
"""How many codes one answer can get in the workbook."""

CREATED = datetime(2026, 1, 1, tzinfo=UTC)
"""Written into every workbook, so that the same answers make the same bytes."""

FACTS = ("question", "asked", "coder", "frame", "version", "answers")
"""What the sheet "about" says, and the reader reads."""

HOW = (
    (
        "In the sheet answers, choose up to five codes for each answer; the sheet codes says what they "
        "mean. Code what was said, not what you think of it."
    ),
    (
        "Work alone: some answers are coded by somebody else too, and how far two people agree says how "
        "good the codes are."
    ),
    "Where no code fits, leave the codes empty and say in the note what is missing.",
    (
        "If an answer names a person, a telephone number or a place that could give somebody away, code "
        "it, write REDACT in the note, and tell the data manager. Pass this file on to nobody else."
    ),
    (
        "Do not change the columns unit and answer: answers are told apart by them. Rows may be sorted "
        "and filtered as a whole; merge no cells, and delete no row."
    ),
    (
        "If the answer is in another language, your translation stands beside it in its own column; the "
        "answer stays as it was said."
    ),
)

RIGHT_TO_LEFT = frozenset(
    {"ar", "fa", "fa-AF", "ur", "ps", "he", "rhg-Rohg", "rhg-Arab", "ckb", "ku"}
)


def write_coding(
    units: Sequence[Unit],
    frame: CodeFrame,
    path: Path,
    *,
    coder: str,
    question: str,
    asked: str = "",
    notice: str = "",
    language: str | None = None,
    before: Mapping[str, Mapping[str, Sequence[str]]] | None = None,
    translations: Mapping[str, str] = NOTHING,
) -> None:
    """Write a coder's workbook.

    Parameters
    ----------
    units
        In the order in which they are to be coded.
    asked
        The question in words.
    language
        Of the labels of codes.
    before
        For an adjudicator: unit -> coder -> what that coder chose. None for a coder, who
        must not see it.
    translations
        Unit -> what a coder wrote as its translation, for an adjudicator too.
    """
    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book: Any = Workbook(buffer, options)
    with book:
        book.set_properties({"title": "Coding of answers", "comments": notice, "created": CREATED})
        formats = _formats(book)
        about, answers, codes = (book.add_worksheet(name) for name in (ABOUT, ANSWERS, CODES))
        facts = {
            "question": question,
            "asked": asked,
            "coder": coder,
            "frame": frame.name,
            "version": str(frame.version),
            "answers": str(len(units)),
        }
        _about(about, formats, notice, facts)
        _codes(codes, formats, frame, language)
        _answers(answers, formats, (units, frame), before, translations)
        answers.activate()
    path.write_bytes(buffer.getvalue())


def _formats(book: Any) -> dict[str, Any]:
    plain = {"valign": "top", "font_size": 11}
    head = plain | {"bold": True, "bottom": 1, "bg_color": "#E7ECF2"}
    return {
        "title": book.add_format({"bold": True, "font_size": 16}),
        "notice": book.add_format({"bold": True, "font_color": "#9C2A00"}),
        "head": book.add_format(head),
        "fill": book.add_format(head | {"bg_color": "#FFF2CC"}),
        "text": book.add_format(plain | {"text_wrap": True}),
        "rtl": book.add_format(plain | {"text_wrap": True, "reading_order": 2, "align": "right"}),
        "code": book.add_format(plain | {"font_color": "#555555"}),
        "open": book.add_format(plain | {"locked": False}),
        "done": book.add_format({"bg_color": "#E2F0D9"}),
    }


def _about(sheet: Any, formats: dict[str, Any], notice: str, facts: Mapping[str, str]) -> None:
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 100)
    for row, name in enumerate(FACTS):
        sheet.write_string(row, 0, name, formats["head"])
        sheet.write_string(row, 1, facts[name], formats["text"])
    sheet.write_string(len(FACTS) + 1, 1, notice, formats["notice"])
    for row, words in enumerate(HOW, start=len(FACTS) + 3):
        sheet.set_row(row, 32)
        sheet.write_string(row, 1, words, formats["text"])


def _codes(sheet: Any, formats: dict[str, Any], frame: CodeFrame, language: str | None) -> None:
    heads = ("code", "label", "under", "definition", "include", "exclude", "example")
    for at, (head, width) in enumerate(zip(heads, (22, 40, 30, 60, 40, 40, 40), strict=True)):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, head, formats["head"])
    for row, code in enumerate(frame.current, start=1):
        above = " > ".join(frame.label(each, language) for each in frame.path(code.code)[:-1])
        cells = (code.code, frame.label(code.code, language), above, code.definition)
        for at, cell in enumerate((*cells, code.include, code.exclude, code.example)):
            sheet.write_string(row, at, cell, formats["text"])
    sheet.freeze_panes(1, 1)


def _answers(
    sheet: Any,
    formats: dict[str, Any],
    content: tuple[Sequence[Unit], CodeFrame],
    before: Mapping[str, Mapping[str, Sequence[str]]] | None,
    translations: Mapping[str, str],
) -> None:
    units, frame = content
    coders = list(dict.fromkeys(c for chosen in (before or {}).values() for c in chosen))
    heads = ["unit", "language", "answer", "translation", *(f"by {each}" for each in coders)]
    widths = [14, 9, 70, 40, *(26 for _ in coders)]
    first = len(heads)
    fill = [*(f"code {number}" for number in range(1, CODE_COLUMNS + 1)), "note"]
    for at, head in enumerate([*heads, *fill]):
        filled = at >= first or head == "translation"
        width = [*widths, *(18 for _ in range(CODE_COLUMNS)), 40][at]
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, head, formats["fill" if filled else "head"])
    for row, unit in enumerate(units, start=1):
        rtl = unit.language in RIGHT_TO_LEFT
        sheet.write_string(row, 0, unit.unit, formats["code"])
        sheet.write_string(row, 1, unit.language, formats["text"])
        sheet.write_string(row, 2, unit.answer, formats["rtl" if rtl else "text"])
        sheet.write_string(row, 3, translations.get(unit.unit, ""), formats["text"])
        for at, coder in enumerate(coders, start=len(heads) - len(coders)):
            chosen = (before or {}).get(unit.unit, {}).get(coder, ())
            sheet.write_string(row, at, " ".join(chosen), formats["text"])
    last = max(len(units), 1)
    source = f"={CODES}!$A$2:$A${len(frame.current) + 1}"
    sheet.data_validation(
        1,
        first,
        last,
        first + CODE_COLUMNS - 1,
        {
            "validate": "list",
            "source": source,
            "error_title": "Code",
            "error_message": "Choose one of the codes in the list.",
        },
    )
    letter = _letter(first)
    sheet.conditional_format(
        1,
        first,
        last,
        first + CODE_COLUMNS,
        {"type": "formula", "criteria": f'=${letter}2<>""', "format": formats["done"]},
    )
    sheet.freeze_panes(1, 3)
    sheet.autofilter(0, 0, last, first + CODE_COLUMNS)


def _letter(column: int) -> str:
    """The name of a column, counted from 0; of those that a sheet of answers can have.

    >>> _letter(4), _letter(27)
    ('E', 'AB')
    """
    first, second = divmod(column, 26)
    return (chr(ord("A") + first - 1) if first else "") + chr(ord("A") + second)
