"""A calibration to start from: every question of a questionnaire, with what could be said of it.

It runs as it stands, and what comes out is what comes out without it: all shares are equal.
A researcher replaces figures, and deletes what stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.simulation.planting import planted_faults

if TYPE_CHECKING:
    from survey_kit.questionnaire.model import Item, Questionnaire

MOST_CODES = 40
"""Of longer lists only so many codes are written out, as a comment."""
WIDEST = 70
HEAD = """\
# SIMULATED DATA. What simulated people are like. Nobody gives these answers.
#
# The questionnaire decides who is asked what, and refuses what it does not take. This file says
# only how likely each answer is among those who are asked.
#
#   survey-kit simulate {file} -n 1000 --calibration THIS_FILE --out interviews.zip
#
# What may be said of a question (docs/simulate.md explains each key):
#   shares        code: share. One answer: weights. Several answers: the share of people who choose it.
#                 A code that is not named is never chosen.
#   mean, spread            a number; median, factor: a skewed one, or days before `before`
#   lowest, highest, step   its limits, and what it is a multiple of
#   texts, pattern          texts, each as likely; # is a digit and ? a capital letter
#   near                    of a position: latitude, longitude, kilometres around them
#   answered      share of people who answer where the form does not insist
#   cases         what is different for those of whom `when` holds: a list of
#                   {{when: "${{age}} >= 60", shares: {{...}}}}    or odds: {{code: 2.5}} to multiply odds
"""


def template(questionnaire: Questionnaire, file: str = "QUESTIONNAIRE") -> str:
    """The text of a calibration in YAML, with comments."""
    parts = [
        HEAD.format(file=file),
        f"simulation: {_quoted(questionnaire.name)}\n",
        _fieldwork(questionnaire),
        "missing: {refused: 0.02, dont_know: 0.02}\n",
        _repeats(questionnaire),
        _answers(questionnaire),
        _faults(),
    ]
    return "\n".join(part for part in parts if part)


def _fieldwork(questionnaire: Questionnaire) -> str:
    codes = [
        item.key
        for item in questionnaire.items
        if item.question.type.name == "select_one" and not item.repeats
    ]
    some = codes[0] if codes else "enumerator"
    return f"""\
fieldwork:
  first_day: 2026-01-05
  last_day: 2026-02-13
  days_off: [sunday]
  # enumerator: {some}    # the question that says who interviewed: their interviews do not overlap
  # place: {some}         # the question that says where: people of a place answer alike ...
  # site_effect: 0.2      # ... by this standard deviation of the log odds of every code
  first_hour: 8.5
  a_day: 5                # interviews of an enumerator
  minutes: 5              # how long an interview takes in which nothing is asked
  minutes_a_question: 0.4
"""


def _repeats(questionnaire: Questionnaire) -> str:
    open_ = [name for name, (node, *_) in questionnaire.repeats.items() if node.count is None]
    if not open_:
        return ""
    return "repeats:\n" + "".join(f"  {name}: {{mean: 1.5, spread: 1}}\n" for name in open_)


def _answers(questionnaire: Questionnaire) -> str:
    asked = [
        item
        for item in questionnaire.items
        if item.question.type.asked
        and item.question.calculation is None
        and item.question.type.storage is not Storage.NOTHING
    ]
    if not asked:
        return ""
    return "answers:\n" + "".join(_answer(item, questionnaire) for item in asked)


def _answer(item: Item, questionnaire: Questionnaire) -> str:  # noqa: PLR0911 - one return for each storage
    label = " ".join(questionnaire.text(item.question.label).split())
    label = label if len(label) <= WIDEST else f"{label[: WIDEST - 4]} ..."
    head = f"  # {label}\n" if label else ""
    key = _quoted(item.key)
    choices = questionnaire.choices(item.question)
    codes = [choice.code for choice in choices if choice.missing is None]
    match item.question.type.storage:
        case Storage.CODE | Storage.CODES if codes and len(codes) <= MOST_CODES:
            several = item.question.type.name == "select_multiple"
            share = round(min(0.4, 2.5 / len(codes)), 3) if several else 1
            shares = ", ".join(f"{_quoted(code)}: {share}" for code in codes)
            return f"{head}  {key}:\n    shares: {{{shares}}}\n"
        case Storage.CODE | Storage.CODES:
            return f"{head}  # {key}: {{shares: {{}}}}    # {len(codes)} choices\n"
        case Storage.INTEGER | Storage.DECIMAL:
            return f"{head}  # {key}: {{mean: 30, spread: 10}}\n"
        case Storage.DATE:
            return f"{head}  # {key}: {{median: 90, factor: 2}}    # days before the interview\n"
        case Storage.TEXT:
            return f'{head}  # {key}: {{texts: ["simulated answer"], answered: 0.3}}\n'
        case Storage.LOCATION:
            return f'{head}  # {key}: {{near: "0 0 5"}}\n'
        case _:
            return f"{head}  # {key}: {{answered: 0.9}}\n"


def _faults() -> str:
    lines = [
        "# Faults to plant, each noted in a ledger beside the data. number, or share; when, if wanted.",
        "# faults:",
    ]
    for name, kind in planted_faults().items():
        keys = "".join(f", {key}: ..." for key in kind.needs)
        lines.append(f"#   - {{fault: {name}, number: 3{keys}}}    # {kind.summary}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A name or code as YAML reads it back as text, whatever it is."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
