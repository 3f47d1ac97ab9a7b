"""Draws numbers and days.

Where the calibration is silent, or its numbers are refused again and again, the constraint itself gives
hints: the numbers written in it, and the answers it compares with. So a form that
nobody calibrated still gets answers it accepts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from survey_kit.questionnaire.expression import Negative, Number, Text, walk
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.simulation.likely import cases_that_hold, figure

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from survey_kit.questionnaire.expression import Expression
    from survey_kit.questionnaire.model import Item
    from survey_kit.responses.simulation.calibration import Calibration, Likely, Plan
    from survey_kit.responses.simulation.scope import Scope

    Floats = NDArray[np.float64]
    Positions = NDArray[np.int64]

CALIBRATED_TRIES = 12
"""Tries before the hints of the constraint are followed instead of the calibration."""
USUAL_MEAN = 3.0
DAYS_BACK = 1500
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_PARAMETER = re.compile(r"(start|end|step)\s*=\s*(-?[\d.]+)")


def says_a_number(plan: Plan) -> bool:
    """Whether a calibration says anything of the size of a number or the distance of a day."""
    every = (plan.likely, *(case.likely for case in plan.cases))
    return any(
        likely.shares
        or likely.before is not None
        or any(
            getattr(likely, name) is not None
            for name in ("mean", "spread", "median", "factor", "lowest", "highest", "step")
        )
        for likely in every
    )


class Numbers:
    """Draws numbers, as float; whole ones where the question takes no others."""

    def __init__(self, plan: Plan, scope: Scope, *, whole: bool, item: Item | None) -> None:
        held = cases_that_hold(plan, scope)
        self._figures = {
            name: figure(plan, name, held, len(scope))
            for name in ("mean", "spread", "median", "factor", "lowest", "highest", "step")
        }
        self._whole = whole
        self._follows = _standing(plan.likely.follows, scope)
        self._correlation = plan.likely.correlation or 0.0
        self._weights = _weights_of_numbers(plan, held, len(scope))
        self._hints = _hints(item.question.constraint) if item else []
        self._beside = _numbers_beside(item, scope) if item else []
        parameters = item.question.parameters if item else None
        self._scale = dict(_PARAMETER.findall(parameters or ""))

    @classmethod
    def of_question(cls, item: Item, scope: Scope, calibration: Calibration) -> Numbers:
        """Answers to a question."""
        whole = item.question.type.storage is Storage.INTEGER
        return cls(calibration.plan(item.key), scope, whole=whole, item=item)

    @classmethod
    def of_rows(cls, plan: Plan, scope: Scope) -> Numbers:
        """How many rows of a repeat there are."""
        return cls(plan, scope, whole=True, item=None)

    def draw(self, rows: Positions, attempt: int, rng: np.random.Generator) -> Floats:
        """(len(rows),) numbers."""
        drawn = self._by_hint(rows, attempt, rng)
        if attempt < CALIBRATED_TRIES:
            drawn = self._calibrated(rows, drawn, rng)
        return np.round(drawn) if self._whole else np.round(drawn, 2)

    def _calibrated(self, rows: Positions, otherwise: Floats, rng: np.random.Generator) -> Floats:
        said = {name: figures[rows] for name, figures in self._figures.items()}
        noise = rng.normal(size=len(rows))
        if self._follows is not None:
            own = np.sqrt(1 - self._correlation**2)
            standing = self._follows[rows]
            noise = np.where(np.isnan(standing), noise, self._correlation * standing + own * noise)
        spread = np.where(np.isnan(said["spread"]), np.abs(said["mean"]) / 3, said["spread"])
        factor = np.where(np.isnan(said["factor"]), 1.5, said["factor"])
        skewed = said["median"] * factor**noise
        drawn = np.where(np.isnan(said["mean"]), skewed, said["mean"] + spread * noise)
        drawn = np.where(np.isnan(drawn), otherwise, drawn)
        if self._weights is not None:
            drawn = _weighted(*self._weights, rows, drawn, rng)
        drawn = np.fmin(np.fmax(drawn, said["lowest"]), said["highest"])
        step = said["step"]
        with np.errstate(invalid="ignore"):
            rounded = np.maximum(np.round(drawn / step), 1) * step
        return np.where(np.isnan(step), drawn, rounded)

    def _by_hint(self, rows: Positions, attempt: int, rng: np.random.Generator) -> Floats:
        share = rng.random(len(rows))
        if self._scale:
            start, end = float(self._scale.get("start", 1)), float(self._scale.get("end", 10))
            step = float(self._scale.get("step", 1))
            return start + step * np.floor(share * (np.floor((end - start) / step) + 1))
        hints = self._hints
        ways: list[Floats] = []
        if len(hints) > 1:
            ways.append(min(hints) + share * (max(hints) - min(hints)))
        if hints:
            ends = np.array([[hint - 1, hint, hint + 1] for hint in hints])
            reach = max(10.0, max(hints) - min(hints))
            ways.extend((min(hints) + share * reach, max(hints) - share * reach))
            ways.extend((min(hints) - share * reach, max(hints) + share * reach))
            ways.extend(end[rng.integers(0, len(end), len(rows))] for end in ends.T)
        ways.extend(np.nan_to_num(beside[rows] * share) for beside in self._beside)
        ways.extend(np.nan_to_num(beside[rows] * (1 + share)) for beside in self._beside)
        ways.extend(np.nan_to_num(beside[rows]) for beside in self._beside)
        ways.append(rng.poisson(USUAL_MEAN, len(rows)).astype(np.float64))
        ways.append(np.exp(share * 14) * np.where(rng.random(len(rows)) < 0.1, -1, 1))  # noqa: PLR2004 - one in ten below 0
        return ways[attempt % len(ways)]


class Days:
    """Draws days, as datetime64, the first of the month where only the month is asked."""

    def __init__(
        self, item: Item, scope: Scope, calibration: Calibration, today: NDArray[np.datetime64]
    ) -> None:
        plan = calibration.plan(item.key)
        held = cases_that_hold(plan, scope)
        rows = len(scope)
        self._median = figure(plan, "median", held, rows)
        self._factor = np.nan_to_num(figure(plan, "factor", held, rows), nan=1.8)
        self._before = _days_beside(plan.likely.before, scope) if plan.likely.before else today
        self._today = today
        self._beside = [_days_beside(name, scope) for name in _names_beside(item, scope)]
        self._written = _days_written(item.question.constraint)
        appearance = (item.question.appearance or "").split()
        self._unit = "M" if "month-year" in appearance else "Y" if "year" in appearance else "D"

    def draw(
        self, rows: Positions, attempt: int, rng: np.random.Generator
    ) -> NDArray[np.datetime64]:
        """(len(rows),) days."""
        calibrated = self._median[rows] * self._factor[rows] ** rng.normal(size=len(rows))
        back = np.where(
            np.isnan(calibrated), rng.integers(0, DAYS_BACK, len(rows)), calibrated
        ).astype("timedelta64[D]")
        origin = self._before[rows]
        if attempt >= CALIBRATED_TRIES or (attempt > 1 and np.isnan(calibrated).all()):
            origin, back = self._hinted(rows, attempt, rng)
        days = np.where(np.isnat(origin), self._today[rows], origin) - back
        return days.astype(f"datetime64[{self._unit}]").astype("datetime64[us]")

    def _hinted(
        self, rows: Positions, attempt: int, rng: np.random.Generator
    ) -> tuple[NDArray[np.datetime64], NDArray[np.timedelta64]]:
        origins = [self._today, *self._beside]
        origins.extend(np.full(len(self._today), day) for day in self._written)
        reach = (30, 365, 3650, 30000)[attempt // (2 * len(origins)) % 4]
        sign = 1 if attempt // len(origins) % 2 == 0 else -1
        back = sign * rng.integers(0, reach, len(rows)).astype("timedelta64[D]")
        return origins[attempt % len(origins)][rows], back


def _weights_of_numbers(
    plan: Plan, held: tuple[tuple[Likely, NDArray[np.bool_]], ...], rows: int
) -> tuple[Floats, Floats] | None:
    """The whole numbers that have a weight, and (rows, numbers) their weights."""
    everybody = np.ones(rows, dtype=np.bool_)
    every = [(plan.likely.shares, everybody), *((likely.shares, holds) for likely, holds in held)]
    numbers = sorted({int(code) for shares, _ in every for code in shares})
    if not numbers:
        return None
    place = {number: position for position, number in enumerate(numbers)}
    weights = np.zeros((rows, len(numbers)))
    for shares, holds in every:
        if shares:
            weights[holds] = 0.0
        for code, weight in shares.items():
            weights[holds, place[int(code)]] = weight
    return np.array(numbers, dtype=np.float64), weights


def _standing(name: str | None, scope: Scope) -> Floats | None:
    """(m,) The answers to another question as normal scores of their ranks, NaN where blank.

    A code ranks by its place in its list.
    """
    column = _column_beside(name, scope) if name is not None else None
    if name is None or column is None:
        return None
    item = scope.everything.questionnaire.by_key[name]
    if item.question.type.storage is Storage.CODE:
        choices = scope.everything.questionnaire.choices(item.question)
        place = {choice.code: float(number) for number, choice in enumerate(choices)}
        column = column.map(place).astype(np.float64)
    ranks = column.rank().to_numpy(dtype=np.float64)
    from scipy.special import ndtri

    return ndtri(ranks / (column.notna().sum() + 1))


def _weighted(
    numbers: Floats, weights: Floats, rows: Positions, otherwise: Floats, rng: np.random.Generator
) -> Floats:
    sums = weights[rows].cumsum(axis=1)
    position = (sums <= (rng.random(len(rows)) * sums[:, -1])[:, np.newaxis]).sum(axis=1)
    drawn = numbers[np.minimum(position, len(numbers) - 1)]
    return np.where(sums[:, -1] > 0, drawn, otherwise)


def _hints(constraint: Expression | None) -> list[float]:
    """The numbers written in a constraint."""
    if constraint is None:
        return []
    found: set[float] = set()
    for node in walk(constraint.tree):
        match node:
            case Negative(Number(value)):
                found.add(-value)
            case Number(value):
                found.add(value)
            case _:
                pass
    return sorted(found)


def _names_beside(item: Item, scope: Scope) -> list[str]:
    constraint = item.question.constraint
    names = constraint.answers if constraint else ()
    return [name for name in names if name in scope.everything.questionnaire.by_key]


def _column_beside(name: str, scope: Scope) -> pd.Series | None:
    """The answers to another question, one for each row of the scope; None if out of reach."""
    if name in scope.frame:
        return scope.frame[name]
    whole = scope.everything.unfinished.frame
    return whole[name].iloc[scope.interviews] if name in whole else None


def _numbers_beside(item: Item, scope: Scope) -> list[Floats]:
    columns = (_column_beside(name, scope) for name in _names_beside(item, scope))
    return [
        column.to_numpy() for column in columns if column is not None and column.dtype == np.float64
    ]


def _days_beside(name: str, scope: Scope) -> NDArray[np.datetime64]:
    column = _column_beside(name, scope)
    if column is None or column.dtype.kind != "M":
        return np.full(len(scope), np.datetime64("NaT", "D"))
    return column.to_numpy().astype("datetime64[D]")


def _days_written(constraint: Expression | None) -> list[np.datetime64]:
    if constraint is None:
        return []
    texts = (node.value for node in walk(constraint.tree) if isinstance(node, Text))
    return [np.datetime64(text, "D") for text in texts if _DAY.fullmatch(text)]
