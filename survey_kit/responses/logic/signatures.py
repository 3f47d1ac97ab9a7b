"""Whether an Ed25519 signature fits (RFC 8032): integers and a hash, no library of ciphers.

``extract-signed()`` reads what an authority has signed, such as a code on a ration card: 64 bytes
of signature, then the text. Verifying needs no secret, so plain arithmetic may do it.
"""

from __future__ import annotations

import hashlib
from typing import TypeAlias

Point: TypeAlias = tuple[int, int, int, int]

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)
_SIGNATURE, _KEY = 64, 32


def signed_text(contents: bytes, key: bytes) -> str:
    """The text behind a signature that fits a public key; blank if it does not."""
    if len(contents) < _SIGNATURE or len(key) < _KEY:
        return ""
    signature, message = contents[:_SIGNATURE], contents[_SIGNATURE:]
    return message.decode("utf-8", "replace") if verified(key[:_KEY], signature, message) else ""


def verified(key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether a signature of a message was made with the secret of a public key."""
    one, public = _point(signature[:32]), _point(key)
    scalar = int.from_bytes(signature[32:], "little")
    if one is None or public is None or scalar >= _L:
        return False
    hashed = hashlib.sha512(signature[:32] + key + message).digest()
    challenge = int.from_bytes(hashed, "little") % _L
    left = _times(scalar, _BASE)
    right = _plus(one, _times(challenge, public))
    return _same(left, right)


def _plus(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % _P, (p[1] + p[0]) * (q[1] + q[0]) % _P
    c, d = 2 * p[3] * q[3] * _D % _P, 2 * p[2] * q[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % _P, g * h % _P, f * g % _P, e * h % _P)


def _times(scalar: int, point: Point) -> Point:
    found: Point = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            found = _plus(found, point)
        point = _plus(point, point)
        scalar >>= 1
    return found


def _same(p: Point, q: Point) -> bool:
    return (p[0] * q[2] - q[0] * p[2]) % _P == 0 and (p[1] * q[2] - q[1] * p[2]) % _P == 0


def _point(written: bytes) -> Point | None:
    number = int.from_bytes(written, "little")
    sign, y = number >> 255, number & ((1 << 255) - 1)
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT % _P
    if (x * x - square) % _P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = _P - x
    return (x, y, 1, x * y % _P)


_BASE_Y = 4 * pow(5, _P - 2, _P) % _P
_BASE: Point = _point(_BASE_Y.to_bytes(32, "little")) or (0, 1, 1, 0)
