"""What it costs to go through a whole form again on answers that came back.

    python benchmarks/evaluation.py [QUESTIONNAIRE] [1000 100000 1000000]

Who was asked what, which constraints are broken and what every calculation gives, of the
shipped study or another questionnaire, over so many interviews, in blocks. The interviews are
simulated once and then repeated, so that only the size grows. The peak of memory includes the
interviews themselves. Where Java is, JavaRosa goes through the same form beside it.
"""

from __future__ import annotations

import resource
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd

from survey_kit.errors import CannotEvaluate
from survey_kit.forms.read import read_questionnaire
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses import replay
from survey_kit.responses.blocks import blocks
from survey_kit.responses.model import Responses, Rows
from survey_kit.responses.simulate import simulate

STUDY = Path("instruments") / "community_perceptions" / "questionnaire.yaml"
SIZES = (1_000, 100_000, 1_000_000)
SIMULATED, WITH_JAVAROSA = 1_000, 200


@dataclass(frozen=True)
class Cost:
    """What a replay of so many interviews took: seconds, and gigabytes at the peak."""

    interviews: int
    seconds: float
    gigabytes: float

    def __str__(self) -> str:
        rate = self.interviews / self.seconds
        return (
            f"{self.interviews:>9,} interviews: {self.seconds:7.2f} s, {rate:>9,.0f} a second, "
            f"{self.gigabytes:.1f} GB at the peak"
        )


def repeated(responses: Responses, interviews: int) -> Responses:
    """The same answers again and again until there are so many interviews."""
    times, each = -(-interviews // len(responses)), len(responses)
    which = np.arange(interviews)
    names = pd.Index([f"r{number}" for number in which], name="interview", dtype="str")
    repeats: dict[str, Rows] = {}
    for name, rows in responses.repeats.items():
        index = rows.frame.index
        own = responses.frame.index.get_indexer(index.get_level_values(0))
        owners = (np.arange(times)[:, None] * each + own).reshape(-1)
        kept = np.flatnonzero(owners < interviews)
        taken = kept % max(len(own), 1)
        levels = [names.take(owners[kept])]
        levels += [index.get_level_values(k).take(taken) for k in range(1, index.nlevels)]
        there = pd.MultiIndex.from_arrays(levels, names=index.names)
        frame, absence = (part.take(taken).set_axis(there) for part in (rows.frame, rows.absence))
        repeats[name] = Rows(frame, absence)
    frame, absence, meta = (
        part.take(which % each).set_axis(names)
        for part in (responses.frame, responses.absence, responses.meta)
    )
    return replace(
        responses, frame=frame, absence=absence, meta=meta, repeats=MappingProxyType(repeats)
    )


def gone_through(responses: Responses) -> int:
    """Everything that a replay tells, block by block; how many cells it told of."""
    told = 0
    for block in blocks(responses):
        ours = replay.begin(block)
        parts = [replay.asked(ours), replay.constraint_violations(ours)]
        for name in block.repeats:
            parts.append(replay.asked_in_repeat(ours, name))
            parts.append(replay.constraint_violations_in_repeat(ours, name))
        for item in block.questionnaire.items:
            question = item.question
            if question.calculation is None or question.type.storage is Storage.NOTHING:
                continue
            try:
                parts.append(replay.calculated(ours, item.key).to_frame())
            except CannotEvaluate:
                continue
        told += sum(part.size for part in parts)
    return told


def cost_of(responses: Responses) -> Cost:
    """The cost of going through some interviews."""
    begin = time.perf_counter()
    gone_through(responses)
    seconds = time.perf_counter() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000_000
    return Cost(len(responses), seconds, peak)


def javarosa_rate(definition: Path) -> float | None:
    """How many interviews JavaRosa answers and reports in a second; None where Java is not."""
    from survey_kit.errors import UsageError
    from survey_kit.forms.javarosa.client import JavaRosa
    from survey_kit.forms.xform import xform

    try:
        with JavaRosa() as javarosa:
            form = javarosa.load(xform(read_questionnaire(definition)).xml, [definition.parent])
            sum(1 for _ in form.walk(WITH_JAVAROSA // 4))
            begin = time.perf_counter()
            done = sum(1 for _ in form.walk(WITH_JAVAROSA))
            return done / (time.perf_counter() - begin)
    except UsageError:
        return None


def main(arguments: list[str]) -> None:
    sizes = [int(each) for each in arguments if each.isdigit()] or list(SIZES)
    named = [Path(each) for each in arguments if not each.isdigit()]
    definition = named[0] if named else Path(__file__).parents[1] / STUDY
    questionnaire = read_questionnaire(definition)
    simulated = simulate(questionnaire, SIMULATED, seed=1)
    print(f"{definition.name}: {len(questionnaire.items)} questions")
    for size in sizes:
        print(cost_of(repeated(simulated, size)))
    rate = javarosa_rate(definition)
    if rate is not None:
        print(f"JavaRosa answers {rate:,.0f} interviews a second beside it")


if __name__ == "__main__":
    main(sys.argv[1:])
