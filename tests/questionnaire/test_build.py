"""Every contradiction is named, with its place and its remedy, word for word."""

import pytest

from survey_kit.errors import DefinitionError
from survey_kit.questionnaire.build import build
from survey_kit.questionnaire.parser import parse
from survey_kit.questionnaire.yaml_file import parse_tree
from survey_kit.questionnaire.yaml_reader import read_raw

HEAD = """\
questionnaire: q
languages: {en: English}
choices:
  yes_no: [{code: yes}, {code: no, region: north}]
"""


def read(text):
    return build(read_raw(parse_tree(text, "q.yaml")))


def faults_of(text):
    with pytest.raises(DefinitionError) as caught:
        read(text)
    return [str(fault) for fault in caught.value.faults]


def interview(*lines):
    return HEAD + "interview:\n" + "".join(f"  - {line}\n" for line in lines)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (
            ["{name: age, type: text}", "{name: age, type: text}"],
            (
                "q.yaml, line 7, question 'age': the name is taken by the question at q.yaml, line 6. "
                "Give one of the two another name."
            ),
        ),
        (
            ["{name: 2nd, type: text}"],
            (
                "q.yaml, line 6, question '2nd': this cannot be a name in a form. Begin with a letter "
                "or _, and go on with letters, digits, _, - and full stops."
            ),
        ),
        (
            ["{name: '', type: text}"],
            "q.yaml, line 6: a question has no name. Give it one.",
        ),
        (
            ["{name: meta, type: text}"],
            (
                "q.yaml, line 6, question 'meta': every form has something of this name already. "
                "Give it another name."
            ),
        ),
        (
            ["{name: age}"],
            (
                "q.yaml, line 6, question 'age': it has no type. Say what is asked, for instance "
                "integer or text."
            ),
        ),
        (
            ["{name: age, type: interger}"],
            (
                "q.yaml, line 6, question 'age': there is no type called 'interger'. Did you mean "
                "'integer'?"
            ),
        ),
        (
            ["{name: age, type: integer yes_no}"],
            (
                "q.yaml, line 6, question 'age': the type 'integer' takes no list, but 'yes_no' "
                "follows it. Remove what follows the type."
            ),
        ),
        (
            ["{name: a, type: select_one}"],
            (
                "q.yaml, line 6, question 'a': the type 'select_one' needs the name of a list. Write "
                "it after the type, for instance: select_one yes_no."
            ),
        ),
        (
            ["{name: a, type: select_one yes_on}"],
            (
                "q.yaml, line 6, question 'a': there is no list called 'yes_on'. Did you mean "
                "'yes_no'?"
            ),
        ),
        (
            ["{name: a, type: select_one villages}"],
            (
                "q.yaml, line 6, question 'a': there is no list called 'villages'. Add it to the "
                "choices."
            ),
        ),
        (
            ["{name: a, type: select_one_from_file villages}"],
            (
                "q.yaml, line 6, question 'a': the type 'select_one_from_file' needs a file, but "
                "'villages' follows it. Name a file that ends in .csv, .geojson, .xml."
            ),
        ),
        (
            ["{name: a, type: select_multiple yes_no or else}"],
            (
                "q.yaml, line 6, question 'a': the name of a list has no spaces, but 'yes_no or "
                "else' follows the type. Write the name of one list."
            ),
        ),
        (
            ['{name: a, type: "select_one ${members}"}'],
            (
                "q.yaml, line 6, question 'a': there is no question called 'members'. Add the "
                "question, or remove the reference."
            ),
        ),
        (
            ["{name: a, type: calculate}"],
            "q.yaml, line 6, question 'a': there is nothing to calculate. Give it a calculation.",
        ),
        (
            ["{name: log, type: audit}"],
            (
                "q.yaml, line 6, question 'log': phones know the audit by its name alone. Call it "
                "audit."
            ),
        ),
        (
            ["{name: a, type: text, label: {fr: Nom}}"],
            (
                "q.yaml, line 6, question 'a', label: the language 'fr' is not declared. Add it "
                "under languages; there are en."
            ),
        ),
        (
            ["{name: a, type: text, privacy: secret}"],
            (
                "q.yaml, line 6, question 'a': there is no privacy class called 'secret'. The "
                "classes are identifier, quasi, sensitive, plain."
            ),
        ),
        (
            ["{name: a, type: text, privacy: sensitiv}"],
            (
                "q.yaml, line 6, question 'a': there is no privacy class called 'sensitiv'. Did you "
                "mean 'sensitive'?"
            ),
        ),
        (
            ["{name: a, type: text, read_only: perhaps}"],
            "q.yaml, line 6, question 'a': read_only is 'perhaps'. Write true or false.",
        ),
        (
            ["{name: age, type: integer}", '{name: a, type: text, relevant: "${agee} > 4"}'],
            "q.yaml, line 7, question 'a': there is no question called 'agee'. Did you mean 'age'?",
        ),
        (
            ["{name: a, type: text, label: 'Hello ${nobody}'}"],
            (
                "q.yaml, line 6, question 'a': there is no question called 'nobody'. Add the "
                "question, or remove the reference."
            ),
        ),
        (
            ["{name: a, type: text, relevant: . = 'x'}"],
            (
                "q.yaml, line 6, question 'a', relevant: the relevant refers to the question itself. "
                "Refer to a question that comes before it."
            ),
        ),
        (
            ['{name: a, type: calculate, calculation: "${a} + 1"}'],
            (
                "q.yaml, line 6, question 'a', calculation: the calculation refers to the question "
                "itself. Refer to a question that comes before it."
            ),
        ),
        (
            [
                '{name: a, type: calculate, calculation: "${b} + 1"}',
                "{name: b, type: text, relevant: \"${c} = 'x'\"}",
                '{name: c, type: calculate, calculation: "${a} + 1"}',
            ],
            (
                "q.yaml, line 6, question 'a': it waits for itself through 'b' and 'c'. Take one of "
                "these references out of a relevant or calculation."
            ),
        ),
        (
            ["{group: g, relevant: \"${x} = 'a'\", questions: [{name: x, type: text}]}"],
            (
                "q.yaml, line 6, question 'x': the group around it is relevant only after the "
                "question is answered. Move the question out of the group, or change the relevant "
                "of the group."
            ),
        ),
        (
            [
                "{group: g, questions: [{name: x, type: text}]}",
                "{group: h, questions: [{name: x, type: text}]}",
                "{name: last, type: text, relevant: \"${x} = 'a'\"}",
            ],
            (
                "q.yaml, line 8, question 'last': ${x} could mean g/x and h/x. Give them different "
                "names."
            ),
        ),
        (
            [
                "{group: g, questions: [{repeat: r, questions: [{name: x, type: text}]}]}",
                "{group: h, questions: [{repeat: r, questions: [{name: y, type: text}]}]}",
            ],
            (
                "q.yaml, line 7, repeat 'r': the name is taken by the repeat at q.yaml, line 6. Give "
                "one of the two another name."
            ),
        ),
        (
            ["{name: a, type: select_one yes_no, choice_filter: regoin = 'north'}"],
            (
                "q.yaml, line 6, question 'a', choice_filter: no choice of the list 'yes_no' has a "
                "column 'regoin'. Did you mean 'region'?"
            ),
        ),
        (
            ["{name: a, type: text, choice_filter: region = 'north'}"],
            (
                "q.yaml, line 6, question 'a': a question of type 'text' has no choices to filter. "
                "Remove the choice_filter, or make it a select_one or select_multiple."
            ),
        ),
    ],
)
def test_a_fault_in_the_interview_is_named(lines, message):
    assert message in faults_of(interview(*lines))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "interview: []\n",
            "q.yaml, line 1: the interview asks nothing. Add at least one question.",
        ),
        (
            "interview: []\nchoices: {l: []}\n",
            "q.yaml, line 2, list 'l': it holds no choice. Add its choices.",
        ),
        (
            "interview: []\nchoices:\n  l:\n    - {code: a}\n    - {code: a}\n",
            (
                "q.yaml, line 5, list 'l': the code 'a' stands in it more than once. Give every "
                "choice its own code, or set allow_choice_duplicates to yes where choice filters "
                "keep them apart."
            ),
        ),
        (
            "interview: []\nchoices: {l: [{code: a, missing: refuse}]}\n",
            "q.yaml, line 2, list 'l', choice 'a': missing is 'refuse'. Did you mean 'refused'?",
        ),
        (
            "interview: []\nchoices: {l: [{label: A}]}\n",
            "q.yaml, line 2, list 'l': a choice has no code. Give it a code.",
        ),
        (
            "choices: {l: [{code: a b}]}\ninterview: [{name: x, type: select_multiple l}]\n",
            (
                "q.yaml, line 1, list 'l', choice 'a b': the code has a space in it, but question "
                "'x' joins codes by spaces. Call it 'a_b'."
            ),
        ),
        (
            "interview: [{name: x, type: text}]\nanalysis: {weight_margins: [y]}\n",
            (
                "q.yaml, line 2, weight_margins: there is no question or derived variable called "
                "'y'. Remove it, or add the question."
            ),
        ),
        (
            "interview: [{name: x, type: text}]\nanalysis: {weight_margins: [x, x]}\n",
            "q.yaml, line 2, weight_margins: 'x' stands there twice. Remove one of the two.",
        ),
        (
            (
                "interview: [{name: x, type: text}]\n"
                "analysis: {derived: [{name: x, cases: [{code: a, when: true()}]}]}\n"
            ),
            (
                "q.yaml, line 2, derived variable 'x': a question, group or repeat has this name. "
                "Give the derived variable another name."
            ),
        ),
        (
            (
                "interview: [{name: x, type: text}]\n"
                "analysis: {derived: [{name: d, cases: [{code: a, when: \"${why} = 'b'\"}]}]}\n"
            ),
            (
                "q.yaml, line 2, derived variable 'd': there is no question called 'why'. Add the "
                "question, or remove the reference."
            ),
        ),
        (
            "interview: [{name: x, type: text}]\nanalysis: {derived: [{name: d}]}\n",
            (
                "q.yaml, line 2, derived variable 'd': it has no cases. Say under cases what its "
                "values are."
            ),
        ),
        (
            (
                "interview: [{name: x, type: text}]\n"
                "analysis: {derived: [{name: d, cases: [{code: a}, {code: a, when: true()}]}]}\n"
            ),
            (
                "q.yaml, line 2, derived variable 'd', case 'a': it does not say when it holds. Add "
                "when with an expression."
            ),
        ),
        (
            "interview: [{name: consent, type: text}]\ntests: [{name: t, answers: {consnt: a}}]\n",
            (
                "q.yaml, line 2, test 't', answers: there is no question called 'consnt'. Did you "
                "mean 'consent'?"
            ),
        ),
        (
            "interview: [{name: x, type: text}]\ntests: [{name: t}, {name: t}]\n",
            "q.yaml, line 2, test 't': another test has this name. Say in its name what it shows.",
        ),
    ],
)
def test_a_fault_anywhere_else_is_named(text, message):
    whole = text if text.startswith("questionnaire") else f"{text}questionnaire: q\n"

    assert message in faults_of(whole)


def test_an_expression_that_cannot_be_read_is_named_beside_the_others():
    found = faults_of(interview("{name: a, type: interger, relevant: \"selectd(${a}, 'x')\"}"))

    assert len(found) == 2
    assert found[0].startswith("q.yaml, line 6, question 'a': there is no type called")
    assert found[1].startswith("q.yaml, line 6, question 'a', relevant: ")
    assert "Did you mean 'selected'?" in found[1]


def test_codes_may_stand_twice_where_the_form_says_so():
    text = (
        "questionnaire: q\nsettings: {allow_choice_duplicates: yes}\n"
        "choices: {l: [{code: a, in: x}, {code: a, in: y}]}\n"
        "interview: [{name: a, type: select_one l}]\n"
    )

    assert read(text).lists["l"].codes == ("a", "a")


def test_a_question_outside_may_look_into_a_repeat():
    whole = read(
        interview(
            "{repeat: r, questions: [{name: x, type: integer}]}",
            '{name: total, type: calculate, calculation: "sum(${x}) + count(${r})"}',
        )
    )

    assert whole.by_key["total"].question.calculation.answers == ("x", "r")


def test_a_constraint_may_look_at_its_own_question():
    whole = read(interview('{name: x, type: integer, constraint: "${x} > 3"}'))

    assert whole.by_key["x"].question.constraint.answers == ("x",)


def test_a_row_of_a_repeat_may_look_at_the_row_before():
    whole = read(
        interview(
            "{repeat: r, questions: [{name: x, type: calculate, "
            'calculation: "indexed-repeat(${x}, ${r}, position(..) - 1) + 1"}]}'
        )
    )

    assert [item.key for item in whole.items] == ["x"]


def test_a_thousand_questions_in_a_row_that_wait_for_each_other_are_no_cycle():
    lines = ["{name: q0, type: text}"] + [
        f"{{name: q{number}, type: text, relevant: \"${{q{number - 1}}} = 'a'\"}}"
        for number in range(1, 1000)
    ]

    assert len(read(interview(*lines)).items) == 1000


def test_yes_and_no_become_expressions_that_say_so():
    whole = read(
        interview(
            "{name: a, type: text, required: yes}",
            "{name: b, type: text, required: FALSE}",
            "{name: c, type: text, required: \"${a} = 'x'\"}",
            "{name: d, type: text}",
        )
    )

    required = [item.question.required for item in whole.items]
    assert [each and each.source for each in required] == ["true()", "false()", "${a} = 'x'", None]


def test_a_questionnaire_and_its_questions_may_be_called_in_any_script():
    whole = read("questionnaire: পানি\ninterview: [{name: মিনিট, type: integer}]\n")

    assert (whole.name, whole.nodes[0].name) == ("পানি", "মিনিট")


@pytest.mark.parametrize("key", ["relevant", "constraint", "calculation"])
def test_a_word_that_pyxform_takes_for_false_is_false_and_stays_as_written(key):
    question = read(interview(f"{{name: a, type: text, {key}: 'NO'}}")).by_key["a"].question

    assert getattr(question, key).source == "NO"
    assert getattr(question, key).tree == parse("false()", "here").tree
    other = read(interview(f"{{name: a, type: text, {key}: 'nO'}}")).by_key["a"].question
    assert getattr(other, key).tree == parse("nO", "here").tree
