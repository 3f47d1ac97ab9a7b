"""What was allowed without a reason, under a code that there is not, or for nothing."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING

from survey_kit.review.rule import Notice, Rule, Severity, rules

if TYPE_CHECKING:
    from survey_kit.review.reviewed import Reviewed


def _no_reason(reviewed: Reviewed) -> Iterator[Notice]:
    if reviewed.matched is None:
        return
    for allow in reviewed.allows:
        if allow.code and not allow.because:
            yield Notice(allow.spot, f"{allow.code} is allowed, and nobody says because of what")


def _no_such_code(reviewed: Reviewed) -> Iterator[Notice]:
    if reviewed.matched is None:
        return
    for allow in reviewed.allows:
        if allow.code not in rules():
            near = get_close_matches(allow.code.upper(), rules(), n=1)
            what = f"there is no rule '{allow.code}'" if allow.code else "it names no rule"
            yield Notice(allow.spot, what, f"Did you mean '{near[0]}'?" if near else "")


def _for_nothing(reviewed: Reviewed) -> Iterator[Notice]:
    if reviewed.matched is None:
        return
    known = rules()
    for allow in reviewed.allows:
        if allow.because and allow.code in known and allow not in reviewed.matched:
            rule = known[allow.code]
            if rule.profile is not None and rule.profile not in reviewed.profiles:
                continue
            of = f" of '{allow.question}'" if allow.question else ""
            yield Notice(allow.spot, f"{allow.code}{of} is allowed, and is not found")


NO_REASON = Rule(
    code="Q901",
    name="allowed-without-reason",
    severity=Severity.WARNING,
    summary="A finding that is allowed without a reason",
    why="Whoever reads the form next cannot know whether the reason still holds.",
    remedy="Say because of what; until then it allows nothing",
    check=_no_reason,
)

NO_SUCH_CODE = Rule(
    code="Q902",
    name="allowed-unknown",
    severity=Severity.WARNING,
    summary="An allow under a code that there is not",
    why="It allows nothing.",
    remedy="Write the code that the check shows, such as Q220",
    check=_no_such_code,
)

FOR_NOTHING = Rule(
    code="Q903",
    name="allowed-for-nothing",
    severity=Severity.WARNING,
    summary="An allow for what is not found any more",
    why="It would silence the same fault if it came back.",
    remedy="Remove it",
    check=_for_nothing,
)
