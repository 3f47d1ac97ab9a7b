"""The engine of the phones takes every simulated interview: what is asked, offered and accepted."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from survey_kit.forms.javarosa import JavaRosa, java
from survey_kit.forms.read import read_questionnaire
from survey_kit.forms.xform import xform
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.as_text import as_text
from survey_kit.responses.simulate import Calibration, simulate
from survey_kit.responses.simulation.calibration import Likely, Plan

if TYPE_CHECKING:
    from survey_kit.questionnaire.model import Item
    from survey_kit.responses.model import Responses

pytestmark = pytest.mark.client

SMALL = """
questionnaire: small
version: "1"
title: {en: Small}
languages: {en: English}
choices:
  yes_no: [{code: "yes", label: {en: "Yes"}}, {code: "no", label: {en: "No"}}]
  towns:
    - {code: bo, label: {en: Bo}, region: north}
    - {code: ka, label: {en: Ka}, region: north}
    - {code: li, label: {en: Li}, region: south}
  regions: [{code: north, label: {en: N}}, {code: south, label: {en: S}}, {code: west, label: {en: W}}]
interview:
  - {name: start, type: start}
  - {name: end, type: end}
  - {name: today, type: today}
  - {name: region, type: select_one regions, label: {en: Region}, required: true}
  - {name: town, type: select_one towns, label: {en: T}, required: true, choice_filter: "region = ${region}"}
  - {name: phone, type: text, label: {en: P}, required: true, constraint: "regex(., '^(07|08)[0-9]{8}$')"}
  - {name: born, type: date, label: {en: B}, required: true, constraint: ". <= ${today}"}
  - {name: later, type: date, label: {en: L}, constraint: ". > ${born} and . <= ${today}"}
  - {name: members, type: integer, label: {en: M}, required: true, constraint: ". > 0"}
  - repeat: member
    label: {en: Member}
    count: ${members}
    questions:
      - {name: age, type: integer, label: {en: A}, required: true, constraint: . >= 0 and . <= 110}
      - {name: spoken, type: select_multiple yes_no, label: {en: S}, constraint: "count-selected(.) = 1"}
      - repeat: job
        label: {en: Job}
        questions:
          - {name: hours, type: integer, label: {en: H}, relevant: "${age} >= 15", constraint: ". + ${age} < 130"}
  - {name: adults, type: calculate, calculation: "count(${member}[${age} >= 18])"}
  - {name: alone, type: note, label: {en: N}, relevant: "${adults} = 0"}
  - {name: where, type: geopoint, label: {en: W}, required: true}
  - {name: trace, type: geotrace, label: {en: W}}
  - {name: at, type: time, label: {en: W}}
  - {name: scale, type: range, label: {en: S}, parameters: "start=0 end=1 step=0.1", required: true}
"""
UNTOLD = (Storage.NOTHING, Storage.FILE)


@pytest.fixture(scope="module")
def javarosa() -> Any:
    if java() is None:
        pytest.skip("Java is not installed")
    with JavaRosa() as process:
        yield process


def path_of(item: Item, row: tuple[Any, ...], root: str) -> str:
    positions = iter(row[1:])
    steps = [f"{step}[{next(positions)}]" if step in item.repeats else step for step in item.path]
    return "/".join((root, *steps, item.question.name))


def told(responses: Responses, root: str) -> dict[str, dict[str, str]]:
    """Interview -> place in the form -> what is answered there."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for item in responses.questionnaire.items:
        if item.question.type.storage in UNTOLD or item.question.calculation is not None:
            continue
        repeat = item.repeats[-1] if item.repeats else None
        frame = responses.repeats[repeat].frame if repeat else responses.frame
        texts = as_text(frame[item.key], item.question.type.storage)
        for row, text in zip(frame.index, texts, strict=True):
            place = row if isinstance(row, tuple) else (row,)
            if not pd.isna(text):
                found[place[0]][path_of(item, place, root)] = str(text)
    return found


def refused(responses: Responses, form: Any) -> tuple[int, list[str]]:
    """How many nodes were compared, and what JavaRosa has against the interviews."""
    wrong: list[str] = []
    compared = 0
    answers = told(responses, f"/{form.root.strip('/')}")
    moment = datetime.fromisoformat(str(responses.meta["submitted"].max())) + timedelta(hours=1)
    many = [list(answers[interview].items()) for interview in responses.frame.index]
    by_path = {(*item.path, item.question.name): item for item in responses.questionnaire.items}
    for interview, said in zip(
        responses.frame.index, form.interviews(many, moment=moment), strict=True
    ):
        wrong += [f"{interview}: {each}" for each in said.verdicts if each != "ok"]
        given = answers[interview]
        for node in said.nodes:
            steps = tuple(step for step, _ in re.findall(r"/([^/\[]+)(\[\d+\])?", node.path))[1:]
            item = by_path.get(steps)
            if item is None or item.question.type.storage in UNTOLD:
                continue
            compared += 1
            places = set(item.repeats)
            plain = "".join(
                f"/{step}{number if step in places else ''}"
                for step, number in re.findall(r"/([^/\[]+)(\[\d+\])?", node.path)
            )
            answer = given.get(plain, "")
            if answer and not node.relevant:
                wrong.append(f"{interview} {plain}: answered, and not asked by JavaRosa")
            if node.relevant and node.constraint is False:
                wrong.append(f"{interview} {plain}: {answer!r} breaks its constraint")
            if node.relevant and node.required and not node.value and item.question.type.asked:
                wrong.append(f"{interview} {plain}: required, and blank")
            if node.choices is not None and not set(answer.split()) <= set(node.choices):
                wrong.append(f"{interview} {plain}: {answer!r} is not offered")
    return compared, wrong


FORMS = {
    "small": "",
    "study": "instruments/community_perceptions/questionnaire.yaml",
    "iraq_households": "data/iraq_households/form.xlsx",
    "msna_2024": "data/msna_2024/REACH_2024_MSNA-kobo-tool_draft_v11.xlsx",
}


@pytest.mark.shared
@pytest.mark.parametrize("name", list(FORMS))
def test_javarosa_takes_every_simulated_interview(  # noqa: PLR0917 - pytest hands them over
    name: str,
    root: Path,
    shared: Path,
    tmp_path: Path,
    javarosa: JavaRosa,
    capsys: pytest.CaptureFixture[str],
):
    place = (root if name == "study" else shared) / FORMS[name]
    if name == "small":
        place = tmp_path / "small.yaml"
        place.write_text(SMALL, encoding="utf-8")
    questionnaire = read_questionnaire(place)
    # Households of several make JavaRosa itself stop at msna_2024's ind_potentially_hoh.
    likely = {"resp_hoh_yn": {"yes": 1.0}, "hh_size": {"1": 1.0}}
    alone = Calibration(questions={key: Plan(Likely(shares=each)) for key, each in likely.items()})
    calibration = alone if name == "msna_2024" else None
    responses = simulate(questionnaire, 60, seed=8, calibration=calibration)

    compared, wrong = refused(responses, javarosa.load(xform(questionnaire).xml, (place.parent,)))

    with capsys.disabled():
        print(f"\n{name}: 60 interviews, {compared} places, {len(wrong)} refused by JavaRosa")  # noqa: T201
    assert not wrong, "\n".join(wrong[:20])
    assert compared > 60
