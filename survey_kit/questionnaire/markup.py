"""What a translation must keep as it is: ``${name}``, tags, and the signs of bold and the like."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from survey_kit.questionnaire.words import REFERENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)\b[^<>]*?>")
_SIGNS = re.compile(r"\*\*|__|^#{1,6}(?=\s)|\]\((?=[^()\s]+\))", re.MULTILINE)
_READ = {"](": "[...](...)"}


def not_kept(source: str, translation: str) -> tuple[str, ...]:
    """What one text has and the other has not, in words; nothing where both agree.

    >>> not_kept("How old is ${name}?", "কত বয়স?")
    ('${name} is missing',)
    >>> not_kept("**Never** ask", "Jangan **pernah**"), not_kept("Yes", "<b>Ya</b>")
    ((), ('<b> is too many', '</b> is too many'))
    """
    wanted, found = Counter(_marks(source)), Counter(_marks(translation))
    missing = [f"{mark} is missing" for mark in wanted if wanted[mark] > found[mark]]
    return (*missing, *(f"{mark} is too many" for mark in found if found[mark] > wanted[mark]))


def _marks(text: str) -> Iterator[str]:
    for name in REFERENCE.findall(text):
        yield f"${{{name}}}"
    for tag in _TAG.finditer(text):
        name = tag.group(1).lower()
        yield f"</{name}>" if tag.group().startswith("</") else f"<{name}>"
    for sign in _SIGNS.finditer(text):
        yield _READ.get(sign.group(), sign.group())
