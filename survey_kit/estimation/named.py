"""Statistics by the words they are asked for with: "mean", "total", "shares"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from survey_kit.collect import collect
from survey_kit.design.drawn import Drawn
from survey_kit.errors import EstimationError
from survey_kit.estimation.statistic import Statistic

SHARES, CASES = "shares", "shares of cases"
ALSO: Mapping[str, str] = {"share": SHARES, "share of cases": CASES}
"""Other words for the same."""
QUANTILE = "Use `sk.quantile(sample, column, 0.5)`."
CORRELATION = "Use `sk.correlations(sample, columns)`."
ELSEWHERE: Mapping[str, str] = {
    "median": QUANTILE,
    "quantile": QUANTILE,
    "percentile": QUANTILE,
    "correlation": CORRELATION,
    "variance": "Use 'covariance' of the column and itself, or `sk.variances(sample, columns)`.",
}


def words() -> tuple[str, ...]:
    """What can be asked for."""
    return (SHARES, CASES, *_statistics())


def statistic_named(what: str | Statistic) -> Statistic | str:
    """The statistic of that name, or `SHARES` or `CASES`, which are of categories.

    Raises
    ------
    EstimationError
        If there is none.
    """
    if isinstance(what, Statistic):
        return what
    if ALSO.get(what, what) in {SHARES, CASES}:
        return ALSO.get(what, what)
    known = _statistics()
    if what not in known:
        raise EstimationError(
            f"estimate {what!r}",
            "there is no such statistic",
            ELSEWHERE.get(what, f"Ask for one of: {', '.join(words())}."),
        )
    return known[what]


def one_column(columns: tuple[str, ...], what: str) -> str:
    """The one column that shares are of."""
    if len(columns) != 1:
        raise EstimationError(
            what,
            f"they are of one column, and {len(columns)} were given",
            f"Name one; options that can be chosen together are {CASES!r}.",
        )
    return columns[0]


def check_groups(sample: Drawn, columns: Sequence[str]) -> None:
    """Refuse a column of groups, or of answers, that has no category at all."""
    for column in columns:
        if not sample.levels(column).names:
            raise EstimationError(
                f"column '{column}'",
                "it has no categories, as nobody has an answer",
                "Check the column.",
            )


def _statistics() -> Mapping[str, Statistic]:
    return collect("survey_kit.estimation.statistics", Statistic)
