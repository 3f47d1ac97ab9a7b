"""A whole form with repeats within repeats, replayed by JavaRosa and by ours on random answers.

Where the two differ, ours is wrong. The number of values compared is printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from survey_kit.questionnaire.model import Group, Questionnaire, Repeat
from survey_kit.questionnaire.parser import parse
from survey_kit.responses.evaluate import offered
from survey_kit.responses.model import Rows
from survey_kit.responses.replay import (
    asked,
    asked_in_repeat,
    calculated,
    constraint_violations,
    constraint_violations_in_repeat,
)

if TYPE_CHECKING:
    from conftest import Answers, Judge

pytestmark = pytest.mark.client


def roster(judge: Judge) -> Questionnaire:
    """Cascades of relevants, calculations that gate, groups and repeats within repeats."""
    return judge.questionnaire(
        judge.question("n", "integer"),
        judge.question("ok", "select_one", choices="codes", relevant="${n} != 3"),
        judge.question(
            "why", "select_multiple", choices="codes", relevant="selected(${ok}, '1') or ${n} > 5"
        ),
        judge.question("many", "calculate", calculation="count-selected(${why})"),
        judge.question("adult", "calculate", calculation="${n} > 4", relevant="${many} != 1"),
        judge.question("note", "text", relevant="${adult}"),
        judge.question("after", "text", relevant="${note} != '' or not(${adult})"),
        judge.question(
            "town", "select_one", choices="towns", choice_filter="in = ${n} or in = ${note}"
        ),
        Group(
            "house",
            (
                judge.question("rooms", "integer", constraint=". > ${n} and . < 9"),
                judge.question("size", "decimal", relevant="${rooms} > 1"),
                Repeat(
                    "person",
                    (
                        judge.question("age", "integer", constraint=". >= ${n}"),
                        Group(
                            "work",
                            (
                                judge.question(
                                    "hours", "integer", relevant="position(../..) > 1 or ${n} = 2"
                                ),
                                Repeat(
                                    "trip",
                                    (
                                        judge.question("days", "integer"),
                                        judge.question(
                                            "far", "text", relevant="${days} > ${hours}"
                                        ),
                                        judge.question(
                                            "trips",
                                            "calculate",
                                            calculation="concat(count(${trip}), '/', sum(${days}), '/', "
                                            "count(${person}), '/', position(..), '/', ${age})",
                                        ),
                                    ),
                                    relevant=parse("${age} != 4", "here"),
                                ),
                                judge.question(
                                    "total",
                                    "calculate",
                                    calculation="sum(${days}) + count(${trip}) + position(../..)",
                                ),
                                judge.question("most", "calculate", calculation="max(${days})"),
                            ),
                            relevant=parse("${age} > 1", "here"),
                        ),
                        judge.question(
                            "before",
                            "calculate",
                            calculation="indexed-repeat(${age}, ${person}, position(..) - 1)",
                        ),
                        judge.question("first", "text", relevant="${before} < ${age}"),
                    ),
                    relevant=parse("${rooms} > 0", "here"),
                ),
            ),
            relevant=parse("${n} > 0", "here"),
        ),
        judge.question("big", "calculate", calculation="${n} * 1000000000000"),
        judge.question("third", "calculate", calculation="${n} div 3"),
        judge.question("small", "calculate", calculation="${n} div 30000"),
        judge.question("endless", "calculate", calculation="${n} div 0"),
        judge.question("text", "calculate", calculation="if(${n} > 2, ${n} > 4, ${note})"),
        judge.question(
            "all",
            "calculate",
            calculation="concat(sum(${age}), '/', count(${person}), '/', sum(${days}), '/', "
            "count(${trip}), '/', max(${hours}), '/', min(${age}), '/', count-non-empty(${far}), '/', "
            "join(',', ${age}), '/', count(${hours}), '/', indexed-repeat(${age}, ${person}, 2))",
        ),
        judge.question("late", "text", relevant="sum(${age}) > 5 and ${many} < 3"),
    )


ANSWERS = {
    "n": ["", "0", "1", "2", "3", "5", "7"],
    "ok": ["", "1", "2", "01"],
    "why": ["", "1", "a b", "10 1 2"],
    "note": ["", "x", "1", "2"],
    "after": ["", "y"],
    "town": ["", "t1"],
    "rooms": ["", "0", "1", "4", "9"],
    "size": ["", "2.5"],
    "age": ["", "1", "2", "4", "30"],
    "hours": ["", "0", "3"],
    "days": ["", "1", "5"],
    "far": ["", "z"],
    "first": ["", "q"],
    "late": ["", "p"],
}
INTERVIEWED = 120


CHECKED = ("rooms", "age")
"""Questions with a constraint."""
OPENED = {"n": "7", "rooms": "4", "age": "30"}
"""Answers that show every repeat, so that its rows can be made before they are answered."""

Told = list[tuple[str, str, str]]
"""Of one interview: (path, question, answer)."""


def random_interviews(judge: Judge, form: Questionnaire) -> tuple[list[Told], Answers]:
    """Interviews answered at random, as they are told to JavaRosa, and the same as frames."""
    draw = np.random.default_rng(20261121)
    outer = [item for item in form.items if item.key in ANSWERS and not item.repeats]
    rows: dict[tuple[object, ...], dict[str, str]] = {}
    interviews: list[Told] = []

    def tell(place: tuple[object, ...], folder: str, *keys: str) -> None:
        rows[place] = {key: str(draw.choice(ANSWERS[key])) for key in keys}
        for key, answer in rows[place].items():
            within = "/".join(form.by_key[key].path[-1:]) if key == "hours" else ""
            interviews[-1].append((f"{folder}/{within}/{key}".replace("//", "/"), key, answer))

    for number in range(INTERVIEWED):
        name = f"i{number:03}"
        interviews.append([])
        tell((name,), "/data", *(item.key for item in outer if not item.path))
        base = rows[name,]
        tell((name,), "/data/house", *(item.key for item in outer if item.path))
        rows[name,] |= base
        for person in range(1, int(draw.integers(1, 4)) + 1):
            folder = f"/data/house/person[{person}]"
            tell((name, person), folder, "age", "hours", "first")
            for trip in range(1, int(draw.integers(1, 3)) + 1):
                tell((name, person, trip), f"{folder}/work/trip[{trip}]", "days", "far")
    frames = {
        repeat: _frame_of(judge, form, {k: v for k, v in rows.items() if len(k) == depth}, repeat)
        for depth, repeat in enumerate(("", "person", "trip"), start=1)
    }
    repeats = {name: Rows(frames[name], frames[name]) for name in ("person", "trip")}
    return interviews, judge.answers(form, frames[""], MappingProxyType(repeats))


def _frame_of(
    judge: Judge, form: Questionnaire, rows: dict[tuple[object, ...], dict[str, str]], repeat: str
) -> pd.DataFrame:
    names = ["interview", "person", "trip"][: len(next(iter(rows)))]
    index = (
        pd.MultiIndex.from_tuples(list(rows), names=names)
        if repeat
        else pd.Index([name for (name,) in rows], name="interview")
    )
    columns = {key: [row[key] for row in rows.values()] for key in next(iter(rows.values()))}
    return judge.frame(form, columns, index)


@dataclass(frozen=True)
class Said:
    """What JavaRosa said of one interview."""

    nodes: dict[str, tuple[bool, str]]
    towns: list[str]
    constraints: dict[str, bool]


def said_by_javarosa(judge: Judge, form: Questionnaire, interviews: list[Told]) -> Iterator[Said]:
    commands: list[str] = []
    for told in interviews:
        commands.append("new")
        commands += [f"set\t{path}\tint\t{OPENED[key]}" for path, key, _ in told if key in OPENED]
        commands += [
            f"set\t{path}\t{judge.type_of(form.by_key[key].question)}\t{answer}"
            for path, key, answer in told
        ]
        commands += ["nodes", "offered\t/data/town"]
        commands += [
            f"constraint\t{path}\tint\t{answer}" for path, key, answer in told if key in CHECKED
        ]
    lines = iter(judge.ask(form, commands))
    for told in interviews:
        nodes: dict[str, tuple[bool, str]] = {}
        while (line := next(lines)) != ".":
            ref, relevant, value = line.split("\t")
            nodes[ref] = (relevant == "true", value)
        towns = next(lines).split()
        checked = {path: next(lines) == "true" for path, key, _ in told if key in CHECKED}
        yield Said(nodes, towns, checked)


@dataclass(frozen=True)
class Ours:
    """What ours says of all interviews: frames by repeat, None for the interviews."""

    form: Questionnaire
    frames: dict[str | None, pd.DataFrame]
    shown: dict[str | None, pd.DataFrame]
    broken: dict[str | None, pd.DataFrame]

    def place(self, ref: str, interview: str) -> tuple[str, str | None, object]:
        """The question at JavaRosa's path, its repeat and its row."""
        steps = re.findall(r"/([\w-]+)(?:\[(\d+)\])?", ref)
        inside = [(name, int(row)) for name, row in steps if name in self.form.repeats]
        row = (interview, *(row for _, row in inside)) if inside else interview
        return steps[-1][0], inside[-1][0] if inside else None, row

    def differences(self, interview: str, said: Said) -> Iterator[str]:
        """Everything that JavaRosa says otherwise."""
        for ref, (relevant, value) in said.nodes.items():
            key, repeat, row = self.place(ref, interview)
            if key not in self.form.by_key:
                continue
            shown = bool(self.shown[repeat].loc[row, key])
            if shown != relevant:
                yield f"{interview} {ref}: relevant {shown}, JavaRosa {relevant}"
            elif shown and self.form.by_key[key].question.calculation is not None:
                ours = self.frames[repeat].loc[row, key]
                text = "" if pd.isna(ours) else str(ours)
                if text != value:
                    yield f"{interview} {ref}: {text!r}, JavaRosa {value!r}"
        for path, holds in said.constraints.items():
            key, repeat, row = self.place(path, interview)
            answered = not pd.isna(self.frames[repeat].loc[row, key])
            if answered and self.shown[repeat].loc[row, key]:
                broken = bool(self.broken[repeat].loc[row, key])
                if broken == holds:
                    yield f"{interview} {path}: constraint broken {broken}, JavaRosa {not holds}"


def test_a_whole_form_is_replayed_as_on_the_phone(
    judge: Judge, capsys: pytest.CaptureFixture[str]
) -> None:
    form = roster(judge)
    interviews, answers = random_interviews(judge, form)
    frames = {None: answers.frame, **{name: rows.frame for name, rows in answers.repeats.items()}}
    for item in form.items:
        if item.question.calculation is not None:
            repeat = item.repeats[-1] if item.repeats else None
            frames[repeat][item.key] = calculated(answers, item.key)
    inside = {name: asked_in_repeat(answers, name) for name in answers.repeats}
    broken = {name: constraint_violations_in_repeat(answers, name) for name in answers.repeats}
    ours = Ours(
        form,
        frames,
        {None: asked(answers), **inside},
        {None: constraint_violations(answers), **broken},
    )
    sent = replace(answers, frame=answers.frame.where(ours.shown[None]))
    offer = offered(form.by_key["town"].question.choice_filter, sent, "town")

    theirs = list(said_by_javarosa(judge, form, interviews))

    different: list[str] = []
    for name, said, codes in zip(answers.frame.index, theirs, offer, strict=True):
        different += ours.differences(name, said)
        towns = [c for c, on in zip(form.lists["towns"].codes, codes, strict=True) if on]
        if towns != said.towns:
            different.append(f"{name}: offered {towns}, JavaRosa {said.towns}")
    compared = sum(len(said.nodes) + len(said.constraints) + 1 for said in theirs)
    with capsys.disabled():
        print(  # noqa: T201 - the count is what the reader wants to see
            f"\n{len(interviews)} interviews, {compared} places compared with JavaRosa,"
            f" {len(different)} different"
        )
    assert not different, "\n".join(different)
    assert compared > 4_000
