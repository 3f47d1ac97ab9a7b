"""Words that are nearly right: what a name may look like, and which one was meant."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING
from unicodedata import category

if TYPE_CHECKING:
    from collections.abc import Iterable

_FIRST = (
    "A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
XML_NAME = rf"[{_FIRST}][{_FIRST}0-9.\-\u00b7\u0300-\u036f\u203f\u2040]*"
"""A name as XML knows it, without a colon (Namespaces in XML 1.0, production 4)."""
_XML_NAME = re.compile(XML_NAME)
_NAME = re.compile(r"[^\W\d][\w.\-]*")
_UNKNOWN_TO_PHONES = "\u0590"
"""The first letter, in the order of Unicode, of the scripts that JavaRosa does not know."""
_NOT_IN_FILE_NAMES = re.compile(r'[/\\:*?"<>|\x00-\x1f\x7f]')
_LONGEST_FILE_NAME = 60
"""In letters: 255 bytes are what file systems take, and others add to the name."""
REFERENCE = re.compile(r"\$\{\s*(?:last-saved#)?([^{}]*?)\s*\}")
"""``${name}`` inside a text or an expression; the group is the name."""


def is_name(text: str) -> bool:
    """Whether a phone takes a text as the name of a question.

    XML would take more, but JavaRosa, which reads the paths of a form on the phone, knows
    Latin, Greek, Cyrillic and Armenian letters only (tried with ODK Validate).

    >>> is_name("age"), is_name("2nd_age"), is_name("my age"), is_name("âge"), is_name("পানি")
    (True, False, False, True, False)
    """
    return _NAME.fullmatch(text) is not None and max(text) < _UNKNOWN_TO_PHONES


def is_xml_name(text: str) -> bool:
    """Whether XML takes a text as a name; phones know fewer (`is_name`).

    >>> is_xml_name("my age"), is_xml_name("পানি")
    (False, True)
    """
    return _XML_NAME.fullmatch(text) is not None


def as_file_name(name: str) -> str:
    """A name as a file may have it: signs that a file name cannot hold become ``_``.

    >>> as_file_name("training:welcome"), as_file_name("../q"), as_file_name("ফর্ম 2")
    ('training_welcome', '_._q', 'ফর্ম 2')
    """
    safe = _NOT_IN_FILE_NAMES.sub("_", name.strip())[:_LONGEST_FILE_NAME]
    return f"_{safe[1:]}" if safe.startswith(".") else safe or "_"


def meant(word: str, known: Iterable[str], *, otherwise: str) -> str:
    """The remedy for an unknown word: the nearest known one, or what else to do.

    >>> meant("agee", ["age", "sex"], otherwise="Add it")
    "Did you mean 'age'?"
    """
    known = list(dict.fromkeys(known))
    folded = {each.casefold(): each for each in known}
    near = get_close_matches(word.casefold(), list(folded), n=1, cutoff=0.6)
    return f"Did you mean '{folded[near[0]]}'?" if near else otherwise


def listed(words: Iterable[str]) -> str:
    """Words as one phrase.

    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    every = list(words)
    return every[0] if len(every) == 1 else f"{', '.join(every[:-1])} and {every[-1]}"


def name_remedy(text: str) -> str:
    """What to do about a text that is no name.

    >>> name_remedy("my age")
    'Begin with a letter or _, and go on with letters, digits, _, - and full stops'
    """
    if any(category(sign)[0] in "LM" and not is_name(sign) for sign in text):
        return "Write it in Latin letters: phones read names in few other scripts"
    return "Begin with a letter or _, and go on with letters, digits, _, - and full stops"
