"""A column of text is read as what its question takes; nothing in it is guessed."""

import pandas as pd
import pytest

from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.from_text import from_text, moments


def column(*cells: str | None) -> pd.Series:
    return pd.Series(cells, dtype="str")


@pytest.mark.parametrize("code", ["001", "0.75", "1e5", "TRUE", "NA"])
def test_a_code_stays_as_it_is_written(code: str):
    read = from_text(column(code, " "), Storage.CODE, codes=["1"])

    assert read.answers[0] == code
    assert pd.isna(read.answers[1])
    assert read.notes == ()


def test_a_code_written_as_a_number_is_the_code_of_the_list():
    read = from_text(column("3.0", "0.0", "7.0"), Storage.CODE, codes=["3", "0.0", "0"])

    assert read.answers.tolist() == ["3", "0.0", "7.0"]
    assert read.notes == ("codes written as numbers with .0 were read as the codes of the list",)


def test_a_whole_number_may_end_in_point_nought_and_nothing_else():
    read = from_text(
        column("12", "12.0", "1e+05", "12a", "12.5", "1,000", "٣४", "nan", "1e999", None),
        Storage.INTEGER,
    )

    assert read.answers.dropna().tolist() == [12, 12, 100_000]
    assert read.unreadable.tolist() == [False] * 3 + [True] * 6 + [False]


def test_a_number_in_the_digits_of_any_one_script_is_that_number():
    read = from_text(column("٢٣", "۲۳", "২৩", "-१२.५", "x٣", "٢3"), Storage.DECIMAL)

    assert read.answers.dropna().tolist() == [23, 23, 23, -12.5]
    assert read.unreadable.tolist() == [False] * 4 + [True] * 2
    assert read.notes == ("cells with digits of another script, read as numbers: 4",)


def test_a_whole_number_that_no_float_holds_is_kept_aside_and_not_rounded():
    read = from_text(
        column(str(2**53), str(2**53 + 1), "1e22", "12345678901234567890", "7", "1e400"),
        Storage.INTEGER,
    )

    assert read.answers.dropna().tolist() == [2**53, 1e22, 7]
    assert read.unreadable.tolist() == [False, True, False, True, False, True]


@pytest.mark.parametrize("storage", [Storage.INTEGER, Storage.DECIMAL])
def test_a_number_of_thousands_of_digits_is_no_number(storage: Storage):
    read = from_text(column("9" * 5000, "1" * 400, "12"), storage)

    assert read.unreadable.tolist() == [True, True, False]
    assert read.answers[2] == 12


def test_a_decimal_with_a_comma_is_not_read():
    read = from_text(column("0.75", ".5", "1,5", "-2.e3"), Storage.DECIMAL)

    assert read.answers.dropna().tolist() == [0.75, 0.5, -2000]
    assert read.unreadable.tolist() == [False, False, True, False]


def test_a_moment_keeps_the_time_that_was_on_the_wall():
    read = moments(column("2021-07-05T10:58:34.147+03:00", "2021-07-05 10:58Z", "2021-07-05"))

    assert [str(each) for each in read.answers] == [
        "2021-07-05 10:58:34.147000",
        "2021-07-05 10:58:00",
        "2021-07-05 00:00:00",
    ]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("13/02/2020", "01/02/2020"), ["2020-02-13", "2020-02-01"]),
        (("02/13/2020", "01/02/2020"), ["2020-02-13", "2020-01-02"]),
        (("2020/2/13", "5-Jul-2021"), ["2020-02-13", "2021-07-05"]),
        (("Jul 5, 2021", "13.02.2020"), ["2021-07-05", "2020-02-13"]),
    ],
)
def test_the_order_of_day_and_month_is_settled_by_the_whole_column(
    cells: tuple[str, ...], expected: list[str]
):
    read = from_text(column(*cells), Storage.DATE)

    assert [str(each.date()) for each in read.answers] == expected
    assert not read.unreadable.any()


@pytest.mark.parametrize(
    ("cells", "note"),
    [
        (
            ("01/02/2020", "03/04/2020"),
            "2 cells could be day/month or month/day: left unread",
        ),
        (
            ("13/02/2020", "02/13/2020"),
            "2 cells mix days written day/month and month/day: left unread",
        ),
        (("2020-02-30", "yesterday"), "cells that are not a date that can be read: 2"),
    ],
)
def test_a_date_that_nothing_settles_is_left_unread(cells: tuple[str, ...], note: str):
    read = from_text(column(*cells), Storage.DATE)

    assert read.unreadable.all()
    assert read.notes == (note,)


def test_several_codes_are_joined_by_single_spaces_in_the_order_of_choosing():
    read = from_text(column(" b   a\nc ", ""), Storage.CODES)

    assert read.answers[0] == "b a c"
    assert pd.isna(read.answers[1])


def test_a_text_keeps_its_spaces_and_a_text_of_spaces_is_empty():
    read = from_text(column(" hm ", "  "), Storage.TEXT)

    assert read.answers[0] == " hm "
    assert pd.isna(read.answers[1])
