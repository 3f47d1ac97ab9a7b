"""Kobo's own kinds of group, spelt out as the groups that it makes of them when a form is deployed.

A rating (``begin_score``), a ranking (``begin_rank``) and a matrix (``begin_kobomatrix``) stand
in the workbook that Kobo's form builder hands out. What comes back from the field has the columns
of the plain questions that Kobo puts in their place (kpi, `utils/xlsform_preprocessors`), so they
are read as these. No form is made of them: the layout that Kobo gives them is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from survey_kit.forms.columns import EXTRA, Column
from survey_kit.forms.rows import Row

if TYPE_CHECKING:
    from collections.abc import Callable

    from survey_kit.questionnaire.faults import Faults

Cells = Mapping[Column, str]

_KIND = re.compile(r"(begin|end)[\s_]+(score|rank|kobomatrix)", re.IGNORECASE)
_LIST = {
    "score": "kobo--score-choices",
    "rank": "kobo--rank-items",
    "kobomatrix": "kobo--matrix_list",
}
_TYPE, _NAME, _RELEVANT = Column("type"), Column("name"), Column("relevant")
_REQUIRED, _CONSTRAINT = Column("required"), Column("constraint")


def spelt_out(rows: Sequence[Row], choices: Sequence[Row], faults: Faults) -> Iterator[Row]:
    """The rows of a survey sheet, each group of Kobo's replaced by plain ones."""
    waiting = iter(rows)
    for row in waiting:
        found = _KIND.fullmatch(row.text("type"))
        if found is None or found[1].casefold() == "end":
            yield row
            continue
        kind = found[2].casefold()
        inner: list[Row] = []
        end = row
        for end in waiting:
            closing = _KIND.fullmatch(end.text("type"))
            if closing and closing[1].casefold() == "end" and closing[2].casefold() == kind:
                break
            inner.append(end)
        else:
            faults.add(
                row.place,
                f"{kind} '{row.text('name')}'",
                "it begins here and never ends",
                f"Add a row end_{kind} after its last question",
            )
            return
        faults.elsewhere(
            row.place,
            f"group '{row.text('name')}'",
            f"only Kobo knows begin_{kind}; it is read as the groups that Kobo makes of it",
            "For ODK, write its questions out in a group",
        )
        items = [each for each in choices if each.text("list_name") == _extra(row, _LIST[kind])]
        yield from _SPELT[kind](row, inner, end, items)


def _score(row: Row, inner: Sequence[Row], end: Row, items: Sequence[Row]) -> Iterator[Row]:
    del items
    chosen = f"select_one {_extra(row, _LIST['score'])}"
    required = {_REQUIRED: row.text("required")} if row.text("required") else {}
    yield _begin(row)
    kept = {key: text for key, text in row.cells.items() if key not in (_RELEVANT, _REQUIRED)}
    yield _with(row, kept, {_TYPE: chosen, _NAME: f"{row.text('name')}_header"})
    for each in inner:
        yield _with(each, each.cells, {_TYPE: chosen, **required})
    yield _end(end)


def _rank(row: Row, inner: Sequence[Row], end: Row, items: Sequence[Row]) -> Iterator[Row]:
    del items
    chosen = f"select_one {_extra(row, _LIST['rank'])}"
    yield _begin(row)
    kept = {key: text for key, text in row.cells.items() if key not in (_RELEVANT, _REQUIRED)}
    yield _with(row, kept, {_TYPE: "note", _NAME: f"{row.text('name')}_label"})
    for number, each in enumerate(inner):
        before = (f"${{{each.text('name')}}} != ${{{one.text('name')}}}" for one in inner[:number])
        differs = " and ".join(before)
        only = {_CONSTRAINT: differs} if differs else {}
        yield _with(each, each.cells, {_TYPE: chosen, _REQUIRED: "true", **only})
    yield _end(end)


def _matrix(row: Row, inner: Sequence[Row], end: Row, items: Sequence[Row]) -> Iterator[Row]:
    """For each row of the matrix a group with all of its columns."""
    for item in items:
        group = f"{row.text('name')}_{item.text('name')}"
        yield _with(row, {}, {_TYPE: "begin_group", _NAME: group})
        names = {each.text("name"): f"{group}_{each.text('name')}" for each in inner}
        for each in inner:
            renamed = {
                key: _renamed(text, names)
                for key, text in each.cells.items()
                if key in (_RELEVANT, _CONSTRAINT, _REQUIRED)
            }
            labels = {
                key: f"{item.cells.get(key) or item.text('name')} – {text}"
                for key, text in each.cells.items()
                if key.field == "label"
            }
            own = {_NAME: names[each.text("name")]}
            yield _with(each, each.cells, {**renamed, **labels, **own})
        yield _end(end)


def _renamed(text: str, names: Mapping[str, str]) -> str:
    for old, new in names.items():
        text = text.replace(f"${{{old}}}", f"${{{new}}}")
    return text


def _begin(row: Row) -> Row:
    own = {_TYPE: "begin_group", _NAME: row.text("name")}
    return _with(row, {key: text for key, text in row.cells.items() if key == _RELEVANT}, own)


def _end(row: Row) -> Row:
    return Row({_TYPE: "end_group"}, row.place)


def _with(row: Row, cells: Cells, others: Cells) -> Row:
    plain = {key: text for key, text in cells.items() if not _is_kobos(key)}
    return Row({**plain, **others}, row.place)


def _extra(row: Row, header: str) -> str:
    """A cell of a column that only Kobo has."""
    return next(
        (text for key, text in row.cells.items() if _is_kobos(key) and key.part == header), ""
    ).strip()


def _is_kobos(column: Column) -> bool:
    return column.field == EXTRA and (column.part or "").startswith("kobo--")


_SPELT: Mapping[str, Callable[[Row, Sequence[Row], Row, Sequence[Row]], Iterable[Row]]] = {
    "score": _score,
    "rank": _rank,
    "kobomatrix": _matrix,
}
