"""Repeats whose number of rows is not sure: blank, without an end, or lowered afterwards."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from survey_kit.questionnaire.expression import Answer, Call, Number, Operation
from survey_kit.questionnaire.model import Repeat
from survey_kit.review.blanks import may_be_blank
from survey_kit.review.possible_values import Numbers, Values
from survey_kit.review.rule import Notice, Rule, Severity

if TYPE_CHECKING:
    from survey_kit.questionnaire.expression import Node
    from survey_kit.review.reviewed import Located, Reviewed

MOST_ROWS = 300
"""Rows of a repeat that a phone still bears."""


def _counted(reviewed: Reviewed) -> Iterator[tuple[Located, Located]]:
    """Each repeat whose rows are counted by one question that people answer, and that question."""
    for located in reviewed.nodes:
        if not isinstance(located.node, Repeat) or located.node.count is None:
            continue
        tree = located.node.count.tree
        counting = reviewed.by_name.get(tree.name) if isinstance(tree, Answer) else None
        question = counting.question if counting else None
        if counting is not None and question is not None and question.type.asked:
            yield located, counting


def _count_blank(reviewed: Reviewed) -> Iterator[Notice]:
    for repeat, counting in _counted(reviewed):
        name = counting.node.name
        if reviewed.reasoner.reach(repeat) and may_be_blank(reviewed, name, repeat):
            yield Notice(
                repeat.spot.part("count"),
                f"'{name}' may be blank here, and then Collect asks for one row, others for none",
                f"Give the repeat the relevant ${{{name}}} > 0",
            )


def _no_end(reviewed: Reviewed) -> Iterator[Notice]:
    for repeat in reviewed.nodes:
        if not isinstance(repeat.node, Repeat) or repeat.node.count is None:
            continue
        tree = repeat.node.count.tree
        if isinstance(tree, Number) and tree.value > MOST_ROWS:
            yield Notice(
                repeat.spot.part("count"),
                f"it has {tree.value:,.0f} rows, and a phone makes all of them at once",
                "Write a smaller number, or a question that says how many",
            )
        for counting in _growing_with(reviewed, tree):
            if any(
                isinstance(each, Numbers) and each.spans and each.spans[-1].high == math.inf
                for each in _numbers(reviewed, repeat, counting)
            ):
                yield Notice(
                    repeat.spot.part("count"),
                    f"'{counting.node.name}' has no upper limit, so a slip of the finger asks for "
                    "thousands of rows",
                    f"Give '{counting.node.name}' a constraint such as . <= 30",
                )


def _growing_with(reviewed: Reviewed, tree: Node) -> Iterator[Located]:
    """Each question that people answer whose answer makes the result as large as they like.

    Followed through sums, products and calculations; what stands in another function (an if()
    or min() may well set a limit) is not followed.
    """
    waiting, seen = [tree], set[str]()
    while waiting:
        node = waiting.pop()
        match node:
            case Answer(name) if name not in seen and name in reviewed.by_name:
                seen.add(name)
                located = reviewed.by_name[name]
                question = located.question
                if question is not None and question.calculation is not None:
                    waiting.append(question.calculation.tree)
                elif question is not None and question.type.asked:
                    yield located
            case Operation("+" | "*", left, right):
                waiting += (right, left)
            case Operation("-" | "div", left, _):
                waiting.append(left)
            case Call("int" | "round" | "number" | "coalesce" | "max", arguments):
                waiting += reversed(arguments)
            case _:
                pass


def _numbers(reviewed: Reviewed, repeat: Located, counting: Located) -> tuple[Values, ...]:
    """What the number of rows may be, in each world that its own constraint leaves."""
    name, question = counting.node.name, counting.question
    if question is not None and question.constraint is not None:
        passing = reviewed.reasoner.passing(counting, question.constraint.tree)
        return reviewed.reasoner.may_be(name, counting, passing)
    return reviewed.reasoner.may_be(name, repeat, reviewed.reasoner.reach(repeat))


def _lowered(reviewed: Reviewed) -> Iterator[Notice]:
    for repeat, counting in _counted(reviewed):
        yield Notice(
            repeat.spot.part("count"),
            f"where '{counting.node.name}' is lowered afterwards, Collect keeps the rows that "
            "are too many; web forms and Enketo drop them",
        )


COUNT_BLANK = Rule(
    code="Q110",
    name="repeat-count-blank",
    severity=Severity.WARNING,
    summary="A repeat whose number of rows may be blank while it is asked",
    why=(
        "JavaRosa (Collect) then shows one row, web forms and Enketo none (measured). So an"
        " interview that was refused can carry a roster."
    ),
    remedy="Give the repeat a relevant that needs the number",
    check=_count_blank,
)

NO_END = Rule(
    code="Q111",
    name="repeat-without-end",
    severity=Severity.WARNING,
    summary="A repeat whose number of rows has no upper limit",
    why="A number typed by mistake (a year, an age) makes a phone ask, or freeze, for that long.",
    remedy="Give the question that counts a constraint with an upper limit",
    check=_no_end,
)

LOWERED = Rule(
    code="Q112",
    name="repeat-count-lowered",
    severity=Severity.NOTE,
    summary="A repeat counted by a question that can be changed afterwards",
    why=(
        "When the number is lowered, Collect keeps the rows that are too many (javarosa#45); web"
        " forms and Enketo remove them. The same interview gives different counts."
    ),
    remedy="Compare the number with the rows when the answers are cleaned",
    check=_lowered,
)
