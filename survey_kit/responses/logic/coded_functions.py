"""The functions of an expression that encode and decode texts: digests, base64, signatures."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TypeAlias

from survey_kit.errors import CannotEvaluate
from survey_kit.responses.logic.signatures import signed_text
from survey_kit.responses.logic.value import Value, as_texts, constant, of_texts, over_texts

Arguments: TypeAlias = Sequence[Value]
Body: TypeAlias = Callable[[Arguments], Value]

_ALGORITHMS = ("MD5", "SHA1", "SHA256", "SHA384", "SHA512")
_LETTERS = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")


def _digest(arguments: Arguments) -> Value:
    texts = [as_texts(each) for each in arguments]
    encoding = texts[2] if len(texts) > 2 else constant("base64")  # noqa: PLR2004 - the third
    return of_texts(over_texts(digest, texts[0], texts[1], encoding))


def digest(text: str, algorithm: str, encoding: str) -> str:
    """The digest of a text (DigestAlgorithm.java).

    >>> digest("some text", "SHA-256", "hex")[:16]
    'b94f6f125c79e3a5'
    """
    name = algorithm.upper().replace("-", "")
    if name not in _ALGORITHMS:
        raise CannotEvaluate(
            "digest()",
            f"there is no digest called '{algorithm}'",
            "Use MD5, SHA-1, SHA-256, SHA-384 or SHA-512",
        )
    found = hashlib.new(name.lower(), text.encode("utf-8", "replace"), usedforsecurity=False)
    match encoding.upper():
        case "HEX":
            return found.hexdigest()
        case "BASE64":
            return base64.b64encode(found.digest()).decode()
        case _:
            raise CannotEvaluate(
                "digest()", f"there is no encoding called '{encoding}'", "Use base64 or hex"
            )


def decoded(text: str) -> bytes:
    """What base64 stands for, other letters being left out; nothing where it is no base64.

    >>> decoded("U3VydmV5"), decoded("abc")
    (b'Survey', b'')
    """
    kept = bytes(letter for letter in text.encode("utf-8", "replace") if letter in _LETTERS)
    if len(kept) % 4:
        return b""
    padding = len(kept) - len(kept.rstrip(b"="))
    whole = base64.b64decode(kept.replace(b"=", b"A"))
    return whole[: len(kept) * 6 // 8 - padding]


def _decode(text: str) -> str:
    return decoded(text).decode("utf-8", "replace")


def _signed(text: str, key: str) -> str:
    return signed_text(decoded(text), decoded(key))


def _text(work: Callable[..., str]) -> Body:
    return lambda arguments: of_texts(over_texts(work, *map(as_texts, arguments)))


CODED_FUNCTIONS: Mapping[str, Body] = MappingProxyType(
    {"digest": _digest, "base64-decode": _text(_decode), "extract-signed": _text(_signed)}
)
