"""No letter is changed on a guess: an encoding is shown by the file, told by a person, or refused."""

from pathlib import Path

import pytest

from survey_kit.errors import FileProblem
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.yaml_file import read_yaml
from survey_kit.responses.read import ReadOptions, read_responses

FORM = """
questionnaire: places
version: "1"
title: {en: Places}
languages: {en: English, xx: Other}
choices:
  water:
    - {code: well, label: {en: A well, xx: %s}}
    - {code: river, label: {en: A river, xx: %s}}
interview:
  - {name: water, type: select_one water, label: {en: Water}}
  - {name: words, type: text, label: {en: Words}}
"""
LABELS = {
    "cp1256": ("بئر", "نهر"),
    "cp1251": ("колодец", "река"),
    "gb18030": ("水井", "河流"),
    "cp1254": ("çeşme kuyusu", "ığdır"),
    "cp874": ("บ่อน้ำ", "แม่น้ำ"),
    "cp932": ("井戸", "かわ"),
}


def form_with(labels: tuple[str, str], folder: Path) -> Questionnaire:
    (folder / "form.yaml").write_text(FORM % labels, encoding="utf-8")
    return read_yaml(folder / "form.yaml")


@pytest.mark.parametrize("encoding", list(LABELS))
def test_words_of_the_form_show_the_encoding_of_a_file(encoding: str, tmp_path: Path):
    first, second = LABELS[encoding]
    form = form_with((first, second), tmp_path)
    text = f"water,words,KEY\n{first},{second} {first},a\n{second},,b\n"
    (tmp_path / "e.csv").write_bytes(text.encode(encoding))

    read = read_responses(tmp_path / "e.csv", form)

    assert read.frame["water"].tolist() == ["well", "river"]
    assert read.frame["words"].iloc[0] == f"{second} {first}"
    assert f"({encoding}), in which" in read.report.notes[0]


def test_a_file_that_could_be_in_several_is_refused_until_its_encoding_is_named(tmp_path: Path):
    form = form_with(("x", "y"), tmp_path)
    (tmp_path / "e.csv").write_bytes(
        "water,words,KEY\nwell,ok,a\nriver,نحن هنا,b\n".encode("cp1256")
    )

    with pytest.raises(FileProblem) as caught:
        read_responses(tmp_path / "e.csv", form)
    named = read_responses(tmp_path / "e.csv", form, options=ReadOptions(encoding="cp1256"))

    assert str(caught.value) == (
        "e.csv, line 3: it is not UTF-8, and could be cp1251 (Windows Cyrillic), koi8_r (KOI8-R), cp1253 "
        "(Windows Greek), cp1255 (Windows Hebrew), cp1256 (Windows Arabic), iso8859_6 (ISO Arabic), "
        "cp874 (Windows Thai). Save it again as UTF-8, or name its encoding in study.yaml:  responses: "
        "encoding."
    )
    assert named.frame["words"].tolist() == ["ok", "نحن هنا"]
    assert named.report.notes[0] == "it was read as cp1256, as the study says"


def test_polish_is_not_taken_for_western(tmp_path: Path):
    form = form_with(("studnia", "rzeka"), tmp_path)
    (tmp_path / "e.csv").write_bytes("water,words,KEY\nwell,Radosław,a\n".encode("cp1250"))

    with pytest.raises(FileProblem, match=r"e\.csv, line 2: it is not UTF-8, and"):
        read_responses(tmp_path / "e.csv", form)


def test_a_form_with_letters_that_latin_lacks_makes_latin_no_default(tmp_path: Path):
    form = form_with(("řeka", "studně"), tmp_path)
    (tmp_path / "e.csv").write_bytes("water,words,KEY\nwell,příště,a\n".encode("cp1250"))

    with pytest.raises(FileProblem) as caught:
        read_responses(tmp_path / "e.csv", form)

    assert "could be cp1250 (Windows Central European)" in str(caught.value)


def test_two_encodings_in_one_file_are_refused(tmp_path: Path):
    form = form_with(("x", "y"), tmp_path)
    rows = "water,words,KEY\nwell,café,a\nwell,thé,b\n".encode() + "well,é,c\n".encode("cp1252")
    (tmp_path / "e.csv").write_bytes(rows)

    with pytest.raises(FileProblem) as caught:
        read_responses(tmp_path / "e.csv", form)

    assert str(caught.value) == (
        "e.csv, line 4: it is UTF-8 but for 1 bytes: two encodings are mixed in it, or it is damaged. "
        "Save it again as UTF-8, or name its encoding in study.yaml:  responses: encoding."
    )


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        (
            "utf-8",
            (
                "e.csv, line 2: it is not in the encoding that is named for it, utf-8. "
                "Name another under  responses: encoding, or leave it out."
            ),
        ),
        (
            "klingon",
            (
                "e.csv: there is no encoding called 'klingon'. Name one that Python knows, such as "
                "cp1256 or utf-8, under  responses: encoding."
            ),
        ),
        (
            "rot13",
            (
                "e.csv: there is no encoding called 'rot13'. Name one that Python knows, such as "
                "cp1256 or utf-8, under  responses: encoding."
            ),
        ),
    ],
)
def test_an_encoding_that_does_not_fit_is_said(encoding: str, said: str, tmp_path: Path):
    form = form_with(("x", "y"), tmp_path)
    (tmp_path / "e.csv").write_bytes("water,words,KEY\nwell,café,a\n".encode("cp1252"))

    with pytest.raises(FileProblem) as caught:
        read_responses(tmp_path / "e.csv", form, options=ReadOptions(encoding=encoding))

    assert str(caught.value) == said


def test_a_mark_at_the_beginning_is_no_letter_where_the_encoding_is_named(tmp_path: Path):
    form = form_with(("x", "y"), tmp_path)
    (tmp_path / "e.csv").write_bytes("water,words,KEY\nwell,café,a\n".encode("utf-8-sig"))

    read = read_responses(tmp_path / "e.csv", form, options=ReadOptions(encoding="UTF8"))

    assert read.frame["water"].tolist() == ["well"]
    assert read.report.counts["unmatched"] == 0


def test_a_line_without_end_that_is_not_utf8_is_refused_before_it_is_gone_through(
    camp: Questionnaire, tmp_path: Path
):
    with (tmp_path / "e.csv").open("wb") as file:
        file.write(b"consent,water,KEY\nyes,")
        file.write(b"\xe9" * (2**24 + 2**22))
        file.write(b",a\n")

    with pytest.raises(FileProblem) as caught:
        read_responses(tmp_path / "e.csv", camp)

    assert str(caught.value) == (
        "e.csv: a row of it is longer than 16 MB. Export it again as CSV in UTF-8."
    )
