"""What changed, told: as text for a screen, as markdown for a review, as data for a program."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import shorten

from survey_kit.versions.change import About, Change, Changes, Severity

WIDEST = 60
"""Signs of an old or new value on one line of text."""
MOST_QUESTIONS = 5

HEADINGS = {
    Severity.BREAKING: "BREAKING: data collected with the old form can no longer be read or pooled",
    Severity.COMPATIBLE: "COMPATIBLE: old data are read and pooled; know of it when you compare",
    Severity.COSMETIC: "COSMETIC: no answer could come out otherwise",
}


def as_text(changes: Changes, severities: Sequence[Severity] = tuple(Severity)) -> Iterator[str]:
    """Lines for a screen: a heading, then the changes by severity, a line each.

    An exclamation mark is put before what a reviewer should not pass over.
    """
    yield heading(changes)
    for severity in severities:
        found = changes.of(severity)
        if not found:
            continue
        yield ""
        yield f"{HEADINGS[severity]} ({len(found)})"
        for change in found:
            mark = "!" if change.look else "-"
            yield f"  {mark} {subject(change)}: {change.kind.value}{_values(change)}"
            yield f"      {_sentence(change.why)}{_remedy(change)}"
            if change.place is not None:
                yield f"      {change.place}"


def heading(changes: Changes) -> str:
    """One line: which versions, and how much changed."""
    versions = f"version {changes.old or '?'} to {changes.new or '?'}"
    if not changes:
        return f"{changes.form}, {versions}: nothing changed"
    counts = ", ".join(
        f"{len(changes.of(severity))} {severity.value}"
        for severity in Severity
        if changes.of(severity)
    )
    return f"{changes.form}, {versions}: {counts}"


def subject(change: Change) -> str:
    """What changed, in words."""
    match change.about:
        case About.FORM:
            return "the form"
        case About.QUESTION:
            others = [key for key in change.questions if key != change.subject]
            return f"{change.subject}{_and_more(others)}"
        case About.LIST:
            return f"list {change.subject}{_of(change.questions)}"
        case About.GROUP | About.REPEAT:
            return f"{change.about.value} {change.subject}{_of(change.questions)}"
        case About.DERIVED:
            return f"derived {change.subject}"


def _and_more(names: Sequence[str]) -> str:
    if not names:
        return ""
    return f", {', '.join(names[: MOST_QUESTIONS - 1])}{_rest(names, MOST_QUESTIONS - 1)}"


def _of(names: Sequence[str]) -> str:
    if not names:
        return ""
    return f" ({', '.join(names[:MOST_QUESTIONS])}{_rest(names, MOST_QUESTIONS)})"


def _rest(names: Sequence[str], shown: int) -> str:
    return f" and {len(names) - shown} more" if len(names) > shown else ""


def _values(change: Change) -> str:
    old, new = (shorten(each, WIDEST, placeholder=" ...") for each in (change.old, change.new))
    if old and new:
        return f": {old} -> {new}" if (old, new) != (change.kind.value,) * 2 else ""
    if new:
        return f": {new}" if change.old == "" else f": -> {new}"
    return f": was {old}" if old else ""


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _remedy(change: Change) -> str:
    return f" {change.remedy}." if change.remedy else ""


def as_data(
    changes: Changes, severities: Sequence[Severity] = tuple(Severity)
) -> dict[str, object]:
    """The same for a program: plain values, all texts whole."""
    return {
        "form": changes.form,
        "old": changes.old,
        "new": changes.new,
        "counts": {each.value: len(changes.of(each)) for each in Severity},
        "changes": [
            {
                "severity": change.severity.value,
                "kind": change.kind.name.lower(),
                "about": change.about.value,
                "subject": change.subject,
                "questions": list(change.questions),
                "old": change.old,
                "new": change.new,
                "why": change.why,
                "remedy": change.remedy,
                "look": change.look,
                "place": str(change.place) if change.place else None,
            }
            for change in changes.changes
            if change.severity in severities
        ],
    }


def as_markdown(
    changes: Changes, severities: Sequence[Severity] = tuple(Severity)
) -> Iterator[str]:
    """Lines of a report for a review: a summary, then a table for each severity."""
    yield f"# {escaped(changes.form)}: {escaped(changes.old or '?')} → {escaped(changes.new or '?')}"
    yield ""
    if not changes:
        yield "Nothing changed."
        return
    yield "| what it does to data already collected | changes | to look at |"
    yield "|---|---:|---:|"
    for severity in Severity:
        found = changes.of(severity)
        yield f"| {severity.value} | {len(found)} | {sum(each.look for each in found)} |"
    for severity in severities:
        found = changes.of(severity)
        if not found:
            continue
        yield ""
        yield f"## {HEADINGS[severity]}"
        yield ""
        yield "| | what | change | old | new | why, and what to do | where |"
        yield "|---|---|---|---|---|---|---|"
        for change in found:
            cells = (
                "**!**" if change.look else "",
                escaped(subject(change)),
                escaped(change.kind.value),
                escaped(change.old),
                escaped(change.new),
                escaped(f"{_sentence(change.why)}{_remedy(change)}"),
                escaped(str(change.place)) if change.place else "",
            )
            yield f"| {' | '.join(cells)} |"


_ESCAPES = str.maketrans(
    {sign: f"\\{sign}" for sign in "\\`*_[]|~$"}
    | {"<": "&lt;", ">": "&gt;", "&": "&amp;", "\r": " "}
    | {"@": "@\N{ZERO WIDTH NON-JOINER}"}
)
_LINK = "://"


def escaped(text: str) -> str:
    """A text that markdown shows as it is: no table, no mark, no tag, no link and no name called.

    >>> escaped("a|b <b>")
    'a\\\\|b &lt;b&gt;'
    """
    plain = text.translate(_ESCAPES).replace(_LINK, ":\N{ZERO WIDTH NON-JOINER}//")
    return "<br>".join(" ".join(line.split()) for line in plain.split("\n"))
