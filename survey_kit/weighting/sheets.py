"""The weighting of a sample as tables for the sheets of a workbook.

Plain frames in the order of reading, without a format: whoever writes the workbook knows
how its numbers look.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from survey_kit.weighting.chain import Weighted
from survey_kit.weighting.step_report import StepReport

QUANTILES = (0.0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1.0)


def sheets(weighted: Weighted) -> Mapping[str, pd.DataFrame]:
    """Name of a sheet -> its table.

    Returns
    -------
    mapping
        "Weighting": a row a step. "Margins", "Totals", "Non-response": a row for each
        category, column of numbers, and cell, by step; left out if there are none.
        "Weights": quantiles of the weights over their mean, by step. "Notes": what the
        standard errors count, and what a reader should know.
    """
    reports = weighted.reports
    found = {
        "Weighting": weighted.frame,
        "Margins": _stacked(reports, [each.margins for each in reports]),
        "Totals": _stacked(reports, [each.totals for each in reports]),
        "Non-response": _stacked(reports, [each.cells for each in reports]),
        "Weights": spread(weighted),
        "Notes": pd.DataFrame(
            [(0, weighted.variance)] + [(r.number, note) for r in reports for note in r.notes],
            columns=["step", "note"],
        ),
    }
    return {name: table for name, table in found.items() if len(table)}


def spread(weighted: Weighted) -> pd.DataFrame:
    """One row for the weights at first and after each step: quantiles, over their mean."""
    rows: list[dict[str, float]] = []
    for number, name in enumerate(weighted.weights.columns):
        weights = weighted.weights[name].to_numpy(dtype=np.float64)
        held = weights[weights > 0]
        quantiles = np.quantile(held / held.mean(), QUANTILES)
        shown = {f"p{100 * q:g}": float(v) for q, v in zip(QUANTILES, quantiles, strict=True)}
        rows.append({"step": number, "n": len(held)} | shown)
    return pd.DataFrame(rows)


def _stacked(reports: tuple[StepReport, ...], parts: list[pd.DataFrame]) -> pd.DataFrame:
    numbered = [
        part.assign(step=report.number)[["step", *part.columns]]
        for report, part in zip(reports, parts, strict=True)
        if len(part)
    ]
    return pd.concat(numbered, ignore_index=True) if numbered else pd.DataFrame()
