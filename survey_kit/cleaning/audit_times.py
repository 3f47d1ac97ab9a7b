"""How long things took, by the audit logs of devices: in all, by question, between two, and pauses.

Time counts while a screen with questions was open: the events "question" and "group questions".
What lies between them (the form left, the device asleep) is a pause. A node that a log does not
have makes no duration of it, and is named; never an infinite one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from survey_kit.cleaning.audit_logs import Audits

SCREENS = ("question", "group questions")
MINUTE = 60_000.0
PAUSES = ("interview", "after", "before", "minutes")
FINISHED = ("form finalize", "finalize form")


def _screens(audits: Audits) -> pd.DataFrame:
    events = audits.events
    open_screens = events["event"].isin(SCREENS) & events["start"].notna() & events["end"].notna()
    return events[open_screens]


def minutes_in_all(audits: Audits) -> pd.Series[float]:
    """(n,) minutes of all visits to all questions added up, of each interview that has a log.

    0 where the log has no such event. Questions that stand on one screen (a field-list) are each
    noted with the time of the whole screen, so their time counts as often as there are
    questions: the sum that cleaningtools calls sum_all. `minutes_open` counts time once.
    """
    screens = _screens(audits)
    taken = (screens["end"] - screens["start"]).groupby(screens["interview"]).sum() / MINUTE
    return taken.reindex(list(audits.interviews)).fillna(0.0).rename("minutes")


def minutes_open(audits: Audits) -> pd.Series[float]:
    """(n,) minutes during which any screen of questions was open, each minute counted once."""
    screens = _screens(audits).sort_values(["interview", "start"], kind="stable")
    reached = screens.groupby("interview")["end"].cummax()
    before = reached.groupby(screens["interview"]).shift()
    begun = np.fmax(screens["start"].to_numpy(), before.to_numpy())
    new = pd.Series(np.maximum(screens["end"].to_numpy() - begun, 0.0), index=screens.index)
    taken = new.groupby(screens["interview"]).sum() / MINUTE
    return taken.reindex(list(audits.interviews)).fillna(0.0).rename("minutes")


def seconds_by_question(audits: Audits) -> pd.DataFrame:
    """(n, k) seconds spent at each question, all visits and all rows of a repeat together.

    NaN where a log does not have the question.
    """
    screens = _screens(audits)
    screens = screens[screens["event"] == "question"]
    seconds = (screens["end"] - screens["start"]) / 1000
    table = seconds.groupby([screens["interview"], screens["question"]]).sum().unstack()  # noqa: PD010
    order = list(dict.fromkeys(screens["question"]))
    return table.reindex(index=list(audits.interviews), columns=order)


def minutes_between(audits: Audits, first: str, last: str) -> pd.Series[float]:
    """(n,) minutes from the first start of one question to the last end of another.

    Pauses and going back count. NaN where a log lacks one of the two questions.
    """
    screens = _screens(audits)
    start = screens[screens["question"] == first].groupby("interview")["start"].min()
    end = screens[screens["question"] == last].groupby("interview")["end"].max()
    interviews = list(audits.interviews)
    return ((end.reindex(interviews) - start.reindex(interviews)) / MINUTE).rename("minutes")


def pauses(audits: Audits, *, longer_than: float) -> pd.DataFrame:
    """Times without any open screen of questions, by interview and in order: `PAUSES`.

    "after" and "before" name the questions on both sides.

    Parameters
    ----------
    longer_than
        Minutes; shorter pauses are left out.
    """
    screens = _screens(audits).sort_values(["interview", "start"], kind="stable")
    same: pd.Series[Any] = screens["interview"].eq(screens["interview"].shift())
    reached = screens.groupby("interview")["end"].cummax().shift()
    gap = ((screens["start"] - reached) / MINUTE).where(same)
    mark = gap > longer_than
    found = pd.DataFrame(
        {
            "interview": screens["interview"],
            "after": screens["question"].shift(),
            "before": screens["question"],
            "minutes": gap,
        }
    )
    return found[mark].reset_index(drop=True)


def stays(audits: Audits, *, longer_than: float) -> pd.DataFrame:
    """Single visits to one screen that took longer: interview, question (its first), minutes."""
    screens = _screens(audits).drop_duplicates(["interview", "start", "end"])
    taken = (screens["end"] - screens["start"]) / MINUTE
    found = screens[["interview", "question"]].assign(minutes=taken)
    return found[taken > longer_than].reset_index(drop=True)


def times_reopened(audits: Audits) -> pd.Series[int]:
    """(n,) how often the form was taken up again after it had been left or sent to the background."""
    resumed = audits.events[audits.events["event"] == "form resume"]
    counts = resumed.groupby("interview").size()
    return counts.reindex(list(audits.interviews)).fillna(0).astype(np.int64).rename("times")


def changed_after_end(audits: Audits) -> pd.Series[int]:
    """(n,) how many answers were replaced by others after the form was first finalised.

    Only forms that note changes (``track-changes=true``) can tell.
    """
    events = audits.events
    first = events[events["event"].isin(FINISHED)].groupby("interview")["start"].min()
    later = events["start"] > events["interview"].map(first)
    counts = events[later & events["changed"]].groupby("interview").size()
    return counts.reindex(list(audits.interviews)).fillna(0).astype(np.int64).rename("changes")
