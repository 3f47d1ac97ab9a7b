"""The paper questionnaire as a PDF, set by Typst from the same sheet as the Word document.

Typst is one self-contained package: no office program, no LaTeX. It gets the sheet as data
and draws it with ``sheet.typ``. Fonts are those of the machine; what they cannot draw is
said by `missing_scripts`, never printed as empty boxes without a word.
"""

from __future__ import annotations

import json
from dataclasses import asdict, fields, is_dataclass, replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from survey_kit.errors import MissingExtra
from survey_kit.forms.paper.scripts import BY_NAME, fonts_for, undrawable
from survey_kit.forms.paper.sheet import Run, Sheet, Words, text_of
from survey_kit.questionnaire.direction import only_left_to_right

TEMPLATE = Path(__file__).with_name("sheet.typ")
_LATIN, _ARABIC, _TALL = 0.48, 0.62, 0.1
"""Space between lines, in ems; where letters have signs below them, counted from below those."""
_RENAMED = {"Ticks": {"kind": "tick"}}
_ISOLATE = "\u2066{}\u2069"
_NOT_READ = frozenset(
    {"number", "code", "name", "language", "page", "kind", "between", "list", "arrow"}
)
"""Fields that hold no words."""


def pdf_bytes(sheet: Sheet) -> bytes:
    """A sheet as the bytes of a PDF; the same each time on the same fonts.

    It is made to be printed, so it has no tags, which would make it six times as large.

    Raises
    ------
    MissingExtra
        If typst is not installed.
    """
    typst = _typst()
    made: bytes = typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        sys_inputs={"sheet": json.dumps(_given(sheet), ensure_ascii=False)},
        timestamp=0,
        pdf_tags=False,
    )
    return made


def missing_scripts(sheet: Sheet) -> tuple[str, ...]:
    """The scripts of a sheet that no font of this machine can draw, by the fonts declared."""
    return undrawable(sheet.scripts, installed_fonts())


@cache
def installed_fonts() -> frozenset[str]:
    """The names of the fonts that Typst finds on this machine."""
    return frozenset(_typst().Fonts().families())


def _typst() -> Any:
    try:
        return import_module("typst")
    except ModuleNotFoundError as error:
        raise MissingExtra("a paper questionnaire as PDF", "typst", "paper") from error


def _given(sheet: Sheet) -> dict[str, object]:
    """The sheet as the template takes it."""
    known = installed_fonts()
    wanted = [*fonts_for(sheet.scripts)]
    for name in sheet.scripts:
        wanted += BY_NAME[name].fonts
    fonts = [font for font in dict.fromkeys(wanted) if font in known] or ["DejaVu Sans"]
    given: Any = _plain(sheet, sheet)
    scripts = [BY_NAME[name] for name in sheet.scripts]
    tall = any(script.complex and not script.right_to_left for script in scripts)
    flat = _ARABIC if sheet.right_to_left else _LATIN
    return {
        **given,
        "fonts": fonts,
        "heading": text_of(sheet.title),
        "tag": _tag(sheet.language),
        "tall": tall,
        "leading": _TALL if tall else flat,
    }


def _plain(value: object, sheet: Sheet) -> object:
    """A value as JSON: a dataclass as its fields and the name of its kind.

    On a page from right to left, words that run the other way are kept together by signs that
    isolate them; else their full stops and clauses would change places.
    """
    if is_dataclass(value) and not isinstance(value, type):
        name = type(value).__name__
        renamed = _RENAMED.get(name, {})
        made: dict[str, object] = {"kind": name}
        for each in fields(value):
            inside = getattr(value, each.name)
            told = isinstance(inside, str) and each.name in _NOT_READ
            made[renamed.get(each.name, each.name)] = inside if told else _plain(inside, sheet)
        return made
    if isinstance(value, tuple):
        several = cast("tuple[object, ...]", value)
        if sheet.right_to_left and several and all(isinstance(each, Run) for each in several):
            return [asdict(each) for each in _isolated(cast("Words", several))]
        return [_plain(each, sheet) for each in several]
    if isinstance(value, str) and value and sheet.turned:
        return _ISOLATE.format(value)
    return value


def _isolated(words: Words) -> Words:
    """Words that run from left to right, kept together on a page that does not."""
    if not only_left_to_right(text_of(words)):
        return words
    before, after = _ISOLATE.split("{}")
    lines = tuple(replace(run, text=run.text.replace("\n", f"{after}\n{before}")) for run in words)
    together = (replace(lines[0], text=before + lines[0].text), *lines[1:])
    return (*together[:-1], replace(together[-1], text=together[-1].text + after))


def _tag(language: str) -> str:
    """A code of two or three letters, as Typst takes it."""
    code = language.replace("_", "-").split("-")[0].casefold()
    return code if code.isalpha() and code.isascii() and len(code) in (2, 3) else "en"
