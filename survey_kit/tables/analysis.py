"""One study, ready to be tabulated: the value that themes, workbook and explorer are given.

Nobody above this line touches answers. A theme asks for a table and gets a protected one;
there is no other way to a number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.design.design import Design
from survey_kit.design.sample import Sample
from survey_kit.errors import ProtectionError, StudyError
from survey_kit.protection.classes import privacy_of
from survey_kit.protection.disclosure import Rules
from survey_kit.questionnaire.expression import Expression
from survey_kit.questionnaire.model import (
    Choice,
    ChoiceList,
    Privacy,
    Question,
    Questionnaire,
)
from survey_kit.questionnaire.parser import parse
from survey_kit.questionnaire.question_type import question_types
from survey_kit.questionnaire.sentence import sentence
from survey_kit.questionnaire.words import meant
from survey_kit.responses.evaluate import truth
from survey_kit.responses.model import Rows
from survey_kit.tables.columns import Uncertainty
from survey_kit.tables.crosstab import crosstab
from survey_kit.tables.exporter import Book
from survey_kit.tables.method import method_lines
from survey_kit.tables.protected import protect, show_nothing
from survey_kit.tables.table import Table
from survey_kit.tables.variables import Kind, Variable

_TYPES = {Kind.ONE: "select_one", Kind.MANY: "select_multiple", Kind.NUMBER: "decimal"}


@dataclass(frozen=True)
class _Answered:
    """The variables as the answers of a flat questionnaire, for filters."""

    questionnaire: Questionnaire
    frame: pd.DataFrame
    repeats: Mapping[str, Rows]


@dataclass(frozen=True, eq=False)
class Analysis:
    """One study: its sample, its variables, and the rules under which they may be shown.

    Parameters
    ----------
    sample
        Its data hold the columns of every variable (see `variables.analysis_frame`).
    simulated
        A notice for every table, such as "SIMULATED DATA"; "" for answers of people.
    data_hash
        SHA-256 of the analysed answers, for evidence.
    uncertainty
        "none": no intervals, letters or tests. "design": those of a probability sample.
        "modelled": as if the sample were one, and labelled so.
    level
        Of the intervals; letters and tests use the same.
    left_out
        Questions that are no variable, and why.
    classes
        The classes that the study states beyond the questionnaire's.
    banner
        Questions that head columns in the tables that the study publishes.
    """

    title: str
    questionnaire: Questionnaire
    sample: Sample
    variables: Mapping[str, Variable]
    rules: Rules = field(default_factory=Rules)
    language: str | None = None
    simulated: str = ""
    data_hash: str = ""
    uncertainty: Uncertainty = "none"
    level: float = 0.95
    left_out: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    classes: Mapping[str, Privacy] = field(default_factory=lambda: MappingProxyType({}))
    banner: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.sample)

    def variable(self, name: str) -> Variable:
        """A variable by its name.

        Raises
        ------
        ProtectionError
            If it is a question that identifies people.
        StudyError
            If there is none, or it cannot be tabulated.
        """
        if name in self.variables:
            return self.variables[name]
        item = self.questionnaire.by_key.get(name)
        if item is not None and privacy_of(item, self.classes) is Privacy.IDENTIFIER:
            raise ProtectionError(
                f"question '{name}'",
                "it identifies people, so it is in no table",
                "Where it does not, class it in the questionnaire or in the study: "
                "quasi, sensitive or plain",
            )
        if name in self.left_out:
            raise StudyError(
                f"variable '{name}'",
                f"it cannot be tabulated: {self.left_out[name]}",
                "Tabulate another, or derive one from it in the questionnaire",
            )
        raise StudyError(
            f"variable '{name}'",
            "there is no variable of this name",
            meant(name, self.variables, otherwise="Write a name as the questionnaire has it"),
        )

    def crosstab(
        self,
        row: str,
        by: Sequence[str] = (),
        *,
        where: str | None = None,
        name: str | None = None,
    ) -> Table:
        """A question by others, side by side. Always protected.

        Parameters
        ----------
        by
            Variables of the banner, each a group of columns beside the column of everyone.
        where
            Who counts: an expression over the variables, such as "${age} >= 18". Each
            filter is judged by itself: tables with different filters that are subtracted
            from each other are not guarded against yet, but for a filter that leaves out
            fewer than the smallest base.
        name
            Short and unique; made from the variables where None.

        Raises
        ------
        StudyError, ProtectionError
            As `variable`.
        ExpressionError
            If `where` cannot be read.
        """
        asked = self.variable(row)
        banner = [self.variable(each) for each in by]
        mask, words = (None, "") if where is None else self.domain(where)
        table = crosstab(
            self._sample,
            asked,
            banner,
            name=name or "_by_".join(dict.fromkeys((row, *by))).replace("/", "_"),
            where=mask,
            level=self.level,
            uncertainty=self.uncertainty,
            rules=self.rules,
        )
        table = replace(
            table, where=words, simulated=self.simulated, asked=asked.name, crossed=tuple(by)
        )
        if mask is not None and self._leaves_out_a_few(asked, mask):
            return show_nothing(
                table,
                self.rules,
                f"Nothing is shown: this filter leaves out fewer than {self.rules.smallest_base} "
                "people, whose answers would be the difference to the table without it.",
            )
        return protect(table, self.rules)

    def _leaves_out_a_few(self, asked: Variable, mask: NDArray[np.bool_]) -> bool:
        """Whether so few who answered are outside a filter that subtraction would show them."""
        answered = self.sample.data[asked.columns[0]].notna().to_numpy()
        return 0 < int((answered & ~mask).sum()) < self.rules.smallest_base

    def book(self, tables: Iterable[Table]) -> Book:
        """Tables with what is to be known of them, ready to be written."""
        return Book(self.title, tuple(tables), method_lines(self), self.simulated)

    def domain(self, where: str) -> tuple[NDArray[np.bool_], str]:
        """(n,) bool: for whom an expression over the variables holds; and it in words.

        Raises
        ------
        ExpressionError
            If it cannot be read.
        StudyError, ProtectionError
            If it names something that is no variable.
        """
        expression = parse(where, "filter")
        for answer in expression.answers:
            self.variable(answer)
        mask = truth(expression, self._answered(expression))
        return mask, sentence(expression, self._flat, self.language)

    @cached_property
    def _sample(self) -> Sample:
        """The sample; where no variance is asked for, one whose strata need not have any."""
        if self.uncertainty != "none":
            return self.sample
        design = self.sample.design
        return Sample(self.sample.data, Design(design.sampling, weight=design.weight))

    @cached_property
    def _flat(self) -> Questionnaire:
        """The variables as a questionnaire of their own, so that filters can be read on it."""
        code = self.language or self.questionnaire.language
        types = question_types()
        questions: list[Question] = []
        lists: dict[str, ChoiceList] = {}
        for variable in self.variables.values():
            kind = types[_TYPES[variable.kind]]
            lists[variable.name] = ChoiceList(
                variable.name,
                tuple(Choice(each, {code: variable.labels[each]}) for each in variable.codes),
            )
            questions.append(
                Question(
                    variable.name,
                    kind,
                    label={code: variable.label},
                    choices=variable.name if kind.takes_choices else None,
                )
            )
        return Questionnaire(
            name="variables",
            version="",
            title={},
            languages={code: code},
            nodes=tuple(questions),
            lists=MappingProxyType(lists),
        )

    def _answered(self, expression: Expression) -> _Answered:
        """The answers that an expression names, several codes joined again by spaces."""
        columns = {
            name: self._joined(self.variables[name])
            if self.variables[name].kind is Kind.MANY
            else self.sample.data[self.variables[name].columns[0]]
            for name in expression.answers
        }
        frame = pd.DataFrame(columns, index=self.sample.data.index)
        return _Answered(self._flat, frame, MappingProxyType({}))

    def _joined(self, variable: Variable) -> pd.Series:
        chosen = self.sample.data[list(variable.columns)].to_numpy(dtype=np.float64)
        distinct, numbers = np.unique(chosen == 1, axis=0, return_inverse=True)
        texts = [
            " ".join(code for code, here in zip(variable.codes, pattern, strict=True) if here)
            for pattern in distinct
        ]
        joined = pd.Series(np.array(texts, dtype=object)[numbers], self.sample.data.index)
        return joined.where(~np.isnan(chosen[:, 0])).astype("str")
