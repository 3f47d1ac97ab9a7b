"""Rules of a study: what must hold between answers, one row each, in the language of the form.

The column "check" holds an expression of the ODK dialect that is true where all is well, as in
a constraint. It is parsed and worked out like the form's own logic: nothing in a cell is ever
run. A rule is about its first question (`questions`, or the first that the expression names),
which a full stop means, and is judged where that question has an answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from survey_kit.cleaning.spelling import did_you_mean
from survey_kit.errors import CannotEvaluate, ExpressionError, Fault, FileProblem, StudyError
from survey_kit.questionnaire.expression import Expression
from survey_kit.questionnaire.model import Item, Questionnaire
from survey_kit.questionnaire.parser import parse
from survey_kit.responses.readers.text_table import TextTable, read_csv, read_workbook

NEEDED = ("name", "check")
COLUMNS = (*NEEDED, "questions", "what", "suggestion")
BESIDE = ("comment", "comments", "note", "notes", "source")
"""Columns for people, which are not read."""


@dataclass(frozen=True)
class Rule:
    """What must hold: `holds`, about `item`. `where` is its row, for messages."""

    name: str
    holds: Expression
    item: Item
    what: str
    suggestion: str
    where: str


def read_rules(path: Path, questionnaire: Questionnaire) -> tuple[Rule, ...]:
    """The rules in a CSV file or a workbook.

    Raises
    ------
    FileProblem
        If the file cannot be read, or has no sheet with the columns name and check.
    StudyError
        For every rule that cannot be read, names an unknown question or has the name of another,
        all at once.
    """
    table = _table(path)
    places = {cell.strip().casefold(): place for place, cell in enumerate(table.header)}
    faults = [
        Fault(f"{path.name}, column {name}", "there is no such column", did_you_mean(name, COLUMNS))
        for name in places
        if name and name not in (*COLUMNS, *BESIDE)
    ]
    found: list[Rule] = []
    for number, cells in enumerate(table.cells.itertuples(index=False, name=None), start=2):
        row = {name: str(cells[place]).strip() for name, place in places.items()}
        if not any(row.values()):
            continue
        rule = _rule(row, f"{path.name}, row {number}", questionnaire, faults)
        if rule is None:
            continue
        if any(rule.name == other.name for other in found):
            faults.append(
                Fault(
                    rule.where, f"an earlier rule is called {rule.name!r}", "Give it another name"
                )
            )
        found.append(rule)
    if faults:
        raise StudyError.from_faults(faults)
    return tuple(found)


def _table(path: Path) -> TextTable:
    workbook = path.suffix.casefold() in (".xlsx", ".xlsm")
    tables = read_workbook(path) if workbook else (read_csv(path),)
    for table in tables:
        if set(NEEDED) <= {cell.strip().casefold() for cell in table.header}:
            return table
    raise FileProblem(
        path.name,
        "there are no columns name and check in it",
        f"Begin with a row of these columns: {', '.join(COLUMNS)}",
    )


def _rule(
    row: Mapping[str, str], where: str, questionnaire: Questionnaire, faults: list[Fault]
) -> Rule | None:
    for needed in NEEDED:
        if not row[needed]:
            faults.append(
                Fault(where, f"the column {needed} is empty", "Fill it, or take out the row")
            )
            return None
    try:
        holds = parse(row["check"], where)
    except ExpressionError as error:
        faults.extend(error.faults)
        return None
    known = {item.question.name: item for item in reversed(questionnaire.items)}
    known |= dict(questionnaire.by_key)
    stated = row.get("questions", "").replace(",", " ").replace(";", " ").split()
    strangers = [name for name in dict.fromkeys((*stated, *holds.answers)) if name not in known]
    faults.extend(
        Fault(where, f"there is no question called {name!r}", did_you_mean(name, known))
        for name in strangers
    )
    about = [*stated, *holds.answers]
    if not about:
        faults.append(
            Fault(where, "the rule names no question", "Name in questions what it is about")
        )
    if strangers or not about:
        return None
    what = row.get("what") or f"the rule {row['name']} does not hold: {holds.source}"
    suggestion = row.get("suggestion") or "Ask the enumerator"
    return Rule(row["name"], holds, known[about[0]], what, suggestion, where)


def cannot_be_worked_out(rule: Rule, error: CannotEvaluate) -> Fault:
    """What to say of a rule that no interview that is over can answer."""
    first = error.faults[0]
    return Fault(rule.where, first.what, first.remedy)
