"""A place for results: looked at before any work is done, and filled at once or not at all.

What is being made lies beside its place, under a hidden name, until the last of it is there.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from survey_kit.errors import UsageError

ANOTHER = "Name another place with --out"


def check_file(path: Path) -> None:
    """Refuse a path at which no file can be written.

    Raises
    ------
    UsageError
        If it is a folder, lies below a file, or in a folder where nothing may be written.
    """
    if path.is_dir():
        raise UsageError(str(path), "this is a folder, and a file is to be written", ANOTHER)
    _check_folder(path.parent)


def check_not_read(path: Path, *read: Path) -> None:
    """Refuse to write over a file that is read, by whatever name it is called.

    Raises
    ------
    UsageError
        If the path is one of those that are read.
    """
    for each in read:
        if path.exists() and each.exists() and path.samefile(each):
            raise UsageError(
                str(path), "this file is read, and would be written over", "Name another file"
            )


def check_folder(path: Path) -> None:
    """Refuse a path at which no folder can be filled, as `check_file` does for a file."""
    _check_folder(path)


@contextmanager
def writing(path: Path) -> Generator[Path]:
    """A path to write a file to, which then takes the place of `path`, or vanishes.

    So does every file that is written beside it: a writer gives each repeat its own.

    Raises
    ------
    UsageError
        As `check_file`.
    """
    check_file(path)
    with _beside(path) as folder:
        unfinished = folder / path.name
        yield unfinished
        for each in folder.iterdir():
            each.replace(path.parent / each.name)


@contextmanager
def replacing(out: Path) -> Generator[Path]:
    """A folder to write into, which replaces `out` when all has gone well, and vanishes if not.

    Raises
    ------
    UsageError
        If `out` is a file, or a folder with files but without a manifest.json: it was made
        by somebody else, and is not ours to replace. Or if nothing may be written there.
    """
    ours = out.is_dir() and ((out / "manifest.json").is_file() or not any(out.iterdir()))
    if out.exists() and not ours:
        raise UsageError(
            str(out),
            "this is there already, and no run has made it",
            "Name another folder with --out, or move this one away",
        )
    _check_folder(out.parent)
    with _beside(out) as folder:
        yield folder
        if out.exists():
            shutil.rmtree(out)
        folder.rename(out)
        out.chmod(0o755)


def _check_folder(folder: Path) -> None:
    there = folder.absolute()
    while not there.exists():
        there = there.parent
    if not there.is_dir():
        raise UsageError(str(folder), f"{there.name} is a file, and no folder", ANOTHER)
    if not os.access(there, os.W_OK | os.X_OK):
        raise UsageError(str(folder), "nothing may be written in this folder", ANOTHER)


@contextmanager
def _beside(path: Path) -> Generator[Path]:
    """A hidden folder beside a path. What it made on the way goes if nothing is put there."""
    missing = [each for each in path.absolute().parents if not each.exists()]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    except OSError as error:
        raise UsageError(str(path.parent), "nothing can be written here", ANOTHER) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if not path.exists():
            for each in missing:
                each.rmdir()
