"""How much a claim hangs on who happened to be asked: lines that stand with its evidence.

Where people were not drawn by chance and modelled intervals were asked for, a share comes
with what it would be without one site at a time, and a difference with the selection that
would undo it. Neither is part of the sentence: they are for whoever weighs it.

What is told is made of what the protected table shows. Only two things come from answers
besides: the range over sites, which `protection/without_one.py` lets pass or not, and the
standard error of a difference, rounded up to half a point.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import ceil, nan

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.design.stage import sums_by
from survey_kit.design.wording import wording
from survey_kit.estimation.proportions import shares_of_cases
from survey_kit.estimation.selection_effect import SelectionEffect, selection_effect
from survey_kit.findings import reading
from survey_kit.findings.wording import quoted
from survey_kit.protection.without_one import Range, Sites, range_that_may_be_shown
from survey_kit.tables.analysis import Analysis
from survey_kit.tables.assumed import assumed, called, question_of
from survey_kit.tables.table import Column, Table
from survey_kit.tables.texts import whole_percent
from survey_kit.tables.variable import Kind

_ANSWER, _GROUP = "sensitivity:answer", "sensitivity:group"
_HALF_POINT = 0.005


@dataclass(frozen=True)
class Sensitivity:
    """The lines for the claims of one study."""

    analysis: Analysis

    @property
    def assumed(self) -> tuple[str, ...]:
        """What the intervals assume, line by line; () where none are modelled."""
        return assumed(self.analysis)

    def of_share(self, table: Table, row: int) -> tuple[str, ...]:
        """Between what the share of everybody lies without one site at a time.

        () where it may not be told, where there are no sites, and where everybody has a
        table by site to read.
        """
        if not self._told_of(table) or not reading.is_shown(table.cells[row][0]):
            return ()
        clusters = self.analysis.sample.design.clusters
        if not clusters or self._published(clusters[0]):
            return ()
        answers = self._answers(table, row)
        if answers is None:
            return ()
        told = range_that_may_be_shown(self._sites(clusters[0], answers), self.analysis.rules)
        if told is None:
            return ()
        label = quoted(table.rows[row].label)
        return (f"{label}: {without_one(called(self.analysis, clusters[0]), told)}",)

    def of_difference(
        self, table: Table, row: int, subject: str, among: Callable[[Column], str]
    ) -> tuple[str, ...]:
        """What selection would undo the difference that the claim is about.

        That is the clearest one the test finds, or that of the highest and the lowest column.
        """
        pair = clearest(table, row) if self._told_of(table) else None
        answers = None if pair is None else self._answers(table, row)
        groups = None if pair is None else self._groups(table, pair)
        if pair is None or answers is None or groups is None:
            return ()
        sample = self.analysis.sample
        data = sample.data.assign(**{_ANSWER: answers, _GROUP: groups})
        found = shares_of_cases(
            replace(sample, data=data),
            [_ANSWER],
            by=_GROUP,
        )
        high, low = (found.names.index((code, _ANSWER)) for code in ("high", "low"))
        shown = found.value.copy()
        for place, column in ((high, pair[0]), (low, pair[1])):
            shown[place] = table.cells[row][column].value
        v = found.covariance
        error = float(np.sqrt(max(v[high, high] + v[low, low] - 2 * v[high, low], 0.0)))
        if not error > 0:
            return ()
        coarse = v * (ceil(error / _HALF_POINT - 1e-9) * _HALF_POINT / error) ** 2
        effect = selection_effect(
            replace(found, value=shown, covariance=coarse).modelled,
            ("high", _ANSWER),
            ("low", _ANSWER),
            level=table.level,
        )
        first, second = (among(table.columns[column]) for column in pair)
        found_by_test = bool(reading.higher_than(table, row, pair))
        return (_in_words(effect, f"{subject}, {first} less {second}", found_by_test),)

    def _told_of(self, table: Table) -> bool:
        """Whether modelled intervals were asked for, of a table of one question without a filter."""
        design = self.analysis.sample.design
        modelled = self.analysis.uncertainty == "modelled"
        exploratory = bool(wording(design.sampling, 0, "").comparison)
        return modelled and exploratory and bool(table.asked) and not table.where

    def _published(self, cluster: str) -> bool:
        return question_of(cluster) in self.analysis.banner

    def _answers(self, table: Table, row: int) -> NDArray[np.float64] | None:
        """(n,) 1 for who gave the answer of a row, 0 for who did not, NaN outside the base."""
        variable = self.analysis.variables.get(table.asked)
        codes = table.rows[row].code.split(" ")
        if variable is None or variable.kind is Kind.NUMBER or not set(codes) <= {*variable.codes}:
            return None
        if variable.kind is Kind.MANY:
            column = variable.columns[variable.codes.index(codes[0])]
            return self.analysis.sample.data[column].to_numpy(dtype=np.float64)
        given = self.analysis.sample.data[variable.columns[0]]
        gave = given.isin(codes).to_numpy(dtype=np.float64)
        return np.where(given.isna().to_numpy(), np.nan, gave)

    def _groups(self, table: Table, pair: tuple[int, int]) -> pd.Series | None:
        """(n,) "high" and "low" for the people of two columns, none for others."""
        columns = [table.columns[place] for place in pair]
        for name in table.crossed:
            variable = self.analysis.variables[name]
            codes = [set(column.code.split(" ")) for column in columns]
            titles = {variable.label, f"{variable.label} ({name})"}
            if variable.kind is not Kind.ONE or columns[0].group not in titles:
                continue
            if not all(each <= {*variable.codes} for each in codes):
                continue
            given = self.analysis.sample.data[variable.columns[0]].astype("object")
            named = {
                code: key for each, key in zip(codes, ("high", "low"), strict=True) for code in each
            }
            return given.map(named)
        return None

    def _sites(self, cluster: str, answers: NDArray[np.float64]) -> Sites:
        sample = self.analysis.sample
        site, size = sample.levels(cluster).codes, len(sample.levels(cluster).names)
        asked, weights = ~np.isnan(answers), sample.weights
        gave = asked & (answers == 1)
        heaviest = np.zeros(size)
        np.maximum.at(heaviest, site[asked], weights[asked])
        return Sites(
            chosen=sums_by(site[gave], weights[gave], size),
            asked=sums_by(site[asked], weights[asked], size),
            people=np.bincount(site[asked], minlength=size),
            heaviest=heaviest,
            groupings=self._groupings(site, size),
        )

    def _groupings(self, site: NDArray[np.intp], size: int) -> tuple[NDArray[np.intp], ...]:
        """Groups of sites that tables may have: the strata, and answers that all of a site share."""
        sample = self.analysis.sample
        columns = [
            sample.levels(variable.columns[0]).codes
            for variable in self.analysis.variables.values()
            if variable.kind is Kind.ONE
        ]
        found: dict[bytes, NDArray[np.intp]] = {}
        for codes in (sample.strata, *columns):
            group = np.zeros(size, dtype=np.intp)
            group[site] = codes
            if (group[site] == codes).all() and 1 < len(np.unique(group)) < size:
                found[group.tobytes()] = group
        return tuple(found.values())


def without_one(site: str, told: Range) -> str:
    """The range in words.

    >>> without_one("site", Range(0.66, 0.72, 0.03))
    'leaving out one site at a time: from 66 to 72 % (rounded outwards to multiples of 3 %).'
    """
    step = whole_percent(told.step)
    rounded = "whole per cent" if step == 1 else f"multiples of {step} %"
    return (
        f"leaving out one {site} at a time: from {whole_percent(told.low)} to "
        f"{whole_percent(told.high)} % (rounded outwards to {rounded})."
    )


def _in_words(effect: SelectionEffect, what: str, found_by_test: bool) -> str:
    """The line of a difference, in whole points; of its interval nothing that the test denies."""
    at_once = effect.interval_holds_none == 1
    holds_none = at_once and not found_by_test
    detectable = ceil(100 * effect.detectable - 1e-9) / 100
    held = effect.interval_holds_none if found_by_test and not at_once else nan
    told = replace(effect, what=what, detectable=detectable, interval_holds_none=held)
    also = " The modelled interval of the difference holds 0." if holds_none else ""
    said = told.sentence.replace(".0 points", " points").replace("+1 points", "+1 point")
    return f"{said}{also}"


def clearest(table: Table, row: int) -> tuple[int, int] | None:
    """The two columns that a claim on a difference is about, the higher first.

    Those of a difference that the test finds, the largest; otherwise the highest and the
    lowest of those compared. None where fewer than two were compared.
    """
    shown = [j for j in reading.columns_of(table) if reading.is_shown(table.cells[row][j])]
    tested = reading.compared(table, shown, row)
    if not tested:
        return None

    def value(column: int) -> float:
        return table.cells[row][column].value or 0.0

    higher = reading.higher_than(table, row, tested)
    if higher:
        first, lower = next(iter(higher.items()))
        return first, min(lower, key=value)
    highest, lowest = max(tested, key=value), min(tested, key=value)
    return (highest, lowest) if highest != lowest else None
