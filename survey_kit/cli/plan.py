"""survey-kit plan: how many people to ask, for a margin or a difference, and the inverse."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from survey_kit.design.design import Sampling

if TYPE_CHECKING:
    from survey_kit.design.planning.fieldwork import Fieldwork
    from survey_kit.design.planning.plan import Plan


@click.command("plan")
@click.option(
    "--sampling",
    type=click.Choice([kind.value for kind in Sampling]),
    required=True,
    help="How people will be chosen; it decides what may be said.",
)
@click.option("--share", type=float, default=0.5, show_default=True, help="The share expected.")
@click.option("--against", type=float, help="A second share, to be told apart from the first.")
@click.option("--margin", type=float, help="Half the width of the interval: 0.05 is 5 points.")
@click.option("--power", type=float, help="How likely the difference is to be found.")
@click.option("--interviews", type=int, help="What so many (in each group or domain) will tell.")
@click.option("--take", type=float, default=1, help="Interviews in each cluster.")
@click.option("--icc", type=float, default=0, help="How alike people of a cluster are.")
@click.option("--weights", type=float, default=0, help="How weights vary: deviation over mean.")
@click.option("--response", type=float, default=1, help="The share who will be found and willing.")
@click.option("--population", type=int, help="How many people there are (in each domain).")
@click.option("--domains", type=int, default=1, help="In how many parts the same is wanted.")
@click.option("--confidence", type=float, default=0.95, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the plan as JSON.")
def command(
    *,
    sampling: str,
    share: float,
    against: float | None,
    margin: float | None,
    power: float | None,
    interviews: int | None,
    take: float,
    icc: float,
    weights: float,
    response: float,
    population: int | None,
    domains: int,
    confidence: float,
    as_json: bool,
) -> None:
    """How many people to ask, and the sentences that say so in a report.

    One of --margin, --power and --interviews says what is given; the plan says the rest. With
    --against it is about the difference of two shares, each of a group of its own.
    """
    from survey_kit.design.planning.effects import design_effect
    from survey_kit.design.planning.fieldwork import Fieldwork

    given = [each for each in (margin, power, interviews) if each is not None]
    if len(given) != 1:
        raise click.UsageError("Give one of --margin, --power and --interviews.")
    if power is not None and against is None:
        raise click.UsageError("--power is about a difference: give --against too.")
    fieldwork = Fieldwork(
        Sampling(sampling),
        effect=design_effect(take=take, icc=icc, weight_variation=weights),
        response=response,
        population=population,
        domains=domains,
    )
    if against is None:
        plan = _of_share(share, margin, interviews, fieldwork, confidence)
    else:
        plan = _of_difference(
            (share, against), margin, power, interviews, fieldwork=fieldwork, confidence=confidence
        )
    if as_json:
        click.echo(json.dumps(_as_data(plan), indent=2, ensure_ascii=False))
    else:
        click.echo(plan.sentence)


def _of_share(
    share: float,
    margin: float | None,
    interviews: int | None,
    fieldwork: Fieldwork,
    confidence: float,
) -> Plan:
    from survey_kit.design.planning.precision import margin_of_share, sample_size_for_share

    if margin is not None:
        return sample_size_for_share(
            share, margin=margin, fieldwork=fieldwork, confidence=confidence
        )
    return margin_of_share(interviews or 0, share, fieldwork=fieldwork, confidence=confidence)


def _of_difference(
    shares: tuple[float, float],
    margin: float | None,
    power: float | None,
    interviews: int | None,
    *,
    fieldwork: Fieldwork,
    confidence: float,
) -> Plan:
    from survey_kit.design.planning import power as verbs
    from survey_kit.design.planning.comparison import Shares

    two = Shares(*shares)
    if margin is not None:
        return verbs.sample_size_for_margin_of_difference(
            two, margin=margin, fieldwork=fieldwork, confidence=confidence
        )
    if power is not None:
        return verbs.sample_size_for_difference(
            two, power=power, fieldwork=fieldwork, confidence=confidence
        )
    return verbs.power_of_difference(
        two, interviews or 0, fieldwork=fieldwork, confidence=confidence
    )


def _as_data(plan: Plan) -> dict[str, object]:
    """The one row of the plan, its sentence and its source; null where nothing applies."""
    row: dict[str, object] = json.loads(plan.frame.to_json(orient="records"))[0]
    return {**row, "sentence": plan.sentence, "formula": plan.formula}
