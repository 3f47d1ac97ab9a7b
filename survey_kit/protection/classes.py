"""Classes of questions: what an answer could do to the person who gave it.

Protection fails closed. What nobody has classed is an identifier where its type may name
or locate a person (text, a place, a file, a device), and sensitive otherwise; nothing is
plain until somebody says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from survey_kit.errors import Fault, StudyError
from survey_kit.questionnaire.model import Derived, Item, Privacy, Questionnaire
from survey_kit.questionnaire.words import meant

NO_OVERRIDES: Mapping[str, Privacy] = MappingProxyType({})


def privacy_of(of: Item | Derived, overrides: Mapping[str, Privacy] = NO_OVERRIDES) -> Privacy:
    """The class of a question or of a derived variable.

    Parameters
    ----------
    overrides
        Classes that a study states, by the key of the question or the name of the
        variable. They stand above the questionnaire's own.
    """
    match of:
        case Item():
            key, own, identifying = of.key, of.question.privacy, of.question.type.identifying
        case Derived():
            key, own, identifying = of.name, of.privacy, False
    if key in overrides:
        return overrides[key]
    if own is not None:
        return own
    return Privacy.IDENTIFIER if identifying else Privacy.SENSITIVE


def derived_privacy(
    derived: Derived,
    questionnaire: Questionnaire,
    overrides: Mapping[str, Privacy] = NO_OVERRIDES,
) -> Privacy:
    """As `privacy_of`, but what is made from an identifier is one until it is classed."""
    found = privacy_of(derived, overrides)
    if derived.privacy is not None or derived.name in overrides:
        return found
    expressions = [case.when for case in derived.cases]
    if derived.base is not None:
        expressions.append(derived.base)
    sources = {name for expression in expressions for name in expression.answers}
    for item in questionnaire.items:
        known = sources & {item.key, item.question.name}
        if known and privacy_of(item, overrides) is Privacy.IDENTIFIER:
            return Privacy.IDENTIFIER
    return found


def read_classes(words: Mapping[str, str], where: str) -> Mapping[str, Privacy]:
    """Classes as they are written in a study file: question -> word.

    Raises
    ------
    StudyError
        Naming every word that is no class.
    """
    known = [privacy.value for privacy in Privacy]
    faults = [
        Fault(
            f"{where}, {name}",
            f"there is no class of questions called '{word}'",
            meant(word, known, otherwise=f"Write one of: {', '.join(known)}"),
        )
        for name, word in words.items()
        if word not in known
    ]
    if faults:
        raise StudyError.from_faults(faults)
    return MappingProxyType({name: Privacy(word) for name, word in words.items()})


def check_overrides(
    questionnaire: Questionnaire, overrides: Iterable[str], where: str = "protection, classes"
) -> None:
    """Refuse classes for questions that do not exist: a typo must not leave one unprotected.

    Raises
    ------
    StudyError
        Naming every unknown question, with the one that was probably meant.
    """
    known = [*questionnaire.by_key, *(derived.name for derived in questionnaire.derived)]
    faults = [
        Fault(
            where,
            f"there is no question called '{name}'",
            meant(name, known, otherwise="Write the name as the questionnaire has it"),
        )
        for name in overrides
        if name not in known
    ]
    if faults:
        raise StudyError.from_faults(faults)
