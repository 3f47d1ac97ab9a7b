# ruff: noqa: INP001 - a script beside its data, not a package
"""SIMULATED DATA. Makes the interviews of this folder, with blemishes that are known.

    python data/community_perceptions/make_data.py

simulates from the questionnaire and simulation.yaml, plants what real fieldwork leaves
behind, and writes submissions.zip, blemishes.csv and corrections.csv: the same bytes every
time. blemishes.csv says what was planted where, what stood there before, and which check
should find it; corrections.csv is what a data manager would decide on seeing it.
"""

from __future__ import annotations

import csv
import sys
import uuid
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from survey_kit.questionnaire.yaml_file import read_yaml
from survey_kit.responses.simulate import read_calibration, simulate
from survey_kit.responses.simulation.planting import Blemish, Planting, write_ledger
from survey_kit.responses.submissions import write_submissions

if TYPE_CHECKING:
    from survey_kit.responses.model import Responses

HERE = Path(__file__).resolve().parent
QUESTIONNAIRE = HERE.parents[1] / "instruments" / "community_perceptions" / "questionnaire.yaml"
SUBMISSIONS = 612
DUPLICATES = 3
WITHDRAWALS = 2
SEED = 10
OLDER_VERSION = "2026-07-20"
WHO, WHEN = "data manager", "2026-10-02"


@dataclass(frozen=True)
class Decision:
    """A line of corrections.csv."""

    interview: str
    question: str
    old: str
    new: str
    action: str
    why: str
    who: str = WHO
    when: str = WHEN


class Deciding(Planting):
    """The interviews while faults are planted, and what a data manager would decide about them."""

    def __init__(self, clean: Responses) -> None:
        agreed = clean.frame["stop_ok"] == "yes"
        super().__init__(clean, np.random.default_rng(SEED + 1), able=agreed)
        self.decisions: list[Decision] = []

    def decide(self, interview: str, question: str, new: str, action: str, why: str) -> None:
        """Note what the data manager decides; the old value is what stands there now."""
        old = self.text(interview, question) if question else ""
        self.decisions.append(Decision(interview, question, old, new, action, why))


def rushing(p: Deciding) -> None:
    """One enumerator's interviews of some days, far too short."""
    who = p.frame["enum_code"]
    chosen = p.pick(who == "e34", 8)
    for position, interview in enumerate(chosen):
        end = p.frame.loc[interview, "start"] + pd.Timedelta(seconds=490 + 37 * position)
        p.plant("too short", interview, "end", end, check="duration")
        if position < 3:  # noqa: PLR2004 - those under ten minutes
            p.decide(
                interview, "", "", "remove", "under ten minutes; the enumerator was trained again"
            )
        else:
            p.decide(interview, "end", "", "no action", "short; answers agree with the call-back")


def copying(p: Deciding) -> None:
    """One enumerator's interviews that repeat another of hers, with a few answers changed."""
    full = p.frame["elig_status"].isin(["crossed", "stay_ended"])
    source, *copies = p.pick((p.frame["enum_code"] == "e45") & full, 4)
    own = {"start", "end", "today", "place_int", "enum_code", "age"}
    for interview in copies:
        for key in p.frame.columns.difference(list(own)):
            p.frame.loc[interview, key] = p.frame.loc[source, key]
        p.take_rows(source, interview)
        for question, value in {
            "school": "secondary",
            "time_decide": "weeks",
            "rights_know": "no",
            "obs_understood": "partly",
        }.items():
            p.frame.loc[interview, question] = value
        p.note("near copy", interview, "an interview of its own", source, "near_copy")
        p.decide(interview, "", "", "remove", f"copied from {source}; confirmed by a call-back")


def older_form(p: Deciding) -> None:
    """Phones with an older version of the form, which asked everybody about camps."""
    early = p.frame["start"] < p.frame["start"].quantile(0.25)
    for interview in p.pick(early & (p.frame["displaced"] == "no"), 7):
        p.meta.loc[interview, "version"] = OLDER_VERSION
        p.plant("asked by an older form", interview, "camp", "no", check="skip_violated")
        p.decide(interview, "camp", "", "blank", f"version {OLDER_VERSION} did not skip this")


def wrong_amounts(p: Deciding) -> None:
    """Zeros too many, and money that was not the one that was meant."""
    cost = p.frame["smug_cost"].between(1000, 400_000)
    usual = p.frame["smug_cost_usd"].between(300, 3000)
    for zeros, interview in zip((100, 1000, 100), p.pick(cost & usual, 3), strict=True):
        amount = p.frame.loc[interview, "smug_cost"]
        change_cost(p, interview, "smug_cost", amount * zeros, kind="outlier", why="zeros too many")
    for currency, planted in (("bdt", "usd"), ("idr", "myr"), ("mmk", "thb"), ("bdt", "myr")):
        interview, *_ = p.pick((p.frame["smug_currency"] == currency) & usual, 1)
        change_cost(
            p, interview, "smug_currency", planted, kind="wrong currency", why="another money"
        )


def change_cost(
    p: Deciding, interview: str, question: str, value: object, *, kind: str, why: str
) -> None:
    """Plant an amount or a currency; the form works out the dollars from it."""
    dollars = p.text(interview, "smug_cost_usd")
    before = p.plant(kind, interview, question, value, check="outlier", found_at="smug_cost_usd")
    p.work_out(interview, ["smug_cost_usd"])
    p.decide(interview, question, before, "change", f"{why}; the enumerator was called")
    p.decide(interview, "smug_cost_usd", dollars, "change", "follows from the line above")


def listed_others(p: Deciding) -> None:
    """Texts beside "other" that name a choice of the list."""
    for question, text, code in (
        ("drivers", "Floods", "environment"),
        ("drivers", "work", "economic"),
        ("drivers", "violence", "violence"),
        ("info_source_b", "community leader", "community_leaders"),
        ("info_source_b", "Social Media", "social_media"),
        ("influence", "agent or smuggler", "agent"),
        ("reg_why_not", "it takes too long", "slow"),
    ):
        followed = {"info_source_b": "info_source_other"}.get(question, f"{question}_other")
        answers = p.frame[question].str.split()
        has_other = answers.map(lambda codes: isinstance(codes, list) and "other" in codes)
        lacks = answers.map(lambda codes, code=code: isinstance(codes, list) and code not in codes)
        best = p.frame["driver_main"] if question == "drivers" else p.frame["info_best"]
        interview, *_ = p.pick(has_other & lacks & (best != "other"), 1)
        p.plant("other that is listed", interview, followed, text, check="other_specify")
        codes = {*p.text(interview, question).split(), code} - {"other"}
        order = p.clean.questionnaire.lists[
            p.clean.questionnaire.by_key[question].question.choices or ""
        ].codes
        new = " ".join(each for each in order if each in codes)
        p.decide(interview, followed, "", "blank", "the list has a choice for this")
        p.decide(interview, question, new, "change", f"'other' was {code}")


def odd_answers(p: Deciding) -> None:
    """Answers that the form of today would not have taken."""
    asylum = p.frame["status_now"] == "asylum"
    for interview in p.pick(asylum, 2):
        p.plant(
            "value not in the list", interview, "status_now", "asylum_card", check="not_in_list"
        )
        p.decide(interview, "status_now", "asylum", "change", "the code of a trial version")
    interview, *_ = p.pick(p.frame["docs_had"] == "passport", 1)
    p.plant(
        "constraint violated", interview, "docs_had", "none passport", check="constraint_violated"
    )
    p.decide(interview, "docs_had", "passport", "change", "'none' contradicts the passport")
    interview, *_ = p.pick(p.frame["elig_status"] == "crossed", 1)
    later = p.frame.loc[interview, "arrived"] + pd.offsets.MonthBegin(2)
    p.plant("constraint violated", interview, "dep_month", later, check="constraint_violated")
    p.decide(interview, "dep_month", "", "blank", "left after arriving; the month is not known")
    interview, *_ = p.pick(p.frame["age"] == 18, 1)  # noqa: PLR2004 - the youngest
    p.plant("constraint violated", interview, "age", 17.0, check="constraint_violated")
    p.decide(interview, "", "", "remove", "under 18: must not have been interviewed")
    interview, *_ = p.pick(p.frame["age"] > 0, 1)
    p.plant("number that stands for no answer", interview, "age", 99.0, check="stand_in")
    p.decide(interview, "age", "", "blank", "99 was typed for 'does not know'")
    interview, *_ = p.pick(p.frame["rights_know"] == "no", 1)
    p.plant("required and blank", interview, "rights_know", None, check="required_blank")
    p.decide(interview, "rights_know", "", "no action", "the interview was broken off and resumed")


def at_night(p: Deciding) -> None:
    """A phone whose clock was wrong."""
    interview, *_ = p.pick(p.frame["mode"] == "in_person", 1)
    taken = p.frame.loc[interview, "end"] - p.frame.loc[interview, "start"]
    start = p.frame.loc[interview, "start"].normalize() + pd.Timedelta(hours=2, minutes=41)
    p.plant("at night", interview, "start", start, check="night")
    p.plant("at night", interview, "end", start + taken, check="night", found_at="start")
    p.decide(interview, "start", "", "no action", "the clock of the phone was wrong")


def telephone_numbers(p: Deciding) -> None:
    """Telephone numbers that nobody has, in free texts, in two scripts."""
    for question, text in (
        ("open_story", "please call me on +880 1555 000000 when you know more"),
        ("open_info", "my cousin explains it well, +৮৮০ ১৫৫৫ ০০০০০০"),
    ):
        interview, *_ = p.pick(p.frame[question].notna(), 1)
        p.plant("telephone number in a text", interview, question, text, check="free_text_personal")
        p.decide(interview, question, "", "blank", "leads to a person")


def duplicates(p: Deciding) -> None:
    """Interviews that were sent twice, the second time under another id."""
    for position, interview in enumerate(p.pick(p.frame["eligible"] == "yes", DUPLICATES)):
        again = str(uuid.UUID(bytes=p.random.bytes(16), version=4))
        p.add_interview(interview, again)
        p.meta.loc[again, "submitted"] += pd.Timedelta(minutes=6 + 3 * position)
        p.note("duplicate", again, "", interview, "duplicate_interview")
        p.decisions.append(Decision(again, "", "", "", "remove", f"sent twice; {interview} stays"))


def withdrawals(p: Deciding) -> None:
    """No blemish, but a duty: whoever withdraws agreement at the end is removed."""
    for interview in p.pick(p.frame["obs_distress"] == "some", WITHDRAWALS):
        p.frame.loc[interview, "stop_ok"] = "no"
    for interview in p.frame.index[p.frame["stop_ok"] == "no"]:
        p.decide(str(interview), "", "", "remove", "withdrew agreement at the end")


def interviews() -> tuple[Responses, list[Blemish], list[Decision]]:
    """The interviews as they came in, what was planted in them, and what is decided about it."""
    questionnaire = read_yaml(QUESTIONNAIRE)
    calibration = read_calibration(HERE / "simulation.yaml", questionnaire)
    clean = simulate(questionnaire, SUBMISSIONS - DUPLICATES, seed=SEED, calibration=calibration)
    planting = Deciding(clean)
    for plant in (
        listed_others,
        telephone_numbers,
        wrong_amounts,
        odd_answers,
        older_form,
        copying,
        rushing,
        at_night,
        withdrawals,
        duplicates,
    ):
        plant(planting)
    return planting.done(), planting.blemishes, planting.decisions


def write_decisions(path: Path, lines: list[Decision]) -> None:
    """One line for each, under the names of its fields."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([field.name for field in fields(Decision)])
        writer.writerows(astuple(line) for line in lines)


def make(folder: Path) -> None:
    """Write submissions.zip, blemishes.csv and corrections.csv into a folder."""
    responses, blemishes, decisions = interviews()
    write_submissions(responses, folder / "submissions.zip")
    write_ledger(folder / "blemishes.csv", blemishes)
    write_decisions(folder / "corrections.csv", decisions)


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
