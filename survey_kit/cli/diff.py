"""survey-kit diff OLD NEW: what changed between two versions, and what it does to data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from survey_kit.questionnaire.model import Questionnaire


@click.command("diff")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--only", type=click.Choice(["breaking", "compatible", "cosmetic"]), multiple=True)
@click.option("--json", "as_json", is_flag=True, help="Print the changes as JSON.")
@click.option(
    "--markdown",
    type=click.Path(path_type=Path, allow_dash=True),
    help="Write a report for a review to this file; - prints it.",
)
def command(
    old: Path, new: Path, only: tuple[str, ...], as_json: bool, markdown: Path | None
) -> int:
    """What changed from OLD to NEW, question by question. Exit code 1 if anything breaks.

    OLD and NEW are questionnaires (.yaml or .xlsx) or folders of studies. BREAKING: data
    collected under OLD can no longer be read or pooled. COMPATIBLE: they can; know of it when
    you compare. COSMETIC: no answer could come out otherwise.
    """
    from survey_kit.study.place import check_file, check_not_read, writing
    from survey_kit.versions.change import Severity
    from survey_kit.versions.compare import compare
    from survey_kit.versions.report import as_data, as_markdown, as_text

    on_screen = markdown is not None and str(markdown) == "-"
    if markdown is not None and not on_screen:
        check_file(markdown)
        check_not_read(markdown, old, new)
    questionnaires = [_read(each) for each in (old, new)]
    for each in questionnaires:
        for fault in each.not_understood:
            click.echo(f"compared as it is written: {fault}", err=True)
    changes = compare(*questionnaires)
    severities = [each for each in Severity if not only or each.value in only]
    if markdown is not None:
        report = "\n".join(as_markdown(changes, severities)) + "\n"
        if on_screen:
            click.echo(report, nl=False)
        else:
            with writing(markdown) as unfinished:
                unfinished.write_text(report, encoding="utf-8")
    if as_json:
        click.echo(json.dumps(as_data(changes, severities), indent=2, ensure_ascii=False))
    elif not on_screen:
        for line in as_text(changes, severities):
            click.echo(line)
    return 1 if changes.breaking else 0


def _read(path: Path) -> Questionnaire:
    """The questionnaire at a path, or that of the study in a folder."""
    from survey_kit.forms.read import read_as_far_as_understood
    from survey_kit.study.settings import read_study

    if path.is_dir() or path.name == "study.yaml":
        return read_as_far_as_understood(read_study(path).questionnaire)
    return read_as_far_as_understood(path)
