"""A new study in an empty folder, which runs at once.

Its files are those of `template/`, with the name of the study in them; its answers are made
by `simulate` with a fixed seed, so every new study has the same, and nobody gave them.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from survey_kit.errors import FileProblem, UsageError

INTERVIEWS = 150
SEED = 1
VERSION = "1"
ENDING = ".template"
"""Of files that would mean something to our own tools if they had their own names."""
LONGEST = 40
"""Signs of a name: servers and SPSS take no more than some 60, and columns are to be added."""


def new_study(folder: Path, *, name: str | None = None) -> tuple[Path, ...]:
    """Write a small study into a folder that is empty or not there yet.

    Parameters
    ----------
    name
        What the study and its form are called; the name of the folder, without it.

    Returns
    -------
    tuple of Path
        The files, relative to the folder.

    Raises
    ------
    FileProblem
        If the folder is a file, or not empty, or nothing may be written there. Nothing is left
        behind then.
    UsageError
        If the name cannot be that of a form.
    """
    title = name or folder.resolve().name
    called = _form_id(title)
    _is_empty(folder)
    missing = [each for each in (folder, *folder.absolute().parents) if not each.exists()]
    beside = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=".init-", dir=folder))
        _fill(beside, called, title)
        written = tuple(sorted(p.relative_to(beside) for p in beside.rglob("*") if p.is_file()))
        for each in list(beside.iterdir()):
            each.rename(folder / each.name)
    except OSError as error:
        raise FileProblem(
            str(folder),
            f"the system says: {error.strerror}",
            "Name a folder in which you may write",
        ) from error
    finally:
        if beside is not None:
            shutil.rmtree(beside, ignore_errors=True)
        if folder.is_dir() and not any(folder.iterdir()):
            for each in missing:
                each.rmdir()
    return written


def _is_empty(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise FileProblem(str(folder), "this is a file", "Name a folder that is not there yet")
    if folder.is_dir() and any(folder.iterdir()):
        raise FileProblem(
            str(folder),
            "this folder is not empty, and nothing in it is to be overwritten",
            "Name a folder that is not there yet",
        )


def _form_id(title: str) -> str:
    """A name that forms, servers and files can have.

    >>> _form_id("Water at home, 2026")
    'water_at_home_2026'
    """
    plain = re.sub(r"[^a-z0-9]+", "_", title.casefold()).strip("_")[:LONGEST].strip("_")
    if not plain or not plain[0].isalpha():
        raise UsageError(
            f"--name {title!r}",
            "a form cannot be called so",
            "Begin with a Latin letter, and go on with letters and digits",
        )
    return plain


def _fill(folder: Path, name: str, title: str) -> None:
    from survey_kit.forms.read import read_questionnaire
    from survey_kit.responses.simulate import read_calibration, simulate
    from survey_kit.responses.submissions import write_submissions

    words = {"NAME": name, "TITLE": _quotable(title), "COUNT": str(INTERVIEWS), "SEED": str(SEED)}
    _copy(files("survey_kit.study") / "template", folder, words)
    form = folder / "questionnaire.yaml"
    (folder / "versions").mkdir()
    shutil.copyfile(form, folder / "versions" / f"{VERSION}.yaml")
    (folder / "data").mkdir()
    asked = read_questionnaire(form)
    likely = read_calibration(folder / "simulation.yaml", asked)
    made = simulate(asked, INTERVIEWS, seed=SEED, calibration=likely)
    write_submissions(made, folder / "data" / "submissions.zip")


def _copy(source: Traversable, target: Path, words: dict[str, str]) -> None:
    for each in source.iterdir():
        if each.is_dir():
            if not each.name.startswith("__"):
                (target / each.name).mkdir()
                _copy(each, target / each.name, words)
            continue
        text = each.read_text(encoding="utf-8")
        for word, value in words.items():
            text = re.sub(rf"\b{word}\b", lambda _, value=value: value, text)
        name = each.name.removesuffix(ENDING)
        (target / (f".{name}" if name == "gitignore" else name)).write_text(text, encoding="utf-8")


def _quotable(title: str) -> str:
    """A title that can stand between double quotes in YAML, and in a heading."""
    return " ".join(title.replace("\\", " ").replace('"', "'").split())
