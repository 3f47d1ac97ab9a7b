"""The coverage report: what random respondents showed, for a reader, a file, and a program."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from survey_kit.rehearsal.both import BothEngines
    from survey_kit.rehearsal.coverage import Coverage, Spread, Way

MOST_LISTED = 40

Table = tuple[str, tuple[str, ...], tuple[tuple[str, ...], ...]]
"""Title, header, rows."""


def findings(coverage: Coverage) -> Iterator[str]:
    """A line for each thing that is wrong, worst first."""
    for each in coverage.dead_ends:
        stops = "stops the interview" if each.stops else "is asked"
        yield (
            f"dead end: '{each.key}' {stops} in {each.interviews} of {each.of} interviews that come "
            f"to it: {each.reason} ({each.place})"
        )
    for each in coverage.unreached:
        never = "can never be asked" if each.impossible else "was never asked"
        yield f"unreached: '{each.key}' {never}. It waits for: {each.gate} ({each.place})"
    for each in coverage.refusing:
        yield f"refused: '{each.key}': {each.reason} ({each.interviews} of {each.of}; {each.place})"


def notes(coverage: Coverage) -> Iterator[str]:
    """A line for each thing that may be meant, and should be looked at."""
    for key, codes in coverage.never_offered.items():
        yield f"never offered: '{key}': {_few(codes)}"
    for key, codes in coverage.offered_elsewhere.items():
        yield f"not offered here, as it is elsewhere: '{key}': {_few(codes)}"
    for key, codes in coverage.never_chosen.items():
        yield f"offered and never taken: '{key}': {_few(codes)}"
    for each in coverage.left_out:
        yield f"not worked out: {each}"


def lines(coverage: Coverage) -> Iterator[str]:
    """The whole report for a terminal."""
    yield f"{_many(coverage.interviews, 'random interview')} on our engine, {coverage.questions} questions"
    yield f"  {coverage.finished} finished, {coverage.interviews - coverage.finished} could not go on"
    if coverage.found:
        yield (
            f"  {_many(len(coverage.found), 'question')} chance did not find and {coverage.sent} people "
            f"with the right answers did: {_few(coverage.found)}"
        )
    yield from (f"  {line}" for line in findings(coverage))
    if coverage.fine:
        yield "  every question was asked, and nobody came to a dead end"
    yield from (f"  note: {line}" for line in notes(coverage))
    yield f"  length, in questions and minutes ({coverage.language}): min, median, 90 %, max"
    for way in (*coverage.ways, coverage.whole):
        share = f"{way.interviews / coverage.interviews:.1%}"
        name = "all" if way is coverage.whole else f"ends in {way.ends_in}"
        yield f"    {name} ({share}): {_spread(way.questions, 0)} questions, {_spread(way.minutes, 1)} min"
    if coverage.rarest:
        yield "  asked most rarely:"
        for each in coverage.rarest:
            yield f"    {each.share:.1%} '{each.key}': {each.gate}"


def both_lines(both: BothEngines) -> Iterator[str]:
    """What the two engines made of the same interviews."""
    yield (
        f"{_many(both.interviews, 'random interview')} on JavaRosa, gone through again by ours: "
        f"{both.compared:,} things compared, {both.different:,} different"
    )
    for each in both.examples:
        yield f"  different: {each}"
    for each in both.stale:
        yield (
            f"  note: '{each}' is not worked out again on the phone when another row changes; "
            "it comes right when the form is opened again"
        )
    for each in both.stuck:
        yield (
            f"  dead end: '{each.key}' stops {_many(each.interviews, 'interview')} on JavaRosa: "
            f"{each.why} ({each.place})"
        )


def as_data(coverage: Coverage, both: BothEngines | None) -> dict[str, Any]:
    """The same for a program."""
    found = asdict(coverage)
    del found["answers"]
    return {**found, "fine": coverage.fine, "javarosa": asdict(both) if both is not None else None}


def markdown(title: str, coverage: Coverage, both: BothEngines | None) -> str:
    """The report as Markdown, for a review."""
    parts = [f"# {title}", "", *_opening(coverage, both), ""]
    for name, header, rows in tables(coverage):
        parts += [f"## {name}", ""]
        parts += [f"| {' | '.join(header)} |", f"|{'---|' * len(header)}"]
        parts += [f"| {' | '.join(each.replace('|', '/') for each in row)} |" for row in rows]
        parts.append("")
    return "\n".join(parts)


def as_html(title: str, coverage: Coverage, both: BothEngines | None) -> str:
    """The report as one HTML page that needs nothing else."""
    body = [f"<h1>{html.escape(title)}</h1>"]
    body += [f"<p>{html.escape(line)}</p>" for line in _opening(coverage, both)]
    for name, header, rows in tables(coverage):
        head = "".join(f"<th>{html.escape(each)}</th>" for each in header)
        cells = "".join(
            f"<tr>{''.join(f'<td>{html.escape(each)}</td>' for each in row)}</tr>" for row in rows
        )
        body.append(f"<h2>{html.escape(name)}</h2><table><tr>{head}</tr>{cells}</table>")
    style = (
        "body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
        "table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #ccc;"
        "padding:.3rem .6rem;text-align:left;vertical-align:top}"
    )
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f"<style>{style}</style>{''.join(body)}</html>\n"
    )


def tables(coverage: Coverage) -> Iterator[Table]:
    """Everything that was found, as tables; none that is empty."""
    every = (
        (
            "Dead ends",
            ("Question", "What happens", "Interviews", "Place"),
            tuple(
                (each.key, each.reason, f"{each.interviews} of {each.of}", each.place)
                for each in (*coverage.dead_ends, *coverage.refusing)
            ),
        ),
        (
            "Questions that nobody was asked",
            ("Question", "It waits for", "Place"),
            tuple((each.key, each.gate, each.place) for each in coverage.unreached),
        ),
        (
            "Choices that were never on offer",
            ("Question", "Choices"),
            tuple((key, _few(codes)) for key, codes in coverage.never_offered.items()),
        ),
        (
            "Choices that were on offer and never taken",
            ("Question", "Choices"),
            tuple((key, _few(codes)) for key, codes in coverage.never_chosen.items()),
        ),
        (
            f"Length in questions and minutes ({coverage.language})",
            ("Interviews that", "Share", "Questions: min, median, 90 %, max", "Minutes"),
            tuple(_row(way, coverage) for way in (*coverage.ways, coverage.whole)),
        ),
        (
            "Asked most rarely",
            ("Question", "Share", "It waits for"),
            tuple((each.key, f"{each.share:.1%}", each.gate) for each in coverage.rarest),
        ),
    )
    yield from (each for each in every if each[2])


def _opening(coverage: Coverage, both: BothEngines | None) -> list[str]:
    random = _many(coverage.interviews, "interview")
    sent = _many(coverage.sent, "interview")
    said = [
        f"Random: {random} with people who answer at random, {coverage.finished} finished.",
        f"Sent: {sent} with people who give the answers that a question waits for.",
        "Nobody gave these answers: they are simulated.",
    ]
    if both is not None:
        said += list(both_lines(both))
    return said


def _row(way: Way, coverage: Coverage) -> tuple[str, ...]:
    name = "all" if way is coverage.whole else f"end in {way.ends_in}"
    share = f"{way.interviews / coverage.interviews:.1%}"
    return (name, share, _spread(way.questions, 0), _spread(way.minutes, 1))


def _spread(spread: Spread, digits: int) -> str:
    values = (spread.least, spread.median, spread.p90, spread.most)
    return ", ".join(f"{each:.{digits}f}" for each in values)


def _few(names: Sequence[str]) -> str:
    more = len(names) - MOST_LISTED
    return ", ".join(names[:MOST_LISTED]) + (f" and {more} more" if more > 0 else "")


def _many(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
