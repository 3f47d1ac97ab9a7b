"""A claim: one sentence that a table supports, with the chart that shows it.

The sentence may say "more than" only where the test allows it; the evidence leads back
to the table, the data and the filter it was made from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from survey_kit.tables.table import Table


@dataclass(frozen=True)
class Evidence:
    """Where a claim comes from.

    `data_hash` is the SHA-256 of the analysed answers; `where` is the filter in words,
    empty where everyone counts.

    `sensitivity` says, line by line, how much the claim hangs on who happened to be asked, and
    `assumed` what its intervals assume; both are empty but for modelled intervals.
    """

    table: str
    data_hash: str
    where: str = ""
    sensitivity: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Claim:
    """One finding, ready to be told.

    name
        Short and unique in the study: "drivers.prevalence".
    theme
        Heading under which it is told.
    statement
        The sentence.
    caveat
        What a reader must know to read it rightly: base, limits, wording of the design.
    table
        The protected table it rests on.
    chart
        A Vega-Lite specification (a plain dict, from Altair), with only the numbers that
        the protected table shows; None where a table says it better.
    alternative
        The chart in words, for those who cannot see it.
    headline
        Whether it belongs into the summary.
    title
        A short heading; the table's title where it is "".
    """

    name: str
    theme: str
    statement: str
    caveat: str
    table: Table
    evidence: Evidence
    chart: Mapping[str, Any] | None = None
    alternative: str = ""
    headline: bool = False
    title: str = ""

    @property
    def heading(self) -> str:
        """What stands above it."""
        return self.title or self.table.title
