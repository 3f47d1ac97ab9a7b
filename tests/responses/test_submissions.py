"""What is written as submissions and read again is the same, in answers and in absence."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.question_type import Storage
from survey_kit.questionnaire.yaml_file import read_yaml
from survey_kit.responses.assemble import TextRows, assemble, repeat_levels
from survey_kit.responses.matching import holds_answers
from survey_kit.responses.model import Absence, ReadingReport, Responses
from survey_kit.responses.read import read_responses
from survey_kit.responses.submissions import write_submissions

HOUSEHOLD = read_yaml(Path(__file__).with_name("household.yaml"))
LETTERS = st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], include_characters="\t\n\r")
TEXTS = st.text(LETTERS, min_size=1).filter(lambda text: bool(text.strip()))
BY_STORAGE: Mapping[Storage, st.SearchStrategy[str]] = {
    Storage.INTEGER: st.sampled_from(["0", "-7", "1200", "12a"]),
    Storage.DECIMAL: st.sampled_from(["0.75", "1000", "-0.001", "1,5"]),
    Storage.DATE: st.sampled_from(["2026-11-21", "1959-01-31"]),
    Storage.DATETIME: st.sampled_from(["2026-11-21T10:11:12.345", "2026-11-21T10:11:12"]),
    Storage.LOCATION: st.just("21.4 92.0 3 5"),
}


def answers_of(
    questionnaire: Questionnaire, repeat: str | None
) -> st.SearchStrategy[dict[str, str | None]]:
    """One row: absent (None), blank (""), or an answer, for every question of a frame."""
    kinds: dict[str, st.SearchStrategy[str | None]] = {}
    for item in questionnaire.items:
        if not holds_answers(item, repeat):
            continue
        codes = [choice.code for choice in questionnaire.choices(item.question)]
        storage = item.question.type.storage
        if storage is Storage.CODES:
            answer = st.lists(st.sampled_from([*codes, "strange"]), min_size=1).map(" ".join)
        elif codes:
            answer = st.sampled_from([*codes, "strange"])
        else:
            answer = BY_STORAGE.get(storage, TEXTS)
        kinds[item.key] = st.one_of(st.none(), st.just(""), answer)
    return st.fixed_dictionaries(kinds)


def rows_of(index: pd.Index, rows: list[dict[str, str | None]], repeat: str | None) -> TextRows:
    keys = [item.key for item in HOUSEHOLD.items if holds_answers(item, repeat)]
    text = {key: pd.Series([row[key] for row in rows], index=index, dtype="str") for key in keys}
    present = {
        key: pd.Series([row[key] is not None for row in rows], index=index, dtype=bool)
        for key in keys
    }
    return TextRows(index, text, pd.DataFrame(present, index=index, columns=pd.Index(keys)))


@st.composite
def some_responses(draw: st.DrawFn) -> Responses:
    """Interviews with repeats in repeats; order and ids are drawn too."""
    ids = draw(
        st.lists(
            st.text("abé /&<'\"", min_size=1).filter(lambda x: x == x.strip()),
            unique=True,
            min_size=1,
            max_size=3,
        )
    )
    people = [draw(st.integers(0, 2)) for _ in ids]
    members = [
        (each, place)
        for each, count in zip(ids, people, strict=True)
        for place in range(1, count + 1)
    ]
    journeys = [
        (*each, place) for each in members for place in range(1, draw(st.integers(0, 2)) + 1)
    ]
    index = pd.Index(sorted(ids), name="interview", dtype="str")
    frames: dict[str, TextRows] = {}
    for name, places in (("person", sorted(members)), ("journey", sorted(journeys))):
        columns = list(zip(*places, strict=True)) or [[]] * len(repeat_levels(HOUSEHOLD, name))
        levels = [
            pd.Index(list(columns[0]), dtype="str"),
            *(pd.Index(list(c), dtype="int64") for c in columns[1:]),
        ]
        inside = pd.MultiIndex.from_arrays(levels, names=repeat_levels(HOUSEHOLD, name))
        frames[name] = rows_of(inside, [draw(answers_of(HOUSEHOLD, name)) for _ in places], name)
    interviews = rows_of(index, [draw(answers_of(HOUSEHOLD, None)) for _ in ids], None)
    moments = pd.Series(pd.Timestamp("2026-11-22T01:02:03"), index=index).astype("datetime64[us]")
    meta = pd.DataFrame({"version": pd.Series("3", index=index, dtype="str"), "submitted": moments})
    return assemble(
        HOUSEHOLD, interviews, frames, meta, ReadingReport("drawn", "none", len(ids), 0)
    )


def assert_same(one: Responses, other: Responses) -> None:
    pd.testing.assert_frame_equal(one.frame, other.frame)
    pd.testing.assert_frame_equal(one.absence, other.absence)
    pd.testing.assert_frame_equal(one.meta, other.meta)
    assert list(one.repeats) == list(other.repeats)
    for name in one.repeats:
        pd.testing.assert_frame_equal(one.repeats[name].frame, other.repeats[name].frame)
        pd.testing.assert_frame_equal(one.repeats[name].absence, other.repeats[name].absence)
    order = ["interview", "row", "question"]
    pd.testing.assert_frame_equal(
        one.unreadable.sort_values(order, ignore_index=True),
        other.unreadable.sort_values(order, ignore_index=True),
    )


@settings(max_examples=15, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(some_responses())
def test_what_is_written_and_read_again_is_the_same(responses: Responses):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "submissions.zip"

        notes = write_submissions(responses, path)
        again = read_responses(path, HOUSEHOLD)

    assert notes == ()
    assert_same(again, responses)


def small(*answers: Mapping[str, str | None]) -> Responses:
    """Interviews a, b, c ... with a few answers; what is not named was not sent."""
    keys = [item.key for item in HOUSEHOLD.items if holds_answers(item, None)]
    index = pd.Index(list("abc")[: len(answers)], name="interview", dtype="str")
    rows = [dict.fromkeys(keys, None) | dict(each) for each in answers]
    meta = pd.DataFrame({"version": pd.Series("3", index=index, dtype="str")})
    return assemble(HOUSEHOLD, rows_of(index, rows, None), {}, meta, ReadingReport("", "", 1, 0))


def test_nodes_are_nested_and_what_was_not_asked_is_left_out(tmp_path: Path):
    responses = small({"consent": "yes", "water": "well piped", "far": ""}, {"consent": "no"})

    write_submissions(responses, tmp_path / "s.zip")

    with ZipFile(tmp_path / "s.zip") as archive:
        first, second = (archive.read(name).decode() for name in ("a.xml", "b.xml"))
    assert first == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<data id="household" version="3"><consent>yes</consent>'
        "<home><water>well piped</water><far/></home>"
        "<meta><instanceID>uuid:a</instanceID></meta></data>\n"
    )
    assert "<home>" not in second


def test_the_bytes_depend_on_the_responses_alone(tmp_path: Path):
    responses = small({"consent": "yes"}, {"consent": "no"})

    write_submissions(responses, tmp_path / "one.zip")
    write_submissions(responses, tmp_path / "two.zip")

    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.zip", "two.zip"]


def test_a_character_that_xml_does_not_know_is_replaced_and_said(tmp_path: Path):
    responses = small({"consent": "yes", "water_other": "a\x00b"})

    notes = write_submissions(responses, tmp_path / "s.zip")

    again = read_responses(tmp_path / "s.zip", HOUSEHOLD)
    assert notes == ("water_other: characters that XML does not know were replaced",)
    assert again.frame.loc["a", "water_other"] == "a\ufffdb"


@pytest.mark.parametrize(
    ("sent", "absence"),
    [(None, Absence.NOT_ASKED), ("", Absence.BLANK), ("refused", Absence.REFUSED)],
)
def test_an_absent_node_was_not_asked_and_an_empty_one_left_blank(
    sent: str | None, absence: Absence, tmp_path: Path
):
    write_submissions(small({"consent": sent}, {"consent": "yes"}), tmp_path / "s.zip")

    again = read_responses(tmp_path / "s.zip", HOUSEHOLD)

    assert Absence(again.absence.loc["a", "consent"]) is absence
