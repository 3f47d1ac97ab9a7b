"""Answer boxes in Word: ticks in columns, boxes for digits, lines, scales and fields."""

from __future__ import annotations

from survey_kit.forms.paper.ooxml import CENTIMETRE, GAP, SYMBOLS, Look, Pen, border, cell, row
from survey_kit.forms.paper.sheet import (
    Box,
    Fields,
    FromList,
    Lines,
    NoBox,
    Scale,
    Signs,
    Tick,
    TickGroup,
    Ticks,
)

SMALL = Look(size=15)
CODE = Look(size=13, colour="595959")
SIGN = Look(size=20, font=SYMBOLS)
ANSWER = Look(size=17)
HINT = Look(size=15, italic=True)
_SIGNS = {"one": "○", "several": "□", "rank": "□"}
_BOX = int(0.58 * CENTIMETRE)
_HANG = 300


def draw(pen: Pen, box: Box, width: int) -> str:  # noqa: PLR0911 - one return for each kind
    """A box for one answer in the room that there is."""
    match box:
        case Ticks():
            return _ticks(pen, box, width)
        case Signs():
            return _signs(pen, box, width)
        case Lines(number, before):
            first = pen.told(before, HINT) if before else ""
            return first + _lines(pen, number, width)
        case Fields(names, before):
            first = pen.told(before, HINT) if before else ""
            return first + "".join(
                pen.paragraph(pen.run(f"{name}: ", ANSWER) + pen.run("_" * 24, ANSWER), before=60)
                for name in names
            )
        case Scale(values):
            return pen.paragraph(pen.run("   ".join(values), Look(size=20)), before=20)
        case FromList(_, digits, several, instruction):
            boxes = Signs(((digits, ""),) * (4 if several else 1))
            return pen.told(instruction, HINT) + _signs(pen, boxes, width)
        case NoBox():
            return ""


def legend(  # noqa: PLR0911 - one return for each kind
    pen: Pen, box: Box, width: int, share: int
) -> tuple[str, str]:
    """In a roster: what stands below the question, and what in the column of each entry."""
    blank = pen.told("______", ANSWER, before=60, align="center")
    match box:
        case Ticks(kind="number"):
            return "", _signs(pen, Signs(((1, ""),)), share, centred=True)
        case Ticks():
            lines = [
                pen.paragraph(
                    pen.run(f"{tick.number} ", Look(size=16, bold=True))
                    + pen.words(tick.label, Look(size=16))
                    + pen.run(f" {tick.code}", CODE)
                    + (
                        pen.run(f"{pen.turn}  {tick.arrow}", Look(size=16, bold=True))
                        if tick.arrow
                        else ""
                    ),
                    indent=_HANG,
                    hanging=_HANG,
                )
                for tick in box.ticks
            ]
            digits = len(str(max((tick.number for tick in box.ticks), default=1)))
            inside = (
                _signs(pen, Signs(((digits, ""),)), share, centred=True)
                if box.kind == "one"
                else blank
            )
            return tick_lines(pen, lines, 2 if len(lines) > 5 else 1, width), inside  # noqa: PLR2004
        case Signs(groups, between) if between != "/" and len(groups) == 1:
            fitting = max(min(groups[0][0], share // _BOX), 1)
            if fitting < groups[0][0]:
                return "", blank
            return "", _signs(pen, box, share, centred=True)
        case Signs(groups, between):
            letters = between.join(letters for _, letters in groups)
            said = pen.told(letters, HINT, align="center") if letters.strip("./:") else ""
            return "", blank + said
        case FromList(_, digits, several, instruction):
            told = pen.told(instruction, HINT)
            return told, blank if several else _signs(
                pen, Signs(((digits, ""),)), share, centred=True
            )
        case Lines(_, before) | Fields(_, before):
            told = pen.told(before, HINT) if before else ""
            return told, blank
        case Scale(values):
            return pen.told(f"{values[0]} – {values[-1]}", HINT), blank
        case NoBox():
            return "", pen.paragraph("")


def written_in(pen: Pen, sign: str) -> str:
    """A tick box as a run."""
    return pen.run(sign, SIGN)


def _ticks(pen: Pen, box: Ticks, width: int) -> str:
    pieces = [pen.told(box.instruction, HINT)] if box.instruction else []
    for group in box.groups:
        if group.in_line:
            pieces.append(_in_line(pen, group, box.kind))
            continue
        if group.heading:
            pieces.append(pen.told(group.heading, HINT, before=30))
        columns = min(box.columns, len(group.ticks))
        room = width // box.columns
        tab = room - 60 if columns == 1 else 0
        lines = [_tick(pen, tick, box.kind, tab) for tick in group.ticks]
        pieces.append(tick_lines(pen, lines, columns, room * columns))
    return "".join(pieces)


def _in_line(pen: Pen, group: TickGroup, kind: str) -> str:
    content = pen.run(f"{group.heading}  ", HINT)
    for tick in group.ticks:
        content += written_in(pen, _SIGNS[kind]) + pen.run("\xa0", ANSWER)
        content += pen.words(tick.label, ANSWER) + pen.run(f" {tick.code}", CODE)
        if tick.arrow:
            content += pen.run(f"{pen.turn} {tick.arrow}", Look(size=17, bold=True))
        content += pen.run(f"{pen.turn}   ", ANSWER)
    return pen.paragraph(content, before=20)


def _tick(pen: Pen, tick: Tick, kind: str, tab: int) -> str:
    """A choice; its arrow at the far side (`tab`), or behind it where columns follow."""
    content = (
        written_in(pen, _SIGNS[kind])
        + pen.run(" ", ANSWER)
        + pen.words(tick.label, ANSWER)
        + pen.run(f"  {tick.code}", CODE)
    )
    if tick.arrow:
        content += "<w:r><w:tab/></w:r>" if tab else pen.run(f"{pen.turn}  ", ANSWER)
        content += pen.run(tick.arrow, Look(size=17, bold=True))
    return pen.paragraph(content, indent=_HANG, hanging=_HANG, tab=tab if tick.arrow else 0)


def tick_lines(pen: Pen, lines: list[str], columns: int, width: int) -> str:
    """Lines in columns, down each before the next."""
    if columns <= 1 or len(lines) <= 1:
        return "".join(lines)
    deep = -(-len(lines) // columns)
    share = width // columns
    cells = "".join(
        cell("".join(lines[start : start + deep]), share)
        for start in range(0, deep * columns, deep)
    )
    return pen.table(row(cells, whole=False), (share,) * columns, padding=(0, 0)) + GAP


def _signs(pen: Pen, box: Signs, width: int, *, centred: bool = False) -> str:
    """Boxes for digits, groups with what stands between them, letters below."""
    groups = box.groups[::-1] if pen.right_to_left and box.between == "/" else box.groups
    total = sum(count for count, _ in groups)
    between = box.between if len(box.groups) > 1 else ""
    gap = 170
    size = min(_BOX, (width - gap * (len(box.groups) - 1)) // max(total, 1))
    line = border("top left bottom right", size=6)
    cells: list[str] = []
    below: list[str] = []
    widths: list[int] = []
    for place, (count, letters) in enumerate(groups):
        if place:
            sign = pen.told(between, ANSWER, align="center") if between else ""
            cells.append(cell(sign, gap, align="bottom"))
            below.append(cell("", gap))
            widths.append(gap)
        cells += [cell(pen.paragraph(""), size, borders=line)] * count
        widths += [size] * count
        said = pen.told(letters, CODE, align="center")
        below.append(cell(said if letters else "", size * count, span=count))
    rows = row("".join(cells), height=int(0.62 * CENTIMETRE))
    if any(letters for _, letters in box.groups):
        rows += row("".join(below))
    drawn = pen.table(rows, tuple(widths), padding=(0, 0), left_to_right=True, centred=centred)
    return GAP + drawn + GAP


def _lines(pen: Pen, number: int, width: int) -> str:
    line = border("bottom", size=4)
    rows = row(cell(pen.paragraph(""), width - 60, borders=line), height=int(0.7 * CENTIMETRE))
    return pen.table(rows * number, (width - 60,), padding=(0, 0)) + GAP
