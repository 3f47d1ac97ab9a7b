"""What the numbers of a plan must be: each refusal says which, what it is, and what to give."""

from __future__ import annotations

from math import isfinite

from survey_kit.errors import DesignError


def a_share(where: str, value: float) -> None:
    """Refuse what is not strictly between 0 and 1."""
    if 0 < value < 1:
        return
    if 1 <= value <= PER_CENT:
        remedy = f"Write {value:g}% as {value / 100:g}"
        if value in {1, PER_CENT}:
            remedy = "Give a share above 0 and below 1"
    else:
        remedy = "Give a share above 0 and below 1"
    raise DesignError(where, f"{value:g} is not a share strictly between 0 and 1", remedy)


def a_rate(where: str, value: float) -> None:
    """Refuse what is not above 0 and at most 1."""
    if 0 < value <= 1:
        return
    remedy = "Give a share above 0 and at most 1"
    if 1 < value <= PER_CENT:
        remedy = f"Write {value:g}% as {value / 100:g}"
    raise DesignError(where, f"{value:g} is not a share above 0 and at most 1", remedy)


def above(where: str, value: float, limit: float) -> None:
    """Refuse what is not a number above a limit."""
    if not (isfinite(value) and value > limit):
        raise DesignError(
            where, f"{value:g} is not above {limit:g}", f"Give a number above {limit:g}"
        )


def at_least(where: str, value: float, limit: float) -> None:
    """Refuse what is not a number of at least a limit."""
    if not (isfinite(value) and value >= limit):
        raise DesignError(
            where, f"{value:g} is below {limit:g}", f"Give a number of at least {limit:g}"
        )


def a_count(where: str, value: float, least: int) -> None:
    """Refuse what is not a whole number of at least some."""
    if isfinite(value) and value == int(value) and value >= least:
        return
    raise DesignError(
        where,
        f"{value:g} is not a whole number of at least {least}",
        f"Give a whole number from {least} upwards",
    )


def between(where: str, value: float, low: float, high: float) -> None:
    """Refuse what is not between two limits, both allowed."""
    if not low <= value <= high:
        raise DesignError(
            where,
            f"{value:g} is not between {low:.4g} and {high:.4g}",
            f"Give a number from {low:.4g} to {high:.4g}",
        )


def of_population(n: float, population: int | None) -> None:
    """Refuse a sample larger than what it is drawn from."""
    if population is not None and n > population:
        raise DesignError(
            "population",
            f"{n:,.0f} interviews were asked for, and there are {population:,} people",
            "Ask for at most as many, or leave the population out if it is not that of one domain",
        )


PER_CENT = 100
