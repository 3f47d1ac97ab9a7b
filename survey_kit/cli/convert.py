"""survey-kit convert IN OUT: a questionnaire from one format to another."""

from __future__ import annotations

from pathlib import Path

import click

from survey_kit.errors import UsageError

SUFFIXES = (".yaml", ".xlsx", ".xml")


@click.command("convert")
@click.argument("source", metavar="IN", type=click.Path(path_type=Path))
@click.argument("target", metavar="OUT", type=click.Path(path_type=Path))
def command(source: Path, target: Path) -> None:
    """Read a questionnaire (.yaml or .xlsx) and write it as .yaml, .xlsx or .xml (XForm)."""
    from survey_kit.forms.read import read_questionnaire
    from survey_kit.forms.xform import xform
    from survey_kit.forms.xlsform_writer import write_xlsform
    from survey_kit.questionnaire.yaml_file import write_yaml
    from survey_kit.study.place import check_file, writing

    suffix = target.suffix.lower()
    if suffix not in SUFFIXES:
        raise UsageError(
            str(target),
            f"a questionnaire cannot be written as {suffix or 'a file without a suffix'}",
            f"Give OUT one of the suffixes {', '.join(SUFFIXES)}",
        )
    check_file(target)
    questionnaire = read_questionnaire(source)
    with writing(target) as unfinished:
        if suffix == ".yaml":
            write_yaml(questionnaire, unfinished)
        elif suffix == ".xlsx":
            write_xlsform(questionnaire, unfinished)
        else:
            built = xform(questionnaire)
            unfinished.write_text(built.xml, encoding="utf-8")
            for warning in built.warnings:
                click.echo(warning, err=True)
    click.echo(target)
