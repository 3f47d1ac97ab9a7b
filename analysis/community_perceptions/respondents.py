"""Who was interviewed: country, gender, age, nationality, situation, and how people were found.

These are shares of a purposive sample. They describe the interviews, nobody else.
"""

from __future__ import annotations

from survey_kit.findings.claim import Claim
from survey_kit.findings.telling import Teller, teller
from survey_kit.tables.analysis import Analysis

THEME = "Who was interviewed"
CHOSEN = (
    "People were chosen on purpose, by country and gender: the mix is the study's, not that of "
    "any population"
)
PARTS = (
    ("country_int", "Country of interview", "The largest numbers of interviews were held in"),
    ("gender", "Gender", "By gender, the largest groups are"),
    ("age_group", "Age", "By age, the largest groups are"),
    ("origin_group", "Nationality or group", "By nationality or group, the largest are"),
    ("elig_status", "Situation", "The situations met most often are"),
    ("recruited", "How people were found", "Most people were found in these ways:"),
)


def claims(analysis: Analysis) -> list[Claim]:
    """The findings on the sample itself."""
    tell = teller(analysis, "respondents", THEME)
    return [_share(analysis, tell, *part) for part in PARTS]


def _share(analysis: Analysis, tell: Teller, question: str, title: str, verb: str) -> Claim:
    return tell.ranking(
        question,
        analysis.crosstab(question, name=f"sample_{question}"),
        verb=verb,
        title=title,
        top=4,
        caveat=CHOSEN,
    )
