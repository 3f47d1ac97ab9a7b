"""A code frame keeps its history, and a file of it says everything that is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from survey_kit.cleaning.coding.frame import Carried, CodeFrame
from survey_kit.cleaning.coding.frame_file import read_frame
from survey_kit.errors import CodingError, FileProblem
from survey_kit.questionnaire.model import Missing

FRAME = """\
code,parent,label::en,label::bn,definition,missing,since,until,replaced_by
money,,Money,টাকা,,,,,
cost,money,Cost of going,,What it costs to go,,,,
danger,,Dangers,,,,,3,sea police
sea,,Dangers at sea,,,,3,,
police,,Police,,,,3,,
fees,,Fees,,,,,2,price
price,,Price,,,,,3,cost
gone,,Given up,,,,,2,
nothing,,Nothing to say,,,dont_know,,,
"""


def _frame(folder: Path, text: str = FRAME) -> CodeFrame:
    (folder / "codes.csv").write_text(text, encoding="utf-8")
    return read_frame(folder / "codes.csv")


def test_a_frame_keeps_codes_that_were_given_up(tmp_path: Path):
    frame = _frame(tmp_path)

    assert frame.version == 3
    assert [each.code for each in frame.current] == ["money", "cost", "sea", "police", "nothing"]
    assert frame.path("cost") == ("money", "cost")
    assert frame.label("money", "bn") == "টাকা"
    assert frame.label("cost", "bn") == "Cost of going"
    assert frame.by_code["nothing"].missing is Missing.DONT_KNOW


@pytest.mark.parametrize(
    ("codes", "carried"),
    [
        (("fees",), Carried(("cost",))),
        (("fees", "price", "cost"), Carried(("cost",))),
        (("police", "money"), Carried(("money", "police"))),
        (("danger", "cost"), Carried(("cost",), ("danger",))),
        (("gone",), Carried((), ("gone",))),
        ((), Carried(())),
    ],
)
def test_merges_are_followed_and_splits_are_named(
    tmp_path: Path, codes: tuple[str, ...], carried: Carried
):
    assert _frame(tmp_path).carried(codes) == carried


def test_a_workbook_is_read_as_the_same_frame(tmp_path: Path):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "something else"
    book.active.append(["not", "this"])
    book.active.append(["one", "two"])
    sheet = book.create_sheet("Codes")
    for line in FRAME.splitlines():
        sheet.append(line.split(","))
    book.save(tmp_path / "codes.xlsx")

    assert read_frame(tmp_path / "codes.xlsx") == _frame(tmp_path)


def test_every_fault_of_a_frame_is_told_at_once(tmp_path: Path):
    text = """\
code,parent,label,missing,since,until,replaced_by
a b,,Two words,,,,
cost,mony,Cost,,,,
cost,,Cost again,,,,
money,,,,,,
high,low,High,refusd,,,
low,high,Low,,2,2,
old,,Old,,x,,
gone,,Gone,,,,cost
kid,old2,Kid,,,,
old2,,Old,,,2,
"""
    with pytest.raises(CodingError) as caught:
        _frame(tmp_path, text)

    assert str(caught.value).splitlines() == [
        (
            "codes.csv, row 2: a code is letters and digits, with _ . - inside, and no spaces. Write a "
            "short word, such as cost_too_high."
        ),
        "codes.csv, row 4: the code 'cost' stands here twice. Keep one of the two.",
        "codes.csv, row 5: the code 'money' has no label. Write one.",
        "codes.csv, row 6: 'missing' cannot be 'refusd'. Did you mean 'refused'?",
        (
            "codes.csv, row 7: it was given up in version 2, and came in version 2. Correct 'since' or "
            "'until'."
        ),
        "codes.csv, row 8: a version is a whole number from 1. Write 1, 2, 3 and so on.",
        (
            "codes.csv, row 9: something replaces it, and no version says since when. Write in 'until' "
            "the first version without it."
        ),
        "codes.csv, code 'cost': there is no code 'mony'. Did you mean 'money'?",
        "codes.csv, code 'high': it stands above itself. Correct the parents.",
        "codes.csv, code 'high': its parent 'low' was given up. Give it another parent.",
        "codes.csv, code 'low': it stands above itself. Correct the parents.",
        "codes.csv, code 'kid': its parent 'old2' was given up. Give it another parent.",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("codes,label\na,A\n", "codes.csv, column 'codes': a code frame has no such column. Did "),
        ("code,definition\na,A\n", "codes.csv: it has no column of labels. Name one 'label', or "),
        ("code,label,label\na,A,B\n", "codes.csv, column 'label': it stands here twice. Keep one."),
        ("code,label\n", "codes.csv: it holds no code. Add a row for each code."),
    ],
)
def test_a_file_that_is_no_frame_is_refused(tmp_path: Path, text: str, said: str):
    with pytest.raises(CodingError) as caught:
        _frame(tmp_path, text)

    assert str(caught.value).startswith(said)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path):
    with pytest.raises(FileProblem) as caught:
        read_frame(tmp_path / "codes.csv")

    assert str(caught.value) == "codes.csv: there is no such file. Check the path."


def test_a_code_that_replaces_itself_is_found(tmp_path: Path):
    text = "code,label,until,replaced_by\na,A,2,b\nb,B,2,a\n"
    with pytest.raises(CodingError) as caught:
        _frame(tmp_path, text)

    assert str(caught.value).splitlines() == [
        "codes.csv, code 'a': it replaces itself. Correct 'replaced_by'.",
        "codes.csv, code 'b': it replaces itself. Correct 'replaced_by'.",
    ]
