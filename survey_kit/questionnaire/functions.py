"""The functions of the ODK XPath dialect: what each is called, takes, gives, and makes of a blank.

The list is that of JavaRosa 5.1, the engine inside ODK Collect, and the two that Collect adds
to it (``pulldata``, ``intersects``). Whatever else XPath or a browser may know is refused when
a form is read: a phone would stop at it. docs/expressions.md is written from this table.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ANY_NUMBER = 10_000
"""No limit to the number of arguments, in practice."""


class Gives(Enum):
    """What a function gives."""

    TEXT = "text"
    NUMBER = "number"
    TRUTH = "true or false"
    MOMENT = "day or moment"
    ARGUMENT = "one of its arguments"
    PLACES = "answers at a place"


@dataclass(frozen=True)
class Function:
    """A function: its name, the smallest and largest number of its arguments, and what it gives.

    `by` is by how many that number may grow (``indexed-repeat`` takes 3, 5, 7 ...). `says` is one
    line for the reference, `blank` what becomes of a blank argument. `elsewhere` says why an
    interview that is over cannot tell the result, where that is so: it was made by chance or
    read off the device.
    """

    name: str
    fewest: int
    most: int
    gives: Gives
    says: str
    blank: str = ""
    by: int = 1
    elsewhere: str = ""

    def allows(self, count: int) -> bool:
        """Whether it may be called with so many arguments.

        >>> FUNCTIONS["indexed-repeat"].allows(4), FUNCTIONS["indexed-repeat"].allows(5)
        (False, True)
        """
        return self.fewest <= count <= self.most and (count - self.fewest) % self.by == 0

    @property
    def takes(self) -> str:
        """How many arguments it takes, in words.

        >>> FUNCTIONS["round"].takes, FUNCTIONS["concat"].takes, FUNCTIONS["today"].takes
        ('1 or 2 arguments', 'any number of arguments', 'no arguments')
        >>> FUNCTIONS["indexed-repeat"].takes
        '3, 5, 7, 9 or 11 arguments'
        """
        if self.by > 1:
            most = min(self.most, self.fewest + 4 * self.by)
            counts = [str(count) for count in range(self.fewest, most + 1, self.by)]
            if self.most == ANY_NUMBER:
                return f"{', '.join(counts)} ... arguments"
            return f"{', '.join(counts[:-1])} or {counts[-1]} arguments"
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


_NAN = "not a number"
_AS_BLANK = "blank"
_FALSE = "false"

_TEXT, _NUMBER, _TRUTH, _MOMENT = Gives.TEXT, Gives.NUMBER, Gives.TRUTH, Gives.MOMENT
_ARGUMENT, _PLACES = Gives.ARGUMENT, Gives.PLACES

_ALL = (
    # choices
    Function("selected", 2, 2, _TRUTH, "whether a code is among several chosen", "false, unless the code is blank too"),
    Function("is-selected", 2, 2, _TRUTH, "the same as selected()", "false, unless the code is blank too"),
    Function("selected-at", 2, 2, _TEXT, "the chosen code at a place, from 0", _AS_BLANK),
    Function("count-selected", 1, 1, _NUMBER, "how many codes were chosen", "0"),
    Function("jr:choice-name", 2, 2, _TEXT, "the label, in the first language, of a code on offer at a question", _AS_BLANK),
    Function("jr:itext", 1, 1, _TEXT, "the text with an itextId, in the first language", _AS_BLANK),
    # logic
    Function("if", 3, 3, _ARGUMENT, "the second argument where the first holds, else the third", "blank does not hold"),
    Function("coalesce", 2, 2, _ARGUMENT, "the first argument unless it is blank or not a number, else the second", "the second"),
    Function("once", 1, 1, _ARGUMENT, "what the question holds already, else the argument", "the argument"),
    Function("depend", 1, ANY_NUMBER, _ARGUMENT, "the first argument; the others only say when to work it out", _AS_BLANK),
    Function("not", 1, 1, _TRUTH, "the opposite", "true"),
    Function("true", 0, 0, _TRUTH, "true"),
    Function("false", 0, 0, _TRUTH, "false"),
    Function("boolean", 1, 1, _TRUTH, "true of a text that is not blank, a number that is not 0, any day", _FALSE),
    Function("boolean-from-string", 1, 1, _TRUTH, "true of 'true', however written, and of '1'", _FALSE),
    Function("checklist", 2, ANY_NUMBER, _TRUTH, "whether between a least and a most number of the rest hold; -1 is no limit", "does not count"),
    Function("weighted-checklist", 2, ANY_NUMBER, _TRUTH, "whether the weights of those that hold add up to between two numbers", "does not count", by=2),
    # numbers
    Function("number", 1, 1, _NUMBER, "as a number; a comma is a decimal point, an exponent is none", _NAN),
    Function("int", 1, 1, _NUMBER, "without decimals, towards 0", _NAN),
    Function("round", 1, 2, _NUMBER, "to decimals: half away from 0 if positive, towards 0 if negative", _NAN),
    Function("abs", 1, 1, _NUMBER, "without its sign", _NAN),
    Function("pow", 2, 2, _NUMBER, "to a power", _NAN),
    Function("sqrt", 1, 1, _NUMBER, "square root", _NAN),
    Function("exp", 1, 1, _NUMBER, "e to a power", _NAN),
    Function("exp10", 1, 1, _NUMBER, "10 to a power", _NAN),
    Function("log", 1, 1, _NUMBER, "natural logarithm", _NAN),
    Function("log10", 1, 1, _NUMBER, "logarithm to base 10", _NAN),
    Function("sin", 1, 1, _NUMBER, "sine, of radians", _NAN),
    Function("cos", 1, 1, _NUMBER, "cosine, of radians", _NAN),
    Function("tan", 1, 1, _NUMBER, "tangent, of radians", _NAN),
    Function("asin", 1, 1, _NUMBER, "arc sine", _NAN),
    Function("acos", 1, 1, _NUMBER, "arc cosine", _NAN),
    Function("atan", 1, 1, _NUMBER, "arc tangent", _NAN),
    Function("atan2", 2, 2, _NUMBER, "arc tangent of y and x", _NAN),
    Function("pi", 0, 0, _NUMBER, "3.14159..."),
    # several answers
    Function("count", 1, 1, _NUMBER, "how many there are; a repeat's rows that were shown", "counts"),
    Function("count-non-empty", 1, 1, _NUMBER, "how many hold an answer", "does not count"),
    Function("sum", 1, 1, _NUMBER, "their sum, leaving out what is no number", "left out"),
    Function("max", 1, ANY_NUMBER, _NUMBER, "the largest, leaving out what is no number; never below 4.9E-324", "left out"),
    Function("min", 1, ANY_NUMBER, _NUMBER, "the smallest, leaving out what is no number", "left out"),
    Function("position", 0, 1, _NUMBER, "the place of a row in its repeat, from 1"),
    Function("indexed-repeat", 3, 11, _ARGUMENT, "an answer in the row of that number", "row 1 of a blank number", by=2),
    Function("randomize", 1, 2, _PLACES, "in an order of chance, always the same for the same seed", "a blank seed is 0"),
    # texts
    Function("string", 1, 1, _TEXT, "as text", _AS_BLANK),
    Function("concat", 0, ANY_NUMBER, _TEXT, "one after the other", "adds nothing"),
    Function("join", 1, ANY_NUMBER, _TEXT, "one after the other with a separator between", "stands there, empty"),
    Function("string-length", 0, 1, _NUMBER, "how many letters, those beyond U+FFFF counting twice", "0"),
    Function("substr", 2, 3, _TEXT, "from one place to before another, from 0; below 0 from the end", _AS_BLANK),
    Function("substring-before", 2, 2, _TEXT, "what stands before a part; blank if it is not there", _AS_BLANK),
    Function("substring-after", 2, 2, _TEXT, "what stands after a part; blank if it is not there", _AS_BLANK),
    Function("translate", 3, 3, _TEXT, "each letter of one list as the one of another", _AS_BLANK),
    Function("normalize-space", 0, 1, _TEXT, "without spaces around, and one where there were several", _AS_BLANK),
    Function("contains", 2, 2, _TRUTH, "whether a part stands in it", "holds the blank only"),
    Function("starts-with", 2, 2, _TRUTH, "whether it begins with a part", "begins with the blank only"),
    Function("ends-with", 2, 2, _TRUTH, "whether it ends with a part", "ends with the blank only"),
    Function("regex", 2, 2, _TRUTH, "whether all of it matches a pattern of Java", "matches if the pattern allows nothing"),
    Function("digest", 2, 3, _TEXT, "its MD5, SHA-1, SHA-256, SHA-384 or SHA-512, in base64 or hex", "the digest of nothing"),
    Function("base64-decode", 1, 1, _TEXT, "the text that base64 stands for", _AS_BLANK),
    Function("extract-signed", 2, 2, _TEXT, "what was signed, if its Ed25519 signature fits a public key", _AS_BLANK),
    # days and moments
    Function("today", 0, 0, _MOMENT, "the day of the interview"),
    Function("now", 0, 0, _MOMENT, "the moment of the interview"),
    Function("date", 1, 1, _MOMENT, "as a day: a number counts days since 1970", _AS_BLANK),
    Function("date-time", 1, 1, _MOMENT, "as a moment: a number counts days since 1970", _AS_BLANK),
    Function("decimal-date-time", 1, 1, _NUMBER, "days since 1970, with decimals", _AS_BLANK),
    Function("decimal-time", 1, 1, _NUMBER, "the part of the day that has passed", _AS_BLANK),
    Function("format-date", 2, 2, _TEXT, "a day written as a pattern says: %Y %y %m %n %b %d %e %a %W", _AS_BLANK),
    Function("format-date-time", 2, 2, _TEXT, "a moment written as a pattern says: also %H %h %M %S %3", _AS_BLANK),
    # places on earth
    Function("area", 1, 1, _NUMBER, "square metres within a geoshape, a geotrace or a repeat's geopoints", "the place 0 0"),
    Function("enclosed-area", 1, 1, _NUMBER, "the same as area()", "the place 0 0"),
    Function("distance", 1, ANY_NUMBER, _NUMBER, "metres along a geotrace, a geoshape or geopoints", "the place 0 0"),
    Function("geofence", 2, 2, _TRUTH, "whether a geopoint lies inside a geoshape", "the place 0 0"),
    Function("intersects", 1, 1, _TRUTH, "whether a geotrace crosses or touches itself", _FALSE),
    # other tables, the form and the device
    Function("pulldata", 4, ANY_NUMBER, _TEXT, "from a table: the wanted column where a key column holds a key", "blank, unless a key is blank"),
    Function("instance", 1, 1, _PLACES, "a list of choices or a table: instance('towns')/root/item[...]/name"),
    Function("current", 0, 0, _PLACES, "the question itself, from within brackets: current()/../age"),
    Function("version", 0, 0, _TEXT, "the version of the form"),
    Function("property", 1, 1, _TEXT, "a setting of the device", elsewhere="it read a setting of the device"),
    Function("random", 0, 0, _NUMBER, "a number from 0 to 1, by chance", elsewhere="it was another number each time"),
    Function("uuid", 0, 1, _TEXT, "an identifier, by chance", elsewhere="it was another text each time"),
)  # fmt: skip

FUNCTIONS: Mapping[str, Function] = MappingProxyType({each.name: each for each in _ALL})
"""name -> function."""

INSTEAD: Mapping[str, str] = MappingProxyType(
    {
        "floor": "Use int(), which goes towards 0",
        "ceiling": "Use -int(-x), for numbers above 0",
        "last": "Use count() of the same repeat",
        "substring": "Use substr(), which counts from 0",
        "name": "Name the question as text",
        "local-name": "Name the question as text",
        "namespace-uri": "Name it as text",
        "lang": "Ask for the language",
        "id": "Use a location such as ../name",
        "matches": "Use regex()",
        "today-date": "Use today()",
        "len": "Use string-length()",
        "length": "Use string-length()",
        "isnull": "Compare with ''",
        "ceil": "Use -int(-x), for numbers above 0",
    }
)
"""Functions that other engines know and JavaRosa does not -> what to use instead."""


def nearest(name: str) -> str | None:
    """The function that a misspelt name most resembles.

    >>> nearest("slected"), nearest("count_selected"), nearest("xyzzy")
    ('selected', 'count-selected', None)
    """
    close = get_close_matches(name.replace("_", "-").lower(), FUNCTIONS, n=1, cutoff=0.7)
    return close[0] if close else None
