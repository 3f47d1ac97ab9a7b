"""Regular ways to migrate: heard of, considered, tried, obtained; and what stood in the way."""

from __future__ import annotations

from survey_kit.findings import reading, wording
from survey_kit.findings.charts import funnel_chart
from survey_kit.findings.claim import Claim
from survey_kit.findings.funnel import Step, steps_table
from survey_kit.findings.telling import Teller, teller
from survey_kit.tables.analysis import Analysis

THEME = "Regular pathways"
STEPS = (
    ("Thought of using one", "reg_considered", "yes"),
    ("Tried one", "reg_tried", "yes"),
    ("Was granted one", "reg_result", "granted"),
)
COUNTRY = wording.among("respondents interviewed in {}")


def claims(analysis: Analysis) -> list[Claim]:
    """The findings on regular pathways."""
    tell = teller(analysis, "regular_pathways", THEME)
    return [
        _status(analysis, tell),
        _funnel(analysis, tell),
        tell.ranking(
            "why_not",
            analysis.crosstab("reg_why_not", name="reg_why_not"),
            verb="Those who did not think of a regular way most often gave as the reason",
            title="Why regular ways were not considered",
            whose="them",
            caveat="Asked only of those who did not think of one; several reasons could be given",
            headline=True,
        ),
        tell.ranking(
            "obstacles",
            analysis.crosstab("reg_obst", name="reg_obst"),
            verb="Those who tried a regular way most often met these obstacles:",
            title="Obstacles met when trying",
            whose="them",
            leave_out=["none"],
            caveat="Asked only of those who tried; several could be named",
            headline=True,
        ),
        tell.ranking(
            "heard_of",
            analysis.crosstab("reg_aware", name="reg_aware"),
            verb="The regular ways heard of most often are",
            title="Regular ways heard of",
            leave_out=["none"],
            caveat="Several could be named",
        ),
        tell.difference(
            "not_considered_by_country",
            analysis.crosstab(
                "reg_considered", by=["country_int"], name="reg_considered_by_country"
            ),
            ["no"],
            subject=lambda _: "Not having thought of a regular way",
            among=COUNTRY,
            title="Thought of a regular way, by country of interview",
            caveat="Countries of interview differ in whom they host, so this is no comparison of countries",
        ),
    ]


def _status(analysis: Analysis, tell: Teller) -> Claim:
    """Not considered, and tried without success: two shares of one base."""
    return tell.answer(
        "status",
        analysis.crosstab("reg_status", name="reg_status"),
        "not_considered",
        did="had not considered a regular way at all",
        also=[("tried_unable", "had tried one and been unable to use it")],
        title="Regular ways: considered, tried, obtained",
        caveat="All shares are of everyone who answered whether they had thought of a regular way",
        headline=True,
    )


def _funnel(analysis: Analysis, tell: Teller) -> Claim:
    title = "Regular ways, step by step"
    table = steps_table(
        [
            Step(
                "Had heard of a regular way",
                analysis.crosstab("reg_aware_n", name="step_heard"),
                "none",
                others=True,
            ),
            *(
                Step(label, analysis.crosstab(question, name=f"step_{question}"), code)
                for label, question, code in STEPS
            ),
        ],
        name="reg_funnel",
        title=title,
        question="Heard of a regular way, thought of using one, tried one, was granted one",
    )
    parts: list[str] = []
    for j, column in enumerate(table.columns):
        cell = table.cells[0][j]
        if cell.value is not None and reading.is_shown(cell):
            parts.append(f"{_lower(column.label)} ({wording.share_in_brief(cell, column)})")
    if len(parts) <= 1:
        return tell.claim("funnel", wording.not_shown(title), table, title=title)
    note = wording.weighting_note(zip(table.cells[0], table.columns, strict=True))
    return tell.claim(
        "funnel",
        f"Step by step, each share being of those asked at that step: {wording.listed(parts)}."
        f"{note}",
        table,
        title=title,
        chart=funnel_chart(table, title=title),
        caveat="A step is asked only of those who took the step before, so bases shrink",
    )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
