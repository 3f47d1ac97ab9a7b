"""The record of one run: of every step its rows in and out, its seconds and the hash of what it made.

Nothing is dropped in silence because the counts are written down and add up:
rows in = rows out + what the step says it took away.
"""

from __future__ import annotations

import hashlib
import platform
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pandas as pd

from survey_kit import __version__

PACKAGES = (
    "pandas",
    "numpy",
    "scipy",
    "pyarrow",
    "pyreadstat",
    "openpyxl",
    "xlsxwriter",
    "altair",
    "pyxform",
    "python-docx",
    "vl-convert-python",
)


@dataclass
class Step:
    """One step: what went in, what came out, how long it took."""

    name: str
    rows_in: int | None = None
    rows_out: int | None = None
    taken_away: dict[str, int] = field(default_factory=dict[str, int])
    hash: str = ""
    seconds: float = 0.0
    detail: dict[str, object] = field(default_factory=dict[str, object])

    def record(self) -> dict[str, object]:
        """The step as it stands in manifest.json, without what does not apply."""
        found: dict[str, object] = {"step": self.name}
        if self.rows_in is not None:
            found["rows_in"] = self.rows_in
        if self.rows_out is not None:
            found["rows_out"] = self.rows_out
        if self.taken_away:
            found["taken_away"] = self.taken_away
        if self.hash:
            found["sha256"] = self.hash
        found["seconds"] = round(self.seconds, 3)
        return found | self.detail


class Record:
    """The steps of a run, as they happen."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    @contextmanager
    def step(self, name: str) -> Generator[Step]:
        """Time a step and keep it."""
        step = Step(name)
        self.steps.append(step)
        begun = time.perf_counter()
        try:
            yield step
        finally:
            step.seconds = time.perf_counter() - begun

    def manifest(
        self, study: str, notice: str, inputs: dict[str, Path], outputs: Path
    ) -> dict[str, object]:
        """Everything needed to trace a number back: inputs, steps, outputs, versions."""
        written = sorted(path for path in outputs.rglob("*") if path.is_file())
        return {
            "study": study,
            "notice": notice,
            "inputs": {
                name: {"file": path.name, "sha256": hash_of_path(path)}
                for name, path in inputs.items()
            },
            "steps": [step.record() for step in self.steps],
            "outputs": {
                path.relative_to(outputs).as_posix(): hash_of_path(path) for path in written
            },
            "versions": versions(),
        }


def versions() -> dict[str, str]:
    """What computed the numbers."""
    found = {"field-to-finding": __version__, "python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


def hash_of_path(path: Path) -> str:
    """SHA-256 of a file, or of the names and contents of a folder's files in order."""
    total = hashlib.sha256()
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
    for file in files:
        if file != path:
            total.update(file.relative_to(path).as_posix().encode())
        with file.open("rb") as stream:
            while block := stream.read(1 << 20):
                total.update(block)
    return total.hexdigest()


def hash_of_frame(frame: pd.DataFrame) -> str:
    """SHA-256 of a frame: its columns, its index and every value, in order."""
    total = hashlib.sha256("\x1f".join(map(str, frame.columns)).encode())
    total.update(pd.util.hash_pandas_object(frame, index=True).to_numpy().tobytes())
    return total.hexdigest()
