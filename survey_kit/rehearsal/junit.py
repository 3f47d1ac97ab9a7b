"""The outcome of tests as JUnit XML, which every build server reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from survey_kit.rehearsal.trial import Trial


def junit(name: str, trials: Sequence[Trial]) -> str:
    """One suite with a case for each test; of a failure, what was expected, and why it is not so."""
    failed = sum(not each.passed for each in trials)
    suite = ET.Element(
        "testsuite",
        {"name": name, "tests": str(len(trials)), "failures": str(failed), "errors": "0"},
    )
    for trial in trials:
        case = ET.SubElement(suite, "testcase", {"classname": name, "name": trial.test.name})
        if trial.test.source is not None:
            case.set("file", trial.test.source.file)
        if not trial.passed:
            lines = [f"[{each.engine}] {each}" for each in trial.failures]
            kinds = ", ".join(dict.fromkeys(each.kind for each in trial.failures))
            failure = ET.SubElement(case, "failure", {"message": lines[0], "type": kinds})
            failure.text = "\n".join(lines)
    ET.indent(suite)
    return f"<?xml version='1.0' encoding='utf-8'?>\n{ET.tostring(suite, encoding='unicode')}\n"
