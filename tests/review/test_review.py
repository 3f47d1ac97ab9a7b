"""The review as a whole: allowed findings, files, targets, and what comes out for programs."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey_kit.errors import FileProblem
from survey_kit.forms.read import read_questionnaire
from survey_kit.forms.xlsform_writer import write_xlsform
from survey_kit.questionnaire.yaml_file import write_yaml
from survey_kit.review.glossary import read_glossary, shipped_glossary, terms_in
from survey_kit.review.patterns import explodes
from survey_kit.review.review import PROFILES, review
from survey_kit.review.reviewed import Reviewed
from survey_kit.review.rule import rules
from survey_kit.review.sarif import as_sarif

LONE = "  - {name: new, type: integer, label: {en: New, ar: جديد}, constraint: . > 0KEY}"


def lone(key=""):
    return LONE.replace("KEY", key)


# what is allowed


def test_a_finding_is_allowed_beside_its_question(found, written):
    assert found(written(lone()), "Q232") != []
    assert found(written(lone(', allow: "Q232: the hint says it"')), "Q232", "Q901") == []
    assert found(written(lone(", allow: {Q232: the hint says it}")), "Q232", "Q901") == []


def test_one_reason_may_serve_two_codes(found, written):
    said = found(written(lone(', allow: "Q232 Q311: the hint says it"')), "Q232", "Q903")

    assert said == [
        (
            "Q903",
            (
                "q.yaml, line 46, question 'new', allow 'Q311': Q311 of 'new' is allowed, and is not "
                "found. Remove it."
            ),
        )
    ]


def test_a_finding_is_allowed_for_the_form_or_for_one_question(found, written):
    allowed = "allow:\n  - {code: Q232, question: new, because: the hint says it}\n"
    for_all = "allow:\n  - {code: Q232, because: the hints say it}\n"
    other = "allow:\n  - {code: Q232, question: age, because: the hint says it}\n"

    assert found(written(lone(), more=allowed), "Q232", "Q903") == []
    assert found(written(lone(), more=for_all), "Q232", "Q903") == []
    assert [code for code, _ in found(written(lone(), more=other), "Q232", "Q903")] == [
        "Q903",
        "Q232",
    ]


def test_an_allow_without_a_reason_allows_nothing(found, written):
    allowed = "allow:\n  - {code: Q232, question: new}\n"

    assert found(written(lone(), more=allowed), "Q232", "Q901", "Q903") == [
        (
            "Q901",
            (
                "q.yaml, allow 'Q232': Q232 is allowed, and nobody says because of what. Say because of "
                "what; until then it allows nothing."
            ),
        ),
        (
            "Q232",
            (
                "q.yaml, line 46, question 'new': its constraint has no message of its own. Say in a "
                "constraint_message what is accepted."
            ),
        ),
    ]


def test_an_allow_under_a_code_that_there_is_not(found, written):
    allowed = "allow:\n  - {code: Q999, because: it was fine}\n"

    assert [code for code, _ in found(written(more=allowed), "Q902", "Q903")] == ["Q902"]


def test_what_a_target_lacks_is_allowed_without_a_word_when_nobody_asks(found, written):
    added = "  - {name: sound, type: audio, label: {en: S, ar: ص}, privacy: identifier, allow: 'Q825: Collect alone'}"

    assert found(written(added), "Q825", "Q903") == []
    assert found(written(added), "Q825", "Q903", profiles=["web"]) == []


def test_what_is_allowed_survives_a_workbook_and_comes_back(built, written, tmp_path):
    text = written(
        lone(', allow: "Q232: the hint says it"'),
        more="allow:\n  - {code: Q213, question: towns, because: for the next round}\n",
    )
    before = built(text)
    write_xlsform(before, tmp_path / "q.xlsx")
    workbook = read_questionnaire(tmp_path / "q.xlsx")
    write_yaml(workbook, tmp_path / "q.yaml")
    after = read_questionnaire(tmp_path / "q.yaml")

    assert "allow:" in (tmp_path / "q.yaml").read_text(encoding="utf-8")
    assert after == before
    for each in (before, workbook, after):
        assert not {"Q232", "Q903"} & {remark.code for remark in review(each)}
        assert "towns" not in {remark.question for remark in review(each) if remark.code == "Q213"}


# files, languages, targets


def test_files_that_are_not_beside_the_form(built, written, tmp_path):
    added = (
        "  - {name: new, type: note, label: {en: N, ar: ج}, media: {image: {en: a.png, ar: b.png}}}"
    )
    whole = built(written(added))

    def said():
        return [str(each) for each in review(whole, folder=tmp_path) if each.code == "Q510"]

    assert said() == [
        (
            "q.yaml, line 46: none of the 2 files that it names is beside the form: a.png, b.png. Put "
            "the file beside the form, or into the folder media."
        )
    ]
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "a.png").write_bytes(b"")
    assert said()[0].startswith("q.yaml, line 46: the file b.png is not beside the form.")
    (tmp_path / "b.png").write_bytes(b"")
    assert said() == []
    assert not [each for each in review(whole) if each.code == "Q510"]


def test_a_language_without_a_code_is_said_once(found, written):
    text = written().replace("ar:", "arabic:")

    assert [said for _, said in found(text, "Q509")] == [
        (
            "q.yaml, line 1, language 'arabic': 'Arabic' has no code, so phones cannot tell in which "
            "letters it is written. Write it with its code, such as Arabic (xx)."
        )
    ]


def test_texts_that_name_no_language_are_said_once(found, written):
    added = "  - {name: new, type: text, label: {en: N, ar: ج}, hint: {default: Write it}}"
    text = written(added).replace("languages: {", "languages: {default: default, ")

    assert found(text, "Q501", "Q502", "Q511") == [
        (
            "Q511",
            (
                "q.yaml, line 1, languages: hint is written without a language, where other texts "
                "name one, so that phones make a language 'default' of them. Name the language in "
                "each header, such as hint::English."
            ),
        )
    ]


def test_drafts_and_stale_translations(found, written):
    more = (
        "translations:\n  ar:\n    question/label:age: draft\n"
        "    question/label:day: {status: stale, source: The day}\n"
    )

    said = found(written(more=more), "Q507", "Q508")

    assert [code for code, _ in said] == ["Q507", "Q508"]
    assert "language 'ar': 1 text is a draft, the first at question/label:age." in said[0][1]


@pytest.mark.parametrize(
    ("profile", "code", "more"),
    [
        ("kobo", "Q816", "settings: {client_editable: 'yes'}\n"),
        ("web", "Q822", "settings: {style: pages}\n"),
        ("web", "Q823", "settings: {public_key: abc}\n"),
        ("web", "Q821", ""),
        ("kobo", "Q814", "sheets:\n  entities: [[list_name], [a], [b]]\n"),
    ],
)
def test_what_a_target_lacks_beyond_questions(found, written, profile, code, more):
    text = written(more=more)

    assert found(text, code, profiles=[profile]) != []
    assert found(text, code) == []


def test_entities_in_a_repeat_are_too_new_for_kobo(found, written):
    inside = "{name: new, type: text, label: {en: N, ar: ج}, extra: {save_to: x}}"
    added = f"  - {{repeat: rows, questions: [{inside}]}}"

    assert found(written(added), "Q814", profiles=["kobo"]) != []


def test_a_profile_that_there_is_not_is_refused(built, written):
    with pytest.raises(ValueError, match="no such profile: fax"):
        review(built(written()), profiles=["fax"])


# the glossary


def test_the_shipped_glossary_says_what_to_say_instead():
    glossary = shipped_glossary()

    found = list(terms_in("Are Illegal\nmigrants here?", "en", glossary))

    assert [(term.instead, words) for term, words in found] == [
        ("migrants in an irregular situation", "illegal\nmigrants")
    ]
    assert all(term.instead and term.why for term in glossary)
    assert len({(term.language, term.term) for term in glossary}) == len(glossary)


def test_a_study_adds_terms_as_csv_or_yaml(tmp_path, found, written):
    (tmp_path / "g.csv").write_text(
        "language,term,instead,why\nen,new*,recent,it dates\n", encoding="utf-8"
    )
    (tmp_path / "g.yaml").write_text(
        "- {language: en, term: new*, instead: recent, why: it dates}\n", encoding="utf-8"
    )

    for name in ("g.csv", "g.yaml"):
        said = found(written(lone()), "Q403", glossary=read_glossary(tmp_path / name))
        assert said == [
            (
                "Q403",
                "q.yaml, line 46, question 'new', label, en: it says 'new': it dates. Say 'recent'.",
            )
        ]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (
            "g.csv",
            "language,term\nen,new\n",
            (
                "g.csv, line 2: an entry of the glossary has no instead. Give each entry language, term, "
                "instead, why."
            ),
        ),
        (
            "g.yaml",
            "term: new\n",
            "g.yaml, line 1: the glossary is no list of terms. Begin each with - term:.",
        ),
    ],
)
def test_a_glossary_that_cannot_be_used(tmp_path, name, text, message):
    (tmp_path / name).write_text(text, encoding="utf-8")

    with pytest.raises(FileProblem) as caught:
        read_glossary(tmp_path / name)

    assert str(caught.value) == message


# for programs


def test_sarif_names_rule_file_and_line(built, written):
    remarks = review(built(written(lone())))

    log = as_sarif(remarks, rules(), {"q.yaml": Path("forms/my q.yaml")})

    json.dumps(log)
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert log["version"] == "2.1.0"
    assert [rule["id"] for rule in driver["rules"]] == sorted(rules())
    for result in run["results"]:
        assert set(result) == {"ruleId", "ruleIndex", "level", "message", "locations"}
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in {"error", "warning", "note"}
        physical = result["locations"][0]["physicalLocation"]
        assert physical["artifactLocation"] == {"uri": "forms/my%20q.yaml"}
        assert physical["region"]["startLine"] >= 1
    lines = {
        result["ruleId"]: result["locations"][0]["physicalLocation"]["region"]["startLine"]
        for result in run["results"]
    }
    assert lines["Q232"] == 46


# in bounded time, whatever it is


@pytest.mark.parametrize(
    ("pattern", "known"),
    [
        ("(a+)+$", True),
        ("(a*)*", True),
        ("([a-zA-Z]+)*@", True),
        (r"(\d+,?)+$", True),
        (r"(\d+,)+$", False),
        ("^[0-9]{9}$", False),
        ("(ab+c)+", False),
        (r"^\w+( \w+)*$", False),
        ("[", False),
        (r"\p{L}+", False),
        ("(a|b)+", False),
    ],
)
def test_which_patterns_explode(pattern, known):
    assert explodes(pattern) is known


def test_a_thousand_questions_that_wait_for_one_another_backwards(built, written):
    asks = "\n".join(
        f"  - {{name: q{at}, type: integer, label: {{en: A{at}, ar: ب{at}}}, "
        f"relevant: '${{q{at + 1}}} > 0'}}"
        for at in range(1_000)
    )
    last = "  - {name: q1000, type: integer, label: {en: Last, ar: آخر}}"
    whole = built(written(f"{asks}\n{last}"))

    began = time.perf_counter()
    remarks = review(whole)

    assert time.perf_counter() - began < 20
    assert sum(each.code == "Q310" for each in remarks) == 1_000


def test_a_chain_of_a_thousand_codes_is_followed(built, written):
    chain = " or ".join(f"${{age}} = {at}" for at in range(1_000))
    never = " and ".join(f"${{age}} = {at}" for at in range(1_000))
    added = (
        f"  - {{name: a, type: text, label: {{en: A, ar: ا}}, relevant: '{chain}'}}\n"
        f"  - {{name: b, type: text, label: {{en: B, ar: ب}}, relevant: '{never}'}}"
    )

    remarks = review(built(written(added)))

    assert [each.question for each in remarks if each.code == "Q101"] == ["b"]


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_every_questionnaire_can_be_reviewed(questionnaires, data):
    whole = data.draw(questionnaires)

    remarks = review(whole, profiles=PROFILES)

    assert {each.code for each in remarks} <= set(rules())
    assert all(each.place.file for each in remarks)
    assert Reviewed(whole).nodes
