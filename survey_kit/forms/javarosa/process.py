"""A Java process that lives as long as there is something to ask, one JSON line each way.

Starting Java takes longer than judging a form, so one process takes them all. It is fed by
whoever asks and read by a thread of its own, so that a question can run out of time.
"""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import tempfile
import threading
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO, cast

from survey_kit.errors import BadInput, MissingExtra, UsageError

JAR = Path(__file__).parent / "driver.jar"
_STACK = "-Xss64m"
_WHERE = "JavaRosa"
_TOO_OLD = "UnsupportedClassVersionError"


def java() -> str | None:
    """The command that starts Java; None where there is none."""
    home = os.environ.get("JAVA_HOME")
    return shutil.which("java") or (shutil.which(str(Path(home, "bin", "java"))) if home else None)


def validator_jar() -> Path:
    """ODK Validate, which holds JavaRosa and comes with pyxform.

    Raises
    ------
    MissingExtra
        If pyxform is not installed.
    """
    found = find_spec("pyxform")
    if found is None or found.origin is None:
        raise MissingExtra(_WHERE, "pyxform", "forms")
    return Path(found.origin).parent / "validators" / "odk_validate" / "bin" / "ODK_Validate.jar"


class JavaFault(BadInput):
    """JavaRosa refuses what it was given. `kind` is the Java class of its exception."""

    def __init__(self, kind: str, said: str) -> None:
        self.kind = kind
        self.said = said
        super().__init__(
            _WHERE, f"{kind}: {said}" if said else kind, "Change the definition or the answers"
        )


class JavaProcess:
    """The process, its three streams, and the thread that reads what it says."""

    def __init__(self, *, seconds: float, zone: str) -> None:
        """Start it.

        Raises
        ------
        MissingExtra
            If pyxform, which brings JavaRosa, is not installed.
        UsageError
            If Java is not installed.
        """
        program = java()
        if program is None:
            raise UsageError(
                _WHERE,
                "Java 8 or newer is not installed, and without it no form can be tried on the "
                "engine of the phones",
                "Install a Java runtime, such as OpenJDK",
            )
        path = os.pathsep.join((str(JAR), str(validator_jar())))
        self._seconds = seconds
        self._errors: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115  (closed in close)
        self._process = subprocess.Popen(  # noqa: S603  (no shell)
            [
                program,
                *(_STACK, "-XX:+UseSerialGC", "-Xshare:auto", "-Djava.awt.headless=true"),
                *(f"-Duser.timezone={zone}", "-Duser.language=en", "-Dfile.encoding=UTF-8"),
                *("-cp", path, "Driver"),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
        )
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def ask(self, task: str, **more: object) -> dict[str, Any]:
        """What the process answers to one question.

        Raises
        ------
        JavaFault
            If JavaRosa refuses what it was given.
        UsageError
            If the process has ended, or gives no answer in time; it is ended then.
        """
        try:
            stdin = cast("BinaryIO", self._process.stdin)
            stdin.write(json.dumps({"do": task, **more}).encode() + b"\n")
            stdin.flush()
        except (OSError, ValueError) as error:
            raise self._ended() from error
        try:
            line = self._lines.get(timeout=self._seconds)
        except queue.Empty as error:
            self.close()
            raise UsageError(
                _WHERE,
                f"it gave no answer within {self._seconds:g} seconds",
                "Ask for fewer interviews at once, or look for a loop in the form",
            ) from error
        if not line:
            raise self._ended()
        reply = cast("dict[str, Any]", json.loads(line))
        if "error" in reply:
            raise JavaFault(str(reply["error"]), str(reply["said"]))
        return reply

    def close(self) -> None:
        """End the process."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._errors):
            if stream is not None and not stream.closed:
                try:
                    stream.close()
                except BrokenPipeError:
                    continue

    def _read(self) -> None:
        stdout = cast("BinaryIO", self._process.stdout)
        try:
            for line in stdout:
                self._lines.put(line)
        except ValueError:  # closed while it was read
            pass
        self._lines.put(b"")

    def _ended(self) -> UsageError:
        said = ""
        if not self._errors.closed:
            self._errors.seek(0)
            said = self._errors.read().decode("utf-8", errors="replace")
        self.close()
        if _TOO_OLD in said:
            return UsageError(
                _WHERE, "the Java that is installed is too old", "Install Java 8 or newer"
            )
        last = said.strip().splitlines()[-1:] or ["it said nothing"]
        return UsageError(
            _WHERE,
            f"the Java process has ended: {last[0]}",
            "Run java -version to see whether Java works",
        )
