"""Every form of the corpus, and real forms, answered at random: JavaRosa and ours, node by node.

JavaRosa answers each form at random, answers are swapped among interviews so that gates close on
what was answered, and what it then says of every node is held against ours: relevance, the
result of each calculation (on its own, and all of them together from nothing), whether the
constraint holds, and the choices on offer in their order. Where the two differ, ours is wrong.

JavaRosa keeps a result that another row's answer has outdated (TriggerableDag.java: "This omits
one case"). So answers are put in three times over, after which nothing is outdated.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from survey_kit.forms.javarosa.client import JavaRosa, Node, Respondent
from survey_kit.forms.read import read_questionnaire
from survey_kit.forms.xform import xform
from survey_kit.questionnaire.model import Item, Question, Questionnaire, Repeat
from survey_kit.questionnaire.model import Node as Place
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses import replay
from survey_kit.responses.as_text import as_text
from survey_kit.responses.evaluate import Offer, offer
from survey_kit.responses.logic.asking import Asking
from survey_kit.responses.logic.device import known_on_device_only
from survey_kit.responses.model import ReadingReport, Responses, Rows

pytestmark = pytest.mark.client

HERE = Path(__file__).parent
CORPUS = sorted((HERE / "corpus").glob("*.yaml"))
STUDY = HERE.parents[1] / "instruments" / "community_perceptions" / "questionnaire.yaml"
SHARED = HERE.parents[2] / "shared" / "data"
REAL = (
    "iraq_households/form.xlsx",
    "msna_2024/REACH_2024_MSNA-kobo-tool_draft_v11.xlsx",
)
NOW = datetime(2026, 11, 21, 9, 30)  # noqa: DTZ001 - the phone's own time
INTERVIEWED, TIMES, ROUNDS = 30, 3, 3
SWAPPED = 0.35
"""Share of answers that are another interview's."""
WORDS = (
    *("", "a", "b", "x", "1", "01", "ab", "a-b", "apple", "food", "soap", "t1 x", "2.5", "yes"),
    *("zaxy", "ABC", "12-3", "a.b", "été", "2024-02-29", "U3VydmV5"),
)
_MOMENT = re.compile(r"(\d+-\d\d-\d\dT[\d:.]+)(?:Z|[+-].*)")
_POSITION = re.compile(r"\[\d+\]")

Key: TypeAlias = "tuple[str | int, ...]"
Cells: TypeAlias = "dict[str | None, dict[Key, dict[str, Node]]]"
"""Repeat (None for the interviews) -> row -> key of a question -> what JavaRosa says of it."""


@pytest.fixture(scope="module")
def javarosa() -> Iterator[JavaRosa]:
    with JavaRosa(seconds=300) as running:
        yield running


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_a_form_of_the_corpus_is_the_same_on_the_phone(
    javarosa: JavaRosa, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    compared, different = compared_with(javarosa, path, INTERVIEWED)

    with capsys.disabled():
        print(f"\n{path.stem}: {_told(compared)}", end="")  # noqa: T201 - the count is wanted
    assert not different, "\n".join(different[:20])
    assert sum(compared.values()) > INTERVIEWED


@pytest.mark.shared
@pytest.mark.parametrize("name", REAL)
def test_a_real_form_is_the_same_on_the_phone(
    javarosa: JavaRosa, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = SHARED / name
    if not path.exists():
        pytest.skip("the shared forms are not here")

    compared, different = compared_with(javarosa, path, INTERVIEWED)

    with capsys.disabled():
        print(f"\n{name}: {_told(compared)}", end="")  # noqa: T201 - the count is wanted
    assert not different, "\n".join(different[:20])
    assert sum(compared.values()) > 100 * INTERVIEWED


def test_the_study_is_the_same_on_the_phone(
    javarosa: JavaRosa, capsys: pytest.CaptureFixture[str]
) -> None:
    compared, different = compared_with(javarosa, STUDY, INTERVIEWED)

    with capsys.disabled():
        print(f"\nthe study: {_told(compared)}", end="")  # noqa: T201 - the count is wanted
    assert not different, "\n".join(different[:20])
    assert sum(compared.values()) > 100 * INTERVIEWED


def _told(compared: Counter[str]) -> str:
    parts = ", ".join(f"{number} {what}" for what, number in compared.items())
    return f"{sum(compared.values())} comparisons ({parts})"


def compared_with(javarosa: JavaRosa, path: Path, people: int) -> tuple[Counter[str], list[str]]:
    """How many comparisons of each kind were made on a form, and what differed."""
    form = read_questionnaire(path)
    folders = [path.parent, path.parent / "media"]
    theirs = javarosa.load(xform(form).xml, folders, moment=NOW)
    pool = {
        "/".join(("", theirs.root.strip("/"), *item.path, item.question.name)): words
        for item in form.items
        if (words := _words(form, item))
    }
    who = Respondent(seed=1, blank=0.15, pool=pool)
    walked = theirs.walk(people, who, nodes=True, moment=NOW)
    plain = [_answers(form, each.nodes) for each in walked]
    told = [*(each * TIMES for each in plain), *_swapped(plain, np.random.default_rng(1))]
    nodes: list[Sequence[Node]] = []
    for _ in range(ROUNDS):
        nodes = [each.nodes for each in theirs.interviews(told, moment=NOW, choices=True)]
        told = [_answers(form, each) * TIMES for each in nodes]
    theirs.forget()
    cells = _cells(form, nodes)
    responses = _responses(form, cells)
    compared: Counter[str] = Counter()
    different = list(_differences(form, cells, replay.begin(responses), compared))
    return compared, different


def _words(form: Questionnaire, item: Item) -> tuple[str, ...]:
    """Answers worth trying: words to texts, and yes to whoever asks for consent."""
    question = item.question
    if question.type.name == "text":
        return WORDS
    codes = [choice.code for choice in form.choices(question)]
    return ("yes",) if "consent" in question.name and "yes" in codes else ()


def _answers(form: Questionnaire, nodes: Sequence[Node]) -> list[tuple[str, str]]:
    """What was answered: what the form fills in, and codes that are not on offer, left out."""
    filled = {
        (*item.path, item.question.name)
        for item in form.items
        if item.question.calculation is not None or item.question.read_only
    }
    return [
        (
            node.path,
            node.value
            if node.choices is None
            else " ".join(code for code in node.value.split(" ") if code in node.choices),
        )
        for node in nodes
        if node.kind == "question" and tuple(name for name, _ in _steps(node.path)) not in filled
    ]


def _swapped(
    told: list[list[tuple[str, str]]], chance: np.random.Generator
) -> list[list[tuple[str, str]]]:
    """The same interviews, some answers being those of other interviews."""
    given: dict[str, set[str]] = {}
    for answers in told:
        for path, answer in answers:
            given.setdefault(_POSITION.sub("", path), set()).add(answer)
    pools = {path: sorted(answers) for path, answers in given.items()}

    def other(path: str, answer: str) -> str:
        pool = pools[_POSITION.sub("", path)]
        return pool[chance.integers(len(pool))] if chance.random() < SWAPPED else answer

    return [[(path, other(path, each)) for path, each in answers] * TIMES for answers in told]


def _steps(path: str) -> list[tuple[str, int | None]]:
    """Names below the root with the position of a repeat's row."""
    found = re.findall(r"/([^/\[]+)(?:\[(\d+)\])?", path)[1:]
    return [(name, int(position) if position else None) for name, position in found]


def _repeats(
    nodes: tuple[Place, ...], path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], str]]:
    for node in nodes:
        if isinstance(node, Question):
            continue
        here = (*path, node.name)
        if isinstance(node, Repeat):
            yield here, node.name
        yield from _repeats(node.nodes, here)


def _cells(form: Questionnaire, interviews: Sequence[Sequence[Node]]) -> Cells:
    items: dict[tuple[str, ...], Item] = {
        (*item.path, item.question.name): item for item in form.items
    }
    repeats: dict[tuple[str, ...], str] = dict(_repeats(form.nodes, ()))
    found: Cells = {name: {} for name in (None, *repeats.values())}
    for number, nodes in enumerate(interviews):
        name = f"i{number:04}"
        found[None][name,] = {}
        for node in nodes:
            positions: list[int] = []
            path: tuple[str, ...] = ()
            repeat = None
            for step, position in _steps(node.path):
                path = (*path, step)
                if path in repeats:
                    positions.append(position or 1)
                    repeat = repeats[path]
            row = found[repeat].setdefault((name, *positions), {})
            if path in items:
                row[items[path].key] = node
    return found


def _responses(form: Questionnaire, cells: Cells) -> Responses:
    frames = {name: _frame(form, name, rows) for name, rows in cells.items()}
    marks = {name: frame.isna().astype(np.int8) * 0 for name, frame in frames.items()}
    repeats = {name: Rows(frames[name], marks[name]) for name in frames if name is not None}
    meta = pd.DataFrame({"version": "", "submitted": pd.Timestamp(NOW)}, index=frames[None].index)
    unreadable = pd.DataFrame(columns=["interview", "row", "question", "answer"])
    report = ReadingReport("corpus", "corpus", 0, 0)
    return Responses(form, frames[None], marks[None], repeats, meta, unreadable, report)


def _frame(form: Questionnaire, name: str | None, rows: dict[Key, dict[str, Node]]) -> pd.DataFrame:
    around = () if name is None else (*form.repeats[name][1], name)
    levels = [[key[level] for key in rows] for level in range(len(around) + 1)]
    index = (
        pd.Index(levels[0], name="interview")
        if name is None
        else pd.MultiIndex.from_arrays(levels, names=["interview", *around])
    )
    columns = {
        item.key: _column(
            [row[item.key].value for row in rows.values()], item.question.type.storage
        )
        for item in form.items
        if (item.repeats[-1:] or (None,)) == (name,)
        and item.question.type.storage is not Storage.NOTHING
        and all(item.key in row for row in rows.values())
    }
    return pd.DataFrame(columns).set_axis(index) if columns else pd.DataFrame(index=index)


def _column(texts: list[str], storage: Storage) -> pd.Series:
    blank = [text or None for text in texts]
    match storage:
        case Storage.INTEGER | Storage.DECIMAL:
            return pd.to_numeric(pd.Series(blank, dtype="object")).astype("float64")
        case Storage.DATE | Storage.DATETIME:
            local = pd.Series([_MOMENT.sub(r"\1", text) or None for text in texts], dtype="str")
            return pd.to_datetime(local, format="ISO8601")
        case _:
            return pd.Series(blank, dtype="str")


def _differences(
    form: Questionnaire, cells: Cells, ours: Asking, compared: Counter[str]
) -> Iterator[str]:
    together = replay.calculated_together(ours)
    broken: dict[str | None, pd.DataFrame] = {None: replay.constraint_violations(ours)}
    for name in form.repeats:
        broken[name] = replay.constraint_violations_in_repeat(ours, name)
    for item in form.items:
        rows = cells[item.repeats[-1] if item.repeats else None]
        refused = broken[item.repeats[-1] if item.repeats else None].get(item.key)
        results = _results(item, ours, together)
        offered = offer(ours.whole.columns, item.key) if item.question.type.takes_choices else None
        shown = ours.question(item.key)
        mine = _Mine(item, shown, results, refused, offered)
        for number, (key, row) in enumerate(rows.items()):
            if item.key in row:
                node = row[item.key]
                found = _of_node(mine, number, node, compared)
                yield from (f"{key} {node.path}: {each}" for each in found)


@dataclass(frozen=True, eq=False)
class _Mine:
    """What ours says of one question, row by row."""

    item: Item
    shown: NDArray[np.bool_]
    results: list[list[str]]
    refused: pd.Series | None
    offered: Offer | None


def _of_node(mine: _Mine, number: int, node: Node, compared: Counter[str]) -> Iterator[str]:
    question = mine.item.question
    compared["relevant"] += 1
    if bool(mine.shown[number]) != node.relevant:
        yield f"relevant {mine.shown[number]}, JavaRosa {node.relevant}"
    if not (node.relevant and mine.shown[number]):
        return
    for texts in mine.results:
        compared["calculated"] += 1
        if not _same(texts[number], node.value):
            yield f"{texts[number]!r}, JavaRosa {node.value!r}: {question.calculation}"
    if node.constraint is not None and mine.refused is not None:
        compared["constraints"] += 1
        if bool(mine.refused.iloc[number]) == node.constraint:
            yield f"{question.constraint} of {node.value!r}, JavaRosa {node.constraint}"
    if node.choices is not None and mine.offered is not None:
        compared["offers"] += 1
        if list(mine.offered.of(number)) != node.choices:
            yield f"offered {mine.offered.of(number)}, JavaRosa {node.choices}"


def _results(item: Item, ours: Asking, together: Mapping[str, pd.Series]) -> list[list[str]]:
    """What a calculation gives on its own, and as one of all, as text."""
    question = item.question
    if question.calculation is None or question.type.storage is Storage.NOTHING:
        return []
    if known_on_device_only(question):
        return []
    both = (replay.calculated(ours, item.key), together[item.key])
    return [as_text(each, question.type.storage).fillna("").tolist() for each in both]


def _same(one: str, other: str) -> bool:
    """The same text; of numbers all but the last digit, of moments all but the zone."""
    other = _MOMENT.sub(r"\1", other)
    if one == other:
        return True
    try:
        return abs(float(one) - float(other)) <= 1e-13 * abs(float(other))
    except ValueError:
        return False
