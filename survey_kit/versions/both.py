"""The two forms side by side: what every comparison has to know of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from survey_kit.questionnaire.model import (
    Choice,
    ChoiceList,
    Item,
    Question,
    Questionnaire,
    Texts,
)
from survey_kit.questionnaire.question_type import Storage
from survey_kit.questionnaire.table import Table
from survey_kit.versions.condition import Names
from survey_kit.versions.matching import Matching
from survey_kit.versions.wording import Likeness, likeness

_REFERENCE = re.compile(r"\$\{\s*([^{}\s]+)\s*\}")
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
class Taken:
    """A list that questions took before, and the one that they take now; None where unknown.

    `questions` are their keys in the new form.
    """

    names: tuple[str, str]
    old: ChoiceList | None
    new: ChoiceList | None
    questions: tuple[str, ...]


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
        renamed = self.matching.renamed
        if not renamed or "${" not in text:
            return text
        return _REFERENCE.sub(lambda found: f"${{{renamed.get(found[1], found[1])}}}", text)

    @cached_property
    def taken(self) -> tuple[Taken, ...]:
        """The lists from which questions of both forms take their choices."""
        found: dict[tuple[str, str], list[str]] = {}
        lists: dict[tuple[str, str], tuple[ChoiceList | None, ChoiceList | None]] = {}
        for pair in self.matching.pairs:
            names = source_of(pair.old.question), source_of(pair.new.question)
            if not names[0] or not names[1]:
                continue
            found.setdefault(names, []).append(pair.new.key)
            if names not in lists:
                lists[names] = (
                    _list(self.old, pair.old.question),
                    _list(self.new, pair.new.question),
                )
        return tuple(
            Taken(names, *lists[names], questions=tuple(keys)) for names, keys in found.items()
        )


def source_of(question: Question) -> str:
    """Where a question takes its choices from, in a word: a list, a file, another question; or ""."""
    source = question.choices or question.file or question.external_list or question.choices_from
    return f"{source or ''}{' or_other' if source and question.or_other else ''}"


def _list(form: Questionnaire, question: Question) -> ChoiceList | None:
    """The choices of a question; None where nothing here knows them."""
    if question.choices is not None and question.choices in form.lists:
        choices = form.lists[question.choices].choices
    elif question.file is not None:
        table = form.tables.get(question.file.rpartition(".")[0])
        if table is None:
            return None
        choices = _rows(table, question)
    else:
        return None
    if question.or_other and "other" not in {choice.code for choice in choices}:
        choices = (*choices, Choice("other"))
    return ChoiceList(source_of(question), choices)


def _rows(table: Table, question: Question) -> tuple[Choice, ...]:
    """The rows of a file as choices without labels: those are in one language, if in any."""
    said = dict(
        each.split("=", 1) for each in (question.parameters or "").split() if each.count("=") == 1
    )
    value = said.get("value", "name" if "name" in table.columns else "id")
    codes = dict.fromkeys(code for code in table.columns.get(value, ()) if code)
    return tuple(Choice(code, source=question.source) for code in codes)


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
