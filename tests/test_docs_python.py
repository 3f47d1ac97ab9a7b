"""What docs/python.md shows is what comes of it, line by line."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import survey_kit

SHOWN = re.compile(r"^```python\n(.*?)^```$(?:\n\n^```text\n(.*?)^```$)?", re.MULTILINE | re.DOTALL)
RUN = """
import contextlib, io, json, warnings
warnings.simplefilter("error")
said = []
{body}
print(json.dumps(said))
"""


def _program(blocks: list[str]) -> str:
    """The blocks one after the other; what the last line of each comes to is written down."""
    lines: list[str] = []
    for block in blocks:
        *before, last = ast.parse(block).body
        lines += [ast.unparse(each) for each in before]
        shown = isinstance(last, ast.Expr)
        lines.append(f"said.append(repr({ast.unparse(last)}))" if shown else ast.unparse(last))
        if not shown:
            lines.append("said.append('')")
    return RUN.format(body="\n".join(lines))


@pytest.mark.client
def test_every_example_shows_what_comes_of_it(root: Path):
    page = (root / "docs" / "python.md").read_text(encoding="utf-8")
    found = SHOWN.findall(page)

    done = subprocess.run(
        [sys.executable, "-c", _program([code for code, _ in found])],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    for (code, text), said in zip(found, json.loads(done.stdout), strict=True):
        lines = [line.rstrip() for line in said.splitlines()]
        assert lines == [line.rstrip() for line in text.splitlines()], code


def test_every_function_of_estimates_tests_models_and_weights_is_in_the_page(root: Path):
    page = (root / "docs" / "python.md").read_text(encoding="utf-8")
    elsewhere = {"read_questionnaire", "read_responses", "run_checks", "analysis_frame"}
    elsewhere |= {"assumptions", "doubly_robust", "read_margins", "two_phase", "combine"}
    elsewhere |= {"calibrate_phase_two", "leave_one_out_of_cases", "leave_one_out_of_shares"}
    functions = {
        name for name in survey_kit.PLACES if not isinstance(getattr(survey_kit, name), type)
    }

    missing = {name for name in functions if f"sk.{name}" not in page}
    assert missing <= elsewhere, missing - elsewhere
