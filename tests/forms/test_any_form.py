"""A law, held against forms made by chance: through YAML and back nothing changes."""

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert as by_pyxform

from survey_kit.errors import DefinitionError
from survey_kit.forms.read import read_as_written
from survey_kit.forms.xlsform_writer import xlsform_bytes
from survey_kit.questionnaire.yaml_file import yaml_text

SIGNS = st.sampled_from("aZéকع0 \n.:#-_'\",[]{}&*!|><%@`\\/=?~$()")
WORDS = st.sampled_from(["yes", "No", "null", "1.0", "A", "${q0}", "it’s", "---", "true", "x: y"])
TEXTS = WORDS | st.text(SIGNS, max_size=12).map(str.strip)
LANGUAGES = st.sampled_from(["", "::English (en)", "::French(fr)", "::Anglais (en)", "::bn"])
TYPES = st.sampled_from(
    [
        *("text", "string", "integer", "int", "decimal", "note", "date", "dateTime", "datetime"),
        *("image", "photo", "audio", "geopoint", "gps", "barcode", "acknowledge", "trigger"),
        *("select_one l", "select one l", "select_multiple l", "select_one l or_other", "rank l"),
        *("select_one_from_file a.csv", "select_multiple_from_file b.geojson", "csv-external"),
        *("start", "end", "today", "deviceid", "phone number", "percentage", "range", "hidden"),
        "select_one  l",
    ]
)
COLUMNS = {
    "hint": TEXTS,
    "Hint": TEXTS,
    "guidance_hint": TEXTS,
    "relevant": st.sampled_from(["", "${q0} = 'x'", "${q0}  =  ‘x’", "true()", "yes", "foo(1)"]),
    "relevance": st.sampled_from(["", "${q0} != ''"]),
    "bind::relevant": st.sampled_from(["", "1 = 1"]),
    "required": st.sampled_from(["", "yes", "TRUE", "No", "true()", "${q0} = 1", "TRUE()"]),
    "required_message": TEXTS,
    "constraint": st.sampled_from(["", ". > 3", "regex(., '^[a-z]+$')", ". = ${q0}"]),
    "Constraint Message": TEXTS,
    "default": st.sampled_from(["", "x", "1", "today()", "${last-saved#q0}", "a b"]),
    "appearance": st.sampled_from(["", "minimal", "w1 field-list", "numbers"]),
    "read_only": st.sampled_from(["", "yes", "no", "maybe", "true()"]),
    "image": st.sampled_from(["", "a.png", "${q0}.png"]),
    "media::audio": st.sampled_from(["", "a.mp3"]),
    "bind::x": TEXTS,
    "body::y": TEXTS,
    "instance::z": TEXTS,
    "anything else": TEXTS,
    "$kuid": TEXTS,
    "disabled": st.sampled_from(["", "", "yes", "no", "maybe"]),
    "": TEXTS,
}
SETTINGS = {
    "form_title": TEXTS,
    "form_id": st.sampled_from(["", "water", "a/b", "the form"]),
    "version": st.sampled_from(["", "1", "2026-11-21"]),
    "default_language": st.sampled_from(["", "French(fr)", "English (en)", "bn", "German"]),
    "style": st.sampled_from(["", "pages"]),
    "clean_text_values": st.sampled_from(["", "no", "yes"]),
    "instance_name": st.sampled_from(["", "${q0}", "uuid()"]),
    "own thing": TEXTS,
}


@st.composite
def surveys(draw):
    """The rows of a survey sheet: questions, and groups and repeats that end."""
    spoken = draw(st.lists(LANGUAGES, min_size=1, max_size=3, unique=True))
    others = draw(st.lists(st.sampled_from(sorted(COLUMNS)), max_size=6, unique=True))
    hints = [f"hint{each}" for each in spoken[1:]] if "hint" not in others else []
    headers = ["type", "name", *(f"label{each}" for each in spoken), *others, *hints]
    order = draw(st.permutations(range(len(headers))))
    rows = [["text", "q0", *["Q"] * len(spoken), *[""] * (len(others) + len(hints))]]
    around = []
    for number in range(1, draw(st.integers(1, 8))):
        what = draw(st.sampled_from(["question"] * 5 + ["begin", "end", "remark", "empty"]))
        cells = [draw(COLUMNS.get(each, TEXTS)) for each in headers[2:]]
        if what == "begin":
            kind = draw(st.sampled_from(["group", "repeat"]))
            around.append(kind)
            rows.append(
                [draw(st.sampled_from([f"begin_{kind}", f"begin {kind}"])), f"q{number}", *cells]
            )
        elif what == "end" and around:
            rows.append([f"end_{around.pop()}", *[""] * (len(headers) - 1)])
        elif what == "question":
            rows.append([draw(TYPES), f"q{number}", *cells])
        elif what == "remark":
            rows.append(["", "", *[""] * len(spoken), *cells[len(spoken) :]])
        else:
            rows.append([""] * len(headers))
    rows.extend([f"end_{kind}", *[""] * (len(headers) - 1)] for kind in reversed(around))
    return [[row[at] or None for at in order] for row in (headers, *rows)]


@st.composite
def books(draw):
    """A survey, a list of choices, and perhaps settings and another sheet."""
    label = draw(LANGUAGES)
    extra = draw(st.sampled_from(["region", "missing", "image", "Order"]))
    choices = [["list_name", "name", f"label{label}", extra]]
    choices += [["l", code, draw(TEXTS) or None, draw(TEXTS) or None] for code in ("x", "y", "z")]
    book = {"survey": draw(surveys()), "choices": choices}
    named = draw(st.lists(st.sampled_from(sorted(SETTINGS)), max_size=4, unique=True))
    if named:
        book["settings"] = [named, [draw(SETTINGS[each]) or None for each in named]]
    if draw(st.booleans()):
        book["Notes"] = [[draw(TEXTS) or None for _ in range(3)] for _ in range(2)]
    return book


def made(path):
    """What pyxform makes of a workbook; None where it refuses or stumbles."""
    try:
        return by_pyxform(str(path), form_name="data").xform
    except (PyXFormError, AttributeError, TypeError, KeyError, ValueError):
        return None


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("any")
    (place / "again").mkdir()
    return place


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(book=books())
def test_any_form_comes_back_as_the_same_xform(book, folder):
    workbook = openpyxl.Workbook(write_only=True)
    for title, rows in book.items():
        page = workbook.create_sheet(title)
        for row in rows:
            page.append([f"'{each}" if each and each.startswith("=") else each for each in row])
    workbook.save(folder / "form.xlsx")
    expected = made(folder / "form.xlsx")

    try:
        whole = read_as_written(folder / "form.xlsx")
    except DefinitionError:
        assert expected is None
        return
    (folder / "form.yaml").write_text(yaml_text(whole), encoding="utf-8", newline="")
    from_yaml = read_as_written(folder / "form.yaml")
    (folder / "again" / "form.xlsx").write_bytes(xlsform_bytes(from_yaml))

    assert from_yaml == whole
    assert made(folder / "again" / "form.xlsx") == expected
