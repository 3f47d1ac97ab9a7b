"""The rows of a crosstab: what is estimated of which column of the data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from survey_kit.design.sample import Sample
from survey_kit.estimation.estimate import Estimate, estimate
from survey_kit.estimation.proportions import shares, shares_of_cases
from survey_kit.estimation.statistics.mean import MEAN
from survey_kit.tables.pairs import Mask
from survey_kit.tables.table import Row
from survey_kit.tables.variable import Kind, Variable


@dataclass(frozen=True)
class Rows:
    """The rows: what is estimated of which column, and what was put together."""

    variable: Variable
    column: str
    rows: tuple[Row, ...]

    def estimate(self, sample: Sample, by: str | None, where: Mask) -> Estimate:
        match self.variable.kind:
            case Kind.ONE:
                return shares(sample, self.column, by=by, where=where)
            case Kind.MANY:
                return shares_of_cases(sample, self.variable.columns, by=by, where=where)
            case Kind.NUMBER:
                groups = None if by is None else [by]
                return estimate(MEAN, sample, [self.column], by=groups, where=where)

    @property
    def names(self) -> tuple[str, ...]:
        """What an estimate calls each row."""
        match self.variable.kind:
            case Kind.ONE:
                return tuple(row.code for row in self.rows)
            case Kind.MANY:
                return self.variable.columns
            case Kind.NUMBER:
                return (self.column,)

    def count(self, sample: Sample) -> int:
        """How many numbers an estimate of one group has."""
        if self.variable.kind is Kind.ONE:
            return len(sample.levels(self.column).names)
        return len(self.names)

    def as_numbers(self, sample: Sample) -> tuple[Sample, Mapping[str, str]]:
        """For each name a column of numbers whose mean the row is, and the sample that holds it."""
        if self.variable.kind is not Kind.ONE:
            return sample, {name: name for name in self.names}
        levels = sample.levels(self.column)
        columns = {name: f"crosstab:is {name}" for name in self.names if name in levels.names}
        flags = {
            column: np.where(levels.codes < 0, np.nan, levels.codes == levels.names.index(name))
            for name, column in columns.items()
        }
        data = pd.concat([sample.data, pd.DataFrame(flags, index=sample.data.index)], axis=1)
        return replace(sample, data=data), columns
