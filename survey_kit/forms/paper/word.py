"""The paper questionnaire as a Word document: number, question, answers, side by side.

One table runs through the form, a row for each question, so a question never breaks over a
page. Everything is black on white; grey only where a copier may lose it without harm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from survey_kit.forms.paper.ooxml import (
    CENTIMETRE,
    GAP,
    KEPT_GAP,
    Look,
    Pen,
    border,
    cell,
    package,
    row,
    section,
)
from survey_kit.forms.paper.scripts import BY_NAME
from survey_kit.forms.paper.sheet import (
    Annex,
    Ask,
    Bar,
    Declaration,
    Heading,
    Matrix,
    Note,
    Roster,
    Row,
    Sheet,
    text_of,
)
from survey_kit.forms.paper.word_boxes import CODE, SMALL, draw, legend, tick_lines, written_in

PAGE = (11906, 16838)
MARGIN = int(1.5 * CENTIMETRE)
WIDTH = PAGE[0] - 2 * MARGIN
NUMBER = int(1.15 * CENTIMETRE)
QUESTION = int(7.6 * CENTIMETRE)
ANSWERS = WIDTH - NUMBER - QUESTION
TEXT = Look()
HINT = Look(size=16, italic=True)
RULE = Look(size=16, italic=True)
BOLD = Look(bold=True)
_LINE = border("top", size=4, colour="808080")
_NO_LINE = border("top", kind="nil")
_SHADE = "E4E4E4"
_FLAT, _TALL, _SPACED = 206, 232, 208
"""Space of a line, in 240ths of what the font asks for: letters with signs above and below them
need all of it, and the Burmese font asks for twice its size."""


def docx_bytes(sheet: Sheet) -> bytes:
    """A sheet as the bytes of a Word document; the same each time."""
    tall = any(BY_NAME[name].complex for name in sheet.scripts)
    line = _SPACED if "Myanmar" in sheet.scripts[:1] else _TALL if tall else _FLAT
    pen = Pen(sheet.language, sheet.right_to_left, line=line, turned=sheet.turned)
    return _Writer(sheet, pen).document()


@dataclass(frozen=True)
class _Writer:
    sheet: Sheet
    pen: Pen

    def document(self) -> bytes:
        sheet, pen = self.sheet, self.pen
        body = [
            pen.said(sheet.title, Look(size=32, bold=True), after=40),
            pen.told(sheet.identity, SMALL, after=100),
            self._interview(),
            pen.told(sheet.how_to, HINT, before=80, after=100),
        ]
        if sheet.consent:
            body += [self._rows(sheet.consent), pen.paragraph("", break_before=True)]
        body += [self._rows(sheet.rows)] if sheet.rows else []
        body.append(pen.told(sheet.end, BOLD, before=160, align="center"))
        for annex in sheet.annexes:
            body.append(self._annex(annex))
        body.append(
            section(right_to_left=sheet.right_to_left, margin=MARGIN, width=PAGE[0], height=PAGE[1])
        )
        return package(
            "".join(body),
            self._header(),
            self._footer(),
            title=text_of(sheet.title),
            language=sheet.language,
        )

    # furniture

    def _header(self) -> str:
        pen = self.pen
        marks = " · ".join(self.sheet.marks)
        look = Look(size=16, bold=True)
        return pen.paragraph(pen.run(marks, look) if marks else "", align="center", after=60)

    def _footer(self) -> str:
        pen, sheet = self.pen, self.sheet
        before, _, rest = sheet.page.partition("{page}")
        between, _, after = rest.partition("{pages}")
        page = (
            (pen.run(before, SMALL) if before else "")
            + pen.field("PAGE", SMALL)
            + pen.run(between, SMALL)
            + pen.field("NUMPAGES", SMALL)
            + (pen.run(after, SMALL) if after else "")
        )
        content = pen.run(sheet.identity, SMALL) + "<w:r><w:tab/></w:r>" + page
        return pen.paragraph(
            content, tab=WIDTH, align="left" if pen.turned else "", left_to_right=pen.turned
        )

    def _interview(self) -> str:
        """Who spoke with whom, when and where: three boxes in each of two rows."""
        pen = self.pen
        width = WIDTH // 3
        box = border("top left bottom right insideH insideV", size=6)
        cells = [cell(pen.told(name, SMALL), width) for name in self.sheet.header]
        rows = "".join(
            row("".join(cells[start : start + 3]), height=int(0.95 * CENTIMETRE))
            for start in range(0, len(cells), 3)
        )
        return pen.table(rows, (width,) * 3, borders=box, padding=(10, 80))

    # rows

    def _rows(self, rows: Sequence[Row]) -> str:
        """Rows as tables: one for neighbours with the same columns."""
        pieces: list[str] = []
        waiting: list[str] = []
        leading = False
        widths = (NUMBER, QUESTION, ANSWERS)

        def finish() -> None:
            if waiting:
                pieces.append(self.pen.table("".join(waiting), widths, padding=(28, 57)))
                waiting.clear()

        for each in rows:
            before = KEPT_GAP if leading else GAP
            leading = isinstance(each, Heading | Bar)
            match each:
                case Matrix():
                    finish()
                    pieces += [before, self._matrix(each), GAP]
                case Roster():
                    finish()
                    pieces += [before, self._roster(each), GAP]
                case _:
                    waiting.append(self._row(each))
        finish()
        return "".join(pieces)

    def _row(self, each: Heading | Bar | Note | Ask | Declaration) -> str:
        match each:
            case Heading():
                return self._across(self._heading(each), shade=_SHADE if each.level == 1 else "")
            case Bar(text):
                return self._across(self._bar(text), line=False)
            case Note():
                return self._note(each)
            case Ask():
                return self._ask(each)
            case Declaration():
                return self._across(self._declaration(each), line=False)

    def _across(self, content: str, *, shade: str = "", line: bool = True) -> str:
        borders = _LINE if line else ""
        return row(cell(content, WIDTH, span=3, shade=shade, borders=borders))

    def _heading(self, each: Heading) -> str:
        size = {1: 24, 2: 20}.get(each.level, 18)
        look = Look(size=size, bold=True)
        return self.pen.said(each.text, look, before=40, after=20, with_next=True)

    def _bar(self, text: str) -> str:
        said = self.pen.run(
            "◂ " if self.sheet.right_to_left and not self.pen.turned else "▸ ",
            Look(size=16, bold=True),
        ) + self.pen.run(text, Look(size=16, bold=True, italic=True))
        return self.pen.paragraph(said, before=30, with_next=True, left_to_right=self.pen.turned)

    def _note(self, each: Note) -> str:
        content = self.pen.said(each.text, TEXT, before=20, after=20)
        if each.hint:
            content += self.pen.said(each.hint, HINT, after=20)
        number = cell(self._number(each), NUMBER, borders=_LINE)
        box = border("top left bottom right", size=4)
        return row(number + cell(content, QUESTION + ANSWERS, span=2, borders=box), whole=False)

    def _declaration(self, each: Declaration) -> str:
        pen = self.pen
        initials = pen.run(f"{each.initials}: ______________", TEXT)
        return pen.told(each.text, HINT, before=120, after=120) + pen.paragraph(
            initials, align="end", after=60
        )

    def _ask(self, each: Ask) -> str:
        number = cell(self._number(each), NUMBER, borders=_LINE)
        if not each.below:
            question = cell(self._question(each), QUESTION, borders=_LINE)
            return row(number + question + self._answers(each))
        inside = QUESTION + ANSWERS
        content = self._question(each) + draw(self.pen, each.box, inside - 114)
        return row(number + cell(content, inside, span=2, borders=_LINE))

    def _answers(self, each: Ask) -> str:
        return cell(draw(self.pen, each.box, ANSWERS - 114), ANSWERS, borders=_LINE)

    def _number(self, each: Ask | Note) -> str:
        return self.pen.told(each.number, BOLD)

    def _question(self, each: Ask, *, instruction: str = "") -> str:
        pen = self.pen
        pieces = [pen.said(each.text, TEXT)]
        if each.hint:
            pieces.append(pen.said(each.hint, HINT, before=10))
        rules = " ".join(part for part in (*each.rules, instruction) if part)
        if rules:
            pieces.append(pen.told(f"[{rules}]", RULE, before=10))
        return "".join(pieces)

    # grids

    def _matrix(self, each: Matrix) -> str:
        pen = self.pen
        share = int(ANSWERS * 1.1) // len(each.columns)
        text = WIDTH - NUMBER - share * len(each.columns)
        widths = (NUMBER, text, *([share] * len(each.columns)))
        heads = "".join(
            cell(
                pen.said(tick.label, Look(size=15), align="center")
                + pen.told(tick.code, CODE, align="center"),
                share,
                align="bottom",
                borders=border("top bottom", size=6),
            )
            for tick in each.columns
        )
        first = cell("", NUMBER, borders=border("top bottom", size=6)) + cell(
            pen.told(each.instruction, HINT),
            text,
            align="bottom",
            borders=border("top bottom", size=6),
        )
        body = "".join(self._matrix_row(ask, text, share, len(each.columns)) for ask in each.asks)
        return pen.table(row(first + heads, header=True) + body, widths, padding=(28, 57))

    def _matrix_row(self, ask: Ask, text: int, share: int, columns: int) -> str:
        line = border("top", size=4, colour="808080")
        circle = self.pen.paragraph(written_in(self.pen, "○"), align="center")
        cells = cell(self._number(ask), NUMBER, borders=line)
        cells += cell(self._question(ask), text, borders=line)
        return row(cells + cell(circle, share, borders=line, align="center") * columns)

    def _roster(self, each: Roster) -> str:
        pen = self.pen
        entries = len(each.entries)
        share = min(int(2.2 * CENTIMETRE), int(WIDTH * 0.62) // entries)
        text = WIDTH - NUMBER - share * entries
        widths = (NUMBER, text, *([share] * entries))
        head = pen.said(each.title, BOLD)
        for note in each.notes:
            head += pen.told(note, HINT)
        first = cell(head, NUMBER + text, span=2, shade=_SHADE)
        heads = "".join(
            cell(
                pen.told(name, Look(size=16, bold=True), align="center"),
                share,
                shade=_SHADE,
                align="bottom",
            )
            for name in each.entries
        )
        body = "".join(self._roster_row(inside, text, share, entries) for inside in each.rows)
        box = border("top left bottom right insideH insideV", size=4)
        return pen.table(
            row(first + heads, header=True) + body, widths, borders=box, padding=(28, 57)
        )

    def _roster_row(
        self, each: Bar | Note | Ask | Heading, text: int, share: int, entries: int
    ) -> str:
        whole = NUMBER + text + share * entries
        match each:
            case Bar(said):
                return row(cell(self._bar(said), whole, span=entries + 2))
            case Heading():
                return row(cell(self._heading(each), whole, span=entries + 2))
            case Note():
                content = self.pen.said(each.text, TEXT)
                if each.hint:
                    content += self.pen.said(each.hint, HINT)
                number = cell(self._number(each), NUMBER)
                return row(number + cell(content, whole - NUMBER, span=entries + 1))
            case Ask():
                told, inside = legend(self.pen, each.box, text - 114, share - 114)
                question = cell(self._question(each) + told, text)
                box = cell(inside, share, align="center")
                return row(cell(self._number(each), NUMBER) + question + box * entries)

    def _annex(self, annex: Annex) -> str:
        pen = self.pen
        look = Look(size=20, bold=True)
        title = pen.told(annex.title, look, before=240, after=60, with_next=True)
        pieces = [title]
        for group in annex.groups:
            if group.heading:
                pieces.append(pen.told(group.heading, BOLD, before=60, with_next=True))
            lines = [
                pen.paragraph(
                    pen.run(f"{tick.number}  ", BOLD)
                    + pen.words(tick.label, Look(size=16))
                    + pen.run(f"  {tick.code}", CODE),
                    indent=340,
                    hanging=340,
                )
                for tick in group.ticks
            ]
            pieces.append(tick_lines(pen, lines, annex.columns, WIDTH))
        return "".join(pieces) + GAP
