"""What the modelled intervals of a study assume, in the words of its readers.

The lines are those of `design.wording`, with the names of questions in place of columns.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from survey_kit.design.wording import assumptions, wording

if TYPE_CHECKING:
    from survey_kit.tables.analysis import Analysis

_OF_DESIGN = " (design)"
"""How a study calls a column of its design that is a question too."""
_MADE_BY_STEPS = "weight after steps"
"""The column of weights that a study has made itself: its method tells how."""


def assumed(analysis: Analysis) -> tuple[str, ...]:
    """The block that goes with modelled intervals, line by line; () where there are none."""
    design = analysis.sample.design
    if analysis.uncertainty != "modelled" or not wording(design.sampling, 0, "").assumption:
        return ()
    weight = "see Weighting" if design.weight == _MADE_BY_STEPS else design.weight
    clusters = tuple(called(analysis, column) for column in design.clusters)
    return assumptions(replace(design, cluster=clusters or None, weight=weight))


def called(analysis: Analysis, column: str) -> str:
    """What readers know a column of the design as: the label of its question, or its name."""
    variable = analysis.variables.get(question_of(column))
    return f"“{variable.label}”" if variable else question_of(column).replace("_", " ")


def question_of(column: str) -> str:
    """The question that a column of the design was made from."""
    return column.removesuffix(_OF_DESIGN)
