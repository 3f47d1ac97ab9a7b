"""Protected tables made by hand, as `Analysis.crosstab` hands them out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from survey_kit.tables.table import (
    Base,
    Cell,
    Column,
    Comparison,
    Row,
    Status,
    Table,
    Unit,
)


def share(value: float, n: int, letters: str = "", status: Status = Status.SHOWN) -> Cell:
    return Cell(value, max(value - 0.04, 0.0), min(value + 0.04, 1.0), n, letters, status)


HIDDEN = Cell(None, status=Status.TOO_FEW)
COMPLEMENT = Cell(None, status=Status.COMPLEMENT)


@pytest.fixture
def reasons() -> Table:
    """Reasons of 604 respondents; one answer is hidden, one rests on few people."""
    return Table(
        name="drivers",
        title="Reasons for leaving",
        question="Why did you leave?",
        base="Everyone interviewed",
        rows=(
            Row("Work or income", Unit.SHARE, "economic"),
            Row("Violence", Unit.SHARE, "violence"),
            Row("Family", Unit.SHARE, "family"),
            Row("Another reason", Unit.SHARE, "other"),
        ),
        columns=(Column("", "All", "", Base(604, 604.0, 604.0)),),
        cells=((share(0.5, 302),), (share(0.62, 374),), (share(0.15, 92),), (HIDDEN,)),
        design="Purposive sample of 604 respondents in 4 countries.",
        interval="modelled interval",
        protected=True,
        simulated="SIMULATED DATA",
    )


@pytest.fixture
def by_country() -> Table:
    """Two answers in four countries: letters say who is higher; one country is hidden."""
    bases = {"Bangladesh": 200, "Indonesia": 180, "Malaysia": 190, "Thailand": 34}
    total = Column("", "All", "", Base(604, 604.0, 604.0))
    countries = [
        Column("Country", label, letter, Base(n, float(n), float(n)), code=label.lower())
        for letter, (label, n) in zip("ABCD", bases.items(), strict=True)
    ]
    return Table(
        name="drivers_by_country",
        title="Reasons by country",
        question="Why did you leave?",
        base="Everyone interviewed",
        rows=(
            Row("Work or income", Unit.SHARE, "economic"),
            Row("Violence", Unit.SHARE, "violence"),
        ),
        columns=(total, *countries),
        cells=(
            (share(0.5, 302), share(0.7, 140, "BC"), share(0.5, 90), share(0.42, 80), HIDDEN),
            (share(0.3, 181), share(0.3, 60), share(0.31, 56), share(0.29, 55), share(0.29, 10)),
        ),
        comparisons=(Comparison("Country", "Rao-Scott", 9.0, 3, 60, 0.001),),
        design="Purposive sample of 604 respondents in 4 countries.",
        interval="modelled interval",
        protected=True,
        simulated="SIMULATED DATA",
    )


@pytest.fixture
def tested() -> Callable[[Table, float], Table]:
    """The same table after a test of the whole with another p."""

    def with_p(table: Table, p: float) -> Table:
        return replace(table, comparisons=tuple(replace(test, p=p) for test in table.comparisons))

    return with_p
