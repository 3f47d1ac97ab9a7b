"""Questionnaires and forms: seconds beside those of a peer that runs at the same time.

    python benchmarks/forms.py [50 1000 5000]

For made-up forms of so many questions: reading and converting them (XLSForm -> our
definition -> YAML -> XLSForm) and checking them, beside pyxform alone, and beside pyxform
with ODK Validate where Java is there. A ratio below 1 means that ours is the faster.
Below that, what has a goal of its own: a folder of a thousand small forms, a form of 1,000
questions from the file to the findings, random respondents on both engines and simulated
interviews of the shipped study. Seconds on the clock, and of computing (Java's among them).
What evaluation costs is in `evaluation.py`, beside JavaRosa.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

SIZES = (50, 1_000, 5_000)
PER_GROUP = 25
STUDY = Path(__file__).parents[1] / "instruments" / "community_perceptions" / "questionnaire.yaml"
PEER = "pyxform"
ROWS = [
    ("integer", "", "How old were you at step {n}?", ". >= 0 and . < 120", "${{q{before}}} != ''"),
    ("select_one yes_no", "", "Did step {n} happen?", "", ""),
    ("select_multiple reasons", "", "Why did step {n} happen?", "count-selected(.) <= 3", ""),
    ("text", "", "What else about step {n}?", "", "selected(${{q{before}}}, 'other')"),
    ("decimal", "", "What did step {n} cost?", ". >= 0", ""),
    ("date", "", "When was step {n}?", ". <= today()", ""),
    ("calculate", "coalesce(${{q{before}}}, '')", "", "", ""),
    ("note", "", "Thank you for step {n}.", "", ""),
]


def form(questions: int) -> dict[str, list[dict[str, str]]]:
    """The sheets of a form with so many questions, in groups, with logic on every kind."""
    survey: list[dict[str, str]] = []
    for n in range(questions):
        if n % PER_GROUP == 0:
            if n:
                survey.append({"type": "end_group"})
            survey.append(
                {"type": "begin_group", "name": f"part{n}", "label::English (en)": f"Part {n}"}
            )
        kind, calculation, label, constraint, relevant = ROWS[n % len(ROWS)]
        row = {
            "type": kind,
            "name": f"q{n}",
            "label::English (en)": label.format(n=n),
            "label::Bangla (bn)": f"প্রশ্ন {n}" if label else "",
            "calculation": calculation.format(before=n - 1),
            "constraint": constraint,
            "relevant": relevant.format(before=n - 1) if n else "",
        }
        survey.append({key: text for key, text in row.items() if text})
    survey.append({"type": "end_group"})
    choices = [
        {
            "list_name": name,
            "name": code,
            "label::English (en)": code.title(),
            "label::Bangla (bn)": "হ্যাঁ",
        }
        for name, codes in {
            "yes_no": ["yes", "no"],
            "reasons": ["work", "family", "war", "other"],
        }.items()
        for code in codes
    ]
    settings = [
        {"form_id": f"made_{questions}", "version": "1", "default_language": "English (en)"}
    ]
    return {"survey": survey, "choices": choices, "settings": settings}


def write(sheets: dict[str, list[dict[str, str]]], path: Path) -> None:
    """The sheets as a workbook."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        headers = list(dict.fromkeys(key for row in rows for key in row))
        page.append(headers)
        for row in rows:
            page.append([row.get(header, "") for header in headers])
    book.save(path)


def seconds(act: Callable[[], object]) -> float:
    """Of the best of three tries; of one that takes long, the first."""
    best = float("inf")
    for _ in range(3):
        began = time.perf_counter()
        act()
        best = min(best, time.perf_counter() - began)
        if best > 5:  # noqa: PLR2004 - a long try is steady enough
            break
    return best


def measure(questions: int, folder: Path) -> dict[str, float]:
    """Seconds of each step for a form of so many questions."""
    from pyxform.xls2xform import convert

    from survey_kit.forms.read import read_questionnaire
    from survey_kit.forms.xform import xform
    from survey_kit.forms.xlsform_writer import write_xlsform
    from survey_kit.questionnaire.yaml_file import parse_tree, write_yaml
    from survey_kit.review.review import review

    path, yaml, again = (
        folder / f"f{questions}{suffix}" for suffix in (".xlsx", ".yaml", ".again.xlsx")
    )
    write(form(questions), path)
    asked = read_questionnaire(path)
    made = folder / f"f{questions}.xml"

    def read_yaml() -> object:
        parse_tree.cache_clear()
        return read_questionnaire(yaml)

    def validated() -> None:
        made.write_text(convert(str(path), form_name="data").xform, encoding="utf-8")
        jar = Path(sys.modules["pyxform"].__file__ or "").parent / "validators/odk_validate/bin"
        subprocess.run(
            ["java", "-jar", str(jar / "ODK_Validate.jar"), str(made)],  # noqa: S607
            check=True,
            capture_output=True,
        )

    found = {
        "pyxform": seconds(lambda: convert(str(path), form_name="data")),
        "read xlsx": seconds(lambda: read_questionnaire(path)),
        "write yaml": seconds(lambda: write_yaml(asked, yaml)),
        "read yaml": seconds(read_yaml),
        "write xlsx": seconds(lambda: write_xlsform(asked, again)),
        "xform": seconds(lambda: xform(asked)),
        "check": seconds(lambda: review(asked)),
    }
    if shutil.which("java"):
        found["pyxform + Validate"] = seconds(validated)
    return found


def goals(folder: Path) -> dict[str, tuple[Callable[[], object], float]]:
    """What is to be done -> how, and within how many seconds."""
    small = folder / "small"
    small.mkdir()
    write(form(8), folder / "one.xlsx")
    for number in range(1_000):
        shutil.copyfile(folder / "one.xlsx", small / f"f{number:04}.xlsx")
    write(form(1_000), folder / "thousand.xlsx")
    found: dict[str, tuple[Callable[[], object], float]] = {
        "convert 1,000 small forms": (
            lambda: run("convert", small, folder / "yaml", "--to", "yaml"),
            60,
        ),
        "check 1,000 questions": (lambda: run("check", folder / "thousand.xlsx"), 3),
        "test --random 10000, ours": (
            lambda: run("test", STUDY, "--random", "10000", "--engine", "ours"),
            10,
        ),
        "simulate 100,000, parquet": (
            lambda: run("simulate", STUDY, "-n", "100000", "--out", folder / "s.parquet"),
            60,
        ),
        "simulate 100,000, raw XML": (
            lambda: run("simulate", STUDY, "-n", "100000", "--out", folder / "s.zip"),
            60,
        ),
    }
    if shutil.which("java"):
        found["test --random 500, JavaRosa"] = (
            lambda: run("test", STUDY, "--random", "500", "--engine", "javarosa"),
            30,
        )
    return found


def run(*arguments: object) -> None:
    """A command, in a process of its own; it may find something."""
    command = [sys.executable, "-c", "from survey_kit.cli import main; main()"]
    done = subprocess.run(
        [*command, *map(str, arguments)], capture_output=True, text=True, check=False
    )
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{arguments[0]}: {done.stderr}")


def computing() -> float:
    """Seconds of computing of all processes that were started and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main(sizes: list[int]) -> None:
    """Print seconds and, in brackets, the ratio to pyxform on the same form."""
    with tempfile.TemporaryDirectory() as scratch:
        found = {size: measure(size, Path(scratch)) for size in sizes}
    print(f"{'step':<22}" + "".join(f"{f'{size:,} questions':>24}" for size in sizes))
    for step in next(iter(found.values())):
        cells = [
            f"{found[size][step]:>14.3f} s {f'({found[size][step] / found[size][PEER]:.1f})':>7}"
            for size in sizes
        ]
        print(f"{step:<22}" + "".join(cells))
    print()
    with tempfile.TemporaryDirectory() as scratch:
        for name, (act, goal) in goals(Path(scratch)).items():
            began, before = time.perf_counter(), computing()
            act()
            on_clock, used = time.perf_counter() - began, computing() - before
            print(f"{name:<30}{on_clock:>7.1f} s, {used:>6.1f} s of computing; goal {goal:g} s")


if __name__ == "__main__":
    main([int(each) for each in sys.argv[1:]] or list(SIZES))
