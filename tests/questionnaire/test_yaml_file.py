"""The YAML format: what it takes, what it refuses, and that nothing is lost in it."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey_kit.errors import DefinitionError, FileProblem
from survey_kit.questionnaire.build import build
from survey_kit.questionnaire.model import Group, Missing, Privacy, Repeat
from survey_kit.questionnaire.yaml_file import parse_tree, read_yaml, write_yaml, yaml_text
from survey_kit.questionnaire.yaml_reader import read_raw

EXAMPLE = """\
questionnaire: community
version: 2026-11-21
title: {en: Community perceptions, bn: ধারণা}
languages: {en: English, bn: বাংলা}
choices:
  yes_no:
    - {code: yes, label: {en: "Yes"}}
    - {code: no, label: No}
  drivers:
    - {code: 0.75, label: {en: Economic reasons}, region: north, media: {audio: economic.mp3}}
    - {code: 1, label: {en: Prefer not to say}, missing: refused}
interview:
  - name: consent
    type: select one yes_no
    label: {en: Do you agree?}
    required: true
  - group: leaving
    relevant: ${consent} = 'yes'
    questions:
      - name: drivers
        type: select_multiple drivers
        label: Why did you leave?
        constraint: not(selected(., '1') and count-selected(.) > 1)
        constraint_message: {en: '"Prefer not to say" stands alone.'}
        privacy: sensitive
        extra: {analysis::role: outcome, anything: goes}
  - repeat: members
    count: ${consent}
    questions:
      - {name: age, type: int, required: . >= 0, read_only: no}
analysis:
  weight_margins: [consent]
  derived:
    - name: pathway
      label: {en: Pathways}
      base: ${consent} = 'yes'
      privacy: quasi
      cases:
        - {code: some, when: "count-selected(${drivers}) > 0"}
tests:
  - name: a refusal ends the interview
    answers: {consent: no, drivers: [0.75, 1]}
    not_asked: [drivers]
"""


def read(text, name="q.yaml"):
    return build(read_raw(parse_tree(text, name)))


def test_everything_in_the_example_arrives():
    whole = read(EXAMPLE)

    assert (whole.name, whole.version, whole.language) == ("community", "2026-11-21", "en")
    assert dict(whole.languages) == {"en": "English", "bn": "বাংলা"}
    assert whole.lists["yes_no"].codes == ("yes", "no")
    assert whole.lists["drivers"].codes == ("0.75", "1")
    assert whole.lists["drivers"].choices[0].columns == {"region": "north"}
    assert whole.lists["drivers"].choices[0].media == {"audio": {"en": "economic.mp3"}}
    assert whole.lists["drivers"].choices[1].missing is Missing.REFUSED
    consent, leaving, members = whole.nodes
    assert consent.type.name == "select_one"
    assert consent.required.source == "true()"
    assert isinstance(leaving, Group)
    assert leaving.relevant.answers == ("consent",)
    drivers = leaving.nodes[0]
    assert drivers.label == {"en": "Why did you leave?"}
    assert drivers.privacy is Privacy.SENSITIVE
    assert drivers.extra == {"analysis::role": "outcome", "anything": "goes"}
    assert isinstance(members, Repeat)
    assert members.count.source == "${consent}"
    assert members.nodes[0].type.name == "integer"
    assert not members.nodes[0].read_only
    assert whole.weight_margins == ("consent",)
    assert whole.derived[0].cases[0].when.answers == ("drivers",)
    assert whole.tests[0].answers == {"consent": "no", "drivers": "0.75 1"}
    assert drivers.source.row == 20


@pytest.mark.parametrize(
    "source",
    [
        "${consent} = 'yes'",
        "${age} >= 18 and ${age} < 65",
        "not(selected(., 'refused') and count-selected(.) > 1)",
        ". > 0 and . != ${age} * 2",
        "if(${age} > 3, 'a', \"b\") = 'a'",
    ],
)
def test_a_plain_expression_needs_no_quotes(source):
    text = (
        "questionnaire: a\ninterview:\n"
        "  - {name: consent, type: text}\n"
        "  - {name: age, type: integer}\n"
        "  - name: last\n"
        "    type: text\n"
        f"    constraint: {source}\n"
    )

    assert read(text).by_key["last"].question.constraint.source == source


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_is_written_is_read_again_the_same(questionnaires, data):
    whole = data.draw(questionnaires)

    again = read(yaml_text(whole))

    assert again == whole
    assert list(again.languages) == list(whole.languages)
    assert yaml_text(again) == yaml_text(whole)


def test_a_changed_question_changes_one_block_of_lines():
    before = yaml_text(read(EXAMPLE)).splitlines()
    after = yaml_text(
        read(
            EXAMPLE.replace("label: {en: Do you agree?}", "label: {en: Is that fine?}\n    hint: x")
        )
    ).splitlines()

    changed = [line for line in before if line not in after]
    added = [line for line in after if line not in before]
    assert changed == ["    label: {en: Do you agree?}"]
    assert added == ["    label: {en: Is that fine?}", "    hint: {en: x}"]


def test_a_hundred_questions_are_read_in_less_than_half_a_second(tmp_path):
    question = (
        "  - name: q{0}\n    type: select_one yes_no\n"
        "    label: {{en: Did anyone of your household do this in the last month?}}\n"
        "    relevant: ${{q0}} = 'yes'\n    privacy: plain\n"
    )
    lines = "questionnaire: long\nlanguages: {en: English}\nchoices:\n  yes_no:\n"
    lines += "    - {code: yes, label: {en: Yes}}\n    - {code: no, label: {en: No}}\n"
    lines += "interview:\n  - {name: q0, type: text}\n"
    path = tmp_path / "long.yaml"
    path.write_text(lines + "".join(question.format(number) for number in range(1, 101)))

    began = time.process_time()
    whole = read_yaml(path)
    took = time.process_time() - began

    assert len(whole.items) == 101
    assert took < 0.5


def test_the_written_file_is_complete_and_alone(tmp_path):
    whole = read(EXAMPLE)

    write_yaml(whole, tmp_path / "out.yaml")

    assert read_yaml(tmp_path / "out.yaml") == whole
    assert [path.name for path in tmp_path.iterdir()] == ["out.yaml"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "q.yaml: the file is empty. Write into it what its name promises."),
        (b"# only a remark\n", "q.yaml: the file is empty. Write into it what its name promises."),
        (b"\xff\xfe\x00", "q.yaml: the file is not text in UTF-8. Save it again as UTF-8."),
        (
            b"title: a\n",
            (
                "q.yaml: this is YAML, but no questionnaire: it has neither questionnaire nor "
                "interview. Check the name of the file."
            ),
        ),
        (
            b"- a\n- b\n",
            (
                "q.yaml: this is YAML, but no questionnaire: it has neither questionnaire nor "
                "interview. Check the name of the file."
            ),
        ),
        (
            b"questionnaire: a\ninterview: *x\n",
            (
                "q.yaml, line 2: a text begins with *, which has a meaning of its own. Put it in "
                "quotes."
            ),
        ),
        (
            b"questionnaire: &x a\nversion: *x\n",
            "q.yaml, line 1: an alias (*) repeats this part. Write it out where it is needed.",
        ),
        (
            b"questionnaire: !!python/name:os.system a\n",
            (
                "q.yaml, line 1: the tag 'tag:yaml.org,2002:python/name:os.system' has no meaning "
                "here. Put the text into quotes."
            ),
        ),
        (
            b"questionnaire: a\n---\nquestionnaire: b\n",
            "q.yaml, line 2: a second document begins here. Remove the line with ---.",
        ),
        (
            b"questionnaire: a\n? [a, b]\n: c\n",
            "q.yaml, line 2: a key is not a plain word. Put a text with brackets into quotes.",
        ),
        (
            b"questionnaire: \x07\n",
            "q.yaml: the file holds a sign that YAML does not allow. Remove control characters.",
        ),
        (
            b"questionnaire: a\ninterview:\n  - name: x\n    relevant: 'a' = ${b}\n",
            (
                "q.yaml, line 4: the quotes end here, but more follows. Put the whole text into "
                'quotes: "...".'
            ),
        ),
        (
            b"questionnaire: a\n\tversion: 1\n",
            "q.yaml, line 2: a tab stands here where only spaces may. Indent with spaces.",
        ),
        (
            b"questionnaire: a\ninterview: 'x\n",
            (
                "q.yaml, line 3: a quote begins in the line before and never ends. Close it with the "
                "sign that it began with."
            ),
        ),
        (
            b"questionnaire: a\ninterview:\n  - {name: x,\n",
            "q.yaml, line 4: the file ends in the middle of something. Save or copy it again.",
        ),
        (
            b"questionnaire: a: b\n",
            (
                "q.yaml, line 1: a colon stands here where none can. Check the indentation, and put a "
                'text with a colon into quotes: "...".'
            ),
        ),
        (
            b"questionnaire: a\nversion\ninterview: []\n",
            "q.yaml, line 3: a key without its colon. Write  key: value.",
        ),
        (
            b"questionnaire: a\ninterview: [a, b\nversion: 1\n",
            (
                "q.yaml, line 3: a bracket begins and does not end where it should. Check commas and "
                "brackets."
            ),
        ),
        (
            b"questionnaire: a\ninterview:\n  - name: x\n   type: text\n",
            (
                "q.yaml, line 4: this does not fit what stands above it. Check the indentation, and "
                "that every line is  key: value  or begins with a hyphen."
            ),
        ),
        (
            b"questionnaire: %a\n",
            (
                "q.yaml, line 1: a text begins with a sign that has a meaning of its own. Put it in "
                "quotes."
            ),
        ),
        (
            b"questionnaire: " + b"[" * 5000,
            "q.yaml: lists and mappings are nested too deeply. Nest them less deeply.",
        ),
    ],
)
def test_a_file_that_is_no_questionnaire_says_so(tmp_path, content, message):
    path = tmp_path / "q.yaml"
    path.write_bytes(content)

    with pytest.raises(FileProblem) as caught:
        read_yaml(path)

    assert str(caught.value) == message


def test_a_missing_file_says_so(tmp_path):
    with pytest.raises(FileProblem) as caught:
        read_yaml(tmp_path / "q.yaml")

    assert str(caught.value) == (
        "q.yaml: the file cannot be read (No such file or directory). Check its name and folder."
    )


def test_every_wrong_key_and_shape_is_named_at_once():
    text = """\
questionnaire: [a]
langauges: {en: English}
choices:
  yes_no:
    code: yes
interview:
  - just a text
  - name: age
    type: integer
    lable: How old are you?
    hint: [a]
    extra: {anything: goes}
  - name: age
    group: both
  - type: text
  - group: leaving
    questions: none
    name: leaving
  - name: twice
    type: text
    type: integer
analysis: {margins: []}
tests:
  - {name: t, answer: {age: 1}}
"""

    with pytest.raises(DefinitionError) as caught:
        read(text)

    assert [str(fault) for fault in caught.value.faults[:13]] == [
        "q.yaml, line 2: there is no key 'langauges'. Did you mean 'languages'?",
        "q.yaml, line 22, analysis: there is no key 'margins'. Did you mean 'weight_margins'?",
        (
            "q.yaml, line 1, questionnaire: a text was expected here, not a list or keys. Write one "
            'text, and put it into quotes if it begins with a bracket: "...".'
        ),
        "q.yaml, line 7, interview: this is no question, group or repeat. Begin with - name:.",
        "q.yaml, line 10, question 'age': there is no key 'lable'. Did you mean 'label'?",
        (
            "q.yaml, line 11, question 'age', hint: a text was expected here, not a list or keys. "
            'Write one text, and put it into quotes if it begins with a bracket: "...".'
        ),
        (
            "q.yaml, line 13, interview: this has name and group. Begin a question with name, a "
            "group with group and a repeat with repeat."
        ),
        (
            "q.yaml, line 15, interview: this has no name, group or repeat. Begin a question with "
            "name, a group with group and a repeat with repeat."
        ),
        (
            "q.yaml, line 16, interview: this has group and name. Begin a question with name, a "
            "group with group and a repeat with repeat."
        ),
        "q.yaml, line 21, question 'twice': the key 'type' stands here twice. Remove one.",
        "q.yaml, line 5, list 'yes_no': a list was expected here. Begin every element with a hyphen.",
        "q.yaml, line 24, tests: there is no key 'answer'. Did you mean 'answers'?",
        "q.yaml, line 1: the questionnaire has no name. Give it one.",
    ]


def test_what_no_questionnaire_needs_is_refused_before_it_is_taken_apart(tmp_path):
    path = tmp_path / "q.yaml"
    path.write_text(EXAMPLE + "- a\n" * 500_000, encoding="utf-8")

    with pytest.raises(FileProblem) as caught:
        read_yaml(path)

    assert str(caught.value) == (
        "q.yaml: the file has more than 500,000 lines or keys. Check its name: no such file has "
        "so many."
    )
