"""Seconds and peak memory of `survey-kit run`, part by part, for growing numbers of interviews.

    python benchmarks/life.py [612 10000 100000]

Interviews are simulated from the shipped questionnaire; each size runs in a process of
its own, so that its peak memory is its own. The last column compares seconds per
interview with the size before: about 1 or less means that a part grows no faster than
the number of interviews.
"""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STUDY = ROOT / "analysis" / "community_perceptions" / "study.yaml"
SIZES = (612, 10_000, 100_000)


def main(sizes: list[int]) -> None:
    """Run each size and print a line for each part."""
    runs: dict[int, dict[str, float]] = {}
    memory: dict[int, float] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for size in sizes:
            folder = Path(scratch) / str(size)
            study = make(folder, size)
            runs[size], memory[size] = measure(study, folder / "out")
    parts = list(dict.fromkeys(part for run in runs.values() for part in run))
    header = "".join(f"{f'{size:,} s':>14}" for size in sizes)
    print(f"{'part':<16}{header}{'growth':>10}")
    for part in parts:
        seconds = [runs[size].get(part, 0.0) for size in sizes]
        print(
            f"{part:<16}{''.join(f'{each:>14.2f}' for each in seconds)}{growth(sizes, seconds):>10}"
        )
    print(f"{'peak memory':<16}{''.join(f'{memory[size]:>11.0f} MB' for size in sizes)}")


def growth(sizes: list[int], seconds: list[float]) -> str:
    """Seconds per interview of the last size over those of the one before."""
    if len(sizes) < 2 or seconds[-2] < 0.05:  # noqa: PLR2004 - below this a clock says nothing
        return "-"
    return f"{(seconds[-1] / sizes[-1]) / (seconds[-2] / sizes[-2]):.2f}"


def make(folder: Path, size: int) -> Path:
    """A study like the shipped one, with as many interviews as asked for."""
    folder.mkdir(parents=True)
    data = ROOT / "data" / "community_perceptions"
    answers = folder / "submissions.zip"
    command = [sys.executable, "-m", "survey_kit", "simulate"]
    command += [str(ROOT / "instruments/community_perceptions/questionnaire.yaml")]
    command += ["-n", str(size), "--seed", "7", "--calibration", str(data / "simulation.yaml")]
    begun = time.perf_counter()
    subprocess.run(
        [*command, "--out", str(answers)], check=True, cwd=ROOT, stdout=subprocess.DEVNULL
    )
    print(f"simulated {size:,} interviews in {time.perf_counter() - begun:.1f} s", file=sys.stderr)
    text = STUDY.read_text(encoding="utf-8")
    text = re.sub(r"corrections:\n  file: .*\n", "", text)
    text = text.replace("../../instruments", os.path.relpath(ROOT / "instruments", folder))
    text = text.replace("../../data/community_perceptions/submissions.zip", answers.name)
    text = text.replace("../../data", os.path.relpath(ROOT / "data", folder))
    (folder / "study.yaml").write_text(text, encoding="utf-8")
    for theme in (STUDY.parent).glob("*.py"):
        (folder / theme.name).write_text(theme.read_text(encoding="utf-8"), encoding="utf-8")
    return folder


def measure(study: Path, out: Path) -> tuple[dict[str, float], float]:
    """Seconds of each step and of all, and the peak memory in MB, of one run."""
    command = [sys.executable, __file__, "--one", str(study), str(out)]
    done = subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    told = json.loads(done.stdout.splitlines()[-1])
    return told["seconds"], told["megabytes"]


def one(study: Path, out: Path) -> None:
    """Run one study and print its seconds and its peak memory as JSON."""
    from survey_kit.study.life import live
    from survey_kit.study.settings import read_study

    begun = time.perf_counter()
    life = live(read_study(study), out)
    whole = time.perf_counter() - begun
    steps = life.manifest["steps"]
    assert isinstance(steps, list)  # noqa: S101 - the manifest is ours
    seconds = {step["step"]: step["seconds"] for step in steps} | {"all": whole}
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "megabytes": megabytes}))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        main([int(argument) for argument in sys.argv[1:]] or list(SIZES))
