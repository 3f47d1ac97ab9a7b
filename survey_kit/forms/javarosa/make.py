"""Make `driver.jar` from the Java beside this file: python -m survey_kit.forms.javarosa.make

The jar is kept with the source, because a user may have Java and no compiler. Its manifest
holds the hash of the source that it was made from, so that a test can say whether they
belong together.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from survey_kit.errors import UsageError
from survey_kit.forms.javarosa.process import JAR, validator_jar

SOURCES = Path(__file__).parent / "java"
OLDEST_JAVA = 8
_MANIFEST = "META-INF/MANIFEST.MF"
_HASH = "Source-SHA-256"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def source_hash() -> str:
    """SHA-256 of the Java source: each file's name and text, in the order of names."""
    digest = hashlib.sha256()
    for path in sorted(SOURCES.glob("*.java")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def jar_hash() -> str:
    """The hash of the source that the jar says it was made from; "" if it does not say."""
    with zipfile.ZipFile(JAR) as jar:
        lines = jar.read(_MANIFEST).decode().splitlines()
    said = dict(line.split(": ", 1) for line in lines if ": " in line)
    return said.get(_HASH, "")


def make() -> None:
    """Compile the source and write the jar, the same to the byte whenever the source is.

    Raises
    ------
    UsageError
        If there is no Java compiler, or it refuses the source.
    """
    with tempfile.TemporaryDirectory() as folder:
        command = [
            "javac",
            *("--release", str(OLDEST_JAVA), "-Xlint:-options", "-nowarn", "-encoding", "UTF-8"),
            *("-cp", str(validator_jar()), "-d", folder),
            *(str(path) for path in sorted(SOURCES.glob("*.java"))),
        ]
        try:
            done = subprocess.run(  # noqa: S603  (our own files, no shell)
                command, capture_output=True, text=True, check=False
            )
        except FileNotFoundError as error:
            raise UsageError(
                "javac", "the Java compiler is not installed", "Install a JDK, such as OpenJDK 17"
            ) from error
        if done.returncode != 0:
            raise UsageError("javac", done.stderr.strip(), "Mend the Java source")
        with zipfile.ZipFile(JAR, "w", zipfile.ZIP_DEFLATED) as jar:
            said = (
                f"Manifest-Version: 1.0\r\nMain-Class: Driver\r\n{_HASH}: {source_hash()}\r\n\r\n"
            )
            jar.writestr(zipfile.ZipInfo(_MANIFEST, _LONG_AGO), said)
            for path in sorted(Path(folder).glob("*.class")):
                entry = zipfile.ZipInfo(path.name, _LONG_AGO)
                entry.compress_type = zipfile.ZIP_DEFLATED
                jar.writestr(entry, path.read_bytes())


if __name__ == "__main__":
    make()
    sys.stdout.write(f"{JAR.name}: {JAR.stat().st_size:,} bytes\n")
