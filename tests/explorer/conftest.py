"""A small analysis: 240 respondents of two regions, and what they said."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

from survey_kit.design.design import Design, Sampling
from survey_kit.design.sample import Sample
from survey_kit.questionnaire.model import Privacy, Questionnaire
from survey_kit.tables.analysis import Analysis
from survey_kit.tables.variable import Kind, Variable


def variable(name: str, kind: Kind, label: str, labels: dict[str, str]) -> Variable:
    columns = tuple(f"{name}/{code}" for code in labels) if kind is Kind.MANY else (name,)
    return Variable(
        name=name,
        kind=kind,
        label=label,
        question_text=label,
        base_text="Everyone interviewed.",
        codes=tuple(labels),
        labels=MappingProxyType(labels),
        columns=columns,
        privacy=Privacy.PLAIN,
    )


@pytest.fixture(scope="session")
def small() -> Analysis:
    """Counts by hand: 90 of 120 in the north and 60 of 120 in the south left for work."""
    region = ["north"] * 120 + ["south"] * 120
    work = [1.0] * 90 + [0.0] * 30 + [1.0] * 60 + [0.0] * 60
    war = [0.0] * 90 + [1.0] * 30 + [1.0] * 60 + [1.0] * 60
    sought = ["yes", "no"] * 120
    frame = pd.DataFrame(
        {
            "region": pd.Series(region, dtype="str"),
            "why/work": work,
            "why/war": war,
            "sought": pd.Series(sought, dtype="str"),
            "age": np.linspace(18, 60, 240),
        }
    )
    variables = [
        variable("region", Kind.ONE, "Region", {"north": "North", "south": "South"}),
        variable("why", Kind.MANY, "Why left", {"work": "Work", "war": "War"}),
        variable("sought", Kind.ONE, "Looked for information", {"yes": "Yes", "no": "No"}),
        variable("age", Kind.NUMBER, "Age", {}),
    ]
    return Analysis(
        title="Small",
        questionnaire=Questionnaire("small", "1", {"en": "Small"}, {"en": "English"}, ()),
        sample=Sample(frame, Design(sampling=Sampling.PURPOSIVE)),
        variables={each.name: each for each in variables},
        simulated="SIMULATED DATA: made by hand.",
        data_hash="cd" * 32,
        uncertainty="modelled",
    )
