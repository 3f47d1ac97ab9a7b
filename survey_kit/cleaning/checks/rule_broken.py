"""Answers that contradict each other by a rule of the study."""

from __future__ import annotations

from types import MappingProxyType

import pandas as pd

from survey_kit.cleaning.cells import every_question
from survey_kit.cleaning.check import NO_FILE, Check, Reach, Settings, file, together
from survey_kit.cleaning.holding import does_not_hold
from survey_kit.cleaning.rules_file import Rule, cannot_be_worked_out, read_rules
from survey_kit.errors import CannotEvaluate, Fault, StudyError
from survey_kit.responses.evaluate import prepare
from survey_kit.responses.model import Responses


def _rules(responses: Responses, settings: Settings) -> tuple[Rule, ...]:
    path = file(settings, "file")
    return () if path is None else read_rules(path, responses.questionnaire)


def _reach(responses: Responses, settings: Settings) -> Reach:
    if file(settings, "file") is None:
        return Reach(
            runs=False, note="no rules are stated; name a .csv or .xlsx file in the setting file"
        )
    rules = _rules(responses, settings)
    there = {cells.key for cells in every_question(responses)}
    absent = [rule.name for rule in rules if rule.item.key not in there]
    rest = f"; nothing came back of what {', '.join(absent)} are about" if absent else ""
    return Reach(note=f"{len(rules)} rules{rest}")


def _find(responses: Responses, settings: Settings) -> pd.DataFrame:
    rules = _rules(responses, settings)
    columns = {cells.key: cells for cells in every_question(responses)}
    answered = prepare(responses)
    faults: list[Fault] = []
    tables: list[pd.DataFrame] = []
    for rule in rules:
        cells = columns.get(rule.item.key)
        if cells is None:
            continue
        try:
            mark = does_not_hold(rule.holds, cells, answered)
        except CannotEvaluate as error:
            faults.append(cannot_be_worked_out(rule, error))
            continue
        tables.append(cells.marked(mark, rule.what, rule.suggestion))
    if faults:
        raise StudyError.from_faults(faults)
    return together(tables)


RULE_BROKEN = Check(
    name="rule_broken",
    title="A rule of the study does not hold",
    why=(
        "The rules in `file` hold: a .csv or .xlsx with the columns name, check, questions, what and "
        "suggestion. A check is an expression in the language of the form that is true where all is "
        "well: ${nationality} != ${country_int}. It is about the first of `questions` (without that "
        "column, the first it names), is judged where that has an answer other than a refusal, and "
        "in a repeat row by row. Nothing in a cell is run."
    ),
    find=_find,
    reach=_reach,
    settings=MappingProxyType({"file": NO_FILE}),
)
