"""The workbook for translators: one sheet a language, one row a text.

What a translator fills in stands open, all else is locked. Every cell is a text: nothing
in a questionnaire can become a formula on somebody's machine. The last column, hidden,
holds the translation as it was handed out, so that it is known afterwards who changed what.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from io import BytesIO
from typing import TYPE_CHECKING, Any

import xlsxwriter  # pyright: ignore[reportMissingTypeStubs]

from survey_kit.errors import DefinitionError
from survey_kit.questionnaire.coverage import State, coverage
from survey_kit.questionnaire.direction import right_to_left
from survey_kit.questionnaire.model import Case, Choice, Derived, Question
from survey_kit.questionnaire.sentence import sentence
from survey_kit.questionnaire.spoken import spoken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from survey_kit.questionnaire.coverage import Cell
    from survey_kit.questionnaire.model import Questionnaire
    from survey_kit.questionnaire.spoken import Spoken

PLACE = "place"
SOURCE = "text"
CONTEXT = "where it stands"
EARLIER = "earlier text"
TRANSLATION = "translation"
STATUS = "status"
COMMENT = "comment"
GIVEN = "as handed out"
HEADERS = (PLACE, CONTEXT, EARLIER, SOURCE, TRANSLATION, STATUS, COMMENT, GIVEN)
_WIDTHS = (30, 34, 24, 50, 50, 11, 28, 10)
_OPEN = frozenset({TRANSLATION, STATUS, COMMENT})
READ_ME = "read me"
STATUSES = ("draft", "reviewed")
_LONGEST = 32_767
_LINE = 18
"""The height of a line in points: scripts with signs above and below need more than Latin."""
_LETTERS = 1.1
"""The width of a letter in those that a column is measured in, words that are cut included."""
_MADE = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_FONTS = {
    "bn": "Nirmala UI", "as": "Nirmala UI", "hi": "Nirmala UI", "ne": "Nirmala UI",
    "ta": "Nirmala UI", "si": "Nirmala UI", "my": "Myanmar Text", "mnw": "Myanmar Text",
    "shn": "Myanmar Text", "kar": "Myanmar Text", "th": "Leelawadee UI", "lo": "Leelawadee UI",
    "km": "Leelawadee UI", "am": "Nyala", "ti": "Nyala",
}  # fmt: skip
_HANIFI = "Noto Sans Hanifi Rohingya"
_PARTS = {
    "label": "text",
    "hint": "hint for the enumerator",
    "guidance_hint": "guidance for the enumerator",
    "constraint_message": "said when an answer cannot be right",
    "required_message": "said when an answer is missing",
}
_ADVICE = f"""\
Each sheet is one language. Write into the column that bears its name, as people say it, in plain \
and respectful words: most texts are read aloud.
Keep ${{...}} exactly as it stands: an answer given earlier is put there.
Where '{EARLIER}' is filled in, the text has changed since it was translated: look at it again.
'{STATUS}' is draft until somebody who speaks the language has checked the text; then reviewed.
'{COMMENT}' is for doubts and notes. Leave a translation empty where you are not sure.\
""".splitlines()
_NEEDED = (State.MISSING, State.STALE)


def translation_workbook(
    questionnaire: Questionnaire, languages: Sequence[str], *, needed: bool = False
) -> bytes:
    """The workbook as the bytes of its file; with `needed`, only what is missing or stale.

    The same questionnaire always becomes the same bytes.

    Raises
    ------
    DefinitionError
        If a text is longer than a cell holds.
    """
    stream = BytesIO()
    book: Any = xlsxwriter.Workbook(
        stream,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"created": _MADE.replace(tzinfo=None)})
    _read_me(book, questionnaire, languages)
    known = {each.place: each for each in spoken(questionnaire)}
    found = coverage(questionnaire)
    for number, code in enumerate(languages, start=1):
        cells = [
            cell
            for cell in (*found[code].cells, *found[code].files)
            if known[cell.place].texts.get(questionnaire.language)
            and (not needed or cell.state in _NEEDED)
        ]
        _Sheet(book, questionnaire, code, number).write(cells, known)
    book.close()
    return stream.getvalue()


def _read_me(book: Any, questionnaire: Questionnaire, languages: Sequence[str]) -> None:
    page = book.add_worksheet(READ_ME)
    page.set_column(0, 0, 110)
    wrapped = book.add_format({"text_wrap": True})
    title = book.add_format({"bold": True, "font_size": 14})
    page.write_string(0, 0, questionnaire.text(questionnaire.title) or questionnaire.name, title)
    first = questionnaire.languages[questionnaire.language]
    names = ", ".join(questionnaire.languages[code] for code in languages)
    for row, text in enumerate(_ADVICE, start=4):
        page.write_string(row, 0, text, wrapped)
    version = questionnaire.version or "not named"
    page.write_string(2, 0, f"From {first} into {names}. Version of the questions: {version}.")


class _Sheet:
    def __init__(self, book: Any, questionnaire: Questionnaire, code: str, number: int) -> None:
        self._whole = questionnaire
        self._code = code
        plain = code.replace("-", "").replace("_", "")
        is_name = plain.isascii() and plain.isalnum() and len(code) <= len("x" * 31)
        self._page = book.add_worksheet(code if is_name else f"language {number}")
        self._right = right_to_left(code)
        self._formats = {
            "head": book.add_format({"bold": True, "bg_color": "#E7E6E6", "text_wrap": True}),
            "locked": book.add_format(
                {"text_wrap": True, "valign": "top", "bg_color": "#F7F7F7", "num_format": "@"}
            ),
            "open": book.add_format(
                {
                    "text_wrap": True,
                    "valign": "top",
                    "locked": False,
                    "num_format": "@",
                    "font_name": _font(code),
                    "reading_order": 2 if self._right else 1,
                }
            ),
        }

    def write(self, cells: Sequence[Cell], known: dict[str, Spoken]) -> None:
        page, whole = self._page, self._whole
        if self._right:
            page.right_to_left()
        for column, (header, width) in enumerate(zip(HEADERS, _WIDTHS, strict=True)):
            page.set_column(column, column, width, None, {"hidden": header == GIVEN})
            page.write_string(0, column, self._header(header), self._formats["head"])
        for row, cell in enumerate(cells, start=1):
            texts = known[cell.place].texts
            status = whole.translations.get(self._code, {}).get(cell.place)
            written = {
                PLACE: cell.place,
                CONTEXT: self._context(cell),
                EARLIER: status.source if status else "",
                SOURCE: texts[whole.language],
                TRANSLATION: cell.text,
                STATUS: status.status.value if status and status.status.value in STATUSES else "",
                COMMENT: status.comment if status else "",
                GIVEN: cell.text,
            }
            lines = max(
                math.ceil(_LETTERS * len(written[header]) / width)
                for header, width in zip(HEADERS, _WIDTHS, strict=True)
                if header != GIVEN
            )
            page.set_row(row, _LINE * max(lines, 1))
            for column, header in enumerate(HEADERS):
                self._text(row, column, written[header], header)
        last = max(len(cells), 1)
        page.data_validation(
            1, HEADERS.index(STATUS), last, HEADERS.index(STATUS),
            {"validate": "list", "source": list(STATUSES), "ignore_blank": True},
        )  # fmt: skip
        page.freeze_panes(1, 1)
        page.autofilter(0, 0, last, len(HEADERS) - 1)
        page.protect(
            "", {"autofilter": True, "sort": True, "format_columns": True, "format_rows": True}
        )

    def _header(self, header: str) -> str:
        names = self._whole.languages
        match header:
            case "text":
                return names[self._whole.language]
            case "translation":
                return f"{names[self._code]} ({self._code})"
            case _:
                return header

    def _text(self, row: int, column: int, text: str, header: str) -> None:
        if len(text) > _LONGEST:
            raise DefinitionError(
                f"{self._whole.name}, {self._code}",
                f"a text of {len(text)} signs is to be translated, and a cell holds {_LONGEST}",
                "Shorten the text, or hand out a PO file",
            )
        style = self._formats["open" if header in _OPEN else "locked"]
        if text:
            self._page.write_string(row, column, text, style)
        else:
            self._page.write_blank(row, column, None, style)

    def _context(self, cell: Cell) -> str:
        """What a text is for, in a few words, and who hears it."""
        spot = cell.spot
        part = _PARTS.get(spot.part, f"name of the {spot.part} file" if spot.is_file else spot.part)
        match spot.owner:
            case None:
                return "title of the questionnaire"
            case Choice():
                return f"an answer that can be chosen ({spot.list_name}), {part}"
            case Derived() | Case():
                return "shown in tables, not in the interview"
            case Question() as question:
                asked = (
                    f"; asked if {sentence(question.relevant, self._whole)}"
                    if question.relevant and spot.part == "label"
                    else ""
                )
                return f"question ({_kind(question)}), {part}{asked}"
            case _:
                return f"heading, {part}"


def _kind(question: Question) -> str:
    if question.type.name == "note":
        return "read or shown, without an answer"
    match question.type.storage.name:
        case "CODE":
            return "one answer is chosen"
        case "CODES":
            return "several answers can be chosen"
        case _:
            return f"answer: {question.type.storage.value}"


def _font(code: str) -> str:
    if code.casefold().endswith("rohg"):
        return _HANIFI
    return _FONTS.get(re.split(r"[-_]", code)[0], "Calibri")
