"""The codebook as a workbook: questions, choices, derived variables and lists, to be filtered.

Every cell is written as text, so nothing in a questionnaire can become a formula.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any, TypeAlias

import xlsxwriter  # pyright: ignore[reportMissingTypeStubs]

from survey_kit.forms.codebook.book import Book
from survey_kit.questionnaire.direction import right_to_left
from survey_kit.questionnaire.model import Texts

LONGEST = 32_767
_MADE = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - Excel knows no zones
_WIDE, _USUAL, _NARROW = 48, 22, 12

Line: TypeAlias = "tuple[str | int, ...]"


def workbook_bytes(book: Book) -> bytes:
    """The codebook as the bytes of an Excel file; the same each time."""
    stream = BytesIO()
    written: Any = xlsxwriter.Workbook(
        stream,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    written.set_properties({"created": _MADE, "title": f"Codebook of {book.name}"})
    _sheet(written, book, "about", ("what", "value"), tuple(_about(book)))
    _sheet(written, book, "questions", _question_heads(book), tuple(_questions(book)))
    _sheet(written, book, "choices", _choice_heads(book), tuple(_choices(book)))
    _sheet(
        written, book, "columns", ("question", "files", "column", "holds"), tuple(_columns(book))
    )
    _sheet(written, book, "derived", _derived_heads(book), tuple(_derived(book)))
    _sheet(written, book, "lists", ("list", "choices", "used by"), tuple(_lists(book)))
    written.close()
    return stream.getvalue()


def _sheet(
    written: Any, book: Book, name: str, heads: tuple[str, ...], lines: Sequence[Line]
) -> None:
    page = written.add_worksheet(name)
    plain = {"text_wrap": True, "valign": "top"}
    head = written.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    usual = written.add_format(plain)
    mirrored = written.add_format({**plain, "align": "right", "reading_order": 2})
    sides = [_is_mirrored(book, text) for text in heads]
    for column, text in enumerate(heads):
        page.write_string(0, column, text, head)
        page.set_column(column, column, _width(text))
    for row, line in enumerate(lines, start=1):
        for column, value in enumerate(line):
            style = mirrored if sides[column] else usual
            if isinstance(value, int):
                page.write_number(row, column, value, usual)
            elif value:
                page.write_string(row, column, value[:LONGEST], style)
    page.freeze_panes(1, 1)
    page.autofilter(0, 0, max(len(lines), 1), len(heads) - 1)


def _is_mirrored(book: Book, head: str) -> bool:
    code = head.partition("::")[2]
    return code in book.languages and right_to_left(code)


def _width(head: str) -> int:
    if head.startswith(
        ("label", "hint", "asked", "rule", "when", "holds", "base", "used", "value")
    ):
        return _WIDE
    return _NARROW if head in ("paper", "required", "number", "choices", "files") else _USUAL


def _spoken(book: Book, head: str) -> tuple[str, ...]:
    return tuple(head if code == "default" else f"{head}::{code}" for code in book.languages)


def _texts(book: Book, texts: Texts) -> tuple[str, ...]:
    return tuple(texts.get(code, "") for code in book.languages)


def _about(book: Book) -> Iterator[Line]:
    yield "questionnaire", book.name
    yield "version", book.version
    yield "content", book.content
    for code in book.languages:
        if code != "default":
            yield f"language {code}", book.spoken(code)
    for code, title in book.title.items():
        yield f"title::{code}", title


def _question_heads(book: Book) -> tuple[str, ...]:
    facts = ("asked of", "rule", "required", "worked out as", "offered if", "list", "privacy")
    first = ("name", "paper", "type", "part", "repeat")
    return (*first, *_spoken(book, "label"), *_spoken(book, "hint"), *facts)


def _questions(book: Book) -> Iterator[Line]:
    for each in book.entries:
        yield (
            each.key,
            each.paper,
            each.kind,
            " › ".join(each.parts),
            each.table,
            *_texts(book, each.label),
            *_texts(book, each.hint),
            each.asked,
            each.rule,
            each.required,
            each.worked_out,
            each.offered,
            each.list,
            each.privacy,
        )


def _choice_heads(book: Book) -> tuple[str, ...]:
    return ("list", "code", "number", *_spoken(book, "label"), "meaning")


def _choices(book: Book) -> Iterator[Line]:
    for name, codes in book.lists.items():
        for each in codes:
            yield (name, each.code, each.number, *_texts(book, each.label), each.meaning)


def _columns(book: Book) -> Iterator[Line]:
    for entry in book.entries:
        for column in entry.columns:
            yield entry.key, column.files, column.name, column.holds


def _derived_heads(book: Book) -> tuple[str, ...]:
    names = ("name", *_spoken(book, "label"), "base", "code")
    return (*names, *_spoken(book, "label of code"), "when", "privacy")


def _derived(book: Book) -> Iterator[Line]:
    for each in book.derived:
        for code, label, when in each.cases:
            yield (
                each.name,
                *_texts(book, each.label),
                each.base,
                code,
                *_texts(book, label),
                when,
                each.privacy,
            )


def _lists(book: Book) -> Iterator[Line]:
    for name, codes in book.lists.items():
        yield name, len(codes), ", ".join(book.used_by.get(name, ()))
