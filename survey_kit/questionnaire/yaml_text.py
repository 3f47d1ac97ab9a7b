"""Texts, lists and mappings written as YAML, in the one style of our definitions.

Short mappings stand on one line, lists of texts in brackets, a text of several lines as it
looks; a text is quoted only where YAML would take it for something else. What is written
here is read again, to the letter, by every YAML parser (`yaml_file` is ours).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from survey_kit.questionnaire.yaml_writer import Line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from survey_kit.questionnaire.yaml_writer import Plain

_STEP = 2
_LONGEST_KEY = 120
_BROKEN = r"\n\r\x85\u2028\u2029"
_UNSHOWN = re.compile(
    r"[^\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]|[\x85\u2028\u2029]"
)
"""Signs that are written as escapes."""
_NOT_PLAIN = re.compile(
    rf"^[#,\[\]{{}}&*!|>'\"%@`?:]|^-(?:\s|$)|^---|^\.\.\.|:(?:\s|$)|\s#|^\s|\s$|[{_BROKEN}]|^$"
)
_NOT_PLAIN_IN_BRACKETS = re.compile(r"[,\[\]{}]")
_SOMETHING_ELSE = re.compile(
    r"""true|True|TRUE|false|False|FALSE|~|null|Null|NULL|<<|=
    |[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0o?[0-7_]+|[0-9][0-9_]*)
    |[-+]?(?:[0-9][0-9_]*)?\.?[0-9][0-9_]*\.?(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)
    |[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9:.]+(?:[ \t]*(?:Z|[-+][0-9:]+))?)?
    """,
    re.VERBOSE,
)
"""What YAML takes for a number, a truth, a date or nothing."""
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def as_yaml(value: Plain) -> str:
    """A value as the text of a YAML file."""
    return "".join(f"{line}\n" for line in _block(value, 0))


def _block(value: Plain, indent: int) -> Iterator[str]:
    """The lines of a value that begins on a line of its own."""
    margin = " " * indent
    match value:
        case dict() if value and not _is_flow(value):
            for key, each in value.items():
                yield from _entry(margin, key, each, indent)
        case list() if value and not _is_flow(value):
            for each in value:
                yield from _element(margin, each, indent)
        case _:
            yield f"{margin}{_inline(value)}"


def _entry(margin: str, key: str, value: Plain, indent: int) -> Iterator[str]:
    if len(key) > _LONGEST_KEY:
        yield f"{margin}? {_scalar(key)}"
        head = f"{margin}:"
    else:
        head = f"{margin}{_scalar(key)}:"
    if isinstance(value, dict | list) and value and not _is_flow(value):
        yield head
        yield from _block(value, indent + _STEP)
    elif isinstance(value, str) and _as_it_looks(value):
        yield f"{head} |-"
        inner = " " * (indent + _STEP)
        yield from (f"{inner}{line}" if line else "" for line in value.split("\n"))
    else:
        yield f"{head} {_inline(value)}"


def _element(margin: str, value: Plain, indent: int) -> Iterator[str]:
    lines = _block(value, indent + _STEP)
    first = next(lines)
    yield f"{margin}- {first[indent + _STEP :]}"
    yield from lines


def _is_flow(value: Plain) -> bool:
    """Whether it stands on one line, in brackets."""
    match value:
        case dict():
            return isinstance(value, Line) and value.is_short
        case list():
            return all(isinstance(each, str) for each in value)
        case _:
            return False


def _inline(value: Plain, *, in_brackets: bool = False) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _scalar(value, in_brackets=in_brackets)
        case list():
            return "[" + ", ".join(_inline(each, in_brackets=True) for each in value) + "]"
        case dict():
            entries = (
                f"{_scalar(key, in_brackets=True)}: {_inline(each, in_brackets=True)}"
                for key, each in value.items()
            )
            return "{" + ", ".join(entries) + "}"


def _scalar(text: str, *, in_brackets: bool = False) -> str:
    if _UNSHOWN.search(text) or "\n" in text or text.startswith((":", "?")):
        return f'"{"".join(_ESCAPES.get(sign) or _shown(sign) for sign in text)}"'
    plain = not _NOT_PLAIN.search(text) and not _SOMETHING_ELSE.fullmatch(text)
    if plain and not (in_brackets and _NOT_PLAIN_IN_BRACKETS.search(text)):
        return text
    if "'" in text and '"' not in text and "\\" not in text:
        return f'"{text}"'
    doubled = text.replace("'", "''")
    return f"'{doubled}'"


def _shown(sign: str) -> str:
    if not _UNSHOWN.match(sign):
        return sign
    number = ord(sign)
    return (
        f"\\x{number:02X}"
        if number < 0x100  # noqa: PLR2004 - what two, four and eight digits can say
        else f"\\u{number:04X}"
        if number < 0x10000  # noqa: PLR2004
        else f"\\U{number:08X}"
    )


def _as_it_looks(text: str) -> bool:
    """Whether a text of several lines can be written just as it looks."""
    lines = text.split("\n")
    return (
        len(lines) > 1
        and bool(lines[0])
        and bool(lines[-1])
        and all(line == line.strip() and line.isprintable() for line in lines)
    )
