"""Texts by language: each in a language that the questionnaire declares."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from survey_kit.questionnaire.words import meant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from survey_kit.questionnaire.faults import Faults
    from survey_kit.questionnaire.model import Place, Texts


class TextBuilder:
    """Checks texts against the declared languages; empty texts are left out."""

    def __init__(self, languages: Mapping[str, str], faults: Faults) -> None:
        self._languages = languages
        self._faults = faults

    def build(self, texts: Texts, place: Place, thing: str) -> Texts:
        """The texts that are not empty, in the order of the declared languages."""
        for code in texts:
            if code not in self._languages:
                known = ", ".join(self._languages)
                self._faults.add(
                    place,
                    thing,
                    f"the language '{code}' is not declared",
                    meant(
                        code,
                        self._languages,
                        otherwise=f"Add it under languages; there are {known}",
                    ),
                )
        return MappingProxyType({code: texts[code] for code in self._languages if texts.get(code)})

    def media(self, media: Mapping[str, Texts], place: Place, thing: str) -> Mapping[str, Texts]:
        """The files of each kind by language."""
        built = {
            kind: self.build(files, place, f"{thing}, {kind}") for kind, files in media.items()
        }
        return MappingProxyType({kind: files for kind, files in built.items() if files})
