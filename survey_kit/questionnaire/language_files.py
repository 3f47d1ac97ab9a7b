"""The languages of a definition in files of their own. The only place that knows polib.

A file is a PO file, as translators' programs read it, one entry a text::

    # status: reviewed
    # by: A. B.
    # on: 2026-08-01
    msgctxt "question/label:drivers"
    msgid "Why did you leave?"
    msgstr "..."

`msgctxt` is the stable place of the text, `msgid` the text in the first language when the
translation was made, `msgstr` the translation. Where the text has changed since, the
translation is stale: `msgid` differs from what the questionnaire says today, or the entry
is fuzzy and holds the earlier text in ``#| msgid``.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from survey_kit.errors import FileProblem
from survey_kit.questionnaire.faults import Faults
from survey_kit.questionnaire.model import Place
from survey_kit.questionnaire.raw import RawTranslation
from survey_kit.questionnaire.spoken import spoken
from survey_kit.questionnaire.translation import Status, Translation
from survey_kit.questionnaire.words import meant

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from survey_kit.questionnaire.model import Questionnaire
    from survey_kit.questionnaire.raw import RawQuestionnaire

_LARGEST = 32 * 1024 * 1024
_LINE = re.compile(r"\(line (\d+)\)")
_KNOWN = ("status", "by", "on")


@dataclass(frozen=True)
class Entry:
    """A text of a language file: its place, what it was made from, and what is known of it.

    `fuzzy` says that a translators' program asks for another look at it, `obsolete` that it
    was set aside earlier.
    """

    spot: str
    source: str
    text: str
    line: int
    status: str = ""
    by: str = ""
    on: str = ""
    comment: str = ""
    fuzzy: bool = False
    obsolete: bool = False


def with_language_files(raw: RawQuestionnaire, folder: Path) -> RawQuestionnaire:
    """The raw definition with the texts of its language files, from the folder it stands in."""
    if not raw.language_files:
        return raw
    faults = Faults(raw.faults)
    found: list[RawTranslation] = []
    for code, (file, place) in raw.language_files.items():
        wrong = _name_fault(file)
        if wrong:
            faults.add(place, f"language '{code}'", *wrong)
        elif not (folder / file).is_file():
            faults.add(
                place,
                f"language '{code}'",
                f"there is no file {file}",
                "Check its name, or run survey-kit translate with --refresh, which begins it",
            )
        else:
            found.extend(_translations(folder, file, code, faults))
    return replace(raw, translations=(*raw.translations, *found), faults=faults.all)


def _name_fault(file: str) -> tuple[str, str] | None:
    path = PurePosixPath(file)
    if path.is_absolute() or ".." in path.parts or "\\" in file or ":" in file:
        return (
            "the file is not in the folder of the definition",
            "Write for instance languages/bn.po",
        )
    if path.suffix != ".po":
        return f"'{file}' is not the name of a PO file", "Write for instance languages/bn.po"
    return None


def _translations(folder: Path, file: str, code: str, faults: Faults) -> tuple[RawTranslation, ...]:
    try:
        entries = read_entries(folder / file, file)
    except FileProblem as error:
        faults.extend(error.faults)
        return ()
    return raw_translations([each for each in entries if not each.obsolete], file, code, faults)


def raw_translations(
    entries: Iterable[Entry], file: str, code: str, faults: Faults
) -> tuple[RawTranslation, ...]:
    """Entries as translations into a language; one that has no place or one twice is noted."""
    found: dict[str, RawTranslation] = {}
    for each in entries:
        place = Place(file, row=each.line)
        if not each.spot:
            faults.add(
                place,
                f"language '{code}'",
                "the entry does not say where its text stands",
                "Give it the msgctxt back that it had",
            )
        elif each.spot in found:
            first = found[each.spot].place.row
            faults.add(
                place,
                f"language '{code}'",
                f"'{each.spot}' stands in line {first} already",
                "Remove one of the two",
            )
        else:
            known = (
                {"status": each.status, "by": each.by, "on": each.on, "comment": each.comment}
                if each.text
                else {}
            )
            source = each.source if each.text else ""
            found[each.spot] = RawTranslation(
                code, each.spot, place, text=each.text, source=source, **known
            )
    return tuple(found.values())


def read_entries(path: Path, name: str) -> tuple[Entry, ...]:
    """The entries of a PO file; `name` is what messages call it.

    Raises
    ------
    FileProblem
        If the file cannot be read, is too large, or is no PO file.
    """
    return _looked_at(path, name)[0]


def language_in_head(path: Path, name: str) -> str:
    """The language that the head of a PO file names; empty where it names none.

    Raises
    ------
    FileProblem
        As `read_entries`.
    """
    return _looked_at(path, name)[1]


def _looked_at(path: Path, name: str) -> tuple[tuple[Entry, ...], str]:
    try:
        about = path.stat()
    except OSError as error:
        raise FileProblem(
            name,
            f"the file cannot be read ({os.strerror(error.errno or 0)})",
            "Check its name and folder",
        ) from error
    if about.st_size > _LARGEST:
        raise FileProblem(name, "the file is larger than 32 MB", "Check its name")
    return _read(path, name, about.st_mtime_ns, about.st_size)


@lru_cache(maxsize=64)
def _read(path: Path, name: str, changed: int, size: int) -> tuple[tuple[Entry, ...], str]:
    """The entries and the language in the head; a file that has not changed is read once."""
    del changed, size
    import polib

    try:
        found: Any = polib.pofile(str(path), encoding="utf-8")
    except UnicodeDecodeError as error:
        raise FileProblem(
            name, "the file is not text in UTF-8", "Save it again as UTF-8"
        ) from error
    except OSError as error:
        line = _LINE.search(str(error))
        raise FileProblem(
            f"{name}, line {line[1]}" if line else name,
            "this does not belong into a PO file",
            "Write msgctxt, msgid and msgstr, each followed by a text in double quotes",
        ) from error
    if not found.metadata and found.header and len(found):
        found[0].tcomment = f"{found.header}\n{found[0].tcomment}".strip()
    lines = path.read_text(encoding="utf-8").split("\n")
    entries = tuple(_entry(each, _begins(each.linenum, lines)) for each in found)
    return entries, str(found.metadata.get("Language", "")).strip()


def _begins(line: int, lines: Sequence[str]) -> int:
    """The line at which an entry says where its text stands; comments come before it."""
    for number in range(max(line, 1), len(lines) + 1):
        if lines[number - 1].removeprefix("#~").lstrip().startswith(("msgctxt", "msgid")):
            return number
    return line


def _entry(each: Any, line: int) -> Entry:
    known, comment = _remarks(str(each.tcomment))
    fuzzy = "fuzzy" in each.flags
    source = str(each.msgid)
    status = known.get("status", "")
    if fuzzy and each.previous_msgid:
        source = str(each.previous_msgid)
        status = Status.STALE.value
    elif fuzzy and not status:
        status = Status.DRAFT.value
    return Entry(
        spot=str(each.msgctxt or ""),
        source=source,
        text=str(each.msgstr).strip(),
        line=line,
        status=status,
        by=known.get("by", ""),
        on=known.get("on", ""),
        comment=comment,
        fuzzy=fuzzy,
        obsolete=bool(each.obsolete),
    )


def _remarks(comment: str) -> tuple[dict[str, str], str]:
    """What a translator's comment says of status, person and day, and the rest of it."""
    known: dict[str, str] = {}
    rest: list[str] = []
    for line in comment.split("\n"):
        key, colon, text = line.partition(":")
        if not rest and colon and key in _KNOWN and key not in known:
            known[key] = text.strip()
        elif not rest and colon and key == "comment":
            rest.append(text.removeprefix(" "))
        else:
            rest.append(line)
    return known, "\n".join(rest).strip()


def language_file_text(
    questionnaire: Questionnaire, code: str, set_aside: Sequence[Entry] = ()
) -> str:
    """The PO file of a language: every text of the first language, in the interview's order.

    `set_aside` are entries whose text the questionnaire no longer has: they stand at the
    end, marked as obsolete, in case the text comes back.
    """
    import polib

    file: Any = polib.POFile(wrapwidth=0)
    file.header = (
        f"{questionnaire.name}: {questionnaire.languages[code]} ({code})\n"
        "A text is a draft until somebody who speaks the language has checked it."
    )
    file.metadata = {
        "Project-Id-Version": questionnaire.name,
        "Language": code.replace("-", "_"),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    }
    statuses = questionnaire.translations.get(code, {})
    for each in spoken(questionnaire):
        source = each.texts.get(questionnaire.language)
        if not source:
            continue
        text = each.texts.get(code, "")
        status = statuses.get(each.place) if text else None
        file.append(_po_entry(polib, each.place, source, text, status))
    for old in set_aside:
        file.append(
            polib.POEntry(msgctxt=old.spot, msgid=old.source, msgstr=old.text, obsolete=True)
        )
    return f"{file}"


def _po_entry(polib: Any, place: str, source: str, text: str, status: Translation | None) -> object:
    lines: list[str] = []
    stale = status is not None and status.status is Status.STALE and bool(status.source)
    if status is not None:
        if not stale:
            lines.append(f"status: {status.status.value}")
        lines.extend(
            f"{key}: {value}"
            for key, value in (("by", status.by), ("on", status.on), ("comment", status.comment))
            if value
        )
    return polib.POEntry(
        msgctxt=place,
        msgid=source,
        msgstr=text,
        tcomment="\n".join(lines),
        flags=["fuzzy"] if status and status.status is not Status.REVIEWED else [],
        previous_msgid=status.source if stale and status else None,
    )


def file_of(questionnaire: Questionnaire, code: str) -> str:
    """The language file of a language.

    Raises
    ------
    FileProblem
        If the language is not declared, or is kept in no file of its own.
    """
    if code not in questionnaire.languages:
        raise FileProblem(
            questionnaire.name,
            f"the language '{code}' is not declared",
            meant(code, questionnaire.languages, otherwise="Add it under languages"),
        )
    if code not in questionnaire.language_files:
        raise FileProblem(
            questionnaire.name,
            f"the language '{code}' has no file of its own",
            f"Write  {code}: {{name: ..., file: languages/{code}.po}}  under languages",
        )
    return questionnaire.language_files[code]
