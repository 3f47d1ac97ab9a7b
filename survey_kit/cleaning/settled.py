"""What was decided about an enumerator, a question or a cell of the quota: findings about no interview.

No log of corrections can hold such a decision, since nothing is corrected. It is read from the
reviewed workbooks, by what the finding says: its check, its question, and its words without the
figures, which move with every round. It holds **until the evidence clearly grows**:

    a of b, p %   p has risen by ten points, or doubled, or b has doubled
    p %           it has risen by ten points, or doubled
    x             it has grown by half

where the first figure that a finding names is its evidence. Weaker evidence stays settled.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from survey_kit.cleaning.correction import ACTIONS, Action
from survey_kit.cleaning.corrections_file import reviewed_findings
from survey_kit.cleaning.log_lines import Line, csv_lines, workbook_tables

POINTS = 0.1
"""A share that has risen by so much is evidence that has grown."""
DOUBLED = 2.0
BY_HALF = 1.5
NEARLY = 1e-9

HEAD = re.compile(r"(?:enumerator|cell) .+?: ")
"""What a finding is about; figures in it are codes."""
MANY = re.compile(r"\d+ (?:of \d+ interviews \(\d+%\)|enumerators|findings): ")
"""How a line begins that stands for many findings; see `widespread`."""
KEPT = re.compile(r"\d{4}-\d\d-\d\d|'[^']*'|“[^”]*”")
"""Days and names are no figures."""
FIGURES = re.compile(r"(?<!\w)\d[\d.,]*%?")
CLAUSE = re.compile(r" \(|[:;,] ")
COUNTED = re.compile(r"(\d+) of (?:the )?(\d+)\b")


@dataclass(frozen=True)
class Settled:
    """A decision about a finding that concerns no interview.

    said
        The finding in the words that the reviewer saw.
    when
        The round that first knew of the decision; "" before it is known to any.
    """

    check: str
    question: str
    said: str
    decision: str
    comment: str
    who: str
    when: str = ""

    @property
    def place(self) -> tuple[str, str, str]:
        """What tells the finding from others."""
        return self.check, self.question, substance(self.said)

    def holds(self, what: str) -> bool:
        """Whether what the finding says now is no clearly stronger evidence than what it said."""
        return not has_grown(self.said, what)

    def told(self, *, holds: bool) -> str:
        """The decision in a line, with what the finding said then where it says more now."""
        signed = ", ".join(filter(None, (self.decision, self.who, self.when)))
        words = f"{signed}: {self.comment}" if self.comment else signed
        return words if holds else f"{words} (it said then: {self.said})"


def substance(what: str) -> str:
    """What a finding is about and what it is, without the figures that move from round to round.

    >>> substance("enumerator 7: 30 of 40 numbers in 'age' end in 0 or 5 (75%; 36% of 523 from others)")
    "enumerator 7: # of # numbers in 'age' end in # or #"
    >>> substance("437 of 632 interviews (69%): asked and required, but blank")
    'many: asked and required, but blank'
    """
    what = " ".join(what.split())
    if many := MANY.match(what):
        return f"many: {FIGURES.sub('#', what[many.end() :])}"
    head, words = _head(what)
    return head + _without_figures(CLAUSE.split(words, maxsplit=1)[0])


def has_grown(then: str, now: str) -> bool:
    """Whether the evidence that a finding names is clearly stronger than when it was settled.

    >>> has_grown("enumerator 7: 30 of 40 numbers (75%)", "enumerator 7: 44 of 60 numbers (73%)")
    False
    >>> has_grown("enumerator 7: 30 of 40 numbers (75%)", "enumerator 7: 60 of 80 numbers (75%)")
    True
    """
    before, after = _evidence(then), _evidence(now)
    if after is None:
        return before is not None
    if before is None:
        return True
    if (before.base is None) != (after.base is None) or before.is_share != after.is_share:
        return True
    if before.base is not None and after.base is not None and after.base >= DOUBLED * before.base:
        return True
    if after.is_share:
        grown = after.value - before.value >= POINTS - NEARLY
        return grown or (before.value > 0 and after.value >= DOUBLED * before.value)
    return after.value > before.value and after.value >= BY_HALF * before.value - NEARLY


@dataclass(frozen=True)
class _Evidence:
    """The first figure: a share (from 0 to 1) and what it is one of, or a plain number."""

    value: float
    base: float | None
    is_share: bool


def _evidence(what: str) -> _Evidence | None:
    words = KEPT.sub("", what if MANY.match(what) else _head(what)[1])
    first = FIGURES.search(words)
    if first is None:
        return None
    counted = COUNTED.match(words, first.start())
    if counted and float(counted[2]) > 0:
        base = float(counted[2])
        return _Evidence(float(counted[1]) / base, base, is_share=True)
    number = first.group().replace(",", "").rstrip(".")
    if number.endswith("%"):
        return _Evidence(float(number[:-1]) / 100, None, is_share=True)
    return _Evidence(float(number), None, is_share=False)


def _head(what: str) -> tuple[str, str]:
    found = HEAD.match(what)
    return (found.group(), what[found.end() :]) if found else ("", what)


def _without_figures(words: str) -> str:
    """Words with a # for each number but those of days and names."""
    kept = KEPT.findall(words)
    rest = [FIGURES.sub("#", each) for each in KEPT.split(words)]
    return rest[0] + "".join(name + after for name, after in zip(kept, rest[1:], strict=True))


def settled_in(paths: Sequence[Path]) -> tuple[Settled, ...]:
    """What reviewed workbooks decide about findings that concern no interview, in their order.

    Files that are no reviewed workbook, and decisions other than "no action", are left to
    `read_logs`, which reads the same files and refuses what it does not understand.

    Parameters
    ----------
    paths
        Files (.csv, .xlsx), or folders of them.
    """
    return tuple(each for path in _files(paths) for each in _of_file(path))


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        inside = sorted(path.iterdir()) if path.is_dir() else [path]
        yield from (each for each in inside if not each.name.startswith(("~$", ".")))


def _of_file(path: Path) -> Iterator[Settled]:
    match path.suffix.lower():
        case ".xlsx" | ".xlsm":
            lines = reviewed_findings(workbook_tables(path))
        case ".csv" | ".tsv" | ".txt":
            lines = reviewed_findings({"": list(csv_lines(path))})
        case _:
            return
    if not lines:
        return
    header = [cell.strip().casefold() for cell in lines[0].cells]
    if not {"check", "question", "what"} <= set(header):
        return
    for line in lines[1:]:
        row = dict.fromkeys(header, "") | dict(zip(header, _cells(line), strict=False))
        action = ACTIONS.get(row["decision"].casefold())
        if not row["interview"] and action is Action.KEEP and row["what"]:
            yield Settled(
                row["check"],
                row["question"],
                row["what"],
                action.value,
                row.get("comment", ""),
                row.get("reviewer", ""),
            )


def _cells(line: Line) -> list[str]:
    return [cell.strip() for cell in line.cells]
