"""Who was interviewed: country, gender, age, nationality, situation, and how people were found.

These are shares of a purposive sample. They describe the interviews, nobody else.
"""

from __future__ import annotations

from survey_kit.findings.claim import Claim
from survey_kit.findings.telling import teller
from survey_kit.tables.analysis import Analysis

THEME = "Who was interviewed"
CHOSEN = (
    "People were chosen on purpose, by country and gender: the mix is the study's, not that of "
    "any population"
)
PARTS = (
    ("country_int", "Country of interview", "Interviews by country:"),
    ("gender", "Gender", "By gender:"),
    ("age_group", "Age", "By age:"),
    ("origin_group", "Nationality or group", "By nationality or group:"),
    ("elig_status", "Situation", "By their situation:"),
    ("recruited", "How people were found", "By how they were found:"),
)


def claims(analysis: Analysis) -> list[Claim]:
    """The findings on the sample itself."""
    tell = teller(analysis, "respondents", THEME)
    return [
        tell.composition(
            question,
            analysis.crosstab(question, name=f"sample_{question}"),
            lead=lead,
            title=title,
            caveat=CHOSEN,
        )
        for question, title, lead in PARTS
    ]
