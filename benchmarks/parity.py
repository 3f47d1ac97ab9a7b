"""Does survey_kit compute what R's `survey` package computes?

    python benchmarks/parity.py DIR

DIR is a folder in the schema of the reference results: `cases/*.json`, `data/`,
`datasets.json`; or the folder above it, in which it is called `open`. One line for each
case, and last the count of agreeing, differing and unsupported cases. Exit code 1 if any
number differs.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import parity_cases
import parity_comparisons
import parity_contrasts
import parity_hazards
import parity_imputations
import parity_models
import parity_proportions
import parity_quantiles
import parity_recruitment
import parity_replicates
import parity_times
import parity_weighting
from parity_compare import largest_difference
from parity_design import Library, asked
from parity_expression import Unsupported
from parity_two_phase import asked_in_two_phases, in_two_phases

from survey_kit.errors import SurveyKitError

UNFORESEEN = (LookupError, ValueError, TypeError, AttributeError, ArithmeticError, AssertionError)
"""What reading a case may end in that is put in another way than any seen before."""

HANDLERS = {
    **parity_cases.HANDLERS,
    **parity_comparisons.HANDLERS,
    **parity_contrasts.HANDLERS,
    **parity_hazards.HANDLERS,
    **parity_imputations.HANDLERS,
    **parity_models.HANDLERS,
    **parity_proportions.HANDLERS,
    **parity_quantiles.HANDLERS,
    **parity_recruitment.HANDLERS,
    **parity_replicates.HANDLERS,
    **parity_times.HANDLERS,
    **parity_weighting.HANDLERS,
}


@dataclass(frozen=True)
class Verdict:
    """What became of one case."""

    name: str
    word: str
    detail: str

    def __str__(self) -> str:
        return f"{self.word:<12} {self.name:<32} {self.detail}"


def judge(case: dict[str, Any], library: Library) -> Verdict:
    """Compute a case and compare every number of it."""
    name = case["id"]
    try:
        if case["fn"] not in HANDLERS:
            return Verdict(name, "unsupported", f"{case['fn']} is not covered")
        reading = asked_in_two_phases if in_two_phases(case) else asked
        given = reading(case, library)
        if case["design"]["type"] == "replicate":
            sample = parity_replicates.replicated_sample(case, given.sample)
            given = replace(given, sample=sample)
        result = HANDLERS[case["fn"]](case, given)
        difference, where, count = largest_difference(case["result"], result)
    except Unsupported as reason:
        return Verdict(name, "unsupported", str(reason))
    except SurveyKitError as refusal:
        return Verdict(name, "unsupported", f"refused: {refusal}")
    except UNFORESEEN as unforeseen:
        reason = f"{type(unforeseen).__name__} {unforeseen}"
        return Verdict(name, "unsupported", f"the case is put in another way: {reason}")
    if difference <= case["tolerance_rel"]:
        return Verdict(name, "agree", f"{count} numbers, largest difference {difference:.1e}")
    return Verdict(name, "differ", f"{where}: relative difference {difference:.3g}")


def folder_of(path: Path) -> Path:
    """The folder that holds the cases: this one, or `open` in it."""
    for folder in (path, path / "open"):
        if (folder / "cases").is_dir() and (folder / "datasets.json").is_file():
            return folder
    sys.exit(f"{path}: no cases/ and datasets.json here. Name a folder of reference results.")


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        sys.exit("usage: python benchmarks/parity.py DIR")
    folder = folder_of(Path(arguments[0]))
    library = Library(folder)
    words: list[str] = []
    for path in sorted((folder / "cases").glob("*.json")):
        verdict = judge(json.loads(path.read_text(encoding="utf-8")), library)
        words.append(verdict.word)
        print(verdict)
    counts = {word: words.count(word) for word in ("agree", "differ", "unsupported")}
    print(
        f"{counts['agree']} agree, {counts['differ']} differ, {counts['unsupported']} unsupported"
    )
    return 1 if counts["differ"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
