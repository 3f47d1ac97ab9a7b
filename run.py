#!/usr/bin/env python3
"""Set up and run, with nothing but Python 3.11 or newer: no server, no account.

    python3 run.py                      the whole life of the shipped study
    python3 run.py test                 the tests
    python3 run.py explore STUDY        any survey-kit command

The first time it makes .venv beside this file (with uv where uv is installed, with
venv and pip otherwise) and installs the versions pinned in constraints.txt. Nothing
outside this folder is touched, so it works where the system's Python refuses
installs. After that it starts at once.
"""

from __future__ import annotations

import hashlib
import os
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
    if arguments[:1] == ["setup"]:
        install(arguments[1] if len(arguments) > 1 else "all")
        return 0
    if arguments[:1] == ["test"]:
        install("test")
        return run([str(BIN / "python"), "-m", "pytest", *arguments[1:]])
    install("all")
    return run([str(BIN / "python"), "-m", "survey_kit", *(arguments or ["run", STUDY])])


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
    target = f"{ROOT}[{extra}]"
    print(f"Setting up {VENV.name} ({extra}); this happens once ...", file=sys.stderr, flush=True)
    uv = shutil.which("uv")
    if not works():
        shutil.rmtree(VENV, ignore_errors=True)
        made = (
            [uv, "venv", "--quiet", str(VENV)] if uv else [sys.executable, "-m", "venv", str(VENV)]
        )
        if run(made) != 0:
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
    if run([*pip, "--constraint", str(ROOT / "constraints.txt"), "--editable", target]) != 0:
        sys.exit("run.py: the installation did not finish. Its message is above; run it again.")
    known = set(installed[1:]) if installed[:1] == [fingerprint] else set()
    STAMP.write_text(" ".join([fingerprint, *sorted(known | INCLUDES[extra])]), encoding="utf-8")


def works() -> bool:
    """Whether .venv holds a Python that starts."""
    python = BIN / ("python.exe" if os.name == "nt" else "python")
    return python.exists() and subprocess.run([str(python), "-c", ""], check=False).returncode == 0


def run(command: list[str]) -> int:
    """Run a command in this folder and return its exit code."""
    door = {"SURVEY_KIT_COMMAND": "python3 run.py"}
    return subprocess.run(command, cwd=ROOT, check=False, env=os.environ | door).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
