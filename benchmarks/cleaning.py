"""All checks on simulated interviews: seconds, and the most memory that they took.

    python benchmarks/cleaning.py [612 5000 100000]
    python benchmarks/cleaning.py reading [20000]     only the reading of raw XML

A made-up form of 350 questions with batteries, choice filters, calculations, a repeat, consent and
enumerators; interviews that follow it, with a few near copies. Goals: 5,000 interviews in under 15
seconds with soft duplicates; 100,000 in under 5 minutes and 8 GB; 100,000 raw XML submissions read
in a minute, of this form and, where it lies beside the repository, of a real one (Iraq, 235 rows).
Each size runs in a process of its own, so that the memory is its own. Seconds are of
computing, all threads together; each check runs by itself, as it does among the others.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from survey_kit.cleaning.run_checks import Checked
    from survey_kit.responses.model import Responses

SIZES = (612, 5_000, 100_000)
BLOCKS = 34
SUBMISSIONS = 20_000
"""No more are written as XML and read again."""
SLOWEST = 6
REAL_FORM = Path(__file__).parents[1].parent / "shared/data/iraq_households/form.xlsx"


def form() -> dict[str, object]:
    """The definition of the form, as questionnaire.yaml has it."""
    interview: list[dict[str, object]] = [
        {"name": "start", "type": "start"},
        {"name": "end", "type": "end"},
        {"name": "enum_code", "type": "select_one enumerators", "label": "Code"},
        {"name": "consent", "type": "select_one yes_no", "label": "Do you agree?"},
        {"name": "region", "type": "select_one regions", "label": "Region"},
        {"name": "age", "type": "integer", "label": "Age", "constraint": ". >= 18 and . < 100"},
    ]
    interview.extend(
        {"group": f"part{n}", "label": f"Part {n}", "questions": _block(n)} for n in range(BLOCKS)
    )
    interview.append(
        {
            "repeat": "member",
            "label": "Members",
            "count": "${count0} mod 4",
            "questions": [
                {"name": "member_age", "type": "integer", "label": "Age", "constraint": ". < 110"},
                {"name": "member_works", "type": "select_one yes_no", "label": "Works?"},
            ],
        }
    )
    return {
        "questionnaire": "benchmark",
        "version": "1",
        "title": "Benchmark",
        "languages": {"en": "English"},
        "choices": {
            "yes_no": [_choice(code) for code in ("yes", "no")],
            "scale": [_choice(f"s{n}") for n in range(5)],
            "reasons": [_choice(code) for code in ("work", "family", "war", "land", "other")],
            "regions": [_choice(f"r{n}") for n in range(4)],
            "towns": [{**_choice(f"t{n}"), "region": f"r{n % 4}"} for n in range(24)],
            "enumerators": [_choice(f"e{n}") for n in range(100)],
        },
        "interview": interview,
    }


def _choice(code: str) -> dict[str, object]:
    return {"code": code, "label": code.title()}


def _block(n: int) -> list[dict[str, object]]:
    battery = [
        {"name": f"view{n}_{item}", "type": "select_one scale", "label": f"Item {item}?"}
        for item in range(3 if n % 3 else 5)
    ]
    return [
        {
            "name": f"did{n}",
            "type": "select_one yes_no",
            "label": f"Did {n} happen?",
            "relevant": "${consent} = 'yes'",
            "required": True,
        },
        {"name": f"count{n}", "type": "integer", "label": "How often?", "constraint": ". < 500"},
        {
            "name": f"cost{n}",
            "type": "decimal",
            "label": "What did it cost?",
            "relevant": f"${{did{n}}} = 'yes'",
        },
        {"name": f"why{n}", "type": "select_multiple reasons", "label": "Why?"},
        {
            "name": f"why_other{n}",
            "type": "text",
            "label": "Which?",
            "relevant": f"selected(${{why{n}}}, 'other')",
        },
        {
            "name": f"town{n}",
            "type": "select_one towns",
            "label": "Where?",
            "choice_filter": "region = ${region}",
        },
        {"name": f"sum{n}", "type": "calculate", "calculation": f"${{count{n}}} + ${{age}}"},
        *battery,
    ]


def measure(n: int) -> dict[str, object]:
    """Seconds of each check and of the rest, and gigabytes, for so many interviews."""
    from survey_kit.cleaning.run_checks import checks, run_checks
    from survey_kit.forms.read import read_questionnaire
    from survey_kit.responses.read import read_responses
    from survey_kit.responses.replay import (
        asked,
        asked_in_repeat,
        begin,
        calculated_together,
        constraint_violations,
        required_blank,
    )
    from survey_kit.responses.simulate import simulate
    from survey_kit.responses.submissions import write_submissions

    found: dict[str, object] = {"interviews": n}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "form.yaml"
        path.write_text(json.dumps(form()))
        questionnaire = read_questionnaire(path)
        responses = simulate(questionnaire, n, seed=1)
        found["questions"] = len(questionnaire.items)
        found["simulated"] = _peak()
        responses = _with_copies(responses, n // 200)

        def replay() -> None:
            whole = begin(responses)
            asked(whole), constraint_violations(whole), required_blank(whole)
            asked_in_repeat(whole, "member"), calculated_together(responses)

        found["replay"] = seconds(replay)
        own: dict[str, float] = {}
        findings: dict[str, int] = {}
        for name in checks():
            others = {other: False for other in checks() if other != name}
            checked: list[Checked] = []
            own[name] = seconds(lambda: checked.append(run_checks(responses, others)))  # noqa: B023
            findings[name] = len(checked[0].findings)
            print(f"{name} {own[name]:.1f} s, {_peak():.1f} GB", file=sys.stderr, flush=True)
        found["checks"], found["all"], found["findings"] = own, sum(own.values()), findings
        found["memory"] = _peak()
        some = responses.only(np.arange(n) < SUBMISSIONS)
        write_submissions(some, Path(folder) / "raw.zip")
        took = seconds(lambda: read_responses(Path(folder) / "raw.zip", questionnaire))
        found["read a minute"] = len(some) / took * 60
    return found


def measure_reading(form_file: Path, n: int, folder: Path) -> dict[str, object]:
    """Submissions of a form read in a minute of computing, and by the clock, and gigabytes."""
    from survey_kit.forms.read import read_questionnaire
    from survey_kit.responses.read import read_responses
    from survey_kit.responses.simulate import simulate
    from survey_kit.responses.submissions import write_submissions

    questionnaire = read_questionnaire(form_file)
    raw = folder / f"{n}.zip"
    if not raw.exists():
        write_submissions(simulate(questionnaire, n, seed=1), raw)
        return {}
    began = time.perf_counter()
    took = seconds(lambda: read_responses(raw, questionnaire))
    clock = time.perf_counter() - began
    return {
        "questions": len(questionnaire.items),
        "computing": n / took * 60,
        "clock": n / clock * 60,
        "memory": _peak(),
    }


def reading(sizes: list[int]) -> None:
    """Write submissions in one process and read them in another, whose memory is its own."""
    for name in ("made up", "Iraq"):
        for n in sizes:
            with tempfile.TemporaryDirectory() as folder:
                made_up = Path(folder) / "form.yaml"
                made_up.write_text(json.dumps(form()))
                used = made_up if name == "made up" else REAL_FORM
                if not used.exists():
                    print(f"{name}: its form is not here")
                    continue
                command = [sys.executable, __file__, "--read", str(used), str(n), folder]
                for _ in range(2):
                    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
                found = json.loads(done.stdout)
            print(
                f"{name}, {n:,} submissions x {found['questions']} questions: "
                f"{found['computing']:,.0f} read a minute of computing, {found['clock']:,.0f} by the "
                f"clock; {found['memory']:.1f} GB"
            )


def _with_copies(responses: Responses, number: int) -> Responses:
    """The same interviews, some of them holding the answers of another but for ten."""
    random = np.random.default_rng(2)
    places = random.permutation(len(responses))[: 2 * number].reshape(2, number)
    own = [c for c in responses.frame.columns if c not in ("start", "end", "enum_code")]
    kept = random.permutation(own)[10:]
    frame, absence = responses.frame.copy(), responses.absence.copy()
    for table in (frame, absence):
        for key in kept:
            values = table[key].array.copy()
            values[places[1]] = values[places[0]]
            table[key] = values
    return responses.with_frame(frame, absence)


def seconds(act: Callable[[], object]) -> float:
    """Of computing, all threads of this process together."""
    began = time.process_time()
    act()
    return time.process_time() - began


def _peak() -> float:
    """Gigabytes that this process has held at most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def main() -> None:
    """Measure each size in a process of its own, and tell."""
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(int(sys.argv[2]))))
        return
    if sys.argv[1:2] == ["--read"]:
        print(json.dumps(measure_reading(Path(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))))
        return
    if sys.argv[1:2] == ["reading"]:
        reading([int(word) for word in sys.argv[2:]] or [SUBMISSIONS])
        return
    for size in [int(word) for word in sys.argv[1:]] or SIZES:
        command = [sys.executable, __file__, "--one", str(size)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        found = json.loads(done.stdout)
        slowest = sorted(found["checks"].items(), key=lambda pair: -pair[1])[:SLOWEST]
        print(
            f"{size:>7,} interviews x {found['questions']} questions: "
            f"all checks {found['all']:.1f} s, {found['memory']:.1f} GB at most "
            f"({found['simulated']:.1f} before), {sum(found['findings'].values()):,} findings; "
            f"replay {found['replay']:.1f} s; {found['read a minute']:,.0f} raw XML read a minute"
        )
        print("        slowest: " + ", ".join(f"{name} {took:.1f} s" for name, took in slowest))
        most = sorted(found["findings"].items(), key=lambda pair: -pair[1])
        told = ", ".join(f"{name} {number:,}" for name, number in most if number)
        print(f"        findings: {told}", flush=True)


if __name__ == "__main__":
    main()
