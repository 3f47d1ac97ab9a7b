"""A text after "other" that says what the list has already: recoded into the choice it means.

One entry of a log, ``recode other``, stands at the text and names the code. It becomes
several corrections: the text goes (it stays in the raw file and in the log), "other" is no
longer chosen, the code is; what follows from that the form's own logic says, as after any
correction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from survey_kit.cleaning.checks.other_specify import parent
from survey_kit.cleaning.correction import Action, Correction
from survey_kit.cleaning.spelling import did_you_mean
from survey_kit.errors import Fault
from survey_kit.questionnaire.model import Item, Questionnaire
from survey_kit.questionnaire.question_type import Storage


def spelt_as_changes(
    questionnaire: Questionnaire, corrections: Sequence[Correction], faults: list[Fault]
) -> tuple[Correction, ...]:
    """The corrections with every ``recode other`` in words of change and blank, in their order."""
    found: list[Correction] = []
    for each in corrections:
        if each.action is Action.RECODE:
            found += _changes(questionnaire, each, faults)
        else:
            found.append(each)
    return tuple(found)


def _changes(
    questionnaire: Questionnaire, entry: Correction, faults: list[Fault]
) -> tuple[Correction, ...]:
    item = questionnaire.by_key.get(entry.question)
    followed = parent(item, questionnaire) if item is not None else None
    if followed is None:
        faults.append(
            Fault(
                entry.where,
                "no list stands above this question, with a choice 'other' that it follows",
                "Name the text question whose relevant is that choice, or write change",
            )
        )
        return ()
    above, other = followed
    codes = entry.new.split()
    known = [each.code for each in questionnaire.choices(above.question)]
    several = above.question.type.storage is Storage.CODES
    if not codes or (len(codes) > 1 and not several):
        what = "it takes one code" if codes else "there is no code to recode to"
        faults.append(Fault(entry.where, what, f"Write one of the list of {above.key}"))
        return ()
    for code in codes:
        if code not in known or code == other:
            what = f"the list of {above.key} has no such code, or it is 'other' itself"
            faults.append(
                Fault(entry.where, what, did_you_mean(code, [c for c in known if c != other]))
            )
            return ()
    return (
        replace(entry, action=Action.BLANK, new=""),
        *_above(entry, above, other, codes, several=several),
    )


def _above(
    entry: Correction, above: Item, other: str, codes: Sequence[str], *, several: bool
) -> tuple[Correction, ...]:
    """What changes in the question with the list."""
    row = entry.row
    change = replace(entry, action=Action.CHANGE, question=above.key, row=row)
    if not several:
        return (replace(change, old=other, new=codes[0]),)
    return (
        *(replace(change, question=f"{above.key}/{code}", old="", new="1") for code in codes),
        replace(change, question=f"{above.key}/{other}", old="1", new="0"),
    )
