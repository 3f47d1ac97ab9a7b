"""Clauses: what an expression says, before it is said in a language.

A clause is a subject with what is said of it, choices of a question, or clauses joined by
*and* or *or*. Neighbours about one subject become one clause: its choices listed ("is A or B"),
its bounds joined ("is between 18 and 99"). Only `say` knows a language.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

from survey_kit.questionnaire.phrases import Phrases

OPPOSITE_WORD = {"and": "or", "or": "and"}
_LOW, _HIGH = ("at_least", "since"), ("at_most", "until")


@dataclass(frozen=True)
class What:
    """What a subject is or has: ``at_least 18``; with a unit, ``at_least 2 answers``."""

    key: str
    value: str
    unit: str = ""
    positive: bool = True


@dataclass(frozen=True)
class Chosen:
    """A subject and choices of it. `all_of` where every one must be there."""

    subject: str
    verb: str
    labels: tuple[str, ...]
    positive: bool = True
    all_of: bool = False


@dataclass(frozen=True)
class Said:
    """A subject and what it is or has (`verb`), joined by `word` where it is several things."""

    subject: str
    verb: str
    whats: tuple[What, ...]
    word: str = "and"


@dataclass(frozen=True)
class Alone:
    """Choices beside which no other may stand."""

    labels: tuple[str, ...]


@dataclass(frozen=True)
class Plain:
    """A clause that is said whole."""

    text: str


@dataclass(frozen=True)
class Joined:
    """Clauses joined by *and* or *or*."""

    word: str
    parts: tuple[Clause, ...]


Clause: TypeAlias = "Chosen | Said | Alone | Plain | Joined"


def joined(word: str, clauses: list[Clause]) -> Clause:
    """Clauses as one; neighbours about the same subject are put together, and none said twice."""
    merged: list[Clause] = []
    for place, clause in enumerate(clauses):
        if clause in clauses[:place]:
            continue
        together = _together(word, merged[-1], clause) if merged else None
        if together is None:
            merged.append(clause)
        else:
            merged[-1] = together
    return merged[0] if len(merged) == 1 else Joined(word, tuple(merged))


def _together(word: str, one: Clause, other: Clause) -> Clause | None:
    match one, other:
        case Chosen(), Chosen():
            return _more_choices(word, one, other)
        case Said(), Said() if (one.subject, one.verb) == (other.subject, other.verb):
            if len(one.whats) == 1 or one.word == word:
                return replace(one, whats=(*one.whats, *other.whats), word=word)
            return None
        case Alone(), Alone() if word == "and":
            return Alone((*one.labels, *other.labels))
        case _:
            return None


def _more_choices(word: str, one: Chosen, other: Chosen) -> Chosen | None:
    """Choices listed: *or* between what may be, *and* between what may not be."""
    alike = (one.subject, one.verb, one.positive) == (other.subject, other.verb, other.positive)
    if not alike:
        return None
    labels = (*one.labels, *other.labels)
    natural = "or" if one.positive else "and"
    if word == natural and not one.all_of and not other.all_of:
        return replace(one, labels=labels)
    single = len(other.labels) == 1 and (one.all_of or len(one.labels) == 1)
    if word == "and" and one.positive and one.verb == "includes" and single:
        return replace(one, labels=labels, all_of=True)
    return None


def say(  # noqa: PLR0911 - one return for each kind of clause
    clause: Clause, phrases: Phrases, *, around: int = 0
) -> str:
    """A clause in a language. `around` is how many joined clauses stand around it."""
    match clause:
        case Plain(text):
            return text
        case Chosen():
            return _say_chosen(clause, phrases)
        case Said():
            return _say_said(clause, phrases)
        case Alone(labels):
            return phrases("alone", what=listed(labels, "or", phrases))
        case Joined(word, parts):
            said = [say(part, phrases, around=around + 1) for part in parts]
            if around == 0:
                return phrases(f"clause_{word}").join(said)
            clauses = phrases(word).join(said)
            nested = any(isinstance(part, Joined) for part in parts)
            if around > 1 or nested:
                return phrases("brackets", clauses=clauses)
            return phrases("either", clauses=clauses) if word == "or" else clauses


def _say_chosen(clause: Chosen, phrases: Phrases) -> str:
    """ "includes A or B", "is not A", "is neither A nor B", "includes none of A, B and C"."""
    subject, verb, labels = clause.subject, clause.verb, clause.labels
    if clause.positive:
        what = listed(labels, "and" if clause.all_of else "or", phrases)
        return phrases(verb, subject=subject, what=what)
    if len(labels) == 1:
        return phrases(f"{verb}_not", subject=subject, what=labels[0])
    if len(labels) == 2:  # noqa: PLR2004 - neither and nor are for two
        return phrases(f"{verb}_neither", subject=subject, one=labels[0], other=labels[1])
    return phrases(f"{verb}_none", subject=subject, what=listed(labels, "and", phrases))


def _say_said(clause: Said, phrases: Phrases) -> str:
    if len(clause.whats) == 1 and not clause.whats[0].positive:
        what = replace(clause.whats[0], positive=True)
        return phrases(f"{clause.verb}_not", subject=clause.subject, what=_say_what(what, phrases))
    return phrases(clause.verb, subject=clause.subject, what=whats_said(clause, phrases))


def whats_said(clause: Said, phrases: Phrases) -> str:
    """What is said of the subject, without it: "between 18 and 99"."""
    said: list[str] = []
    rest = list(clause.whats)
    while rest:
        what = rest.pop(0)
        other = rest[0] if rest and clause.word == "and" else None
        if other is not None and _bounds(what, other):
            low, high = (what, other) if what.key in _LOW else (other, what)
            said.append(phrases("between", low=low.value, high=_with_unit(high, phrases)))
            rest.pop(0)
        else:
            said.append(_say_what(what, phrases))
    return listed(tuple(said), clause.word, phrases)


def _bounds(one: What, other: What) -> bool:
    keys = {one.key, other.key}
    return (
        one.positive
        and other.positive
        and one.unit == other.unit
        and (keys in ({"at_least", "at_most"}, {"since", "until"}))
    )


def _say_what(what: What, phrases: Phrases) -> str:
    value = _with_unit(what, phrases)
    said = phrases(what.key, value=value) if what.key else value
    return said if what.positive else phrases("not", what=said)


def _with_unit(what: What, phrases: Phrases) -> str:
    if not what.unit:
        return what.value
    one, several = {
        "answers": ("one_answer", "answers"),
        "letters": ("one_letter", "letters"),
        "entries": ("one_entry", "entries"),
    }[what.unit]
    return phrases(one if what.value == "1" else several, number=what.value)


def listed(labels: tuple[str, ...], word: str, phrases: Phrases) -> str:
    """Labels as one phrase: "A, B or C"."""
    if len(labels) == 1:
        return labels[0]
    return f"{phrases('comma').join(labels[:-1])}{phrases(word)}{labels[-1]}"
