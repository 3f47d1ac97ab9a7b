"""survey-kit code: files for those who code open answers, and how far they agree."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from survey_kit.responses.model import Responses
    from survey_kit.study.coding import Round
    from survey_kit.study.settings import StudySettings

STUDY = click.argument("study", type=click.Path(path_type=Path))
JSON = click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")

MOST_FAULTS = 20
"""So many faults of the coders' files are printed; the rest are counted."""


@click.group("code")
def command() -> None:
    """Code open answers: `coding` in study.yaml says which, by whom and with which codes."""


@command.command("start")
@STUDY
@JSON
def start(study: Path, *, as_json: bool) -> None:
    """Write a workbook for each coder, of the answers that are in nobody's file yet."""
    from survey_kit.study import coding

    settings, responses = _answers(study)
    rounds = coding.start(settings, responses)
    if as_json:
        click.echo(json.dumps([_told(each) for each in rounds], ensure_ascii=False, indent=2))
        return
    for each in rounds:
        click.echo(f"{each.stated.question}: {len(each.units):,} answers")
        for path in each.written:
            click.echo(f"  wrote {path.name}")
        if not each.written:
            click.echo("  nothing new: every answer stands in somebody's file")


@command.command("compare")
@STUDY
@JSON
def compare(study: Path, *, as_json: bool) -> int:
    """How far coders agree; what they differ on goes into a workbook to be decided in.

    Leaves with 1 where something waits: answers without a code, differences, faults in files.
    """
    from survey_kit.study import coding

    settings, responses = _answers(study)
    rounds = coding.compare(settings, responses)
    if as_json:
        click.echo(json.dumps([_told(each) for each in rounds], ensure_ascii=False, indent=2))
    else:
        for each in rounds:
            click.echo("\n".join(_lines(each)))
    return int(any(each.settled.open or len(each.faults) for each in rounds))


def _answers(study: Path) -> tuple[StudySettings, Responses]:
    from survey_kit.study.manifest import Record
    from survey_kit.study.prepare import read_and_correct
    from survey_kit.study.settings import read_study

    settings = read_study(study)
    return settings, read_and_correct(settings, Record(), lambda _: None)


def _lines(each: Round) -> list[str]:
    final = each.settled
    lines = [
        (
            f"{each.stated.question}: {len(each.units):,} answers, {len(final.codes):,} coded, "
            f"{len(final.undecided):,} on which coders differ, "
            f"{len(final.open) - len(final.undecided):,} without a code"
        )
    ]
    if each.agreement is None:
        lines.append("  no answer has been coded by two people yet")
    else:
        found = each.agreement
        lines += [
            (
                f"  {found.overall.units:,} answers were coded twice, by {', '.join(found.coders)}: "
                f"the same codes in {100 * found.same:.0f} %; Krippendorff's alpha of the sets "
                f"{found.overall.value:.2f} ({found.overall.low:.2f} to {found.overall.high:.2f})"
            ),
            f"  {'code':<24} {'used':>5} {'agree':>6} {'kappa':>6} {'alpha':>6}  interval",
        ]
        for row in found.codes.itertuples(index=False):
            code, used, _, agree, kappa, alpha, low, high = row
            lines.append(
                f"  {code:<24} {used:>5} {100 * agree:>5.0f}% {_figure(kappa):>6} "
                f"{_figure(alpha):>6}  {_figure(low)} to {_figure(high)}"
            )
    for file, _, unit, what, remedy in each.faults.head(MOST_FAULTS).itertuples(index=False):
        lines.append(f"  {file}, {unit}: {what}. {remedy}")
    if len(each.faults) > MOST_FAULTS:
        lines.append(f"  and {len(each.faults) - MOST_FAULTS} more; --json lists all")
    lines += [f"  wrote {path.name}: decide in it what coders differ on" for path in each.written]
    return lines


def _figure(value: float) -> str:
    """Two decimals; a dash where there is no number, as of kappa with three coders."""
    return f"{value:.2f}" if math.isfinite(value) else "–"


def _told(each: Round) -> dict[str, object]:
    final = each.settled
    found = each.agreement
    return {
        "question": each.stated.question,
        "version": each.frame.version,
        "answers": len(each.units),
        "coded": len(final.codes),
        "undecided": list(final.undecided),
        "without_code": list(final.open),
        "written": [path.name for path in each.written],
        "faults": each.faults.to_dict("records"),
        "agreement": None
        if found is None
        else {
            "units": found.overall.units,
            "coders": list(found.coders),
            "same": found.same,
            "shared": found.shared,
            "alpha": _number(found.overall.value),
            "low": _number(found.overall.low),
            "high": _number(found.overall.high),
            "codes": [
                {name: _number(value) for name, value in row.items()}
                for row in found.codes.to_dict("records")
            ],
        },
    }


def _number(value: object) -> object:
    """JSON has no NaN."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
