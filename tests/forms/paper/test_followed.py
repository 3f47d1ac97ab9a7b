"""Whoever follows the paper asks what the form asks: no more, no less.

Random respondents answer the form; an enumerator who has only the printed words
(conftest.py) goes through the paper with their answers. The engine says who was to be
asked what.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_kit.forms.paper.compose import compose
from survey_kit.forms.paper.numbering import number
from survey_kit.forms.paper.sheet import Ask, Bar, Roster, Ticks
from survey_kit.forms.read import read_questionnaire
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.phrases import phrases_in
from survey_kit.questionnaire.yaml_file import read_yaml
from survey_kit.responses.model import Responses
from survey_kit.responses.replay import begin
from survey_kit.responses.simulate import simulate

ROOT = Path(__file__).parents[3]
STUDY = ROOT / "instruments" / "community_perceptions" / "questionnaire.yaml"


def written(value: object) -> str:
    if pd.isna(value):
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def differences(questionnaire: Questionnaire, responses: Responses, enumerator) -> Counter[str]:
    """What the paper asks and the form does not, or the other way round, by question."""
    numbering = number(questionnaire)
    language = questionnaire.language
    phrases = phrases_in(language, questionnaire.languages[language])
    sheet = compose(questionnaire)
    replay = begin(responses)
    people = list(responses.frame.index)
    answers: dict[str, dict] = {each: {} for each in people}
    entries: dict[str, dict] = {each: {} for each in people}
    wanted: dict[str, Counter] = {each: Counter() for each in people}
    for name, rows in responses.repeats.items():
        for person, *entry in rows.frame.index:
            entries[person].setdefault(name, []).append(tuple(entry))
    for item in questionnaire.items:
        called = numbering.called(item.key, phrases)
        if not called:
            continue
        filled = responses.repeats[item.repeats[-1]] if item.repeats else responses
        asked = replay.question(item.key)
        given = filled.frame.get(item.key)
        for place, index in enumerate(filled.frame.index):
            person, entry = (index[0], tuple(index[1:])) if item.repeats else (index, ())
            wanted[person][called, entry] += int(asked[place])
            if given is not None:
                answers[person][called, entry] = written(given.iloc[place])
    rosters = {numbering.called(item.key, phrases): item.repeats for item in questionnaire.items}
    found: Counter[str] = Counter()
    for person in people:
        got = Counter(enumerator(sheet, answers[person], entries[person], rosters).go())
        found.update(f"missed {what}" for what, _ in (wanted[person] - got).elements())
        found.update(f"too much {what}" for what, _ in (got - wanted[person]).elements())
    return found


def signs(questionnaire: Questionnaire) -> tuple[int, int]:
    """How many arrows and bars a sheet has."""

    def descend(rows):
        for row in rows:
            if isinstance(row, Roster):
                yield from descend(row.rows)
            else:
                yield row

    sheet = compose(questionnaire)
    rows = list(descend([*sheet.consent, *sheet.rows]))
    boxes = [row.box for row in rows if isinstance(row, Ask) and isinstance(row.box, Ticks)]
    arrows = sum(bool(tick.arrow) for box in boxes for tick in box.ticks)
    return arrows, sum(isinstance(row, Bar) for row in rows)


@pytest.mark.client
def test_on_paper_the_study_asks_what_its_form_asks(enumerator) -> None:
    study = read_questionnaire(STUDY)

    found = differences(study, simulate(study, 40, seed=7), enumerator)

    assert found == Counter()
    arrows, bars = signs(study)
    assert arrows >= 25
    assert bars >= 50


@pytest.mark.client
@pytest.mark.shared
@pytest.mark.parametrize(
    "form",
    ["iraq_households/form.xlsx", "msna_2024/REACH_2024_MSNA-kobo-tool_draft_v11.xlsx"],
)
def test_on_paper_real_forms_ask_what_they_ask_on_a_phone(enumerator, form: str) -> None:
    path = ROOT.parent / "shared" / "data" / form
    if not path.is_file():
        pytest.skip("the real surveys are not beside the project")
    real = read_questionnaire(path)

    assert differences(real, simulate(real, 20, seed=3), enumerator) == Counter()


HEAD = """\
questionnaire: made
version: "1"
languages: {en: English}
choices:
  yn:
    - {code: "yes", label: {en: "Yes"}}
    - {code: "no", label: {en: "No"}}
    - {code: dk, label: {en: Does not know}, missing: dont_know}
  many:
    - {code: a, label: {en: "Apple, green"}}
    - {code: b, label: {en: "Bread and butter"}}
    - {code: c, label: {en: "Coffee (or tea)"}}
interview:
"""
TYPES = {
    "one": "select_one yn",
    "several": "select_multiple many",
    "how_many": "integer",
    "words": "text",
    "reckoned": "calculate",
}


def conditions(names: list[tuple[str, str]]):
    """Conditions on some questions: (kind, name)."""

    def about(named: tuple[str, str]):
        kind, name = named
        if kind in ("one", "reckoned"):
            codes = st.sampled_from(["yes", "no", "dk"])
            equal = st.tuples(st.sampled_from(["=", "!="]), codes).map(
                lambda told: f"${{{name}}} {told[0]} '{told[1]}'"
            )
            return equal | codes.map(lambda code: f"selected(${{{name}}}, '{code}')")
        if kind == "several":
            count = st.tuples(st.sampled_from([">", ">=", "=", "<"]), st.integers(0, 3)).map(
                lambda told: f"count-selected(${{{name}}}) {told[0]} {told[1]}"
            )
            return (
                st.sampled_from("abc").map(lambda code: f"selected(${{{name}}}, '{code}')") | count
            )
        if kind == "how_many":
            return st.tuples(
                st.sampled_from([">", ">=", "=", "!=", "<", "<="]), st.integers(0, 3)
            ).map(lambda told: f"${{{name}}} {told[0]} {told[1]}")
        return st.sampled_from(["=", "!="]).map(lambda sign: f"${{{name}}} {sign} ''")

    single = st.sampled_from(names).flatmap(about)
    return st.recursive(
        single,
        lambda inner: st.one_of(
            inner.map(lambda each: f"not({each})"),
            st.tuples(inner, st.sampled_from([" and ", " or "]), inner).map(
                lambda told: f"({told[0]}){told[1]}({told[2]})"
            ),
        ),
        max_leaves=4,
    )


@st.composite
def interviews(draw) -> str:
    """A form: questions, notes and calculations behind conditions, in groups and rosters."""
    lines: list[str] = []
    made = 0

    def descend(known: list[tuple[str, str]], margin: str, depth: int) -> None:
        nonlocal made
        for _ in range(draw(st.integers(2, 5))):
            made += 1
            name = f"q{made}"
            kind = draw(st.sampled_from([*TYPES, "one", "one", "note", "group", "repeat"]))
            if depth > 2 and kind in ("group", "repeat"):
                kind = "one"
            relevant = ""
            if known and draw(st.integers(0, 2)):
                relevant = draw(conditions(known))
            told = f'relevant: "{relevant}"' if relevant else ""
            if kind in ("group", "repeat"):
                lines.append(f"{margin}- {kind}: {name}")
                lines.append(f"{margin}  label: {{en: Part {made}}}")
                lines.extend([f"{margin}  {told}"] if told else [])
                lines.append(f"{margin}  questions:")
                descend(known if kind == "group" else list(known), margin + "    ", depth + 1)
                continue
            told = f", {told}" if told else ""
            more = {
                "how_many": ", constraint: . >= 0 and . <= 4",
                "reckoned": ", calculation: \"if(${%s} != '', 'yes', 'no')\"",
            }.get(kind, "")
            if kind == "reckoned":
                if not known:
                    continue
                more = more % draw(st.sampled_from(known))[1]
            type_ = TYPES.get(kind, kind)
            lines.append(
                f"{margin}- {{name: {name}, type: {type_}, label: {{en: Words {made}}}{more}{told}}}"
            )
            if kind != "note":
                known.append((kind, name))

    lines.append("  - {name: first, type: select_one yn, label: {en: Words 0}}")
    descend([("one", "first")], "  ", 0)
    return "\n".join(lines)


@settings(max_examples=15, deadline=None)
@given(interview=interviews(), seed=st.integers(0, 9))
def test_on_paper_any_form_asks_what_it_asks_on_a_phone(
    interview: str, seed: int, enumerator, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("form") / "q.yaml"
    path.write_text(HEAD + interview + "\n", encoding="utf-8")
    form = read_yaml(path)

    found = differences(form, simulate(form, 8, seed=seed), enumerator)

    assert found == Counter(), "\n" + interview
