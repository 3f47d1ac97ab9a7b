"""What a team has decided to leave as it is, as YAML says it and as a workbook keeps it.

In YAML it is a list at the end of the file, or a key of one question; in a workbook a sheet
``allow`` of three columns, or a column ``analysis::allow``. `survey_kit.review` reads both.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from survey_kit.questionnaire.yaml_tree import Mapped

if TYPE_CHECKING:
    from survey_kit.questionnaire.yaml_shapes import Shapes
    from survey_kit.questionnaire.yaml_tree import Entry

SHEET = "allow"
COLUMN = "analysis::allow"
HEADERS = ("code", "question", "because")

Rows = tuple[tuple[str, ...], ...]


def read_allow(entry: Entry | None, shapes: Shapes) -> dict[str, Rows]:
    """The list at the end of the file as the sheet that it means."""
    if entry is None:
        return {}
    rows: list[tuple[str, ...]] = [HEADERS]
    for tree in shapes.listing(entry, SHEET):
        found = shapes.block(tree, SHEET, HEADERS)
        code, question, because = (shapes.text(found.get(key), SHEET) for key in HEADERS)
        rows.append((code, question, because))
    return {SHEET: tuple(rows)}


def read_allowed(entry: Entry | None, thing: str, shapes: Shapes) -> dict[str, str]:
    """The key of one question as the column that it means: ``Q602: because ...``."""
    if entry is None:
        return {}
    if not isinstance(entry.value, Mapped):
        return {COLUMN: shapes.text(entry, f"{thing}, allow")}
    reasons = shapes.cells(entry, f"{thing}, allow")
    return {COLUMN: "\n".join(f"{code}: {because}" for code, because in reasons.items())}


def allow_of(sheets: Mapping[str, Rows]) -> list[dict[str, str]]:
    """A sheet as the list that means it; empty where it is not of the usual shape."""
    rows = sheets.get(SHEET, ())
    if not rows[1:] or rows[0] != HEADERS:
        return []
    found: list[dict[str, str]] = []
    for row in rows[1:]:
        cells = dict(zip(HEADERS, row, strict=False))
        if len(row) != len(HEADERS) or not all(cells[key] for key in ("code", "because")):
            return []
        found.append({key: text for key, text in cells.items() if text})
    return found
