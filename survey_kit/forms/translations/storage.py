"""Where translations are kept once they are taken over: language files, or a new definition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from survey_kit.errors import UsageError
from survey_kit.forms.xlsform_writer import write_xlsform
from survey_kit.questionnaire.language_files import language_file_text, read_entries
from survey_kit.questionnaire.words import listed
from survey_kit.questionnaire.yaml_file import write_yaml

if TYPE_CHECKING:
    from pathlib import Path

    from survey_kit.forms.translations.returned import Merged
    from survey_kit.questionnaire.model import Questionnaire


def stored(
    merged: Merged, before: Questionnaire, definition: Path, out: Path | None
) -> tuple[Path, ...]:
    """Write what has changed; the files written.

    A language with a file of its own is written there. Without one, or where `out` is
    given, a whole new definition is written to `out`, with the translations in it.

    Raises
    ------
    UsageError
        If there is something to write and no place for it, or `out` would overwrite the
        definition.
    """
    after = merged.questionnaire
    if after == before:
        return ()
    if out is not None:
        return (_whole(after, definition, out),)
    touched = [
        code
        for code in after.languages
        if any(change.language == code and not change.is_problem for change in merged.changes)
    ]
    homeless = [code for code in touched if code not in after.language_files]
    if homeless:
        raise UsageError(
            definition.name,
            f"{listed(homeless)} stands in the definition itself, which is not written over",
            "Name a new definition with --out, or give the language a file of its own",
        )
    paths: list[Path] = []
    for code in touched:
        file = after.language_files[code]
        path = definition.parent / file
        aside = [each for each in read_entries(path, file) if each.obsolete]
        text = language_file_text(after, code, aside)
        if text != path.read_text(encoding="utf-8"):
            unfinished = path.with_name(f".{path.name}.part")
            unfinished.write_text(text, encoding="utf-8", newline="\n")
            unfinished.replace(path)
            paths.append(path)
    return tuple(paths)


def _whole(questionnaire: Questionnaire, definition: Path, out: Path) -> Path:
    if out.exists() and out.samefile(definition):
        raise UsageError(str(out), "this is the definition itself", "Name another file")
    match out.suffix.casefold():
        case ".yaml" | ".yml":
            write_yaml(questionnaire, out)
        case ".xlsx":
            write_xlsform(questionnaire, out)
        case suffix:
            raise UsageError(
                str(out),
                f"a definition is not written to a file ending in '{suffix}'",
                "Name a .yaml or an .xlsx file",
            )
    return out
