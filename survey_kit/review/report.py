"""What a review found, as lines to read and as JSON for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from survey_kit.review.rule import Remark, Rule, Severity

if TYPE_CHECKING:
    from survey_kit.review.coverage import Coverage

MOST_ALIKE = 8
"""How many findings of one rule are shown before the rest is counted."""

COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


def lines(
    remarks: Iterable[Remark], *, most: int | None = MOST_ALIKE
) -> Iterator[tuple[Severity | None, str]]:
    """A line for each finding, with its severity; beyond `most` of one rule, one line for all."""
    shown: Counter[str] = Counter()
    left: Counter[str] = Counter()
    severities: dict[str, Severity] = {}
    for each in remarks:
        severities[each.code] = each.severity
        if most is not None and shown[each.code] >= most:
            left[each.code] += 1
            continue
        shown[each.code] += 1
        yield each.severity, f"{each.code} {each.severity.value}: {each}"
    for code, number in sorted(left.items()):
        yield None, f"{code} {severities[code].value}: and {number} more; --all shows them"


def as_json(
    remarks: Iterable[Remark],
    rules: Mapping[str, Rule],
    coverage: Iterable[Coverage] = (),
) -> dict[str, Any]:
    """The findings, and how much of the form each language covers."""
    return {
        "findings": [
            {
                "code": each.code,
                "rule": rules[each.code].name,
                "severity": each.severity.value,
                "file": each.place.file,
                "sheet": each.place.sheet,
                "row": each.place.row,
                "where": each.where,
                "question": each.question,
                "what": each.what,
                "remedy": each.remedy,
            }
            for each in remarks
        ],
        "languages": [each.as_json() for each in coverage],
    }


def summary(found: Mapping[Severity, int]) -> str:
    """1 error, 2 warnings, 3 notes; or: nothing found."""
    parts = [
        f"{number} {severity.value}{'' if number == 1 else 's'}"
        for severity, number in found.items()
        if number
    ]
    return ", ".join(parts) or "nothing found"


def table_of_rules(rules: Mapping[str, Rule]) -> str:
    """Every rule as a row of a table in Markdown, as docs/check.md shows them."""
    rows = ["| code | name | severity | what it finds | why it matters |", "| --- " * 5 + "|"]
    for rule in rules.values():
        only = f" (`--profile {rule.profile}`)" if rule.profile else ""
        rows.append(
            f"| {rule.code} | {rule.name} | {rule.severity.value} | {rule.summary}{only} | {rule.why} |"
        )
    return "\n".join(rows)
