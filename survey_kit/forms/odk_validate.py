"""The judge of XForms: ODK Validate, which holds the engine of the phones, JavaRosa.

Its jar comes with pyxform. Starting Java takes longer than judging a form, so one run
takes all files.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from survey_kit.errors import Fault, FileProblem, MissingExtra, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SECONDS_TO_START = 60
_SECONDS_A_FORM = 60
_BEGINS = "Validating: "
_ENDS = "The following files failed validation:"
_EXCEPTION = re.compile(r"^[\w.$]*(?:Exception|Error): ")
_VALID = ">> Xform is valid!"


def java_available() -> bool:
    """Whether Java can be started."""
    return shutil.which("java") is not None


def validate(paths: Sequence[Path]) -> tuple[Fault, ...]:
    """What is wrong with XForms in the eyes of JavaRosa; nothing if all are valid.

    Raises
    ------
    FileProblem
        If one of the files is missing.
    MissingExtra
        If pyxform, which brings ODK Validate, is not installed.
    UsageError
        If Java is not there, or gives no answer in time.
    """
    if not paths:
        return ()
    for path in paths:
        if not path.is_file():
            raise FileProblem(path.name, "there is no such file", "Build the form first")
    output = _run(_jar(), paths)
    heads = output.split(_ENDS)[0].split(_BEGINS)[1:]
    if len(heads) != len(paths):
        raise UsageError(
            "ODK Validate",
            f"it judged {len(heads)} of {len(paths)} forms",
            "Run java -version to see whether Java works",
        )
    return tuple(
        fault for path, said in zip(paths, heads, strict=True) for fault in _faults(path, said)
    )


def _jar() -> Path:
    found = find_spec("pyxform")
    if found is None or found.origin is None:
        raise MissingExtra("ODK Validate", "pyxform", "forms")
    return Path(found.origin).parent / "validators" / "odk_validate" / "bin" / "ODK_Validate.jar"


def _run(jar: Path, paths: Sequence[Path]) -> str:
    java = shutil.which("java")
    if java is None:
        raise UsageError("ODK Validate", "Java is not installed", "Install Java 11 or newer")
    command = [java, "-Djava.awt.headless=true", "-jar", str(jar), *(str(each) for each in paths)]
    try:
        done = subprocess.run(  # noqa: S603  (no shell, and the files were checked above)
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            timeout=_SECONDS_TO_START + _SECONDS_A_FORM * len(paths),
        )
    except subprocess.TimeoutExpired as error:
        raise UsageError(
            "ODK Validate", "it gave no answer in time", "Validate fewer forms at once"
        ) from error
    return done.stdout.decode("utf-8", errors="replace")


def _faults(path: Path, said: str) -> Iterator[Fault]:
    """One fault for a form that is not valid, in the words of JavaRosa."""
    if _VALID in said:
        return
    lines = [
        _EXCEPTION.sub("", line.strip())
        for line in said.splitlines()[1:]
        if not line.startswith("\tat ")
    ]
    words = [line for line in lines if line and not line.startswith((">>", "[Fatal Error]"))]
    yield Fault(
        path.name,
        " ".join(dict.fromkeys(words)) or "the form is not valid",
        "Change the definition, not the XForm, and build it again",
    )
