"""From a questionnaire to its sheet: title, consent, rows, lists at the end, page furniture."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from survey_kit.forms.paper.boxes import LONGEST_LIST, LONGEST_REPEATED_LIST, columns_below
from survey_kit.forms.paper.numbering import Numbering, number
from survey_kit.forms.paper.rows import RowMaker
from survey_kit.forms.paper.scripts import scripts_in
from survey_kit.forms.paper.sheet import (
    Annex,
    Ask,
    Declaration,
    Matrix,
    Roster,
    Row,
    Run,
    Sheet,
    TickGroup,
    Ticks,
)
from survey_kit.forms.paper.voice import Voice
from survey_kit.questionnaire.build import NO_LANGUAGE
from survey_kit.questionnaire.model import Questionnaire

_HEADER = ("interview_number", "date", "enumerator", "place", "begun", "ended")
_CONSENT = ("consent", "assent")
_LATEST_CONSENT = 25
_KEPT = "\u200e"
"""The mark that makes the signs beside it run from left to right."""
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def compose(
    questionnaire: Questionnaire, language: str | None = None, *, marks: Sequence[str] = ()
) -> Sheet:
    """The paper questionnaire in a language.

    Parameters
    ----------
    marks
        What is to stand on every page, such as "DRAFT TRANSLATION".
    """
    spoken = language or questionnaire.language
    numbering = number(questionnaire)
    voice = Voice(questionnaire, spoken, numbering)
    maker = RowMaker(voice, _lists_at_the_end(questionnaire, numbering))
    phrases = voice.phrases
    header = tuple(phrases(key) for key in _HEADER)
    how_to = phrases("how_to")
    if voice.right_to_left:
        how_to = how_to.replace("→", "←")
    consent, rest = _consent(voice, list(maker.rows(questionnaire.nodes, 1)))
    return Sheet(
        title=voice.words(questionnaire.title) or (Run(questionnaire.name),),
        name=questionnaire.name,
        version=questionnaire.version,
        language=spoken,
        right_to_left=voice.right_to_left,
        marks=tuple(marks),
        header=header,
        how_to=how_to,
        consent=consent,
        rows=rest,
        annexes=tuple(_annexes(voice, maker)),
        end=phrases("end_words"),
        page=phrases("page", page="{page}", pages="{pages}"),
        identity=" · ".join(_identity(voice)),
        scripts=scripts_in([*voice.shown, *header, how_to]),
        instructions=phrases.name,
    )


def _identity(voice: Voice) -> Iterator[str]:
    """What stands at the foot of each page: form, version, language."""
    whole = voice.questionnaire
    yield voice.phrases("form", form=whole.name)
    if whole.version:
        yield voice.phrases("version", version=_in_one_piece(whole.version, voice))
    if voice.language != NO_LANGUAGE:
        yield whole.languages[voice.language]


def _in_one_piece(version: str, voice: Voice) -> str:
    """A version such as 2026-08-01 as it is, also in a line from right to left."""
    if not voice.right_to_left:
        return version
    return _KEPT + re.sub(r"[-./:]", lambda sign: f"{_KEPT}{sign[0]}{_KEPT}", version) + _KEPT


def _consent(voice: Voice, rows: list[Row]) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """The rows up to the consent, and the rest; the first are none where there is none."""
    asks = 0
    for place, row in enumerate(rows):
        if isinstance(row, (Matrix, Roster)) or asks > _LATEST_CONSENT:
            break
        if isinstance(row, Ask):
            asks += 1
            if _is_consent(row):
                signed = Declaration(voice.phrases("consent_given"), voice.phrases("initials"))
                return (*rows[: place + 1], signed), tuple(rows[place + 1 :])
    return (), tuple(rows)


def _is_consent(row: Ask) -> bool:
    name = row.name.casefold()
    return any(word in name for word in _CONSENT) and isinstance(row.box, Ticks)


def _lists_at_the_end(questionnaire: Questionnaire, numbering: Numbering) -> dict[str, str]:
    """The lists that are printed once at the end, and their letters."""
    used: dict[str, int] = {}
    for key in numbering.asked:
        name = questionnaire.by_key[key].question.choices
        if name is not None and name in questionnaire.lists:
            used[name] = used.get(name, 0) + 1
    long = [
        name
        for name, times in used.items()
        if (size := len(questionnaire.lists[name].choices)) > LONGEST_LIST
        or (size > LONGEST_REPEATED_LIST and times > 1)
    ]
    return {name: _letter(place) for place, name in enumerate(long)}


def _annexes(voice: Voice, maker: RowMaker) -> Iterator[Annex]:
    """The long lists, each under the answers that offer its choices where a filter says so."""
    for name, letter in maker.lists.items():
        choices = voice.questionnaire.lists[name].choices
        asker = maker.askers[name]
        ticks = maker.boxes.ticks(asker, choices, {})
        groups = tuple(
            TickGroup(tuple(ticks[id(each)] for each in members), heading)
            for heading, members in maker.boxes.by_filter(asker, choices)
        )
        yield Annex(voice.phrases("list_title", list=letter), groups, columns_below(groups))


def _letter(place: int) -> str:
    return _LETTERS[place] if place < len(_LETTERS) else f"{_LETTERS[place % 26]}{place // 26}"
