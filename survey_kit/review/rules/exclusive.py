"""Answers that stand alone, and answers that nobody can refuse to give."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from survey_kit.questionnaire.expression import Call, Number, Operation, Text, This, walk
from survey_kit.questionnaire.model import Privacy
from survey_kit.questionnaire.question_type import Storage
from survey_kit.questionnaire.words import listed
from survey_kit.review.offers import never_offered
from survey_kit.review.rule import Notice, Rule, Severity
from survey_kit.review.trees import truth_in
from survey_kit.review.word_lists import is_named, words_of

if TYPE_CHECKING:
    from survey_kit.questionnaire.expression import Expression
    from survey_kit.questionnaire.model import Choice, Question
    from survey_kit.review.reviewed import Located, Reviewed


def stands_alone(choice: Choice) -> bool:
    """Whether a choice excludes all others: refused, does not know, none of these."""
    return is_no_answer(choice) or is_named(
        choice.code, choice.label.values(), words_of("none of these")
    )


def is_no_answer(choice: Choice) -> bool:
    """Whether a choice is an answer, but not to the question: refused, does not know."""
    return choice.missing is not None or is_named(
        choice.code, choice.label.values(), words_of("no answer")
    )


def _not_exclusive(reviewed: Reviewed) -> Iterator[Notice]:
    for located, question in reviewed.questions:
        choices = reviewed.whole.choices(question)
        if question.type.name != "select_multiple" or len(choices) <= 1:
            continue
        if question.calculation is not None:
            continue
        lost = never_offered(reviewed, located, question)
        loose = [
            choice.code
            for choice in choices
            if stands_alone(choice)
            and choice not in lost
            and not _is_kept_alone(reviewed, located, question, choice.code)
        ]
        if loose:
            code = loose[0]
            yield Notice(
                located.spot,
                f"{_quoted(loose)} can be chosen together with others",
                f"Add the constraint not(selected(., '{code}') and count-selected(.) > 1)",
            )


def _quoted(codes: list[str]) -> str:
    return listed(f"'{code}'" for code in codes)


def _is_kept_alone(reviewed: Reviewed, located: Located, question: Question, code: str) -> bool:
    if question.constraint is None:
        return False
    tree = question.constraint.tree
    both = Operation(
        "and",
        tree,
        Operation(
            "and",
            Call("selected", (This(), Text(code))),
            Operation(">", Call("count-selected", (This(),)), Number(1.0)),
        ),
    )
    return not reviewed.reasoner.passing(located, both) or _may_do_so(question.constraint, code)


def _may_do_so(constraint: Expression, code: str) -> bool:
    """Whether a constraint speaks of the code in a way that is not understood here."""
    parts = list(walk(constraint.tree))
    understood = {
        "selected",
        "is-selected",
        "not",
        "count-selected",
        "if",
        "true",
        "false",
        "boolean",
    }
    strange = any(isinstance(part, Call) and part.function not in understood for part in parts)
    return strange and code in constraint.source


def _cannot_refuse(reviewed: Reviewed) -> Iterator[Notice]:
    for located, question in reviewed.questions:
        if question.privacy is not Privacy.SENSITIVE or not question.type.asked:
            continue
        if question.read_only or question.calculation is not None:
            continue
        choices = reviewed.whole.choices(question)
        if choices:
            if not any(is_no_answer(choice) for choice in choices):
                yield Notice(
                    located.spot, "it is sensitive, and its list has no choice for not answering"
                )
        elif question.type.storage not in (Storage.NOTHING, Storage.CODE, Storage.CODES):
            required = question.required
            if (
                required is not None
                and truth_in(required.tree) is True
                and not _was_refused_before(reviewed, question)
            ):
                yield Notice(
                    located.spot,
                    "it is sensitive, and required: nobody can decline to answer",
                    "Do not require it, or ask first whether the person wants to answer",
                )


def _was_refused_before(reviewed: Reviewed, question: Question) -> bool:
    """Whether it is asked only of those who chose something else than to refuse."""
    names = question.relevant.answers if question.relevant is not None else ()
    before = [reviewed.by_name[name].question for name in names if name in reviewed.by_name]
    return any(
        is_no_answer(choice)
        for asked in before
        if asked is not None
        for choice in reviewed.whole.choices(asked)
    )


NOT_EXCLUSIVE = Rule(
    code="Q220",
    name="not-exclusive",
    severity=Severity.WARNING,
    summary="'None', 'refused' or 'does not know' that can be chosen together with others",
    why="'None of these' and 'food' in one answer cannot both be true; cleaning has to guess.",
    remedy="Add a constraint that lets the choice stand alone",
    check=_not_exclusive,
)

CANNOT_REFUSE = Rule(
    code="Q221",
    name="no-way-to-refuse",
    severity=Severity.WARNING,
    summary="A sensitive question without a choice for refusing or not knowing",
    why="People must be free not to answer; who is forced gives a wrong answer or breaks off.",
    remedy="Add a choice with missing: refused, or missing: dont_know",
    check=_cannot_refuse,
)
