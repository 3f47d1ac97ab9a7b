"""How much all tables of a book tell together that each of them hides: measured, and documented.

Every table is protected by itself. What docs/protection.md says remains is held to be true
here, so that nobody is misled, and so that it cannot grow.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from survey_kit.study.life import banner_over
from survey_kit.study.manifest import Record
from survey_kit.study.prepare import prepare
from survey_kit.study.settings import read_study
from survey_kit.tables.outsider import Outsider, Shown, links

pytestmark = pytest.mark.client

DOCUMENTED = {
    "analysis/community_perceptions": "7 of 864",
    "tests/studies/iraq_households": "20 of 2,353",
}
FEW = 4


@pytest.mark.parametrize("study", DOCUMENTED)
def test_a_whole_book_tells_no_more_small_counts_than_is_documented(
    root: Path, shared: Path, study: str
):
    assert shared.is_dir()
    settings = read_study(root / study)
    analysis = prepare(settings, Record(), lambda _: None).analysis
    book: list[Shown] = []
    for row in settings.tables.rows or analysis.variables:
        by = tuple(banner_over(row, settings.tables.by))
        book.append(Shown(analysis.crosstab(row, by), row, by))
    outsider = Outsider(analysis, book, links(analysis))

    narrowed = outsider.narrowed(settings.protection.smallest_cell - 1)

    small = [name for name, (least, most) in narrowed.items() if least > 0 and most <= FEW]
    number, hidden = DOCUMENTED[study].split(" of ")
    assert len(small) <= int(number), sorted(small)
    assert len(outsider.system.wanted) <= int(hidden.replace(",", ""))
    told = (root / "docs" / "protection.md").read_text(encoding="utf-8")
    assert DOCUMENTED[study] in told
