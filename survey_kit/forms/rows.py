"""The rows of a survey sheet, flat with begin and end, as the nested interview they mean."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from survey_kit.forms.columns import EXTRA, Column
from survey_kit.forms.languages import language_of
from survey_kit.questionnaire.raw import Kind, RawNode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from survey_kit.questionnaire.faults import Faults
    from survey_kit.questionnaire.model import Place

END = "end::"
"""Before the header of a cell that stands in the row that ends a group or repeat."""

_CONTROL = re.compile(r"(begin|end)[\s_]+(lgroup|looped[\s_]group|group|repeat)", re.IGNORECASE)
_SPOKEN = ("label", "hint", "constraint_message", "required_message")
_AS_WRITTEN = ("default", "appearance", "parameters")
_CURLY = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "\u00a0": " "})


@dataclass(frozen=True)
class Row:
    """The cells of a row that are not empty, and where it stands."""

    cells: Mapping[Column, str]
    place: Place

    def text(self, name: str) -> str:
        """The text of a field without languages, with curly quotes made straight."""
        return self.cells.get(Column(name), "").translate(_CURLY).strip()


@dataclass
class _Open:
    """A group or repeat whose end has not come yet."""

    kind: Kind
    row: Row
    nodes: list[RawNode] = field(default_factory=list[RawNode])


def nest(rows: Iterable[Row], faults: Faults) -> tuple[RawNode, ...]:
    """The nodes that rows mean; rows that open or close the wrong thing are noted."""
    outermost: list[RawNode] = []
    around: list[_Open] = []
    for row in rows:
        nodes = around[-1].nodes if around else outermost
        control = _CONTROL.fullmatch(row.text("type"))
        if control is None:
            if _is_question(row, faults):
                nodes.append(_question(row))
            continue
        kind = Kind.GROUP if control[2].casefold() == "group" else Kind.REPEAT
        if control[1].casefold() == "begin":
            around.append(_Open(kind, row))
        elif not around:
            faults.add(
                row.place,
                "",
                f"a {kind.value} ends here, but none is open",
                "Remove the row, or add the row that begins it",
            )
        else:
            _check_end(around[-1], kind, row, faults)
            closed = around.pop()
            (around[-1].nodes if around else outermost).append(_section(closed, row))
    while around:
        left = around.pop()
        name = left.row.text("name")
        faults.add(
            left.row.place,
            f"{left.kind.value} '{name}'",
            "it begins here and never ends",
            f"Add a row end_{left.kind.value} after its last question",
        )
        (around[-1].nodes if around else outermost).append(_section(left, None))
    return tuple(outermost)


def _check_end(opened: _Open, kind: Kind, row: Row, faults: Faults) -> None:
    if opened.kind is not kind:
        name = opened.row.text("name")
        faults.add(
            row.place,
            "",
            f"a {kind.value} ends here, but what is open is the {opened.kind.value} '{name}' "
            f"({opened.row.place})",
            f"Write end_{opened.kind.value}, or move the row",
        )


def _is_question(row: Row, faults: Faults) -> bool:
    disabled = row.cells.get(Column(EXTRA, "disabled"), "").casefold()
    if disabled in ("yes", "true", "true()"):
        faults.add(
            row.place,
            "",
            "the row is disabled, which a questionnaire cannot keep",
            "Remove the row, or empty the column and give it the relevant false()",
        )
        return False
    if not row.text("type") and not row.text("name"):
        faults.add(
            row.place,
            "",
            "the row has neither a type nor a name",
            "Give it both, or remove it",
        )
        return False
    return True


def _question(row: Row) -> RawNode:
    texts: dict[str, dict[str, str]] = defaultdict(dict)
    media: dict[str, dict[str, str]] = defaultdict(dict)
    cells: dict[str, str] = {}
    extra: dict[str, str] = {}
    for column, text in row.cells.items():
        code, _ = language_of(column.language)
        if column.field in _SPOKEN:
            texts[column.field][code] = text
        elif column.field == "media":
            media[column.part or ""][code] = text
        elif column.field in (EXTRA, "repeat_count"):
            extra[column.header] = text
        elif column.field in _AS_WRITTEN:
            cells[column.field] = text
        elif column.field != "name":
            cells[column.field] = row.text(column.field)
    _keep_what_is_no_truth(cells, extra)
    return RawNode(
        kind=Kind.QUESTION,
        name=row.text("name") or _name_of_note(row),
        place=row.place,
        texts=texts,
        cells=cells,
        media=media,
        extra=extra,
    )


def _name_of_note(row: Row) -> str:
    """A note may go without a name; every converter gives it this one."""
    if row.text("type") == "note":
        return f"generated_note_name_{row.place.row}"
    return "audit" if row.text("type") == "audit" else ""


def _keep_what_is_no_truth(cells: dict[str, str], extra: dict[str, str]) -> None:
    """A question is read-only or not; whatever else the column says is kept as it is."""
    if cells.get("read_only", "true").casefold() not in ("yes", "true", "true()"):
        extra["read_only"] = cells.pop("read_only")


def _section(opened: _Open, end: Row | None) -> RawNode:
    row = opened.row
    label: dict[str, str] = {}
    cells: dict[str, str] = {}
    extra: dict[str, str] = {}
    for column, text in row.cells.items():
        if column.field == "label":
            label[language_of(column.language)[0]] = text
        elif column.field == "appearance":
            cells["appearance"] = text
        elif column.field == "relevant":
            cells["relevant"] = row.text("relevant")
        elif column.field == "repeat_count" and opened.kind is Kind.REPEAT:
            cells["count"] = row.text("repeat_count")
        elif column.field not in ("type", "name"):
            extra[column.header] = text
    for column, text in end.cells.items() if end else ():
        is_its_name = column.field == "name" and text == row.text("name")
        if column.field != "type" and not is_its_name:
            extra[f"{END}{column.header}"] = text
    return RawNode(
        kind=opened.kind,
        name=row.text("name"),
        place=row.place,
        texts={"label": label},
        cells=cells,
        extra=extra,
        nodes=tuple(opened.nodes),
    )
