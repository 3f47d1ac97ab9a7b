"""Raw XML is read by cutting where it is plain, by a parser where it is not: with one result."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.yaml_file import read_yaml
from survey_kit.responses.submission_xml import Submissions

FORM = """
questionnaire: f
version: "1"
title: {en: F}
languages: {en: English}
interview:
  - {name: a, type: text, label: {en: A}}
  - group: g
    label: {en: G}
    questions:
      - {name: b, type: text, label: {en: B}}
      - repeat: r
        label: {en: R}
        questions:
          - {name: c, type: text, label: {en: C}}
          - repeat: s
            label: {en: S}
            questions: [{name: d, type: text, label: {en: D}}]
"""
HEADS = ("", '<?xml version="1.0"?>\n', "<?xml version='1.0' encoding='UTF-8' ?>", "\ufeff")
WORDS = st.sampled_from(
    [
        "",
        " x ",
        "1",
        "ü عربي",
        "a &amp; b",
        "&#65;",
        "a > b",
        "]",
        "\n",
        "a\r\nb",
        "<![CDATA[<]]>",
        "/",
        "?",
    ]
)
TAGS = (
    "a",
    "b",
    "c",
    "d",
    "g",
    "r",
    "s",
    "meta",
    "instanceID",
    "orx:meta",
    "start",
    "audit",
    "other",
)


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> Questionnaire:
    path = tmp_path_factory.mktemp("form") / "form.yaml"
    path.write_text(FORM, encoding="utf-8")
    return read_yaml(path)


@st.composite
def nodes(draw: st.DrawFn, deep: int = 4) -> str:
    tag, text = draw(st.sampled_from(TAGS)), draw(WORDS)
    match draw(st.integers(0, 5)):
        case 0:
            return f"<{tag}/>{text}"
        case 1:
            return f"<{tag} />"
        case 2 if draw(st.integers(0, 9)) == 0:
            return f"<{tag} k='1>2'>{text}</{tag}><?say a?><!-- b -->"
        case 3 | 4 | 5 if deep:
            within = "".join(draw(st.lists(nodes(deep=deep - 1), max_size=4)))
            return f"<{tag}>{draw(st.sampled_from(['', ' ']))}{within}</{tag}>"
        case _:
            return f"<{tag}>{text}</{tag}>"


def parsed(form: Questionnaire, documents: list[bytes], *, plain: bool) -> list[object]:
    read = Submissions(form)
    # A comment makes a document one for the parser, and is nothing else.
    faults = [read.add(d if plain else d + b"<!-- -->", "x") for d in documents]
    repeats = [(rows.interviews, rows.places, rows.rows) for rows in read.repeats.values()]
    return [
        [fault is None for fault in faults],
        read.rows,
        repeats,
        read.about,
        read.unknown,
        read.left_out,
        read.doubled,
    ]


@settings(max_examples=50, deadline=None)
@example(bodies=["<instanceID><a/> x </instanceID>"], head="")
@example(bodies=["<b/><b><a/></b><a><a/></a>"], head="")
@example(bodies=["<instanceID> y <g> x </g> z </instanceID><a/>w"], head="")
@given(
    bodies=st.lists(st.lists(nodes(), max_size=6).map("".join), min_size=1, max_size=3),
    head=st.sampled_from(HEADS),
)
def test_a_document_that_is_cut_says_what_the_parser_says(
    form: Questionnaire, bodies: list[str], head: str
):
    documents = [f'{head}<data id="f" version="1">{body}</data>'.encode() for body in bodies]

    assert parsed(form, documents, plain=True) == parsed(form, documents, plain=False)


@pytest.mark.parametrize(
    "document",
    [
        '<!DOCTYPE data [<!ENTITY e "x">]><data id="f"><a>&e;</a></data>'.encode("utf-16"),
        '<!DOCTYPE data><data id="f"><a>1</a></data>'.encode("utf-16-le"),
        b"<?xml version='1.0' encoding='cp037'?>" + '<!DOCTYPE data><data id="f"/>'.encode("cp037"),
        b'<?xml version="1.0"?><!DOCTYPE data><data id="f"/>',
        b'<data id="f"><a>1</b></data>',
        b'<data id="f"><a>1</a>',
        b'<data id="f"><a>\x01</a></data>',
        b'<data id="f"><a>\xff</a></data>',
        b'<data id="f" encrypted="yes"><a>1</a></data>',
        b'<data id="f">' + b"<g>" * 80 + b"</g>" * 80 + b"</data>",
    ],
)
def test_a_document_that_is_no_plain_submission_is_refused_and_leaves_nothing(
    form: Questionnaire, document: bytes
):
    read = Submissions(form)

    fault = read.add(document, "x")

    assert fault is not None
    assert not read.rows
    assert not read.about
    assert not read.unknown
