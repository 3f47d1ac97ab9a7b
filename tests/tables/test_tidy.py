"""A table as a long frame holds what the table holds."""

from __future__ import annotations

import pandas as pd

from survey_kit.tables.tidy import COLUMNS, tidy


def test_there_is_a_line_for_every_base_and_for_every_cell(analysis):
    table = analysis.crosstab("why", ["region"])

    frame = tidy(table)

    assert tuple(frame.columns) == COLUMNS
    assert len(frame) == len(table.columns) * (1 + len(table.rows))
    cells = frame[frame["statistic"] == "share"]
    flat = [cell for row in table.cells for cell in row]
    assert [None if pd.isna(n) else n for n in cells["n"]] == [cell.n for cell in flat]
    assert [None if pd.isna(v) else v for v in cells["value"]] == [cell.value for cell in flat]


def test_a_hidden_number_is_missing_and_its_status_says_why(analysis):
    frame = tidy(analysis.crosstab("why", ["region"]))

    hidden = frame[(frame["statistic"] == "share") & frame["value"].isna()]
    assert set(hidden["status"]) <= {
        "fewer than the threshold",
        "hidden to protect another cell",
    }
    assert len(hidden)
    assert hidden[["low", "high", "n"]].isna().all(axis=None)
