"""A questionnaire from one file to another, nothing lost and nothing added on the way.

Whatever an author wrote is carried over, also where nothing here knows what it means; so
the judge of a conversion is pyxform, and not we: what it makes no form of is refused.
"""

from __future__ import annotations

import re
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from importlib.util import find_spec
from typing import TYPE_CHECKING

from survey_kit.errors import FileProblem
from survey_kit.forms.read import TEXTS, WORKBOOKS, read_as_written
from survey_kit.forms.sheets import for_file
from survey_kit.forms.xform import XForm, xform_as_written
from survey_kit.forms.xlsform_writer import xlsform_bytes
from survey_kit.questionnaire.build import understood
from survey_kit.questionnaire.yaml_file import yaml_text

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from survey_kit.errors import Fault
    from survey_kit.questionnaire.model import Questionnaire

_QUESTIONNAIRE = re.compile(rb"^[ \t]*['\"]?(?:questionnaire|interview)['\"]?[ \t]*:", re.MULTILINE)
_LARGEST = 32 * 1024 * 1024
_FRAMES = 4_000
"""Calls inside one another: readers and pyxform need up to ten for each group in a group."""


class Format(Enum):
    """What a questionnaire is written as."""

    YAML = "yaml"
    XLSX = "xlsx"
    XML = "xml"


@dataclass(frozen=True)
class Converted:
    """The content of a file, and what there is to know of it.

    `remarks` are pyxform's, `kept` is what was carried over without being understood, and
    `itemsets` the text of itemsets.csv that an XForm with external choices needs beside it.
    """

    content: bytes
    remarks: tuple[str, ...] = ()
    kept: tuple[Fault, ...] = ()
    itemsets: str | None = None


def convert(source: Path, wanted: Format, target: Path | None = None) -> Converted:
    """A questionnaire in another format.

    Parameters
    ----------
    target
        What the file will be called. A form without an id stays without one if it goes by
        the same name there; otherwise the name that it went by is written down.

    Raises
    ------
    FileProblem
        If the file is missing, empty, or not what its suffix says.
    DefinitionError
        If pyxform makes no form of it, or no format can keep it; all faults at once.
    MissingExtra
        If an XForm is wanted and pyxform is not installed.
    """
    with _room_for_deep_forms():
        questionnaire = read_as_written(source)
        made = _judged(questionnaire, wanted)
        kept = (*questionnaire.not_understood, *questionnaire.only_elsewhere)
        match wanted:
            case Format.YAML:
                return Converted(yaml_text(questionnaire).encode(), kept=kept)
            case Format.XLSX:
                named = for_file(questionnaire, target) if target else questionnaire
                return Converted(xlsform_bytes(named), kept=kept)
            case Format.XML:
                return Converted(made.xml.encode(), made.warnings, kept, made.itemsets)


@contextmanager
def _room_for_deep_forms() -> Generator[None]:
    """Let groups stand in one another as deeply as they may be kept (`build.DEEPEST_KEPT`)."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _FRAMES))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def _judged(questionnaire: Questionnaire, wanted: Format) -> XForm:
    """What pyxform makes of it; without pyxform, all of it must be understood here."""
    if wanted is not Format.XML and find_spec("pyxform") is None:
        understood(questionnaire)
        return XForm("", ())
    return xform_as_written(questionnaire)


def questionnaires_in(folder: Path, wanted: Format) -> Iterator[Path]:
    """The files of a folder and of those in it that can be converted, in order.

    Workbooks that are open in a spreadsheet program leave a file behind that begins with
    ``~$``; these, hidden files, and YAML of other kinds are passed by.
    """
    suffixes = {
        Format.YAML: WORKBOOKS,
        Format.XLSX: TEXTS,
        Format.XML: (*WORKBOOKS, *TEXTS),
    }[wanted]
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith((".", "~$")) for part in path.relative_to(folder).parts)
        if hidden or path.suffix.casefold() not in suffixes or not path.is_file():
            continue
        if path.suffix.casefold() in TEXTS and not _is_questionnaire(path):
            continue
        yield path


def _is_questionnaire(path: Path) -> bool:
    """Whether a YAML file may be one; one that is too large to look at is said to be."""
    try:
        if path.stat().st_size > _LARGEST:
            return True
        return _QUESTIONNAIRE.search(path.read_bytes()) is not None
    except OSError as error:
        raise FileProblem(path.name, "the file cannot be read", "Check its folder") from error
