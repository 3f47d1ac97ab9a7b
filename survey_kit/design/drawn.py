"""What estimators need of a sample, whether it holds rows or sums of rows.

A `Sample` has one entry for each row. A `Cube` has one for each cell of each cluster, and
knows of the rows in it how many they are (`people`), what they weigh together (`weights`),
and the sum of the squares of their weights (`squared_weights`). Whatever takes a `Drawn`
computes the same numbers from either, by the same code.
"""

from __future__ import annotations

from typing import TypeAlias

from survey_kit.design.cube import Cube
from survey_kit.design.sample import Sample

Drawn: TypeAlias = Sample | Cube
