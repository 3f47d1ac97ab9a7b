"""The reference results of R, all of them that are covered, through the command itself."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT.parent / "shared" / "reference"
RECORDED = 134
"""Cases that agreed when this was last raised. It only ever goes up."""


def said_of(folder: Path) -> tuple[list[str], int]:
    """The lines that the command says of a folder, and its exit code, in this process."""
    with pytest.MonkeyPatch.context() as patched, contextlib.redirect_stdout(io.StringIO()) as said:
        patched.syspath_prepend(ROOT / "benchmarks")
        code = importlib.import_module("parity").main([str(folder)])
    return said.getvalue().splitlines(), code


def run(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, ROOT / "benchmarks" / "parity.py", folder],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.client
@pytest.mark.shared
@pytest.mark.skipif(
    not REFERENCE.is_dir(), reason="the reference results are not beside the project"
)
def test_no_number_differs_from_r_and_no_agreement_is_lost() -> None:
    found = run(REFERENCE)

    last = found.stdout.splitlines()[-1]
    agree, differ, unsupported = (int(count) for count in re.findall(r"\d+", last))
    assert found.returncode == 0, found.stdout + found.stderr
    assert differ == 0
    assert agree >= RECORDED
    assert agree + differ + unsupported == len(list(REFERENCE.glob("open/cases/*.json")))


CASES = {
    "agrees": ({"y": ["litres"]}, {"coef": {"litres": 2}, "degf": 2}),
    "differs": ({"y": ["litres"]}, {"coef": {"litres": 2.001}}),
    "more": ({"y": ["litres"]}, {"coef": {"litres": 2}, "median": 2}),
    "odd": ({"y": ["litres"], "odd": True}, {"coef": {"litres": 2}}),
    "subset": ({"y": ["litres"], "subset": "litres > 1"}, {"coef": {"litres": 2.5}}),
}
"""Means of 1, 2 and 3 litres: what is asked, and what it is said to be."""
RECRUITED = {
    "walked": ({"y": ["litres"], "degree": "knows"}, {"value": {"est": 1.375 / 0.875}}),
    "unheard": ({"y": ["litres"], "degree": "knows"}, {"value": {"est": 1.5, "odds": 1}}),
}
"""Of people who know 2, 4 and 8: Σ y/d = 1/2 + 2/4 + 3/8 = 1.375, Σ 1/d = 0.875."""


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the command says of each case, and its last line under ""."""
    folder = tmp_path_factory.mktemp("reference")
    (folder / "cases").mkdir()
    (folder / "data.csv").write_text("litres,knows\n1,2\n2,4\n3,8\n", encoding="utf-8")
    (folder / "datasets.json").write_text('{"water": {"file": "data.csv"}}', encoding="utf-8")
    design = {"dataset": "water", "type": "taylor", "ids": ["1"], "weights": "1"}
    for name, (op, result) in (CASES | RECRUITED).items():
        function = "svymean" if name in CASES else "rds_ii"
        case = {"id": name, "fn": function, "tolerance_rel": 1e-6, "op": op}
        text = json.dumps(case | {"design": design, "result": result})
        (folder / "cases" / f"{name}.json").write_text(text, encoding="utf-8")
    (*said, last), code = said_of(folder)
    return {line.split()[1]: line for line in said} | {"": last, "code": str(code)}


def test_cases_are_counted_and_a_difference_fails(lines: dict[str, str]) -> None:
    assert lines[""] == "3 agree, 1 differ, 3 unsupported"
    assert lines["code"] == "1"


def test_a_number_that_differs_is_named(lines: dict[str, str]) -> None:
    assert lines["differs"].endswith("coef litres: relative difference 0.0005")


def test_a_number_that_is_not_computed_makes_a_case_unsupported(lines: dict[str, str]) -> None:
    assert lines["more"].endswith("median is not computed")


def test_an_option_that_is_not_known_makes_a_case_unsupported(lines: dict[str, str]) -> None:
    assert lines["odd"].endswith("option odd")


def test_a_subset_is_read_from_its_expression(lines: dict[str, str]) -> None:
    assert lines["subset"].startswith("agree")


def test_people_who_recruited_each_other_are_weighed_by_whom_they_know(
    lines: dict[str, str],
) -> None:
    assert lines["walked"].startswith("agree")
    assert lines["unheard"].endswith("odds is not computed")


def test_a_folder_without_cases_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"no cases/ and datasets\.json here"):
        said_of(tmp_path)
