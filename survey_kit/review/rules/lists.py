"""Lists of choices: twins in it, one choice alone, a list that nobody uses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from survey_kit.review.rule import Notice, Rule, Severity

if TYPE_CHECKING:
    from survey_kit.review.reviewed import Reviewed


def _same_label(reviewed: Reviewed) -> Iterator[Notice]:
    for name, each in reviewed.whole.lists.items():
        users = reviewed.users.get(name, ())
        filtered = bool(users) and all(question.choice_filter is not None for question in users)
        for language in reviewed.whole.languages:
            seen: dict[tuple[object, ...], str] = {}
            for choice in each.choices:
                label = " ".join(choice.label.get(language, "").split()).casefold()
                if not label:
                    continue
                kept_apart = tuple(sorted(choice.columns.items())) if filtered else ()
                first = seen.setdefault((label, kept_apart), choice.code)
                if first != choice.code:
                    yield Notice(
                        reviewed.choice_spot(name, choice).part(f"label ({language})"),
                        f"'{first}' is called the same",
                    )


def _same_code(reviewed: Reviewed) -> Iterator[Notice]:
    for name, each in reviewed.whole.lists.items():
        seen: dict[str, str] = {}
        for choice in each.choices:
            first = seen.setdefault(choice.code.strip().casefold(), choice.code)
            if first != choice.code:
                yield Notice(
                    reviewed.choice_spot(name, choice),
                    f"the code differs from '{first}' in capitals or spaces alone",
                )


def _alone(reviewed: Reviewed) -> Iterator[Notice]:
    for located, question in reviewed.questions:
        codes = reviewed.codes(question)
        if codes is not None and len(codes) == 1:
            yield Notice(located.spot, f"the only choice is '{codes[0]}'")


def _unused(reviewed: Reviewed) -> Iterator[Notice]:
    named = " ".join(
        [each.expression.source for each in reviewed.written]
        + [value for each in reviewed.nodes for value in each.node.extra.values()]
        + [question.parameters or "" for _, question in reviewed.questions]
        + [
            text
            for located in reviewed.nodes
            for text in (located.node.label or {}).values()
            if "instance(" in text
        ]
    )
    for name in reviewed.whole.lists:
        if name not in reviewed.users and name not in named:
            yield Notice(reviewed.list_spot(name), "no question uses it")


SAME_LABEL = Rule(
    code="Q210",
    name="same-label",
    severity=Severity.WARNING,
    summary="Two choices of one list that are called the same",
    why="Whoever reads them out cannot tell them apart, so the codes mean nothing.",
    remedy="Say what tells the two apart, or remove one of them",
    check=_same_label,
)

SAME_CODE = Rule(
    code="Q211",
    name="nearly-same-code",
    severity=Severity.WARNING,
    summary="Two codes of one list that differ in capitals or spaces alone",
    why="Spreadsheets, SPSS and people take them for one; expressions do not.",
    remedy="Give one of the two another code, or remove it",
    check=_same_code,
)

ALONE = Rule(
    code="Q212",
    name="single-choice",
    severity=Severity.NOTE,
    summary="A question with a single choice",
    why="There is nothing to choose; an acknowledge or a note may be meant.",
    remedy="Add the other choices, or make it an acknowledge",
    check=_alone,
)

UNUSED = Rule(
    code="Q213",
    name="unused-list",
    severity=Severity.NOTE,
    summary="A list of choices that no question uses",
    why="It is translated and reviewed for nothing, or a question lost its type.",
    remedy="Remove the list, or name it in the type of a question",
    check=_unused,
)
