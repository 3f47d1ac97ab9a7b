"""A recording of nothing: it stands in where a phone needs a file and nobody has spoken."""

from __future__ import annotations

import wave
from io import BytesIO

_PER_SECOND = 8_000
_SECONDS = 0.25


def silence() -> bytes:
    """A quarter of a second without a sound, as the bytes of a WAV file.

    >>> silence()[:4], len(silence())
    (b'RIFF', 4044)
    """
    made = BytesIO()
    with wave.open(made, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(_PER_SECOND)
        sound.writeframes(bytes(int(2 * _PER_SECOND * _SECONDS)))
    return made.getvalue()
