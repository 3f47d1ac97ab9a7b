"""Whether a pattern of regex() can take for ever: a repetition of what repeats already.

``(a+)+`` parts ``aaaa!`` in every possible way before it gives up: twice as long with every
letter. So does ``(a|a)*``. Both are found by looking at the parsed pattern, not by trying.
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any, cast

_MANY = 12
"""From so many repetitions on, a part counts as repeated without an end."""
_PARSER: Any = import_module("re._parser")


def explodes(pattern: str) -> bool:
    r"""Whether one repetition stands inside another, and both could take the same letters.

    >>> explodes("(a+)+$"), explodes("[0-9]{3}-[0-9]+"), explodes(r"(\w+\s?)*$")
    (True, False, True)
    """
    try:
        parsed: Any = _PARSER.parse(re.sub(r"\\p\{\w+\}|\\[pP]\w", "x", pattern))
    except (re.error, OverflowError, RecursionError):
        return False
    return _repeats_inside(parsed, inside=False)


def _repeats_inside(parsed: Any, *, inside: bool) -> bool:
    for operation, argument in cast("list[tuple[Any, Any]]", list(parsed)):
        name = str(operation)
        if name in ("MAX_REPEAT", "MIN_REPEAT"):
            low, high, body = argument
            endless = int(high) >= _MANY and int(high) != int(low)
            if endless and inside:
                return True
            if _repeats_inside(body, inside=inside or (endless and not _has_fence(body))):
                return True
        elif name == "SUBPATTERN":
            if _repeats_inside(argument[-1], inside=inside):
                return True
        elif name == "BRANCH" and any(_repeats_inside(each, inside=inside) for each in argument[1]):
            return True
    return False


def _has_fence(body: Any) -> bool:
    """Whether each round must begin or end with a letter that the rest of it cannot take."""
    items = cast("list[tuple[Any, Any]]", list(body))
    if len(items) == 1 and str(items[0][0]) == "SUBPATTERN":
        return _has_fence(items[0][1][-1])
    fixed = [argument for operation, argument in items if str(operation) == "LITERAL"]
    repeated = [argument[2] for operation, argument in items if "REPEAT" in str(operation)]
    return bool(fixed) and not any(
        _takes(body_of, sign) for body_of in repeated for sign in fixed[:1]
    )


def _takes(body: Any, sign: int) -> bool:
    """Whether a repeated part could take a letter; where that is not plain, it could."""
    items = cast("list[tuple[Any, Any]]", list(body))
    for operation, argument in items:
        match str(operation):
            case "LITERAL":
                if argument == sign:
                    return True
            case "IN":
                if _in_class(argument, sign):
                    return True
            case _:
                return True
    return False


def _in_class(members: Any, sign: int) -> bool:
    found = negated = False
    for operation, argument in cast("list[tuple[Any, Any]]", list(members)):
        match str(operation):
            case "NEGATE":
                negated = True
            case "LITERAL":
                found = found or argument == sign
            case "RANGE":
                found = found or argument[0] <= sign <= argument[1]
            case "CATEGORY":
                found = found or _in_category(str(argument), chr(sign))
            case _:
                return True
    return found is not negated


def _in_category(category: str, letter: str) -> bool:
    signs = {"DIGIT": r"\d", "SPACE": r"\s", "WORD": r"\w"}
    for name, sign in signs.items():
        if category.endswith(name):
            return bool(re.match(sign, letter)) is ("NOT" not in category)
    return True
