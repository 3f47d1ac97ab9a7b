"""The columns that formulaic makes of a formula and data, each formula read once.

What stands in ``C(...)`` alone, and a column of text or categories, is handed to formulaic as
the codes of its categories, so that it neither runs Python for it nor makes a table of pandas
for each. Which columns there are, what they are called and which category is left out is for
formulaic to say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib import import_module
from typing import Any

import numpy as np
import pandas as pd

from survey_kit.errors import EstimationError
from survey_kit.estimation.models.spline import spline_functions
from survey_kit.estimation.statistic import Floats

CATEGORIES = re.compile(r"C\((\w+)\)")
KEPT = 256
"""How many formulas are remembered."""


@lru_cache(KEPT)
def read(text: str) -> Any:
    """A formula of formulaic, in which ``C(column)`` is looked up and not run."""
    formula: Any = import_module("formulaic.formula")
    types: Any = import_module("formulaic.parser.types")
    found = formula.Formula(text)
    if not isinstance(found, formula.SimpleFormula):
        return found

    def looked_up(factor: Any) -> Any:
        alone = CATEGORIES.fullmatch(factor.expr)
        return types.Factor(factor.expr, eval_method="lookup") if alone else factor

    return formula.SimpleFormula(
        [types.Term([looked_up(each) for each in term.factors], term.origin) for term in found]
    )


def model_matrix(text: str, data: pd.DataFrame, said: str) -> tuple[Floats, Any]:
    """(rows, k) the columns of a formula whose names are plain words, and how they were made.

    Parameters
    ----------
    said
        The formula as it was given, for messages.

    Raises
    ------
    EstimationError
        If the formula computes with text, or a function is used as it cannot be.
    """
    failed: Any = import_module("formulaic.errors").FormulaicError
    try:
        formula = read(text)
        frame, known = _handed(formula, data)
        maker = _materializer()(frame, context=known)
        made: Any = maker.get_model_matrix(formula, na_action="ignore", output="numpy")
    except (failed, TypeError) as error:
        _check_dates(data, said)
        raise EstimationError(
            f"formula '{said}'",
            "it cannot be computed from these columns",
            "Look for arithmetic with text, or a function that lacks something it needs.",
        ) from error
    return np.asarray(made, dtype=np.float64), made.model_spec


def _check_dates(data: pd.DataFrame, said: str) -> None:
    """Refuse a date where a number is computed with."""
    for name in data.columns:
        if pd.api.types.is_datetime64_any_dtype(data[name]):
            raise EstimationError(
                f"formula '{said}'",
                f"'{name}' holds dates, and a formula computes with numbers",
                "Make it days since a date first, or C(...) for categories.",
            )


def again(spec: Any, data: pd.DataFrame) -> Floats:
    """(rows, k) The same columns of other data, coded as the first ones were."""
    frame, known = _handed(spec.formula, data)
    made: Any = _materializer()(frame, context=known).get_model_matrix(spec, na_action="raise")
    return np.asarray(made, dtype=np.float64)


@cache
def _materializer() -> Any:
    """That of formulaic for pandas, but its columns are put one after the other as floats."""
    pandas: Any = import_module("formulaic.materializers.pandas")

    class Columns(pandas.PandasMaterializer):
        REGISTER_NAME = "columns of survey_kit"
        REGISTER_INPUTS = ()
        REGISTER_OUTPUTS = ("numpy",)

        @pandas.override
        def _combine_columns(
            self,
            cols: Sequence[tuple[str, Any]],
            spec: Any,  # noqa: ARG002 - floats are all that there is
            drop_rows: Sequence[int],
        ) -> Floats:
            made = np.empty((len(self.data) - len(drop_rows), len(cols)), order="F")
            for at, (_, values) in enumerate(cols):
                made[:, at] = values
            return made

    return Columns


def _handed(formula: Any, data: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, Any]]:
    """The data that factors are computed from, and what else they may look up or call."""
    values: Any = import_module("formulaic.materializers.types").FactorValues
    factors = [factor for term in formula for factor in getattr(term, "factors", ())]
    coded: dict[str, Any] = {}
    computed: set[str] = set()
    for factor in factors:
        if factor.eval_method.value == "python":
            computed |= {str(each) for each in factor.required_variables}
    for factor in factors:
        alone = CATEGORIES.fullmatch(factor.expr)
        name = alone[1] if alone else factor.expr
        if factor.eval_method.value != "lookup" or name not in data:
            continue
        if alone or (name not in computed and _of_categories(data[name])):
            coded[factor.expr] = values(
                data[name], kind="categorical", spans_intercept=True, encoder=_coded
            )
    twice = [name for name in coded if name in data]
    return data.drop(columns=twice) if twice else data, {**spline_functions(), **coded}


def _of_categories(series: pd.Series) -> bool:
    return isinstance(series.dtype, pd.CategoricalDtype) or series.dtype == "str"


def _coded(
    values: Any,
    reduced_rank: bool,
    drop_rows: Sequence[int],
    encoder_state: dict[str, Any],
    model_spec: Any,
) -> Any:
    """The columns of a column of categories, as formulaic calls for them.

    Parameters
    ----------
    reduced_rank
        Whether one category is left out.
    drop_rows
        None: nothing is missing.
    encoder_state
        What is remembered of it, for other data.
    """
    contrasts: Any = import_module("formulaic.transforms.contrasts")
    series: pd.Series = values.__wrapped__
    levels: list[Any] | None = encoder_state.get("categories")
    if levels is None:
        given = pd.Categorical(series)
        levels, codes = list(given.categories), np.asarray(given.codes)
    else:
        codes = pd.Index(levels).get_indexer(pd.Index(series))
    if drop_rows or (codes < 0).any():
        return contrasts.C(series).__formulaic_metadata__.encoder(
            series, reduced_rank, drop_rows, encoder_state, model_spec
        )
    treatment = contrasts.TreatmentContrasts()
    encoder_state["categories"] = levels
    encoder_state["contrasts"] = contrasts.ContrastsState(treatment, levels)
    dummies = codes[:, None] == np.arange(len(levels))
    return treatment.apply(dummies, levels=levels, reduced_rank=reduced_rank, output="numpy")
