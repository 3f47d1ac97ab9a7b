"""An answer that is possible but so rare that somebody should look."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

import pandas as pd

from survey_kit.cleaning.cells import every_question
from survey_kit.cleaning.check import Check, Reach, Settings, texts, together
from survey_kit.cleaning.holding import does_not_hold
from survey_kit.cleaning.spelling import did_you_mean
from survey_kit.errors import CannotEvaluate, ExpressionError, Fault, StudyError
from survey_kit.questionnaire.expression import Expression
from survey_kit.questionnaire.model import Item, Questionnaire
from survey_kit.questionnaire.parser import parse
from survey_kit.responses.evaluate import prepare
from survey_kit.responses.model import Responses

COLUMNS = ("soft_constraint", "soft constraint", "analysis::soft", "analysis::soft_constraint")
"""Columns of a form, which phones leave alone, that may hold a soft limit."""
WHERE = "checks: soft_limit: limits"


def _limits(questionnaire: Questionnaire, settings: Settings) -> Iterator[tuple[Item, Expression]]:
    stated = dict(_stated(questionnaire, settings))
    for item in questionnaire.items:
        if item.key in stated:
            yield item, stated[item.key]
            continue
        written = next((item.question.extra[c] for c in COLUMNS if item.question.extra.get(c)), "")
        if written:
            yield item, parse(written, f"question '{item.key}', soft limit")


def _stated(questionnaire: Questionnaire, settings: Settings) -> Iterator[tuple[str, Expression]]:
    faults: list[Fault] = []
    for written in texts(settings, "limits"):
        key, colon, rule = (part.strip() for part in written.partition(":"))
        if not colon or key not in questionnaire.by_key:
            example = "Write: age: . <= 90"
            faults.append(
                Fault(
                    WHERE,
                    f"there is no question called {key!r}",
                    did_you_mean(key, questionnaire.by_key, example),
                )
                if colon
                else Fault(WHERE, f"{written!r} names no question and limit", example)
            )
            continue
        try:
            yield key, parse(rule, WHERE)
        except ExpressionError as error:
            faults.extend(error.faults)
    if faults:
        raise StudyError.from_faults(faults)


def _reach(responses: Responses, settings: Settings) -> Reach:
    limits = list(_limits(responses.questionnaire, settings))
    if not limits:
        return Reach(
            runs=False,
            note="no soft limits are stated; state them in the setting limits, or in a column "
            f"{COLUMNS[0]} of the form",
        )
    return Reach(note=f"{len(limits)} questions with a soft limit")


def _find(responses: Responses, settings: Settings) -> pd.DataFrame:
    columns = {cells.key: cells for cells in every_question(responses)}
    answered = prepare(responses)
    tables: list[pd.DataFrame] = []
    for item, limit in _limits(responses.questionnaire, settings):
        if item.key not in columns:
            continue
        cells = columns[item.key]
        try:
            mark = does_not_hold(limit, cells, answered)
        except CannotEvaluate as error:
            raise StudyError.from_faults(error.faults) from None
        tables.append(
            cells.marked(mark, f"beyond the soft limit {limit.source}", "Confirm it, or correct it")
        )
    return together(tables)


SOFT_LIMIT = Check(
    name="soft_limit",
    title="Beyond a soft limit",
    why=(
        "Answers keep the soft limits that the study states in `limits` (['age: . <= 90']) or that "
        "the form has in a column soft_constraint or analysis::soft; a limit is an expression of "
        "the form that holds where all is well. What is beyond is possible, and is confirmed or "
        "corrected. Hard limits are constraints: constraint_violated replays them."
    ),
    find=_find,
    reach=_reach,
    settings=MappingProxyType({"limits": ()}),
)
