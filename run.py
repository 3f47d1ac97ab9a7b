#!/usr/bin/env python3
"""Set up and run, with nothing but Python 3.11 or newer: no server, no account.

    python3 run.py                      the whole life of the shipped study
    python3 run.py test                 the tests
    python3 run.py explore STUDY        any survey-kit command

The first time it makes .venv beside this file (with uv where uv is installed, with
venv and pip otherwise) and installs the versions pinned in constraints.txt. Nothing is
installed outside this folder, so it works where the system's Python refuses installs.
After that it starts at once. Paths start at the folder from which it is called.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
STAMP = VENV / "field-to-finding.installed"
STUDY = "analysis/community_perceptions"
INCLUDES = {"all": {"all"}, "test": {"all", "test"}, "dev": {"all", "test", "dev"}}


def main(arguments: list[str]) -> int:
    """Install what the command needs, then run it and return its exit code."""
    if sys.version_info < (3, 11):
        print(
            "run.py: this needs Python 3.11 or newer. Install it, or run: uv run survey-kit --help"
        )
        return 2
    if arguments[:1] in (["-h"], ["--help"]):
        print(__doc__)
        return in_place("--help") if works() else 0
    if arguments[:1] == ["setup"]:
        install(arguments[1] if len(arguments) > 1 else "all")
        return 0
    if arguments[:1] == ["test"]:
        install("test")
        chosen = arguments[1:] or ["-n", "auto"]
        return run([str(BIN / "python"), "-m", "pytest", *chosen], ROOT)
    install("all")
    shipped = STUDY if Path.cwd() == ROOT else str(ROOT / STUDY)
    return in_place(*(arguments or ("run", shipped)))


def in_place(*arguments: str) -> int:
    """Run survey-kit in the folder from which this was called, so that paths mean what they say."""
    return run([str(BIN / "python"), "-m", "survey_kit", *arguments], Path.cwd())


def install(extra: str) -> None:
    """Make .venv hold what an extra needs, unless it already does."""
    if extra not in INCLUDES:
        sys.exit(f"run.py: there is no extra called {extra!r}. Use one of: {', '.join(INCLUDES)}.")
    fingerprint = hashlib.sha256(
        (ROOT / "pyproject.toml").read_bytes() + (ROOT / "constraints.txt").read_bytes()
    ).hexdigest()
    installed = STAMP.read_text(encoding="utf-8").split() if STAMP.exists() else []
    if installed[:1] == [fingerprint] and extra in installed[1:] and works():
        return
    if not os.access(ROOT, os.W_OK):
        sys.exit(
            f"run.py: nothing may be written in {ROOT}, and .venv is made there. "
            "Copy the folder to a place of your own, and run it there."
        )
    target = f"{ROOT}[{extra}]"
    print(f"Setting up {VENV.name} ({extra}); this happens once ...", file=sys.stderr, flush=True)
    uv = shutil.which("uv")
    if not works():
        shutil.rmtree(VENV, ignore_errors=True)
        made = (
            [uv, "venv", "--quiet", str(VENV)] if uv else [sys.executable, "-m", "venv", str(VENV)]
        )
        if run(made, ROOT) != 0:
            sys.exit(
                "run.py: the virtual environment could not be made. "
                "On Debian or Ubuntu: apt install python3-venv; or install uv, and try again."
            )
    if uv:
        pip = [
            uv,
            "pip",
            "install",
            "--quiet",
            "--compile-bytecode",
            "--python",
            str(BIN / "python"),
        ]
    else:
        pip = [
            str(BIN / "python"),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ]
    if run([*pip, "--constraint", str(ROOT / "constraints.txt"), "--editable", target], ROOT) != 0:
        sys.exit("run.py: the installation did not finish. Its message is above; run it again.")
    known = set(installed[1:]) if installed[:1] == [fingerprint] else set()
    STAMP.write_text(" ".join([fingerprint, *sorted(known | INCLUDES[extra])]), encoding="utf-8")


def works() -> bool:
    """Whether .venv holds a Python that starts."""
    python = BIN / ("python.exe" if os.name == "nt" else "python")
    try:
        return subprocess.run([str(python), "-c", ""], check=False).returncode == 0
    except OSError:
        return False


def run(command: list[str], folder: Path) -> int:
    """Run a command in a folder and return its exit code."""
    here = Path(__file__).name if Path.cwd() == ROOT else shlex.quote(str(Path(__file__).resolve()))
    door = {"SURVEY_KIT_COMMAND": f"python3 {here}"}
    try:
        return subprocess.run(command, cwd=folder, check=False, env=os.environ | door).returncode
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
