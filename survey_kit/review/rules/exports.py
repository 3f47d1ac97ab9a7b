"""Names and labels that SPSS or Stata will cut, change or refuse."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from survey_kit.questionnaire.question_type import Storage
from survey_kit.review.rule import Notice, Rule, Severity, Spot

if TYPE_CHECKING:
    from survey_kit.review.reviewed import Located, Reviewed

STATA_NAME = 32
"""Letters of a variable name in Stata."""
SPSS_NAME = 64
"""Bytes of a variable name in SPSS."""
STATA_LABEL = 80
SPSS_LABEL = 256
_SPSS = frozenset(
    ["all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"]
)
_STATA = frozenset(
    [
        "_all",
        "_b",
        "_coef",
        "_cons",
        "_n",
        "_n",
        "_pi",
        "_pred",
        "_rc",
        "_skip",
        "byte",
        "double",
        "float",
        "if",
        "in",
        "int",
        "long",
        "str",
        "strl",
        "using",
        "with",
    ]
)
_STR = re.compile(r"str\d+")
_PLAIN = re.compile(r"[^\W\d]\w*")


def _columns(reviewed: Reviewed) -> Iterator[tuple[Located, str, bool]]:
    """Each column of an export: whose it is, its name, and whether it is one choice of several."""
    for located, question in reviewed.questions:
        if question.type.storage is Storage.NOTHING:
            continue
        yield located, question.name, False
        if question.type.name == "select_multiple":
            for code in reviewed.codes(question) or ():
                yield located, f"{question.name}_{code}", True


def _long(reviewed: Reviewed) -> Iterator[Notice]:
    long: dict[int, tuple[Located, list[str], str]] = {}
    for located, name, child in _columns(reviewed):
        if len(name) <= STATA_NAME and len(name.encode()) <= SPSS_NAME:
            continue
        if not child:
            programs = "Stata" if len(name.encode()) <= SPSS_NAME else "Stata and SPSS"
            yield Notice(located.spot, f"{programs} cut its name of {len(name)} letters")
        else:
            long.setdefault(located.order, (located, [], name))[1].append(name)
    for located, names, first in long.values():
        if len(located.node.name) <= STATA_NAME:
            number = "1 of its columns" if len(names) == 1 else f"{len(names)} of its columns"
            yield Notice(located.spot, f"Stata cuts {number}, such as {first}")


def _alike_when_cut(reviewed: Reviewed) -> Iterator[Notice]:
    seen: dict[tuple[tuple[str, ...], str], str] = {}
    said: set[tuple[int, str]] = set()
    for located, name, _ in _columns(reviewed):
        key = (located.repeats, name[:STATA_NAME].casefold())
        first = seen.setdefault(key, name)
        if first != name and (located.order, first) not in said:
            said.add((located.order, first))
            how = (
                "differs in capitals alone from"
                if first.casefold() == name.casefold()
                else f"has the same first {STATA_NAME} letters as"
            )
            yield Notice(located.spot, f"the column '{name}' {how} '{first}'")


def _reserved(reviewed: Reviewed) -> Iterator[Notice]:
    for located, question in reviewed.questions:
        name = question.name.casefold()
        programs = [
            program
            for program, refuses in (
                ("SPSS", name in _SPSS),
                ("Stata", name in _STATA or _STR.fullmatch(name) is not None),
            )
            if refuses
        ]
        if programs and question.type.storage is not Storage.NOTHING:
            yield Notice(
                located.spot, f"'{question.name}' is a word of {' and '.join(programs)} itself"
            )


def _signs(reviewed: Reviewed) -> Iterator[Notice]:
    for located, question in reviewed.questions:
        if question.type.storage is Storage.NOTHING or _PLAIN.fullmatch(question.name):
            continue
        sign = next((each for each in question.name if not re.match(r"\w", each)), "")
        what = f"its name holds '{sign}'" if sign else "its name begins with a digit"
        yield Notice(located.spot, f"{what}, which Stata or SPSS refuses")


def _long_labels(reviewed: Reviewed) -> Iterator[Notice]:
    language = reviewed.whole.language
    labels = [
        (located.spot, question.label.get(language, ""))
        for located, question in reviewed.questions
        if question.type.storage is not Storage.NOTHING
    ]
    long = [(spot, text) for spot, text in labels if len(text) > STATA_LABEL]
    if not long:
        return
    longer = sum(len(text.encode()) > SPSS_LABEL for _, text in long)
    first: Spot = long[0][0]
    labels_said = "its label has" if len(long) == 1 else f"from here on, {len(long)} labels have"
    bytes_said = f", {longer} of them more than {SPSS_LABEL} bytes" if longer else ""
    cut = "Stata and SPSS cut them" if longer else "Stata cuts them"
    yield Notice(
        Spot(first.place, first.thing),
        f"{labels_said} more than {STATA_LABEL} letters{bytes_said}: "
        + (cut.replace("them", "it") if len(long) == 1 else cut),
    )


LONG = Rule(
    code="Q701",
    name="long-name",
    severity=Severity.NOTE,
    summary=f"A column whose name is longer than {STATA_NAME} letters (Stata) or {SPSS_NAME} bytes (SPSS)",
    why="It gets another name there, and syntax written for one file does not run on the next.",
    remedy="Shorten the name or the codes, if these programs are used",
    check=_long,
)

ALIKE = Rule(
    code="Q702",
    name="alike-when-cut",
    severity=Severity.NOTE,
    summary="Two columns whose names are the same for Stata or SPSS",
    why="One of the two is renamed or lost: Stata cuts names, SPSS does not tell capitals apart.",
    remedy="Give one of the two another name",
    check=_alike_when_cut,
)

RESERVED = Rule(
    code="Q703",
    name="reserved-name",
    severity=Severity.NOTE,
    summary="A name that is a word of SPSS or Stata itself",
    why="They refuse it as the name of a variable, so exports rename it.",
    remedy="Give it another name, if these programs are used",
    check=_reserved,
)

SIGNS = Rule(
    code="Q704",
    name="signs-in-name",
    severity=Severity.NOTE,
    summary="A name with signs that Stata or SPSS refuses",
    why="Hyphens and full stops are fine on phones, and are replaced in exports.",
    remedy="Write _ instead",
    check=_signs,
)

LONG_LABELS = Rule(
    code="Q705",
    name="long-labels",
    severity=Severity.NOTE,
    summary=f"Labels that Stata ({STATA_LABEL} letters) or SPSS ({SPSS_LABEL} bytes) cuts",
    why="Tables made there show half a question. The codebook has all of it.",
    remedy="Nothing, if the codebook travels with the file",
    check=_long_labels,
)
