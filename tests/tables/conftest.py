"""A small study that all tests of tables share: six questions, 400 people, weights."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

from survey_kit.design.design import Design, Sampling
from survey_kit.design.sample import Sample
from survey_kit.protection.rules import Rules
from survey_kit.questionnaire.model import (
    Case,
    Choice,
    ChoiceList,
    Derived,
    Missing,
    Privacy,
    Question,
    Questionnaire,
    Repeat,
)
from survey_kit.questionnaire.parser import parse
from survey_kit.questionnaire.question_type import question_types
from survey_kit.responses.model import Absence, ReadingReport, Responses, Rows
from survey_kit.tables.analysis import Analysis
from survey_kit.tables.variables import analysis_frame, left_out

PEOPLE = 400


def _list(name: str, *choices: tuple[str, str] | tuple[str, str, Missing]) -> ChoiceList:
    return ChoiceList(
        name,
        tuple(
            Choice(code, {"en": label}, missing=rest[0] if rest else None)
            for code, label, *rest in choices
        ),
    )


@pytest.fixture(scope="session")
def questionnaire() -> Questionnaire:
    types = question_types()
    text = {"en": "x"}

    def question(name: str, kind: str, label: str, **more: object) -> Question:
        return Question(name, types[kind], label={"en": label}, **more)

    return Questionnaire(
        name="small",
        version="1",
        title=text,
        languages=MappingProxyType({"en": "English"}),
        nodes=(
            question("name", "text", "Name"),
            question("gender", "select_one", "Gender", choices="gender", privacy=Privacy.QUASI),
            question("region", "select_one", "Region", choices="region", privacy=Privacy.QUASI),
            question("age", "integer", "Age", privacy=Privacy.QUASI),
            question("why", "select_multiple", "Why did you leave?", choices="why"),
            question(
                "war",
                "select_one",
                "Whose fault was it?",
                choices="war",
                relevant=parse("selected(${why}, 'war')", "war"),
            ),
            question("note", "text", "Anything to add?", privacy=Privacy.SENSITIVE),
            Repeat("trips", (question("where", "select_one", "Where to?", choices="region"),)),
        ),
        lists=MappingProxyType(
            {
                "gender": _list("gender", ("w", "Woman"), ("m", "Man"), ("o", "Other")),
                "region": _list("region", ("n", "North"), ("s", "South"), ("e", "East")),
                "why": _list(
                    "why",
                    ("work", "Work"),
                    ("war", "War"),
                    ("love", "Love"),
                    ("rare", "A rare reason"),
                    ("rf", "Prefers not to say", Missing.REFUSED),
                ),
                "war": _list(
                    "war", ("us", "Ours"), ("them", "Theirs"), ("dk", "Unsure", Missing.DONT_KNOW)
                ),
            }
        ),
        derived=(
            Derived(
                "adult",
                {"en": "Age group"},
                (
                    Case("young", {"en": "Under 40"}, parse("${age} < 40", "adult")),
                    Case("old", {"en": "40 and older"}, parse("${age} >= 40", "adult")),
                ),
                privacy=Privacy.QUASI,
            ),
            Derived(
                "initial",
                {"en": "Initial"},
                (Case("a", {}, parse("starts-with(${name}, 'A')", "initial")),),
            ),
        ),
    )


@pytest.fixture(scope="session")
def responses(questionnaire: Questionnaire) -> Responses:
    random = np.random.default_rng(20261121)
    index = pd.Index([f"i{number:03}" for number in range(PEOPLE)], name="interview")
    war = random.random(PEOPLE) < 0.4
    reasons = {
        "work": random.random(PEOPLE) < 0.6,
        "war": war,
        "love": random.random(PEOPLE) < 0.05,
        "rare": np.arange(PEOPLE) < 3,
    }
    why = [
        " ".join(code for code, chosen in reasons.items() if chosen[i]) or "work"
        for i in range(PEOPLE)
    ]
    why[-5:] = ["rf"] * 5
    asked = np.array(["war" in each.split() for each in why])
    fault = np.where(asked, random.choice(["us", "them", "dk"], PEOPLE, p=[0.5, 0.4, 0.1]), None)
    gender = random.choice(["w", "m", "o"], PEOPLE, p=[0.5, 0.488, 0.012])
    frame = pd.DataFrame(
        {
            "name": "Anna",
            "gender": gender,
            "region": random.choice(["n", "s", "e"], PEOPLE, p=[0.5, 0.3, 0.2]),
            "age": random.integers(18, 70, PEOPLE).astype(float),
            "why": why,
            "war": fault,
            "note": "thanks",
        },
        index=index,
    ).astype(dict.fromkeys(("name", "gender", "region", "why", "war", "note"), "str"))
    absence = pd.DataFrame(0, index=index, columns=frame.columns, dtype="int8")
    absence.loc[frame["war"].isna(), "war"] = Absence.NOT_ASKED
    absence.loc[frame["war"] == "dk", "war"] = Absence.DONT_KNOW
    absence.loc[frame["why"] == "rf", "why"] = Absence.REFUSED
    trips = pd.MultiIndex.from_tuples([("i000", 1)], names=["interview", "trips"])
    inner = pd.DataFrame({"where": ["n"]}, index=trips, dtype="str")
    return Responses(
        questionnaire=questionnaire,
        frame=frame,
        absence=absence,
        repeats={"trips": Rows(inner, pd.DataFrame({"where": [0]}, index=trips, dtype="int8"))},
        meta=pd.DataFrame(
            {
                "version": "1",
                "submitted": pd.Timestamp("2026-11-21 10:11:12"),
                "deviceid": "phone-7",
            },
            index=index,
        ),
        unreadable=pd.DataFrame(columns=["interview", "row", "question", "answer"], dtype="str"),
        report=ReadingReport("x.zip", "xml", PEOPLE, 7),
    )


@pytest.fixture(scope="session")
def analysis(responses: Responses) -> Analysis:
    frame, variables = analysis_frame(responses)
    random = np.random.default_rng(7)
    sample = Sample(
        frame.assign(weight=random.uniform(0.5, 2.0, PEOPLE)),
        Design(Sampling.PROBABILITY, weight="weight"),
    )
    return Analysis(
        title="A small study",
        questionnaire=responses.questionnaire,
        sample=sample,
        variables=variables,
        rules=Rules(),
        simulated="SIMULATED DATA",
        data_hash="0" * 64,
        uncertainty="design",
        left_out=left_out(responses),
    )
