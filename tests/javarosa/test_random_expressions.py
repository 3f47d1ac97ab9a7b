"""Expressions put together at random, worked out by JavaRosa and by ours in the same interviews.

The generator knows which argument may be what and little else, so that it writes what nobody
would: a date plus a choice, a sum within the brackets of a list. Where JavaRosa stops with an
error there is nothing to compare.
"""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survey_kit.errors import CannotEvaluate
from survey_kit.forms.javarosa.client import JavaForm, JavaRosa, Value
from survey_kit.forms.javarosa.process import JavaFault
from survey_kit.forms.read import read_questionnaire
from survey_kit.forms.xform import xform
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.parser import parse
from survey_kit.responses.evaluate import prepare, scope_of
from survey_kit.responses.logic.columns import Columns
from survey_kit.responses.logic.value import Kind
from survey_kit.responses.logic.value import Value as Ours
from survey_kit.responses.model import ReadingReport, Responses, Rows

pytestmark = pytest.mark.client

FORM = Path(__file__).parent / "everything.yaml"
EXPRESSIONS = 3_000
NUMBERS = ["", "0", "1", "2", "3", "-4", "17"]
ANSWERS = {
    "i": NUMBERS,
    "j": NUMBERS,
    "x": ["", "0.5", "2.25", "-1.5", "100000000", "1"],
    "t": ["", "a", "1", "b c", "01", "2024-02-29", "ab", "x-y"],
    "u": ["", "b", "a", "2.5", "s1", " a "],
    "o": ["", "1", "2", "01", "a"],
    "m": ["", "a", "a b", "10 2", "1"],
    "k": ["", "t1", "t3", "t5"],
    "d": ["", "2024-02-29", "1999-12-31"],
    "e": ["", "2024-03-01"],
    "w": ["", "2024-02-29T08:30:00.000Z"],
    "age": NUMBERS,
    "name": ["", "a", "b"],
}
DRAW = random.Random(20261121)  # noqa: S311 - no secret


def pick(*options: str) -> str:
    return DRAW.choice(options)


def number(depth: int) -> str:
    if depth <= 0:
        return pick("${i}", "${j}", "${x}", "1", "2", "0.5", "10", "0", "-3", "${u}", "${o}")
    made: list[Callable[[], str]] = [
        lambda: f"({number(depth - 1)} {pick('+', '-', '*', 'div', 'mod')} {number(depth - 1)})",
        lambda: f"{pick('int', 'round', 'abs', 'number', 'sqrt')}({number(depth - 1)})",
        lambda: f"round({number(depth - 1)}, {pick('0', '1', '2', '-1')})",
        lambda: f"{pick('max', 'min')}({number(depth - 1)}, {number(depth - 1)})",
        lambda: f"if({truth(depth - 1)}, {number(depth - 1)}, {number(depth - 1)})",
        lambda: f"coalesce({number(depth - 1)}, {number(depth - 1)})",
        lambda: f"string-length({text(depth - 1)})",
        lambda: f"count-selected({chosen()})",
        lambda: f"-{number(depth - 1)}",
        lambda: f"{pick('sum', 'count', 'max', 'min', 'count-non-empty')}({places(depth - 1)})",
        lambda: f"({moment()} - {moment()})",
        lambda: f"pow({number(depth - 1)}, {pick('0', '1', '2')})",
        lambda: f"number({text(depth - 1)})",
    ]
    return DRAW.choice(made)()


def text(depth: int) -> str:
    if depth <= 0:
        return pick("${t}", "${u}", "${o}", "${k}", "'a'", "''", "'1'", "'b c'", "'é'")
    made: list[Callable[[], str]] = [
        lambda: f"concat({text(depth - 1)}, {text(depth - 1)})",
        lambda: f"substr({text(depth - 1)}, {pick('0', '1', '-1', '-2')}, {pick('1', '2', '-1')})",
        lambda: f"substring-before({text(depth - 1)}, {pick(*_PARTS)})",
        lambda: f"substring-after({text(depth - 1)}, {pick(*_PARTS)})",
        lambda: f"translate({text(depth - 1)}, 'ab1', 'AB')",
        lambda: f"normalize-space({text(depth - 1)})",
        lambda: f"string({number(depth - 1)})",
        lambda: f"if({truth(depth - 1)}, {text(depth - 1)}, {text(depth - 1)})",
        lambda: f"coalesce({text(depth - 1)}, {text(depth - 1)})",
        lambda: f"selected-at({chosen()}, {pick('0', '1', '-1', '9')})",
        lambda: f"join('-', {text(depth - 1)}, {text(depth - 1)})",
        lambda: f"{pick(*_JOINING)}{places(depth - 1)})",
        lambda: f"digest({text(depth - 1)}, '{pick('MD5', 'SHA-1', 'SHA-256')}', 'hex')",
        lambda: f"instance('towns')/root/item[name = {text(0)}]/{pick('in', 'label', 'name')}",
        lambda: f"jr:choice-name({pick('${o}', '${k}')}, '{pick('${o}', '${k}')}')",
        lambda: f"format-date({moment()}, '%Y-%m-%d %b %e')",
        lambda: f"indexed-repeat({pick('${name}', '${age}')}, ${{person}}, {number(0)})",
    ]
    return DRAW.choice(made)()


_PARTS = ("'a'", "'-'", "''", "'1'")
_CODES = ("'a'", "'1'", "${o}", "''")
_JOINING = ("join(',', ", "concat(")
_FURTHER = ("name != ''", "position() = 1")


def truth(depth: int) -> str:
    if depth <= 0:
        return pick("${i} > 1", "${t} = 'a'", "true()", "${x} <= ${j}", "selected(${m}, 'a')")
    made: list[Callable[[], str]] = [
        lambda: f"({truth(depth - 1)} {pick('and', 'or')} {truth(depth - 1)})",
        lambda: f"not({truth(depth - 1)})",
        lambda: (
            f"({number(depth - 1)} {pick('<', '<=', '>', '>=', '=', '!=')} {number(depth - 1)})"
        ),
        lambda: f"({text(depth - 1)} {pick('=', '!=')} {text(depth - 1)})",
        lambda: f"({text(depth - 1)} {pick('=', '!=', '<')} {number(depth - 1)})",
        lambda: f"({truth(depth - 1)} = {truth(depth - 1)})",
        lambda: f"({moment()} {pick('<', '>=', '=')} {moment()})",
        lambda: f"selected({chosen()}, {pick(*_CODES)})",
        lambda: f"{pick('contains', 'starts-with', 'ends-with')}({text(depth - 1)}, {text(0)})",
        lambda: f"regex({text(depth - 1)}, '{pick('[a-z]*', '.+', '(?!a).*', '[0-9.]+', '')}')",
        lambda: f"boolean({pick(number(depth - 1), text(depth - 1))})",
        lambda: f"boolean-from-string({text(depth - 1)})",
        lambda: f"checklist({pick('-1', '1')}, {pick('-1', '2')}, {truth(0)}, {truth(0)})",
    ]
    return DRAW.choice(made)()


def moment() -> str:
    return pick("${d}", "${e}", "date('2024-02-28')", "date(${d})", "date(${i})", "date(${d} + 1)")


def chosen() -> str:
    return pick("${m}", "${o}", "${m}", "${t}")


def places(depth: int) -> str:
    inside = DRAW.choice(
        [
            "",
            f"[age {pick('>', '<', '=')} {number(0)}]",
            f"[name = {text(0)}]",
            f"[position() {pick('=', '<', '>')} {pick('1', '2')}]",
            f"[age > 0][{pick(*_FURTHER)}]",
            f"[{truth(0)}]",
            f"[string-length(name) {pick('=', '<')} {number(0)}]",
        ]
    )
    column = f"[in {pick('=', '!=', '<')} {pick(number(0), text(0))}]"
    del depth
    return pick(
        "${age}",
        "${name}",
        f"/data/person{inside}/age",
        f"/data/person{inside}/name",
        f"${{person}}{inside}",
        f"instance('towns')/root/item{column}/{pick('name', 'in')}",
        f"instance('towns')/root/item{column}",
    )


def by_path(expression: str, columns: Columns) -> str:
    """As pyxform writes it: ``${name}`` as a path, here always from the top."""
    places = columns.places

    def path(found: re.Match[str]) -> str:
        return "/data/" + "/".join(places.path_named(found[1], ()) or ("nowhere",))

    return re.sub(r"\$\{(\w+)\}", path, expression)


def interviews() -> Iterator[tuple[dict[str, str], list[dict[str, str]]]]:
    for _ in range(8):
        outer = {
            key: DRAW.choice(each) for key, each in ANSWERS.items() if key not in ("age", "name")
        }
        rows = [
            {key: DRAW.choice(ANSWERS[key]) for key in ("age", "name")}
            for _ in range(DRAW.randint(1, 4))
        ]
        yield outer, rows


def told(form: JavaForm, outer: dict[str, str], rows: list[dict[str, str]]) -> None:
    form.begin()
    answers = [(f"/data/{key}", answer) for key, answer in outer.items()]
    for place, row in enumerate(rows, start=1):
        answers += [(f"/data/person[{place}]/{key}", answer) for key, answer in row.items()]
    form.put(answers)


def responses(
    form: Questionnaire, asked: list[tuple[dict[str, str], list[dict[str, str]]]]
) -> Responses:
    def column(key: str, texts: list[str]) -> pd.Series:
        kind = form.by_key[key].question.type.name
        blank = [each or None for each in texts]
        if kind in ("integer", "decimal"):
            return pd.to_numeric(pd.Series(blank, dtype="object")).astype("float64")
        if kind in ("date", "dateTime"):
            local = pd.Series([each.removesuffix("Z") or None for each in texts], dtype="str")
            return pd.to_datetime(local, format="ISO8601")
        return pd.Series(blank, dtype="str")

    names = pd.Index([f"i{number}" for number in range(len(asked))], name="interview")
    frame = pd.DataFrame({key: column(key, [o[key] for o, _ in asked]) for key in asked[0][0]})
    frame = frame.set_axis(names)
    keys = [
        (f"i{n}", place) for n, (_, rows) in enumerate(asked) for place in range(1, len(rows) + 1)
    ]
    index = pd.MultiIndex.from_tuples(keys, names=["interview", "person"])
    inner = pd.DataFrame(
        {
            key: column(key, [row[key] for _, rows in asked for row in rows])
            for key in ("age", "name")
        }
    ).set_axis(index)
    marks = [part.isna().astype(np.int8) * 0 for part in (frame, inner)]
    meta = pd.DataFrame({"version": ""}, index=names)
    report = ReadingReport("random", "random", 0, 0)
    return Responses(
        form, frame, marks[0], {"person": Rows(inner, marks[1])}, meta, pd.DataFrame(), report
    )


def same(ours: Ours, row: int, theirs: Value) -> bool:
    """Whether a row is what JavaRosa said: the same kind of thing, and the same."""
    ours = ours.take(np.array([row]))
    kind = Kind(int(ours.kinds[0]))
    if theirs.kind != kind.name.lower():
        return False
    match kind:
        case Kind.TEXT:
            return str(ours.texts.words[ours.texts.codes[0]]) == theirs.text
        case Kind.TRUTH:
            return bool(ours.truths[0]) == (theirs.text == "true")
        case Kind.MOMENT:
            return float(ours.moments[0]) == float(theirs.text)
        case Kind.NUMBER:
            one, other = float(ours.numbers[0]), float(theirs.text.replace("Infinity", "inf"))
            both = math.isnan(one) and math.isnan(other)
            return both or math.isclose(one, other, rel_tol=1e-13, abs_tol=1e-15)


def test_an_expression_of_chance_is_worth_what_javarosa_says(
    capsys: pytest.CaptureFixture[str],
) -> None:
    form = read_questionnaire(FORM)
    asked = list(interviews())
    prepared = prepare(responses(form, asked))
    made = {
        DRAW.choice([number, text, truth])(DRAW.randint(1, 4)): None for _ in range(EXPRESSIONS)
    }
    ours: dict[str, Ours | None] = {}
    for each in made:
        try:
            ours[each] = scope_of(prepared, "i", None, each).value(parse(each, "chance").tree)
        except CannotEvaluate:
            ours[each] = None
    compared = 0
    stopped: set[str] = set()
    different: list[str] = []
    with JavaRosa(seconds=300) as javarosa:
        theirs = javarosa.load(xform(form).xml)
        for row, (outer, rows) in enumerate(asked):
            told(theirs, outer, rows)
            for each, value in ours.items():
                try:
                    said = theirs.evaluate("/data/i", by_path(each, prepared))
                except JavaFault:
                    stopped.add(each)
                    continue
                if value is None:
                    continue
                compared += 1
                if not same(value, row, said):
                    different.append(f"{each} with {outer} {rows}: JavaRosa {said}")
    # what several answers stand in the way of in one interview, ours refuses in all
    refused = [each for each, value in ours.items() if value is None and each not in stopped]
    different += [f"{each}: refused" for each in refused]
    with capsys.disabled():
        print(  # noqa: T201 - the count is what the reader wants to see
            f"\n{len(made)} expressions x {len(asked)} interviews: {compared} values compared with"
            f" JavaRosa, {len(different)} different (JavaRosa stops at {len(stopped)} expressions)"
        )
    assert not different, "\n".join(different[:20])
    assert compared > 5 * EXPRESSIONS
