"""Which column of a file is which question.

Every platform spells a column its own way: ``group/q`` (Kobo), ``group-q`` (Central),
``group.q`` after a trip through R, plain ``q`` where paths were left out. So each column
is tried in stages, from the strictest to the loosest, and the stage is recorded. A column
that could be two things is reported, never guessed; a column that is nothing known is not
carried on, because nobody has said what an answer in it could do to a person.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from survey_kit.questionnaire.model import Questionnaire
from survey_kit.responses.beyond_the_list import beyond_the_list
from survey_kit.responses.column_use import (
    BY_HEADING,
    BY_NEIGHBOURS,
    CAPITALS,
    DECLARED,
    EXACT,
    LEFT_OUT_BY_STUDY,
    MANGLED,
    METADATA_LEFT_OUT,
    NO_PATH,
    NO_SUCH_QUESTION,
    RESPELT,
    ColumnUse,
)
from survey_kit.responses.headings import Headings, by_neighbours, headings_of
from survey_kit.responses.metadata import METADATA, PLACE_IN_A_REPEAT, Carried, metadata_name
from survey_kit.responses.spellings import (
    Meaning,
    Role,
    Spellings,
    holds_answers,
    mangle,
    spellings_of,
    without_byte_order_mark,
)

__all__ = [
    "EXACT",
    "LEFT_OUT_BY_STUDY",
    "METADATA_LEFT_OUT",
    "NO_SUCH_QUESTION",
    "ColumnUse",
    "Role",
    "holds_answers",
    "mangle",
    "match_columns",
    "without_byte_order_mark",
]


def match_columns(
    columns: Sequence[str],
    questionnaire: Questionnaire,
    *,
    declared: Mapping[str, str] | None = None,
    ignore: Sequence[str] = (),
    repeat: str | None = None,
) -> tuple[ColumnUse, ...]:
    """What each column of a file is, in the order of the file.

    Parameters
    ----------
    columns
        (k,) the header, as it stands in the file.
    declared
        Column -> key of its question, where a person has said so.
    ignore
        Columns that a person has said to leave out.
    repeat
        The repeat whose rows the file holds; None for the interviews themselves.

    Returns
    -------
    (k,)
        One for each column. No question and no choice is given to two columns.
    """
    spellings = spellings_of(questionnaire, repeat)
    twice = {name for name, count in Counter(columns).items() if count > 1}
    uses = [
        ColumnUse(position, column, Role.UNMATCHED, what=NO_SUCH_QUESTION)
        for position, column in enumerate(columns)
    ]
    uses = [
        _given(use, declared or {}, ignore, questionnaire)
        if use.column not in twice
        else replace(use, what="not carried on: the file has two columns of this name")
        for use in uses
    ]
    open_ = [use.column not in twice and use.role is Role.UNMATCHED for use in uses]
    taken = {(use.key, use.code) for use in uses if use.role is not Role.UNMATCHED and use.key}
    for stage in (EXACT, NO_PATH, MANGLED, CAPITALS):
        found = {
            use.position: _meanings(use.column, stage, spellings)
            for use in uses
            if open_[use.position]
        }
        if stage == EXACT:
            found = _whole_paths_first(found, uses, spellings)
        uses = _settle(uses, found, stage, taken, open_)
        if stage == EXACT:
            uses = [_as_spelt(use, spellings) for use in uses]
        uses = beyond_the_list(uses, questionnaire, spellings, taken, open_)
    if any(open_) or twice:
        headings = headings_of(questionnaire, repeat)
        uses = _by_heading(uses, headings, twice, taken, open_)
        uses = beyond_the_list(uses, questionnaire, spellings, taken, open_)
    return tuple(
        _explain(_counted(use, questionnaire), spellings) if open_[use.position] else use
        for use in uses
    )


def _counted(use: ColumnUse, questionnaire: Questionnaire) -> ColumnUse:
    """The column in which forms keep how many rows a repeat is to have, ``person_count``."""
    name = re.sub(r"(?:_[0-9]+)*$", "", re.split(r"[/.\-:]", use.column)[-1])
    repeat = name.removesuffix("_count")
    if repeat == name or repeat not in questionnaire.repeats:
        return use
    what = f"how many rows the repeat '{repeat}' has, which they say themselves"
    return replace(use, role=Role.METADATA, key=PLACE_IN_A_REPEAT, stage=EXACT, what=what)


def _given(
    use: ColumnUse,
    declared: Mapping[str, str],
    ignore: Sequence[str],
    questionnaire: Questionnaire,
) -> ColumnUse:
    plain = without_byte_order_mark(use.column)
    if use.column in ignore or plain in ignore:
        return replace(use, role=Role.IGNORED, what=LEFT_OUT_BY_STUDY)
    key = declared.get(use.column, declared.get(plain))
    if key is not None and key in questionnaire.by_key:
        return replace(use, role=Role.QUESTION, key=key, stage=DECLARED, what="")
    return use


def _as_spelt(use: ColumnUse, spellings: Spellings) -> ColumnUse:
    """Whether an exact match is one letter by letter, or but for separators, marks and capitals."""
    if use.stage != EXACT or use.column in spellings.own:
        return use
    if use.role is Role.METADATA and use.column.casefold() == use.key:
        return use
    return replace(use, stage=RESPELT)


def _meanings(column: str, stage: str, spellings: Spellings) -> tuple[Meaning, ...]:
    """What a column may stand for at one stage, metadata among it."""
    name = without_byte_order_mark(column)
    if stage == EXACT:
        return spellings.exact.get(name) or _metadata(name, spellings)
    if _elsewhere(name, spellings):
        return ()
    match stage:
        case "without group path":
            found = (spellings.names.get(last) for last in _ends(name))
        case "mangled":
            found = (
                *(spellings.mangled.get(mangle(variant)) for variant in _variants(name)),
                *(spellings.mangled_names.get(mangle(last)) for last in _ends(name)),
            )
        case _:
            forms = (*_variants(name), *_ends(name))
            found = (spellings.folded.get(mangle(form).casefold()) for form in forms)
    return next(filter(None, found), ())


def _metadata(name: str, spellings: Spellings) -> tuple[Meaning, ...]:
    known = metadata_name(name)
    if not known:
        return ()
    if METADATA[known][1] is Carried.MOMENT and name.casefold() in spellings.folded:
        return ()  # Start, where the form has a question start
    return (Meaning(Role.METADATA, known),)


def _ends(column: str) -> Iterator[str]:
    """What follows each separator of paths, the longest first."""
    for sign in re.finditer(r"[/:.\-]", column):
        if column[sign.end() :]:
            yield column[sign.end() :]


def _variants(column: str) -> Iterator[str]:
    """A column, and what it may have been before R put an X in front of it."""
    yield column
    if re.match(r"X[._]", column):
        yield column[2:]
    if re.match(r"X[._0-9]", column):
        yield column[1:]


def _whole_paths_first(
    found: Mapping[int, tuple[Meaning, ...]], uses: Sequence[ColumnUse], spellings: Spellings
) -> dict[int, tuple[Meaning, ...]]:
    """Of columns that claim one question, the one that names all groups around it is that question.

    An export with the columns of all versions of a form has the question twice where it moved
    into a group; the bare name is then that of the version without the group.
    """
    whole = {
        position
        for position in found
        if without_byte_order_mark(uses[position].column) in spellings.whole
    }
    claimed = Counter(found[position][0] for position in whole if len(found[position]) == 1)
    return {
        position: meanings
        for position, meanings in found.items()
        if position in whole or len(meanings) != 1 or claimed[meanings[0]] != 1
    }


def _settle(
    uses: list[ColumnUse],
    found: Mapping[int, tuple[Meaning, ...]],
    stage: str,
    taken: set[tuple[str, str]],
    open_: list[bool],
) -> list[ColumnUse]:
    """Give each meaning to the one column that has it; report what two columns claim.

    A column that could be two things is the one that no other column certainly is.
    """
    sure = {(m[0].key, m[0].code) for m in found.values() if len(m) == 1} | taken
    found = {position: _left_over(meanings, sure) for position, meanings in found.items()}
    claims = Counter(
        (meanings[0].key, meanings[0].code)
        for meanings in found.values()
        if len(meanings) == 1 and meanings[0].role is not Role.METADATA
    )
    settled = list(uses)
    for position, meanings in found.items():
        if not meanings:
            continue
        use, first = uses[position], meanings[0]
        place = (first.key, first.code)
        open_[position] = False
        if len(meanings) > 1:
            named = " or ".join(sorted(f"'{_called(each)}'" for each in meanings))
            what = f"not carried on: ambiguous, it could be {named}"
            settled[position] = replace(use, what=what)
        elif first.role is Role.METADATA:
            left_out = METADATA[first.key][1] is Carried.NOT
            what = METADATA_LEFT_OUT if left_out else ""
            settled[position] = replace(use, role=first.role, key=first.key, stage=stage, what=what)
        elif place in taken:
            what = f"not carried on: another column is '{_called(first)}' already"
            settled[position] = replace(use, what=what)
        elif claims[place] > 1:
            what = f"not carried on: ambiguous, several columns could be '{_called(first)}'"
            settled[position] = replace(use, what=what)
        else:
            settled[position] = replace(
                use, role=first.role, key=first.key, code=first.code, stage=stage, what=""
            )
    taken.update(
        (use.key, use.code) for use in settled if use.key and use.role is not Role.METADATA
    )
    return settled


def _by_heading(
    uses: list[ColumnUse],
    headings: Headings,
    twice: set[str],
    taken: set[tuple[str, str]],
    open_: list[bool],
) -> list[ColumnUse]:
    """Columns that are headed by the text of a question; of one text that several have, if it shows."""
    found = {use.position: headings.of(use.column) for use in uses if open_[use.position]}
    alone = {place: meanings for place, meanings in found.items() if len(meanings) == 1}
    uses = _settle(uses, alone, BY_HEADING, taken, open_)
    shared = {place: meanings for place, meanings in found.items() if len(meanings) > 1}
    shared |= {
        use.position: meanings
        for use in uses
        if use.column in twice
        and use.role is Role.UNMATCHED
        and len(meanings := headings.of(use.column)) > 1
    }
    known = {use.position: use.key for use in uses if use.key and use.role is not Role.METADATA}
    told = by_neighbours(shared, known, frozenset(taken), headings.order)
    for place, meaning in told.items():
        taken.add((meaning.key, meaning.code))
        open_[place] = False
        uses[place] = replace(
            uses[place],
            role=meaning.role,
            key=meaning.key,
            code=meaning.code,
            stage=BY_NEIGHBOURS,
            what="",
        )
    left = {place: meanings for place, meanings in shared.items() if open_[place]}
    return _settle(uses, left, BY_HEADING, taken, open_)


def _left_over(meanings: tuple[Meaning, ...], sure: set[tuple[str, str]]) -> tuple[Meaning, ...]:
    left = tuple(each for each in meanings if (each.key, each.code) not in sure)
    return left if len(meanings) > 1 and len(left) == 1 else meanings


def _called(meaning: Meaning) -> str:
    return f"{meaning.key}/{meaning.code}" if meaning.code else meaning.key


def _elsewhere(name: str, spellings: Spellings) -> str:
    """What is to be said of a column that is a question of another frame, or a choice of one."""
    starts = (name[: sign.start()] for sign in re.finditer(r"[/.]", name))
    found = (spellings.elsewhere.get(part) for part in (name, *starts))
    return next(filter(None, found), "")


def _explain(use: ColumnUse, spellings: Spellings) -> ColumnUse:
    name = without_byte_order_mark(use.column)
    said = (_elsewhere(part, spellings) for part in (name, *_ends(name)))
    what = next(filter(None, said), "")
    return replace(use, what=what) if what and use.role is Role.UNMATCHED else use
