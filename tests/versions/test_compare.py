"""What changed between two versions: one mutation, exactly one change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from survey_kit.cleaning.run_checks import run_checks
from survey_kit.forms.read import read_questionnaire
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.responses.model import Responses
from survey_kit.responses.pool import pool, read_versions
from survey_kit.responses.pool_rules import PoolRules
from survey_kit.responses.read import read_responses
from survey_kit.responses.simulate import simulate
from survey_kit.responses.submissions import write_submissions
from survey_kit.versions.change import Change, Changes, Kind, Severity
from survey_kit.versions.compare import compare
from survey_kit.versions.matching import match

FORM = """\
questionnaire: water
version: "1"
title: Water
languages: {en: English, fr: Français}
settings: {style: pages}
choices:
  yes_no:
    - {code: "yes", label: {en: "Yes", fr: Oui}}
    - {code: "no", label: {en: "No", fr: Non}}
  source:
    - {code: tap, label: {en: Tap, fr: Robinet}, kind: piped}
    - {code: well, label: {en: Well in the yard, fr: Puits}, kind: open}
    - {code: truck, label: {en: Water truck, fr: Camion}, kind: open}
    - {code: unknown, label: {en: Not known, fr: Inconnu}, missing: dont_know}
  unused:
    - {code: a, label: {en: First, fr: Premier}}
interview:
  - {name: begun, type: start}
  - name: consent
    type: select_one yes_no
    label: {en: Do you agree to take part?, fr: Acceptez-vous ?}
    hint: {en: Read it aloud, fr: Lisez}
    required: true
    privacy: plain
  - group: main
    label: {en: Water at home, fr: Eau}
    relevant: ${consent} = 'yes'
    questions:
      - name: sources
        type: select_multiple source
        label: {en: Where does your water come from?, fr: "D'où vient l'eau ?"}
        constraint: count-selected(.) <= 3
        constraint_message: {en: Three at most, fr: Trois}
        choice_filter: kind != 'closed'
        privacy: sensitive
      - name: minutes
        type: integer
        label: {en: How many minutes is it to the well?, fr: Combien de minutes ?}
        relevant: selected(${sources}, 'well') and ${consent} = 'yes'
        constraint: . >= 0 and . <= 180
        appearance: thousands-sep
        default: "10"
        privacy: plain
      - {name: cost, type: decimal, label: {en: Cost, fr: Prix}, privacy: quasi}
      - {name: told, type: text, label: {en: Anything else?, fr: Autre chose ?}, privacy: identifier}
      - {name: hours, type: calculate, calculation: "${minutes} div 60", privacy: plain}
      - {name: thanks, type: note, label: {en: Thank you, fr: Merci}}
  - repeat: people
    label: {en: Person, fr: Personne}
    count: "3"
    questions:
      - {name: age, type: integer, label: {en: Age of the person, fr: Âge}, privacy: quasi}
      - {name: born, type: date, label: {en: Birthday, fr: Naissance}, privacy: quasi}
analysis:
  weight_margins: [consent]
  derived:
    - name: far
      label: {en: Far, fr: Loin}
      base: ${consent} = 'yes'
      privacy: plain
      cases:
        - {code: near, label: {en: Near, fr: Près}, when: "${minutes} <= 30"}
        - {code: far, label: {en: Far, fr: Loin}, when: "${minutes} > 30"}
tests:
  - {name: no consent, answers: {consent: "no"}, not_asked: [sources]}
"""

B, C, S = Severity.BREAKING, Severity.COMPATIBLE, Severity.COSMETIC


@dataclass(frozen=True)
class Case:
    """One mutation: what is replaced by what, and the changes that it must give."""

    what: str
    replaced: tuple[tuple[str, str], ...]
    expected: tuple[tuple[Severity, Kind, str], ...]

    def __str__(self) -> str:
        return self.what


def case(what: str, *steps: tuple[str, str], gives: tuple[Severity, Kind, str] | None) -> Case:
    return Case(what, steps, (gives,) if gives else ())


MUTATIONS = [
    case("form id", ("questionnaire: water", "questionnaire: wash"), gives=(B, Kind.FORM_ID, "")),
    case("title", ("title: Water", "title: Wash"), gives=(S, Kind.TITLE, "")),
    case("setting of the looks", ("style: pages", "style: theme-grid"), gives=(S, Kind.SETTING, "")),
    case("encryption", ("style: pages", "style: pages, public_key: k"), gives=(C, Kind.SETTING, "")),
    case("version alone", gives=None),
    case(
        "question added",
        ("      - name: minutes\n", "      - {name: pipes, type: text, label: {en: Pipes}}\n      - name: minutes\n"),
        gives=(C, Kind.ADDED, "pipes"),
    ),
    case(
        "question removed",
        ("      - {name: cost, type: decimal, label: {en: Cost, fr: Prix}, privacy: quasi}\n", ""),
        gives=(B, Kind.REMOVED, "cost"),
    ),
    case(
        "note removed",
        ("      - {name: thanks, type: note, label: {en: Thank you, fr: Merci}}\n", ""),
        gives=(S, Kind.REMOVED, "thanks"),
    ),
    case("renamed", ("name: told", "name: remarks"), gives=(B, Kind.RENAMED, "remarks")),
    case(
        "renamed, and said so",
        ("{name: told, type: text,", '{name: remarks, extra: {"analysis::renamed_from": told}, type: text,'),
        gives=(C, Kind.RENAMED, "remarks"),
    ),
    case("text to integer", ("name: told, type: text", "name: told, type: integer"), gives=(B, Kind.TYPE, "told")),
    case("text to barcode", ("name: told, type: text", "name: told, type: barcode"), gives=(C, Kind.TYPE, "told")),
    case("decimal to integer", ("type: decimal", "type: integer"), gives=(B, Kind.TYPE, "cost")),
    case("integer to decimal", ("name: age, type: integer", "name: age, type: decimal"), gives=(C, Kind.TYPE, "age")),
    case("date to dateTime", ("type: date,", "type: dateTime,"), gives=(B, Kind.TYPE, "born")),
    case("one to several", ("type: select_one yes_no", "type: select_multiple yes_no"), gives=(B, Kind.TYPE, "consent")),
    case("several to a ranking", ("type: select_multiple source", "type: rank source"), gives=(B, Kind.TYPE, "sources")),
    case("note to text", ("name: thanks, type: note", "name: thanks, type: text"), gives=(C, Kind.TYPE, "thanks")),
    case("text to note", ("name: told, type: text", "name: told, type: note"), gives=(B, Kind.TYPE, "told")),
    case("group renamed", ("group: main", "group: core"), gives=(B, Kind.GROUP_PATH, "sources")),
    case("repeat renamed", ("repeat: people", "repeat: members"), gives=(B, Kind.REPEAT, "age")),
    case(
        "out of a repeat",
        ("      - {name: born, type: date, label: {en: Birthday, fr: Naissance}, privacy: quasi}\n", ""),
        (
            "analysis:\n",
            "  - {name: born, type: date, label: {en: Birthday, fr: Naissance}, privacy: quasi}\nanalysis:\n",
        ),
        gives=(B, Kind.REPEAT, "born"),
    ),
    case(
        "order",
        ("      - {name: told, type: text, label: {en: Anything else?, fr: Autre chose ?}, privacy: identifier}\n", ""),
        (
            "      - name: sources\n",
            ("      - {name: told, type: text, label: {en: Anything else?, fr: Autre chose ?}, privacy: identifier}\n"
            "      - name: sources\n"),
        ),
        gives=(C, Kind.ORDER, "told"),
    ),
    case("punctuation", ("Anything else?", "Anything else"), gives=(S, Kind.LABEL, "told")),
    case("a slip", ("Do you agree to", "Do you agreee to"), gives=(S, Kind.LABEL, "consent")),
    case("wording", ("Anything else?", "What did we forget?"), gives=(C, Kind.LABEL, "told")),
    case("translation", ("Autre chose ?", "Remarques ?"), gives=(C, Kind.TRANSLATION, "told")),
    case("translation gone", (", fr: Autre chose ?", ""), gives=(C, Kind.TRANSLATION, "told")),
    case("hint", ("Read it aloud", "Read slowly"), gives=(S, Kind.HINT, "consent")),
    case("message", ("Three at most", "No more than three"), gives=(S, Kind.MESSAGE, "sources")),
    case("appearance", ("thousands-sep", "numbers"), gives=(S, Kind.APPEARANCE, "minutes")),
    case("default", ('default: "10"', 'default: "20"'), gives=(C, Kind.DEFAULT, "minutes")),
    case("read only", ('default: "10"', 'default: "10"\n        read_only: true'), gives=(C, Kind.READ_ONLY, "minutes")),
    case("required no more", ("    required: true\n", ""), gives=(C, Kind.REQUIRED, "consent")),
    case("required now", ("        appearance: thou", "        required: true\n        appearance: thou"), gives=(C, Kind.REQUIRED, "minutes")),
    case("class lowered", ("privacy: sensitive", "privacy: plain"), gives=(C, Kind.PRIVACY, "sources")),
    case("class raised", ("privacy: sensitive", "privacy: identifier"), gives=(C, Kind.PRIVACY, "sources")),
    case("constraint narrowed", (". <= 180", ". <= 120"), gives=(C, Kind.CONSTRAINT, "minutes")),
    case("constraint widened", (". <= 180", ". < 200"), gives=(C, Kind.CONSTRAINT, "minutes")),
    case("constraint respelt", (". >= 0 and . <= 180", "180 >= . and (0<=.)"), gives=(S, Kind.CONSTRAINT, "minutes")),
    case(
        "relevant respelt",
        ("selected(${sources}, 'well') and ${consent} = 'yes'", 'selected(${consent}, "yes") and (selected(${sources}, "well"))'),
        gives=(S, Kind.RELEVANT, "minutes"),
    ),
    case("relevant widened", ("selected(${sources}, 'well') and ${consent} = 'yes'", "${consent} = 'yes'"), gives=(C, Kind.RELEVANT, "minutes")),
    case("relevant changed", ("'well') and", "'tap') and"), gives=(C, Kind.RELEVANT, "minutes")),
    case("relevant of a group", ("    relevant: ${consent} = 'yes'\n", ""), gives=(C, Kind.RELEVANT, "main")),
    case("heading of a group", ("Water at home", "At home"), gives=(S, Kind.LABEL, "main")),
    case("rows", ('count: "3"', 'count: "4"'), gives=(C, Kind.COUNT, "people")),
    case("filter", ("kind != 'closed'", "kind = 'open'"), gives=(C, Kind.CHOICE_FILTER, "sources")),
    case("calculation", ("div 60", "div 3600"), gives=(B, Kind.CALCULATION, "hours")),
    case("calculation respelt", ('"${minutes} div 60"', '"(${minutes})  div 60"'), gives=(S, Kind.CALCULATION, "hours")),
    case("trigger", ("name: hours, type: calculate,", 'name: hours, type: calculate, extra: {trigger: "${cost}"},'), gives=(C, Kind.COLUMN, "hours")),
    case("unknown column", ("name: hours, type: calculate,", "name: hours, type: calculate, extra: {remark: x},"), gives=(S, Kind.COLUMN, "hours")),
    case(
        "choice added",
        ("    - {code: truck,", "    - {code: river, label: {en: River, fr: Fleuve}, kind: open}\n    - {code: truck,"),
        gives=(C, Kind.CHOICE_ADDED, "source"),
    ),
    case(
        "choice removed",
        ("    - {code: truck, label: {en: Water truck, fr: Camion}, kind: open}\n", ""),
        gives=(B, Kind.CHOICE_REMOVED, "source"),
    ),
    case("code of a choice", ("{code: truck,", "{code: lorry,"), gives=(B, Kind.CHOICE_RECODED, "source")),
    case("another meaning", ("{en: Tap, fr: Robinet}", "{en: Bottle, fr: Bouteille}"), gives=(B, Kind.CHOICE_MEANING, "source")),
    case("choice respelt", ("en: Water truck", "en: water-truck"), gives=(S, Kind.CHOICE_WORDING, "source")),
    case("choice explained", ("en: Water truck", "en: Water truck (any size)"), gives=(C, Kind.CHOICE_WORDING, "source")),
    case("choice translated otherwise", ("fr: Camion", "fr: Véhicule"), gives=(C, Kind.CHOICE_TRANSLATION, "source")),
    case("choice counts as an answer", (", missing: dont_know", ""), gives=(C, Kind.CHOICE_MISSING, "source")),
    case("column of a choice", ("fr: Puits}, kind: open", "fr: Puits}, kind: closed"), gives=(C, Kind.CHOICE_COLUMN, "source")),
    case("list that nobody uses", ("{code: a,", "{code: b,"), gives=(S, Kind.CHOICE_RECODED, "unused")),
    case("margins", ("weight_margins: [consent]", "weight_margins: []"), gives=(C, Kind.MARGINS, "")),
    case("derived", ("<= 30", "<= 45"), gives=(C, Kind.DEFINITION, "far")),
    case("tests", ("not_asked: [sources]", "not_asked: [cost]"), gives=(S, Kind.TESTS, "")),
]  # fmt: skip


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Questionnaire]:
    folder = tmp_path_factory.mktemp("forms")

    @cache
    def reading(text: str) -> Questionnaire:
        path = folder / "form.yaml"
        path.write_text(text, encoding="utf-8")
        return read_questionnaire(path)

    return reading


def mutated(*steps: tuple[str, str], version: str = "2") -> str:
    text = FORM.replace('version: "1"', f'version: "{version}"')
    for before, after in steps:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return text


def told(changes: Changes) -> list[tuple[Severity, Kind, str]]:
    return [(each.severity, each.kind, each.subject) for each in changes.changes]


def only(changes: Changes) -> Change:
    (change,) = changes.changes
    return change


def test_a_form_does_not_differ_from_itself(read: Callable[[str], Questionnaire]):
    form = read(FORM)

    changes = compare(form, form)

    assert not changes
    assert told(changes) == []


@pytest.mark.parametrize("mutation", MUTATIONS, ids=str)
def test_one_mutation_gives_exactly_its_change(
    mutation: Case, read: Callable[[str], Questionnaire]
):
    changes = compare(read(FORM), read(mutated(*mutation.replaced)))

    assert told(changes) == list(mutation.expected)


@pytest.mark.parametrize("mutation", MUTATIONS, ids=str)
def test_what_comes_one_way_goes_the_other(mutation: Case, read: Callable[[str], Questionnaire]):
    old, new = read(FORM), read(mutated(*mutation.replaced))

    there, back = compare(old, new), compare(new, old)

    mirrored = {
        Kind.ADDED: Kind.REMOVED,
        Kind.REMOVED: Kind.ADDED,
        Kind.CHOICE_ADDED: Kind.CHOICE_REMOVED,
        Kind.CHOICE_REMOVED: Kind.CHOICE_ADDED,
    }
    kinds = sorted(mirrored.get(each.kind, each.kind).name for each in there.changes)
    if mutation.what != "renamed, and said so":
        assert kinds == sorted(each.kind.name for each in back.changes)


@dataclass(frozen=True)
class Collected:
    """Simulated interviews of the old form, and the file of their submissions."""

    form: Questionnaire = field(repr=False)
    responses: Responses = field(repr=False)
    file: Path


@pytest.fixture(scope="module")
def collected(
    read: Callable[[str], Questionnaire], tmp_path_factory: pytest.TempPathFactory
) -> Collected:
    form, file = read(FORM), tmp_path_factory.mktemp("collected") / "answers.zip"
    responses = simulate(form, 25, seed=7)
    write_submissions(responses, file)
    return Collected(form, responses, file)


def answers_of(responses: Responses) -> dict[str, pd.Series]:
    """Key of a question -> its answers, without the empty cells."""
    frames = [responses.frame, *(rows.frame for rows in responses.repeats.values())]
    return {str(key): frame[key].dropna() for frame in frames for key in frame.columns}


def assert_nothing_is_lost(collected: Collected, new: Questionnaire) -> None:
    """Every answer given under the old form stands, the same, under the new one."""
    matching = match(collected.form, new)
    if matching.renamed:
        found = read_versions(collected.file, new, [collected.form])
    else:
        found = read_responses(collected.file, new)
    given, kept = answers_of(collected.responses), answers_of(found)
    new_key = {old: key for key, old in matching.old_key.items()}
    for key, answers in given.items():
        if len(answers):
            there = kept[new_key[key]]
            assert dict(zip(there.index, there, strict=True)) == dict(
                zip(answers.index, answers, strict=True)
            ), key


@pytest.mark.parametrize("mutation", MUTATIONS, ids=str)
def test_what_does_not_break_loses_no_answer(
    mutation: Case, read: Callable[[str], Questionnaire], collected: Collected
):
    new = read(mutated(*mutation.replaced))
    if not compare(collected.form, new).breaking:
        assert_nothing_is_lost(collected, new)


@given(chosen=st.lists(st.sampled_from(MUTATIONS), min_size=2, max_size=5, unique=True))
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_many_mutations_together_break_or_lose_no_answer(
    chosen: list[Case], read: Callable[[str], Questionnaire], collected: Collected
):
    text = FORM.replace('version: "1"', 'version: "2"')
    for before, after in (step for mutation in chosen for step in mutation.replaced):
        assume(text.count(before) == 1)
        text = text.replace(before, after)
    new = read(text)

    changes = compare(collected.form, new)

    severities = {severity for each in chosen for severity, _, _ in each.expected}
    if B in severities:
        assert changes.breaking
    elif not changes.breaking:
        assert_nothing_is_lost(collected, new)


def test_a_form_that_changed_and_kept_its_version_is_breaking(
    read: Callable[[str], Questionnaire],
):
    changes = compare(read(FORM), read(mutated(("Read it aloud", "Read slowly"), version="1")))

    assert told(changes) == [(B, Kind.VERSION_UNCHANGED, ""), (S, Kind.HINT, "consent")]


def test_what_phones_do_not_show_needs_no_new_version(read: Callable[[str], Questionnaire]):
    changes = compare(read(FORM), read(mutated(("<= 30", "<= 45"), version="1")))

    assert told(changes) == [(C, Kind.DEFINITION, "far")]


def test_labels_swapped_between_codes_break_both(read: Callable[[str], Questionnaire]):
    swapped = (
        ('{code: "yes", label: {en: "Yes", fr: Oui}}', '{code: "yes", label: {en: "No", fr: Non}}'),
        ('{code: "no", label: {en: "No", fr: Non}}', '{code: "no", label: {en: "Yes", fr: Oui}}'),
    )
    text = mutated(swapped[0]).replace(swapped[1][0], swapped[1][1], 1)

    changes = compare(read(FORM), read(text))

    assert [(each.severity, each.kind, each.code) for each in changes.changes] == [
        (B, Kind.CHOICE_MEANING, "yes"),
        (B, Kind.CHOICE_MEANING, "no"),
    ]
    assert changes.changes[0].why == (
        "the code now says what another code said: answers of both would be mixed up"
    )


def test_labels_swapped_in_one_language_alone_break_too(read: Callable[[str], Questionnaire]):
    text = mutated().replace("fr: Oui", "fr: X").replace("fr: Non", "fr: Oui")

    changes = compare(read(FORM), read(text.replace("fr: X", "fr: Non")))

    assert {each.kind for each in changes.changes} == {Kind.CHOICE_MEANING}


def test_a_change_names_the_place_in_the_new_file_and_the_questions_concerned(
    read: Callable[[str], Questionnaire],
):
    change = only(compare(read(FORM), read(mutated(("{code: truck,", "{code: lorry,")))))

    assert str(change.place) == "form.yaml, line 13"
    assert (change.questions, change.old, change.new) == (
        ("sources",),
        "truck (Water truck)",
        "lorry (Water truck)",
    )
    assert change.remedy == (
        "Keep the code 'truck', or say in study.yaml, under pool, sources: {truck: lorry}"
    )


def test_a_renamed_question_is_followed_into_expressions_and_labels(
    read: Callable[[str], Questionnaire],
):
    text = (
        mutated(
            ("- name: consent\n", "- name: agreed\n    extra: {renamed_from: consent}\n"),
        )
        .replace("${consent}", "${agreed}")
        .replace("[consent]", "[agreed]")
        .replace("{consent:", "{agreed:")
    )

    changes = compare(read(FORM), read(text))

    assert told(changes)[0] == (C, Kind.RENAMED, "agreed")
    assert {each.kind for each in changes.changes} <= {
        Kind.RENAMED, Kind.RELEVANT, Kind.MARGINS, Kind.TESTS, Kind.DEFINITION,
    }  # fmt: skip
    assert not changes.breaking


@pytest.mark.parametrize(
    "mutation",
    [
        each
        for each in MUTATIONS
        if each.what
        in ("relevant changed", "constraint narrowed", "required now", "filter", "repeat renamed")
    ],
    ids=str,
)
def test_pooled_interviews_break_no_rule_of_the_form_they_were_made_with(
    mutation: Case, read: Callable[[str], Questionnaire], collected: Collected
):
    new = read(mutated(*mutation.replaced))
    breaking = compare(collected.form, new).breaking
    rules = PoolRules(left_behind=frozenset(key for each in breaking for key in each.questions))

    pooled = pool([collected.responses, simulate(new, 10, seed=6)], new, rules=rules)

    found = run_checks(pooled, {}).findings["check"]
    replayed = {"skip_violated", "required_blank", "constraint_violated", "not_offered"}
    assert not replayed & set(found)
