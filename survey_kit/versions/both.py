"""The two forms side by side: what every comparison has to know of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from survey_kit.questionnaire.model import Item, Questionnaire, Texts
from survey_kit.questionnaire.question_type import Storage
from survey_kit.versions.condition import Names
from survey_kit.versions.matching import Matching
from survey_kit.versions.wording import Likeness, likeness

UNNAMED = "default"
"""The code of the language of a form that names none."""


@dataclass(frozen=True)
class TextChange:
    """One text that differs. `language` is its code in the new form, "" where there is one."""

    language: str
    old: str
    new: str
    likeness: Likeness


@dataclass(frozen=True)
class Both:
    """An old form and a new one, with their questions paired."""

    old: Questionnaire
    new: Questionnaire
    matching: Matching

    @cached_property
    def names_old(self) -> Names:
        """For comparing expressions of the old form."""
        renamed = self.matching.renamed
        one = frozenset(renamed.get(name, name) for name in _one_code(self.old))
        return Names(renamed=renamed, one_code=one)

    @cached_property
    def names_new(self) -> Names:
        """For comparing expressions of the new form."""
        return Names(one_code=_one_code(self.new))

    @cached_property
    def languages(self) -> tuple[tuple[str, str], ...]:
        """Codes of the languages that both forms have, in the old one and in the new one."""
        shared = [(code, code) for code in self.new.languages if code in self.old.languages]
        if not shared and UNNAMED in (self.old.language, self.new.language):
            return ((self.old.language, self.new.language),)
        return tuple(shared)

    def texts(self, old: Texts, new: Texts) -> Iterator[TextChange]:
        """The texts that differ, in the languages that both forms have."""
        for of_old, of_new in self.languages:
            before, after = self.renamed_in(old.get(of_old, "")), new.get(of_new, "")
            if before == after:
                continue
            language = "" if of_new == self.new.language else of_new
            yield TextChange(language, before, after, likeness(before, after))

    def renamed_in(self, text: str) -> str:
        """A text with the questions it refers to called by their new names."""
        if "${" not in text:
            return text
        for before, after in self.matching.renamed.items():
            text = text.replace(f"${{{before}}}", f"${{{after}}}")
        return text

    @cached_property
    def by_lists(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """(old list, new list) -> new keys of the questions that took one and now take the other."""
        found: dict[tuple[str, str], list[str]] = {}
        for pair in self.matching.pairs:
            lists = pair.old.question.choices, pair.new.question.choices
            if lists[0] is not None and lists[1] is not None:
                found.setdefault((lists[0], lists[1]), []).append(pair.new.key)
        return {lists: tuple(keys) for lists, keys in found.items()}


def _one_code(form: Questionnaire) -> frozenset[str]:
    """Names that belong to questions with one choice and to nothing else."""
    kinds: dict[str, bool] = {}
    for item in form.items:
        name, one = item.question.name, item.question.type.storage is Storage.CODE
        kinds[name] = kinds.get(name, True) and one
    return frozenset(name for name, one in kinds.items() if one)


def written(texts: Iterable[str]) -> str:
    """Names as a list in words."""
    return ", ".join(texts)


def holds_data(item: Item) -> bool:
    """Whether interviews hold an answer to it."""
    return item.question.type.storage is not Storage.NOTHING
