"""Raw submissions are read as they were sent, and hostile or foreign ones are refused."""

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from survey_kit.errors import FileProblem, ResponsesError
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.yaml_file import read_yaml
from survey_kit.responses.model import Absence
from survey_kit.responses.read import read_responses

SENT = """<?xml version='1.0'?>
<h:data xmlns:h="urn:x" xmlns:orx="http://openrosa.org/xforms" id="household" version="2">
  <start>2026-11-21T10:11:12.345+06:00</start>
  <consent>yes</consent>
  <home><water>well 0.75</water><far/><members>12.0</members><elsewhere>x</elsewhere></home>
  <person><age>40</age><work><job>Fisher</job></work>
    <journey><place>Medan</place></journey><journey><place>Aceh</place></journey></person>
  <person><age>old</age><journey><place>Ukhia</place></journey></person>
  <orx:meta><orx:instanceID>uuid:a</orx:instanceID><orx:instanceName>K.</orx:instanceName>
    <orx:deprecatedID>uuid:b</orx:deprecatedID></orx:meta>
</h:data>"""
LEAST = '<data id="household" version="3"><consent>no</consent><meta><instanceID>{id}</instanceID></meta></data>'


@pytest.fixture(scope="module")
def household() -> Questionnaire:
    return read_yaml(Path(__file__).with_name("household.yaml"))


def folder_of(folder: Path, **documents: str) -> Path:
    for name, text in documents.items():
        path = folder / "store" / name / "submission.xml"
        path.parent.mkdir(parents=True)
        path.write_text(text)
    return folder / "store"


def test_groups_repeats_and_namespaces_are_read(household: Questionnaire, tmp_path: Path):
    responses = read_responses(folder_of(tmp_path, a=SENT), household)

    row = responses.frame.loc["a"]
    assert (row["water"], row["members"], str(row["start"])) == (
        "well 0.75",
        12.0,
        "2026-11-21 10:11:12.345000",
    )
    person, journey = responses.repeats["person"], responses.repeats["journey"]
    assert person.frame.index.tolist() == [("a", 1), ("a", 2)]
    assert person.frame.loc[("a", 1), "job"] == "Fisher"
    assert journey.frame["place"].to_dict() == {
        ("a", 1, 1): "Medan",
        ("a", 1, 2): "Aceh",
        ("a", 2, 1): "Ukhia",
    }


def test_absence_is_what_the_xml_says(household: Questionnaire, tmp_path: Path):
    responses = read_responses(folder_of(tmp_path, a=SENT), household)

    why = {key: Absence(value) for key, value in responses.absence.loc["a"].items()}
    assert why["consent"] is Absence.PRESENT
    assert why["far"] is Absence.BLANK
    assert why["litres"] is Absence.NOT_IN_VERSION
    assert Absence(responses.repeats["person"].absence.loc[("a", 2), "age"]) is Absence.UNREADABLE
    assert responses.unreadable.to_dict("records") == [
        {"interview": "a", "row": "2", "question": "age", "answer": "old"}
    ]


def test_everything_in_the_xml_is_accounted_for(household: Questionnaire, tmp_path: Path):
    report = read_responses(folder_of(tmp_path, a=SENT), household).report

    assert dict(report.counts) == {"question": 8, "metadata": 3, "unmatched": 1}
    assert report.columns_read == 12
    assert dict(report.unmatched) == {
        "home/elsewhere": "not carried on: no such question",
        "meta/instanceName": "metadata, not carried on",
    }
    assert report.notes == (
        "submissions that say they replace an earlier one: 1",
        "interviews made with version '2' of the form, not '3': 1",
        "age: cells that are not a whole number, left unread: 1",
    )


def test_meta_knows_version_and_what_was_replaced(household: Questionnaire, tmp_path: Path):
    meta = read_responses(folder_of(tmp_path, a=SENT), household).meta

    assert meta.loc["a", "version"] == "2"
    assert meta.loc["a", "replaces"] == "b"


def test_a_submission_sent_twice_is_kept_twice(household: Questionnaire, tmp_path: Path):
    store = folder_of(tmp_path, x=LEAST.format(id="uuid:a"), y=LEAST.format(id="uuid:a"))

    responses = read_responses(store, household)

    assert responses.frame.index.tolist() == ["a", "a#2"]


def test_a_zip_is_read_like_a_folder_and_other_files_are_counted(
    household: Questionnaire, tmp_path: Path
):
    with ZipFile(tmp_path / "s.zip", "w") as archive:
        archive.writestr("one/submission.xml", LEAST.format(id="uuid:a"))
        archive.writestr("one/photo.jpg", b"x")

    responses = read_responses(tmp_path / "s.zip", household)

    assert responses.frame["consent"].to_dict() == {"a": "no"}
    assert responses.report.notes == ("files that are no submission, not read: 1 ('.jpg')",)


def test_submissions_of_another_form_are_one_clear_sentence(
    household: Questionnaire, tmp_path: Path
):
    other = LEAST.format(id="b").replace('id="household"', 'id="market"')
    store = folder_of(tmp_path, a=LEAST.format(id="a"), b=other)

    with pytest.raises(ResponsesError) as caught:
        read_responses(store, household)

    assert str(caught.value) == (
        "store: 1 of its 2 submissions are of the form 'market', not 'household'. "
        "Read them with the questionnaire that they were made with."
    )


BILLION = '<!DOCTYPE d [<!ENTITY a "aaaa">]><data id="household"><consent>&a;</consent></data>'
UTF16 = BILLION.replace("<!DOCTYPE", '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE')


@pytest.mark.parametrize(
    ("document", "what"),
    [
        (
            BILLION.encode(),
            "it has a DOCTYPE, which no form writes and which can reach other files",
        ),
        (
            UTF16.encode("utf-16"),
            "it has a DOCTYPE, which no form writes and which can reach other files",
        ),
        (
            b"<data>" + b"<a>" * 100_000 + b"</a>" * 100_000 + b"</data>",
            "its nodes are nested more than 60 deep",
        ),
        (b'<data id="household"><consent>yes</data>', "it is not well-formed XML (line 1)"),
        (
            b'<data id="household" encrypted="yes"/>',
            "it is encrypted; decrypt it first with: survey-kit decrypt",
        ),
    ],
    ids=["entities", "entities in UTF-16", "deep", "cut short", "encrypted"],
)
def test_what_no_form_writes_is_refused(
    document: bytes, what: str, household: Questionnaire, tmp_path: Path
):
    store = folder_of(tmp_path, a=LEAST.format(id="a"))
    (store / "a" / "bad.xml").write_bytes(document)

    with pytest.raises(FileProblem) as caught:
        read_responses(store, household)

    assert str(caught.value) == (
        f"store, a/bad.xml: {what}. Fetch it again from the server, or take it out."
    )


def test_rows_of_a_refused_submission_leave_no_trace(household: Questionnaire):
    from survey_kit.responses.submission_xml import Submissions

    submissions = Submissions(household)

    fault = submissions.add(b'<data id="household"><person><age>3</age></person>', "cut.xml")

    assert fault is not None
    assert submissions.repeats["person"].rows == []


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("../out.xml", b"<data/>", "an entry's name points outside the archive"),
        ("bomb.xml", b" " * 50_000_000, "an entry unfolds to more than 400 times its size"),
    ],
)
def test_a_hostile_archive_is_refused_before_it_is_read(
    name: str, content: bytes, what: str, household: Questionnaire, tmp_path: Path
):
    with ZipFile(tmp_path / "s.zip", "w", ZIP_DEFLATED) as archive:
        archive.writestr(name, content)

    with pytest.raises(FileProblem) as caught:
        read_responses(tmp_path / "s.zip", household)

    assert str(caught.value) == (
        f"s.zip: {what}. Make the archive again from files that you trust."
    )


def test_a_folder_without_submissions_says_so(household: Questionnaire, tmp_path: Path):
    (tmp_path / "empty").mkdir()

    with pytest.raises(FileProblem) as caught:
        read_responses(tmp_path / "empty", household)

    assert str(caught.value) == (
        "empty: it holds no XML submission. Export it again, or give it its right suffix."
    )


def test_a_question_that_an_older_form_did_not_have_is_not_in_its_version(
    household: Questionnaire, tmp_path: Path
):
    new = LEAST.replace(">no<", ">yes<").replace("<meta>", "<home><far/></home><meta>")
    old = new.replace('version="3"', 'version="2"').replace("<far/>", "<level>5</level>")
    store = folder_of(tmp_path, a=new.format(id="a"), b=old.format(id="b"), c=old.format(id="c"))

    absence = read_responses(store, household).absence

    assert [Absence(value) for value in absence["far"]] == [
        Absence.BLANK,
        Absence.NOT_IN_VERSION,
        Absence.NOT_IN_VERSION,
    ]
    assert Absence(absence.loc["a", "members"]) is Absence.NOT_ASKED
    assert Absence(absence.loc["b", "level"]) is Absence.PRESENT
