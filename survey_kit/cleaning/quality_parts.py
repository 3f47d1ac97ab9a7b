"""What the sections of the quality page are made of: headings, folded lists, names, figures in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from survey_kit.questionnaire.model import Questionnaire

FEW = 10
"""Enumerators with fewer interviews are grey: their intervals say little."""
SHOWN = 12
"""So many lines of a list stand open; the rest unfold."""
MOST = 60
"""No more lines than this are listed at all; quality.xlsx has the rest."""
LONGEST = 110
CHIPS = 4
POINTS = 3
"""With fewer days there is no line to draw."""
LEVEL = 0.05
ROUND = 0.1
"""Shares from here on are told without decimals."""


@dataclass(frozen=True)
class Words:
    """How checks, questions and codes are called on the page."""

    questionnaire: Questionnaire
    checks: Mapping[str, str]
    language: str | None

    def check(self, name: str) -> str:
        """The title of a check."""
        return self.checks.get(name, name)

    def question(self, key: str) -> str:
        """A question's name and label, as HTML; the label keeps its own direction."""
        item = self.questionnaire.by_key.get(key)
        label = self.questionnaire.text(item.question.label, self.language) if item else ""
        short = label if len(label) <= LONGEST else label[: LONGEST - 1].rstrip() + "…"
        told = f'<small dir="auto">{escape(short)}</small>' if short.strip() else ""
        return f"<code>{escape(key)}</code>{told}"

    def code(self, variable: str, code: str) -> str:
        """The label of a code of a question or derived variable."""
        item = self.questionnaire.by_key.get(variable)
        for choice in self.questionnaire.choices(item.question) if item else ():
            if choice.code == code:
                return self.questionnaire.text(choice.label, self.language, fallback=code)
        for derived in self.questionnaire.derived:
            for case in derived.cases if derived.name == variable else ():
                if case.code == code:
                    return self.questionnaire.text(case.label, self.language, fallback=code)
        return code


def section(heading: str, about: str, *body: str, name: str = "") -> str:
    """A card with a heading; nothing where there is no body."""
    inside = "\n".join(part for part in body if part)
    told = f'<p class="about">{escape(about)}</p>' if about else ""
    return (
        f'<section id="{name}"><h2>{escape(heading)}</h2>\n{told}\n{inside}</section>'
        if inside
        else ""
    )


def folded(lines_: Sequence[str], wrap: str, more: str) -> str:
    """A list of which the first lines stand open; `wrap` is its opening tag."""
    tag = wrap[1:].partition(" ")[0]
    shown = f"{wrap}{''.join(lines_[:SHOWN])}</{tag}>"
    rest = lines_[SHOWN:MOST]
    if not rest:
        return shown
    left = len(lines_) - SHOWN - len(rest)
    also = f" ({left} more in quality.xlsx)" if left else ""
    return f"{shown}<details><summary>{len(rest)} more {more}{also}</summary>{wrap}{''.join(rest)}</{tag}></details>"


def records(table: pd.DataFrame) -> list[tuple[object, dict[Any, Any]]]:
    """The rows of a table with their index."""
    return list(zip(table.index, table.to_dict("records"), strict=True))


def told(value: float, is_share: bool) -> str:
    """A figure as it is told: a share in per cent, an amount in two digits."""
    if is_share:
        return f"{value:.0%}" if value >= ROUND or value == 0 else f"{value:.1%}"
    return f"{value:.0f}" if value >= FEW else f"{value:.2g}"


def chips(names: str, words: Words) -> str:
    """The titles of checks, the first few."""
    shown = names.split()
    chips = "".join(f"<span>{escape(words.check(name))}</span>" for name in shown[:CHIPS])
    more = f"<span>+{len(shown) - CHIPS}</span>" if len(shown) > CHIPS else ""
    return f'<span class="chips">{chips}{more}</span>'
