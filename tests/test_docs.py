"""What the documents show runs as it stands there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(path: Path) -> list[tuple[str, str, str]]:
    """(language, file name or "", text) of each fenced block."""
    return BLOCK.findall(path.read_text(encoding="utf-8"))


def run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}:\n{done.stdout}\n{done.stderr}"


@pytest.mark.client
def test_the_tutorial_runs_from_start_to_end_in_an_empty_folder(root: Path, tmp_path: Path):
    program: list[str] = []
    for language, name, text in blocks(root / "docs" / "tutorial.md"):
        if name:
            (tmp_path / name).write_text(text, encoding="utf-8")
        elif language == "sh":
            for line in text.splitlines():
                command = line.split()
                assert command[0] == "survey-kit"
                run([sys.executable, "-m", "survey_kit", *command[1:]], tmp_path)
        elif language == "python":
            program.append(text)

    run([sys.executable, "-c", "\n".join(program)], tmp_path)

    made = {path.name for path in (tmp_path / "results").iterdir()}
    assert made >= {"forms", "quality.xlsx", "tables.xlsx", "manifest.json", "responses.sav"}


@pytest.mark.client
def test_the_lines_of_python_in_the_readme_run(root: Path):
    programs = [text for language, _, text in blocks(root / "README.md") if language == "python"]

    assert len(programs) == 1
    run([sys.executable, "-c", programs[0]], root)


def test_the_examples_of_new_plug_ins_run(root: Path, tmp_path: Path):
    page = blocks(root / "docs" / "extending.md")

    run(
        [
            sys.executable,
            "-c",
            "\n".join(text for language, _, text in page if language == "python"),
        ],
        tmp_path,
    )


def test_the_readme_names_the_two_commands_that_ci_runs(root: Path):
    text = (root / "README.md").read_text(encoding="utf-8")

    marked = text.split("<!-- two commands -->")[1].split("```")[1].splitlines()[1:]

    assert marked == ["python3 run.py", "python3 run.py test"]


@pytest.mark.parametrize(
    "name", ["README.md", "CONTRIBUTING.md", "docs/tutorial.md", "docs/extending.md"]
)
def test_every_local_link_and_folder_leads_somewhere(root: Path, name: str):
    page = root / name
    text = page.read_text(encoding="utf-8")

    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    named = re.findall(
        r"`((?:survey_kit|docs|analysis|instruments|data|benchmarks|tests)/[\w/.]*)`", text
    )

    missing = [link for link in links if not (page.parent / link).exists()]
    missing += [path for path in named if not (root / path).exists()]
    assert missing == []
