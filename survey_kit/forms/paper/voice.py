"""The voice of a sheet: labels, conditions and calculations in its language, with its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from survey_kit.forms.paper.numbering import Numbering
from survey_kit.forms.paper.rich import words
from survey_kit.forms.paper.sheet import Words
from survey_kit.questionnaire.direction import right_to_left
from survey_kit.questionnaire.expression import Expression
from survey_kit.questionnaire.model import Item, Question, Questionnaire, Texts
from survey_kit.questionnaire.phrases import Phrases, phrases_in
from survey_kit.questionnaire.sentence import (
    Naming,
    constraint_sentence,
    sentence,
    value_in_words,
)


@dataclass(frozen=True, eq=False)
class Voice:
    """Says the texts of one questionnaire in one language."""

    questionnaire: Questionnaire
    language: str
    numbering: Numbering

    @cached_property
    def phrases(self) -> Phrases:
        """The toolkit's own words."""
        return phrases_in(self.language, self.questionnaire.languages.get(self.language, ""))

    @cached_property
    def naming(self) -> Naming:
        """Questions by their numbers, choices in quotation marks."""
        return Naming(called=self.numbering.naming(self.phrases), choice="“{label}”")

    @cached_property
    def items(self) -> Mapping[int, Item]:
        """Items by the identity of their question."""
        return {id(item.question): item for item in self.questionnaire.items}

    @cached_property
    def shown(self) -> tuple[str, ...]:
        """Every text of the form as it is read in this language."""
        return tuple(self.questionnaire.text(each, self.language) for each in self._texts())

    @cached_property
    def right_to_left(self) -> bool:
        """Whether the language runs from right to left, as far as it is translated."""
        own = "".join(each.get(self.language, "") for each in self._texts())
        return right_to_left(self.language, own)

    @cached_property
    def arrow(self) -> str:
        """The sign for *go on with*, in the direction in which the page is read."""
        said = self.phrases("go_to", target="{target}")
        return said.replace("→", "←") if self.right_to_left else said

    def _texts(self) -> Iterator[Texts]:
        whole = self.questionnaire
        yield whole.title
        for item in whole.items:
            yield item.question.label
            yield item.question.hint
        for choices in whole.lists.values():
            for choice in choices.choices:
                yield choice.label

    def called(self, key: str) -> str:
        """The number of a question; empty where it has none."""
        return self.numbering.called(key, self.phrases)

    def words(self, texts: Texts) -> Words:
        """A text in the sheet's language, answers from before as blanks."""
        return words(self.questionnaire.text(texts, self.language), self.answer_to)

    def answer_to(self, name: str) -> str:
        """Where an answer inside a label comes from."""
        called = self.called(name)
        if not called:
            known = [self.called(each) for each in self._sources(name)]
            called = self.phrases("comma").join(known)
        return self.phrases("answer_to", question=called or name)

    def _sources(self, name: str) -> list[str]:
        """The questions with a number from which a calculation is made, through others too."""
        found: dict[str, bool] = {}
        waiting = [name]
        while waiting:
            each = waiting.pop()
            item = self.questionnaire.by_key.get(each)
            if each in found or item is None:
                continue
            found[each] = bool(self.called(each))
            if not found[each] and item.question.calculation is not None:
                waiting += item.question.calculation.answers
        return sorted(
            (each for each in found if found[each]), key=self.numbering.position.__getitem__
        )

    def said(self, expression: Expression, own: Question | None = None) -> str:
        """A condition inside a sentence."""
        text = sentence(
            expression,
            self.questionnaire,
            self.language,
            own=own,
            naming=self.naming,
            phrases=self.phrases,
        )
        return text[:1].lower() + text[1:] if text[1:2].islower() else text

    def value(self, expression: Expression) -> str:
        """What a calculation works out."""
        return value_in_words(
            expression,
            self.questionnaire,
            self.language,
            naming=self.naming,
            phrases=self.phrases,
        )

    def demand(self, constraint: Expression, own: Question) -> str:
        """What a constraint demands of the answer."""
        return constraint_sentence(
            constraint,
            self.questionnaire,
            self.language,
            own=own,
            naming=self.naming,
            phrases=self.phrases,
        )
