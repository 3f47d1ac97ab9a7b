"""The languages of a definition in YAML, and what is known of its translations.

    languages:
      en: English
      bn: {name: বাংলা, file: languages/bn.po}

A language is a name, or a name and the file beside the definition in which its texts are.
The first one stands in the definition itself: the others are translated from it. Of texts
that stand beside their questions, `translations` says how far they may be trusted::

    translations:
      bn:
        question/label:drivers: reviewed
        question/hint:drivers: {status: stale, source: What for?, by: A. B., on: 2026-08-01}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from survey_kit.questionnaire.raw import RawTranslation
from survey_kit.questionnaire.yaml_keys import LANGUAGE, TRANSLATION
from survey_kit.questionnaire.yaml_tree import Mapped, Scalar

if TYPE_CHECKING:
    from survey_kit.questionnaire.faults import Faults
    from survey_kit.questionnaire.model import Place
    from survey_kit.questionnaire.yaml_shapes import Shapes
    from survey_kit.questionnaire.yaml_tree import Entry


def read_languages(
    entry: Entry | None, shapes: Shapes
) -> tuple[dict[str, str], dict[str, tuple[str, Place]]]:
    """Code -> name, and code -> (file, place) of those that are kept in a file."""
    names: dict[str, str] = {}
    files: dict[str, tuple[str, Place]] = {}
    for code, each in shapes.free_block(entry, "languages").items():
        thing = f"language '{code}'"
        if not isinstance(each.value, Mapped):
            names[code] = shapes.text(each, thing)
            continue
        found = shapes.entry_block(each, thing, LANGUAGE)
        names[code] = shapes.text(found.get("name"), f"{thing}, name") or code
        if "file" in found:
            files[code] = (shapes.text(found["file"], f"{thing}, file"), found["file"].place)
    return {code: name for code, name in names.items() if name}, files


def read_translations(entry: Entry | None, shapes: Shapes) -> tuple[RawTranslation, ...]:
    """What is known of the translations that stand beside their questions."""
    return tuple(
        _translation(code, spot, each, shapes)
        for code, places in shapes.free_block(entry, "translations").items()
        for spot, each in shapes.free_block(places, f"translations, {code}").items()
    )


def note_cut_texts(texts: Mapped, thing: str, codes: tuple[str, ...], faults: Faults) -> None:
    """Note a key that is no language and has no text: ``{en: Husband, wife or partner}``.

    Between curly brackets YAML ends a text at its first comma, and would lose the rest.
    """
    for entry in texts.entries:
        empty = isinstance(entry.value, Scalar) and not entry.value.text.strip()
        if empty and entry.key not in codes:
            faults.add(
                entry.place,
                thing,
                f"'{entry.key}' stands here as a language, without a text",
                "Put a text with a comma into quotes, or take the key out",
            )


def _translation(code: str, spot: str, entry: Entry, shapes: Shapes) -> RawTranslation:
    thing = f"translations, {code}, {spot}"
    if not isinstance(entry.value, Mapped):
        return RawTranslation(code, spot, entry.place, status=shapes.text(entry, thing))
    found = shapes.entry_block(entry, thing, TRANSLATION)
    said = {key: shapes.text(each, f"{thing}, {key}") for key, each in found.items()}
    return RawTranslation(code, spot, entry.place, **said)
