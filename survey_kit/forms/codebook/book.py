"""The codebook as a value: of every question what was asked, of whom, and how it is stored.

It is written for whoever opens the data without having seen the form: conditions and rules
are sentences, codes have their labels in every language, and each question says in which
columns of an export its answers stand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from survey_kit.forms.paper.numbering import Numbering, is_printed, number
from survey_kit.questionnaire.expression import Expression, Operation
from survey_kit.questionnaire.expression import Node as Tree
from survey_kit.questionnaire.model import (
    Choice,
    Derived,
    Item,
    Missing,
    Node,
    Question,
    Questionnaire,
    Texts,
)
from survey_kit.questionnaire.phrases import ENGLISH, Phrases, phrases_in
from survey_kit.questionnaire.question_type import Storage
from survey_kit.questionnaire.sentence import (
    Naming,
    constraint_sentence,
    plain_label,
    sentence,
    value_in_words,
)
from survey_kit.questionnaire.translation import Status
from survey_kit.questionnaire.yaml_writer import plain

MEANING = {
    Missing.REFUSED: "refused: no answer to the question",
    Missing.DONT_KNOW: "does not know: no answer to the question",
}
PRIVACY_UNKNOWN = "not classed"
_LONGEST_SPSS, _LONGEST_STATA = 64, 28
_LONGEST_LABEL = 50
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,8})")
_YES = ("yes", "true()", "true", "1")


@dataclass(frozen=True)
class Code:
    """A choice: its code, its number in SPSS and Stata, its labels, and what it means."""

    code: str
    number: int
    label: Texts
    meaning: str


@dataclass(frozen=True)
class Column:
    """A column of an export: in which kinds of file, its name, and what is in it."""

    files: str
    name: str
    holds: str


@dataclass(frozen=True)
class Entry:
    """One question. `paper` is its number on paper; empty where it is not asked there."""

    key: str
    paper: str
    kind: str
    parts: tuple[str, ...]
    table: str
    label: Texts
    hint: Texts
    asked: str
    rule: str
    required: str
    worked_out: str
    offered: str
    list: str
    codes: tuple[Code, ...]
    privacy: str
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class DerivedEntry:
    """A variable that is worked out from answers: its base and its cases in words."""

    name: str
    label: Texts
    base: str
    cases: tuple[tuple[str, Texts, str], ...]
    privacy: str


@dataclass(frozen=True)
class Book:
    """The codebook of one version of a questionnaire.

    `content` is a hash of its definition. `drafts` are the languages with texts that no
    speaker has checked.
    """

    name: str
    version: str
    title: Texts
    languages: Mapping[str, str]
    content: str
    entries: tuple[Entry, ...]
    derived: tuple[DerivedEntry, ...]
    lists: Mapping[str, tuple[Code, ...]]
    used_by: Mapping[str, tuple[str, ...]]
    drafts: tuple[str, ...] = ()

    def spoken(self, code: str) -> str:
        """The name of a language, and whether it is a draft."""
        return f"{self.languages[code]}{' (draft)' if code in self.drafts else ''}"


def codebook(questionnaire: Questionnaire) -> Book:
    """The codebook of a questionnaire; its sentences are English, with the labels of the default language."""
    return _Writer(questionnaire, number(questionnaire)).book()


@dataclass(frozen=True, eq=False)
class _Writer:
    questionnaire: Questionnaire
    numbering: Numbering

    @cached_property
    def naming(self) -> Naming:
        """Every question by its label and its name."""
        whole = self.questionnaire
        called: dict[str, str] = {}
        for item in whole.items:
            label = plain_label(whole.text(item.question.label), _LONGEST_LABEL)
            called[item.key] = f"“{label}” ({item.key})" if label else item.key
        return Naming(called=called, choice="“{label}”")

    @cached_property
    def phrases(self) -> Phrases:
        """The words around labels: the codebook is in English."""
        return phrases_in(ENGLISH)

    def book(self) -> Book:
        whole = self.questionnaire
        used: dict[str, tuple[str, ...]] = {}
        for item in whole.items:
            name = item.question.choices
            if name is not None and name in whole.lists:
                used[name] = (*used.get(name, ()), item.key)
        return Book(
            name=whole.name,
            version=whole.version,
            title=whole.title,
            languages=whole.languages,
            content=_content(whole),
            entries=tuple(self._entry(item) for item in whole.items if _is_stored(item)),
            derived=tuple(self._derived(each) for each in whole.derived),
            lists={name: codes_of(choices.choices) for name, choices in whole.lists.items()},
            used_by=used,
            drafts=tuple(
                code
                for code, texts in whole.translations.items()
                if any(each.status is not Status.REVIEWED for each in texts.values())
            ),
        )

    def _entry(self, item: Item) -> Entry:
        question, whole = item.question, self.questionnaire
        own = question.relevant
        conditions = item.gates if own is None else (*item.gates, own)
        rule = (
            constraint_sentence(question.constraint, whole, own=question, naming=self.naming)
            if question.constraint is not None
            else ""
        )
        codes = codes_of(whole.choices(question))
        paper = self.numbering.called(item.key, self.phrases)
        return Entry(
            key=item.key,
            paper=paper if is_printed(question) or paper else "",
            kind=question.type.name,
            parts=tuple(self._parts(item)),
            table=item.repeats[-1] if item.repeats else "",
            label=question.label,
            hint=question.hint,
            asked=self._asked(item, conditions),
            rule=rule,
            required=self._required(question.required),
            worked_out=(
                value_in_words(question.calculation, whole, naming=self.naming)
                if question.calculation is not None
                else ""
            ),
            offered=(
                sentence(question.choice_filter, whole, own=question, naming=self.naming)
                if question.choice_filter is not None
                else ""
            ),
            list=question.choices or question.file or question.external_list or "",
            codes=codes,
            privacy=question.privacy.value if question.privacy is not None else PRIVACY_UNKNOWN,
            columns=tuple(_columns(item, codes)),
        )

    def _parts(self, item: Item) -> Iterator[str]:
        """The labels of the groups around a question; the name where there is no label."""
        labels = _labels(self.questionnaire)
        for depth in range(1, len(item.path) + 1):
            path = item.path[:depth]
            label = self.questionnaire.text(labels.get(path, {}))
            if label or depth == 1:
                yield plain_label(label, 60) or path[-1]

    def _asked(self, item: Item, conditions: Sequence[Expression]) -> str:
        said = list(
            dict.fromkeys(
                sentence(part, self.questionnaire, naming=self.naming)
                for condition in conditions
                for part in _conjuncts(condition)
            )
        )
        whom = "Everyone" if not said else "If " + self.phrases("clause_and").join(said)
        if not item.question.type.asked or item.question.calculation is not None:
            whom = "Filled in by the form" + (f", {whom[:1].lower()}{whom[1:]}" if said else "")
        for name in item.repeats:
            repeat = self.questionnaire.repeats[name][0]
            label = plain_label(self.questionnaire.text(repeat.label), 60) or name
            whom += f"; {self.phrases('for_each', subject=f'“{label}”')}"
        return f"{whom}."

    def _required(self, required: Expression | None) -> str:
        if required is None:
            return "no"
        if required.source.strip().casefold() in _YES:
            return "yes"
        return f"if {sentence(required, self.questionnaire, naming=self.naming)}"

    def _derived(self, each: Derived) -> DerivedEntry:
        whole = self.questionnaire
        base = (
            sentence(each.base, whole, naming=self.naming) if each.base is not None else "Everyone"
        )
        return DerivedEntry(
            name=each.name,
            label=each.label,
            base=base,
            cases=tuple(
                (case.code, case.label, sentence(case.when, whole, naming=self.naming))
                for case in each.cases
            ),
            privacy=each.privacy.value if each.privacy is not None else PRIVACY_UNKNOWN,
        )


def codes_of(choices: Sequence[Choice]) -> tuple[Code, ...]:
    """Choices with their numbers: the code itself where all are whole numbers, else the place."""
    whole = bool(choices) and all(_WHOLE.fullmatch(choice.code) for choice in choices)
    return tuple(
        Code(
            choice.code,
            int(choice.code) if whole else place,
            choice.label,
            MEANING[choice.missing] if choice.missing is not None else "",
        )
        for place, choice in enumerate(choices, start=1)
    )


def _content(questionnaire: Questionnaire) -> str:
    """A short hash of everything that a questionnaire says."""
    said = json.dumps(plain(questionnaire), ensure_ascii=False)
    return sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def legal(name: str, longest: int) -> str:
    """A name as a statistical package takes it; a second one of that name gets a number there.

    >>> legal("group/age", 64), legal("2nd", 64)
    ('group_age', 'v2nd')
    """
    plain = re.sub(r"[^0-9A-Za-z_]", "_", name)
    return (plain if re.match(r"[A-Za-z]", plain) else f"v{plain}")[:longest]


def _columns(item: Item, codes: Sequence[Code]) -> Iterator[Column]:
    storage = item.question.type.storage
    told = {
        Storage.CODE: "the code",
        Storage.CODES: "the codes, with spaces between, in the order of choosing",
        Storage.FILE: "the name of the file",
    }
    yield Column("csv, parquet", item.key, told.get(storage, storage.value))
    if storage is Storage.CODES and codes:
        ranked = item.question.type.name == "rank"
        holds = "its place from 1" if ranked else "1 chosen, 0 not chosen"
        for code in codes:
            yield from _packages(f"{item.key}_{code.code}", f"{holds}: {code.code}")
        return
    numbered = "the number of the code, with its label" if storage is Storage.CODE else ""
    yield from _packages(item.key, numbered or told.get(storage, storage.value))


def _packages(name: str, holds: str) -> Iterator[Column]:
    spss, stata = legal(name, _LONGEST_SPSS), legal(name, _LONGEST_STATA)
    if spss == stata:
        yield Column("sav, dta", spss, holds)
    else:
        yield Column("sav", spss, holds)
        yield Column("dta", stata, holds)


def _is_stored(item: Item) -> bool:
    return item.question.type.storage is not Storage.NOTHING


def _conjuncts(condition: Expression) -> list[Expression]:
    """What must hold all together, each once."""
    parts: list[Expression] = []
    waiting: list[Tree] = [condition.tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Operation) and node.operator == "and":
            waiting += (node.right, node.left)
        else:
            parts.append(Expression(condition.source, node))
    return parts


def _labels(questionnaire: Questionnaire) -> dict[tuple[str, ...], Texts]:
    """The label of every group and repeat by its path."""
    found: dict[tuple[str, ...], Texts] = {}
    waiting: list[tuple[tuple[str, ...], tuple[Node, ...]]] = [((), questionnaire.nodes)]
    while waiting:
        path, nodes = waiting.pop()
        for node in nodes:
            if not isinstance(node, Question):
                found[*path, node.name] = node.label
                waiting.append(((*path, node.name), node.nodes))
    return found
