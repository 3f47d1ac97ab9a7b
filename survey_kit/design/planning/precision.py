"""How many interviews for a margin, and which margin for a number of interviews.

Both solve one equation. With d the margin, D the design effect, z the normal quantile,

    d² = z² D (1 - n/N) S²/n

where S² is the variance in the population of N: N/(N - 1) p(1 - p) for a share p.
"""

from __future__ import annotations

from math import inf, sqrt

from survey_kit.design.planning import demands
from survey_kit.design.planning.fieldwork import Fieldwork, whole
from survey_kit.design.planning.plan import Plan, percent
from survey_kit.errors import DesignError

COCHRAN = "Cochran 1977, Sampling Techniques, sections 4.4 and 4.6; design effect: Kish 1965"


def sample_size_for_share(
    share: float = 0.5, *, margin: float, fieldwork: Fieldwork, confidence: float = 0.95
) -> Plan:
    """Interviews that estimate a share to within a margin.

    n₀ = z² D p(1 - p)/d² and n = n₀/(1 + (n₀ - 1)/N); Cochran 1977, 4.4.

    Parameters
    ----------
    share
        The share that is expected, above 0 and below 1; 0.5 takes the most interviews.
    margin
        d, half the width of the interval, as a share: 0.05 is five percentage points.
    fieldwork
        How the sample will be drawn and met.
    confidence
        Of the interval.

    Raises
    ------
    DesignError
        If share or confidence is not strictly between 0 and 1, or the margin not between 0
        and 0.5.
    """
    demands.a_share("share", share)
    _check_margin_of_share(margin)
    demands.a_share("confidence", confidence)
    unlimited = (
        (normal(confidence) / margin) ** 2 * fieldwork.design_effect.value * share * (1 - share)
    )
    n = max(2, whole(_in_population(unlimited, fieldwork.population, 1.0)))
    return _plan_of_share(share, n, margin, fieldwork, confidence)


def margin_of_share(
    interviews: int, share: float = 0.5, *, fieldwork: Fieldwork, confidence: float = 0.95
) -> Plan:
    """The margin to within which a number of interviews (in each domain) estimates a share.

    Raises
    ------
    DesignError
        If there are fewer than 2 interviews, or more than there are people; share or
        confidence is not strictly between 0 and 1.
    """
    demands.a_share("share", share)
    _check_interviews(interviews, fieldwork)
    demands.a_share("confidence", confidence)
    population = fieldwork.population or inf
    left = 1.0 if population == inf else (population - interviews) / (population - 1)
    variance = fieldwork.design_effect.value * left * share * (1 - share) / interviews
    margin = normal(confidence) * sqrt(variance)
    return _plan_of_share(share, interviews, margin, fieldwork, confidence)


def sample_size_for_mean(
    deviation: float,
    *,
    margin: float,
    fieldwork: Fieldwork,
    confidence: float = 0.95,
    unit: str = "",
) -> Plan:
    """Interviews that estimate a mean to within a margin.

    n₀ = z² D S²/d² and n = n₀/(1 + n₀/N); Cochran 1977, 4.6.

    Parameters
    ----------
    deviation
        S, the standard deviation between people, in the unit of the answers.
    margin
        d, half the width of the interval, in the same unit.
    unit
        What it is, for the sentence: "litres".

    Raises
    ------
    DesignError
        If deviation or margin is not above 0, or confidence not strictly between 0 and 1.
    """
    demands.above("deviation", deviation, 0)
    demands.above("margin", margin, 0)
    demands.a_share("confidence", confidence)
    scale = normal(confidence) * deviation / margin
    unlimited = scale**2 * fieldwork.design_effect.value
    n = max(2, whole(_in_population(unlimited, fieldwork.population, 0.0)))
    return _plan_of_mean(deviation, n, margin, fieldwork, confidence=confidence, unit=unit)


def margin_of_mean(
    interviews: int,
    deviation: float,
    *,
    fieldwork: Fieldwork,
    confidence: float = 0.95,
    unit: str = "",
) -> Plan:
    """The margin to within which a number of interviews (in each domain) estimates a mean.

    Raises
    ------
    DesignError
        If there are fewer than 2 interviews, or more than there are people; deviation is not
        above 0; confidence is not strictly between 0 and 1.
    """
    demands.above("deviation", deviation, 0)
    _check_interviews(interviews, fieldwork)
    demands.a_share("confidence", confidence)
    left = 1 - interviews / (fieldwork.population or inf)
    variance = fieldwork.design_effect.value * left * deviation**2 / interviews
    margin = normal(confidence) * sqrt(variance)
    return _plan_of_mean(deviation, interviews, margin, fieldwork, confidence=confidence, unit=unit)


def normal(confidence: float) -> float:
    """The normal quantile that leaves (1 - confidence)/2 above it."""
    from scipy.special import ndtri

    return float(ndtri((1 + confidence) / 2))


def _in_population(unlimited: float, population: int | None, less: float) -> float:
    """n₀/(1 + (n₀ - less)/N), and never more than N."""
    if population is None:
        return unlimited
    return min(unlimited / (1 + (unlimited - less) / population), float(population))


def _plan_of_share(
    share: float, n: int, margin: float, fieldwork: Fieldwork, confidence: float
) -> Plan:
    return Plan(
        purpose=f"estimate a share of {percent(share)}",
        groups=(n,),
        each="",
        goal=f"to within ±{margin * 100:.1f} percentage points, with {percent(confidence)} "
        "confidence",
        fieldwork=fieldwork,
        confidence=confidence,
        margin=margin,
        notes=_notes(share, n, fieldwork, confidence),
        formula=COCHRAN,
    )


def _plan_of_mean(
    deviation: float, n: int, margin: float, fieldwork: Fieldwork, *, confidence: float, unit: str
) -> Plan:
    named = f" {unit}" if unit else ""
    return Plan(
        purpose="estimate a mean",
        groups=(n,),
        each="",
        goal=f"to within ±{margin:.4g}{named}, with {percent(confidence)} confidence",
        fieldwork=fieldwork,
        confidence=confidence,
        margin=margin,
        assumed=(f"The standard deviation between people is taken to be {deviation:g}{named}.",),
        notes=few_clusters(n, fieldwork, confidence),
        formula=COCHRAN,
    )


def _notes(share: float, n: int, fieldwork: Fieldwork, confidence: float) -> tuple[str, ...]:
    """Where the normal formula is rough: few would say so, or few clusters."""
    from scipy.stats import beta

    worth = n / fieldwork.design_effect.value
    rarer = min(share, 1 - share)
    few = few_clusters(n, fieldwork, confidence)
    if worth * rarer >= FEW_ANSWERS:
        return few
    tail = (1 - confidence) / 2
    low = float(beta.ppf(tail, worth * share, worth * (1 - share) + 1))
    high = float(beta.ppf(1 - tail, worth * share + 1, worth * (1 - share)))
    which = "would" if share <= 0.5 else "would not"  # noqa: PLR2004 - the rarer answer
    rough = (
        f"Only about {n * rarer:.0f} of them {which} say so: there the formula is rough, and the "
        f"interval to be reported (beta) would run from {low:.1%} to {high:.1%}."
    )
    return (rough, *few)


def few_clusters(n: int, fieldwork: Fieldwork, confidence: float) -> tuple[str, ...]:
    """A note if so few clusters are drawn that Student's t is not the normal."""
    from scipy.special import stdtrit

    clusters = fieldwork.clusters(n)
    if clusters is None or clusters >= FEW_CLUSTERS:
        return ()
    if clusters == 1:
        return ("One cluster leaves no interval: draw at least two in every stratum.",)
    wider = float(stdtrit(clusters - 1, (1 + confidence) / 2)) / normal(confidence) - 1
    inside = " in a domain" if fieldwork.domains > 1 else ""
    said = (
        f"With {clusters} clusters{inside}, Student's t on {clusters - 1} degrees of freedom is "
        f"{wider:.0%} wider than the normal that this rests on."
    )
    return (said,)


def _check_interviews(interviews: int, fieldwork: Fieldwork) -> None:
    demands.a_count("interviews", interviews, 2)
    demands.of_population(interviews, fieldwork.population)


def _check_margin_of_share(margin: float) -> None:
    if 0 < margin < 0.5:  # noqa: PLR2004 - beyond it the interval is everything
        return
    remedy = "Give half the width of the interval, such as 0.05 for five percentage points"
    raise DesignError("margin", f"{margin:g} is not between 0 and 0.5", remedy)


FEW_ANSWERS = 10
"""With fewer answers of the rarer kind (of a simple random sample) the normal is rough."""

FEW_CLUSTERS = 30
"""With fewer clusters Student's t is noticeably wider than the normal."""
