"""Findings as one HTML file that needs nothing else: it opens from an e-mail, and prints.

Charts are drawn into the page; there is no script and no address to fetch from, and the
page forbids both to whoever opens it. Every claim stands with its limits, its table and
where it comes from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from survey_kit.findings import pictures, style
from survey_kit.findings.claim import Claim
from survey_kit.tables.as_html import table_html

SENSITIVITY = "How much it hangs on who was asked"
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


@dataclass(frozen=True)
class _Page:
    title: str
    notice: str
    language: str


def write_html(
    claims: Sequence[Claim],
    path: Path,
    *,
    title: str,
    notice: str,
    method: Sequence[str],
    language: str = "en",
) -> None:
    """Write the findings of a study as one page.

    Parameters
    ----------
    claims
        In the order of telling; neighbours of one theme stand under one heading.
    notice
        Stands on top of the screen and on every printed page; "" where there is none.
    method
        How the study was made and what may be concluded, a paragraph each.

    Raises
    ------
    MissingExtra
        If vl-convert, which draws the charts, is not installed.
    """
    page = _Page(title, notice, language)
    path.write_text(findings_page(claims, page.title, page.notice, method, language), "utf-8")


def findings_page(
    claims: Sequence[Claim], title: str, notice: str, method: Sequence[str], language: str = "en"
) -> str:
    """The whole page as text."""
    body = "\n".join(
        [
            _notice(notice),
            f"<header><h1>{escape(title)}</h1></header>",
            "<main>",
            _summary(claims),
            *_themes(claims),
            _method(method, claims),
            "</main>",
        ]
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_style(notice)}</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def by_theme(claims: Sequence[Claim]) -> dict[str, list[Claim]]:
    """Claims under their headings, in the order in which the headings first appear."""
    themes: dict[str, list[Claim]] = {}
    for claim in claims:
        themes.setdefault(claim.theme, []).append(claim)
    return themes


def _notice(notice: str) -> str:
    return f'<p class="notice" role="note">{escape(notice)}</p>' if notice else ""


def _summary(claims: Sequence[Claim]) -> str:
    headlines = [claim for claim in claims if claim.headline]
    if not headlines:
        return ""
    points = "\n".join(
        f'<li><a href="#{_anchor(claim)}">{escape(claim.heading)}</a>: '
        f"{escape(claim.statement)}</li>"
        for claim in headlines
    )
    return f'<section class="summary"><h2>In short</h2>\n<ul>\n{points}\n</ul></section>'


def _themes(claims: Sequence[Claim]) -> list[str]:
    number = 0
    sections: list[str] = []
    for theme, told in by_theme(claims).items():
        parts = [f"<section>\n<h2>{escape(theme)}</h2>"]
        for claim in told:
            number += 1
            parts.append(_claim(claim, number))
        parts.append("</section>")
        sections.append("\n".join(parts))
    return sections


def _claim(claim: Claim, number: int) -> str:
    return "\n".join(
        [
            f'<article id="{_anchor(claim)}">',
            f"<h3>{escape(claim.heading)}</h3>",
            f'<p class="statement">{escape(claim.statement)}</p>',
            _figure(claim, number),
            f'<p class="caveat">{escape(claim.caveat)}</p>' if claim.caveat else "",
            table_html(claim.table),
            _sensitivity(claim),
            f'<p class="evidence">{escape(evidence_line(claim))}</p>',
            "</article>",
        ]
    )


def _sensitivity(claim: Claim) -> str:
    if not claim.evidence.sensitivity:
        return ""
    lines = "\n".join(f"<li>{escape(line)}</li>" for line in claim.evidence.sensitivity)
    return f'<div class="sensitivity"><p>{SENSITIVITY}</p>\n<ul>\n{lines}\n</ul></div>'


def _figure(claim: Claim, number: int) -> str:
    if claim.chart is None:
        return ""
    drawn = pictures.svg(claim.chart, prefix=f"chart{number}")
    words = escape(claim.alternative, quote=True)
    return (
        f'<figure>\n<div role="img" aria-label="{words}">{drawn}</div>\n'
        f"<figcaption>{escape(figure_line(claim, number))}</figcaption>\n</figure>"
    )


def figure_line(claim: Claim, number: int) -> str:
    """What stands under a chart."""
    return f"Figure {number}. Drawn from table {claim.table.name}, which follows."


def evidence_line(claim: Claim) -> str:
    """Where a claim comes from, in one line."""
    evidence = claim.evidence
    where = f"; only where {evidence.where}" if evidence.where else ""
    return (
        f"Evidence: table {evidence.table}{where}; finding {claim.name}; "
        f"data SHA-256 {evidence.data_hash}"
    )


def limits(claims: Sequence[Claim]) -> tuple[str, ...]:
    """What the sampling allows to be concluded: the wording of every table, once.

    What modelled intervals assume follows line by line, and not in the wording too.
    """
    assumed = dict.fromkeys(line for claim in claims for line in claim.evidence.assumed)
    designs: dict[str, None] = {}
    for claim in claims:
        design = claim.table.design
        for line in assumed:
            design = design.replace(line, "").strip()
        if design:
            designs[design] = None
    return (*designs, *assumed)


def further(method: Sequence[str], told: Sequence[str]) -> tuple[str, ...]:
    """The lines of a method, each "heading: text", but for those that the limits say already."""
    return tuple(line for line in method if line.partition(": ")[2] not in told)


def _method(method: Sequence[str], claims: Sequence[Claim]) -> str:
    known = limits(claims)
    told = "\n".join(f"<li>{escape(limit)}</li>" for limit in known)
    box = f'<aside class="limits"><h3>Limits</h3>\n<ul>\n{told}\n</ul></aside>' if told else ""
    lines = "\n".join(f"<p>{escape(line)}</p>" for line in further(method, known))
    return f"<section><h2>Method and limits</h2>\n{box}\n{lines}\n</section>"


def _anchor(claim: Claim) -> str:
    return escape(claim.name.replace(".", "-").replace(" ", "-"), quote=True)


def _style(notice: str) -> str:
    printed = notice.replace("\\", "").replace('"', "”").replace("<", "").replace("\n", " ")
    margin = f'@top-center {{ content: "{printed}"; {_PRINTED_NOTICE} }}' if notice else ""
    return _STYLE.replace("/*notice*/", margin) + style.CLAIMS + style.TABLES


_PRINTED_NOTICE = "font: bold 8pt Arial, sans-serif; color: #801650"

_STYLE = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { font: 1.05rem/1.5 "Liberation Sans", Arial, Helvetica, sans-serif; color: #0b0c0c;
  background: #fff; margin: 0; }
main, header { max-width: 52rem; margin: 0 auto; padding: 0 1.2rem; }
h1 { font-size: 2rem; line-height: 1.2; margin: 1.6rem 0 .4rem; }
h2 { font-size: 1.5rem; margin: 2.6rem 0 .6rem; border-bottom: 3px solid #12436D;
  padding-bottom: .2rem; }
h3 { font-size: 1.1rem; line-height: 1.4; margin: 2rem 0 .6rem; }
body > .notice { position: sticky; top: 0; z-index: 2; margin: 0; padding: .5rem 1.2rem;
  background: #801650; color: #fff; font-weight: bold; text-align: center; }
.summary li { margin: .5rem 0; }
.summary a { color: #12436D; }
article { scroll-margin-top: 5rem; }
figure { margin: 1rem 0; }
figure > div > svg { width: min(100%, 42rem); height: auto; display: block; }
article > figure > figcaption { color: #595959; font-size: .82rem; }
.limits { border: 2px solid #801650; padding: .2rem 1rem; margin: 1rem 0; }
@page { size: A4; margin: 22mm 16mm 18mm; /*notice*/ }
@media print {
  html { font-size: 9.5pt; }
  .statement, .caveat { break-inside: avoid; }
  body > .notice { position: static; }
  main, header { max-width: none; padding: 0; }
  h2, h3, .statement { break-after: avoid; }
  article > figure:not(.crosstab), .limits, tr { break-inside: avoid; }
  .crosstab { overflow: visible; }
  figure > div > svg { width: min(100%, 12.5cm); }
  a { color: inherit; text-decoration: none; }
}
"""
