"""The shipped study, answered by simulated people and gone through by JavaRosa question by question.

Every answer is put into the form that phones get. JavaRosa must then agree with ours on what
was asked of whom, on every calculation, and that no constraint is broken.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from survey_kit.forms.xform import xform
from survey_kit.questionnaire.model import Item
from survey_kit.questionnaire.question_type import Storage
from survey_kit.questionnaire.yaml_file import read_yaml
from survey_kit.responses.as_text import as_text
from survey_kit.responses.model import Responses
from survey_kit.responses.replay import asked, asked_in_repeat
from survey_kit.responses.simulate import read_calibration, simulate

if TYPE_CHECKING:
    from conftest import Judge

pytestmark = pytest.mark.client

STUDY = Path("instruments") / "community_perceptions" / "questionnaire.yaml"
CALIBRATION = Path("data") / "community_perceptions" / "simulation.yaml"
INTERVIEWED = 60


def spelt(responses: Responses) -> dict[str, pd.Series]:
    """The answers of each question as a form holds them; "" where blank."""
    found: dict[str, pd.Series] = {}
    for item in responses.questionnaire.items:
        repeat = item.repeats[-1] if item.repeats else None
        frame = responses.repeats[repeat].frame if repeat else responses.frame
        if item.key in frame.columns:
            storage = item.question.type.storage
            found[item.key] = as_text(frame[item.key], storage).fillna("").astype(object)
    return found


def rows_of(index: pd.Index) -> dict[str, list[tuple[object, ...]]]:
    """The rows of a repeat by their interview."""
    found: dict[str, list[tuple[object, ...]]] = {}
    for row in index:
        found.setdefault(row[0], []).append(row)
    return found


def path_of(item: Item, row: tuple[object, ...]) -> str:
    """Where a row of a question stands in the form: /data/roster[2]/age."""
    positions = iter(row[1:])
    steps = [f"{step}[{next(positions)}]" if step in item.repeats else step for step in item.path]
    return "/".join(("/data", *steps, item.question.name))


def test_javarosa_asks_the_simulated_people_what_ours_asked_them(
    judge: Judge, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    form = read_yaml(root / STUDY)
    calibration = read_calibration(root / CALIBRATION, form)
    responses = simulate(form, INTERVIEWED, seed=5, calibration=calibration)
    texts = spelt(responses)
    rows = {name: rows_of(repeat.frame.index) for name, repeat in responses.repeats.items()}
    told = [
        item
        for item in form.items
        if item.question.calculation is None
        and item.question.type.storage not in (Storage.NOTHING, Storage.FILE, Storage.LOCATION)
    ]
    commands: list[str] = []
    for interview in responses.frame.index:
        commands.append("new")
        commands += [
            f"set\t{path}\t{judge.type_of(item.question)}\t{answer}"
            for item in told
            for row in (
                rows[item.repeats[-1]].get(interview, []) if item.repeats else [(interview,)]
            )
            for path, answer in [
                (path_of(item, row), texts[item.key].loc[row if item.repeats else interview])
            ]
            if answer
        ]
        commands.append("nodes")

    lines = iter(judge.ask_form(xform(form).xml, commands))

    shown = {name: asked_in_repeat(responses, name) for name in responses.repeats}
    here = asked(responses)
    different: list[str] = []
    compared = calculations = 0
    for interview in responses.frame.index:
        while (line := next(lines)) != ".":
            ref, relevant, value = line.split("\t")
            steps = re.findall(r"/([\w-]+)\[(\d+)\]", ref)
            item = form.by_key.get(steps[-1][0])
            if item is None or item.question.type.storage is Storage.NOTHING:
                continue
            row = (interview, *(int(row) for name, row in steps if name in form.repeats))
            where, place = (shown[item.repeats[-1]], row) if item.repeats else (here, interview)
            if place not in where.index:
                continue
            compared += 1
            ours = bool(where.loc[place, item.key])
            if ours != (relevant == "true"):
                different.append(f"{interview} {ref}: relevant {ours}, JavaRosa {relevant}")
            elif ours and item.question.calculation is not None:
                calculations += 1
                text = texts[item.key].loc[place]
                if text != value:
                    different.append(f"{interview} {ref}: {text!r}, JavaRosa {value!r}")
    with capsys.disabled():
        print(  # noqa: T201 - the count is what the reader wants to see
            f"\n{INTERVIEWED} simulated interviews of the study: {compared} places and"
            f" {calculations} calculations compared with JavaRosa, {len(different)} different"
        )
    assert not different, "\n".join(different)
    assert compared > 80 * INTERVIEWED
