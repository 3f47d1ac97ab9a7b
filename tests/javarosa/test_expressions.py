"""Each expression of a long list, worked out by JavaRosa and by ours on the same interviews.

Where the two differ, ours is wrong. What JavaRosa said is kept in `said.txt`, so that no Java
is needed to compare; where Java is, JavaRosa is asked again whether it still says so.
"""

from __future__ import annotations

import csv
import math
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.parser import parse
from survey_kit.responses.evaluate import prepare, scope_of
from survey_kit.responses.logic.value import Kind, Value

if TYPE_CHECKING:
    from conftest import Judge

HERE = Path(__file__).parent
EXPRESSIONS = (HERE / "expressions.txt").read_text(encoding="utf-8").splitlines()
with (HERE / "interviews.csv").open(encoding="utf-8", newline="") as opened:
    INTERVIEWS = list(csv.DictReader(opened))
SAID = (HERE / "said.txt").read_text(encoding="utf-8").splitlines()
"""What JavaRosa said of each expression of the first interview, then of the second, ..."""
KINDS = {
    "i": "integer",
    "j": "integer",
    "x": "decimal",
    "t": "text",
    "u": "text",
    "o": "select_one",
    "m": "select_multiple",
    "d": "date",
    "e": "date",
    "w": "dateTime",
    "h": "time",
}


def by_path(expression: str) -> str:
    """As pyxform writes it: ``${name}`` as a path."""
    return re.sub(r"\$\{(\w+)\}", r"/data/\1", expression)


def same(ours: Value, row: int, theirs: str) -> bool:
    """Whether a row is what JavaRosa said: the same kind of thing, and the same."""
    said, _, text = theirs.partition("\t")
    ours = ours.take([row])  # type: ignore[arg-type]
    kind = Kind(int(ours.kinds[0]))
    if said != kind.name.lower():
        return False
    match kind:
        case Kind.TEXT:
            return ours.texts.words[ours.texts.codes[0]] == text
        case Kind.TRUTH:
            return bool(ours.truths[0]) == (text == "true")
        case Kind.MOMENT:
            return float(ours.moments[0]) == float(text)
        case Kind.NUMBER:
            one, other = float(ours.numbers[0]), float(text.replace("Infinity", "inf"))
            return math.isclose(one, other, rel_tol=1e-14) or (
                math.isnan(one) and math.isnan(other)
            )


def form_of(judge: Judge) -> Questionnaire:
    return judge.questionnaire(
        *(
            judge.question(key, kind, **({"choices": "codes"} if "select" in kind else {}))
            for key, kind in KINDS.items()
        )
    )


def test_each_expression_is_worth_what_javarosa_said(
    forms: Judge, capsys: pytest.CaptureFixture[str]
) -> None:
    form = form_of(forms)
    frame = forms.frame(form, {key: [each[key] for each in INTERVIEWS] for key in KINDS})
    prepared = prepare(forms.answers(form, frame))

    different: list[str] = []
    for place, expression in enumerate(EXPRESSIONS):
        ours = scope_of(prepared, "i", None, expression).value(parse(expression, "table").tree)
        for row, answers in enumerate(INTERVIEWS):
            said = SAID[row * len(EXPRESSIONS) + place]
            if not same(ours, row, said):
                different.append(f"{expression} with {answers}: {said!r}")

    with capsys.disabled():
        print(  # noqa: T201 - the count is what the reader wants to see
            f"\n{len(EXPRESSIONS)} expressions x {len(INTERVIEWS)} interviews = {len(SAID)} values"
            f" compared with JavaRosa, {len(different)} different"
        )
    assert not different, "\n".join(different)
    assert len(SAID) == len(EXPRESSIONS) * len(INTERVIEWS) > 2_500


@pytest.mark.client
def test_javarosa_says_what_is_recorded_of_it(judge: Judge) -> None:
    form = form_of(judge)
    commands: list[str] = []
    for answers in INTERVIEWS:
        commands.append("new")
        commands += [
            f"set\t/data/{item.key}\t{judge.type_of(item.question)}\t{answers[item.key]}"
            for item in form.items
        ]
        commands += [f"eval\t/data/i\t{by_path(each)}" for each in EXPRESSIONS]

    said = judge.ask(form, commands)

    assert said == SAID
