"""The codebook as one HTML file: searched in the browser, printed, sent by mail.

Nothing is fetched from anywhere, and every text of the questionnaire is escaped. Each text
says in which language it is, so that browsers choose its letters and its direction.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from survey_kit.forms.codebook.book import Book, Code, DerivedEntry, Entry
from survey_kit.forms.paper.rich import words
from survey_kit.forms.paper.sheet import text_of
from survey_kit.questionnaire.direction import right_to_left
from survey_kit.questionnaire.model import Texts

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
LONGEST_OPEN = 30
"""Lists of more choices are folded up."""


def html_text(book: Book) -> str:
    """The codebook as HTML; the same text each time."""
    default = next(iter(book.languages))
    title = _plain(book.title.get(default, "")) or book.name
    shown = "" if default == "default" else f' lang="{escape(default)}"'
    return "".join(
        (
            f'<!DOCTYPE html>\n<html{shown}><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            f"<title>Codebook: {escape(title)}</title><style>{_STYLE}</style></head><body>",
            _header(book, title),
            "<main>",
            *_entries(book),
            *_derived(book),
            '<p id="none" hidden>Nothing is found.</p>',
            "</main>",
            f"<script>{_SCRIPT}</script></body></html>\n",
        )
    )


def _header(book: Book, title: str) -> str:
    languages = (
        ", ".join(f"<bdi>{escape(book.spoken(code))}</bdi>" for code in book.languages)
        if "default" not in book.languages
        else "one"
    )
    choose = "".join(
        f'<label><input type="checkbox" checked data-language="{escape(code)}"> {escape(book.spoken(code))}</label> '
        for code in book.languages
        if len(book.languages) > 1
    )
    return (
        f'<header><h1 dir="auto">{escape(title)}</h1>'
        f"<p>Codebook of <b>{escape(book.name)}</b>, version {escape(book.version)}. "
        f"{len(book.entries)} variables, {len(book.derived)} derived. Languages: "
        f"{languages}. Content {book.content}.</p>"
        '<p class="tools"><label for="search">Search</label> '
        '<input id="search" type="search" autocomplete="off"> '
        '<span id="count" role="status" aria-live="polite"></span></p>'
        + (f'<p class="tools" role="group" aria-label="Languages">{choose}</p>' if choose else "")
        + "</header>"
    )


def _entries(book: Book) -> Iterator[str]:
    part: tuple[str, ...] = ()
    for entry in book.entries:
        if entry.parts != part:
            part = entry.parts
            if part:
                yield f'<h2 dir="auto">{escape(" › ".join(part))}</h2>'
        yield _entry(book, entry)


def _entry(book: Book, entry: Entry) -> str:
    facts = {
        "Asked of": entry.asked,
        "Rule": f"{entry.rule}." if entry.rule else "",
        "Required": "" if entry.required == "no" else entry.required,
        "Worked out as": entry.worked_out,
        "Offered if": entry.offered,
        "Privacy": entry.privacy,
    }
    said = "".join(
        f'<dt>{name}</dt><dd dir="auto">{escape(text)}</dd>' for name, text in facts.items() if text
    )
    return (
        f'<article id="{escape(entry.key)}"><h3><code>{escape(entry.key)}</code> '
        f'<span class="mark">{escape(entry.kind)}</span>'
        + (f' <span class="mark">{escape(entry.paper)} on paper</span>' if entry.paper else "")
        + (f' <span class="mark">repeat {escape(entry.table)}</span>' if entry.table else "")
        + f"</h3>{_texts(book, entry.label, 'label')}{_texts(book, entry.hint, 'hint')}"
        f"<dl>{said}</dl>{_codes(book, entry)}{_columns(entry)}</article>"
    )


def _texts(book: Book, texts: Texts, kind: str) -> str:
    return "".join(
        f'<p class="{kind}"{_said_in(code, texts[code])}>{_lines(texts[code])}</p>'
        for code in book.languages
        if texts.get(code)
    )


def _said_in(code: str, text: str) -> str:
    side = "rtl" if right_to_left(code, text) else "ltr"
    if code == "default":
        return ' dir="auto"'
    return f' lang="{escape(code)}" dir="{side}" data-in="{escape(code)}"'


def _codes(book: Book, entry: Entry) -> str:
    if not entry.codes:
        return f"<p>Choices from <code>{escape(entry.list)}</code>.</p>" if entry.list else ""
    open_ = "" if len(entry.codes) > LONGEST_OPEN else " open"
    return (
        f"<details{open_}><summary>{len(entry.codes)} choices, list "
        f"<code>{escape(entry.list)}</code></summary>{_code_table(book, entry.codes)}</details>"
    )


def _code_table(book: Book, codes: Sequence[Code]) -> str:
    spoken = [code for code in book.languages if any(choice.label.get(code) for choice in codes)]
    heads = "".join(
        f'<th scope="col" data-in="{escape(code)}">{escape(book.spoken(code))}</th>'
        if code != "default"
        else '<th scope="col">Label</th>'
        for code in spoken
    )
    special = any(choice.meaning for choice in codes)
    rows = "".join(
        f'<tr><th scope="row"><code>{escape(choice.code)}</code></th><td>{choice.number}</td>'
        + "".join(
            f"<td{_said_in(code, choice.label.get(code, ''))}>{_lines(choice.label.get(code, ''))}</td>"
            for code in spoken
        )
        + (f"<td>{escape(choice.meaning)}</td>" if special else "")
        + "</tr>"
        for choice in codes
    )
    meaning = '<th scope="col">Meaning</th>' if special else ""
    return (
        '<table><thead><tr><th scope="col">Code</th><th scope="col">In sav and dta</th>'
        f"{heads}{meaning}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _columns(entry: Entry) -> str:
    rows = "".join(
        f"<tr><td>{escape(column.files)}</td><td><code>{escape(column.name)}</code></td>"
        f"<td>{escape(column.holds)}</td></tr>"
        for column in entry.columns
    )
    return (
        '<details><summary>Columns in exports</summary><table><thead><tr><th scope="col">Files'
        '</th><th scope="col">Column</th><th scope="col">Holds</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></details>"
    )


def _derived(book: Book) -> Iterator[str]:
    if book.derived:
        yield "<h2>Derived variables</h2>"
    for each in book.derived:
        yield _derived_entry(book, each)


def _derived_entry(book: Book, each: DerivedEntry) -> str:
    rows = "".join(
        f'<tr><th scope="row"><code>{escape(code)}</code></th>'
        f'<td>{_texts(book, label, "label")}</td><td dir="auto">{escape(when)}.</td></tr>'
        for code, label, when in each.cases
    )
    return (
        f'<article id="{escape(each.name)}"><h3><code>{escape(each.name)}</code> '
        f'<span class="mark">derived</span></h3>{_texts(book, each.label, "label")}'
        f'<dl><dt>Base</dt><dd dir="auto">{escape(each.base)}.</dd><dt>Privacy</dt>'
        f"<dd>{escape(each.privacy)}</dd></dl><table><thead><tr>"
        '<th scope="col">Code</th><th scope="col">Label</th><th scope="col">When (the first '
        f"that holds)</th></tr></thead><tbody>{rows}</tbody></table></article>"
    )


def _plain(text: str) -> str:
    return text_of(words(text, lambda name: name))


def _lines(text: str) -> str:
    said = words(text, lambda name: f"answer to {name}")
    runs = (f"<b>{escape(run.text)}</b>" if run.bold else escape(run.text) for run in said)
    return "".join(runs).replace("\n", "<br>")


_STYLE = """
:root{color-scheme:light dark}
body{font:16px/1.5 "Noto Sans","Noto Sans Bengali","Noto Sans Myanmar","Noto Sans Thai",
"Noto Naskh Arabic","Noto Sans Hanifi Rohingya",system-ui,sans-serif;max-width:62rem;margin:0 auto;padding:0 1rem 4rem}
header{position:sticky;top:0;background:Canvas;border-bottom:1px solid;padding:.5rem 0;z-index:1}
h1{font-size:1.4rem;margin:.2rem 0}h2{font-size:1.15rem;margin:2rem 0 .5rem}
h3{font-size:1rem;margin:0 0 .3rem}header p{margin:.2rem 0}
article{border:1px solid GrayText;border-radius:.4rem;padding:.7rem 1rem;margin:.7rem 0;scroll-margin-top:9rem}
.mark{font-weight:400;font-size:.8rem;border:1px solid GrayText;border-radius:1rem;padding:0 .5rem;margin-inline-start:.3rem}
.label{margin:.15rem 0;font-size:1.02rem}.hint{margin:.1rem 0;font-size:.9rem;font-style:italic}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem .8rem;margin:.4rem 0;font-size:.92rem}
dt{font-weight:600}dd{margin:0}
table{border-collapse:collapse;font-size:.9rem;margin:.3rem 0;width:100%}
th,td{border-bottom:1px solid GrayText;padding:.15rem .5rem;text-align:start;vertical-align:top}
tbody th{font-weight:400}summary{cursor:pointer;font-size:.92rem;padding:.15rem 0}
input[type=search]{font:inherit;padding:.25rem .5rem;width:min(26rem,60vw)}
.tools label{display:inline-block;margin-inline-end:.5rem}article{overflow-x:auto}
[hidden]{display:none!important}:focus-visible{outline:3px solid #1a66cc;outline-offset:2px}
@media (max-width:40rem),(max-height:30rem){header{position:static}}
@page{margin:12mm}
@media print{html,body{font-size:8.5pt}header{position:static}.tools{display:none}body{max-width:none;padding:0}
article{padding:.3rem .6rem;margin:.3rem 0}h2,h3,summary{break-after:avoid}tr,p,dl{break-inside:avoid}
article{overflow:visible}h2{margin:.8rem 0 .2rem}th,td{padding:0 .3rem}}
"""

_SCRIPT = """
const cards=[...document.querySelectorAll("article")];
const texts=cards.map(card=>card.textContent.toLowerCase());
const heads=[...document.querySelectorAll("main h2")];
const search=document.getElementById("search"),count=document.getElementById("count");
const none=document.getElementById("none");
function show(){
 const asked=search.value.toLowerCase().split(/\\s+/).filter(Boolean);let found=0;
 cards.forEach((card,i)=>{card.hidden=!asked.every(word=>texts[i].includes(word));found+=!card.hidden});
 heads.forEach(head=>{let next=head.nextElementSibling,any=false;
  while(next&&next.tagName==="ARTICLE"){any=any||!next.hidden;next=next.nextElementSibling}head.hidden=!any});
 count.textContent=asked.length?found+" found":"";none.hidden=found>0;
}
search.addEventListener("input",show);
document.querySelectorAll("[data-language]").forEach(box=>box.addEventListener("change",()=>{
 document.querySelectorAll('[data-in="'+CSS.escape(box.dataset.language)+'"]').forEach(each=>{each.hidden=!box.checked});
}));
let folded=[];
addEventListener("beforeprint",()=>{folded=[...document.querySelectorAll("details:not([open])")];
 folded.forEach(each=>{each.open=true})});
addEventListener("afterprint",()=>folded.forEach(each=>{each.open=false}));
"""
