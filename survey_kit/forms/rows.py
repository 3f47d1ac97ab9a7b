"""The rows of a survey sheet, flat with begin and end, as the nested interview they mean."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from survey_kit.forms.columns import EXTRA, Column
from survey_kit.questionnaire.expressions import truth_word
from survey_kit.questionnaire.raw import Kind, RawNode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from survey_kit.questionnaire.faults import Faults
    from survey_kit.questionnaire.model import Place

END = "end::"
"""Before the header of a cell that stands in the row that ends a group or repeat."""

_CONTROL = re.compile(
    r"(begin|end)[\s_]+(lgroup|looped\s+group|group|repeat|loop)(?:\s+(?:over\s+)?(\S+))?",
    re.IGNORECASE,
)
_USUAL = re.compile(r"(?:begin|end)[ _](?:lgroup|looped group|group|repeat)")
"""What means to every phone just what begin_group, end_group, begin_repeat or end_repeat does."""
_USUAL_LOOP = re.compile(r"begin[ _]loop over (\S+)|end[ _]loop")
_SETTINGS = frozenset({"form_title", "set_form_title", "form_id", "set_form_id", "prefix"})
"""Types of rows that are settings, written where questions are."""
_SPOKEN = ("label", "hint", "constraint_message", "required_message")
_EXPRESSIONS = frozenset(
    {"required", "relevant", "constraint", "calculation", "choice_filter", "repeat_count"}
)
_AS_WRITTEN = ("default", "appearance", "parameters")
_CURLY = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "\u00a0": " "})
_DISABLED = Column(EXTRA, "disabled")
_TYPE = Column("type")
_NAME = Column("name")


@dataclass(frozen=True)
class Row:
    """The cells of a row that are not empty, and where it stands."""

    cells: Mapping[Column, str]
    place: Place

    def text(self, name: str) -> str:
        """The text of a field without languages, with curly quotes made straight."""
        return self.cells.get(Column(name), "").translate(_CURLY).strip()

    @property
    def asks_nothing(self) -> bool:
        """Whether it is a remark, a setting, or disabled: pyxform passes it by in the interview."""
        if truth_word(self.cells.get(_DISABLED, "")) is True:
            return True
        kind = self.text("type")
        if kind:
            return kind in _SETTINGS
        return not any(column.field in ("name", "label") for column in self.cells)


@dataclass
class _Open:
    """A group or repeat whose end has not come yet."""

    kind: Kind
    row: Row
    loop: str | None = None
    nodes: list[RawNode] = field(default_factory=list[RawNode])

    @property
    def word(self) -> str:
        """What its author calls it."""
        return "loop" if self.loop is not None else self.kind.value


class Interview:
    """Puts rows into one another; `codes` gives the code of a language by its suffix."""

    def __init__(self, codes: Mapping[str | None, str], faults: Faults) -> None:
        self._codes = codes
        self._faults = faults

    def nest(self, rows: Iterable[Row]) -> tuple[RawNode, ...]:
        """The nodes that rows mean; rows that open or close the wrong thing are noted."""
        outermost: list[RawNode] = []
        around: list[_Open] = []
        for row in rows:
            nodes = around[-1].nodes if around else outermost
            control = _CONTROL.fullmatch(row.text("type"))
            if control is None:
                if self._is_question(row):
                    nodes.append(self._question(row))
                continue
            word = control[2].casefold()
            kind = Kind.GROUP if word in ("group", "loop") else Kind.REPEAT
            loop = control[3] or "" if word == "loop" else None
            if control[1].casefold() == "begin":
                around.append(_Open(kind, row, loop))
            elif not around:
                self._faults.add(
                    row.place,
                    "",
                    f"a {'loop' if loop is not None else kind.value} ends here, but none is open",
                    "Remove the row, or add the row that begins it",
                )
            else:
                self._check_end(around[-1], _Open(kind, row, loop).word, row)
                closed = around.pop()
                (around[-1].nodes if around else outermost).append(self._section(closed, row))
        while around:
            left = around.pop()
            name = left.row.text("name")
            self._faults.add(
                left.row.place,
                f"{left.word} '{name}'",
                "it begins here and never ends",
                f"Add a row end_{left.word} after its last question",
            )
            (around[-1].nodes if around else outermost).append(self._section(left, None))
        return tuple(outermost)

    def _check_end(self, opened: _Open, word: str, row: Row) -> None:
        if opened.word != word:
            name = opened.row.text("name")
            self._faults.add(
                row.place,
                "",
                f"a {word} ends here, but what is open is the {opened.word} '{name}' "
                f"({opened.row.place})",
                f"Write end_{opened.word}, or move the row",
            )

    def _is_question(self, row: Row) -> bool:
        if row.text("type") or row.text("name"):
            return True
        self._faults.add(
            row.place,
            "",
            "the row has neither a type nor a name",
            "Give it both, or remove it",
        )
        return False

    def _question(self, row: Row) -> RawNode:
        texts: dict[str, dict[str, str]] = defaultdict(dict)
        media: dict[str, dict[str, str]] = defaultdict(dict)
        cells: dict[str, str] = {}
        extra: dict[str, str] = {}
        for column, text in row.cells.items():
            if column.field in _SPOKEN:
                texts[column.field][self._codes[column.language]] = text
            elif column.field == "media":
                media[column.part or ""][self._codes[column.language]] = text
            elif column.field in (EXTRA, "repeat_count"):
                extra[column.header] = _kept(column, text)
            elif column.field == "read_only" and truth_word(text) is not True:
                extra["read_only"] = text  # whatever else it says is kept as it is
            elif column.field in _AS_WRITTEN:
                cells[column.field] = text
            elif column.field != "name":
                cells[column.field] = row.text(column.field)
        return RawNode(
            kind=Kind.QUESTION,
            name=row.text("name") or _name_of_note(row),
            place=row.place,
            texts=texts,
            cells=cells,
            media=media,
            extra=extra,
        )

    def _section(self, opened: _Open, end: Row | None) -> RawNode:
        row = opened.row
        label: dict[str, str] = {}
        cells: dict[str, str] = {"loop": opened.loop} if opened.loop else {}
        extra: dict[str, str] = _unusual_words(opened, end)
        for column, text in row.cells.items():
            if column.field == "label":
                label[self._codes[column.language]] = text
            elif column.field == "appearance":
                cells["appearance"] = text
            elif column.field == "relevant":
                cells["relevant"] = row.text("relevant")
            elif column.field == "repeat_count" and opened.kind is Kind.REPEAT:
                cells["count"] = row.text("repeat_count")
            elif column not in (_TYPE, _NAME):
                extra[column.header] = _kept(column, text)
        for column, text in end.cells.items() if end else ():
            is_its_name = column == _NAME and text == row.text("name")
            if column != _TYPE and not is_its_name:
                extra[f"{END}{column.header}"] = _kept(column, text)
        return RawNode(
            kind=opened.kind,
            name=row.text("name"),
            place=row.place,
            texts={"label": label},
            cells=cells,
            extra=extra,
            nodes=tuple(opened.nodes),
        )


def _kept(column: Column, text: str) -> str:
    """A cell that has no meaning where it stands; quotes of an expression are straight anywhere."""
    return text.translate(_CURLY) if column.field in _EXPRESSIONS else text


def _unusual_words(opened: _Open, end: Row | None) -> dict[str, str]:
    """The words that begin and end a group or repeat, where phones would notice the difference."""
    usual = _USUAL_LOOP if opened.loop is not None else _USUAL
    found = {"type": opened.row.cells[_TYPE], f"{END}type": end.cells[_TYPE] if end else ""}
    return {key: text for key, text in found.items() if text and not usual.fullmatch(text)}


def _name_of_note(row: Row) -> str:
    """A note may go without a name; every converter gives it this one."""
    if row.text("type") == "note":
        return f"generated_note_name_{row.place.row}"
    return "audit" if row.text("type") == "audit" else ""
