"""An interview that took less or more time, was left for long, or was changed, by its audit log."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.cleaning.audit_logs import Audits, read_audits
from survey_kit.cleaning.audit_times import (
    changed_after_end,
    minutes_between,
    minutes_open,
    pauses,
    stays,
)
from survey_kit.cleaning.check import (
    NO_FILE,
    Check,
    Reach,
    Settings,
    as_findings,
    file,
    number,
    texts,
    together,
)
from survey_kit.cleaning.checks.duration import finished
from survey_kit.cleaning.spelling import did_you_mean
from survey_kit.cleaning.whole_interview import WholeInterview
from survey_kit.errors import StudyError
from survey_kit.responses.model import Responses

PART = re.compile(r"\s*(\S+)\s+to\s+(\S+?)\s*:\s*(\d+(?:\.\d+)?)\s*-\s*(\d+(?:\.\d+)?)\s*")


@dataclass(frozen=True)
class _Part:
    """From one question to another within so many minutes."""

    first: str
    last: str
    shortest: float
    longest: float


@dataclass(frozen=True, eq=False)
class _Logs:
    """Audit logs brought to the interviews of the responses."""

    responses: Responses
    audits: Audits

    def of_interviews(self, values: pd.Series[Any]) -> NDArray[np.float64]:
        """(n,) what a log says of each interview; NaN where there is no log."""
        ids = self.responses.frame.index.str.removeprefix("uuid:")
        return values.reindex(ids).to_numpy(dtype=np.float64)

    @property
    def without(self) -> int:
        """How many interviews have no log."""
        ids = self.responses.frame.index.str.removeprefix("uuid:")
        return int((~ids.isin(self.audits.interviews)).sum())


def _logs(responses: Responses, settings: Settings) -> _Logs | None:
    path = file(settings, "audits")
    if path is None:
        return None
    return _Logs(responses, _read_once(path, path.stat().st_mtime_ns if path.exists() else 0))


@lru_cache(maxsize=1)
def _read_once(path: Path, changed: int) -> Audits:
    """The logs of a path as they were when it was last changed: reach and find need the same."""
    del changed
    return read_audits(path)


def _parts(responses: Responses, settings: Settings) -> list[_Part]:
    known = {item.question.name for item in responses.questionnaire.items}
    found: list[_Part] = []
    for written in texts(settings, "between"):
        read = PART.fullmatch(written)
        if read is None:
            raise StudyError(
                "checks: duration_from_audit: between",
                f"{written!r} does not say from which question to which, and in what time",
                "Write: consent to last_question: 10 - 60",
            )
        part = _Part(read[1], read[2], float(read[3]), float(read[4]))
        for name in (part.first, part.last):
            if name not in known:
                raise StudyError(
                    "checks: duration_from_audit: between",
                    f"there is no question called {name!r}",
                    did_you_mean(name, known),
                )
        found.append(part)
    return found


def _reach(responses: Responses, settings: Settings) -> Reach:
    logs = _logs(responses, settings)
    if logs is None:
        return Reach(
            runs=False,
            note="no audit logs are stated; name their folder, zip or table in the setting audits",
        )
    notes = [f"audit logs of {len(logs.audits.interviews)} interviews"]
    if logs.without:
        notes.append(f"{logs.without} interviews have none")
    for part in _parts(responses, settings):
        between = logs.of_interviews(minutes_between(logs.audits, part.first, part.last))
        lacking = int(np.isnan(between).sum()) - logs.without
        if lacking:
            notes.append(f"{lacking} logs lack {part.first} or {part.last}")
    return Reach(note="; ".join([*notes, *logs.audits.notes]))


def _find(responses: Responses, settings: Settings) -> pd.DataFrame:
    logs = _logs(responses, settings)
    if logs is None or not len(responses):
        return as_findings(())
    return together(
        [
            _in_all(logs, settings),
            *(_between(logs, part) for part in _parts(responses, settings)),
            _left(logs, settings),
            _changed(logs, settings),
        ]
    )


def _in_all(logs: _Logs, settings: Settings) -> pd.DataFrame:
    shortest, longest = number(settings, "shortest"), number(settings, "longest")
    minutes = logs.of_interviews(minutes_open(logs.audits))
    short = (minutes < shortest) & finished(logs.responses, number(settings, "complete"))
    said = "minutes with a question on the screen"
    interviews = WholeInterview(logs.responses)
    return together(
        [
            interviews.marked(
                short,
                [f"{value:.0f} {said}, fewer than {shortest:g}" for value in minutes[short]],
                "Ask the enumerator; look at how many questions were answered",
            ),
            interviews.marked(
                minutes > longest,
                [f"{v:.0f} {said}, more than {longest:g}" for v in minutes[minutes > longest]],
                "Usually the form was left open or the interview interrupted",
            ),
        ]
    )


def _between(logs: _Logs, part: _Part) -> pd.DataFrame:
    minutes = logs.of_interviews(minutes_between(logs.audits, part.first, part.last))
    mark = (minutes < part.shortest) | (minutes > part.longest)
    said = f"from {part.first} to {part.last}; {part.shortest:g} to {part.longest:g} are expected"
    column = part.last if part.last in logs.responses.frame.columns else ""
    return WholeInterview(logs.responses, column).marked(
        mark,
        [f"{value:.1f} minutes {said}" for value in minutes[mark]],
        "Ask how this part was asked",
    )


def _left(logs: _Logs, settings: Settings) -> pd.DataFrame:
    longest = number(settings, "pause")
    away = pauses(logs.audits, longer_than=longest)
    still = stays(logs.audits, longer_than=longest)
    told = pd.concat(
        [
            away.assign(
                said=[
                    f"{minutes:.0f} minutes between {after} and {before}"
                    for minutes, after, before in zip(
                        away["minutes"], away["after"], away["before"], strict=True
                    )
                ]
            )[["interview", "minutes", "said"]],
            still.assign(
                said=[
                    f"{minutes:.0f} minutes at {question or 'one screen'}"
                    for minutes, question in zip(still["minutes"], still["question"], strict=True)
                ]
            )[["interview", "minutes", "said"]],
        ]
    ).sort_values("minutes", ascending=False, kind="stable")
    by_interview = told.groupby("interview")["said"].agg("; ".join)
    ids = logs.responses.frame.index.str.removeprefix("uuid:")
    said = by_interview.reindex(ids)
    mark = said.notna().to_numpy(dtype=np.bool_)
    return WholeInterview(logs.responses).marked(
        mark,
        [f"the form lay still: {words}" for words in said[mark]],
        "Ask why; the people, or who answers, may have changed meanwhile",
    )


def _changed(logs: _Logs, settings: Settings) -> pd.DataFrame:
    most = number(settings, "changes")
    changes = logs.of_interviews(changed_after_end(logs.audits))
    mark = changes > most
    return WholeInterview(logs.responses).marked(
        mark,
        [f"answers changed after the form was finalised: {value:.0f}" for value in changes[mark]],
        "Ask what was changed, and why",
    )


DURATION_FROM_AUDIT = Check(
    name="duration_from_audit",
    title="Time by the audit log",
    why=(
        "The audit logs in `audits` (a zip or folder with an audit.csv for each interview, or one "
        "table of all) say how long a question was on the screen: in all between `shortest` and "
        "`longest` minutes, each minute counted once, where the interview has at least the share "
        "`complete` of the median number of answers. The form does not lie still for more than "
        "`pause` minutes, and after it was finalised no more than `changes` answers are changed "
        "(forms with track-changes only). `between` holds parts to a time of their own: "
        "['consent to drivers: 5 - 40']. A question that a log lacks is named here, and never "
        "makes a time."
    ),
    find=_find,
    reach=_reach,
    settings=MappingProxyType(
        {
            "audits": NO_FILE,
            "shortest": 15,
            "longest": 240,
            "complete": 0.5,
            "pause": 60,
            "changes": 0,
            "between": (),
        }
    ),
)
