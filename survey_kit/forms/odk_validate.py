"""The judge of XForms: ODK Validate, which holds the engine of the phones, JavaRosa.

Its jar comes with pyxform. Starting Java takes longer than judging a form, so one process
takes all files; whoever has one already hands it over.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from survey_kit.errors import Fault, FileProblem
from survey_kit.forms.javarosa import JavaRosa, java

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_EXCEPTION = re.compile(r"^[\w.$]*(?:Exception|Error): ")
_VALID = ">> Xform is valid!"


def java_available() -> bool:
    """Whether Java can be started."""
    return java() is not None


def validate(paths: Sequence[Path], javarosa: JavaRosa | None = None) -> tuple[Fault, ...]:
    """What is wrong with XForms in the eyes of JavaRosa; nothing if all are valid.

    Parameters
    ----------
    javarosa
        A process that runs already; None starts one and ends it.

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
    if javarosa is not None:
        return tuple(fault for path in paths for fault in _faults(path, javarosa))
    with JavaRosa() as started:
        return tuple(fault for path in paths for fault in _faults(path, started))


def _faults(path: Path, javarosa: JavaRosa) -> Iterator[Fault]:
    """One fault for a form that is not valid, in the words of JavaRosa."""
    said = "\n".join(javarosa.validate(path.read_text(encoding="utf-8", errors="replace")))
    if _VALID in said:
        return
    lines = [_EXCEPTION.sub("", line.strip()) for line in said.splitlines()]
    words = [line for line in lines if line and not line.startswith(">>")]
    yield Fault(
        path.name,
        " ".join(dict.fromkeys(words)) or "the form is not valid",
        "Change the definition, not the XForm, and build it again",
    )
