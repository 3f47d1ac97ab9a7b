"""Marks that a replay of the form puts on cells, made into findings."""

from __future__ import annotations

from collections.abc import Callable
from weakref import WeakKeyDictionary

import pandas as pd

from survey_kit.cleaning.cells import Cells, every_question
from survey_kit.cleaning.check import Reach, Settings, together
from survey_kit.errors import Fault
from survey_kit.questionnaire.model import Item, Questionnaire
from survey_kit.questionnaire.sentence import sentence
from survey_kit.responses.model import Responses
from survey_kit.responses.replay import not_replayed


def findings_where(
    responses: Responses,
    marks: pd.DataFrame,
    in_repeat: Callable[[Responses, str], pd.DataFrame],
    say: Callable[[Cells, Questionnaire], tuple[str, str]],
) -> pd.DataFrame:
    """Findings for every marked cell.

    Parameters
    ----------
    marks
        (n, .) bool, a column for each question of the frame that has any.
    in_repeat
        The same for the rows of a repeat, by its name.
    say
        What is wrong with a question's marked cells, and what to do.
    """
    repeats = {name: in_repeat(responses, name) for name in responses.repeats}
    tables: list[pd.DataFrame] = []
    for cells in every_question(responses, _asked):
        inside = cells.item.repeats
        table = repeats[inside[-1]] if inside else marks
        if cells.key not in table.columns:
            continue
        mark = table[cells.key].to_numpy(dtype=bool)
        if mark.any():
            tables.append(cells.marked(mark, *say(cells, responses.questionnaire)))
    return together(tables)


def _asked(item: Item) -> bool:
    return item.question.type.asked


_NOT_REPLAYED: WeakKeyDictionary[Responses, tuple[Fault, ...]] = WeakKeyDictionary()


def faults_of_replay(responses: Responses) -> tuple[Fault, ...]:
    """The same for all checks, so worked out once for as long as the responses are in use."""
    if responses not in _NOT_REPLAYED:
        _NOT_REPLAYED[responses] = not_replayed(responses)
    return _NOT_REPLAYED[responses]


def replay_reach(responses: Responses, settings: Settings) -> Reach:
    """What of the form could not be replayed, in words."""
    del settings
    faults = faults_of_replay(responses)
    if not faults:
        return Reach(note="the whole form was replayed")
    first = "; ".join(f"{fault.where}: {fault.what}" for fault in faults[:3])
    more = f"; and {len(faults) - 3} more" if len(faults) > 3 else ""  # noqa: PLR2004
    return Reach(note=f"{len(faults)} expressions could not be worked out: {first}{more}")


def condition(item: Item, questionnaire: Questionnaire) -> str:
    """What has to hold for a question to be asked, in words."""
    rules = dict.fromkeys((*item.gates, *filter(None, [item.question.relevant])))
    return "; and ".join(sentence(rule, questionnaire) for rule in rules)
