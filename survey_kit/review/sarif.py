"""The findings as SARIF 2.1.0, the form in which code hosts show them beside the lines.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/. A row of a sheet stands in for a line: a
workbook has no lines, and its rows are what an author looks for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from survey_kit import __version__
from survey_kit.review.rule import Remark, Rule

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def as_sarif(
    remarks: Iterable[Remark], rules: Mapping[str, Rule], files: Mapping[str, Path]
) -> dict[str, Any]:
    """A log of one run.

    Parameters
    ----------
    files
        File name -> its path from the folder in which the check was run.
    """
    found = tuple(remarks)
    used = sorted({each.code for each in found} | set(rules))
    place = {code: number for number, code in enumerate(used)}
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "survey-kit check",
                        "version": __version__,
                        "rules": [_rule(rules[code]) for code in used],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(each, place, files) for each in found],
            }
        ],
    }


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": "".join(word.capitalize() for word in rule.name.split("-")),
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.why},
        "help": {"text": f"{rule.remedy}."},
        "defaultConfiguration": {"level": rule.severity.value},
    }


def _result(remark: Remark, place: Mapping[str, int], files: Mapping[str, Path]) -> dict[str, Any]:
    path = files.get(remark.place.file, Path(remark.place.file))
    physical: dict[str, Any] = {
        "artifactLocation": {"uri": quote(path.as_posix())},
        "region": {"startLine": remark.place.row or 1},
    }
    location: dict[str, Any] = {"physicalLocation": physical}
    logical = [
        {"name": name, "kind": kind}
        for name, kind in ((remark.place.sheet, "module"), (remark.thing, "member"))
        if name
    ]
    if logical:
        location["logicalLocations"] = logical
    return {
        "ruleId": remark.code,
        "ruleIndex": place[remark.code],
        "level": remark.severity.value,
        "message": {"text": str(remark)},
        "locations": [location],
    }
