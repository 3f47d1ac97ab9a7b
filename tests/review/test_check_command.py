"""survey-kit check: what is printed, for people and for programs, and with which exit code."""

import json

import pytest
from click.testing import CliRunner

from survey_kit.cli.check import command
from survey_kit.errors import UsageError

FORM = """\
questionnaire: q
languages: {en: English}
choices:
  yes_no:
    - {code: yes, label: Yes}
    - {code: no, label: No}
interview:
  - {name: agrees, type: select_one yes_no, label: Do you agree?}
  - {name: age, type: integer, label: How old are you?, relevant: "${agrees} = 'yes'"KEY}
"""


@pytest.fixture
def check(tmp_path, monkeypatch):
    """(exit code, what was printed) of a check of a form, with options."""
    monkeypatch.chdir(tmp_path)

    def _check(text, *options, file="q.yaml"):
        (tmp_path / file).write_text(text, encoding="utf-8")
        outcome = CliRunner().invoke(command, [file, *options], standalone_mode=False)
        if outcome.exception is not None:
            raise outcome.exception
        return outcome.return_value, outcome.output

    return _check


def form(key=""):
    return FORM.replace("KEY", key)


def test_nothing_found(check):
    assert check(form()) == (0, "q.yaml: nothing found; 2 questions, 1 list, 1 language\n")


def test_each_finding_has_a_line_and_the_last_line_counts_them(check):
    code, out = check(form(', constraint: ". > 9 and . < 5"'))

    assert code == 1
    assert out == (
        "Q103 error: q.yaml, line 9, question 'age', constraint: no answer passes it. Check its "
        "'and' and 'or', its numbers, and the codes in it.\n"
        "Q232 note: q.yaml, line 9, question 'age': its constraint has no message of its own. Say "
        "in a constraint_message what is accepted.\n"
        "q.yaml: 1 error, 1 note; 2 questions, 1 list, 1 language\n"
    )


def test_notes_do_not_fail_unless_they_are_to(check):
    assert check(form(', constraint: ". > 9"'))[0] == 0
    assert check(form(', constraint: ". > 9"'), "--fail-on", "note")[0] == 1
    assert check(form(", hint: {en: ''}, required: false"), "--fail-on", "error")[0] == 0


def test_what_is_alike_is_shown_eight_times(check):
    many = "".join(
        f"  - {{name: q{at}, type: integer, label: Number {at}?, constraint: . > 0}}\n"
        for at in range(20)
    )

    _, out = check(form() + many)
    _, everything = check(form() + many, "--all")

    assert out.count("Q232 note: q.yaml") == 8
    assert "Q232 note: and 12 more; --all shows them\n" in out
    assert everything.count("Q232 note: q.yaml") == 20


def test_a_definition_that_contradicts_itself_is_a_finding_too(check):
    code, out = check(form(", choices: [x]"), "--json")

    (found,) = json.loads(out)["findings"]
    assert code == 1
    assert (found["code"], found["rule"], found["severity"]) == ("Q001", "definition", "error")
    assert (found["file"], found["row"], found["question"]) == ("q.yaml", 9, "age")


def test_what_is_not_understood_is_one_finding_among_the_others(check):
    code, out = check(form(", constraint: 'selectd(.)'"), "--json")

    found = {each["code"]: each for each in json.loads(out)["findings"]}
    assert code == 1
    assert set(found) == {"Q003", "Q232"}
    assert (found["Q003"]["severity"], found["Q003"]["row"]) == ("error", 9)
    assert found["Q003"]["question"] == "age"
    assert found["Q003"]["what"].startswith("there is no function 'selectd'")


def test_what_only_surveycto_knows_is_a_finding_of_its_own(check):
    code, out = check(form(", constraint: 'duration() > 60'"), "--json")

    found = {each["code"]: each for each in json.loads(out)["findings"]}
    assert code == 1
    assert found["Q004"]["question"] == "age"
    assert found["Q004"]["what"] == "only SurveyCTO knows duration()"


def test_json_counts_what_each_language_has(check):
    text = form().replace("{en: English}", "{en: English, fr: French}")

    _, out = check(text, "--json")

    whole = json.loads(out)
    assert {each["code"] for each in whole["findings"]} == {"Q502"}
    assert {"language": "fr", "kind": "label", "present": 0, "of": 4, "share": 0.0} in whole[
        "languages"
    ]


def test_sarif_points_at_the_row_of_a_file(check):
    _, out = check(form(', constraint: ". > 9 and . < 5"'), "--sarif")

    log = json.loads(out)
    first = log["runs"][0]["results"][0]
    assert first["ruleId"] == "Q103"
    assert first["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "q.yaml"},
        "region": {"startLine": 9},
    }


def test_a_glossary_beside_the_form_and_one_by_option(check, tmp_path):
    (tmp_path / "glossary.csv").write_text(
        "language,term,instead,why\nen,old,grown up,\n", encoding="utf-8"
    )
    (tmp_path / "more.yaml").write_text("- {term: agree, instead: consent}\n", encoding="utf-8")

    _, out = check(form(), "--glossary", "more.yaml")

    assert "question 'age', label: it says 'old'. Say 'grown up'." in out
    assert "question 'agrees', label: it says 'agree'. Say 'consent'." in out


def test_profiles_add_rules(check):
    text = form() + "  - {name: code, type: barcode, label: Scan it, privacy: quasi}\n"

    assert "Q827" not in check(text)[1]
    assert "Q827 warning" in check(text, "--profile", "web", "--profile", "kobo")[1]


def test_json_and_sarif_at_once_are_refused(check):
    with pytest.raises(UsageError) as caught:
        check(form(), "--json", "--sarif")

    assert (
        str(caught.value) == "check: both --json and --sarif were asked for. Ask for one of them."
    )
