"""What a blank does to a condition or a sum: holds where nobody expects it, or empties it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from survey_kit.questionnaire.expression import Answer, Call, Negative, Number, Operation, Text
from survey_kit.questionnaire.question_type import Storage
from survey_kit.review.blanks import may_be_blank
from survey_kit.review.possible_values import Numbers
from survey_kit.review.rule import Notice, Rule, Severity
from survey_kit.review.trees import ARITHMETIC, constant, flat

if TYPE_CHECKING:
    from survey_kit.questionnaire.expression import Node as Part
    from survey_kit.review.reviewed import Located, Reviewed
    from survey_kit.review.worlds import Worlds

_SKIPS_BLANKS = frozenset({"coalesce", "sum", "max", "min", "count", "count-non-empty", "number"})


def _unequal(reviewed: Reviewed) -> Iterator[Notice]:
    for written in reviewed.written:
        if written.key != "relevant" or written.owner is None:
            continue
        here = written.owner
        worlds = reviewed.reasoner.reach(here)
        for part in flat(written.expression.tree, "and"):
            for name, code in _unequal_to(part):
                asked = reviewed.by_name.get(name)
                question = asked.question if asked else None
                if asked is None or question is None or not question.type.asked:
                    continue
                if asked.order < here.order and may_be_blank(reviewed, name, here, worlds):
                    yield Notice(
                        written.spot,
                        f"it also holds for those who were not asked '{name}', or left it blank",
                        f"If that is not meant, add: and ${{{name}}} != ''" if code else "",
                    )


def _unequal_to(part: Part) -> Iterator[tuple[str, str]]:
    """Questions that must not have an answer for a condition to hold, and that answer."""
    match part:
        case Operation("!=", Answer(name), Text() | Number() as code):
            pass
        case Operation("!=", Text() | Number() as code, Answer(name)):
            pass
        case Call("not", (Operation("=", Answer(name), Text() | Number() as code),)):
            pass
        case _:
            return
    value = constant(code)
    if value != "":
        yield name, str(value)


def _sums(reviewed: Reviewed) -> Iterator[Notice]:
    for written in reviewed.written:
        owner = written.owner
        if written.key != "calculation" or owner is None:
            continue
        found: dict[str, None] = {}
        for name, worlds in _operands(reviewed, written.expression.tree, owner):
            if may_be_blank(reviewed, name, owner, worlds):
                found[name] = None
        if found:
            names = ", ".join(f"'{name}'" for name in found)
            yield Notice(
                written.spot,
                f"where {names} {'is' if len(found) == 1 else 'are'} blank, Collect stores "
                "nothing and Enketo NaN",
            )


def _operands(reviewed: Reviewed, tree: Part, here: Located) -> Iterator[tuple[str, Worlds]]:
    """Numbers that stand in arithmetic, each with what is known where it is worked out."""
    for part, worlds in _with_worlds(reviewed, tree, here):
        if isinstance(part, Operation) and part.operator in ARITHMETIC:
            for side in (part.left, part.right):
                if isinstance(side, Answer):
                    asked = reviewed.by_name.get(side.name)
                    question = asked.question if asked else None
                    if question is not None and question.type.storage in (
                        Storage.INTEGER,
                        Storage.DECIMAL,
                    ):
                        yield side.name, worlds


def _with_worlds(reviewed: Reviewed, tree: Part, here: Located) -> Iterator[tuple[Part, Worlds]]:
    """Every part of an expression, with the worlds left by each if() around it."""
    reasoner = reviewed.reasoner
    waiting: list[tuple[Part, Worlds]] = [(tree, reasoner.reach(here))]
    while waiting:
        part, worlds = waiting.pop()
        yield part, worlds
        match part:
            case Call("if", (test, then, otherwise)):
                waiting += [
                    (otherwise, reasoner.narrowed(worlds, test, here, holding=False)),
                    (then, reasoner.narrowed(worlds, test, here)),
                    (test, worlds),
                ]
            case Operation("and"):
                for each in flat(part, "and"):
                    waiting.append((each, worlds))
                    worlds = reasoner.narrowed(worlds, each, here)
            case Operation(_, left, right):
                waiting += [(right, worlds), (left, worlds)]
            case Negative(operand):
                waiting.append((operand, worlds))
            case Call(function, arguments) if function not in _SKIPS_BLANKS:
                waiting += [(each, worlds) for each in reversed(arguments)]
            case _:
                pass


def _divisions(reviewed: Reviewed) -> Iterator[Notice]:
    for written in reviewed.written:
        owner = written.owner
        if owner is None or written.key == "choice_filter":
            continue
        seen: set[str] = set()
        for part, worlds in _with_worlds(reviewed, written.expression.tree, owner):
            match part:
                case Operation("div" | "mod", _, Answer(name)) if name not in seen:
                    seen.add(name)
                    if _may_be_zero(reviewed, name, owner, worlds):
                        yield Notice(
                            written.spot,
                            f"it divides by '{name}', which may be 0",
                            f"Write if(${{{name}}} > 0, ..., 0), or ask only where it is not 0",
                        )
                case Operation("div" | "mod", _, Number(0.0)):
                    yield Notice(written.spot, "it divides by 0")
                case _:
                    pass


def _may_be_zero(reviewed: Reviewed, name: str, here: Located, worlds: Worlds) -> bool:
    for values in reviewed.reasoner.may_be(name, here, worlds):
        if isinstance(values, Numbers) and values.compared("=", 0.0, holding=True).spans:
            return True
    return False


UNEQUAL = Rule(
    code="Q308",
    name="unequal-to-blank",
    severity=Severity.NOTE,
    summary="A != that also holds for those who were never asked",
    why=(
        "A blank is different from every code. So ${work} != 'no' lets those through who were"
        " never asked whether they work."
    ),
    remedy="If that is not meant, ask also whether there is an answer",
    check=_unequal,
)

DIVISION = Rule(
    code="Q309",
    name="division-by-zero",
    severity=Severity.WARNING,
    summary="A division by an answer that may be 0",
    why="It comes to Infinity or NaN, which phones store as text or not at all.",
    remedy="Divide only where it is more than 0",
    check=_divisions,
)

SUM_OF_BLANK = Rule(
    code="Q319",
    name="arithmetic-on-blank",
    severity=Severity.NOTE,
    summary="Arithmetic with an answer that may be blank",
    why="One blank makes the whole result blank in Collect, and NaN in Enketo (measured).",
    remedy="Write coalesce(${number}, 0), if a blank means 0",
    check=_sums,
)
