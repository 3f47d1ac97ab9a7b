"""All forms of a questionnaire, as files in a folder.

Every form is made in memory before the first is written; each is complete or not there at
all. What could not be made is said with its reason, and so is every file that has to be
uploaded with the form.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from survey_kit.errors import Fault, UsageError
from survey_kit.forms.attachments import Attachment, attachments, find_attachment
from survey_kit.forms.form import MadeFile, NotMade, forms
from survey_kit.forms.silence import silence
from survey_kit.questionnaire.build import fit_for_phones
from survey_kit.questionnaire.fielded import NO_RECORDING, fielded, needs_no_recording
from survey_kit.questionnaire.words import as_file_name, listed

if TYPE_CHECKING:
    from pathlib import Path

    from survey_kit.questionnaire.model import Questionnaire

_ON_A_PHONE = frozenset({"xlsform", "xform"})


@dataclass(frozen=True)
class Written:
    """A file that was written, what it is, and what its reader should know."""

    path: Path
    what: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Beside:
    """A file that has to be uploaded with the form, and where it is; None where it is missing."""

    attachment: Attachment
    found: Path | None


@dataclass(frozen=True)
class Built:
    """What a build made, what it could not make, and what belongs to the form beside."""

    files: tuple[Written, ...]
    not_made: tuple[NotMade, ...]
    beside: tuple[Beside, ...]


def build(
    questionnaire: Questionnaire,
    folder: Path,
    *,
    definition: Path | None = None,
    only: Sequence[str] = (),
    languages: Sequence[str] = (),
) -> Built:
    """Write the forms of a questionnaire into a folder.

    Parameters
    ----------
    definition
        The file that the questionnaire was read from; files of the form stand beside it.
    only
        Names of kinds of form; all where there are none.
    languages
        Codes of languages, for forms that have a file for each; all where there are none.

    Raises
    ------
    UsageError
        If there is no such kind of form, or no such language.
    DefinitionError
        If one of the forms cannot say what the questionnaire says; nothing is written then.
    """
    kinds = forms()
    _check(only, tuple(kinds), "kind of form", "The kinds are")
    _check(languages, tuple(questionnaire.languages), "language in the questionnaire", "It has")
    chosen = [kinds[name] for name in kinds if not only or name in only]
    if {each.name for each in chosen} & _ON_A_PHONE:
        fit_for_phones(questionnaire)
    spoken = tuple(code for code in questionnaire.languages if not languages or code in languages)
    outcomes = [each for kind in chosen for each in kind.make(questionnaire, spoken)]
    made = [each for each in outcomes if isinstance(each, MadeFile)]
    if needs_no_recording(questionnaire) and {each.name for each in chosen} & _ON_A_PHONE:
        made.append(_no_recording(questionnaire))
    if definition is not None:
        _check_not_over(definition, [folder / each.name for each in made])
    write_all({folder / each.name: each.content for each in made})
    return Built(
        files=tuple(Written(folder / each.name, each.what, each.notes) for each in made),
        not_made=tuple(each for each in outcomes if isinstance(each, NotMade)),
        beside=tuple(
            Beside(each, find_attachment(each.name, definition) if definition else None)
            for each in attachments(questionnaire)
        ),
    )


def build_forms(questionnaire: Questionnaire, folder: Path) -> tuple[Path, ...]:
    """Write ``<name>.xlsx`` (XLSForm) and ``<name>.xml`` (XForm); the paths of both.

    And behind them that of `NO_RECORDING`, where the forms name it.

    Raises
    ------
    DefinitionError
        If one of the forms cannot say what the questionnaire says.
    MissingExtra
        If pyxform is not installed.
    """
    from survey_kit.forms.xform import xform
    from survey_kit.forms.xlsform_writer import xlsform_bytes

    ready = fielded(fit_for_phones(questionnaire))
    stem = as_file_name(questionnaire.name)
    made = {
        folder / f"{stem}.xlsx": xlsform_bytes(ready),
        folder / f"{stem}.xml": xform(ready).xml.encode(),
    }
    if needs_no_recording(questionnaire):
        made[folder / NO_RECORDING] = silence()
    write_all(made)
    return tuple(made)


def _check_not_over(definition: Path, paths: Sequence[Path]) -> None:
    """Refuse to write a form over the file that it is made from."""
    for path in paths:
        if path.exists() and definition.exists() and path.samefile(definition):
            raise UsageError(
                str(path),
                "this form would be written over the definition that it is made from",
                "Name another folder with --out",
            )


def judge(built: Built) -> tuple[Fault, ...] | None:
    """What ODK Validate says of the XForm; None where it cannot be asked, for want of Java."""
    from survey_kit.forms.odk_validate import java_available, validate

    made = [each.path for each in built.files if each.path.suffix == ".xml"]
    if not made:
        return ()
    return validate(made) if java_available() else None


def _no_recording(questionnaire: Questionnaire) -> MadeFile:
    first = questionnaire.languages[questionnaire.language]
    why = (
        f"it stands in where another language has a recording and {first} has none: without it, "
        "no phone can change to that language"
    )
    return MadeFile(NO_RECORDING, silence(), "to be uploaded with the form", (why,))


def write_all(made: dict[Path, bytes]) -> None:
    """Write files, each complete or not there at all; none where there is no room for all."""
    unfinished: dict[Path, Path] = {}
    try:
        for path, content in made.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_name(f".{path.name}.part")
            unfinished[part] = path
            part.write_bytes(content)
        for part, path in unfinished.items():
            part.replace(path)
    finally:
        for part in unfinished:
            part.unlink(missing_ok=True)


def _check(asked: Sequence[str], known: tuple[str, ...], thing: str, remedy: str) -> None:
    for each in asked:
        if each not in known:
            raise UsageError(each, f"there is no such {thing}", f"{remedy} {listed(known)}")
