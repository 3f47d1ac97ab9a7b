"""The list of functions, and the page that explains it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from survey_kit.questionnaire.functions import FUNCTIONS, INSTEAD, Function

PAGE = Path("docs") / "expressions.md"


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda function: function.name)
def test_every_function_is_explained_as_it_is(function: Function, root: Path) -> None:
    page = (root / PAGE).read_text(encoding="utf-8")

    assert (
        f"| `{function.name}` | {function.takes} | {function.gives.value} | {function.says} | "
        f"{function.blank or '-'} |"
    ) in page


def test_the_page_explains_no_function_that_is_not_there(root: Path) -> None:
    page = (root / PAGE).read_text(encoding="utf-8")
    table = page.split("## Functions")[1].split("##")[0]

    assert set(re.findall(r"^\| `([^`]+)`", table, re.MULTILINE)) == set(FUNCTIONS)


@pytest.mark.parametrize("name", INSTEAD)
def test_what_other_engines_know_is_named_with_something_instead(name: str, root: Path) -> None:
    assert name not in FUNCTIONS
    assert f"| `{name}` | {INSTEAD[name]} |" in (root / PAGE).read_text(encoding="utf-8")
