"""Forms to be reviewed, written as their authors write them."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from survey_kit.questionnaire.build import build
from survey_kit.questionnaire.yaml_file import parse_tree
from survey_kit.questionnaire.yaml_reader import read_raw
from survey_kit.review.review import review

HEAD = """\
questionnaire: q
languages: {en: English, ar: Arabic}
choices:
  yes_no:
    - {code: yes, label: {en: Yes, ar: نعم}}
    - {code: no, label: {en: No, ar: لا}}
  sources:
    - {code: well, label: {en: Well, ar: بئر}}
    - {code: river, label: {en: River, ar: نهر}}
    - {code: "3", label: {en: Rain, ar: مطر}}
  numbers:
    - {code: "1", label: {en: Near, ar: قريب}}
    - {code: "2.0", label: {en: Far, ar: بعيد}}
  regions:
    - {code: north, label: {en: North, ar: شمال}}
    - {code: south, label: {en: South, ar: جنوب}}
  towns:
    - {code: a, label: {en: Aa, ar: أ}, region: north}
    - {code: b, label: {en: Bb, ar: ب}, region: south}
LISTS
interview:
"""
QUESTIONS = {
    "agrees": "select_one yes_no",
    "region": "select_one regions",
    "sources": "select_multiple sources",
    "how_far": "select_multiple numbers",
    "age": "integer",
    "height": "decimal",
    "day": "date",
    "words": "text",
}
"""What every form asks before whatever a test adds."""


def question(name, kind, **keys):
    """One question in YAML, with a label in both languages."""
    label = keys.pop("label", f"{{en: The {name}, ar: سؤال {name}}}")
    lines = [f"  - name: {name}", f"    type: {kind}", f"    label: {label}"]
    lines += [f"    {key}: {value}" for key, value in keys.items()]
    return "\n".join(lines)


def form(added="", *, lists="", asked=True, more=""):
    """A whole definition: the lists, the questions that every form asks, and those added."""
    before = [question(name, kind) for name, kind in QUESTIONS.items()] if asked else []
    body = "\n".join([*before, added]) if added else "\n".join(before)
    return f"{HEAD.replace('LISTS', lists)}{body}\n{more}"


def questionnaire(text):
    """The questionnaire that a definition means."""
    return build(read_raw(parse_tree(text, "q.yaml")))


@pytest.fixture
def asks():
    """`question`."""
    return question


@pytest.fixture
def written():
    """`form`."""
    return form


@pytest.fixture
def built():
    """`questionnaire`."""
    return questionnaire


@pytest.fixture
def found():
    """What is found in a definition: (code, remark) pairs, those of some codes only if asked."""

    def _found(text, *codes, **keys):
        remarks = review(questionnaire(text), **keys)
        return [(each.code, str(each)) for each in remarks if not codes or each.code in codes]

    return _found


@pytest.fixture(scope="session")
def questionnaires():
    """Questionnaires of every shape, as the tests of the questionnaire draw them."""
    path = Path(__file__).parents[1] / "questionnaire" / "conftest.py"
    spec = spec_from_file_location("questionnaires_of_every_shape", path)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.whole_questionnaires()
