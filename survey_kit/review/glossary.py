"""Words that harm, mislead or take a side, and what to say instead: data, not code.

The shipped list (`glossary.csv`) follows the usage of IOM, UNHCR, OHCHR and the PICUM guide on
words; a study adds its own in a file of the same four columns, as CSV or as a YAML list.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from io import StringIO
from pathlib import Path

from survey_kit.errors import FileProblem

COLUMNS = ("language", "term", "instead", "why")
_SHIPPED = Path(__file__).with_name("glossary.csv")
_LARGEST = 1_000_000


@dataclass(frozen=True)
class Term:
    """A word or phrase in one language, what to say instead, and why.

    In `term` a star stands for any letters: ``illegal migrant*``.
    """

    language: str
    term: str
    instead: str
    why: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Finds the term as a word of its own, with any spaces between its words."""
        words = r"\s+".join(
            re.escape(word).replace(r"\*", r"\w*") for word in self.term.casefold().split()
        )
        return re.compile(rf"(?<!\w){words}(?!\w)")


@cache
def shipped_glossary() -> tuple[Term, ...]:
    """The terms that come with survey-kit."""
    return _from_csv(_SHIPPED.read_text(encoding="utf-8"), _SHIPPED.name)


def read_glossary(path: Path) -> tuple[Term, ...]:
    """The terms in a CSV or YAML file.

    Raises
    ------
    FileProblem
        If it cannot be read, or an entry lacks a term or what to say instead.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise FileProblem(path.name, "the glossary is larger than 1 MB", "Check its name")
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise FileProblem(
            path.name, "the glossary cannot be read as text in UTF-8", "Check the file"
        ) from error
    if path.suffix.casefold() in (".yaml", ".yml"):
        return tuple(_from_yaml(text, path.name))
    return _from_csv(text, path.name)


def _from_csv(text: str, file: str) -> tuple[Term, ...]:
    reader = csv.DictReader(StringIO(text, newline=""))
    return tuple(
        _term({key: value or "" for key, value in row.items() if key}, f"{file}, line {line}")
        for line, row in enumerate(reader, start=2)
        if any(row.values())
    )


def _from_yaml(text: str, file: str) -> Iterator[Term]:
    from survey_kit.questionnaire.yaml_file import parse_tree
    from survey_kit.questionnaire.yaml_tree import Listing, Mapped, Scalar

    tree = parse_tree(text, file)
    elements = tree.elements if isinstance(tree, Listing) else ()
    if not elements:
        raise FileProblem(
            str(tree.place), "the glossary is no list of terms", "Begin each with - term:"
        )
    for each in elements:
        entries = each.entries if isinstance(each, Mapped) else ()
        cells = {
            entry.key: entry.value.text for entry in entries if isinstance(entry.value, Scalar)
        }
        yield _term(cells, str(each.place))


def _term(cells: dict[str, str], where: str) -> Term:
    found = {key: cells.get(key, "").strip() for key in COLUMNS}
    for key in ("term", "instead"):
        if not found[key]:
            raise FileProblem(
                where,
                f"an entry of the glossary has no {key}",
                f"Give each entry {', '.join(COLUMNS)}",
            )
    return Term(**found)


def terms_in(text: str, language: str, glossary: Iterable[Term]) -> Iterator[tuple[Term, str]]:
    """The terms of a language that a text uses, each with the words it uses."""
    folded = text.casefold()
    code = language.casefold()
    for term in glossary:
        if term.language and not (code == term.language or code in _NAMES.get(term.language, ())):
            continue
        found = term.pattern.search(folded)
        if found:
            yield term, found.group()


_NAMES = {
    "en": ("english", "default", "eng"),
    "fr": ("french", "français", "francais", "fra"),
    "es": ("spanish", "español", "espanol", "spa"),
    "ar": ("arabic", "العربية", "ara"),
    "pt": ("portuguese", "português", "por"),
    "de": ("german", "deutsch", "deu"),
    "it": ("italian", "italiano", "ita"),
    "th": ("thai", "ไทย", "tha"),
    "bn": ("bangla", "bengali", "বাংলা", "ben"),
    "id": ("indonesian", "bahasa indonesia", "ind"),
    "ms": ("malay", "bahasa melayu", "bahasa malaysia", "msa"),
}
"""What forms call a language where they give it no code. A form that names none is English."""
