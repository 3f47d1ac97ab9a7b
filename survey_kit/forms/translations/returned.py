"""What translators hand back, held against the questionnaire as it is today.

Much may have happened while a workbook was away: the questions changed, somebody else
translated too, a `${name}` was lost in typing. So nothing is taken over in silence. Every
text that comes back has an outcome, and an outcome that is a problem changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from survey_kit.questionnaire.markup import not_kept
from survey_kit.questionnaire.spoken import in_languages, spoken
from survey_kit.questionnaire.translation import Status, Translation
from survey_kit.questionnaire.translations import ordered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from survey_kit.questionnaire.model import Place, Questionnaire, Texts


class Outcome(Enum):
    """What became of a text that came back."""

    NEW = "new"
    CHANGED = "changed"
    REVIEWED = "reviewed"
    REMARKED = "remarked"
    """Only its status or comment changed."""
    SAME = "same"
    MARKUP = "markup lost"
    CONFLICT = "conflict"
    EMPTIED = "emptied"
    UNKNOWN = "unknown place"


PROBLEMS = frozenset({Outcome.MARKUP, Outcome.CONFLICT, Outcome.EMPTIED, Outcome.UNKNOWN})
"""Outcomes with which nothing was changed, and about which somebody should do something."""


@dataclass(frozen=True)
class Returned:
    """One text that came back.

    `source` is the text it was translated from. `given` is the translation as it was when
    the workbook went out, or None where that is not known. `reviewed` is what the
    translator says of it: True, False, or None where nothing was said.
    """

    language: str
    spot: str
    source: str
    text: str
    place: Place
    given: str | None = None
    reviewed: bool | None = None
    comment: str | None = None


@dataclass(frozen=True)
class Change:
    """What became of one text, and why in words where it is a problem."""

    language: str
    spot: str
    outcome: Outcome
    place: Place
    before: str = ""
    after: str = ""
    stale: bool = False
    why: str = ""

    @property
    def is_problem(self) -> bool:
        """Whether it was not taken over."""
        return self.outcome in PROBLEMS

    def __str__(self) -> str:
        said = f"{self.language} {self.spot}: {self.outcome.value}"
        if self.why:
            return f"{self.place}: {said}: {self.why}"
        return f"{said}, but the text it was made from has changed" if self.stale else said


@dataclass(frozen=True)
class Merged:
    """The questionnaire with everything taken over, and what became of each text."""

    questionnaire: Questionnaire
    changes: tuple[Change, ...]

    @property
    def problems(self) -> tuple[Change, ...]:
        """What was not taken over."""
        return tuple(change for change in self.changes if change.is_problem)

    def unsigned(self, returned: Iterable[Returned]) -> tuple[str, ...]:
        """The places of what was called reviewed, and is a draft for want of a name."""
        called = {(each.language, each.spot) for each in returned if each.reviewed}
        known = self.questionnaire.translations
        return tuple(
            change.spot
            for change in self.changes
            if (change.language, change.spot) in called
            and not change.is_problem
            and (mark := known.get(change.language, {}).get(change.spot)) is not None
            and mark.status is Status.DRAFT
        )


def merged(
    questionnaire: Questionnaire, returned: Iterable[Returned], *, reviewer: str = "", on: str = ""
) -> Merged:
    """Take over what came back; `reviewer` names who checked it, `on` the day.

    A text that its translator calls reviewed is reviewed only if `reviewer` is named, and
    a draft otherwise: nobody's word is not a review.
    """
    present = {each.place: each.texts for each in spoken(questionnaire)}
    texts: dict[str, dict[str, str]] = {}
    statuses = {code: dict(of) for code, of in questionnaire.translations.items()}
    changes: list[Change] = []
    for each, twice in _each_once(returned):
        if twice:
            change = Change(each.language, each.spot, Outcome.CONFLICT, each.place, why=twice)
            changes.append(change)
            continue
        known = statuses.get(each.language, {}).get(each.spot)
        change, status = _one(questionnaire, present, each, known, (reviewer, on))
        changes.append(change)
        if change.is_problem or change.outcome is Outcome.SAME:
            continue
        texts.setdefault(each.language, {})[each.spot] = change.after
        if status is not None:
            statuses.setdefault(each.language, {})[each.spot] = status
    with_texts = in_languages(questionnaire, texts) if texts else questionnaire
    return Merged(replace(with_texts, translations=ordered(with_texts, statuses)), tuple(changes))


def _each_once(returned: Iterable[Returned]) -> Iterator[tuple[Returned, str]]:
    """Each text once, and why it cannot be taken over where it came back in several versions.

    Rows that were left as they went out say nothing against one that somebody changed.
    """
    together: dict[tuple[str, str], list[Returned]] = {}
    for each in returned:
        together.setdefault((each.language, each.spot), []).append(each)
    for rows in together.values():
        changed = [each for each in rows if each.text and each.text != each.given]
        different = {each.text for each in changed}
        best = next((each for each in changed if each.reviewed), None)
        chosen = (
            best
            or next(iter(changed), None)
            or next((each for each in rows if each.reviewed), rows[0])
        )
        other = next((each.place for each in changed if each.text != chosen.text), None)
        yield chosen, f"{other} translates it otherwise" if len(different) > 1 else ""


def _one(
    questionnaire: Questionnaire,
    present: dict[str, Texts],
    each: Returned,
    known: Translation | None,
    review: tuple[str, str],
) -> tuple[Change, Translation | None]:
    here = present.get(each.spot)
    change = Change(each.language, each.spot, Outcome.SAME, each.place)
    if here is None or not here.get(questionnaire.language):
        return replace(
            change, outcome=Outcome.UNKNOWN, why="the questionnaire no longer has this text"
        ), None
    before = here.get(each.language, "")
    change = replace(change, before=before, after=each.text)
    if each.text != each.given and (problem := _problem(each, before)) is not None:
        outcome, why = problem
        return replace(change, outcome=outcome, why=why), None
    text = before if each.text == each.given else each.text
    change = replace(change, after=text)
    if not text:
        return change, None
    status = _status(each, text != before, known, here[questionnaire.language], review)
    stale = status is not None and status.status is Status.STALE
    if text != before:
        outcome = Outcome.CHANGED if before else Outcome.NEW
    elif status == known:
        outcome = Outcome.SAME
    elif status is not None and status.status is Status.REVIEWED:
        outcome = Outcome.REVIEWED
    else:
        outcome = Outcome.REMARKED
    return replace(change, outcome=outcome, stale=stale), status


def _problem(each: Returned, before: str) -> tuple[Outcome, str] | None:
    if each.text == before:
        return None
    if not each.text:
        why = "it came back empty, and the present translation is kept"
        return (Outcome.EMPTIED, why) if each.given is not None else None
    if each.given is not None and each.given != before:
        return Outcome.CONFLICT, "somebody else changed the translation meanwhile"
    lost = not_kept(each.source, each.text)
    return (Outcome.MARKUP, ", ".join(lost)) if lost else None


def _status(
    each: Returned, changed: bool, known: Translation | None, default: str, review: tuple[str, str]
) -> Translation | None:
    comment = (known.comment if known else "") if each.comment is None else each.comment
    by, on = review
    if each.source != default and (changed or known is None):
        return Translation(Status.STALE, each.source, comment=comment)
    if each.reviewed and by and (each.source == default):
        already = known is not None and known.status is Status.REVIEWED and not changed
        if not already:
            return Translation(Status.REVIEWED, "", by, on, comment)
    if changed:
        return Translation(Status.DRAFT, comment=comment)
    if known is None:
        return Translation(Status.DRAFT, comment=comment) if each.reviewed is False else None
    looked_at = each.source == default and each.reviewed is not None
    if (each.reviewed is False and known.status is Status.REVIEWED) or (
        looked_at and known.status is Status.STALE
    ):
        return Translation(Status.DRAFT, comment=comment)
    return replace(known, comment=comment)
