"""What a team has decided to leave as it is: a code, where, and because of what.

It stands in the form itself, where whoever reads the form finds it: in YAML a list ``allow`` or a
key ``allow`` of one question; in a workbook a sheet ``allow`` with the columns code, question
and because, or a column ``analysis::allow`` that says ``Q602: because ...``. An allow without a reason silences nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from survey_kit.questionnaire.model import Place
from survey_kit.questionnaire.yaml_allow import COLUMN, HEADERS, SHEET
from survey_kit.review.rule import Spot

if TYPE_CHECKING:
    from survey_kit.questionnaire.model import Questionnaire
    from survey_kit.review.reviewed import Reviewed
    from survey_kit.review.rule import Remark

_CODE = re.compile(r"\b(Q\d{3})\b[\s,;:]*")


@dataclass(frozen=True)
class Allow:
    """One decision. An empty `question` means the whole form; `because` may not be empty."""

    code: str
    question: str
    because: str
    spot: Spot

    def covers(self, remark: Remark) -> bool:
        """Whether it speaks of a remark."""
        return (
            bool(self.because)
            and remark.code == self.code
            and self.question in ("", remark.question)
        )


def allows(reviewed: Reviewed) -> tuple[Allow, ...]:
    """Every decision in a form, those of its sheet first."""
    return (
        *_of_sheet(reviewed.whole),
        *(
            allow
            for each in reviewed.nodes
            for allow in _of_cell(_cell(each.node.extra), each.spot)
        ),
        *(
            allow
            for name, choice in reviewed.choices
            for allow in _of_cell(_cell(choice.columns), reviewed.choice_spot(name, choice))
        ),
    )


def silenced(
    remarks: Iterable[Remark], decided: Iterable[Allow]
) -> tuple[tuple[Remark, ...], frozenset[Allow]]:
    """The remarks that nobody has allowed, and the allows that silenced something."""
    by_code: dict[str, list[Allow]] = {}
    for each in decided:
        by_code.setdefault(each.code, []).append(each)
    left: list[Remark] = []
    matched: set[Allow] = set()
    for remark in remarks:
        covering = [each for each in by_code.get(remark.code, ()) if each.covers(remark)]
        matched.update(covering)
        if not covering:
            left.append(remark)
    return tuple(left), frozenset(matched)


def _cell(columns: Mapping[str, str]) -> str:
    return columns.get(COLUMN, "")


def _of_sheet(questionnaire: Questionnaire) -> Iterator[Allow]:
    rows = questionnaire.sheets.get(SHEET, ())
    if not rows or tuple(cell.strip().casefold() for cell in rows[0][:3]) != HEADERS:
        return
    file = questionnaire.source.file if questionnaire.source else "questionnaire"
    of_workbook = bool(
        questionnaire.nodes
        and questionnaire.nodes[0].source
        and questionnaire.nodes[0].source.sheet
    )
    for number, row in enumerate(rows[1:], start=2):
        code, question, because = (*(cell.strip() for cell in row[:3]), "", "", "")[:3]
        if code or question or because:
            place = Place(file, SHEET, number) if of_workbook else Place(file)
            yield Allow(code, question, because, Spot(place, f"allow '{code}'", question))


def _of_cell(text: str, spot: Spot) -> Iterator[Allow]:
    if not text.strip():
        return
    found = list(_CODE.finditer(text))
    if not found:
        yield Allow("", spot.name, text.strip(), spot.part("allow"))
    codes: list[str] = []
    for at, each in enumerate(found):
        end = found[at + 1].start() if at + 1 < len(found) else len(text)
        codes.append(each[1])
        because = text[each.end() : end].strip(" \n;,")
        if because or at + 1 == len(found):
            for code in codes:
                yield Allow(code, spot.name, because, spot.part(f"allow '{code}'"))
            codes = []
