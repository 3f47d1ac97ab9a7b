"""What leaves holds nobody's name, and everything that was done is told."""

from __future__ import annotations

import json
from types import MappingProxyType

import pandas as pd
import pytest

from survey_kit.errors import FileProblem, ProtectionError, StudyError
from survey_kit.protection.release import Key, random_key, read_key, releasable
from survey_kit.questionnaire.model import (
    Choice,
    ChoiceList,
    Privacy,
    Question,
    Questionnaire,
    Repeat,
)
from survey_kit.questionnaire.question_type import question_types
from survey_kit.responses.model import Absence, ReadingReport, Responses, Rows

KEY = Key(b"k" * 32, "a test")


@pytest.fixture
def responses() -> Responses:
    types = question_types()
    questionnaire = Questionnaire(
        "q",
        "1",
        {},
        {"en": "English"},
        (
            Question("start", types["start"], privacy=Privacy.QUASI),
            Question("enumerator", types["select_one"], choices="e", privacy=Privacy.IDENTIFIER),
            Question("phone", types["text"]),
            Question("story", types["text"], privacy=Privacy.SENSITIVE),
            Question("slogan", types["text"], privacy=Privacy.PLAIN),
            Question("age", types["integer"], privacy=Privacy.QUASI),
            Repeat(
                "trips",
                (
                    Question("driver", types["text"]),
                    Question("days", types["integer"], privacy=Privacy.PLAIN),
                ),
            ),
        ),
        lists=MappingProxyType({"e": ChoiceList("e", (Choice("E07"), Choice("E08")))}),
    )
    index = pd.Index(["uuid-a", "uuid-b", "uuid-c"], name="interview")
    frame = pd.DataFrame(
        {
            "start": pd.to_datetime(["2026-08-01 09:15", "2026-08-01 23:59", None]),
            "enumerator": ["E07", "E08", "E07"],
            "phone": ["+880 1", "+880 2", "+880 3"],
            "story": ["I met Karim", None, None],
            "slogan": ["safe", "safe", "free"],
            "age": [20.0, 30.0, 40.0],
        },
        index=index,
    ).astype(dict.fromkeys(("enumerator", "phone", "story", "slogan"), "str"))
    rows = pd.MultiIndex.from_tuples(
        [("uuid-a", 1), ("uuid-a", 2), ("uuid-c", 1)], names=["interview", "trips"]
    )
    inner = pd.DataFrame({"driver": ["Ali", "Omar", "Ali"], "days": [1.0, 2.0, 3.0]}, index=rows)
    return Responses(
        questionnaire,
        frame,
        pd.DataFrame(0, index=index, columns=frame.columns, dtype="int8"),
        {"trips": Rows(inner, pd.DataFrame(0, index=rows, columns=inner.columns, dtype="int8"))},
        pd.DataFrame(
            {
                "version": "1",
                "submitted": pd.Timestamp("2026-08-02 10:11"),
                "username": "karim@example.org",
                "weight": 1.5,
            },
            index=index,
        ),
        pd.DataFrame(
            [("uuid-a", "", "age", "twenty, ask Karim")],
            columns=["interview", "row", "question", "answer"],
        ),
        ReadingReport("x.zip", "xml", 3, 6),
    )


def everything(responses: Responses) -> str:
    frames = [responses.frame, responses.meta, responses.unreadable]
    frames += [rows.frame for rows in responses.repeats.values()]
    return "\n".join(frame.to_csv() for frame in frames)


def test_no_identifier_leaves_neither_in_repeats_nor_in_what_the_phone_noted(responses):
    text = everything(releasable(responses, key=KEY).responses)

    for secret in ("uuid-", "E07", "+880", "Karim", "Ali", "karim@", "09:15", "10:11"):
        assert secret not in text


def test_what_was_done_to_each_question_is_told_and_can_stand_in_the_manifest(responses):
    release = releasable(responses, key=KEY)

    assert [tuple(row.values()) for row in release.treatment] == [
        ("interview", "identifier", "replaced by a pseudonym"),
        ("start", "quasi", "the day only"),
        ("enumerator", "identifier", "codes replaced by keyed hashes"),
        ("phone", "identifier", "dropped"),
        ("story", "sensitive", "dropped: free text may name people"),
        ("driver", "identifier", "dropped"),
        ("meta: submitted", "quasi", "the day only"),
        ("meta: username", "identifier", "dropped"),
    ]
    assert json.loads(json.dumps(release.treatment))
    assert release.key == "a test"


def test_answers_that_may_leave_are_unchanged_and_in_place(responses):
    released = releasable(responses, key=KEY).responses

    assert list(released.frame.columns) == ["start", "enumerator", "slogan", "age"]
    assert released.frame["age"].tolist() == [20.0, 30.0, 40.0]
    assert released.meta["weight"].tolist() == [1.5] * 3
    assert (released.absence.columns == released.frame.columns).all()


def test_interviews_of_one_enumerator_stay_together_and_repeats_stay_with_their_interview(
    responses,
):
    released = releasable(responses, key=KEY).responses
    hashes = released.frame["enumerator"].tolist()
    index = released.repeats["trips"].frame.index

    assert hashes[0] == hashes[2] != hashes[1]
    assert [name for name, _ in index] == [released.frame.index[i] for i in (0, 0, 2)]
    assert [position for _, position in index] == [1, 2, 1]


def test_the_same_key_gives_the_same_pseudonyms_and_another_gives_others(responses):
    first, again = (releasable(responses, key=KEY).responses.frame.index for _ in range(2))
    other = releasable(responses, key=random_key()).responses.frame.index

    assert first.equals(again)
    assert not set(first) & set(other)


def test_without_a_key_one_is_made_and_forgotten(responses):
    assert releasable(responses).key == "a random key, made for this release and forgotten"


def test_a_free_text_leaves_where_the_study_classes_it(responses):
    released = releasable(responses, {"story": Privacy.PLAIN}, key=KEY).responses

    assert "story" in released.frame.columns


def test_a_question_can_be_kept_at_home_by_the_study(responses):
    released = releasable(responses, {"age": Privacy.IDENTIFIER}, key=KEY).responses

    assert "age" not in released.frame.columns


def test_a_class_for_an_unknown_question_is_refused(responses):
    with pytest.raises(StudyError) as caught:
        releasable(responses, {"fone": Privacy.IDENTIFIER})

    assert str(caught.value) == (
        "protection, classes: there is no question called 'fone'. Did you mean 'phone'?"
    )


def test_a_key_file_must_be_private_long_enough_and_away_from_the_outputs(tmp_path):
    outputs = tmp_path / "build"
    outputs.mkdir()
    file = tmp_path / "key"
    with pytest.raises(FileProblem, match="there is no key here"):
        read_key(file, outputs)

    file.write_bytes(b"k" * 32)
    file.chmod(0o644)
    with pytest.raises(ProtectionError, match="others than its owner may read the key"):
        read_key(file, outputs)

    file.chmod(0o600)
    assert read_key(file, outputs).secret == b"k" * 32

    file.write_bytes(b"short")
    with pytest.raises(FileProblem, match="the key is 5 bytes long, and 32 are needed"):
        read_key(file, outputs)

    inside = outputs / "key"
    inside.write_bytes(b"k" * 32)
    inside.chmod(0o600)
    with pytest.raises(ProtectionError, match="lies among the outputs"):
        read_key(inside, outputs)


def test_what_was_written_where_a_code_belongs_stays_at_home_unless_the_study_classes_it():
    types = question_types()
    form = Questionnaire(
        "q",
        "1",
        {},
        {"en": "English"},
        (
            Question("town", types["select_one"], choices="l", privacy=Privacy.PLAIN),
            Question("paths", types["select_multiple"], choices="l", privacy=Privacy.PLAIN),
        ),
        lists=MappingProxyType({"l": ChoiceList("l", (Choice("a"), Choice("b")))}),
    )
    index = pd.Index(["i", "j", "k"], name="interview")
    frame = pd.DataFrame(
        {"town": ["a", "Karim of the mill", None], "paths": ["a b", "b Karim", "Karim"]},
        index=index,
        dtype="str",
    )
    absence = pd.DataFrame(0, index=index, columns=frame.columns, dtype="int8")
    absence.loc["k", "town"] = Absence.BLANK
    answered = Responses(
        form,
        frame,
        absence,
        {},
        pd.DataFrame(index=index),
        pd.DataFrame(columns=["interview", "row", "question", "answer"]),
        ReadingReport("f", "csv", 3, 2),
    )

    released = releasable(answered, key=KEY)
    classed = releasable(answered, {"town": Privacy.PLAIN, "paths": Privacy.PLAIN}, key=KEY)

    assert "Karim" not in released.responses.frame.to_csv()
    assert released.responses.frame["paths"].fillna("-").tolist() == ["a b", "b", "-"]
    assert released.responses.absence["town"].tolist() == [0, Absence.UNREADABLE, Absence.BLANK]
    assert released.responses.absence["paths"].tolist() == [0, 0, Absence.UNREADABLE]
    assert {
        row["question"]: row["done"] for row in released.treatment if row["question"] != "interview"
    } == {
        "town": "codes not in the list blanked: 1 cell",
        "paths": "codes not in the list blanked: 2 cells",
    }
    assert classed.responses.frame["town"].tolist()[1] == "Karim of the mill"
