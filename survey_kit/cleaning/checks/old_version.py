"""An interview made with an older version of the form when a newer one was in use."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from survey_kit.cleaning.check import Check, Reach, Settings, as_findings, number
from survey_kit.cleaning.interview_parts import moment_column, moments
from survey_kit.cleaning.whole_interview import WholeInterview
from survey_kit.responses.model import Responses


@dataclass(frozen=True, eq=False)
class _Use:
    """When each version was in use.

    version, when
        (n,) of each interview; NaN and NaT where they are not known.
    begun
        By version, oldest first: when it came into use.
    """

    version: pd.Series[Any]
    when: pd.Series[Any]
    begun: pd.Series[Any]


def _use(responses: Responses, settings: Settings) -> _Use | None:
    if "version" not in responses.meta.columns:
        return None
    start = moment_column(responses, "start", "", "")
    source = start or next((c for c in ("start", "submitted") if c in responses.meta.columns), None)
    if source is None:
        return None
    when = moments(responses, source)
    version = responses.meta["version"].where(lambda each: each != "")
    known = version.notna() & when.notna()
    groups = when[known].groupby(version[known])
    taken_up = groups.size() >= number(settings, "least")
    begun = groups.quantile(0.1)[taken_up]
    return _Use(version, when, begun.sort_values())


def _reach(responses: Responses, settings: Settings) -> Reach:
    use = _use(responses, settings)
    if use is None or use.begun.empty:
        return Reach(
            runs=False, note="the file does not say which versions of the form were used when"
        )
    if len(use.begun) == 1:
        return Reach(note="one version of the form was in use")
    dates = ", ".join(f"{name} from {day:%Y-%m-%d}" for name, day in use.begun.items())
    return Reach(note=f"{len(use.begun)} versions of the form: {dates}")


def _find(responses: Responses, settings: Settings) -> pd.DataFrame:
    use = _use(responses, settings)
    if use is None or len(use.begun) < 2:  # noqa: PLR2004 - one version cannot be outdated
        return as_findings(())
    grace = pd.Timedelta(days=number(settings, "days"))
    replaced = dict(zip(use.begun.index[:-1], use.begun.iloc[1:] + grace, strict=True))
    ends = pd.to_datetime(use.version.map(replaced))
    mark = (use.when > ends).to_numpy(dtype=np.bool_)
    following = dict(zip(use.begun.index[:-1], use.begun.index[1:], strict=True))
    what = [
        f"made with version {version}; {following[version]} had come into use"
        for version in use.version[mark]
    ]
    return WholeInterview(responses).marked(mark, what, "Ask for the device to be updated")


OLD_VERSION = Check(
    name="old_version",
    title="An outdated version of the form",
    why=(
        "Interviews are made with the version of the form that is in use. A version comes into use "
        "when the first tenth of its interviews has been held, and replaces the one before `days` "
        "days later; versions with fewer than `least` interviews replace nothing. Devices that were "
        "not updated go on with the old form: what the new one mended is missing."
    ),
    find=_find,
    reach=_reach,
    settings=MappingProxyType({"days": 2, "least": 5}),
)
