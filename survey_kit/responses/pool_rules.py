"""What a study says of answers that changed their meaning between versions, and what is left unsaid.

Pooling refuses what it cannot do; a study may say how it is to be taken. Three words are
enough: these codes are those; it means the same; leave it behind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from survey_kit.errors import Fault
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.versions.change import Change, Kind
from survey_kit.versions.compare import compare

NOT_POOLED = frozenset(
    {
        Kind.REMOVED,
        Kind.RENAMED,
        Kind.TYPE,
        Kind.REPEAT,
        Kind.CALCULATION,
        Kind.CHOICE_REMOVED,
        Kind.CHOICE_RECODED,
        Kind.CHOICE_MEANING,
    }
)
"""Breaking changes that reading each interview with its own form does not heal."""
_MEANT_THE_SAME = (Kind.CALCULATION, Kind.CHOICE_MEANING)
_BY_CODES = (Kind.CHOICE_REMOVED, Kind.CHOICE_RECODED, Kind.CHOICE_MEANING)


@dataclass(frozen=True)
class PoolRules:
    """What a study says of answers that changed their meaning between versions.

    codes
        Question -> old code -> new code. The questions go by their keys in the new form.
    same
        Questions whose choices or calculations were only put into other words.
    left_behind
        Questions whose old answers are not pooled. A question that the new form no longer
        has goes by its old key.
    """

    codes: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    same: frozenset[str] = frozenset()
    left_behind: frozenset[str] = frozenset()


NO_RULES = PoolRules()


def not_settled(old: Questionnaire, new: Questionnaire, rules: PoolRules) -> list[Fault]:
    """Every breaking change of which the study says nothing."""
    return [
        Fault(
            f"version '{old.version}' of {old.name}, {_subject(change)}",
            f"{change.kind.value}: {change.old or 'nothing'} -> {change.new or 'nothing'}: {change.why}",
            change.remedy,
        )
        for change in compare(old, new).breaking
        if change.kind in NOT_POOLED and not _settled(change, rules)
    ]


def _subject(change: Change) -> str:
    questions = change.questions or (change.subject,)
    return f"question '{questions[0]}'" + (
        f" and {len(questions) - 1} more" if len(questions) > 1 else ""
    )


def _settled(change: Change, rules: PoolRules) -> bool:
    """Whether the study says what is to be done about a change, for every question of it."""
    return all(
        key in rules.left_behind
        or (change.kind in _MEANT_THE_SAME and key in rules.same)
        or (change.kind in _BY_CODES and change.code in rules.codes.get(key, {}))
        for key in (change.questions or (change.subject,))
    )


def rules_for_nothing(
    older: Sequence[Questionnaire], new: Questionnaire, rules: PoolRules
) -> list[Fault]:
    """Rules that name a question or a code that is not there."""
    known = {*new.by_key, *(key for old in older for key in old.by_key)}
    where = "pool"
    faults = [
        Fault(where, f"there is no question called '{key}'", "Write the name as the form has it")
        for key in (*rules.codes, *sorted(rules.same), *sorted(rules.left_behind))
        if key not in known
    ]
    for key, codes in rules.codes.items():
        item = new.by_key.get(key)
        if item is None:
            continue
        there = {choice.code for choice in new.choices(item.question)}
        faults += [
            Fault(f"{where}, {key}", f"the new form has no code '{code}' there", "Name one it has")
            for code in dict.fromkeys(codes.values())
            if code not in there
        ]
    return faults
