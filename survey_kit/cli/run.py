"""survey-kit run STUDY: the whole life, in order."""

from __future__ import annotations

import json
import os
import shlex
import sys
from pathlib import Path

import click


@click.command("run")
@click.argument("study", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the results [build/NAME].")
@click.option("--json", "as_json", is_flag=True, help="Print the manifest instead of the summary.")
@click.option("--quiet", is_flag=True, help="No progress bar.")
def command(study: Path, out: Path | None, as_json: bool, quiet: bool) -> None:
    """The whole life of a study: forms, checks, corrections, weights, tables, findings."""
    from survey_kit.study.life import STEPS, live
    from survey_kit.study.settings import read_study

    settings = read_study(study)
    folder = out or Path("build") / settings.name
    with click.progressbar(
        STEPS,
        label=settings.name,
        file=sys.stderr,
        item_show_func=lambda step: str(step) if step else "",
        hidden=quiet,
    ) as bar:
        result = live(settings, folder, progress=lambda step: bar.update(1, step))
    if as_json:
        click.echo(json.dumps(result.manifest, indent=2, ensure_ascii=False))
        return
    click.echo(result.summary)
    door = os.environ.get("SURVEY_KIT_COMMAND", "survey-kit")
    click.echo(f"\nTo look around:  {door} explore {shlex.quote(str(study))}")
