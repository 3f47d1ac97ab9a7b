"""Whatever a form asks, simulated people keep its rules: forms made by chance say so."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey_kit.errors import DefinitionError
from survey_kit.questionnaire.yaml_file import read_yaml
from survey_kit.responses.model import Responses
from survey_kit.responses.replay import (
    absence,
    absence_in_repeat,
    constraint_violations,
    constraint_violations_in_repeat,
    required_blank,
    required_blank_in_repeat,
)
from survey_kit.responses.simulate import simulate
from survey_kit.responses.submissions import write_submissions

HEAD = """
questionnaire: chance
version: "1"
title: {en: Chance}
languages: {en: English}
choices:
  abc: [{code: a, label: {en: A}}, {code: b, label: {en: B}}, {code: none, label: {en: N}}]
interview:
"""
KINDS = {
    "integer": (". >= 0 and . <= 30", ". > {n}", ". <= ${{{x}}}", ". != ${{{x}}}", ". mod 2 = 0"),
    "decimal": (". > 0.25 and . < {n}", ". >= ${{{x}}}"),
    "select_one abc": (". != 'none'", "not(. = 'a' and ${{{x}}} > {n})"),
    "select_multiple abc": ("not(selected(., 'none') and count-selected(.) > 1)",),
    "text": ("string-length(.) > {n}", "regex(., '^[A-C]{{2}}[0-9]{{3}}$')"),
    "date": (". <= date('2024-02-{n}')", ". > date('2024-02-{n}')"),
}
RELEVANT = ("${{{x}}} > {n}", "${{{x}}} = '' or ${{{x}}} < {n}", "not(${{{x}}} >= {n})")


@st.composite
def questions(draw: st.DrawFn, depth: int, known: list[str], names: list[str]) -> list[str]:
    """Lines of YAML. `known` are the whole numbers that may be referred to here."""
    lines: list[str] = []
    pad = "  " + "    " * depth
    for _ in range(draw(st.integers(1, 4))):
        name = f"q{len(names)}"
        names.append(name)
        words = (
            {"x": draw(st.sampled_from(known)), "n": draw(st.integers(10, 19))} if known else None
        )
        relevant = (
            draw(st.sampled_from(RELEVANT)).format(**words) if words and draw(st.booleans()) else ""
        )
        inside = draw(st.sampled_from(["question", "question", "question", "group", "repeat"]))
        if inside != "question" and depth < 2:
            lines.append(f"{pad}- {inside}: {name}")
            lines.append(f"{pad}  label: {{en: {name}}}")
            if relevant:
                lines.append(f'{pad}  relevant: "{relevant}"')
            if inside == "repeat" and words and draw(st.booleans()):
                lines.append(f'{pad}  count: "${{{words["x"]}}} mod 4"')
            lines.append(f"{pad}  questions:")
            lines += draw(questions(depth + 1, list(known), names))
            continue
        kind = draw(st.sampled_from(list(KINDS)))
        lines.append(f"{pad}- name: {name}")
        lines.append(f"{pad}  type: {kind}")
        lines.append(f"{pad}  label: {{en: {name}}}")
        able = [each for each in KINDS[kind] if words or "{x}" not in each]
        if draw(st.booleans()):
            constraint = draw(st.sampled_from(able)).format(**(words or {"n": 12}))
            lines.append(f'{pad}  constraint: "{constraint}"')
        if draw(st.booleans()):
            lines.append(f"{pad}  required: true")
        if relevant:
            lines.append(f'{pad}  relevant: "{relevant}"')
        if kind == "integer":
            known.append(name)
    return lines


@st.composite
def forms(draw: st.DrawFn) -> str:
    """A form of a few questions, groups and repeats."""
    return HEAD + "\n".join(draw(questions(0, [], []))) + "\n"


def broken(responses: Responses) -> list[str]:
    found = {
        "asked": absence(responses) != responses.absence,
        "constraint": constraint_violations(responses),
        "required": required_blank(responses),
    }
    for name, rows in responses.repeats.items():
        found[f"asked {name}"] = absence_in_repeat(responses, name) != rows.absence
        found[f"constraint {name}"] = constraint_violations_in_repeat(responses, name)
        found[f"required {name}"] = required_blank_in_repeat(responses, name)
    return [name for name, where in found.items() if np.any(where.to_numpy(dtype=bool))]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(form=forms(), seed=st.integers(0, 99))
def test_forms_made_by_chance_are_answered_by_their_rules(
    form: str, seed: int, tmp_path_factory: pytest.TempPathFactory
):
    folder = tmp_path_factory.mktemp("chance")
    (folder / "chance.yaml").write_text(form, encoding="utf-8")
    questionnaire = read_yaml(folder / "chance.yaml")

    try:
        responses = simulate(questionnaire, 25, seed=seed)
    except DefinitionError as error:
        assert "no answer that the form takes was found" in str(error)  # noqa: PT017 - or none
        return

    assert broken(responses) == []
    write_submissions(responses, folder / "one.zip")
    write_submissions(simulate(questionnaire, 25, seed=seed), folder / "two.zip")
    assert (folder / "one.zip").read_bytes() == (folder / "two.zip").read_bytes()
