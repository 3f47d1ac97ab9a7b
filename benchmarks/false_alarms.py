"""How often each check finds something where nothing is wrong, and how much it finds of what is.

    python benchmarks/false_alarms.py
    python benchmarks/false_alarms.py enumerators     only what concerns enumerators

Simulated interviews of the shipped study, as its calibration makes them: clean, and with faults
planted of known kinds and places. Prints the tables of docs/quality_checks.md, and the counts of
docs/fieldwork_monitoring.md: 20 surveys of 612 interviews in which enumerators do not
matter. A test holds the page against a smaller run with another seed.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from survey_kit.cleaning.run_checks import checks, run_checks
from survey_kit.forms.read import read_questionnaire
from survey_kit.responses.model import Absence, Responses
from survey_kit.responses.simulate import read_calibration, simulate
from survey_kit.responses.simulation.planting import Order, plant

ROOT = Path(__file__).parents[1]
STUDY = "community_perceptions"
CHECKS = (
    "almost_empty",
    "calculation_differs",
    "constraint_violated",
    "duplicate_interview",
    "duration",
    "free_text_personal",
    "interview_day",
    "near_copy",
    "night",
    "not_eligible",
    "not_in_list",
    "not_offered",
    "old_version",
    "other_specify",
    "outlier",
    "required_blank",
    "skip_violated",
    "soft_duplicate",
    "speeding",
    "stand_in",
    "straight_lining",
    "unanswered",
    "unreadable",
)
OF_ENUMERATORS = (
    "enumerator_effect",
    "enumerator_rates",
    "heaping",
    "overlapping",
    "productivity",
    "repeated_text",
    "trend",
)
SURVEYS, PEOPLE = 20, 612
SETTINGS: dict[str, dict[str, object] | bool] = {"straight_lining": {"least": 4}}
"""The battery of the study has four questions."""
LEAST = 4


@dataclass(frozen=True)
class Rate:
    """Of `of` interviews `found` were found."""

    found: int
    of: int

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.found / self.of if self.of else float("nan")


def interviews(n: int, seed: int) -> tuple[Responses, object]:
    """Clean interviews of the study, and its calibration."""
    form = ROOT / "instruments" / STUDY / "questionnaire.yaml"
    questionnaire = read_questionnaire(form)
    calibration = read_calibration(ROOT / "data" / STUDY / "simulation.yaml", questionnaire)
    return simulate(questionnaire, n, seed=seed, calibration=calibration), calibration


def found_by(responses: Responses) -> dict[str, set[str]]:
    """Check -> the interviews that it names."""
    left_out = {name: False for name in checks() if name not in CHECKS}
    found = run_checks(responses, {**left_out, **SETTINGS}).findings
    return {name: set(found.loc[found["check"] == name, "interview"]) for name in CHECKS}


def false_alarms(clean: Responses) -> dict[str, Rate]:
    """Check -> how many clean interviews it names."""
    return {name: Rate(len(ids), len(clean)) for name, ids in found_by(clean).items()}


def enumerator_alarms(surveys: int = SURVEYS, people: int = PEOPLE) -> dict[str, int]:
    """Check -> findings in so many clean surveys."""
    found = dict.fromkeys(OF_ENUMERATORS, 0)
    for seed in range(surveys):
        clean, _ = interviews(people, 100 + seed)
        for name in OF_ENUMERATORS:
            check = checks()[name]
            found[name] += len(check.find(clean, check.settings))
    return found


def orders(number: int, battery: tuple[str, ...]) -> dict[str, tuple[Order, tuple[str, ...]]]:
    """What is planted: kind -> the order for it, and the checks that should find it."""
    found = {
        "sent twice": (Order("duplicates"), ("duplicate_interview",)),
        "copied but for four answers": (Order("near_copies"), ("near_copy", "soft_duplicate")),
        "held in nine minutes": (Order("rushing", minutes=9), ("duration", "speeding")),
        "held at night": (Order("at_night"), ("night",)),
        "one code down the battery": (
            Order("straight_lining", questions=battery),
            ("straight_lining",),
        ),
        "answered, not asked": (
            Order("skip_violations", question="camp", given=("no",)),
            ("skip_violated",),
        ),
        "amount times 1000": (
            Order("outliers", question="smug_cost", times=1000, questions=("smug_cost_usd",)),
            ("outlier",),
        ),
        "99 for an age": (Order("stand_ins", question="age", given=("99",)), ("stand_in",)),
        "none and a passport": (
            Order("constraints_violated", question="docs_had", given=("none passport",)),
            ("constraint_violated",),
        ),
        "unknown code": (
            Order("unlisted_codes", question="status_now", given=("asylum_card",)),
            ("not_in_list",),
        ),
        "telephone number": (
            Order("telephone_numbers", question="open_story", given=("call 0155 500 000 0",)),
            ("free_text_personal",),
        ),
        "other that is listed": (
            Order("listed_others", question="info_source_other", given=("Social Media",)),
            ("other_specify",),
        ),
        "required and blank": (
            Order("required_blanks", question="rights_know"),
            ("required_blank",),
        ),
    }
    return {
        kind: (Order(**{**vars(order), "number": number}), by)
        for kind, (order, by) in found.items()
    }


def planted_rates(
    clean: Responses, calibration: object, number: int
) -> dict[str, tuple[str, Rate]]:
    """Kind of fault -> the checks that look for it, and how many of those planted one of them names."""
    fieldwork = getattr(calibration, "fieldwork", None)
    ordered = orders(number, _battery(clean))
    planted = plant(clean, [order for order, _ in ordered.values()], seed=3, fieldwork=fieldwork)
    by_kind: dict[str, set[str]] = {}
    for blemish in planted.ledger:
        by_kind.setdefault(blemish.kind, set()).add(blemish.interview)
    sources = {blemish.planted for blemish in planted.ledger}
    used = sources.union(*by_kind.values())
    responses, own = _by_hand(planted.responses, used, number)
    found = found_by(responses)
    rates: dict[str, tuple[str, Rate]] = {}
    for (kind, (_, names)), ids in zip(ordered.items(), by_kind.values(), strict=True):
        rates[kind] = _rate(found, names, ids)
    for kind, (names, ids) in own.items():
        rates[kind] = _rate(found, names, ids)
    return rates


def _rate(found: dict[str, set[str]], names: tuple[str, ...], ids: set[str]) -> tuple[str, Rate]:
    hit = set().union(*(found[name] for name in names)) & ids
    return ", ".join(names), Rate(len(hit), len(ids))


def _battery(clean: Responses) -> tuple[str, ...]:
    from survey_kit.cleaning.batteries import batteries

    return max(batteries(clean.questionnaire, LEAST), key=lambda each: len(each.keys)).keys


def _by_hand(
    responses: Responses, used: set[str], number: int
) -> tuple[Responses, dict[str, tuple[tuple[str, ...], set[str]]]]:
    """Faults that `planted/` does not know, in interviews that hold no other."""
    frame, absence = responses.frame.copy(), responses.absence.copy()
    free = ~frame.index.isin(used) & (frame["stop_ok"] == "yes").to_numpy()
    random = np.random.default_rng(4)

    def some(able: pd.Series) -> list[str]:
        nonlocal free
        pool = frame.index[free & able.to_numpy(dtype=bool)]
        chosen = list(random.permutation(pool)[:number])
        free &= ~frame.index.isin(chosen)
        return chosen

    young = some(frame["age"].notna())
    frame.loc[young, "age"] = 16.0
    today = some(frame["arrived"].notna())
    frame.loc[today, "arrived"] = frame.loc[today, "start"].dt.normalize()
    edited = some(frame["smug_cost_usd"].notna())
    frame.loc[edited, "smug_cost_usd"] *= 1.5
    silent = some(frame["age"].notna())
    asked = absence.loc[silent] == Absence.PRESENT
    drop = asked & (random.random(asked.shape) < 0.5)  # noqa: PLR2004 - every other answer
    shown = [
        key for key in frame.columns if responses.questionnaire.by_key[key].question.type.asked
    ]
    for key in shown:
        lost = drop.index[drop[key]]
        frame.loc[lost, key] = None
        absence.loc[lost, key] = Absence.BLANK
    late = some(frame["start"] > frame["start"].quantile(0.5))
    meta = responses.meta.copy()
    early = frame["start"] < frame["start"].quantile(0.2)
    meta.loc[early.to_numpy(), "version"] = "older"
    meta.loc[late, "version"] = "older"
    changed = responses.with_frame(frame, absence)
    changed = type(changed)(**{**vars(changed), "meta": meta})
    return changed, {
        "aged 16": (("not_eligible",), set(young)),
        "date of the interview": (("interview_day",), set(today)),
        "result edited": (("calculation_differs",), set(edited)),
        "every other answer missing": (("unanswered",), set(silent)),
        "old version kept in use": (("old_version",), set(late)),
    }


def main(n: int = 4000, seed: int = 1, number: int = 40) -> None:
    """Print both tables."""
    clean, calibration = interviews(n, seed)
    print(f"| check | of {n:,} clean interviews, named |\n|---|---|")
    for name, rate in false_alarms(clean).items():
        print(f"| `{name}` | {rate.share:.2%} |")
    print(f"\n| planted in {number} of {n:,} interviews | looked for by | found |\n|---|---|---|")
    for kind, (names, rate) in planted_rates(clean, calibration, number).items():
        told = ", ".join(f"`{name}`" for name in names.split(", "))
        print(f"| {kind} | {told} | {rate.share:.0%} |")


def main_of_enumerators() -> None:
    """Print how often checks of enumerators find something where enumerators do not matter."""
    print(f"| check | findings in {SURVEYS} surveys of {PEOPLE} interviews |\n|---|---|")
    for name, number in enumerator_alarms().items():
        print(f"| `{name}` | {number} |")


if __name__ == "__main__":
    if sys.argv[1:] != ["enumerators"]:
        main()
    main_of_enumerators()
