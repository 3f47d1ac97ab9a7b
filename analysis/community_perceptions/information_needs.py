"""Information before and after leaving: sought or not, from whom, what was missing, how to reach people."""

from __future__ import annotations

from survey_kit.findings.claim import Claim
from survey_kit.findings.telling import Teller, teller
from survey_kit.findings.wording import among
from survey_kit.tables.analysis import Analysis

THEME = "Information needs"
GENDER = among("those who answered “{}”", woman="women", man="men")


def claims(analysis: Analysis) -> list[Claim]:
    """The findings on information."""
    tell = teller(analysis, "information_needs", THEME)
    return [*_before(analysis, tell), *_unmet(analysis, tell), *_reaching(analysis, tell)]


def _before(analysis: Analysis, tell: Teller) -> list[Claim]:
    return [
        tell.answer(
            "not_sought",
            analysis.crosstab("info_sought", name="info_sought"),
            "no",
            did="looked for no information before leaving",
            title="Looked for information before leaving",
            headline=True,
        ),
        tell.difference(
            "not_sought_by_gender",
            analysis.crosstab("info_sought", by=["gender"], name="info_sought_by_gender"),
            ["no"],
            subject=lambda _: "Having looked for no information",
            among=GENDER,
            title="Looked for information before leaving, by gender",
        ),
        tell.ranking(
            "why_not",
            analysis.crosstab("info_why_not", name="info_why_not"),
            verb="Those who looked for none most often gave as the reason",
            title="Why no information was looked for",
            whose="them",
            caveat="Asked only of those who looked for none; several reasons could be given",
        ),
        tell.ranking(
            "sources",
            analysis.crosstab("info_source_b", name="info_source_b"),
            verb="Those who looked for information most often turned to",
            title="Sources of information before leaving",
            whose="them",
            caveat="Asked only of those who looked for information; several could be named",
        ),
    ]


def _unmet(analysis: Analysis, tell: Teller) -> list[Claim]:
    return [
        tell.ranking(
            "enough",
            analysis.crosstab("info_complete", name="info_complete"),
            verb="To “What I was told was enough to decide well”, those who had looked for "
            "information most often said",
            title="Whether what they were told was enough to decide well",
            whose="them",
            caveat="Asked only of those who looked for information",
        ),
        tell.answer(
            "unmet",
            analysis.crosstab("info_unmet", name="info_unmet"),
            "yes",
            did="would have needed to know something before leaving that they did not know",
            title="Unmet information needs before leaving",
            headline=True,
        ),
        tell.ranking(
            "unmet_topics",
            analysis.crosstab("need_unmet", name="need_unmet"),
            verb="What was most often missing before leaving is knowledge of",
            title="What was missing before leaving",
            leave_out=["nothing"],
            caveat="Several could be named",
        ),
    ]


def _reaching(analysis: Analysis, tell: Teller) -> list[Claim]:
    return [
        tell.ranking(
            "needs_now",
            analysis.crosstab("need_now", name="need_now"),
            verb="The information needed most often now is about",
            title="Information needed now",
            leave_out=["nothing"],
            caveat="Several could be named",
        ),
        tell.ranking(
            "channel",
            analysis.crosstab("chan_pref_1", name="chan_pref_1"),
            verb="Asked for the best way to reach them, respondents most often named",
            title="The best way to be reached",
            leave_out=["none"],
            caveat="The first of three ways that could be named",
        ),
        tell.ranking(
            "language",
            analysis.crosstab("lang_pref", name="lang_pref"),
            verb="The languages preferred most often for messages are",
            title="Preferred language for messages",
        ),
        tell.ranking(
            "messenger",
            analysis.crosstab("messenger_1", name="messenger_1"),
            verb="On dangers and regular ways, those believed most are",
            title="Whom people would believe most",
            leave_out=["nobody"],
            caveat="The first of three that could be named",
        ),
    ]
