"""Why people left: each reason, the main one, what goes together, and who differs."""

from __future__ import annotations

from survey_kit.findings.claim import Claim
from survey_kit.findings.telling import Teller, most_frequent, teller
from survey_kit.findings.wording import among, quoted
from survey_kit.tables.analysis import Analysis

THEME = "Drivers"
TOLD_BY_GROUP = 2
COUNTRY = among("respondents interviewed in {}")
GENDER = among("those who answered “{}”", woman="women", man="men")


def claims(analysis: Analysis) -> list[Claim]:
    """The findings on drivers."""
    tell = teller(analysis, "drivers", THEME)
    reasons = analysis.crosstab("drivers", name="drivers")
    leading = most_frequent(reasons, TOLD_BY_GROUP, leave_out=["other"])
    told = [
        tell.ranking(
            "prevalence",
            reasons,
            verb="The reasons for leaving named most often are",
            title="Reasons for leaving",
            caveat="Several reasons could be named, so shares add up to more than 100 %",
            headline=True,
        ),
        tell.ranking(
            "main",
            analysis.crosstab("driver_main", name="driver_main"),
            verb="Asked for the one main reason, respondents most often named",
            title="The one main reason for leaving",
            caveat="Everybody named one of the reasons they had given before",
        ),
    ]
    told.append(
        tell.ranking(
            "mix",
            analysis.crosstab("driver_mix", name="driver_mix"),
            verb="By the mix of their reasons, the largest groups are",
            title="Mixes of economic and other reasons",
            caveat="Everybody is in one group; worked out from all the reasons that were named",
            headline=True,
        )
    )
    if leading:
        told.append(_together(analysis, tell, leading[0]))
        told += _who_differs(analysis, tell, leading)
    told.append(
        tell.ranking(
            "influence",
            analysis.crosstab("influence", name="influence"),
            verb="Asked who encouraged the idea of leaving, respondents most often named",
            title="Who encouraged the idea of leaving",
            leave_out=["nobody"],
            caveat="Several could be named",
        )
    )
    return told


def _together(analysis: Analysis, tell: Teller, leading: str) -> Claim:
    """What else those named who named the leading reason: reasons come in mixes."""
    table = analysis.crosstab(
        "drivers", where=f"selected(${{drivers}}, '{leading}')", name=f"drivers_with_{leading}"
    )
    label = next(row.label for row in table.rows if row.code == leading)
    return tell.ranking(
        "together",
        table,
        verb=f"Those who named {quoted(label)} most often also named",
        title=f"Named together with {quoted(label)}",
        whose="them",
        leave_out=[leading],
        caveat="Reasons overlap: the shares are of those who named the first reason",
    )


def _who_differs(analysis: Analysis, tell: Teller, leading: tuple[str, ...]) -> list[Claim]:
    by_country = analysis.crosstab("drivers", by=["country_int"], name="drivers_by_country")
    by_gender = analysis.crosstab("drivers", by=["gender"], name="drivers_by_gender")
    return [
        tell.difference(
            "by_country",
            by_country,
            leading,
            subject=quoted,
            among=COUNTRY,
            title="Leading reasons by country of interview",
            caveat="Countries of interview differ in whom they host, so this is no comparison of countries",
        ),
        tell.difference(
            "by_gender",
            by_gender,
            leading,
            subject=quoted,
            among=GENDER,
            title="Leading reasons by gender",
        ),
    ]
