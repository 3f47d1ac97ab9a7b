"""The functions of the ODK XPath dialect: what each is called and how many arguments it takes.

The list is that of JavaRosa 5.1 and of ODK Collect, which adds to it. A form may use every
one of them; those that `responses.evaluate` cannot work out on answers that came back
say so when they are evaluated, not when the form is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ANY_NUMBER = 10_000
"""No limit to the number of arguments, in practice."""


@dataclass(frozen=True)
class Function:
    """A function: its name and the smallest and largest number of its arguments."""

    name: str
    fewest: int
    most: int

    @property
    def takes(self) -> str:
        """How many arguments it takes, in words.

        >>> FUNCTIONS["round"].takes, FUNCTIONS["concat"].takes, FUNCTIONS["today"].takes
        ('1 or 2 arguments', 'any number of arguments', 'no arguments')
        """
        if self.most == ANY_NUMBER:
            if self.fewest == 0:
                return "any number of arguments"
            return f"at least {_arguments(self.fewest)}"
        if self.fewest == self.most:
            return _arguments(self.most)
        between = "or" if self.most == self.fewest + 1 else "to"
        return f"{self.fewest} {between} {_arguments(self.most)}"


def _arguments(count: int) -> str:
    return {0: "no arguments", 1: "1 argument"}.get(count, f"{count} arguments")


def _functions() -> dict[str, Function]:
    by_count: dict[tuple[int, int], str] = {
        (0, 0): "current false now pi random today true version",
        (0, 1): "last local-name name normalize-space position string-length uuid",
        (1, 1): (
            "abs acos area asin atan base64-decode boolean boolean-from-string ceiling cos count "
            "count-non-empty count-selected date date-time decimal-date-time decimal-time "
            "enclosed-area exp exp10 floor instance int intersects jr:itext log log10 not number "
            "once property sin sqrt string sum tan"
        ),
        (1, 2): "randomize round",
        (2, 2): (
            "atan2 coalesce contains ends-with extract-signed format-date format-date-time geofence "
            "is-selected jr:choice-name pow regex selected selected-at starts-with "
            "substring-after substring-before"
        ),
        (2, 3): "digest substr",
        (3, 3): "if translate",
        (3, 11): "indexed-repeat",
        (0, ANY_NUMBER): "concat",
        (1, ANY_NUMBER): "depend distance join max min",
        (2, ANY_NUMBER): "checklist weighted-checklist",
        (4, ANY_NUMBER): "pulldata",
    }
    return {
        name: Function(name, *counts)
        for counts, names in by_count.items()
        for name in names.split()
    }


FUNCTIONS: Mapping[str, Function] = MappingProxyType(_functions())
"""name -> function."""


def nearest(name: str) -> str | None:
    """The function that a misspelt name most resembles.

    >>> nearest("slected"), nearest("count_selected"), nearest("xyzzy")
    ('selected', 'count-selected', None)
    """
    close = get_close_matches(name.replace("_", "-").lower(), FUNCTIONS, n=1, cutoff=0.7)
    return close[0] if close else None
