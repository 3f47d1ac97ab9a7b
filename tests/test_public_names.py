"""What `import survey_kit` gives: every name, with its type, at no cost until it is asked for."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import survey_kit


@pytest.mark.parametrize("name", sorted(survey_kit.PLACES))
def test_every_name_is_there_and_is_documented(name: str):
    found = getattr(survey_kit, name)

    assert found.__name__ == name
    assert found.__doc__


def test_the_types_of_the_names_are_those_of_the_places(root: Path):
    text = (root / "survey_kit" / "__init__.pyi").read_text(encoding="utf-8")
    stated = {
        name.asname: (node.module or "").removeprefix("survey_kit.")
        for node in ast.parse(text).body
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    }

    assert stated == survey_kit.PLACES


def test_nothing_is_loaded_before_it_is_asked_for():
    code = "import sys, survey_kit; print([m for m in sys.modules if m in ('numpy', 'pandas', 'scipy')])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "[]"


def test_a_name_that_is_not_there_is_an_error_of_python():
    with pytest.raises(AttributeError, match="module 'survey_kit' has no attribute 'estimates'"):
        _ = survey_kit.estimates
    assert "estimate" in dir(survey_kit)
