"""How XLSForm names a language in a column: ``label::English (en)``.

A language has a code and a name. The name stands first and the code in brackets; where
there are no brackets the one word is both. Columns without a language belong to the
language that has none, `NO_LANGUAGE`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from survey_kit.errors import DefinitionError
from survey_kit.questionnaire.build import NO_LANGUAGE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_NAMED = re.compile(r"(.+?)\s*\(\s*([^()]+?)\s*\)")


def language_of(suffix: str | None) -> tuple[str, str]:
    """The code and the name that a suffix means.

    >>> language_of("English (en)"), language_of("french"), language_of(None)
    (('en', 'English'), ('french', 'french'), ('default', 'default'))
    """
    if suffix is None:
        return NO_LANGUAGE, NO_LANGUAGE
    found = _NAMED.fullmatch(suffix)
    return (found[2], found[1]) if found else (suffix, suffix)


def suffix_of(code: str, name: str) -> str | None:
    """The suffix for a language; None for the language that has no name.

    Raises
    ------
    DefinitionError
        If XLSForm has no way to write this code and name.
    """
    suffix = None if code == NO_LANGUAGE else name if name == code else f"{name} ({code})"
    if language_of(suffix) != (code, name) or ":" in f"{code}{name}":
        raise DefinitionError(
            f"language '{code}'",
            f"its name, '{name}', cannot be written in a column of an XLSForm",
            "Leave out brackets, colons and spaces at the ends",
        )
    return suffix


def usual_suffix(code: str, name: str) -> str | None:
    """As `suffix_of`; "" where XLSForm has no way to write it that is read again alike."""
    try:
        return suffix_of(code, name)
    except DefinitionError:
        return ""


def languages_of(suffixes: Iterable[str | None]) -> dict[str | None, tuple[str, str]]:
    """The code and the name of every suffix in a form, each code once.

    Of two suffixes with one code, as ``English (en)`` and ``Anglais (en)``, phones make two
    languages; the second is its own code.

    >>> list(languages_of(["English (en)", "Anglais (en)"]).values())
    [('en', 'English'), ('Anglais (en)', 'Anglais (en)')]
    """
    found: dict[str | None, tuple[str, str]] = {}
    taken = {NO_LANGUAGE}
    for suffix in dict.fromkeys(suffixes):
        if suffix is None:
            found[suffix] = (NO_LANGUAGE, NO_LANGUAGE)
            continue
        code, name = language_of(suffix)
        if code in taken:
            code, name = suffix, suffix
        while code in taken:
            code += "_"
        taken.add(code)
        found[suffix] = (code, name)
    return found


def suffixes(
    languages: Mapping[str, str], written: Iterable[str | None] = ()
) -> dict[str, str | None]:
    """The suffix of every language by its code: as it is `written` in a form, or the usual one."""
    found = {code: suffix for suffix, (code, _) in languages_of(written).items()}
    return {
        code: found[code] if code in found else suffix_of(code, name)
        for code, name in languages.items()
    }
