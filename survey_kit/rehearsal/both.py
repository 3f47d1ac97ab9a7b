"""Random respondents in the hands of JavaRosa, gone through again by ours, node by node."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from survey_kit.questionnaire.expression import Call
from survey_kit.questionnaire.expression import walk as walk_tree
from survey_kit.questionnaire.in_row import InRow
from survey_kit.rehearsal.differences import compare
from survey_kit.rehearsal.on_javarosa import Loaded, Paths, seen
from survey_kit.rehearsal.seen import seen_by_us, worked_out_by_us
from survey_kit.rehearsal.told import told

if TYPE_CHECKING:
    from datetime import datetime

    from survey_kit.forms.javarosa import Node, Walked
    from survey_kit.questionnaire.model import Item, Questionnaire
    from survey_kit.rehearsal.seen import Seen

AT_ONCE = 100
MOST_EXAMPLES = 20


@dataclass(frozen=True)
class Stuck:
    """A question at which JavaRosa lets nobody go on."""

    key: str
    place: str
    why: str
    interviews: int


@dataclass(frozen=True)
class BothEngines:
    """What JavaRosa and ours made of the same random interviews.

    `examples` has one difference of each question and kind, the first. `stale` are calculations
    that JavaRosa had not brought up to date when the interview ended.
    """

    interviews: int
    finished: int
    compared: int
    different: int
    examples: tuple[str, ...]
    stuck: tuple[Stuck, ...]
    stale: tuple[str, ...]

    @property
    def fine(self) -> bool:
        """Whether the engines agree, and everybody got through."""
        return not self.different and not self.stuck


def rehearse_both(
    loaded: Loaded,
    interviews: int,
    *,
    seed: int,
    now: datetime,
    answers: Mapping[str, Sequence[str]],
) -> BothEngines:
    """Random interviews held by JavaRosa, and the same answers given to ours.

    Parameters
    ----------
    answers
        Answers worth trying, by question.
    """
    from survey_kit.forms.javarosa import Respondent

    form = loaded.at(now)
    paths = Paths(loaded.questionnaire, form.root)
    pool = {
        paths.path(InRow(key, (1,) * len(item.repeats))).replace("[1]", ""): answers[key]
        for key, item in loaded.questionnaire.by_key.items()
        if answers.get(key)
    }
    leave = [
        paths.path(InRow(key, (1,) * len(item.repeats))).replace("[1]", "")
        for key, item in loaded.questionnaire.by_key.items()
        if item.question.calculation is not None
    ]
    who = Respondent(seed=seed, pool=pool, leave=leave)
    walks = form.walk(interviews, who, nodes=True, choices=True, moment=now)
    compared = different = finished = 0
    examples: dict[tuple[str, str], str] = {}
    stuck: Counter[tuple[str, str]] = Counter()
    errors: dict[str, str] = {}
    stale: dict[str, None] = {}
    while several := list(islice(walks, AT_ONCE)):
        for walk in several:
            stale.update(_stale(walk, paths))
            if walk.stuck is None:
                finished += 1
            else:
                item, _ = paths.place(walk.stuck)
                key, why = item.key if item is not None else walk.stuck, walk.why or ""
                stuck[key if walk.nodes else errors.setdefault(why, key), why] += 1
        held = [walk for walk in several if walk.nodes]
        for ours, theirs in _pairs(held, paths, now):
            found = compare(ours, theirs, loaded.questionnaire)
            compared += found.compared
            different += len(found.differences)
            for each in found.differences:
                examples.setdefault((each.place.key, each.what), str(each))
    return BothEngines(
        interviews=interviews,
        finished=finished,
        compared=compared,
        different=different,
        examples=tuple(islice(examples.values(), MOST_EXAMPLES)),
        stuck=tuple(
            Stuck(key, _source(loaded.questionnaire, key), why, number)
            for (key, why), number in stuck.most_common()
        ),
        stale=tuple(stale),
    )


def _stale(walk: Walked, paths: Paths) -> dict[str, None]:
    items = (paths.place(path)[0] for path in walk.stale)
    return {item.key: None for item in items if item is not None and not _clockwork(item)}


def _clockwork(item: Item) -> bool:
    """Whether a calculation is another one each time it is looked at."""
    calculation = item.question.calculation
    if calculation is None:
        return True
    return any(
        isinstance(node, Call) and node.function in ("random", "uuid", "now", "randomize")
        for node in walk_tree(calculation.tree)
    )


def _source(questionnaire: Questionnaire, key: str) -> str:
    item = questionnaire.by_key.get(key)
    return str(item.question.source or "") if item is not None else ""


def _pairs(walks: Sequence[Walked], paths: Paths, now: datetime) -> Iterator[tuple[Seen, Seen]]:
    """(ours, JavaRosa's) of each interview."""
    held = [_answers(walk.nodes, paths) for walk in walks]
    rows = [_rows(walk.nodes, paths) for walk in walks]
    interviews = told(paths.questionnaire, held, rows, [now] * len(walks))
    calculated = worked_out_by_us(interviews)
    for walk, ours, worked in zip(walks, seen_by_us(interviews), calculated, strict=True):
        values = {place: worked.get(place, text) for place, text in ours.values.items()}
        yield replace(ours, values=values), seen(walk.nodes, paths)


def _answers(nodes: Sequence[Node], paths: Paths) -> dict[InRow, str]:
    found: dict[InRow, str] = {}
    for node in nodes:
        if node.value:
            item, rows = paths.place(node.path)
            if item is not None:
                found[InRow(item.key, rows)] = node.value
    return found


def _rows(nodes: Sequence[Node], paths: Paths) -> dict[str, set[tuple[int, ...]]]:
    """The rows of each repeat."""
    found: dict[str, set[tuple[int, ...]]] = {}
    for node in nodes:
        if node.kind == "repeat":
            _, rows = paths.place(node.path)
            name = node.path.rpartition("/")[2].partition("[")[0]
            found.setdefault(name, set()).add(rows)
    return found
