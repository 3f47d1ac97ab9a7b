"""Questionnaires of every shape, for laws that hold for all of them."""

import string
from typing import NamedTuple

import pytest
from hypothesis import strategies as st

from survey_kit.questionnaire.build import build
from survey_kit.questionnaire.model import Place, Questionnaire
from survey_kit.questionnaire.question_type import question_types
from survey_kit.questionnaire.raw import (
    Kind,
    RawCase,
    RawChoice,
    RawDerived,
    RawList,
    RawNode,
    RawQuestionnaire,
    RawTest,
)

HERE = Place("generated")
_LANGUAGES = st.sampled_from(
    [
        {},
        {"en": "English"},
        {"en": "English", "bn": "বাংলা"},
        {"ar": "العربية", "en": "English"},
        {"default": "default", "fr": "French"},
        {"fr": "French", "default": "default"},
        {"english": "english", "zh": "Chinese (simplified)"},
    ]
)
_NASTY = [
    "yes",
    "no",
    "0.75",
    "007",
    "1e5",
    "=1+1",
    "- a",
    "#x",
    "a: b",
    "a #b",
    "{x}",
    "[1]",
    "'",
    '"',
    "null",
    "~",
    "&a",
    "*a",
    "!tag",
    "%",
    "@",
    "`",
    "|",
    ">",
    "2026-11-21",
    "_x0041_",
    "http://example.org",
    "two\nlines",
    "a\n\n b:\n# c",
    "tab\there",
    "বাংলা",
    "مرحبا",
    "🙂",
    "a\u00a0b",
    "\\n",
    "x" * 200,
]
_SIGNS = string.ascii_letters + string.digits + " _-:#'\"{}[],&*!|>%@`?=~\\/()\néবা"
_TEXT = (
    st.one_of(st.sampled_from(_NASTY), st.text(_SIGNS, min_size=1, max_size=30))
    .map(str.strip)
    .filter(bool)
)
_CODE = st.text(string.ascii_lowercase + string.digits + "_.-", min_size=1, max_size=6)
_PRIVACY = st.sampled_from(["", "identifier", "quasi", "sensitive", "plain"])


class Frame(NamedTuple):
    """What a questionnaire is made around: its languages and its lists."""

    languages: tuple[str, ...]
    lists: tuple[str, ...]


def _is(name, code):
    return f"${{{name}}} = '{code}'"


@st.composite
def _texts(draw, frame):
    chosen = draw(st.sets(st.sampled_from(frame.languages)))
    return {code: draw(_TEXT) for code in frame.languages if code in chosen}


@st.composite
def _question(draw, frame, name, earlier):
    kinds = sorted(set(question_types()) - {"audit", "calculate"})
    kind = draw(st.sampled_from(kinds))
    takes = question_types()[kind].takes_choices
    cells = {"type": f"{kind} {draw(st.sampled_from(frame.lists))}" if takes else kind}
    for key in ("default", "appearance", "parameters"):
        if draw(st.booleans()):
            cells[key] = draw(_TEXT).replace("${", "")
    if draw(st.booleans()):
        cells["required"] = draw(st.sampled_from(["yes", "false()", _is(name, "a")]))
    if draw(st.booleans()):
        cells["read_only"] = "true"
    if earlier and draw(st.booleans()):
        cells["relevant"] = _is(draw(st.sampled_from(earlier)), draw(_CODE))
    if draw(st.booleans()):
        cells["constraint"] = f". >= 0 and not(selected(., '{draw(_CODE)}'))"
    cells["privacy"] = draw(_PRIVACY)
    spoken = ("label", "hint", "constraint_message", "required_message")
    return RawNode(
        kind=Kind.QUESTION,
        name=name,
        place=HERE,
        texts={key: draw(_texts(frame)) for key in spoken},
        cells=cells,
        media={"image": draw(_texts(frame))} if draw(st.booleans()) else {},
        extra=draw(_extra()),
    )


@st.composite
def _extra(draw):
    headers = st.sampled_from(["analysis::role", "theme", "bind::x", "guidance_hint::English (en)"])
    return draw(st.dictionaries(headers, _TEXT, max_size=2))


@st.composite
def _nodes(draw, frame, names, earlier, depth):
    found = []
    for _ in range(draw(st.integers(1, 4))):
        name = f"{draw(st.sampled_from(['age', 'q', 'Ünder', '_x.y-z']))}{next(names)}"
        shape = draw(st.sampled_from(["question"] * 3 + ["group", "repeat"] * (depth < 3)))
        if shape == "question":
            found.append(draw(_question(frame, name, earlier)))
            earlier.append(name)
            continue
        kind = Kind(shape)
        cells = {"appearance": draw(st.sampled_from(["", "field-list"]))}
        if earlier and draw(st.booleans()):
            cells["relevant"] = _is(draw(st.sampled_from(earlier)), "yes")
            if kind is Kind.REPEAT:
                cells["count"] = f"${{{draw(st.sampled_from(earlier))}}}"
        found.append(
            RawNode(
                kind=kind,
                name=name,
                place=HERE,
                texts={"label": draw(_texts(frame))},
                cells=cells,
                extra=draw(_extra()),
                nodes=draw(_nodes(frame, names, earlier, depth + 1)),
            )
        )
    return tuple(found)


@st.composite
def _list(draw, frame, name):
    codes = draw(st.lists(_CODE, min_size=1, max_size=4, unique=True))
    columns = st.dictionaries(st.sampled_from(["region", "code", "media"]), _TEXT, max_size=2)
    return RawList(
        name,
        HERE,
        tuple(
            RawChoice(
                code=code,
                place=HERE,
                label=draw(_texts(frame)),
                missing=draw(st.sampled_from(["", "refused", "dont_know"])),
                media={"audio": draw(_texts(frame))} if draw(st.booleans()) else {},
                columns=draw(columns),
            )
            for code in codes
        ),
    )


@st.composite
def _derived(draw, frame, name, questions):
    codes = draw(st.lists(_CODE, min_size=1, max_size=3, unique=True))
    when = _is(draw(st.sampled_from(questions)), "yes")
    return RawDerived(
        name=name,
        place=HERE,
        label=draw(_texts(frame)),
        base=draw(st.sampled_from(["", when])),
        privacy=draw(_PRIVACY),
        cases=tuple(RawCase(code, draw(_texts(frame)), when, HERE) for code in codes),
    )


@st.composite
def _test(draw, name, questions):
    some = st.lists(st.sampled_from(questions), max_size=2, unique=True).map(tuple)
    answers = st.dictionaries(st.sampled_from(questions), st.sampled_from(["", "a b", "1"]))
    return RawTest(
        name=name,
        place=HERE,
        answers=draw(answers),
        asked=draw(some),
        not_asked=draw(some),
        values=draw(answers),
        refused=draw(some),
    )


@st.composite
def whole_questionnaires(draw):
    """Any questionnaire that the model can hold, texts chosen to be awkward."""
    languages = draw(_LANGUAGES)
    lists = tuple(f"list_{number}" for number in range(draw(st.integers(1, 3))))
    frame = Frame(tuple(languages) or ("default",), lists)
    questions: list[str] = []
    nodes = draw(_nodes(frame, iter(range(1000)), questions, 0))
    if not questions:
        nodes = (*nodes, draw(_question(frame, "last", [])))
        questions.append("last")
    sheet = st.lists(st.lists(_TEXT, max_size=3).map(tuple), max_size=3).map(tuple)
    return build(
        RawQuestionnaire(
            name=draw(st.sampled_from(["study", "Study 2026", "a.b-c"])),
            place=HERE,
            version=draw(st.sampled_from(["", "1", "2026-11-21", "1.10"])),
            title=draw(_texts(frame)),
            languages=languages,
            nodes=nodes,
            lists=tuple(draw(_list(frame, name)) for name in lists),
            weight_margins=tuple(
                (name, HERE)
                for name in draw(st.lists(st.sampled_from(questions), max_size=2, unique=True))
            ),
            derived=tuple(
                draw(_derived(frame, f"derived_{number}", questions))
                for number in range(draw(st.integers(0, 2)))
            ),
            tests=tuple(
                draw(_test(f"test: {number}", questions))
                for number in range(draw(st.integers(0, 2)))
            ),
            settings=draw(
                st.dictionaries(st.sampled_from(["style", "public_key"]), _TEXT, max_size=2)
            ),
            sheets=draw(st.dictionaries(st.sampled_from(["notes", "Plan B"]), sheet, max_size=2)),
        )
    )


@pytest.fixture(scope="session")
def questionnaires() -> st.SearchStrategy[Questionnaire]:
    """The strategy, for ``data.draw``."""
    return whole_questionnaires()
